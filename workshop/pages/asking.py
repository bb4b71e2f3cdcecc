"""What maps and searches share: progress, the list of assumptions, and taking assumptions over to the page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import solara

from experiments.claims.assumptions import DECIDING, Assumption
from experiments.exhibits.finding import words_of
from experiments.exhibits.words import capitalized, with_unit
from experiments.language import Language
from simulation.parameters import PARAMETERS

from ..components import Text
from ..components.files import unanswered
from ..ensemble import Progress
from ..question import Question


@solara.component_vue("working.vue")
def _Working(text="", done=0, wanted=0, label="", stop_label="", event_stop: Callable = unanswered):
    """See `Working`."""


def Working(lang: Language, progress: Progress, stop: Callable):
    """How far a map or a search is, and a button that stops it."""
    said = [lang.t("shell.running", done=lang.n(progress.done, 0), wanted=lang.n(progress.wanted, 0))]
    if progress.seconds_left is not None:
        said.append(lang.t("shell.left", seconds=lang.n(max(1, round(progress.seconds_left)), 0)))
    return _Working(
        text=" ".join(said), done=progress.done, wanted=progress.wanted, label=lang.t("shell.progress"),
        stop_label=lang.t("shell.cancel"), event_stop=lambda *_: stop(),
    )  # fmt: skip


def Trouble(session, inquiry):
    """Say so where a map or a search ended because worlds failed."""
    with solara.Div():
        if inquiry.is_faulty.value:
            Text(session.lang.t("shell.fault"), "p", "note", "caution")


def grouped(lang: Language, known: Iterable[Assumption]) -> list[tuple[str, dict[str, str]]]:
    """Return assumptions to choose from: the few that decide most, the other ones, and rules."""
    headings: dict[str, dict[str, str]] = {
        lang.t(f"claims.group_{name}"): {} for name in ("deciding", "other", "rules")
    }
    deciding, other, rules = headings.values()
    for each in known:
        group = deciding if each.name in DECIDING else other if each.name in PARAMETERS else rules
        group[each.name] = capitalized(words_of(each, lang).label)
    return [(heading, names) for heading, names in headings.items() if names]


def about(lang: Language, assumption: Assumption) -> str:
    """Return what an assumption means, what is believed of it, and what it is now."""
    words = words_of(assumption, lang)
    if words.choices:
        return words.meaning
    low, high = (assumption.value(share) for share in (0.025, 0.975))
    between = with_unit(lang.interval(low, high), words.unit)
    return lang.t("claims.believed", meaning=words.meaning, range=between, now=lang.n(assumption.current))


def with_assumptions(question: Question, values: Mapping[str, Any]) -> Question:
    """Return the question under other assumptions, rules among them, in both worlds."""
    for name, value in values.items():
        if name in PARAMETERS:
            question = replace(question, settings=question.settings.with_parameter(name, value))
        else:
            a, b = (side.with_lever(name, value) for side in (question.a, question.b))
            question = replace(question, a=a, b=b)
    return question


def take_over(session, values: Mapping[str, Any]) -> None:
    """Set assumptions on the whole page and run its worlds under them."""
    session.set_question(with_assumptions(session.question.value, values))
