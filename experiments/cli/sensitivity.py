"""`twoclaims sensitivity`: which factors of a sweep matter, and how much is luck."""

import json
import sys
from pathlib import Path

import rich_click as click

from .options import Positive, json_option, out_option, quiet_option


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="What to explain: effect.OUTCOME (first minus second scenario), effect.OUTCOME@SCENARIO, OUTCOME or "
    "OUTCOME@SCENARIO; can be repeated. [default: effects on the headline outcomes]",
)
@click.option(
    "--precision",
    type=Positive(1e9),
    metavar="HALFWIDTH",
    help="How far intervals shall reach to either side, to be told how many more points or seeds that takes. "
    "[default: 0.1 of the variance for Sobol; else what settles the order of the first three factors]",
)
@out_option
@click.option("--csv", is_flag=True, help="Write every table as CSV too.")
@json_option
@quiet_option
def sensitivity(
    result: Path,
    targets: tuple[str, ...],
    precision: float | None,
    out: Path | None,
    csv: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find out which factors of a sweep move its effects or outcomes, and how much of what is seen is luck.

    RESULT is the folder of a sweep whose design has the method one_at_a_time, morris or sobol, which
    decides the analysis. Tables and figures go
    into a folder of their own inside RESULT.

    \b
    Examples:
      twoclaims sensitivity results/NAME
      twoclaims sensitivity results/NAME --target effect.solve_rate --target reporting_rate.latino
      twoclaims sensitivity results/NAME --precision 0.05 --csv --json
    """
    from ..sensitivity.sensitivity import analyze_sensitivity

    found = analyze_sensitivity(result, targets, precision=precision, out=out, csv=csv)
    if as_json:
        click.echo(json.dumps(found.record(), indent=2))
        return
    click.echo(found.text())
    click.echo(f"\nTables and figures are in {found.folder}")
    if not quiet:
        for note in found.notes:
            print(note, file=sys.stderr)
