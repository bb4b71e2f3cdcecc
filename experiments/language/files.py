"""Reading the files of languages: nested tables become texts by dotted key."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

FOLDER = resources.files(__package__)
CODES = tuple(sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if file.name.endswith(".toml")))
"""Every language that has a file."""
ENGLISH = "en"


def read_texts(code: str) -> dict[str, str]:
    """Return the texts of a language's file by dotted key."""
    return dict(flatten(tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))))


def flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (dotted key, text) for every text of nested tables; the texts of a list are numbered from 1."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, value
        else:
            inner = value if isinstance(value, Mapping) else {str(n): text for n, text in enumerate(value, 1)}
            yield from flatten(inner, f"{key}.")
