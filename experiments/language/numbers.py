"""How a language writes numbers; digits are rounded as everywhere in the project (`experiments.rounding`)."""

import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

from ..rounding import MOST_DECIMALS

MINUS = "\N{MINUS SIGN}"


def decimal(value: float, decimals: int | None, locale: Locale) -> str:
    """Return a finite number with so many decimals, or with as many as it needs; zero never has a sign."""
    return _write(_rounded(value, decimals), decimals, locale, is_percent=False)


def signed(value: float, decimals: int | None, locale: Locale) -> str:
    """Return a finite number with its sign, `+` included."""
    return ("+" if _rounded(value, decimals) > 0 else "") + decimal(value, decimals, locale)


def percent(value: float, decimals: int | None, locale: Locale) -> str:
    """Return a finite number that is in percent already, with the sign of percent."""
    return _write(_rounded(value, decimals).scaleb(-2), decimals, locale, is_percent=True)


def _write(value: Decimal, decimals: int | None, locale: Locale, is_percent: bool) -> str:
    return _pattern(locale, decimals, is_percent).apply(value, locale).replace("-", MINUS)


def _rounded(value: float, decimals: int | None) -> Decimal:
    """Return a number rounded as Python writes it, so that a page and a command show the same digits."""
    return Decimal(f"{value:.{MOST_DECIMALS if decimals is None else decimals}f}") + 0  # never -0


@cache
def _pattern(locale: Locale, decimals: int | None, is_percent: bool) -> NumberPattern:
    """Return the language's pattern, such as #,##0.### or #,##0%, with so many decimals."""
    usual = (locale.percent_formats if is_percent else locale.decimal_formats)[None].pattern
    fraction = "#" * MOST_DECIMALS if decimals is None else "0" * decimals
    return parse_pattern(re.sub(r"0(\.#*)?", f"0.{fraction}" if fraction else "0", usual))
