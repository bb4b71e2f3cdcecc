"""The generated part of the README: what comes out, from what is committed in results/reference."""

from experiments import language as languages
from experiments.validation import folder
from experiments.validation.draws import DEFAULTS
from experiments.validation.page import verdict_lines
from experiments.verdicts import reference, words

from .tables import table
from .trace_parts import REFERENCE


def answer() -> str:
    """Return how probable every claim is, over each source of draws, and which natural experiments the model shows."""
    found, language = reference.read(), languages.load(languages.ENGLISH)
    rows = [
        (f"{claim.id}, {language.claim(claim.id).label}: {language.claim(claim.id).meaning}",
         *(cell for source in found.sources for cell in _cells(found.probability(source, claim.id), language)))
        for claim in found.claims
    ]  # fmt: skip
    names = [words.source_name(language, source) for source in found.sources]
    headers = ("claim", *(f"{name}: {what}" for name in names for what in ("supported / contradicted", "large")))
    patterns, estimates, _ = folder.read(REFERENCE / "validation")
    at_defaults = patterns["model"] == DEFAULTS
    (validated,) = verdict_lines(patterns[at_defaults], estimates[estimates["model"] == DEFAULTS])
    return f"{table(headers, rows)}\nTen natural experiments, P1 to P10: {validated.removeprefix('- ')}\n"


def _cells(row, language: languages.Language) -> tuple[str, str]:
    """Return both verdicts, and how often the effect is large, as claimed and the other way; all with intervals."""
    pairs = (("supported", "contradicted"), ("beyond_claimed", "beyond_opposite"))
    return tuple(
        " / ".join(
            f"{words.percent(language, getattr(row, name))} ({words.interval_of(language, row, name)})" for name in pair
        )
        for pair in pairs
    )


PARTS = {"answer": answer}
"""Generated parts by the name in their markers."""
