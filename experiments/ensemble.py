"""An ensemble: scenarios run over common seeds, and the tables that come of it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property

from simulation.errors import InputError

from . import columns, execution, provenance, store
from .execution import Engine, Failed, Finished, Pool
from .progress import Progress

DEFAULT_ROOT_SEED = 1
CLIPPED = "clipped_rates"


@dataclass
class Ensemble:
    """The runs of some scenarios over common seeds.

    Attributes
    ----------
    engine : Engine
    scenarios : tuple of Scenario
    root_seed : int
    workers : int
    records : list of Finished or Failed
    planned : int
        Runs that were asked for.
    interrupted : bool
        Whether Ctrl-C ended the ensemble before all planned runs.
    notes : list of str
        What a reader of the results should know.
    started, ended : str
        ISO 8601, UTC.
    folder : Path or None
        Where the result was written.
    """

    engine: Engine
    scenarios: tuple
    root_seed: int
    workers: int
    records: list[Finished | Failed] = field(default_factory=list)
    planned: int = 0
    interrupted: bool = False
    notes: list[str] = field(default_factory=list)
    started: str = field(default_factory=provenance.now)
    ended: str = ""
    folder: object = None

    @property
    def names(self) -> list[str]:
        """Names of the scenarios, in the order given."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def failed(self) -> list[Failed]:
        """The runs that did not end well."""
        return [record for record in self.records if isinstance(record, Failed)]

    @cached_property
    def runs(self):
        """One row per run (pandas.DataFrame); the columns are documented in datapackage.json."""
        from .tables import runs_table

        return runs_table(self.records, self.engine.outcomes, provenance.version_text())

    @cached_property
    def series(self):
        """Monthly counts and snapshots of all runs, long (pandas.DataFrame)."""
        from .tables import series_table

        return series_table(self.records)

    @cached_property
    def failures(self):
        """One row per failed run (pandas.DataFrame)."""
        from .tables import failures_table

        return failures_table(self.records)

    def values(self, scenario: str, key: str) -> dict[int, float]:
        """Return one outcome of a scenario's finished runs, by replicate."""
        return {
            r.job.replicate: r.outcomes.get(key, float("nan"))
            for r in self.records
            if isinstance(r, Finished) and r.job.scenario.name == scenario
        }

    def tables(self) -> dict:
        """Return the tables of the result folder: name to (pandas.DataFrame, columns)."""
        tables = {
            "runs": (self.runs, columns.run_columns(self.engine.outcomes)),
            "series": (self.series, columns.SERIES),
        }
        if self.failed:
            tables["failures"] = (self.failures, columns.FAILURES)
        return tables

    def figures(self) -> dict:
        """Return the figures of the result folder: name to matplotlib figure."""
        return {}

    def documents(self) -> dict[str, str]:
        """Return further files of the result folder: name to text."""
        return {}

    def save(self, folder, csv: bool = False):
        """Write the result folder and return its path.

        Parameters
        ----------
        folder : str, Path or store.Destination
            Must not exist yet.
        csv : bool
            Write every table as CSV too.

        Raises
        ------
        InputError
            If the folder exists or cannot be written.
        """
        with store.reserve(folder) as destination:
            self.folder = store.write(destination, self, csv=csv)
        return self.folder


def load(engine: Engine, scenarios: Iterable, overrides: dict | None) -> tuple:
    """Load scenarios by name or path; objects pass through, and then nothing can be overridden."""
    loaded = []
    for scenario in scenarios:
        if hasattr(scenario, "fingerprint"):
            if overrides:
                raise InputError("overrides apply to scenarios given by name; this one is loaded already")
            loaded.append(scenario)
        else:
            loaded.append(engine.load(scenario, dict(overrides or {})))
    return tuple(loaded)


def simulate(ensemble: Ensemble, batches: Callable[[Ensemble], Iterable[Sequence[int]]], progress: bool) -> None:
    """Run batches of replicates of every scenario into an ensemble.

    Ctrl-C ends it early and keeps what is finished; `ensemble.interrupted` says so. If nothing is finished
    yet, the interruption goes on to the caller.

    Parameters
    ----------
    ensemble : Ensemble
    batches : callable
        Given the ensemble as it stands, yields the numbers of the next replicates to run.
    progress : bool
        Whether to report on stderr.
    """
    declared = set(columns.outcome_keys(ensemble.engine.outcomes))
    try:
        with (
            Pool(ensemble.engine.run, ensemble.workers, announce=progress) as pool,
            closing(Progress(0, progress, pool.workers)) as report,
        ):
            for replicates in batches(ensemble):
                jobs = execution.plan(ensemble.scenarios, ensemble.root_seed, replicates)
                ensemble.planned += len(jobs)
                report.say(_starting(len(jobs), pool.workers, ensemble.root_seed))
                report.extend(len(jobs))
                for record in pool.map(jobs):
                    _check_declared(record, declared)
                    ensemble.records.append(record)
                    report.advance(failed=isinstance(record, Failed))
    except KeyboardInterrupt:
        if not ensemble.records:
            raise
        ensemble.interrupted = True
        ensemble.notes.append(
            f"interrupted: {len(ensemble.records)} of {ensemble.planned} runs were finished and are kept"
        )
    ensemble.ended = provenance.now()
    _note_clipping(ensemble)
    _note_scale(ensemble)


def new_ensemble(kind, scenarios, root_seed, overrides, workers, engine):
    """Return an empty ensemble of a kind (a subclass of Ensemble), with its scenarios loaded and checked."""
    engine = engine or execution.simulation_engine()
    if workers is not None:
        execution.check_count("workers", workers)
    loaded = load(engine, scenarios, overrides)
    execution.plan(loaded, root_seed, [1])  # complains before anything is written
    return kind(engine, loaded, root_seed, workers or execution.default_workers())


def _note_clipping(ensemble: Ensemble) -> None:
    """Say when rates passed the bound that candidates are drawn at: such runs have too few crimes."""
    finished = [r for r in ensemble.records if isinstance(r, Finished)]
    clipped = sum(r.outcomes.get(CLIPPED, 0.0) > 0 for r in finished)
    if clipped:
        ensemble.notes.append(
            f"warning: {clipped} of {len(finished)} runs clipped rates at their bound (outcome {CLIPPED}); "
            "raise the parameter headroom"
        )


def _note_scale(ensemble: Ensemble) -> None:
    """Say when the city is so small a sample that lumpiness bends the effects of sharing."""
    scenario = ensemble.scenarios[0]
    smallest = ensemble.engine.smallest_scale(scenario)
    if scenario.scale < smallest:
        ensemble.notes.append(
            f"note: at scale {scenario.scale:g} effects on immigrant communities can be off by more than a tenth; "
            f"use --scale {smallest:g} or more for figures to quote"
        )


def _starting(runs: int, workers: int, root_seed: int) -> str:
    processes = "1 process" if workers == 1 else f"{workers} processes"
    return f"Running {runs} worlds in {processes}, root seed {root_seed} ..."


def _check_declared(record: Finished | Failed, declared: set[str]) -> None:
    undeclared = set() if isinstance(record, Failed) else record.outcomes.keys() - declared
    if undeclared:
        raise ValueError(f"the model returned outcomes that it does not declare: {sorted(undeclared)}")
