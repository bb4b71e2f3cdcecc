"""What happens inside a worker process: one run, and the small data that it sends back."""

import os
import sys
import time
import traceback

SNAPSHOT_METRICS = ("trust", "fear", "dread", "belief", "salience")
ALL = "all"
WATCH_SECONDS = 1.0
COMPILING = "Compiling the model for this machine (only the first time, up to half a minute) ..."

_listening = False


def prepare_process(parent: int) -> None:
    """Leave Ctrl-C to the parent, which decides what is kept; end when the parent is gone, however it ended."""
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def run_jobs(run, jobs, announce=False, keep=None):
    """Run worlds one after the other and return the answer of each, as `run_job` gives it."""
    return [run_job(run, job, announce and position == 0, keep) for position, job in enumerate(jobs)]


def run_job(run, job, announce=False, keep=None):
    """Run one world and return small data.

    Parameters
    ----------
    run : callable
        `run(scenario, seed)` returning an object with `outcomes`, `series` and `snapshots`.
    job : Job
    announce : bool
        Say on stderr when the model has to be compiled first.
    keep : tuple of str, optional
        Metrics of the series to keep, packed as `pack` does, none if it is empty; by default the whole `compact` table.

    Returns
    -------
    tuple
        `(outcomes, series, seconds, None)`; if the run failed `(None, None, seconds, (reason, traceback))`.
    """
    if announce:
        _announce_compiling()
    started = time.perf_counter()
    try:
        result = run(job.scenario, job.seed)
        outcomes = {name: float(value) for name, value in result.outcomes.items()}
        series = compact(result) if keep is None else pack(result, keep) if keep else None
    except (Exception, SystemExit) as error:
        if _is_interruption(error):
            raise KeyboardInterrupt from error
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return None, None, time.perf_counter() - started, (reason, traceback.format_exc())
    return outcomes, series, time.perf_counter() - started, None


def _is_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an error: one that came inside compiled code is raised as a `SystemError`."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def compact(result):
    """Put a run's monthly counts and its snapshots into one table that is small to send.

    Parameters
    ----------
    result : simulation.recorder.RunResult

    Returns
    -------
    pandas.DataFrame
        Columns date (first day of the month for counts, the day itself for snapshots), metric, group,
        crime_type (`all` where a metric has none) and value.
    """
    import numpy as np
    import pandas as pd
    from pandas.api.types import union_categoricals

    counts, snapshots = result.series, result.snapshots
    rows, measures = len(snapshots), len(SNAPSHOT_METRICS)
    of_snapshots = {
        "metric": pd.Categorical.from_codes(np.repeat(np.arange(measures), rows), list(SNAPSHOT_METRICS)),
        "group": pd.Categorical(np.tile(snapshots["community"], measures)),
        "crime_type": pd.Categorical.from_codes(np.zeros(rows * measures, int), [ALL]),
    }
    dates = np.tile(snapshots["date"].to_numpy().astype("datetime64[s]"), measures)
    values = snapshots[list(SNAPSHOT_METRICS)].to_numpy(float).ravel(order="F")
    labels = {
        name: union_categoricals([counts[name].astype("category"), column]) for name, column in of_snapshots.items()
    }
    return pd.DataFrame(
        {
            "date": np.concatenate([counts["date"].to_numpy().astype("datetime64[s]"), dates]),
            **labels,
            "value": np.concatenate([counts["value"].to_numpy(float), values]),
        }
    )


def pack(result, metrics) -> bytes:
    """Put some metrics of a run's compact series into few bytes (Arrow, compressed); `unpack` reverses it."""
    import pyarrow as pa

    series = compact(result)
    series = series[series["metric"].isin(metrics)]
    table = pa.Table.from_pandas(series, preserve_index=False)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema.remove_metadata(), options=options) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def unpack(packed: bytes):
    """Return what `pack` was given (pyarrow.Table)."""
    import pyarrow as pa

    with pa.ipc.open_stream(packed) as reader:
        return reader.read_all()


def _announce_compiling() -> None:
    """Print one line if numba compiles anything; nothing if everything is in its cache."""
    global _listening
    if _listening:
        return
    from numba.core import event

    class Announcement(event.Listener):
        said = False

        def on_start(self, event):
            if not self.said:
                print(COMPILING, file=sys.stderr, flush=True)
                type(self).said = True

        def on_end(self, event):
            pass

    event.register("numba:compile", Announcement())
    _listening = True
