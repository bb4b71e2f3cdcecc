"""Every sentence that a scenario expected is held against what comes out, by one rule, and failures are shown."""

import math
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from docs import expected
from docs.expected import ALL, FAILED, HELD, NOT_RUN, OPEN, Check, judge, measured, observed, read_checks, worst
from simulation import Scenario, run
from simulation.outcomes import OUTCOMES
from simulation.vocabulary import CrimeType

CONTENT = tomllib.loads(expected.CHECKS.read_text(encoding="utf-8"))
CHECKS = read_checks(CONTENT)
MEMBERS = [check for members in CHECKS.values() for check in members]
A, B, C, D = ("a", ALL), ("b", ALL), ("c", ALL), ("d", ALL)
VALUES = {
    A: [{"x": 11.0, "y": 3.0}, {"x": 13.0, "y": 5.0}],
    B: [{"x": 10.0, "y": 2.0}, {"x": 10.0, "y": 5.0}],
    C: [{"x": 4.0, "y": math.nan}, {"x": 4.0, "y": 0.0}],
    D: [{"x": 4.0, "y": math.nan}, {"x": 3.5, "y": 0.0}],
}
"""Two replicates of four worlds."""
POINTS = Check("a", "b", "x")


def test_no_sentence_of_the_library_is_passed_over():
    """Each is restated in numbers, and no number belongs to a sentence that is not there."""
    sentences = {(name, n) for name in Scenario.names() for n, _ in enumerate(Scenario.load(name).expected, 1)}
    assert set(CHECKS) == sentences
    assert all(CHECKS.values())


def test_limits_are_limits_of_worlds_that_ship():
    """Scenarios and windows exist, and every check can come out both ways."""
    for check in MEMBERS:
        low, high = check.between
        assert low <= high
        assert (low, high) != (-math.inf, math.inf)
        for name, window in check.worlds:
            assert name in Scenario.names()
            Scenario.load(name, dict(expected.WINDOWS[window]))
        assert check.unit in expected.UNITS


BEYOND = ("runs_shared_to_the_end", "votes_of_courts_to_end", "prevented_by_removal_percent", "reporting_gap_to_place",
          "clearance_gap_to_place", "arrests_percent_of_place", "actual_sharing.latino")  # fmt: skip
"""What sentences speak of in other words than an outcome's name."""


def test_a_sentence_names_what_it_is_held_against():
    """The first word of each outcome stands in the sentence, or in one before it that it goes on from."""
    for (name, number), members in CHECKS.items():
        said = " ".join(Scenario.load(name).expected[:number])
        for check in members:
            word = check.outcome.partition(".")[0].partition("_")[0].removesuffix("s")
            assert word in said or check.outcome in BEYOND, (name, number, check.outcome)


def test_a_run_gives_everything_that_is_measured():
    """In a small town: every key of every check, and what is no outcome worked out by hand."""
    result = run(Scenario.load("responsive-governance", {"place": "riverton", "scale": 0.1}), seed=1)
    found = observed(result)
    assert {check.outcome for check in MEMBERS if check.outcome} <= set(found)
    assert {name for name in found if name.partition(".")[0] in OUTCOMES} == set(result.outcomes)
    share = found["crimes_prevented_by_removal"] / found["crimes_happened"]
    assert found["prevented_by_removal_percent"] == pytest.approx(100 * share)
    kept = result.engine.history[-1][1].shows_anything
    assert found["runs_shared_to_the_end"] == float(kept)
    place, crimes = result.engine.place, dict.fromkeys(CrimeType.names(), 0.0)
    crimes |= {kind: found[f"crimes_happened.{kind}"] for kind in crimes}
    usual = sum(n * share for n, share in zip(crimes.values(), place.reporting)) / found["crimes_happened"]
    assert found["reporting_gap_to_place"] == pytest.approx(found["reporting_rate"] - 100 * usual)
    years = (result.scenario.end - result.scenario.outcomes_from).days / 365.25
    arrests = place.immigration_arrests_per_year * 0.1 * years
    assert found["arrests_percent_of_place"] == pytest.approx(100 * found["immigration_arrests"] / arrests)


def test_points_are_differences_of_pairs_and_percent_of_the_other_mean():
    assert measured(POINTS, VALUES).tolist() == [1, 3]
    assert measured(replace(POINTS, than=""), VALUES).tolist() == [11, 13]
    percent = measured(replace(POINTS, unit="percent"), VALUES)
    assert percent.tolist() == pytest.approx([10, 30])  # 20 percent more on average
    # Of two changes in percent that rise and fall together, the mean is the change of the means: 8 / 7 - 1.
    relative = measured(replace(POINTS, scenario="a", than="b", outcome="y", unit="percent"), VALUES)
    assert relative.mean() == pytest.approx(100 * (8 / 7 - 1))
    assert np.isnan(measured(Check("a", "c", "y", "percent"), VALUES | {C: [{"y": 0.0}, {"y": 0.0}]})).all()


def test_what_is_less_is_taken_off_as_often_as_it_says():
    """Another pair, another outcome: 1 - 2 * 0 and 3 - 2 * 0.5; 1 - 1 and 3 - 0."""
    other = replace(POINTS, scenario="c", than="d")
    assert measured(replace(POINTS, less=other, times=1.0), VALUES).tolist() == [1, 2.5]
    assert measured(replace(POINTS, less=replace(other, times=2.0)), VALUES).tolist() == [1, 2]
    assert measured(replace(POINTS, less=replace(POINTS, outcome="y")), VALUES).tolist() == [0, 3]


def test_outcomes_that_differ_are_counted_to_the_last_bit():
    """Undefined in both worlds is the same; what is left out by name does not count."""
    differing = Check("c", "d", unit="differing")
    assert measured(differing, VALUES).tolist() == [0, 1]
    assert measured(replace(differing, but=("x",)), VALUES).tolist() == [0, 0]
    nearly = VALUES | {D: [VALUES[C][0] | {"x": math.nextafter(4.0, 5.0)}, VALUES[C][1]]}
    assert measured(differing, nearly).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [(1, 2, HELD), (0.5, 1.5, OPEN), (1.5, 2.5, OPEN), (0, 3, OPEN), (0, 0.9, FAILED), (2.1, 3, FAILED),
     (1, 1, HELD), (0, 1, OPEN), (math.nan, math.nan, OPEN)],
)  # fmt: skip
def test_an_interval_lies_within_the_limits_or_beyond_or_across(lower, upper, verdict):
    """Limits of 1 and 2; and, as the rule has no side, of -2 and -1."""
    assert judge((1.0, 2.0), lower, upper) == verdict
    assert judge((-2.0, -1.0), -upper, -lower) == verdict


def test_a_sentence_fails_if_one_of_its_numbers_does():
    assert worst([HELD, OPEN, FAILED, HELD]) == FAILED
    assert worst([HELD, OPEN]) == OPEN
    assert worst([HELD, NOT_RUN, OPEN]) == NOT_RUN
    assert worst([HELD]) == HELD


NAMED = [(name, number, nth) for (name, number), members in CHECKS.items() for nth, _ in enumerate(members, 1)]


def came(found):
    """Return the content of `expected.json` in which every check came out as a number."""
    keys = ("scenario", "sentence", "check")
    rows = [dict(zip(keys, name), mean=value, lower=value, upper=value) for name, value in zip(NAMED, found)]
    return {"version": "0", "defaults": "others", "replicates": 2, "scale": 0.5, "found": rows}


def test_the_page_shows_failures_first_and_in_their_place():
    """With everything at a limit nothing is listed; one number beyond its limits, and its sentence is."""
    limits = [next(filter(math.isfinite, check.between)) for check in MEMBERS]
    page = expected.page(CONTENT, came(limits))
    assert f"Of {len(CHECKS)} sentences {len(CHECKS)} came out as expected, 0 failed, 0 are not settled" in page
    assert "## Sentences that failed\n\nNone." in page
    assert "other default parameters" in page
    limits[NAMED.index(("raid", 4, 1))] = 99.0
    page, text = expected.page(CONTENT, came(limits)), Scenario.load("raid").expected[3]
    assert f"## Sentences that failed\n\n- [raid](#raid): {text}\n" in page
    assert f"| {text} | `immigration_arrests.raid` | 30 to 55 | 99 | {FAILED} |" in page


def test_what_was_not_run_is_said_to_be_so():
    """Without any run every sentence stands there with its limits and no verdict."""
    page = expected.page(CONTENT, {"found": []})
    assert f"and {len(CHECKS)} have not been run." in page
    assert page.count(f"| {NOT_RUN} |") == len(MEMBERS)
    assert "## Sentences that failed" not in page
    for name in Scenario.names():
        assert all(sentence in page for sentence in Scenario.load(name).expected)


def test_what_came_out_is_of_today_s_checks():
    """No row is of a check that is no more."""
    assert {(row["scenario"], row["sentence"], row["check"]) for row in expected.committed()["found"]} <= set(NAMED)
