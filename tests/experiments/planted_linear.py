"""A planted sweep of three factors: the first matters twice as much as the second, the third not at all."""

import numpy as np
import planted

from experiments.sensitivity import columns as names

FACTORS = {"fear_effect": (0.0, 8.0), "awareness": (0.0, 1.0), "belief_floor": (0.0, 1.0)}
CENTER = {"fear_effect": 4.0, "awareness": 0.5, "belief_floor": 0.0}
SOBOL = {"method": "sobol", "points": 32}
MORRIS = {"method": "morris", "trajectories": 6}
OAT = {"method": "one_at_a_time", "levels": 5, "center": CENTER}
DESIGNS = {"sobol": SOBOL, "morris": MORRIS, "one_at_a_time": OAT}


def noise(*key, size=0.3):
    """Return luck that belongs to a point and a seed."""
    return size * np.random.default_rng([int(k) for k in key]).standard_normal()


def linear(values, replicate):
    """Return 4 u + 2 v + noise with u and v the first two factors on the unit cube; the third does nothing."""
    return values["fear_effect"] / 2 + 2 * values["awareness"] + noise(values["point"], replicate) + noise(replicate)


def write(folder, y=linear, design=SOBOL, factors=FACTORS, seeds=4, **more):
    return planted.write_result(folder, factors, None, y, seeds=seeds, design=dict(design), **more)


def verdicts(found):
    rows = found.table[(found.table["measure"] == names.DECISIVE[found.method]) & (found.table["kind"] != names.LUCK)]
    return dict(zip(rows["factor"], rows["verdict"]))
