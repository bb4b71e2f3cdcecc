"""Place files: what ships loads and says what its sources say; what is wrong is refused on one line."""

import csv
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from simulation.composition import compose
from simulation.errors import InputError
from simulation.evidence import evidence
from simulation.place import Place
from simulation.population import synthesize
from simulation.vocabulary import CrimeType, Detainers, LegalStatus, Priorities

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SHIPPED = ROOT / "scenarios" / "places" / "philadelphia.toml"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the source tables are not beside the repository")


def shipped_content():
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def write(folder, content):
    path = folder / "mytown.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


def table(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", Place.names())
def test_every_shipped_place_is_complete(name):
    place = Place.load(name)
    d, k = len(place.districts), len(CrimeType)
    assert place.name == name
    assert place.residents.shape == (d,)
    assert place.division_of_district.shape == (d,)
    assert place.recorded_crimes.shape == (d, k)
    assert place.reporting.shape == place.clearance.shape == (k,)
    assert set(place.division_of_district) == set(range(len(place.divisions)))
    assert list(place.neighborhoods.district) == sorted(place.neighborhoods.district)
    assert (place.residents > 0).all()
    assert ((place.reporting > 0) & (place.reporting < 1)).all()


def test_philadelphia_has_the_city_totals():
    place = Place.load("philadelphia")
    assert len(place.districts) == 21
    assert len(place.divisions) == 6
    assert place.residents.sum() == pytest.approx(1.34e6, rel=0.001)
    assert sum(each.noncitizens for each in place.districts) == pytest.approx(103_071, rel=0.001)
    crimes = dict(zip(CrimeType.names(), place.recorded_crimes.sum(axis=0)))
    assert crimes["motor_vehicle_theft"] == 7_767
    assert crimes["simple_assault"] + crimes["domestic_violence"] == pytest.approx(24_603 - 34)
    assert crimes["domestic_violence"] / crimes["simple_assault"] == pytest.approx(0.4 / 0.6)
    policy = place.reference_policy
    assert policy.shows_arrestee
    assert policy.shows_country_of_birth
    assert (policy.shows_victim, policy.shows_witness, policy.shows_immigration_status) == (False,) * 3
    assert policy.detainers == Detainers.JUDICIAL_WARRANT
    assert policy.priorities == Priorities.EVERYONE_FOREIGN_BORN
    assert (policy.capacity, policy.substitution) == (1.0, 0.2)


def test_los_angeles_adds_up_to_the_city():
    place = Place.load("los-angeles")
    assert len(place.districts) == 21
    assert sorted(place.divisions) == evidence("los-angeles:police.bureaus").value
    for column, source in (
        ("population", "city.population"), ("households", "city.households"), ("noncitizens", "immigrants.noncitizens"),
    ):  # fmt: skip
        assert sum(getattr(each, column) for each in place.districts) == evidence(f"los-angeles:{source}").value
    shares = ("hispanic_share", "asian_share", "black_share", "white_share")
    weights = [each.population for each in place.districts]
    found = [np.average([getattr(each, share) for each in place.districts], weights=weights) for share in shares]
    assert found == pytest.approx(evidence("los-angeles:city.ethnic_shares_by_zip_code").value, abs=0.0006)
    crimes = sum(sum(each.recorded.values()) for each in place.districts)
    assert crimes == evidence("los-angeles:crime.counts_2019").value
    assert not place.reference_policy.shows_arrestee
    assert place.reference_policy.fingerprint_checks


def test_los_angeles_says_of_each_area_what_its_source_says():
    columns = {
        "population": "population", "hispanic_share": "hispanic_share", "white_share": "white_alone_share",
        "black_share": "black_alone_share", "asian_share": "asian_alone_share", "poverty_share": "poverty_share",
        "noncitizens": "noncitizens_est",
    }  # fmt: skip
    for district in Place.load("los-angeles").districts:
        entry = evidence(f"los-angeles:district.{district.id}").entry
        assert (district.name, district.division) == (entry["name"], entry["bureau"])
        assert district.recorded == entry["crimes_2019"]
        for column, name in columns.items():
            assert getattr(district, column) == pytest.approx(entry[name]), (district.id, column)


def test_tiles_are_for_maps_alone(tmp_path):
    content = shipped_content()
    del content["tiles"]
    place = Place.load(write(tmp_path, content))
    assert place.tiles == {}
    assert place.fingerprint == Place.load("philadelphia").fingerprint
    assert Place.load("philadelphia").tiles["39"] == (2, 2)


def test_undocumented_share_is_right_for_the_city_and_lower_around_the_universities():
    place = Place.load("philadelphia")
    parts = place.neighborhoods
    assert np.average(parts.undocumented_share, weights=parts.noncitizens) == pytest.approx(0.485)
    by_id = dict(zip(parts.id, parts.undocumented_share))
    assert by_id["16"] == by_id["18"] == 0.35


def test_arrays_cannot_be_changed():
    place = Place.load("riverton")
    with pytest.raises(ValueError, match="read-only"):
        place.residents[0] = 1.0


def test_a_file_of_ones_own_loads_by_path_and_its_fingerprint_follows_its_content(tmp_path):
    content = shipped_content()
    place = Place.load(write(tmp_path, content))
    assert place.name == "mytown"
    assert place.fingerprint == Place.load("philadelphia").fingerprint
    content["city"]["arrests_per_year"]["value"] = 1
    assert Place.load(write(tmp_path, content)).fingerprint != place.fingerprint


def change(*keys, to):
    def apply(content):
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = to

    return apply


def without(*keys):
    def apply(content):
        for key in keys[:-1]:
            content = content[key]
        del content[keys[-1]]

    return apply


PART = {
    "population": 9, "households": 4, "noncitizens": 0,
    "hispanic_share": 0, "white_share": 1, "black_share": 0, "asian_share": 0,
}  # fmt: skip
EXTRA_CRIME = {"value": 0.1, "source": "assumption"}

MISTAKES = {
    "share above one": (
        change("city", "aged_12_and_over", "value", to=1.5),
        ["city.aged_12_and_over.value = 1.5", "between 0.1 and 1"],
    ),
    "not a number": (
        change("city", "arrests_per_year", "value", to="many"),
        ["city.arrests_per_year.value = 'many'", "must be a number"],
    ),
    "unknown key": (
        change("city", "arrest_per_year", to={}),
        ["arrest_per_year", "did you mean 'arrests_per_year'"],
    ),
    "unknown crime": (
        change("crime", "reported", "teft", to=EXTRA_CRIME),
        ["[crime.reported]", "teft", "did you mean 'theft'"],
    ),
    "nothing reported": (
        change("crime", "reported", "rape", "value", to=0),
        ["crime.reported.rape.value = 0", "between 0.001 and 0.999"],
    ),
    "missing figure": (without("crime", "cleared", "rape"), ["missing key 'crime.cleared.rape'"]),
    "no source": (
        without("people", "frailty_shape", "source"),
        ["missing key 'people.frailty_shape.source'"],
    ),
    "not a whole": (
        change("people", "household_sizes", "value", to=[0.5, 0.3, 0.1]),
        ["people.household_sizes", "add up to 1"],
    ),
    "unknown rule": (
        change("reference", "detainers", to="honour"),
        ["reference.detainers = 'honour'", "did you mean 'honor'"],
    ),
    "infinite": (
        change("district", 0, "population", to=float("inf")),
        ["district[1].population = inf", "finite"],
    ),
    "negative crimes": (
        change("district", 1, "recorded", "theft", to=-3),
        ["district[2].recorded.theft = -3", "between"],
    ),
    "no households": (without("district", 0, "households"), ["district 1: missing key 'households'"]),
    "id twice": (change("district", 1, "id", to="1"), ["district id '1' is given twice"]),
    "too many noncitizens": (
        change("district", 0, "noncitizens", to=38_000),
        ["district 1: noncitizens = 38000", "at most 60% of the population"],
    ),
    "shares above one": (
        change("district", 0, "hispanic_share", to=0.95),
        ["hispanic_share + asian_share = 1.07", "at most 1"],
    ),
    "people given twice": (
        change("neighborhood", to=[{"id": "a", "district": "1", **PART}]),
        ["district 1: population is given here and by its neighborhoods"],
    ),
    "tile of no district": (
        change("tiles", 0, to="99 .  .  .  .  7  8"),
        ["tiles: unknown district '99'"],
    ),
    "two tiles": (change("tiles", 0, to=".  .  .  .  5  7  8"), ["tile id '5' is given twice"]),
    "no tile": (change("tiles", 0, to=".  .  .  .  .  7  ."), ["tiles: district 8 has none"]),
    "unknown district": (
        change("neighborhood", to=[{"id": "a", "district": "4", **PART}]),
        ["neighborhood a: unknown district '4'"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_on_one_line(mistake, tmp_path):
    make, expected = MISTAKES[mistake]
    content = shipped_content()
    make(content)
    path = write(tmp_path, content)
    with pytest.raises(InputError) as caught:
        Place.load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    for words in expected:
        assert words in message


def test_unknown_names_and_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="did you mean 'philadelphia'"):
        Place.load("philadelfia")
    with pytest.raises(InputError, match="no such file"):
        Place.load(tmp_path / "nowhere.toml")


@needs_data
def test_philadelphia_agrees_with_the_source_tables():
    place = Place.load("philadelphia")
    rows = {row["police_district"]: row for row in table("philadelphia_police_districts.csv")}
    cells = table("crime_district_detailed.csv")
    assaults = {row["district"]: float(row["total19"]) for row in cells if row["description"] == "Other Assaults"}
    cells = table("crime_district_category.csv")
    thefts = {
        row["district"].lstrip("0"): float(row["total21"]) for row in cells if row["category"] == "Motor Vehicle Theft"
    }
    columns = {
        "population": "population",
        "households": "households",
        "hispanic_share": "hispanic_share",
        "white_share": "white_alone_share",
        "black_share": "black_alone_share",
        "asian_share": "asian_alone_share",
        "noncitizens": "noncitizens_2012_16",
        "poverty_share": "poverty_share_2019_23",
    }
    crimes = {
        "homicide": "murder_2019",
        "rape": "sexual_assault_2019",
        "robbery": "robbery_2019",
        "aggravated_assault": "aggravated_assault_2019",
        "burglary": "burglary_2019",
        "theft": "theft_2019",
    }
    assert {each.id for each in place.districts} == set(rows) - {"77"}
    for district in place.districts:
        row = rows[district.id]
        assert (district.name, district.division) == (row["placename"], row["division"])
        for name, column in columns.items():
            assert getattr(district, name) == pytest.approx(float(row[column])), (district.id, name)
        for name, column in crimes.items():
            assert district.recorded[name] == float(row[column])
        assert district.recorded["other_assault"] == assaults[district.id]
        assert district.recorded["motor_vehicle_theft"] == thefts[district.id]


@needs_data
def test_los_angeles_has_the_residents_of_the_source_table():
    areas = json.loads((DATA / "other_city_lapd_areas.geojson").read_text(encoding="utf-8"))["features"]
    counted = {each["properties"]["district"]: each["properties"]["population"] for each in areas}
    assert {each.name: each.population for each in Place.load("los-angeles").districts} == counted


@needs_data
def test_a_place_by_census_tract_builds_and_keeps_every_tract(tmp_path):
    content = shipped_content()
    for district in content["district"]:
        for key in (
            "population",
            "households",
            "noncitizens",
            "hispanic_share",
            "white_share",
            "black_share",
            "asian_share",
        ):
            del district[key]
    tracts = [row for row in table("philadelphia_tracts.csv") if float(row["pop"]) > 0]
    content["neighborhood"] = [tract(row) for row in tracts]
    place = Place.load(write(tmp_path, content))
    parts = place.neighborhoods
    assert len(parts.id) == 376
    population = synthesize(place, 1.0, 5)
    residents = np.bincount(population.neighborhood, minlength=376)
    fraction = compose(place).households % 1
    error = np.sqrt((fraction * (1 - fraction) * np.arange(1, fraction.shape[2] + 1) ** 2).sum(axis=(1, 2)))
    assert (np.abs(residents - parts.population * 0.85) < 4 * error + 1).all()
    noncitizen = population.status >= LegalStatus.LAWFUL_NONCITIZEN
    found = np.bincount(population.neighborhood, noncitizen, minlength=376)
    expected = parts.noncitizens * 0.85
    # Members of a household share their origin: about two noncitizens come together.
    assert (np.abs(found - expected) < 4 * np.sqrt(2 * expected) + 4).all()
    assert found.sum() == pytest.approx(expected.sum(), rel=0.02)


def tract(row):
    people = float(row["pop"])
    return {
        "id": row["geoid"],
        "district": row["police_district"],
        "population": people,
        "households": float(row["households"]),
        "hispanic_share": float(row["hispanic"]) / people,
        "white_share": float(row["white_alone"]) / people,
        "black_share": float(row["black_alone"]) / people,
        "asian_share": float(row["asian_alone"]) / people,
        "noncitizens": float(row["noncitizen_2016"]),
    }
