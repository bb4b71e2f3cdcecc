"""Where is each claim true? A pair of worlds under a grid of two assumptions, and the verdicts in every cell.

Each cell is the middle of an equal share of both priors, so that cells weigh alike. All cells have the same luck. The
worlds of a cell bear on all claims at once. Nothing is taken back as pairs are added, and every cell gets as many: a
cell that looks undecided gets no more than the others, because stopping where the answer pleases would bend it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from simulation.errors import InputError
from simulation.scenario import Scenario

from .. import statistics
from .assumptions import Assumption, assumptions_of, basis_of, choose
from .batches import NEEDED, Answer, Batch, make_batch, run_batches, select, verdict_of, worlds_of
from .claims import DIRECTIONS
from .judgment import Judgment, judge_pair

SIDE = 7
"""Cells along each assumption; choices of a lever have one each."""
PAIRS = statistics.FEWEST_PAIRS
"""Pairs by which the pairs of every cell grow: the fewest that give a verdict."""


class Cell(NamedTuple):
    """A place in the grid, counted from the lowest values."""

    column: int
    row: int


@dataclass(frozen=True, eq=False)
class TruthMap:
    """A grid of two assumptions, and the worlds that were run in it so far.

    Attributes
    ----------
    a, b : Scenario
        The pair, under the assumptions that it has by itself.
    across, up : Assumption
        What varies along the columns and along the rows.
    side : int
        Cells along an assumption that is a number.
    root_seed : int
    answers : mapping of Cell to Answer
        Outcomes of the pairs of a cell.
    asked : mapping of Cell to int
        Pairs that were run in a cell, those that failed included.
    """

    a: Scenario
    b: Scenario
    across: Assumption
    up: Assumption
    side: int = SIDE
    root_seed: int = 1
    answers: Mapping[Cell, Answer] = field(default_factory=dict)
    asked: Mapping[Cell, int] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple:
        """Values of the assumption across."""
        return self.across.middles(self.side)

    @cached_property
    def rows(self) -> tuple:
        """Values of the assumption up, the lowest first."""
        return self.up.middles(self.side)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell, corners first, then those between, so that the whole shows early."""
        levels = [_levels(len(self.columns)), _levels(len(self.rows))]
        cells = [Cell(c, r) for r in range(len(self.rows)) for c in range(len(self.columns))]
        return tuple(sorted(cells, key=lambda cell: max(levels[0][cell.column], levels[1][cell.row])))

    @property
    def basis(self) -> str:
        """What both assumptions are spread over (`assumptions.basis_of`)."""
        return basis_of((self.across, self.up))

    @property
    def pairs(self) -> int:
        """Pairs that every cell has at least, those that failed included."""
        return min((self.asked.get(cell, 0) for cell in self.cells), default=0)

    def values(self, cell: Cell) -> dict[str, Any]:
        """Return the assumptions of a cell."""
        return {self.across.name: self.columns[cell.column], self.up.name: self.rows[cell.row]}

    def plan(self, pairs: int = PAIRS) -> Iterator[tuple[Cell, Batch]]:
        """Yield what is still to run until every cell has so many pairs, a few for all cells before more for any."""
        for begun in range(0, pairs, PAIRS):
            for cell in self.cells:
                numbers = range(max(begun, self.asked.get(cell, 0)) + 1, min(begun + PAIRS, pairs) + 1)
                if numbers:
                    yield cell, make_batch((self.a, self.b), self.values(cell), numbers)

    def with_answer(self, cell: Cell, batch: Batch, answer: Answer) -> "TruthMap":
        """Return the map with the pairs of a batch added to a cell."""
        return replace(
            self,
            answers={**self.answers, cell: [*self.answers.get(cell, ()), *map(_needed, answer)]},
            asked={**self.asked, cell: max(batch.replicates)},
        )

    @cached_property
    def judgments(self) -> dict[Cell, list[Judgment]]:
        """The judgments of all claims in every cell that was run, at thresholds of 0."""
        return {cell: judge_pair(*worlds_of(answer), {}) for cell, answer in self.answers.items()}

    def verdicts(self, claim: str, outcome: str | None = None) -> dict[Cell, str]:
        """Return the verdict on a claim, or on one of its measures, in every cell that was run."""
        return {cell: verdict_of(select(found, claim, outcome)) for cell, found in self.judgments.items()}

    def table(self, claim: str):
        """Return one row for each cell that was run and each measure of a claim (pandas.DataFrame)."""
        import pandas as pd

        rows = [
            {
                self.across.name: self.columns[cell.column], self.up.name: self.rows[cell.row],
                "outcome": each.measure.outcome, "claimed": DIRECTIONS[each.measure.claimed],
                "effect": each.effect.effect, "lower": each.effect.lower, "upper": each.effect.upper,
                "pairs": each.effect.pairs, "verdict": each.verdict,
            }
            for cell in sorted(self.judgments, key=lambda cell: (cell.row, cell.column))
            for each in select(self.judgments[cell], claim)
        ]  # fmt: skip
        return pd.DataFrame(rows)


def make_map(
    a: Scenario, b: Scenario, across: str, up: str, side: int = SIDE, root_seed: int = 1,
    sample: Mapping | None = None,
) -> TruthMap:  # fmt: skip
    """Return the empty map of a pair over two assumptions (see `assumptions.assumptions_of`).

    Raises
    ------
    InputError
        If one of them cannot be varied in this pair.
    """
    if not 2 <= side <= 25:
        raise InputError(f"side = {side}: must be from 2 to 25 cells")
    columns, rows = choose(assumptions_of(a, b, sample), (across, up))
    return TruthMap(a, b, columns, rows, side=side, root_seed=root_seed)


def fill(empty: TruthMap, pairs: int, pool) -> Iterator[TruthMap]:
    """Run a map in a pool (`runs.execution.Pool`) until every cell has so many pairs; yield it as it fills."""
    found, plan = empty, list(empty.plan(pairs))
    cells = {(batch.values, batch.replicates): cell for cell, batch in plan}
    for batch, answer in run_batches((batch for _, batch in plan), empty.root_seed, pool):
        found = found.with_answer(cells[batch.values, batch.replicates], batch, answer)
        yield found


def _needed(pair: tuple[Mapping, Mapping]) -> tuple[dict, dict]:
    a, b = ({key: world[key] for key in NEEDED} for world in pair)
    return a, b


def _levels(count: int) -> list[int]:
    """Return at which step each of `count` places in a row comes in: the ends first, then what lies between."""
    found, step, level = [-1] * count, max(1, count - 1), 0
    while -1 in found:
        for place in range(0, count, step):
            found[place] = level if found[place] == -1 else found[place]
        step, level = max(1, step // 2), level + 1
    return found
