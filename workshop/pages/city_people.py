"""One world as some of its residents go through it, and the history of one of them in both worlds."""

import base64
import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import solara

from experiments.city.people import MARKS, LiveWorld, live_world
from experiments.exhibits.districts import tiles_of
from experiments.exhibits.spreadsheet import spreadsheet
from experiments.exhibits.words import capitalized, origin, with_unit, world_labels
from experiments.language import Language
from experiments.storage import provenance
from experiments.storage.monthly import first_difference
from simulation.place import Place
from simulation.randomness import replicate_seed
from simulation.scenario import Scenario
from simulation.vocabulary import Community

from ..components import Check, Choice, Select, Text
from ..components.files import deliver, unanswered
from ..components.parts import parts
from .answers import PAIRS, PairPicker, Trouble, use_answer
from .city_map import TILE, open_text
from .city_resident import CityResident

WORLDS = ("a", "b")
STATES = ("dread", "trust")
STEPS = {"week": 7, "day": 1}
LEVELS, AWAY = 250, 255
"""Steps of the color scale, and the code of somebody who is not there."""


@solara.component
def CityPeople(session):
    """Choose a world and what its residents are colored by; then one resident."""
    lang, question = session.lang, session.asked.value or session.question.value
    world, state = session.choose("live_world", WORLDS), session.choose("live_state", STATES)
    step = session.choose("live_step", STEPS)
    with_ties, set_ties = solara.use_state(True)
    pair = session.choose("pair", PAIRS)
    key = (question, pair, world, step)
    answer = use_answer(lambda away: runs(session, question, pair, world, STEPS[step]), key)
    Text(lang.t("city.people.lead"))
    with solara.Div(classes=["columns", "choices"]):
        for name, value, options in (
            ("live_world", world, WORLDS),
            ("live_state", state, STATES),
            ("live_step", step, STEPS),
        ):
            words = {each: lang.t(f"city.people.{name}.{each}") for each in options}
            Choice(
                lang.t(f"city.people.{name}.label"), value, words, lambda chosen, name=name: session.show(name, chosen)
            )
        PairPicker(session)
        Check(label=lang.t("city.people.ties"), value=with_ties, event_change=set_ties)
    if answer.refused is not None:
        Trouble(session, answer)
    if answer.value is None:
        Text(lang.t("city.first"), "p", "awaited")
        return
    Live(session, *answer.value, state, with_ties)


@solara.component
def Live(session, scenarios: tuple[Scenario, Scenario], world: str, live: LiveWorld, state: str, with_ties: bool):
    """The residents of one world, day by day, and the one that is looked at."""
    lang = session.lang
    place = Place.load(scenarios[0].place)
    scene = solara.use_memo(lambda: laid_out(place, live), [live])
    film = solara.use_memo(lambda: frames(live, state), [live, state])
    told = solara.use_memo(lambda: happened(live, scenarios[0], lang), [live, lang])
    rows = live.sample.rows.tolist()
    chosen = session.shown.value.get("city_row", "")
    row = int(chosen) if chosen.isdigit() and len(chosen) < 10 else None
    apart = first_difference(*scenarios)
    days = None if apart is None else (apart - scenarios[0].start).days
    file, set_file = solara.use_state(None)
    words, told_by = live_words(lang, state), caption(scenarios, live, world, session, lang)

    def give(frame: int) -> None:
        if 0 <= frame < len(live.days):
            table = day_table(live, frame, state, place, words)
            name = f"residents-{scenarios[0].start + timedelta(days=int(live.days[frame]))}.csv"
            deliver(lambda: (name, spreadsheet(table, lang, told_by)), set_file)

    _Live(
        title=lang.t("city.people.title", world=world_labels(Both(scenarios), lang)["ab".index(world)]),
        tiles=scene["tiles"], size=scene["size"], dots=scene["dots"], ties=scene["ties"] if with_ties else [],
        **film, **told,
        people_are=named_rows(live, place, lang),
        apart=None if days is None else int(np.searchsorted(live.days, days)),
        chosen=rows.index(row) if row in rows else -1,
        locale=lang.t("language.locale").replace("_", "-"),
        decimals={"trust": 1, "dread": 2}[state],
        unit=capitalized(lang.t("city.people.unit", measure=lang.outcome(state).label, unit=lang.outcome(state).unit)),
        palette=session.look.palette._asdict(),
        caption=told_by,
        words=words,
        file=file,
        still=session.screen.value.still,
        components=parts("data-table", "file-taker", "time-player"),
        event_download=lambda frame: give(int(frame)),
        event_inspect=lambda dot: session.show("city_row", str(rows[int(dot)])),
    )  # fmt: skip
    Text(lang.t("city.life.heading"), "h2")
    Select(
        lang.t("city.people.resident"), "" if row is None else str(row), named(live, place, lang, row),
        lambda value: session.show("city_row", value), hint=lang.t("city.people.resident_hint"),
    )  # fmt: skip
    CityResident(session, row)


class Both:
    """Two scenarios, as captions read them."""

    def __init__(self, scenarios: tuple[Scenario, Scenario]):
        self.a, self.b = scenarios


@solara.component_vue("city_live.vue")
def _Live(
    title="", tiles=(), size=(), dots=(), ties=(), film="", low=0.0, high=1.0, people_are=(), means=(), gone=(),
    dates=(), counted=(), marks=(), apart=None, chosen=-1, locale="en-US", decimals=1, unit="", palette=None,
    caption="", words=None, still=False, file=None, event_inspect: Callable = unanswered,
    event_download: Callable = unanswered,
):  # fmt: skip
    """See `Live`."""


def runs(session, question, pair: str, world: str, step: int) -> Iterator[tuple]:
    """Yield the world that is looked at, of one pair."""
    scenarios = question.scenarios(session.limits)
    seed = replicate_seed(question.settings.root_seed, int(pair))
    yield scenarios, world, session.worlds.ask(live_world, scenarios["ab".index(world)], seed, step)


def laid_out(place: Place, live: LiveWorld) -> dict[str, Any]:
    """Return the tiles, everybody's place in them, and the lines between those who know each other."""
    tiles = tiles_of(place)
    spots = [tiles[district.id] for district in place.districts]
    inside = Counter(live.sample.districts.tolist())
    taken: Counter = Counter()
    dots = []
    for district, community in zip(live.sample.districts.tolist(), live.communities.tolist()):
        across = math.ceil(math.sqrt(inside[district]))
        column, line = taken[district] % across, taken[district] // across
        taken[district] += 1
        x, y = (spots[district][axis] * TILE + 4 for axis in (0, 1))
        gap = (TILE - 14) / across
        # Rows are shifted against each other, so that ties along a row or column do not hide behind dots.
        shift = 0.22 * gap * (1 if line % 2 else -1)
        up = (TILE - 24) / across
        dots.append([round(x + gap * (column + 0.5) + shift, 1), round(y + 14 + up * (line + 0.5), 1), community > 0])
    columns, rows = (max(each) + 1 for each in zip(*spots))
    return {
        "tiles": [[x * TILE, y * TILE, TILE - 5, district.id, district.name]
                  for (x, y), district in zip(spots, place.districts)],
        "size": [columns * TILE - 5, rows * TILE - 5],
        "dots": dots,
        "ties": live.sample.ties.tolist(),
    }  # fmt: skip


def frames(live: LiveWorld, state: str) -> dict[str, Any]:
    """Return everybody's color on every day shown, as one byte each, and the mean of those who are there."""
    values, is_immigrant = getattr(live, state), live.communities != Community.NO_IMMIGRANT_TIES
    low, high = np.quantile(values, (0.01, 0.99))
    if state == "dread":  # the rest have nothing to dread, and few have much
        low, high = 0.0, max(0.05, np.quantile(values[:, is_immigrant], 0.99) if is_immigrant.any() else 0.0)
    levels = np.clip(np.rint((values - low) / max(high - low, 1e-9) * LEVELS), 0, LEVELS).astype(np.uint8)
    levels[live.away] = AWAY
    here = ~live.away
    means = (values * here).sum(axis=1) / np.maximum(here.sum(axis=1), 1)
    return {
        "film": base64.b64encode(levels.tobytes()).decode(),
        "low": float(low),
        "high": float(high),
        "means": means.round(4).tolist(),
        "gone": live.away.sum(axis=1).tolist(),
    }


def happened(live: LiveWorld, scenario: Scenario, lang: Language) -> dict[str, Any]:
    """Return dates, what happened in the whole city since the day shown before, and to whom of the sample."""
    start = np.datetime64(scenario.start, "D")
    frame = np.searchsorted(live.days, live.marks[:, 0], "right")
    return {
        "dates": [lang.date((start + int(day)).item()) for day in live.days],
        "counted": live.events.tolist(),
        "marks": np.column_stack([frame, live.marks[:, 1:]]).tolist(),
    }


def named_rows(live: LiveWorld, place: Place, lang: Language) -> list[list[str]]:
    """Return who each resident shown is: number, district, community."""
    districts = [f"{district.id}, {district.name}" for district in place.districts]
    return [
        [lang.n(int(row), 0), districts[district], lang.t(f"stories.community.{Community(community).label}")]
        for row, district, community in zip(live.sample.rows, live.sample.districts, live.communities)
    ]


def day_table(live: LiveWorld, frame: int, state: str, place: Place, words: dict[str, str]) -> pd.DataFrame:
    """Return who is shown on a day, what they feel, and what happened to them since the day shown before."""
    began = live.days[frame - 1] if frame else 0
    met: dict[int, list[str]] = {}
    for _, person, kind in live.marks[(live.marks[:, 0] >= began) & (live.marks[:, 0] < live.days[frame])].tolist():
        met.setdefault(person, []).append(words[f"mark_{kind}"])
    for person in np.flatnonzero(live.away[frame]).tolist():
        met.setdefault(person, []).append(words["away"])
    felt = np.where(live.away[frame], np.nan, getattr(live, state)[frame])
    places = [f"{district.id}, {district.name}" for district in place.districts]
    return pd.DataFrame({
        words["resident"]: live.sample.rows,
        words["district"]: [places[each] for each in live.sample.districts],
        words["community"]: [words[Community(each).label] for each in live.communities],
        words["state"]: felt,
        words["events"]: ["; ".join(met.get(person, ())) for person in range(len(live.sample.rows))],
    })  # fmt: skip


def named(live: LiveWorld, place: Place, lang: Language, row: int | None) -> list[tuple[str, dict[str, str]]]:
    """Return the residents by district, those to whom most happened first, and the one looked at who is not shown."""
    counts = Counter(live.marks[:, 1].tolist())
    first = {"": lang.t("city.people.nobody")}
    if row is not None and row not in live.sample.rows:
        first[str(row)] = lang.t("city.people.not_shown", row=lang.n(row, 0))
    listed: list[tuple[str, dict[str, str]]] = [("", first)]
    for position, district in enumerate(place.districts):
        mine = sorted(np.flatnonzero(live.sample.districts == position).tolist(), key=lambda i: (-counts[i], i))
        options = {
            str(live.sample.rows[i]): lang.t(
                "city.people.option",
                row=lang.n(int(live.sample.rows[i]), 0),
                community=lang.t(f"stories.community.{Community(live.communities[i]).label}"),
                n=lang.n(counts[i], 0),
            )
            for i in mine
        }
        listed.append((f"{district.id}, {district.name}", options))
    return listed


def caption(scenarios, live: LiveWorld, world: str, session, lang: Language) -> str:
    """Return whose days these are, and what they are not."""
    immigrants = int((live.communities != Community.NO_IMMIGRANT_TIES).sum())
    note = lang.t("city.people.sample", n=lang.n(len(live.communities), 0), immigrants=lang.n(immigrants, 0))
    question = session.asked.value or session.question.value
    pair = session.choose("pair", PAIRS)
    run = lang.t("city.people.run", world=world.upper(), pair=pair, seed=question.settings.root_seed)
    return origin(Both(scenarios), lang, provenance.version_text(), run, note)


def live_words(lang: Language, state: str) -> dict[str, str]:
    """Return the texts of the live world; what the browser fills in stands in braces."""
    shared = ("date", "play", "pause", "apart", "speed", "slow", "fast", "first_date", "calendar")
    words = {key: lang.t(f"city.map.{key}") for key in shared}
    words |= {"table": lang.t("shell.table"), "district": lang.t("city.map.district")}
    words["download"] = lang.t("shell.download")
    words |= {each.label: lang.t(f"stories.community.{each.label}") for each in Community}
    felt = lang.outcome(state)
    words["state"] = with_unit(capitalized(felt.label), felt.unit)
    words |= {
        key: lang.t(f"city.people.{key}")
        for key in (
            "back",
            "next",
            "away",
            "household",
            "neighbor",
            "coworker",
            "small",
            "resident",
            "community",
            "events",
        )
    }
    words |= {f"mark_{n}": lang.t(f"city.people.mark.{name}") for n, name in enumerate(MARKS)}
    words["in_city"] = open_text(lang, "city.people.in_city", ("crimes", "reported", "solved", "arrests", "visits"))
    words |= {key: open_text(lang, f"city.people.{key}", ("value",)) for key in ("or_more", "or_less")}
    words["in_sample"] = open_text(lang, "city.people.in_sample", ("what",))
    words["mean"] = open_text(lang, "city.people.mean", ("value", "away"))
    return words
