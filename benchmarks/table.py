"""The rows of the table: what is measured, its target, and whether it is met."""

from collections.abc import Mapping
from typing import NamedTuple


class Measure(NamedTuple):
    """One measurement: a function of `benchmarks.measures`, how often it runs, and whether --quick runs it."""

    function: str
    argument: str = ""
    repetitions: int = 3
    quick: bool = False

    @property
    def name(self) -> str:
        """The function with its argument."""
        return f"{self.function} {self.argument}".strip()


MEASURES = (
    Measure("year", "0.00747", quick=True),
    Measure("year", "0.0747", quick=True),
    Measure("year", "1", quick=True),
    Measure("setup", "0.00747", quick=True),
    Measure("setup", "0.0747", quick=True),
    Measure("setup", "1", quick=True),
    Measure("cold_city"),
    Measure("first_compile", repetitions=1),
    Measure("oracle", repetitions=1, quick=True),
    Measure("paired_runs", repetitions=1),
    Measure("city_years", repetitions=1),
    Measure("sweep", repetitions=1),
    Measure("sweep_overhead", repetitions=1),
    Measure("peers", "sweep", repetitions=1),
    Measure("peers", "joblib", repetitions=1),
    Measure("peers", "dask", repetitions=1),
    Measure("peers", "mesa", repetitions=1),
    Measure("equal_events"),
    Measure("variance", repetitions=1),
    Measure("watched_day", quick=True),
    Measure("help_text", repetitions=1, quick=True),
)


class Row(NamedTuple):
    """One line: `measure` and `key` name the number, `limit` is the target in the unit of the number."""

    what: str
    target: str
    measure: str
    key: str
    limit: float | None
    unit: str = "s"
    at_least: bool = False


ROWS = (
    Row("all of Philadelphia 1:1, ten years, both worlds, cold process, one core", "under 5 s",
        "cold_city", "seconds", 5),
    Row("its peak memory", "under 400 MB", "cold_city", "megabytes", 400, "MB"),
    Row("one simulated year after set-up, 10,000 residents", "under 1 ms", "year 0.00747", "seconds", 1e-3),
    Row("the same, 100,000 residents", "under 8 ms", "year 0.0747", "seconds", 8e-3),
    Row("the same, 1.34 million residents", "under 200 ms", "year 1", "seconds", 0.2),
    Row("set-up: people, 10,000 residents", "", "setup 0.00747", "people", None),
    Row("set-up: people, 100,000 residents", "", "setup 0.0747", "people", None),
    Row("set-up: people, 1.34 million residents", "", "setup 1", "people", None),
    Row("set-up: constants and columns, 10,000 residents", "", "setup 0.00747", "constants", None),
    Row("set-up: constants and columns, 100,000 residents", "", "setup 0.0747", "constants", None),
    Row("set-up: constants and columns, 1.34 million residents", "", "setup 1", "constants", None),
    Row("first compile on a machine", "under 20 s", "first_compile", "seconds", 20),
    Row("a year of the plain Mesa version over one of the engine, 100,000 residents (1)", "at least 1,000 times",
        "oracle", "ratio", 1000, "times", at_least=True),
    Row("1,000 paired one-year runs with outcomes, 10,000 residents, one core", "under 5 s",
        "paired_runs", "seconds", 5),
    Row("100,000 one-year runs with outcomes, 10,000 residents, two cores (2)", "under 120 s",
        "city_years", "seconds", 120),
    Row("a sweep of 1,000 runs of 100,000 residents and 4 years, two cores, tables written (3)", "under 60 s",
        "sweep", "seconds", 60),
    Row("overhead of one of these runs", "under 2 ms", "sweep", "overhead", 2e-3),
    Row("a sweep of 10,000 runs that do nothing, all outcomes kept: time of one", "under 2 ms",
        "sweep_overhead", "overhead", 2e-3),
    Row("the same: memory that the parent takes up from run 2,000 to run 10,000", "under 10 MB",
        "sweep_overhead", "growth", 10, "MB"),
    Row("the same: its peak memory, writing the tables", "", "sweep_overhead", "peak", None, "MB"),
    Row("1,000 one-year runs of a town of 1,800, two processes, from start to results (4): `twoclaims sweep`", "",
        "peers sweep", "seconds", None),
    Row("the same runs by joblib, results in memory only", "", "peers joblib", "seconds", None),
    Row("the same runs by Dask, results in memory only", "", "peers dask", "seconds", None),
    Row("the same town in plain Mesa by `mesa.batch_run`, number of crimes only", "", "peers mesa", "seconds", None),
    Row("from 100,000 to a million residents at the same events: cost of a day (5)", "under 1.2 times",
        "equal_events", "day", 1.2, "times"),
    Row("the same: cost of a year, with the draw of candidates that opens it", "under 1.2 times",
        "equal_events", "year", 1.2, "times"),
    Row("memory per resident, ties included", "under 150 bytes", "year 1", "bytes_per_resident", 150, "bytes"),
    Row("independent over paired variance of the difference in Latino reporting (6)", "at least 50 times",
        "variance", "ratio", 50, "times", at_least=True),
    Row("one watched day at 1:1: step and Mesa's DataCollector", "under 1 ms", "watched_day", "seconds", 1e-3),
    Row("`twoclaims --help`", "under 0.2 s", "help_text", "seconds", 0.2),
)  # fmt: skip

NOTES = """\
1. The plain version (`tests/oracle`) runs 25 days and is extrapolated to a year; the engine runs the year; neither's
   set-up counts. Both count the same crimes in these days, or nothing is printed.
2. Extrapolated from 1,000 runs, half of them on each core at the same time.
3. 100 points of three factors, both worlds, five seeds; all runs share one population.
4. Both worlds, one population. `mesa.batch_run` is extrapolated from 40 runs; the sweep puts every run on disk.
5. Per crime, with weights, arrests and visits per resident at a tenth.
6. 30 pairs of the shipped scenarios at their own scale, each pair with its own people. So few pairs know the ratio to
   about a half.
"""


def markdown(results: Mapping[str, Mapping[str, float]]) -> str:
    """Return the table of what has been measured; rows without a measurement are left out.

    Parameters
    ----------
    results : mapping
        From the name of a measure to its numbers by key.
    """
    lines = ["| what | target | measured | met |", "|---|---|---|---|"]
    for row in ROWS:
        if row.measure in results:
            value = results[row.measure][row.key]
            lines.append(f"| {row.what} | {row.target or '-'} | {spell(value, row.unit)} | {_met(row, value)} |")
    return "\n".join(lines) + "\n"


def spell(value: float, unit: str) -> str:
    """Return a number with its unit, in three digits; times below a second in milliseconds."""
    if unit == "s" and value < 1:
        value, unit = 1000 * value, "ms"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def _met(row: Row, value: float) -> str:
    if row.limit is None:
        return "-"
    return "yes" if (value >= row.limit if row.at_least else value < row.limit) else "no"
