"""Tables of a result as CSV files that spreadsheets, R and pandas read."""

import json
from collections.abc import Iterable
from pathlib import Path

from simulation.errors import InputError

from .. import analysis
from . import store

SPREADSHEET_ROWS = 1_048_575
"""Rows below the header that a spreadsheet can hold."""


def export(result, out=None) -> tuple[Path, list[str]]:
    """Write every table of a result as CSV, with the description of its columns.

    UTF-8 with a byte order mark, by which spreadsheets know it; dates as 2018-08-31; numbers with a decimal point and
    all their digits; an empty cell is a missing value.

    Parameters
    ----------
    result : Result, str or Path
        A result or its folder.
    out : str or Path, optional
        Folder to write to; must not exist. `analysis/export-<time>` in the result folder by default.

    Returns
    -------
    tuple of (Path, list of str)
        The folder, and remarks for the user.

    Raises
    ------
    InputError
        If there is no such result, or the folder exists or cannot be written.
    """
    result = analysis.opened(result)
    package = json.loads((result.folder / store.DATAPACKAGE).read_text(encoding="utf-8"))
    tables = {
        each["path"].removesuffix(".parquet"): each for each in package["resources"] if each["format"] == "parquet"
    }
    folder = Path(out) if out is not None else analysis.default_folder(result, "export")
    with store.reserve(folder) as destination:
        try:
            rows = write_csv_files(result.folder, tables, destination.draft)
        except OSError as error:
            raise InputError(f"cannot write to {folder}: {error.strerror or error}") from None
        package["resources"] = [
            {**each, "name": f"{name}-csv", "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv"}
            for name, each in tables.items()
        ]
        store.write_json(package, destination.draft / store.DATAPACKAGE)
        manifest = (result.folder / store.MANIFEST).read_text(encoding="utf-8")
        (destination.draft / store.MANIFEST).write_text(manifest, encoding="utf-8")
        folder = destination.commit()
    return folder, [
        f"note: {name}.csv has {count:,} rows, more than a spreadsheet can hold ({SPREADSHEET_ROWS:,})"
        for name, count in rows.items()
        if count > SPREADSHEET_ROWS
    ]


def write_csv_files(source: Path, names: Iterable[str], folder: Path) -> dict[str, int]:
    """Write tables of a folder as CSV into another (or the same) one; return the number of rows of each."""
    return {name: store.write_csv(source / f"{name}.parquet", folder / f"{name}.csv") for name in names}
