"""Any calendar that may be written runs and keeps its accounts; any that may not is refused, and nothing is written."""

import datetime
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import tomli_w
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.cli import main
from simulation import TrustModel
from simulation.engine import build
from simulation.recorder import collect_run
from simulation.state import (
    ACTUAL_SHARING,
    BELIEF,
    CLEARED,
    HANDLED,
    HAPPENED,
    LEARNED_RISK,
    RECORDED,
    REPORTED,
    SALIENCE,
)
from simulation.vocabulary import Channel, LegalStatus
from tests.calendars import BASELINE, EVENT_KINDS, START, example, load, on
from tests.random_calendars import broken, calendars
from tests.random_worlds import few, seeds
from tests.worlds import HOT, assert_same_world, events

SMALL = {"scale": 0.02, "parameters": HOT}
some = settings(few, max_examples=30)
PRESETS = st.sampled_from(["agreement-2008", "agreement-2009", "none"])


@st.composite
def scenarios(draw):
    """Draw a scenario of two years in a town of 700 people, with any events that go together."""
    preset = draw(PRESETS)
    listed = draw(calendars(in_force=preset != "none", least=4))
    return load(*listed, agreement={"preset": preset}, levers={"city_threshold": draw(st.floats(-100, 100))}, **SMALL)


def run(scenario, seed):
    """Run a scenario with its events kept; return the engine and the outcomes."""
    result = collect_run(build(scenario, seed, record_events=True), scenario, seed)
    return result.engine, result.outcomes


@some
@given(scenarios(), seeds)
def test_any_calendar_runs_and_keeps_its_accounts(scenario, seed):
    """Nobody is lost, measures nest, every arrest is counted once, and states stay within their bounds."""
    engine, outcomes = run(scenario, seed)
    assert engine.day == scenario.days
    assert engine.absences().sum() == len(engine.population)
    crimes = engine.counts["crimes"]
    assert (crimes >= 0).all()
    assert (crimes[..., CLEARED] <= crimes[..., RECORDED]).all()
    assert (crimes[..., REPORTED] <= crimes[..., RECORDED]).all()
    assert (crimes[..., RECORDED] <= crimes[..., HAPPENED]).all()
    assert (crimes[..., REPORTED] + crimes[..., HANDLED] <= crimes[..., HAPPENED]).all()
    assert (engine.counts["status"].sum(axis=1) == crimes.sum(axis=(1, 2))[:, [HAPPENED, REPORTED, CLEARED]]).all()
    days, arrests = events(engine, "ice_arrests")
    expected = np.zeros(engine.counts["arrests"].shape, int)
    community = engine.population.community[arrests["row"]]
    np.add.at(expected, (days, community, arrests["channel"], arrests["criminality"]), 1)
    assert (engine.counts["arrests"] == expected).all()
    state = engine.counts["community"][: engine.day]
    assert np.isfinite(state).all()
    probabilities = state[..., [BELIEF, ACTUAL_SHARING]]
    assert ((probabilities >= 0) & (probabilities <= 1 + 1e-12)).all()
    assert (state[..., SALIENCE] >= 0).all()
    assert (state[..., LEARNED_RISK] > 0).all()
    assert 0 <= outcomes["days_shared"] <= 100
    assert outcomes["immigration_arrests.raid"] == expected[:, :, Channel.RAID].sum()


@some
@given(scenarios(), seeds)
def test_what_was_really_in_force_follows_the_calendar(scenario, seed):
    """Policies change on dates of the calendar only, each to another; the police always have some money."""
    engine, outcomes = run(scenario, seed)
    history = engine.history
    assert history[0][0] == 0
    assert all(a < b and one != other for (a, one), (b, other) in pairwise(history))
    assert all(0 < policy.police_budget <= 3 for _, policy in history)
    assert 0 < outcomes["police_budget"] <= 300
    dates = {day for day, _ in scenario.policies()}
    for day, occurrence in scenario.occurrences():
        dates |= {day, *(getattr(occurrence, name, day) for name in ("ends", "until", "decided"))}
    assert {day for day, _ in history} <= dates
    if not engine.government.cuts and not any(vote.ended for vote in engine.government.votes):
        assert history == scenario.policies()
    kinds = [event.kind for event in scenario.events]
    assert len(engine.government.votes) <= kinds.count("vote")
    assert len(engine.government.cuts) <= kinds.count("funding_cut")
    raids = {day for day, one in scenario.occurrences() if type(one).__name__ == "Raid"}
    days, visits = events(engine, "visits")
    assert set(days[visits["channel"] == Channel.RAID].tolist()) <= raids


@some
@given(scenarios(), seeds)
def test_people_gain_status_by_the_calendar_and_never_lose_it(scenario, seed):
    """The undocumented may become lawful noncitizens where there is legalization or protection; nobody else changes."""
    engine, _ = run(scenario, seed)
    before, after = engine.population.status, engine.residents["status"]
    changed = before != after
    assert (engine.residents["status_at_start"] == before).all()
    assert (before[changed] == LegalStatus.UNDOCUMENTED).all()
    assert (after[changed] == LegalStatus.LAWFUL_NONCITIZEN).all()
    granting = {"legalization", "victim_protection"} & {event.kind for event in scenario.events}
    assert granting or not changed.any()
    community, kind = engine.population.community, engine.residents["vulnerability_class"]
    counted = np.zeros_like(engine.people.class_size)
    np.add.at(counted, (community, kind), 1)
    assert np.array_equal(engine.people.class_size, counted)


@some
@given(scenarios(), seeds, st.lists(st.integers(1, 731), max_size=8))
def test_any_calendar_may_be_run_in_any_pieces(scenario, seed, stops):
    """Advancing by days drawn at random is the same as running at once, to the bit."""
    a, b = (build(scenario, seed, record_events=True) for _ in range(2))
    a.advance_to(a.days)
    for stop in [*sorted(stops), b.days]:
        b.advance_to(stop)
    assert_same_world(a, b)
    assert a.history == b.history
    assert (a.government.votes, a.government.cuts) == (b.government.votes, b.government.cuts)


def test_stepping_through_every_kind_of_event_equals_running():
    """Day by day, as somebody who watches, or at once: the same world, with an event of every kind in it."""
    late = {"agreement_ends": 300, "agreement_starts": 350, "vote": 100, "agreement_revised": 50}
    scenario = load(*[example(kind, late.get(kind, 200)) for kind in EVENT_KINDS], **SMALL)
    model = TrustModel(scenario, seed=7, record_events=True)
    while model.running:
        model.step()
    engine = build(scenario, 7, record_events=True)
    engine.advance_to(engine.days)
    assert_same_world(model.engine, engine)
    assert model.engine.history == engine.history
    assert len(engine.history) > 4
    model.close()


@some
@given(scenarios(), st.data())
def test_what_lasts_is_over_from_its_end_on(scenario, data):
    """Without an event that has an end, policies from that end on are the same, and so are those before its date."""
    spells = [event for event in scenario.events if event.until is not None]
    if not spells:
        return
    one = data.draw(st.sampled_from(spells))
    others = [event.to_table() for event in scenario.events if event is not one]
    without = load(*others, agreement=scenario.agreement.to_table(), levers=scenario.levers, **SMALL)
    for day in range(scenario.days):
        a, b = (
            [policy for start, policy in each.policies() if start <= day][-1]
            for each in (scenario, without)
        )  # fmt: skip
        if not one.date <= on(day) < one.until:
            assert a == b, on(day)


@some
@given(st.data())
def test_a_calendar_with_one_thing_wrong_is_refused_and_nothing_is_written(data):
    """By the command line, with exit code 2 and one line that names the file, before any run begins."""
    valid = data.draw(calendars().filter(bool))
    load(*valid)
    content = BASELINE | SMALL | {"event": data.draw(broken(valid))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wrong.toml"
        path.write_text(tomli_w.dumps(content), encoding="utf-8", newline="")
        for command in (["scenario", "check"], ["run", "--quiet", "--out", str(Path(folder) / "out")]):
            result = CliRunner().invoke(main, [*command, str(path)], prog_name="twoclaims")
            assert result.exit_code == 2, result.output
            [line] = result.stderr.splitlines()
            assert line.startswith(f"error: {path}: ")
            assert result.stdout == ""
        assert [each.name for each in Path(folder).iterdir()] == ["wrong.toml"]


@some
@given(scenarios(), st.dates(START, datetime.date(2017, 12, 30)))
def test_nothing_differs_before_a_calendar_says_so(scenario, date):
    """Of two calendars that agree up to a date, the runs agree to the bit up to that date."""
    early = [event.to_table() for event in scenario.events if event.date < date]
    cut = load(*early, agreement=scenario.agreement.to_table(), levers=scenario.levers, **SMALL)
    a, b = (build(each, 5, record_events=True) for each in (scenario, cut))
    for engine in (a, b):
        engine.advance_to(max(1, (date - START).days))
    if date > START:
        assert_same_world(a, b)
        assert a.history == b.history
