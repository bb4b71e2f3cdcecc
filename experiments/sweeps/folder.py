"""The folder of a sweep while it runs: one process at a time, with everything in it that a later session needs."""

import contextlib
import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from simulation.errors import InputError

from ..runs.execution import Engine
from ..storage import store
from ..storage.result import DESIGN
from . import journal

LOCK = ".lock"
SCENARIOS, PLACES = "scenarios", "places"
MARGIN_BYTES = 1 << 20


@contextlib.contextmanager
def begin(folder: Path, needed_bytes: int) -> Iterator[Path]:
    """Make the folder of a new sweep and keep others out of it; what holds no journal in the end is removed.

    Parameters
    ----------
    folder : Path
        Must not exist.
    needed_bytes : int
        What the result will take.

    Raises
    ------
    InputError
        If it exists, cannot be written, or has too little space.
    """
    if folder.exists():
        hint = f"; to go on with the sweep in it: --resume {folder}" if (folder / journal.NAME).is_file() else ""
        raise InputError(f"{folder} exists already: a result is never overwritten, choose another folder{hint}")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        with _locked(folder):
            check_space(folder, needed_bytes)
            yield folder
    finally:
        if not (folder / journal.NAME).is_file() and not (folder / store.MANIFEST).is_file():
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def reopen(folder: Path, retry_failed: bool = False) -> Iterator[Path]:
    """Enter the folder of a sweep that has runs to do and keep others out of it.

    Parameters
    ----------
    folder : Path
        Of a sweep that was stopped; or with `retry_failed`, of one that has failed runs.

    Raises
    ------
    InputError
        If it holds no such sweep, another process works on it, or it cannot be written.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    _check_something_to_do(folder, retry_failed)
    with _locked(folder):
        _check_something_to_do(folder, retry_failed)
        yield folder


def check_space(folder: Path, needed_bytes: int) -> None:
    """Refuse a folder that cannot hold so much.

    Raises
    ------
    InputError
        With what is needed and what is free.
    """
    needed = needed_bytes + journal.RESERVE_BYTES + MARGIN_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise InputError(
            f"{folder}: the result needs about {size(needed)} and {size(free)} are free: free some space, choose "
            "another folder, or keep fewer outcomes or series"
        )


def store_inputs(folder: Path, design, scenarios: Sequence) -> None:
    """Write the design and the scenarios, and copy the place files that are no part of the package.

    Raises
    ------
    InputError
        If something cannot be written.
    """
    try:
        (folder / DESIGN).write_text(design.to_toml(), encoding="utf-8")
        (folder / SCENARIOS).mkdir()
        for scenario in scenarios:
            place = Path(scenario.place)
            if place.is_absolute():
                copy = _place_copy(place, scenarios)
                (folder / PLACES).mkdir(exist_ok=True)
                shutil.copyfile(place, folder / copy)
                scenario = dataclasses.replace(scenario, place=f"../{copy}")
            (folder / SCENARIOS / f"{scenario.name}.toml").write_text(scenario.to_toml(), encoding="utf-8")
    except OSError as error:
        raise _unwritable(folder, error) from None


def stored_engine(engine: Engine, folder: Path, scenarios: Sequence) -> Engine:
    """Return the engine, but loading the scenarios that the folder holds, so that what runs is what is kept."""
    loaded = {}
    for name in scenarios:
        file = folder / SCENARIOS / f"{Path(name).stem if name.endswith('.toml') else name}.toml"
        if not file.is_file():
            raise InputError(f"{folder}: scenario {name!r} is not in its folder {SCENARIOS}")
        loaded[name] = file

    def load(name, overrides):
        # The stored scenario has all overrides already; its place is the copy beside it.
        overrides = {key: value for key, value in overrides.items() if key != "place"}
        return engine.load(str(loaded.get(str(name), name)), overrides)

    return engine._replace(load=load)


def place_names(scenarios: Sequence) -> dict[str, str]:
    """Return each scenario's place by the scenario's name: a shipped name, or its file within the result."""
    return {
        s.name: _place_copy(Path(s.place), scenarios) if Path(s.place).is_absolute() else s.place for s in scenarios
    }


def size(count: float) -> str:
    """Return a number of bytes as people write it."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit in ("bytes", "KB") or count >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError


def _check_something_to_do(folder: Path, retry_failed: bool) -> None:
    has_journal = (folder / journal.NAME).is_file()
    if (folder / store.MANIFEST).is_file():
        record = store.read_manifest(folder)
        if record["status"] == store.COMPLETE and not (has_journal and retry_failed):
            failed = record["counts"].get("failed", 0) if has_journal else 0
            hint = f"; its {failed} failed runs are done again by --retry-failed" if failed else ""
            raise InputError(f"{folder} is complete: there is nothing to resume{hint}")
    if not has_journal:
        raise InputError(f"{folder} holds no sweep that could be resumed: it has no {journal.NAME}")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system lifts when this process ends in whatever way."""
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(f"another process is working on {folder}: wait for it, or end it first") from None
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        yield
    finally:
        if not (folder / journal.NAME).is_file():  # else two could hold it, one that of the removed file
            with contextlib.suppress(OSError):  # some systems do not remove an open file
                (folder / LOCK).unlink(missing_ok=True)
        lock.release()


def _place_copy(place: Path, scenarios: Sequence) -> str:
    """Return where the copy of a place file goes; files of one name from several folders get a number."""
    same = sorted({Path(s.place) for s in scenarios if Path(s.place).name == place.name})
    number = same.index(place)
    return f"{PLACES}/{place.name if number == 0 else f'{place.stem}-{number + 1}{place.suffix}'}"


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(f"cannot write results to {folder}: {error.strerror or error}")
