"""Boundaries that a user gives are data, checked; each refusal is one line."""

import json
import math

import pytest

from experiments.city.boundaries import MOST_BYTES, WIDTH, read_boundaries
from simulation.errors import InputError
from simulation.place import Place

PLACE = Place.load("riverton")
IDS = [district.id for district in PLACE.districts]


def square(x, y, size=0.01):
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]


def feature(district, ring, name="DIST", kind="Polygon"):
    coordinates = [ring] if kind == "Polygon" else [[ring], [[[x + 1, y] for x, y in ring]]]
    return {
        "type": "Feature",
        "properties": {"NOTE": "x", name: district},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(features):
    return {"type": "FeatureCollection", "features": features}


def features(**options):
    return [feature(district, square(-75 + 0.01 * i, 40), **options) for i, district in enumerate(IDS)]


def read(data):
    return read_boundaries(data if isinstance(data, bytes) else json.dumps(data).encode(), PLACE)


def test_districts_are_laid_out_north_up_in_their_shape():
    shapes = features()
    shapes[0] = feature(IDS[0], square(-75, 40.02))
    found = read(collection([*shapes, feature("elsewhere", square(10, 10))]))
    assert found.property == "DIST"
    assert [len(rings) for rings in found.rings] == [1] * len(IDS)
    # Six squares beside each other, the first two rows up; a degree of longitude is cos(latitude) of one of latitude.
    assert found.width == WIDTH
    assert found.height == pytest.approx(WIDTH * 0.03 / (0.06 * math.cos(math.radians(40.015))), rel=1e-3)
    assert min(y for _, y in found.rings[0][0]) == 0
    assert min(y for _, y in found.rings[1][0]) > 300
    assert found.rings[1][0][0][0] == pytest.approx(WIDTH / 6, abs=0.1)


@pytest.mark.parametrize("spell", [int, float, lambda each: f" 0{each} ", str])
def test_ids_are_found_however_they_are_spelled(spell):
    shapes = [feature(spell(each), square(-75 + i, 40)) for i, each in enumerate(IDS)]
    assert read(collection(shapes)).property == "DIST"


def test_districts_may_be_named_instead():
    shapes = [feature(each.name, square(-75 + i, 40), "AREA") for i, each in enumerate(PLACE.districts)]
    found = read(collection(shapes))
    assert found.property == "AREA"
    assert [len(rings) for rings in found.rings] == [1] * len(IDS)


def test_several_features_and_parts_make_one_district_and_holes_stay():
    shapes = features(kind="MultiPolygon")
    shapes.append(feature(IDS[0], square(-70, 40)))
    shapes[1]["geometry"] = {"type": "Polygon", "coordinates": [square(-75, 41), square(-74.997, 41.003, 0.004)]}
    found = read(collection(shapes))
    assert [len(rings) for rings in found.rings] == [3, 2, *[2] * (len(IDS) - 2)]


def test_a_projection_in_feet_is_read_as_it_is():
    shapes = [feature(each, square(2_600_000 + 1000 * i, 200_000, 1000)) for i, each in enumerate(IDS)]
    found = read(collection(shapes))
    assert found.height == pytest.approx(WIDTH / len(IDS))


def broken(change):
    shapes = features()
    change(shapes)
    return collection(shapes)


def with_point(point):
    return broken(lambda shapes: shapes[0]["geometry"]["coordinates"][0].__setitem__(1, point))


REFUSED = {
    "not JSON": (b"<html>", "not a JSON file"),
    "not text": (b"\xff\xfe\x00", "not a JSON file"),
    "deep": (b"[" * 100_000, "not a JSON file"),
    "a list": (b"[]", "FeatureCollection"),
    "a feature": ({"type": "Feature"}, "FeatureCollection"),
    "no features": (collection([]), "no features"),
    "features of text": (collection(["x"]), "list of GeoJSON features"),
    "no ids": (collection([feature("x", square(0, 0))]), "no property holds the ids of the districts of Riverton"),
    "a district missing": (collection(features()[:-1]), "has no district 6"),
    "points": (broken(lambda s: s[2].update(geometry={"type": "Point"})), "feature 3: must be a Polygon"),
    "no geometry": (broken(lambda s: s[0].update(geometry=None)), "feature 1: must be a Polygon"),
    "no rings": (broken(lambda s: s[0]["geometry"].update(coordinates=[])), "lists of rings"),
    "short ring": (broken(lambda s: s[0]["geometry"].update(coordinates=[square(0, 0)[:3]])), "at least four points"),
    "text": (with_point(["1", "2"]), "two finite numbers"),
    "one number": (with_point([1.0]), "two finite numbers"),
    "a yes": (with_point([True, 1.0]), "two finite numbers"),
    "NaN": (json.dumps(with_point([math.nan, 1.0])).encode(), "two finite numbers"),
    "infinite": (json.dumps(with_point([math.inf, 1.0])).encode(), "two finite numbers"),
    "huge": (with_point([1e300, 1.0]), "two finite numbers"),
    "a line": (collection([feature(each, [[0, 0], [1, 0], [2, 0], [0, 0]]) for each in IDS]), "on one line"),
    "too large": (b" " * (MOST_BYTES + 1), "at most 4,000,000 are read"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED)
def test_other_files_are_refused_in_one_line(data, said):
    with pytest.raises(InputError, match=said) as refused:
        read(data)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250
