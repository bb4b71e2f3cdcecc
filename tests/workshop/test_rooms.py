"""Rooms: found by code alone, steered by key alone, apart from each other, limited, forgotten; hostile callers."""

import threading
from itertools import pairwise

import pytest

from experiments import statistics
from simulation.errors import InputError
from workshop import rooms as module
from workshop.agenda import AGENDAS, PREDICT, REVEAL, ROLES
from workshop.predictions import HIGHER, LOWER, Prediction
from workshop.question import Question
from workshop.rooms import LETTERS, MOST_ROOMS, MOST_ROUNDS, MOST_SEATS, Answer, Rooms, new_seat

ASKED = Question()
UP = Prediction(HIGHER, 1.0, 80)
DONE = Answer(statistics.paired_effect([3.0, 3.2, 2.9, 3.1, 3.0], [1.0] * 5), None, None, 1, 5, 0, "test")


class Clock:
    """Time that passes when told to."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(clock):
    return Rooms(clock)


@pytest.fixture
def opened(rooms):
    return rooms.open(45)


def test_a_room_is_found_by_its_code_however_it_is_written(rooms, opened):
    room, _ = opened
    assert len(room.code) == 5
    assert set(room.code) <= set(LETTERS)
    for written in (
        room.code,
        room.code.lower(),
        f" {room.code[:2]} {room.code[2:]} ",
        f"{room.code[:3]}-{room.code[3:]}",
    ):
        assert rooms.find(written) is room


@pytest.mark.parametrize("code", ["", "AAAA", "AAAAAA", "../..", "<b>", "A" * 10_000, None, 7, "\U0001d538" * 5])
def test_what_is_no_code_finds_nothing(rooms, opened, code):
    assert rooms.find(code) is None


def test_codes_and_keys_are_not_to_be_guessed(rooms):
    found = [rooms.open(45) for _ in range(40)]
    assert len({room.code for room, _ in found}) == 40
    assert len({key for _, key in found}) == 40
    assert min(len(key) for _, key in found) >= 16
    assert len({new_seat() for _ in range(100)}) == 100
    assert not any(room.code in key.upper() for room, key in found)


def test_only_the_facilitator_steers(opened):
    room, key = opened
    for wrong in ("", key[:-1], key + "x", key.swapcase(), room.code, None, 7):
        for act in (
            lambda wrong=wrong: room.begin_round(wrong, ASKED, "solve_rate"),
            lambda wrong=wrong: room.reveal(wrong, DONE),
            lambda wrong=wrong: room.go_to(wrong, 1),
            lambda wrong=wrong: room.run_clock(wrong, True),
            lambda wrong=wrong: room.close(wrong),
        ):
            with pytest.raises(InputError, match="facilitator"):
                act()
    assert room.state.version == 1


def test_predictions_are_taken_between_question_and_reveal_only(opened):
    room, key = opened
    with pytest.raises(InputError, match="nothing to predict"):
        room.predict("a", UP)
    with pytest.raises(InputError, match="nothing to reveal"):
        room.reveal(key, DONE)
    room.begin_round(key, ASKED, "solve_rate", 20.0)
    room.predict("a", UP)
    room.reveal(key, DONE)
    with pytest.raises(InputError, match="nothing to predict"):
        room.predict("b", UP)
    with pytest.raises(InputError, match="nothing to reveal"):
        room.reveal(key, DONE)
    assert list(room.state.round.predictions) == ["a"]
    assert (room.state.round.answer, room.state.round.level) == (DONE, 20.0)


def test_a_seat_has_one_prediction_which_it_may_change(opened):
    room, key = opened
    room.begin_round(key, ASKED, "solve_rate")
    room.predict("a", UP)
    room.predict("b", UP)
    room.predict("a", Prediction(LOWER, 2.0, 50))
    assert room.state.round.predictions == {"a": Prediction(LOWER, 2.0, 50), "b": UP}


def test_the_room_knows_whom_it_waits_for(opened):
    room, key = opened
    for seat in "abc":
        room.sit(seat)
    assert room.state.waited_for == 0
    room.begin_round(key, ASKED, "solve_rate")
    room.predict("a", UP)
    room.predict("shared screen", UP)
    assert (room.state.waited_for, len(room.state.round.predictions)) == (2, 2)
    room.leave("b")
    assert room.state.waited_for == 1
    room.leave("a")
    assert "a" in room.state.round.predictions, "who leaves has predicted all the same"


def test_a_round_without_predictions_is_replaced_and_others_are_kept(opened):
    room, key = opened
    room.begin_round(key, ASKED, "solve_rate")
    room.begin_round(key, ASKED, "trust")
    assert [each.key for each in room.state.rounds] == ["trust"]
    room.predict("a", UP)
    room.begin_round(key, ASKED, "dread")
    assert [each.key for each in room.state.rounds] == ["trust", "dread"]


def test_two_rooms_never_see_each_other(rooms):
    (one, key), (two, other) = rooms.open(45), rooms.open(90)
    one.begin_round(key, ASKED, "solve_rate")
    one.sit("a")
    one.predict("a", UP)
    assert (two.state.rounds, two.state.seats) == ((), frozenset())
    with pytest.raises(InputError):
        two.go_to(key, 1)
    one.close(key)
    assert rooms.find(two.code) is two
    assert rooms.find(one.code) is None
    assert two.is_facilitator(other)


def test_everything_in_a_room_is_limited(opened, monkeypatch):
    room, key = opened
    monkeypatch.setattr(module, "MOST_SEATS", 3)
    for seat in "abc":
        room.sit(seat)
    with pytest.raises(InputError, match="full"):
        room.sit("d")
    room.sit("a")
    room.begin_round(key, ASKED, "solve_rate")
    for seat in "xyz":
        room.predict(seat, UP)
    with pytest.raises(InputError, match="full"):
        room.predict("w", UP)
    room.predict("x", UP)
    for _ in range(MOST_ROUNDS - 1):
        room.begin_round(key, ASKED, "solve_rate")
        room.predict("x", UP)
    with pytest.raises(InputError, match="rounds"):
        room.begin_round(key, ASKED, "solve_rate")


def test_there_are_only_so_many_rooms_and_closed_ones_make_room(rooms):
    found = [rooms.open(45) for _ in range(MOST_ROOMS)]
    with pytest.raises(InputError, match="taken"):
        rooms.open(45)
    found[0][0].close(found[0][1])
    rooms.open(180)
    assert len(rooms) == MOST_ROOMS


def test_rooms_are_forgotten_when_nobody_uses_them(rooms, opened, clock):
    room, key = opened
    room.begin_round(key, ASKED, "solve_rate")
    room.predict("a", UP)
    clock.seconds += module.IDLE_SECONDS - 1
    assert rooms.find(room.code) is room
    room.go_to(key, 1)
    clock.seconds += module.IDLE_SECONDS - 1
    assert rooms.find(room.code) is room
    clock.seconds += 2
    assert rooms.find(room.code) is None
    assert room.state.is_closed
    assert room.state.rounds == ()


def test_no_room_lasts_for_ever(rooms, opened, clock):
    room, key = opened
    for _ in range(13):
        clock.seconds += 3600
        if rooms.find(room.code):
            room.go_to(key, 1)
    assert rooms.find(room.code) is None
    assert len(rooms) == 0


def test_nothing_happens_in_a_closed_room(opened):
    room, key = opened
    room.begin_round(key, ASKED, "solve_rate")
    room.predict("a", UP)
    room.close(key)
    assert (room.state.rounds, room.state.seats) == ((), frozenset())
    with pytest.raises(InputError, match="closed"):
        room.sit("b")
    with pytest.raises(InputError):
        room.predict("b", UP)
    room.leave("b")


def test_what_is_made_for_the_room_is_made_once_and_forgotten_with_it(opened):
    room, key = opened
    made = []

    def make():
        made.append(len(made))
        return len(made)

    threads = [threading.Thread(target=room.shared, args=("picture", make)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.shared("picture", make) == 1
    assert room.shared("another", make) == 2
    room.close(key)
    assert room._shared == {}
    room.shared("picture", make)
    assert room._shared == {}


def test_the_clock_runs_stands_and_begins_anew_with_each_step(opened, clock):
    room, key = opened
    assert room.seconds_left == 300
    clock.seconds += 30
    assert room.seconds_left == 300
    room.run_clock(key, True)
    clock.seconds += 40
    assert room.seconds_left == 260
    room.run_clock(key, False)
    clock.seconds += 100
    assert room.seconds_left == 260
    room.go_to(key, 4)
    assert (room.seconds_left, room.state.started) == (600, None)
    room.run_clock(key, True)
    room.go_to(key, 5)
    clock.seconds += 700
    assert room.seconds_left == -100


@pytest.mark.parametrize(("wanted", "reached"), [(-3, 0), (99, 6), (2, 2)])
def test_steps_stay_within_the_agenda(opened, wanted, reached):
    room, key = opened
    room.go_to(key, wanted)
    assert room.state.position == reached


def test_whoever_waits_is_told_of_a_change(opened):
    room, key = opened
    heard = []
    waiting = threading.Thread(target=lambda: heard.append(room.wait(1, 10)))
    waiting.start()
    room.go_to(key, 1)
    waiting.join(5)
    assert heard == [2]
    assert room.wait(2, 0.01) == 2


def test_many_phones_at_once_lose_nothing(opened):
    room, key = opened
    room.begin_round(key, ASKED, "solve_rate")
    seats = [str(n) for n in range(MOST_SEATS)]

    def join(seat):
        room.sit(seat)
        room.predict(seat, UP)

    threads = [threading.Thread(target=join, args=(seat,)) for seat in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(room.state.round.predictions) == set(seats)
    assert room.state.waited_for == 0


@pytest.mark.parametrize("minutes", AGENDAS)
def test_an_agenda_takes_its_time_and_nobody_sees_a_result_before_predicting(minutes):
    steps = AGENDAS[minutes]
    names = [step.name for step in steps]
    assert sum(step.minutes for step in steps) == minutes
    assert len(set(names)) == len(names)
    for before, after in pairwise(names):
        assert (after in REVEAL) == (before in PREDICT)
    assert not any(step.view for step in steps[: names.index("predict") + 1])
    assert (names[0], names[-1]) == ("welcome", "closing")


@pytest.mark.parametrize("minutes", [0, 46, "45", None])
def test_other_lengths_are_refused(rooms, minutes):
    with pytest.raises(InputError, match="minutes"):
        rooms.open(minutes)


def test_roles_are_of_all_sides():
    assert {"council", "police", "advocate", "immigration_agency", "citizen_resident", "immigrant_resident"} <= set(
        ROLES
    )
