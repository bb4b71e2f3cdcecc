"""`twoclaims place`: list, check."""

import dataclasses
import json
from typing import Any

import rich_click as click

from . import text
from .options import Positive, Whole, json_option


@click.group()
def place() -> None:
    """List places, or check that a simulated place matches its figures."""


@place.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the places that ship.

    \b
    Example:
      twoclaims place list
    """
    from simulation.place import Place

    places = [Place.load(name) for name in Place.names()]
    records = [
        {
            "name": each.name,
            "title": each.title,
            "residents": round(float(each.residents.sum())),
            "districts": len(each.districts),
        }
        for each in places
    ]
    if as_json:
        click.echo(json.dumps(records, indent=2))
    else:
        rows = [(r["name"], f"{r['residents']:,}", r["districts"], r["title"]) for r in records]
        click.echo(text.table(("name", "residents 12+", "districts", "title"), rows))


@place.command()
@click.argument("name", metavar="PLACE")
@click.option("--scale", type=Positive(1), default=0.05, show_default=True, help="Share of the residents to simulate.")
@click.option("--seeds", type=Whole(1, 10_000), default=4, show_default=True, help="How many worlds to average over.")
@json_option
def check(name: str, scale: float, seeds: int, as_json: bool) -> None:
    """Simulate a place and set its figures (targets) beside the simulated ones.

    PLACE is a shipped name or the path of a place file.

    \b
    Examples:
      twoclaims place check philadelphia
      twoclaims place check towns/mine.toml --scale 1 --seeds 20
    """
    from simulation.place import Place

    loaded = Place.load(name)
    # Late: only a place that exists is worth the imports.
    from ..place_check import check as simulate_and_compare

    records = [_record(row) for row in simulate_and_compare(loaded, scale, seeds)]
    if as_json:
        click.echo(json.dumps(records, indent=2))
    elif records:
        click.echo(text.table(tuple(records[0]), [[text.value(cell) for cell in r.values()] for r in records]))


def _record(row: Any) -> dict[str, Any]:
    """Return a row of the check by name of column."""
    if dataclasses.is_dataclass(row) and not isinstance(row, type):
        return dataclasses.asdict(row)
    return row._asdict() if hasattr(row, "_asdict") else dict(row)
