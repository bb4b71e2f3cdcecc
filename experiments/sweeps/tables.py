"""Write the tables of a sweep from its journal: a few thousand runs at a time, so that memory does not grow with it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..runs import worker
from ..runs.execution import Job
from ..storage import columns, store
from . import columns as sweep_columns
from .journal import FailureRow, Journal, RunRow

ROWS = 4096
"""Runs in one row group of runs.parquet."""
SERIES_ROWS = 500_000
_CATEGORIES = pa.dictionary(pa.int32(), pa.string())


def write_tables(
    folder: Path, journal: Journal, jobs: Iterable[Job], outcomes, places: dict[str, str], versions: dict[int, str]
) -> dict[str, list[columns.Column]]:
    """Write runs.parquet, and failures.parquet and series.parquet if there are any; all of them or none.

    Parameters
    ----------
    folder : Path
        Of the result.
    journal : Journal
    jobs : iterable of Job
        All runs of the design in its order.
    outcomes : mapping of str to Outcome
        Every declared outcome.
    places : dict of str to str
        The place of each scenario as the table names it, by the scenario's name.
    versions : dict of int to str
        The code's version in each session of the journal.

    Returns
    -------
    dict of str to list of Column
        The columns of each table that was written.
    """
    keys = journal.about["keys"]
    declared = {"runs": sweep_columns.run_columns(outcomes, keys)}
    if journal.failed:
        declared["failures"] = list(sweep_columns.FAILURES)
    if journal.about["series"]:
        declared["series"] = list(sweep_columns.SERIES)
    drafts = {name: folder / f".{name}.parquet.draft" for name in declared}
    try:
        with ExitStack() as stack:
            runs = stack.enter_context(_Runs(drafts["runs"], declared["runs"], keys, places, versions))
            failures: _Failures | None = None
            series: _Series | None = None
            if "failures" in drafts:
                failures = stack.enter_context(_Failures(drafts["failures"], declared["failures"]))
            if "series" in drafts:
                series = stack.enter_context(_Series(drafts["series"], declared["series"]))
            for job, row in _rows(journal, jobs):
                if isinstance(row, FailureRow):
                    assert failures is not None  # the journal counts them
                    failures.add(job, row)
                    continue
                runs.add(job, row)
                if series is not None and row.series:
                    series.add(job, row)
        for name, draft in drafts.items():
            draft.replace(folder / f"{name}.parquet")
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    if not journal.failed:
        (folder / "failures.parquet").unlink(missing_ok=True)
    return declared


def write_points(folder: Path, points, factors: Iterable[str]) -> list[columns.Column]:
    """Write points.parquet and return its columns."""
    declared = sweep_columns.point_columns(list(factors))
    numbers = {column.name: float for column in declared if column.type == "number"}
    store.write_table(points.astype(numbers), declared, folder / "points.parquet")
    return declared


def _rows(journal: Journal, jobs: Iterable[Job]) -> Iterator[tuple[Job, RunRow | FailureRow]]:
    """Yield what the journal holds with its job; both are in the order of the design."""
    runs, failures = journal.runs(), journal.failures()
    run, failure = next(runs, None), next(failures, None)
    for number, job in enumerate(jobs):
        if run is not None and run.number == number:
            yield job, run
            run = next(runs, None)
        elif failure is not None and failure.number == number:
            yield job, failure
            failure = next(failures, None)
    if run is not None or failure is not None:
        raise ValueError("the journal holds runs that the design does not have")


class _Table:
    """A Parquet file that is written in batches; a context manager."""

    batch = ROWS

    def __init__(self, path: Path, declared: list[columns.Column]):
        self._schema = pa.schema([(column.name, self.type_of(column)) for column in declared])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list = []

    def __enter__(self):
        return self

    def __exit__(self, error_type, *_):
        try:
            if error_type is None:
                self._flush()
        finally:
            self._writer.close()

    @staticmethod
    def type_of(column: columns.Column):
        """Return the Arrow type of a column."""
        return store.arrow_type(column.type)

    def _take(self, row) -> None:
        self._rows.append(row)
        if len(self._rows) >= self.batch:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_arrays(self._arrays(self._rows), schema=self._schema))
            self._rows = []

    def _arrays(self, rows: list) -> list:
        """Return the columns of some rows."""
        return [pa.array(values, field.type) for values, field in zip(zip(*rows), self._schema)]


class _Failures(_Table):
    batch = 256

    def add(self, job: Job, row: FailureRow) -> None:
        """Write a failed run."""
        inputs = json.dumps({**job.scenario.parameters, **job.scenario.levers})
        self._take((*_identity(job), row.reason, row.traceback, inputs, row.seconds))


class _Runs(_Table):
    def __init__(self, path, declared, keys, places, versions):
        super().__init__(path, declared)
        self._keys, self._places, self._versions = keys, places, versions
        self._inputs = [column.name.split(".", 1) for column in columns.input_columns()]

    def add(self, job: Job, row: RunRow) -> None:
        """Write a finished run."""
        scenario = job.scenario
        identity = (
            *_identity(job), columns.FINISHED, self._places[scenario.name], scenario.start, float(scenario.years),
            float(scenario.scale), scenario.population_seed, scenario.outcomes_from, row.seconds,
            self._versions[row.session],
        )  # fmt: skip
        self._take((identity, scenario.parameters, scenario.levers, row.outcomes))

    def _arrays(self, rows):
        identities, parameters, levers, outcomes = zip(*rows)
        arrays = list(zip(*identities))
        sections = {"parameter": parameters, "lever": levers}
        arrays += [[values[name] for values in sections[kind]] for kind, name in self._inputs]
        found = np.frombuffer(b"".join(outcomes), dtype=np.float64).reshape(len(rows), len(self._keys))
        arrays += [np.ascontiguousarray(column) for column in found.T]
        return [pa.array(values, field.type) for values, field in zip(arrays, self._schema, strict=True)]


class _Series(_Table):
    """All runs' series, one after the other; texts are stored as categories."""

    batch = 1

    def __init__(self, path, declared):
        super().__init__(path, declared)
        self._waiting: list[pa.Table] = []

    @staticmethod
    def type_of(column):
        """Return the Arrow type of a column."""
        return _CATEGORIES if column.type == "string" else store.arrow_type(column.type)

    def add(self, job: Job, row: RunRow) -> None:
        """Write the series of a finished run."""
        assert row.series is not None  # runs without one are passed over
        table = worker.unpack(row.series)
        ids = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(table), np.int32)), pa.array([job.run_id]))
        table = table.add_column(0, "run_id", ids).cast(self._schema)
        self._waiting.append(table)
        if sum(map(len, self._waiting)) >= SERIES_ROWS:
            self._flush()

    def _flush(self):
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting).unify_dictionaries())
            self._waiting = []


def _identity(job: Job) -> tuple:
    """Return the values of the columns that say which run it is."""
    return job.run_id, job.scenario.name, job.point, job.replicate, job.root_seed, job.seed
