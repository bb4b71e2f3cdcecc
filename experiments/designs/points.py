"""Read the combinations of a design's list: a CSV file, or one list of values for each factor."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulation.errors import InputError
from simulation.validation import flatten, show

from .factors import Factor, check, declaration, resolve

LARGEST_FILE = 200_000_000
"""Bytes; a larger file is no list of points."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_file(path: Path) -> tuple[tuple[Factor, ...], tuple[tuple, ...]]:
    """Return the factors and the combinations of a CSV file.

    Parameters
    ----------
    path : Path
        The first row names parameters and levers, every other row is one point.

    Raises
    ------
    InputError
        One line naming file, row (as a spreadsheet counts) and column.
    """
    header, *lines = _read_lines(path)
    factors = _named(path, header)
    found: dict[tuple, int] = {}
    for row, line in lines:
        if len(line) != len(factors):
            raise InputError(f"{path}: row {row}: {len(line)} values for {len(factors)} columns")
        values = tuple(
            check(name, _cell(name, text.strip()), f"{path}: row {row}, column {name}")
            for (name, _), text in zip(factors, line)
        )
        if values in found:
            raise InputError(f"{path}: row {row}: the same combination as row {found[values]}")
        found[values] = row
    if not found:
        raise InputError(f"{path}: no points below the row of names")
    return _as_factors(factors, list(found)), tuple(found)


def read_table(table: Mapping[str, Any], label: str) -> tuple[tuple[Factor, ...], tuple[tuple, ...]]:
    """Return the factors and the combinations of a design's table `[combinations]`.

    Raises
    ------
    InputError
        One line naming the design, the factor and the point.
    """
    where = f"{label}: combinations"
    columns: dict[tuple[str, str], list] = {}
    for key, values in flatten(table):
        factor = resolve(key, where)
        if factor in columns:
            raise InputError(f"{where}: factor {factor[0]!r} is given twice")
        if not isinstance(values, Sequence) or isinstance(values, str) or not values:
            raise InputError(f"{where}.{key} = {show(values)}: must be a list of values, one for each point")
        columns[factor] = [
            check(factor[0], value, f"{where}.{factor[0]}[{point}]") for point, value in enumerate(values, 1)
        ]
    if not columns:
        raise InputError(f"{where}: must not be empty")
    lengths = {name: len(values) for (name, _), values in columns.items()}
    shortest, longest = min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__)
    if lengths[shortest] != lengths[longest]:
        raise InputError(
            f"{where}: {lengths[shortest]} values of {shortest} and {lengths[longest]} of {longest}: "
            "every factor needs one for each point"
        )
    found: dict[tuple, int] = {}
    for point, values in enumerate(zip(*columns.values()), 1):
        if values in found:
            raise InputError(f"{where}: point {point} is the same as point {found[values]}")
        found[values] = point
    return _as_factors(list(columns), list(found)), tuple(found)


def _as_factors(named: list[tuple[str, str]], combinations: list[tuple]) -> tuple[Factor, ...]:
    """Return factors whose levels are the values that occur, sorted; of words, in the order of their declaration."""
    factors = []
    for n, (name, kind) in enumerate(named):
        occurring = {values[n] for values in combinations}
        choices = getattr(declaration(name), "choices", ())
        factors.append(Factor(name, kind, levels=tuple(sorted(occurring, key=choices.index if choices else None))))
    return tuple(factors)


def _read_lines(path: Path) -> list:
    """Return the names, and then (row, values) of every row that is not empty."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path}: larger than {LARGEST_FILE // 1_000_000} MB: no list of points")
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            lines = [(reader.line_num, line) for line in reader if any(text.strip() for text in line)]
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a text file in UTF-8 (byte {error.start})") from None
    except csv.Error as error:
        raise InputError(f"{path}: row {reader.line_num}: not valid CSV: {error}") from None
    if not lines:
        raise InputError(f"{path}: empty; the first row names parameters and levers")
    return [[text.strip() for text in lines[0][1]], *lines[1:]]


def _named(path: Path, header: Sequence[str]) -> list[tuple[str, str]]:
    """Return (name, kind) of every column."""
    found: list[tuple[str, str]] = []
    for position, text in enumerate(header, 1):
        where = f"{path}: row 1, column {position}"
        if not text:
            raise InputError(f"{where}: has no name")
        if ";" in text or "\t" in text:
            raise InputError(f"{where}: {show(text)}: separate columns by commas")
        factor = resolve(text, where)
        if factor in found:
            raise InputError(f"{where}: {show(factor[0])} is given twice")
        found.append(factor)
    return found


def _cell(name: str, text: str) -> Any:
    """Return what a cell says: a number, true or false, or else its text."""
    declared = declaration(name)
    if declared.bounds is not None:
        return float(text) if _NUMBER.fullmatch(text) else text
    if not getattr(declared, "choices", ()):
        return {"true": True, "false": False}.get(text.lower(), text)
    return text
