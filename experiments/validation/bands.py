"""The acceptance bands: what a file may say, and what is refused by name.

The file is written and committed before any study is run; results hold its content hash.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from simulation.errors import InputError
from simulation.evidence import all_evidence
from simulation.validation import one_line, read_toml, unknown

from .quantities import QUANTITIES

INSIDE, OUTSIDE, UNDECIDED = "inside", "outside", "undecided"
VERDICTS = (INSIDE, OUTSIDE, UNDECIDED)

Text = Annotated[str, Field(min_length=1), AfterValidator(lambda text: " ".join(text.split()))]


class _Table(BaseModel):
    """A table of the file: unknown keys, wrong types and infinities are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Band(_Table):
    """The acceptance band of one quantity of a pattern.

    Attributes
    ----------
    name, unit : str
        As `quantities` declares them.
    published, published_low, published_high : float or None
        What the study found, and its interval or span, where there is one.
    evidence : list of str
    low, high : float
        Estimates from `low` to `high`, both included, agree with the study.
    why : str
        The rule behind the band.
    """

    name: Text
    unit: Text
    published: float | None = None
    published_low: float | None = None
    published_high: float | None = None
    evidence: Annotated[list[Text], Field(min_length=1)]
    low: float
    high: float
    why: Text

    def judge(self, low: float, high: float) -> str:
        """Return whether an interval lies inside the band, outside it, or neither.

        An interval that is undefined lies outside: a model in which the quantity does not exist does not show it.
        """
        if not low <= high:
            return OUTSIDE
        if self.low <= low and high <= self.high:
            return INSIDE
        return OUTSIDE if high < self.low or low > self.high else UNDECIDED


class Pattern(_Table):
    """One natural experiment and the bands of its quantities; `fitted` if the calibration uses it."""

    id: Text
    title: Text
    fitted: bool
    about: Text
    quantity: Annotated[list[Band], Field(min_length=1)]


class BandsFile(_Table):
    """The whole file."""

    pattern: Annotated[list[Pattern], Field(min_length=1)]


class Bands:
    """All patterns and their bands.

    Parameters
    ----------
    patterns : list of Pattern
    fingerprint : str
        SHA-256 of the file's content (hexadecimal).
    """

    def __init__(self, patterns: list[Pattern], fingerprint: str):
        self.patterns = {pattern.id: pattern for pattern in patterns}
        self.fingerprint = fingerprint

    def __iter__(self) -> Iterator[tuple[Pattern, Band]]:
        return ((pattern, band) for pattern in self.patterns.values() for band in pattern.quantity)

    def band(self, pattern: str, quantity: str) -> Band:
        """Return the band of a quantity of a pattern."""
        return next(band for band in self.patterns[pattern].quantity if band.name == quantity)

    @property
    def fitted(self) -> tuple[str, ...]:
        """Ids of the patterns that the calibration may use."""
        return tuple(pattern.id for pattern in self.patterns.values() if pattern.fitted)

    @property
    def held_out(self) -> tuple[str, ...]:
        """Ids of the patterns that no calibration may use."""
        return tuple(pattern.id for pattern in self.patterns.values() if not pattern.fitted)


@lru_cache(maxsize=1)
def shipped() -> Bands:
    """Return the bands that come with the package."""
    return load(Path(str(files("experiments.validation") / "bands.toml")))


def load(path: str | Path) -> Bands:
    """Read a file of bands and check it as a whole.

    Raises
    ------
    InputError
        One line: file, pattern, quantity, and what is wrong.
    """
    path = Path(path)
    content = read_toml(path)
    try:
        checked = BandsFile.model_validate(content)
    except ValidationError as error:
        raise InputError(one_line(error, str(path), BandsFile)) from None
    _check_names([pattern.id for pattern in checked.pattern], QUANTITIES, "pattern", str(path))
    for pattern in checked.pattern:
        where = f"{path}: pattern {pattern.id}"
        _check_names([band.name for band in pattern.quantity], QUANTITIES[pattern.id], "quantity", where)
        for band in pattern.quantity:
            _check_band(band, QUANTITIES[pattern.id][band.name], f"{where}: quantity {band.name}")
    return Bands(checked.pattern, hashlib.sha256(path.read_bytes()).hexdigest())


def _check_names(given: list[str], declared, kind: str, where: str) -> None:
    """Refuse names that are unknown, given twice or missing."""
    for name in given:
        if name not in declared:
            raise InputError(f"{where}: {unknown(kind, name, declared)}")
        if given.count(name) > 1:
            raise InputError(f"{where}: {kind} {name!r} is given twice")
    missing = [name for name in declared if name not in given]
    if missing:
        raise InputError(f"{where}: no band for {kind} {missing[0]!r}")


def _check_band(band: Band, unit: str, where: str) -> None:
    if band.unit != unit:
        raise InputError(f"{where}: unit = {band.unit!r}: must be {unit!r}")
    for each in band.evidence:
        if each not in all_evidence():
            raise InputError(f"{where}: evidence: {unknown('source', each, all_evidence())}")
    if band.low > band.high:
        raise InputError(f"{where}: low = {band.low:g} is above high = {band.high:g}")
    published, low, high = band.published, band.published_low, band.published_high
    if (low is None) != (high is None):
        raise InputError(f"{where}: published_low and published_high go together")
    if low is not None and high is not None and not (published is not None and low <= published <= high):
        raise InputError(f"{where}: published must lie between published_low and published_high")
