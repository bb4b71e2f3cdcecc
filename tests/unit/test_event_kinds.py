"""Every kind of event: what it does on its date and not before, in which direction, and where it does nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from simulation.events import EVENT_KINDS
from simulation.state import ACTUAL_SHARING, BELIEF, CLEARED, HAPPENED, REPORTED, SALIENCE
from simulation.vocabulary import Channel, LegalStatus
from tests.calendars import event, load, make_town, run_town
from tests.worlds import HOT, assert_same, assert_same_world, events

BEFORE, DATES = 40, (40, 365)
"""Days of the events: an ordinary one, and one on which a new year of candidates is drawn."""
SEED = 8
"""One under which every kind of event meets somebody on each of these days."""
AFTER = 150
"""Days that a direction is measured over, from the event on."""

VICTIMS_ONLY = {"roles": ["victim", "witness"], "fields": ["country_of_birth"]}
ENDED = ("agreement_ends", -30, {})
ALARM = ("enforcement_news", -1, {"size": 10.0})
STRAINED = {"load_effect": 3.0, "detective_elasticity": 5.0}
NO_DATA = {"agreement": {"preset": "none"}, "levers": {"fingerprint_checks": False}}


# What is compared on the event's own date


def crimes_of(name):
    """Return a function that reads one field of the crimes of a day."""
    return lambda engine, day: events(engine, "crimes")[1][name][events(engine, "crimes")[0] == day]


def state_of(measure):
    """Return a function that reads one measure of the communities at a day's end."""
    return lambda engine, day: engine.counts["community"][day, :, measure]


def visited(engine, day):
    """Return the rows visited on a day."""
    days, visits = events(engine, "visits")
    return visits["row"][days == day]


def statuses(engine, _):
    """Return everybody's legal status."""
    return engine.residents["status"]


def returns(engine, _):
    """Return when removed people come back or are replaced, as far as that is on the calendar."""
    return np.sort(engine.due.slot["occasion"])


# What is compared over months


def arrests(*channels):
    """Return a function that counts immigration arrests through some channels; through all if none is named."""
    return lambda engine: engine.counts["arrests"].sum(axis=(0, 1, 3))[list(channels or Channel)].sum()


def visits_by(channel):
    """Return a function that counts visits on one kind of leads."""
    return lambda engine: (events(engine, "visits")[1]["channel"] == channel).sum()


def share_of_crimes(measure, first=0):
    """Return a function: the share of crimes that were so, in communities from `first` on (1: those of immigrants)."""

    def share(engine):
        crimes = engine.counts["crimes"][:, first:].sum(axis=(0, 1, 2))
        return crimes[measure] / crimes[HAPPENED]

    return share


def over_days(measure):
    """Return a function that sums one measure of immigrant communities over the days."""
    return lambda engine: engine.counts["community"][: engine.day, 1:, measure].sum()


def misperception(engine):
    """Return how far immigrant communities are from the truth, summed over the days."""
    state = engine.counts["community"][: engine.day, 1:]
    return np.abs(state[..., BELIEF] - state[..., ACTUAL_SHARING]).sum()


def undocumented(engine):
    """Count the undocumented residents."""
    return (engine.residents["status"] == LegalStatus.UNDOCUMENTED).sum()


def newcomers(engine):
    """Count the newcomers."""
    return engine.residents["generation"].sum()


@dataclass(frozen=True)
class Trial:
    """How one kind of event shows itself.

    `values` are the event's own; `world` is what the world with it and the world without share: agreement, levers,
    parameters, and other events (kind, days from the event's date, values). `first` must differ on the event's date.
    `measure` is larger in the world with the event if it `rises`, else smaller. Under `mute`, which changes the shared
    world or the event's values, both worlds are the same to the bit. `leaning` names a probability of today's crimes
    that on its date the event moves in this direction only. `scale` is that of the town, where it takes a large one.
    """

    values: dict
    world: dict
    first: Callable
    measure: Callable
    rises: bool
    mute: dict = field(default_factory=dict)
    leaning: tuple[str, int] | None = None
    scale: float = 0.3


def world(preset="agreement-2009", levers=None, others=(), **parameters):
    """Return what two worlds share."""
    named = {name.replace("__", "."): value for name, value in parameters.items()}
    return {"agreement": {"preset": preset}, "levers": levers or {}, "others": others, "parameters": named}


TRIALS = {
    "agreement_starts": Trial(
        {"terms": {"preset": "agreement-2008"}}, world("none"), state_of(ACTUAL_SHARING), arrests(Channel.DATABASE),
        True, mute={"levers": {"victim_shield": True}, "values": {"terms": VICTIMS_ONLY}},
    ),
    "agreement_revised": Trial(
        {"terms": {"real_time": False}}, world("agreement-2008"), state_of(ACTUAL_SHARING), over_days(BELIEF), False,
        mute={"values": {"terms": {"real_time": True}}},
    ),
    "agreement_ends": Trial(
        {}, world("agreement-2008"), state_of(ACTUAL_SHARING), arrests(Channel.DATABASE), False,
        mute={"agreement": VICTIMS_ONLY, "levers": {"victim_shield": True}},
    ),
    "vote": Trial(
        {"city": "end", "courts": "end"}, world("agreement-2008"), state_of(ACTUAL_SHARING),
        arrests(Channel.DATABASE), False,
        mute={"values": {"city": "keep", "district_attorney": "keep", "courts": "keep"}},
    ),
    "funding_cut": Trial(
        {"share": 0.9, "injunction": 0.0}, world("none", **STRAINED), crimes_of("p_solve"), share_of_crimes(CLEARED),
        False, mute={"agreement": {"preset": "agreement-2009"}}, leaning=("p_solve", -1),
    ),
    "detainers": Trial(
        {"value": "honor"}, world("none"), state_of(ACTUAL_SHARING), arrests(Channel.CUSTODY), True, mute=NO_DATA,
    ),
    "fingerprint_checks": Trial(
        {"value": False}, world("none"), state_of(ACTUAL_SHARING), visits_by(Channel.FINGERPRINT), False,
        mute={"parameters": {"fingerprint_match": 0.0}},
    ),
    "priorities": Trial(
        {"value": "serious"}, world(levers={"capacity": 5.0}), visited, arrests(), False,
        mute=NO_DATA | {"levers": {"fingerprint_checks": False, "capacity": 0.0}},
    ),
    "capacity": Trial(
        {"value": 5.0}, world(), visited, arrests(), True,
        mute={"parameters": {"database_visits": 0.0, "other_visits": 0.0}},
    ),
    "substitution": Trial(
        {"value": 1.0}, world("none"), visited, visits_by(Channel.OTHER_LEAD), True,
        mute={"parameters": {"database_visits": 0.0}},
    ),
    "courthouse_operations": Trial(
        {"value": 1.0}, world(courthouse_effect=10.0, cooperation_effect=4.0), crimes_of("p_cooperate"),
        share_of_crimes(CLEARED), False, mute={"parameters": {"courthouse_effect": 0.0}}, leaning=("p_cooperate", -1),
    ),
    "raid": Trial(
        {"size": 500.0, "site": "home"}, world(), visited, arrests(Channel.RAID), True, mute={"values": {"size": 0.0}},
    ),
    "enforcement_news": Trial(
        {"size": 10.0}, world(levers={"capacity": 0.0}), crimes_of("p_call"), share_of_crimes(REPORTED, 1), False,
        mute={"parameters": {"news_effect": 0.0}}, leaning=("p_call", -1),
    ),
    "police_scandal": Trial(
        {"size": 3.0}, world(), crimes_of("trust"), share_of_crimes(REPORTED), False, mute={"values": {"size": 0.0}},
        leaning=("p_call", -1),
    ),
    "victim_shield": Trial(
        {"value": True}, world("agreement-2008"), state_of(ACTUAL_SHARING), visits_by(Channel.DATABASE), False,
        mute={"agreement": {"preset": "agreement-2009"}},
    ),
    "victim_protection": Trial(
        {"value": 1.0}, world(others=(ALARM,), protection_awareness=1.0), crimes_of("relief"), undocumented, False,
        mute={"others": (("legalization", -BEFORE, {"share": 1.0}),)},
        leaning=("p_call", 1), scale=1.0,
    ),
    "legalization": Trial(
        {"share": 1.0}, world(others=(ALARM,)), statuses, undocumented, False, mute={"values": {"share": 0.0}},
        leaning=("p_call", 1),
    ),
    "announcement": Trial(
        {"reach": 1.0}, world(others=(ENDED,), announcement_effect=1.0), state_of(BELIEF), misperception, False,
        mute={"parameters": {"announcement_effect": 0.0}}, leaning=("p_call", 1),
    ),
    "publicity": Trial(
        {"value": 0.0}, world(others=(("agreement_ends", 0, {}),)), state_of(BELIEF), over_days(BELIEF), True,
        mute={"others": ()},
    ),
    "outreach": Trial(
        {"reach": 1.0}, world(others=(ENDED,)), state_of(BELIEF), misperception, False,
        mute={"parameters": {"outreach_effect": 0.0}},
    ),
    "accompaniment": Trial(
        {"value": 1.0}, world(others=(ALARM,), accompaniment_relief=1.0), crimes_of("relief"),
        share_of_crimes(REPORTED, 1), True, mute={"parameters": {"accompaniment_relief": 0.0}}, leaning=("p_call", 1),
    ),
    "raid_alerts": Trial(
        {"value": 1.0}, world(others=(("raid", 0, {"size": 500.0, "site": "home"}),)), state_of(SALIENCE),
        over_days(SALIENCE), True, mute={"others": ()},
    ),
    "police_budget": Trial(
        {"value": 0.1}, world(**STRAINED), crimes_of("p_solve"), share_of_crimes(CLEARED), False,
        mute={"parameters": {"detective_elasticity": 0.0}}, leaning=("p_solve", -1),
    ),
    "detectives": Trial(
        {"value": 5.0}, world(**STRAINED), crimes_of("p_solve"), share_of_crimes(CLEARED), True,
        mute={"parameters": {"load_effect": 0.0}}, leaning=("p_solve", 1),
    ),
    "migration": Trial(
        {"value": 0.0}, world(levers={"capacity": 20.0}), returns, newcomers, False,
        mute={"parameters": {"removal": 0.0}},
    ),
}  # fmt: skip


def two_worlds(kind, day, mute=False):
    """Return the scenario with an event of a kind on a day, and the one without."""
    trial = TRIALS[kind]
    change = trial.mute if mute else {}
    shared = trial.world | {name: change[name] for name in ("agreement", "others") if name in change}
    content = {name: trial.world[name] | change.get(name, {}) for name in ("levers", "parameters")}
    content |= {"agreement": shared["agreement"]}
    content["parameters"] = HOT | content["parameters"]
    others = [event(other, day + offset, **values) for other, offset, values in shared["others"]]
    one = event(kind, day, **(trial.values | change.get("values", {})))
    return load(*others, one, **content), load(*others, **content)


kinds = pytest.mark.parametrize("kind", list(EVENT_KINDS))


@pytest.mark.parametrize("day", DATES)
@kinds
def test_nothing_differs_before_the_event_and_something_on_its_date(kind, day):
    """Counts, log and all state are the same to the bit until the date; on it, what the kind acts on differs."""
    a, b = (make_town(scenario, SEED, TRIALS[kind].scale) for scenario in two_worlds(kind, day))
    for engine in (a, b):
        engine.advance_to(day)
    assert_same_world(a, b)
    for name in ("head", "slot", "n_free"):
        assert_same(getattr(a.due, name), getattr(b.due, name), name)
    assert_same(a.leads.lead[: a.leads.size[0]], b.leads.lead[: b.leads.size[0]], "leads")
    assert_same(a.districts.open_cases, b.districts.open_cases, "open cases")
    for engine in (a, b):
        engine.advance_to(day + 1)
    first, without = (TRIALS[kind].first(engine, day) for engine in (a, b))
    assert not np.array_equal(first, without)


@pytest.mark.parametrize("kind", [kind for kind, trial in TRIALS.items() if trial.leaning])
def test_on_its_date_an_event_moves_people_one_way_only(kind):
    """At the same crimes, on the same morning, some probabilities move with the event's meaning and none against it."""
    name, sign = TRIALS[kind].leaning
    a, b = (
        run_town(scenario, BEFORE + 1, seed=SEED, scale=TRIALS[kind].scale) for scenario in two_worlds(kind, BEFORE)
    )
    for identity in ("victim", "occasion", "bystander"):
        assert np.array_equal(crimes_of(identity)(a, BEFORE), crimes_of(identity)(b, BEFORE))
    change = sign * (crimes_of(name)(a, BEFORE) - crimes_of(name)(b, BEFORE))
    assert (change >= 0).all()
    assert (change > 0).any()


@kinds
def test_an_event_works_in_the_direction_of_its_meaning(kind):
    """Over months, in each of three pairs of worlds, under parameters where it must act."""
    trial, scenarios = TRIALS[kind], two_worlds(kind, BEFORE)
    for seed in (1, 2, 3):
        found, without = (trial.measure(run_town(scenario, BEFORE + AFTER, seed=seed)) for scenario in scenarios)
        assert found > without if trial.rises else found < without


@kinds
def test_an_event_that_cannot_act_changes_nothing(kind):
    """With its effect at zero, or nobody whom it could reach, the world is the same to the bit."""
    a, b = (run_town(scenario, BEFORE + AFTER) for scenario in two_worlds(kind, BEFORE, mute=True))
    assert_same_world(a, b)
    assert len(events(a, "crimes")[0]) > 1000
