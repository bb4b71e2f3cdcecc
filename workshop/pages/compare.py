"""The view `compare`: two worlds side by side, and what differs between them."""

import html
from pathlib import Path

import solara

from experiments.exhibits import (
    by_community,
    difference,
    flow,
    outcome_finding,
    over_time,
    recorded_and_true,
    styles_of,
)  # fmt: skip
from experiments.exhibits.words import capitalized
from experiments.report.content import question, result_rows
from experiments.report.glossary import glossary
from simulation.outcomes import COMMUNITY_GROUPS, OUTCOMES

from ..components import Choice, LiveFigure, Select, Terms, Text
from .counted import CountsDiffer
from .motion import Motion
from .sides import RunSettings, Sides

STYLE = Path(__file__).parent / "compare.css"
EVERYBODY = "all"
MEASURES = {
    "solve_rate": "solve_rate",
    "reporting_rate": "reporting_rate",
    "clearance_rate": "clearance_rate",
    "victimization_rate": "crimes_happened",
    "crimes_recorded": "crimes_recorded",
    "dark_figure": "dark_figure",
    "surveyed_victimization_rate": "crimes_happened",
    "surveyed_reporting_rate": "reporting_rate",
    "survey_response_rate": "dread",
    "trust": "trust",
    "dread": "dread",
    "fear": "fear",
    "belief": "belief",
    "immigration_arrests": "immigration_arrests",
    "households_losing_member": "households_losing_member",
}
"""What can be looked at: an outcome, and what is shown over time: itself, or what it is held against or comes from.

A survey asks twice a year: beside it stands the truth month by month, or the dread that keeps people from answering.
"""
GROUPS = (EVERYBODY, *COMMUNITY_GROUPS)
AT_A_GLANCE = (
    "solve_rate", "reporting_rate.immigrant_communities", "victimization_rate.citizens",
    "victimization_rate.immigrant_communities", "trust.immigrant_communities", "dread.immigrant_communities",
    "immigration_arrests",
)  # fmt: skip
"""Results that are in sight whatever is looked at more closely."""


@solara.component
def Compare(session):
    """The page that everybody sees first: the answer and its picture, then what was asked, then the rest."""
    lang, pair = session.lang, session.pair.value
    key = key_of(measure_of(session), session.choose("group", GROUPS))
    solara.Style(STYLE)
    Text(lang.t("compare.title"), "h1")
    Text(lang.t("compare.lead"), "p", "lead", "wide-only")
    with solara.Div(classes=["compare"]):
        with solara.Div(classes=["foremost", *outdated(session)]):
            if pair is None:
                Text(lang.t("compare.first"), "p", "awaited")
            else:
                Foremost(session, key)
        with solara.Div(classes=["asked"]):
            Text(lang.t("compare.lead"), "p", "narrow-only")
            Sides(session)
            Chosen(session)
            RunSettings(session)
        with solara.Div(classes=["further", *outdated(session)]):
            if pair is not None:
                Further(session, key)
    Words(lang)


def outdated(session) -> list[str]:
    """Return the class of what answers another question than the one that is set."""
    return ["outdated"] if session.is_stale else []


@solara.component
def Foremost(session, key: str):
    """What is seen without scrolling: the answer, and the beginning of its picture."""
    measure, groups = measure_of(session), (session.choose("group", GROUPS),)
    Answer(session, key)
    CountsDiffer(session)
    Announced(session, key)
    LiveFigure(session, "over_time", lambda p, look: over_time(p, look, MEASURES[measure], groups), measure, *groups)


@solara.component
def Further(session, key: str):
    """How sure the answer is, and what else the worlds show."""
    lang, measure = session.lang, measure_of(session)
    Sureness(session, key)
    Glance(session)
    LiveFigure(session, "by_community", lambda p, look: by_community(p, look, measure), measure)
    Text(lang.t("compare.whole"), "h2")
    LiveFigure(session, "flow", flow)
    LiveFigure(session, "recorded_and_true", recorded_and_true)


@solara.component
def Chosen(session):
    """Choose what to look at more closely."""
    lang, measure = session.lang, measure_of(session)
    headings: dict[str, dict[str, str]] = {}
    for name in MEASURES:
        heading = capitalized(lang.outcome_group(OUTCOMES[name].group))
        headings.setdefault(heading, {})[name] = capitalized(lang.outcome(name).label)
    with solara.Div(classes=["columns"]):
        words = lang.outcome(measure)
        hint = lang.t("compare.measured", meaning=words.meaning, unit=words.unit)
        Select(
            lang.t("compare.measure"), measure, headings.items(), lambda name: session.show("measure", name), hint=hint
        )
        groups = {name: capitalized(lang.group(name)) for name in GROUPS}
        chosen = session.choose("group", GROUPS)
        Select(lang.t("compare.group"), chosen, groups, lambda name: session.show("group", name))


@solara.component
def Answer(session, key: str):
    """What the worlds say, in words, with interval and number of pairs."""
    lang, pair = session.lang, session.pair.value
    _Answer(
        heading=lang.t("compare.answer"),
        question=question(pair, lang),
        finding=outcome_finding(pair, lang, key),
        limits=lang.t("compare.not"),
    )


@solara.component
def Glance(session):
    """Results that are in sight whatever is looked at more closely."""
    lang, pair = session.lang, session.pair.value
    rows = solara.use_memo(lambda: result_rows(pair, lang, AT_A_GLANCE), [pair, lang])
    columns = [lang.t(f"report.answer.{name}") for name in ("outcome", "unit", "a", "b", "difference", "interval")]
    _Glance(
        heading=lang.t("compare.glance"),
        columns=[*columns, lang.t("report.answer.reading")],
        rows=[list(row) for row in rows],
        noise=lang.t("report.answer.text"),
    )


@solara.component
def Announced(session, key: str):
    """Say the answer to who cannot see it once it is whole, and not at every pair that is added."""
    pair = session.pair.value
    is_whole = pair is not None and session.progress.value is None and not session.is_stale
    said = outcome_finding(pair, session.lang, key) if is_whole else ""
    solara.HTML(tag="p", unsafe_innerHTML=html.escape(said), classes=["hidden"], attributes={"role": "status"})


@solara.component_vue("answer.vue")
def _Answer(heading="", question="", finding="", limits=""):
    """See `Answer`."""


@solara.component_vue("glance.vue")
def _Glance(heading="", columns=(), rows=(), noise=""):
    """See `Glance`."""


@solara.component
def Sureness(session, key: str):
    """How sure the difference is, in the way that the visitor reads best."""
    lang, styles = session.lang, styles_of(key)
    style = session.choose("style", (*styles, "motion"))
    options = {name: lang.t(f"compare.style_{name}") for name in (*styles, "motion")}
    Choice(lang.t("compare.style"), style, options, lambda chosen: session.show("style", chosen))
    if style == "motion":
        Motion(session, key)
    else:
        LiveFigure(session, "difference", lambda p, look: difference(p, look, key, style), key, style)


@solara.component
def Words(lang):
    """Every term of the page."""
    sections = solara.use_memo(
        lambda: [(block.heading, block.items) for block in glossary(lang, (*AT_A_GLANCE, *MEASURES))], [lang]
    )
    Terms(lang.t("compare.words"), sections)


def measure_of(session) -> str:
    """Return the outcome that is looked at."""
    return session.choose("measure", MEASURES)


def key_of(measure: str, group: str) -> str:
    """Return the key of an outcome of a group."""
    return measure if group == EVERYBODY else f"{measure}.{group}"
