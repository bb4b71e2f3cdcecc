"""Every kind of dated event that a scenario may hold, declared once, and the check of what a file says of one.

A kind is of the *agreement*, or *lasting* (it sets levers from its date on), or an *occurrence* (on its date only).
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .errors import InputError
from .levers import LEVERS, SHARE, Lever
from .validation import nearest, number, show, span, unknown
from .vocabulary import Community

EVERYBODY = Community.names()


@dataclass(frozen=True)
class Value:
    """One value of an event: a number within `bounds`, one of `choices`, several `names`, a date, or a yes or no.

    `default` is what counts where a file does not give it; `REQUIRED` if it must, None if it may stay open. `lever` is
    the lever that the value sets, which then declares all else.
    """

    name: str
    meaning: str = ""
    unit: str = ""
    default: object = None
    lever: str = ""
    bounds: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    type: type = bool

    @property
    def declared(self) -> "Lever | Value":
        """What declares type, bounds, unit and meaning: the lever, or this."""
        return LEVERS[self.lever] if self.lever else self


REQUIRED = "required"
OWNERS = "city, district attorney and courts"


@dataclass(frozen=True)
class EventKind:
    """One kind of event: `lasting` if it sets levers, `agreement` if it takes `terms`; `controlled_by` says whose."""

    name: str
    meaning: str
    controlled_by: str
    values: tuple[Value, ...] = ()
    agreement: bool = False

    @property
    def lasting(self) -> bool:
        """Whether the kind sets levers, and so may have an `until`."""
        return any(value.lever for value in self.values)


def _sets(lever: str, meaning: str) -> EventKind:
    return EventKind(lever, meaning, LEVERS[lever].controlled_by, (Value("value", lever=lever, default=REQUIRED),))


def _vote(party: str, who: str) -> Value:
    return Value(party, f"Vote of the {who}; left out: by its yardstick.", "vote", choices=("end", "keep"))


_COMMUNITIES = Value("communities", "Communities concerned.", "names", EVERYBODY, names=EVERYBODY)

_KINDS = (
    EventKind("agreement_starts", "An agreement with these terms comes into force.", OWNERS, agreement=True),
    EventKind("agreement_revised", "The terms named here change; the others stay.", OWNERS, agreement=True),
    EventKind("agreement_ends", "The immigration agency no longer sees the arrest database.", OWNERS, agreement=True),
    EventKind("vote", "The three owners of the database vote; two of three end the agreement.", OWNERS, (
                  _vote("city", "city"), _vote("district_attorney", "district attorney"), _vote("courts", "courts"),
                  Value("ends", "First day without the agreement, if it is ended.", "date", type=datetime.date),
              )),
    EventKind("funding_cut", "The federal government withholds a share of the police budget; a court may block it.",
              "federal government and courts", (
                  Value("share", "Share of the police budget.", "share", REQUIRED, bounds=(0.0, 0.9)),
                  Value("injunction", "Probability that a court blocks it; left out: injunction_probability.",
                        "probability", bounds=SHARE),
                  Value("decided", "Day of the court's decision; left out: the day of the cut.", "date",
                        type=datetime.date),
                  Value("unless_sharing", "Only if the agency then sees nothing of the database.", "yes or no", True),
              )),
    _sets("detainers", "The city changes when it holds a person for the immigration agency."),
    _sets("fingerprint_checks", "Checks of fingerprints at booking are switched on or off."),
    _sets("priorities", "The immigration agency changes whom it will arrest."),
    _sets("capacity", "The immigration agency works more or fewer leads."),
    _sets("substitution", "The immigration agency puts more or less unused capacity to other leads."),
    _sets("courthouse_operations", "The immigration agency begins or stops operating at courthouses."),
    EventKind("raid", "The immigration agency comes for many people on one day.", "immigration agency", (
        Value("size", "People targeted in the whole city.", "people", REQUIRED, bounds=(0.0, 100_000.0)),
        Value("district", "Id of the district; left out: the whole city.", "district", type=str),
        Value("site", "Where people are looked for.", "place", REQUIRED, choices=("home", "workplace")),
        Value("reassurance", "Whether officials reassure the public.", "yes or no", False),
    )),
    EventKind("enforcement_news", "News of enforcement elsewhere.", "nobody in the city", (
        Value("size", "Size; 1 is the national shock of early 2017.", "shocks", REQUIRED, bounds=(0.0, 20.0)),
        _COMMUNITIES,
    )),
    EventKind("police_scandal", "Publicized misconduct of the police; lowers trust and nothing else.", "police", (
        Value("size", "Trust lost by everybody.", "standard deviations", REQUIRED, bounds=(0.0, 5.0)),
        _COMMUNITIES,
    )),
    _sets("victim_shield", "Records of victims and witnesses are shielded, or no longer."),
    _sets("victim_protection", "Protection of victims who cooperate is granted more or less often."),
    EventKind("legalization", "A share of the undocumented residents gets lawful status.", "federal government", (
        Value("share", "Share of undocumented residents.", "share", REQUIRED, bounds=SHARE),
    )),
    EventKind("announcement", "The city says publicly what is shared.", "city", (
        Value("reach", "Share of residents who hear it.", "share", REQUIRED, bounds=SHARE), _COMMUNITIES,
    )),
    _sets("publicity", "A change in the rules becomes known by itself slower than usual, or not at all."),
    EventKind("outreach", "Advocates begin or stop telling residents what is shared.", "advocacy organization", (
        Value("reach", lever="outreach_reach", default=REQUIRED),
        Value("accuracy", lever="outreach_accuracy", default=LEVERS["outreach_accuracy"].default),
        Value("slant", lever="outreach_slant", default=LEVERS["outreach_slant"].default),
    )),
    _sets("accompaniment", "Advocates begin or stop going to the police with victims."),
    _sets("raid_alerts", "Advocates begin or stop spreading the news of raids."),
    _sets("police_budget", "The police get more or less money."),
    _sets("detectives", "The police get more or fewer detectives."),
    _sets("migration", "Newcomers come faster or slower than usual."),
)  # fmt: skip

EVENT_KINDS: Mapping[str, EventKind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""All declared kinds of events by name."""


def check_event(kind: EventKind, given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the values of an event, complete and checked.

    Parameters
    ----------
    kind : EventKind
    given : mapping
        What the file says beside the common keys.
    where : str
        File and event, for errors.

    Raises
    ------
    InputError
        One line: for a value that is unknown, missing, of a wrong type or out of range.
    """
    names = [value.name for value in kind.values]
    for name in given:
        if name not in names:
            common = ["date", "kind", "why", *["until"] * kind.lasting, *["terms"] * kind.agreement]
            takes = f" ({kind.name} takes {_list(names)})" if names else ""
            raise InputError(f"{where}: {unknown('key', name, [*common, *names])}{takes}")
    values: dict[str, Any] = {}
    for value in kind.values:
        if value.name in given:
            values[value.name] = check_value(value.declared, given[value.name], f"{where}: {value.name}")
        elif value.default == REQUIRED:
            allowed = _allowed(value.declared)
            raise InputError(f"{where}: missing key '{value.name}' ({allowed}). {value.declared.meaning}")
        elif value.default is not None:
            values[value.name] = value.default
    return values


def check_value(declared: Any, value: Any, key: str) -> Any:
    """Return a value that a lever or an event's `Value` declares, or refuse it in one line.

    Parameters
    ----------
    declared : Lever or Value
        Bounds, choices, unit and meaning are read.
    value : object
        As the file gives it.
    key : str
        File and key, for the error.

    Raises
    ------
    InputError
        Naming file, key, value and what is allowed.
    """
    if declared.bounds is not None:
        return number(key, value, declared.bounds, declared.unit, declared.meaning)
    if declared.choices:
        return _choice(key, value, declared.choices, declared.meaning)
    names = getattr(declared, "names", ())
    if names:
        if not isinstance(value, list | tuple) or not value or len(set(map(str, value))) < len(value):
            raise InputError(f"{key} = {show(value)}: must be a list of different names among {_list(names)}")
        chosen = [_choice(f"{key}[{n}]", name, names, declared.meaning) for n, name in enumerate(value, 1)]
        return tuple(name for name in names if name in chosen)
    wanted = getattr(declared, "type", bool)
    if wanted is bool and not isinstance(value, bool):
        raise InputError(f"{key} = {show(value)}: must be true or false. {declared.meaning}")
    if type(value) is not wanted:
        form = "a date without quotes, such as 2018-08-31" if wanted is datetime.date else "text in quotes"
        raise InputError(f"{key} = {show(value)}: must be {form}. {declared.meaning}")
    return value


def _allowed(declared: Any) -> str:
    """Return what a value must be, in short."""
    if declared.bounds is not None:
        return f"{span(*declared.bounds).removeprefix('must lie ')}, {declared.unit}"
    return " or ".join(declared.choices) or declared.unit


def _choice(key: str, value: Any, choices: tuple[str, ...], meaning: str) -> str:
    if isinstance(value, str) and value in choices:
        return value
    guess = nearest(value, choices) if isinstance(value, str) else None
    hint = f"; did you mean '{guess}'?" if guess else f". {meaning}"
    raise InputError(f"{key} = {show(value)}: must be one of {_list(choices)}{hint}")


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
