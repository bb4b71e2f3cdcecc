"""The card of what differs between the two worlds, and of what was changed in both."""

from dataclasses import replace

import solara

from experiments.exhibits.words import capitalized, scenario_title
from experiments.language import Language
from experiments.report.card import card
from simulation.errors import InputError

from ..components import Text
from ..question import Question
from .sides import loaded


@solara.component
def Card(session):
    """Everything that differs, on one page that can be printed."""
    lang, question = session.lang, session.question.value

    def make():
        try:
            return question.scenarios(session.limits)
        except InputError as error:
            return lang.t("shell.cannot_compare", reason=lang.refusal(error))

    worlds = solara.use_memo(make, [question, lang])
    Text(lang.t("report.card.heading"), "h2")
    if isinstance(worlds, str):
        Text(worlds, "p", "note", "caution")
        return
    _Card(
        title=lang.t("report.card.heading"),
        sides=[f"{letter}: {scenario_title(lang, world)}" for letter, world in zip("AB", worlds)],
        entries=[[heading, list(lines)] for heading, lines in card(*worlds, lang)],
        none=lang.t("report.compared.same"),
        rest=lang.t("report.card.rest"),
        both=lang.t("levers.both_changed"),
        alike=alike(question, lang),
        limits=lang.t("compare.not"),
        print_label=lang.t("levers.print"),
    )


@solara.component_vue("card.vue")
def _Card(title="", sides=(), entries=(), none="", rest="", both="", alike=(), limits="", print_label=""):
    """See `Card`."""


def alike(question: Question, lang: Language) -> list[str]:
    """Return what was changed in both worlds to the same value, each with what its scenario says."""
    scenario = loaded(question.a, replace(question.settings, parameters=()))
    said = []
    for name, value in sorted(set(question.a.levers) & set(question.b.levers)):
        words = lang.lever(name)
        values = [words.choices[v] if words.choices else lang.n(v) for v in (value, scenario.levers[name])]
        said.append((words.label, *values, "" if words.choices else words.unit))
    for name, value in question.settings.parameters:
        words = lang.parameter(name)
        said.append((words.label, lang.n(value), lang.n(scenario.parameters[name]), words.unit))
    keys = ("name", "value", "before", "unit")
    return [capitalized(lang.t("levers.alike", **dict(zip(keys, each)))) for each in said]
