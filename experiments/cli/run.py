"""`twoclaims run`: one scenario, once or over several seeds."""

from pathlib import Path
from typing import Any

import rich_click as click

from .options import (
    MOST_SEEDS,
    Whole,
    json_option,
    out_option,
    overrides,
    quiet_option,
    scale_option,
    seed_option,
    set_option,
    workers_option,
    years_option,
)


@click.command()
@click.argument("scenario")
@click.option(
    "--seeds",
    type=Whole(1, MOST_SEEDS),
    default=1,
    show_default=True,
    metavar="N",
    help="How many replicates to run.",
)
@seed_option
@scale_option
@years_option
@set_option
@workers_option
@out_option
@click.option("--csv", is_flag=True, help="Write every table as CSV too.")
@json_option
@quiet_option
def run(
    scenario: str,
    seeds: int,
    seed: int,
    scale: float | None,
    years: float | None,
    settings: dict[str, Any],
    workers: int | None,
    out: Path | None,
    csv: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Simulate one scenario, and summarize its outcomes over replicates.

    Each replicate has its own seed, derived from the root seed. Ctrl-C keeps the finished runs.

    \b
    Examples:
      twoclaims run agreement-ended --scale 0.05
      twoclaims run agreement-ended --seeds 30 --seed 7 --csv
    """
    from ..runs.replication import replicate
    from ..storage.store import default_folder
    from .findings_text import finish, summary_text

    replication = replicate(
        scenario,
        seeds=seeds,
        root_seed=seed,
        overrides=overrides(settings, scale, years),
        workers=workers,
        out=out or default_folder(Path(scenario).stem),
        progress=not quiet,
        csv=csv,
    )
    return finish(replication, summary_text(replication), as_json, quiet)
