"""Nothing declared is idle: every parameter, lever, event and mechanism changes something that is measured."""

import datetime
import math
from types import SimpleNamespace

import numpy as np
import pytest

from simulation import run
from simulation.agreement import NO_AGREEMENT
from simulation.calendar import make_policy
from simulation.initialization import initialize
from simulation.levers import LEVERS, Policy
from simulation.occurrences import (
    ORDER,
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    PoliceScandal,
    Raid,
    Vote,
)
from simulation.parameters import PARAMETERS
from simulation.population import synthesize
from simulation.recorder import collect_run
from simulation.rules import make_rules, vulnerability_by_class
from simulation.scenario import Scenario
from simulation.vocabulary import Yardstick
from tests.worlds import ALL_SHOWN, BUSY, EVERYBODY, HOT, IN_USE, NOTHING_SHOWN, make_engine, make_values

PEOPLE = synthesize(BUSY, 0.3, 1)
POLICIES = [
    (0, ALL_SHOWN._replace(**IN_USE, shows_immigration_status=False)),
    (300, NOTHING_SHOWN._replace(fingerprint_checks=True, detainers=2)),
    (450, ALL_SHOWN._replace(**IN_USE, real_time=False, priorities=1)),
    (600, ALL_SHOWN._replace(detainers=1)),
    (675, ALL_SHOWN._replace(detainers=0)),
]
OCCURRENCES = [
    (40, Raid(400.0, None, False, False)),
    (60, EnforcementNews(1.0, EVERYBODY)),
    (90, PoliceScandal(0.5, EVERYBODY)),
    (120, Raid(400.0, None, True, True)),
    (150, Announcement(0.8, EVERYBODY)),
    (240, Raid(300.0, 1, True, False)),
    (330, Raid(300.0, None, False, True)),
    (400, FundingCut(0.4, 0.0, 400, True)),
    (480, Vote((True, True, False), 490, 510)),
    (620, Legalization(0.3)),
]
EVERYTHING_HAPPENS = HOT | {
    "database_visits": 150.0,  # few enough for some leads to grow old
    "jail_term.felony": 40.0,
    "jail_term.summary": 10.0,
    "jail.felony": 0.7,
    "jail.summary": 0.1,
    "conviction.felony": 0.8,
    "conviction.summary": 0.1,
    "state_prison_share": 0.5,
    "disposition_delay": 20.0,
    "deportation_deterrence": 0.2,
    "detainer_compliance.judicial_warrant": 0.3,
    "detainer_compliance.never": 0.1,
    "domestic_replacement": 0.3,
}
PERIOD = SimpleNamespace(start=datetime.date(2018, 1, 1), days=730, outcomes_from=datetime.date(2018, 2, 1))


def outcomes(parameters=None, policies=POLICIES, occurrences=OCCURRENCES):
    """Return the outcomes of a busy town in which every rule is met, with some parameters changed."""
    changed = EVERYTHING_HAPPENS | (parameters or {})
    engine = make_engine(policies, changed, days=PERIOD.days, people=PEOPLE, place=BUSY, occurrences=occurrences)
    engine.log = None
    return collect_run(engine, PERIOD, int(engine.seed)).outcomes


@pytest.fixture(scope="module")
def usual():
    return outcomes()


def another(parameter, value):
    """Return an allowed value of a parameter that is plainly different."""
    low, high = parameter.bounds
    half, double = max(low, value / 2), min(high, 2 * value)
    return double if double - value > value - half else half if half < value else high


def differing(a, b):
    return [key for key in a if a[key] != b[key] and not (math.isnan(a[key]) and math.isnan(b[key]))]


BY_THE_CALENDAR = ("injunction_probability",)
"""Parameters that events read, and no rule."""
BY_RULES = [name for name in PARAMETERS if name not in BY_THE_CALENDAR]


@pytest.mark.parametrize("name", BY_RULES)
def test_every_parameter_is_read(name):
    """Changing it changes a number that a rule reads, or a solved constant."""

    def numbers(values):
        constants = initialize(BUSY, PEOPLE, values, vulnerability_by_class(values))
        rules = make_rules(values, constants, PEOPLE.expected_size)
        return rules.tobytes() + b"".join(np.asarray(array).tobytes() for array in constants)

    values = make_values()
    changed = values | {name: another(PARAMETERS[name], values[name])}
    assert numbers(values) != numbers(changed)


@pytest.mark.parametrize("name", BY_RULES)
def test_every_parameter_matters(usual, name):
    """Changing it changes some outcome of a town in which everything happens."""
    value = make_values(EVERYTHING_HAPPENS)[name]
    assert differing(usual, outcomes({name: another(PARAMETERS[name], value)}))


def test_the_chance_of_an_injunction_is_read_by_the_calendar_and_matters(tmp_path):
    """Where a funding cut does not say how likely a court blocks it, the parameter does; else the event."""
    content = """
    extends = "agreement-ended"
    [[event]]
    date = 2018-10-01
    kind = "funding_cut"
    share = 0.2
    [[event]]
    date = 2019-10-01
    kind = "funding_cut"
    share = 0.1
    injunction = 0.5
    """
    path = tmp_path / "cut.toml"
    path.write_text(content, encoding="utf-8")
    cuts, budgets = [], []
    for chance in (0.0, 1.0):
        overrides = {"injunction_probability": chance, "place": "riverton", "scale": 0.05, "years": 4.0}
        scenario = Scenario.load(path, overrides=overrides)
        cuts.append([cut.injunction for _, cut in scenario.occurrences()])
        budgets.append(run(scenario, 1).outcomes["police_budget"])
    assert cuts == [[0.0, 0.5], [1.0, 0.5]]
    assert budgets[0] < 90 < budgets[1]


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_reaches_the_policy(name):
    """A lever set in a scenario is in force from the first day; a shield for victims hides their roles."""
    lever = LEVERS[name]
    if lever.choices:
        value = next(choice for choice in lever.choices if choice != lever.default)
    elif isinstance(lever.default, bool):
        value = not lever.default
    else:
        value = lever.default / 2 or lever.bounds[1]
    terms, overrides = "agreement-2008-terms", {"place": "riverton"}
    usual, changed = (
        Scenario.load(terms, overrides=each).policies()[0][1] for each in (overrides, {**overrides, name: value})
    )
    differences = [key for key in usual._fields if getattr(usual, key) != getattr(changed, key)]
    assert differences == (["shows_victim", "shows_witness"] if name == "victim_shield" else [name])


NOBODY_SEES = {f"bystander_presence.{kind}": 0.0 for kind in (
    "homicide", "rape", "robbery", "aggravated_assault", "simple_assault", "domestic_violence", "burglary",
    "motor_vehicle_theft", "theft",
)}  # fmt: skip

MECHANISMS = {
    # MODEL.md 5.1 and 5.7
    "offenders respond to learned risk": ({"offender_response": 0.0}, "crimes_happened"),
    "what offenders learn fades": ({"learning_half_life": 5.0}, "crimes_happened"),
    "offenders are local": ({"local_offender_share": 0.0}, "bookings.latino"),
    "absent offenders are replaced": ({"replacement": 0.0}, "crimes_happened"),
    "deportation deters": ({"deportation_deterrence": 0.0}, "crimes_happened"),
    "absent offenders at home are replaced": ({"domestic_replacement": 0.0}, "crimes_happened.domestic_violence"),
    # 5.2
    "some crimes are handled otherwise": ({"handled_otherwise": 0.0}, "handled_otherwise"),
    "trust moves calls": ({"trust_effect": 0.0}, "reporting_rate"),
    "dread silences": ({"fear_effect": 0.0}, "reporting_rate.latino"),
    "fear weighs by legal status": ({"vulnerability.undocumented": 0.0}, "dread.latino"),
    "fear weighs on mixed households": ({"mixed_status_vulnerability": 0.0}, "dread.latino"),
    "bystanders call": (NOBODY_SEES, "reporting_rate"),
    "advocates relieve victims": ({"accompaniment_relief": 0.0}, "reporting_rate.immigrant_communities"),
    "protection is known": ({"protection_awareness": 0.0}, "reporting_rate.undocumented"),
    # 5.3
    "cooperation solves": ({"cooperation_effect": 0.0}, "clearance_rate"),
    "caseload hinders": ({"load_effect": 0.0}, "clearance_rate"),
    "patrols arrest on view": ({f"on_view.{kind}": 0.0 for kind in ("robbery", "theft")}, "crimes_recorded"),
    "arrests take time": ({"arrest_delay": 1.0}, "bookings"),
    "wrong people are arrested": ({"wrongful_arrest": 0.0}, "bookings"),
    "operations at courthouses deter": ({"courthouse_effect": 0.0}, "clearance_rate.immigrant_communities"),
    "detectives follow the budget": ({"detective_elasticity": 0.0}, "clearance_rate"),
    # 5.4
    "other arrests follow offending": ({"offender_arrest_ratio": 0.0}, "bookings"),
    "convictions are entered": ({"conviction.felony": 0.0}, "immigration_arrests.serious_conviction"),
    "jail incapacitates": ({"jail.felony": 0.0, "jail.misdemeanor": 0.0}, "crimes_prevented_by_jail"),
    "state prisons keep people from the agency": ({"state_prison_share": 0.0}, "immigration_arrests.prison"),
    # 5.5
    "fingerprints match": ({"fingerprint_match": 0.0}, "immigration_arrests.fingerprint"),
    "detainers are honored": ({"detainer_compliance.honor": 0.0}, "immigration_arrests.custody"),
    "state prisons hand over": ({"prison_transfer": 0.0}, "immigration_arrests.prison"),
    "database leads are worked": ({"database_visits": 0.0}, "immigration_arrests.database"),
    "other leads are worked": ({"other_visits": 0.0}, "immigration_arrests.other_lead"),
    "leads succeed": ({"lead_success": 0.0}, "immigration_arrests.database"),
    "visits are made at work": ({"workplace_share": 0.0}, "immigration_arrests.collateral"),
    "people met are arrested": ({"collateral_arrest": 0.0}, "immigration_arrests.collateral"),
    "leads grow old": ({"lead_shelf_life": 0.0}, "visits"),
    "batches come late": ({"batch_delay": 1.0}, "immigration_arrests.database"),
    "batches are seen less": ({"batch_visibility": 0.0}, "belief.latino"),
    "failed visits frighten": ({"unsuccessful_visit_weight": 0.0}, "fear.latino"),
    "detention removes": ({"removal": 0.0}, "households_losing_member"),
    "removed people return": ({"return_rate": 0.0}, "offender_days_incapacitated.enforcement"),
    "newcomers come": ({"replacement_migration": 0.0}, "offender_days_incapacitated.enforcement"),
    "raids succeed": ({"raid_success": 0.0}, "immigration_arrests.raid"),
    # 5.6
    "solved crimes raise trust": ({"trust_solved": 0.0}, "trust"),
    "unsolved crimes lower trust": ({"trust_unsolved": 0.0}, "trust"),
    "arrests lower the household's trust": ({"trust_arrest": 0.0}, "trust"),
    "arrests from police data lower trust": ({"trust_ice": 0.0}, "trust.latino"),
    "losses weigh more": ({"asymmetry": 1.0}, "trust"),
    "arrests frighten the household": ({"fear_household": 0.0}, "fear.latino"),
    "arrests frighten neighbors and co-workers": ({"fear_tie": 0.0}, "fear.latino"),
    "arrests come to mind": ({"salience_gain": 0.0}, "salience.latino"),
    "people get used to enforcement": ({"habituation": 0.0}, "salience.latino"),
    "belief follows sharing": ({"awareness": 0.0}, "belief.latino"),
    "belief has a floor": ({"belief_floor": 0.0}, "belief.latino"),
    "arrests from police data raise belief": ({"belief_gain": 0.0}, "belief.latino"),
    "news comes to mind": ({"news_effect": 0.0}, "salience.latino"),
    "reassurance shortens the news of raids": ({"reassured_half_life": 37.0}, "salience.latino"),
    "alerts spread the news of raids": ({"raid_alert_effect": 0.0}, "salience.latino"),
    "outreach convinces": ({"outreach_effect": 0.0}, "belief.latino"),
    "announcements convince": ({"announcement_effect": 0.0}, "belief.latino"),
}  # fmt: skip
"""Each documented mechanism: the parameters that switch it off, and an outcome that must then differ."""


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_matters(usual, mechanism):
    """Switched off, it changes the outcome that it is there for."""
    parameters, key = MECHANISMS[mechanism]
    assert usual[key] != 0
    assert outcomes(parameters)[key] != usual[key]


NOBODY_TAKEN = {
    name: 0.0
    for name in (
        "lead_success", "other_lead_success", "raid_success", "collateral_arrest", "prison_transfer",
        "detainer_compliance.never", "detainer_compliance.judicial_warrant", "detainer_compliance.honor",
    )
}  # fmt: skip
"""The immigration agency arrests nobody."""

SWITCHES = {
    "crimes_prevented_by_jail": {f"jail.{grade}": 0.0 for grade in ("summary", "misdemeanor", "felony")},
    "households_losing_member": {"removal": 0.0},
    "immigration_arrests.collateral": {"collateral_arrest": 0.0},
    "immigration_arrests.prison": {"prison_transfer": 0.0},
    "immigration_arrests.custody": {
        f"detainer_compliance.{rule}": 0.0 for rule in ("never", "judicial_warrant", "honor")
    },
    "immigration_arrests.database": {"database_visits": 0.0},
    "immigration_arrests.other_lead": {"other_lead_success": 0.0},
    "handled_otherwise": {"handled_otherwise": 0.0},
    "immigration_arrests.raid": {"raid_success": 0.0},
    "crimes_prevented_by_removal": {"replacement": 1.0, "domestic_replacement": 1.0},
    "crimes_of_removed": NOBODY_TAKEN,
    "salience": {"salience_gain": 0.0, "news_effect": 0.0},
}
"""What is zero, and what makes it so."""


@pytest.mark.parametrize("key", SWITCHES)
def test_mechanisms_can_be_switched_off_altogether(key):
    """With a strength of zero the quantity is zero, not small."""
    assert outcomes(SWITCHES[key])[key] == 0


VOTES_APART = {
    f"{party}_{name}": value
    for party in ("city", "district_attorney", "courts")
    for name, value in (("yardstick", int(Yardstick.REPORTING_GAP)), ("threshold", 50.0))
}
"""Everybody votes to keep, as no gap is that wide."""
BY_THE_BUDGET = int(Yardstick.BUDGET_KEPT)
USUAL = ALL_SHOWN._replace(**IN_USE, **VOTES_APART)
CALENDAR = [
    *OCCURRENCES[:5],
    (200, Vote((None, None, True), 200, 300)),
    (400, Vote((True, False, None), 400, 500)),
    (600, FundingCut(0.1, 0.0, 600, False)),
]
"""Votes that one owner more would turn, by a gap that is above -100 or a budget kept of 90, which is above 50."""

POLICY_CHANGES = {
    "shows_arrestee": ({"shows_arrestee": False}, "immigration_arrests.database"),
    "shows_victim": ({"shows_victim": False}, "immigration_arrests.database"),
    "shows_witness": ({"shows_witness": False}, "actual_sharing.latino"),
    "shows_country_of_birth": (
        {"shows_country_of_birth": False, "shows_immigration_status": False}, "immigration_arrests.database",
    ),
    "shows_immigration_status": ({"shows_immigration_status": False}, "wasted_visits"),
    "real_time": ({"real_time": False}, "belief.latino"),
    "detainers": ({"detainers": 0}, "immigration_arrests.custody"),
    "fingerprint_checks": ({"shows_arrestee": False, "fingerprint_checks": False}, "immigration_arrests.custody"),
    "priorities": ({"priorities": 3}, "immigration_arrests"),
    "capacity": ({"capacity": 0.2}, "visits"),
    "substitution": ({"substitution": 1.0}, "visits"),
    "after_disposition": ({"after_disposition": True}, "immigration_arrests.database"),
    "victim_protection": ({"victim_protection": 0.0}, "reporting_rate.immigrant_communities"),
    "courthouse_operations": ({"courthouse_operations": 0.0}, "clearance_rate.immigrant_communities"),
    "publicity": ({"publicity": 0.0}, "belief.latino"),
    "police_budget": ({"police_budget": 1.0}, "clearance_rate"),
    "detectives": ({"detectives": 0.5}, "clearance_rate"),
    "migration": ({"migration": 0.0}, "offender_days_incapacitated.enforcement"),
    "outreach_reach": ({"outreach_reach": 0.0}, "belief.latino"),
    "outreach_accuracy": ({"outreach_accuracy": 0.0}, "belief.latino"),
    "outreach_slant": ({"outreach_slant": 0.0}, "belief.latino"),
    "accompaniment": ({"accompaniment": 0.0}, "reporting_rate.immigrant_communities"),
    "raid_alerts": ({"raid_alerts": 0.0}, "salience.latino"),
    "city_yardstick": ({"city_yardstick": BY_THE_BUDGET}, "days_shared"),
    "city_threshold": ({"city_threshold": -100.0}, "days_shared"),
    "district_attorney_yardstick": ({"district_attorney_yardstick": BY_THE_BUDGET}, "days_shared"),
    "district_attorney_threshold": ({"district_attorney_threshold": -100.0}, "days_shared"),
    "courts_yardstick": ({"courts_yardstick": BY_THE_BUDGET}, "days_shared"),
    "courts_threshold": ({"courts_threshold": -100.0}, "days_shared"),
}  # fmt: skip


def under(policy):
    """Return outcomes under a policy and, in the second year, the same in batches: a change that can be known."""
    policies = [(0, policy), (365, policy._replace(real_time=False))]
    return outcomes(policies=policies, occurrences=CALENDAR)


@pytest.fixture(scope="module")
def of_policy():
    return under(USUAL)


@pytest.mark.parametrize("term", Policy._fields)
def test_every_term_of_a_policy_matters(of_policy, term):
    """Roles, fields, real time and levers each change what they are there for."""
    change, key = POLICY_CHANGES[term]
    assert of_policy[key] != under(USUAL._replace(**change))[key]


def test_a_policy_is_by_default_what_the_levers_are():
    """Fields that may be left out have the defaults of the levers of their names."""
    levers = {name: lever.default for name, lever in LEVERS.items()}
    declared = make_policy(NO_AGREEMENT, levers)
    assert Policy._field_defaults == {name: getattr(declared, name) for name in Policy._field_defaults}


EVENT_CHANGES = {
    Vote: "days_shared",
    FundingCut: "clearance_rate",
    Legalization: "immigration_arrests",
    Announcement: "belief.latino",
    EnforcementNews: "salience.latino",
    PoliceScandal: "trust",
    Raid: "immigration_arrests.raid",
}


@pytest.mark.parametrize("kind", ORDER, ids=lambda kind: kind.__name__)
def test_every_occurrence_matters(usual, kind):
    """A calendar without it changes what it is there for."""
    without = [each for each in OCCURRENCES if not isinstance(each[1], kind)]
    key = EVENT_CHANGES[kind]
    assert outcomes(occurrences=without)[key] != usual[key]
