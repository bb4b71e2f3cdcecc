"""What nobody knows: every parameter with its prior, set in both worlds at once."""

from dataclasses import replace
from functools import cache
from typing import Any

import solara

from experiments import language
from experiments.claims.assumptions import DECIDING
from experiments.designs.factors import check
from experiments.language import Language
from simulation.errors import InputError
from simulation.parameters import PARAMETERS
from simulation.validation import unknown

from ..components import Button, Text
from ..notice import Notice
from ..question import Question
from .controls import Controls, control
from .sides import loaded

SECTIONS = tuple(dict.fromkeys(declared.section for declared in PARAMETERS.values()))


@solara.component
def Assumptions(session):
    """A list that can be searched, by submodel, the few that decide most first."""
    lang, question = session.lang, session.question.value
    Text(lang.t("levers.assumptions"), "h2")
    Text(lang.t("levers.assumptions_lead"))
    values = solara.use_memo(lambda: assumption_values(question, lang), [question, lang])

    def give(name: str, value: Any) -> None:
        try:
            session.set_question(with_assumption(question, name, value))
        except InputError as error:
            session.trouble.set(Notice.of("levers.refused", reason=error))

    Controls(
        lang,
        assumption_groups(lang.code),
        values,
        searchable=True,
        on_set=give,
        on_reset=lambda name: give(name, None),
    )
    restored = replace(question, settings=replace(question.settings, parameters=()))
    with solara.Div(classes=["buttons"]):
        Button(
            label=lang.t("levers.assumption_defaults"), disabled=restored == question,
            event_click=lambda *_: session.set_question(restored),
        )  # fmt: skip


def with_assumption(question: Question, name: str, value: float | None) -> Question:
    """Return the question with an assumption set in both worlds, or given back to their scenarios (None).

    Raises
    ------
    InputError
        If there is no such parameter or it cannot have the value.
    """
    if name not in PARAMETERS:
        raise InputError(unknown("assumption", str(name)[:60], PARAMETERS))
    if value is not None:
        value = float(check(name, value, name))
        if all(value == own for own in own_values(question, name)):
            value = None
    return replace(question, settings=question.settings.with_parameter(name, value))


def own_values(question: Question, name: str) -> tuple[float, float]:
    """Return what the two scenarios say of an assumption."""
    settings = replace(question.settings, parameters=())
    return tuple(loaded(side, settings).parameters[name] for side in (question.a, question.b))


def assumption_values(question: Question, lang: Language) -> dict[str, dict[str, Any]]:
    """Return what the controls of assumptions show."""
    settings = replace(question.settings, parameters=())
    a, b = (loaded(side, settings).parameters for side in (question.a, question.b))
    given = dict(question.settings.parameters)
    found = {}
    for name in PARAMETERS:
        note = "" if a[name] == b[name] else lang.t("levers.two_values", a=lang.n(a[name]), b=lang.n(b[name]))
        found[name] = {"value": given.get(name, a[name]), "changed": name in given, "note": note}
    return found


@cache
def assumption_groups(code: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the controls of all parameters: the few that decide most, then the rest by submodel."""
    lang = language.load(code)

    def controls(names) -> list[dict[str, Any]]:
        return [control(PARAMETERS[name], lang.parameter(name), lang) for name in names]

    groups = [(lang.t("levers.deciding"), controls([name for name in DECIDING if name in PARAMETERS]))]
    for section in SECTIONS:
        names = [n for n, declared in PARAMETERS.items() if declared.section == section and n not in DECIDING]
        groups.append((lang.t(f"levers.section_{section.replace('.', '_')}"), controls(names)))
    return groups
