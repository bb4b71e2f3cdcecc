"""The victimization survey changes nothing of what it asks about, and nobody tells more than there is (ODD 4.8)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.random_worlds import few, seeds, worlds
from tests.worlds import ALL_SHOWN, BUSY, HOT, IN_USE, NOTHING_SHOWN, assert_same_world, run_engine

POLICIES = [(0, ALL_SHOWN._replace(**IN_USE)), (300, NOTHING_SHOWN)]
FEARFUL = HOT | {"salience_gain": 3.0, "survey_size": 1e6, "survey_recall": 90}
"""Much fear, and everybody asked every quarter."""


@pytest.mark.parametrize("seed", [3, 4])
def test_with_and_without_a_survey_the_world_is_the_same(seed):
    """To the bit: nobody asked, everybody asked, another recall, another effect of fear."""
    settings = [
        {"survey_size": 0},
        {"survey_size": 1e6, "survey_recall": 30},
        {"survey_size": 50, "survey_recall": 365, "survey_response": 0.2, "survey_fear_effect": 9.0},
    ]
    without, *others = (run_engine(POLICIES, HOT | given_, days=730, seed=seed, place=BUSY) for given_ in settings)
    assert without.survey.answers["asked"].sum() == 0
    for other in others:
        assert other.survey.answers["asked"].sum() > 0
        assert_same_world(without, other)
        assert np.array_equal(without.snapshots.dread, other.snapshots.dread)
        assert without.districts.open_cases.tolist() == other.districts.open_cases.tolist()


@few
@given(engine=worlds())
def test_nobody_tells_more_than_there_is(engine):
    """Asked at most the sample, answered at most the asked, told at most what happened, reported at most the told."""
    engine.advance_to(engine.days)
    survey = engine.survey
    asked, answered, crimes, reported = (survey.answers[name] for name in ("asked", "answered", "crimes", "reported"))
    assert (asked.sum(axis=1) <= len(survey.memory)).all()
    assert (answered <= asked).all()
    assert (reported <= crimes).all()
    for wave, (told, told_reported) in enumerate(zip(crimes, reported)):
        first = survey.first + wave * survey.recall
        happened = engine.counts["crimes"][first : first + survey.recall].sum(axis=(0, 2))
        assert (told <= happened[:, 0]).all()
        assert (told_reported <= happened[:, 2]).all()


@few
@given(seed=seeds, effects=st.tuples(st.floats(0, 10), st.floats(0, 10)))
def test_more_fear_of_answering_only_ever_silences(seed, effects):
    """Community by community and wave by wave; and who has nothing to fear answers as before."""
    less, more = (
        run_engine(POLICIES, FEARFUL | {"survey_fear_effect": effect}, days=400, seed=seed, place=BUSY, scale=0.02)
        for effect in sorted(effects)
    )
    for measure in ("answered", "crimes", "reported"):
        assert (more.survey.answers[measure] <= less.survey.answers[measure]).all()
    assert (more.survey.answers["asked"] == less.survey.answers["asked"]).all()
    assert (more.survey.answers[:, 0] == less.survey.answers[:, 0]).all()
