"""The result folder: few files, written whole or not at all, and never over an existing result."""

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simulation.errors import InputError

from . import columns, provenance

DEFAULT_PARENT = Path("results")
MANIFEST, DATAPACKAGE = "manifest.json", "datapackage.json"
COMPLETE, INTERRUPTED = "complete", "interrupted"
FORMAT = 1
CSV_ROWS = 50_000
"""Rows of a table that are turned into CSV at a time."""
_TITLES = {
    "runs": "One row per run: seeds, every parameter and lever, every outcome.",
    "series": "Monthly counts and snapshots of every run.",
    "effects": "Paired effects of world A relative to world B.",
    "counting": "Truth, record and survey of crime: where they tell different stories of two worlds.",
    "summary": "Outcomes summarized over replicates.",
    "claims": "The claims of both sides, judged by the pairs of worlds.",
    "explain": "What each effect is made of, mechanism by mechanism.",
    "explain_runs": "One row per run with mechanisms switched off.",
    "failures": "Runs that did not finish, and why.",
    "points": "The points of a design: the value of every factor at each.",
    "cases": "The points of a design, and whether a condition holds at each.",
    "discovery": "Boxes in the space of the factors in which a condition mostly holds.",
    "trajectory": "Every step of the search for these boxes.",
    "sensitivity": "What each factor does to each target: measures with intervals, and what luck does.",
    "curves": "The target along the values of each factor, all others at their base.",
    "probabilities": "How probable each claim is over the draws, and how large its effects are.",
    "decisive": "What knowing each parameter tells about a verdict or an effect.",
    "boxes": "In which part of what is believed a claim is mostly supported, or contradicted.",
    "local": "Shares of draws by verdict over the two parameters that decide most.",
    "judgments": "Every measure of every claim at every draw.",
    "regret": "How far each scenario is from the best one, over the points of a design.",
    "pairs": "Paired differences between scenarios over the points of a design.",
}


class Destination:
    """A result folder to be: a draft beside it that becomes the folder in one step.

    Parameters
    ----------
    folder : str or Path
        Must not exist.

    Raises
    ------
    InputError
        If it exists, or nothing can be written there.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        if self.folder.exists():
            raise InputError(f"{self.folder} exists already: a result is never overwritten, choose another folder")
        self.draft = self.folder.parent / f".{self.folder.name}.{os.getpid()}-{time.time_ns()}.partial"
        try:
            self.draft.mkdir(parents=True)
            (self.draft / MANIFEST).write_text("{}\n")
        except OSError as error:
            raise InputError(f"cannot write results to {self.folder}: {error.strerror or error}") from None

    def commit(self) -> Path:
        """Turn the draft into the result folder; return its path.

        If the folder has come into being in the meantime, the name gets a number: nothing is lost.
        """
        target, number = self.folder, 1
        while target.exists():
            number += 1
            target = self.folder.with_name(f"{self.folder.name}-{number}")
        self.draft.rename(target)
        return target

    def discard(self) -> None:
        """Remove the draft, if it is still one."""
        shutil.rmtree(self.draft, ignore_errors=True)


@contextlib.contextmanager
def reserve(folder) -> Iterator[Destination]:
    """Reserve a result folder before any run starts; what is not committed in the end is removed."""
    destination = folder if isinstance(folder, Destination) else Destination(folder)
    try:
        yield destination
    finally:
        destination.discard()


def default_folder(name: str) -> Path:
    """Return `results/<name>-<time>`, with a number if two results begin in one second."""
    stem = f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:100]}-{time.strftime('%Y%m%d-%H%M%S')}"
    folder, number = DEFAULT_PARENT / stem, 1
    while folder.exists():
        number += 1
        folder = DEFAULT_PARENT / f"{stem}-{number}"
    return folder


def write(destination: Destination, ensemble, csv: bool = False) -> Path:
    """Write everything about an ensemble and return the folder.

    Parameters
    ----------
    destination : Destination
    ensemble : Ensemble
    csv : bool
        Write every table as CSV too.
    """
    draft = destination.draft
    tables = ensemble.tables()
    for name, (table, declared) in tables.items():
        write_table(table, declared, draft / f"{name}.parquet")
        if csv:
            write_csv(draft / f"{name}.parquet", draft / f"{name}.csv")
    (draft / "scenarios").mkdir()
    for scenario in ensemble.scenarios:
        (draft / "scenarios" / f"{scenario.name}.toml").write_text(scenario.to_toml(), encoding="utf-8")
    if figures := ensemble.figures():
        from ..drawing import save_figures

        save_figures(figures, draft / "figures")
    for name, text in ensemble.documents().items():
        (draft / name).write_text(text, encoding="utf-8")
    write_json(datapackage(destination.folder.name, tables, csv), draft / DATAPACKAGE)
    write_json(manifest(ensemble), draft / MANIFEST)
    return destination.commit()


def write_table(table, declared, path: Path) -> None:
    """Write one table as Parquet; its columns must be exactly the declared ones, in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if list(table.columns) != columns.names(declared):
        raise ValueError(f"{path.name}: columns differ from their declaration")
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    for position, column in enumerate(declared):
        found, wanted = arrow.schema.field(position).type, arrow_type(column.type)
        if found != wanted and not pa.types.is_dictionary(found):
            arrow = arrow.set_column(position, column.name, arrow.column(position).cast(wanted))
    pq.write_table(arrow, path, compression="zstd")


def write_csv(table: Path, file: Path) -> int:
    """Write one Parquet table as CSV (UTF-8 with a byte order mark), some rows at a time; return how many rows."""
    import pyarrow.parquet as pq

    source = pq.ParquetFile(table)
    with open(file, "w", encoding="utf-8-sig", newline="") as sink:
        sink.write(source.schema_arrow.empty_table().to_pandas().to_csv(index=False))
        for batch in source.iter_batches(CSV_ROWS):
            batch.to_pandas(date_as_object=True, integer_object_nulls=True).to_csv(sink, index=False, header=False)
    return source.metadata.num_rows


def manifest(ensemble) -> dict:
    """Return what one needs to know about how a result came to be."""
    return {
        "format": FORMAT,
        "status": INTERRUPTED if ensemble.interrupted else COMPLETE,
        "caution": provenance.CAUTION,
        "command": provenance.command(),
        "kind": type(ensemble).__name__.lower(),
        "started": ensemble.started,
        "ended": ensemble.ended,
        "workers": ensemble.workers,
        "root_seed": ensemble.root_seed,
        "counts": ensemble.counts(),
        "notes": ensemble.notes,
        "scenarios": [
            {
                "name": scenario.name,
                "title": scenario.title,
                "file": f"scenarios/{scenario.name}.toml",
                "fingerprint": scenario.fingerprint,
                "place": str(scenario.place),
                "place_fingerprint": ensemble.engine.place_fingerprint(scenario),
            }
            for scenario in ensemble.scenarios
        ],
        "code": provenance.code(),
        **provenance.environment(),
    }


def datapackage(name: str, tables: Mapping, csv: bool) -> dict:
    """Return the Frictionless description of the tables: type, unit and meaning of every column."""
    formats = {"parquet": "application/vnd.apache.parquet", **({"csv": "text/csv"} if csv else {})}
    return {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()),
        "description": provenance.CAUTION,
        "created": provenance.now(),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table if form == "parquet" else f"{table}-{form}",
                "path": f"{table}.{form}",
                "format": form,
                "mediatype": medium,
                "description": _TITLES[table],
                "schema": _schema(table, declared),
            }
            for table, (_, declared) in tables.items()
            for form, medium in formats.items()
        ],
    }


def read_table(folder, name: str, **selection):
    """Read one table of a result folder (pandas.DataFrame).

    Parameters
    ----------
    folder : str or Path
    name : str
        Such as `runs`.
    **selection
        `columns` and `filters` of `pandas.read_parquet`, for a part of it.

    Raises
    ------
    InputError
        If the folder is no result, or has no such table that can be read.
    """
    import pandas as pd
    import pyarrow

    path = Path(folder) / f"{name}.parquet"
    read_manifest(folder)
    if not path.is_file():
        raise InputError(f"{folder} has no table {path.name}")
    try:
        return pd.read_parquet(path, **selection)
    except pyarrow.ArrowInvalid as error:
        raise InputError(f"{path} cannot be read: {error}") from None


def read_manifest(folder) -> dict:
    """Read the manifest of a result folder.

    Raises
    ------
    InputError
        If the folder is no result.
    """
    try:
        return json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"{folder} is not a result folder: it has no readable {MANIFEST}") from None


def _schema(table: str, declared) -> dict:
    schema = {"fields": [_field(column) for column in declared], "missingValues": [""]}
    if table == "series":
        schema["metrics"] = {name: metric._asdict() for name, metric in columns.METRICS.items()}
    return schema


def _field(column: columns.Column) -> dict:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    if column.allowed:
        field["constraints"] = {"enum": list(column.allowed)}
    return field


def arrow_type(kind: str):
    """Return the Arrow type for a type of Frictionless Table Schema."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    return types[kind]


def write_json(content: Mapping, path: Path) -> None:
    """Write JSON as people read it."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
