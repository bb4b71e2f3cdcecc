"""The plain Mesa version of the model in the form that `mesa.batch_run` takes."""

import mesa

from simulation import Scenario
from simulation.engine import build
from tests.oracle import Oracle

from .sweeps import TOWN


class PlainTown(Oracle):
    """A small town, one Mesa object for each resident.

    Parameters
    ----------
    world : str
        Name of a shipped scenario.
    seed_of_run : int
    """

    def __init__(self, world: str, seed_of_run: int):
        scenario = Scenario.load(world, overrides=TOWN)
        prepared = build(scenario, seed_of_run)
        super().__init__(
            prepared.population, prepared.constants, prepared.values, scenario.policies(), scenario.days, seed_of_run,
            occurrences=scenario.occurrences(), share=scenario.scale,
        )  # fmt: skip
        self.datacollector = mesa.DataCollector({"crimes": lambda model: len(model.crimes)})

    def step(self) -> None:
        """Run a day and collect."""
        super().step()
        self.datacollector.collect(self)
