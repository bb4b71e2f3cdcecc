"""A fault of the model or of a view is a plain banner on a usable page, and never a traceback (CL-62)."""

import pytest
from served import CHROMIUM, NO_BROWSER, Server, visitor

BROKEN = """
import solara
from workshop import pages, worlds

@solara.component
def Broken(session):
    raise ZeroDivisionError("planted")

pages.PAGES["levers"] = Broken
usual = worlds.Worlds.run_pairs

def fails_now_and_then(self, pair, seeds, cancelled, **options):
    for position, answer in usual(self, pair, seeds, cancelled, **options):
        yield position, ArithmeticError("planted") if position % 2 else answer

worlds.Worlds.run_pairs = fails_now_and_then
"""


@pytest.fixture(scope="module")
def broken_server():
    """Return a server with a view that raises and a model that fails in every second pair."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    running = Server(before=BROKEN)
    yield running
    running.stop()


def test_faults_are_banners_and_the_page_goes_on(broken_server, browser):
    context = visitor(browser)
    try:
        page = context.new_page()
        page.goto(f"{broken_server.address}?view=share&pairs=8")
        page.wait_for_selector("text=4 of 8 pairs of worlds failed and are left out.")
        page.get_by_role("navigation").get_by_role("button", name="Levers").click()
        page.wait_for_selector("text=Something went wrong in the model.")
        assert "Traceback" not in page.inner_text("body")
        assert "planted" not in page.inner_text("body")
        page.get_by_role("navigation").get_by_role("button", name="Compare").click()
        page.wait_for_selector(".exhibit svg")
    finally:
        context.close()
