"""`twoclaims compare`: worlds that differ in policy only, on the same people and the same luck."""

from pathlib import Path
from typing import Any

import rich_click as click

from .options import (
    MOST_SEEDS,
    MOST_STORIES,
    Positive,
    Whole,
    json_option,
    out_option,
    overrides,
    parse_thresholds,
    quiet_option,
    scale_option,
    seed_option,
    seeds_option,
    set_option,
    set_side_option,
    workers_option,
    years_option,
)


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="A B [C ...]")
@seeds_option
@seed_option
@scale_option
@years_option
@set_option
@set_side_option("a", "first")
@set_side_option("b", "second")
@click.option(
    "--headline",
    default="solve_rate",
    show_default=True,
    metavar="OUTCOME",
    help="Outcome that --seeds auto watches and that --explain takes apart first.",
)
@click.option(
    "--precision",
    type=Positive(1e9),
    help="For --seeds auto: smallest effect of interest, in the headline's unit. [default: 0.2 percent]",
)
@click.option(
    "--cap",
    type=Whole(2, MOST_SEEDS),
    default=200,
    show_default=True,
    help="For --seeds auto: most pairs to run.",
)
@click.option(
    "--stories",
    type=Whole(1, MOST_STORIES),
    metavar="N",
    help="Tell N crimes of the first pair that went another way in the other world, and exactly why.",
)
@click.option("--claims", is_flag=True, help="Judge the claims of both sides by the pairs of worlds.")
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="CLAIM=NUMBER",
    callback=parse_thresholds,
    help="For --claims: smallest difference that counts, such as M2=0.5 or M1.trust.immigrant_communities=1; "
    "can be repeated.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Take the effects apart by mechanism: some 60 more runs for each pair of worlds.",
)
@workers_option
@out_option
@click.option("--csv", is_flag=True, help="Write every table as CSV too.")
@json_option
@quiet_option
def compare(
    scenarios: tuple[str, ...],
    seeds: int | str,
    seed: int,
    scale: float | None,
    years: float | None,
    settings: dict[str, Any],
    settings_a: dict[str, Any],
    settings_b: dict[str, Any],
    headline: str,
    precision: float | None,
    cap: int,
    stories: int | None,
    claims: bool,
    thresholds: dict[str, float],
    explain: bool,
    workers: int | None,
    out: Path | None,
    csv: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Simulate two or more scenarios on the same people and the same luck, and show what differs.

    Each world of a pair has the same residents and the same random numbers. An effect is the mean of
    A minus B over the pairs. With more than two scenarios, A is set against each of the others.
    Ctrl-C keeps the finished runs.

    \b
    Examples:
      twoclaims compare agreement-renewed agreement-ended
      twoclaims compare agreement-renewed agreement-ended --scale 0.05 --seeds auto --precision 0.1
      twoclaims compare agreement-2008-terms agreement-ended --seeds 5 --stories 5
      twoclaims compare agreement-2008-terms agreement-ended --claims --threshold M2=0.5
      twoclaims compare agreement-2008-terms agreement-ended --scale 0.05 --explain
      twoclaims compare agreement-renewed my-city.toml --set fear_effect=0 --out results/no-fear
      twoclaims compare agreement-renewed agreement-renewed --set-b capacity=2
    """
    from ..comparison.comparison import compare as run_comparison
    from ..storage.store import default_folder
    from .findings_text import comparison_text, finish

    given = overrides(settings, scale, years)
    worlds: tuple[Any, ...] = scenarios
    if settings_a or settings_b:
        from ..comparison.sides import load_sides
        from ..runs.execution import simulation_engine

        worlds, given = load_sides(scenarios, given, (settings_a, settings_b), simulation_engine()), {}
    comparison = run_comparison(
        *worlds,
        seeds=seeds,
        root_seed=seed,
        overrides=given,
        workers=workers,
        out=out or default_folder("-vs-".join(Path(name).stem for name in scenarios)),
        progress=not quiet,
        headline=headline,
        precision=precision,
        cap=cap,
        csv=csv,
        stories=stories,
        claims=claims,
        thresholds=thresholds,
        explain=explain,
    )
    text = comparison_text(comparison)
    if claims:
        from .claims_text import claims_text

        text += f"\n{claims_text(comparison)}"
    if comparison.explanation:
        from .explain_text import explanation_text

        text += f"\n{explanation_text(comparison)}"
    if comparison.book:
        text += f"\n{comparison.book.text()}"
    return finish(comparison, text, as_json, quiet)
