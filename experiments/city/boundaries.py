"""Real boundaries of a place's districts, from a GeoJSON file that a user gives: data only, and checked."""

import json
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.place import Place

MOST_BYTES = 4_000_000
MOST_POINTS = 300_000
WIDTH = 1000.0
"""Width of the drawing that the boundaries are laid out in; points closer than one unit are left out."""
_SHAPES = {"Polygon": 1, "MultiPolygon": 2}
_NAMES_SHOWN = 5


class Boundaries(NamedTuple):
    """Districts as closed lines in a drawing, y pointing down.

    Attributes
    ----------
    property : str
        Name of the property that holds the districts' ids or names.
    width, height : float
        Of the drawing.
    rings : tuple of tuple of ring
        By position of the district in the place; a ring is a tuple of points (x, y), outlines and holes alike.
    """

    property: str
    width: float
    height: float
    rings: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]


def read_boundaries(content: bytes, place: Place) -> Boundaries:
    """Read the boundaries of a place's districts.

    The ids of the districts, and else their names, are looked for in every property of the features. Several features
    may make up one district; features of none of the districts are left out.

    Parameters
    ----------
    content : bytes
        A GeoJSON FeatureCollection of Polygons and MultiPolygons, in degrees or in a projection.
    place : Place

    Raises
    ------
    InputError
        One line, if it is no such file, too large, a number is not finite, or a district is missing.
    """
    features = _features(content)
    name, keys = _key_property(features, place)
    shapes: dict[str, list[list[tuple[float, float]]]] = {}
    for number, feature in enumerate(features, 1):
        district = _spelled(_properties(feature).get(name))
        if district in keys:
            shapes.setdefault(district, []).extend(_rings(feature.get("geometry"), number))
    if sum(len(ring) for rings in shapes.values() for ring in rings) > MOST_POINTS:
        raise InputError(f"boundaries: more than {MOST_POINTS:,} points; simplify the file first")
    return Boundaries(name, *_laid_out([shapes[each] for each in keys]))


def _features(content: bytes) -> list[dict[str, Any]]:
    if len(content) > MOST_BYTES:
        raise InputError(f"boundaries: {len(content):,} bytes; at most {MOST_BYTES:,} are read")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"boundaries: not a JSON file: {str(error).splitlines()[0]}") from None
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise InputError("boundaries: must be a GeoJSON FeatureCollection")
    features = data.get("features")
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise InputError("boundaries: features must be a list of GeoJSON features")
    if not features:
        raise InputError("boundaries: the file has no features")
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _spelled(value: Any) -> str:
    """Return an id as a place file spells it: 7, 7.0 and "07" are all 7."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    text = str(value).strip()
    return text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text


def _key_property(features: list[dict[str, Any]], place: Place) -> tuple[str, list[str]]:
    """Return the property that tells the districts apart, the first in the file of several, and what it holds of each.

    That is every district's id, or every district's name.
    """
    properties = list(dict.fromkeys(name for feature in features for name in _properties(feature)))
    found = {name: {_spelled(_properties(feature).get(name)) for feature in features} for name in properties}
    ids, names = ([str(getattr(each, key)) for each in place.districts] for key in ("id", "name"))
    choices = [(name, keys) for keys in (ids, names) for name in properties]
    best, keys = max(choices, key=lambda choice: len(found[choice[0]].intersection(choice[1])), default=("", ids))
    missing = [each for each in keys if each not in found.get(best, ())]
    if len(missing) == len(keys):
        wanted = _listed(ids)
        raise InputError(f"boundaries: no property holds the ids of the districts of {place.title} ({wanted})")
    if missing:
        raise InputError(f"boundaries: property {best[:40]!r} has no district {_listed(missing)}")
    return best, keys


def _listed(ids: list[str]) -> str:
    more = len(ids) - _NAMES_SHOWN
    return ", ".join(ids[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _rings(geometry: Any, number: int) -> Iterator[list[tuple[float, float]]]:
    """Yield the outlines and holes of one feature."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _SHAPES:
        raise InputError(f"boundaries: feature {number}: must be a Polygon or a MultiPolygon, not {str(kind)[:40]}")
    coordinates = geometry.get("coordinates")
    for polygon in coordinates if _SHAPES[kind] == 2 and isinstance(coordinates, list) else [coordinates]:
        if not isinstance(polygon, list) or not polygon:
            raise InputError(f"boundaries: feature {number}: coordinates must be lists of rings")
        for ring in polygon:
            yield _points(ring, number)


def _points(ring: Any, number: int) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or len(ring) < 4:
        raise InputError(f"boundaries: feature {number}: a ring needs at least four points")
    points = []
    for point in ring:
        if not isinstance(point, list) or len(point) < 2 or not all(map(_is_coordinate, point[:2])):
            raise InputError(
                f"boundaries: feature {number}: every point must be two finite numbers, not {str(point)[:40]}"
            )
        points.append((float(point[0]), float(point[1])))
    return points


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e9 and math.isfinite(value)


def _laid_out(shapes) -> tuple[float, float, tuple]:
    """Return width, height and the districts' rings in a drawing of `WIDTH`, north up."""
    xs, ys = zip(*(point for rings in shapes for ring in rings for point in ring))
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    if not (east > west and north > south):
        raise InputError("boundaries: all points lie on one line")
    # A degree of longitude is shorter than one of latitude; beyond 360 the numbers are a projection's.
    is_degrees = max(map(abs, (west, east))) <= 360 and max(map(abs, (south, north))) <= 90
    across = math.cos(math.radians((south + north) / 2)) if is_degrees else 1.0
    if across <= 0.01:
        raise InputError("boundaries: the districts lie at a pole")
    unit = WIDTH / max((east - west) * across, north - south)

    def place(point):
        return round((point[0] - west) * across * unit, 1), round((north - point[1]) * unit, 1)

    rings = tuple(tuple(_thinned([place(point) for point in ring]) for ring in district) for district in shapes)
    return (east - west) * across * unit, (north - south) * unit, rings


def _thinned(ring: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Leave out points closer than one unit to the one kept before."""
    kept = [ring[0]]
    for x, y in ring[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 1.0:
            kept.append((x, y))
    return tuple(kept)


def area(ring: np.ndarray) -> float:
    """Return the area within a ring of points, shape (n, 2)."""
    x, y = ring.T
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def center(ring: np.ndarray) -> np.ndarray:
    """Return the center of gravity of the area within a ring of points, shape (n, 2)."""
    x, y = ring.T
    across, up = np.roll(x, -1), np.roll(y, -1)
    weight = x * up - across * y
    total = weight.sum()
    return np.array([((x + across) * weight).sum(), ((y + up) * weight).sum()]) / (3 * total) if total else ring.mean(0)
