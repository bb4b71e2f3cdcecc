"""Making the other side right: a planted turn is found, noise finds nothing, and no side is taken."""

from functools import cache, partial

import fake_assumptions
import fake_claims
import fake_world
import numpy as np
import pytest
from fake_assumptions import TURN, searched

from experiments.claims import claims, other_side
from experiments.claims.assumptions import CALIBRATED, DECIDING, PRIOR
from experiments.claims.batches import MIXED
from experiments.claims.other_side import ALREADY, FOUND, NONE, NOT_CONFIRMED, make_search, run_search
from experiments.runs.execution import Pool
from simulation.errors import InputError
from simulation.parameters import PARAMETERS
from simulation.randomness import replicate_seed

LOW = PARAMETERS["fear_effect"].prior.arguments[0]
WIDTH = PARAMETERS["fear_effect"].prior.arguments[1] - LOW
A, B = (fake_world.load(name, {"fear_effect": 4.0}) for name in ("agreement-renewed", "agreement-ended"))
OPPOSITE = {claims.SUPPORTED: claims.CONTRADICTED, claims.CONTRADICTED: claims.SUPPORTED}


def mirrored(given):
    """The planted effect with its sign turned."""
    return given["fear_effect"] - TURN


def model(effect):
    return partial(fake_assumptions.run, effect=effect)


@pytest.fixture(scope="module")
def planted():
    """M2 says that sharing lowers solving; today (fear_effect 4, turn at 4.7) it raises it."""
    return searched(make_search(A, B, "M2", claims.SUPPORTED))


def test_the_planted_turn_is_found_with_a_change_of_this_one_assumption_just_beyond_it(planted):
    finding, _ = planted
    assert (finding.state, finding.today) == (FOUND, claims.CONTRADICTED)
    (change,) = finding.changes
    assert change.assumption.name == "fear_effect"
    assert TURN < change.value < TURN + 0.055 * WIDTH
    assert change.share == pytest.approx((change.value - LOW) / WIDTH, abs=1e-3)
    assert change.assumption.current_share == pytest.approx((4 - LOW) / WIDTH)
    (judgment,) = finding.judgments
    assert judgment.verdict == claims.SUPPORTED
    assert judgment.effect.upper < 0
    assert judgment.effect.pairs == other_side.FRESH_PAIRS


def test_the_points_of_the_sample_are_counted_by_verdict(planted):
    finding, _ = planted
    assert sum(finding.tally.values()) == other_side.POINTS
    beyond = (LOW + WIDTH - TURN) / WIDTH * other_side.POINTS
    assert finding.tally[claims.SUPPORTED] == pytest.approx(beyond, abs=1.5)


def test_what_was_found_is_confirmed_on_seeds_that_the_search_never_saw(planted):
    finding, batches = planted
    sizes = other_side.PAIRS, other_side.CLOSE_PAIRS, other_side.FRESH_PAIRS
    sample, close, trials = ([b.replicates for b in batches if len(b.replicates) == size] for size in sizes)
    assert set(sample) == {tuple(range(1, 7))}
    assert set(close) == {tuple(range(7, 23))}
    assert len(trials) == finding.trials
    fresh = [number for numbers in trials for number in numbers]
    assert min(fresh) > 22
    assert len(fresh) == len(set(fresh))
    assert sum(len(batch.replicates) for batch in batches) <= finding.search.most_pairs


def test_exchanging_the_sides_gives_the_same_answer_mirrored(planted):
    finding, batches = planted
    other, others = searched(make_search(A, B, "M2", claims.CONTRADICTED), model(mirrored))
    assert (other.state, other.today) == (finding.state, OPPOSITE[finding.today])
    for verdict, points in finding.tally.items():  # the luck is not mirrored: points at the turn may differ
        assert other.tally[OPPOSITE.get(verdict, verdict)] == pytest.approx(points, abs=2)
    assert [each.value for each in other.changes] == pytest.approx([each.value for each in finding.changes], abs=0.15)
    assert abs(len(batches) - len(others)) <= 4


def test_the_same_answer_mirrored_to_the_last_bit_where_the_luck_is_mirrored_too():
    def exact(scenario, seed, sign):
        change = TURN - scenario.parameters["fear_effect"] + fake_assumptions.luck(seed, scenario.parameters)
        outcomes = fake_assumptions.run(scenario, seed)
        return outcomes | {"solve_rate": 12 + sign * fake_assumptions.sharing(scenario.name) * change}

    one, ones = searched(make_search(A, B, "M2", claims.SUPPORTED), partial(exact, sign=1))
    two, twos = searched(make_search(A, B, "M2", claims.CONTRADICTED), partial(exact, sign=-1))
    assert [batch.values for batch in ones] == [batch.values for batch in twos]
    assert [batch.replicates for batch in ones] == [batch.replicates for batch in twos]
    assert [(c.assumption.name, c.value) for c in one.changes] == [(c.assumption.name, c.value) for c in two.changes]
    assert one.judgments[0].effect.effect == pytest.approx(-two.judgments[0].effect.effect)


def test_exchanging_the_worlds_changes_nothing(planted):
    finding, _ = planted
    exchanged, _ = searched(make_search(B, A, "M2", claims.SUPPORTED))
    assert [(c.assumption.name, c.value) for c in exchanged.changes] == [
        (c.assumption.name, c.value) for c in finding.changes
    ]
    assert exchanged.tally == finding.tally


@pytest.mark.parametrize("target", [claims.SUPPORTED, claims.CONTRADICTED])
def test_none_is_found_where_there_is_none(target):
    """The effect is as large everywhere, against the target."""
    size = 1.0 if target == claims.SUPPORTED else -1.0
    finding, batches = searched(make_search(A, B, "M2", target), model(lambda given: size))
    assert (finding.state, finding.changes, finding.judgments) == (NONE, (), ())
    assert finding.tally == {OPPOSITE[target]: other_side.POINTS}
    assert len(batches) == 1 + 2 * other_side.POINTS + 1
    assert finding.trials == 0


def test_noise_produces_no_findings():
    """Where no assumption matters and nothing differs, at most 2.5% of searches may find what is not there; 3 of 40."""
    results = []
    for root_seed in range(1, 41):
        search = make_search(A, B, "M2", claims.SUPPORTED, root_seed=root_seed, points=16)
        results.append(searched(search, model(lambda given: 1e-12))[0])
    states = [finding.state for finding in results]
    assert states.count(FOUND) <= 3
    assert states.count(NOT_CONFIRMED) >= 10, "the sample alone must have fooled a search without fresh seeds"
    denied = next(finding for finding in results if finding.state == NOT_CONFIRMED)
    assert denied.changes
    assert denied.judgments


def test_nothing_is_changed_where_the_verdict_holds_already():
    finding, batches = searched(make_search(A, B, "M2", claims.CONTRADICTED))
    assert (finding.state, finding.changes, len(batches)) == (ALREADY, (), 1)
    assert finding.judgments[0].verdict == claims.CONTRADICTED


def test_only_the_assumptions_that_were_named_change():
    finding, batches = searched(make_search(A, B, "M2", claims.SUPPORTED, ["awareness", "replacement"]))
    assert finding.state == NONE
    assert {name for batch in batches for name, _ in batch.values} == {"awareness", "replacement"}


def test_two_assumptions_that_matter_only_together_are_both_found():
    def both(given):
        return 1.0 if given["fear_effect"] < 4.9 or given["awareness"] < 0.7 else -1.0

    finding, _ = searched(make_search(A, B, "M2", claims.SUPPORTED), model(both))
    assert finding.state == FOUND
    assert {each.assumption.name for each in finding.changes} == {"fear_effect", "awareness"}


def test_a_verdict_that_holds_in_one_far_corner_alone_is_found():
    """All six assumptions towards one end: no point of the sample is there."""
    search = make_search(A, B, "M2", claims.SUPPORTED, [name for name in DECIDING if name != "substitution"])

    @cache
    def share(assumption, value):
        return assumption.share(value)

    def far(given):
        return 4.9 - sum(share(each, given[each.name]) for each in search.assumptions)

    finding, _ = searched(search, model(far))
    assert finding.tally[claims.SUPPORTED] == 0
    assert finding.state == FOUND
    assert len(finding.changes) >= 4


def test_worlds_that_do_not_test_the_claim_are_said_not_to():
    finding, _ = searched(make_search(A, B, "F1", claims.SUPPORTED))
    assert (finding.state, finding.today) == (NONE, claims.NOT_TESTED)
    assert set(finding.tally) == {claims.NOT_TESTED}


def test_a_claim_of_two_measures_needs_both_and_one_can_be_asked_for_alone():
    def fearful(scenario, seed):
        outcomes = fake_assumptions.run(scenario, seed)
        fear = fake_assumptions.sharing(scenario.name) * (scenario.parameters["fear_effect"] - TURN)
        return outcomes | {f"fear.{fake_claims.IMMIGRANT}": 1 + fear + fake_assumptions.luck(seed, scenario.name)}

    whole, _ = searched(make_search(A, B, "M1", claims.SUPPORTED), fearful)
    assert whole.state == NONE
    assert set(whole.tally) == {MIXED}
    measure = f"fear.{fake_claims.IMMIGRANT}"
    alone, _ = searched(make_search(A, B, "M1", claims.SUPPORTED, outcome=measure), fearful)
    assert alone.state == FOUND
    assert [each.assumption.name for each in alone.changes] == ["fear_effect"]


def test_a_threshold_makes_the_change_larger():
    near, _ = searched(make_search(A, B, "M2", claims.SUPPORTED))
    far, _ = searched(make_search(A, B, "M2", claims.SUPPORTED, thresholds={"M2": 0.1}))
    assert far.changes[0].value > near.changes[0].value + 0.2


def test_values_stay_within_the_priors_and_the_basis_is_said():
    search = make_search(A, B, "M2", claims.SUPPORTED)
    _, batches = searched(search)
    for batch in batches:
        for each, (name, value) in zip(search.assumptions, batch.values):
            assert each.name == name
            assert value == each.current or 0 <= each.share(value) <= 1
    assert [each.name for each in search.assumptions] == list(DECIDING)
    assert search.basis == PRIOR
    sample = {name: np.linspace(0.4, 0.6, 9) for name in ("awareness", "replacement")}
    calibrated = make_search(A, B, "M2", claims.SUPPORTED, ["awareness", "replacement"], sample=sample)
    assert calibrated.basis == CALIBRATED
    _, batches = searched(calibrated)
    assert all(0.4 <= value <= 0.6 for batch in batches for _, value in batch.values)


@pytest.mark.parametrize(
    ("claim", "target", "names", "says"),
    [
        ("M9", claims.SUPPORTED, (), "claim"),
        ("M2", "right", (), "verdict to look for"),
        ("M2", claims.SUPPORTED, ["fear"], "assumption that can be varied"),
        ("M2", claims.SUPPORTED, ["awareness", "awareness"], "only once"),
    ],
)
def test_what_there_is_not_is_refused(claim, target, names, says):
    with pytest.raises(InputError, match=says):
        make_search(A, B, claim, target, names)


def test_a_search_by_a_pool_is_the_same():
    search = make_search(
        A, B, "M1", claims.SUPPORTED, ["fear_effect"], points=3, outcome=f"fear.{fake_claims.IMMIGRANT}"
    )
    done = []
    with Pool(fake_claims.run, 1, keep=()) as pool:
        by_pool = run_search(search, pool, done.append)
    here, batches = searched(search, lambda scenario, seed: fake_claims.run(scenario, seed).outcomes)
    assert (by_pool.state, by_pool.judgments) == (here.state, here.judgments)
    assert done[-1] == sum(len(batch.replicates) for batch in batches)
    assert len(done) == len(batches)


def test_pairs_that_fail_never_make_a_finding():
    search = make_search(A, B, "M2", claims.SUPPORTED, ["fear_effect"])

    def failing_later(scenario, seed):
        return None if seed in fresh else fake_assumptions.run(scenario, seed)

    fresh = {replicate_seed(1, number) for number in range(23, 200)}
    finding, _ = searched(search, failing_later)
    assert finding.state == NOT_CONFIRMED
