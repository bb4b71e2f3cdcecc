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
        (claim.id, language.claim(claim.id).label, language.claim(claim.id).meaning,
         *(_shares(found.probability(source, claim.id), language) for source in found.sources))
        for claim in found.claims
    ]  # fmt: skip
    headers = ("claim", "who made it", "what it says", *(words.source_name(language, each) for each in found.sources))
    patterns, estimates, _ = folder.read(REFERENCE / "validation")
    at_defaults = patterns["model"] == DEFAULTS
    (validated,) = verdict_lines(patterns[at_defaults], estimates[estimates["model"] == DEFAULTS])
    return f"{table(headers, rows)}\nTen natural experiments, P1 to P10: {validated.removeprefix('- ')}\n"


def _shares(row, language: languages.Language) -> str:
    shares = words.shares(row, language)
    return " / ".join(f"{shares[name]} ({shares[f'{name}_interval']})" for name in ("supported", "contradicted"))


PARTS = {"answer": answer}
"""Generated parts by the name in their markers."""
