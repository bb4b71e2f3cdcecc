"""How the commands run and compare print what they found, and how they end."""

import json
import math
import sys

import rich_click as click

from experiments import statistics, store

PAGE = 100
"""Width of what is printed where there is no terminal."""
ALL, POOLED = "all", "immigrant_communities"
BRIEF = {
    statistics.NO_DIFFERENCE: "within noise",
    statistics.TOO_FEW: "too few",
    statistics.UNDEFINED: "undefined",
}
"""Verdicts as the table spells them; under the table each is said in full."""
_MOST_DECIMALS = 6
_FAILURES_SHOWN = 3
_LONGEST_REASON = 200


def comparison_text(comparison) -> str:
    """Return the tables of paired effects by outcome and community, and the finding in plain sentences."""
    return "\n".join(_effects_text(comparison, other) for other in comparison.names[1:])


def summary_text(replication) -> str:
    """Return the table of means and intervals over replicates."""
    summary = replication.summary
    if summary.empty:
        return "No run finished."
    runs = len(replication.runs) - len(replication.failed)
    rows = [
        (
            f"{_spaced(row.outcome)} ({_short(row.unit)})",
            _number(row.mean, decimals := _decimals(row)),
            _number(row.sd, decimals),
            _interval(row.lower, row.upper, decimals, plus=False),
        )
        for row in summary[summary["group"] == ALL].itertuples()
    ]
    title = f"{replication.names[0]}: {runs} {'replicate' if runs == 1 else 'replicates'}"
    notes = ["95% intervals of the mean over replicates."] if runs > 1 else ["One replicate: no interval."]
    notes.append("Communities, crime types and other groups are in summary.parquet.")
    return _table(title, ("all residents", "mean", "sd", "95% interval"), rows) + "\n".join([*notes, ""])


def finish(ensemble, text: str, as_json: bool, quiet: bool) -> int:
    """Print the findings, and how the runs went; return the exit code.

    Returns
    -------
    int
        130 after Ctrl-C, 1 if a run failed, else 0.
    """
    click.echo(json.dumps(_record(ensemble), indent=2) if as_json else text.rstrip())
    if not as_json:
        click.echo(f"\nResults are in {ensemble.folder}")
    if not quiet:
        for note in ensemble.notes:
            print(note, file=sys.stderr)
    for failed in ensemble.failed[:_FAILURES_SHOWN]:
        print(f"failed: {failed.job.run_id}: {_cut(failed.reason)}", file=sys.stderr)
    if ensemble.failed:
        print(
            f"{len(ensemble.failed)} of {len(ensemble.records)} runs failed; see failures.parquet",
            file=sys.stderr,
        )
    if ensemble.interrupted:
        return 130
    return 1 if ensemble.failed else 0


def _effects_text(comparison, other: str) -> str:
    effects = comparison.effects
    effects = effects[effects["relative_to"] == other]
    pairs = int(effects["pairs"].max())
    if pairs == 0:
        return f"No pair of {comparison.names[0]} and {other} is complete: there is nothing to compare.\n"
    title = (
        f"A: {comparison.names[0]}   B: {other}\n"
        f"Effect of A relative to B: mean of A minus B over {pairs} {'pair' if pairs == 1 else 'pairs'}\n"
        f"{statistics.NOT_ADJUSTED}"
    )
    rows = [
        (f"{_spaced(row.outcome)} ({_short(row.unit)})", *_effect_cells(row))
        for row in effects[effects["group"] == ALL].itertuples()
    ]
    overall = _table(title, ("all residents", "A", "B", "A minus B", "95% interval", "A is"), rows)
    return overall + "\n".join([*_sentences(effects), ""]) + "\n" + _community_text(effects)


def _effect_cells(row) -> tuple[str, ...]:
    """Return both means, effect, interval and verdict of one row."""
    decimals = _decimals(row)
    identical = row.verdict == statistics.IDENTICAL
    return (
        _number(row.mean_a, decimals),
        _number(row.mean_b, decimals),
        "0" if identical else _number(row.effect, decimals, plus=True),
        "-" if identical else _interval(row.lower, row.upper, decimals, plus=True),
        BRIEF.get(row.verdict, row.verdict),
    )


def _community_text(effects) -> str:
    """Return the table of effects by community: effect and half the width of its interval."""
    from simulation.vocabulary import Community

    none, *immigrant = Community.names()
    groups = [group for group in (POOLED, *immigrant, none) if (effects["group"] == group).any()]
    cells = {(row.outcome, row.group): _brief_effect(row) for row in effects.itertuples()}
    names = [name for name in dict.fromkeys(effects["outcome"]) if (name, groups[0]) in cells]
    if not names:
        return ""
    rows = [(_spaced(name), *(cells.get((name, group), "") for group in groups)) for name in names]
    title = "By community: A minus B, and how far its 95% interval reaches to either side"
    headers = ("outcome", *(_spaced(group).replace(" ", "\n") for group in groups))
    key = (
        "* the interval excludes 0; without it no difference beyond noise; 0: identical in every pair.\n"
        "Crime types, legal statuses, channels and records are in effects.parquet.\n"
    )
    return _table(title, headers, rows) + key


def _brief_effect(row) -> str:
    if row.verdict == statistics.IDENTICAL:
        return "0 "
    if row.pairs == 0:
        return "- "
    decimals = _decimals(row)
    star = "*" if row.verdict in (statistics.HIGHER, statistics.LOWER) else " "
    text = _number(row.effect, decimals, plus=True) + star
    return text if row.pairs < 2 else f"{text}\n±{_number((row.upper - row.lower) / 2, decimals)} "


def _sentences(effects) -> list[str]:
    """Return what the table says, outcome by outcome, in words."""
    overall = effects[effects["group"] == ALL]
    sayings = (
        (statistics.HIGHER, "Higher in A than in B"),
        (statistics.LOWER, "Lower in A than in B"),
        (statistics.NO_DIFFERENCE, "No difference beyond noise"),
        (statistics.IDENTICAL, "Identical in every pair"),
        (statistics.TOO_FEW, f"Too few pairs to say (at least {statistics.FEWEST_PAIRS} are needed)"),
        (statistics.UNDEFINED, "Undefined in every pair"),
    )
    said = [(text, overall.loc[overall["verdict"] == verdict, "outcome"]) for verdict, text in sayings]
    lines = [
        click.wrap_text(f"{text}: {', '.join(map(_spaced, names))}.", PAGE, "", "  ")
        for text, names in said
        if len(names)
    ]
    if (effects["undefined_pairs"] > 0).any():
        lines.append("Pairs in which an outcome is undefined are left out; effects.parquet counts them.")
    return lines


def _table(title: str, headers, rows) -> str:
    """Return an aligned table; numbers at the right, all of it within the width of the terminal or page."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 0, 0, 1),
    )
    for position, header in enumerate(headers):
        last = header == "A is"
        table.add_column(header, justify="left" if position == 0 or last else "right", no_wrap=position > 0)
    for row in rows:
        table.add_row(*row)
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else PAGE, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(table, end="\n\n")
    return captured.get()


def _record(ensemble) -> dict:
    """Return what a script wants to know."""
    name = "effects" if hasattr(ensemble, "effects") else "summary"
    rows = getattr(ensemble, name).to_dict("records")
    book = getattr(ensemble, "book", None)
    return {
        "folder": str(ensemble.folder),
        "status": store.INTERRUPTED if ensemble.interrupted else store.COMPLETE,
        "scenarios": ensemble.names,
        "root_seed": ensemble.root_seed,
        "runs": len(ensemble.records),
        "failed": len(ensemble.failed),
        "notes": ensemble.notes,
        name: [{key: _json_value(value) for key, value in row.items()} for row in rows],
        **({"stories": book.to_dict()} if book else {}),
    }


def _json_value(value):
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _decimals(row, digits: int = 2) -> int:
    """Return how many decimals a row deserves: so many digits of its interval, or four of its mean."""
    size = (row.upper - row.lower) / 2
    if not size > 0:
        size = 0.01 * abs(next((x for x in _sizes(row) if x), 1.0))
    if not math.isfinite(size):
        return 2
    return max(0, min(_MOST_DECIMALS, digits - 1 - math.floor(math.log10(size))))


def _sizes(row) -> tuple[float, ...]:
    return (row.effect, row.mean_a) if hasattr(row, "effect") else (row.mean,)


def _number(value: float, decimals: int, plus: bool = False) -> str:
    if not math.isfinite(value):
        return "-"
    text = f"{value:{'+' if plus else ''},.{decimals}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text


def _interval(lower: float, upper: float, decimals: int, plus: bool) -> str:
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return "-"
    return f"{_number(lower, decimals, plus)} to {_number(upper, decimals, plus)}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else text[:_LONGEST_REASON] + " ..."


def _short(unit: str) -> str:
    """Return a unit without what it is a share of; the outcome's name says it."""
    return unit.split(" of ")[0]


def _spaced(name: str) -> str:
    return name.replace("_", " ")
