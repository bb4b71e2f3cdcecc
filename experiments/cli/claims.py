"""`twoclaims claims`: how probable each claim is over all that is not known."""

import json
import sys
from pathlib import Path

import rich_click as click

from simulation.errors import InputError

from .options import (
    MOST_SEEDS,
    Positive,
    Whole,
    json_option,
    out_option,
    parse_thresholds,
    quiet_option,
    seed_option,
    workers_option,
)

MOST_DRAWS = 100_000


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option(
    "--budget",
    nargs=2,
    metavar="A B",
    help="Two scenarios that differ in the police budget, for F1. "
    "[default: agreement-ended-funding-cut agreement-ended]",
)
@click.option("--draws", type=Whole(10, MOST_DRAWS), metavar="N", help="Draws of each source. [default: 150]")
@click.option(
    "--seeds", type=Whole(5, MOST_SEEDS), metavar="N", help="Pairs of worlds at each draw, at least 5. [default: 6]"
)
@click.option("--scale", type=Positive(1), help="Share of the city's residents to simulate. [default: 0.2]")
@seed_option
@workers_option
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="CLAIM=NUMBER",
    callback=parse_thresholds,
    help="Smallest effect of interest of a claim, or of one measure (M1.trust.immigrant_communities=1); repeatable.",
)
@click.option("--resume", type=click.Path(path_type=Path), metavar="FOLDER", help="Go on with one that was stopped.")
@out_option
@json_option
@quiet_option
def claims(
    a: str | None,
    b: str | None,
    budget: tuple[str, str] | None,
    draws: int | None,
    seeds: int | None,
    scale: float | None,
    seed: int,
    workers: int | None,
    thresholds: dict[str, float],
    resume: Path | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Ask of every claim how probable it is over all that is not known, how large its effects are, and what decides.

    A and B are two scenarios that differ in what is shared, by default agreement-2008-terms and agreement-ended. Both
    are run at draws of the calibrated sample and at draws of the priors alone. After Ctrl-C --resume goes on; given a
    complete folder it judges anew, as with other thresholds.

    \b
    Examples:
      twoclaims claims
      twoclaims claims --draws 40 --scale 0.05
      twoclaims claims agreement-renewed agreement-ended --threshold M2=0.2
      twoclaims claims --resume results/claims-NAME
    """
    from ..storage.store import default_folder
    from ..verdicts import interests, running

    interests.thresholds(thresholds)  # complains before anything is run
    folder = resume or out or default_folder("claims")
    settings = {"draws": draws, "seeds": seeds, "scale": scale}
    given = {name: value for name, value in settings.items() if value is not None}
    if resume is not None:
        if given or out is not None or a is not None or budget:
            raise InputError(
                "--resume goes on with the settings of its folder; leave out scenarios, --budget, --draws, --seeds, "
                "--scale and --out"
            )
        running.described(folder)
    else:
        running.begin(folder, running.asked(a, b, budget, root_seed=seed, **given))
    return _run(folder, thresholds, workers, as_json, quiet)


def _run(folder: Path, thresholds: dict[str, float], workers: int | None, as_json: bool, quiet: bool) -> int:
    """Run what the folder lacks, judge, and print; return 1 if runs failed."""
    from ..analysis import records
    from ..verdicts import running
    from ..verdicts.folder import finish
    from ..verdicts.text import summary

    try:
        results = running.go_on(folder, workers, not quiet)
    except KeyboardInterrupt:
        done, planned = running.kept(folder)
        print(f"\nStopped: {done:,} of {planned:,} worlds are kept; go on with: twoclaims claims --resume {folder}",
              file=sys.stderr)  # fmt: skip
        raise
    told = (lambda _: None) if quiet else (lambda line: print(line, file=sys.stderr, flush=True))
    found = finish(folder, results, thresholds, told)
    for note in () if quiet else found.about["notes"]:
        print(note, file=sys.stderr)
    failed = sum(counts["failed"] for counts in found.about["counts"].values())
    if as_json:
        tables = {name: records(found.tables[name]) for name in ("probabilities", "boxes")}
        first = found.tables["decisive"]
        tables["decisive"] = records(first[first["rank"] == 1])
        click.echo(json.dumps({"folder": str(folder), "failed": failed, **tables}, indent=2))
    else:
        click.echo(summary(found))
        click.echo(f"\nclaims.html, figures and tables are in {folder}")
    return 1 if failed else 0
