"""The victimization survey (MODEL.md 5.9, ODD 4.8), worked out by hand."""

import datetime
from types import SimpleNamespace

import numpy as np
import pytest

from simulation import run
from simulation.randomness import SURVEY_RESPONSE, SURVEY_SAMPLE, uniform
from simulation.rules import RULES
from simulation.scenario import Scenario
from simulation.state import COMMUNITY, RESIDENT, make_survey
from simulation.submodels.survey import (
    hold_interviews,
    remember_crimes,
    response_probability,
    sampled_position,
    sampled_row,
    wave_of,
)
from simulation.today import CRIME, CRIMES_TODAY, make_today
from simulation.vocabulary import FOREVER, Community, CrimeType
from tests.worlds import ALL_SHOWN, run_engine

LATINO, OTHER = int(Community.LATINO), int(Community.NO_IMMIGRANT_TIES)
SEED = 11
ALWAYS, NEVER = 100.0, -100.0
"""Log-odds of answering, so that nobody refuses or everybody does."""


@pytest.mark.parametrize(("position", "row"), [(0, 1), (1, 3), (2, 6), (3, 8)])
def test_a_sample_is_every_so_many_th_row(position, row):
    """Four of ten from 5: 5 // 4 = 1, 15 // 4 = 3, 25 // 4 = 6, 35 // 4 = 8."""
    assert sampled_row(position, 5, 4, 10) == row
    assert sampled_position(row, 5, 4, 10) == position


def test_who_is_not_in_the_sample_has_no_position():
    """The other six of the ten, and everybody if nobody is asked."""
    assert [sampled_position(row, 5, 4, 10) for row in (0, 2, 4, 5, 7, 9)] == [-1] * 6
    assert [sampled_position(row, 5, 0, 10) for row in range(10)] == [-1] * 10


@pytest.mark.parametrize(("size", "residents"), [(1, 1), (1, 7), (3, 7), (7, 7), (99, 100)])
def test_every_row_is_as_likely_as_any_other(size, residents):
    """Over all starts each is asked n times of N, at most once a wave; rows and positions are one another's inverse."""
    asked = np.zeros(residents, int)
    for start in range(residents):
        rows = [sampled_row(j, start, size, residents) for j in range(size)]
        assert len(set(rows)) == size
        asked[rows] += 1
        positions = dict(zip(rows, range(size)))
        everybody = range(residents)
        assert [sampled_position(row, start, size, residents) for row in everybody] == [
            positions.get(row, -1) for row in everybody
        ]
    assert (asked == size).all()


def test_a_city_as_large_as_any_is_no_matter():
    """Whole numbers do not round: the last of 1,500,000 asked from the last start is the last resident."""
    n = 1_500_000
    assert sampled_row(n - 1, n - 1, n, n) == sampled_position(n - 1, n - 1, n, n) == n - 1


@pytest.mark.parametrize(
    ("response", "effect", "dread", "p"),
    [(0.0, 2.0, 0.0, 0.5), (0.0, 0.0, 1.0, 0.5), (np.log(3.0), 2.0, 0.0, 0.75), (np.log(3.0), np.log(3.0), 1.0, 0.5),
     (np.log(4.0), np.log(4.0), 0.5, 2 / 3)],
)  # fmt: skip
def test_dread_keeps_people_from_answering(response, effect, dread, p):
    """expit(logit(response) - effect * dread); odds of 4 are halved by half a dread at log 4, to 2 to 1."""
    assert response_probability(response, effect, dread) == pytest.approx(p, rel=1e-12)


def test_waves_follow_one_another_and_the_last_ends_with_the_run():
    """100 days, asked about 30 at a time: days 0 to 9 are asked about by nobody, then waves 0, 1, 2."""
    survey = make_survey(days=100, recall=30, size=5)
    assert survey.first == 10
    assert survey.answers.shape == (3, len(Community))
    assert [wave_of(day, 10, 30) for day in (9, 10, 39, 40, 69, 70, 99)] == [-1, 0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("days", [0, 29])
def test_a_run_shorter_than_what_is_asked_about_has_no_wave(days):
    survey = make_survey(days=days, recall=30, size=5)
    assert survey.answers.shape == (0, len(Community))
    assert all(wave_of(day, survey.first, 30) < 0 for day in range(days))


def town(response=ALWAYS, effect=0.0, days=10, recall=5, size=4):
    """Return four residents: 0 and 1 without immigrant ties, 2 and 3 Latino; 3 is vulnerable, 2 is not."""
    rules = np.zeros((), RULES)[()]
    rules["survey_response"], rules["survey_fear_effect"], rules["fear_decay"] = response, effect, 0.01
    rules["vulnerability"][4] = 1.0
    residents = np.zeros(4, RESIDENT)
    residents["community"] = (OTHER, OTHER, LATINO, LATINO)
    residents["vulnerability_class"][3] = 4
    communities = np.zeros(len(Community), COMMUNITY)
    communities["belief"], communities["surge"] = 1.0, np.log(2.0)  # a dread of 1/2 for who is vulnerable
    survey = make_survey(days, recall, size)
    return SimpleNamespace(rules=rules, residents=residents, communities=communities, survey=survey)


def suffer(town_, day, *crimes):
    """Let residents suffer crimes on a day: row, generation, and whether somebody reported it."""
    today = make_today(10, 1, 1)
    records = np.zeros(10, CRIME)
    for q, (row, generation, reported) in enumerate(crimes):
        records[q]["victim"], records[q]["generation"], records[q]["reported"] = row, generation, reported
    today.size[CRIMES_TODAY] = len(crimes)
    remember_crimes(day, SEED, town_.residents, today._replace(crimes=records), town_.survey)


def interview(town_, day):
    hold_interviews(day, SEED, town_.rules, town_.residents, town_.communities, town_.survey)


def found(town_, wave):
    """Return asked, answered, crimes and reported of both communities."""
    return [tuple(town_.survey.answers[wave, c].tolist()) for c in (OTHER, LATINO)]


def test_residents_tell_what_they_suffered_since_the_wave_before():
    """Waves ask about days 0 to 4 and 5 to 9; two crimes reported of five, told by those who suffered them."""
    made = town()
    suffer(made, 0, (0, 0, True), (3, 0, False))
    suffer(made, 4, (0, 0, False), (2, 0, True))
    interview(made, 3)
    assert found(made, 0) == [(0, 0, 0, 0), (0, 0, 0, 0)], "the wave has not ended"
    interview(made, 4)
    assert found(made, 0) == [(2, 2, 2, 1), (2, 2, 2, 1)]
    suffer(made, 5, (1, 0, False))
    interview(made, 9)
    assert found(made, 1) == [(2, 2, 1, 0), (2, 2, 0, 0)], "what was told once is not told again"


def test_who_is_away_or_dead_is_not_asked():
    """Nor are their crimes told of; a term that ended is no absence."""
    made = town()
    suffer(made, 2, (0, 0, True), (1, 0, True), (2, 0, False))
    made.residents["until"] = (FOREVER, 5, 4, 0)
    interview(made, 4)
    assert found(made, 0) == [(0, 0, 0, 0), (2, 2, 1, 0)]


def test_newcomers_tell_of_their_own_crimes_only():
    """Who was removed suffered two; the newcomer in the row one. And one who came since suffered none."""
    made = town()
    suffer(made, 1, (2, 0, True), (3, 0, True))
    suffer(made, 2, (2, 0, True))
    suffer(made, 3, (2, 1, False))
    made.residents["generation"][2:] = 1
    interview(made, 4)
    assert found(made, 0)[1] == (2, 2, 1, 0)
    suffer(made, 6, (3, 1, True))
    interview(made, 9)
    assert found(made, 1)[1] == (2, 2, 1, 1)


def test_nobody_answers_nothing_is_told():
    made = town(response=NEVER)
    suffer(made, 1, (0, 0, True), (3, 0, True))
    interview(made, 4)
    assert found(made, 0) == [(2, 0, 0, 0), (2, 0, 0, 0)]


def test_the_fearful_stay_silent():
    """Only the vulnerable resident, whose dread is 1/2, refuses: 100 - 400 * 1/2 = -100 in log-odds."""
    made = town(effect=400.0)
    suffer(made, 1, (2, 0, True), (3, 0, False))
    interview(made, 4)
    assert found(made, 0) == [(2, 2, 0, 0), (2, 1, 1, 1)]


def test_each_answers_by_a_number_of_their_own():
    """With log-odds 0 a resident answers if the keyed number of person and wave is below one half."""
    made = town(response=0.0)
    interview(made, 4)
    interview(made, 9)
    for wave in (0, 1):
        answers = [uniform(SEED, SURVEY_RESPONSE, row, wave) < 0.5 for row in range(4)]
        assert [each[1] for each in found(made, wave)] == [sum(answers[:2]), sum(answers[2:])]


def test_every_wave_has_a_sample_of_its_own():
    """Two of four: rows 0 or 1 and 2 or 3, by the wave's start; crimes against others are not told of."""
    made = town(size=2, days=100)
    for wave in range(20):
        start = int(4 * uniform(SEED, SURVEY_SAMPLE, 0, wave))
        rows = [(j * 4 + start) // 2 for j in range(2)]
        suffer(made, 5 * wave, (0, 0, True), (2, 0, True))
        interview(made, 5 * wave + 4)
        assert found(made, wave) == [(1, 1, rows[0] == 0, rows[0] == 0), (1, 1, rows[1] == 2, rows[1] == 2)]
    assert 0 < made.survey.answers["crimes"].sum() < 40


def test_nobody_asked():
    made = town(size=0)
    suffer(made, 1, (0, 0, True))
    interview(made, 4)
    assert found(made, 0) == [(0, 0, 0, 0), (0, 0, 0, 0)]


def test_a_census_that_everybody_answers_is_the_log_of_crimes():
    """Asking more residents than there are asks everybody; told are the crimes of those who are still there."""
    recall, days = 90, 365
    settings = {"survey_size": 1e6, "survey_response": 0.99, "survey_fear_effect": 0.0, "survey_recall": recall}
    engine = run_engine(ALL_SHOWN, settings, days=days)
    when, crimes = engine.log.table("crimes")
    last = when >= days - recall
    there = engine.residents["until"][crimes["victim"]] <= days - 1
    same = engine.residents["generation"][crimes["victim"]] == crimes["generation"]
    who = crimes["victim"].astype(np.int64) + crimes["generation"].astype(np.int64) * 2**32
    answered = np.array([uniform(3, SURVEY_RESPONSE, int(each), 3) < 0.99 for each in who])
    told = last & there & same & answered
    assert told.sum() > 50
    answers = engine.survey.answers[3]
    assert answers["crimes"].sum() == told.sum()
    assert answers["reported"].sum() == (told & crimes["reported"]).sum()
    assert answers["asked"].sum() == (engine.residents["until"] <= days - 1).sum()
    assert not (told & (crimes["crime_type"] == CrimeType.HOMICIDE)).any(), "the dead tell nothing"


def outcomes(**settings):
    overrides = {"place": "riverton", "scale": 0.05, "start": datetime.date(2018, 1, 1), "years": 1,
                 "outcomes_from": datetime.date(2018, 1, 1)}  # fmt: skip
    return run(Scenario.load("agreement-ended", overrides=overrides | settings), seed=5)


def test_outcomes_are_the_answers_divided():
    """By hand from the table of waves: told per person and year asked about, reported per told, answered per asked."""
    result = outcomes()
    table = result.survey
    assert list(table.columns) == ["date", "community", "asked", "answered", "crimes", "reported"]
    assert table["date"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2018-07-02", "2018-12-31"]
    total = table[["asked", "answered", "crimes", "reported"]].sum()
    found_ = result.outcomes
    assert found_["survey_response_rate"] == pytest.approx(100 * total.answered / total.asked)
    assert found_["surveyed_reporting_rate"] == pytest.approx(100 * total.reported / total.crimes)
    rate = 1000 * total.crimes / (total.answered * 182 / 365.25)
    assert found_["surveyed_victimization_rate"] == pytest.approx(rate)
    latino = table[table["community"] == "latino"].sum(numeric_only=True)
    assert found_["survey_response_rate.latino"] == pytest.approx(100 * latino.answered / latino.asked)


def test_waves_that_ask_about_time_before_the_outcomes_are_left_out():
    """Outcomes from 1 May: the wave of July asks about January too, so only that of December counts."""
    result = outcomes(outcomes_from=datetime.date(2018, 5, 1))
    last = result.survey[result.survey["date"] == "2018-12-31"]
    assert result.outcomes["survey_response_rate"] == pytest.approx(100 * last["answered"].sum() / last["asked"].sum())
    exactly = outcomes(outcomes_from=datetime.date(2018, 7, 3)).outcomes["survey_response_rate"]
    assert exactly == result.outcomes["survey_response_rate"]


SURVEYED = ("surveyed_victimization_rate", "surveyed_reporting_rate", "survey_response_rate")


@pytest.mark.parametrize(
    "settings",
    [{"survey_size": 0}, {"survey_recall": 400}, {"outcomes_from": datetime.date(2018, 12, 1)}],
    ids=["nobody asked", "run too short", "outcomes too late"],
)
def test_where_nobody_was_asked_outcomes_are_undefined(settings):
    """Not 0: that would say that nothing happened."""
    found_ = outcomes(**settings).outcomes
    assert all(np.isnan(found_[name]) for name in SURVEYED)


def test_where_nobody_answers_only_the_response_is_known():
    found_ = outcomes(survey_size=3, survey_response=0.01).outcomes
    assert found_["survey_response_rate"] == 0.0
    assert all(np.isnan(found_[name]) for name in SURVEYED[:2])


def test_where_nobody_was_victimized_the_rate_is_0_and_reporting_undefined():
    """Two residents asked in each wave, who suffered nothing."""
    found_ = outcomes(survey_size=2, survey_response=0.99).outcomes
    assert found_["surveyed_victimization_rate"] == 0.0
    assert np.isnan(found_["surveyed_reporting_rate"])
    assert found_["survey_response_rate"] == 100.0
