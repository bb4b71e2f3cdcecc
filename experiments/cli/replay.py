"""`twoclaims replay`: one run of a result again, exactly."""

import json
from pathlib import Path

import rich_click as click

from .options import json_option

_SHOWN = 20


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.argument("run_id")
@json_option
def replay(result: Path, run_id: str, as_json: bool) -> int:
    """Run one run of a result again and compare every outcome bit for bit.

    RESULT is a result folder, RUN_ID a name from its runs.parquet. The exit code is 1 if anything differs.

    \b
    Examples:
      twoclaims replay results/agreement-ended-20260301-101500 agreement-ended-0001
    """
    from ..storage.replay import replay as run_again

    found = run_again(result, run_id)
    if as_json:
        click.echo(json.dumps({**found._asdict(), "identical": found.identical}, indent=2))
        return 0 if found.identical else 1
    if found.identical:
        click.echo(f"identical: all {found.outcomes} outcomes of {run_id}")
    else:
        click.echo(f"{len(found.differences)} of {found.outcomes} outcomes of {run_id} differ:")
        for name, before, now in found.differences[:_SHOWN]:
            click.echo(f"  {name}: stored {before!r}, now {now!r}")
        if len(found.differences) > _SHOWN:
            click.echo(f"  and {len(found.differences) - _SHOWN} more")
    for note in found.notes:
        click.echo(f"note: {note}")
    return 0 if found.identical else 1
