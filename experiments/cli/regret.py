"""`twoclaims regret`: how far each scenario is from the best one, over all points of a design."""

import json
import sys
from pathlib import Path

import rich_click as click

from .options import json_option, out_option, quiet_option


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT")
@click.option("--outcome", required=True, metavar="KEY", help="Outcome to compare by, such as reporting_rate.latino.")
@click.option(
    "--better",
    type=click.Choice(["higher", "lower"]),
    help="Which direction counts as better. [default: as declared in docs/outcomes.md]",
)
@out_option
@click.option("--csv", is_flag=True, help="Write every table as CSV too.")
@json_option
@quiet_option
def regret(
    result: Path, outcome: str, better: str | None, out: Path | None, csv: bool, as_json: bool, quiet: bool
) -> None:
    """Compare scenarios by their regret: the distance to the scenario that is best at the same point.

    RESULT is the folder of a sweep or comparison of at least two scenarios. The table and a figure go into a folder
    of their own inside RESULT.

    \b
    Examples:
      twoclaims regret results/NAME --outcome reporting_rate.immigrant_communities
      twoclaims regret results/NAME --outcome immigration_arrests --better lower --json
    """
    from ..regret.regret import measure_regret

    found = measure_regret(result, outcome, better=better, out=out, csv=csv)
    if as_json:
        click.echo(json.dumps(found.record(), indent=2))
        return
    from . import text

    click.echo(f"{_table(found)}\n\n{text.paragraph(found.answer)}\n\nTables and a figure are in {found.folder}")
    if not quiet:
        for note in found.notes:
            print(note, file=sys.stderr)


def _table(found) -> str:
    from ..discovery.text import percent
    from ..rounding import short_unit
    from .findings_text import aligned_table

    many = len(found.regrets) > 1
    rows = []
    for row in found.table.itertuples():
        mark = "*" if row.minimax else "(*)" if row.within_noise_of_minimax else ""
        cells = [_number(row, "maximum_regret"), mark]
        if many:
            cells = [
                _number(row, "mean_regret"), *cells, str(row.point_of_maximum), percent(row.best_share),
                percent(row.clearly_best_share), percent(row.clearly_worse_share),
            ]  # fmt: skip
        rows.append((row.scenario, *cells))
    headers: tuple[str, ...] = ("scenario", "regret", "")
    if many:
        headers = ("scenario", "mean regret", "maximum", "", "at point", "best", "clearly\nbest", "clearly\nworse")
    title = f"{found.outcome}: {found.better} is better; regret in {short_unit(found.unit)}"
    key = "* smallest maximum regret; (*) not told apart from it"
    table = aligned_table("", headers, rows).lstrip("\n").rstrip()
    return f"{title}\n\n{table}\n{key}"


def _number(row, name: str) -> str:
    """Return a regret and its interval."""
    from types import SimpleNamespace

    from ..rounding import decimals_for, interval, number

    value, lower, upper = (getattr(row, name + end) for end in ("", "_lower", "_upper"))
    decimals = decimals_for(SimpleNamespace(mean=value, lower=2 * value - upper, upper=upper))
    ends = interval(lower, upper, decimals, plus=False)
    return number(value, decimals) + ("" if ends == "-" else f"\n{ends}")
