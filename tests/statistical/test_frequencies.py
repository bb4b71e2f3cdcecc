"""How often things happen: simulated frequencies against stated probabilities, within four standard errors.

Seeds are fixed, so a test either always passes or always fails. The town is Riverton at full scale with much
crime; each test reads the events of one of a few worlds in which as little else happens as the rule allows.
"""

import numpy as np
import pytest
from scipy import stats

from simulation.parameters import table
from simulation.population import synthesize
from simulation.randomness import ORDINALS_PER_YEAR
from simulation.submodels.candidates import draw_candidates
from simulation.vocabulary import CHARGED, CONVICTED, OTHER_ARREST, SERIOUS, ChargeGrade, CrimeType
from tests.statistical.checks import CALM, count, geometric, share
from tests.worlds import BUSY, NOTHING_SHOWN, events, make_engine, run_engine, who


@pytest.fixture(scope="module")
def calm():
    """Return a year in which nobody goes away and nothing is learned."""
    return run_engine(BUSY.reference_policy, CALM, days=365, seed=8, scale=1.0, place=BUSY)


@pytest.fixture(scope="module")
def crimes(calm):
    return events(calm, "crimes")[1]


# Candidates (ODD 4.1)


def test_candidates_are_poisson():
    """Of everybody in a year: the total, its dispersion, and the spread over days and types."""
    people = synthesize(BUSY, 1.0, 1)
    engine = make_engine(people=people, parameters=CALM, place=BUSY)
    constants, rules = engine.constants, engine.rules
    start, candidates = draw_candidates(engine.seed, 0, rules, engine.districts, engine.residents)
    crime = 2.0 * people.victim_weight.astype(float) * constants.total_rate[people.district]
    offending = 1 + rules["offender_arrest_ratio"] * people.offending_weight
    other = constants.other_arrest_rate * rules["other_arrest_ratio"][people.status] * offending
    mean = crime + other
    number = np.bincount(candidates["row"], minlength=len(people))
    count(number.sum(), mean.sum())
    often = mean > 0.2
    squares = ((number - mean)[often] ** 2 / mean[often]).sum()
    variance = (2 + 1 / mean[often]).sum()  # of the squares, for Poisson numbers
    assert squares == pytest.approx(often.sum(), abs=4 * np.sqrt(variance))
    none = np.exp(-mean)
    share(number == 0, none)
    assert stats.chisquare(np.diff(start)).pvalue > 1e-4
    assert number.max() < ORDINALS_PER_YEAR


def test_crimes_happen_at_the_base_rate(calm, crimes):
    """Thinning by headroom returns rate * weight: crimes of a year by type and by district are Poisson."""
    people, rate = calm.population, calm.constants.rate
    weight = np.bincount(people.district, people.victim_weight, len(rate))
    expected = rate * weight[:, None]
    kinds = crimes["crime_type"]
    for kind in CrimeType:
        if kind is not CrimeType.HOMICIDE:  # the dead cannot be victims again, which is too rare to matter
            count((kinds == kind).sum(), expected[:, kind].sum())
    for district in range(len(rate)):
        count((people.district[crimes["victim"]] == district).sum(), expected[district].sum())
    assert calm.counts["city"][:, 2].sum() == 0, "clipped rates"


def test_victims_are_drawn_by_their_weights(calm, crimes):
    """Residents in the upper half of victimization weights bear their part of the crimes."""
    people = calm.population
    risk = people.victim_weight * calm.constants.total_rate[people.district]
    upper = people.victim_weight > np.median(people.victim_weight)
    share(upper[crimes["victim"]], risk[upper].sum() / risk.sum())


def test_offenders_are_local_with_the_stated_chance(calm, crimes):
    """local_offender_share, plus the part of the city's units that are local anyway."""
    people = calm.population
    units = np.diff(people.roster_start)
    by_roster = (crimes["crime_type"] != CrimeType.DOMESTIC_VIOLENCE) & (crimes["offender"] >= 0)
    victim, offender = crimes["victim"][by_roster], crimes["offender"][by_roster]
    local = 0.7 + 0.3 * units / units.sum()
    share(people.district[victim] == people.district[offender], local[people.district[victim]])


def test_domestic_violence_is_of_the_household(calm, crimes):
    """Where there are other members the offender is one of them, each equally likely."""
    people = calm.population
    domestic = crimes[crimes["crime_type"] == CrimeType.DOMESTIC_VIOLENCE]
    household = people.household[domestic["victim"]]
    first, size = people.household_start[household], np.diff(people.household_start)[household]
    several = size > 1
    assert (people.household[domestic["offender"]] == household)[several].all()
    others = domestic["offender"] - first - (domestic["offender"] > domestic["victim"])
    of_three = size == 3
    share(others[of_three] == 0, 0.5)


def test_other_arrests_bring_bookings_at_their_rate(calm):
    """Bookings that are no crimes: rate * ratio of status * (1 + ratio * offending weight) of everybody."""
    people, rules = calm.population, calm.rules
    offending = 1 + rules["offender_arrest_ratio"] * people.offending_weight
    mean = calm.constants.other_arrest_rate * rules["other_arrest_ratio"][people.status] * offending
    other = events(calm, "bookings")[1]
    other = other[other["code"] == OTHER_ARREST]
    count(len(other), mean.sum())
    offenders = people.offending_weight > 0
    share(offenders[other["row"]], mean[offenders].sum() / mean.sum())
    for grade, probability in zip(ChargeGrade, (0.25, 0.5, 0.25)):
        share(other["grade"] == grade, probability)


# Reporting and investigation (ODD 4.3, 4.4)


@pytest.mark.parametrize("kind", CrimeType, ids=lambda kind: kind.label)
def test_a_baseline_meets_the_reporting_and_clearance_targets(calm, crimes, kind):
    """Of each type: the share reported, of those reported the share cleared, of the others the share met on patrol."""
    found = crimes[crimes["crime_type"] == kind]
    if kind is CrimeType.HOMICIDE:
        assert len(found) > 20
        assert found["reported"].mean() == pytest.approx(0.99, abs=4 * np.sqrt(0.99 * 0.01 / len(found)))
        return
    share(found["reported"], BUSY.reporting[kind])
    share(found["solved"][found["reported"]], BUSY.clearance[kind])
    silent = found[~found["reported"]]
    on_view = table(calm.values, "on_view")[kind]
    count_or_none = 4 * np.sqrt(len(silent) * on_view * (1 - on_view))
    assert silent["on_view"].sum() == pytest.approx(len(silent) * on_view, abs=count_or_none)


def test_a_share_of_silence_was_never_a_police_matter(calm, crimes):
    """handled_otherwise * (1 - R) of each type, whatever anybody feels."""
    share(crimes["handled"], 0.52 * (1 - BUSY.reporting)[crimes["crime_type"]])


def test_people_decide_with_their_probabilities(crimes):
    """Calls of those whom it concerns, cooperation where it was reported, and solving, against the logged chances."""
    matters = crimes[~crimes["handled"]]
    there = np.column_stack([np.ones(len(matters), bool), matters["bystander"] >= 0])
    for party in range(3):
        share(matters["calls"][there[:, party], party], matters["p_call"][there[:, party], party])
    reported = matters["reported"]
    for party in range(3):
        asked = there[:, party] & reported
        share(matters["cooperates"][asked, party], matters["p_cooperate"][asked, party])
    share(matters["solved"][reported], matters["p_solve"][reported])


def test_bystanders_are_there_with_the_stated_chance(calm, crimes):
    """At least one slot is filled with bystander_presence, less those found to be the victim or the offender."""
    presence = np.array(table(calm.values, "bystander_presence"))
    slot = 1 - np.sqrt(1 - presence)
    robberies = crimes[crimes["crime_type"] == CrimeType.ROBBERY]
    share(robberies["bystander"][:, 0] >= 0, slot[CrimeType.ROBBERY])
    share((robberies["bystander"] >= 0).any(axis=1), presence[CrimeType.ROBBERY])


def test_bystanders_are_of_the_household_with_the_stated_chance(calm, crimes):
    """Of victims who do not live alone; in domestic violence the offender may be the one chosen, which is left out."""
    people = calm.population
    several = np.diff(people.household_start)[people.household[crimes["victim"]]] > 1
    found = crimes[several & (crimes["bystander"][:, 0] >= 0) & (crimes["crime_type"] != CrimeType.DOMESTIC_VIOLENCE)]
    same = people.household[found["victim"]] == people.household[found["bystander"][:, 0]]
    share(same, np.array(table(calm.values, "bystander_household"))[found["crime_type"]])


def bookings_of(engine, chosen):
    """Return, for chosen crimes of the log, the day of each, and of its booking or -1; and the row booked."""
    days, crimes = events(engine, "crimes")
    booked_on, bookings = events(engine, "bookings")
    by_crime = {
        (int(b["who"]), int(b["occasion"])): (int(day), int(b["row"]))
        for day, b in zip(booked_on, bookings)
        if b["code"] != OTHER_ARREST
    }
    keys = zip(who(crimes, "victim")[chosen].tolist(), crimes["occasion"][chosen].tolist())
    found = np.array([by_crime.get(key, (-1, -1)) for key in keys])
    return days[chosen], found[:, 0], found[:, 1]


def test_arrests_follow_after_a_geometric_delay(calm, crimes):
    """Mean arrest_delay, from the crime to the booking; crimes early enough for all arrests to fall within the run."""
    chosen = crimes["solved"] & (crimes["offender"] >= 0) & (events(calm, "crimes")[0] < 365 - 12 * 20)
    day, booked, _ = bookings_of(calm, chosen)
    assert (booked >= 0).mean() > 0.97  # the rest: a wrong person who had died, or an offender who had
    geometric((booked - day)[booked >= 0], 20.0)


def test_arrests_are_of_the_wrong_person_with_the_stated_chance():
    """Of solved crimes: booked is somebody else of the district; for an outsider only ever the wrong person."""
    engine = run_engine(BUSY.reference_policy, CALM | {"wrongful_arrest": 0.2}, days=365, seed=9, scale=1.0, place=BUSY)
    days, crimes = events(engine, "crimes")
    early = crimes["solved"] & (days < 365 - 12 * 20)
    by_resident = early & (crimes["offender"] >= 0)
    _, booked, row = bookings_of(engine, by_resident)
    offender, victim = crimes["offender"][by_resident], crimes["victim"][by_resident]
    arrested = booked >= 0
    share((row != offender)[arrested], 0.2)
    wrong = arrested & (row != offender)
    assert (engine.population.district[row] == engine.population.district[victim])[wrong].all()


def test_convictions_follow_after_the_disposition_delay():
    """Of people without a conviction at the start, booked once and long ago: by grade; the wrong person never."""
    parameters = CALM | {"disposition_delay": 50.0, "wrongful_arrest": 0.3}
    engine = run_engine(BUSY.reference_policy, parameters, days=365, seed=8, scale=1.0, place=BUSY)
    days, bookings = events(engine, "bookings")
    _, crimes = events(engine, "crimes")
    offender = dict(zip(zip(who(crimes, "victim").tolist(), crimes["occasion"].tolist()), crimes["offender"].tolist()))
    keys = zip(
        bookings["who"].tolist(), bookings["occasion"].tolist(), bookings["row"].tolist(), bookings["code"].tolist()
    )
    right = np.array(
        [code == OTHER_ARREST or offender[person, occasion] == row for person, occasion, row, code in keys]
    )
    times = np.bincount(bookings["row"], minlength=len(engine.population))[bookings["row"]]
    clean = (engine.population.record[bookings["row"]] & (CONVICTED | SERIOUS)) == 0
    judged = (days < 365 - 50) & clean & (times == 1)
    record = engine.residents["record"][bookings["row"]]
    convicted, serious = (record & CONVICTED) > 0, (record & SERIOUS) > 0
    assert (judged & ~right).sum() > 50
    assert not convicted[judged & ~right].any()
    for grade, probability in zip(ChargeGrade, (0.0, 0.45, 0.5)):
        of_grade = judged & right & (bookings["grade"] == grade)
        if probability:
            share(convicted[of_grade], probability)
        assert (serious[of_grade] == (convicted[of_grade] & (grade is ChargeGrade.FELONY))).all()
        assert not convicted[of_grade].any() or probability
    assert (record & CHARGED).all(), "everybody booked is charged"


def test_bookings_lead_to_jail_for_a_geometric_term():
    """By grade: the share jailed, and the term of those who were free before and booked once that day."""
    parameters = CALM | {"jail.misdemeanor": 0.3, "jail.felony": 0.6, "jail_term.misdemeanor": 12.0,
                         "jail_term.felony": 40.0}  # fmt: skip
    engine = make_engine(NOTHING_SHOWN, parameters, days=200, seed=8, scale=1.0, place=BUSY)
    jailed, terms, grades = [], [], []
    for day in range(engine.days):
        before = engine.residents["until"].copy()
        engine.advance_to(day + 1)
        today = engine.today.bookings[: engine.today.size[engine.log.KINDS["bookings"]]]
        once = np.bincount(today["row"], minlength=len(before))[today["row"]] == 1
        chosen = today[(before[today["row"]] <= day) & once]
        rows = engine.residents[chosen["row"]]
        jailed += (rows["absence"] == 1).tolist()
        terms += (rows["until"] - day).tolist()
        grades += chosen["grade"].tolist()
    jailed, terms, grades = np.array(jailed) & (np.array(terms) > 0), np.array(terms), np.array(grades)
    assert not jailed[grades == ChargeGrade.SUMMARY].any()
    for grade, probability, mean in ((ChargeGrade.MISDEMEANOR, 0.3, 12.0), (ChargeGrade.FELONY, 0.6, 40.0)):
        share(jailed[grades == grade], probability)
        geometric(terms[jailed & (grades == grade)], mean)
