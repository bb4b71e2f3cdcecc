"""Hold what the scenario files expected against what comes out: `python -m docs.expected`, a minute for each replicate.

The sentences stand in the scenario files, their numbers in `expected.toml`, what came out in `expected.json`, and all
of it, failures included, on the page `expectations.md`.
"""

import datetime
import json
import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

import simulation
from experiments.cli.scenario import GROUPS
from experiments.runs.ensemble import DEFAULT_ROOT_SEED
from experiments.statistics import summarize
from simulation.randomness import replicate_seed
from simulation.scenario import Scenario
from simulation.vocabulary import CrimeType, Party

from .tables import table

FOLDER = Path(__file__).parent
CHECKS, FOUND = FOLDER / "expected.toml", FOLDER / "expected.json"
REPLICATES = 20

ALL = "all"
WINDOWS: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    ALL: {},
    "quarter": {"outcomes_from": datetime.date(2018, 10, 1), "years": 3},
    "third-month": {"outcomes_from": datetime.date(2018, 12, 1), "years": 3},
    "next-half-year": {"outcomes_from": datetime.date(2019, 1, 1), "years": 3.5},
    "half-year": {"outcomes_from": datetime.date(2018, 8, 31), "years": 3.162},
    "after-a-year": {"outcomes_from": datetime.date(2019, 9, 1)},
    "from-the-cut": {"outcomes_from": datetime.date(2018, 10, 1)},
})  # fmt: skip
"""When outcomes are measured: what replaces the scenario's own period."""

HELD, FAILED, OPEN, NOT_RUN = "as expected", "**failed**", "not settled", "not run"
World = tuple[str, str]
"""A scenario and a window."""


@dataclass(frozen=True)
class Check:
    """One number that a sentence gives limits for (the keys of `expected.toml`); `less` is subtracted `times` times."""

    scenario: str
    than: str
    outcome: str = ""
    unit: str = "points"
    window: str = ALL
    but: tuple[str, ...] = ()
    between: tuple[float, float] = (-math.inf, math.inf)
    less: "Check | None" = None
    times: float = 1.0

    @property
    def worlds(self) -> set[World]:
        """The worlds that must be run."""
        named = {(name, self.window) for name in (self.scenario, self.than) if name}
        return named | (self.less.worlds if self.less else set())


def read_checks(content: Mapping[str, Any]) -> dict[tuple[str, int], list[Check]]:
    """Return the checks of every sentence, by scenario and number of the sentence from 1.

    Parameters
    ----------
    content : mapping
        The content of `expected.toml`.
    """
    return {
        (scenario, int(number)): [
            check for entry in entries for check in _checks(scenario, {"than": sentences["than"]} | entry)
        ]
        for scenario, sentences in content.items()
        for number, entries in sentences.items()
        if number != "than"
    }


def _checks(scenario: str, entry: Mapping[str, Any]) -> list[Check]:
    named = dict(entry)
    outcomes, less = named.pop("outcome", ""), named.pop("less", None)
    named["but"], named["between"] = tuple(named.get("but", ())), tuple(map(float, named["between"]))
    checks = [
        Check(scenario, outcome=each, **named) for each in ([outcomes] if isinstance(outcomes, str) else outcomes)
    ]
    return [replace(each, less=_subtrahend(each, dict(less))) for each in checks] if less else checks


def _subtrahend(check: Check, changed: dict[str, Any]) -> Check:
    """Return the same check with some keys changed; `of` names another pair of scenarios."""
    scenario, than = changed.pop("of", (check.scenario, check.than))
    return replace(check, scenario=scenario, than=than, **changed)


# What comes out


def observed(result: Any) -> dict[str, float]:
    """Return the outcomes of a run, and what else some sentences speak of.

    Parameters
    ----------
    result : RunResult
    """
    outcomes, engine, scenario = result.outcomes, result.engine, result.scenario
    place = engine.place
    crimes = np.array([outcomes[f"crimes_happened.{kind}"] for kind in CrimeType.names()])
    reported = crimes * place.reporting
    years = (scenario.end - scenario.outcomes_from).days / 365.25
    usual = place.immigration_arrests_per_year * scenario.scale * years
    votes = [vote.votes[Party.COURTS] for vote in engine.government.votes]
    return outcomes | {
        "reporting_gap_to_place": outcomes["reporting_rate"] - 100 * reported.sum() / crimes.sum(),
        "clearance_gap_to_place": outcomes["clearance_rate"] - 100 * (reported @ place.clearance) / reported.sum(),
        "arrests_percent_of_place": 100 * outcomes["immigration_arrests"] / usual,
        "prevented_by_removal_percent": 100 * outcomes["crimes_prevented_by_removal"] / crimes.sum(),
        "votes_of_courts_to_end": float(sum(votes)),
        "runs_shared_to_the_end": float(engine.history[-1][1].shows_anything),
    }


Values = Mapping[World, Sequence[Mapping[str, float]]]
"""What was observed in every world, one mapping a replicate."""


def _read(values: Values, world: World, outcome: str) -> np.ndarray:
    return np.array([each[outcome] for each in values[world]], dtype=float)


def _points(check: Check, values: Values) -> np.ndarray:
    found = _read(values, (check.scenario, check.window), check.outcome)
    return found - _read(values, (check.than, check.window), check.outcome) if check.than else found


def _percent(check: Check, values: Values) -> np.ndarray:
    """Return the change of the mean in percent, linearized: one number a replicate, whose mean is the change."""
    a, b = (_read(values, (name, check.window), check.outcome) for name in (check.scenario, check.than))
    if not b.mean():
        return np.full(len(b), np.nan)
    ratio = a.mean() / b.mean()
    return 100 * (ratio - 1 + (a - ratio * b) / b.mean())


def _differing(check: Check, values: Values) -> np.ndarray:
    pairs = zip(*(values[name, check.window] for name in (check.scenario, check.than)), strict=True)
    counted = [name for name in values[check.scenario, check.window][0] if name.partition(".")[0] not in check.but]
    return np.array([sum(not _same(a[name], b[name]) for name in counted) for a, b in pairs], dtype=float)


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


UNITS: Mapping[str, Callable[[Check, Values], np.ndarray]] = MappingProxyType(
    {"points": _points, "percent": _percent, "differing": _differing}
)


def measured(check: Check, values: Values) -> np.ndarray:
    """Return what a check looks at: one number a replicate, whose mean is to lie within its limits.

    Parameters
    ----------
    check : Check
    values : mapping
        What was observed in every world.
    """
    found = UNITS[check.unit](check, values)
    return found - check.less.times * measured(replace(check.less, less=None), values) if check.less else found


def judge(between: tuple[float, float], lower: float, upper: float) -> str:
    """Return whether an interval lies within limits (`HELD`), beyond them (`FAILED`), or across one (`OPEN`).

    Parameters
    ----------
    between : tuple of float
        The smallest and the largest value expected.
    lower, upper : float
        95% interval of what came out; NaN where it is undefined.
    """
    low, high = between
    if low <= lower and upper <= high:
        return HELD
    return FAILED if upper < low or lower > high else OPEN


def worst(verdicts: Iterable[str]) -> str:
    """Return the verdict of a sentence from those of its numbers: it failed if one of them did."""
    return max(verdicts, key=(HELD, OPEN, NOT_RUN, FAILED).index)


def run_worlds(checks: Iterable[Check], replicates: Iterable[int]) -> Iterable[Values]:
    """Run every world that some checks need, replicate by replicate; yield what was observed so far after each.

    Parameters
    ----------
    checks : iterable of Check
    replicates : iterable of int
        Their numbers; replicate r has the seed that it has in `twoclaims compare`.
    """
    worlds = sorted(set().union(*(check.worlds for check in checks)))
    loaded = {(name, window): Scenario.load(name, dict(WINDOWS[window])) for name, window in worlds}
    values: dict[World, list[dict[str, float]]] = {world: [] for world in worlds}
    for replicate in replicates:
        seed = replicate_seed(DEFAULT_ROOT_SEED, replicate)
        for world, scenario in loaded.items():
            values[world].append(observed(simulation.run(scenario, seed)))
        yield values


def summary(checks: Mapping[tuple[str, int], Sequence[Check]], values: Values) -> dict[str, Any]:
    """Return what came out of every check, and under what, as `expected.json` holds it.

    Parameters
    ----------
    checks : mapping
        As from `read_checks`.
    values : mapping
        What was observed in every world.
    """
    rows = [
        {"scenario": scenario, "sentence": number, "check": nth}
        | {name: _number(getattr(found, name)) for name in ("mean", "lower", "upper")}
        for (scenario, number), members in checks.items()
        for nth, check in enumerate(members, 1)
        for found in [summarize(measured(check, values))]
    ]
    baseline = Scenario.load("agreement-renewed")
    return {
        "version": simulation.__version__,
        "defaults": baseline.fingerprint,
        "replicates": len(next(iter(values.values()))),
        "scale": baseline.scale,
        "found": rows,
    }


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


# The page


def page(content: Mapping[str, Any] | None = None, came: Mapping[str, Any] | None = None) -> str:
    """Return the page of all sentences with what came out.

    Parameters
    ----------
    content, came : mapping, optional
        The content of `expected.toml` and of `expected.json`; the committed ones unless given.
    """
    checks = read_checks(content or tomllib.loads(CHECKS.read_text(encoding="utf-8")))
    came = came or committed()
    found = {(row["scenario"], row["sentence"], row["check"]): row for row in came["found"]}
    verdicts = {
        (scenario, number, nth): _verdict(check, found.get((scenario, number, nth)))
        for (scenario, number), members in checks.items()
        for nth, check in enumerate(members, 1)
    }
    whole = {
        sentence: worst(verdict for (*at, _), verdict in verdicts.items() if tuple(at) == sentence)
        for sentence in checks
    }
    loaded = map(Scenario.load, {name for name, _ in checks})
    scenarios = sorted(loaded, key=lambda each: (GROUPS.index(each.group), each.name))
    parts = [_introduction(came, Counter(whole.values())), *([_failures(whole, scenarios)] if found else [])]
    for group, members in groupby(scenarios, key=lambda each: each.group):
        parts.append(f"## {group}\n")
        for scenario in members:
            parts.append(f"### {scenario.name}\n")
            rows = [
                (text if nth == 1 else "", _told(check), _limits(check),
                 _value(found.get((scenario.name, number, nth))), verdicts[scenario.name, number, nth])
                for number, text in enumerate(scenario.expected, 1)
                for nth, check in enumerate(checks[scenario.name, number], 1)
            ]  # fmt: skip
            parts.append(table(("expected before running", "measured", "limits", "came out", "so"), rows))
    return "\n".join(parts)


def committed() -> dict[str, Any]:
    """Return the content of `expected.json`; without the file, that of nothing run."""
    return json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.is_file() else {"found": []}


def _verdict(check: Check, row: Mapping[str, Any] | None) -> str:
    if row is None:
        return NOT_RUN
    lower, upper = (math.nan if row[name] is None else row[name] for name in ("lower", "upper"))
    return judge(check.between, lower, upper)


def _introduction(came: Mapping[str, Any], counts: Counter) -> str:
    text = (
        "# What was expected, and what came out\n\n"
        "Every scenario that ships says under `expected` what its author thought a run would show, before it was "
        "run.\nHere each sentence stands beside what came out. A sentence that failed is left as it is: it tells where "
        "the rules do\nsomething else than was thought, which is one way to learn from a model, and no reason to "
        "change them.\n\n"
        f"Of {counts.total()} sentences {counts[HELD]} came out as expected, {counts[FAILED]} failed, "
        f"{counts[OPEN]} are not settled,\nand {counts[NOT_RUN]} have not been run.\n\n"
        "*As expected*: the whole 95% interval lies within the limits that the sentence gives. *Failed*: the whole "
        "interval lies\nbeyond them. *Not settled*: the interval reaches across a limit. A sentence with several "
        "numbers fails if one of them does.\nThe intervals are not adjusted for looking at many numbers: of twenty "
        "that sit at a limit in truth, about one would be\ncalled failed or held by luck.\n\n"
        "Limits that a sentence gives in words only, and the exact measures, are in [expected.toml](expected.toml).\n"
        "To run it anew: `python -m docs.expected`, then `python -m docs.build`; every replicate is written as it "
        "ends, so it may be stopped.\n"
    )
    if not came["found"]:
        return text
    text += (
        f"\n{came['replicates']} replicates (root seed {DEFAULT_ROOT_SEED}) of {100 * came['scale']:g}% of "
        f"Philadelphia, worlds compared under common luck; version {came['version']}.\n"
    )
    if came["defaults"] != Scenario.load("agreement-renewed").fingerprint:
        text += (
            "\n**These runs were made under other default parameters than today's**, so what came out may not be what "
            "would come\nout now.\n"
        )
    return text


def _failures(verdicts: Mapping[tuple[str, int], str], scenarios: Sequence[Scenario]) -> str:
    failed = [
        f"- [{each.name}](#{each.name}): {text}"
        for each in scenarios
        for number, text in enumerate(each.expected, 1)
        if verdicts[each.name, number] == FAILED
    ]
    return "\n".join(["## Sentences that failed\n", *(failed or ["None."]), ""])


def _told(check: Check) -> str:
    """Return what is measured, in short."""
    if check.unit == "differing":
        told = f"outcomes that differ from {check.than}" + "".join(f", all but `{each}`" for each in check.but)
    else:
        told = f"`{check.outcome}`" + (f" against {check.than}" if check.than else "")
        told += ", percent" if check.unit == "percent" else ""
    told += "" if check.window == ALL else f" ({check.window})"
    if check.less is None:
        return told
    times = "" if check.less.times == 1 else f"{check.less.times:g} times "
    other = check.less
    pair = f"{other.scenario} against {other.than}" if other.scenario != check.scenario else f"`{other.outcome}`"
    return f"{told}; less {times}that of {pair}" + ("" if other.window == check.window else f" ({other.window})")


def _limits(check: Check) -> str:
    low, high = check.between
    if low == -math.inf:
        return f"at most {high:g}"
    return f"at least {low:g}" if high == math.inf else f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _value(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "-"
    if row["mean"] is None:
        return "undefined"
    if row["lower"] == row["upper"]:
        return f"{row['mean']:.3g}"
    return f"{row['mean']:.3g} ({row['lower']:.3g} to {row['upper']:.3g})"


def main() -> None:
    """Run all worlds and write what came out, after every replicate from the second on."""
    checks = read_checks(tomllib.loads(CHECKS.read_text(encoding="utf-8")))
    members = [check for each in checks.values() for check in each]
    for values in run_worlds(members, range(1, REPLICATES + 1)):
        came = summary(checks, values)
        print(f"{came['replicates']} of {REPLICATES} replicates", flush=True)
        if came["replicates"] > 1:
            head = {name: value for name, value in came.items() if name != "found"}
            lines = ",\n".join(json.dumps(row) for row in came["found"])
            FOUND.write_text(f'{json.dumps(head)[:-1]}, "found": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
