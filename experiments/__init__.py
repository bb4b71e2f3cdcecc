"""The researcher's use of the model, from Python or by the command `twoclaims`.

One world beside another (`compare`, `replicate`, `tell_stories`), thousands of them (`Design`, `sweep`, `replay`), and
what they say (`Result`, `analyze_sensitivity`, `discover`, `measure_regret`).
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "compare": "comparison.comparison",
    "replicate": "runs.replication",
    "tell_stories": "stories.stories",
    "Design": "designs.design",
    "sweep": "sweeps.sweep",
    "replay": "storage.replay",
    "export": "storage.export",
    "Result": "storage.result",
    "analyze_sensitivity": "sensitivity.sensitivity",
    "discover": "discovery.discovery",
    "measure_regret": "regret.regret",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'experiments' has no attribute '{name}'")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
