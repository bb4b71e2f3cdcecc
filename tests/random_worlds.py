"""Worlds drawn by Hypothesis: any policy, any parameters within wide limits, any seed, in a town of 700 people."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from simulation.levers import Policy
from simulation.population import synthesize
from tests.worlds import BUSY, HOT, make_engine

few = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
"""Settings of tests that run a world for each example: the same dozen worlds at every run of the tests."""

many = settings(max_examples=200, deadline=None, derandomize=True, database=None)
"""Settings of tests of a rule."""

seeds = st.integers(0, 2**63 - 1)

policies = st.builds(
    Policy,
    shows_arrestee=st.booleans(),
    shows_victim=st.booleans(),
    shows_witness=st.booleans(),
    shows_country_of_birth=st.booleans(),
    shows_immigration_status=st.booleans(),
    real_time=st.booleans(),
    detainers=st.integers(0, 2),
    fingerprint_checks=st.booleans(),
    priorities=st.integers(0, 3),
    capacity=st.floats(0, 5),
    substitution=st.floats(0, 1),
)

parameters = st.fixed_dictionaries(
    {
        "replacement": st.floats(0, 1),
        "deportation_deterrence": st.floats(-0.5, 0.5),
        "offender_response": st.floats(0, 2),
        "headroom": st.floats(1, 3),
        "fear_effect": st.floats(0, 10),
        "wrongful_arrest": st.floats(0, 1),
        "jail.felony": st.floats(0, 1),
        "jail_term.felony": st.floats(1, 400),
        "state_prison_share": st.floats(0, 1),
        "detainer_compliance.honor": st.floats(0, 1),
        "batch_delay": st.floats(1, 60),
        "lead_shelf_life": st.floats(0, 60),
        "detention_term": st.floats(1, 90),
        "removal": st.floats(0, 1),
        "return_rate": st.floats(0, 5),
        "replacement_migration": st.floats(0, 5),
    }
)


@st.composite
def worlds(draw, days=400):
    """Draw an engine at day 0, with a change of policy somewhere on the way."""
    change = draw(st.integers(1, days - 1))
    return make_engine(
        [(0, draw(policies)), (change, draw(policies))],
        HOT | draw(parameters),
        days=days,
        seed=draw(seeds),
        people=synthesize(BUSY, 0.02, draw(st.integers(1, 3))),
        place=BUSY,
    )
