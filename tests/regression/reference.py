"""The reference run: what it consists of, and where its outcomes are kept."""

import datetime
import json
from pathlib import Path

from simulation import Scenario, run

FILE = Path(__file__).parents[2] / "results" / "reference" / "riverton.json"
SCENARIOS = ("agreement-renewed", "agreement-ended")
SEEDS = (1, 2)
OVERRIDES = {
    "place": "riverton",
    "scale": 0.2,
    "start": datetime.date(2017, 9, 1),
    "years": 2,
    "outcomes_from": datetime.date(2018, 8, 31),
}


def compute() -> dict[str, dict[str, dict[str, float | None]]]:
    """Return every outcome by scenario and seed; null where a rate has nothing to divide by."""
    return {
        name: {str(seed): _outcomes(Scenario.load(name, overrides=OVERRIDES), seed) for seed in SEEDS}
        for name in SCENARIOS
    }


def _outcomes(scenario, seed: int) -> dict[str, float | None]:
    return {key: value if value == value else None for key, value in run(scenario, seed).outcomes.items()}


def stored() -> dict:
    """Return the committed outcomes."""
    return json.loads(FILE.read_text(encoding="utf-8"))
