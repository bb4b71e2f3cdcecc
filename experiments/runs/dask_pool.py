"""Runs on an existing Dask cluster: the interface of `execution.Pool`, the same jobs, the same results."""

import queue
import re
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError

from simulation.errors import InputError
from simulation.validation import show

from ..storage import provenance
from .execution import POLL_SECONDS, Chunks, Job, Pool, PoolLost
from .worker import run_jobs

CONNECT_SECONDS = 10
WORKER_SECONDS = 60
"""How long a cluster may be without workers."""
INSTALL = "pip install 'two-claims[distributed]'"


class DaskPool(Pool):
    """The workers of a Dask cluster; a context manager, which leaves the cluster as it was.

    When a worker is lost, Dask gives its work to another; when that is lost too, and so on up to the cluster's own
    limit, the runs in question are done one at a time, and one that takes its worker with it again is a failure.

    Parameters
    ----------
    run : callable
        `run(scenario, seed)`; importable by name on the cluster.
    scheduler : str
        Address of the scheduler, such as `tcp://host:8786`; also a cluster or client object.
    chunks : Chunks, optional
        Send several jobs at a time.
    keep : tuple of str, optional
        Metrics of the series to keep, packed.

    Raises
    ------
    InputError
        If Dask is not installed, nobody answers at the address, or the workers cannot run this code.
    """

    def __init__(self, run: Callable, scheduler, chunks: Chunks | None = None, keep: tuple[str, ...] | None = None):
        try:
            import distributed
        except ImportError:
            raise InputError(f"scheduler: the package distributed is not installed: {INSTALL}") from None
        self.address = address = _address(scheduler)
        try:
            _knock(address)
            self._client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, OverflowError, ImportError) as error:
            raise InputError(f"scheduler = {address!r}: no Dask scheduler answers there ({_brief(error)})") from None
        try:
            cores = self._prepare()
        except BaseException:
            self._client.close()
            raise
        super().__init__(run, cores, chunks=chunks, apart=True, keep=keep)
        self._died = (distributed.scheduler.KilledWorker,)
        self._done: queue.SimpleQueue = queue.SimpleQueue()
        self._given: dict = {}
        self._seen = time.monotonic()
        self._number = 0

    def __exit__(self, error_type, *_):
        self._stop(kill=True)
        self._client.close()

    def _prepare(self) -> int:
        """Wait for a worker, and refuse a cluster whose code is not ours; return how many runs it does at a time."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise InputError(f"scheduler = {self.address!r}: the cluster has no workers: start some first") from None
        try:
            found = self._client.run(_fingerprint)
        except Exception as error:
            raise InputError(
                f"scheduler = {self.address!r}: the workers cannot run this program ({_brief(error)}): install the "
                "same version of it on them"
            ) from None
        ours = _fingerprint()
        for worker, theirs in found.items():
            if theirs != ours:
                raise InputError(
                    f"scheduler = {self.address!r}: worker {worker} has another version of the model (source {theirs}, "
                    f"here {ours}): install the same version everywhere"
                )
        return max(1, sum(self._client.nthreads().values()))

    def _ahead(self) -> int:
        return 2 * self.workers + 2

    def _submit(self, chunk: list[Job], alone: bool = False):
        import cloudpickle

        self._number += 1
        # Bytes, because Dask would look into a list of jobs for work of its own.
        packed = cloudpickle.dumps((self._run, chunk, self._keep))
        self._check()
        future = self._client.submit(_run_packed, packed, key=f"runs-{self._client.id}-{self._number}", pure=False)
        self._given[future] = None
        future.add_done_callback(self._done.put)
        return future

    def _wait(self, pending: Iterable) -> list:
        done = []
        try:
            done.append(self._done.get(timeout=POLL_SECONDS))
            while True:
                done.append(self._done.get_nowait())
        except queue.Empty:
            pass
        if not done:
            self._check()
        ready = []
        for future in done:
            if future.status in ("pending", "lost"):  # its worker died with the result: Dask does it again
                future.add_done_callback(self._done.put)
            elif future in pending:
                ready.append(future)
        return ready

    def _collect(self, future, chunk: list[Job]) -> list:
        self._given.pop(future, None)
        return super()._collect(future, chunk)

    def _answers(self, future) -> list[tuple]:
        while True:
            try:
                return future.result(timeout=CONNECT_SECONDS)
            except TimeoutError:
                self._check()
            except CancelledError:
                self._check()
                raise PoolLost(f"the Dask cluster at {self.address} dropped runs") from None

    def _stop(self, kill: bool) -> None:
        """Take back what was given out; the cluster stays."""
        if self._given and self._client.status == "running":
            self._client.cancel(list(self._given))
        self._given = {}

    def _check(self) -> None:
        """Refuse to wait for a scheduler that is gone, or for workers that do not come back."""
        if self._client.status != "running":
            raise PoolLost(f"the Dask scheduler at {self.address} is gone")
        now = time.monotonic()
        if now - self._seen < WORKER_SECONDS / 10:
            return
        if self._client.nthreads():
            self._seen = now
        elif now - self._seen > WORKER_SECONDS:
            raise PoolLost(f"the Dask cluster at {self.address} has had no workers for {WORKER_SECONDS} s")


def _run_packed(packed: bytes) -> list:
    """Do the jobs of a task, on a worker."""
    import cloudpickle

    run, jobs, keep = cloudpickle.loads(packed)
    return run_jobs(run, jobs, False, keep)


def _fingerprint() -> str:
    return provenance.code()["fingerprint"]


def _address(scheduler) -> str:
    """Return the address of a scheduler, given as such or by an object of Dask, or refuse what is none."""
    owner = getattr(scheduler, "scheduler", scheduler)
    address = str(getattr(scheduler, "scheduler_address", getattr(owner, "address", scheduler)))
    if not re.fullmatch(r"(tcp|tls|ucx)://.+:[0-9]{1,5}|(ws|wss|inproc)://.+", address):
        raise InputError(f"scheduler = {show(address)}: must be an address such as tcp://host:8786")
    return address


def _knock(address: str) -> None:
    """See that somebody listens at the address; Dask's own client takes long to find out that nobody does."""
    protocol, _, place = address.rpartition("://")
    if protocol not in ("tcp", "tls"):
        return
    host, _, port = place.strip("/").rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()


def _brief(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
