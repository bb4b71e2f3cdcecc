"""Measure how fast the page answers in a real browser, and write page.md: `python -m benchmarks.page`.

A server and a headless Chromium of their own run on this machine, so both share its cores. Every number is measured
several times on a page that has settled; the best says what the program can do, the median what a visitor gets.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ARGUMENTS, CHROMIUM, NO_BROWSER
from tests.workshop.served import Server, visitor

from .__main__ import ROOT, machine
from .table import spell

RESULTS = ROOT / "benchmarks" / "page.md"
REPETITIONS, VISITORS, AFTER_SECONDS = 7, 20, 10
SETTLED = "!document.querySelector('.waiting progress') && !document.querySelector('.waiting.stale')"

CHANGE_A_LEVER = """async value => {
  const waiting = document.querySelector(".waiting"), finding = document.querySelector(".effect .finding");
  const before = finding.innerText, box = document.querySelector("[data-name=capacity] input[type=text]");
  const start = performance.now();
  const when = is_so => new Promise(done => {
    const look = () => (is_so() ? done(performance.now() - start) : setTimeout(look, 5));
    look();
  });
  box.value = value;
  box.dispatchEvent(new Event("input"));
  box.dispatchEvent(new Event("change"));
  const acknowledged = await when(() => waiting.querySelector("progress") || waiting.classList.contains("stale"));
  const numbers = await when(() => !waiting.classList.contains("stale") && finding.innerText !== before);
  return [acknowledged, numbers];
}"""
"""Type a value, and wait until the page says that it is running, and until it shows numbers of the new worlds."""

REDRAW = """async () => {
  const back = [...document.querySelectorAll(".player button")].find(b => b.innerText === "Month back");
  const frame = () => new Promise(requestAnimationFrame);
  const start = performance.now();
  back.click();
  await frame(); await frame();
  return performance.now() - start;
}"""
"""Go a month back, and wait until it has been painted."""


class Figure(NamedTuple):
    """One line of the table: what was measured, its target if it has one, and the numbers, in seconds or MB."""

    what: str
    target: float | None
    values: list[float]
    unit: str = "s"


def main() -> None:
    """Measure, print and write the table."""
    if CHROMIUM is None:
        sys.exit(NO_BROWSER)
    server = Server()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            with opened(browser, server.address) as page:  # what is done once for all visitors
                settle(page)
            figures = [*measured(browser, server), *crowd(browser, server)]
            browser.close()
    finally:
        server.stop()
    lines = ["| what | target | best | median | met |", "|---|---|---|---|---|", *map(line, figures)]
    text = "\n".join(["# The page", "", f"`python -m benchmarks.page` writes this file. {machine()}", "", *lines, ""])
    print(text)
    RESULTS.write_text(text)


def measured(browser: Browser, server: Server) -> Iterator[Figure]:
    """Yield what one visitor waits for."""
    yield Figure("first view", 3.0, [first_view(browser, server.address) for _ in range(REPETITIONS)])
    with opened(browser, f"{server.address}?view=levers&s.side=a") as page:
        settle(page)
        acknowledged, numbers = [], []
        for turn in range(REPETITIONS):
            times = page.evaluate(CHANGE_A_LEVER, str(1.1 + turn / 10))
            acknowledged.append(times[0] / 1000)
            numbers.append(times[1] / 1000)
            settle(page)
    yield Figure("a changed lever is acknowledged", 0.3, acknowledged)
    yield Figure("the same: first numbers, of six pairs", 2.0, numbers)
    with opened(browser, f"{server.address}?view=city") as page:
        page.wait_for_selector("svg.districts")
        page.wait_for_selector(".city-map figcaption [role=status]", state="detached")
        settle(page)
        yield Figure("the map of 21 districts is redrawn", 0.3, [page.evaluate(REDRAW) / 1000 for _ in range(20)])


def crowd(browser: Browser, server: Server) -> Iterator[Figure]:
    """Yield what visitors who come at once wait for, each with another seed; a fault of any of them ends it."""
    faults: list[str] = []
    empty, start = megabytes(server), time.perf_counter()
    visitors = [visitor(browser) for _ in range(VISITORS)]
    pages = [context.new_page() for context in visitors]
    for number, page in enumerate(pages):
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server.address}?pairs=12&seed={100 + number}", wait_until="commit")
    yield Figure(f"{VISITORS} visitors at once: all see the page", None, [since(start, pages, "header.topbar")])
    yield Figure("the same: all have first numbers", None, [since(start, pages, ".answer .finding")])
    if faults or any(page.query_selector(".banner") for page in pages):
        sys.exit(f"visitors saw faults: {faults}")
    for page in pages:
        settle(page)
    yield Figure("memory of the server before they come", None, [empty], "MB")
    yield Figure("memory of the server with all of them", None, [megabytes(server)], "MB")
    for context in visitors:
        context.close()
    time.sleep(AFTER_SECONDS)
    yield Figure("the same after they have left", None, [megabytes(server)], "MB")


def megabytes(server: Server) -> float:
    """Return how much memory the server holds; its worker processes do not count."""
    return psutil.Process(server.process.pid).memory_info().rss / 1e6


def first_view(browser: Browser, address: str) -> float:
    """Return how long a new visitor waits for the page with its controls."""
    context = visitor(browser)
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".asked select")
    took = time.perf_counter() - start
    context.close()
    return took


def since(start: float, pages: list[Page], selector: str) -> float:
    """Return how long it took until something is there for all visitors."""
    for page in pages:
        page.wait_for_selector(selector)
    return time.perf_counter() - start


def settle(page: Page) -> None:
    """Wait until all worlds are run, and a while longer for what is drawn."""
    page.wait_for_selector("header.topbar")
    page.wait_for_timeout(500)
    page.wait_for_function(SETTLED)
    page.wait_for_timeout(1500)


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page in a clean browser."""
    context = visitor(browser, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def line(figure: Figure) -> str:
    """Return a line of the table."""
    best, median = min(figure.values), statistics.median(figure.values)
    target = "-" if figure.target is None else f"under {spell(figure.target, figure.unit)}"
    met = "-" if figure.target is None else "yes" if median < figure.target else "no"
    return f"| {figure.what} | {target} | {spell(best, figure.unit)} | {spell(median, figure.unit)} | {met} |"


if __name__ == "__main__":
    main()
