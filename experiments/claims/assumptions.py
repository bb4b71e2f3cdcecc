"""Assumptions that both worlds of a pair share: which can be varied, how far, and the pair under other ones.

An assumption is varied within its declared prior. Where a calibrated sample is given, it takes the prior's place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from simulation.errors import InputError
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.parameters import FIXED, PARAMETERS
from simulation.scenario import Scenario, Settled
from simulation.validation import unknown

from ..designs.factors import Factor, declaration, make_factor

DECIDING = (
    "fear_effect", "awareness", "belief_floor", "substitution", "replacement", "offender_response",
    "deportation_deterrence",
)  # fmt: skip
"""The few numbers that decide most, and of which little was ever measured (README); one of them is a lever."""

PRIOR, CALIBRATED, PARTLY = "prior", "calibrated", "partly"
"""What the values of assumptions are taken from; `PARTLY`: some have a calibrated sample and some were not fitted."""
DIGITS = 4
"""Significant digits of a value that is tried: what is shown is what was run."""
_HALVINGS = 40


@dataclass(frozen=True)
class Assumption:
    """One number or rule that nobody knows, and what it may be.

    Attributes
    ----------
    factor : Factor
        With the declared prior, or the choices of a lever.
    current : object
        Its value in both worlds, before anything is varied.
    sample : tuple of float
        Calibrated values in ascending order, in place of the prior; empty where there are none.
    """

    factor: Factor
    current: Any
    sample: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Name of the parameter or lever."""
        return self.factor.name

    @property
    def basis(self) -> str:
        """`PRIOR` or `CALIBRATED`."""
        return CALIBRATED if self.sample else PRIOR

    @cached_property
    def current_share(self) -> float:
        """Share of the prior below the current value; 0 or 1 where the value lies outside."""
        return self.share(self.current)

    def value(self, share: float) -> Any:
        """Return the value below which a share of the prior lies, rounded; at the current share the current value."""
        if share == self.current_share:
            return self.current
        found = self._exact(share)
        return found if self.factor.is_categorical else float(f"{found:.{DIGITS}g}")

    def share(self, value: Any) -> float:
        """Return the share of the prior that lies below a value; of choices, the middle of the choice's share."""
        if self.factor.levels is not None:
            return (self.factor.levels.index(value) + 0.5) / len(self.factor.levels)
        low, high = 0.0, 1.0
        if value <= self._exact(low):
            return low
        if value >= self._exact(high):
            return high
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._exact(middle) < value else (low, middle)
        return (low + high) / 2

    def middles(self, count: int) -> tuple:
        """Return the middles of `count` equal shares of the prior, or every choice."""
        if self.factor.levels is not None:
            return self.factor.levels
        return tuple(float(f"{self._exact((n + 0.5) / count):.{DIGITS}g}") for n in range(count))

    def _exact(self, share: float) -> Any:
        if self.sample:
            import numpy as np

            return float(np.quantile(self.sample, share))
        return self.factor.value(share)


def assumptions_of(
    a: Scenario, b: Scenario, sample: Mapping[str, Sequence[float]] | None = None
) -> dict[str, Assumption]:
    """Return every assumption that can be varied in a pair without undoing what its worlds differ in.

    Left out are what has no prior, what differs between the worlds, and levers that a calendar sets on some day.

    Parameters
    ----------
    a, b : Scenario
    sample : mapping, optional
        Calibrated values of parameters, by name; they take the place of the priors.
    """
    dated = _set_by_calendar(a) | _set_by_calendar(b)
    found = {}
    for name in [*PARAMETERS, *LEVERS]:
        values = [value_in(scenario, name) for scenario in (a, b)]
        if values[0] != values[1] or name in dated or not _can_vary(name):
            continue
        factor = make_factor(name, "assumptions")
        drawn = tuple(sorted(map(float, (sample or {}).get(name, ()))))
        found[name] = Assumption(factor, values[0], drawn)
    return found


def basis_of(assumptions: Iterable[Assumption]) -> str:
    """Return what the values of several assumptions are taken from: `PRIOR`, `CALIBRATED` or `PARTLY`."""
    found = {assumption.basis for assumption in assumptions}
    return found.pop() if len(found) == 1 else PARTLY


def choose(found: Mapping[str, Assumption], names: Sequence[str]) -> tuple[Assumption, ...]:
    """Return assumptions by name.

    Raises
    ------
    InputError
        For a name twice, or one that cannot be varied, with the nearest that can.
    """
    for name in names:
        if name not in found:
            raise InputError(unknown("assumption that can be varied", name, found))
    if len(set(names)) < len(names):
        raise InputError(f"assumptions {', '.join(names)}: each only once")
    return tuple(found[name] for name in names)


def under(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario under other assumptions; its name and all else stay."""
    parameters = {name: value for name, value in values.items() if name in PARAMETERS}
    levers = {name: value for name, value in values.items() if name in LEVERS}
    return replace(
        scenario,
        parameters=Settled({**scenario.parameters, **parameters}),
        levers=Settled({**scenario.levers, **levers}),
    )


def value_in(scenario: Scenario, name: str) -> Any:
    """Return the value of a parameter, or the standing one of a lever."""
    return scenario.parameters[name] if name in PARAMETERS else scenario.levers[name]


def _can_vary(name: str) -> bool:
    declared = declaration(name)
    return declared.bounds is None or declared.prior != FIXED


def _set_by_calendar(scenario: Scenario) -> set[str]:
    return {value.lever for event in scenario.events for value in EVENT_KINDS[event.kind].values if value.lever}
