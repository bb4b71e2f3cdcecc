"""`twoclaims figures`: fan charts, heat maps, parallel coordinates, and how results settle with more replicates."""

import sys
from pathlib import Path

import rich_click as click

from .options import Whole, json_option, out_option, quiet_option

_KINDS = ("fan", "heat", "parallel", "stability")


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Draw this kind; can be repeated. [default: all]"
)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="SPEC",
    help="effect.KEY, effect.KEY@SCENARIO, KEY or KEY@SCENARIO; can be repeated. [default: effects on the headlines]",
)
@click.option("--axes", nargs=2, metavar="X Y", help="The two factors of the heat map. [default: the first two]")
@click.option(
    "--metric", "metrics", multiple=True, metavar="NAME", help="Monthly series of a fan chart; can be repeated."
)
@click.option("--point", type=Whole(0, 10**9), help="Draw the fan charts of this point only, over its replicates.")
@out_option
@json_option
@quiet_option
def figures(
    result: Path,
    kinds: tuple[str, ...],
    targets: tuple[str, ...],
    axes: tuple[str, str] | None,
    metrics: tuple[str, ...],
    point: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Draw a result: fan charts by month, heat maps of grids, parallel coordinates, replicate stability.

    RESULT is a result folder. Every figure is written as PDF and PNG into a folder of its own inside RESULT.

    \b
    Examples:
      twoclaims figures results/NAME
      twoclaims figures results/NAME --kind heat --target effect.reporting_rate.latino
      twoclaims figures results/NAME --kind fan --metric reported --point 12
    """
    import json

    from ..sweeps.figures import figures as draw

    drawn = draw(
        result, kinds=kinds or None, targets=targets or None, axes=axes, metrics=metrics or None, point=point, out=out
    )
    names = [f"{name}.{ending}" for name in drawn.figures for ending in ("pdf", "png")]
    if as_json:
        click.echo(json.dumps({"folder": str(drawn.folder), "figures": names, "notes": drawn.notes}, indent=2))
        return
    click.echo("\n".join([*sorted(drawn.figures), "", f"Figures are in {drawn.folder}"]))
    if not quiet:
        for note in drawn.notes:
            print(note, file=sys.stderr)
