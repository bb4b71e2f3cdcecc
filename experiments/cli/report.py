"""`twoclaims report`: what two worlds show, as files to take home."""

import json
from pathlib import Path

import rich_click as click

from .options import json_option, out_option, quiet_option


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the report: en or es.")
@click.option("--a", "first", metavar="NAME", help="Scenario that is world A. [default: the first]")
@click.option("--b", "second", metavar="NAME", help="Scenario that is world B. [default: the second]")
@out_option
@json_option
@quiet_option
def report(
    result: Path, language: str, first: str | None, second: str | None, out: Path | None, as_json: bool, quiet: bool
) -> None:
    """Write a report of two worlds: one HTML file, an accessible PDF, a one-page hand-out and a slide.

    RESULT is the folder of compare, or of a sweep that varies nothing. The figures are written as SVG and PNG too, and
    their tables as CSV. No file needs the network.

    \b
    Examples:
      twoclaims report results/NAME
      twoclaims report results/NAME --language es --out informe
      twoclaims report results/NAME --b agreement-ended-with-outreach
    """
    import sys

    from simulation.errors import InputError
    from simulation.validation import unknown

    from .. import analysis
    from .. import language as languages
    from ..exhibits.pair import Pair
    from ..report.folder import check_reportable, write_report
    from ..storage import store
    from ..storage.result import Result

    if language not in languages.CODES:
        raise InputError(unknown("language", language, languages.CODES))
    opened = Result.open(result)
    check_reportable(opened)
    with store.reserve(out or analysis.default_folder(opened, f"report-{language}")) as destination:
        pair = Pair.from_result(opened, first, second)
        if pair.a.name == pair.b.name:
            raise InputError(f"world A and world B are both {pair.a.name!r}: name two scenarios")
        if not quiet:
            print(f"Writing a report on {pair.n} pairs of worlds ...", file=sys.stderr)
        folder = write_report(pair, languages.load(language), destination)
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "files": files}, indent=2))
    else:
        click.echo(f"report.html, report.pdf, handout.pdf, slide.pptx, figures and tables are in {folder}")
