"""The targets: what a file may say, and what is refused by name."""

import hashlib
import math
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from simulation.errors import InputError
from simulation.evidence import all_evidence
from simulation.validation import one_line, read_toml, unknown

from ..designs.factors import PARAMETER, Factor, make_factor
from ..validation import bands
from .model import SUMMARIES, Summary

Text = Annotated[str, Field(min_length=1), AfterValidator(lambda text: " ".join(text.split()))]
DIRECTION = "sign (-1/0/+1)"
"""Unit of evidence that has a direction and no size."""


class _Table(BaseModel):
    """A table of the file: unknown keys, wrong types and infinities are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Target(_Table):
    """One thing that was measured, and how near the model should come.

    Attributes
    ----------
    id : str
        One of `model.SUMMARIES`.
    fit : bool
        Whether it is part of the distance, or only shown.
    value : float
    tolerance : float
        Standard deviation of what was published around what a true model would give.
    noise : float
        Standard deviation of the luck that all points share.
    evidence : list of str
    why : str
        Where the tolerance comes from, or why it is only shown.
    """

    id: Text
    fit: bool
    value: float
    tolerance: Annotated[float, Field(gt=0)]
    noise: Annotated[float, Field(ge=0)]
    evidence: Annotated[list[Text], Field(min_length=1)]
    why: Text

    @property
    def scale(self) -> float:
        """Standard deviation that the distance uses."""
        return math.hypot(self.tolerance, self.noise)

    @property
    def summary(self) -> Summary:
        """What is measured."""
        return SUMMARIES[self.id]


class TargetsFile(_Table):
    """The whole file."""

    parameters: Annotated[list[Text], Field(min_length=1)]
    target: Annotated[list[Target], Field(min_length=1)]


class Targets:
    """All targets, and the parameters that are fitted to them.

    Parameters
    ----------
    targets : list of Target
    factors : list of Factor
        Fitted parameters with their declared priors.
    fingerprint : str
        SHA-256 of the file's content (hexadecimal).
    """

    def __init__(self, targets: list[Target], factors: list[Factor], fingerprint: str):
        self.all = tuple(targets)
        self.fitted = tuple(target for target in targets if target.fit)
        self.factors = tuple(factors)
        self.fingerprint = fingerprint

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fitted parameters."""
        return tuple(factor.name for factor in self.factors)


@lru_cache(maxsize=1)
def shipped() -> Targets:
    """Return the targets that come with the package."""
    return load(Path(str(files("experiments.calibration") / "targets.toml")))


def load(path: str | Path) -> Targets:
    """Read a file of targets and check it as a whole.

    Raises
    ------
    InputError
        One line: file, target or parameter, and what is wrong.
    """
    path = Path(path)
    content = read_toml(path)
    try:
        checked = TargetsFile.model_validate(content)
    except ValidationError as error:
        raise InputError(one_line(error, str(path), TargetsFile)) from None
    names = [target.id for target in checked.target]
    for target in checked.target:
        _check_target(target, f"{path}: target {target.id}")
        if names.count(target.id) > 1:
            raise InputError(f"{path}: target {target.id} is given twice")
    if not any(target.fit for target in checked.target):
        raise InputError(f"{path}: no target has fit = true")
    factors = [_factor(name, str(path)) for name in checked.parameters]
    for factor in factors:
        if [each.name for each in factors].count(factor.name) > 1:
            raise InputError(f"{path}: parameters: {factor.name} is given twice")
    return Targets(checked.target, factors, hashlib.sha256(path.read_bytes()).hexdigest())


def _check_target(target: Target, where: str) -> None:
    pattern = target.id.partition(".")[0]
    if pattern in bands.shipped().held_out:
        raise InputError(f"{where}: pattern {pattern} is held out for validation; no target may use it")
    if target.id not in SUMMARIES:
        raise InputError(f"{where}: {unknown('summary', target.id, SUMMARIES)}")
    for each in target.evidence:
        if each not in all_evidence():
            raise InputError(f"{where}: evidence: {unknown('source', each, all_evidence())}")
    if target.fit and all(all_evidence()[each].unit == DIRECTION for each in target.evidence):
        raise InputError(f"{where}: evidence: only a direction was published, which is never fitted; set fit = false")


def _factor(name: str, path: str) -> Factor:
    factor = make_factor(name, path)
    if factor.kind != PARAMETER:
        raise InputError(f"{path}: parameters: {name} is a lever: what a decision-maker chooses is not fitted")
    return factor
