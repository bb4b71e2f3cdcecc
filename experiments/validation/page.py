"""The page of a validation: what was replicated, what came out, and what it says, in Markdown."""

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd

from .bands import INSIDE, OUTSIDE, Bands
from .draws import DEFAULTS, POSTERIOR
from .figure import NAMES
from .quantities import MEANINGS, PERCENT
from .tables import failures_by_draw, shares_of_draws, verdicts_of_patterns

WORDS = {INSIDE: "inside", OUTSIDE: "**outside**"}


def page(patterns: pd.DataFrame, estimates: pd.DataFrame, bands: Bands, manifest: Mapping) -> str:
    """Return the page of a validation.

    Parameters
    ----------
    patterns, estimates : pandas.DataFrame
        As `tables` makes them, or as they were read back.
    bands : Bands
    manifest : mapping
        Origin of the results.
    """
    models = list(dict.fromkeys(patterns["model"]))
    parts = ["# Validation against natural experiments\n", _introduction(models, manifest)]
    parts += [
        "## What passes and what does not\n",
        "\n".join(verdict_lines(patterns, estimates)) + "\n",
        _verdict_table(patterns),
    ]
    shares = _shares_text(estimates, models)
    parts += shares
    parts += ["## Every estimate\n", _READING]
    for pattern in bands.patterns.values():
        rows = patterns[patterns["pattern"] == pattern.id]
        if rows.empty:
            continue
        role = "fitted: no independent test" if pattern.fitted else "held out"
        parts.append(f"### {pattern.id} {pattern.title}\n\n{_wrapped(f'{pattern.about} ({role}.)')}\n")
        parts.append(_quantity_table(rows, models))
        parts.append("".join(f"- `{band.name}`: {MEANINGS[band.name]} Band: {band.why} "
                             f"Sources: {', '.join(f'`{each}`' for each in band.evidence)}.\n"
                             for band in pattern.quantity))  # fmt: skip
    parts.append(_CAVEATS)
    return "\n".join(parts)


_INTRODUCTION = """\
Ten natural experiments are replicated in the model as they were designed: many synthetic counties with staggered starts
where the study had them, one city before and after where it had one, and the study's own kind of estimator. Whether the
model shows a pattern is decided by an acceptance band that was written down, with its reason, before anything was run
(`experiments/validation/bands.toml`). A pattern that the model does not show is listed as such; neither parameters nor
bands were adjusted for any of them.
"""

_READING = """\
An estimate is *inside* if its whole interval lies inside the band, **outside** if no part of it does, and undecided
otherwise. Intervals are 95%: over counties or cities at one set of parameters; over several draws they hold 95% of the
estimates, so they are wide where the priors are, and *undecided* then says only that draws differ.
"""

_CAVEATS = """\
## What this cannot say

- Hardly any study prints standard errors that we could read. The bands are judgments by four stated rules, not
  intervals.
- Recorded crime, survey and reports are read off the simulated counties without the errors of a real survey.
- Counties are of three kinds that stand for the country; their figures are national or assumed
  (`experiments/validation/places`).
- P7 was measured by absences from school, which the model does not have; reports of crime stand in for them.
- P10 was never measured by anybody: its band is a judgment.
- A model that shows a pattern can be wrong about why. What tells mechanisms apart is which patterns fail without them.
"""


def _introduction(models: list[str], manifest: Mapping) -> str:
    if POSTERIOR in models:
        at = "The parameters are draws from the calibrated sample (docs/calibration.md)."
    elif DEFAULTS in models:
        at = (
            "**No calibrated sample exists yet.** The whole model and the models with a mechanism off are at the "
            "*default* parameters, near the centers of the priors: starting values that nothing was fitted to."
        )
    else:
        at = "**No calibrated sample exists yet**; parameters are draws from the priors."
    draws = ", ".join(f"{count} {source}" for source, count in manifest["draws"].items() if count)
    state = "" if manifest["status"] == "complete" else " It was interrupted; what had been done is shown."
    return (
        f"{_INTRODUCTION}\n```sh\n{manifest['command']}\n```\n\n{_wrapped(at)}\n\n"
        f"Draws: {draws}. Code {manifest['code']['version']}, bands "
        f"`{manifest['bands'][:12]}`.{state}\n"
    )


def verdict_lines(patterns: pd.DataFrame, estimates: pd.DataFrame) -> list[str]:
    """Say which patterns each model contradicts, a line for each model."""
    if patterns.empty:
        return ["No study was finished."]
    verdicts = verdicts_of_patterns(patterns)
    return [f"- {NAMES.get(model, model)}: {_verdict_line(verdicts[model].dropna(), estimates, model)}"
            for model in verdicts.columns]  # fmt: skip


def _verdict_line(verdicts: pd.Series, estimates: pd.DataFrame, model: str) -> str:
    """Say of one draw which patterns fail, and of many how many fail at a draw: a wide spread is no agreement."""
    counts = failures_by_draw(estimates[estimates["model"] == model])
    if len(counts) > 1:
        failed = f"{counts.min()} to {counts.max()}" if counts.min() < counts.max() else f"{counts.min()}"
        survive = f"{(counts == 0).sum()} draws survive."
        return f"at each of {len(counts)} draws {failed} of {len(verdicts)} patterns fail; {survive}"
    outside, inside = ([name for name, each in verdicts.items() if each == wanted] for wanted in (OUTSIDE, INSIDE))
    failed = f"fails {len(outside)} of {len(verdicts)}: {', '.join(outside)}" if outside else "survives: none fails"
    return f"{failed}; all of {', '.join(inside) or 'none'} inside."


def _verdict_table(patterns: pd.DataFrame) -> str:
    verdicts = verdicts_of_patterns(patterns)
    titles = patterns.drop_duplicates("pattern").set_index("pattern")
    header = ["pattern", "", "role", *(NAMES.get(model, model) for model in verdicts.columns)]
    rows = [
        [pattern, titles.loc[pattern, "title"], "fitted" if titles.loc[pattern, "fitted"] else "held out",
         *(_word(verdict) for verdict in row)]
        for pattern, row in zip(verdicts.index, verdicts.to_numpy())
    ]  # fmt: skip
    return _table(header, rows)


def _shares_text(estimates: pd.DataFrame, models: list[str]) -> list[str]:
    """Return a table of shares of draws, for the models with several."""
    several = [model for model in models if estimates.loc[estimates["model"] == model, "draw"].nunique() > 1]
    if not several:
        return []
    shares = shares_of_draws(estimates[estimates["model"].isin(several)])
    rows = [
        [
            NAMES.get(each.model, each.model),
            each.pattern,
            f"{100 * each.all_inside:.0f}%",
            f"{100 * each.none_outside:.0f}%",
        ]
        for each in shares.itertuples()
    ]
    return [
        "### Over draws\n\nShare of draws at which a pattern has every quantity inside its band, and at which "
        "it has none outside:\n",
        _table(["draws", "pattern", "all inside", "none outside"], rows),
    ]


def _quantity_table(rows: pd.DataFrame, models: list[str]) -> str:
    header = ["quantity", "unit", "published", "band", *(NAMES.get(model, model) for model in models)]
    found = []
    for quantity, of_quantity in rows.groupby("quantity", sort=False):
        first, by_model = of_quantity.iloc[0], of_quantity.set_index("model")
        cells = [_cell(by_model.loc[model]) if model in by_model.index else "-" for model in models]
        unit = "%" if first["unit"] == PERCENT else first["unit"]
        found.append(
            [f"`{quantity}`", unit, _published(first), f"{first['band_low']:g} to {first['band_high']:g}", *cells]
        )
    return _table(header, found)


def _published(row: pd.Series) -> str:
    if not np.isfinite(row["published"]):
        return "-"
    span = f" ({row['published_low']:g} to {row['published_high']:g})" if np.isfinite(row["published_low"]) else ""
    return f"{row['published']:g}{span}"


def _cell(row: pd.Series) -> str:
    if not np.isfinite(row["value"]):
        return f"undefined, {_word(row['verdict'])}"
    return f"{row['value']:.1f} ({row['low']:.1f} to {row['high']:.1f}), {_word(row['verdict'])}"


def _word(verdict: str) -> str:
    return WORDS.get(verdict, str(verdict))


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 120, break_on_hyphens=False))


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
