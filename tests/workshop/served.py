"""The page as a user starts it: `twoclaims app` in a process of its own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.browser import CHROMIUM, NO_BROWSER  # noqa: F401 - for the tests of the page

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 90
PATIENCE = 120_000
"""How long a test waits for what must appear, in milliseconds: longer than the busiest machine needs."""
START = "from experiments.cli import main; main()"


class Server:
    """`twoclaims app` in a process of its own, after some code that a test wants to run before."""

    def __init__(self, *arguments, before=""):
        self.said = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", before + START, "app", "--port", "0", "--no-browser", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            line = self.process.stdout.readline()
            self.said.append(line)
            if found := re.search(r"http://\S+/", line):
                self.address = found.group()
                threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
                return
            if not line and self.process.poll() is not None:
                break
        raise RuntimeError("the page did not start: " + "".join(self.said))

    def stop(self):
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def visitor(browser, **options):
    """Return a clean browser context whose pages wait patiently."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context


def settled_text(page, selector):
    """Return an element's text once it has stopped changing."""
    before, now = None, page.inner_text(selector)
    while now != before:
        page.wait_for_timeout(500)
        before, now = now, page.inner_text(selector)
    return now
