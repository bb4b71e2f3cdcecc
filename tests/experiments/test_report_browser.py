"""The report in a real browser: no fault for screen readers, no request, no sideways scrolling, dark and print."""

import pytest
from reported import CODES

SIZES = {"wide": (1280, 900), "phone": (360, 740)}


@pytest.fixture
def open_report(browser, products, tmp_path):
    """Return a function that opens the report in a language; what it asked for is `page.asked`."""
    contexts = []

    def open_page(code, size="wide", **options):
        file = tmp_path / f"{code}.html"
        file.write_text(products.html(code), encoding="utf-8")
        width, height = SIZES[size]
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, offline=True, **options))
        page = contexts[-1].new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", CODES)
def test_no_serious_fault_and_no_request(open_report, code, size, scheme):
    """axe-core finds nothing serious or critical with all tables open; the page fits; nothing is asked for."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_report(code, size, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = axe.run(page).response["violations"]
    serious = [
        (each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in ("serious", "critical")
    ]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert len(page.asked) == 1


def test_the_dark_page_draws_dark_figures(open_report):
    """The same figure has light lines on a dark ground where the device asks for it."""
    color = "getComputedStyle(document.querySelector('figure .wide svg path[style*=\"stroke: var(--a)\"]')).stroke"
    light, dark = (open_report("en", color_scheme=scheme).evaluate(color) for scheme in ("light", "dark"))
    assert light == "rgb(0, 105, 95)"
    assert dark == "rgb(92, 200, 189)"


def test_each_size_shows_one_form_of_each_figure(open_report):
    """Wide on a screen, narrow on a phone, in letters of the same size."""
    for size, shown, other in (("wide", "wide", "narrow"), ("phone", "narrow", "wide")):
        page = open_report("en", size)
        assert page.locator(f"figure .{shown} svg").first.is_visible()
        assert not page.locator(f"figure .{other} svg").first.is_visible()


def test_in_print_every_data_table_is_there(open_report):
    """What is folded away on the screen is printed, on a light ground."""
    page = open_report("en", color_scheme="dark")
    assert not page.locator("figure table").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("figure table").first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_the_keyboard_opens_a_data_table(open_report):
    """Tab reaches the first summary, Enter opens it."""
    page = open_report("en")
    summary = page.locator("figure summary").first
    for _ in range(60):
        page.keyboard.press("Tab")
        if summary.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    assert page.locator("figure table").first.is_visible()
