"""What every analysis of a result shares: its folder, its caption, and how its tables and figures are written."""

import math
import re
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from . import language, statistics
from .rounding import place_title, spaced
from .storage import provenance, store

FOLDER = "analysis"
"""Analyses go here, inside the result folder that they are about."""
SAMPLED = ("latin_hypercube", "sobol")
"""Methods whose points are a sample of the parameter space, so that a share of them has an interval."""
_CAPTION_LETTERS, _TITLE_LETTERS = 132, 78
"""Letters of a line, in a figure of the usual width."""


def opened(result):
    """Return a result, opened if it is given by its folder."""
    if isinstance(result, str | Path):
        from .storage.result import Result

        return Result.open(result)
    return result


def default_folder(result, kind: str) -> Path:
    """Return `analysis/<kind>-<time>` inside the result folder, with a number if two begin in one second."""
    parent, stem = Path(result.folder) / FOLDER, f"{kind}-{time.strftime('%Y%m%d-%H%M%S')}"
    folder, number = parent / stem, 1
    while folder.exists():
        number += 1
        folder = parent / f"{stem}-{number}"
    return folder


def write(result, kind: str, out, tables: Mapping, figures: Mapping, text: str, csv: bool = False, **about) -> Path:
    """Write an analysis into a folder of its own, whole or not at all, and return the folder.

    Parameters
    ----------
    result : Result
    kind : str
        Name of the analysis.
    out : str, Path or None
        Folder; it must not exist. None: `default_folder`.
    tables : mapping of str to (pandas.DataFrame, sequence of columns.Column)
    figures : mapping of str to matplotlib.figure.Figure
    text : str
        What the command prints, kept as `<kind>.txt`.
    csv : bool
        Write every table as CSV too.
    **about
        What else the manifest shall say.
    """
    with store.reserve(Path(out) if out is not None else default_folder(result, kind)) as destination:
        draft = destination.draft
        for name, (table, declared) in tables.items():
            store.write_table(table, declared, draft / f"{name}.parquet")
            if csv:
                store.write_csv(draft / f"{name}.parquet", draft / f"{name}.csv")
        if figures:
            from .drawing import save_figures

            save_figures(figures, draft)
        if text:
            (draft / f"{kind}.txt").write_text(text.rstrip() + "\n", encoding="utf-8")
        if tables:
            store.write_json(store.datapackage(destination.folder.name, tables, csv), draft / store.DATAPACKAGE)
        store.write_json(_manifest(result, kind, about), draft / store.MANIFEST)
        return destination.commit()


def caption(result, note: str = "") -> str:
    """Return the caption of a figure: runs, points, seeds, place, version of the runs, and what the figure is not."""
    runs = result.runs
    finished, failed = len(runs), len(result.failures)
    points, replicates = (int(runs[name].nunique()) for name in ("point", "replicate"))
    seeds = sorted(int(seed) for seed in runs["root_seed"].unique()) if "root_seed" in runs else []
    parts = (
        f"{_title(result)}.",
        f"{finished:,} runs finished{f', {failed:,} failed' if failed else ''}:",
        f"{_count(points, 'point')}, {_count(len(result.scenarios), 'scenario')}, {_count(replicates, 'replicate')}",
        f"on common seeds (root seed {', '.join(map(str, seeds))}).",
        _where(runs),
        note,
        f"Version {provenance.version_text(result.manifest.get('code'))}.",
        provenance.CAUTION,
    )
    return " ".join(part for part in parts if part)


def finish(figure, result, title: str, note: str = "") -> None:
    """Add title and caption, and take away what carries no information."""
    size = figure.get_figwidth() / 7.5
    title = "\n".join(textwrap.wrap(title, int(_TITLE_LETTERS * size), break_on_hyphens=False))
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    letters = int(_CAPTION_LETTERS * size)
    text = "\n".join(textwrap.wrap(caption(result, note), letters, break_on_hyphens=False))
    figure.supxlabel(text, x=0.01, ha="left", fontsize=7, color="#333333")
    for axis in figure.axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.tick_params(labelsize=8)
        axis.xaxis.label.set_size(9)
        axis.yaxis.label.set_size(9)


def block_length(result) -> int:
    """Return how many neighboring points of a design share coordinates: a block of Saltelli's, or a trajectory."""
    design = result.design
    groups = {"sobol": "points", "morris": "trajectories"}.get(getattr(design, "method", ""))
    count = getattr(design, groups, None) if groups else None
    total = len(result.points)
    return total // count if count and total % count == 0 else 1


def wilson(cases: int, points: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson's)."""
    from scipy import stats

    interval = stats.binomtest(cases, points).proportion_ci(statistics.CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def file_name(text: str) -> str:
    """Return a text as a name of a file: what may not stand in one becomes a hyphen."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text)


def records(table) -> list[dict]:
    """Return the rows of a table for JSON: numbers that are undefined or infinite are None."""
    return [
        {name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def is_sampled(result) -> bool:
    """Whether the points of a result are a sample of the parameter space."""
    return getattr(result.design, "method", None) in SAMPLED


def level_name(level) -> str:
    """Return a value of a factor as a design file has it: `judicial_warrant`, `true`, `0.2`."""
    if isinstance(level, bool | np.bool_):
        return str(bool(level)).lower()
    return level if isinstance(level, str) else f"{level:.4g}"


def level_label(level) -> str:
    """Return a value of a factor as a figure or table for people has it: `judicial warrant`."""
    return spaced(level_name(level))


def _title(result) -> str:
    title = getattr(result.design, "title", "") or " and ".join(result.scenarios)
    return re.sub(r"[.\s]+$", "", title)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _where(runs) -> str:
    if not {"place", "scale", "outcomes_from"} <= set(runs.columns) or not len(runs):
        return ""
    first = runs.iloc[0]
    outcomes_from = f"outcomes from {language.load('en').date(first['outcomes_from'])}."
    return f"{place_title(first['place'])}, {100 * first['scale']:g}% of residents; {outcomes_from}"


def _manifest(result, kind: str, about: Mapping) -> dict:
    return {
        "format": store.FORMAT,
        "kind": kind,
        "caution": provenance.CAUTION,
        "command": provenance.command(),
        "created": provenance.now(),
        "result": str(Path(result.folder).resolve()),
        "result_code": result.manifest.get("code"),
        **about,
        "code": provenance.code(),
        **provenance.environment(),
    }
