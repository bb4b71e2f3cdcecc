"""A list of controls made from declarations: levers and assumptions, each with unit, meaning, source and evidence."""

from functools import cache
from typing import Any

import solara

from experiments.designs.factors import declaration, make_factor
from experiments.exhibits.words import capitalized
from experiments.language import Language, Words
from simulation.evidence import all_evidence
from simulation.levers import Lever
from simulation.parameters import FIXED, Parameter

from ..components import refusal_of, step_of
from ..components.files import unanswered
from ..components.parts import parts

WORDS = ("search", "none_found", "back", "source")


def Controls(lang: Language, groups: list, values: dict, searchable: bool, on_set, on_reset):
    """Show controls under their headings.

    Parameters
    ----------
    lang : Language
    groups : list of (heading, list of controls)
        As `number_control` and its like make them; what does not change.
    values : dict
        Of each control's name: `value`, whether it is `changed`, and a `note`; what does.
    searchable : bool
        Headings open and close, and a box finds controls by their words.
    on_set : callable
        Gets name and value.
    on_reset : callable
        Gets the name.
    """
    return _Controls(
        groups=groups,
        values=values,
        searchable=searchable,
        words={name: lang.t(f"levers.{name}") for name in WORDS},
        components=parts("number-field"),
        event_give=lambda told: on_set(told["name"], told["value"]),
        event_give_back=on_reset,
    )


@solara.component_vue("controls.vue")
def _Controls(groups=(), values=None, searchable=False, words=None, event_give=unanswered, event_give_back=unanswered):
    """See `Controls`."""


def control(declared: Lever | Parameter, words: Words, lang: Language) -> dict[str, Any]:
    """Return one control as the page takes it."""
    found = {
        "name": declared.name,
        "label": capitalized(words.label),
        "meaning": words.meaning,
        "unit": words.unit,
        "grade": lang.t(f"levers.grade_{weakest_grade(declared.source)}"),
        "sources": sources_of(declared.source, lang),
        "kind": "number",
    }
    if isinstance(declared, Lever) and declared.bounds is None:
        if not declared.choices:
            return found | {"kind": "check"}
        return found | {"kind": "choice", "options": [[value, label] for value, label in words.choices.items()]}
    low, high = declared.bounds
    start, end = plausible_range(declared.name)
    has_prior = isinstance(declared, Parameter) and declared.prior != FIXED
    return found | {
        "low": low, "high": high, "from": start, "to": end, "step": step_of(end - start),
        "refusal": refusal_of(lang, low, high, words.unit),
        "believed": believed_text(declared, lang) if has_prior else "",
    }  # fmt: skip


@cache
def plausible_range(name: str) -> tuple[float, float]:
    """Return the ends of a slider: of the plausible values of a parameter with a prior, else of the allowed ones."""
    declared = declaration(name)
    if isinstance(declared, Lever) or declared.prior == FIXED:
        return declared.bounds
    low, high = make_factor(name, name).bounds
    return min(low, declared.default), max(high, declared.default)


def believed_text(declared: Parameter, lang: Language) -> str:
    """Say what is believed about a number before anything is fitted."""
    low, high = plausible_range(declared.name)
    shape = lang.t(f"levers.prior_{declared.prior.distribution}")
    return lang.t("levers.believed", low=lang.n(round(low, 4)), high=lang.n(round(high, 4)), shape=shape)


def weakest_grade(sources: tuple[str, ...]) -> str:
    """Return the grade of the evidence behind a value: that of its weakest source."""
    known = all_evidence()
    grades = [known[source].confidence if source in known else "judgment" for source in sources]
    return max(grades, key=GRADES.index)


def sources_of(sources: tuple[str, ...], lang: Language) -> list[str]:
    """Return what each source says of itself, with its grade; nothing for judgment alone."""
    found = [all_evidence()[source] for source in sources if source in all_evidence()]
    return [f"{each.citation} ({each.id}; {lang.t(f'levers.grade_{each.confidence}')})" for each in found]


GRADES = ("verified", "read", "derived", "recalled", "missing", "judgment")
"""Grades of evidence, best first."""
