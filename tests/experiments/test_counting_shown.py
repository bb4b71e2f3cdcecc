"""Every place that shows results of two worlds warns where record, survey and truth of crime tell different stories."""

import io
import json

import fake_world
import pandas as pd
import pytest
from click.testing import CliRunner
from exhibited import luck, pair
from pptx import Presentation
from pypdf import PdfReader
from reported import CODES, text_of_pdf

from experiments import exhibits, report
from experiments.cli import main
from experiments.counting import against_truth
from experiments.exhibits.exhibit import Look
from experiments.language import load
from experiments.report import content
from experiments.report.tables import results_csv
from experiments.runs import execution
from simulation.outcomes import OUTCOMES

PAIR = ("agreement-renewed", "agreement-ended")
PAIRS = 6
COUNTED = (
    "crimes_happened", "crimes_recorded", "surveyed_victimization_rate", "reporting_rate", "survey_response_rate",
    "victimization_rate",
)  # fmt: skip
STORY = "Recorded crime is lower in A, crimes that happened are not: a smaller share of them was reported."


def run_with(recorded_share):
    """Return a model whose record holds so many percent of 1,000 crimes in world A, and 60 in every other."""

    def run(scenario, seed):
        made = fake_world.run(scenario, seed)
        made.outcomes.clear()
        share = recorded_share if scenario.name == PAIR[0] else 60.0
        made.outcomes |= {
            "crimes_happened": 1000 + fake_world.noise(seed, "crime"),
            "crimes_recorded": 10 * (share + 0.01 * fake_world.noise(seed, scenario.name)),
            "reporting_rate": share + 0.01 * fake_world.noise(seed, scenario.name, "reported"),
            "victimization_rate": 20.0,
            "surveyed_victimization_rate": 20 + fake_world.noise(seed, "survey") - 0.5,
            "survey_response_rate": 70.0,
        }
        return made

    return run


@pytest.fixture
def twoclaims(monkeypatch, tmp_path):
    """Return a function that calls the command line on such a model, and gives back what it prints."""
    monkeypatch.chdir(tmp_path)
    outcomes = {name: OUTCOMES[name] for name in COUNTED}

    def call(recorded_share, *arguments):
        engine = fake_world.engine(run_with(recorded_share), outcomes)
        monkeypatch.setattr(execution, "simulation_engine", lambda: engine)
        options = ("--seeds", str(PAIRS), "--workers", "1", "-q", "--out", "r")
        done = CliRunner().invoke(main, [*arguments, *options], prog_name="twoclaims", standalone_mode=True)
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


HEADLINE = ("--headline", "reporting_rate")


def test_compare_warns_in_text(twoclaims):
    told = " ".join(twoclaims(50.0, "compare", *PAIR, *HEADLINE).split())
    assert f"Careful, the counts of crime tell different stories. All residents: {STORY}" in told


@pytest.mark.parametrize(("share", "differs"), [(50.0, True), (60.0, False)])
def test_compare_warns_in_json_and_in_the_tables(twoclaims, share, differs):
    """One field with the sentence and the three counts behind it, and the same rows in the result folder."""
    (found,) = json.loads(twoclaims(share, "compare", *PAIR, *HEADLINE, "--json", "--csv"))["counting"]
    assert (found["scenario"], found["relative_to"]) == PAIR
    assert (found["warning"] or "").startswith("Careful, the counts of crime tell different stories.") == differs
    told = {row["count"]: row for row in found["counts"] if row["group"] == "all"}
    assert list(told) == ["happened", "recorded", "surveyed"]
    assert told["recorded"]["differs"] == differs
    assert told["recorded"]["story"].startswith(STORY) if differs else told["recorded"]["story"] == ""
    assert told["recorded"]["effect"] == pytest.approx(100 * (share / 60 - 1), abs=0.02), "in percent of B"
    assert told["recorded"]["pairs"] == PAIRS
    assert not told["happened"]["differs"]
    kept = pd.read_csv("r/counting.csv", keep_default_na=False)
    recorded = kept[(kept["group"] == "all") & (kept["count"] == "recorded")].iloc[0]
    assert (bool(recorded["differs"]), recorded["story"]) == (differs, told["recorded"]["story"])


def test_run_says_how_far_record_and_survey_are_from_the_truth(twoclaims):
    told = " ".join(twoclaims(60.0, "run", PAIR[1]).split())
    assert "Careful, counts of crime differ. In percent of what happened: the record -40" in told
    assert "the survey no difference beyond noise" in told


def test_run_warns_in_json(twoclaims):
    (found,) = json.loads(twoclaims(60.0, "run", PAIR[1], "--json"))["counting"]
    rows = {row["count"]: row for row in found["counts"]}
    assert found["warning"].startswith("Careful, counts of crime differ.")
    assert rows["recorded"]["effect"] == pytest.approx(-40, abs=0.1)
    assert (rows["recorded"]["verdict"], rows["surveyed"]["verdict"]) == ("lower", "no difference beyond noise")


def test_a_record_and_a_survey_of_everything_are_the_truth():
    """The limit in which nothing is missed: identical, and by nothing."""
    found = against_truth(lambda key: [100.0, 110.0, 90.0, 105.0, 95.0])
    assert [(each.effect, each.verdict) for each in found.values()] == [(0.0, "identical")] * 2


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("is_misled", [True, False])
def test_all_that_is_taken_home_warns(code, is_misled):
    """Hand-out, slide and table; each with the sentences of the page, and only where the counts differ."""
    made, words = pair([0.0] * 12, **({"crimes_recorded": -1 + luck(12, 0.1)} if is_misled else {})), load(code)
    said = exhibits.caution(made, words, with_numbers=False)
    assert (said is not None) == is_misled
    sign = said or words.t("counting.warning", group="", story="").split(".")[0]
    handout = PdfReader(io.BytesIO(report.handout_pdf(made, words)))
    assert len(handout.pages) == 1
    assert (sign in text_of_pdf(handout).replace("- ", "")) == is_misled
    exhibit = content.main_exhibit(made, Look(words))
    (slide,) = Presentation(io.BytesIO(report.slide(made, exhibit, words))).slides
    assert any(sign in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) == is_misled
    table = pd.read_csv(io.BytesIO(results_csv(made, words)))
    assert table.iloc[:, -2].str.contains(exhibits.caution(made, words) or sign, regex=False).all() == is_misled
