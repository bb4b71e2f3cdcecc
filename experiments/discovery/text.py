"""A discovery in words and as tables."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from .. import analysis
from ..rounding import number_in_range
from ..storage import columns
from . import columns as discovery_columns
from .peeling import Limit
from .prim import SIGNIFICANT, Step

SPACES = {
    "latin_hypercube": "the parameter space examined",
    "sobol": "the parameter space examined",
    "grid": "the grid",
    "list": "the list of points",
    "morris": "the points of the trajectories",
}
"""What the points of a method are, in words."""


def answer(found) -> str:
    """Return what was found in plain sentences."""
    opening = f"{found.condition} holds {_whole(found)}"
    if not found.boxes:
        return f"{opening}: {_why_no_search(found)}."
    first, *others = found.boxes
    if not first.step.limits:
        text = (
            f"{opening}. No part of it stands out: no restriction of any factor is told from luck (quasi-p value of at "
            f"most {SIGNIFICANT:g})."
        )
        return text if found.by_hand is None else f"{opening}. Step {found.by_hand} restricts no factor."
    if not first.stands_out:
        what = "No part of it stands out" if found.by_hand is None else f"Step {found.by_hand} does not stand out"
        return f"{opening}. {what}: {_held_out(found, first)}."
    sentences = [f"{opening}; {_inside(found, first, 'of the points where it holds')}.", f"{_held_out(found, first)}."]
    for box in others:
        if not box.stands_out:
            sentences.append(f"Outside, no further part stands out{_why_not(found, box)}.")
            break
        sentences += [f"Outside, {_inside(found, box, 'of all points where it holds')}.", f"{_held_out(found, box)}."]
    return " ".join(sentence[0].upper() + sentence[1:] if i else sentence for i, sentence in enumerate(sentences))


def notes(found) -> list[str]:
    """Return what a reader must know besides the answer."""
    used = found.cases.used
    lines = []
    if left_out := found.cases.left_out:
        lines.append(
            f"{len(found.cases.table) - len(used)} of {len(found.cases.table)} points are left out: {left_out}."
        )
    low, high = int(used["replicates"].min()), int(used["replicates"].max())
    counted = f"{low}" if low == high else f"{low} to {high}"
    if high == 1:
        lines.append("Each point is judged by a single replicate, so luck is in every answer.")
    else:
        lines.append(f"Each point is judged by its means over {counted} replicates.")
    differences = dict.fromkeys(name.scenarios for name in found.cases.condition.names if name.is_effect)
    lines += [f"Effects are {a} minus {b}." for a, b in differences]
    if doubtful := int(used["doubtful"].sum()):
        lines.append(f"At {doubtful} of {len(used)} points the answer turns if one replicate is left out.")
    if found.space.fixed:
        lines.append(f"Not searched, because it has one value at all points: {', '.join(found.space.fixed)}.")
    if analysis.is_sampled(found.result):
        lines.append("Shares of the parameter space weigh it by the distributions that the design gives its factors.")
    else:
        lines.append(f"Shares are of {_space(found)}, not of the parameter space.")
    if found.boxes:
        lines += _box_notes(found)
    return lines


def _box_notes(found) -> Iterator[str]:
    if found.by_hand is not None:
        yield f"Step {found.by_hand} of the peeling trajectory was asked for."
    elif not found.boxes[0].search.reached and found.boxes[0].step.limits:
        yield f"No box reaches density {percent(found.density)}: the step that is least likely by luck is shown."
    if found.boxes[0].step.limits:
        yield (
            "Density and quasi-p values inside a box flatter it, because the same points chose it; those of points "
            "kept out do not."
        )


def limit_text(found, name: str, limit: Limit) -> str:
    """Return a restriction in words, such as `fear_effect is between 4.1 and 5.7 (log-odds per unit of dread)`."""
    if limit.levels is not None:
        return f"{name} is {_or(found.space.level_names(name, limit.levels))}"
    unit = found.space.factors[name].unit
    low, high = (value_text(found, name, end) for end in (limit.low, limit.high))
    ends = f"between {low} and {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    return f"{name} is {ends} ({unit})"


def value_text(found, name: str, value: float | None) -> str:
    """Return a value of a numerical factor with as many digits as its range deserves; nothing for None."""
    if value is None:
        return ""
    return number_in_range(value, *found.space.span(name))


def limits_text(found, step: Step) -> str:
    """Return all restrictions of a box in words, the most significant first."""
    return ", and ".join(limit_text(found, name, step.limits[name]) for name in by_significance(step))


def by_significance(step: Step) -> list[str]:
    """Return the restricted factors, that with the smallest quasi-p value first."""
    smallest = {
        name: min(p for p in (limit.p_low, limit.p_high, 1.0) if p is not None) for name, limit in step.limits.items()
    }
    return sorted(smallest, key=smallest.__getitem__)


def percent(share: float) -> str:
    """Return a share as a percentage."""
    value = 100 * share
    return f"{value:.0f}%" if value in (0, 100) or 1 <= value <= 99 else f"{value:.1f}%"


def box_table(found) -> pd.DataFrame:
    """Return one row per box and factor."""
    rows = []
    for box in found.boxes:
        step, held_out = box.step, box.held_out
        restricted = by_significance(step)
        for name in [*restricted, *(each for each in found.space.factors if each not in step.limits)]:
            limit = step.limits.get(name, Limit())
            rows.append({
                "box": box.number, "condition": found.condition, "factor": name, "restricted": name in step.limits,
                "unit": found.space.factors[name].unit, **_ends(found, name, limit),
                "quasi_p_lower": _number(limit.p_low), "quasi_p_upper": _number(limit.p_high), **_of_box(step),
                "held_out_points": held_out.points, "held_out_cases": held_out.cases, "held_out_p": held_out.p,
                "stands_out": box.stands_out,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=columns.names(discovery_columns.DISCOVERY))


def trajectory_table(found) -> pd.DataFrame:
    """Return one row per box and step of its peeling trajectory."""
    rows = []
    for box in found.boxes:
        for position, step in enumerate(box.search.steps):
            ps = [p for limit in step.limits.values() for p in (limit.p_low, limit.p_high) if p is not None]
            rows.append({
                "box": box.number, "step": position, **_of_box(step), "restricted_factors": len(step.limits),
                "largest_quasi_p": max(ps, default=np.nan), "chosen": position == box.search.chosen,
                "simplified_from": step.simplified_from, "limits": limits_text(found, step),
            })  # fmt: skip
    table = pd.DataFrame(rows, columns=columns.names(discovery_columns.TRAJECTORY))
    return table.astype({"simplified_from": "Int64"})


def record(found) -> dict:
    """Return what a script wants to know."""
    used = found.cases.used
    return {
        "folder": None if found.folder is None else str(found.folder),
        "condition": found.condition,
        "points": len(found.cases.table),
        "points_used": len(used),
        "excluded": found.cases.excluded,
        "replicates": sorted({int(each) for each in used["replicates"]}),
        "doubtful_points": int(used["doubtful"].sum()),
        "cases": int(found.holds.sum()),
        "share": found.share,
        "share_interval": found.interval,
        "factors_not_searched": list(found.space.fixed),
        "density_asked_for": found.density,
        "answer": found.answer,
        "notes": found.notes,
        "boxes": [_box_record(found, box) for box in found.boxes],
    }


def _box_record(found, box) -> dict:
    return {
        "number": box.number,
        "step": box.search.chosen,
        "reached_density": box.search.reached,
        **_of_box(box.step),
        "limits": {
            name: {
                "unit": found.space.factors[name].unit,
                **{key: value for key, value in _ends(found, name, limit, as_lists=True).items() if value is not None},
                "quasi_p": [p for p in (limit.p_low, limit.p_high) if p is not None],
            }
            for name, limit in ((name, box.step.limits[name]) for name in by_significance(box.step))
        },
        "held_out": box.held_out._asdict(),
        "stands_out": box.stands_out,
    }


def _ends(found, name: str, limit: Limit, as_lists: bool = False) -> dict:
    """Return the ends of a factor inside a box and of all points; ends that are not restricted are those of all."""
    if found.space.levels[name] is not None:
        everything = found.space.level_names(name)
        inside = everything if limit.levels is None else found.space.level_names(name, limit.levels)
        texts = [inside, everything] if as_lists else [", ".join(inside), ", ".join(everything)]
        nothing = None if as_lists else np.nan
        return {
            "lower": nothing, "upper": nothing, "levels": texts[0],
            "lowest": nothing, "highest": nothing, "all_levels": texts[1],
        }  # fmt: skip
    lowest, highest = found.space.span(name)
    return {
        "lower": lowest if limit.low is None else limit.low,
        "upper": highest if limit.high is None else limit.high,
        "levels": None if as_lists else "",
        "lowest": lowest,
        "highest": highest,
        "all_levels": None if as_lists else "",
    }


def _of_box(step: Step) -> dict:
    return {
        "points_inside": step.points, "cases_inside": step.cases, "coverage": step.coverage, "density": step.density,
        "mass": step.mass,
    }  # fmt: skip


def _whole(found) -> str:
    cases, points = int(found.holds.sum()), found.holds.size
    if cases in (0, points):
        return f"at {'none' if cases == 0 else 'every one'} of {points} points"
    interval = found.interval
    ends = f"; 95% interval {percent(interval[0])} to {percent(interval[1])}" if interval else ""
    return f"at {percent(found.share)} of {_space(found)} ({cases} of {points} points{ends})"


def _inside(found, box, of_what: str) -> str:
    step = box.step
    elsewhere = found.holds[found.box_of_point == 0]
    rest = f", and at {percent(float(elsewhere.mean()))} outside" if elsewhere.size and len(found.boxes) == 1 else ""
    return (
        f"{of_what}, {percent(step.coverage)} lie where {limits_text(found, step)}, and there it holds at "
        f"{percent(step.density)} of points ({step.cases} of {step.points}){rest}"
    )


def _held_out(found, box) -> str:
    from .discovery import FOLDS

    held = box.held_out
    whole = held.all_cases / held.all_points if held.all_points else math.nan
    if not held.points:
        return f"boxes found without a {_ordinal(FOLDS)} of the points hold none of those kept out"
    low, high = analysis.wilson(held.cases, held.points)
    return (
        f"in boxes found in the same way without a {_ordinal(FOLDS)} of the points it holds at "
        f"{percent(held.cases / held.points)} of those kept out ({held.cases} of {held.points}; 95% interval "
        f"{percent(low)} to {percent(high)}), against {percent(whole)} of all kept out"
    )


def _why_not(found, box) -> str:
    return f": {_held_out(found, box)}" if box.step.limits else ""


def _why_no_search(found) -> str:
    from .discovery import FEWEST

    cases, others = int(found.holds.sum()), int((~found.holds).sum())
    if min(cases, others) >= FEWEST:
        return "no factor varies, so there is nothing to search"
    if min(cases, others) == 0:
        return "there is nothing to tell apart"
    what = "too few such points" if cases < FEWEST else "too few points where it does not"
    return f"{what} to search for a box (at least {FEWEST} are needed)"


def _space(found) -> str:
    return SPACES.get(getattr(found.result.design, "method", ""), "the points")


def _or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _ordinal(parts: int) -> str:
    return {5: "fifth"}.get(parts, f"1/{parts}")


def _number(value: float | None) -> float:
    return np.nan if value is None else value
