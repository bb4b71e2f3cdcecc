"""How the commands run and compare print what they found, and how they end."""

import json
import sys
from collections.abc import Mapping, Sequence

import rich_click as click

from .. import analysis, statistics
from ..rounding import decimals_for, interval, number, short_unit, spaced
from ..storage import store

PAGE = 100
"""Width of what is printed where there is no terminal."""
ALL, POOLED = "all", "immigrant_communities"
BRIEF = {
    statistics.NO_DIFFERENCE: "within noise",
    statistics.TOO_FEW: "too few",
    statistics.UNDEFINED: "undefined",
}
"""Verdicts as the table spells them; under the table each is said in full."""
_COUNTS = {"recorded": "the record", "surveyed": "the survey"}
_AS_THE_TRUTH = (statistics.NO_DIFFERENCE, statistics.IDENTICAL, statistics.UNDEFINED)
_FAILURES_SHOWN = 3
_LONGEST_REASON = 200


def comparison_text(comparison) -> str:
    """Return the tables of paired effects by outcome and community, and the finding in plain sentences."""
    return "\n".join(_effects_text(comparison, other) + _caution(said) for other, said in comparison.cautions.items())


def summary_text(replication) -> str:
    """Return the table of means and intervals over replicates."""
    summary = replication.summary
    if summary.empty:
        return "No run finished."
    runs = len(replication.runs) - len(replication.failed)
    rows = [
        (
            f"{spaced(row.outcome)} ({short_unit(row.unit)})",
            number(row.mean, decimals := decimals_for(row)),
            number(row.sd, decimals),
            interval(row.lower, row.upper, decimals, plus=False),
        )
        for row in summary[summary["group"] == ALL].itertuples()
    ]
    title = f"{replication.names[0]}: {runs} {'replicate' if runs == 1 else 'replicates'}"
    notes = ["95% intervals of the mean over replicates."] if runs > 1 else ["One replicate: no interval."]
    notes.append("Communities, crime types and other groups are in summary.parquet.")
    table = aligned_table(title, ("all residents", "mean", "sd", "95% interval"), rows) + "\n".join([*notes, ""])
    return table + _caution(counting_note(replication.counting))


def counting_note(found: Mapping[str, statistics.PairedEffect]) -> str | None:
    """Say by how much the record and the survey of one scenario miss what happened; None where neither does.

    Parameters
    ----------
    found : mapping of str to PairedEffect
        `experiments.counting.against_truth`.
    """
    if all(effect.verdict in _AS_THE_TRUTH for effect in found.values()):
        return None
    told = "; ".join(f"{_COUNTS[kind]} {_off(effect)}" for kind, effect in found.items() if effect.pairs)
    return f"Careful, counts of crime differ. In percent of what happened: {told}."


def _off(effect: statistics.PairedEffect) -> str:
    """Return how far a count is from the truth, in words."""
    decimals = decimals_for(effect)
    size = f"{number(effect.effect, decimals, plus=True)}%"
    if effect.verdict == statistics.IDENTICAL:
        return "all of it"
    if effect.verdict == statistics.TOO_FEW:
        return f"{size}, too few replicates to say"
    between = f"95% interval {interval(effect.lower, effect.upper, decimals, plus=True)}"
    return f"no difference beyond noise ({between}, %)" if effect.verdict in _AS_THE_TRUTH else f"{size} ({between})"


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
    print_failures([(each.job.run_id, each.reason) for each in ensemble.failed], len(ensemble.attempts))
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
        (f"{spaced(row.outcome)} ({short_unit(row.unit)})", *_effect_cells(row))
        for row in effects[effects["group"] == ALL].itertuples()
    ]
    overall = aligned_table(title, ("all residents", "A", "B", "A minus B", "95% interval", "A is"), rows)
    return overall + "\n".join([*_sentences(effects), ""]) + "\n" + _community_text(effects)


def _caution(said: str | None) -> str:
    """Return the warning of counts of crime that differ as a paragraph; nothing where there is none."""
    return f"\n{click.wrap_text(said, PAGE)}\n" if said else ""


def _effect_cells(row) -> tuple[str, ...]:
    """Return both means, effect, interval and verdict of one row."""
    decimals = decimals_for(row)
    identical = row.verdict == statistics.IDENTICAL
    return (
        number(row.mean_a, decimals),
        number(row.mean_b, decimals),
        "0" if identical else number(row.effect, decimals, plus=True),
        "-" if identical else interval(row.lower, row.upper, decimals, plus=True),
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
    rows = [(spaced(name), *(cells.get((name, group), "") for group in groups)) for name in names]
    title = "By community: A minus B, and how far its 95% interval reaches to either side"
    headers = ("outcome", *(spaced(group).replace(" ", "\n") for group in groups))
    key = (
        "* the interval excludes 0; without it no difference beyond noise; 0: identical in every pair.\n"
        "Crime types, legal statuses, channels and records are in effects.parquet.\n"
    )
    return aligned_table(title, headers, rows) + key


def _brief_effect(row) -> str:
    if row.verdict == statistics.IDENTICAL:
        return "0 "
    if row.pairs == 0:
        return "- "
    decimals = decimals_for(row)
    star = "*" if row.verdict in (statistics.HIGHER, statistics.LOWER) else " "
    text = number(row.effect, decimals, plus=True) + star
    return text if row.pairs < 2 else f"{text}\n±{number((row.upper - row.lower) / 2, decimals)} "


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
        click.wrap_text(f"{text}: {', '.join(map(spaced, names))}.", PAGE, "", "  ")
        for text, names in said
        if len(names)
    ]
    if (effects["undefined_pairs"] > 0).any():
        lines.append("Pairs in which an outcome is undefined are left out; effects.parquet counts them.")
    return lines


def aligned_table(title: str, headers, rows) -> str:
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
    tables = {name: getattr(ensemble, name)}
    if getattr(ensemble, "thresholds", None) is not None:
        tables["claims"] = ensemble.claims
    if explanation := getattr(ensemble, "explanation", None):
        tables["explain"] = explanation.table
    book = getattr(ensemble, "book", None)
    return {
        "folder": str(ensemble.folder),
        "status": store.INTERRUPTED if ensemble.interrupted else store.COMPLETE,
        "scenarios": ensemble.names,
        "root_seed": ensemble.root_seed,
        "runs": len(ensemble.attempts),
        "failed": len(ensemble.failed),
        "notes": ensemble.notes,
        "counting": _comparison_counted(ensemble) if hasattr(ensemble, "cautions") else _replication_counted(ensemble),
        **{title: analysis.records(table) for title, table in tables.items()},
        **({"stories": book.to_dict()} if book else {}),
    }


def _comparison_counted(comparison) -> list[dict]:
    """Return for each world B the three counts of crime, and the warning where they tell different stories."""
    table, first = comparison.counting, comparison.names[0]
    return [
        {
            "scenario": first,
            "relative_to": other,
            "warning": said,
            "counts": analysis.records(table[table["relative_to"] == other].drop(columns=["scenario", "relative_to"])),
        }
        for other, said in comparison.cautions.items()
    ]


def _replication_counted(replication) -> list[dict]:
    """Return how far the record and the survey are from the truth, and the warning where they are."""
    import pandas as pd

    found = replication.counting
    table = pd.DataFrame([{"count": kind, **effect._asdict()} for kind, effect in found.items()])
    kept = ["count", "pairs", "undefined_pairs", "effect", "lower", "upper", "verdict"]
    said = {"scenario": replication.names[0], "warning": counting_note(found)}
    return [{**said, "counts": analysis.records(table[kept])}]


def print_failures(failed: Sequence[tuple[str, str]], runs: int) -> None:
    """Say on the standard error stream which of so many runs failed and why: the first of them, and how many."""
    for run_id, reason in failed[:_FAILURES_SHOWN]:
        short = reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + " ..."
        print(f"failed: {run_id}: {short}", file=sys.stderr)
    if failed:
        print(f"{len(failed)} of {runs} runs failed; see failures.parquet", file=sys.stderr)
