"""Where a result comes from: version of the code, of its dependencies, command, machine."""

import hashlib
import os
import platform
import shlex
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "two-claims"
DEPENDENCIES = (
    "mesa", "numpy", "scipy", "numba", "pandas", "pyarrow", "matplotlib", "pydantic", "loky", "filelock", "SALib",
    "ema_workbench", "distributed",
)  # fmt: skip
CAUTION = "Simulation under stated assumptions, not a forecast."
_PACKAGES = ("simulation", "experiments")
_GIT_SECONDS = 5


def now() -> str:
    """Return the present moment in ISO 8601, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache
def code() -> dict:
    """Describe the code that runs.

    Returns
    -------
    dict
        `version` (of the package), `commit` and `modified` (None outside a checkout), and `fingerprint`,
        a hash of the model's source that tells two states of the code apart also without a checkout.
    """
    root = Path(__file__).resolve().parents[2]
    commit = _git(root, "rev-parse", "HEAD") if (root / ".git").exists() else None
    changes = _git(root, "status", "--porcelain", "--", *_PACKAGES) if commit else None
    return {
        "version": _checkout_version(root) or _version(DISTRIBUTION) or "unknown",
        "commit": commit,
        "modified": bool(changes) if commit else None,
        "fingerprint": fingerprint(root / "simulation"),
    }


def version_text(described: dict | None = None) -> str:
    """Return one short text for the code version, such as `0.1.0 (commit 1a2b3c4, modified)`."""
    described = described or code()
    notes = [f"commit {described['commit'][:7]}"] if described["commit"] else []
    notes += ["modified"] if described["modified"] else []
    return described["version"] + (f" ({', '.join(notes)})" if notes else "")


def fingerprint(folder: Path) -> str:
    """Hash the Python source below a folder; the names and contents of the files count, nothing else."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def environment() -> dict:
    """Describe interpreter, machine and versions of the dependencies."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "dependencies": {name: version for name in DEPENDENCIES if (version := _version(name))},
    }


def command() -> str:
    """Return the command line of this process as one can type it; only the name of the program itself."""
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])


def _checkout_version(root: Path) -> str | None:
    """Return the version that a checkout declares; what is installed may be another."""
    try:
        return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    except (OSError, ValueError, KeyError):
        return None


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _git(root: Path, *arguments: str) -> str | None:
    """Ask git; None where there is no git, no answer in time, or an error."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
