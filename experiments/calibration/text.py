"""A calibration in words: on the screen, and as the page docs/calibration.md."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from simulation.parameters import PARAMETERS

from ..rounding import spaced
from ..runs.progress import duration
from ..storage.provenance import CAUTION
from .sample import KEPT, LEARNED, MANIFEST, MISSED, PREDICTIVE, REFERENCE, SAMPLE, STEPS
from .targets import shipped

if TYPE_CHECKING:
    from .calibration import Calibration


def summary(found: "Calibration") -> str:
    """Return what a person wants to know first."""
    manifest, tables = found.manifest, found.tables
    targets, learned = tables[PREDICTIVE], tables[LEARNED]
    head = (
        f"{manifest['evaluations']} evaluations in {duration(manifest['seconds'])}; temperature "
        f"{manifest['temperature']:.2f} (1 is exact); worth {manifest['effective_size']:.0f} independent draws."
    )
    return "\n\n".join([head, _plain(_target_rows(targets)), _plain(_learned_rows(learned)),
                        f"The sample, tables and figures are in {found.folder}", CAUTION])  # fmt: skip


def page(folder: Path = REFERENCE) -> str:
    """Return docs/calibration.md from a committed result."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    targets, learned, steps = (pd.read_csv(folder / name) for name in (PREDICTIVE, LEARNED, STEPS))
    link = f"../results/reference/{folder.name}"
    missed = targets[targets["verdict"] == MISSED]
    kept = learned[learned["verdict"] == KEPT]
    why = {target.id: target.why for target in shipped().all}
    parts = [
        "# Calibration\n",
        f"""`twoclaims calibrate` fits {len(learned)} uncertain parameters to what was measured:
`experiments/calibration/targets.toml` has the targets, their sources and tolerances. Two natural experiments are among
them, Secure Communities (P1) and the news of 2017 (P6); the others are held out for validation, and no target may name
them. All other parameters stay at their defaults. {CAUTION}\n""",
        "## Method\n",
        f"""What was published is taken as a normal measurement of what a true model would give, with the tolerance of
the target. Points of the declared priors (`twoclaims parameters --priors`) are accepted in proportion to that density
(Wilkinson 2013) by pyABC, first nearly flat and then sharpened generation by generation. All points are judged on the
same small worlds with the same seeds; what luck these share was measured and is part of the tolerance.

{manifest["evaluations"]:,} evaluations took {duration(manifest["seconds"])} with {manifest["workers"]} processes. The
last generation had temperature {manifest["temperature"]:.2f} (1 is the density itself; its weights are brought to 1
from there) and is worth {manifest["effective_size"]:.0f} independent draws. Code {manifest["version"]}; the
[manifest]({link}/{MANIFEST}) has hashes of targets, bands, studies and model, and the seeds. {_remarks(manifest)}\n""",
        _markdown([("generation", "temperature", "evaluations", "accepted", "worth"),
                   *((str(int(s.generation)), f"{s.temperature:.3g}", str(int(s.evaluations)), str(int(s.accepted)),
                      f"{s.effective_size:.0f}") for s in steps.itertuples())]),
        "## Targets, and what the calibrated model gives\n",
        """Tolerance includes luck. *Met*: the median is within one tolerance of the target, *near*: within two,
*missed*: farther. Intervals hold 90% of the points. Not fitted, and shown for comparison, are values that the place
file sets whatever the parameters, and findings of which only the direction was published.\n""",
        _markdown(_target_rows(targets)),
        f"""Over the {manifest["fit"]["targets"]} fitted targets the sum of squared deviations, in tolerances, is
{manifest["fit"]["median"]:.1f} at the median of the sample and {manifest["fit"]["best"]:.1f} at its best point; a model
that is true up to the tolerances would have about {manifest["fit"]["targets"]} at the true point.\n""",
        _missed(missed, why),
        f"![Targets]({link}/figures/targets.png)\n",
        "## What was learned of each parameter\n",
        """Contraction is 1 minus the variance of the posterior, in coordinates in which the prior has variance 1: 0
where nothing was learned; below 0 where the fit left the parameter wider than before. A parameter *keeps its prior*
if the distance of its distribution from the prior (Kolmogorov and Smirnov) is no more than luck gives to a sample
of this size. Where something was learned, the default of the parameter is the median to two digits.\n""",
        _markdown(_learned_rows(learned)),
        f"{len(kept)} of {len(learned)} parameters keep their prior: {', '.join(kept['parameter']) or 'none'}.\n",
        f"![Posterior within the prior]({link}/figures/contraction.png)\n",
        f"![Pairs]({link}/figures/pairs.png)\n",
        "## Using it\n",
        f"""[{SAMPLE}](../results/reference/{SAMPLE}) has equally likely draws, one a row, all parameters of a draw
together: `experiments.calibration.sample.read_sample()`. Draws that repeat are points of more weight.
`make calibration` fits anew and writes the result and this page.\n""",
    ]  # fmt: skip
    return "\n".join(parts)


def _remarks(manifest: dict) -> str:
    return " ".join(manifest.get("remarks", ()))


def _missed(missed: pd.DataFrame, why: dict[str, str]) -> str:
    if missed.empty:
        return "The calibrated model misses no target.\n"
    lines = [
        f"- **{spaced(row.target)}**: {row.median:.1f} ({row.low:.1f} to {row.high:.1f}) against {row.value:g} "
        f"{row.unit}{'' if row.fit else ', not fitted'}. {why.get(row.target, '')}"
        for row in missed.itertuples()
    ]
    return (
        "The calibrated model misses these. Where the prior's interval misses the target as well, few values of the "
        "fitted parameters come near it.\n\n" + "\n".join(lines) + "\n"
    )


def _target_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    headers = ("target", "fitted", "published", "tolerance", "prior (90%)", "posterior (90%)", "verdict", "unit")
    rows = [
        (
            row.target,
            "yes" if row.fit else "no",
            f"{row.value:g}",
            f"{row.scale:.1f}",
            f"{row.prior_median:.1f} ({row.prior_low:.1f} to {row.prior_high:.1f})",
            f"{row.median:.1f} ({row.low:.1f} to {row.high:.1f})",
            row.verdict,
            row.unit,
        )
        for row in table.itertuples()
    ]
    return [headers, *rows]


def _learned_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    headers = ("parameter", "default", "prior", "posterior (90%)", "contraction", "verdict", "unit")
    rows = [
        (
            row.parameter,
            f"{PARAMETERS[row.parameter].default:g}",
            row.prior,
            f"{row.median:.3g} ({row.low:.3g} to {row.high:.3g})",
            f"{row.contraction:.2f}",
            row.verdict,
            PARAMETERS[row.parameter].unit,
        )
        for row in table.itertuples()
    ]
    return [headers, *rows]


def _plain(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def _markdown(rows: list[tuple[str, ...]]) -> str:
    lines = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
