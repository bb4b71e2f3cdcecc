"""Running jobs: order, workers, failures, dying processes, interruption."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import fake_world
import psutil
import pytest

from experiments import compare
from experiments.runs import execution
from experiments.runs.execution import Chunks, Failed, Finished, Pool, plan
from experiments.runs.progress import Progress
from experiments.runs.worker import compact, pack, run_job, unpack

PAIR = ("agreement-renewed", "agreement-ended")
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
posix = pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")


def jobs(replicates=3):
    """Plan a few jobs."""
    return plan([fake_world.load(name, {}) for name in PAIR], 1, range(1, replicates + 1))


def outcomes_of(records):
    """Return outcomes and series by run, in a form that can be compared."""
    return {r.job.run_id: (str(sorted(r.outcomes.items())), r.series.to_csv()) for r in records}


def test_jobs_are_replicate_major_so_that_a_stopped_comparison_is_balanced():
    planned = jobs(2)
    assert [job.run_id for job in planned] == [
        "agreement-renewed-0001",
        "agreement-ended-0001",
        "agreement-renewed-0002",
        "agreement-ended-0002",
    ]
    assert planned[0].seed == planned[1].seed != planned[2].seed == planned[3].seed


def test_workers_and_order_change_nothing_and_no_process_is_left():
    planned = jobs(3)
    with Pool(fake_world.run, workers=1) as pool:
        alone = outcomes_of(pool.map(planned))
        reversed_order = outcomes_of(pool.map(planned[::-1]))
    with Pool(fake_world.run, workers=2) as pool:
        together = outcomes_of(pool.map(planned))
    psutil.wait_procs([psutil.Process(pid) for pid in running_workers(os.getpid())], timeout=30)
    assert running_workers(os.getpid()) == []
    assert alone == reversed_order == together
    assert len(alone) == 6


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_run_becomes_a_record_and_the_rest_go_on(workers):
    with Pool(fake_world.fails_on_2, workers) as pool:
        records = list(pool.map(jobs(4)))
    failed = [r for r in records if isinstance(r, Failed)]
    assert len(records) == 8
    assert [(f.job.run_id, f.reason) for f in failed] == [("agreement-ended-0002", "ArithmeticError: planted failure")]
    assert "fails_on_2" in failed[0].traceback


def test_a_dying_process_takes_only_its_own_run_with_it():
    with Pool(fake_world.dies_on_2, workers=2) as pool:
        records = list(pool.map(jobs(4)))
    assert sorted(r.job.run_id for r in records) == sorted(job.run_id for job in jobs(4))
    assert [r.job.run_id for r in records if isinstance(r, Failed)] == ["agreement-ended-0002"]
    assert next(r for r in records if isinstance(r, Failed)).reason == execution.PROCESS_DIED


def test_what_cannot_travel_to_a_worker_is_a_failure_of_that_run():
    planned = jobs(1)
    broken = planned[0]._replace(seed=threading.Lock())
    with Pool(fake_world.run, workers=2) as pool:
        records = list(pool.map([broken, planned[1]]))
    assert {type(r) for r in records} == {Failed, Finished}


def test_of_several_jobs_sent_together_only_the_one_that_cannot_travel_fails():
    planned = jobs(3)
    broken = planned[2]._replace(seed=threading.Lock())
    chunks = Chunks()
    for _ in range(2):
        chunks.learn([Finished(planned[0], {}, None, 0.0)])
    assert len(chunks.take(iter(planned))) == 6
    with Pool(fake_world.run, workers=2, chunks=chunks, keep=()) as pool:
        records = list(pool.map([*planned[:2], broken, *planned[3:]]))
    assert [r.job.run_id for r in records if isinstance(r, Failed)] == [broken.run_id]
    assert len({r.job.run_id for r in records}) == 6
    assert all(r.series is None for r in records if isinstance(r, Finished))


def test_chunks_are_as_many_jobs_as_take_half_a_second_and_keep_points_together():
    job = jobs(1)[0]
    chunks = Chunks(largest=50, unit=3)

    def size_after(seconds):
        chunks.learn([Finished(job, {}, None, seconds)] * 2)
        return len(chunks.take(iter(range(1000))))

    assert len(chunks.take(iter(range(1000)))) == 1
    assert size_after(0.0) == 3, "not at once: the first runs may be quick by chance"
    assert [size_after(0.0), size_after(0.0), size_after(0.0)] == [12, 48, 48]
    assert size_after(0.1) == 3
    assert size_after(0.3) == 1, "long runs go one by one"
    assert size_after(0.01) == 3
    assert chunks.take(iter([])) == []


def test_series_are_packed_and_unpacked():
    result = fake_world.run(jobs(1)[0].scenario, 1)
    table = compact(result)
    kept = unpack(pack(result, ("reported", "trust"))).to_pandas()
    expected = table[table["metric"].isin(["reported", "trust"])]
    assert kept["value"].tolist() == expected["value"].tolist()
    assert kept["group"].tolist() == expected["group"].tolist()
    assert (kept["date"].to_numpy() == expected["date"].to_numpy()).all()


def test_default_workers_leave_a_core_free(monkeypatch):
    import loky

    monkeypatch.setattr(loky, "cpu_count", lambda: 8)
    assert execution.default_workers() == 7
    monkeypatch.setattr(loky, "cpu_count", lambda: 1)
    assert execution.default_workers() == 1


def test_workers_use_one_thread_each():
    with Pool(threads_of_worker, workers=2) as pool:
        records = list(pool.map(jobs(1)))
    assert all("NUMBA_NUM_THREADS=1 OMP_NUM_THREADS=1" in r.reason for r in records)


def threads_of_worker(scenario, seed):
    """Fail with what the environment of the worker says."""
    raise RuntimeError(" ".join(f"{name}={os.environ.get(name)}" for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS")))


def test_interruption_keeps_what_is_finished():
    calls = []

    def interrupted(scenario, seed):
        calls.append(seed)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return fake_world.run(scenario, seed)

    comparison = compare(*PAIR, seeds=10, workers=1, progress=False, engine=fake_world.engine(interrupted))
    assert comparison.interrupted
    assert len(comparison.runs) == 5
    assert set(comparison.effects["pairs"]) == {0, 2}
    assert "5 of 20 runs" in comparison.notes[0]


def test_interruption_before_anything_is_finished_goes_on_to_the_caller(tmp_path):
    def at_once(scenario, seed):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(*PAIR, workers=1, progress=False, out=tmp_path / "r", engine=fake_world.engine(at_once))
    assert list(tmp_path.iterdir()) == []


def running_workers(pid):
    """Return the live children of a process that do work (loky's resource tracker does none)."""
    children = psutil.Process(pid).children(recursive=True)
    return [c.pid for c in children if c.is_running() and "resource_tracker" not in " ".join(c.cmdline())]


def test_ctrl_c_inside_compiled_code_is_no_failed_run():
    """Python turns it into a SystemError caused by the KeyboardInterrupt."""

    def interrupted(scenario, seed):
        raise SystemError("returned a result with an exception set") from KeyboardInterrupt()

    def broken(scenario, seed):
        raise SystemError("broken") from ValueError()

    job = jobs(1)[0]
    with pytest.raises(KeyboardInterrupt):
        run_job(interrupted, job)
    *_, (reason, _) = run_job(broken, job)
    assert reason == "SystemError: broken"


COMPARE_SLOWLY = """
import fake_world
from experiments.comparison.comparison import Comparison, compare
Comparison.figures = lambda self: {{}}
c = compare("agreement-renewed", "agreement-ended", seeds=100, workers=2, progress=False, out={out!r},
            engine=fake_world.engine(fake_world.slow))
print(c.interrupted, len(c.runs), flush=True)
"""


def start_script(tmp_path, code, **environment):
    """Run code as a script that has no main guard."""
    script = tmp_path / "script.py"
    script.write_text(code)
    path = os.pathsep.join([str(HERE), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.Popen(
        [sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_until(condition, seconds=20):
    """Wait for something to become true; say whether it did."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.fixture
def slow_comparison(tmp_path):
    """Start a long comparison with two workers in another process, and wait until it is well under way."""
    marks = tmp_path / "marks"
    marks.mkdir()
    code = COMPARE_SLOWLY.format(out=str(tmp_path / "result"))
    process = start_script(tmp_path, code, FAKE_WORLD_MARKS=str(marks))
    try:
        assert wait_until(lambda: len(list(marks.iterdir())) >= 8)
        children = running_workers(process.pid)
        assert len(children) == 2
        yield process, children
    finally:
        process.kill()
        process.communicate()


@posix
def test_control_c_with_two_workers_ends_within_seconds_and_leaves_nobody(slow_comparison, tmp_path):
    process, children = slow_comparison
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
    said, _ = process.communicate(timeout=20)
    assert time.monotonic() - started < 10
    assert process.returncode == 0
    interrupted, runs = said.split()
    assert interrupted == "True"
    assert 1 <= int(runs) < 200
    assert not any(psutil.pid_exists(pid) for pid in children)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["marks", "result", "script.py"]


@posix
def test_workers_end_when_their_parent_is_killed(slow_comparison, tmp_path):
    process, children = slow_comparison
    process.kill()
    assert wait_until(lambda: not any(psutil.pid_exists(pid) for pid in children), 10)
    assert not (tmp_path / "result").exists()


def test_a_script_without_a_main_guard_runs_on_workers(tmp_path):
    code = COMPARE_SLOWLY.format(out=None).replace("seeds=100", "seeds=1").replace(".slow", ".run")
    said, _ = start_script(tmp_path, code).communicate(timeout=30)
    assert said == "False 2\n"


def test_progress_in_a_log_is_plain_lines_and_quiet_is_silent(capsys):
    progress = Progress(2)
    progress.advance()
    assert progress.line() == "1 of 2 runs after 0 s"
    progress.advance(failed=True)
    progress.close()
    assert capsys.readouterr().err == "2 of 2 runs after 0 s, 1 failed\n"
    silent = Progress(1, shown=False)
    silent.say("anything")
    silent.advance()
    assert capsys.readouterr() == ("", "")


def test_the_estimate_leaves_out_the_first_run_that_compiles(monkeypatch):
    clock = iter([0.0, 30.0, 30.0, 32.0, 32.0])
    monkeypatch.setattr("experiments.runs.progress.time.monotonic", lambda: next(clock))
    progress = Progress(100, shown=False)
    progress.advance()  # after 30 seconds
    progress.advance()
    assert progress.line() == "2 of 100 runs after 30 s, about 3 min 16 s left"  # 98 runs of 2 seconds


def test_progress_on_a_terminal_is_a_bar():
    class Terminal:
        text = ""

        def isatty(self):
            return True

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    terminal = Terminal()
    progress = Progress(4, stream=terminal)
    progress.say("Running")
    progress.advance()
    progress.extend(2)
    progress.advance(failed=True)
    progress.close()
    assert "Running\n" in terminal.text
    assert "2/6" in terminal.text
    assert "failed=1" in terminal.text


def test_the_compact_series_holds_all_counts_and_snapshots():
    result = fake_world.run(fake_world.load("agreement-ended", {}), 5)
    result.snapshots["fear"] = range(len(result.snapshots))
    series = compact(result)
    keys = ["metric", "group", "date"]
    counts = series[series["metric"].isin(fake_world.COUNTS)].set_index(keys)["value"]
    assert counts.to_dict() == result.series.set_index(keys)["value"].to_dict()
    fear = series[series["metric"] == "fear"]
    assert fear["value"].tolist() == list(range(len(result.snapshots)))
    assert fear["group"].tolist() == result.snapshots["community"].tolist()
    assert (fear["date"].to_numpy() == result.snapshots["date"].to_numpy()).all()
    assert len(series) == len(counts) + 5 * len(fear)
    assert set(fear["crime_type"]) == {"all"}


def test_the_first_run_says_that_it_compiles_once_and_a_later_one_does_not(tmp_path):
    code = """
from numba import njit
import fake_world
from experiments.runs.execution import Pool, plan
@njit
def f(x): return x + 1
@njit
def g(x): return x + 2
def run(scenario, seed):
    f(1), g(1)
    return fake_world.run(scenario, seed)
jobs = plan([fake_world.load("agreement-ended", {})], 1, [1, 2])
with Pool(run, workers=1, announce=True) as pool:
    list(pool.map(jobs))
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    path = os.pathsep.join([str(HERE), str(ROOT)])
    done = subprocess.run(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    assert done.stderr.count("Compiling the model") == 1, done.stderr
