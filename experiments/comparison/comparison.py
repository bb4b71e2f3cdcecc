"""Compare worlds that differ in policy only, on the same people and the same luck."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from simulation.errors import InputError

from ..runs import execution
from ..runs.ensemble import DEFAULT_ROOT_SEED, Ensemble, new_ensemble, simulate
from ..statistics import paired_effect
from ..storage import columns, store

if TYPE_CHECKING:
    from ..counting import Counts
    from ..explanation.explanation import Explanation
    from ..stories.stories import StoryBook

DEFAULT_SEEDS = 20
DEFAULT_HEADLINE = "solve_rate"
AUTO = "auto"
AUTO_BATCH = 10
AUTO_CAP = 200
PRECISION_OF_PERCENTAGES = 0.2
PRECISION = 0.1
"""Smallest effects of interest where none is given, in the unit of the headline outcome."""

_SHARED = ("place", "scale", "start", "years", "outcomes_from", "population_seed", "collection_days")


@dataclass
class Comparison(Ensemble):
    """Paired worlds: the first scenario is world A, and each other one a world B; an effect is A minus B."""

    headline: str = DEFAULT_HEADLINE
    book: "StoryBook | None" = None
    """The stories, where they were asked for."""
    explanation: "Explanation | None" = None
    """What the effect is made of, where it was asked for."""
    thresholds: dict[str, float] | None = None
    """Smallest differences that count for the claims; None where the claims were not asked for."""

    @property
    def attempts(self) -> list:
        """All runs that were made, those of the explanation included."""
        return [*self.records, *(self.explanation.records if self.explanation else ())]

    @cached_property
    def effects(self):
        """Paired effects with intervals, one row per outcome and group (pandas.DataFrame)."""
        from ..storage.tables import effects_table

        return effects_table(self.runs, self.names, self.engine.outcomes)

    @cached_property
    def claims(self):
        """The claims of both sides judged by the pairs, one row per measure (pandas.DataFrame)."""
        from ..claims.table import claims_table

        return claims_table(self.runs, self.scenarios, self.engine.outcomes, self.thresholds or {})

    @cached_property
    def crime_counts(self) -> "dict[str, list[Counts]]":
        """The three counts of crime, for everybody and for every community, by world B."""
        from .counted import counts_against

        return {other: counts_against(self, other) for other in self.names[1:]}

    @cached_property
    def counting(self):
        """Truth, record and survey of crime, one row per world B, group and count (pandas.DataFrame)."""
        from .counted import counting_table

        return counting_table(self)

    @cached_property
    def cautions(self) -> dict[str, str | None]:
        """Where truth, record and survey tell different stories, in sentences by world B; None where they do not."""
        from .counted import cautions

        return cautions(self)

    def tables(self) -> dict:
        """Return the tables of the result folder: effects and counts; claims and explanation if they were asked for."""
        tables = {
            **super().tables(),
            "effects": (self.effects, columns.EFFECTS),
            "counting": (self.counting, columns.COUNTING),
        }
        if self.thresholds is not None:
            tables["claims"] = (self.claims, columns.CLAIMS)
        if self.explanation:
            tables["explain"] = (self.explanation.table, columns.EXPLAIN)
            tables["explain_runs"] = (self.explanation.runs, columns.explain_run_columns(self.engine.outcomes))
        return tables

    def counts(self) -> dict:
        """Return how many runs were planned, finished and failed, those of the explanation apart."""
        counts = super().counts()
        if self.explanation:
            counts["explanation"] = self.explanation.counts()
        return counts

    def figures(self) -> dict:
        """Return name and matplotlib figure of all figures that readers expect."""
        from .figures import comparison_figures

        figures = comparison_figures(self)
        if self.explanation:
            from ..explanation.figure import explanation_figures

            figures |= explanation_figures(self)
        return figures

    def documents(self) -> dict[str, str]:
        """Return the stories as text and as data, if there are any."""
        if self.book is None:
            return {}
        data = json.dumps(self.book.to_dict(), indent=2, ensure_ascii=False) + "\n"
        return {"stories.md": self.book.markdown(), "stories.json": data}

    def paired_values(self, other: str, key: str) -> tuple[list[float], list[float]]:
        """Return one outcome of world A and of one world B in the replicates that both finished."""
        a, b = (self.values(name, key) for name in (self.names[0], other))
        common = sorted(a.keys() & b.keys())
        return [a[replicate] for replicate in common], [b[replicate] for replicate in common]

    def headline_effects(self) -> list:
        """Return the paired effect on the headline outcome, against each world B."""
        return [paired_effect(*self.paired_values(other, self.headline)) for other in self.names[1:]]


def compare(
    *scenarios,
    seeds: int | str = DEFAULT_SEEDS,
    root_seed: int = DEFAULT_ROOT_SEED,
    overrides: dict | None = None,
    workers: int | None = None,
    out=None,
    progress: bool = True,
    headline: str = DEFAULT_HEADLINE,
    precision: float | None = None,
    cap: int = AUTO_CAP,
    csv: bool = False,
    stories: int | None = None,
    claims: bool = False,
    thresholds: Mapping[str, float] | None = None,
    explain: bool = False,
    engine: execution.Engine | None = None,
) -> Comparison:
    """Run scenarios over common seeds and estimate the effect of the first relative to each other one.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        Two or more; names of shipped scenarios, scenario files, or scenarios loaded before.
    seeds : int or "auto"
        Number of replicates. `auto` adds replicates until the 95% interval of the headline effect reaches
        no further than `precision` to either side, at most `cap`.
    root_seed : int
        The seed from which the seed of each replicate is derived.
    overrides : dict, optional
        Keys of the scenario file to replace in all scenarios, such as `{"scale": 0.1}`.
    workers : int, optional
        Processes; by default one less than all cores.
    out : str or Path, optional
        Folder to write the result to; it must not exist. Nothing is written without it.
    progress : bool
        Whether to report on stderr.
    headline : str
        Outcome, such as `solve_rate` or `reporting_rate.latino`, that `auto` watches and figures show.
    precision : float, optional
        Smallest effect of interest for `auto`, in the unit of the headline outcome; by default 0.2
        percentage points for outcomes in percent, else 0.1 of the unit.
    cap : int
        Most replicates for `auto`.
    csv : bool
        Write every table as CSV too.
    stories : int, optional
        Tell so many crimes of each kind that were reported, solved or committed in one world of the first pair and
        not in the other, and why (see `experiments.tell_stories`).
    claims : bool
        Judge the claims of both sides by each pair of worlds (`claims.CLAIMS`).
    thresholds : mapping of str to float, optional
        For the claims: the smallest difference that counts, in the outcome's unit, by claim (`"M2"`) or by claim and
        outcome (`"M1.fear.immigrant_communities"`); 0 unless given.
    explain : bool
        Run the pairs again with mechanisms switched off, in every combination, and take the effects apart. Needs
        exactly two scenarios.
    engine : Engine, optional
        The model to run; this project's by default.

    Returns
    -------
    Comparison
        With `.effects`, `.claims`, `.runs`, `.series`, `.failures` as pandas tables, `.explanation`, `.notes`, `.book`
        and `.folder`.
        After Ctrl-C it holds the finished runs, and `.interrupted` is true.

    Raises
    ------
    InputError
        If scenarios cannot be compared, a value is out of range, or the folder cannot be written.
    """
    if len(scenarios) < 2:
        raise InputError("compare needs at least two scenarios")
    comparison = new_ensemble(Comparison, scenarios, root_seed, overrides, workers, engine)
    comparison.headline = headline
    check_comparable(comparison.scenarios)
    batches = _batches(comparison, seeds, precision, cap)
    if stories is not None:
        from ..stories.stories import check_tellable

        check_tellable(comparison.scenarios[:2], stories)
    if claims or thresholds:
        comparison.thresholds = _checked_thresholds(comparison, claims, thresholds or {})
    if explain:
        _announce_explanation(comparison, seeds, progress)
    with store.reserve(out) if out else nullcontext() as destination:
        simulate(comparison, batches, progress)
        if stories is not None:
            _tell_stories(comparison, stories, progress)
        if explain:
            _explain(comparison, progress)
        if destination:
            comparison.save(destination, csv=csv)
    return comparison


def check_comparable(scenarios: Sequence) -> None:
    """Refuse scenarios that differ in more than policy: their people or their luck would not be the same."""
    first, *others = scenarios
    for other in others:
        for name in _SHARED:
            a, b = getattr(first, name), getattr(other, name)
            if a != b:
                raise InputError(
                    f"scenarios cannot be compared: {name} = {a} in {first.name!r} and {b} in {other.name!r}"
                )


def default_precision(unit: str) -> float:
    """Return the smallest effect of interest for an outcome in this unit, where the user names none."""
    return PRECISION_OF_PERCENTAGES if unit.startswith(("percent", "%", "per 100 ")) else PRECISION


def _tell_stories(comparison: Comparison, limit: int, progress: bool) -> None:
    """Run the first pair once more with all its events, and tell what differs crime by crime."""
    from ..stories.stories import FIRST_REPLICATE, story_book

    pair = {r.job.scenario.name for r in comparison.records
            if r.job.replicate == FIRST_REPLICATE and isinstance(r, execution.Finished)}  # fmt: skip
    if comparison.interrupted or not pair.issuperset(comparison.names[:2]):
        comparison.notes.append("no stories: the first pair of worlds is not complete")
        return
    if progress:
        print("Running the first pair again with all its events, for the stories ...", file=sys.stderr)
    try:
        comparison.book = story_book(comparison, limit=limit)
    except KeyboardInterrupt:
        comparison.interrupted = True
        comparison.notes.append("interrupted: no stories; all runs were finished and are kept")


def _checked_thresholds(comparison: Comparison, claims: bool, thresholds: Mapping[str, float]) -> dict[str, float]:
    """Check everything that judging the claims needs, before anything runs."""
    from ..claims.claims import check_thresholds, needed_outcomes

    if not claims:
        raise InputError("thresholds are for claims: ask for the claims too")
    declared = columns.outcome_keys(comparison.engine.outcomes)
    missing = [key for key in dict.fromkeys(needed_outcomes()) if key not in declared]
    if missing:
        raise InputError(f"the claims cannot be judged: this model has no outcome {', '.join(missing)}")
    return check_thresholds(thresholds)


def _announce_explanation(comparison: Comparison, seeds: int | str, progress: bool) -> None:
    """Refuse what cannot be explained, and say how many runs it takes."""
    from ..explanation.explain import announcement, check_explainable

    check_explainable(comparison.scenarios)
    if progress:
        print(announcement(comparison.scenarios, seeds), file=sys.stderr)


def _explain(comparison: Comparison, progress: bool) -> None:
    """Take the effect apart, if the ordinary pairs are complete."""
    from ..explanation.explain import complete_pairs, explain

    if comparison.interrupted or not complete_pairs(comparison):
        comparison.notes.append("no explanation: the pairs of worlds are not complete")
        return
    comparison.explanation = explain(comparison, progress)


def _batches(comparison: Comparison, seeds: int | str, precision: float | None, cap: int):
    declared = columns.outcome_keys(comparison.engine.outcomes)
    headline = comparison.headline
    if headline not in declared:
        near = get_close_matches(headline, declared, 1)
        raise InputError(f"headline = {headline!r}: no such outcome" + (f"; did you mean {near[0]!r}?" if near else ""))
    if precision is not None and not precision > 0:
        raise InputError(f"precision = {precision!r}: must be above 0")
    if seeds != AUTO:
        replicates = range(1, execution.check_count("seeds", seeds) + 1)
        return lambda _: [replicates]
    execution.check_count("cap", cap, lowest=2)
    unit = comparison.engine.outcomes[columns.split_key(headline)[0]].unit
    precision = default_precision(unit) if precision is None else precision
    return lambda ensemble: _until_precise(ensemble, unit, precision, cap)


def _until_precise(comparison: Comparison, unit: str, precision: float, cap: int) -> Iterator[range]:
    """Yield batches of replicates until every headline interval is narrow enough, or the cap is reached."""
    done = 0
    while done < cap:
        batch = range(done + 1, min(done + AUTO_BATCH, cap) + 1)
        yield batch
        done = batch[-1]
        widest = max(effect.half_width for effect in comparison.headline_effects())
        if widest <= precision:
            comparison.notes.append(
                f"auto: {done} replicates, the effect on {comparison.headline} is known to "
                f"within {widest:.3g} ({unit}), asked for {precision:g}"
            )
            return
    comparison.notes.append(
        f"warning: auto stopped at its cap of {cap} replicates; the effect on {comparison.headline} is known "
        f"only to within {widest:.3g} ({unit}), asked for {precision:g}"
    )
