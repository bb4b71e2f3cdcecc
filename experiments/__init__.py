"""The researcher's use of the model: compare scenarios, check a place, and the command line."""

from importlib import import_module
from typing import Any

_LAZY = {"compare": ".comparison", "replicate": ".replication", "Design": ".design", "Result": ".result"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that importing the package costs nothing."""
    if name not in _LAZY:
        raise AttributeError(f"module 'experiments' has no attribute '{name}'")
    value = getattr(import_module(_LAZY[name], __name__), name)
    globals()[name] = value
    return value
