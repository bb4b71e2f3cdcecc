"""What happens inside a worker process: one run, and the small data that it sends back."""

import sys
import time
import traceback

MONTHLY = "M"
SNAPSHOT_METRICS = ("trust", "fear", "dread", "belief", "salience")
ALL = "all"
COMPILING = "Compiling the model for this machine (only the first time, up to half a minute) ..."

_listening = False


def ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which decides what is kept."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_job(run, job, announce=False):
    """Run one world and return small data.

    Parameters
    ----------
    run : callable
        `run(scenario, seed)` returning an object with `outcomes`, `series` and `snapshots`.
    job : experiments.execution.Job
    announce : bool
        Say on stderr when the model has to be compiled first.

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
        series = compact(result)
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return None, None, time.perf_counter() - started, (reason, traceback.format_exc())
    return outcomes, series, time.perf_counter() - started, None


def compact(result):
    """Reduce a run's series to monthly counts, and append its snapshots.

    Parameters
    ----------
    result : simulation.RunResult

    Returns
    -------
    pandas.DataFrame
        Columns date (first day of the month for counts, the day itself for snapshots), metric, group,
        crime_type (`all` where a metric has none) and value; ordered by metric, group, crime type and date.
    """
    import pandas as pd

    counts = result.series
    keys = ["metric", "group", "crime_type"]
    counts = counts[["date", *keys, "value"]].copy()
    for key in keys:
        counts[key] = _labels(counts[key])
    counts["date"] = pd.to_datetime(counts["date"]).to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    counts = counts.groupby([*keys, "date"], observed=True, sort=True)["value"].sum().reset_index()
    frame = pd.concat([counts, _long_snapshots(result.snapshots)], ignore_index=True)
    for key in keys:
        frame[key] = frame[key].astype("category")
    frame["value"] = frame["value"].astype(float)
    return frame[["date", *keys, "value"]]


def _labels(column):
    """Return labels as a category, `all` where there is none."""
    column = column.astype("category")
    if not column.isna().any():
        return column
    if ALL not in column.cat.categories:
        column = column.cat.add_categories([ALL])
    return column.fillna(ALL)


def _long_snapshots(snapshots):
    import pandas as pd

    long = snapshots.melt(
        id_vars=["date", "community"],
        value_vars=list(SNAPSHOT_METRICS),
        var_name="metric",
        value_name="value",
    )
    long = long.rename(columns={"community": "group"}).assign(crime_type=ALL)
    long["date"] = pd.to_datetime(long["date"]).astype("datetime64[s]")
    return long.astype({"group": str})


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
