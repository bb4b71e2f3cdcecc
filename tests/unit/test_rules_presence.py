"""Presence, newcomers and things that fall due (ODD 2, 4.1, 4.5), worked out by hand."""

import numpy as np
import pytest

from simulation.randomness import NEWCOMER_OFFENDING, identity, uniform
from simulation.state import ARREST_DUE, DUE, LEAD_DUE, RESIDENT, make_due
from simulation.submodels.due import count_due, free_slot, put_due, take_due
from simulation.submodels.presence import is_beyond_reach, is_present, kill, offends
from simulation.vocabulary import FOREVER, Absence


@pytest.mark.parametrize(
    ("until", "day", "present"), [(0, 0, True), (10, 9, False), (10, 10, True), (FOREVER, 9999, False)]
)
def test_present_from_the_day_until_names(until, day, present):
    """A resident is present on day t if until <= t."""
    assert is_present(until, day) == present


@pytest.mark.parametrize("absence", Absence)
def test_the_police_reach_everybody_but_the_detained_removed_and_killed(absence):
    """Somebody in jail can be booked again; an absence that has passed does not count."""
    assert is_beyond_reach(int(absence), 10, 9) == (absence in (Absence.DETAINED, Absence.REMOVED, Absence.KILLED))
    assert not is_beyond_reach(int(absence), 10, 10)


def test_the_first_holder_of_a_row_offends_by_the_rows_weight():
    """Generation 0 needs no draw; weight 0 never offends."""
    assert offends(1, 7, 0, 3, 0.1)
    assert not offends(1, 7, 0, 0, 0.1)
    assert not offends(1, 7, 5, 0, 0.1)


def test_a_newcomer_offends_with_the_mean_over_the_rows_weight():
    """Mean 0.5 over weight 2: u(NEWCOMER_OFFENDING, who, 0) < 1/4, so one in four, and u decides for each."""
    rows = range(4000)
    found = [offends(9, row, 2, 2, 0.5) for row in rows]
    assert found == [uniform(9, NEWCOMER_OFFENDING, identity(row, 2), 0) < 0.25 for row in rows]
    assert abs(np.mean(found) - 0.25) < 4 * np.sqrt(0.25 * 0.75 / len(rows))


def test_a_killed_resident_never_comes_back():
    """Absence killed, until forever."""
    residents = np.zeros(2, RESIDENT).view(np.recarray)
    kill.py_func(residents, 1)
    assert (residents.absence.tolist(), residents.until.tolist()) == ([0, Absence.KILLED], [0, FOREVER])


def make_calendar(slots=16):
    """Return an empty calendar of ten days whose records Python can read and write by field."""
    item = np.dtype([(name, np.int64) for name in DUE.names])
    return make_due(days=10, slots=slots)._replace(slot=np.zeros(slots, item).view(np.recarray))


def put(due, kind, day, row=0, generation=0, who=0, occasion=0, code=0):
    put_due.py_func(due, kind, day, row, generation, who, occasion, code, False)


def take(due, kind, day, by_occasion):
    slots, keys = np.zeros(16, np.int32), np.zeros(16, np.int64)
    return slots[: take_due.py_func(due, kind, day, by_occasion, slots, keys)].tolist()


def test_due_arrests_come_in_the_order_of_the_crimes_identity():
    """By the victim's row, then generation, then occasion, whatever the order in which they were put."""
    due = make_calendar()
    crimes = [(3, 1, 70), (3, 0, 90), (12, 0, 5), (3, 0, 64), (0, 2, 200)]
    for row, generation, occasion in crimes:
        put(due, ARREST_DUE, 4, who=int(identity(row, generation)), occasion=occasion)
    slots = take(due, ARREST_DUE, 4, by_occasion=True)
    found = [(due.slot[s].who % 2**32, due.slot[s].who // 2**32, due.slot[s].occasion) for s in slots]
    assert found == sorted(crimes)


def test_due_leads_come_in_the_order_of_row_and_channel():
    """By row, then code; each kind and day has its own list, and taking empties it."""
    due = make_calendar()
    for row, code in [(5, 1), (2, 1), (5, 0)]:
        put(due, LEAD_DUE, 7, row=row, code=code)
    put(due, ARREST_DUE, 7, row=1)
    assert count_due.py_func(due, LEAD_DUE, 7) == 3
    slots = take(due, LEAD_DUE, 7, by_occasion=False)
    assert [(due.slot[s].row, due.slot[s].code) for s in slots] == [(2, 1), (5, 0), (5, 1)]
    assert take(due, LEAD_DUE, 7, by_occasion=False) == []
    assert count_due.py_func(due, ARREST_DUE, 7) == 1


def test_slots_are_used_again_and_what_falls_due_after_the_run_is_left_out():
    """Nothing is put on a day that the run does not reach; a freed slot counts as free."""
    due = make_calendar(slots=2)
    put(due, LEAD_DUE, 10)
    assert due.n_free[0] == 2
    for _ in range(5):
        put(due, LEAD_DUE, 9)
        for slot in take(due, LEAD_DUE, 9, by_occasion=False):
            free_slot.py_func(due, slot)
    assert due.n_free[0] == 2
