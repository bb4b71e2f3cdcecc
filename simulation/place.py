"""A place: districts, counts, shares and rates, each with its source (MODEL.md 6).

A place file is TOML. It names everything that the model takes from a census or from police figures;
what its keys mean is in `simulation.place_file`, and `scenarios/places/philadelphia.toml` is an example.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from .agreement import Terms
from .calendar import make_policy
from .errors import InputError
from .levers import LEVERS, Policy
from .validation import one_line, read_toml, unknown
from .vocabulary import CrimeType

SUFFIX = ".toml"
HIGHEST_NONCITIZEN_SHARE = 0.6
"""Share of noncitizens among the people of a district or neighborhood that households can be made for."""

_NO_TILE = "."

_PEOPLE = (
    "population",
    "households",
    "hispanic_share",
    "white_share",
    "black_share",
    "asian_share",
    "noncitizens",
)


@dataclass(frozen=True)
class District:
    """One police district; its people are those of its neighborhoods together.

    Attributes
    ----------
    id, name, division : str
        As police and residents call it.
    population, households : float
        Residents of all ages, and households.
    hispanic_share, white_share, black_share, asian_share : float
        Shares of the population; races are counted alone and include Latinos.
    noncitizens : float
        Residents of all ages who are not U.S. citizens.
    poverty_share : float or None
        Share of residents in poverty; for description only.
    recorded : dict
        Crimes that the police recorded in a year, by the keys of `place_file.RECORDED`.
    """

    id: str
    name: str
    division: str
    population: float
    households: float
    hispanic_share: float
    white_share: float
    black_share: float
    asian_share: float
    noncitizens: float
    poverty_share: float | None
    recorded: dict[str, float]


@dataclass(frozen=True)
class Neighborhoods:
    """The parts of the districts in columns, in the order of districts: M neighborhoods.

    Attributes
    ----------
    id : tuple of str, length M
        Names; the districts' own where a place gives no finer ones.
    district : int64, shape (M,)
        Position of each one's district.
    population, households, noncitizens : float64, shape (M,)
        Counts at full scale, all ages.
    hispanic_share, white_share, black_share, asian_share : float64, shape (M,)
        Shares of the population.
    undocumented_share : float64, shape (M,)
        Share of noncitizens who are undocumented.
    """

    id: tuple[str, ...]
    district: np.ndarray
    population: np.ndarray
    households: np.ndarray
    noncitizens: np.ndarray
    hispanic_share: np.ndarray
    white_share: np.ndarray
    black_share: np.ndarray
    asian_share: np.ndarray
    undocumented_share: np.ndarray


@dataclass(frozen=True, eq=False)
class Place:
    """A city as the model reads it. D districts, K crime types.

    Attributes
    ----------
    name, title, paragraph : str
        Short name, title and description.
    fingerprint : str
        Hash of what the file says, but for `tiles`, which decides no number.
    districts : tuple of District, length D
        In the order of the file; a district's position is its number everywhere else.
    divisions : tuple of str
        Divisions of the police, in order of appearance.
    division_of_district : int64, shape (D,)
        Position of each district's division.
    neighborhoods : Neighborhoods
        Parts of the districts.
    residents : float64, shape (D,)
        Residents aged 12 and older at full scale.
    recorded_crimes : float64, shape (D, K)
        Recorded crimes per year whose victim is a resident.
    reporting, clearance : float64, shape (K,)
        Share of crimes that are reported, and of reported crimes that are cleared.
    arrests_per_year, immigration_arrests_per_year : float
        Arrests in the whole city by the police, and by the immigration agency.
    smallest_scale : float
        Smallest scale at which the effects of sharing are within a tenth of the whole city's.
    reference_policy : Policy
        The rules in force when the figures were recorded.
    tiles : dict of str to (int, int)
        Column and row of each district on a schematic map, by id; empty where the file does not say.
    content : PlaceFile
        The checked file, with sources and notes.
    """

    name: str
    title: str
    paragraph: str
    fingerprint: str
    districts: tuple[District, ...]
    divisions: tuple[str, ...]
    division_of_district: np.ndarray
    neighborhoods: Neighborhoods
    residents: np.ndarray
    recorded_crimes: np.ndarray
    reporting: np.ndarray
    clearance: np.ndarray
    arrests_per_year: float
    immigration_arrests_per_year: float
    smallest_scale: float
    reference_policy: Policy
    tiles: dict[str, tuple[int, int]]
    content: object = field(repr=False)

    @classmethod
    def load(cls, name_or_path: str | Path) -> "Place":
        """Load a place that ships, by name, or a file, by path.

        Raises
        ------
        InputError
            If there is no such place, or the file says something it may not; one line.
        """
        path = _find(name_or_path)
        try:
            stat = path.stat()
        except OSError:
            return _load(path, 0, 0)  # says what is wrong
        return _load(path, stat.st_mtime_ns, stat.st_size)

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of the places that ship."""
        return tuple(
            sorted(path.name.removesuffix(SUFFIX) for path in _shipped().iterdir() if path.name.endswith(SUFFIX))
        )


@cache
def _shipped():
    return files("scenarios") / "places"


def _find(name_or_path) -> Path:
    text = str(name_or_path)
    if text.endswith(SUFFIX) or "/" in text or "\\" in text:
        return Path(text)
    names = Place.names()
    if text not in names:
        raise InputError(unknown("place", text, names))
    return Path(str(_shipped() / (text + SUFFIX)))


@lru_cache(maxsize=16)
def _load(path: Path, changed: int, size: int) -> Place:
    """Read a place file; a file that has not changed since (by time and size) is read once per process."""
    return _build(path.stem, str(path), json.dumps(read_toml(path), sort_keys=True, default=str))


@lru_cache(maxsize=16)
def _build(name: str, file: str, content: str) -> Place:
    """Check a file's content and put it in arrays; the same content is checked once per process."""
    from pydantic import ValidationError

    from .place_file import PlaceFile

    try:
        checked = PlaceFile.model_validate(json.loads(content))
        parts = _neighborhoods(checked)
        districts = tuple(_district(each, parts, i) for i, each in enumerate(checked.district))
        tiles = _tiles(checked)
    except ValidationError as error:
        raise InputError(one_line(error, file, PlaceFile)) from None
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
    divisions = tuple(dict.fromkeys(each.division for each in districts))
    population = np.array([each.population for each in districts])
    return Place(
        name=name,
        title=checked.title,
        paragraph=checked.paragraph.strip(),
        fingerprint=_fingerprint(json.loads(content)),
        districts=districts,
        divisions=divisions,
        division_of_district=_fixed([divisions.index(each.division) for each in districts]),
        neighborhoods=parts,
        residents=_fixed(population * checked.city.aged_12_and_over.value),
        recorded_crimes=_fixed([_crimes_of_residents(checked.crime, each.recorded) for each in districts]),
        reporting=_fixed(_by_crime(checked.crime.reported)),
        clearance=_fixed(_by_crime(checked.crime.cleared)),
        arrests_per_year=checked.city.arrests_per_year.value,
        immigration_arrests_per_year=checked.city.immigration_arrests_per_year.value,
        smallest_scale=checked.city.smallest_scale.value,
        reference_policy=_policy(checked.reference),
        tiles=tiles,
        content=checked,
    )


def _fingerprint(content: dict) -> str:
    """Return the hash of all that can change a result."""
    content.pop("tiles", None)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _tiles(checked) -> dict[str, tuple[int, int]]:
    """Return column and row of each district's tile; where the file lays out any, it lays out each once."""
    cells = [
        (id, (column, row))
        for row, line in enumerate(checked.tiles)
        for column, id in enumerate(line.split())
        if id != _NO_TILE
    ]
    placed, ids = [id for id, _ in cells], [each.id for each in checked.district]
    _distinct("tile", placed)
    strange = next((id for id in placed if id not in ids), None)
    if strange is not None:
        raise InputError("tiles: " + unknown("district", strange, ids))
    missing = next((id for id in ids if placed and id not in placed), None)
    if missing is not None:
        raise InputError(f"tiles: district {missing} has none; lay out every district or leave tiles out")
    return dict(cells)


def _fixed(values) -> np.ndarray:
    array = np.array(values)
    array.flags.writeable = False
    return array


def _by_crime(table) -> list[float]:
    return [getattr(table, name).value for name in CrimeType.names()]


def _crimes_of_residents(crime, recorded: dict[str, float]) -> list[float]:
    """Return recorded crimes by type, other assaults split in two and crimes against businesses left out."""
    domestic = crime.domestic_violence_share.value
    counts = dict(recorded)
    other = counts.pop("other_assault")
    counts |= {"simple_assault": other * (1 - domestic), "domestic_violence": other * domestic}
    return [counts[name] * getattr(crime.personal, name).value for name in CrimeType.names()]


def _policy(reference) -> Policy:
    """Return the rules under which the figures were recorded; levers that the file does not name have defaults."""
    named = ("detainers", "fingerprint_checks", "priorities", "capacity", "substitution")
    levers = {name: lever.default for name, lever in LEVERS.items()}
    levers |= {name: getattr(reference, name) for name in named}
    return make_policy(Terms(tuple(reference.roles), tuple(reference.fields), reference.real_time), levers)


def _neighborhoods(checked) -> Neighborhoods:
    """Return the neighborhoods, ordered by district; a district that lists none is its own."""
    ids = [each.id for each in checked.district]
    _distinct("district", ids)
    _distinct("neighborhood", [each.id for each in checked.neighborhood])
    inside: dict[str, list] = {each: [] for each in ids}
    for each in checked.neighborhood:
        if each.district not in inside:
            raise InputError(f"neighborhood {each.id}: " + unknown("district", each.district, ids))
        inside[each.district].append(each)
    parts, position = [], []
    for i, district in enumerate(checked.district):
        given = [name for name in _PEOPLE if getattr(district, name) is not None]
        if inside[district.id] and given:
            raise InputError(f"district {district.id}: {given[0]} is given here and by its neighborhoods; give it once")
        missing = [name for name in _PEOPLE if name not in given]
        if not inside[district.id] and missing:
            raise InputError(f"district {district.id}: missing key '{missing[0]}' (or its neighborhoods)")
        parts += inside[district.id] or [district]
        position += [i] * (len(inside[district.id]) or 1)
    for each in parts:
        _plausible(each)
    columns = {name: _fixed([float(getattr(each, name)) for each in parts]) for name in _PEOPLE}
    own = [each.undocumented_share for each in parts]
    for k, i in enumerate(position):
        own[k] = checked.district[i].undocumented_share if own[k] is None else own[k]
    shares = _undocumented_shares(own, columns["noncitizens"], checked.people.undocumented_share.value)
    return Neighborhoods(
        id=tuple(each.id for each in parts), district=_fixed(position), undocumented_share=shares, **columns
    )


def _distinct(kind: str, ids: list[str]) -> None:
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise InputError(f"{kind} id '{twice}' is given twice; ids must differ")


def _plausible(part) -> None:
    """Refuse people that no households can be made for."""
    name = f"{'neighborhood' if hasattr(part, 'district') else 'district'} {part.id}"
    if part.noncitizens > HIGHEST_NONCITIZEN_SHARE * part.population:
        limit = f"{HIGHEST_NONCITIZEN_SHARE:.0%} of the population, {part.population:g}"
        raise InputError(f"{name}: noncitizens = {part.noncitizens:g}: must be at most {limit}")
    together = part.hispanic_share + part.asian_share
    if together > 1.0001:
        raise InputError(f"{name}: hispanic_share + asian_share = {together:g}: must be at most 1")


def _undocumented_shares(own: list[float | None], noncitizens: np.ndarray, overall: float) -> np.ndarray:
    """Return each part's share; parts that give none share what makes the overall share right."""
    given = np.array([value is not None for value in own])
    share = np.array([value if value is not None else 0.0 for value in own])
    rest = noncitizens[~given].sum()
    if rest > 0:
        missing = overall * noncitizens.sum() - (share * noncitizens).sum()
        share[~given] = min(max(missing / rest, 0.0), 1.0)
    return _fixed(share)


def _district(district, parts: Neighborhoods, position: int) -> District:
    """Return a district with the people of its neighborhoods added up."""
    inside = parts.district == position
    population = parts.population[inside]

    def mean(name: str) -> float:
        return float((getattr(parts, name)[inside] * population).sum() / population.sum())

    return District(
        id=district.id,
        name=district.name,
        division=district.division,
        population=float(population.sum()),
        households=float(parts.households[inside].sum()),
        hispanic_share=mean("hispanic_share"),
        white_share=mean("white_share"),
        black_share=mean("black_share"),
        asian_share=mean("asian_share"),
        noncitizens=float(parts.noncitizens[inside].sum()),
        poverty_share=district.poverty_share,
        recorded={name: float(count) for name, count in district.recorded},
    )
