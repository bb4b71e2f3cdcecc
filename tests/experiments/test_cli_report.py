"""The command report: what it writes, and what it refuses."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from reported import ROOT_SEED, WORLDS

from experiments.cli import main
from experiments.report.folder import MONTHLY
from experiments.runs.replication import replicate
from experiments.storage.result import Result
from simulation.outcomes import OUTCOMES

FILES = {"report.html", "report.pdf", "handout.pdf", "slide.pptx", "figures", "tables", "manifest.json"}


def twoclaims(*arguments):
    return CliRunner().invoke(main, [str(each) for each in arguments], standalone_mode=True)


def refused(complaint, *arguments):
    """Check that a command ends with exit code 2 and one line."""
    done = twoclaims(*arguments)
    assert done.exit_code == 2, done.output
    assert len(done.stderr.strip().splitlines()) == 1
    assert complaint in done.stderr


@pytest.fixture(scope="module")
def written(reported_result, tmp_path_factory):
    """Write the report in Spanish; return what the command said and the folder."""
    folder = tmp_path_factory.mktemp("reports") / "informe"
    return twoclaims("report", reported_result, "--language", "es", "--out", folder), folder


def test_everything_is_written(written):
    """HTML, PDF, hand-out, slide, each figure as SVG and PNG, each table as CSV."""
    done, folder = written
    assert done.exit_code == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == FILES
    assert str(folder) in done.stdout
    assert '<html lang="es">' in (folder / "report.html").read_text(encoding="utf-8")
    for name in ("report.pdf", "handout.pdf"):
        assert (folder / name).read_bytes().startswith(b"%PDF")
    drawn = {path.stem for path in (folder / "figures").glob("*.svg")}
    assert drawn == {path.stem for path in (folder / "figures").glob("*.png")}
    assert drawn | {"results"} == {path.stem for path in (folder / "tables").glob("*.csv")}
    assert len(drawn) >= 10
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["language"], manifest["root_seed"]) == ("report", "es", ROOT_SEED)


def test_the_table_of_results_has_every_outcome(written, reported_result):
    """All digits, every outcome and group, under headers in the language."""
    table = pd.read_csv(written[1] / "tables" / "results.csv")
    keys = table.iloc[:, -3]  # before where the table is from and what it is for
    assert set(keys) == set(Result.open(reported_result).outcomes)
    effects = Result.open(reported_result).effects("solve_rate", *WORLDS)
    assert table.loc[keys == "solve_rate", "A menos B"].item() == pytest.approx(effects["value"].mean())
    assert "solve_rate" in OUTCOMES


def test_two_of_several_and_the_other_way_round(reported_result, tmp_path):
    """--a and --b choose the worlds; JSON names what was written; without --out it is inside the result."""
    out = tmp_path / "turned"
    done = twoclaims("report", reported_result, "--a", WORLDS[1], "--b", WORLDS[0], "--out", out, "--json", "-q")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["folder"] == str(out)
    assert {"report.html", "slide.pptx", "tables/results.csv"} <= set(told["files"])
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"twoclaims compare {WORLDS[1]} {WORLDS[0]}" in page
    assert done.stderr == ""


def test_it_never_overwrites(written, reported_result):
    """The folder exists: refused, and nothing in it is touched."""
    before = (written[1] / "report.html").stat().st_mtime_ns
    refused("exists already", "report", reported_result, "--out", written[1])
    assert (written[1] / "report.html").stat().st_mtime_ns == before


def test_what_cannot_be_reported_is_refused(reported_result, tmp_path):
    """Another language, another scenario, no result, and nothing is left behind."""
    out = tmp_path / "none"
    refused("unknown language 'fr'", "report", reported_result, "--language", "fr", "--out", out)
    refused("did you mean 'agreement-ended'?", "report", reported_result, "--b", "agreement-endet", "--out", out)
    refused("is not a result folder", "report", tmp_path, "--out", out)
    refused("is not a result folder", "report", tmp_path / "missing", "--out", out)
    assert not list(tmp_path.iterdir())


def test_one_world_and_one_world_twice_are_refused(tmp_path, reported_result):
    """A result of run has one scenario; a scenario is not compared with itself."""
    single = tmp_path / "single"
    settings = {"scale": 0.002, "years": 2.8}
    replicate("agreement-ended", seeds=1, overrides=settings, workers=1, out=single, progress=False)
    refused("one scenario only", "report", single, "--out", tmp_path / "none")
    refused(
        "name two scenarios", "report", reported_result, "--a", WORLDS[0], "--b", WORLDS[0], "--out", tmp_path / "none"
    )
    assert not (tmp_path / "none").exists()


def swept(folder, *lines):
    """Run a small sweep in this process and return its folder."""
    from experiments.sweeps.sweep import sweep

    design = folder / "design.toml"
    head = ['title = "x"', 'scenarios = ["agreement-renewed", "agreement-ended"]', "seeds = 2", "scale = 0.002"]
    design.write_text("\n".join([*head, *lines]))
    sweep(design, out=folder / "swept", progress=False)
    return folder / "swept"


def test_a_sweep_with_factors_is_refused(tmp_path, here):
    """It holds no single pair of worlds."""
    result = swept(tmp_path, 'method = "grid"', "[factors]", "fear_effect = { low = 0.0, high = 1.0, levels = 2 }")
    refused("varies", "report", result, "--out", tmp_path / "none")


def test_a_sweep_that_kept_no_months_is_refused(tmp_path, here):
    """One line says which, and what to write into the design."""
    result = swept(tmp_path, 'method = "fixed"', 'series = ["reported"]')
    refused("does not keep happened, recorded, cleared month by month", "report", result, "--out", tmp_path / "none")


def test_a_sweep_that_varies_nothing_is_reported_with_the_command_of_compare(tmp_path, here):
    """Its worlds are those of compare over the same seeds."""
    result = swept(tmp_path, 'method = "fixed"', f"series = {json.dumps(MONTHLY)}")
    done = twoclaims("report", result, "--out", tmp_path / "report", "-q")
    assert done.exit_code == 0, done.stderr
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "twoclaims compare agreement-renewed agreement-ended --seeds 2 --seed 1 --scale 0.002" in page
