"""`twoclaims discover`: the part of the parameter space in which a condition holds."""

import json
import sys
from pathlib import Path

import rich_click as click

from . import text
from .options import Positive, Whole, json_option, out_option, quiet_option

_MOST_STEPS = 10_000


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="RESULT")
@click.option(
    "--when",
    required=True,
    metavar="CONDITION",
    help='What to look for, such as "effect.solve_rate < 0 and not claim.D1"; docs/discovery.md has the grammar.',
)
@click.option(
    "--density",
    type=Positive(1),
    metavar="SHARE",
    help="Share of the points inside a box at which the condition shall hold. [default: 0.8, or half way from its "
    "share of all points to 1]",
)
@click.option(
    "--boxes",
    type=Whole(1, 10),
    default=1,
    show_default=True,
    help="Most boxes to find, each among the points outside the earlier ones.",
)
@click.option("--box", type=Whole(0, _MOST_STEPS), metavar="STEP", help="Take this step of the peeling trajectory.")
@out_option
@click.option("--csv", is_flag=True, help="Write every table as CSV too.")
@json_option
@quiet_option
def discover(
    result: Path,
    when: str,
    density: float | None,
    boxes: int,
    box: int | None,
    out: Path | None,
    csv: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Find the part of the parameter space in which a condition holds, by scenario discovery (PRIM).

    RESULT is the folder of a sweep over factors. The condition is judged at every point, on means over its
    replicates. Tables and figures go into a folder of their own inside RESULT.

    \b
    Examples:
      twoclaims discover results/NAME --when "effect.solve_rate < 0"
      twoclaims discover results/NAME --when "effect.reporting_rate.latino < -0.5" --density 0.9
      twoclaims discover results/NAME --when "claim.D1 and not claim.M2" --boxes 2 --json
      twoclaims discover results/NAME --when "effect.solve_rate < 0" --box 12
    """
    from ..discovery.discovery import discover as find

    if not quiet and sys.stderr.isatty():
        print("searching: some seconds for hundreds of points, a minute for thousands ...", file=sys.stderr)
    found = find(result, when, density=density, boxes=boxes, box=box, out=out, csv=csv)
    if as_json:
        click.echo(json.dumps(found.record(), indent=2))
        return
    click.echo(text.paragraph(found.answer))
    for each in found.boxes:
        if each.step.limits:
            click.echo(f"\n{_heading(each, len(found.boxes))}\n{_table(found, each)}")
    click.echo(f"\nTables and figures are in {found.folder}")
    if not quiet:
        for note in found.notes:
            print(note, file=sys.stderr)


def _heading(box, boxes: int) -> str:
    doubt = "" if box.stands_out else " (points kept out do not bear it out)"
    which = f"Box {box.number}" if boxes > 1 else "The box"
    return f"{which}, step {box.search.chosen} of its peeling trajectory{doubt}:"


def _table(found, box) -> str:
    from ..discovery.text import by_significance, value_text

    rows = []
    for name in by_significance(box.step):
        limit = box.step.limits[name]
        if limit.levels is None:
            low, high = found.space.span(name)
            inside = _range(value_text(found, name, low if limit.low is None else limit.low),
                            value_text(found, name, high if limit.high is None else limit.high))  # fmt: skip
            examined = _range(value_text(found, name, low), value_text(found, name, high))
        else:
            inside = ", ".join(found.space.level_names(name, limit.levels))
            examined = ", ".join(found.space.level_names(name))
        ps = " and ".join(f"{p:.1g}" for p in (limit.p_low, limit.p_high) if p is not None)
        rows.append((name, inside, examined, ps, found.space.factors[name].unit))
    return text.table(("factor", "inside", "examined", "quasi-p", "unit"), rows)


def _range(low: str, high: str) -> str:
    return f"{low} to {high}"
