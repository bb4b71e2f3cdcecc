"""What a search for the other side found, in plain sentences of any language."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..claims.assumptions import Assumption
from ..claims.judgment import Judgment
from ..claims.other_side import ALREADY, FOUND, NONE, NOT_CONFIRMED, Change, Finding
from ..rounding import decimals_for
from . import words
from .claims import claimed, verdict_name

if TYPE_CHECKING:
    from ..language import Language, Words

_KINDS = {FOUND: "found", NONE: "none", NOT_CONFIRMED: "not_confirmed", ALREADY: "already"}


def finding_sentences(finding: Finding, language: "Language") -> list[str]:
    """Return what was found: the changes and how far they go, on what it was tried, and how common it is.

    Parameters
    ----------
    finding : Finding
    language : Language
    """
    return list(_sentences(finding, language))


def effect_sentence(judgment: Judgment, language: "Language") -> str:
    """Return what pairs of worlds show on one measure of a claim, and the verdict."""
    effect, decimals = judgment.effect, decimals_for(judgment.effect)
    unit = words.unit_of_difference(language, judgment.measure.outcome)
    return language.t(
        "claims.effect",
        measure=claimed(language, judgment),
        effect=words.amount(language, effect.effect, decimals, unit),
        interval=words.signed_interval(language, effect.lower, effect.upper, decimals),
        pairs=words.pairs_of(language, effect.pairs),
        verdict=language.verdict(judgment.verdict),
    )


def words_of(assumption: Assumption, language: "Language") -> "Words":
    """Return the words of the parameter or lever that an assumption is about."""
    factor = assumption.factor
    return (language.parameter if factor.kind == "parameter" else language.lever)(factor.name)


def value_text(assumption: Assumption, value: Any, language: "Language") -> str:
    """Return a value of an assumption, without its unit."""
    return words_of(assumption, language).choices.get(value) or language.n(value)


def _sentences(finding: Finding, language: "Language") -> Iterator[str]:
    search, t = finding.search, language.t
    claim = language.claim(search.claim).meaning
    said = {
        "claim": f"{search.claim}: {claim}",
        "target": language.verdict(search.target),
        "today": verdict_name(language, finding.today),
        "changes": language.join(_change(change, language) for change in finding.changes) if finding.changes else "",
        "points": language.n(sum(finding.tally.values()), 0),
    }
    yield t(f"claims.{_KINDS[finding.state]}", **said)
    if finding.judgments:
        seeds = "claims.on_sample" if finding.state == ALREADY else "claims.on_fresh"
        effects = "; ".join(effect_sentence(judgment, language) for judgment in finding.judgments)
        yield t(seeds, effects=effects)
    if finding.tally:
        counts = [
            t("exhibits.truth_map.count", verdict=verdict_name(language, verdict), count=language.n(count, 0))
            for verdict, count in finding.tally.items()
        ]
        names = [words_of(each, language).label for each in search.assumptions]
        yield t("claims.tally", points=said["points"], counts=language.join(counts), names=language.join(names))
    yield t(f"claims.basis_{search.basis}")


def _change(change: Change, language: "Language") -> str:
    assumption, found = change.assumption, words_of(change.assumption, language)
    return language.t(
        "claims.change",
        name=found.label,
        value=words.with_unit(value_text(assumption, change.value, language), "" if found.choices else found.unit),
        current=value_text(assumption, assumption.current, language),
        before=language.percent(100 * assumption.current_share, 0),
        after=language.percent(100 * change.share, 0),
    )
