"""Validation: every study at every draw, under the whole model and with mechanisms off, held against the bands."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from simulation.errors import InputError
from simulation.validation import unknown

from ..explanation.mechanisms import MECHANISMS
from ..runs.execution import Failed, Finished, Job, Pool, default_workers
from ..runs.progress import Progress
from ..storage import provenance
from . import bands as acceptance
from .bands import Bands
from .draws import DEFAULTS, POSTERIOR, PRIOR
from .study import FULL, PATTERNS_OF, ROOT_SEED, STUDIES, Estimate, Size, estimate_of, replicate

ABLATIONS: Mapping[str, tuple[str, ...]] = {
    "no_fear": ("fear",),
    "no_learning": ("offenders_learning",),
    "no_incapacitation": ("incapacitation",),
}
"""Models with mechanisms off: name to the names in `MECHANISMS`."""

SEPARATOR = "/"


class Task(NamedTuple):
    """One study at one draw under one model; stands in a job where other ensembles have a scenario."""

    model: str
    draw_number: int
    study: str
    draw: Mapping[str, Any]
    size: Size

    @property
    def name(self) -> str:
        """What a job is told apart by."""
        return f"{self.model}-{self.draw_number:04d}-{self.study}"


class StudyResult(NamedTuple):
    """What a worker sends back, in the form of a run's outcomes."""

    outcomes: dict[str, float]


@dataclass
class Validation:
    """What came of the studies.

    Attributes
    ----------
    bands : Bands
    size : Size
    draws : mapping of str to int
        Number of draws by source.
    workers : int
    records : list of Finished or Failed
    planned : int
        Studies that were asked for.
    interrupted : bool
        Whether Ctrl-C ended it early.
    notes : list of str
    started, ended : str
        ISO 8601, UTC.
    """

    bands: Bands
    size: Size
    draws: Mapping[str, int]
    workers: int
    records: list = field(default_factory=list)
    planned: int = 0
    interrupted: bool = False
    notes: list[str] = field(default_factory=list)
    started: str = field(default_factory=provenance.now)
    ended: str = ""

    @property
    def failed(self) -> list[Failed]:
        """Studies that ended in an error."""
        return [record for record in self.records if isinstance(record, Failed)]

    @property
    def estimates(self):
        """One row per model, draw and quantity (pandas.DataFrame)."""
        from .tables import estimates_table

        return estimates_table(self.records, self.bands)

    @property
    def patterns(self):
        """One row per model and quantity, over its draws (pandas.DataFrame)."""
        from .tables import patterns_table

        return patterns_table(self.estimates, self.bands)

    def seconds_by_model(self) -> dict[str, float]:
        """Return the mean time that all studies of one draw took on one core, by model."""
        times: dict[str, list[float]] = {}
        for record in self.records:
            if isinstance(record, Finished):
                times.setdefault(record.job.scenario.model, []).append(record.seconds)
        return {model: sum(each) / len(each) * len(STUDIES) for model, each in times.items()}


def plan(
    draws: Mapping[str, Sequence[Mapping[str, Any]]], ablations: Sequence[str], size: Size, studies: Sequence[str]
) -> list[Task]:
    """List the studies to run, draw by draw, the models of one draw after the other.

    Ablations are of the fitted draws if there are any, else of the defaults.
    """
    for name in ablations:
        if name not in ABLATIONS:
            raise InputError(unknown("model", name, ABLATIONS))
    for name in studies:
        if name not in STUDIES:
            raise InputError(unknown("study", name, STUDIES))
    models = {source: list(points) for source, points in draws.items() if points}
    if not models:
        raise InputError("no draw at which to run the studies")
    whole = POSTERIOR if POSTERIOR in models else DEFAULTS if DEFAULTS in models else PRIOR
    for name in ablations:
        models[name] = [without(draw, name) for draw in models[whole]]
    return [
        Task(model, number, study, points[number], size.for_draws(len(points)))
        for number in range(max(map(len, models.values())))
        for model, points in models.items()
        if number < len(points)
        for study in studies
    ]


def without(draw: Mapping[str, Any], model: str) -> dict[str, Any]:
    """Return a draw with the mechanisms off that a model lacks."""
    off = {name: value for mechanism in ABLATIONS[model] for name, value in MECHANISMS[mechanism].off.items()}
    return {**draw, **off}


def run_study(task: Task, _: int) -> StudyResult:
    """Run one study, as the pool's workers do it."""
    found = {}
    for estimate in replicate(task.study, task.draw, task.size):
        for part in ("value", "low", "high"):
            found[SEPARATOR.join((estimate.pattern, estimate.quantity, part))] = getattr(estimate, part)
    return StudyResult(found)


def estimates_of(record: Finished) -> Iterator[Estimate]:
    """Return the estimates of a study that was run."""
    parts = record.outcomes
    for key in parts:
        pattern, quantity, part = key.split(SEPARATOR)
        if part == "value":
            numbers = [parts[SEPARATOR.join((pattern, quantity, each))] for each in ("value", "low", "high")]
            yield estimate_of(pattern, quantity, *numbers)


def validate(
    draws: Mapping[str, Sequence[Mapping[str, Any]]],
    ablations: Sequence[str] = tuple(ABLATIONS),
    size: Size = FULL,
    workers: int | None = None,
    *,
    studies: Sequence[str] = STUDIES,
    bands: Bands | None = None,
    progress: bool = False,
) -> Validation:
    """Run the natural experiments and hold what they show against the bands.

    Ctrl-C ends it early and keeps what is done; if nothing is, the interruption goes on to the caller.

    Parameters
    ----------
    draws : mapping of str to sequence of mapping
        Points of the parameters by source (`defaults`, `prior`, `posterior`).
    ablations : sequence of str
        Names in `ABLATIONS`.
    size : Size
    workers : int, optional
        Processes; one less than all cores by default.
    studies : sequence of str
        Which to run; all by default.
    bands : Bands, optional
        Those that ship by default.
    progress : bool
        Whether to report on stderr.

    Returns
    -------
    Validation
    """
    tasks = plan(draws, ablations, size, studies)
    found = Validation(
        bands or acceptance.shipped(), size, {source: len(points) for source, points in draws.items()},
        workers or default_workers(), planned=len(tasks),
    )  # fmt: skip
    jobs = [Job(task.name, task, task.draw_number + 1, ROOT_SEED, 0) for task in tasks]
    try:
        with (
            Pool(run_study, found.workers, announce=progress, apart=True, keep=()) as pool,
            closing(Progress(len(jobs), progress, found.workers)) as report,
        ):
            report.say(f"Running {len(jobs)} studies ({len(studies)} at each draw and model) ...")
            for record in pool.map(jobs):
                found.records.append(record)
                report.advance(failed=isinstance(record, Failed))
    except KeyboardInterrupt:
        if not found.records:
            raise
        found.interrupted = True
        found.notes.append(f"interrupted: {len(found.records)} of {len(jobs)} studies were finished and are kept")
    found.records.sort(key=lambda record: jobs.index(record.job))
    if found.failed:
        found.notes.append(f"{len(found.failed)} studies failed: {found.failed[0].reason}")
    found.ended = provenance.now()
    return found


PATTERNS = tuple(pattern for study in STUDIES for pattern in PATTERNS_OF[study])
"""Ids of all patterns, in the order of their studies."""
