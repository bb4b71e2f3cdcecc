"""What three counts of crime tell of two worlds, in words: warnings where the record or a survey misleads."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import statistics
from ..counting import EVERYBODY, KINDS, Counts, Values, count
from ..statistics import PairedEffect
from . import words
from .communities import GROUPS

if TYPE_CHECKING:
    from ..language import Language


def counts_of(values: Values) -> list[Counts]:
    """Return the three counts for everybody and for every community."""
    return [count(values, group) for group in (EVERYBODY, *GROUPS)]


def kinds_of(counts: Sequence[Counts]) -> tuple[str, ...]:
    """Return the kinds of counts that there are: without a survey, two."""
    return KINDS if any(each.surveyed.pairs for each in counts) else KINDS[:2]


def warning(counts: Sequence[Counts], pairs: int, language: "Language", with_numbers: bool = True) -> str | None:
    """Say for whom and how the counts tell different stories; None if for nobody.

    Parameters
    ----------
    counts : sequence of Counts
        In the order of importance, everybody first: the first of those concerned is told of, the others named.
    pairs : int
    language : Language
    with_numbers : bool
        Give the effects of the one that is told of, with intervals.
    """
    disagreeing = [each for each in counts if each.disagree]
    if not disagreeing:
        return None
    first, *others = disagreeing
    group = words.capitalized(language.group(first.group))
    said = [language.t("counting.warning", group=group, story=" ".join(story(first, language)))]
    if with_numbers:
        effects = {kind: found(language, getattr(first, kind)) for kind in kinds_of([first])}
        told = "; ".join(language.t(f"counting.{kind}", found=effect) for kind, effect in effects.items())
        said.append(language.t("counting.numbers", pairs=words.pairs_of(language, pairs), numbers=told))
    if others:
        groups = language.join(language.group(each.group) for each in others)
        said.append(language.t("counting.also", groups=groups))
    return " ".join(said)


def story(counts: Counts, language: "Language") -> list[str]:
    """Return in sentences what differs, and why as far as the worlds tell; none where the counts agree."""
    return [sentence for said in stories(counts, language).values() for sentence in said]


def stories(counts: Counts, language: "Language") -> dict[str, list[str]]:
    """Return the sentences about each of `KINDS`; none for the truth, and for one that agrees with it."""
    told = counts.story
    said: dict[str, list[str]] = {kind: [] for kind in KINDS}
    if told.record_differs:
        said["recorded"].append(_sentence(language, "record", told.happened, told.recorded, told.record_because))
        if told.survey_word:
            said["recorded"].append(language.t(f"counting.survey.{told.survey_word}"))
    if told.survey_differs:
        said["surveyed"].append(_sentence(language, "survey", told.happened, told.surveyed, told.survey_because))
    return said


def found(language: "Language", effect: PairedEffect) -> str:
    """Return an effect in percent with its interval, or that there is none."""
    size, interval = words.short_effect(language, effect)
    if effect.verdict in (statistics.IDENTICAL, statistics.UNDEFINED):
        return size
    if effect.verdict == statistics.TOO_FEW:
        return language.t("counting.too_few", size=size)
    if not words.is_clear(effect):
        return language.t("counting.none", interval=interval)
    return language.t("counting.clear", size=size, interval=interval)


def _sentence(language: "Language", other: str, truth: str | None, told: str | None, because: str | None) -> str:
    why = language.t(f"counting.{other}.because.{because}") if because else ""
    return language.t(f"counting.{other}.{truth}.{told}", why=why)
