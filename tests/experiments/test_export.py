"""Tables as CSV: what a spreadsheet, R and pandas read is what the result holds."""

import csv
import json
import math
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner
from planted import write_result

from experiments import export
from experiments.cli import main
from experiments.storage import export as exporting
from experiments.storage import store
from experiments.storage.result import Result
from simulation.errors import InputError


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    points = pd.DataFrame({"fear_effect": [0.1, 1 / 3, 3.0], "detainers": ["never", "honor", "never"]})
    factors = {"fear_effect": (0, 4), "detainers": {"values": ["never", "honor"]}}

    def solved(values, replicate):
        return {0.1: math.nan, 3.0: None}.get(values["fear_effect"], values["fear_effect"] * replicate)

    return write_result(tmp_path_factory.mktemp("planted") / "r", factors, points, solved, seeds=2)


def test_every_table_says_in_csv_what_it_says_in_parquet(result, tmp_path):
    folder, notes = export(result, tmp_path / "csv")
    assert notes == []
    for name in ("runs", "points", "failures"):
        table = pd.read_parquet(result.folder / f"{name}.parquet")
        with open(folder / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == list(table.columns)
        for column, texts in zip(header, zip(*rows)):
            if table[column].dtype == float:
                found = [float(text or "nan") for text in texts]
                assert pd.Series(found).equals(table[column].rename(None)), "to the last bit"
            elif column not in ("population_seed", "start", "outcomes_from"):
                assert list(texts) == [str(value) for value in table[column]]
    failures = pd.read_csv(folder / "failures.csv")
    assert failures["traceback"].tolist() == result.failures["traceback"].tolist(), "also over several lines"


def test_a_spreadsheet_knows_the_encoding_the_dates_and_the_missing_values(result, tmp_path):
    folder, _ = export(result.folder, tmp_path / "csv")
    raw = (folder / "runs.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfrun_id,")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert {row["start"] for row in rows} == {"2016-01-01"}
    assert rows[0]["solve_rate"] == ""
    assert rows[2]["solve_rate"] == repr(1 / 3)
    assert rows[0]["population_seed"] == ""


def test_every_column_is_described(result, tmp_path):
    folder, _ = export(result, tmp_path / "csv")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {each["path"] for each in package["resources"]} == {path.name for path in folder.glob("*.csv")}
    for each in package["resources"]:
        header = next(csv.reader((folder / each["path"]).read_text(encoding="utf-8-sig").splitlines()))
        assert header == [field["name"] for field in each["schema"]["fields"]]
    assert (folder / "manifest.json").is_file()


def test_a_comparison_can_be_exported_too(comparison, tmp_path):
    folder, _ = export(comparison.folder, tmp_path / "csv")
    ours, theirs = (pd.read_csv(each / "series.csv") for each in (folder, comparison.folder))
    pd.testing.assert_frame_equal(ours, theirs)


def test_tables_too_long_for_a_spreadsheet_are_told(result, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "SPREADSHEET_ROWS", 5)
    monkeypatch.setattr(store, "CSV_ROWS", 3)
    folder, notes = export(result, tmp_path / "csv")
    assert notes == ["note: runs.csv has 8 rows, more than a spreadsheet can hold (5)"]
    assert len(pd.read_csv(folder / "runs.csv")) == 8


def test_the_command(result, tmp_path):
    def call(*arguments):
        return CliRunner().invoke(main, ["export", *map(str, arguments)], prog_name="twoclaims", standalone_mode=True)

    done = call(result.folder, "--csv", "--json")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["folder"].startswith(str(result.folder / "analysis" / "export-"))
    assert "runs.csv" in said["files"]
    assert call(result.folder).exit_code == 0  # there is no other form than CSV
    for arguments, message in [
        ((tmp_path, "--csv"), "not a result folder"),
        ((result.folder, "--csv", "--out", tmp_path), "exists already"),
    ]:
        refused = call(*arguments)
        assert refused.exit_code == 2
        assert message in refused.stderr


def test_seeds_keep_all_digits_where_some_are_missing(tmp_path):
    seeds = pd.DataFrame({"seed": pd.array([2**62 + 1, None], dtype="Int64")})
    seeds.to_parquet(tmp_path / "t.parquet")
    store.write_csv(tmp_path / "t.parquet", tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").split() == ["seed", str(2**62 + 1), '""']


@pytest.mark.parametrize("name", ["runs.parquet", "datapackage.json", "manifest.json"])
def test_a_damaged_result_is_refused_in_one_line(result, tmp_path, name):
    damaged = tmp_path / "r"
    shutil.copytree(result.folder, damaged)
    (damaged / name).write_text("{}")
    with pytest.raises(InputError, match=r"damaged|not a result"):
        Result.open(damaged)


def test_a_folder_that_cannot_be_written(result, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write"):
        export(result, tmp_path / "file" / "csv")
