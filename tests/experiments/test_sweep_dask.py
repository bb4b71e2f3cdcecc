"""A sweep on a Dask cluster: the same results bit for bit, and nothing lost when workers or the scheduler are."""

import os
import signal
import sys
import threading
import time

import fake_sweep
import pytest
from fake_sweep import assert_same_tables, marks, write_design

from experiments import Result, sweep
from experiments.runs import dask_pool
from experiments.runs.execution import PROCESS_DIED
from simulation.errors import InputError

distributed = pytest.importorskip("distributed")


def cluster(workers, **options):
    """Start a cluster on this machine."""
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50, **options
    )


@pytest.fixture(scope="module")
def address():
    """Return the address of a cluster that gives work up when it has lost two workers by it."""
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), cluster(2) as running:
        yield running.scheduler_address


def run(design, out, model=fake_sweep.run, **options):
    """Sweep with a fake model and without a word."""
    return sweep(design, out=out, progress=False, engine=fake_sweep.engine(model), **options)


def test_the_same_tables_as_on_this_machine(here, tmp_path, address):
    design = write_design(tmp_path, points=30, seeds=3, more='series = ["reported"]')
    result = run(design, tmp_path / "cluster", scheduler=address)
    run(design, tmp_path / "here")
    assert_same_tables(tmp_path / "here", tmp_path / "cluster")
    assert result.manifest["scheduler"] == address


def test_a_failing_run_and_one_that_takes_its_worker_with_it(tmp_path, address):
    design = write_design(tmp_path, points=12, seeds=1)
    result = run(design, tmp_path / "fails", fake_sweep.fails, scheduler=address)
    poisoned = (result.points["fear_effect"] < fake_sweep.POISON).sum()
    assert len(result.failures) == 2 * poisoned > 0
    assert set(result.failures["reason"]) == {"ArithmeticError: planted failure"}
    lost = run(design, tmp_path / "dies", fake_sweep.dies, scheduler=address)
    assert set(lost.failures["reason"]) == {PROCESS_DIED}
    assert lost.failures["run_id"].tolist() == result.failures["run_id"].tolist()
    assert lost.runs["run_id"].tolist() == result.runs["run_id"].tolist()


def test_a_worker_is_killed_and_nothing_is_lost(here, tmp_path, monkeypatch):
    (tmp_path / "marks").mkdir()
    monkeypatch.setenv("FAKE_MARKS", str(tmp_path / "marks"))
    design = write_design(tmp_path, points=40, seeds=1)
    with cluster(2) as running:
        (victim, *_) = [worker.pid for worker in running.workers.values()]

        def kill():
            while len(marks(tmp_path / "marks")) < 20:
                time.sleep(0.02)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        result = run(design, tmp_path / "r", fake_sweep.marked, scheduler=running)
        killer.join()
    assert len(result.runs) == 80
    run(design, tmp_path / "here")
    assert_same_tables(tmp_path / "here", tmp_path / "r")


def test_the_scheduler_is_lost_and_the_sweep_completed_here(here, tmp_path, monkeypatch):
    (tmp_path / "marks").mkdir()
    monkeypatch.setenv("FAKE_MARKS", str(tmp_path / "marks"))
    design = write_design(tmp_path, points=60, seeds=1)
    running = cluster(1)

    def close():
        while len(marks(tmp_path / "marks")) < 30:
            time.sleep(0.02)
        running.close()

    closer = threading.Thread(target=close)
    closer.start()
    result = run(design, tmp_path / "r", fake_sweep.marked, scheduler=running.scheduler_address)
    closer.join()
    assert result.manifest["status"] == "stopped"
    assert any("the Dask" in note and "--resume" in note for note in result.manifest["notes"])
    assert 0 < len(result.runs) < 120
    run(None, None, resume=tmp_path / "r")
    run(design, tmp_path / "here")
    assert_same_tables(tmp_path / "here", tmp_path / "r")


def test_what_is_refused(tmp_path, monkeypatch, address):
    design = write_design(tmp_path)

    def refused(**options):
        with pytest.raises(InputError) as raised:
            run(design, tmp_path / "r", **options)
        assert "\n" not in str(raised.value)
        assert not (tmp_path / "r").exists()
        return str(raised.value)

    monkeypatch.setattr(dask_pool, "CONNECT_SECONDS", 0.5)
    with cluster(0) as empty:
        assert "has no workers" in refused(scheduler=empty.scheduler_address)
    with monkeypatch.context() as patch:
        patch.setattr(dask_pool, "_fingerprint", lambda: "another")
        patch.setattr(distributed.Client, "run", lambda *_: {"tcp://worker": "theirs"})
        assert "tcp://worker has another version of the model" in refused(scheduler=address)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'two-claims[distributed]'" in refused(scheduler=address)
    assert isinstance(run(design, tmp_path / "local", workers=1), Result)
