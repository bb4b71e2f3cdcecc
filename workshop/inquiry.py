"""What one visitor asks about assumptions: maps of where claims are true, and searches for the other side's."""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace

import solara

from experiments.claims.assumptions import under
from experiments.claims.batches import Answer, Batch, run_needed
from experiments.claims.other_side import Finding, Search, steps
from experiments.claims.truth_map import TruthMap
from simulation.randomness import replicate_seed

from .ensemble import Progress
from .worlds import Worlds

log = logging.getLogger("workshop")

KEPT = 8
"""Maps, and findings, that are kept for a visitor who comes back to them."""


@dataclass(frozen=True)
class Task:
    """What runs now: a map or a search, by its name, and how many of its pairs are done."""

    name: Hashable
    progress: Progress


class Inquiry:
    """The maps and searches of one visitor; one of them runs at a time, beside the page.

    Attributes
    ----------
    maps : Reactive of dict of name to TruthMap
        As far as they were run; see `map_name`.
    findings : Reactive of dict of name to Finding
        See `search_name`.
    task : Reactive of Task or None
    is_faulty : Reactive of bool
        Whether the last task ended because worlds failed.
    """

    def __init__(self, session):
        self._worlds: Worlds = session.worlds
        self._turn, self._lock = 0, threading.Lock()
        self.maps: solara.Reactive[dict[Hashable, TruthMap]] = solara.reactive({})
        self.findings: solara.Reactive[dict[Hashable, Finding]] = solara.reactive({})
        self.task: solara.Reactive[Task | None] = solara.reactive(None)
        self.is_faulty = solara.reactive(False)

    def known(self, empty: TruthMap) -> TruthMap:
        """Return a map as far as it was run."""
        found = self.maps.value.get(map_name(empty), empty)
        return replace(empty, answers=found.answers, asked=found.asked)

    def fill(self, empty: TruthMap, pairs: int) -> None:
        """Run a map until every cell has so many pairs."""
        begun = self.known(empty)
        wanted = sum(len(batch.replicates) for _, batch in begun.plan(pairs))
        self._begin(map_name(empty), wanted, lambda ask: self._fill(begun, pairs, ask))

    def search(self, search: Search) -> None:
        """Run a search."""
        self._begin(search_name(search), search.most_pairs, lambda ask: self._search(search, ask))

    def stop(self) -> None:
        """Run nothing more; what is done stays."""
        with self._lock:
            self._turn += 1
        self.task.value = None

    close = stop

    def _fill(self, found: TruthMap, pairs: int, ask: Callable[[Batch, int], Answer]) -> None:
        for cell, batch in found.plan(pairs):
            found = found.with_answer(cell, batch, ask(batch, found.root_seed))
            self.maps.value = _kept(self.maps.value, map_name(found), found)

    def _search(self, search: Search, ask: Callable[[Batch, int], Answer]) -> None:
        running, answer = steps(search), None
        while True:
            try:
                batch = running.send(answer)
            except StopIteration as end:
                self.findings.value = _kept(self.findings.value, search_name(search), end.value)
                return
            answer = ask(batch, search.root_seed)

    def _begin(self, name: Hashable, wanted: int, work: Callable[[Callable], None]) -> None:
        with self._lock:
            self._turn += 1
            turn = self._turn
        self.is_faulty.value, self.task.value = False, Task(name, Progress(0, wanted, None))
        threading.Thread(target=self._guarded, args=(turn, name, wanted, work), daemon=True).start()

    def _guarded(self, turn: int, name: Hashable, wanted: int, work: Callable[[Callable], None]) -> None:
        started, done = time.monotonic(), 0

        def ask(batch: Batch, root_seed: int) -> Answer:
            nonlocal done
            answer = list(run_batch(self._worlds, batch, root_seed, lambda: self._turn != turn))
            if self._turn != turn:
                raise _Stopped
            done += len(batch.replicates)
            left = (time.monotonic() - started) / done * max(0, wanted - done)
            self.task.value = Task(name, Progress(done, wanted, left))
            return answer

        try:
            work(ask)
        except _Stopped:
            return
        except Exception:
            log.exception("an inquiry of a visitor failed")
            self.is_faulty.value = self._turn == turn
        if self._turn == turn:
            self.task.value = None


class _Stopped(Exception):
    """The visitor wants something else."""


def run_batch(worlds: Worlds, batch: Batch, root_seed: int, cancelled: Callable[[], bool]) -> Iterator[tuple]:
    """Run a batch and yield the outcomes of both worlds of every pair that ended well, in order.

    Raises
    ------
    RuntimeError
        If every pair failed: then something is wrong that more pairs will not mend.
    """
    seeds = [replicate_seed(root_seed, number) for number in batch.replicates]
    answers = dict(worlds.run_pairs((batch.a, batch.b), seeds, cancelled, run_needed))
    failures = [answer for answer in answers.values() if isinstance(answer, Exception)]
    if failures and len(failures) == len(answers):
        raise RuntimeError("every pair of a batch failed") from failures[0]
    for _, answer in sorted(answers.items(), key=lambda each: each[0]):
        if not isinstance(answer, Exception):
            yield answer


def map_name(found: TruthMap) -> Hashable:
    """Return what decides the cells of a map, however far it was run; its two assumptions may be anything else."""
    values = found.values(found.cells[0])
    worlds = (under(scenario, values).fingerprint for scenario in (found.a, found.b))
    return *worlds, found.root_seed, found.across.name, found.up.name, found.side


def search_name(search: Search) -> Hashable:
    """Return what decides a finding."""
    names = tuple(sorted(each.name for each in search.assumptions))
    asked = search.claim, search.outcome, search.target, names
    return search.a.fingerprint, search.b.fingerprint, search.root_seed, *asked


def _kept(known: dict, name: Hashable, value: object) -> dict:
    """Return what is kept with one more or a newer one, the last ones only."""
    others = [(key, each) for key, each in known.items() if key != name]
    return dict([*others[-(KEPT - 1) :], (name, value)])
