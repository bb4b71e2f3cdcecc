"""Worlds drawn by Hypothesis, in a town of 700 people: any policy, any events, any seed, parameters in wide limits."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

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
from simulation.population import synthesize
from simulation.vocabulary import FOREVER, Community
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


def _values_of(field):
    """Return a strategy for one field of a policy: within the bounds of its lever, if it has one."""
    lever = LEVERS.get(field)
    if lever is None or isinstance(lever.default, bool):
        return st.booleans()
    return st.integers(0, len(lever.choices) - 1) if lever.choices else st.floats(*lever.bounds)


policies = st.builds(Policy, **{name: _values_of(name) for name in Policy._fields} | {"capacity": st.floats(0, 5)})
"""Any policy, at no more than five times the usual capacity, so that examples stay small."""

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
        "domestic_replacement": st.floats(0, 1),
        "accompaniment_relief": st.floats(0, 1),
        "protection_awareness": st.floats(0, 1),
        "courthouse_effect": st.floats(0, 5),
        "detective_elasticity": st.floats(0, 2),
        "raid_success": st.sampled_from([0.0, 0.4, 1.0]),
        "news_effect": st.floats(0, 2),
        "reassured_half_life": st.floats(0.1, 100),
        "raid_alert_effect": st.floats(0, 5),
        "outreach_effect": st.floats(0, 1),
        "announcement_effect": st.floats(0, 1),
    }
)

share = st.floats(0, 1)
raid_sizes = st.sampled_from([0.0, 49.9, 1000.0, 5000.0])
communities = st.sets(st.sampled_from(list(Community)), min_size=1).map(lambda chosen: tuple(sorted(map(int, chosen))))
votes = st.tuples(*[st.sampled_from([True, False, None])] * 3)
KINDS = {
    Vote: lambda day, later: st.builds(Vote, votes, st.integers(day, later), st.sampled_from([later, FOREVER])),
    FundingCut: lambda day, later: st.builds(
        FundingCut, st.floats(0, 0.9), share, st.integers(day, later), st.booleans()
    ),
    Legalization: lambda *_: st.builds(Legalization, share),
    Announcement: lambda *_: st.builds(Announcement, share, communities),
    EnforcementNews: lambda *_: st.builds(EnforcementNews, st.floats(0, 20), communities),
    PoliceScandal: lambda *_: st.builds(PoliceScandal, st.floats(0, 5), communities),
    Raid: lambda *_: st.builds(Raid, raid_sizes, st.none() | st.integers(0, 5), st.booleans(), st.booleans()),
}
"""By kind of occurrence: from its day and a later one to a strategy for it."""


@st.composite
def occurrences(draw, first=0, days=400):
    """Draw what happens on single days, at most one of each kind a day, in the order in which it takes effect."""
    dated = st.tuples(st.integers(first, days - 1), st.integers(0, len(ORDER) - 1))
    found = sorted(draw(st.lists(dated, unique=True, min_size=3, max_size=12)))
    return [(day, draw(KINDS[ORDER[kind]](day, draw(st.integers(day, days - 1))))) for day, kind in found]


@st.composite
def worlds(draw, days=400, certain=(), **terms):
    """Draw an engine at day 0, with a change of policy and occurrences somewhere on the way.

    `certain` occurrences come before all that is drawn, under a policy with these `terms`.
    """
    first = certain[-1][0] + 1 if certain else 0
    change = draw(st.integers(first + 1, days - 1))
    return make_engine(
        [(0, draw(policies)._replace(**terms)), (change, draw(policies))],
        HOT | draw(parameters),
        days=days,
        seed=draw(seeds),
        people=synthesize(BUSY, 0.02, draw(st.integers(1, 3))),
        place=BUSY,
        occurrences=[*certain, *draw(occurrences(first, days))],
    )
