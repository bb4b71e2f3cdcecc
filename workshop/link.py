"""A link carries everything that a view shows: both sides, levers, assumptions, seeds, view, language, version.

The query is data: names and numbers are checked against their declarations, nothing is ever evaluated or opened.
"""

import base64
import binascii
import re
import zlib
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from simulation import __version__
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.validation import unknown

from .limits import Limits
from .question import OWN, Question, Settings, Side, check_settings

VIEWS = ("compare", "levers", "city", "stories", "claims", "workshop", "share")
SETTINGS = {"pairs": int, "seed": int, "scale": float}
PLAIN = ("a", "b", "a.file", "b.file", "view", "lang", "v", "room", "place", *SETTINGS)
SHOWN = "s"
"""Prefix of what a view shows, such as the measure; each view knows its own, and passes over what it does not know."""
_SHOWN_NAME, _SHOWN_VALUE = re.compile(r"[a-z_]{1,20}"), re.compile(r"[A-Za-z0-9_.-]{1,60}")


class Opened(NamedTuple):
    """What a link says.

    Attributes
    ----------
    question : Question
    view : str
        One of `VIEWS`.
    language : str or None
    version : str or None
        Of the code that made the link.
    room : str
        Code of a room of the workshop mode, or empty.
    shown : tuple of (str, str)
        What the view shows of the question, such as the measure.
    """

    question: Question
    view: str
    language: str | None
    version: str | None
    room: str = ""
    shown: tuple[tuple[str, str], ...] = ()


def make_query(
    question: Question, view: str, language: str, room: str = "", shown: tuple[tuple[str, str], ...] = ()
) -> str:
    """Return the query of the link that opens this view of this question."""
    settings = question.settings
    pairs: list[tuple[str, Any]] = [("v", __version__), ("view", view), ("lang", language)]
    for letter, side in (("a", question.a), ("b", question.b)):
        pairs.append((letter, side.scenario))
        if side.own:
            pairs.append((f"{letter}.file", pack(side.own)))
        pairs += [(f"{letter}.{name}", _text(value)) for name, value in side.levers]
    pairs += [("pairs", settings.pairs), ("seed", settings.root_seed), ("scale", repr(settings.scale))]
    if settings.place:
        pairs.append(("place", settings.place))
    pairs += [(f"p.{name}", repr(value)) for name, value in settings.parameters]
    pairs += [(f"{SHOWN}.{name}", value) for name, value in shown]
    if room:
        pairs.append(("room", room))
    return urlencode(pairs)


def open_query(query: str, limits: Limits) -> Opened:
    """Read the query of a link.

    Raises
    ------
    InputError
        One line that names the key and what is allowed.
    """
    query = query.strip("&")
    if len(query) > limits.link_letters:
        raise InputError(f"the link is longer than {limits.link_letters:,} letters")
    try:
        given = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=200))
    except ValueError:
        raise InputError("the link cannot be read: it is not a list of key=value") from None
    question, standard = Question(), Settings()
    sides = {letter: getattr(question, letter) for letter in "ab"}
    settings = Settings(
        pairs=_number("pairs", given.get("pairs", standard.pairs)),
        scale=_number("scale", given.get("scale", standard.scale)),
        root_seed=_number("seed", given.get("seed", standard.root_seed)),
        place=given.get("place", standard.place),
    )
    for letter in "ab":
        if letter in given:
            own = unpack(given.get(f"{letter}.file", ""), limits) if given[letter] == OWN else ""
            sides[letter] = Side(given[letter], own=own)
    shown = []
    for key, text in given.items():
        prefix, dot, name = key.partition(".")
        if key in PLAIN:
            continue
        if dot and prefix == SHOWN:
            shown.append(_shown(name, text))
            continue
        if dot and prefix in sides:
            _declared(key, name, LEVERS)
            sides[prefix] = sides[prefix].with_lever(name, _lever_value(name, text))
        elif dot and prefix == "p":
            _declared(key, name, PARAMETERS)
            settings = settings.with_parameter(name, _number(key, text, float))
        else:
            raise InputError(unknown("key of a link", key[:40], PLAIN))
    view = given.get("view", VIEWS[0])
    if view not in VIEWS:
        raise InputError(unknown("view", view[:40], VIEWS))
    check_settings(settings, limits)
    question = replace(question, **sides, settings=settings)
    question.scenarios(limits)
    return Opened(question, view, given.get("lang"), given.get("v"), given.get("room", "")[:12], tuple(shown))


def pack(text: str) -> str:
    """Return a file's text as few letters that a link may hold."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(packed: str, limits: Limits) -> str:
    """Return the text that was packed.

    Raises
    ------
    InputError
        If it is damaged, or grows beyond the size of a file.
    """
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        stream = zlib.decompressobj()
        text = stream.decompress(raw, limits.file_bytes)
        if stream.unconsumed_tail:
            raise InputError(f"the file in the link is larger than {limits.file_bytes:,} bytes")
        return text.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("the file in the link is damaged") from None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value)


def _lever_value(name: str, text: str) -> Any:
    """Return a lever's value as its declaration types it; the loader checks its range."""
    lever = LEVERS[name]
    if lever.choices:
        return text
    if lever.bounds is not None:
        return _number(name, text, float)
    if text not in ("yes", "no"):
        raise InputError(f"{name} = {text[:40]!r}: must be yes or no")
    return text == "yes"


def _shown(name: str, text: str) -> tuple[str, str]:
    if not (_SHOWN_NAME.fullmatch(name) and _SHOWN_VALUE.fullmatch(text)):
        raise InputError(f"{SHOWN}.{name[:20]} = {text[:40]!r}: must be a word")
    return name, text


def _number(key: str, text: Any, kind: type | None = None) -> Any:
    kind = kind or SETTINGS[key]
    if isinstance(text, kind):
        return text
    try:
        value = kind(text) if len(text) < 30 else None
    except ValueError:
        value = None
    if value is None or value != value:
        form = "must be a whole number" if kind is int else "must be a number"
        raise InputError(f"{key} = {text[:40]!r}: {form}")
    return value


def _declared(key: str, name: str, declared: Any) -> None:
    if name not in declared:
        raise InputError(f"{key[:60]}: {unknown('name', name[:60], declared)}")
