"""The workload in mesa-frames as its first release has it: a set of agents is a Polars table, a rule an expression.

Release 0.1.0a0 is the only one on the Python Package Index. It asks for NumPy 1.26, so it cannot be installed beside
this project, and it has no DataCollector.
"""

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from .workload import (
    CLEARED,
    FEAR_EFFECT,
    FEAR_KEPT,
    FEAR_LEVEL,
    REPORTING,
    SEVERITY_EFFECT,
    SHOCK_HOUSEHOLD,
    SHOCK_TARGET,
    SHOCK_TIE,
    STATUSES,
    TRUST_EFFECT,
    TRUST_GAIN,
    TRUST_LOSS,
    UNDOCUMENTED,
    People,
)


class Residents(AgentSetPolars):
    """A row for each resident; their ties are a column of lists, kept apart because it never changes."""

    def __init__(self, model, people: People):
        super().__init__(model)
        number = len(people.status)
        level = np.take(FEAR_LEVEL, people.status)
        columns = {"status": people.status, "household": people.household, "hazard": people.hazard,
                   "trust": people.trust, "fear": level, "fear_level": level}  # fmt: skip
        self += pl.DataFrame({"unique_id": np.arange(number)} | columns)
        who = np.repeat(np.arange(number), np.diff(people.ties_start))
        ties = pl.DataFrame({"unique_id": who, "ties": people.ties.astype(np.int64)})
        self.ties = ties.group_by("unique_id").agg("ties")
        self.undocumented = np.flatnonzero(people.status == UNDOCUMENTED)

    def step(self):
        """Run a day."""
        excess = pl.col("fear") - pl.col("fear_level")
        self.agents = self.agents.with_columns(fear=pl.col("fear_level") + excess * FEAR_KEPT)
        self.suffer_crimes()
        self.meet_enforcement()

    def uniform(self, number):
        """Return uniform numbers of the model's generator."""
        return pl.Series(self.random.random(number))

    def suffer_crimes(self):
        """Let victims report or keep silent, and learn what became of it."""
        victims = self.agents.filter(self.uniform(len(self)) < pl.col("hazard"))
        draws = (self.uniform(len(victims)) for _ in range(3))
        odds = (
            REPORTING + TRUST_EFFECT * pl.col("trust") - FEAR_EFFECT * pl.col("fear")
            + SEVERITY_EFFECT * pl.col("severity")
        )  # fmt: skip
        trust = pl.col("trust")
        victims = (
            victims.with_columns(**dict(zip(("severity", "u", "v"), draws)))
            .with_columns(reported=pl.col("u") < 1 / (1 + (-odds).exp()))
            .with_columns(cleared=pl.col("reported") & (pl.col("v") < CLEARED))
            .with_columns(
                trust=pl.when("cleared").then(trust + TRUST_GAIN * (1 - trust))
                .when("reported").then(trust - TRUST_LOSS * trust).otherwise(trust)
            )
        )  # fmt: skip
        self.agents = self.agents.update(victims.select("unique_id", "trust"), on="unique_id")
        counts = victims.group_by("status").agg(pl.len(), pl.col("reported").sum(), pl.col("cleared").sum())
        self.model.counts = np.zeros((3, len(STATUSES)))
        for status, *numbers in counts.iter_rows():
            self.model.counts[:, status] = numbers

    def meet_enforcement(self):
        """Add to the fear of the targets of enforcement events, of their households and of their ties."""
        number = self.random.poisson(self.model.enforcement)
        if number == 0:
            return
        events = pl.DataFrame({"target": self.undocumented[self.random.integers(len(self.undocumented), size=number)]})
        homes = events.join(self.agents.select("household", target="unique_id"), on="target")
        is_target = pl.col("unique_id") == pl.col("target")
        households = homes.join(self.agents.select("household", "unique_id"), on="household").select(
            "unique_id", shock=pl.when(is_target).then(SHOCK_TARGET).otherwise(SHOCK_HOUSEHOLD)
        )
        ties = events.join(self.ties, left_on="target", right_on="unique_id").explode("ties")
        ties = ties.select(unique_id="ties", shock=pl.lit(SHOCK_TIE))
        frightened = (
            pl.concat([households, ties])
            .group_by("unique_id").agg(pl.col("shock").sum())
            .join(self.agents.select("unique_id", "fear"), on="unique_id")
            .select("unique_id", fear=pl.min_horizontal(1.0, pl.col("fear") + pl.col("shock")))
        )  # fmt: skip
        self.agents = self.agents.update(frightened, on="unique_id")


class City(ModelDF):
    """The residents, and the measures of each day."""

    def __init__(self, people: People, seed: int, enforcement: float):
        super().__init__(seed)
        self.enforcement = enforcement * len(people.status)
        self.residents = Residents(self, people)
        self.agents += self.residents
        self.days = []

    def step(self):
        """Run a day and collect."""
        super().step()
        means = self.residents.agents.group_by("status").agg(pl.col("fear", "trust").mean()).sort("status")
        self.days.append([*self.counts, means["fear"].to_numpy(), means["trust"].to_numpy()])


def prepare(people, days, seed, enforcement):
    """Build the city (see `workload.Prepare`)."""
    city = City(people, seed, enforcement)

    def run():
        for _ in range(days):
            city.step()
        return np.array(city.days)

    return run
