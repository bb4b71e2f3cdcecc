"""The table of the frameworks, and what is said with it."""

from collections.abc import Mapping
from statistics import median

from ..table import spell
from .agreement import DAYS as AGREEMENT_DAYS
from .agreement import RESIDENTS as AGREEMENT_RESIDENTS
from .agreement import SEEDS
from .frameworks import PEERS

DAYS = 365
SMALL, LARGE = 10_000, 100_000
REFERENCE = "mesa"

HEAD = ("program", "versions", "a year, 10,000 residents", "a year, 100,000 residents", "agent-days a second",
        "set-up", "peak memory", "times as fast as Mesa: 10,000", "100,000")  # fmt: skip

WORDS = f"""\
The workload (`benchmarks/peers/workload.py`) has the main loop of the model and little else: crimes, reports, what
becomes of them and trust; enforcement and fear along households and ties; daily measures by status. It is not the
model, which has many more rules; what a year of that costs is in [docs/performance.md](../docs/performance.md). Each
framework has the workload in the idiom of its own documents, in a file of `benchmarks/peers`. "This project's
technique" is the engine's way of doing things, with its helpers, on this workload; it is neither the engine nor a
framework.

A year is {DAYS} days after set-up; agent-days, set-up and peak memory (libraries and people included) are with 100,000
residents; about 100 MB of it is numba, which draws the people for all. Times are seconds of the processor, one thread
each, which other jobs on the machine disturb little; left alone, mesa-frames uses all cores. Every number is the median
of runs in processes of their own, the frameworks taking turns.

What the numbers do not say:
- These frameworks do more than this workload asks, and their time pays for it. Mesa and AgentPy let any agent do
  anything, in plain Python and in any order, with spaces, networks and, in Mesa, a page to look at. Starsim brings
  diseases, demography, interventions and calibration, and keeps each agent's luck the same in all scenarios.
  mesa-frames is at its first release.
- The technique is fast because of what the workload is: on most days nothing happens to most people, fear fades along a
  known curve, and nobody asks for everybody's state every day. A model in which all act every day gains little from it,
  and its rules are harder to write and to change than a `step` method.
- One machine, one workload, the versions above, and all programs by our own hand: there may be faster ways to write
  each of them in its own idiom.
"""


def markdown(runs: Mapping[str, Mapping[int, list]], reasons: Mapping[str, str]) -> str:
    """Return the table of all frameworks; one that was not measured has the reason in its row.

    Parameters
    ----------
    runs : mapping
        From the name of a framework to the number of residents to the runs from `measure.speed`, all of `DAYS` days.
    reasons : mapping
        From the name of a framework to why it was not measured.
    """
    lines = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    for name, peer in PEERS.items():
        cells = _measured(runs[name], runs[REFERENCE]) if name in runs else [reasons[name], *["-"] * (len(HEAD) - 2)]
        lines.append(f"| {' | '.join([peer.title, *cells])} |")
    return "\n".join(lines) + "\n"


def _measured(of_one: Mapping[int, list], of_reference: Mapping[int, list]) -> list[str]:
    def typical(runs, key):
        return median(run[key] for run in runs)

    def when_measured(residents, say):
        return say(of_one[residents]) if residents in of_one else "-"

    def ratio(residents):
        return when_measured(
            residents, lambda runs: times(typical(of_reference[residents], "seconds") / typical(runs, "seconds"))
        )

    versions = next(iter(of_one.values()))[0]["versions"]
    return [
        ", ".join(f"{package} {version}" for package, version in versions.items()),
        *(when_measured(n, lambda runs: spell(typical(runs, "seconds"), "s")) for n in (SMALL, LARGE)),
        when_measured(LARGE, lambda runs: f"{DAYS * LARGE / typical(runs, 'seconds') / 1e6:,.1f} million"),
        when_measured(LARGE, lambda runs: spell(typical(runs, "setup"), "s")),
        when_measured(LARGE, lambda runs: spell(typical(runs, "megabytes"), "MB")),
        ratio(SMALL),
        ratio(LARGE),
    ]


def times(ratio: float) -> str:
    """Return a ratio in two digits: `0.45`, `8.9`, `41`, `3,400`."""
    if ratio < 1:
        return f"{ratio:.2f}"
    if ratio < 10:
        return f"{ratio:.1f}"
    return f"{float(f'{ratio:.2g}'):,.0f}"


def same_answers(differences: Mapping[str, float]) -> str:
    """Return what was found when all were compared with Mesa.

    Parameters
    ----------
    differences : mapping
        From the name of a framework to its largest difference from Mesa, in standard errors.
    """
    found = "; ".join(f"{PEERS[name].title} {value:.1f}" for name, value in differences.items())
    return (
        f"All give the same answers within the noise of {SEEDS} runs ({AGREEMENT_RESIDENTS:,} residents, "
        f"{AGREEMENT_DAYS} days, much enforcement). Of 15 means, of crimes, reports, clearances, fear and trust by "
        f"status, the one farthest from Mesa's differs by this many standard errors: {found}.\n"
    )
