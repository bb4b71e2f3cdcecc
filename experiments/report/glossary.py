"""Every term that a report uses, and what it means."""

from collections.abc import Sequence

from ..claims.claims import CLAIMS
from ..exhibits.words import capitalized
from ..language import Language
from ..storage.columns import split_key
from .blocks import Block, Terms

TERMS = (
    "world", "pair", "effect", "interval", "noise", "seed", "scenario", "agreement", "agency", "sharing", "detainer",
    "community", "district", "citizens", "undocumented", "happened", "reported", "recorded", "surveyed", "solved",
    "trust", "fear", "removal", "supported", "contradicted", "not_tested",
)  # fmt: skip


def glossary(language: Language, results: Sequence[str]) -> list[Block]:
    """Return the words of a report with their meaning, and all results that it shows with theirs.

    Parameters
    ----------
    language : Language
    results : sequence of str
        Keys of outcomes that are shown beside those of the claims.
    """
    words = [(language.t(f"report.glossary.{term}"), language.t(f"report.glossary.{term}_meaning")) for term in TERMS]
    keys = [*results, *(measure.outcome for claim in CLAIMS for measure in claim.measures)]
    names = dict.fromkeys(split_key(key)[0] for key in keys)
    outcomes = [(capitalized(language.outcome(name).label), language.outcome(name).meaning) for name in names]
    return [Terms(words), Terms(outcomes, language.t("report.glossary.results"))]
