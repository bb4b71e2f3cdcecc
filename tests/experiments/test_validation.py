"""The whole validation: what is run, what is kept when it is stopped, and what the folder and the page say."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from docs import build
from experiments.cli import main
from experiments.runs import execution
from experiments.validation import bands, draws, folder, page, study, tables, validate
from experiments.validation.bands import INSIDE, OUTSIDE, UNDECIDED
from experiments.validation.figure import draw
from experiments.validation.quantities import QUANTITIES, STUDY_OF
from experiments.validation.study import STUDIES, Estimate, Size
from simulation.errors import InputError

SHIPPED = bands.shipped()
REFERENCE = Path(__file__).parents[2] / "results" / "reference" / "validation"


def in_the_middle(name, drawn, size):
    """Stand in for a study: every estimate in the middle of its band, or far off where the draw says so."""
    return [
        Estimate(p, q, middle, middle - half, middle + half, unit)
        for p, quantities in QUANTITIES.items()
        if STUDY_OF[p] == name
        for q, unit in quantities.items()
        for band in [SHIPPED.band(p, q)]
        for half in [(band.high - band.low) / 8]
        for middle in [(band.low + band.high) / 2 + (1000.0 if drawn.get("fear_effect") == 0.0 and p == "P1" else 0.0)]
    ]


@pytest.fixture
def here(monkeypatch):
    """Let studies run in this process."""

    def pool(run, workers, announce, apart, keep):
        return execution.Pool(run, 1, keep=keep)

    monkeypatch.setattr(validate, "Pool", pool)


@pytest.fixture
def quick(monkeypatch, here):
    """Let studies be stand-ins."""
    monkeypatch.setattr(validate, "replicate", in_the_middle)


def everything(**options):
    return validate.validate({draws.DEFAULTS: [{}], draws.PRIOR: [{}, {}, {"fear_effect": 0.0}]}, workers=1, **options)


def test_all_studies_are_run_at_all_draws_and_models(quick):
    found = everything()
    assert len(found.records) == found.planned == 7 * len(STUDIES)
    assert set(found.patterns["model"]) == {"defaults", "prior", *validate.ABLATIONS}
    assert list(found.patterns.columns) == list(tables.PATTERNS)
    assert list(found.estimates.columns) == list(tables.ESTIMATES)
    quantities = sum(map(len, QUANTITIES.values()))
    assert len(found.patterns) == 5 * quantities
    assert len(found.estimates) == 7 * quantities


def test_a_model_that_misses_a_band_fails_its_pattern_only(quick):
    verdicts = tables.verdicts_of_patterns(everything().patterns)
    assert verdicts.loc["P1", "no_fear"] == OUTSIDE
    assert set(verdicts["defaults"]) == {INSIDE}
    assert set(verdicts["no_fear"].drop("P1")) == {INSIDE}
    assert verdicts.loc["P1", "prior"] == UNDECIDED  # one of three draws is far off


def test_shares_are_of_draws(quick):
    shares = tables.shares_of_draws(everything().estimates).set_index(["model", "pattern"])
    assert shares.loc[("prior", "P1"), "all_inside"] == pytest.approx(2 / 3)
    assert shares.loc[("prior", "P3"), "none_outside"] == 1.0


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [([INSIDE, INSIDE], INSIDE), ([INSIDE, UNDECIDED], UNDECIDED), ([INSIDE, UNDECIDED, OUTSIDE], OUTSIDE)],
)
def test_a_pattern_is_all_its_quantities_at_once(verdicts, whole):
    assert tables.together(verdicts) == whole


def test_over_draws_the_interval_holds_the_estimates_and_leaves_out_what_is_undefined():
    rows = pd.DataFrame({"value": [1.0, 2.0, float("nan"), 3.0], "low": 0.0, "high": 9.0})
    value, low, high = tables._over_draws(rows)
    assert (value, low, high) == (2.0, pytest.approx(1.05), pytest.approx(2.95))
    assert all(map(math.isnan, tables._over_draws(rows.iloc[[2, 2]])))


def test_ablations_are_of_the_fitted_draws_where_there_are_any():
    given = {draws.DEFAULTS: [{}], draws.POSTERIOR: [{"awareness": 0.5}, {"awareness": 0.6}]}
    tasks = validate.plan(given, ["no_fear"], study.FULL, ["news"])
    assert [t.draw for t in tasks if t.model == "no_fear"] == [
        {"awareness": 0.5, "fear_effect": 0.0},
        {"awareness": 0.6, "fear_effect": 0.0},
    ]
    assert len({task.name for task in tasks}) == len(tasks)


def test_many_draws_get_fewer_counties_each():
    tasks = validate.plan({draws.DEFAULTS: [{}], draws.PRIOR: [{}] * 30}, [], study.FULL, ["news"])
    assert {(task.model, task.size.units) for task in tasks} == {("defaults", 1.0), ("prior", study.SHARE_AT_MANY)}


@pytest.mark.parametrize(
    ("given", "ablations", "studies", "words"),
    [
        ({"defaults": [{}]}, ["no_feer"], STUDIES, "did you mean 'no_fear'"),
        ({"defaults": [{}]}, [], ["newz"], "did you mean 'news'"),
        ({"prior": []}, [], STUDIES, "no draw"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(given, ablations, studies, words):
    with pytest.raises(InputError, match=words):
        validate.plan(given, ablations, study.FULL, studies)


def test_an_interruption_keeps_what_is_done(quick, monkeypatch, tmp_path):
    real, done = in_the_middle, []

    def interrupted(name, drawn, size):
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(name)
        return real(name, drawn, size)

    monkeypatch.setattr(validate, "replicate", interrupted)
    found = everything()
    assert found.interrupted
    assert len(found.records) == 4
    saved = folder.save(found, tmp_path / "half")
    patterns, _, manifest = folder.read(saved)
    assert manifest["status"] == "interrupted"
    assert set(patterns["pattern"]) == {p for p, s in STUDY_OF.items() if s in done}
    assert "interrupted" in (saved / folder.PAGE_FILE).read_text(encoding="utf-8")


def test_the_command_tells_an_interruption_by_its_exit_code(quick, monkeypatch, tmp_path):
    def interrupted(name, drawn, size):
        if name != STUDIES[0]:
            raise KeyboardInterrupt
        return in_the_middle(name, drawn, size)

    monkeypatch.setattr(validate, "replicate", interrupted)
    with pytest.raises(SystemExit) as left:
        main(["validate", "--no-ablations", "--workers", "1", "-q", "--out", str(tmp_path / "r")])
    assert left.value.code == 130
    assert (tmp_path / "r" / folder.PAGE_FILE).is_file()


def test_an_interruption_before_anything_is_done_goes_on(quick, monkeypatch):
    def at_once(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "replicate", at_once)
    with pytest.raises(KeyboardInterrupt):
        everything()


def test_a_study_that_fails_is_said_and_the_others_go_on(quick, monkeypatch):
    def failing(name, drawn, size):
        if name == "raid":
            raise ValueError("no such town")
        return in_the_middle(name, drawn, size)

    monkeypatch.setattr(validate, "replicate", failing)
    found = everything()
    assert len(found.failed) == 7
    assert "no such town" in found.notes[0]
    assert set(found.patterns["pattern"]) == set(QUANTITIES) - {"P7"}


def test_the_folder_holds_tables_figure_page_and_origin(quick, tmp_path):
    found = everything()
    saved = folder.save(found, tmp_path / "v")
    names = {path.relative_to(saved).as_posix() for path in saved.rglob("*") if path.is_file()}
    assert names == {"estimates.csv", "patterns.csv", "validation.md", "manifest.json", "figures/patterns.pdf",
                     "figures/patterns.png"}  # fmt: skip
    patterns, estimates, manifest = folder.read(saved)
    assert manifest["bands"] == SHIPPED.fingerprint
    assert manifest["draws"] == {"defaults": 1, "prior": 3}
    assert len(estimates) == len(found.estimates)
    assert patterns["value"].to_numpy() == pytest.approx(found.patterns["value"].to_numpy(), rel=1e-5)
    with pytest.raises(InputError, match="exists already"):
        folder.save(found, saved)


def test_the_page_shows_a_failed_pattern_as_failed(quick, tmp_path):
    found = everything()
    text = page.page(found.patterns, found.estimates, found.bands, folder.manifest(found))
    assert "- no fear: fails 1 of 10: P1;" in text
    assert "- default parameters: survives" in text
    assert "- prior: at each of 3 draws 0 to 1 of 10 patterns fail; 2 draws survive." in text
    assert "**No calibrated sample exists yet.**" in text
    assert all(f"### {pattern} " in text for pattern in QUANTITIES)


def test_the_figure_shows_every_quantity_once_also_undefined_and_unbounded_ones(quick):
    patterns = everything().patterns
    patterns.loc[0, ["value", "low", "high"]] = float("nan")
    patterns.loc[1, ["low", "high"]] = (-math.inf, math.inf)
    figure = draw(patterns)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == len(set(labels)) == sum(map(len, QUANTITIES.values()))
    figure.canvas.draw()


def test_prior_draws_are_within_bounds_and_the_same_again():
    first, again = (draws.prior_draws(7, 3) for _ in range(2))
    assert first == again != draws.prior_draws(7, 4)
    for drawn in first:
        for factor in draws.uncertain():
            low, high = factor.declared.bounds
            assert low <= drawn[factor.name] <= high
    assert {"fear_effect", "offender_response", "replacement", "substitution"} <= set(first[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("fear_efect\n1\n", "did you mean 'fear_effect'"),
        ("fear_effect\n", "at least one row"),
        ("fear_effect,awareness\n1,\n", "a number in every column"),
    ],
)
def test_a_wrong_sample_is_refused(tmp_path, content, words):
    file = tmp_path / "sample.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        draws.read_draws(file)


def test_a_sample_is_read_evenly(tmp_path):
    file = tmp_path / "sample.csv"
    pd.DataFrame({"fear_effect": range(10)}).to_csv(file, index=False)
    assert [drawn["fear_effect"] for drawn in draws.read_draws(file, 4)] == [0, 2, 5, 7]
    assert len(draws.read_draws(file)) == 10


def command(*arguments):
    """Call `twoclaims validate` in this process."""
    return CliRunner().invoke(main, ["validate", *map(str, arguments)], prog_name="twoclaims", standalone_mode=True)


def test_one_real_study_through_the_command(here, tmp_path):
    out = tmp_path / "real"
    done = command("--study", "philadelphia", "--size", "0.1", "--no-ablations", "--workers", "1", "--json",
               "-q", "--posterior", _sample(tmp_path), "--out", out)  # fmt: skip
    assert done.exit_code == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {(row["model"], row["pattern"]) for row in rows} == {("posterior", "P10"), ("defaults", "P10")}
    assert (out / "figures" / "patterns.png").is_file()
    assert done.stderr == ""


def test_the_command_refuses_an_unknown_study_before_it_runs(tmp_path):
    done = command("--study", "raids", "--out", tmp_path / "never")
    assert done.exit_code == 2
    assert "did you mean 'raid'" in done.stderr
    assert not (tmp_path / "never").exists()


def _sample(tmp_path):
    file = tmp_path / "sample.csv"
    file.write_text("fear_effect,awareness\n4.5,0.7\n", encoding="utf-8")
    return file


def test_the_bands_are_older_than_the_committed_results():
    """Their content is what it was when the results were made."""
    _, _, manifest = folder.read(REFERENCE)
    assert manifest["bands"] == SHIPPED.fingerprint
    assert manifest["status"] == "complete"


def test_the_committed_results_are_of_the_whole_set_of_patterns():
    patterns, _, _ = folder.read(REFERENCE)
    by_model = patterns.groupby("model")["pattern"].agg(set)
    assert set(by_model.index) >= set(validate.ABLATIONS) | {draws.DEFAULTS}
    assert all(found == set(QUANTITIES) for found in by_model)


def test_the_page_of_the_documents_is_of_the_committed_results():
    patterns, estimates, manifest = folder.read(REFERENCE)
    assert build.PAGES["validation.md"]().endswith(page.page(patterns, estimates, SHIPPED, manifest))


def test_the_stand_in_is_like_a_study():
    for name in STUDIES:
        assert {(e.pattern, e.quantity) for e in in_the_middle(name, {}, Size())} == {
            (p, q) for p in QUANTITIES if STUDY_OF[p] == name for q in QUANTITIES[p]
        }
