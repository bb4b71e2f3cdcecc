"""Run one world to its end."""

from typing import TYPE_CHECKING

from .engine import build
from .recorder import RunResult, collect_run

if TYPE_CHECKING:
    from .scenario import Scenario


def run(scenario: "Scenario", seed: int = 1, record_events: bool = False) -> RunResult:
    """Simulate a scenario under one seed.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Root of every random number of the run, 0 to 2**63 - 1.
    record_events : bool
        Keep every crime, booking, visit and immigration arrest (slower, and larger).
    """
    return collect_run(build(scenario, seed, record_events), scenario, seed)
