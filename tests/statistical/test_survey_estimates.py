"""What the victimization survey finds on average, against what happened to those it asks about (ODD 4.8)."""

from functools import cache

import numpy as np
import pytest

from simulation.engine import Engine
from simulation.population import synthesize
from simulation.vocabulary import Community
from tests.worlds import ALL_SHOWN, BUSY, RIVERTON, make_values

SEEDS = range(150)
IMMIGRANT = slice(int(Community.LATINO), None)
CENSUS = {"survey_size": 1e6, "survey_response": 0.99, "survey_fear_effect": 0.0}
"""Everybody is asked, and nearly everybody answers."""


@cache
def answers(seed, place=RIVERTON, scale=0.05, **settings):
    """Return the sums of a year's answers by community; shape (C,)."""
    people = synthesize(place, scale, 1)
    engine = Engine(place, people, make_values(settings), [(0, ALL_SHOWN)], 364, seed)
    engine.advance_to(engine.days)
    found = engine.survey.answers
    return {name: found[name].sum(axis=0) for name in found.dtype.names}


def rate(found, part, whole, communities=slice(None)):
    return found[part][communities].sum() / found[whole][communities].sum()


def assert_mean(values, expected, smallest):
    """Check a mean of differences within four standard errors, which must be small enough to mean something."""
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert error < smallest, "too few to mean something"
    assert np.mean(values) == pytest.approx(expected, abs=4 * error)


@pytest.mark.parametrize("size", [100, 700])
@pytest.mark.parametrize(("part", "whole"), [("crimes", "answered"), ("reported", "crimes")])
def test_without_fear_the_survey_is_right_on_average(size, part, whole):
    """Victimizations and the share reported: a sample, seven of ten of whom answer, against everybody."""
    settings = {"survey_size": size, "survey_fear_effect": 0.0}
    samples, censuses = ([answers(seed, **each) for seed in SEEDS] for each in (settings, CENSUS))
    truth = np.mean([rate(census, part, whole) for census in censuses])
    assert_mean([rate(a, part, whole) - rate(b, part, whole) for a, b in zip(samples, censuses)], 0.0, 0.1 * truth)


def test_as_many_answer_as_the_parameter_says():
    settings = {"survey_size": 700, "survey_fear_effect": 0.0}
    assert_mean([rate(answers(seed, **settings), "answered", "asked") for seed in SEEDS], 0.7, 0.01)


def test_a_larger_sample_is_surer():
    """Seven times the sample, about a seventh of the variance of the error."""
    errors = {}
    for size in (100, 700):
        settings = {"survey_size": size, "survey_fear_effect": 0.0}
        found = [rate(answers(s, **settings), "crimes", "answered") - rate(answers(s, **CENSUS), "crimes", "answered")
                 for s in SEEDS]  # fmt: skip
        errors[size] = np.var(found)
    assert 4 < errors[100] / errors[700] < 14


def test_where_the_fearful_do_not_answer_the_survey_misses_silence():
    """Who dreads the authorities neither calls the police nor answers: the share reported looks too high.

    Among immigrant communities, of everybody asked, with a strong effect of fear on both.
    """
    fearful = {"fear_effect": 8.0, "salience_gain": 10.0, "survey_size": 1e6, "survey_recall": 91}
    told, true = (
        [answers(seed, BUSY, **fearful, survey_fear_effect=effect) for seed in SEEDS] for effect in (8.0, 0.0)
    )
    bias = [rate(a, "reported", "crimes", IMMIGRANT) - rate(b, "reported", "crimes", IMMIGRANT)
            for a, b in zip(told, true)]  # fmt: skip
    assert np.mean(bias) > 4 * np.std(bias, ddof=1) / np.sqrt(len(bias))
    lost = [
        rate(b, "answered", "asked", IMMIGRANT) - rate(a, "answered", "asked", IMMIGRANT) for a, b in zip(told, true)
    ]
    assert min(lost) > 0
    calm = int(Community.NO_IMMIGRANT_TIES)
    assert all((a[name][calm] == b[name][calm]).all() for a, b in zip(told, true) for name in a)
