"""The journal of a running sweep: one SQLite file that holds every finished run, whatever ends the program.

A run is one row and is there whole or not at all. Rows are written in small batches, at most a fraction of a second
after the runs finish. A little space is held in reserve, so that on a full disk the last finished runs can be kept.
"""

import errno
import json
import os
import sqlite3
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from simulation.errors import InputError

from ..runs.execution import Failed, Finished

NAME = "journal.sqlite"
RESERVE = "journal.reserve"
RESERVE_BYTES = 1 << 20
HOLD_SECONDS = 0.2
FORMAT = 1
_TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sessions (session INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
    number INTEGER PRIMARY KEY, session INTEGER NOT NULL, seconds REAL NOT NULL, outcomes BLOB NOT NULL, series BLOB
);
CREATE TABLE failures (
    number INTEGER PRIMARY KEY, session INTEGER NOT NULL, seconds REAL NOT NULL, reason TEXT NOT NULL,
    traceback TEXT NOT NULL
);
"""


class RunRow(NamedTuple):
    """A finished run as the journal holds it; `outcomes` are float64 in the order of the journal's keys."""

    number: int
    session: int
    seconds: float
    outcomes: bytes
    series: bytes | None


class FailureRow(NamedTuple):
    """A failed run as the journal holds it."""

    number: int
    session: int
    seconds: float
    reason: str
    traceback: str


class Journal:
    """The finished runs of a sweep on disk; make it with `create` or `reopen`.

    Runs are known by their number: their position in the order of the design, from 0.

    Attributes
    ----------
    about : dict
        What was noted at the beginning, `keys` (flat names of the outcomes kept) among it.
    finished, failed : int
        Runs in the journal, those that are held back for the next commit among them.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection):
        self._path, self._connection = path, connection
        self.about = {key: json.loads(value) for key, value in connection.execute("SELECT key, value FROM about")}
        self._keys = self.about["keys"]
        self._runs: list[RunRow] = []
        self._failures: list[FailureRow] = []
        self._committed = time.monotonic()
        self._session = 0
        self.finished, self.failed = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("runs", "failures")
        )

    @classmethod
    def create(cls, folder: Path, about: dict) -> "Journal":
        """Begin the journal of a sweep in its folder.

        Parameters
        ----------
        folder : Path
        about : dict
            Whatever a later session must know, as JSON can hold it; `keys` lists the outcomes to keep.

        Raises
        ------
        OSError
            If the disk is full.
        """
        path = folder / NAME
        draft = folder / f".{NAME}.draft"
        draft.unlink(missing_ok=True)
        with _disk_errors(path):
            _reserve(folder)
            connection = sqlite3.connect(draft)
            try:
                with connection:
                    connection.executescript(_TABLES)
                    notes = {"format": FORMAT, **about}
                    rows = [(key, json.dumps(value)) for key, value in notes.items()]
                    connection.executemany("INSERT INTO about VALUES (?, ?)", rows)
            finally:
                connection.close()
            draft.rename(path)
        return cls.reopen(folder)

    @classmethod
    def reopen(cls, folder: Path) -> "Journal":
        """Open the journal that a folder holds.

        Raises
        ------
        InputError
            If it is damaged, or of a format that this version does not know.
        OSError
            If the disk is full.
        """
        path = folder / NAME
        connection = None
        try:
            with _disk_errors(path):
                _reserve(folder)
                connection = sqlite3.connect(path, isolation_level="IMMEDIATE")
                # With the lock held throughout, the log needs no shared memory beside it, which network disks lack.
                for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
                    connection.execute(f"PRAGMA {setting}").fetchone()
                journal = cls(path, connection)
        except (sqlite3.DatabaseError, ValueError, KeyError) as error:
            if connection is not None:
                connection.close()
            raise InputError(f"{path}: the journal of this sweep cannot be read: {error}") from None
        if journal.about["format"] != FORMAT:
            journal.close()
            raise InputError(f"{path}: written by another version of this program (format {journal.about['format']})")
        return journal

    def begin_session(self, note: dict) -> None:
        """Note who writes from now on, such as command and code version."""
        with _disk_errors(self._path), self._connection as connection:
            added = connection.execute("INSERT INTO sessions (value) VALUES (?)", (json.dumps(note),))
            assert added.lastrowid is not None  # a row was added
            self._session = added.lastrowid

    def sessions(self) -> dict[int, dict]:
        """Return the note of every session by its number, in order."""
        rows = self._connection.execute("SELECT session, value FROM sessions ORDER BY session")
        return {session: json.loads(value) for session, value in rows}

    def forget_failures(self) -> int:
        """Forget the failed runs, so that they are done again; return how many."""
        with _disk_errors(self._path), self._connection as connection:
            connection.execute("DELETE FROM failures")
        count, self.failed = self.failed, 0
        return count

    def done(self, total: int) -> bytearray:
        """Return 1 for every run of so many that is in the journal, finished or failed, and 0 for the others."""
        marks = bytearray(total)
        for table in ("runs", "failures"):
            for (number,) in self._connection.execute(f"SELECT number FROM {table}"):
                marks[number] = 1
        return marks

    def add(self, number: int, record: Finished | Failed) -> None:
        """Take in a run; it is on disk at the next commit."""
        if isinstance(record, Failed):
            row = FailureRow(number, self._session, record.seconds, record.reason, record.traceback)
            self._failures.append(row)
            self.failed += 1
            return
        outcomes = array("d", [record.outcomes.get(key, float("nan")) for key in self._keys]).tobytes()
        self._runs.append(RunRow(number, self._session, record.seconds, outcomes, record.series))
        self.finished += 1

    def tick(self) -> None:
        """Commit what was taken in, if the last commit is a while ago."""
        if (self._runs or self._failures) and time.monotonic() - self._committed >= HOLD_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Put what was taken in on disk.

        Raises
        ------
        OSError
            If the disk is full; what was taken in is then kept in the reserved space, or the message says how many
            finished runs are lost.
        """
        if not (self._runs or self._failures):
            return
        try:
            self._write()
        except sqlite3.OperationalError as error:
            # Space for one last commit.
            (self._path.parent / RESERVE).unlink(missing_ok=True)
            lost = ""
            try:
                self._write()
            except sqlite3.OperationalError:
                lost = f"; {len(self._runs) + len(self._failures)} runs could not be kept and will be done again"
                self.finished -= len(self._runs)
                self.failed -= len(self._failures)
                self._runs, self._failures = [], []
            raise _as_os_error(error, self._path, lost) from None

    def runs(self) -> Iterator[RunRow]:
        """Yield the finished runs in the order of the design."""
        rows = self._connection.execute("SELECT number, session, seconds, outcomes, series FROM runs ORDER BY number")
        return map(RunRow._make, rows)

    def failures(self) -> Iterator[FailureRow]:
        """Yield the failed runs in the order of the design."""
        rows = self._connection.execute(
            "SELECT number, session, seconds, reason, traceback FROM failures ORDER BY number"
        )
        return map(FailureRow._make, rows)

    def close(self) -> None:
        """Close the file; it stays."""
        self._connection.close()

    def remove(self) -> None:
        """Close and remove the journal: everything in it is in the tables now."""
        self.close()
        for path in files(self._path.parent):
            path.unlink(missing_ok=True)

    def _write(self) -> None:
        with self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", self._runs)
            connection.executemany("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)", self._failures)
        self._runs, self._failures = [], []
        self._committed = time.monotonic()


def files(folder: Path) -> Sequence[Path]:
    """Return the files that a journal consists of, there or not; the journal itself is the last to go."""
    return [folder / name for name in (RESERVE, f".{NAME}.draft", f"{NAME}-wal", f"{NAME}-shm", NAME)]


def bytes_per_run(keys: Iterable[str]) -> int:
    """Return about how much a finished run takes in the journal, without series."""
    return 60 + 8 * len(list(keys))


def _reserve(folder: Path) -> None:
    """Take the space that the last commit on a full disk needs."""
    path = folder / RESERVE
    if path.is_file() and path.stat().st_size == RESERVE_BYTES:
        return
    try:
        with open(path, "wb") as file:
            file.write(b"\x01" * RESERVE_BYTES)
    except OSError:
        path.unlink(missing_ok=True)
        raise


class _disk_errors:
    """Turn what SQLite says about the disk into the error of the system."""

    def __init__(self, path: Path):
        self._path = path

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if isinstance(error, sqlite3.OperationalError) and _is_of_disk(error):
            raise _as_os_error(error, self._path) from None


def _is_of_disk(error: sqlite3.OperationalError) -> bool:
    return any(word in str(error) for word in ("full", "disk I/O", "unable to open", "readonly"))


def _as_os_error(error: sqlite3.OperationalError, path: Path, note: str = "") -> OSError:
    full = "full" in str(error)
    said = os.strerror(errno.ENOSPC) if full else f"the journal cannot be written ({error})"
    return OSError(errno.ENOSPC if full else errno.EIO, said + note, str(path))
