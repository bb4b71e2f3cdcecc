"""Errors that fit on one line: what, where, what is allowed, and the nearest valid name.

Everything that a user writes (a scenario, a place, a design, an option) is refused through these
functions, so that a mistake reads the same wherever it is made.
"""

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from .errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

ABSENT: Any = None
"""Default of a key that need not be given; a file has no word for it, so it is no value of the key's type."""

LONGEST_VALUE = 60
"""Characters of a refused value that are shown."""

EXPECTED = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "date_type": "must be a date such as 2018-08-31, without quotes",
    "date_from_datetime_inexact": "must be a date without a time of day",
    "list_type": "must be a list in brackets",
    "tuple_type": "must be a list in brackets",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "mapping_type": "must be a table",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}
"""What a value must be, by the kind of error that pydantic reports."""

OUT_OF_RANGE = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
WRONG_CHOICE = {"literal_error", "enum"}


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that looks most like `name`, or None if none is close."""
    names = list(names)
    spelled = {each.lower().replace("-", "_"): each for each in names}
    close = difflib.get_close_matches(str(name).lower().replace("-", "_"), spelled, n=1, cutoff=0.55)
    return spelled[close[0]] if close else None


def unknown(kind: str, name: str, names: Iterable[str]) -> str:
    """Return the message for a name that does not exist: the nearest one, or the allowed ones."""
    names = list(names)
    guess = nearest(name, names)
    if guess is not None:
        return f"unknown {kind} {show(name)}; did you mean '{guess}'?"
    allowed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"unknown {kind} {show(name)}; allowed: {allowed}"


def show(value: Any) -> str:
    """Return a value as a user would have written it, on one line and not too long."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, datetime.date):
        text = value.isoformat()
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def span(low: float | None, high: float | None, open_low: bool = False, open_high: bool = False) -> str:
    """Return the words for an allowed range, such as 'must lie between 0 and 1'."""
    lowest, highest = _plain(low), _plain(high)
    if low is not None and high is not None and not (open_low or open_high):
        return f"must lie between {lowest} and {highest}"
    parts = []
    if low is not None:
        parts.append(f"{'greater than' if open_low else 'at least'} {lowest}")
    if high is not None:
        parts.append(f"{'less than' if open_high else 'at most'} {highest}")
    return "must be " + " and ".join(parts)


def _plain(number: float | None) -> str:
    return str(number) if isinstance(number, int) else f"{number or 0:g}"


def one_line(error: "ValidationError", file: object = "", model: "type[BaseModel] | None" = None) -> str:
    """Return the first problem of a pydantic error as one line, and how many more there are.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic found.
    file : str or path
        Where the values come from; empty to leave it out.
    model : pydantic model, optional
        The model that was validated; names, ranges and meanings are looked up in it.
    """
    problems = error.errors(include_url=False)
    # A misspelled key is also a missing one: name the spelling first.
    problem = min(problems, key=lambda each: each["type"] != "extra_forbidden")
    loc = [part for part in problem["loc"] if isinstance(part, int) or not str(part).startswith("function-")]
    owner, field = _field_at(model, loc)
    key = _key(loc)
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "extra_forbidden":
        parent = _key(loc[:-1])
        where = f"[{parent}]: " if parent else ""
        message = where + unknown("key", str(loc[-1]), owner.model_fields if owner else ())
    elif kind == "missing":
        # Where a table takes further keys, a misspelled one is not an error of its own.
        strangers = [each for each in problem["input"] if owner is not None and each not in owner.model_fields]
        name = str(loc[-1])
        slip = nearest(name, strangers)
        where = f"[{_key(loc[:-1])}]: " if loc[:-1] else ""
        message = where + unknown("key", slip, [name]) if slip else f"missing key '{key}'" + _meaning(field)
    else:
        message = f"{key} = {show(problem['input'])}: " if key else ""
        if kind in WRONG_CHOICE:
            message += _choice(problem["input"], context, field)
        elif kind in OUT_OF_RANGE:
            message += _range(context, field) + _meaning(field)
        elif kind == "value_error":
            message += str(context["error"])
        else:
            message += EXPECTED.get(kind, problem["msg"]) + _meaning(field)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return (f"{file}: " if str(file) else "") + " ".join(message.split()) + more


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises
    ------
    InputError
        If the file is missing, unreadable, not UTF-8, or not valid TOML; with the line where known.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a text file in UTF-8 (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        where = f"line {place[1]}, column {place[2]}" if place else "end of file"
        reason = str(error).split(" (at ")[0]
        raise InputError(f"{path}: {where}: not valid TOML: {reason}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not valid TOML: a number too long or lists too deep") from None


def number(key: str, value: Any, bounds: tuple[float, float], unit: str, meaning: str) -> float:
    """Return a number within bounds, or refuse what is none.

    Raises
    ------
    InputError
        One line with file and key (`key`), value, bounds, unit and meaning.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(f"{key} = {show(value)}: must be a number ({unit}). {meaning}")
    low, high = bounds
    if not low <= value <= high:  # type: ignore[operator]  # type checkers know no comparison of Real
        raise InputError(f"{key} = {show(value)}: {span(low, high)} ({unit}). {meaning}")
    return float(value)


def flatten(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return the values of a nested table with dotted names, such as 'vulnerability.undocumented'."""
    flat: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        flat += flatten(value, name + ".") if isinstance(value, Mapping) else [(name, value)]
    return flat


def _key(loc: list[str | int]) -> str:
    """Return a place in a file as a user counts it: 'event[2].date' is the second event's date."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _field_at(model, loc):
    """Return the model that owns the key at `loc` and the key's field, as far as they can be known."""
    owner, field = model, None
    for part in loc:
        if isinstance(part, int):
            continue
        if field is not None:
            owner = _model_in(field.annotation)
        if owner is None:
            return None, None
        by_alias = {f.alias or name: f for name, f in owner.model_fields.items()}
        field = by_alias.get(part)
        if field is None:
            return owner, None
    return owner, field


def _model_in(annotation):
    """Return the pydantic model inside an annotation such as `tuple[Event, ...] | None`."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _meaning(field) -> str:
    return f" ({field.description})" if field is not None and field.description else ""


def _choice(value, context, field) -> str:
    names = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    guess = nearest(value, names) if isinstance(value, str) else None
    return "must be one of " + ", ".join(names) + (f"; did you mean '{guess}'?" if guess else _meaning(field))


def _range(context, field) -> str:
    limits = dict(context)
    for rule in field.metadata if field is not None else ():
        limits.update({name: getattr(rule, name) for name in ("gt", "ge", "lt", "le") if hasattr(rule, name)})
    low = limits.get("gt", limits.get("ge"))
    high = limits.get("lt", limits.get("le"))
    return span(low, high, open_low="gt" in limits, open_high="lt" in limits)
