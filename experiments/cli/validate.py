"""`twoclaims validate`: natural experiments replicated in the model, and held against what was published."""

import sys
from pathlib import Path
from typing import Any

import rich_click as click

from .options import Positive, Whole, json_option, out_option, quiet_option, seed_option, workers_option

MOST_DRAWS = 10_000


@click.command()
@click.option(
    "--prior",
    "prior",
    type=Whole(0, MOST_DRAWS),
    default=0,
    show_default=True,
    metavar="N",
    help="Run the studies at so many draws from the priors too.",
)
@click.option(
    "--posterior",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV of parameter draws, one column each. [default: the calibrated sample, if there is one]",
)
@click.option(
    "--draws",
    type=Whole(1, MOST_DRAWS),
    default=30,
    show_default=True,
    metavar="N",
    help="How many rows of that file to use, evenly spaced.",
)
@click.option("--study", "studies", multiple=True, metavar="NAME", help="Run this study only; can be repeated.")
@click.option("--no-ablations", is_flag=True, help="Leave out the models with a mechanism off.")
@click.option(
    "--size",
    type=Positive(10),
    default=1.0,
    show_default=True,
    metavar="SHARE",
    help="Number of counties and cities, relative to the planned one.",
)
@seed_option
@workers_option
@out_option
@json_option
@quiet_option
def validate(
    prior: int,
    posterior: Path | None,
    draws: int,
    studies: tuple[str, ...],
    no_ablations: bool,
    size: float,
    seed: int,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Replicate ten natural experiments and hold the estimates against bands that were fixed before.

    The whole model is run at the default parameters, at draws of the priors and of a calibrated sample; models without
    fear, without learning offenders and without incapacitation at the calibrated sample, or else the defaults. Each
    takes under a minute at one set of parameters. Ctrl-C keeps what is done. What the bands are:
    experiments/validation/bands.toml.

    \b
    Examples:
      twoclaims validate
      twoclaims validate --prior 30 --workers 2
      twoclaims validate --study news --study raid --no-ablations
      twoclaims validate --posterior my-draws.csv --draws 10
    """
    from ..storage import store
    from ..validation import bands
    from ..validation import draws as points
    from ..validation import validate as run
    from ..validation.folder import save
    from ..validation.page import verdict_lines
    from ..validation.study import STUDIES, Size

    sample = posterior or (points.REFERENCE if points.REFERENCE.is_file() else None)
    given: dict[str, Any] = {
        points.POSTERIOR: points.read_draws(sample, draws) if sample else [],
        points.DEFAULTS: [{}],
        points.PRIOR: points.prior_draws(prior, seed),
    }
    ablations = () if no_ablations else tuple(run.ABLATIONS)
    run.plan(given, ablations, Size(size), studies or STUDIES)  # complains before anything is written
    bands.shipped()
    with store.reserve(out or store.default_folder("validation")) as destination:
        found = run.validate(given, ablations, Size(size), workers, studies=studies or STUDIES, progress=not quiet)
        patterns = found.patterns
        folder = save(found, destination)
    if as_json:
        click.echo(patterns.to_json(orient="records", indent=2))
    else:
        click.echo("\n".join(verdict_lines(patterns, found.estimates)))
        click.echo(f"\nTables, figure and page are in {folder}")
    if not quiet:
        for note in found.notes:
            print(note, file=sys.stderr)
    if found.interrupted:
        return 130
    return 1 if found.failed else 0
