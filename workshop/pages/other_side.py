"""Make the other side right: what would have to be so that a claim comes out otherwise."""

import solara

from experiments.calibration.sample import calibrated_values
from experiments.claims.assumptions import DECIDING, Assumption, assumptions_of
from experiments.claims.batches import select, verdict_of
from experiments.claims.claims import CONTRADICTED, SUPPORTED
from experiments.claims.other_side import FOUND, NOT_CONFIRMED, Finding, make_search
from experiments.exhibits.claims import verdict_name
from experiments.exhibits.finding import finding_sentences, value_text, words_of
from experiments.exhibits.words import capitalized, with_unit
from simulation.scenario import Scenario

from ..components import Button, Check, Choice, Select, Text
from ..inquiry import Inquiry, search_name
from .asking import Trouble, Working, grouped, take_over

MOST_ASSUMPTIONS = 12
"""Assumptions that a search may change: among more, so few points find little."""
TARGETS = {"supported": SUPPORTED, "contradicted": CONTRADICTED}
OPPOSITE = {SUPPORTED: "contradicted", CONTRADICTED: "supported"}


@solara.component
def OtherSide(session, pair: tuple[Scenario, Scenario], claim: str, outcome: str | None):
    """Choose the verdict and the assumptions, search, and read what was found."""
    lang, worlds = session.lang, [scenario.fingerprint for scenario in pair]
    known = solara.use_memo(lambda: assumptions_of(*pair, calibrated_values()), worlds)
    names, set_names = solara.use_state(DECIDING)
    names = tuple(name for name in names if name in known)
    today = verdict_today(session, claim, outcome)
    target = session.choose("target", sorted(TARGETS, key=lambda name: name != OPPOSITE.get(today, "supported")))
    Text(lang.t("claims.other_side"), "h3")
    Text(lang.t("claims.other_side_lead"))
    Text(lang.t("claims.today", verdict=verdict_name(lang, today)) if today else "")
    options = {name: capitalized(lang.verdict(verdict)) for name, verdict in TARGETS.items()}
    Choice(lang.t("claims.target"), target, options, lambda name: session.show("target", name))
    Changeable(lang, known, names, set_names)
    if names:
        Looking(session, pair, claim, outcome, TARGETS[target], names)
    else:
        Text(lang.t("claims.nothing_to_change"), "p", "note")


@solara.component
def Looking(session, pair: tuple[Scenario, Scenario], claim: str, outcome: str | None, target: str, names):
    """A button that searches, how far that is, and what was found."""
    lang, inquiry, seed = session.lang, session.part(Inquiry), session.question.value.settings.root_seed
    worlds = [scenario.fingerprint for scenario in pair]
    search = solara.use_memo(
        lambda: make_search(*pair, claim, target, names, calibrated_values(), outcome=outcome, root_seed=seed),
        [*worlds, claim, outcome, target, names, seed],
    )
    finding, task = inquiry.findings.value.get(search_name(search)), inquiry.task.value
    Trouble(session, inquiry)
    with solara.Div(classes=["buttons"]):
        if task is not None and task.name == search_name(search):
            Working(lang, task.progress, inquiry.stop)
        elif finding is None:
            label = lang.t("claims.search", worlds=lang.n(2 * search.most_pairs, 0))
            Button(label=label, kind="primary", event_click=lambda *_: inquiry.search(search))
    if finding is not None:
        Found(session, finding)


@solara.component
def Changeable(lang, known: dict[str, Assumption], names: tuple[str, ...], set_names):
    """Choose which assumptions may be changed."""

    def change(name: str, is_in: bool) -> None:
        rest = tuple(each for each in names if each != name)
        set_names((*rest, name) if is_in else rest)

    listed = [name for name in dict.fromkeys([*DECIDING, *names]) if name in known]
    Text(lang.t("claims.may_change"), "h4")
    with solara.Div(classes=["checks"]):
        for name in listed:
            words = words_of(known[name], lang)
            Check(
                label=capitalized(words.label), value=name in names, disabled=len(names) >= MOST_ASSUMPTIONS,
                event_change=lambda is_in, name=name: change(name, bool(is_in)),
            ).key(name)  # fmt: skip
    others = [each for name, each in known.items() if name not in listed]
    if len(names) < MOST_ASSUMPTIONS:
        groups = [("", {"": lang.t("claims.choose")}), *grouped(lang, others)]
        Select(lang.t("claims.add"), "", groups, lambda name: name in known and change(name, True))


@solara.component
def Found(session, finding: Finding):
    """What was found, and a button that takes it over."""
    lang = session.lang
    first, *rest = finding_sentences(finding, lang)
    with solara.Div(classes=["finding-box"], attributes={"role": "status"}):
        Text(first, "p", "first")
        if finding.state in (FOUND, NOT_CONFIRMED):
            Changes(lang, finding)
        for sentence in rest:
            Text(sentence)
        Text(lang.t("claims.no_side"), "p", "hint")
        if finding.state == FOUND:
            values = {change.assumption.name: change.value for change in finding.changes}
            Button(label=lang.t("claims.take_over"), event_click=lambda *_: take_over(session, values))


@solara.component_vue("changes.vue")
def _Changes(caption="", columns=(), rows=()):
    """See `Changes`."""


def Changes(lang, finding: Finding):
    """A table of what was changed, with a bar of each prior that shows from where to where."""
    rows = []
    for change in finding.changes:
        assumption, words = change.assumption, words_of(change.assumption, lang)
        before, after = 100 * assumption.current_share, 100 * change.share
        rows.append({
            "name": with_unit(capitalized(words.label), "" if words.choices else words.unit),
            "current": value_text(assumption, assumption.current, lang),
            "value": value_text(assumption, change.value, lang),
            "before": before,
            "after": after,
            "said": lang.t("claims.moved", before=lang.percent(before, 0), after=lang.percent(after, 0)),
        })  # fmt: skip
    columns = [lang.t(f"claims.column_{name}") for name in ("assumption", "current", "value", "prior")]
    return _Changes(caption=lang.t("claims.changes"), columns=columns, rows=rows)


def verdict_today(session, claim: str, outcome: str | None) -> str | None:
    """Return the verdict of the worlds that the page shows; None while they do not answer what is set."""
    if session.pair.value is None or session.is_stale:
        return None
    return verdict_of(select(session.pair.value.verdicts(), claim, outcome))
