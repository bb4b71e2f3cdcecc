"""The districts of both worlds over time, on a map."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import solara

from experiments.city import measures
from experiments.city.boundaries import MOST_BYTES, Boundaries, area, center, read_boundaries
from experiments.city.history import GROUPS, CityHistory, run_districts
from experiments.exhibits import Exhibit, Look, district_map
from experiments.exhibits.districts import layout_note, tiles_of
from experiments.exhibits.marks import calendar_marks
from experiments.exhibits.words import capitalized, origin, pairs_of, unit_of_difference
from experiments.language import Language
from experiments.storage import provenance
from experiments.storage.monthly import first_difference
from simulation.errors import InputError
from simulation.outcomes import IMMIGRANT
from simulation.place import Place
from simulation.randomness import replicate_seed

from ..components import Button, Details, LiveFigure, Select, Text, Upload
from ..components.files import unanswered
from ..components.parts import parts
from ..notice import Notice
from .answers import Trouble, use_answer

WORLDS = ("a", "b", "difference")
PAIRS = ("10", "1", "30")
WINDOWS = tuple(map(str, reversed(measures.WINDOWS)))
REDRAW_SECONDS = 1.0
TILE, GAP = 100, 5
DIGITS = 7
LETTERS = 27
"""Most height of what is written into a tile; a real district is narrower than it is large."""
ARRESTS = "arrest_rate"
"""The one measure of the map that is no outcome."""


@solara.component
def CityMap(session):
    """Choose what the map shows, and show it."""
    lang, question = session.lang, session.asked.value or session.question.value
    wanted = int(session.choose("city_pairs", PAIRS))
    answer = use_answer(lambda away: histories(session, question, wanted, away), (question, wanted))
    with solara.Div(classes=["sided"]):
        with solara.Div(classes=["asked"]):
            Chosen(session)
        with solara.Div():
            if answer.refused is not None:
                Trouble(session, answer)
            if answer.value is None:
                Text(lang.t("city.first"), "p", "awaited")
            else:
                Districts(session, answer.value, answer.is_whole and answer.key == (question, wanted), wanted)


@solara.component
def Chosen(session):
    """Controls of the map."""
    lang, measure = session.lang, measure_of(session)
    with solara.Div(classes=["columns", "choices"]):
        options = {name: capitalized(label_of(lang, name)) for name in measures.MEASURES}
        Select(
            lang.t("city.measure"), measure, options, lambda name: session.show("city_measure", name),
            hint=meaning_of(lang, measure),
        )  # fmt: skip
        options = {name: capitalized(lang.group(name)) for name in GROUPS}
        Select(lang.t("city.group"), group_of(session), options, lambda name: session.show("city_group", name))
        if measures.MEASURES[measure].part in measures.COUNTS:
            options = {name: lang.t(f"city.window.{name}") for name in WINDOWS}
            Select(
                lang.t("city.window_label"), window_of(session), options,
                lambda name: session.show("city_window", name), hint=lang.t("city.window_hint"),
            )  # fmt: skip
        options = {name: pairs_of(lang, int(name)) for name in sorted(PAIRS, key=int)}
        Select(
            lang.t("city.pairs"), session.choose("city_pairs", PAIRS), options,
            lambda name: session.show("city_pairs", name), hint=lang.t("city.pairs_hint"),
        )  # fmt: skip


@solara.component
def Districts(session, history: CityHistory, is_whole: bool, wanted: int):
    """The map, its timeline, one district's numbers, and files."""
    lang, place = session.lang, history.place
    measure, world, group, window = measure_of(session), world_of(session), group_of(session), window_of(session)
    boundaries, set_boundaries = solara.use_state(None)
    refused, set_refused = solara.use_state(None)
    figure, set_figure = solara.use_state(None)
    drawing = boundaries[1] if boundaries and boundaries[0] == place.fingerprint else None

    shapes = solara.use_memo(lambda: tile_shapes(place) if drawing is None else drawn_shapes(place, drawing),
                             [place.fingerprint, drawing])  # fmt: skip
    view = solara.use_memo(lambda: measures.view(history, measure, group, int(window)),
                           [history, measure, group, window])  # fmt: skip
    numbers = solara.use_memo(lambda: plain(view, measures.MEASURES[measure]), [view])
    marks = solara.use_memo(lambda: timeline(history, lang), [history.a, history.b, lang])
    months = [str(date)[:7] for date in history.dates]
    done = len(history.replicates)

    def give(file: dict) -> None:
        try:
            set_boundaries((place.fingerprint, read_boundaries(str(file["text"]).encode(), place)))
            set_refused(None)
        except InputError as error:
            set_refused(Notice.of("city.refused", file=str(file["name"])[:60], reason=error))

    _Map(
        worlds=[
            {
                "value": each,
                "label": lang.t(f"city.world.{each}"),
                "title": title_of(lang, measure, group, each),
                "unit": unit_of(lang, measure, each),
            }
            for each in WORLDS
        ],
        shapes=shapes["shapes"],
        size=shapes["size"],
        months=months,
        dates=[lang.date(date.item()) for date in history.dates],
        month=session.shown.value.get("city_month", months[-1]),
        **numbers,
        world=world,
        decimals=measures.MEASURES[measure].decimals,
        difference_decimals=measures.MEASURES[measure].difference_decimals,
        locale=lang.t("language.locale").replace("_", "-"),
        palette=session.look.palette._asdict(),
        marks=marks["marks"],
        apart=marks["apart"],
        residents=history.residents[GROUPS.index(group)].tolist(),
        cases_are=lang.t(f"city.cases.{measures.MEASURES[measure].whole}"),
        caption=f"{layout_note(lang, place, drawing)} {caption(history, lang, measure, window)}",
        progress="" if is_whole or done >= wanted else lang.t("city.growing", done=done, wanted=wanted),
        words=map_words(lang),
        still=session.screen.value.still,
        components=parts("data-table", "time-player"),
        event_settle=lambda month: month in months and session.show("city_month", month),
        event_choose_world=lambda name: name in WORLDS and session.show("city_world", name),
        event_draw=lambda month: month in months and set_figure(months.index(month)),
    )
    with solara.Div():  # always there, so that what follows keeps its place
        if figure is not None and figure < len(months):
            LiveFigure(
                session, "district_map",
                lambda pair, look: exhibit(history, look, view, (measure, group, world, window), figure, drawing),
                measure, group, world, window, figure, history.replicates, history.a.fingerprint, history.b.fingerprint,
                drawing,
            )  # fmt: skip
    with Details(lang.t("city.boundaries")):
        Text(lang.t("city.boundaries_about", place=place.title))
        Upload(
            label=lang.t("city.boundaries_file"), accept=".json,.geojson", most_bytes=MOST_BYTES,
            refusal=lang.t("city.too_large", most=lang.n(MOST_BYTES, 0)), event_give=give,
        )  # fmt: skip
        if refused:
            Text(refused.told(lang), "p", "wrong")
        if drawing is not None:
            Text(lang.t("city.boundaries_shown", property=drawing.property), "p")
            Button(label=lang.t("city.tiles"), event_click=lambda *_: set_boundaries(None))


@solara.component_vue("city_map.vue")
def _Map(
    worlds=(), shapes=(), size=(), months=(), dates=(), month="", a=None, b=None, difference=None, limits=None,
    world="a", decimals=1, difference_decimals=1, locale="en-US", palette=None, marks=(), apart=None, residents=(),
    cases_are="", caption="", progress="", words=None, still=False, event_settle: Callable = unanswered,
    event_choose_world: Callable = unanswered, event_draw: Callable = unanswered,
):  # fmt: skip
    """See `Districts`."""


def histories(session, question, wanted: int, turned_away: Callable[[], bool]) -> Iterator[CityHistory]:
    """Yield the districts of more and more pairs of worlds, from the first on."""
    a, b = question.scenarios(session.limits)
    root_seed = question.settings.root_seed
    seeds = [replicate_seed(root_seed, number) for number in range(1, wanted + 1)]
    runs: dict[int, tuple] = {}
    drawn = 0.0
    for position, found in session.worlds.run_pairs((a, b), seeds, turned_away, run_districts):
        if isinstance(found, Exception):
            raise found
        runs[position + 1] = found
        first = next(number for number in range(1, wanted + 2) if number not in runs) - 1
        if first and (time.monotonic() - drawn > REDRAW_SECONDS or first == wanted):
            drawn = time.monotonic()
            yield CityHistory(a, b, root_seed, tuple(range(1, first + 1)), tuple(runs[n] for n in range(1, first + 1)))


def measure_of(session) -> str:
    """Return the measure that the map shows."""
    return session.choose("city_measure", ("reporting_rate", *measures.MEASURES))


def world_of(session) -> str:
    """Return what the map shows: a world, or the difference."""
    return session.choose("city_world", WORLDS)


def group_of(session) -> str:
    """Return whose numbers the map shows."""
    return session.choose("city_group", (IMMIGRANT, *GROUPS))


def window_of(session) -> str:
    """Return over how many months crimes and arrests are counted."""
    return session.choose("city_window", WINDOWS)


def label_of(lang: Language, measure: str) -> str:
    """Return what a measure is called."""
    return lang.t("city.arrest_rate.label") if measure == ARRESTS else lang.outcome(measure).label


def meaning_of(lang: Language, measure: str) -> str:
    """Return what a measure means, with its unit."""
    if measure == ARRESTS:
        return lang.t("city.arrest_rate.meaning")
    words = lang.outcome(measure)
    return lang.t("city.measured", meaning=words.meaning, unit=words.unit)


def unit_of(lang: Language, measure: str, world: str) -> str:
    """Return the unit of what the map shows."""
    if measure == ARRESTS:
        return lang.t("city.arrest_rate.unit")
    return unit_of_difference(lang, measure) if world == "difference" else lang.outcome(measure).unit


def title_of(lang: Language, measure: str, group: str, world: str) -> str:
    """Return what the map shows, in words."""
    return lang.t(f"city.title_of.{world}", measure=capitalized(label_of(lang, measure)), group=lang.group(group))


def caption(history: CityHistory, lang: Language, measure: str, window: str) -> str:
    """Return where the numbers of the map come from, and what they are not."""
    is_count = measures.MEASURES[measure].part in measures.COUNTS
    runs = lang.t("exhibits.from", pairs=pairs_of(lang, len(history.replicates)), seed=history.root_seed)
    notes = [lang.t("city.note.window", window=lang.t(f"city.window.{window}"))] if is_count else []
    notes.append(lang.t("city.note.each"))
    return origin(history, lang, provenance.version_text(), runs, *notes)


def map_words(lang: Language) -> dict[str, str]:
    """Return the texts of the map; what the browser fills in stands in braces."""
    keys = (
        "date", "play", "pause", "back", "next", "first_date", "apart", "speed", "slow", "fast", "district",
        "none_chosen", "interval", "reading", "value", "too_few", "uncertain", "noise", "identical", "no_interval",
        "higher", "lower", "legend_few", "legend_uncertain", "legend_noise", "legend_identical", "legend_no_interval",
        "legend_higher", "legend_lower", "nothing", "over_time", "draw", "calendar", "difference", "a", "b", "name",
        "closer", "world",
    )  # fmt: skip
    filled = {
        "residents": ("n",), "range": ("low", "high"), "rests_on": ("n", "m", "what"),
        "extremes": ("low", "lowest", "high", "highest"), "verdicts": ("higher", "lower", "noise", "identical"),
    }  # fmt: skip
    words = {key: lang.t(f"city.map.{key}") for key in keys} | {"table": lang.t("shell.table")}
    return words | {key: open_text(lang, f"city.map.{key}", names) for key, names in filled.items()}


def open_text(lang: Language, key: str, names: Iterable[str]) -> str:
    """Return a text whose values the browser fills in."""
    return lang.t(key, **{name: f"{{{name}}}" for name in names})


def plain(view: measures.View, measure: measures.Measure) -> dict[str, Any]:
    """Return a view as the browser takes it: numbers by month and district, and the limits of the color scales."""
    worlds = {name: _plain(estimate) for name, estimate in zip(("a", "b", "difference"), view)}
    # What is written as zero is no difference to a reader.
    written = np.round(np.abs(view.difference.value), measure.difference_decimals)
    verdict = view.difference.verdict
    clear = np.isin(verdict, (measures.Verdict.HIGHER, measures.Verdict.LOWER)) & ~(written == 0)
    is_close = np.isin(verdict, (measures.Verdict.HIGHER, measures.Verdict.LOWER)) & ~clear
    worlds["difference"]["verdict"] = np.where(is_close, measures.Verdict.NOISE, verdict).astype(int).tolist()
    levels = np.concatenate([view.a.value[view.a.certainty == 0], view.b.value[view.b.certainty == 0]])
    told = view.difference.value[clear]
    reach = float(np.max(np.abs(told))) if told.size else float(np.nanmax(np.abs(view.difference.value), initial=0.0))
    low, high = (float(levels.min()), float(levels.max())) if levels.size else (0.0, 1.0)
    return {**worlds, "limits": {"level": [low, high], "difference": [-reach, reach]}}


def _plain(estimate: measures.Estimate) -> dict[str, list]:
    def numbers(values):
        rounded = np.round(values, DIGITS)  # more than are written, so that the browser rounds as Python does
        return np.where(np.isfinite(rounded), rounded, None).tolist()

    return {
        "value": numbers(estimate.value),
        "lower": numbers(estimate.lower),
        "upper": numbers(estimate.upper),
        "cases": estimate.cases.astype(int).tolist(),
        "certainty": estimate.certainty.astype(int).tolist(),
        "verdict": estimate.verdict.astype(int).tolist(),
    }


def tile_shapes(place: Place) -> dict[str, Any]:
    """Return the districts as tiles."""
    tiles = tiles_of(place)
    side = TILE - GAP
    shapes = [
        {"id": district.id, "name": district.name, "x": column * TILE + side / 2, "y": row * TILE + side / 2,
         "room": side, "letters": LETTERS, "path": f"M{column * TILE} {row * TILE}h{side}v{side}h-{side}z"}
        for district in place.districts for column, row in [tiles[district.id]]
    ]  # fmt: skip
    columns, rows = (max(each) + 1 for each in zip(*tiles.values()))
    return {"shapes": shapes, "size": [columns * TILE - GAP, rows * TILE - GAP]}


def drawn_shapes(place: Place, boundaries: Boundaries) -> dict[str, Any]:
    """Return the districts in their real boundaries, seven tiles wide."""
    scale = 7 * TILE / boundaries.width
    shapes = []
    for district, rings in zip(place.districts, boundaries.rings):
        outlines = [np.asarray(ring) * scale for ring in rings]
        largest = max(outlines, key=area)
        x, y = center(largest)
        path = "".join("M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in ring) + "z" for ring in outlines)
        room = float(np.sqrt(area(largest)))
        place_of = {"id": district.id, "name": district.name, "x": float(x), "y": float(y)}
        shapes.append({**place_of, "room": room, "letters": 0.7 * LETTERS, "path": path})
    return {"shapes": shapes, "size": [7 * TILE, boundaries.height * scale]}


def timeline(history: CityHistory, lang: Language) -> dict[str, Any]:
    """Return the days of both calendars as positions among the months, and the one from which the worlds differ."""
    start = np.datetime64(history.a.start, "D")

    def position(day) -> int:
        """Return the first month at whose end the day has come."""
        return int(np.searchsorted(history.ends, (np.datetime64(day, "D") - start).astype(int), "right"))

    found = calendar_marks(history, lang)
    marks = [{"at": position(mark.day), "date": lang.date(mark.day), "text": capitalized(mark.text)} for mark in found]
    apart = first_difference(history.a, history.b)
    if apart is None:
        apart = next((mark.day for mark in found if len(mark.worlds) == 1), None)
    last = len(history.ends) - 1
    return {
        "marks": [mark for mark in marks if mark["at"] <= last],
        "apart": None if apart is None else min(position(apart), last),
    }


def exhibit(history: CityHistory, look: Look, view: measures.View, chosen, month: int, boundaries) -> Exhibit:
    """Return the map of one month as an exhibit."""
    lang, (measure, group, world, window) = look.language, chosen
    estimate = getattr(view, world)
    told = estimate.value[month]
    if world == "difference":
        told = np.where(estimate.verdict[month] == measures.Verdict.NOISE, 0.0, told)
    values = dict(zip((district.id for district in history.place.districts), told.tolist()))
    declared = measures.MEASURES[measure]
    date = lang.date(history.dates[month].item())
    title = lang.t("city.figure", title=title_of(lang, measure, group, world), date=date)
    notes = f"{lang.t('city.note.noise')} " if world == "difference" else ""
    return district_map(
        history.place, values, look, title, unit_of(lang, measure, world),
        caption=notes + caption(history, lang, measure, window),
        decimals=declared.difference_decimals if world == "difference" else declared.decimals,
        is_difference=world == "difference",
        boundaries=boundaries,
        name=f"city-{measure.replace('_', '-')}-{world}-{str(history.dates[month])[:7]}",
    )  # fmt: skip
