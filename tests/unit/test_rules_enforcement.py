"""Enforcement (MODEL.md 5.5, ODD 4.6): each rule beside its equation, with numbers worked out by hand."""

import pytest

from simulation.submodels.enforcement import (
    database_capacity,
    is_from_police_data,
    newcomer_delay,
    other_capacity,
    removal_end,
    success_chance,
)
from simulation.vocabulary import FOREVER, Channel


@pytest.mark.parametrize("channel", Channel)
def test_police_data_stand_behind_database_fingerprint_and_custody(channel):
    """State prisons, other leads, raids and (by itself) a collateral arrest do not begin with police data."""
    assert is_from_police_data(int(channel)) == (channel.label in ("database", "fingerprint", "custody"))


@pytest.mark.parametrize(
    ("capacity", "per_million", "millions", "u", "visits"),
    [
        (1.0, 6.0, 0.4, 0.0, 2),  # 2.4 visits
        (1.0, 6.0, 0.4, 0.59, 2),
        (1.0, 6.0, 0.4, 0.61, 3),
        (2.0, 6.0, 0.4, 0.19, 4),  # 4.8 visits
        (2.0, 6.0, 0.4, 0.21, 5),
        (0.0, 6.0, 0.4, 0.99, 0),
    ],
)
def test_visits_per_day_follow_capacity_and_population(capacity, per_million, millions, u, visits):
    """n = floor(capacity * database_visits * millions + u): a draw resolves the fraction."""
    assert database_capacity(capacity, per_million, millions, u) == visits


@pytest.mark.parametrize(
    ("substitution", "unused", "u", "visits"),
    [(0.45, 0, 0.79, 1), (0.45, 0, 0.81, 2), (0.45, 2, 0.0, 2), (0.45, 2, 0.91, 3), (1.0, 4, 0.0, 5), (0.0, 4, 0.0, 1)],
)
def test_unused_visits_go_to_other_leads_with_substitution(substitution, unused, u, visits):
    """m = floor(capacity * other_visits * millions + substitution * unused + u), with 1.2 visits of their own."""
    assert other_capacity(1.0, 3.0, 0.4, substitution, unused, u) == visits


@pytest.mark.parametrize(
    ("return_mean", "return_u", "newcomer_mean", "newcomer_u", "end"),
    [
        (4.0, 0.26, 4.0, 0.44, (102, False)),  # return after 2 days, newcomer after 3
        (4.0, 0.44, 4.0, 0.26, (102, True)),
        (4.0, 0.26, 4.0, 0.26, (102, False)),  # on a tie the person returns
        (0.0, 0.26, 4.0, 0.44, (103, True)),  # 0: never
        (4.0, 0.26, 0.0, 0.44, (102, False)),
        (0.0, 0.5, 0.0, 0.5, (FOREVER, False)),
    ],
)
def test_a_row_is_filled_by_the_earlier_of_return_and_newcomer(return_mean, return_u, newcomer_mean, newcomer_u, end):
    """Both delays count from the end of detention on day 100; mean 4: 1 day below 0.25, 2 below 0.4375, then 3."""
    assert removal_end(100, return_mean, return_u, newcomer_mean, newcomer_u) == end


@pytest.mark.parametrize(
    ("usual", "migration", "days"),
    [
        (730.0, 1.0, 730.0),
        (730.0, 2.0, 365.0),
        (730.0, 0.5, 1460.0),
        (730.0, 0.0, 0.0),  # 0 stands for never
        (0.0, 3.0, 0.0),  # nobody ever comes, however many times as fast
    ],
)
def test_newcomers_come_faster_with_migration(usual, migration, days):
    """365 / (replacement_migration * migration): at 0.5 a year, two years as usual and one at twice the usual rate."""
    assert newcomer_delay(usual, migration) == days


@pytest.mark.parametrize("channel", Channel)
def test_a_visit_succeeds_by_how_the_agency_came_to_the_person(channel):
    """0.6 on a lead from police data, 0.5 on another, 0.4 in a raid."""
    expected = {Channel.OTHER_LEAD: 0.5, Channel.RAID: 0.4}.get(channel, 0.6)
    assert success_chance(int(channel), 0.6, 0.5, 0.4) == expected
