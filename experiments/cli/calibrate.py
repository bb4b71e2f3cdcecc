"""`twoclaims calibrate`: fit the uncertain parameters to what was measured."""

import json
import sys
from pathlib import Path
from typing import Any

import rich_click as click

from simulation.errors import InputError

from .options import MOST_WORKERS, Whole, json_option, out_option, quiet_option


@click.command()
@click.option("--resume", type=click.Path(path_type=Path), metavar="FOLDER", help="Go on with one that was stopped.")
@click.option("--population", type=Whole(20, 100_000), help="Points of a generation. [default: 300]")
@click.option("--generations", type=Whole(1, 1000), help="Most generations. [default: 16]")
@click.option("--seed", type=Whole(0, 2**32 - 1), help="Which points are tried. [default: 2018]")
@click.option("--workers", type=Whole(1, MOST_WORKERS), default=2, show_default=True, help="Processes at a time.")
@out_option
@json_option
@quiet_option
def calibrate(
    resume: Path | None,
    population: int | None,
    generations: int | None,
    seed: int | None,
    workers: int,
    out: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fit the uncertain parameters to measured targets, never to the patterns that are held out for validation.

    Approximate Bayesian computation by pyABC. A calibration that was stopped (Ctrl-C) keeps every evaluation; going on
    gives what it would have given. The targets and the fitted parameters are in experiments/calibration/targets.toml.

    \b
    Examples:
      twoclaims calibrate
      twoclaims calibrate --population 100 --workers 1 --out results/quick
      twoclaims calibrate --resume results/quick
    """
    try:
        from ..calibration import calibration
    except ModuleNotFoundError as error:
        raise InputError(
            f"calibrate needs {error.name}, which is not installed: pip install 'two-claims[calibration]'"
        ) from None
    asked = {"population": population, "generations": generations, "seed": seed}
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if resume is not None and (given or out is not None):
        raise InputError("--resume goes on with the settings of its folder; leave out --population, --generations, "
                         "--seed and --out")  # fmt: skip
    from ..storage.store import default_folder

    folder = resume or out or default_folder("calibration")
    try:
        found = calibration.calibrate(
            folder,
            resume=resume is not None,
            workers=workers,
            told=(lambda _: None) if quiet else (lambda line: print(line, file=sys.stderr, flush=True)),
            **given,
        )
    except KeyboardInterrupt:
        print(
            f"\nStopped; every evaluation is kept. Go on with: twoclaims calibrate --resume {folder}", file=sys.stderr
        )
        raise
    from ..calibration.text import summary

    click.echo(json.dumps(found.manifest, indent=2) if as_json else summary(found))
