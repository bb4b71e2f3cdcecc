"""Two Claims: the model. `run` a `Scenario`, or watch a `TrustModel` day by day."""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .model import TrustModel
    from .place import Place
    from .scenario import Scenario
    from .world import run

# Imported on first use, so that a command line answers at once.
_HOMES = {"Scenario": "scenario", "Place": "place", "TrustModel": "model", "run": "world"}

__all__ = ["Place", "Scenario", "TrustModel", "run"]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
