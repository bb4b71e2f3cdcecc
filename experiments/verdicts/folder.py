"""The folder of `twoclaims claims`: tables, figures, pages and origin beside the worlds that they were made from."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from .. import language
from ..drawing import LOCK
from ..storage import provenance, store
from ..validation.draws import REFERENCE as SAMPLE
from . import columns, running
from .draws import SOURCES
from .interests import SHIPPED, thresholds
from .verdicts import Overall, make_tables

AS_CSV = ("probabilities", "boxes")
"""Tables that are written as CSV too, for people."""
PAGE = "claims"
FIGURE = "claims"
DPI = 90
"""Of the PNG: some 1,100 pixels across."""


def finish(folder: Path, results: Mapping, given: Mapping[str, float], told: Callable[[str], None]) -> Overall:
    """Judge the worlds of a folder, and write tables, figures, pages and the manifest into it.

    Parameters
    ----------
    folder : Path
    results : mapping of str to Result
        As `running.go_on` returns them.
    given : mapping of str to float
        Smallest effects of interest in place of those that ship.
    told : callable
        Told what is done now.
    """
    interests = thresholds(given)
    told("Judging the claims at every draw ...")
    tables = make_tables(running.samples(folder, results), interests, told=told)
    counts = {source: result.manifest["counts"] for source, result in results.items()}
    about = running.described(folder) | {
        "status": store.COMPLETE,
        "ended": provenance.now(),
        "counts": counts,
        "notes": list(dict.fromkeys(note for result in results.values() for note in result.manifest["notes"])),
        "smallest_scale": running.smallest_scale(results),
        "thresholds": {".".join(key): value for key, value in interests.items()},
        "given_thresholds": dict(given),
        "inputs": {SAMPLE.name: _digest(folder / SAMPLE.name), SHIPPED.name: _digest(SHIPPED),
                   **{f"{source}.toml": _digest(folder / f"{source}.toml") for source in SOURCES}},
        "worlds_code": {source: result.manifest.get("code") for source, result in results.items()},
        "code": provenance.code(),
        **provenance.environment(),
    }  # fmt: skip
    found = Overall(tables, about)
    told("Writing tables, figures and pages ...")
    _write_tables(folder, tables)
    _write_shown(folder, found)
    about["files"] = {path.name: _digest(path) for path in sorted(folder.glob("*.parquet"))}
    store.write_json(about, folder / store.MANIFEST)
    return found


def _write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    declared = {name: (tables[name], columns.TABLES[name]) for name in columns.TABLES}
    for name, (table, of) in declared.items():
        store.write_table(table, of, folder / f"{name}.parquet")
        if name in AS_CSV:
            table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g")
    store.write_json(store.datapackage(folder.name, declared, csv=False), folder / store.DATAPACKAGE)


def _write_shown(folder: Path, found: Overall) -> None:
    from .figure import over_draws
    from .page import page_html

    for code in language.CODES:
        name = PAGE if code == language.CODES[0] else f"{PAGE}.{code}"
        (folder / f"{name}.html").write_text(page_html(found, language.load(code)), encoding="utf-8")
    from ..exhibits.exhibit import Look

    (folder / "figures").mkdir(exist_ok=True)
    with LOCK:
        exhibit = over_draws(found, Look(language.load(language.CODES[0])))
        (folder / "figures" / f"{FIGURE}.png").write_bytes(exhibit.png(DPI))
        (folder / "figures" / f"{FIGURE}.svg").write_text(exhibit.svg(framed=True), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
