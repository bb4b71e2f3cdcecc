"""The model as Mesa knows it: agents, agent sets, data collector, steps and dates."""

import gc
import weakref
from datetime import date

import mesa
import numpy as np
import pytest

from simulation import Scenario, TrustModel, run
from simulation.agents.advocacy import AdvocacyOrganization
from simulation.agents.governments import CityGovernment, Courts, DistrictAttorney, FederalGovernment
from simulation.agents.organizations import ArrestDatabase, ImmigrationAgency, PoliceDepartment
from simulation.agents.residents import COLUMNS, Resident
from simulation.vocabulary import Absence, Community

OVERRIDES = {
    "place": "riverton",
    "scale": 0.05,
    "start": date(2018, 8, 1),
    "years": 0.25,
    "outcomes_from": date(2018, 8, 1),
}


@pytest.fixture
def scenario():
    return Scenario.load("agreement-ended", overrides=OVERRIDES)


@pytest.fixture
def model(scenario):
    made = TrustModel(scenario, seed=3)
    yield made
    if "engine" in vars(made):
        made.close()


ORGANIZATIONS = (
    PoliceDepartment,
    ArrestDatabase,
    ImmigrationAgency,
    CityGovernment,
    DistrictAttorney,
    Courts,
    FederalGovernment,
    AdvocacyOrganization,
)


def test_every_resident_and_organization_is_an_agent(model):
    """`agents` holds the organizations and all residents, `agents_by_type` the same by class."""
    by_type = model.agents_by_type
    assert set(by_type) == {*ORGANIZATIONS, Resident} == set(model.agent_types)
    assert sum(map(len, by_type.values())) == len(model.agents) == len(model.population) + len(ORGANIZATIONS)
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)
    named = (model.police, model.database, model.agency, model.city, model.district_attorney, model.courts,
             model.federal_government, model.advocates)  # fmt: skip
    assert tuple(map(type, named)) == ORGANIZATIONS
    assert model.agents[: len(named)] == list(named)
    assert model.residents[0] in model.agents


def test_a_step_is_one_day(model, scenario):
    """The date moves by one day at a step, and a run has exactly the days asked for."""
    assert (model.day, model.date, model.steps) == (0, date(2018, 8, 1), 0)
    model.step()
    assert (model.day, model.date, model.steps) == (1, date(2018, 8, 2), 1)
    while model.running:
        model.step()
    assert model.day == scenario.days == 91
    model.step()
    assert model.day == scenario.days


def test_stepping_equals_running(model, scenario):
    """Watching a run day by day changes nothing in it."""
    while model.running:
        model.step()
    result = run(scenario, seed=3)
    for name in model.engine.counts.dtype.names:
        assert np.array_equal(model.engine.counts[name], result.engine.counts[name])
    assert model.engine.residents.tobytes() == result.engine.residents.tobytes()


def test_run_until_a_date_reaches_that_date(model):
    """`run_until` stops before the given date, and at the end of the scenario."""
    model.run_until(date(2018, 8, 31))
    assert model.date == date(2018, 8, 31)
    model.run_until(date(2030, 1, 1))
    assert model.day == model.scenario.days


def test_the_database_is_shared_until_the_agreement_ends(model):
    """What the agreement shows changes on its last date, not before."""
    model.run_until(date(2018, 8, 30))
    assert model.database.is_shared
    assert model.database.visible_roles == ("arrestee",)
    assert model.database.visible_fields == ("country_of_birth",)
    model.step()
    assert model.date == date(2018, 8, 31)
    assert not model.database.is_shared
    assert model.database.visible_roles == ()


def test_columns_equal_what_faces_show(model):
    """An array of an attribute holds, resident by resident, what the faces say."""
    model.run_until(60)
    some = model.residents.select(at_most=40)
    for name in COLUMNS:
        assert some.get(name).tolist() == [getattr(resident, name) for resident in some], name
    assert some.get(["trust", "community"]) == [[r.trust, r.community] for r in some]


def test_select_by_function_equals_select_by_column(model):
    """Residents can be selected by a function, as in Mesa, or by an array of booleans."""
    by_function = model.residents.select(lambda r: r.community == "latino")
    by_column = model.residents.select(model.residents.get("community") == "latino")
    assert by_function.rows.tolist() == by_column.rows.tolist()
    assert len(by_column) == (model.population.community == Community.LATINO).sum()
    assert len(model.residents.select(lambda r: r.community == "latino", at_most=5)) == 5
    assert len(model.residents.select(at_most=0.5)) == len(model.residents) // 2
    assert len(model.agents.select(agent_type=PoliceDepartment)) == 1


def test_groupby_splits_everybody(model):
    """Groups add up to all residents, and aggregates are those of the group's column."""
    groups = model.residents.groupby("community")
    counts = groups.count()
    assert sum(counts.values()) == len(model.residents)
    assert set(counts) == set(Community.names())
    means = groups.agg("trust", np.mean)
    latino = model.residents.select(model.residents.get("community") == "latino")
    assert means["latino"] == pytest.approx(latino.get("trust").mean(), abs=1e-12)
    assert model.residents.groupby(lambda r: r.row % 2).count() == {
        0: (len(model.residents) + 1) // 2, 1: len(model.residents) // 2
    }  # fmt: skip


def test_agg_sort_map_and_do(model):
    """The other calls of an AgentSet answer as Mesa's do."""
    trust = model.residents.get("trust")
    assert model.residents.agg("trust", [min, max]) == [trust.min(), trust.max()]
    assert model.residents.sort("trust")[0].trust == trust.max()
    assert model.residents.sort("trust", ascending=True)[0].trust == trust.min()
    assert model.residents.select(at_most=3).map(lambda r: r.row) == [0, 1, 2]
    seen = []
    model.residents.select(at_most=4).shuffle_do(lambda r: seen.append(r.row))
    assert sorted(seen) == [0, 1, 2, 3]


def test_setting_trust_and_fear_steers_residents(model):
    """What is set on a face, or on a set, stays in the model."""
    model.residents[5].trust = 1.5
    assert model.residents[5].trust == pytest.approx(1.5)
    model.residents.select(at_most=10).set("fear", 0.7)
    assert model.residents.get("fear")[:11].tolist() == pytest.approx([0.7] * 10 + [0.0])


def test_faces_refuse_what_would_be_lost(model):
    """An unknown attribute cannot be set or read, and nobody can be removed by hand."""
    resident = model.residents[0]
    with pytest.raises(AttributeError, match="cannot be set"):
        resident.mood = 1
    with pytest.raises(AttributeError, match="cannot be set"):
        resident.community = "asian"
    with pytest.raises(AttributeError, match="has no 'mood'"):
        _ = resident.mood
    with pytest.raises(AttributeError, match="have no 'mood'"):
        model.residents.get("mood")
    assert model.residents.select(at_most=2).get("mood", "default", -1) == [-1, -1]
    for refused in (resident.remove, lambda: model.residents.add(resident), lambda: model.agents.discard(resident)):
        with pytest.raises(TypeError):
            refused()
    with pytest.raises(TypeError):
        model.residents.select(at_most=1, inplace=True)


def test_faces_of_one_row_are_equal(model):
    """Two faces of one resident are equal and hash alike; faces of two residents, or of two models, differ."""
    a, b = model.residents[7], model.residents[7]
    assert a is not b
    assert a == b
    assert len({a, b, model.residents[8]}) == 2
    other = TrustModel(model.scenario, seed=3)
    assert a != other.residents[7]
    other.close()


def test_data_collector_collects_model_and_agents(model):
    """Mesa's DataCollector takes model, agent and agent-type reporters, one row each and step."""
    collector = mesa.DataCollector(
        model_reporters={"day": "day", "cases": lambda m: m.police.open_cases},
        agent_reporters={"trust": lambda agent: getattr(agent, "trust", None)},
        agenttype_reporters={Resident: {"fear": "fear", "community": "community"}},
    )
    for _ in range(3):
        model.step()
        collector.collect(model)
    frame = collector.get_model_vars_dataframe()
    assert frame["day"].tolist() == [1, 2, 3]
    assert (frame["cases"] > 0).all()
    agents = collector.get_agent_vars_dataframe()
    assert len(agents) == 3 * len(model.agents)
    assert agents["trust"].count() == 3 * len(model.residents)
    assert len(collector.get_agenttype_vars_dataframe(Resident)) == 3 * len(model.residents)


def test_outside_draws_change_nothing(scenario):
    """Drawing from Mesa's, Python's and numpy's shared generators between steps does not touch the model."""
    import random

    quiet, noisy = TrustModel(scenario, seed=5), TrustModel(scenario, seed=5)
    for _ in range(30):
        quiet.step()
        noisy.random.random()
        noisy.rng.random(3)
        random.random()
        np.random.random()  # noqa: NPY002
        noisy.residents.shuffle()
        noisy.step()
    assert quiet.engine.residents.tobytes() == noisy.engine.residents.tobytes()
    assert quiet.engine.counts.tobytes() == noisy.engine.counts.tobytes()


def test_organizations_show_their_state(model):
    """Police, database and agency report what the counts hold."""
    due = []
    for _ in range(40):
        model.step()
        due.append(model.police.arrests_due)
    counts = model.engine.counts
    assert max(due) > 0
    assert model.police.open_cases == pytest.approx(sum(model.police.divisions.values()))
    assert model.database.bookings == counts["bookings"].sum() > 0
    assert sum(model.agency.arrests.values()) == counts["arrests"].sum()
    assert model.agency.wasted_visits <= model.agency.visits
    usual = {"priorities": 0, "capacity": 1.0, "substitution": 0.2, "courthouse_operations": 0.0}
    assert model.agency.levers == usual
    assert model.police.detectives == 1.0
    away = model.residents.get("absence")
    assert (away != Absence.NONE.label).sum() == len(away) - model.residents.get("is_present").sum()


def test_models_are_disposable(scenario):
    """Two hundred models in one process leave nothing behind once closed."""
    references = []
    for seed in range(200):
        made = TrustModel(scenario, seed=1)
        made.run_until(1 + seed % 3)
        references.append(weakref.ref(made))
        made.close()
        del made
    gc.collect()
    assert sum(reference() is not None for reference in references) == 0
