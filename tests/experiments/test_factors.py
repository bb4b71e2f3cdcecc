"""Factors: quantiles by hand, equal shares, bounds, and what is refused."""

import math
from collections import Counter
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.designs.factors import LEVER, PARAMETER, Factor, check, make_factor, prior_text
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import FIXED, PARAMETERS, Prior

DECLARED = {**PARAMETERS, **LEVERS}
VARIED = [name for name, declared in DECLARED.items() if declared.bounds is None or declared.prior != FIXED]
SHARES = st.floats(0, 1)


def factor(name, **spec):
    """Return a factor of a design called `d`."""
    return make_factor(name, "d", **spec)


def test_uniform_and_log_uniform_quantiles_by_hand():
    fear = factor("fear_effect", low=2, high=6)
    assert [fear.value(u) for u in (0, 0.25, 1)] == [2.0, 3.0, 6.0]
    ratio = factor("asymmetry", prior="log_uniform(0.1, 10)")
    assert [ratio.value(u) for u in (0, 0.5, 0.75, 1)] == pytest.approx([0.1, 1, math.sqrt(10), 10])
    assert ratio.value(1) <= 10


def test_normal_quantiles_by_hand_cut_at_the_declared_bounds():
    narrow = factor("deportation_deterrence")  # normal(0, 0.1) within -0.5 to 0.5: hardly cut
    assert narrow.value(0.5) == pytest.approx(0, abs=1e-12)
    assert narrow.value(NormalDist().cdf(1)) == pytest.approx(0.1, rel=1e-4)
    assert (narrow.value(0), narrow.value(1)) == (-0.5, 0.5)
    wide = factor("deportation_deterrence", prior="normal(0.1, 0.4)")
    law = NormalDist(0.1, 0.4)
    for u in (0.1, 0.5, 0.9):
        inside = law.cdf(-0.5) + u * (law.cdf(0.5) - law.cdf(-0.5))
        assert wide.value(u) == pytest.approx(law.inv_cdf(inside), abs=1e-9)


def test_beta_quantiles_by_hand():
    symmetric = factor("lead_success", prior="beta(2, 2)")  # distribution function 3 x^2 - 2 x^3
    assert symmetric.value(0.5) == pytest.approx(0.5)
    assert symmetric.value(0.15625) == pytest.approx(0.25)
    x = factor("lead_success").value(0.3)  # beta(2, 6): 1 - (1 - x)^7 - 7 x (1 - x)^6
    assert 1 - (1 - x) ** 7 - 7 * x * (1 - x) ** 6 == pytest.approx(0.3)
    cut = factor("on_view.theft", prior="beta(2, 2)")  # within 0 to 0.5, half of the mass
    assert cut.value(1) == 0.5
    assert cut.value(0.3125) == pytest.approx(0.25)


@pytest.mark.parametrize("name", VARIED)
def test_every_declaration_with_a_prior_makes_a_factor_within_its_bounds(name):
    made = factor(name)
    assert (made.kind, made.column.split(".")[0]) == ((PARAMETER, PARAMETER) if name in PARAMETERS else (LEVER, LEVER))
    values = made.values([0, 0.001, 0.5, 0.999, 1])
    assert [check(name, value, name) for value in values] == values
    if not made.is_categorical:
        assert values == sorted(values)
        low, high = made.bounds
        assert values[0] <= low < high <= values[-1]
    assert made.unit
    assert made.meaning.endswith(".")


@given(st.sampled_from(VARIED), SHARES, SHARES)
def test_values_are_allowed_and_rise_with_the_share(name, a, b):
    made = factor(name)
    low, high = made.values(sorted((a, b)))
    check(name, low, name)
    check(name, high, name)
    assert made.is_categorical or low <= high


@given(
    st.sampled_from(["uniform", "log_uniform", "normal", "beta"]), st.floats(0.01, 0.99), st.floats(0.01, 0.99), SHARES
)
def test_any_prior_stays_within_what_is_allowed(distribution, first, second, u):
    """And a design file that is written says the same prior to the last digit."""
    arguments = tuple(sorted((first, second))) if "uniform" in distribution else (first, second)
    if arguments[0] == arguments[1] and "uniform" in distribution:
        return
    made = factor("bystander_call", prior=prior_text(Prior(distribution, arguments)))
    assert made.prior == Prior(distribution, arguments)
    assert 0.01 <= made.value(u) <= 0.99
    assert type(made.value(u)) is float


def test_levels_get_equal_shares_without_bias_at_the_ends():
    made = factor("fear_effect", values=[1, 2, 3, 4])
    found = Counter(made.values([(k + 0.5) / 4000 for k in range(4000)]))
    assert found == {1.0: 1000, 2.0: 1000, 3.0: 1000, 4.0: 1000}
    assert (made.value(0), made.value(1)) == (1.0, 4.0)
    assert made.bounds == (1.0, 4.0)


@given(st.integers(2, 12), st.integers(0, 12))
def test_positions_divide_among_levels_alike_at_both_ends(levels, more):
    positions = 2 * ((levels + 1) // 2 + more)
    made = Factor("fear_effect", PARAMETER, levels=tuple(map(float, range(levels))))
    found = [made.at_position(position, positions) for position in range(positions)]
    assert found == [levels - 1 - value for value in reversed(found)]
    counts = Counter(found).values()
    assert found == sorted(found)
    assert set(found) == set(made.levels)
    assert all(a != b for a, b in zip(found, found[positions // 2 :]))  # a step of Morris always changes the value
    assert max(counts) - min(counts) <= 1


def test_positions_run_over_the_plausible_values():
    assert [factor("fear_effect", low=0, high=3).at_position(n, 4) for n in range(4)] == pytest.approx([0, 1, 2, 3])
    tails = factor("deportation_deterrence")
    assert tails.at_position(0, 4) == pytest.approx(-0.196, abs=1e-4)
    assert tails.bounds == pytest.approx((-0.196, 0.196), abs=1e-4)


def test_levers_in_words_and_yes_or_no_take_all_their_choices():
    detainers = factor("detainers")
    assert detainers.levels == ("never", "judicial_warrant", "honor")
    assert detainers.is_categorical
    assert detainers.bounds == (0.0, 2.0)
    assert factor("fingerprint_checks").levels == (False, True)
    assert factor("levers.priorities", values=["convicted", "serious"]).levels == ("convicted", "serious")
    assert factor("victim_shield").value(0.5) is True


def test_evenly_spaced_values():
    assert factor("fear_effect", low=0, high=1).spaced(11) == tuple(n / 10 for n in range(11))
    assert factor("asymmetry", prior="log_uniform(0.1, 10)").spaced(5) == pytest.approx((0.1, 10**-0.5, 1, 10**0.5, 10))
    low, middle, high = factor("deportation_deterrence").spaced(3)
    assert (low, middle, high) == pytest.approx((-0.196, 0, 0.196), abs=1e-4)
    assert factor("detainers").spaced(7) == ("never", "judicial_warrant", "honor")


def test_labels_and_columns_for_people_and_tables():
    made = factor("vulnerability.undocumented")
    assert (made.label, made.column) == ("vulnerability: undocumented", "parameter.vulnerability.undocumented")
    assert factor("capacity").column == "lever.capacity"


def test_a_share_outside_the_unit_interval_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="between 0 and 1"):
        factor("fear_effect").value(1.1)


NAN = float("nan")
REFUSED = {
    "no such name": (
        "fear_efect", {}, "d: [factors]: unknown parameter or lever 'fear_efect'; did you mean 'fear_effect'?"
    ),
    "a table": (
        "vulnerability", {}, "d: [factors]: vulnerability is a table; write vulnerability.us_born_citizen and so on"
    ),
    "fixed": ("headroom", {}, "has no prior, because it is not meant to vary; give low and high, or values"),
    "two ways": ("capacity", {"low": 0, "high": 1, "values": [1, 2]}, "only one of them"),
    "range and prior": ("capacity", {"low": 0, "prior": "uniform(0, 1)"}, "only one of them"),
    "half a range": ("capacity", {"high": 2.0}, "d: factors.capacity: low is missing; high alone is no range"),
    "reversed": ("capacity", {"low": 2, "high": 1}, "low = 2, high = 1: low must be below high"),
    "a point": ("capacity", {"low": 1, "high": 1}, "a single value belongs in [set]"),
    "below the bounds": (
        "capacity", {"low": -1, "high": 1}, "d: factors.capacity.low = -1: must lie between 0 and 20 (multiple"
    ),
    "above the bounds": ("belief_floor", {"low": 0, "high": 1.5}, "factors.belief_floor.high = 1.5: must lie between"),
    "not a number": ("capacity", {"low": NAN, "high": 1}, "must lie between 0 and 20"),
    "range of words": ("detainers", {"low": 0, "high": 1}, "takes words or true and false, not numbers: give values"),
    "prior of yes and no": ("victim_shield", {"prior": "beta(2, 2)"}, "give values, not prior"),
    "no such word": (
        "detainers", {"values": ["never", "honour"]}, "factors.detainers.values[2] = 'honour': must be one of never"
    ),
    "no such truth": ("victim_shield", {"values": [True, 1]}, "factors.victim_shield.values[2] = 1: must be true or"),
    "value out of bounds": ("fear_effect", {"values": [1, 99]}, "factors.fear_effect.values[2] = 99: must lie between"),
    "a value twice": ("fear_effect", {"values": [1, 2, 1.0]}, "factors.fear_effect.values: 1.0 is given twice"),
    "a single value": ("fear_effect", {"values": [1]}, "needs at least two; a single value belongs in [set]"),
    "no prior": ("capacity", {"prior": "0 to 1"}, "write a prior as one of uniform(low, high), log_uniform(low, high)"),
    "no such prior": ("capacity", {"prior": "gaussian(0, 1)"}, "unknown distribution 'gaussian'"),
    "misspelled prior": ("capacity", {"prior": "unifrom(0, 1)"}, "did you mean 'uniform'?"),
    "one argument": ("capacity", {"prior": "uniform(1)"}, "write a prior as one of"),
    "no argument": ("capacity", {"prior": "uniform(a, b)"}, "write a prior as one of"),
    "endless": ("capacity", {"prior": "uniform(0, inf)"}, "write a prior as one of"),
    "prior beyond the bounds": (
        "capacity", {"prior": "uniform(0, 21)"}, "capacity.prior = 'uniform(0.0, 21.0)': high = 21.0: must lie between"
    ),
    "prior reversed": ("capacity", {"prior": "uniform(2, 1)"}, "low must be below high"),
    "logarithm of 0": ("capacity", {"prior": "log_uniform(0, 1)"}, "low must be above 0, as its logarithm is taken"),
    "no spread": ("capacity", {"prior": "normal(1, 0)"}, "sd must be above 0"),
    "mean outside": ("capacity", {"prior": "normal(30, 10)"}, "mean = 30.0: must lie between 0 and 20"),
    "too wide": ("capacity", {"prior": "normal(1, 1e308)"}, "too narrow or too wide for the values that are allowed"),
    "beta of nothing": ("capacity", {"prior": "beta(0, 1)"}, "a and b must be above 0"),
    "beta elsewhere": ("case_duration", {"prior": "beta(1, 1)"}, "lies between 0 and 1, and the values allowed"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_factor_cannot_be_is_refused_in_one_line(case):
    name, spec, said = REFUSED[case]
    with pytest.raises(InputError) as caught:
        factor(name, **spec)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("d: ")
