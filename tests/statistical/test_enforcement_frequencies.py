"""Enforcement against its stated probabilities (ODD 4.5, 4.6), within four standard errors, with fixed seeds."""

from collections import Counter

import numpy as np
import pytest

from simulation.vocabulary import (
    SERIOUS,
    Absence,
    Channel,
    ChargeGrade,
    Criminality,
    Detainers,
    LegalStatus,
    Priorities,
)
from tests.statistical.checks import CALM, geometric, share
from tests.worlds import BUSY, NOTHING_SHOWN, REFERENCE, events, make_engine, run_engine

TOWN = {"scale": 1.0, "place": BUSY, "seed": 12}
UNDOCUMENTED, DATABASE, FINGERPRINT = LegalStatus.UNDOCUMENTED, Channel.DATABASE, Channel.FINGERPRINT


@pytest.fixture(scope="module")
def visited():
    """Return a year of ten visits a day on other leads; whoever is arrested is back on the next day."""
    parameters = CALM | {"other_visits": 300.0, "other_lead_success": 0.3, "collateral_arrest": 0.15,
                         "detention_term": 1.0, "removal": 0.0}  # fmt: skip
    return run_engine(NOTHING_SHOWN, parameters, days=365, **TOWN)


def test_visits_a_day_follow_capacity(visited):
    """other_visits * millions a day; a draw decides on the fraction; who was arrested today is not visited again."""
    mean = 300 * visited.population.expected_size / 1e6
    made = visited.counts["city"][:-1, 0]
    assert set(made.tolist()) <= {int(mean) - 2, int(mean) - 1, int(mean), int(mean) + 1}
    assert made.mean() <= mean + 4 * 0.5 / np.sqrt(365)
    assert made.mean() == pytest.approx(mean, abs=0.2)


def test_other_leads_are_drawn_from_the_undocumented(visited):
    """Each equally likely: every quarter of the undocumented rows gets a quarter of the visits."""
    _, visits = events(visited, "visits")
    rows = visited.population.undocumented_rows
    quarter = np.searchsorted(rows, visits["row"]) * 4 // len(rows)
    assert (visited.population.status[visits["row"]] == UNDOCUMENTED).all()
    for q in range(4):
        share(quarter == q, np.mean(np.arange(len(rows)) * 4 // len(rows) == q))


def test_visits_are_at_work_with_the_workplace_share(visited):
    """Of people with co-workers; the others are always sought at home."""
    _, visits = events(visited, "visits")
    works = visited.population.coworkers[visits["row"], 0] >= 0
    share(visits["at_work"][works], 0.2)
    assert not visits["at_work"][~works].any()


def test_visits_end_in_arrest_with_the_chance_of_their_lead(visited):
    """other_lead_success of removable people; nobody counts as a wasted visit."""
    share(events(visited, "visits")[1]["success"], 0.3)
    assert not visited.counts["city"][:, 1].any()


def test_those_met_are_arrested_with_the_collateral_chance(visited):
    """At the first visit of each day: removable co-workers, or household and neighbors, each with the same chance."""
    people = visited.population
    visit_days, visits = events(visited, "visits")
    arrest_days, arrests = events(visited, "ice_arrests")
    taken = set(zip(arrest_days[arrests["channel"] == Channel.COLLATERAL].tolist(),
                    arrests["row"][arrests["channel"] == Channel.COLLATERAL].tolist()))  # fmt: skip
    found = []
    for first in np.unique(visit_days, return_index=True)[1]:
        row, day = visits["row"][first], int(visit_days[first])
        home = range(*people.household_start[people.household[row] : people.household[row] + 2])
        met = people.coworkers[row] if visits["at_work"][first] else [*home, *people.neighbors[row]]
        found += [
            (day, int(other)) in taken
            for other in met
            if other not in (row, -1) and people.status[other] == UNDOCUMENTED
        ]
    share(found, 0.15)


def test_people_met_are_arrested_from_police_data_if_the_visit_was(visited):
    """None on other leads; all where only leads from police data are worked."""
    parameters = dict(visited.values) | {
        "other_visits": 0.0,
        "database_visits": 1000.0,
        "detainer_compliance.never": 0.0,
    }
    engine = run_engine(REFERENCE._replace(detainers=int(Detainers.NEVER), substitution=0.0), parameters, **TOWN)
    for world, from_data in ((visited, False), (engine, True)):
        _, arrests = events(world, "ice_arrests")
        met = arrests[arrests["channel"] == Channel.COLLATERAL]
        assert len(met) > 5
        assert (met["from_data"] == from_data).all()


@pytest.fixture(scope="module")
def detained():
    """Return, for each immigration arrest of 400 days, the term, whether removed, how long and who came then."""
    parameters = CALM | {"other_visits": 120.0, "other_lead_success": 0.5, "collateral_arrest": 0.0,
                         "detention_term": 25.0, "removal": 0.6, "return_rate": 3.0,
                         "replacement_migration": 6.0}  # fmt: skip
    engine = make_engine(NOTHING_SHOWN, parameters, days=1000, **TOWN)
    cases, current, residents = [], {}, engine.residents
    while engine.day < engine.days:
        day = engine.day
        engine.advance_to(day + 1)
        for row, case in list(current.items()):
            now = residents[row]
            if day == case["end"] and now["absence"] == Absence.REMOVED and now["until"] > day:
                case |= {"removed": True, "away": now["until"] - day, "back": now["until"]}
            elif day == case["end"]:
                case["removed"] = False
                del current[row]
            elif day == case.get("back"):
                case["newcomer"] = now["generation"] > case["generation"]
                del current[row]
        for arrest in engine.today.ice_arrests[: engine.today.size[engine.log.KINDS["ice_arrests"]]]:
            row = int(arrest["row"])
            case = {"day": day, "end": residents[row]["until"], "generation": residents[row]["generation"]}
            if day < 400:
                cases.append(case)
            current[row] = case
    return cases


def test_detention_lasts_a_geometric_time(detained):
    """Mean detention_term, from the day of the arrest."""
    geometric([case["end"] - case["day"] for case in detained], 25.0)


def test_detention_ends_in_removal_with_its_chance(detained):
    """The others are released."""
    share([case["removed"] for case in detained], 0.6)


def test_removed_people_return_or_are_replaced_at_their_rates(detained):
    """Geometric delays with means 365/3 and 365/6: the earlier one counts, and on a tie the person returns."""
    p_return, p_newcomer = 3 / 365, 6 / 365
    p_either = 1 - (1 - p_return) * (1 - p_newcomer)
    removed = [case for case in detained if case["removed"]]
    geometric([case["away"] for case in removed], 1 / p_either)
    filled = [case for case in removed if "newcomer" in case]
    assert len(filled) > 0.99 * len(removed)
    share([case["newcomer"] for case in filled], p_newcomer * (1 - p_return) / p_either)


FAST = CALM | {"database_visits": 100_000.0, "lead_success": 0.0, "collateral_arrest": 0.0, "wrongful_arrest": 0.0,
               "fingerprint_match": 0.5, "detainer_compliance.honor": 0.4, "detention_term": 1.0,
               "removal": 0.0}  # fmt: skip
"""Every lead is worked on the day it comes, and whoever is handed over is back on the next day."""


def after_bookings(policy, parameters, status, later=0):
    """Return, for people of a status booked once that day, who was handed over or visited by a channel; and grades."""
    engine = run_engine(policy, parameters, days=730, **TOWN)
    found = {}
    for kind in ("ice_arrests", "visits"):
        days, records = events(engine, kind)
        found[kind] = set(zip((days - (later if kind == "ice_arrests" else 0)).tolist(), records["row"].tolist(),
                              records["channel"].tolist()))  # fmt: skip
    days, bookings = events(engine, "bookings")
    keys = list(zip(days.tolist(), bookings["row"].tolist()))
    times = Counter(keys)
    chosen = [(key, grade) for key, grade in zip(keys, bookings["grade"].tolist())
              if engine.population.status[key[1]] == status and times[key] == 1 and key[0] < 700]  # fmt: skip

    def through(kind, channel):
        return np.array([(*key, int(channel)) in found[kind] for key, _ in chosen])

    return through, np.array([grade for _, grade in chosen])


def test_fingerprints_match_and_detainers_are_honored_with_their_chances():
    """Fingerprints alone: match * compliance handed over, match * (1 - compliance) a lead, the rest unseen."""
    policy = NOTHING_SHOWN._replace(fingerprint_checks=True, detainers=int(Detainers.HONOR))
    through, _ = after_bookings(policy, FAST, UNDOCUMENTED)
    share(through("ice_arrests", Channel.CUSTODY), 0.5 * 0.4)
    share(through("visits", FINGERPRINT), 0.5 * 0.6)
    assert not through("visits", DATABASE).any()


def test_the_database_shows_every_undocumented_person_booked():
    """Country of birth shown: compliance handed over, all others a database lead."""
    through, _ = after_bookings(REFERENCE._replace(detainers=int(Detainers.HONOR)), FAST, UNDOCUMENTED)
    share(through("ice_arrests", Channel.CUSTODY), 0.4)
    assert (through("ice_arrests", Channel.CUSTODY) ^ through("visits", DATABASE)).all()


@pytest.mark.parametrize(
    ("status", "visited"), [("us_born_citizen", False), ("naturalized_citizen", True), ("lawful_noncitizen", True)]
)
def test_people_who_are_not_removable_are_visited_in_vain(status, visited):
    """By country of birth everybody born abroad is a lead, and nobody born here."""
    policy = REFERENCE._replace(detainers=int(Detainers.NEVER))
    through, _ = after_bookings(policy, FAST | {"conviction.felony": 0.0}, LegalStatus[status.upper()])
    database = through("visits", DATABASE)
    assert len(database) > 20
    assert (database == visited).all()


def test_state_prisons_hand_over_with_their_chance():
    """Felons, all convicted and jailed for one day: state_prison_share * prison_transfer, whatever the city does."""
    parameters = FAST | {
        "jail.felony": 1.0,
        "jail_term.felony": 1.0,
        "conviction.felony": 1.0,
        "state_prison_share": 0.6,
    }
    through, grades = after_bookings(NOTHING_SHOWN, parameters, UNDOCUMENTED, later=1)
    prison = through("ice_arrests", Channel.PRISON)
    share(prison[grades == ChargeGrade.FELONY], 0.6 * 0.9)
    assert not prison[grades != ChargeGrade.FELONY].any()


def test_priorities_keep_the_agency_from_people_with_lesser_records(visited):
    """Convicted only: everybody visited on another lead has a conviction; with everyone, most do not."""
    engine = run_engine(NOTHING_SHOWN._replace(priorities=2), visited.values, days=100, **TOWN)
    _, arrests = events(engine, "ice_arrests")
    assert len(arrests) > 5
    assert (arrests["criminality"] >= Criminality.CONVICTED).all()
    assert (events(visited, "ice_arrests")[1]["criminality"] < Criminality.CONVICTED).mean() > 0.5


def test_priorities_keep_people_booked_from_becoming_leads():
    """Serious convictions only: handed over or visited is just who has one, though the database shows everybody."""
    policy = REFERENCE._replace(detainers=int(Detainers.HONOR), priorities=int(Priorities.SERIOUS))
    nobody = {"conviction.felony": 0.0, "conviction.misdemeanor": 0.0}
    engine = run_engine(policy, FAST | nobody, days=730, **TOWN)
    serious = (engine.population.record & SERIOUS) > 0
    reached = np.concatenate([events(engine, kind)[1]["row"] for kind in ("ice_arrests", "visits")])
    assert len(reached) > 20
    assert serious[reached].all()
    booked = events(engine, "bookings")[1]["row"]
    assert (~serious[booked] & (engine.population.status[booked] == UNDOCUMENTED)).sum() > 50
