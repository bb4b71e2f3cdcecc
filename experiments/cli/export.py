"""`twoclaims export`: the tables of a result for a spreadsheet."""

import json
import sys
from pathlib import Path

import rich_click as click

from .options import json_option, out_option, quiet_option


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.option("--csv", is_flag=True, help="As CSV; this is the only form, so it can be left out.")
@out_option
@json_option
@quiet_option
def export(result: Path, csv: bool, out: Path | None, as_json: bool, quiet: bool) -> int:
    """Write every table of a result as CSV, with the description of its columns.

    RESULT is the folder of a sweep, of compare or of run. The files are UTF-8 and open in a spreadsheet, R and pandas;
    dates are written 2018-08-31.

    \b
    Examples:
      twoclaims export results/sign
      twoclaims export results/sign --out for-the-spreadsheet
    """
    from ..storage.export import export as write_csv

    folder, notes = write_csv(result, out)
    files = sorted(path.name for path in folder.iterdir())
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "files": files, "notes": notes}, indent=2))
    else:
        click.echo(f"{', '.join(name for name in files if name.endswith('.csv'))} are in {folder}")
    if not quiet:
        for note in notes:
            print(note, file=sys.stderr)
    return 0
