"""The committed calibration is of the committed targets and bands, and says what it can say; the command refuses."""

import hashlib
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from experiments.calibration import targets
from experiments.calibration.sample import LEARNED, LEARNT, MANIFEST, PREDICTIVE, REFERENCE, SAMPLE, read_sample
from experiments.cli import main
from experiments.validation import bands
from simulation.parameters import PARAMETERS


@pytest.fixture(scope="module")
def manifest():
    return json.loads((REFERENCE / MANIFEST).read_text(encoding="utf-8"))


def test_it_is_finished_and_of_the_committed_targets_and_bands(manifest):
    assert manifest["status"] == "finished"
    assert manifest["temperature"] == 1.0
    assert manifest["targets"] == targets.shipped().fingerprint
    assert manifest["inputs"]["bands"] == bands.shipped().fingerprint


def test_its_files_are_those_it_wrote(manifest):
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((REFERENCE / name).read_bytes()).hexdigest() == digest, name
    assert (REFERENCE.parent / SAMPLE).read_bytes() == (REFERENCE / SAMPLE).read_bytes()


def test_the_sample_has_the_fitted_parameters_within_their_priors():
    draws = read_sample()
    assert len(draws) >= 200
    for factor in targets.shipped().factors:
        low, high = factor.bounds
        values = [draw[factor.name] for draw in draws]
        if factor.prior.distribution in ("uniform", "log_uniform"):
            assert low * (1 - 1e-5) <= min(values) <= max(values) <= high * (1 + 1e-5), factor.name
    assert set(draws[0]) == set(targets.shipped().names)


def test_every_target_and_parameter_is_reported():
    assert list(pd.read_csv(REFERENCE / PREDICTIVE)["target"]) == [each.id for each in targets.shipped().all]
    assert list(pd.read_csv(REFERENCE / LEARNED)["parameter"]) == list(targets.shipped().names)


def test_the_defaults_are_what_was_learned():
    """The median to two digits; what kept its prior keeps its starting value."""
    for row in pd.read_csv(REFERENCE / LEARNED).itertuples():
        if row.verdict == LEARNT:
            assert PARAMETERS[row.parameter].default == float(f"{row.median:.2g}"), row.parameter


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--resume", "none"], "holds no calibration to resume"),
        (["--resume", "none", "--seed", "3"], "--resume goes on with the settings of its folder"),
        (["--population", "3"], "must be a whole number from 20"),
        (["--out", "taken"], "exists and is not empty"),
    ],
)
def test_the_command_refuses_in_one_line(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("x", encoding="utf-8")
    found = CliRunner().invoke(main, ["calibrate", *arguments], prog_name="twoclaims", standalone_mode=True)
    assert found.exit_code == 2
    assert said in " ".join(found.output.split())


def test_priors_are_shown():
    found = CliRunner().invoke(main, ["parameters", "--priors"], standalone_mode=True)
    assert found.exit_code == 0
    assert "log_uniform(0.3, 10)" in found.output
    assert "Without a prior, because not meant to vary: headroom" in found.output
