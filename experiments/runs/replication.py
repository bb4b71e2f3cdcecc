"""Run one scenario over several seeds and summarize its outcomes."""

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property

from ..counting import HAPPENED, against_truth
from ..storage import columns, store
from . import execution
from .ensemble import DEFAULT_ROOT_SEED, Ensemble, new_ensemble, simulate


@dataclass
class Replication(Ensemble):
    """Replicates of one scenario."""

    @cached_property
    def summary(self):
        """Mean, standard deviation and interval of every outcome over replicates (pandas.DataFrame)."""
        from ..storage.tables import summary_table

        return summary_table(self.runs, self.engine.outcomes)

    @cached_property
    def counting(self) -> dict:
        """How far the record and the survey are from the crimes that happened, in percent of these, by count."""
        replicates = sorted(self.values(self.names[0], HAPPENED))
        return against_truth(lambda key: [self.values(self.names[0], key)[each] for each in replicates])

    def tables(self) -> dict:
        """Return the tables of the result folder, the summary included."""
        return {**super().tables(), "summary": (self.summary, columns.SUMMARY)}


def replicate(
    scenario,
    seeds: int = 1,
    root_seed: int = DEFAULT_ROOT_SEED,
    overrides: dict | None = None,
    workers: int | None = None,
    out=None,
    progress: bool = True,
    csv: bool = False,
    engine: execution.Engine | None = None,
) -> Replication:
    """Run one scenario over several seeds.

    Parameters
    ----------
    scenario : str, Path or Scenario
    seeds : int
        Number of replicates.
    root_seed, overrides, workers, out, progress, csv, engine
        As in `compare`.

    Returns
    -------
    Replication
        With `.summary`, `.runs`, `.series`, `.failures` as pandas tables.

    Raises
    ------
    InputError
        If a value is out of range, or the folder cannot be written.
    """
    execution.check_count("seeds", seeds)
    ensemble = new_ensemble(Replication, [scenario], root_seed, overrides, workers, engine)
    with store.reserve(out) if out else nullcontext() as destination:
        simulate(ensemble, lambda _: [range(1, seeds + 1)], progress)
        if destination:
            ensemble.save(destination, csv=csv)
    return ensemble
