"""What a folder of `twoclaims claims` says, and the committed one that the report and the page show."""

import json
from functools import lru_cache
from pathlib import Path

import pandas as pd

from simulation.errors import InputError

from ..storage import store
from ..validation.draws import REFERENCE as SAMPLE
from . import columns
from .verdicts import Overall

REFERENCE = SAMPLE.parent / "claims"
"""The committed result."""


def read(folder: Path = REFERENCE) -> Overall:
    """Return what a folder says; the committed result by default.

    Raises
    ------
    InputError
        If the folder holds no finished result.
    """
    try:
        about = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in columns.TABLES}
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} holds no result of twoclaims claims: {error}") from None
    return Overall(tables, about)


@lru_cache(maxsize=1)
def committed() -> Overall | None:
    """Return the committed result; None where the program is installed without it."""
    return read() if (REFERENCE / store.MANIFEST).is_file() else None
