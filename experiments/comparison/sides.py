"""Two scenarios for a comparison, each with settings of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulation.errors import InputError

from ..runs.execution import Engine


def load_sides(
    names: Sequence[Any], common: Mapping[str, Any], own: Sequence[Mapping[str, Any]], engine: Engine
) -> tuple:
    """Load two scenarios, each with the settings of both and its own.

    Parameters
    ----------
    names : sequence of str or Path
        Two; the same name twice is one scenario in two versions, and the second gets a name of its own.
    common : mapping
        Keys of the scenario file to replace in both.
    own : sequence of mapping
        Keys to replace in the first, and in the second.
    engine : Engine

    Returns
    -------
    tuple of Scenario

    Raises
    ------
    InputError
        If there are not two scenarios, a key is set twice, or one cannot be set.
    """
    if len(names) != 2:
        raise InputError("settings of one scenario alone need exactly two scenarios")
    for settings in own:
        for key in settings:
            if key in common:
                raise InputError(f"{key} is set for both scenarios and for one of them; give one")
    a, b = (engine.load(name, {**common, **settings}) for name, settings in zip(names, own))
    return a, replace(b, name=second_name(a.name, b.name))


def second_name(first: str, second: str) -> str:
    """Return what the second of two scenarios is called, so that results can be told apart by name."""
    return f"{second}-2" if first == second else second
