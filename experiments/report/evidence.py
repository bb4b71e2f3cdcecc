"""What the numbers rest on: the sources that scenarios name, and the assumptions that decide most."""

from simulation.evidence import all_evidence
from simulation.parameters import PARAMETERS

from ..claims.assumptions import DECIDING, value_in
from ..designs.factors import declaration
from ..exhibits.pair import Pair
from ..exhibits.words import capitalized
from ..language import Language


def cited(pair: Pair) -> list[str]:
    """Return the citations of both scenarios' sources, each with the ids that stand for it."""
    known = all_evidence()
    ids: dict[str, list[str]] = {}
    for source in dict.fromkeys((*pair.a.sources, *pair.b.sources)):
        citation = known[source].citation if source in known else source
        ids.setdefault(citation, []).extend([source] if source in known else [])
    return [f"{citation} ({', '.join(names)})" if names else citation for citation, names in ids.items()]


def assumptions(pair: Pair, language: Language) -> list[tuple[str, str]]:
    """Return the assumptions that decide most, and those that a scenario changes.

    Each is what it is called, and what it means, its value in both worlds, and its source.
    """
    changed = [
        name
        for name, declared in PARAMETERS.items()
        if any(each.parameters[name] != declared.default for each in (pair.a, pair.b))
    ]
    return [_assumption(pair, name, language) for name in dict.fromkeys((*DECIDING, *changed))]


def _assumption(pair: Pair, name: str, language: Language) -> tuple[str, str]:
    words = (language.parameter if name in PARAMETERS else language.lever)(name)
    a, b = (language.n(value_in(each, name)) for each in (pair.a, pair.b))
    key = "same_value" if a == b else "two_values"
    said = [
        words.meaning,
        language.t(f"report.origin.{key}", a=a, b=b, unit=words.unit),
        language.t("report.origin.source", source=_sources(name, language)),
    ]
    return f"{capitalized(words.label)} ({name})", " ".join(said)


def _sources(name: str, language: Language) -> str:
    known = all_evidence()
    citations = [known[source].citation if source in known else language.t("report.origin.judgment")
                 for source in declaration(name).source]  # fmt: skip
    return "; ".join(dict.fromkeys(citations))
