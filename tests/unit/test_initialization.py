"""Solved constants (ODD 4.9), checked by a direct computation person by person.

`initialize` groups residents in classes and integrates over trust by 9-point quadrature; here every resident
counts, trust is integrated on a fine grid, and every combination of what people do is listed one by one.
"""

from itertools import product

import numpy as np
import pytest

from simulation.initialization import initialize
from simulation.parameters import table
from simulation.population import synthesize
from simulation.rules import vulnerability_by_class
from simulation.vocabulary import Community, CrimeType, LegalStatus, Role
from tests.worlds import REFERENCE, RIVERTON, make_values

SETTINGS = {
    "defaults": {},
    "much trust and fear": {"trust_effect": 1.0, "fear_effect": 8.0, "salience_gain": 30.0, "cooperation_effect": 1.5},
    "nothing moves": {"trust_effect": 0.0, "fear_effect": 0.0, "cooperation_effect": 0.0},
    "everybody sees it": {f"bystander_presence.{kind.label}": 0.9 for kind in CrimeType},
}
GRID = np.linspace(-9, 9, 3601)
DENSITY = np.exp(-0.5 * GRID**2) / np.exp(-0.5 * GRID**2).sum()
QUADRATURE = 1e-5
"""Relative error of nine points where trust moves the log-odds by a whole unit (by default 1e-11)."""


def expit(x):
    return 1 / (1 + np.exp(-x))


def logit(p):
    return np.log(p / (1 - p))


class Direct:
    """The reference situation, worked out for each resident."""

    def __init__(self, overrides):
        self.values = make_values(overrides)
        self.people = synthesize(RIVERTON, 0.05, 1)
        self.constants = initialize(RIVERTON, self.people, self.values, vulnerability_by_class(self.values))
        people, values = self.people, self.values
        alone = np.array(table(values, "vulnerability"))[people.status]
        shared = alone + values["mixed_status_vulnerability"] * (1 - alone)
        vulnerability = np.where(people.lives_with_undocumented, shared, alone)
        vulnerability[people.community == Community.NO_IMMIGRANT_TIES] = 0
        belief, salience = self.reference_belief(), self.reference_salience()
        self.dread = vulnerability * belief[people.community] * (1 - np.exp(-salience[people.community]))
        on_view = np.array(table(values, "on_view"))
        self.seen = RIVERTON.reporting + (1 - RIVERTON.reporting) * on_view
        self.cleared = RIVERTON.reporting * RIVERTON.clearance + (1 - RIVERTON.reporting) * on_view
        self.happening = RIVERTON.recorded_crimes / self.seen / RIVERTON.residents[:, None]
        self.crimes = self.happening[people.district] * people.victim_weight[:, None]
        self.solve_jail()

    def solve_jail(self):
        """Find, person by person, the share of time in jail that goes with the arrests that it leaves possible."""
        people, values = self.people, self.values
        days = np.array(table(values, "jail")) * np.array(table(values, "jail_term"))
        felony, misdemeanor = values["other_charge_felony"], values["other_charge_misdemeanor"]
        other_days = days @ [1 - felony - misdemeanor, misdemeanor, felony]
        grade = [1 if kind.label in ("simple_assault", "domestic_violence", "theft") else 2 for kind in CrimeType]
        solved = (self.crimes * self.cleared).sum(axis=0)
        crime_days = solved @ days[grade] / solved.sum()
        total = RIVERTON.arrests_per_year * len(people) / RIVERTON.residents.sum()
        weight = people.offending_weight
        ratio = np.array(table(values, "other_arrest_ratio"))[people.status]
        ratio = ratio * (1 + values["offender_arrest_ratio"] * weight)
        away = np.full(len(people), 0.1)
        for _ in range(500):
            by_unit = solved.sum() / ((1 - away) * weight).sum()
            self.other_rate = (total - solved.sum()) / ((1 - away) * ratio).sum()
            jail = (weight * by_unit * crime_days + self.other_rate * ratio * other_days) / 365
            away = 0.5 * away + 0.5 * jail / (1 + jail)
        self.arrests = (1 - away) * (weight * by_unit + self.other_rate * ratio)
        self.away = (weight * away).sum() / weight.sum()

    def reference_belief(self):
        """Riverton shows arrestees in real time, and nobody else: sharing is the arrestees' share of contacts."""
        share = self.constants.contact_share[:, Role.ARRESTEE]
        return self.values["belief_floor"] + (1 - self.values["belief_floor"]) * self.values["awareness"] * share

    def reference_salience(self):
        steady = self.values["salience_gain"] * (1 - self.values["habituation"]) * self.constants.expected_arrests
        return steady / (1 - 0.5 ** (1 / self.values["salience_half_life"]))

    def mean_over_trust(self, intercept):
        """Return each resident's chance to act, averaged over standard normal trust."""
        felt, position = np.unique(self.dread, return_inverse=True)
        lean = self.values["trust_effect"] * GRID - self.values["fear_effect"] * felt[:, None]
        return (expit(intercept + lean) @ DENSITY)[position]

    def weights(self, kind):
        """Return each resident's share of the crimes of a type."""
        weight = self.people.victim_weight * self.happening[self.people.district, kind]
        return weight / weight.sum()

    def combinations(self, kind):
        """Yield (probability for each resident, reported, cooperating) of all that can happen at a crime."""
        values, homicide = self.values, kind == CrimeType.HOMICIDE
        intercept = self.constants.call_intercept[kind]
        call = np.full(len(self.people), expit(intercept)) if homicide else self.mean_over_trust(intercept)
        helps = 0 if homicide else self.mean_over_trust(logit(values["victim_cooperation"]))
        familiar = table(values, "bystander_household")[kind] + table(values, "bystander_neighbor")[kind]

        def bystander(name):
            own = self.mean_over_trust(logit(values[name]))
            return familiar * own + (1 - familiar) * own.mean()

        there = 1 - np.sqrt(1 - table(values, "bystander_presence")[kind])
        calls, cooperates = bystander("bystander_call"), bystander("bystander_cooperation")
        nobody = [(1 - there, 0, 0)]
        somebody = [
            (there * np.where(c, calls, 1 - calls) * np.where(x, cooperates, 1 - cooperates), c, x)
            for c, x in product((0, 1), repeat=2)
        ]
        slot = nobody + somebody
        victim = [
            (np.where(c, call, 1 - call) * np.where(x, helps, 1 - helps), c, x) for c, x in product((0, 1), repeat=2)
        ]
        for (p1, c1, x1), (p2, c2, x2), (p3, c3, x3) in product(victim, slot, slot):
            yield p1 * p2 * p3, c1 or c2 or c3, x1 + x2 + x3


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda name: name.replace(" ", "-"))
def direct(request):
    return Direct(SETTINGS[request.param])


def test_all_combinations_are_listed(direct):
    """The listed combinations have probability 1 together."""
    assert sum(p for p, _, _ in direct.combinations(CrimeType.ROBBERY)) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("kind", CrimeType, ids=lambda kind: kind.label)
def test_call_intercepts_reproduce_the_reporting_targets(direct, kind):
    """(1 - h[k]) times the chance that anybody calls, over all residents, is the place's reporting share."""
    anybody = sum(p for p, reported, _ in direct.combinations(kind) if reported)
    handled = direct.values["handled_otherwise"] * (1 - RIVERTON.reporting[kind])
    share = (1 - handled) * (direct.weights(kind) * anybody).sum()
    assert share == pytest.approx(RIVERTON.reporting[kind], rel=QUADRATURE)
    assert direct.constants.handled[kind] == pytest.approx(handled, rel=1e-12)


@pytest.mark.parametrize("kind", CrimeType, ids=lambda kind: kind.label)
def test_solve_intercepts_reproduce_the_clearance_targets(direct, kind):
    """Over reported crimes, the mean number cooperating is expected[k] and the mean chance to solve the target."""
    weight = direct.weights(kind)
    number = np.zeros(4)
    for p, reported, cooperating in direct.combinations(kind):
        number[cooperating] += (weight * p).sum() * reported
    number /= number.sum()
    expected = (number * np.arange(4)).sum()
    assert direct.constants.expected_cooperating[kind] == pytest.approx(expected, rel=QUADRATURE)
    effect = direct.values["cooperation_effect"]
    solved = expit(direct.constants.solve_intercept[kind] + effect * (np.arange(4) - expected))
    assert (number * solved).sum() == pytest.approx(RIVERTON.clearance[kind], rel=QUADRATURE)


def test_intercepts_have_a_closed_form_when_nothing_moves():
    """Without bystanders, trust and fear a[k] is the log-odds of R / (1 - h), and s[k] that of the clearance."""
    silent = {f"bystander_presence.{kind.label}": 0.0 for kind in CrimeType}
    found = Direct({**silent, **SETTINGS["nothing moves"]}).constants
    police_matter = 1 - 0.52 * (1 - RIVERTON.reporting)
    assert found.call_intercept == pytest.approx(logit(RIVERTON.reporting / police_matter), abs=1e-9)
    assert found.solve_intercept == pytest.approx(logit(RIVERTON.clearance), abs=1e-9)
    assert found.expected_cooperating[1:] == pytest.approx(np.full(8, 0.8), rel=1e-9)
    assert found.expected_cooperating[CrimeType.HOMICIDE] == 0


def test_rates_turn_recorded_crimes_into_all_crimes(direct):
    """rate * (1 - prevented) is what happens: recorded crimes / residents / (R + (1 - R) * on_view).

    Prevented are crimes of offenders in jail whom nobody replaces; never domestic violence.
    """
    prevented = np.full(len(CrimeType), (1 - direct.values["replacement"]) * direct.away)
    prevented[CrimeType.DOMESTIC_VIOLENCE] = 0
    assert direct.constants.rate * (1 - prevented) == pytest.approx(direct.happening, rel=1e-5)
    assert direct.constants.cumulative_rate[:, -1] == pytest.approx(direct.constants.rate.sum(axis=1), rel=1e-12)
    assert 0.01 < direct.away < 0.6


def test_other_arrests_bring_the_city_to_its_yearly_arrests(direct):
    """Other arrests of people at large, plus expected arrests for crimes, are the place's arrests, at scale."""
    assert direct.constants.other_arrest_rate == pytest.approx(direct.other_rate, rel=1e-5)
    scale = len(direct.people) / RIVERTON.residents.sum()
    assert direct.arrests.sum() == pytest.approx(RIVERTON.arrests_per_year * scale, rel=1e-9)


def test_expected_arrests_are_spread_by_undocumented_residents(direct):
    """Sum over communities of size * expected / 1,000 * 365 is the place's yearly number, at scale."""
    people = direct.people
    undocumented = np.bincount(people.community[people.status == LegalStatus.UNDOCUMENTED], minlength=5)
    yearly = direct.constants.expected_arrests * direct.constants.community_size / 1000 * 365
    scale = people.expected_size / RIVERTON.residents.sum()
    total = RIVERTON.immigration_arrests_per_year * scale
    assert yearly == pytest.approx(total * undocumented / undocumented.sum(), rel=1e-12)


def test_contacts_are_counted_by_role(direct):
    """Arrestees by arrest rates and offending weight, victims by reports, witnesses by who calls or cooperates."""
    people, values, constants = direct.people, direct.values, direct.constants
    reported = direct.crimes @ RIVERTON.reporting
    helpful = 1 - (1 - values["bystander_call"]) * (1 - values["bystander_cooperation"])
    presence = np.array(table(values, "bystander_presence"))
    witnesses = direct.crimes @ (RIVERTON.reporting * 2 * (1 - np.sqrt(1 - presence)) * helpful)
    contacts = np.array([
        np.bincount(people.community, weight, 5) for weight in (direct.arrests, reported, witnesses)
    ]).T  # fmt: skip
    assert constants.contact_share == pytest.approx(contacts / contacts.sum(axis=1, keepdims=True), rel=1e-5)


def test_caseloads_and_learned_risk_start_where_the_reference_keeps_them(direct):
    """Steady states: open = open * exp(-1 / duration) + reports a day, and risk = risk * kept + risk a day."""
    people, values, constants = direct.people, direct.values, direct.constants
    in_district = np.bincount(people.district, minlength=6)
    reports = (direct.happening * in_district[:, None]) @ RIVERTON.reporting / 365
    reports = np.bincount(RIVERTON.division_of_district, reports)
    open_cases = constants.baseline_cases
    assert open_cases * np.exp(-1 / values["case_duration"]) + reports == pytest.approx(open_cases, rel=1e-6)
    daily = np.bincount(people.community, direct.crimes @ (RIVERTON.reporting * RIVERTON.clearance), 5) / 365
    kept = 0.5 ** (1 / values["learning_half_life"])
    assert constants.risk_mass * kept + daily == pytest.approx(constants.risk_mass, rel=1e-5)


def test_two_slots_together_are_the_presence_of_anybody(direct):
    """1 - (1 - slot)^2 = bystander_presence."""
    presence = table(direct.values, "bystander_presence")
    assert 1 - (1 - direct.constants.bystander_slot) ** 2 == pytest.approx(presence, rel=1e-12)


def test_riverton_is_recorded_under_the_policy_that_these_tests_assume():
    """Arrestees and country of birth, in real time; nobody else."""
    shown = (REFERENCE.shows_arrestee, REFERENCE.shows_country_of_birth, REFERENCE.real_time)
    assert shown == (True, True, True)
    assert not any((REFERENCE.shows_victim, REFERENCE.shows_witness, REFERENCE.shows_immigration_status))
