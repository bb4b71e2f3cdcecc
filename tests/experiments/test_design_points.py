"""A list of points: exactly the combinations that are given, and clear words about what is wrong with them."""

import pytest

from experiments import Design
from simulation.errors import InputError

HEAD = 'scenarios = ["agreement-renewed", "agreement-ended"]\nmethod = "list"\nseeds = 3\n'
SEVEN = """fear_effect,detainers,levers.fingerprint_checks
3,never,true
3.5,never,true
4e0,honor,false
0,honor,TRUE
5.7,judicial_warrant,False

3,honor,false
3,never,false
"""


def load(tmp_path, csv, name="points.csv"):
    """Write a CSV and a design beside it, and load the design."""
    content = csv.encode() if isinstance(csv, str) else csv
    (tmp_path / name).write_bytes(content)
    file = tmp_path / "d.toml"
    file.write_text(HEAD + f'file = "{name}"\n', encoding="utf-8")
    return Design.load(file)


def test_seven_given_combinations_are_run_and_no_others(tmp_path):
    design = load(tmp_path, SEVEN)
    assert design.rows == [
        (3.0, "never", True),
        (3.5, "never", True),
        (4.0, "honor", False),
        (0.0, "honor", True),
        (5.7, "judicial_warrant", False),
        (3.0, "honor", False),
        (3.0, "never", False),
    ]
    assert design.n_runs == 7 * 2 * 3
    assert [factor.levels for factor in design.factors] == [
        (0.0, 3.0, 3.5, 4.0, 5.7),
        ("never", "judicial_warrant", "honor"),
        (False, True),
    ]


def test_what_was_read_is_written_into_the_design_itself(tmp_path):
    design = load(tmp_path, SEVEN)
    (tmp_path / "points.csv").unlink()
    (tmp_path / "d.toml").write_text(design.to_toml(), encoding="utf-8")
    assert Design.load(tmp_path / "d.toml") == design


def test_spreadsheets_may_write_a_mark_and_spaces(tmp_path):
    design = load(tmp_path, b"\xef\xbb\xbf fear_effect , vulnerability.undocumented\r\n 3 , 0.5\r\n")
    assert design.rows == [(3.0, 0.5)]


REFUSED = {
    "empty": ("", "points.csv: empty; the first row names parameters and levers"),
    "no rows": ("fear_effect\n", "points.csv: no points below the row of names"),
    "unknown column": (
        "fear_effect,detainrs\n1,never\n",
        "points.csv: row 1, column 2: unknown parameter or lever 'detainrs'; did you mean 'detainers'?",
    ),
    "nameless column": ("fear_effect,\n1,2\n", "points.csv: row 1, column 2: has no name"),
    "column twice": (
        "fear_effect,parameters.fear_effect\n1,2\n",
        "points.csv: row 1, column 2: 'fear_effect' is given twice",
    ),
    "semicolons": (
        "fear_effect;capacity\n1;2\n",
        "row 1, column 1: 'fear_effect;capacity': separate columns by commas",
    ),
    "too few cells": ("fear_effect,capacity\n1,2\n3\n", "points.csv: row 3: 1 values for 2 columns"),
    "too many cells": ("fear_effect\n4,5\n", "points.csv: row 2: 2 values for 1 columns"),
    "not a number": (
        "fear_effect,capacity\n1,1\n2,much\n",
        "points.csv: row 3, column capacity = 'much': must be a number (multiple of the usual capacity)",
    ),
    "an empty cell": ("fear_effect,capacity\n1,\n", "points.csv: row 2, column capacity = '': must be a number"),
    "nan": ("fear_effect\nnan\n", "points.csv: row 2, column fear_effect = 'nan': must be a number"),
    "out of bounds": (
        "capacity,fear_effect\n1,1\n\n1,99\n",
        "points.csv: row 4, column fear_effect = 99.0: must lie between 0 and 10",
    ),
    "endless": ("fear_effect\n1e999\n", "points.csv: row 2, column fear_effect = inf: must lie between 0 and 10"),
    "no such word": ("detainers\nhonour\n", "points.csv: row 2, column detainers = 'honour': must be one of never"),
    "no truth": ("victim_shield\nyes\n", "points.csv: row 2, column victim_shield = 'yes': must be true or false"),
    "a row twice": (
        "fear_effect,capacity\n1,2\n3,4\n1.0,2\n",
        "points.csv: row 4: the same combination as row 2",
    ),
    "not text": (b"fear_effect\n\xff\n", "points.csv: not a text file in UTF-8 (byte 12)"),
    "an open quote": ('fear_effect\n"1\n', "not valid CSV"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_with_a_file_is_said_with_row_and_column(tmp_path, case):
    csv, said = REFUSED[case]
    with pytest.raises(InputError) as caught:
        load(tmp_path, csv)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "points.csv"))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    (tmp_path / "d.toml").write_text(HEAD + 'file = "none.csv"\n')
    with pytest.raises(InputError, match=r"none\.csv: no such file$"):
        Design.load(tmp_path / "d.toml")
    (tmp_path / "d.toml").write_text(HEAD + 'file = "."\n')
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        Design.load(tmp_path / "d.toml")


TABLES = {
    "nothing": ("[combinations]\n", "combinations: must not be empty"),
    "no list": ("[combinations]\nfear_effect = 3\n", "combinations.fear_effect = 3: must be a list of values"),
    "no values": ("[combinations]\nfear_effect = []\n", "must be a list of values, one for each point"),
    "lengths": (
        "[combinations]\nfear_effect = [1, 2]\ncapacity = [1]\n",
        "combinations: 1 values of capacity and 2 of fear_effect: every factor needs one for each point",
    ),
    "unknown": (
        "[combinations]\nfear_efect = [1]\n",
        "combinations: unknown parameter or lever 'fear_efect'; did you mean 'fear_effect'?",
    ),
    "twice": (
        '[combinations]\ncapacity = [1]\n"levers.capacity" = [1]\n',
        "combinations: factor 'capacity' is given twice",
    ),
    "bounds": (
        "[combinations]\nfear_effect = [1, 11]\n",
        "combinations.fear_effect[2] = 11: must lie between 0 and 10",
    ),
    "a point twice": ("[combinations]\nfear_effect = [1, 2, 1]\n", "combinations: point 3 is the same as point 1"),
}


@pytest.mark.parametrize("case", TABLES)
def test_what_is_wrong_with_a_table_is_said_with_factor_and_point(tmp_path, case):
    table, said = TABLES[case]
    (tmp_path / "d.toml").write_text(HEAD + table)
    with pytest.raises(InputError) as caught:
        Design.load(tmp_path / "d.toml")
    assert said in str(caught.value)


def test_tables_in_tables_are_flat_names(tmp_path):
    (tmp_path / "d.toml").write_text(
        HEAD + "[combinations]\nvulnerability.undocumented = [0.5, 1]\ncapacity = [1, 2]\n"
    )
    assert Design.load(tmp_path / "d.toml").rows == [(0.5, 1.0), (1.0, 2.0)]
