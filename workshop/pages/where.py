"""Where a claim is true: the verdict under every combination of two assumptions that the visitor picks."""

from collections import Counter
from collections.abc import Callable

import solara

from experiments import statistics
from experiments.calibration.sample import calibrated_values
from experiments.claims import claims
from experiments.claims.assumptions import assumptions_of, under
from experiments.claims.batches import MIXED, select
from experiments.claims.truth_map import Cell, TruthMap, make_map
from experiments.exhibits import truth_map
from experiments.exhibits.claims import verdict_name
from experiments.exhibits.finding import effect_sentence, value_text, words_of
from experiments.exhibits.words import capitalized, with_unit
from experiments.report.command import command_for, source_of
from simulation.scenario import Scenario

from ..components import Button, Choice, Copy, Figure, Select, Text
from ..components.files import unanswered
from ..inquiry import Inquiry, map_name
from .asking import Trouble, Working, about, grouped, take_over

FIRST = {"across": "fear_effect", "up": "deportation_deterrence"}
"""What varies at first: the two mechanisms that the dispute is about."""
PAIRS = ("5", "10", "20")
WAITING = "waiting"
SIGNS = {
    claims.SUPPORTED: ("supported", "+"), claims.CONTRADICTED: ("contradicted", "X"), MIXED: ("mixed", "◆"),
    claims.BELOW_THRESHOLD: ("below", "-"), statistics.NO_DIFFERENCE: ("none", "○"),
    claims.NO_DIFFERENCE: ("identical", "□"), statistics.TOO_FEW: ("few", "·"),
    statistics.UNDEFINED: ("undefined", "?"),
    claims.NOT_TESTED: ("untested", "/"), WAITING: ("waiting", ""),
}  # fmt: skip
"""How the grid shows a verdict: by pattern and sign, so that nobody needs color."""


@solara.component
def Where(session, pair: tuple[Scenario, Scenario], claim: str, outcome: str | None):
    """Choose two assumptions, run the map, and look into it."""
    lang, inquiry = session.lang, session.part(Inquiry)
    worlds = [scenario.fingerprint for scenario in pair]
    sample = calibrated_values()
    known = solara.use_memo(lambda: assumptions_of(*pair, sample), worlds)
    across = session.choose("across", _first_one(known, FIRST["across"]))
    others = [name for name in known if name != across]
    up = session.choose("up", _first_one(others, FIRST["up"]))
    seed = session.question.value.settings.root_seed
    empty = solara.use_memo(
        lambda: make_map(*pair, across, up, root_seed=seed, sample=sample), [*worlds, across, up, seed]
    )
    found, pairs = inquiry.known(empty), int(session.choose("cell_pairs", PAIRS))
    Text(lang.t("claims.where"), "h3")
    Text(lang.t("claims.where_lead"))
    with solara.Div(classes=["columns"]):
        for axis, chosen, allowed in (("across", across, known), ("up", up, others)):
            Select(
                lang.t(f"claims.{axis}"), chosen, grouped(lang, [known[name] for name in allowed]),
                lambda name, axis=axis: session.show(axis, name), hint=about(lang, known[chosen]),
            )  # fmt: skip
    options = {each: lang.n(int(each), 0) for each in PAIRS}
    Choice(lang.t("claims.pairs"), str(pairs), options, lambda value: session.show("cell_pairs", value))
    Run(session, empty, found, pairs)
    if found.answers:
        Grid(session, found, claim, outcome)


@solara.component
def Run(session, empty: TruthMap, found: TruthMap, pairs: int):
    """A button that runs what the map lacks, and how far that is."""
    lang, inquiry = session.lang, session.part(Inquiry)
    task = inquiry.task.value
    missing = sum(len(batch.replicates) for _, batch in found.plan(pairs))
    Trouble(session, inquiry)
    with solara.Div(classes=["buttons"]):
        if task is not None and task.name == map_name(empty):
            Working(lang, task.progress, inquiry.stop)
        elif missing:
            label = lang.t("claims.go_on" if found.answers else "claims.run", worlds=lang.n(2 * missing, 0))
            Button(label=label, kind="primary", event_click=lambda *_: inquiry.fill(empty, pairs))


@solara.component
def Grid(session, found: TruthMap, claim: str, outcome: str | None):
    """The map, which can be walked through by keyboard, its words, and the cell that is looked at."""
    lang = session.lang
    at, set_at = solara.use_state((len(found.rows) // 2, len(found.columns) // 2))
    last = len(found.rows) - 1
    at = (min(at[0], last), min(at[1], len(found.columns) - 1))
    verdicts = solara.use_memo(lambda: found.verdicts(claim, outcome), [found, claim, outcome])
    kept = {cell: verdicts.get(cell, WAITING) for cell in found.cells}
    cells = [
        [_cell(lang, found, Cell(column, last - row), kept) for column in range(len(found.columns))]
        for row in range(last + 1)
    ]
    counts = Counter(kept.values())
    with solara.Div(classes=["split-map"]):
        _Grid(
            label=lang.t("claims.map_label", claim=lang.claim(claim).meaning),
            across=_label(lang, found.across),
            up=_label(lang, found.up),
            columns=[value_text(found.across, value, lang) for value in found.columns],
            rows=[value_text(found.up, value, lang) for value in reversed(found.rows)],
            cells=cells,
            at=list(at),
            here=_here(found),
            legend=[_key(lang, verdict, counts[verdict]) for verdict in SIGNS if counts[verdict]],
            key_label=lang.t("claims.key"),
            here_label=lang.t("exhibits.truth_map.current"),
            hint=lang.t("claims.walk"),
            event_choose=lambda place: set_at(tuple(int(each) for each in place[:2])),
        )
        OneCell(session, found, Cell(at[1], last - at[0]), claim, outcome)
    Text(lang.t(f"claims.basis_{found.basis}"), "p", "hint")
    Picture(session, found, claim, outcome)


@solara.component
def OneCell(session, found: TruthMap, cell: Cell, claim: str, outcome: str | None):
    """What the worlds of one cell say, and a button that takes its assumptions over."""
    lang, values = session.lang, found.values(cell)
    judgments = select(found.judgments.get(cell, ()), claim, outcome)
    with solara.Div(classes=["one-cell"], attributes={"aria-live": "polite"}):
        Text(_place(lang, found, cell), "h4")
        if not judgments:
            Text(capitalized(lang.t("exhibits.truth_map.waiting")))
        for judgment in judgments:
            Text(effect_sentence(judgment, lang))
        Button(label=lang.t("claims.take_over"), event_click=lambda *_: take_over(session, values))
        if judgments:
            CellCommand(lang, found, cell)


@solara.component
def CellCommand(lang, found: TruthMap, cell: Cell):
    """The command that repeats one cell, where the scenarios ship; no command runs the whole map."""
    pairs = found.asked[cell]
    command = solara.use_memo(lambda: cell_command(found, cell), [map_name(found), cell, pairs])
    if command:
        Copy(lang, lang.t("claims.command"), command, hint=lang.t("claims.command_hint"))
    else:
        Text(lang.t("claims.no_command"), "p", "hint")


@solara.component
def Picture(session, found: TruthMap, claim: str, outcome: str | None):
    """The same as a figure to take home, with its data table."""
    lang, inquiry = session.lang, session.part(Inquiry)
    is_open, set_open = solara.use_state(False)
    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("claims.picture"), pressed=is_open, event_click=lambda *_: set_open(not is_open))
    if is_open and inquiry.task.value is None:
        Drawn(session, found, claim, outcome)


@solara.component
def Drawn(session, found: TruthMap, claim: str, outcome: str | None):
    """The figure of the map."""
    look, whole = session.look, [map_name(found), sum(found.asked.values()), found.a.fingerprint, found.b.fingerprint]
    exhibit = solara.use_memo(lambda: truth_map(found, look, claim, outcome), [*whole, claim, outcome, look])
    Figure(exhibit, session.lang)


@solara.component_vue("truth-grid.vue")
def _Grid(
    label="", across="", up="", columns=(), rows=(), cells=(), at=(), here=(), legend=(), key_label="", here_label="",
    hint="", event_choose: Callable = unanswered,
):  # fmt: skip
    """See `Grid`."""


def cell_command(found: TruthMap, cell: Cell) -> str | None:
    """Return the command that runs the worlds of a cell and judges the claims; None if a scenario is one's own file."""
    a, b = (under(scenario, found.values(cell)) for scenario in (found.a, found.b))
    if source_of(a) is None or source_of(b) is None:
        return None
    return command_for(a, b, found.root_seed, found.asked[cell], "--claims")


def _first_one(names, first: str) -> list[str]:
    """Return names, one of them first if it is there."""
    return sorted(names, key=lambda name: name != first)


def _cell(lang, found: TruthMap, cell: Cell, verdicts: dict[Cell, str]) -> dict[str, str]:
    kind, sign = SIGNS[verdicts[cell]]
    return {"kind": kind, "sign": sign, "label": f"{_place(lang, found, cell)} {_named(lang, verdicts[cell])}"}


def _key(lang, verdict: str, count: int) -> dict[str, str]:
    kind, sign = SIGNS[verdict]
    return {"kind": kind, "sign": sign, "label": f"{capitalized(_named(lang, verdict))}: {lang.n(count, 0)}"}


def _named(lang, verdict: str) -> str:
    return lang.t("exhibits.truth_map.waiting") if verdict == WAITING else verdict_name(lang, verdict)


def _place(lang, found: TruthMap, cell: Cell) -> str:
    across, up = found.across, found.up
    said = {"across": capitalized(words_of(across, lang).label), "up": words_of(up, lang).label}
    said |= {"x": value_text(across, found.columns[cell.column], lang), "y": value_text(up, found.rows[cell.row], lang)}
    return lang.t("claims.cell", **said)


def _label(lang, assumption) -> str:
    words = words_of(assumption, lang)
    return with_unit(capitalized(words.label), "" if words.choices else words.unit)


def _here(found: TruthMap) -> list[int]:
    """Return row and column, from the top left, of the cell in which the compared worlds are."""
    places = [
        min(int(each.current_share * count), count - 1)
        for each, count in ((found.up, len(found.rows)), (found.across, len(found.columns)))
    ]
    return [len(found.rows) - 1 - places[0], places[1]]
