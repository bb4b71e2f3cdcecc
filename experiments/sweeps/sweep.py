"""Run a design: thousands of worlds, of which none is lost and none is run twice, whatever ends the program."""

import dataclasses
import errno
import hashlib
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from simulation.errors import InputError

from ..designs.estimate import BYTES_OF_A_NUMBER, BYTES_OF_A_RESULT, BYTES_OF_A_RUN, BYTES_OF_A_SERIES_ROW
from ..runs import execution
from ..runs.ensemble import CLIPPED, check_declared, scale_note, starting
from ..runs.execution import Chunks, Engine, Failed, Job, Pool, PoolLost
from ..runs.progress import Progress
from ..storage import columns, export, store
from ..storage.result import DESIGN, Result
from . import columns as sweep_columns
from . import folder as sweep_folder
from . import record as sweep_record
from .journal import Journal, bytes_per_run

_OF_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)
_CELLS = 45
"""About how many rows a metric has in a month, for the size of a result."""


def sweep(
    design=None,
    out=None,
    workers: int | None = None,
    scheduler=None,
    resume=None,
    max_failures: int | None = None,
    progress: bool = True,
    engine: Engine | None = None,
    overrides: dict | None = None,
    retry_failed: bool = False,
    csv: bool = False,
) -> Result:
    """Run a design, or complete a sweep that was stopped.

    Finished runs are kept in the result folder all along. Whatever stops the sweep, `resume` completes it to the same
    tables as if it had never stopped.

    Parameters
    ----------
    design : Design, str or Path, optional
        What to run. To resume it can be left out; if given it must be the same.
    out : str or Path, optional
        Folder for the result; must not exist. `results/<name>-<time>` by default.
    workers : int, optional
        Processes at a time; by default one less than all cores.
    scheduler : str, optional
        Address of a Dask scheduler that does the runs instead, such as `tcp://host:8786`.
    resume : str or Path, optional
        Folder of a stopped sweep to complete.
    max_failures : int, optional
        Stop once so many runs have failed.
    progress : bool
        Whether to report on stderr.
    engine : Engine, optional
        The model to run; this project's by default.
    overrides : dict, optional
        Keys of the design to replace, for a design given by name.
    retry_failed : bool
        When resuming, do failed runs again.
    csv : bool
        Write every table as CSV too.

    Returns
    -------
    Result
        Its manifest's `status` is `complete`, or `interrupted` (Ctrl-C) or `stopped` (too many failures), and then it
        holds the runs that are finished.

    Raises
    ------
    InputError
        If the design does not fit the model, or the folder cannot be used; nothing has run then.
    OSError
        If the disk is full; finished runs are kept.
    KeyboardInterrupt
        After Ctrl-C before any run was finished.
    """
    engine = engine or execution.simulation_engine()
    _check_arguments(out, workers, scheduler, resume, max_failures, retry_failed)
    if design is not None:
        design = _load(design, overrides)
        design.check(engine)
    elif resume is None:
        raise InputError(f"no design: name one ({', '.join(_designs().names())}) or a file")
    elif overrides:
        changed = ", ".join(overrides)
        raise InputError(f"{resume}: resumed as it was begun: {changed} cannot be changed; begin anew with --out")
    if resume is not None:
        with sweep_folder.reopen(Path(resume), retry_failed) as folder, closing(Journal.reopen(folder)) as journal:
            running = _Sweep(folder, journal, engine, progress)
            running.check_unchanged(design)
            if retry_failed:
                journal.forget_failures()
            with _make_pool(running.design, engine, workers, scheduler, progress) as pool:
                return running.go(pool, max_failures, csv)
    folder = Path(out) if out is not None else store.default_folder(design.name)
    with (
        _make_pool(design, engine, workers, scheduler, progress) as pool,
        sweep_folder.begin(folder, _bytes(design, engine)),
        closing(_begin(folder, design, engine)) as journal,
    ):
        return _Sweep(folder, journal, engine, progress).go(pool, max_failures, csv)


class _Sweep:
    """A sweep that runs: its folder with everything in it, and the journal.

    Attributes
    ----------
    design : Design
        As the folder holds it.
    engine : Engine
        Loads the scenarios that the folder holds.
    scenarios : tuple of Scenario
        Before any factor is set.
    notes : list of str
        What a reader of the result should know.
    """

    def __init__(self, folder: Path, journal: Journal, engine: Engine, progress: bool):
        about = journal.about
        self.folder, self.journal, self.progress = folder, journal, progress
        self.design = dataclasses.replace(_designs().load(folder / DESIGN), name=about["name"])
        self.engine = sweep_folder.stored_engine(engine, folder, self.design.scenarios)
        self.scenarios = tuple(self.engine.load(name, self.design.overrides) for name in self.design.scenarios)
        self.notes: list[str] = []
        self._position = {scenario.name: number for number, scenario in enumerate(self.scenarios)}
        self._declared = set(columns.outcome_keys(engine.outcomes))

    def check_unchanged(self, design) -> None:
        """Refuse to go on with another design, scenario or place; take note of another version of the code.

        Parameters
        ----------
        design : Design or None
            What the user wants to go on with, if it was said.
        """
        about = self.journal.about
        if design is not None and design.fingerprint != about["design"]:
            raise InputError(
                f"{self.folder} was begun with another design or other scenarios (fingerprint {about['design'][:12]}, "
                f"now {design.fingerprint[:12]}): resume it without naming a design, or begin anew with --out"
            )
        if _hash(self.folder / DESIGN) != about["design_file"]:
            raise InputError(f"{self.folder / DESIGN} was edited: put it back as it was, or begin anew with it")
        if _hash_of_points(self.design) != about["points_hash"]:
            then: dict[str, str] = next(iter(self.journal.sessions().values()), {"dependencies": {}})["dependencies"]
            versions = ", ".join(f"{name} {then[name]}" for name in ("SALib", "scipy") if name in then)
            raise InputError(
                f"{self.folder}: the libraries installed now choose other points than those of then ({versions}): "
                "install those again, or begin anew"
            )
        for scenario in self.scenarios:
            if scenario.fingerprint != about["scenarios"][scenario.name]:
                raise InputError(
                    f"{self.folder}: scenario {scenario.name!r} or its place has changed since the sweep was begun: "
                    "put it back as it was, or begin anew"
                )
        if len(about["keys"]) != len(self._declared.intersection(about["keys"])):
            missing = next(key for key in about["keys"] if key not in self._declared)
            raise InputError(f"{self.folder}: this version of the model has no outcome {missing!r}")
        now = sweep_record.session_note(None, None)
        for note in list(self.journal.sessions().values())[-1:]:
            for difference in sweep_record.differences(note, now):
                self._say(f"warning: {difference}")

    def go(self, pool: Pool, max_failures: int | None, csv: bool) -> Result:
        """Do what is left, write the tables and return the result."""
        (self.folder / store.MANIFEST).unlink(missing_ok=True)
        try:
            self.journal.begin_session(sweep_record.session_note(pool.workers, pool.address))
            status = self._run(pool, max_failures)
            if not (self.journal.finished or self.journal.failed):
                self.journal.remove()
                raise KeyboardInterrupt
            self._write(status, csv)
        except KeyboardInterrupt:
            if self.journal.finished or self.journal.failed:
                self._say(f"interrupted before the tables were written: all runs are kept; {self._hint}")
            raise
        except OSError as error:
            if error.errno in _OF_DISK or "No space left" in str(error):
                raise self._unwritable(error) from None
            raise
        if status == store.COMPLETE and not self.journal.failed:  # with failures it stays, for `--retry-failed`
            self.journal.remove()
        return Result.open(self.folder)

    def _run(self, pool: Pool, max_failures: int | None) -> str:
        """Run what the journal does not hold; return how it ended."""
        journal, total = self.journal, self.design.n_runs
        left = total - journal.finished - journal.failed
        failed_before = journal.failed
        with closing(Progress(left, self.progress, pool.workers)) as report:
            if left < total:
                self._say(f"{total - left} of {total} runs are there already.", report)
            if left:
                self._say(starting(left, "worlds", pool.workers, self.design.root_seed), report)
            try:
                for records in pool.batches(self._jobs_left()):
                    for record in records:
                        check_declared(record, self._declared)
                        journal.add(self._number(record.job), record)
                        report.advance(failed=isinstance(record, Failed))
                    journal.tick()
                    if max_failures is not None and journal.failed - failed_before >= max_failures:
                        pool.abandon()
                        return self._stop(f"stopped: {journal.failed} runs failed")
                return store.COMPLETE
            except KeyboardInterrupt:
                pool.abandon()
                self._stop("interrupted")
                return store.INTERRUPTED
            except PoolLost as error:
                return self._stop(f"stopped: {error}")
            finally:
                journal.commit()

    def _stop(self, why: str) -> str:
        """Note why the sweep stops before its end."""
        done, total = self.journal.finished + self.journal.failed, self.design.n_runs
        self.notes.append(f"{why}: {done} of {total} runs are done and kept; {self._hint}")
        return sweep_record.STOPPED

    def _write(self, status: str, csv: bool) -> None:
        """Write the tables of what is done, and then what describes them; the manifest comes last."""
        from .tables import write_tables

        self._say("Writing the tables ...")
        journal, about = self.journal, self.journal.about
        sessions = journal.sessions()
        versions = {session: note["version"] for session, note in sessions.items()}
        jobs = self.design.plan(self.engine)
        declared = write_tables(self.folder, journal, jobs, self.engine.outcomes, about["places"], versions)
        declared["points"] = sweep_columns.point_columns([factor.name for factor in self.design.factors])
        if csv:
            export.write_csv_files(self.folder, declared, self.folder)
        self.notes += self._remarks(sessions)
        package = store.datapackage(self.folder.name, {name: (None, each) for name, each in declared.items()}, csv)
        record = sweep_record.manifest(self.design, self.engine, self.scenarios, journal, status, self.notes)
        described = {each["path"]: each["description"] for each in package["resources"]}
        sweep_record.replace_json(self.folder / store.DATAPACKAGE, package)
        crate = sweep_record.ro_crate(self.folder, record, described)
        sweep_record.replace_json(self.folder / sweep_record.RO_CRATE, crate)
        sweep_record.replace_json(self.folder / store.MANIFEST, record)

    def _remarks(self, sessions: dict[int, dict]) -> list[str]:
        """Return what a reader should know of the runs."""
        notes = list(sessions.values())
        found = [text for a, b in pairwise(notes) for text in sweep_record.differences(a, b)]
        found = [f"warning: made in several sessions, and {text}; see column version" for text in dict.fromkeys(found)]
        if CLIPPED in self.journal.about["keys"]:
            import pyarrow.parquet as pq

            clipped = pq.read_table(self.folder / "runs.parquet", columns=[CLIPPED])[CLIPPED].to_numpy()
            if (clipped > 0).any():
                found.append(
                    f"warning: {(clipped > 0).sum()} of {len(clipped)} runs clipped rates at their bound (outcome "
                    f"{CLIPPED}); raise the parameter headroom"
                )
        return found + scale_note(self.engine, self.scenarios[0])

    def _jobs_left(self) -> Iterator[Job]:
        """Yield the jobs that the journal does not hold, in the order of the design."""
        done = self.journal.done(self.design.n_runs)
        for number, job in enumerate(self.design.plan(self.engine)):
            if self._number(job) != number:
                raise ValueError(f"the design does not plan its runs in order: {job.run_id}")
            if not done[number]:
                yield job

    def _number(self, job: Job) -> int:
        """Return the position of a run in the order of the design, from 0."""
        before = (job.replicate - 1) * self.journal.about["points"] + job.point - 1
        return before * len(self.scenarios) + self._position[job.scenario.name]

    @property
    def _hint(self) -> str:
        return f"go on with `twoclaims sweep --resume {self.folder}`"

    def _unwritable(self, error: OSError) -> OSError:
        done, total = self.journal.finished + self.journal.failed, self.design.n_runs
        said = (error.strerror or str(error)).rstrip(".")
        kept = f"{done} of {total} runs are done and kept; make room and {self._hint}"
        return OSError(error.errno or errno.ENOSPC, f"{said}: {kept}", str(self.folder))

    def _say(self, text: str, report: Progress | None = None) -> None:
        if report is not None:
            report.say(text)
        elif self.progress:
            print(text, file=sys.stderr, flush=True)


def _begin(folder: Path, design, engine: Engine) -> Journal:
    """Put everything that the runs need into the folder of a new sweep, and begin its journal."""
    from .tables import write_points

    scenarios = [engine.load(name, design.overrides) for name in design.scenarios]
    sweep_folder.store_inputs(folder, design, scenarios)
    points = design.points_table()
    write_points(folder, points, [factor.name for factor in design.factors])
    about = {
        "name": design.name,
        "design": design.fingerprint,
        "design_file": _hash(folder / DESIGN),
        "points_hash": _hash_of_points(design),
        "points": len(points),
        "keys": list(design.outcomes) or columns.outcome_keys(engine.outcomes),
        "series": list(design.series),
        "scenarios": {scenario.name: scenario.fingerprint for scenario in scenarios},
        "places": sweep_folder.place_names(scenarios),
    }
    return Journal.create(folder, about)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _hash_of_points(design) -> str:
    """Return a hash of the values of every factor at every point."""
    return hashlib.sha256(design.points_table().to_csv(index=False).encode()).hexdigest()


def _make_pool(design, engine: Engine, workers: int | None, scheduler, progress: bool) -> Pool:
    """Return who does the runs: processes of this machine, or a Dask cluster."""
    chunks = Chunks(unit=len(design.scenarios))
    if scheduler is None:
        return Pool(engine.run, workers, announce=progress, chunks=chunks, apart=True, keep=design.series)
    from ..runs.dask_pool import DaskPool

    return DaskPool(engine.run, scheduler, chunks, design.series)


def _bytes(design, engine: Engine) -> int:
    """Return about how much the journal and the tables take together."""
    keys = design.outcomes or columns.outcome_keys(engine.outcomes)
    months = 12 * engine.load(design.scenarios[0], design.overrides).years
    of_series = len(design.series) * months * _CELLS * BYTES_OF_A_SERIES_ROW
    of_table = BYTES_OF_A_RUN + BYTES_OF_A_NUMBER * (len(keys) + len(design.factors))
    return int(BYTES_OF_A_RESULT + design.n_runs * (bytes_per_run(keys) + of_table + 2 * of_series))


def _load(design, overrides: dict | None):
    """Return a design given by name or file; one that is loaded already passes through."""
    if not hasattr(design, "plan"):
        return _designs().load(design, overrides)
    if overrides:
        raise InputError("overrides apply to a design given by name; this one is loaded already")
    return design


def _designs():
    from ..designs.design import Design

    return Design


def _check_arguments(out, workers, scheduler, resume, max_failures, retry_failed) -> None:
    """Refuse arguments that contradict each other, before anything is made."""
    if workers is not None:
        execution.check_count("workers", workers)
        if scheduler is not None:
            raise InputError("workers and scheduler: the cluster decides how many runs it does at a time; give one")
    if max_failures is not None:
        execution.check_count("max_failures", max_failures)
    if resume is not None and out is not None:
        raise InputError(f"out and resume: the sweep in {resume} is completed there; give one")
    if retry_failed and resume is None:
        raise InputError("retry_failed: only a sweep that is resumed has failed runs")
