"""The frameworks that are measured: what each is called, which module holds its version, where it can be installed."""

import importlib
import sys
import venv
from importlib import metadata
from pathlib import Path
from subprocess import run
from typing import NamedTuple

from ..__main__ import ROOT
from .workload import Prepare

ENVIRONMENTS = ROOT / "build" / "peers"


class Peer(NamedTuple):
    """A framework.

    `packages` are those whose versions are told; the first must be installed. `alone` is what an environment of its
    own needs, where the framework cannot share this project's.
    """

    title: str
    module: str
    packages: tuple[str, ...]
    alone: tuple[str, ...] = ()


PEERS = {
    "ours": Peer("this project's technique, compiled", "compiled", ("numba", "numpy")),
    "mesa": Peer("Mesa, `AgentSet.do`", "plain_mesa", ("mesa",)),
    "agentpy": Peer("AgentPy", "with_agentpy", ("agentpy",)),
    "mesa-frames": Peer("mesa-frames", "with_mesa_frames", ("mesa-frames", "polars", "numpy"),
                        ("mesa-frames>=0.1.0a0,<0.2", "numba>=0.61,<0.70")),
    "starsim": Peer("Starsim", "with_starsim", ("starsim", "numpy")),
}  # fmt: skip
"""By the name that `benchmarks.peers.measure` takes. The workload's people are drawn by numba."""

NOT_INSTALLED = "not installed; `pip install -e '.[peers]'`"
NO_ENVIRONMENT = "needs an environment of its own, which a full measurement makes"


def implementation(name: str) -> Prepare:
    """Return a framework's version of the workload, which imports the framework."""
    return importlib.import_module(f".{PEERS[name].module}", __package__).prepare


def versions(name: str) -> dict[str, str]:
    """Return the versions of a framework and of what matters beside it, by package."""
    return {package: metadata.version(package) for package in PEERS[name].packages}


def interpreter(name: str, may_install: bool) -> tuple[str, str]:
    """Return a Python that has a framework, or why there is none.

    Parameters
    ----------
    name : str
        Key of `PEERS`.
    may_install : bool
        Whether to make an environment, in `build/peers`, for a framework that needs its own.

    Returns
    -------
    python, reason : str
        One of them is empty.
    """
    peer = PEERS[name]
    if not peer.alone:
        try:
            metadata.version(peer.packages[0])
        except metadata.PackageNotFoundError:
            return "", NOT_INSTALLED
        return sys.executable, ""
    python = ENVIRONMENTS / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not _has(python, peer.packages[0]):
        if not may_install:
            return "", NO_ENVIRONMENT
        if reason := _install(python, peer.alone):
            return "", reason
    return str(python), ""


def _has(python: Path, package: str) -> bool:
    command = [python, "-c", f"from importlib import metadata; metadata.version({package!r})"]
    return python.exists() and run(command, capture_output=True).returncode == 0


def _install(python: Path, requirements: tuple[str, ...]) -> str:
    """Make an environment and install into it; return the last words of pip if it fails."""
    venv.create(python.parents[1], with_pip=True, clear=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
    done = run(command, capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return f"does not install: {errors[-1].removeprefix('ERROR: ')}" if done.returncode else ""
