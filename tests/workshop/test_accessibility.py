"""Nobody is shut out: axe-core finds no serious or critical fault in any view, and keys reach everything."""

import pytest
from axe_playwright_python.sync_playwright import Axe

VIEWS = {
    "compare": ".exhibit svg",
    "levers": ".slider",
    "city": "svg",
    "stories": ".story h2",
    "share": ".qr svg",
    "workshop": "h1",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_serious_fault_in_any_view(open_page, view, scheme):
    page = open_page(f"view={view}&pairs=6", color_scheme=scheme)
    page.wait_for_selector(VIEWS[view])
    page.wait_for_selector(".waiting progress", state="detached")
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_says_its_language_and_title(open_page, language):
    page = open_page(f"lang={language}")
    page.wait_for_function(f"document.documentElement.lang === '{language}'")
    assert page.title() == {"en": "Two Claims", "es": "Dos afirmaciones"}[language]


def test_the_skip_link_comes_first_and_leads_to_the_view(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "view"
