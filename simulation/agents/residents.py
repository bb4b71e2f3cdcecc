"""The face of a resident: a Mesa agent that shows one row of the model's columns (MODEL.md 2, ODD 2)."""

import mesa
import numpy as np

from ..compilation import plain
from ..rules import VULNERABILITY_CLASSES
from ..submodels.perception import salience
from ..submodels.reporting import dread
from ..vocabulary import Absence, Community, LegalStatus


def _labels(vocabulary):
    names = np.array(vocabulary.names())
    return lambda codes: names[codes]


def _community(model, rows):
    return model.engine.communities[model.engine.residents["community"][rows]]


def _trust(model, rows):
    state = model.engine.residents[rows]
    change = state["trust"] * np.exp(-model.engine.rules["trust_decay"] * (model.day - state["trust_day"]))
    return model.population.trust_baseline[rows] + change + _community(model, rows)["trust_shift"]


def _fear(model, rows):
    state = model.engine.residents[rows]
    return state["fear"] * np.exp(-model.engine.rules["fear_decay"] * (model.day - state["fear_day"]))


def _dread(model, rows):
    resident = model.engine.residents[rows]
    community = _community(model, rows)
    vulnerability = model.engine.rules["vulnerability"][resident["vulnerability_class"]]
    in_mind = plain(salience)(community["surge"], community["news"], community["reassured_news"])
    return plain(dread)(vulnerability, community["belief"], _fear(model, rows), in_mind)


def _absence(model, rows):
    state = model.engine.residents[rows]
    return _labels(Absence)(np.where(state["until"] > model.day, state["absence"], Absence.NONE))


def _changing(name):
    return lambda model, rows: model.engine.residents[name][rows]


def _fixed(name, label=None):
    def read(model, rows):
        values = getattr(model.population, name)[rows]
        return label(values) if label else values

    return read


def _lives_with_undocumented(model, rows):
    vulnerability = model.engine.residents["vulnerability_class"][rows]
    from_class = vulnerability > VULNERABILITY_CLASSES // 2
    return np.where(vulnerability > 0, from_class, model.population.lives_with_undocumented[rows])


COLUMNS = {
    "household": _fixed("household"),
    "neighborhood": _fixed("neighborhood"),
    "district": lambda model, rows: model.district_ids[model.population.district[rows]],
    "community": _fixed("community", _labels(Community)),
    "legal_status": lambda model, rows: _labels(LegalStatus)(model.engine.residents["status"][rows]),
    "lives_with_undocumented": _lives_with_undocumented,
    "victim_weight": _fixed("victim_weight"),
    "offending_weight": _fixed("offending_weight"),
    "trust_baseline": _fixed("trust_baseline"),
    "trust": _trust,
    "fear": _fear,
    "dread": _dread,
    "absence": _absence,
    "is_present": lambda model, rows: model.engine.residents["until"][rows] <= model.day,
    "generation": _changing("generation"),
    "record": _changing("record"),
}
"""What a resident shows: attribute name to a function of the model and rows that returns an array."""


class Resident(mesa.Agent):
    """Show a resident of the city; made when asked for, its state lives in the model's columns.

    Two faces of one row are equal. Setting `trust` or `fear` steers the resident; setting anything else raises an
    AttributeError, because it would be lost with the face.

    Parameters
    ----------
    model : TrustModel
        Whose resident.
    row : int
        0 to N - 1.

    Attributes
    ----------
    household, neighborhood : int
        Numbers of the household and the neighborhood.
    district, community, legal_status, absence : str
        Id of the district; labels of `Community`, `LegalStatus` and `Absence` (`none` if present).
    lives_with_undocumented, is_present : bool
    victim_weight : float
        Victimization weight, 0 or more; mean 1 in each district.
    offending_weight : int
        Offending weight of the row in whole units, 0 or more.
    trust_baseline, trust : float
        Trust that the resident returns to, and today's; standard deviations from the average.
    fear : float
        Personal fear, 0 or more.
    dread : float
        Fear that bears on calling the police, 0 to 1.
    generation : int
        Newcomers that have taken the row so far.
    record : int
        Criminal record, bits `CHARGED`, `CONVICTED`, `SERIOUS`.
    """

    __slots__ = ("row",)

    def __init__(self, model, row: int):
        # Not registered with Mesa: registration is what makes a million agents slow (see docs/performance.md).
        for name, value in (("model", model), ("row", row)):
            object.__setattr__(self, name, value)

    @property
    def unique_id(self) -> int:
        """Number of the resident among all agents of the model."""
        return self.model.first_resident_id + self.row

    @property
    def pos(self):
        """The model has no coordinates; residents live in districts."""
        return None

    def __getattr__(self, name):
        if name in COLUMNS:
            return COLUMNS[name](self.model, np.array([self.row]))[0].item()
        raise AttributeError(f"a resident has no {name!r}; it has {', '.join(COLUMNS)}")

    def __setattr__(self, name, value):
        if name not in ("trust", "fear"):
            raise AttributeError(f"{name!r} of a resident cannot be set; trust and fear can")
        engine = self.model.engine
        change = value - getattr(self, name)
        if name == "trust":
            shift = _community(self.model, self.row)["trust_shift"]
            value = value - float(self.model.population.trust_baseline[self.row]) - float(shift)
        engine.residents[name][self.row] = value
        engine.residents[f"{name}_day"][self.row] = self.model.day
        total = "trust_change" if name == "trust" else "fear"
        engine.communities[total][self.model.population.community[self.row]] += change

    def remove(self):
        """Refuse with a TypeError: nobody is lost from the model; immigration enforcement removes people."""
        raise TypeError("a resident cannot be removed by hand")

    def __eq__(self, other):
        return isinstance(other, Resident) and other.model is self.model and other.row == self.row

    def __hash__(self):
        return hash((id(self.model), self.row))

    def __repr__(self):
        return f"<Resident {self.row}: {self.community}, {self.legal_status}, {self.district}>"
