"""Progress of many runs on stderr: a bar on a terminal, plain lines in a log, nothing when quiet."""

import sys
import time
from typing import Any

LINE_SECONDS = 20.0


class Progress:
    """Count finished runs and say how long the rest will take.

    The bar appears with the first finished run, so that what a first run prints does not tear it.

    Parameters
    ----------
    total : int
        Runs planned so far; more can be added with `extend`.
    shown : bool
        False: stay silent.
    workers : int
        Runs at a time. The first of each is left out of the estimate: it compiles or loads the model.
    stream : file, optional
        Where to write; stderr by default.
    """

    def __init__(self, total: int, shown: bool = True, workers: int = 1, stream=None):
        self.total, self.done, self.failed = total, 0, 0
        self._workers = workers
        self._warm: float | None = None  # when each worker had ended one run
        self._shown, self._stream = shown, stream or sys.stderr
        self._started = self._last_line = time.monotonic()
        self._bar: Any = None  # of tqdm, which is imported when it is first shown

    def say(self, text: str) -> None:
        """Print one line."""
        if not self._shown:
            return
        if self._bar is not None:
            self._bar.clear()
        print(text, file=self._stream, flush=True)

    def extend(self, runs: int) -> None:
        """Plan more runs."""
        self.total += runs
        if self._bar is not None:
            self._bar.total = self.total

    def advance(self, failed: bool = False) -> None:
        """Count one finished or failed run."""
        self.done += 1
        self.failed += failed
        if self.done == self._workers:
            self._warm = time.monotonic()
        if not self._shown:
            return
        if self._stream.isatty():
            self._advance_bar()
        elif self.done == self.total or time.monotonic() - self._last_line > LINE_SECONDS:
            self._last_line = time.monotonic()
            print(self.line(), file=self._stream, flush=True)

    def line(self) -> str:
        """Return the present state as one plain line."""
        elapsed = time.monotonic() - self._started
        text = f"{self.done} of {self.total} runs after {duration(elapsed)}"
        if self.failed:
            text += f", {self.failed} failed"
        left = self.total - self.done
        if left and self._warm is not None and self.done > self._workers:
            per_run = (time.monotonic() - self._warm) / (self.done - self._workers)
            text += f", about {duration(per_run * left)} left"
        return text

    def close(self) -> None:
        """Finish the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _advance_bar(self) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=self.total, unit="run", file=self._stream, dynamic_ncols=True)
            self._bar.start_t -= time.monotonic() - self._started
        if self.failed:
            self._bar.set_postfix(failed=self.failed, refresh=False)
        self._bar.update()


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"
