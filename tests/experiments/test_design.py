"""Designs: what ships, the order of runs, the scenarios at a point, and files that load to the same."""

import dataclasses
import datetime
import fnmatch
import math
import pickle
import re
import time
import tomllib
from importlib import resources
from pathlib import Path

import fake_world
import pytest

from experiments import Design
from experiments.designs import file as design_file
from experiments.runs.execution import simulation_engine
from simulation.parameters import FIXED, PARAMETERS
from simulation.randomness import replicate_seed
from simulation.scenario import Scenario

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "designs.md").read_text(encoding="utf-8")
ENGINE = fake_world.engine()
PAIR = 'scenarios = ["agreement-renewed", "agreement-ended"]\n'


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a design from text."""

    def load(text, overrides=None, name="mine", head=PAIR):
        path = tmp_path / f"{name}.toml"
        path.write_text(head + text, encoding="utf-8")
        return Design.load(path, overrides)

    return load


@pytest.mark.parametrize("name", Design.names())
def test_designs_that_ship_load_check_and_end_in_minutes(name):
    design = Design.load(name)
    design.check(simulation_engine())
    assert design.name == name
    assert design.title
    assert len(design.description) > 100
    seconds = {0.05: 0.06, 0.2: 0.24}[design.scale]  # measured, at five years
    assert design.n_runs * seconds < 630
    assert len(design.points_table()) == design.n_points
    assert f"| `{name}` | `{design.method}` |" in GUIDE


@pytest.mark.parametrize("name", Design.names())
def test_a_design_written_out_loads_to_the_same(name, tmp_path):
    design = Design.load(name)
    path = tmp_path / f"{name}.toml"
    path.write_text(design.to_toml(), encoding="utf-8")
    assert Design.load(path) == design
    assert Design.load(path).rows == design.rows
    assert Design.load(path).fingerprint == design.fingerprint


def test_designs_are_part_of_the_package():
    folder = resources.files("experiments") / "designs"
    files = {file.name for file in folder.iterdir() if file.name.endswith(".toml")}
    assert {f"{name}.toml" for name in Design.names()} == files
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert all(any(fnmatch.fnmatch(f"designs/{file}", each) for each in package["experiments"]) for file in files)


def test_the_screening_varies_every_number_that_has_a_prior_and_the_library_holds_every_scenario():
    varied = [name for name, declared in PARAMETERS.items() if declared.prior != FIXED]
    assert [factor.name for factor in Design.load("morris-screening").factors] == varied
    assert set(Design.load("library").scenarios) == set(Scenario.names())
    assert Design.load("library").scenarios[0] == "agreement-renewed"


def test_jobs_come_replicate_by_replicate_and_share_their_luck(load):
    design = load('method = "grid"\nseeds = 2\nroot_seed = 7\n[factors]\nfear_effect = { values = [3, 4] }')
    jobs = list(design.plan(ENGINE))
    assert [job.run_id for job in jobs] == [
        "agreement-renewed-p000001-r0001",
        "agreement-ended-p000001-r0001",
        "agreement-renewed-p000002-r0001",
        "agreement-ended-p000002-r0001",
        "agreement-renewed-p000001-r0002",
        "agreement-ended-p000001-r0002",
        "agreement-renewed-p000002-r0002",
        "agreement-ended-p000002-r0002",
    ]
    assert len(jobs) == design.n_runs
    assert [job.point for job in jobs] == [1, 1, 2, 2] * 2
    assert [job.replicate for job in jobs] == [1] * 4 + [2] * 4
    assert [job.seed for job in jobs] == [replicate_seed(7, 1)] * 4 + [replicate_seed(7, 2)] * 4
    assert {job.root_seed for job in jobs} == {7}
    assert [job.scenario.parameters["fear_effect"] for job in jobs] == [3, 3, 4, 4] * 2
    assert [job.scenario.name for job in jobs] == ["agreement-renewed", "agreement-ended"] * 4


@pytest.mark.parametrize("name", Design.names())
def test_every_run_has_a_name_of_its_own(name):
    design = Design.load(name, {"seeds": 2})
    ids = [job.run_id for job in design.plan(simulation_engine())]
    assert len(set(ids)) == len(ids) == design.n_runs


VARIED = """
method = "latin_hypercube"
points = 6
scale = 0.5
years = 4.9
[set]
place = "riverton"
trust_effect = 0.3
levers.capacity = 2
agreement = { roles = ["arrestee", "victim"], fields = ["country_of_birth"] }
[factors]
fear_effect = {}
vulnerability.undocumented = {}
victim_shield = {}
detainers = {}
substitution = {}
city_threshold = {}
injunction_probability = {}
"""
WITH_EVENTS = 'scenarios = ["responsive-governance", "agreement-ended-funding-cut", "shield-announced"]\n'


@pytest.mark.parametrize("head", [PAIR, WITH_EVENTS], ids=["pair", "events"])
def test_scenarios_at_a_point_are_what_the_loader_makes_of_these_values(load, head):
    design = load(VARIED, head=head)
    engine = simulation_engine()
    for point in range(1, 7):
        values = design.point_values(point)
        for name, scenario in zip(design.scenarios, design.scenarios_at(values, engine), strict=True):
            expected = Scenario.load(name, {**design.overrides, **values})
            assert scenario == expected
            assert scenario.settings() == expected.settings()
            assert scenario.fingerprint == expected.fingerprint
            assert scenario.policies() == expected.policies()
            assert scenario.occurrences() == expected.occurrences()
            with pytest.raises(TypeError):
                scenario.parameters["fear_effect"] = 1.0
    shields = {design.point_values(point)["victim_shield"] for point in range(1, 7)}
    assert shields == {False, True}


def test_the_loader_is_asked_once_and_a_point_takes_no_time(load):
    calls = []

    def counting(name, overrides):
        calls.append(name)
        return fake_world.load(name, overrides)

    engine = ENGINE._replace(load=counting)
    design = load('method = "latin_hypercube"\npoints = 2\nseeds = 1\n[factors]\nfear_effect = {}\ndetainers = {}')
    values = design.point_values(1)
    design.scenarios_at(values, engine)
    started = time.perf_counter()
    for _ in range(2000):
        design.scenarios_at(values, engine)
    assert time.perf_counter() - started < 2
    assert len(list(design.plan(engine))) == 4
    assert calls == ["agreement-renewed", "agreement-ended"]


def test_scenarios_at_refuses_values_that_are_none_of_the_design(load):
    design = load('method = "latin_hypercube"\npoints = 2\n[factors]\nfear_effect = {}\ndetainers = {}')
    good = {"fear_effect": 3.0, "detainers": "never"}
    for change, said in (
        ({"fear_effect": 99}, "design mine: fear_effect = 99: must lie between 0 and 10"),
        ({"detainers": "often"}, "design mine: detainers = 'often': must be one of"),
        ({"capacity": 1.0}, "design mine: unknown factor 'capacity'"),
    ):
        with pytest.raises(design_file.InputError, match=re.escape(said)):
            design.scenarios_at({**good, **change}, ENGINE)
    with pytest.raises(design_file.InputError, match="design mine: no value for factor 'detainers'"):
        design.scenarios_at({"fear_effect": 3.0}, ENGINE)


def test_overrides_replace_keys_of_the_design_and_all_others_are_set_in_the_scenarios(load):
    text = 'method = "latin_hypercube"\npoints = 9\nscale = 0.1\n[set]\nnews_effect = 1.0\n[factors]\nfear_effect = {}'
    changes = {
        "points": 4,
        "seeds": 1,
        "scale": 0.2,
        "levers.capacity": 2,
        "parameters.news_effect": 0.5,
        "set.start": datetime.date(2015, 1, 1),
        "vulnerability": {"undocumented": 0.5},
    }
    design = load(text, changes)
    assert (design.points, design.seeds, design.scale) == (4, 1, 0.2)
    assert design.settings == {
        "start": datetime.date(2015, 1, 1),
        "levers.capacity": 2,
        "parameters.news_effect": 0.5,
        "parameters.vulnerability.undocumented": 0.5,
    }
    assert design.overrides["scale"] == 0.2
    assert design == load(design.to_toml(), head="")


def test_paths_start_from_the_folder_of_the_design(tmp_path, monkeypatch):
    folder = tmp_path / "designs"
    folder.mkdir()
    (folder / "world.toml").write_text('extends = "agreement-ended"\ntitle = "Mine"\n')
    (folder / "town.toml").write_bytes((ROOT / "scenarios" / "places" / "riverton.toml").read_bytes())
    (folder / "points.csv").write_text("fear_effect\n3\n")
    (folder / "d.toml").write_text(
        'scenarios = ["agreement-renewed", "world.toml"]\nmethod = "list"\nfile = "points.csv"\n'
        '[set]\nplace = "town.toml"'
    )
    monkeypatch.chdir(tmp_path)
    design = Design.load("designs/d.toml")
    assert design.scenarios == ("agreement-renewed", str(folder / "world.toml"))
    assert design.settings["place"] == str(folder / "town.toml")
    design.check(simulation_engine())
    assert [scenario.name for scenario in design.scenarios_at({"fear_effect": 3}, ENGINE)] == [
        "agreement-renewed",
        "world",
    ]
    # What is typed starts from where it is typed.
    (tmp_path / "other.csv").write_text("capacity\n2\n")
    assert Design.load("designs/d.toml", {"file": "other.csv"}).rows == [(2.0,)]


def test_the_fingerprint_tells_what_decides_results_from_what_does_not(load):
    text = (
        'method = "latin_hypercube"\npoints = 4\n{}\n[set]\nplace = "riverton"\n{}\n[factors]\nfear_effect = {{}}\n{}'
    )
    usual = load(text.format("", "", "")).fingerprint
    assert re.fullmatch("[0-9a-f]{64}", usual)
    assert load(text.format('title = "Other"\ndescription = "words"', "", ""), name="other").fingerprint == usual
    changes = [
        ("seeds = 6", "", ""), ("root_seed = 2", "", ""), ("scale = 0.4", "", ""), ("years = 4", "", ""),
        ('outcomes = ["solve_rate"]', "", ""), ('series = ["reported"]', "", ""), ("", "trust_effect = 0.3", ""),
        ("", "", "capacity = {}"),
    ]  # fmt: skip
    found = {load(text.format(*change)).fingerprint for change in changes}
    assert len(found | {usual}) == len(changes) + 1


def test_a_design_travels_between_processes_without_its_engine(load):
    design = load('method = "latin_hypercube"\npoints = 4\n[factors]\nfear_effect = {}')
    design.check(ENGINE)
    copied = pickle.loads(pickle.dumps(design))
    assert copied == design
    assert copied.rows == design.rows
    assert len(list(copied.plan(ENGINE))) == copied.n_runs
    assert dataclasses.replace(design, seeds=1).n_runs == 8


def test_cost_is_the_number_of_runs_times_one_that_is_measured(load):
    calls = []

    def run(scenario, seed):
        calls.append((scenario.name, scenario.parameters["fear_effect"], seed))
        time.sleep(0.02)
        return fake_world.run(scenario, seed)

    text = 'method = "grid"\nlevels = 5\nseeds = 100\n{}[factors]\nfear_effect = {{}}'
    design, engine = load(text.format("")), fake_world.engine(run)
    cost = design.cost(engine, workers=2)
    assert cost.runs == 1000
    assert 1000 * 0.02 / 2 < cost.seconds < 1000 * 0.2 / 2
    assert set(calls) == {("agreement-renewed", PARAMETERS["fear_effect"].prior.arguments[0], replicate_seed(1, 1))}
    few = load(text.format('outcomes = ["constant"]\n')).cost(engine, workers=1)
    monthly = load(text.format('series = ["reported"]\n')).cost(engine, workers=1)
    assert few.bytes < cost.bytes < monthly.bytes


def test_the_cost_of_a_model_that_fails_is_unknown(load):
    def run(scenario, seed):
        raise ArithmeticError

    cost = load('method = "fixed"').cost(fake_world.engine(run))
    assert cost.runs == 10
    assert math.isnan(cost.seconds)
    assert cost.bytes > 0


EXAMPLES = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("text", EXAMPLES, ids=[tomllib.loads(text)["title"] for text in EXAMPLES])
def test_examples_of_the_guide_load(load, text):
    design = load(text, head="")
    design.check(simulation_engine())
    assert design.n_runs > 0


def test_the_guide_names_every_key_and_method_and_no_others():
    def first_cells(heading):
        section = GUIDE.split(f"### {heading}\n")[1].split("\n#")[0]
        return {
            name for cell in re.findall(r"^\| (`[^|]*) \|", section, re.M) for name in re.findall(r"`([^`]*)`", cell)
        }

    assert first_cells("Keys") == set(design_file.KEYS)
    assert first_cells("Methods") == set(design_file.METHODS)
