"""The few functions that the rules share (ODD 3)."""

import math
from dataclasses import dataclass

from simulation.randomness import uniform


def expit(x: float) -> float:
    """Return the probability whose log-odds are x."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def logit(p: float) -> float:
    """Return the log-odds of a probability."""
    return math.log(p / (1.0 - p))


def pick(u: float, n: int) -> int:
    """Return one of 0 to n - 1, all equally likely."""
    return int(u * n)


def delay(mean: float, u: float) -> int:
    """Return a geometric waiting time of at least one whole day with the given mean."""
    if mean <= 1.0:
        return 1
    return 1 + math.floor(math.log(1.0 - u) / math.log(1.0 - 1.0 / mean))


def kept_per_day(half_life: float) -> float:
    """Return the share that one day leaves of something that halves in that many days."""
    return 0.5 ** (1.0 / half_life)


@dataclass(frozen=True)
class Draws:
    """The random numbers of one event: `u(STREAM)` is always the same number for the same event."""

    seed: int
    who: int
    occasion: int

    def __call__(self, stream: int) -> float:
        return float(uniform(self.seed, stream, self.who, self.occasion))
