"""The targets of the calibration: never of a held-out pattern, sourced, and refused by name where they are wrong."""

from importlib.resources import files

import pytest

from experiments.calibration import targets
from experiments.calibration.model import PAIRED, SUMMARIES
from experiments.validation import bands
from simulation.errors import InputError
from simulation.evidence import all_evidence

TEXT = (files("experiments.calibration") / "targets.toml").read_text(encoding="utf-8")


def test_targets_and_held_out_patterns_are_disjoint():
    shipped = bands.shipped()
    used = {target.id.partition(".")[0] for target in targets.shipped().all if "." in target.id}
    assert used == set(PAIRED) == set(shipped.fitted)
    assert not used & set(shipped.held_out)


def test_targets_rest_on_no_evidence_that_only_held_out_patterns_have():
    shipped = bands.shipped()
    evidence = {
        fitted: {each for pattern, band in shipped if pattern.fitted is fitted for each in band.evidence}
        for fitted in (True, False)
    }
    used = {each for target in targets.shipped().fitted for each in target.evidence}
    assert not used & (evidence[False] - evidence[True])


def test_every_summary_has_a_target_and_a_reason():
    shipped = targets.shipped()
    assert sorted(target.id for target in shipped.all) == sorted(SUMMARIES)
    assert all(target.why and target.scale >= target.tolerance for target in shipped.all)


def test_no_direction_is_fitted():
    known = all_evidence()
    for target in targets.shipped().fitted:
        assert any(known[each].unit != targets.DIRECTION for each in target.evidence), target.id


def test_tolerances_of_patterns_are_half_of_half_a_band():
    for target in targets.shipped().fitted:
        pattern, _, quantity = target.id.partition(".")
        if quantity and quantity not in ("recovery", "victimization_hispanic_quarter_4"):
            band = bands.shipped().band(pattern, quantity)
            assert target.tolerance == pytest.approx((band.high - band.low) / 4, rel=0.01), target.id


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "P6.recovery"', 'id = "P3.reports_hispanic"', "pattern P3 is held out for validation"),
        ('id = "P6.recovery"', 'id = "P6.recovry"', "unknown summary 'P6.recovry'; did you mean 'P6.recovery'"),
        ('id = "P6.recovery"', 'id = "P6.reports_quarter"', "target P6.reports_quarter is given twice"),
        ('"gjw-sc-reporting"]', '"gjw-sc-reportin"]', "unknown source 'gjw-sc-reportin'"),
        ("tolerance = 7.5", "tolerance = 0.0", "greater than 0"),
        ("tolerance = 7.5", "tolerance = nan", "finite"),
        ("noise = 2.0", "noise = -2.0", "noise = -2.0: must be at least 0"),
        ("value = -13.0", "value = true", "number"),
        ("value = -13.0", "valu = -13.0", "valu"),
        ('"fear_effect"', '"fear_efect"', "did you mean 'fear_effect'"),
        ('"fear_effect"', '"awareness"', "awareness is given twice"),
        ('"fear_effect"', '"headroom"', "headroom"),
        ('"fear_effect"', '"substitution"', "substitution is a lever"),
        ("fit = true", "fit = false", "no target has fit = true"),
    ],
)
def test_refusals_name_what_is_wrong(tmp_path, old, new, said):
    assert old in TEXT
    file = tmp_path / "targets.toml"
    file.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        targets.load(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_direction_cannot_be_fitted(tmp_path):
    at = TEXT.index('id = "P1.recorded_crime"')
    file = tmp_path / "targets.toml"
    file.write_text(TEXT[:at] + TEXT[at:].replace("fit = false", "fit = true", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"P1\.recorded_crime: evidence: only a direction was published"):
        targets.load(file)
