"""`twoclaims claims`: what is asked is run once, goes on where it stopped, and is written whole."""

import json

import fake_claims
import pytest

from experiments import language
from experiments.cli import main
from experiments.storage import store
from experiments.validation.draws import POSTERIOR, PRIOR
from experiments.verdicts import columns, folder, reference, running
from experiments.verdicts.judging import Pairs
from simulation.errors import InputError

SMALL = running.Asked(draws=10, seeds=5, scale=0.02)


def begun(tmp_path):
    running.begin(tmp_path / "c", SMALL, fake_claims.engine())
    return tmp_path / "c"


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A finished folder, and what the summary was made from; its second source was stopped and gone on with."""
    made = begun(tmp_path_factory.mktemp("claims"))
    engine, runs = fake_claims.engine(), running.sweep
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "sweep", lambda *a, **k: stopped(runs, *a, **k))
        with pytest.raises(KeyboardInterrupt):
            running.go_on(made, 1, False, engine)
    kept = running.kept(made)
    results = running.go_on(made, 1, False, engine)
    return made, kept, folder.finish(made, results, {"M2": 0.25}, lambda _: None)


def stopped(runs, design=None, **options):
    """Stop before the priors are run."""
    if design is not None and design.stem == PRIOR:
        raise KeyboardInterrupt
    return runs(design, **options)


def test_a_stopped_one_keeps_what_is_done_and_goes_on(done):
    _, kept, found = done
    assert kept == (150, 300)
    assert found.about["counts"][POSTERIOR]["finished"] == found.about["counts"][PRIOR]["finished"] == 150
    assert found.about["status"] == store.COMPLETE
    assert found.sources == [POSTERIOR, PRIOR]


def test_a_folder_holds_tables_pages_figures_and_says_how_they_came_about(done):
    made, _, found = done
    names = {path.name for path in made.iterdir()}
    assert names >= {"claims.html", "claims.es.html", "manifest.json", "datapackage.json", "probabilities.csv"}
    assert names >= {f"{name}.parquet" for name in columns.TABLES}
    assert {path.name for path in (made / "figures").iterdir()} == {"claims.png", "claims.svg"}
    again = reference.read(made)
    assert again.about["thresholds"]["M2.solve_rate"] == 0.25
    assert set(again.about["files"]) == {f"{name}.parquet" for name in columns.TABLES}
    for name, table in found.tables.items():
        assert list(again.tables[name]) == list(table) == [column.name for column in columns.TABLES[name]]
        assert len(again.tables[name]) == len(table)


def test_verdicts_are_those_of_the_ledger_at_every_draw(done):
    """The fake city solves fewer crimes the more is shared, whatever the draw."""
    found = done[2]
    for source in found.sources:
        assert found.probability(source, "M2").supported == 1
        assert found.probability(source, "F1").draws == 10


def test_what_is_not_asked_rightly_is_refused_before_anything_runs(tmp_path):
    engine = fake_claims.engine()
    with pytest.raises(InputError, match="name two that differ"):
        running.begin(tmp_path / "a", SMALL._replace(pairs=Pairs(("agreement-ended",) * 2, running.BUDGET)), engine)
    with pytest.raises(InputError, match="exists already"):
        running.begin(tmp_path, SMALL, engine)
    with pytest.raises(InputError, match="name two scenarios"):
        running.asked("agreement-ended", None, None)
    with pytest.raises(InputError, match="nothing that twoclaims claims began"):
        running.described(tmp_path)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["agreement-ended"], "name two scenarios"),
        (["agreement-ended", "agreement-endet"], "agreement-endet"),
        (["--threshold", "M9=1"], "no such claim"),
        (["--draws", "3"], "from 10 to"),
        (["--seeds", "4"], "from 5 to"),
        (["--resume", "nowhere"], "nothing that twoclaims claims began"),
        (["--resume", "nowhere", "--draws", "20"], "leave out"),
    ],
)
def test_bad_input_is_one_line(tmp_path, monkeypatch, capsys, options, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["claims", *options])
    error = capsys.readouterr().err
    assert left.value.code == 2
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_command_judges_a_complete_folder_anew(done, capsys, monkeypatch):
    monkeypatch.setattr(folder, "_write_shown", lambda *_: None)  # as before, and slow
    with pytest.raises(SystemExit) as left:
        main(["claims", "--resume", str(done[0]), "--threshold", "D1=0.5", "--json", "-q"])
    said = json.loads(capsys.readouterr().out)
    assert left.value.code == 0
    assert {row["claim"] for row in said["probabilities"]} == {claim.id for claim in done[2].claims}
    assert reference.read(done[0]).about["thresholds"]["D1.victimization_rate.citizens"] == 0.5


@pytest.mark.parametrize("code", language.CODES)
def test_the_pages_are_in_both_languages(done, code):
    name = "claims.html" if code == "en" else f"claims.{code}.html"
    assert f'<html lang="{code}">' in (done[0] / name).read_text(encoding="utf-8")
