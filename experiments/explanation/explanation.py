"""What an effect is made of: the same pair of worlds with mechanisms switched off, in every combination.

With `v(S)` the paired effect A minus B when only the mechanisms in S are on, a mechanism's contribution is its Shapley
value: the change in the effect from switching it on, averaged over all orders in which the mechanisms can be switched
on one after the other. What remains with every mechanism off is *all else*. All parts add up to the whole effect, in
every replicate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import factorial

import numpy as np
import pandas as pd

from simulation.errors import InputError

from .. import statistics
from ..rounding import MOST_DECIMALS, decimals_for, ends_at_zero
from ..runs.execution import Failed, Finished
from ..storage import columns, provenance
from .mechanisms import ALL_ELSE, MECHANISMS, PARTS, WHOLE, switched_on

EXPLAINED = ("reporting_rate.immigrant_communities", "victimization_rate")
"""Outcomes that are printed and drawn besides the headline; all others are in explain.parquet."""


def shapley(values: np.ndarray) -> np.ndarray:
    """Return the Shapley values of a game.

    Parameters
    ----------
    values : array_like, shape (2**n, ...)
        What each coalition is worth; bit i of the position says whether player i is in it.

    Returns
    -------
    numpy.ndarray, shape (n, ...)
        They add up to `values[-1] - values[0]`; a player who changes nothing gets exactly 0.
    """
    values = np.asarray(values, dtype=float)
    players = values.shape[0].bit_length() - 1
    if values.shape[0] != 2**players:
        raise ValueError(f"{values.shape[0]} values: a game of n players has 2**n coalitions")
    result = np.zeros((players, *values.shape[1:]))
    for player in range(players):
        for coalition in range(2**players):
            if not coalition >> player & 1:
                size = coalition.bit_count()
                orders = factorial(size) * factorial(players - size - 1)
                result[player] += orders * (values[coalition | 1 << player] - values[coalition])
    return result / factorial(players)  # divided once, so that what cancels in whole numbers cancels exactly


@dataclass(frozen=True)
class Explanation:
    """The effect of A relative to B, taken apart.

    Attributes
    ----------
    scenarios : (Scenario, Scenario)
        A and B.
    outcomes : mapping of str to Outcome
    mechanisms : tuple of str
        Those that are on in at least one of the worlds; all others contribute exactly 0.
    replicates : tuple of int
        Those all of whose runs finished; only they are used.
    effects : numpy.ndarray, shape (2**mechanisms, replicates, outcomes)
        A minus B with the mechanisms of a coalition on; bit i of the position stands for mechanism i. The outcomes are
        those of `columns.outcome_keys`, in that order. NaN where one of the replicate's runs leaves it undefined.
    records : list of Finished or Failed
        The runs with some mechanism off.
    planned : int
        How many of them were planned.
    """

    scenarios: tuple
    outcomes: Mapping
    mechanisms: tuple[str, ...]
    replicates: tuple[int, ...]
    effects: np.ndarray
    records: list[Finished | Failed]
    planned: int

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per outcome, group and part of the effect; the columns are `columns.EXPLAIN`."""
        rows = [row for key in columns.outcome_keys(self.outcomes) for row in self._rows(key)]
        return pd.DataFrame(rows, columns=columns.names(columns.EXPLAIN))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run with mechanisms off; the columns are `columns.explain_run_columns`."""
        return _runs_table(self.records, self.outcomes)

    def counts(self) -> dict:
        """Return how many runs were planned, finished and failed, and how many replicates are complete."""
        failed = sum(isinstance(record, Failed) for record in self.records)
        finished = len(self.records) - failed
        return {"planned": self.planned, "finished": finished, "failed": failed, "replicates": len(self.replicates)}

    def parts(self, key: str) -> pd.DataFrame:
        """Return the parts of the effect on one outcome, such as `solve_rate` or `reporting_rate.latino`.

        Raises
        ------
        InputError
            If there is no such outcome.
        """
        return pd.DataFrame(self._rows(key), columns=columns.names(columns.EXPLAIN)).set_index("mechanism")

    def by_replicate(self, key: str) -> pd.DataFrame:
        """Return each replicate's parts of the effect on one outcome: a column for each part, a row for each replicate.

        Raises
        ------
        InputError
            If there is no such outcome.
        """
        values = self.effects[:, :, self._position(key)]
        parts = dict.fromkeys(PARTS, np.where(np.isnan(values[0]), np.nan, 0.0))
        parts |= dict(zip(self.mechanisms, shapley(values)))
        parts |= {ALL_ELSE: values[0], WHOLE: values[-1]}
        return pd.DataFrame(parts, index=pd.Index(self.replicates, name="replicate"))

    def alone(self, key: str) -> pd.DataFrame:
        """Return, by replicate, how much of the effect is gone when a mechanism is the only one switched off."""
        values = self.effects[:, :, self._position(key)]
        everything = len(values) - 1
        gone = dict.fromkeys(MECHANISMS, np.where(np.isnan(values[0]), np.nan, 0.0))
        gone |= {m: values[everything] - values[everything ^ 1 << bit] for bit, m in enumerate(self.mechanisms)}
        return pd.DataFrame(gone, index=pd.Index(self.replicates, name="replicate"))

    def _position(self, key: str) -> int:
        keys = columns.outcome_keys(self.outcomes)
        if key not in keys:
            raise InputError(f"{key!r}: no such outcome")
        return keys.index(key)

    def _rows(self, key: str) -> list[dict]:
        name, group = columns.split_key(key)
        parts, alone = self.by_replicate(key), self.alone(key)
        about = {
            "scenario": self.scenarios[0].name, "relative_to": self.scenarios[1].name,
            "outcome": name, "group": group, "unit": self.outcomes[name].unit,
        }  # fmt: skip
        return [
            {
                **about, "mechanism": part, "on": part in (ALL_ELSE, WHOLE, *self.mechanisms),
                **_effect(parts[part], _OF_PART),
                **(_alone(alone[part]) if part in alone else {}),
            }
            for part in PARTS
        ]  # fmt: skip


_OF_PART = ("pairs", "undefined_pairs", "effect", "standard_error", "lower", "upper", "verdict")


def _effect(values: pd.Series, fields: Sequence[str]) -> dict:
    """Return what the replicates say about one part: it is itself a difference of paired worlds."""
    found = statistics.paired_effect(values, np.zeros(len(values)))
    return {field: getattr(found, field) for field in fields}


def _alone(values: pd.Series) -> dict:
    found = _effect(values, ("effect", "lower", "upper", "verdict"))
    return {"alone": found.pop("effect"), **{f"alone_{name}": value for name, value in found.items()}}


def explained_keys(headline: str, outcomes: Mapping) -> list[str]:
    """Return the outcomes whose explanation is printed and drawn: the headline, and those of `EXPLAINED`."""
    declared = set(columns.outcome_keys(outcomes))
    return [key for key in dict.fromkeys((headline, *EXPLAINED)) if key in declared]


def decimals_of_parts(parts: pd.DataFrame) -> int:
    """Return the decimals for the parts of one effect side by side: those that the whole deserves, and a few more."""
    few = decimals_for(parts.loc[WHOLE]) + 1
    ends = list(zip(parts["lower"], parts["upper"]))
    wanted = (d for d in range(few, few + 3) if not any(ends_at_zero(*interval, d) for interval in ends))
    return min(MOST_DECIMALS, next(wanted, few))


def _runs_table(records: Sequence[Finished | Failed], outcomes: Mapping) -> pd.DataFrame:
    version = provenance.version_text()
    records = sorted(records, key=lambda record: (record.job.replicate, record.job.run_id))
    rows = []
    for record in records:
        job = record.job
        on = switched_on(job.scenario)
        values = record.outcomes if isinstance(record, Finished) else {}
        rows.append((
            job.run_id, job.scenario.name, job.replicate, job.root_seed, job.seed,
            columns.FINISHED if isinstance(record, Finished) else columns.FAILED,
            *(name in on for name in MECHANISMS), job.scenario.fingerprint, record.seconds, version,
            *(values.get(key, np.nan) for key in columns.outcome_keys(outcomes)),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=columns.names(columns.explain_run_columns(outcomes)))
