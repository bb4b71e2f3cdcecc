"""What a pair of worlds shows: each exhibit is a figure, its table and its words, in one of the languages."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Pair": "pair",
    "RunSummary": "pair",
    "summarize": "pair",
    "Exhibit": "exhibit",
    "Look": "exhibit",
    "over_time": "courses",
    "MEASURES": "measures",
    "difference": "differences",
    "pairs": "differences",
    "styles_of": "differences",
    "flow": "flows",
    "by_community": "communities",
    "ledger": "claims",
    "truth_map": "claims_map",
    "recorded_and_true": "recorded",
    "caution": "recorded",
    "district_map": "districts",
    "outcome_finding": "words",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: worker processes need no figures."""
    if name not in _HOMES:
        raise AttributeError(f"module 'experiments.exhibits' has no attribute '{name}'")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
