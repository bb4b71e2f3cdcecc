"""`twoclaims sweep`: thousands of worlds from a design file, kept whatever happens."""

import json
import math
import sys
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
    set_option,
    workers_option,
    years_option,
)


@click.command()
@click.argument("design", required=False)
@click.option("--dry-run", is_flag=True, help="Run nothing; print how many runs there are, how long and how large.")
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Complete the sweep that was stopped in this folder.",
)
@out_option
@workers_option
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Do the runs on a Dask cluster, such as tcp://host:8786, and not on this machine.",
)
@click.option("--max-failures", type=Whole(1, 10**9), metavar="N", help="Stop once so many runs have failed.")
@click.option("--retry-failed", is_flag=True, help="With --resume: do failed runs again.")
@click.option(
    "--seeds", type=Whole(1, MOST_SEEDS), metavar="N", help="Replicates of every point, in place of the design's."
)
@scale_option
@years_option
@set_option
@click.option("--csv", is_flag=True, help="Write every table as CSV too.")
@json_option
@quiet_option
def sweep(
    design: str | None,
    dry_run: bool,
    resume: Path | None,
    out: Path | None,
    workers: int | None,
    scheduler: str | None,
    max_failures: int | None,
    retry_failed: bool,
    seeds: int | None,
    scale: float | None,
    years: float | None,
    settings: dict[str, Any],
    csv: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run every point of a design in every scenario, over common seeds.

    DESIGN is the name of one that ships or a TOML file of your own. Finished runs are kept all along: after Ctrl-C, a
    crash or a full disk, --resume goes on where the sweep stopped. A run that fails becomes a row of failures.parquet
    and the others go on; the exit code is then 1.

    \b
    Examples:
      twoclaims sweep what-decides-the-sign --dry-run
      twoclaims sweep what-decides-the-sign --out results/sign
      twoclaims sweep --resume results/sign
      twoclaims sweep my-design.toml --seeds 2 --scheduler tcp://10.0.0.5:8786
    """
    from ..sweeps.sweep import sweep as run_sweep

    given = overrides(settings, scale, years) | ({} if seeds is None else {"seeds": seeds})
    if dry_run:
        return _estimate(design, given, workers, resume, as_json, quiet)
    result = run_sweep(
        design,
        out=out,
        workers=workers,
        scheduler=scheduler,
        resume=resume,
        max_failures=max_failures,
        progress=not quiet,
        overrides=given,
        retry_failed=retry_failed,
        csv=csv,
    )
    return _finish(result, as_json, quiet)


def _finish(result, as_json: bool, quiet: bool) -> int:
    """Print how the sweep went; return the exit code: 130 after Ctrl-C, 1 if runs failed or it stopped, else 0."""
    from ..storage import store
    from .findings_text import print_failures

    counts, notes, status = result.manifest["counts"], result.manifest["notes"], result.manifest["status"]
    if as_json:
        record = {"folder": str(result.folder), "status": status, "root_seed": result.manifest["root_seed"]}
        click.echo(json.dumps({**record, **counts, "notes": notes}, indent=2))
    else:
        click.echo(f"{counts['finished']} of {counts['planned']} runs finished, {counts['failed']} failed.")
        click.echo(f"Results are in {result.folder}")
    print_failures(list(zip(result.failures["run_id"], result.failures["reason"])), counts["planned"])
    for note in notes:
        if not quiet or note.startswith(("interrupted", "stopped")):
            print(note, file=sys.stderr)
    if status == store.INTERRUPTED:
        return 130
    return 0 if status == store.COMPLETE and not counts["failed"] else 1


def _estimate(design, given: dict, workers: int | None, resume: Path | None, as_json: bool, quiet: bool) -> int:
    """Print what a design would take; nothing is written."""
    from simulation.errors import InputError

    from ..designs.design import Design
    from ..runs import execution
    from ..runs.progress import duration
    from ..sweeps.folder import size

    if design is None or resume is not None:
        raise InputError("--dry-run is about a design: name one, without --resume")
    loaded, engine = Design.load(design, given), execution.simulation_engine()
    loaded.check(engine)
    workers = workers or execution.default_workers()
    if not quiet:
        print("Measuring one run ...", file=sys.stderr)
    cost = loaded.cost(engine, workers)
    parts = {"points": loaded.n_points, "scenarios": len(loaded.scenarios), "seeds": loaded.seeds}
    if as_json:
        seconds = cost.seconds if math.isfinite(cost.seconds) else None
        found = {"runs": cost.runs, **parts, "workers": workers, "seconds": seconds, "bytes": cost.bytes}
        click.echo(json.dumps(found, indent=2))
        return 0
    click.echo(f"{loaded.title}: {loaded.method.replace('_', ' ')}")
    click.echo(f"{cost.runs:,} runs: " + " x ".join(f"{count:,} {name}" for name, count in parts.items()))
    if math.isfinite(cost.seconds):
        processes = "1 process" if workers == 1 else f"{workers} processes"
        click.echo(f"about {duration(cost.seconds)} in {processes}, about {size(cost.bytes)} on disk")
    else:
        click.echo(f"the run that was tried failed; about {size(cost.bytes)} on disk")
    return 0
