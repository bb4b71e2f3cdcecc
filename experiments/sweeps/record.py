"""What a sweep's folder says about itself: manifest, description of the tables, and RO-Crate metadata."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from ..runs.execution import Engine
from ..storage import provenance, store
from ..storage.result import DESIGN
from .folder import PLACES, SCENARIOS
from .journal import Journal

RO_CRATE = "ro-crate-metadata.json"
STOPPED = "stopped"
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_MEDIA = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".json": "application/json",
    ".toml": "application/toml",
}


def session_note(workers: int | None, scheduler: str | None) -> dict:
    """Return what is noted about a session of a sweep before it runs."""
    return {
        "started": provenance.now(),
        "command": provenance.command(),
        "workers": workers,
        "scheduler": scheduler,
        "version": provenance.version_text(),
        "code": provenance.code(),
        **provenance.environment(),
    }


def differences(then: Mapping, now: Mapping) -> list[str]:
    """Return what differs between the code and libraries of two sessions, in words."""
    found = []
    if then["code"]["fingerprint"] != now["code"]["fingerprint"] or then["version"] != now["version"]:
        found.append(
            f"the code differs: {then['version']}, model source {then['code']['fingerprint']} before; "
            f"{now['version']}, model source {now['code']['fingerprint']} now"
        )
    before, after = ({"python": each["python"], **each["dependencies"]} for each in (then, now))
    changed = [
        f"{name} {before.get(name)} before, {after.get(name)} now"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return found + ([f"libraries differ: {'; '.join(changed)}"] if changed else [])


def manifest(design, engine: Engine, scenarios, journal: Journal, status: str, notes: list[str]) -> dict:
    """Return what one needs to know about how a sweep came to be.

    Parameters
    ----------
    design : Design
    engine : Engine
    scenarios : sequence of Scenario
        Before any factor is set.
    journal : Journal
    status : str
        `complete`, `interrupted` or `stopped`.
    notes : list of str
        What a reader should know.
    """
    sessions = list(journal.sessions().values())
    last = sessions[-1]
    return {
        "format": store.FORMAT,
        "status": status,
        "caution": provenance.CAUTION,
        "command": last["command"],
        "kind": "sweep",
        "started": sessions[0]["started"],
        "ended": provenance.now(),
        "workers": last["workers"],
        "scheduler": last["scheduler"],
        "root_seed": design.root_seed,
        "counts": {
            "planned": design.n_runs,
            "finished": journal.finished,
            "failed": journal.failed,
            "points": journal.about["points"],
            "replicates": design.seeds,
        },
        "notes": notes,
        "design": {
            "name": design.name,
            "title": design.title,
            "method": design.method,
            "file": DESIGN,
            "fingerprint": journal.about["design"],
            "factors": [factor.name for factor in design.factors],
            "resolved": _resolved(design),
        },
        "scenarios": [
            {
                "name": scenario.name,
                "title": scenario.title,
                "file": f"{SCENARIOS}/{scenario.name}.toml",
                "fingerprint": scenario.fingerprint,
                "place": journal.about["places"][scenario.name],
                "place_fingerprint": engine.place_fingerprint(scenario),
            }
            for scenario in scenarios
        ],
        "code": last["code"],
        **{name: last[name] for name in ("python", "platform", "cores", "dependencies")},
        "sessions": [{name: note[name] for name in ("started", "command", "version")} for note in sessions],
    }


def ro_crate(folder: Path, record: Mapping, descriptions: Mapping[str, str]) -> dict:
    """Return RO-Crate 1.1 metadata (JSON-LD): every file, the program that made them, when and from what.

    Parameters
    ----------
    folder : Path
        Of the result.
    record : mapping
        The manifest.
    descriptions : mapping of str to str
        What files hold, by their path within the folder.
    """
    inputs = [DESIGN, *(scenario["file"] for scenario in record["scenarios"])]
    inputs += [f"{PLACES}/{path.name}" for path in sorted((folder / PLACES).glob("*"))]
    tables = sorted(path.name for kind in ("*.parquet", "*.csv") for path in folder.glob(kind))
    outputs = [*tables, store.MANIFEST, store.DATAPACKAGE]
    files = [_file(name, descriptions.get(name)) for name in (*inputs, *outputs)]
    program = f"#two-claims-{record['code']['version']}"
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@id": RO_CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _SPECIFICATION},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": record["design"]["title"],
                "description": f"A sweep of {record['counts']['planned']} runs. {record['caution']}",
                "datePublished": record["ended"],
                "hasPart": [{"@id": file["@id"]} for file in files],
                "mentions": [{"@id": "#sweep"}],
            },
            {
                "@id": program,
                "@type": "SoftwareApplication",
                "name": provenance.DISTRIBUTION,
                "softwareVersion": provenance.version_text(record["code"]),
                "softwareRequirements": f"Python {record['python']}",
            },
            {
                "@id": "#sweep",
                "@type": "CreateAction",
                "name": record["command"],
                "actionStatus": {
                    "@id": "http://schema.org/"
                    + ("CompletedActionStatus" if record["status"] == store.COMPLETE else "PotentialActionStatus")
                },
                "startTime": record["started"],
                "endTime": record["ended"],
                "instrument": {"@id": program},
                "object": [{"@id": name} for name in inputs],
                "result": [{"@id": name} for name in outputs],
            },
            *files,
        ],
    }


def _resolved(design) -> dict:
    """Return the design with every value; the points of a list are in points.parquet."""
    table = {key: value for key, value in tomllib.loads(design.to_toml()).items() if key != "combinations"}
    return json.loads(json.dumps(table, default=str))  # dates as text


def replace_json(path: Path, content: dict) -> None:
    """Write JSON in one step, over what is there."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _file(name: str, description: str | None) -> dict:
    entry = {"@id": name, "@type": "File", "name": name, "encodingFormat": _MEDIA[Path(name).suffix]}
    return entry | ({"description": description} if description else {})
