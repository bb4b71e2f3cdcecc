"""The page as a user starts it: `twoclaims app` in a process of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
NO_BROWSER = "no browser: install Debian's package chromium, or set CHROMIUM to the path of Chrome or Chromium"
STARTS_WITHIN = 90
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
