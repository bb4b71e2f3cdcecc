"""Worlds of draws whose effects are planted: tables of runs as a sweep writes them."""

import numpy as np
import pandas as pd

from experiments.claims.batches import NEEDED
from experiments.claims.claims import BUDGET, SHARING
from experiments.validation.draws import prior_draws
from experiments.verdicts.judging import Pairs, judge_draws
from experiments.verdicts.verdicts import Sample

PAIRS = Pairs(("more", "less"), ("cut", "less"))
SCALE = 0.5


def draws_table(count=120, seed=3):
    """Return draws over all priors, numbered from 1."""
    return pd.DataFrame(prior_draws(count, seed), index=pd.RangeIndex(1, count + 1, name="point"))


def runs_table(draws, effects, seeds=6, luck=0.1, seed=11):
    """Return one row per world.

    Parameters
    ----------
    draws : pandas.DataFrame
    effects : callable
        From the draws to a mapping of outcome to effect by draw: the world with more sharing minus the other one; of
        `crimes_cleared` the world with the cut minus the other one. All other effects are luck alone.
    seeds : int
    luck : float
        Standard deviation of a paired difference.
    """
    rng, planted = np.random.default_rng(seed), effects(draws)
    rows = []
    for position, point in enumerate(draws.index):
        for replicate in range(1, seeds + 1):
            base = dict.fromkeys(NEEDED, 10.0)
            worlds = {name: base | {SHARING: 0.1, BUDGET: 100.0} for name in ("more", "less", "cut")}
            worlds["more"][SHARING], worlds["cut"][BUDGET] = 0.9, 95.0
            for key in NEEDED:
                if key not in (SHARING, BUDGET):
                    name = "cut" if key == "crimes_cleared" else "more"
                    shift = float(np.asarray(planted.get(key, np.zeros(len(draws))))[position])
                    worlds[name][key] += shift + luck * rng.standard_normal()
            rows += [{"point": point, "replicate": replicate, "scenario": name, "status": "finished", **outcomes}
                     for name, outcomes in worlds.items()]  # fmt: skip
    return pd.DataFrame(rows)


def swapped(runs):
    """Return runs in which the worlds have each other's outcomes, except what sets them apart."""
    outcomes = [key for key in NEEDED if key not in (SHARING, BUDGET)]
    others = runs.set_index(["point", "replicate", "scenario"])[outcomes].unstack("scenario")
    changed = runs.set_index(["point", "replicate", "scenario"]).sort_index()
    for key in outcomes:
        name = "cut" if key == "crimes_cleared" else "more"
        mirrored = 2 * others[key]["less"] - others[key][name]  # a difference of the other sign
        changed.loc[(slice(None), slice(None), name), key] = mirrored.to_numpy()
    return changed.reset_index()


def sample_of(draws, runs, claims, pairs=PAIRS):
    """Return a sample of the priors with its judgments."""
    return Sample(draws, judge_draws(runs, pairs, SCALE, claims))
