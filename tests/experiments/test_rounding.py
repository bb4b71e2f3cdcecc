"""How numbers are written: as many digits as their interval deserves, and never an interval that seems to reach 0."""

from types import SimpleNamespace

import pytest

from experiments.rounding import decimals_for, ends_at_zero, interval, number


@pytest.mark.parametrize(
    ("lower", "upper", "decimals"),
    [(-0.5, 1.5, 1), (-12.0, 8.0, 0), (0.0123, 0.0377, 3), (0.3, 23.0, 1), (-1.0, -0.0004, 4), (0.0, 0.0, 3)],
)
def test_decimals_follow_the_interval(lower, upper, decimals):
    assert decimals_for(SimpleNamespace(effect=1.0, mean_a=0.0, lower=lower, upper=upper)) == decimals


def test_an_interval_that_excludes_0_is_not_written_as_if_it_ended_there():
    row = SimpleNamespace(effect=11.7, lower=0.3, upper=23.1)
    assert interval(row.lower, row.upper, decimals_for(row), plus=True) == "+0.3 to +23.1"
    assert ends_at_zero(-0.066, -0.0002, 3)
    assert not ends_at_zero(-0.066, -0.0002, 4)
    assert not ends_at_zero(-0.066, 0.0002, 3)
    assert not ends_at_zero(0.0, 0.0, 3)


def test_zero_has_no_sign_and_the_undefined_no_digits():
    assert number(-0.0004, 3, plus=True) == "0.000"
    assert number(1234.5, 1, plus=True) == "+1,234.5"
    assert number(float("nan"), 3) == "-"
    assert interval(float("nan"), 1.0, 2, plus=True) == "-"
