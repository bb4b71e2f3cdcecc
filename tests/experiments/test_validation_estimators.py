"""Estimators return the known answers of panels made by hand, one panel for each study."""

import itertools

import numpy as np
import pandas as pd
import pytest

from experiments.validation.estimators import (
    difference_in_differences,
    event_study,
    mean_over_units,
    ratio_over_units,
)
from experiments.validation.observe import GROUPS, LATINO, OTHERS
from experiments.validation.study import PATTERNS_OF, STUDIES, module

STARTS = (6, 8, 10, 14)
"""Cohorts of the staggered panels; the last never starts within the data that are used."""


def staggered(effect, units_per_cohort=3, periods=14, weight=lambda start: 1.0):
    """Return units with levels of their own, a common course, and an effect that depends on cohort and time."""
    rows = []
    for unit, (start, copy) in enumerate(itertools.product(STARTS, range(units_per_cohort))):
        for period in range(periods):
            since = period - start
            started = start < max(STARTS) and since >= 0
            y = 10.0 + unit + 0.3 * period + 0.1 * (-1) ** period + (effect(start, since) if started else 0.0)
            rows.append({"unit": unit, "start": start, "period": period, "y": y, "w": weight(start) + 0 * copy})
    return pd.DataFrame(rows)


def test_an_event_study_finds_a_hump_that_differs_by_cohort():
    """Effects that grow and differ by cohort, which a single dummy for being treated would blur."""
    study = event_study(staggered(lambda start, since: since * (16 - start)), "y", "w", 3)
    for since in (0, 1, 2, 3):
        cohorts = [start for start in STARTS[:-1] if start + since < max(STARTS)]
        expected = np.mean([since * (16 - start) for start in cohorts])
        assert study.mean([since]).value == pytest.approx(expected, abs=1e-8)


def test_an_event_study_sees_nothing_before_the_start():
    study = event_study(staggered(lambda start, since: 5.0), "y", "w", 3)
    before = study.effects[study.periods < 0]
    assert len(before) >= 4
    assert before == pytest.approx(0.0, abs=1e-8)


def test_cohorts_count_by_their_weight():
    weight = {6: 1.0, 8: 2.0, 10: 5.0, 14: 1.0}
    study = event_study(staggered(lambda start, _: float(start), weight=weight.get), "y", "w", 2)
    assert study.mean([0, 1, 2]).value == pytest.approx((6 * 1 + 8 * 2 + 10 * 5) / 8)


def test_a_relative_effect_is_in_percent_of_the_year_before():
    panel = staggered(lambda start, since: 2.0)
    study = event_study(panel, "y", "w", 3)
    treated = panel[(panel["start"] < 14) & (panel["period"] - panel["start"]).between(-4, -1)]
    assert study.base == pytest.approx(treated["y"].mean())
    assert study.relative([0, 1]).value == pytest.approx(200.0 / treated["y"].mean())


def test_intervals_of_an_event_study_cover_as_often_as_they_say():
    """100 panels of pure noise: the 95% interval misses zero about 5 times; four standard errors allow at most 14."""
    generator = np.random.default_rng(1)
    panel = staggered(lambda start, since: 0.0, units_per_cohort=8)
    missed = 0
    for _ in range(100):
        noisy = panel.assign(y=panel["y"] + generator.normal(size=len(panel)))
        found = event_study(noisy, "y", "w", 3).mean([0, 1, 2, 3])
        missed += not found.low <= 0.0 <= found.high
    assert missed <= 14


def test_difference_in_differences_finds_planted_coefficients():
    generator = np.random.default_rng(2)
    rows = pd.DataFrame(list(itertools.product(range(6), range(8))), columns=["unit", "period"])
    rows["post"] = ((rows["unit"] >= 3) & (rows["period"] >= 4)).astype(float)
    rows["crossed"] = rows["post"] * rows["unit"]
    rows["w"] = generator.uniform(1, 5, len(rows))
    rows["y"] = 3 * rows["unit"] - rows["period"] ** 2 + 1.5 * rows["post"] - 0.25 * rows["crossed"]
    found = difference_in_differences(rows, "y", ["post", "crossed"], "w")
    assert found["post"].value == pytest.approx(1.5)
    assert found["crossed"].value == pytest.approx(-0.25)


def test_the_mean_over_units_has_students_interval():
    found = mean_over_units([1.0, 2.0, 3.0])
    assert found.value == 2.0
    assert found.high - 2.0 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-5)


def test_a_ratio_over_units_is_of_the_sums():
    found = ratio_over_units([1.0, 2.0, 3.3], [2.0, 4.0, 6.0])
    assert found.value == pytest.approx(100 * 6.3 / 12)
    assert found.low < found.value < found.high


def test_a_ratio_to_what_may_be_zero_has_no_bounds_and_to_zero_no_value():
    found = ratio_over_units([1.0, 1.0, 1.0], [-1.0, 0.5, 1.0])
    assert (found.low, found.high) == (-np.inf, np.inf)
    assert np.isnan(ratio_over_units([0.0, 0.0], [0.0, 0.0])).all()


# Panels of the studies: what `panel` returns, made by hand.


def grid(**columns):
    """Return all combinations of the columns' values."""
    return pd.DataFrame(list(itertools.product(*columns.values())), columns=list(columns))


def counties(fall=0.0, rise=0.0):
    """Counties of Secure Communities in which Hispanic reporting falls and victimization rises by shares."""
    panel = grid(unit=range(12), period=range(2, 28), group=GROUPS)
    panel["start"] = np.array([11, 15, 19, 28])[panel["unit"] % 4]
    panel["kind"] = "some"
    panel["exposure"] = 0.02 + 0.01 * (panel["unit"] // 4)
    panel["people"] = np.where(panel["group"] == LATINO, 8000.0, 32000.0)
    on = ((panel["period"] >= panel["start"]) & (panel["start"] < 28) & (panel["group"] == LATINO)).astype(float)
    panel["happened"] = 0.03 * panel["people"] * (1 + rise * on)
    panel["reported"] = 0.34 * panel["happened"] * (1 - fall * on)
    panel["recorded"] = panel["reported"]
    panel["cleared"] = 0.25 * panel["recorded"]
    return panel


def narrowed(change=0.0):
    panel = grid(unit=range(4), period=range(24), group=GROUPS)
    after = (panel["period"] >= 12) & (panel["group"] == LATINO)
    panel["reported"] = 100.0 + 10 * panel["unit"] + 5 * (panel["period"] % 3)
    panel["reported"] *= np.where(after, 1 + change, 1.0)
    return panel


def legalized(points=0.0):
    panel = grid(unit=range(3), period=range(2), group=("applicants", OTHERS))
    gained = points * panel["period"] * (panel["group"] == "applicants")
    panel["happened"] = 500.0 + 100 * panel["unit"]
    panel["reported"] = panel["happened"] * (0.2 + 0.15 * (panel["group"] == OTHERS) + 0.01 * gained)
    return panel


def sanctuaries(change=0.0):
    panel = grid(unit=range(12), period=range(20))
    panel["start"] = np.array([8, 11, 14, 20])[panel["unit"] % 4]
    adopted = (panel["period"] >= panel["start"]) & (panel["start"] < 20)
    panel["people"] = 150_000.0
    panel["recorded"] = 1500.0 + panel["period"]
    panel["cleared"] = 0.25 * panel["recorded"]
    for name, level in (("removals", 30), ("removals_no_conviction", 10), ("removals_serious_conviction", 5)):
        panel[name] = level * np.where(adopted, 1 + change, 1.0)
    return panel


def news(quarter=0.0, second=0.0):
    panel = grid(unit=range(4), period=range(6), group=GROUPS)
    panel["reported"] = 800.0 * np.where(panel["group"] == LATINO, 1.0, 1.5) * (1 + 0.1 * (panel["period"] >= 4))
    for period, change in ((4, quarter), (5, second)):
        panel.loc[(panel["period"] == period) & (panel["group"] == LATINO), "reported"] *= 1 + change
    return panel


def raided(first=0.0, later=0.0):
    panel = grid(unit=range(3), world=("none", "raids", "reassured"), stretch=("days_1_3", "days_4_7", "days_8_14",
                 "rest", "days_46_60"))  # fmt: skip
    days = panel["stretch"].map({"days_1_3": 3, "days_4_7": 4, "days_8_14": 7, "rest": 31, "days_46_60": 15})
    early = panel["stretch"].isin(["days_1_3", "days_4_7"])
    change = np.where(panel["world"] == "none", 0.0, np.where(early, first, later))
    panel["reported"] = (10.0 + panel["unit"]) * days * (1 + change)
    return panel


def scandals(change=0.0, trust=-5.0):
    panel = grid(unit=range(4), period=range(2))
    panel["reported"] = (1000.0 + 50 * panel["unit"]) * np.where(panel["period"] == 1, 1 + change, 1.0)
    panel["trust"] = 0.1 * panel["unit"] + trust * panel["period"]
    return panel


def unheard(change=0.0, dread=0.0):
    panel = grid(unit=range(4), period=range(6), group=GROUPS)
    panel["year"] = 2007 + panel["period"]
    high = panel["year"] >= 2011
    panel["reported"] = 500.0 * np.where(high & (panel["group"] == LATINO), 1 + change, 1.0)
    panel["dread"] = 0.02 * np.where(high, 1 + dread, 1.0)
    return panel


def ended(change=0.0):
    panel = grid(unit=range(3), world=("renewed", "ended"), group=GROUPS)
    gained = (panel["world"] == "ended") & (panel["group"] == LATINO)
    panel["happened"] = 1000.0
    panel["reported"] = 300.0 * np.where(gained, 1 + change, 1.0)
    return panel


def estimates(study, panel):
    """Return the values of a study's estimates by pattern and quantity."""
    return {(e.pattern, e.quantity): e.value for e in module(study).estimate(panel)}


NULL_PANELS = {
    "secure_communities": counties, "narrowing": narrowed, "legalization": legalized, "sanctuary": sanctuaries,
    "news": news, "raid": raided, "scandal": lambda: scandals(trust=0.0), "unheard": unheard, "philadelphia": ended,
}  # fmt: skip


@pytest.mark.parametrize("study", STUDIES)
def test_where_nothing_happens_every_estimate_is_zero(study):
    found = estimates(study, NULL_PANELS[study]())
    assert {pattern for pattern, _ in found} == set(PATTERNS_OF[study])
    left = {key for key in found if key[1].startswith("left_")}
    assert [found[key] for key in found.keys() - left] == pytest.approx([0.0] * len(found.keys() - left), abs=1e-7)
    assert np.isnan([found[key] for key in left]).all()


def test_secure_communities_finds_fall_and_rise():
    found = estimates("secure_communities", counties(fall=0.3, rise=0.16))
    assert found["P1", "reporting_hispanic"] == pytest.approx(-30.0)
    assert found["P1", "victimization_hispanic"] == pytest.approx(16.0)
    assert found["P1", "victimization_hispanic_quarter_8"] == pytest.approx(16.0)
    assert found["P1", "victimization_nonhispanic"] == pytest.approx(0.0, abs=1e-8)
    assert found["P1", "recorded_crime"] == pytest.approx(100 * 0.2 * (0.7 * 1.16 - 1))
    assert found["P2", "recorded_crime"] == pytest.approx(100 * np.log1p(0.2 * (0.7 * 1.16 - 1)))
    assert found["P2", "clearance"] == pytest.approx(0.0, abs=1e-8)


def test_crime_by_exposure_is_per_five_points_of_undocumented_residents():
    panel = counties()
    on = (panel["period"] >= panel["start"]) & (panel["start"] < 28)
    panel["recorded"] *= np.where(on, np.exp(0.8 * panel["exposure"]), 1.0)
    assert estimates("secure_communities", panel)["P2", "recorded_crime_by_exposure"] == pytest.approx(4.0)


def test_narrowing_finds_a_relative_rise():
    assert estimates("narrowing", narrowed(0.04))["P3", "reports_hispanic"] == pytest.approx(4.0)


def test_legalization_finds_points_among_applicants():
    found = estimates("legalization", legalized(20.0))
    assert found["P4", "reporting_applicants"] == pytest.approx(20.0)
    assert found["P4", "reporting_nonhispanic"] == pytest.approx(0.0, abs=1e-8)


def test_sanctuary_finds_fewer_removals():
    found = estimates("sanctuary", sanctuaries(-0.33))
    assert found["P5", "removals"] == pytest.approx(-33.0)
    assert found["P5", "removals_no_conviction"] == pytest.approx(-33.0)
    assert found["P5", "recorded_crime"] == pytest.approx(0.0, abs=1e-8)


def test_news_finds_fall_and_recovery():
    found = estimates("news", news(-0.10, 0.03))
    assert found["P6", "reports_quarter"] == pytest.approx(-10.0)
    assert found["P6", "recovery"] == pytest.approx(6.5)


def test_raid_finds_the_first_week_and_what_is_left():
    found = estimates("raid", raided(-0.2, -0.1))
    assert found["P7", "reports_first_week"] == pytest.approx(-20.0)
    assert found["P7", "left_after_two_months"] == pytest.approx(50.0)
    assert found["P7", "left_after_reassured_week"] == pytest.approx(50.0)


def test_scandal_finds_calls_and_trust():
    found = estimates("scandal", scandals(-0.17, -5.0))
    assert found["P8", "reports"] == pytest.approx(-17.0)
    assert found["P8", "trust"] == pytest.approx(-5.0)


def test_unheard_finds_calls_and_dread():
    found = estimates("unheard", unheard(-0.05, 0.36))
    assert found["P9", "reports_latino"] == pytest.approx(-5.0)
    assert found["P9", "dread_latino"] == pytest.approx(36.0)


def test_philadelphia_finds_a_relative_change():
    found = estimates("philadelphia", ended(0.03))
    assert found["P10", "reporting_latino"] == pytest.approx(3.0)
    assert found["P10", "reporting_all"] == pytest.approx(1.5)
