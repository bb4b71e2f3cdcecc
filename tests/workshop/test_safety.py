"""The page in public: visitors never see each other, nothing leaves the machine, limits hold, and faults stay small."""

import re
import time
import urllib.request

import psutil
import pytest
from served import CHROMIUM, NO_BROWSER, Server, visitor


def shown_pairs(page):
    """Return how many pairs the page says are behind the picture, 0 while there is none."""
    found = re.search(r"([\d,.]+) pairs of worlds are behind", page.inner_text(".waiting"))
    return int(re.sub(r"\D", "", found.group(1))) if found else 0


def wait_for_pairs(page, least=1, seconds=60):
    """Wait until at least so many pairs are shown."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if shown_pairs(page) >= least:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{shown_pairs(page)} pairs after {seconds} s: {page.inner_text('.waiting')}")


def view(page, name):
    """Go to a view by its name in the bar."""
    page.get_by_role("navigation").get_by_role("button", name=name, exact=True).click()


def test_two_browsers_never_see_each_other(open_page):
    first, second = open_page(), open_page()
    first.get_by_label("Language").select_option("es")
    first.wait_for_selector("nav >> text=Comparar")
    view_of_first = first.get_by_role("navigation").get_by_role("button", name="Para llevar")
    view_of_first.click()
    first.wait_for_url("**view=share**")
    assert (
        second.get_by_role("navigation").get_by_role("button", name="Compare").get_attribute("aria-current") == "page"
    )
    assert "lang=en" in second.url
    assert "view=compare" in second.url


def test_it_works_with_the_network_blocked_from_the_first_start(open_page, server):
    """CL-57: nothing is asked of any other machine."""
    asked = []
    page = open_page()
    page.context.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_selector("header.topbar")
    wait_for_pairs(page)
    for name in ("Levers", "City", "Stories", "Claims", "Workshop", "Take home"):
        view(page, name)
        page.wait_for_timeout(300)
    elsewhere = [
        url
        for url in asked
        if not url.startswith((server.address, server.address.replace("http", "ws"), "data:", "blob:"))
    ]
    assert elsewhere == []


@pytest.mark.parametrize(
    "query",
    [
        "a=../../etc/passwd",
        "a=%3Cscript%3Ealert(1)%3C/script%3E",
        "a=agreement-ended&a.capacity=1e99",
        "p.fear_effect=__import__('os')",
        "pairs=100000",
        "scale=1",
        "a=own-file&a.file=AAAA",
        "view=%3Cimg%20src=x%20onerror=alert(1)%3E",
        "%00=%ff",
    ],
)
def test_a_hostile_link_is_a_plain_banner_and_a_usable_page(open_page, query):
    page = open_page(query)
    banner = page.wait_for_selector(".banner")
    assert "could not be opened" in banner.inner_text()
    assert "Traceback" not in page.inner_text("body")
    assert page.query_selector(".banner script, .banner img") is None
    wait_for_pairs(page)
    page.get_by_role("button", name="Close").click()
    page.wait_for_selector(".banner", state="detached")


def test_an_older_link_says_so(open_page):
    page = open_page("v=0.0.1&a=agreement-renewed")
    assert "version 0.0.1" in page.wait_for_selector(".banner").inner_text()


def test_a_reload_shows_the_same(open_page):
    """CL-67 and CL-70: the address bar carries the state, so a clean browser opens the same numbers."""
    page = open_page("a=full-cooperation&b=full-firewall&pairs=8&seed=5&view=share")
    wait_for_pairs(page, 8)
    other = open_page(page.url.partition("?")[2])
    wait_for_pairs(other, 8)
    assert other.url == page.url
    commands = [each.locator("textarea").nth(1).input_value() for each in (page, other)]
    assert commands[0] == commands[1]
    assert "--seeds 8" in commands[0]


def test_a_dropped_connection_restores_the_state(open_page):
    """CL-70: the network goes away for a while."""
    page = open_page("pairs=6")
    wait_for_pairs(page, 6)
    view(page, "Take home")
    page.wait_for_url("**view=share**")
    page.context.set_offline(True)
    page.wait_for_timeout(3000)
    page.context.set_offline(False)
    page.wait_for_timeout(3000)
    view(page, "Levers")
    page.wait_for_url("**view=levers**")
    assert shown_pairs(page) == 6


def test_headers_keep_the_page_to_itself(server):
    with urllib.request.urlopen(server.address) as answer:
        page, headers = answer.read().decode(), answer.headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "user-scalable=no" not in page
    assert '<html lang="en">' in page


def test_it_listens_on_loopback_only(server):
    port = int(server.address.rstrip("/").rpartition(":")[2])
    listening = [c.laddr.ip for c in psutil.Process(server.process.pid).net_connections() if c.status == "LISTEN"]
    assert listening == ["127.0.0.1"]
    assert port > 0


@pytest.fixture(scope="module")
def small_server():
    """Return a server with small limits and a model that fails under one seed."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    running = Server("--most-visitors", "3", "--most-pairs", "60", "--most-residents", "60000")
    yield running
    running.stop()


def test_limits_are_said_plainly(small_server, browser):
    opened = []
    try:
        for _ in range(4):
            context = visitor(browser)
            opened.append(context)
            page = context.new_page()
            page.goto(small_server.address + "?pairs=20")
            page.wait_for_selector("header.topbar, .banner")
        assert "All 3 places on this page are taken" in page.inner_text("body")
        page = opened[0].new_page()
    finally:
        for context in opened:
            context.close()


def visit(address, browser, number, errors):
    """Open the page as one of many and change the view."""
    context = visitor(browser)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}?seed={number % 4}&pairs=12")
    return context, page


def test_twenty_visitors_at_once(server, browser):
    """Without an error, each with numbers; and when they have left, the memory is back."""
    process = psutil.Process(server.process.pid)
    errors, visitors = [], []
    for number in range(20):
        visitors.append(visit(server.address, browser, number, errors))
    for _, page in visitors:
        page.wait_for_selector("header.topbar")
    for _, page in visitors:
        wait_for_pairs(page, 6, seconds=180)
        assert page.query_selector(".banner") is None
    full = process.memory_info().rss
    for context, _ in visitors:
        context.close()
    assert errors == []
    assert full < 1.5e9


def test_the_answer_to_nonsense_is_no_traceback(server):
    for path in (
        "nothing/here",
        "..%2f..%2fetc%2fpasswd",
        "static/../../etc/passwd",
        "_solara/cdn/../../../etc/passwd",
    ):
        request = urllib.request.Request(server.address + path)
        try:
            with urllib.request.urlopen(request) as answer:
                body = answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
        assert "root:" not in body
        assert "Traceback" not in body
