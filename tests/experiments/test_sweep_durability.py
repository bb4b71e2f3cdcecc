"""Nothing that is finished is lost: killed processes, Ctrl-C, a torn journal, a full disk, a second process."""

import contextlib
import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import fake_sweep
import numpy as np
import psutil
import pytest
from fake_sweep import assert_same_tables, marks, write_design

from experiments import Result, sweep
from experiments.runs.execution import Failed, Finished, Job
from experiments.sweeps import journal as journals
from experiments.sweeps.journal import Journal
from simulation.errors import InputError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and mounts of POSIX systems")
root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
RUNS = 160

PROGRAM = """
import sys
import fake_sweep
from experiments.runs import execution
execution.simulation_engine = lambda: fake_sweep.engine(fake_sweep.marked)
from experiments.cli import main
main(sys.argv[1:])
"""


def start(arguments, **environment):
    """Start the command line with a slow fake model in a process of its own."""
    path = os.pathsep.join([str(HERE), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "sweep", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until(condition, seconds=40):
    """Wait for something to become true; say whether it did."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def workers_of(process):
    """Return the live children that do work (loky's resource tracker does none)."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


def recorded(folder) -> int:
    """Return how many runs the journal and its log hold; read from copies, because reading tidies up."""
    with tempfile.TemporaryDirectory() as elsewhere:
        for file in journals.files(folder):
            if file.exists():
                shutil.copy(file, elsewhere)
        with closing(sqlite3.connect(Path(elsewhere) / journals.NAME)) as connection:
            return connection.execute("SELECT count(*) FROM runs").fetchone()[0]


def resumed(folder, design=None):
    """Complete a sweep in this process."""
    return sweep(design, resume=folder, progress=False, engine=fake_sweep.engine(fake_sweep.marked))


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """Return the folder of a sweep that nothing disturbed; its design is beside it."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    design = write_design(folder, points=40, seeds=2)
    return sweep(design, out=folder / "result", workers=2, progress=False, engine=fake_sweep.engine()).folder


@pytest.fixture
def running(uninterrupted, tmp_path, monkeypatch):
    """Start the same sweep with two workers and wait until a good part of it is done."""
    (tmp_path / "marks").mkdir()
    monkeypatch.setenv("FAKE_MARKS", str(tmp_path / "marks"))
    monkeypatch.setenv("FAKE_SECONDS", "0")
    design = uninterrupted.parent / "tried.toml"
    process = start([design, "--out", tmp_path / "r", "--workers", 2], FAKE_SECONDS="0.04")
    try:
        assert wait_until(lambda: len(marks(tmp_path / "marks")) >= 0.4 * RUNS), process.stderr.read()
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@posix
def test_the_program_is_killed_and_the_sweep_completed(running, uninterrupted, tmp_path):
    """Half of what is asked of durability: kill -9, the last rows torn, and the same tables in the end."""
    folder = tmp_path / "r"
    time.sleep(0.5)
    done = len(marks(tmp_path / "marks"))
    workers = workers_of(running)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    assert wait_until(lambda: not any(worker.is_running() for worker in workers), 5), "workers end with the program"
    kept = recorded(folder)
    in_flight = 4 * 10  # tasks given out, of less than half a second each
    assert done - in_flight <= kept < RUNS
    with pytest.raises(InputError, match="twoclaims sweep --resume"):
        Result.open(folder)
    # The last rows are torn, as if the machine had stopped in the midst of writing them.
    write_ahead = folder / f"{journals.NAME}-wal"
    os.truncate(write_ahead, write_ahead.stat().st_size - 1000)
    whole_rows = recorded(folder)
    assert kept - 2 * in_flight < whole_rows < kept
    before = len(marks(tmp_path / "marks"))
    result = resumed(folder, uninterrupted.parent / "tried.toml")
    assert result.manifest["status"] == "complete"
    assert_same_tables(uninterrupted, folder)
    assert len(marks(tmp_path / "marks")) - before == RUNS - whole_rows, "what is kept is not run again"
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in uninterrupted.iterdir())


@posix
def test_a_worker_is_killed_and_nothing_is_lost(running, uninterrupted, tmp_path):
    os.kill(workers_of(running)[0].pid, signal.SIGKILL)
    out, error = running.communicate(timeout=60)
    assert running.returncode == 0, error
    assert f"{RUNS} of {RUNS} runs finished, 0 failed" in out
    assert_same_tables(uninterrupted, tmp_path / "r")


@posix
def test_control_c_in_a_terminal(running, uninterrupted, tmp_path):
    """CL-17: everybody in the process group gets it; it ends within seconds, and no process is left."""
    folder = tmp_path / "r"
    workers = workers_of(running)
    os.killpg(running.pid, signal.SIGSTOP)  # so that it is not done before it is interrupted
    refused = start(["--resume", folder])
    assert "another process is working on" in (said := refused.communicate(timeout=60)[1])
    os.killpg(running.pid, signal.SIGCONT)
    assert len(said.splitlines()) == 1
    assert refused.returncode == 2
    started = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    _, error = running.communicate(timeout=30)
    assert time.monotonic() - started < 5
    assert running.returncode == 130
    assert f"go on with `twoclaims sweep --resume {folder}`" in error
    assert not any(worker.is_running() for worker in workers)
    partial = Result.open(folder)
    assert partial.manifest["status"] == "interrupted"
    assert 0.2 * RUNS < len(partial.runs) < RUNS
    assert partial.runs["run_id"].tolist()[:20] == Result.open(uninterrupted).runs["run_id"].tolist()[:20]
    resumed(folder)
    assert_same_tables(uninterrupted, folder)


@pytest.fixture
def small_disk(tmp_path):
    """Return a function that mounts a file system of so many bytes; it is gone after the test."""
    mounted = []

    def mount(size, *options):
        point = tmp_path / f"disk{len(mounted)}"
        point.mkdir()
        text = ",".join([f"size={size}", *options])
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", text, "tmpfs", point], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"cannot mount: {done.stderr.strip()}")
        mounted.append(point)
        return point

    yield mount
    for point in mounted:
        subprocess.run(["umount", "-l", point], check=True)


def fill(file, room) -> None:
    """Write to a file until the disk is full, and leave so many bytes."""
    with contextlib.suppress(OSError), open(file, "wb", buffering=0) as sink:
        while True:
            sink.write(bytes(4096))
    os.truncate(file, file.stat().st_size - room)


@posix
@root
@pytest.mark.parametrize(("at", "room"), [(50, 0), (RUNS, 100_000)], ids=["while running", "while writing the tables"])
def test_the_disk_becomes_full(small_disk, here, uninterrupted, at, room):
    """What is finished is kept, one line says so, and when there is room the sweep goes on."""
    disk = small_disk(8 << 20)
    filler = disk / "filler"
    done = []

    def fills_the_disk(scenario, seed):
        done.append(seed)
        if len(done) == at:
            fill(filler, room)
        time.sleep(0.005)
        return fake_sweep.run(scenario, seed)

    design = uninterrupted.parent / "tried.toml"
    with pytest.raises(OSError, match="No space left on device: ") as raised:
        sweep(design, out=disk / "r", progress=False, engine=fake_sweep.engine(fills_the_disk))
    assert raised.value.errno == errno.ENOSPC
    assert f"{len(done)} of {RUNS} runs are done and kept; make room and go on with `twoclaims sweep --resume" in str(
        raised.value
    )
    assert at <= len(done) <= RUNS
    assert len(done) < RUNS or at == RUNS
    assert recorded(disk / "r") == len(done)
    filler.unlink()
    left = []
    whole = sweep(
        resume=disk / "r",
        progress=False,
        engine=fake_sweep.engine(lambda scenario, seed: left.append(seed) or fake_sweep.run(scenario, seed)),
    )
    assert len(left) == RUNS - len(done)
    assert_same_tables(uninterrupted, whole.folder)


@posix
@root
def test_a_disk_that_is_too_small_or_read_only_is_refused_before_anything_runs(small_disk, here, tmp_path):
    def never(scenario, seed):
        raise AssertionError("nothing may run")

    design = write_design(tmp_path, points=2000, seeds=3)
    for disk, said in (
        (small_disk(2 << 20), "and .* are free: free some space"),
        (small_disk("1m", "ro"), "Read-only"),
    ):
        with pytest.raises(InputError, match=said) as raised:
            sweep(design, out=disk / "r", progress=False, engine=fake_sweep.engine(never))
        assert "\n" not in str(raised.value)
        assert list(disk.iterdir()) == []


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(here, tmp_path):
    design = write_design(tmp_path)
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(InputError, match="cannot write results to"):
        sweep(design, out=tmp_path / "locked" / "r", progress=False, engine=fake_sweep.engine())


def test_a_file_where_a_folder_is_needed(here, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write results to"):
        sweep(write_design(tmp_path), out=tmp_path / "file" / "r", progress=False, engine=fake_sweep.engine())


JOB = Job("x-p000001-r0001", None, 1, 1, 1, 1)
ABOUT = {"keys": ["b", "a"], "series": []}


def finished(value=1.0):
    return Finished(JOB, {"a": value, "b": 2.0, "unasked": 3.0}, None, 0.5)


def test_a_journal_holds_runs_in_the_order_of_the_design(tmp_path):
    journal = Journal.create(tmp_path, ABOUT)
    journal.begin_session({"version": "1"})
    journal.add(7, finished(float("nan")))
    journal.add(2, finished())
    journal.add(4, Failed(JOB, "reason", "where", 0.1))
    journal.commit()
    journal.close()
    again = Journal.reopen(tmp_path)
    again.begin_session({"version": "2"})
    assert (again.finished, again.failed) == (2, 1)
    assert [row.number for row in again.runs()] == [2, 7]
    np.testing.assert_array_equal(np.frombuffer(next(again.runs()).outcomes), [2.0, 1.0])
    assert [tuple(row) for row in again.failures()] == [(4, 1, 0.1, "reason", "where")]
    assert list(again.done(8)) == [0, 0, 1, 0, 1, 0, 0, 1]
    assert again.forget_failures() == 1
    assert sum(again.done(8)) == 2
    assert again.sessions() == {1: {"version": "1"}, 2: {"version": "2"}}
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_runs_are_written_a_fraction_of_a_second_after_they_finish(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(journals.time, "monotonic", lambda: now[0])
    journal = Journal.create(tmp_path, ABOUT)
    journal.begin_session({})
    for number, (moment, written) in enumerate([(100.1, 0), (100.3, 2), (100.4, 2), (100.6, 4)]):
        now[0] = moment
        journal.add(number, finished())
        journal.tick()
        assert len(list(journal.runs())) == written
        assert journal.finished == number + 1
    journal.close()


def test_what_is_no_journal(tmp_path):
    (tmp_path / journals.NAME).write_text("not a database, but long enough to look at" * 10)
    with pytest.raises(InputError, match="cannot be read"):
        Journal.reopen(tmp_path)
    (tmp_path / journals.NAME).unlink()
    Journal.create(tmp_path, ABOUT).close()
    with closing(sqlite3.connect(tmp_path / journals.NAME)) as connection, connection:
        connection.execute("UPDATE about SET value = '99' WHERE key = 'format'")
    with pytest.raises(InputError, match="another version of this program"):
        Journal.reopen(tmp_path)
