"""What the draws say about the claims: all tables, made from the judgments and the parameters of every draw."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..claims.claims import CLAIMS, CONTRADICTED, SUPPORTED, Claim
from . import columns, decisive
from .boxes import box_rows, find_box
from .draws import SOURCES, blocks
from .judging import WHOLE, answers, targets
from .local import local_shares
from .probabilities import probabilities


@dataclass(frozen=True, eq=False)
class Sample:
    """The draws of one source, and what was judged at them.

    Attributes
    ----------
    draws : pandas.DataFrame
        One row per draw in order of their numbers, one column per uncertain parameter or lever.
    judgments : pandas.DataFrame
        As `judging.judge_draws` returns them.
    fitted : tuple of str
        Parameters that come from the calibrated sample; empty for the priors.
    """

    draws: pd.DataFrame
    judgments: pd.DataFrame
    fitted: tuple[str, ...] = ()


def make_tables(
    samples: Mapping[str, Sample],
    interests: Mapping[tuple[str, str], float],
    claims: Sequence[Claim] = CLAIMS,
    told: Callable[[str], None] = lambda _: None,
    shuffles: int = decisive.SHUFFLES,
) -> dict[str, pd.DataFrame]:
    """Return every table by its name (`columns.TABLES`).

    Parameters
    ----------
    samples : mapping of str to Sample
        By source.
    interests : mapping
        Smallest effect of interest by claim and outcome.
    claims : sequence of Claim
    told : callable
        Told what is looked at now.
    shuffles : int
        Of the draws, to know what luck gives.
    """
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in columns.TABLES}
    for source, sample in samples.items():
        labels = blocks(sample.draws, sample.fitted)
        made = {
            "judgments": sample.judgments,
            "probabilities": probabilities(sample.judgments, labels, interests, claims),
        }
        parts = [(claim, _Part(sample, labels, claim)) for claim in claims]
        parts = [(claim, part) for claim, part in parts if len(part.verdicts)]
        for claim, part in parts:
            told(f"What decides {claim.id} ({source}) ...")
            for name, table in (("decisive", part.decisive(shuffles)), ("boxes", part.boxes())):
                found[name].append(table.assign(source=source, claim=claim.id))
        for name, table in made.items():
            found[name].append(table.assign(source=source))
    tables = {name: _joined(parts, name) for name, parts in found.items() if name != "local"}
    tables["local"] = _joined(list(_maps(samples, tables["decisive"], claims)), "local")
    return {name: tables[name] for name in columns.TABLES}


class _Part:
    """One claim over the draws of one source."""

    def __init__(self, sample: Sample, labels: np.ndarray, claim: Claim):
        self.sample, self.claim = sample, claim
        self.verdicts = answers(sample.judgments, claim)
        self.x = sample.draws.loc[self.verdicts.index]
        self.labels = labels[self.verdicts.index.to_numpy() - 1]

    def decisive(self, shuffles: int) -> pd.DataFrame:
        """Return what knowing each parameter tells about the verdict and about each effect, most first."""
        names, fitted = list(self.x), np.isin(list(self.x), self.sample.fitted)
        tables = []
        for outcome, target in targets(self.sample.judgments, self.claim):
            known = np.isfinite(target.to_numpy(float))
            groups = decisive.grouped(self.x[known])
            told = decisive.told(
                target.to_numpy(float)[known], groups, self.labels[known], fitted, outcome == WHOLE, shuffles
            )
            table = pd.DataFrame({
                "outcome": outcome, "parameter": names, "share": told.share, "by_luck": told.by_luck,
                "stands_out": told.stands_out, "gain": told.gain,
            })  # fmt: skip
            table = table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
            tables.append(table.assign(rank=table.index + 1))
        return pd.concat(tables)

    def boxes(self) -> pd.DataFrame:
        """Return the box of either verdict."""
        rows = []
        for verdict in (SUPPORTED, CONTRADICTED):
            box = find_box(self.x, self.verdicts, self.labels, verdict)
            rows += [{"verdict": verdict, **row} for row in box_rows(box, list(self.x))]
        return pd.DataFrame(rows)


def most_decisive(table: pd.DataFrame, claim: str, source: str, outcome: str = WHOLE) -> pd.DataFrame:
    """Return the rows of what knowing each parameter tells about a claim, most first."""
    chosen = (table["claim"] == claim) & (table["source"] == source) & (table["outcome"] == outcome)
    return table[chosen].sort_values("rank")


def axes_of(table: pd.DataFrame, claim: Claim, sources: Sequence[str]) -> tuple[str, str]:
    """Return the two parameters that a map of a claim is over.

    They are those of which knowing tells most about the verdict in the first source; where all draws agree on the
    verdict, those that tell most about the effect on the first measure.
    """
    for source in sources:
        for outcome in (WHOLE, claim.measures[0].outcome):
            rows = most_decisive(table, claim.id, source, outcome)
            if len(rows) and rows["share"].max() > 0:
                return tuple(rows["parameter"].iloc[:2])
    return tuple(most_decisive(table, claim.id, sources[0])["parameter"].iloc[:2])


def _maps(samples: Mapping[str, Sample], table: pd.DataFrame, claims: Sequence[Claim]):
    sources = [source for source in SOURCES if source in samples]
    for claim in claims:
        if not (table["claim"] == claim.id).any():
            continue
        axes = axes_of(table, claim, sources)
        for source in sources:
            verdicts = answers(samples[source].judgments, claim)
            x = samples[source].draws.loc[verdicts.index]
            yield local_shares(x, verdicts, *axes).assign(source=source, claim=claim.id)


def _joined(parts: Sequence[pd.DataFrame], name: str) -> pd.DataFrame:
    names = [column.name for column in columns.TABLES[name]]
    return pd.concat(parts, ignore_index=True).reindex(columns=names)


@dataclass(frozen=True, eq=False)
class Overall:
    """What a folder of `twoclaims claims` says.

    Attributes
    ----------
    tables : mapping of str to pandas.DataFrame
        By name (`columns.TABLES`).
    about : mapping
        The manifest.
    """

    tables: Mapping[str, pd.DataFrame]
    about: Mapping[str, Any]

    @property
    def sources(self) -> list[str]:
        """What draws were taken from, the calibrated sample first."""
        return [source for source in SOURCES if (self.tables["probabilities"]["source"] == source).any()]

    @property
    def claims(self) -> list[Claim]:
        """The claims that were judged."""
        return [claim for claim in CLAIMS if (self.tables["probabilities"]["claim"] == claim.id).any()]

    def probability(self, source: str, claim: str, outcome: str = WHOLE):
        """Return the row of probabilities of a claim or of one of its measures (a named tuple)."""
        return next(self.rows("probabilities", source, claim, outcome=outcome))

    def rows(self, name: str, source: str, claim: str, **more) -> Iterator:
        """Yield the rows of a table about a claim over the draws of one source (named tuples)."""
        table = self.tables[name]
        chosen = (table["source"] == source) & (table["claim"] == claim)
        for column, value in more.items():
            chosen &= table[column] == value
        yield from table[chosen].itertuples(index=False)
