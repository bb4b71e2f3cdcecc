"""The page as a user starts it, and a real browser in front of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
SHOT_FOLDER = os.environ.get("TWOCLAIMS_SHOTS")


class Server:
    """`twoclaims app` in a process of its own."""

    def __init__(self, *arguments, **environment):
        self.log = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from experiments.cli import main; main()", "app", "--port", "0", "--no-browser", *arguments],
            cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1", **environment}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said = []
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            line = self.process.stdout.readline()
            said.append(line)
            if found := re.search(r"http://\S+/", line):
                self.address = found.group()
                return
            if not line and self.process.poll() is not None:
                break
        raise RuntimeError("the page did not start: " + "".join(said))

    def stop(self):
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise


@pytest.fixture(scope="session")
def server():
    """Return the server that most tests share."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    running = Server()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    """Return a headless browser."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(server, browser):
    """Return a function that opens a view in a clean browser context; faults in the console fail the test."""
    contexts, faults = [], []

    def opened(query="", width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(server.address + (f"?{query}" if query else ""))
        page.wait_for_selector("header.topbar")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def shoot(request):
    """Return a function that keeps a picture of a page where TWOCLAIMS_SHOTS names a folder."""

    def take(page, name=""):
        if SHOT_FOLDER:
            path = Path(SHOT_FOLDER) / f"{request.node.name.replace('/', '-')}{name}.png"
            page.screenshot(path=path, full_page=True)

    return take
