"""Calibration with a stand-in for the model: truths are covered as often as they should be; stops leave no trace."""

import json

import numpy as np
import pytest

from experiments.calibration import calibration as calibrations
from experiments.calibration.abc import JOURNAL, effective_size, fit, next_temperature, retempered, values_of
from experiments.calibration.model import SUMMARIES
from experiments.calibration.posterior import distance_to_prior, read_posterior
from experiments.calibration.sample import KEPT, LEARNED, LEARNT, SAMPLE, read_sample
from experiments.calibration.sampler import Journal
from experiments.calibration.targets import Target, Targets
from experiments.designs.factors import make_factor
from simulation.errors import InputError
from simulation.parameters import PARAMETERS

FACTORS = [make_factor(name, "test") for name in ("fear_effect", "news_effect", "trust_effect")]
SEEN = ("P1.reporting_hispanic", "P6.reports_quarter")


def stand_in(values):
    """Two summaries see two parameters, mixed and bent; nothing sees the third."""
    u = values["fear_effect"] / PARAMETERS["fear_effect"].prior.arguments[1]
    v = np.log(values["news_effect"] / 0.1) / np.log(20.0)
    return {SEEN[0]: -40.0 * u - 10.0 * v, SEEN[1]: -20.0 * v - 5.0 * u * v}


def targets_at(observed):
    found = [Target(id=name, fit=True, value=observed[name], tolerance=tolerance, noise=0.0, evidence=["e"], why="w")
             for name, tolerance in zip(SEEN, (6.0, 3.0))]  # fmt: skip
    return Targets(found, FACTORS, "fingerprint")


TARGETS = targets_at({SEEN[0]: -25.0, SEEN[1]: -12.0})


class Stop:
    """Interrupt after so many evaluations."""

    def __init__(self, after):
        self.left = after

    def __call__(self, *_):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def posterior_of(history, folder, targets=TARGETS):
    return read_posterior(targets, history, list(Journal(folder / JOURNAL).read()))


def test_truths_are_covered_at_the_stated_rate(tmp_path):
    """Simulation-based calibration: a truth of the prior, data with the stated error, and the truth's rank."""
    generator = np.random.default_rng(1)
    shares, runs = [], 24
    for run in range(runs):
        point = dict(zip(TARGETS.names, generator.standard_normal(len(FACTORS))))
        truth = stand_in(values_of(TARGETS, point))
        observed = {target.id: truth[target.id] + target.scale * generator.standard_normal() for target in TARGETS.all}
        folder = tmp_path / str(run)
        folder.mkdir()
        targets = targets_at(observed)
        history = fit(targets, folder, population=80, generations=8, seed=run, measure=stand_in)
        found = posterior_of(history, folder, targets)
        assert found.temperature == 1.0
        shares.append([np.average(found.points[:, n] < point[name], weights=found.weight)
                       for n, name in enumerate(TARGETS.names)])  # fmt: skip
    shares = np.array(shares)
    for level in (0.5, 0.8):
        inside = np.abs(shares - 0.5) < level / 2
        error = np.sqrt(level * (1 - level) / runs)
        assert np.abs(inside.mean(axis=0) - level).max() < 3 * error
        assert abs(inside.mean() - level) < 3 * error / np.sqrt(2)
    assert np.abs(shares.mean(axis=0) - 0.5).max() < 3 * np.sqrt(1 / 12 / runs)


def test_a_parameter_that_nothing_sees_keeps_its_prior(tmp_path):
    found = calibrations.calibrate(tmp_path / "c", targets=TARGETS, measure=stand_in, population=200, generations=8)
    verdicts = dict(found.tables[LEARNED][["parameter", "verdict"]].to_numpy())
    assert verdicts == {"fear_effect": LEARNT, "news_effect": LEARNT, "trust_effect": KEPT}


@pytest.mark.parametrize("after", [7, 70, 150])
def test_a_stop_leaves_no_trace(tmp_path, after):
    settings = {"targets": TARGETS, "measure": stand_in, "population": 40, "generations": 5, "seed": 3}
    whole = calibrations.calibrate(tmp_path / "whole", **settings)
    assert whole.manifest["status"] == calibrations.FINISHED

    stopped = tmp_path / "stopped"
    calls = []

    def interrupted(values):
        calls.append(values)
        if len(calls) == after:
            raise KeyboardInterrupt
        return stand_in(values)

    with pytest.raises(KeyboardInterrupt):
        calibrations.calibrate(stopped, **{**settings, "measure": interrupted})
    assert json.loads((stopped / "manifest.json").read_text())["status"] == calibrations.INTERRUPTED
    kept = len(list(Journal(stopped / JOURNAL).read()))
    assert kept == after - 1

    again = []
    found = calibrations.calibrate(
        stopped, resume=True, targets=TARGETS, measure=lambda values: again.append(values) or stand_in(values)
    )
    assert len(again) == whole.manifest["evaluations"] - kept
    for name in (SAMPLE, "targets.csv", "parameters.csv", "generations.csv"):
        assert (stopped / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert found.manifest["files"] == whole.manifest["files"]


def test_going_on_with_a_finished_one_changes_nothing(tmp_path):
    settings = {"targets": TARGETS, "measure": stand_in, "population": 30, "generations": 3}
    first = calibrations.calibrate(tmp_path / "c", **settings)
    again = calibrations.calibrate(tmp_path / "c", resume=True, targets=TARGETS, measure=None)
    assert again.manifest["files"] == first.manifest["files"]


def test_workers_make_no_difference(tmp_path):
    settings = {"targets": TARGETS, "measure": stand_in, "population": 30, "generations": 2}
    one = calibrations.calibrate(tmp_path / "one", **settings, workers=1)
    two = calibrations.calibrate(tmp_path / "two", **settings, workers=2)
    assert one.manifest["files"] == two.manifest["files"]


def test_a_line_cut_off_in_the_journal_is_left_out(tmp_path):
    journal = Journal(tmp_path / "j.jsonl")
    journal.write(0, {"a": 1.0}, {"s": 2.0}, True)
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('{"generation": 0, "poi')
    assert journal.known() == {(1.0,): {"s": 2.0}}
    journal.write(0, {"a": 3.0}, {"s": 4.0}, True)
    assert journal.known() == {(1.0,): {"s": 2.0}, (3.0,): {"s": 4.0}}


def test_temperatures_fall_to_1_and_keep_a_third_of_the_sample():
    log_density = -np.linspace(0.0, 400.0, 200)
    weight = np.full(200, 1 / 200)
    first = next_temperature(log_density, weight, np.inf)
    assert first > 1.0
    assert effective_size(retempered(log_density, weight, np.inf, first)) == pytest.approx(70.0, rel=1e-3)
    assert next_temperature(log_density, weight, first) < first
    assert next_temperature(np.zeros(200), weight, np.inf) == 1.0


def test_distance_to_the_prior():
    from scipy.special import ndtri

    even = ndtri((np.arange(100) + 0.5) / 100)
    assert distance_to_prior(even, np.full(100, 0.01)) == pytest.approx(0.005)
    assert distance_to_prior(even + 1.0, np.full(100, 0.01)) == pytest.approx(0.383, abs=0.01)


def test_refusals(tmp_path):
    settings = {"targets": TARGETS, "measure": stand_in, "population": 20, "generations": 1}
    calibrations.calibrate(tmp_path / "c", **settings)
    with pytest.raises(InputError, match="exists and is not empty"):
        calibrations.calibrate(tmp_path / "c", **settings)
    with pytest.raises(InputError, match="holds no calibration to resume"):
        calibrations.calibrate(tmp_path / "none", resume=True, targets=TARGETS)
    other = Targets(list(TARGETS.all), FACTORS, "another")
    with pytest.raises(InputError, match="fitted to other targets"):
        calibrations.calibrate(tmp_path / "c", resume=True, targets=other)
    manifest = json.loads((tmp_path / "c" / "manifest.json").read_text())
    manifest["inputs"]["bands"] = "older"
    (tmp_path / "c" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="bands changed since it was started"):
        calibrations.calibrate(tmp_path / "c", resume=True, targets=TARGETS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fear_effect\n", "holds no draws"),
        ("fear_efect\n4\n", "no such parameter"),
        ("fear_effect\nhigh\n", "must be a number from 0 to 10"),
        ("fear_effect\n4\n11\n", "draw 2: fear_effect = 11"),
        ("fear_effect\nnan\n", "must be a number"),
    ],
)
def test_samples_that_are_refused(tmp_path, text, said):
    path = tmp_path / "posterior.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_sample(path)
    with pytest.raises(InputError, match="no calibrated sample"):
        read_sample(tmp_path / "none.csv")


def test_the_real_model_gives_every_summary_the_same_every_time():
    from experiments.calibration.model import summaries

    found = summaries({"fear_effect": 5.0})
    assert list(found) == list(SUMMARIES)
    assert found == summaries({"fear_effect": 5.0})
    assert found != summaries({"fear_effect": 3.0})
    assert all(np.isfinite(value) for value in found.values())


def test_no_fear_no_effect():
    """With a fear effect of 0 the two natural experiments cannot move reporting but by what removal does."""
    from experiments.calibration.model import summaries

    found = summaries({"fear_effect": 0.0, "trust_effect": 0.0})
    assert abs(found["P1.reporting_hispanic"]) < 1.5
    assert abs(found["P6.reports_quarter"]) < 1e-9


def test_a_small_calibration_with_the_real_model(tmp_path):
    from experiments.calibration.targets import shipped

    stop = Stop(6)
    with pytest.raises(KeyboardInterrupt):
        fit(shipped(), tmp_path, population=20, generations=1, seed=1, told=stop)
    kept = list(Journal(tmp_path / JOURNAL).read())
    assert len(kept) == 6
    assert set(kept[0]["summaries"]) == set(SUMMARIES)
