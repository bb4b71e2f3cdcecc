"""The view `claims`: the ledger of both sides, where each claim is true, and what would make the other side right."""

from pathlib import Path

import solara

from experiments.claims.claims import CLAIMS
from experiments.exhibits import ledger
from experiments.exhibits.words import capitalized
from simulation.errors import InputError

from ..components import LiveFigure, Select, Text
from .counted import CountsDiffer
from .other_side import OtherSide
from .overall import EveryClaim, OneClaim
from .where import Where

STYLE = Path(__file__).parent / "claims.css"
IDS = tuple(claim.id for claim in CLAIMS)
ALL_MEASURES = "all"


@solara.component
def Claims(session):
    """What was claimed, and what the worlds say."""
    lang = session.lang
    solara.Style(STYLE)
    Text(lang.t("claims.title"), "h1")
    Text(lang.t("claims.lead"))
    Text(lang.t("compare.not"), "p", "note")
    if session.pair.value is None:
        Text(lang.t("compare.first"), "p", "awaited")
    else:
        with solara.Div(classes=["outdated"] if session.is_stale else []):
            CountsDiffer(session)
            LiveFigure(session, "ledger", ledger)
    claim, outcome = chosen_claim(session)
    EveryClaim(lang)
    Text(lang.t("claims.closer"), "h2")
    ClaimPicker(session, claim, outcome)
    OneClaim(lang, claim)
    try:
        pair = session.question.value.scenarios(session.limits)
    except InputError as error:
        Text(lang.t("shell.cannot_compare", reason=lang.refusal(error)), "p", "note", "caution")
    else:
        Where(session, pair, claim, outcome)
        OtherSide(session, pair, claim, outcome)


@solara.component
def ClaimPicker(session, claim: str, outcome: str | None):
    """Choose the claim that the rest of the page is about, and whether all of its measures count."""
    lang, measures = session.lang, measures_of(claim)
    with solara.Div(classes=["columns"]):
        claims = {each: f"{each}: {lang.claim(each).meaning}" for each in IDS}
        made_by = lang.t("claims.made_by", who=lang.claim(claim).label)
        Select(lang.t("claims.claim"), claim, claims, lambda value: session.show("claim", value), hint=made_by)
        if len(measures) > 1:
            named = {ALL_MEASURES: lang.t("claims.all_measures")}
            named |= {key: capitalized(lang.outcome(key).label) for key in measures}
            chosen = outcome or ALL_MEASURES
            Select(lang.t("claims.measure"), chosen, named, lambda value: session.show("claim_measure", value))


def chosen_claim(session) -> tuple[str, str | None]:
    """Return the claim that is looked at, and the measure; None for all of them."""
    claim = session.choose("claim", IDS)
    outcome = session.choose("claim_measure", (ALL_MEASURES, *measures_of(claim)))
    return claim, None if outcome == ALL_MEASURES else outcome


def measures_of(claim: str) -> tuple[str, ...]:
    """Return the outcomes that a claim is judged by."""
    return next(tuple(measure.outcome for measure in each.measures) for each in CLAIMS if each.id == claim)
