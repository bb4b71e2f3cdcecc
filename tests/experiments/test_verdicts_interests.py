"""The smallest effects of interest: what is wrong is refused by name, and one yardstick serves both sides."""

import pytest

from experiments.claims.claims import CLAIMS
from experiments.verdicts import interests
from simulation.errors import InputError

INTERESTS = interests.thresholds({})


def test_one_size_of_interest_for_both_directions_and_sides():
    shipped = interests.read_interests()
    assert all(each.value > 0 and each.reason for each in shipped.values())
    by_outcome = {}
    for claim in CLAIMS:
        for measure in claim.measures:
            by_outcome.setdefault(measure.outcome.partition(".")[0], set()).add(INTERESTS[claim.id, measure.outcome])
    assert all(len(sizes) == 1 for sizes in by_outcome.values())


GOOD = 'value = 1.0\nunit = "{unit}"\nreason = "Why."\n'


def interests_file(folder, changed="", **settings):
    """Write a file of smallest effects of interest in which one outcome is changed."""
    lines = []
    for name, each in interests.read_interests().items():
        lines.append(f"[{name}]\n" + (settings.get(name) or GOOD.format(unit=each.unit)))
    path = folder / "sizes.toml"
    path.write_text("\n".join(lines) + changed, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changed", "settings", "said"),
    [
        ("[solve_rat]\n" + GOOD.format(unit="x"), {}, "solve_rat"),
        ("", {"fear": 'value = -1\nunit = "fear"\nreason = "x"\n'}, "fear.value = -1: must be a number above 0"),
        ("", {"fear": 'value = nan\nunit = "fear"\nreason = "x"\n'}, "fear.value = nan"),
        ("", {"fear": 'value = 1\nunit = "percent"\nreason = "x"\n'}, "fear.unit = 'percent'"),
        ("", {"fear": 'value = 1\nunit = "fear"\nreason = " "\n'}, "fear.reason"),
        ("", {"fear": 'value = 1\nunit = "fear"\n'}, "fear: must have value, unit and reason"),
        ("[fear", {}, "cannot be read"),
    ],
)
def test_a_wrong_size_of_interest_is_refused_by_name(tmp_path, changed, settings, said):
    path = interests_file(tmp_path, changed, **settings)
    with pytest.raises(InputError) as refused:
        interests.read_interests(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_size_of_interest_is_named(tmp_path):
    path = tmp_path / "sizes.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"fear: is missing"):
        interests.read_interests(path)


@pytest.mark.parametrize("given", [{"M9": 1.0}, {"M2.trust": 1.0}, {"M2": -1.0}, {"M2": float("inf")}])
def test_a_wrong_threshold_is_refused(given):
    with pytest.raises(InputError, match="threshold"):
        interests.thresholds(given)


def test_a_threshold_takes_the_place_of_the_one_that_ships():
    assert interests.thresholds({"M1": 2.0})["M1", "trust.immigrant_communities"] == 2
    assert interests.thresholds({"M2.solve_rate": 0.0})["M2", "solve_rate"] == 0
    assert (
        interests.thresholds({"M2": 3.0})["D1", "victimization_rate.citizens"]
        == INTERESTS["D1", "victimization_rate.citizens"]
    )
