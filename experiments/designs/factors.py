"""What a design varies: a declared parameter or lever, with a distribution or with the values it may take."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from simulation.errors import InputError
from simulation.events import check_value
from simulation.levers import LEVERS, Lever
from simulation.parameters import FIXED, PARAMETERS, Parameter, Prior
from simulation.validation import number, show, unknown

from ..rounding import spaced as words

PARAMETER, LEVER = "parameter", "lever"
SECTIONS = {"parameters": PARAMETERS, "parameter": PARAMETERS, "levers": LEVERS, "lever": LEVERS}
"""What may come before a name: the section of a scenario file, or as in a column of a table of runs."""
DISTRIBUTIONS = {"uniform": "low, high", "log_uniform": "low, high", "normal": "mean, sd", "beta": "a, b"}
"""Distributions that a prior may name, and the two numbers that each takes."""
TAIL = 0.025
"""Share of a normal or beta prior that lies beyond each end of its plausible range."""
DIGITS = 12
"""Significant digits of evenly spaced values: 0.3, not 0.30000000000000004."""


@dataclass(frozen=True)
class Factor:
    """One factor of a design; it has either a prior or levels.

    Attributes
    ----------
    name : str
        Flat name of a declared parameter or lever.
    kind : str
        `parameter` or `lever`.
    prior : Prior or None
        Distribution of its values, cut at the declared bounds.
    levels : tuple or None
        The values that it may take, each equally likely.
    """

    name: str
    kind: str
    prior: Prior | None = None
    levels: tuple | None = None

    @property
    def declared(self) -> Parameter | Lever:
        """The declaration of the parameter or lever."""
        return declaration(self.name)

    @property
    def label(self) -> str:
        """The name as words, such as `vulnerability: undocumented`."""
        return words(self.name).replace(".", ": ")

    @property
    def unit(self) -> str:
        """Unit of its values."""
        return self.declared.unit

    @property
    def meaning(self) -> str:
        """What it is, in one sentence."""
        return self.declared.meaning

    @property
    def column(self) -> str:
        """Name of its column in a table of runs, such as `parameter.fear_effect`."""
        return f"{self.kind}.{self.name}"

    @property
    def is_categorical(self) -> bool:
        """Whether its values are words, or yes and no, and not numbers."""
        return self.declared.bounds is None

    @property
    def bounds(self) -> tuple[float, float]:
        """Ends of the plausible values.

        The ends of a uniform prior, the central 95% of a normal or beta one, the lowest and highest of levels that are
        numbers; of a categorical factor, the positions of the first and last level.
        """
        if self.levels is not None:
            return (0.0, len(self.levels) - 1.0) if self.is_categorical else (min(self.levels), max(self.levels))
        low, high = self._plausible_shares
        return self.value(low), self.value(high)

    @property
    def _drawn_from(self) -> Prior:
        """The prior of a factor without levels."""
        assert self.prior is not None  # it has either a prior or levels
        return self.prior

    @property
    def _plausible_shares(self) -> tuple[float, float]:
        """Shares of the prior below the ends of the plausible values."""
        return (TAIL, 1.0 - TAIL) if self._drawn_from.distribution in ("normal", "beta") else (0.0, 1.0)

    def value(self, u: float) -> Any:
        """Return the value below which a share `u` of the prior lies; with levels, equal shares of [0, 1] each."""
        return self.values([u])[0]

    def values(self, shares: Iterable[float]) -> list:
        """Return the values at many shares, as `value` does for one."""
        import numpy as np

        u = np.asarray(shares, float)
        if u.size and not (u.min() >= 0.0 and u.max() <= 1.0):
            raise ValueError(f"factor {self.name}: shares must lie between 0 and 1")
        if self.levels is not None:
            positions = np.minimum((u * len(self.levels)).astype(int), len(self.levels) - 1)
            return [self.levels[position] for position in positions]
        distribution, low, high, below, above = _cut(self.prior, self.declared.bounds)
        return np.clip(distribution.ppf(below + u * (above - below)), low, high).tolist()

    def shares(self, values: Iterable[float]):
        """Return the share of the prior that lies below each of many values (ndarray); the reverse of `values`."""
        import numpy as np

        distribution, _, _, below, above = _cut(self.prior, self.declared.bounds)
        return np.clip((distribution.cdf(np.asarray(values, float)) - below) / (above - below), 0.0, 1.0)

    def at_position(self, position: int, count: int) -> Any:
        """Return the value at one of `count` positions that divide the plausible values into equal shares.

        Levels get equal shares of the positions, as nearly as can be, and the first as many as the last.
        """
        if self.levels is not None:
            last = len(self.levels) - 1
            if 2 * position >= count:  # a mirror of the first half, also where a position lies between two levels
                return self.levels[last - (2 * (count - position) - 1) * len(self.levels) // (2 * count)]
            return self.levels[(2 * position + 1) * len(self.levels) // (2 * count)]
        low, high = self._plausible_shares
        return self.value(low + (high - low) * position / (count - 1))

    def spaced(self, count: int) -> tuple:
        """Return `count` values from end to end, evenly spaced (by ratio for a log-uniform prior), or the levels."""
        if self.levels is not None:
            return self.levels
        low, high = self.bounds
        steps = [step / (count - 1) for step in range(1, count - 1)]
        if self._drawn_from.distribution == "log_uniform":
            inner = [low * (high / low) ** step for step in steps]
        else:
            inner = [low + (high - low) * step for step in steps]
        return (low, *(float(f"{value:.{DIGITS}g}") for value in inner), high)

    def check(self, value: Any, key: str) -> Any:
        """Return a value for this factor as the model takes it, or refuse it in one line (see `check`)."""
        return check(self.name, value, key)


def declaration(name: str) -> Parameter | Lever:
    """Return the declared parameter or lever of a name."""
    return PARAMETERS[name] if name in PARAMETERS else LEVERS[name]


def check(name: str, value: Any, key: str) -> Any:
    """Return the value of a declared parameter or lever as the model takes it, or refuse it.

    Parameters
    ----------
    name : str
    value : object
    key : str
        Where it was written: file and key, for the error.

    Raises
    ------
    InputError
        One line: where, value, what is allowed, unit and meaning.
    """
    declared = declaration(name)
    if isinstance(declared, Lever):
        return check_value(declared, value, key)
    return number(key, value, declared.bounds, declared.unit, declared.meaning)


def make_factor(
    name: str,
    label: str,
    low: float | None = None,
    high: float | None = None,
    prior: str | None = None,
    values: Iterable | None = None,
) -> Factor:
    """Return a factor from what a design says of it; nothing said is its declared prior, or all its choices.

    Parameters
    ----------
    name : str
        As a design writes it; `parameters.` or `levers.` may come before it.
    label : str
        The design, for errors.
    low, high : float, optional
        Ends of a range with equal density; both or none.
    prior : str, optional
        A distribution such as `log_uniform(0.1, 2)`.
    values : iterable, optional
        The values it may take.

    Raises
    ------
    InputError
        If there is no such parameter or lever, or it cannot take such values.
    """
    name, kind = resolve(name, f"{label}: [factors]")
    key = f"{label}: factors.{name}"
    if sum((values is not None, prior is not None, low is not None or high is not None)) > 1:
        raise InputError(f"{key}: give low and high, or prior, or values, but only one of them")
    declared = declaration(name)
    if values is not None:
        return Factor(name, kind, levels=_levels(name, tuple(values), key))
    if declared.bounds is None:
        if prior is not None or low is not None or high is not None:
            given = "prior" if prior is not None else "low and high"
            raise InputError(f"{key}: takes words or true and false, not numbers: give values, not {given}")
        return Factor(name, kind, levels=getattr(declared, "choices", ()) or (False, True))
    if prior is not None:
        factor = Factor(name, kind, prior=_checked(_parse(prior, key), declared, key))
        values = factor.values((0.0, 0.1, 0.5, 0.9, 1.0))
        if not all(lower < higher for lower, higher in pairwise(values)):
            raise InputError(f"{key}.prior = {show(prior)}: too narrow or too wide for the values that are allowed")
        return factor
    if low is not None or high is not None:
        return Factor(name, kind, prior=_range(low, high, declared, key))
    if declared.prior == FIXED:
        raise InputError(f"{key}: has no prior, because it is not meant to vary; give low and high, or values")
    return Factor(name, kind, prior=declared.prior)


def resolve(name: str, where: str) -> tuple[str, str]:
    """Return the flat name and the kind of a parameter or lever, or refuse a name that is none."""
    section, _, rest = name.partition(".")
    if rest in SECTIONS.get(section, ()):
        name = rest
    if name in PARAMETERS:
        return name, PARAMETER
    if name in LEVERS:
        return name, LEVER
    members = [each for each in PARAMETERS if each.startswith(f"{name}.")]
    if members:
        raise InputError(f"{where}: {name} is a table; write {members[0]} and so on")
    raise InputError(f"{where}: {unknown('parameter or lever', name, [*PARAMETERS, *LEVERS])}")


def prior_text(prior: Prior) -> str:
    """Return a prior as a design file writes it, with all digits."""
    return f"{prior.distribution}({', '.join(repr(float(each)) for each in prior.arguments)})"


def _levels(name: str, values: tuple, key: str) -> tuple:
    levels = tuple(check(name, value, f"{key}.values[{n}]") for n, value in enumerate(values, 1))
    if len(set(levels)) < len(levels):
        repeated = next(value for value in levels if levels.count(value) > 1)
        raise InputError(f"{key}.values: {show(repeated)} is given twice")
    if len(levels) < 2:
        raise InputError(f"{key}.values: a factor needs at least two; a single value belongs in [set]")
    return levels


def _range(low: float | None, high: float | None, declared: Parameter | Lever, key: str) -> Prior:
    if low is None or high is None:
        missing, given = ("low", "high") if low is None else ("high", "low")
        raise InputError(f"{key}: {missing} is missing; {given} alone is no range")
    return _checked(Prior("uniform", (low, high)), declared, key, is_range=True)


def _parse(text: str, key: str) -> Prior:
    """Return the prior that a text such as `uniform(0, 1)` says."""
    form = "write a prior as one of " + ", ".join(f"{name}({numbers})" for name, numbers in DISTRIBUTIONS.items())
    found = re.fullmatch(r"\s*([A-Za-z_]+)\s*\(([^()]*)\)\s*", text)
    if not found:
        raise InputError(f"{key}.prior = {show(text)}: {form}")
    name, inside = found[1], found[2].split(",")
    if name not in DISTRIBUTIONS:
        raise InputError(f"{key}.prior = {show(text)}: {unknown('distribution', name, DISTRIBUTIONS)}")
    try:
        arguments = tuple(float(each) for each in inside)
    except ValueError:
        arguments = ()
    if len(arguments) != 2 or not all(map(math.isfinite, arguments)):
        raise InputError(f"{key}.prior = {show(text)}: {form}")
    return Prior(name, arguments)


def _checked(prior: Prior, declared: Parameter | Lever, key: str, is_range: bool = False) -> Prior:
    """Return a prior whose values the parameter or lever can take, or refuse it."""
    first, second = prior.arguments
    bounds = declared.bounds
    assert bounds is not None  # words have no prior
    where = f"{key}.prior = {show(prior_text(prior))}"
    limits = bounds, declared.unit, declared.meaning
    if prior.distribution in ("uniform", "log_uniform"):
        for end, value in zip(("low", "high"), prior.arguments):
            number(f"{key}.{end}" if is_range else f"{where}: {end}", value, *limits)
        if not first < second:
            reason = "a single value belongs in [set]" if first == second else "low must be below high"
            raise InputError(f"{key}: low = {first:g}, high = {second:g}: {reason}")
        if prior.distribution == "log_uniform" and first <= 0:
            raise InputError(f"{where}: low must be above 0, as its logarithm is taken")
    elif prior.distribution == "normal":
        if not second > 0:
            raise InputError(f"{where}: sd must be above 0")
        number(f"{where}: mean", first, *limits)
    elif not (first > 0 and second > 0):
        raise InputError(f"{where}: a and b must be above 0")
    elif not (bounds[0] < 1 and bounds[1] > 0):
        low, high = bounds
        raise InputError(f"{where}: lies between 0 and 1, and the values allowed between {low:g} and {high:g}")
    return Prior(prior.distribution, (float(first), float(second)))


@cache
def _cut(prior: Prior, bounds: tuple[float, float]) -> tuple:
    """Return (distribution, lowest, highest, share below the lowest, share below the highest) of a prior in bounds."""
    from scipy import stats

    first, second = prior.arguments
    low, high = bounds
    if prior.distribution == "uniform":
        return stats.uniform(first, second - first), first, second, 0.0, 1.0
    if prior.distribution == "log_uniform":
        return stats.loguniform(first, second), first, second, 0.0, 1.0
    if prior.distribution == "normal":
        ends = (low - first) / second, (high - first) / second
        return stats.truncnorm(*ends, loc=first, scale=second), low, high, 0.0, 1.0
    low, high = max(low, 0.0), min(high, 1.0)
    distribution = stats.beta(first, second)
    return distribution, low, high, float(distribution.cdf(low)), float(distribution.cdf(high))
