"""The folder of a validation: tables, figure, page and origin, written whole or not at all."""

import json
from pathlib import Path

from simulation.errors import InputError

from ..drawing import save_figures
from ..storage import provenance, store
from .validate import Validation

ESTIMATES_FILE, PATTERNS_FILE, PAGE_FILE = "estimates.csv", "patterns.csv", "validation.md"


def save(found: Validation, destination) -> Path:
    """Write a validation and return its folder.

    Parameters
    ----------
    found : Validation
    destination : str, Path or store.Destination
        Must not exist yet.
    """
    from .figure import draw
    from .page import page

    with store.reserve(destination) as reserved:
        patterns, estimates, origin = found.patterns, found.estimates, manifest(found)
        write_csv(patterns, reserved.draft / PATTERNS_FILE)
        write_csv(estimates, reserved.draft / ESTIMATES_FILE)
        if len(patterns):
            save_figures({"patterns": draw(patterns)}, reserved.draft / "figures")
            text = page(patterns, estimates, found.bands, origin)
            (reserved.draft / PAGE_FILE).write_text(text, encoding="utf-8")
        store.write_json(origin, reserved.draft / store.MANIFEST)
        return reserved.commit()


def write_csv(table, path: Path) -> None:
    """Write a table as CSV, numbers to six digits."""
    table.to_csv(path, index=False, float_format="%.6g")


def manifest(found: Validation) -> dict:
    """Return what one needs to know about how a validation came to be; the bands by the hash of their content."""
    return {
        "format": store.FORMAT,
        "kind": "validation",
        "status": store.INTERRUPTED if found.interrupted else store.COMPLETE,
        "caution": provenance.CAUTION,
        "command": provenance.command(),
        "started": found.started,
        "ended": found.ended,
        "workers": found.workers,
        "bands": found.bands.fingerprint,
        "draws": dict(found.draws),
        "size": {"units": found.size.units, "people": found.size.people},
        "counts": {
            "planned": found.planned,
            "finished": len(found.records) - len(found.failed),
            "failed": len(found.failed),
        },
        "seconds_per_draw": {model: round(seconds, 1) for model, seconds in found.seconds_by_model().items()},
        "notes": found.notes,
        "code": provenance.code(),
        **provenance.environment(),
    }


def read(folder: str | Path) -> tuple:
    """Read a validation's tables and manifest: (patterns, estimates, manifest).

    Raises
    ------
    InputError
        If the folder holds no validation.
    """
    import pandas as pd

    folder = Path(folder)
    try:
        origin = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
        tables = [pd.read_csv(folder / name) for name in (PATTERNS_FILE, ESTIMATES_FILE)]
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} holds no validation: {error}") from None
    return (*tables, origin)
