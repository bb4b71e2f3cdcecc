"""`twoclaims facilitate`: the papers of a workshop, to print."""

from pathlib import Path

import rich_click as click


@click.command()
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the papers: en or es.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="File to write. [default: workshop-CODE.pdf]"
)
def facilitate(language: str, out: Path | None) -> None:
    """Write what a facilitator prints: the guide for 45, 90 and 180 minutes, role cards and prediction sheets.

    One PDF, with the texts of the page that `twoclaims app` opens. An existing file is not overwritten.

    \b
    Examples:
      twoclaims facilitate
      twoclaims facilitate --language es --out taller.pdf
    """
    from experiments import language as languages
    from simulation.errors import InputError
    from simulation.validation import unknown

    from .papers import make_papers

    if language not in languages.CODES:
        raise InputError(unknown("language", language, languages.CODES))
    file = out or Path(f"workshop-{language}.pdf")
    made = make_papers(languages.load(language))
    try:
        with file.open("xb") as opened:
            opened.write(made)
    except FileExistsError:
        raise InputError(f"{file}: exists already; name another file with --out") from None
    click.echo(f"{file}: guide, role cards and prediction sheets, to print")
