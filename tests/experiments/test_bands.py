"""The acceptance bands: complete, sourced, and refused by name where they are wrong."""

from importlib.resources import files
from itertools import pairwise

import pytest

from experiments.validation import bands
from experiments.validation.bands import INSIDE, OUTSIDE, UNDECIDED, Band
from experiments.validation.quantities import MEANINGS, QUANTITIES, STUDY_OF, UNITS
from simulation.errors import InputError

TEXT = (files("experiments.validation") / "bands.toml").read_text(encoding="utf-8")
RULES = ("half", "null", "span", "stated")


def test_every_declared_quantity_has_a_band_and_a_reason():
    shipped = bands.shipped()
    assert {(pattern.id, band.name) for pattern, band in shipped} == {
        (pattern, name) for pattern, names in QUANTITIES.items() for name in names
    }
    assert all(band.why.startswith(RULES) for _, band in shipped)
    assert set(STUDY_OF) == set(QUANTITIES)


def test_every_quantity_is_explained_and_has_a_known_unit():
    assert {name for names in QUANTITIES.values() for name in names} == set(MEANINGS)
    assert {unit for names in QUANTITIES.values() for unit in names.values()} == set(UNITS)


def test_only_the_two_patterns_of_the_specification_are_fitted():
    shipped = bands.shipped()
    assert shipped.fitted == ("P1", "P6")
    assert not set(shipped.fitted) & set(shipped.held_out)


def test_a_published_effect_lies_in_its_own_band():
    for pattern, band in bands.shipped():
        if band.published is not None:
            assert band.judge(band.published, band.published) == INSIDE, (pattern.id, band.name)


BAND = Band(name="x", unit="percent", evidence=["e"], low=-1.0, high=2.0, why="null: example")


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-1.0, 2.0, INSIDE),
        (0.0, 0.0, INSIDE),
        (-1.1, 2.0, UNDECIDED),
        (1.9, 5.0, UNDECIDED),
        (-9.0, 9.0, UNDECIDED),
        (2.1, 3.0, OUTSIDE),
        (-3.0, -1.1, OUTSIDE),
        (float("nan"), float("nan"), OUTSIDE),
    ],
)
def test_verdicts(low, high, verdict):
    assert BAND.judge(low, high) == verdict


def test_verdicts_move_from_inside_to_outside_as_an_interval_leaves_the_band():
    seen = [BAND.judge(shift - 0.2, shift + 0.2) for shift in (0.0, 2.0, 2.5)]
    assert seen == [INSIDE, UNDECIDED, OUTSIDE]
    assert all(a != b for a, b in pairwise(seen))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "P3"', 'id = "P33"', "unknown pattern 'P33'; did you mean 'P3'?"),
        ('name = "clearance"', 'name = "clearence"', "unknown quantity 'clearence'; did you mean 'clearance'?"),
        ('evidence = ["gjw-path-peak"]', 'evidence = ["gjw-path-peek"]', "did you mean 'gjw-path-peak'?"),
        ('evidence = ["gjw-path-peak"]', "evidence = []", "evidence"),
        ('evidence = ["gjw-path-peak"]\n', "", "evidence"),
        ("low = -45.0", "low = -5.0", "low = -5 is above high = -15"),
        ("low = -45.0", "low = nan", "finite number"),
        ("low = -45.0", 'low = "much"', "must be a number"),
        ("low = -45.0", "lowest = -45.0", "low"),
        ('unit = "index points"', 'unit = "points"', "must be 'index points'"),
        ("published_low = -22.0", "published_low = -2.0", "published must lie between"),
        ("published_low = -22.0\n", "", "go together"),
        ("\nfitted = true", "\nfitted = 1", "must be true or false"),
        ('id = "P2"', 'id = "P1"', "given twice"),
        ('name = "recovery"', 'name = "reports_quarter"', "given twice"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path, old, new, words):
    assert old in TEXT
    file = tmp_path / "mine.toml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        bands.load(file)
    assert words in str(refused.value)
    assert "mine.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_pattern_left_out_is_missed(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(TEXT[: TEXT.index('[[pattern]]\nid = "P10"')], encoding="utf-8")
    with pytest.raises(InputError, match="no band for pattern 'P10'"):
        bands.load(file)


def test_the_fingerprint_is_of_the_content(tmp_path):
    file = tmp_path / "same.toml"
    file.write_bytes(TEXT.encode())
    assert bands.load(file).fingerprint == bands.shipped().fingerprint
    file.write_bytes(TEXT.encode() + b"\n")
    assert bands.load(file).fingerprint != bands.shipped().fingerprint
