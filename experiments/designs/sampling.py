"""Choose the points of a design: which combinations of values are run.

Samples are drawn on the unit cube by SALib (Sobol, Morris) and scipy (Latin hypercube), and each coordinate becomes
a value through the factor's prior. Everything follows from the design and its root seed.
"""

import itertools
import math

from simulation.errors import InputError


def count_points(design) -> int:
    """Return how many points a design has, without making them."""
    factors = len(design.factors)
    match design.method:
        case "grid":
            return math.prod(len(factor.levels) for factor in design.factors)
        case "list":
            return len(design.combinations)
        case "latin_hypercube":
            return design.points
        case "sobol":
            return design.points * (2 * factors + 2 if design.second_order else factors + 2)
        case "morris":
            return design.trajectories * (factors + 1)
        case "one_at_a_time":
            return 1 + sum(len(_others(factor, at)) for factor, at in zip(design.factors, design.center))
        case _:
            return 1


def rows(design) -> list[tuple]:
    """Return the values of the factors at every point, in the order of `design.factors`."""
    match design.method:
        case "grid":
            return list(itertools.product(*(factor.levels for factor in design.factors)))
        case "list":
            return list(design.combinations)
        case "latin_hypercube" | "sobol":
            sample = unit_sample(design)
            return list(zip(*(factor.values(sample[:, n]) for n, factor in enumerate(design.factors))))
        case "morris":
            return _morris_rows(design)
        case "one_at_a_time":
            return _one_at_a_time_rows(design)
        case _:
            return [()]


def problem(design) -> dict:
    """Return a new description of the factors as SALib takes it: the unit cube, one side for each factor."""
    names = [factor.name for factor in design.factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0] for _ in names]}


def unit_sample(design):
    """Return the sample of the unit cube behind a design's points, one row for each point, in their order.

    Morris and Sobol indices are computed from it (`num_levels=design.levels`, `calc_second_order=design.second_order`).
    A row holds shares of the prior; for Morris its levels run over the plausible values of each factor
    (`Factor.at_position`).

    Raises
    ------
    InputError
        If the method does not sample the unit cube.
    """
    if design.method == "latin_hypercube":
        from scipy.stats import qmc

        return qmc.LatinHypercube(len(design.factors), rng=design.root_seed).random(design.points)
    if design.method == "sobol":
        from SALib.sample import sobol

        return sobol.sample(
            problem(design), design.points, calc_second_order=design.second_order, seed=design.root_seed
        )
    if design.method == "morris":
        from SALib.sample import morris

        return morris.sample(problem(design), design.trajectories, num_levels=design.levels, seed=design.root_seed)
    raise InputError(f"design {design.name}: method {design.method} does not sample the unit cube")


def curves(design) -> dict[str, list[int]]:
    """Return, for a design of one factor at a time, the points of each factor's curve in the order of its values.

    The first point, at which every factor is at its center, is part of every curve.
    """
    if design.method != "one_at_a_time":
        raise InputError(f"design {design.name}: method {design.method} has no curves of one factor at a time")
    found, next_point = {}, 2
    for factor, center in zip(design.factors, design.center):
        values = [center, *_others(factor, center)]
        points = [1, *range(next_point, next_point + len(values) - 1)]
        next_point += len(values) - 1
        rank = factor.levels.index if factor.is_categorical else float
        found[factor.name] = [point for _, point in sorted(zip(map(rank, values), points))]
    return found


def _others(factor, center) -> list:
    return [value for value in factor.levels if value != center]


def _one_at_a_time_rows(design) -> list[tuple]:
    """Return the center, and then for each factor its other values with the rest at the center."""
    found = [design.center]
    for n, factor in enumerate(design.factors):
        found += [(*design.center[:n], value, *design.center[n + 1 :]) for value in _others(factor, design.center[n])]
    return found


def _morris_rows(design) -> list[tuple]:
    """Return the values at the levels of each trajectory; a level is a position, not a number that may be off a bit."""
    import numpy as np

    positions = np.rint(unit_sample(design) * (design.levels - 1)).astype(int)
    by_position = [
        [factor.at_position(position, design.levels) for position in range(design.levels)] for factor in design.factors
    ]
    return [tuple(by_position[n][position] for n, position in enumerate(row)) for row in positions.tolist()]
