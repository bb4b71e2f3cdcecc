"""The studies in the model: nothing where nothing acts, the same luck in both worlds, and what fails without fear."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from experiments.explanation.mechanisms import MECHANISMS
from experiments.validation import counties
from experiments.validation.bands import OUTSIDE, shipped
from experiments.validation.quantities import QUANTITIES
from experiments.validation.study import FULL, STUDIES, Size, module, replicate, seed_of, simulate
from experiments.validation.validate import without
from simulation.errors import InputError
from simulation.evidence import all_evidence
from simulation.parameters import PARAMETERS
from simulation.place import Place

SMALL = Size(units=0.1, people=0.25)
NOBODY_ARRESTED = {
    "lead_success": 0.0, "other_lead_success": 0.0, "raid_success": 0.0, "collateral_arrest": 0.0,
    "detainer_compliance.honor": 0.0, "detainer_compliance.judicial_warrant": 0.0, "detainer_compliance.never": 0.0,
    "prison_transfer": 0.0,
}  # fmt: skip
NO_EFFECT = {"fear_effect": 0.0, "deportation_deterrence": 0.0, "courthouse_effect": 0.0, **NOBODY_ARRESTED}
STRONG = {"fear_effect": 5.7, "belief_floor": 0.45, "awareness": 0.9, "salience_gain": 10.0, "news_effect": 2.0,
          "vulnerability.us_born_citizen": 0.8, "offender_response": 0.8}  # fmt: skip


@pytest.mark.parametrize("name", ["secure_communities", "news"])
def test_paired_worlds_are_equal_to_the_last_bit_where_nothing_acts(name):
    found = module(name).paired(NO_EFFECT, SMALL, [seed_of(0), seed_of(1)])
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize(("name", "pattern"), [("secure_communities", "P1"), ("news", "P6")])
def test_paired_gives_the_quantities_of_its_pattern(name, pattern):
    found = module(name).paired({}, SMALL, [1])
    assert set(found) == set(QUANTITIES[pattern])


def test_paired_estimates_have_the_sign_of_fear():
    strong = {key: module(name).paired(STRONG, Size(1.0, 0.5), [seed_of(0)])[key]
              for name, key in (("secure_communities", "reporting_hispanic"), ("news", "reports_quarter"))}  # fmt: skip
    assert all(value < -3.0 for value in strong.values()), strong


@pytest.mark.parametrize("name", ["legalization", "unheard"])
def test_before_and_after_is_seen_only_when_the_start_is_forgotten(name):
    """A start with too high an expectation would be taken for an effect: after six half-lives 2% of it are left."""
    study = module(name)
    _, slowest = PARAMETERS["expectation_half_life"].prior.arguments
    assert (study.YEARS_SEEN[0] - study.START).days >= 6 * slowest


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_estimates_what_it_declares(name):
    estimates = replicate(name, {}, SMALL)
    assert all(estimate.unit == QUANTITIES[estimate.pattern][estimate.quantity] for estimate in estimates)


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_gives_the_same_again(name):
    first, again = (module(name).worlds({}, SMALL) for _ in range(2))
    assert [(w.scenario.fingerprint, w.seed, dict(w.labels)) for w in first] == [
        (w.scenario.fingerprint, w.seed, dict(w.labels)) for w in again
    ]


@pytest.mark.parametrize("name", STUDIES)
def test_a_draw_changes_parameters_and_no_seed(name):
    base, drawn = module(name).worlds({}, SMALL), module(name).worlds({"fear_effect": 1.5}, SMALL)
    assert [w.seed for w in base] == [w.seed for w in drawn]
    assert all(w.scenario.parameters["fear_effect"] == 1.5 for w in drawn)


def test_without_fear_no_study_of_calls_finds_any_effect():
    """Fear is the only way from enforcement to calls: without it paired effects are exactly 0 and P7 is undefined."""
    draw = without(STRONG, "no_fear")
    assert set(module("news").paired(draw, SMALL, [1]).values()) == {0.0}
    found = {e.quantity: e for e in replicate("raid", {**draw, **NOBODY_ARRESTED}, SMALL)}
    assert found["reports_first_week"].value == 0.0
    bands = shipped()
    for quantity in QUANTITIES["P7"]:
        assert bands.band("P7", quantity).judge(found[quantity].low, found[quantity].high) == OUTSIDE


@pytest.mark.parametrize(("pattern", "name"), [("P1", "secure_communities"), ("P6", "news")])
def test_without_fear_the_fitted_patterns_fail(pattern, name):
    """At any strength of everything else: what is 0 in every pair lies outside a band that excludes 0."""
    found = module(name).paired(without({**STRONG, **NOBODY_ARRESTED}, "no_fear"), SMALL, [1])
    quantity = {"P1": "reporting_hispanic", "P6": "reports_quarter"}[pattern]
    assert shipped().band(pattern, quantity).judge(found[quantity], found[quantity]) == OUTSIDE


def test_without_learning_victimization_does_not_rise():
    settings = (Size(1.0, 0.5), [seed_of(0)])
    on, off = (
        module("secure_communities").paired(draw, *settings) for draw in (STRONG, without(STRONG, "no_learning"))
    )
    band = shipped().band("P1", "victimization_hispanic")
    assert band.judge(off["victimization_hispanic"], off["victimization_hispanic"]) == OUTSIDE
    assert on["victimization_hispanic"] > off["victimization_hispanic"] + 2.0
    assert off["reporting_hispanic"] < -3.0


def test_ablations_are_the_declared_mechanisms():
    assert without({}, "no_incapacitation") == dict(MECHANISMS["incapacitation"].off)
    assert without({"fear_effect": 5.0, "awareness": 0.5}, "no_fear") == {"fear_effect": 0.0, "awareness": 0.5}


def test_cohorts_have_counties_of_every_kind_in_the_mix():
    worlds = module("secure_communities").worlds({}, FULL)
    by_start = {}
    for world in worlds:
        by_start.setdefault(world.labels["start"], []).append(world.labels["kind"])
    assert len({tuple(sorted(kinds)) for kinds in by_start.values()}) == 1
    assert {kind: by_start[11].count(kind) for kind in by_start[11]} == {"few": 6, "some": 6, "many": 3}


def test_levers_are_off_before_a_county_starts_and_counties_share_all_else():
    worlds = [w for w in module("secure_communities").worlds({}, FULL) if w.labels["kind"] == "many"]
    for a, b in combinations(worlds[:3], 2):
        assert not a.scenario.levers["fingerprint_checks"]
        assert a.scenario.parameters == b.scenario.parameters
    assert [event.kind for event in worlds[0].scenario.events] == ["fingerprint_checks"]
    assert not [w for w in worlds if w.labels["start"] == 28 and w.scenario.events]


@pytest.mark.parametrize("kind", counties.CAPACITY)
def test_kinds_of_counties_differ_only_in_people(kind):
    folder = Path(str(counties.FOLDER / "places"))
    people = ("# ", "title", "immigration_arrests", "undocumented_share", "capacity", "hispanic_share", "white_share",
              "black_share", "asian_share", "noncitizens")  # fmt: skip
    text, other = (
        [
            line
            for line in (folder / f"county-{each}.toml").read_text("utf-8").splitlines()
            if not line.startswith(people)
        ]
        for each in (kind, "some")
    )
    assert text == other
    figures = tomllib.loads((folder / f"county-{kind}.toml").read_text("utf-8"))
    assert set(_sources(figures)) <= {"assumption", *all_evidence()}
    place = Place.load(folder / f"county-{kind}.toml")
    assert place.residents.sum() == pytest.approx(0.83 * 250_000, rel=0.01)


def _sources(content):
    """Yield every source that a place file names."""
    for key, value in content.items():
        if key in ("source", "sources"):
            yield from [value] if isinstance(value, str) else value
        elif isinstance(value, dict):
            yield from _sources(value)


def test_a_wrong_draw_is_refused_by_name():
    with pytest.raises(InputError, match="did you mean 'fear_effect'"):
        module("news").worlds({"fear_efect": 1.0}, SMALL)


def test_results_can_be_forgotten_one_by_one():
    worlds = module("philadelphia").worlds({}, Size(0.1, 0.05))
    stream = simulate(worlds)
    world, result = next(stream)
    assert world is worlds[0]
    assert result.engine.counts["crimes"].sum() > 0
