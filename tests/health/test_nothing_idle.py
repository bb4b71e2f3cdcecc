"""Nothing declared is idle: every parameter, lever and mechanism changes something that is measured."""

import datetime
import math
from types import SimpleNamespace

import numpy as np
import pytest

from simulation.initialization import initialize
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.population import synthesize
from simulation.recorder import collect_run
from simulation.scenario import Scenario
from simulation.state import make_rules, vulnerability_by_class
from tests.worlds import ALL_SHOWN, BUSY, HOT, NOTHING_SHOWN, make_engine, make_values

PEOPLE = synthesize(BUSY, 0.3, 1)
POLICIES = [
    (0, ALL_SHOWN),
    (300, NOTHING_SHOWN._replace(fingerprint_checks=True, detainers=2)),
    (450, ALL_SHOWN._replace(real_time=False, priorities=1)),
    (600, ALL_SHOWN._replace(detainers=1)),
    (675, ALL_SHOWN._replace(detainers=0)),
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
}
PERIOD = SimpleNamespace(
    start=datetime.date(2018, 1, 1), days=730, outcomes_from=datetime.date(2018, 2, 1), collection_days=50
)


def outcomes(parameters=None, policies=POLICIES):
    """Return the outcomes of a busy town in which every rule is met, with some parameters changed."""
    changed = EVERYTHING_HAPPENS | (parameters or {})
    engine = make_engine(policies, changed, days=PERIOD.days, people=PEOPLE, place=BUSY)
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


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_is_read(name):
    """Changing it changes a number that a rule reads, or a solved constant."""

    def numbers(values):
        constants = initialize(BUSY, PEOPLE, values, vulnerability_by_class(values))
        rules = make_rules(values, constants, PEOPLE.expected_size)
        return rules.tobytes() + b"".join(np.asarray(array).tobytes() for array in constants)

    values = make_values()
    changed = values | {name: another(PARAMETERS[name], values[name])}
    assert numbers(values) != numbers(changed)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_matters(usual, name):
    """Changing it changes some outcome of a town in which everything happens."""
    value = make_values(EVERYTHING_HAPPENS)[name]
    assert differing(usual, outcomes({name: another(PARAMETERS[name], value)}))


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_reaches_the_policy(name):
    """A lever set in a scenario is in force from the first day."""
    lever = LEVERS[name]
    if lever.choices:
        value = next(choice for choice in lever.choices if choice != lever.default)
    else:
        value = not lever.default if isinstance(lever.default, bool) else lever.default / 2
    usual = Scenario.load("agreement-renewed", overrides={"place": "riverton"})
    changed = Scenario.load("agreement-renewed", overrides={"place": "riverton", name: value})
    assert usual.policies()[0][1]._asdict().keys() >= {name}
    differences = [a for a, b in zip(usual.policies()[0][1]._asdict().items(), changed.policies()[0][1]) if a[1] != b]
    assert [key for key, _ in differences] == [name]


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
    # 5.2
    "some crimes are handled otherwise": ({"handled_otherwise": 0.0}, "handled_otherwise"),
    "trust moves calls": ({"trust_effect": 0.0}, "reporting_rate"),
    "dread silences": ({"fear_effect": 0.0}, "reporting_rate.latino"),
    "fear weighs by legal status": ({"vulnerability.undocumented": 0.0}, "dread.latino"),
    "fear weighs on mixed households": ({"mixed_status_vulnerability": 0.0}, "dread.latino"),
    "bystanders call": (NOBODY_SEES, "reporting_rate"),
    # 5.3
    "cooperation solves": ({"cooperation_effect": 0.0}, "clearance_rate"),
    "caseload hinders": ({"load_effect": 0.0}, "clearance_rate"),
    "patrols arrest on view": ({f"on_view.{kind}": 0.0 for kind in ("robbery", "theft")}, "crimes_recorded"),
    "arrests take time": ({"arrest_delay": 1.0}, "bookings"),
    "wrong people are arrested": ({"wrongful_arrest": 0.0}, "bookings"),
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
}  # fmt: skip
"""Each documented mechanism: the parameters that switch it off, and an outcome that must then differ."""


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_matters(usual, mechanism):
    """Switched off, it changes the outcome that it is there for."""
    parameters, key = MECHANISMS[mechanism]
    assert usual[key] != 0
    assert outcomes(parameters)[key] != usual[key]


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
    "salience": {"salience_gain": 0.0},
}


@pytest.mark.parametrize("key", SWITCHES)
def test_mechanisms_can_be_switched_off_altogether(key):
    """With a strength of zero the quantity is zero, not small."""
    assert outcomes(SWITCHES[key])[key] == 0


POLICY_CHANGES = {
    "shows_arrestee": ({"shows_arrestee": False}, "immigration_arrests.database"),
    "shows_victim": ({"shows_victim": False}, "immigration_arrests.database"),
    "shows_witness": ({"shows_witness": False}, "immigration_arrests.database"),
    "shows_country_of_birth": ({"shows_country_of_birth": False}, "wasted_visits"),
    "shows_immigration_status": (
        {"shows_country_of_birth": False, "shows_immigration_status": False}, "immigration_arrests.database",
    ),
    "real_time": ({"real_time": False}, "belief.latino"),
    "detainers": ({"detainers": 0}, "immigration_arrests.custody"),
    "fingerprint_checks": ({"shows_arrestee": False, "fingerprint_checks": False}, "immigration_arrests.custody"),
    "priorities": ({"priorities": 3}, "immigration_arrests"),
    "capacity": ({"capacity": 0.2}, "visits"),
    "substitution": ({"substitution": 1.0}, "visits"),
}  # fmt: skip


@pytest.mark.parametrize("term", POLICY_CHANGES)
def test_every_term_of_a_policy_matters(term):
    """Roles, fields, real time and levers each change what they are there for."""
    change, key = POLICY_CHANGES[term]
    usual, changed = (outcomes(policies=[(0, policy)]) for policy in (ALL_SHOWN, ALL_SHOWN._replace(**change)))
    assert usual[key] != changed[key]
