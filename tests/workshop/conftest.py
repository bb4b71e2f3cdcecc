"""The page as a user starts it, and a real browser in front of it."""

import os
from pathlib import Path

import pytest
from served import CHROMIUM, NO_BROWSER, Server, visitor

SHOT_FOLDER = os.environ.get("TWOCLAIMS_SHOTS")


@pytest.fixture(scope="session")
def server():
    """Return the server that most tests share."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def open_page(server, browser):
    """Return a function that opens a view in a clean browser context; faults in the console fail the test."""
    contexts, faults = [], []

    def opened(query="", width=1280, height=900, **options):
        context = visitor(browser, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
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
