"""The target of a sensitivity analysis at every point and seed, and which of it can be used.

Samples of Morris and Sobol are structured: a trajectory or block with a missing value cannot be used, and nothing is
filled in.
"""

from dataclasses import dataclass

import numpy as np

from simulation.errors import InputError

SMALLEST_SHARE = 0.5
"""Less than this share of the groups complete, and nothing is estimated."""
FEWEST_GROUPS = 2
_NO_VARIATION = 1e-12


@dataclass(frozen=True)
class Quantity:
    """The quantity that is to be explained, at every point and seed of the design: what `--target` names.

    Not a target of the calibration, which is a measured number (`experiments.calibration.targets.Target`).

    Attributes
    ----------
    spec, label, unit : str
        As asked for, in words, and its unit.
    values : numpy.ndarray, shape (points, replicates)
        NaN where a run failed, is missing, or leaves it undefined.
    undefined : int
        How many finished runs (or pairs) leave it undefined.
    """

    spec: str
    label: str
    unit: str
    values: np.ndarray
    undefined: int

    @property
    def missing(self) -> int:
        """How many values there are not."""
        return int((~np.isfinite(self.values)).sum())

    @property
    def constant(self) -> bool:
        """Whether all values are the same, to rounding."""
        return is_constant(self.values[np.isfinite(self.values)])


@dataclass(frozen=True)
class Groups:
    """The complete groups of points (blocks, trajectories, or single points) of a target.

    Attributes
    ----------
    values : numpy.ndarray, shape (groups, points in a group, replicates)
    kept : numpy.ndarray
        Positions of these groups among those planned.
    planned, planned_replicates : int
        How many groups and replicates the design has.
    """

    values: np.ndarray
    kept: np.ndarray
    planned: int
    planned_replicates: int

    @property
    def lost(self) -> int:
        """How many groups are left out."""
        return self.planned - len(self.kept)

    @property
    def replicates(self) -> int:
        """How many seeds are used at each point."""
        return self.values.shape[2]

    @property
    def seeds_lost(self) -> int:
        """How many seeds are left out at all points."""
        return self.planned_replicates - self.replicates


def read_target(result, spec: str) -> Quantity:
    """Return a target of a result, with a row for every point of the design and a column for every seed."""
    table, unit, label = result.target(spec)
    points = result.points["point"].to_numpy()
    replicates = np.arange(1, max([result.design.seeds, *table["replicate"]]) + 1)
    wide = table.pivot(index="point", columns="replicate", values="value").reindex(index=points, columns=replicates)
    values = wide.to_numpy(dtype=float)
    undefined = int((~np.isfinite(table["value"].to_numpy(dtype=float))).sum())
    return Quantity(spec, label, unit, np.where(np.isfinite(values), values, np.nan), undefined)


def complete_groups(target: Quantity, size: int) -> Groups:
    """Return the groups of which every value is there.

    A seed that is missing at so many points that more values can be used without it is left out at all points, and
    costs no points.

    Parameters
    ----------
    target : Quantity
        Its points come group by group.
    size : int
        Points in a group.
    """
    values = target.values.reshape(-1, size, target.values.shape[1])
    there = np.isfinite(values)
    worst_first = np.argsort(there.sum(axis=(0, 1)), kind="stable")
    best: tuple[np.ndarray, np.ndarray] | None = None
    for dropped in range(len(worst_first)):
        replicates = np.sort(worst_first[dropped:])
        kept = np.flatnonzero(there[:, :, replicates].all(axis=(1, 2)))
        if best is None or len(kept) * len(replicates) > len(best[0]) * len(best[1]):
            best = kept, replicates
    assert best is not None  # there is a replicate
    kept, replicates = best
    return Groups(values[np.ix_(kept, np.arange(size), replicates)], kept, len(values), len(worst_first))


def check_enough(result, target: Quantity, groups: Groups, name: str) -> None:
    """Refuse a sample of which too much is missing.

    Raises
    ------
    InputError
        With how many runs must be done again.
    """
    kept = len(groups.kept)
    if kept >= max(FEWEST_GROUPS, SMALLEST_SHARE * groups.planned):
        return
    raise InputError(
        f"{result.folder}: target {target.spec!r}: only {kept} of {groups.planned} {name} are complete: "
        f"{what_is_missing(result, target)}. At least half of the {name} must be complete, and {FEWEST_GROUPS}"
        f"{redo(result)}"
    )


def notes_on_missing(result, target: Quantity, groups: Groups, name: str) -> list[str]:
    """Return what was left out, and why; nothing if nothing was."""
    notes = []
    if groups.seeds_lost:
        notes.append(
            f"{groups.seeds_lost} of {groups.planned_replicates} seeds are left out at all points, because they are "
            "missing at many"
        )
    if groups.lost:
        notes.append(
            f"{groups.lost} of {groups.planned} {name} are left out, because a value in them is missing; what is said "
            f"holds for the others"
        )
    if notes:
        notes = [f"warning: {'; '.join(notes)} ({what_is_missing(result, target)})"]
    return notes


def what_is_missing(result, target: Quantity) -> str:
    """Return why values are missing, in words."""
    failed, not_run = lost_runs(result)
    counts = ((failed, "run", "failed"), (not_run, "run", "never made"), (target.undefined, "value", "undefined"))
    said = [f"{n} {what}{'s' if n > 1 else ''} {why}" for n, what, why in counts if n]
    return ", ".join(said) or "nothing is missing"


def redo(result) -> str:
    """Return what to do about lost runs, as the end of a sentence."""
    lost = sum(lost_runs(result))
    return f"; {lost} {'run' if lost == 1 else 'runs'} must be done again" if lost else ""


def lost_runs(result) -> tuple[int, int]:
    """Return how many runs of the design failed, and how many were never made."""
    failed = len(result.failures)
    planned = len(result.points) * result.design.seeds * len(result.scenarios)
    return failed, max(0, planned - failed - len(result.runs))


def is_constant(values: np.ndarray) -> bool:
    """Whether values differ by no more than rounding."""
    if values.size == 0:
        return False
    return bool(np.ptp(values) <= _NO_VARIATION * max(np.abs(values).max(), np.finfo(float).tiny))
