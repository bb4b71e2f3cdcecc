"""Residents of a world: a sample with its ties, and one person's history that adds up to what the run recorded."""

import numpy as np
import pytest
from told import HOT

from experiments.city.people import MARKS, SAMPLE_SIZE, live_world, sample_residents
from experiments.city.resident import SELF, resident_history
from experiments.stories.world import COWORKER, HOUSEHOLD, NEIGHBOR, kept_world, people_at
from simulation import Scenario, TrustModel
from simulation.errors import InputError
from simulation.population import synthesize
from simulation.randomness import replicate_seed

PAIR = ("agreement-2008-terms", "agreement-ended")
SEED = replicate_seed(1, 1)


def load(name, **overrides):
    return Scenario.load(name, overrides={**HOT, **overrides})


@pytest.fixture(scope="module")
def worlds():
    """Return a pair of worlds of a small town."""
    return tuple(kept_world(load(name), SEED) for name in PAIR)


@pytest.fixture(scope="module")
def most(worlds):
    """Return the residents to whom most happened, nearby events included."""
    rows, touched = np.unique(worlds[0]._touches["row"], return_counts=True)
    return rows[np.argsort(-touched)[:40]].tolist()


def told(row):
    return resident_history(*(load(name) for name in PAIR), SEED, row, step=1)


def test_the_sample_has_every_district_and_ties_of_every_kind(worlds):
    population = worlds[0].population
    sample = sample_residents(population)
    assert len(sample.rows) == len(set(sample.rows)) <= SAMPLE_SIZE
    assert np.bincount(sample.districts).tolist() == [SAMPLE_SIZE // 6] * 6
    np.testing.assert_array_equal(sample.districts, population.district[sample.rows])
    assert set(sample.ties[:, 2]) == {HOUSEHOLD, NEIGHBOR, COWORKER}
    assert len(sample.ties) > 0.7 * len(sample.rows)
    for i, j, relation in sample.ties.tolist():
        a, b = sample.rows[i], sample.rows[j]
        assert i < j
        ties = {
            HOUSEHOLD: population.household[a] == population.household[b],
            NEIGHBOR: b in population.neighbors[a] or a in population.neighbors[b],
            COWORKER: b in population.coworkers[a] or a in population.coworkers[b],
        }
        assert ties[relation]
        assert not any(ties[closer] for closer in range(relation))


def test_a_sample_of_a_tiny_place_is_everybody():
    place = worlds_place("riverton")
    population = synthesize(place, 0.0007, 1)
    sample = sample_residents(population, 10_000)
    np.testing.assert_array_equal(sample.rows, np.arange(len(population)))


def worlds_place(name):
    from simulation.place import Place

    return Place.load(name)


def test_the_live_world_is_what_the_model_shows_of_the_same_residents(worlds):
    """The model's own agents, run day by day, feel and are where the live world says."""
    scenario = worlds[1].scenario
    shown = live_world(scenario, SEED, step=50)
    model = TrustModel(scenario, SEED)
    for frame in (0, 7, 15, len(shown.days) - 1):
        model.run_until(int(shown.days[frame]))
        rows = shown.sample.rows
        here = model.column("absence", rows) == "none"
        np.testing.assert_allclose(shown.trust[frame], 50 + 10 * model.column("trust", rows), atol=1e-6)
        if frame:  # on the first morning the day's occurrences have not happened to the model
            np.testing.assert_allclose(shown.dread[frame], model.column("dread", rows), atol=1e-9)
        if shown.days[frame] < scenario.days:
            assert (shown.away[frame] == ~here).mean() > 0.99  # removals of the day come after the morning
    assert shown.away.any()
    assert shown.dread.max() > 0.05


def test_marks_and_counts_of_the_live_world_are_those_of_its_events(worlds):
    world = worlds[0]
    shown = live_world(world.scenario, SEED, step=30)
    rows = shown.sample.rows
    at_crimes = np.isin(people_at(world.crimes), rows).sum()
    tables = world.bookings, world.arrests, world.visits
    expected = [at_crimes, *(np.isin(table["row"], rows).sum() for table in tables)]
    assert np.bincount(shown.marks[:, 2], minlength=len(MARKS)).tolist() == expected
    assert (np.diff(shown.marks[:, 0]) >= 0).all()
    totals = [len(world.crimes), world.crimes["reported"].sum(), None, len(world.arrests), len(world.visits)]
    for counted, total in zip(shown.events.sum(axis=0), totals):
        assert total in (None, counted)
    week = (world.days["crimes"] >= shown.days[3]) & (world.days["crimes"] < shown.days[4])
    assert shown.events[4, 0] == week.sum()


def test_a_history_has_every_event_of_the_logs(worlds, most):
    """Counted a second way, from the tables, for the people to whom most happened."""
    kinds = set()
    for row in most:
        history = told(row)
        for world, side in zip(worlds, ("a", "b")):
            events = [(entry.day, event) for entry in history.entries if (event := getattr(entry, side))]
            kinds |= {(event.kind, relation) for _, event in events for relation in event.relations}
            crimes = (people_at(world.crimes) == row).sum()
            assert sum(event.kind == "crime" for _, event in events) == crimes
            for kind, table in (("police_arrest", "bookings"), ("immigration_arrest", "ice_arrests")):
                own = [day for day, event in events if event.kind == kind and SELF in event.relations]
                assert own == world.days[table][world.events_of(table, row)].tolist()
            home = world.population.household[row]
            members = np.arange(*world.population.household_start[home : home + 2])
            arrested = np.isin(world.arrests["row"], members) & (world.arrests["row"] != row)
            at_home = sum(event.kind == "immigration_arrest" and "household" in event.relations for _, event in events)
            assert at_home == arrested.sum()
    expected = {("crime", "victim"), ("crime", "witness"), ("police_arrest", "self"), ("police_arrest", "household"),
                ("immigration_arrest", "self"), ("immigration_arrest", "household"), ("immigration_arrest", "coworker"),
                ("immigration_arrest", "neighbor"), ("visit", "household"), ("visit", "self")}  # fmt: skip
    assert expected <= kinds


def test_trust_and_fear_move_by_what_events_add(worlds, most):
    """What was there in the morning and what the day added relax to the next."""
    checked = 0
    for row in most:
        history = told(row)
        for world, side in zip(worlds, ("a", "b")):
            kept, arrivals = np.exp(-world.rules["fear_decay"]), world.whereabouts.arrivals(row)
            days = {}
            for entry in history.entries:
                event = getattr(entry, side)
                if event and event.kind not in ("newcomer", "scandal") and entry.day < world.scenario.days:
                    days.setdefault(entry.day, []).append(event)
            for day, events in days.items():
                if day + 1 in arrivals:
                    continue
                added = sum(event.trust for event in events)
                assert events[0].trust_after - events[0].trust_before == pytest.approx(added, abs=0.1)
                _, fear, _ = world.feelings(np.array([row, row]), np.array([day, day + 1]))
                assert fear[1] == pytest.approx(kept * (fear[0] + sum(event.fear for event in events)), abs=1e-9)
                checked += added != 0
    assert checked > 40


def test_what_happened_alike_is_one_entry(worlds, most):
    reported = [dict(zip(world.keys.tolist(), world.crimes["reported"].tolist())) for world in worlds]
    turned = [key for key in reported[0].keys() & reported[1].keys() if reported[0][key] != reported[1][key]]
    victims = [key >> 16 & 0xFFFFFFFF for key in turned]
    alike = alone = 0
    differing = []
    for row in [*most, *victims]:
        for entry in told(row).entries:
            if entry.a is None or entry.b is None:
                alone += 1
            elif (entry.a.relations, entry.a.facts) == (entry.b.relations, entry.b.facts):
                alike += 1
            else:
                assert entry.a.kind == entry.b.kind
                differing.append((row, entry))
    assert min(alike, alone) > 50
    named = {row for row, entry in differing if entry.a.facts.get("reported") != entry.b.facts.get("reported")}
    assert set(victims) <= named


def test_histories_are_alike_until_the_worlds_differ():
    pair = load("agreement-renewed"), load("agreement-ended")
    apart = next(day for day, policy in pair[1].policies() if day and policy != pair[0].policies()[0][1])
    rows = sample_residents(kept_world(pair[0], SEED).population).rows[:20].tolist()
    for row in rows:
        history = resident_history(*pair, SEED, row, step=1)
        np.testing.assert_array_equal(history.trust[0, :apart], history.trust[1, :apart])
        np.testing.assert_array_equal(history.dread[0, :apart], history.dread[1, :apart])
        assert all(entry.a == entry.b for entry in history.entries if entry.day < apart - 1)


def test_times_away_end_and_newcomers_are_named(worlds):
    world = worlds[0]
    removed = np.flatnonzero(world.engine.residents["generation"])[:5].tolist()
    assert removed
    for row in removed:
        history = told(row)
        arrivals = [entry.day for entry in history.entries if entry.a and entry.a.kind == "newcomer"]
        assert len(arrivals) == world.engine.residents["generation"][row] == history.who.newcomers_a
        spans = history.away[0]
        assert {"detained", "removed"} <= {reason for reason, *_ in spans}
        assert all(start <= end <= world.scenario.days for _, start, end in spans)
        assert all(any(end == day for _, _, end in spans) for day in arrivals)


def test_a_resident_who_does_not_live_there_is_refused(worlds):
    for row in (-1, len(worlds[0].population)):
        with pytest.raises(InputError, match="must be from 0 to"):
            told(row)
