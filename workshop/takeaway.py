"""The predictions of a room as files: one table that a spreadsheet reads, and everything for a script."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from experiments.exhibits.counted import warning
from experiments.exhibits.words import scenario_title, unit_of_difference
from experiments.language import Language, load
from experiments.language.files import ENGLISH
from experiments.storage.provenance import CAUTION
from simulation.outcomes import OUTCOMES

from .link import make_query
from .predictions import as_csv, as_json, direction_of
from .rooms import Round

COLUMNS = (
    "round", "world_a", "world_b", "outcome", "unit", "name", "table", "direction", "size", "confidence", "effect",
    "lower", "upper", "pairs", "root_seed", "version", "reading", "purpose", "caution",
)  # fmt: skip


def predictions_csv(rounds: Sequence[Round], lang: Language) -> bytes:
    """Return one row for each prediction, with what the worlds show beside it once that is revealed."""
    header = [lang.t(f"workshop.file.{name}") for name in COLUMNS]
    rows = []
    for number, done in enumerate(rounds, 1):
        answer = done.answer
        sides = (answer.a, answer.b) if answer else (done.question.a.scenario, done.question.b.scenario)
        titles = [scenario_title(lang, side) if answer else lang.scenario(side).label for side in sides]
        about = [number, *titles, lang.outcome(done.key).label, unit_of_difference(lang, done.key)]
        seen = [""] * 7
        if answer:
            effect = answer.effect
            seen = [effect.effect, effect.lower, effect.upper, effect.pairs, answer.root_seed, answer.version]
            seen.append(lang.verdict(effect.verdict))
        for each in done.predictions.values():
            said = [each.name, each.table, lang.t(f"workshop.direction_{each.direction}"), each.size, each.confidence]
            rows.append([*about, *said, *seen, lang.t("report.origin.purpose_text"), lang.t("report.caution")])
    return as_csv(header, rows)


def predictions_json(rounds: Sequence[Round]) -> bytes:
    """Return every round: the link that opens its comparison, its predictions, and what the worlds show."""
    return as_json([_plain(number, done) for number, done in enumerate(rounds, 1)])


def _plain(number: int, done: Round) -> dict[str, Any]:
    answer = done.answer
    result = None
    if answer is not None:
        result = {
            **answer.effect._asdict(), "direction": direction_of(answer.effect), "root_seed": answer.root_seed,
            "failed_pairs": answer.failed, "version": answer.version,
            "counting_warning": warning(answer.counts, answer.n, load(ENGLISH)),
        }  # fmt: skip
    return {
        "round": number,
        "link": f"?{make_query(done.question, 'compare', 'en')}",
        "outcome": done.key,
        "unit": OUTCOMES[done.key.partition(".")[0]].unit,
        "effect_is": "world A minus world B",
        "predictions": [asdict(each) for each in done.predictions.values()],
        "result": result,
        "purpose": load(ENGLISH).t("report.origin.purpose_text"),
        "caution": CAUTION,
    }
