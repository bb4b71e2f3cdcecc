"""What the numbers rest on: the sources that scenarios name, and the assumptions that decide most."""

from simulation.evidence import all_evidence
from simulation.parameters import PARAMETERS

from ..exhibits.pair import Pair
from ..language import Language
from .blocks import Table

DECIDING = (
    "fear_effect", "trust_effect", "awareness", "belief_floor", "replacement", "offender_response",
    "deportation_deterrence", "load_effect", "cooperation_effect",
)  # fmt: skip
"""Assumptions that can turn a result (README); those that the two scenarios change are shown too."""


def cited(pair: Pair) -> list[str]:
    """Return the citations of both scenarios' sources, each with the ids that stand for it."""
    known = all_evidence()
    ids: dict[str, list[str]] = {}
    for source in dict.fromkeys((*pair.a.sources, *pair.b.sources)):
        citation = known[source].citation if source in known else source
        ids.setdefault(citation, []).extend([source] if source in known else [])
    return [f"{citation} ({', '.join(names)})" if names else citation for citation, names in ids.items()]


def assumption_table(pair: Pair, language: Language) -> Table:
    """Return the deciding assumptions: what each is, its value in both worlds, and its source."""
    t = language.t
    changed = [name for name, declared in PARAMETERS.items()
               if any(each.parameters[name] != declared.default for each in (pair.a, pair.b))]  # fmt: skip
    rows = []
    for name in dict.fromkeys((*DECIDING, *changed)):
        words = language.parameter(name)
        values = [language.n(each.parameters[name]) for each in (pair.a, pair.b)]
        rows.append((f"{words.label} ({name})", words.meaning, *values, words.unit, _sources(name, language)))
    headers = (
        t("report.origin.assumption"), t("report.origin.meaning"), t("report.answer.a"), t("report.answer.b"),
        t("report.answer.unit"), t("report.origin.source"),
    )  # fmt: skip
    return Table(t("report.origin.assumptions"), headers, rows, (False, False, True, True, False, False))


def _sources(name: str, language: Language) -> str:
    known = all_evidence()
    citations = [known[source].citation if source in known else language.t("report.origin.judgment")
                 for source in PARAMETERS[name].source]  # fmt: skip
    return "; ".join(dict.fromkeys(citations))
