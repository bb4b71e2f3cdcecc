"""Outcomes, series and snapshots of a run: groups add up, days and months are the right ones, nothing is missing."""

import datetime
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simulation import Scenario, run
from simulation.occurrences import FundingCut, Legalization, Vote
from simulation.outcomes import CITIZENS, COMMUNITY_GROUPS, IMMIGRANT, OUTCOMES, STATUS_GROUPS, TYPE_GROUPS
from simulation.recorder import collect_run
from simulation.state import ACTUAL_SHARING, BELIEF, REPLACED_ENFORCEMENT
from simulation.vocabulary import Channel, Community, CrimeType, Criminality, LegalStatus
from tests.worlds import BUSY, HOT, REFERENCE, make_engine

START, CHANGE = datetime.date(2018, 1, 17), datetime.date(2018, 8, 31)
OVERRIDES = {
    "place": "riverton",
    "scale": 0.1,
    "start": START,
    "years": 1.5,
    "outcomes_from": CHANGE,
    **{f"parameters.{name}": value for name, value in HOT.items()},
}
COUNTED = (
    "crimes_happened",
    "crimes_reported",
    "crimes_recorded",
    "crimes_cleared",
    "dark_figure",
    "handled_otherwise",
)


@pytest.fixture(scope="module")
def result():
    return run(Scenario.load("agreement-ended", overrides=OVERRIDES), seed=5, record_events=True)


def total(outcomes, name, groups):
    return sum(outcomes[f"{name}.{group}"] for group in groups)


@pytest.mark.parametrize("name", COUNTED)
def test_groups_of_crimes_sum_to_the_total(result, name):
    """Over communities, over types, over violent and property, and over legal statuses where they are split so."""
    outcomes, groups = result.outcomes, OUTCOMES[name].groups
    assert outcomes[name] > 0
    assert total(outcomes, name, Community.names()) == outcomes[name]
    assert total(outcomes, name, Community.names()[1:]) == outcomes[f"{name}.{IMMIGRANT}"]
    assert total(outcomes, name, CrimeType.names()) == outcomes[name]
    assert total(outcomes, name, ("violent", "property")) == outcomes[name]
    if set(STATUS_GROUPS) <= set(groups):
        assert total(outcomes, name, LegalStatus.names()) == outcomes[name]
        assert total(outcomes, name, LegalStatus.names()[:2]) == outcomes[f"{name}.{CITIZENS}"]


@pytest.mark.parametrize("group", ["", *COMMUNITY_GROUPS, *TYPE_GROUPS, *STATUS_GROUPS])
def test_happened_is_reported_plus_the_dark_figure(result, group):
    """In every group; and rates are those counts divided."""
    o, key = result.outcomes, f".{group}" if group else ""
    assert o[f"crimes_happened{key}"] == o[f"crimes_reported{key}"] + o[f"dark_figure{key}"]
    if o[f"crimes_happened{key}"]:
        rate = 100 * o[f"crimes_reported{key}"] / o[f"crimes_happened{key}"]
        assert o[f"reporting_rate{key}"] == pytest.approx(rate, rel=1e-12)
    else:
        assert math.isnan(o[f"reporting_rate{key}"])


def test_arrests_sum_over_communities_channels_and_criminality(result):
    """Three ways to split the same immigration arrests."""
    outcomes = result.outcomes
    for groups in (Community.names(), Channel.names(), Criminality.names()):
        assert total(outcomes, "immigration_arrests", groups) == outcomes["immigration_arrests"] > 0
    for name in ("bookings", "households_losing_member"):
        assert total(outcomes, name, Community.names()) == outcomes[name] > 0
    name = "offender_days_incapacitated"
    assert total(outcomes, name, ("jail", "enforcement")) == outcomes[name] > 0


def test_outcomes_are_those_of_the_events_from_the_stated_day(result):
    """The window begins on `outcomes_from` and ends with the run's last day."""
    events = result.events[result.events["date"] >= pd.Timestamp(CHANGE)]
    assert result.outcomes["crimes_happened"] == len(events)
    assert result.outcomes["crimes_reported"] == events["reported"].sum()
    arrests = result.arrests[result.arrests["date"] >= pd.Timestamp(CHANGE)]
    assert result.outcomes["immigration_arrests"] == len(arrests)


def test_every_declared_outcome_and_group_is_there(result):
    """Every key that the declaration promises, and no other."""
    promised = {name for name in OUTCOMES} | {f"{o.name}.{group}" for o in OUTCOMES.values() for group in o.groups}
    assert set(result.outcomes) == promised


def test_a_run_has_exactly_the_days_it_was_asked_for(result):
    """From 17 January 2018 a year and half of 365 days: 365 + 182 days, the last one included and no other."""
    days = 365 + 182
    assert result.scenario.days == result.engine.day == days
    assert result.dates[[0, -1]].astype(object).tolist() == [START, START + datetime.timedelta(days=days - 1)]
    assert not any(np.any(result.engine.counts[name][-1]) for name in ("crimes", "arrests", "bookings", "community"))
    assert result.engine.counts["community"][-2].any()
    assert result.events["day"].max() == days - 1


def test_rows_carry_the_day_on_which_things_happened(result):
    """Crimes of the log, dated and counted by day, are the daily counts; and by month, the series."""
    by_day = np.bincount(result.events["day"], minlength=result.scenario.days)
    assert (by_day == result.engine.counts["crimes"][:-1, :, :, 0].sum(axis=(1, 2))).all()
    assert (result.events["date"] == pd.Timestamp(START) + pd.to_timedelta(result.events["day"], unit="D")).all()
    series = result.series[result.series["metric"] == "happened"].groupby("date")["value"].sum()
    months = result.events["date"].dt.to_period("M").dt.to_timestamp()
    expected = months.value_counts().sort_index()
    assert series[series > 0].to_dict() == expected.to_dict()
    assert series.index.tolist() == pd.date_range("2018-01-01", "2019-07-01", freq="MS").tolist()


def test_snapshots_are_taken_at_the_collection_interval_and_at_the_end(result):
    """Every 30 days from the first, and at the end of the last day; every community each time."""
    days = [*range(0, result.scenario.days, 30), result.scenario.days]
    assert result.snapshot_days.tolist() == days
    dates = result.snapshots["date"].drop_duplicates()
    assert dates.tolist() == [pd.Timestamp(START) + pd.Timedelta(days=day) for day in days]
    assert (result.snapshots.groupby("date").size() == len(Community)).all()
    belief = result.snapshots[result.snapshots["date"] == dates.iloc[3]]["belief"].to_numpy()
    assert (belief == result.engine.counts["community"][89, :, 0]).all()


def test_crimes_of_removed_are_prevented_or_replaced(result):
    """In the city and in every group; and groups add up."""
    o, counts = result.outcomes, result.engine.counts["crimes"]
    assert total(o, "crimes_of_removed", Community.names()) == o["crimes_of_removed"] > 0
    assert total(o, "crimes_of_removed", CrimeType.names()) == o["crimes_of_removed"]
    replaced = counts[first_day(result) : -1, ..., REPLACED_ENFORCEMENT]
    assert o["crimes_of_removed"] == o["crimes_prevented_by_removal"] + replaced.sum()
    by_type = dict(zip(CrimeType.names(), replaced.sum(axis=(0, 1)).tolist()))
    for kind, number in by_type.items():
        assert o[f"crimes_of_removed.{kind}"] == o[f"crimes_prevented_by_removal.{kind}"] + number


def first_day(result):
    """Return the first day that outcomes are measured on."""
    return (CHANGE - START).days


def test_every_day_of_an_offender_is_at_large_or_away(result):
    """Days at large and away add up to all days of all people with offending weight."""
    offenders = np.count_nonzero(result.engine.population.offending_weight)
    days = result.scenario.days - first_day(result)
    o = result.outcomes
    assert o["offender_days_at_large"] + o["offender_days_incapacitated"] == offenders * days


def test_sharing_and_what_is_thought_of_it_are_means_over_days(result):
    """By community, of every day in the window; the gap is what is believed beyond what is shared."""
    daily = result.engine.counts["community"][first_day(result) : -1]
    size = result.engine.constants.community_size
    o = result.outcomes
    for code, community in enumerate(Community.names()):
        assert o[f"actual_sharing.{community}"] == pytest.approx(daily[:, code, ACTUAL_SHARING].mean(), rel=1e-12)
        gap = (daily[:, code, BELIEF] - daily[:, code, ACTUAL_SHARING]).mean()
        assert o[f"perception_gap.{community}"] == pytest.approx(gap, rel=1e-12)
    everybody = (daily[..., ACTUAL_SHARING] @ size).mean() / size.sum()
    assert o["actual_sharing"] == pytest.approx(everybody, rel=1e-12)
    immigrant = (daily[:, 1:, ACTUAL_SHARING] @ size[1:]).mean() / size[1:].sum()
    assert o[f"actual_sharing.{IMMIGRANT}"] == pytest.approx(immigrant, rel=1e-12)


def eventful(outcomes_from):
    """Return the outcomes of 100 days: no agreement on the days 60 to 79, a fifth of the budget cut on 75 to 84."""
    occurrences = [(10, Vote((True, True, False), 60, 80)), (75, FundingCut(0.2, 1.0, 85, False))]
    engine = make_engine(REFERENCE, days=100, occurrences=occurrences)
    period = SimpleNamespace(start=START, days=100, outcomes_from=START + datetime.timedelta(days=outcomes_from))
    return collect_run(engine, period, 3).outcomes


@pytest.mark.parametrize(
    ("outcomes_from", "shared", "budget"), [(0, 80.0, 98.0), (50, 60.0, 96.0), (60, 50.0, 95.0), (90, 100.0, 100.0)]
)
def test_days_shared_and_budget_are_of_the_rules_really_in_force(outcomes_from, shared, budget):
    """After votes and courts: 20 of the days without an agreement, 10 with 80 percent of the budget."""
    found = eventful(outcomes_from)
    assert found["days_shared"] == pytest.approx(shared, rel=1e-12)
    assert found["police_budget"] == pytest.approx(budget, rel=1e-12)


def test_legal_status_in_outcomes_is_that_at_the_start():
    """After a legalization of all, victims are counted, and rates taken, by the status that they had on day 0."""
    engine = make_engine(REFERENCE, days=300, scale=0.3, place=BUSY, occurrences=[(0, Legalization(1.0))])
    period = SimpleNamespace(start=START, days=300, outcomes_from=START)
    outcomes = collect_run(engine, period, 3).outcomes
    status = engine.population.status[engine.log.table("crimes")[1]["victim"]]
    assert not (engine.residents["status"] == LegalStatus.UNDOCUMENTED).any()
    for each in LegalStatus:
        assert outcomes[f"crimes_happened.{each.label}"] == (status == each).sum() > 0
