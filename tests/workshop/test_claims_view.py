"""The view of the claims, in a real browser: the ledger, the map over two assumptions, and the search."""

import json
import re
import shlex

import pytest
from click.testing import CliRunner
from served import settled_text, visitor

from experiments.calibration.sample import calibrated_values
from experiments.claims.batches import judgments_of, run_needed
from experiments.claims.truth_map import Cell, make_map
from experiments.cli import main
from experiments.exhibits.finding import effect_sentence
from experiments.language import CODES, load
from experiments.verdicts import words
from experiments.verdicts.reference import committed
from simulation.randomness import replicate_seed
from workshop.limits import Limits
from workshop.question import Question, Settings, Side

SMALL = "view=claims&a=agreement-2008-terms&pairs=6&scale=0.005"
ASKED = Question(Side("agreement-2008-terms"), Side("agreement-ended"), Settings(pairs=6, scale=0.005))
CELL = ".truth td[role=gridcell]"
MAP = "&s.claim=M2&s.across=fear_effect&s.up=awareness"
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def claims(open_page):
    """Return a function that opens the view and waits for its worlds."""

    def opened(query="", **options):
        page = open_page(f"{SMALL}{query}", **options)
        page.wait_for_selector("figure.exhibit")
        page.wait_for_selector(".waiting progress", state="detached")
        return page

    return opened


@pytest.fixture(scope="module")
def mapped(server, browser):
    """Return a page with a map that is whole; tests look at it, and leave its worlds as they are."""
    context, faults = visitor(browser, viewport=WIDE), []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server.address}?{SMALL}{MAP}")
    run_map(page)
    yield page
    context.close()
    assert not faults


def asked_map():
    """Return the map that the page fills: over the calibrated sample."""
    return make_map(*ASKED.scenarios(Limits()), "fear_effect", "awareness", sample=calibrated_values())


def run_map(page, name="Run the map"):
    page.get_by_role("button", name=name).click()
    page.wait_for_selector(CELL)
    page.wait_for_selector(".working", state="detached")


def test_the_ledger_has_the_claims_of_both_sides(claims, shoot):
    page = claims()
    figure = page.locator("figure.exhibit").first
    figure.locator("summary").click()
    table = figure.locator("table").inner_text()
    for claim in ("M1", "M2", "M3", "D1", "D2", "S1", "J1", "F1"):
        assert claim in table
    shoot(page)


@pytest.mark.parametrize("code", CODES)
def test_how_each_claim_fares_over_all_that_is_not_known(claims, shoot, code):
    page, lang = claims(f"&lang={code}&s.claim=D2"), load(code)
    headers, rows = words.brief(committed(), lang)
    table = page.locator(f"[aria-label='{lang.t('verdicts.brief')}'] table")
    assert table.locator("thead th").all_inner_texts() == headers
    shown = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert shown == rows
    assert lang.t("verdicts.no_forecast") in page.locator(".view").inner_text()
    page.get_by_text(f"{lang.t('verdicts.title')}: D2").click()
    for source in committed().sources:
        assert page.get_by_text(words.shares_sentence(committed(), lang, "D2", source)).is_visible()
    shoot(page)


def test_on_a_phone_every_number_of_every_claim_is_in_sight(claims, shoot):
    """No cell is cut at the edge, and each says what it is."""
    page, lang = claims("&lang=es", width=360, height=740), load("es")
    headers, rows = words.brief(committed(), lang)
    table = page.locator(f"[aria-label='{lang.t('verdicts.brief')}'] table")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    ends = table.locator("tbody th, tbody td").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    assert len(ends) == len(headers) * len(rows)
    assert max(ends) <= 360
    named = table.locator("tbody td").evaluate_all("all => all.map(e => getComputedStyle(e, '::before').content)")
    assert headers[1] in named[0]
    shoot(page)


def test_the_map_fills_and_says_what_the_model_says(claims, shoot, tmp_path):
    page = claims("&s.claim=M2&s.across=fear_effect&s.up=awareness")
    page.get_by_role("button", name="Run the map").click()
    page.wait_for_selector(".truth td.cell:not(.waiting)")
    assert page.locator(".truth td.waiting").count() > 0, "it is shown while it fills"
    page.wait_for_selector(".working", state="detached")
    assert page.locator(CELL).count() == 49
    assert page.locator(".truth td.waiting").count() == 0
    assert "spread over the calibrated sample" in page.locator(".view").inner_text()
    legend = [int(n) for n in re.findall(r": (\d+)", page.locator(".truth .key").inner_text())]
    assert sum(legend) == 49
    page.locator(CELL).nth(0).click()  # top left: the lowest fear, the highest awareness
    grid = asked_map()
    batch = next(batch for cell, batch in grid.plan() if cell == Cell(0, 6))
    seeds = [replicate_seed(1, number) for number in range(1, 6)]
    answer = [(run_needed(batch.a, seed), run_needed(batch.b, seed)) for seed in seeds]
    said = effect_sentence(judgments_of(answer, "M2")[0], load("en"))
    page.wait_for_function("said => document.querySelector('.one-cell').innerText.includes(said)", arg=said)
    command = shlex.split(page.get_by_label("Command that repeats this cell").input_value())
    told = CliRunner().invoke(main, [*command[1:], "--json", "-q", "--out", str(tmp_path / "cell")])
    effects = json.loads(told.stdout[told.stdout.index("{") :])["effects"]
    (own,) = [each for each in effects if (each["outcome"], each["group"]) == ("solve_rate", "all")]
    assert own["effect"] == judgments_of(answer, "M2")[0].effect.effect
    page.get_by_role("button", name="Picture to take home").click()
    picture = page.locator("figure.exhibit").nth(1)
    picture.locator("summary").click()
    assert picture.locator("tbody tr").count() == 49
    shoot(page)


def test_the_map_is_walked_through_by_keyboard(mapped):
    page = mapped
    page.locator(f"{CELL}[tabindex='0']").focus()
    place = "document.activeElement.getAttribute('aria-label')"
    before = page.evaluate(place)
    for key in ("ArrowRight", "ArrowUp", "End", "Home"):
        page.keyboard.press(key)
        page.wait_for_function(f"before => {place} !== before", arg=before)
        before = page.evaluate(place)
        heading = page.locator(".one-cell h4").inner_text()
        page.wait_for_function("said => said.startsWith(document.querySelector('.one-cell h4').innerText)", arg=before)
        assert heading
    assert page.locator(f"{CELL}[tabindex='0']").count() == 1
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    assert page.locator(f"{CELL}[aria-selected='true']").count() == 1


def test_other_claims_need_no_new_worlds_and_are_told_apart_without_color(mapped):
    """Each verdict has its sign, and a name for who hears the page."""
    page = mapped
    page.get_by_label("Claim", exact=True).select_option("D1")
    page.wait_for_function("document.querySelector('.truth table').getAttribute('aria-label').includes('citizens')")
    assert page.locator(".truth td.waiting").count() == 0
    assert page.get_by_role("button", name="Run the map").count() == 0
    kinds = page.eval_on_selector_all(
        CELL, "cells => cells.map(c => [c.className.split(' ')[1], c.innerText.trim(), c.getAttribute('aria-label')])"
    )
    assert all(label and sign for _, sign, label in kinds)
    signs = {}
    for kind, sign, _ in kinds:
        assert signs.setdefault(kind, sign) == sign
    assert len(set(signs.values())) == len(signs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(mapped, scheme):
    from axe_playwright_python.sync_playwright import Axe

    mapped.emulate_media(color_scheme=scheme)
    mapped.wait_for_timeout(500)
    found = Axe().run(mapped, context=".view").response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_everything_fits_a_phone_in_both_languages(mapped, shoot, language):
    """A map that is shown stays when the language is switched."""
    mapped.set_viewport_size({"width": 360, "height": 740})
    mapped.locator(".topbar .tools select").first.select_option(language)
    mapped.wait_for_function(f"document.documentElement.lang === '{language}'")
    assert mapped.locator(CELL).count() == 49
    assert mapped.evaluate("document.documentElement.scrollWidth") <= 360
    if language == "es":
        mapped.wait_for_function("!document.querySelector('.view').innerText.includes('pairs of worlds')")
        said = settled_text(mapped, ".view")
        assert not [word for word in ("With minus", "supported", "Believed", "pairs of worlds", "the ") if word in said]
    shoot(mapped)
    mapped.locator(".topbar .tools select").first.select_option("en")
    mapped.set_viewport_size(WIDE)
    mapped.wait_for_function("document.documentElement.lang === 'en'")


def test_stopping_keeps_the_cells_that_are_done(claims):
    page = claims("&s.claim=J1&s.across=removal&s.up=return_rate")
    page.get_by_role("button", name="Run the map").click()
    page.wait_for_selector(".truth td.cell:not(.waiting)")
    page.locator(".working").get_by_role("button", name="Stop").click()
    page.wait_for_selector(".working", state="detached")
    settled_text(page, ".truth")
    done = page.locator(".truth td.cell:not(.waiting)").count()
    assert 0 < done < 49
    page.wait_for_timeout(1500)
    assert page.locator(".truth td.cell:not(.waiting)").count() == done
    assert page.get_by_role("button", name="Go on").is_visible()


def test_the_assumptions_of_a_cell_are_taken_over(mapped):
    """The last that is done with this page."""
    page = mapped
    cell = page.locator(CELL).nth(6)
    told = cell.get_attribute("aria-label")
    cell.click()
    page.wait_for_function("said => said.startsWith(document.querySelector('.one-cell h4').innerText)", arg=told)
    page.get_by_role("button", name="Set these assumptions").first.click()
    fear, awareness = re.findall(r"\d+\.\d+|\d+", page.locator(".one-cell h4").inner_text())[:2]
    page.wait_for_function(f"location.search.includes('p.fear_effect={fear}')")
    page.wait_for_function(f"location.search.includes('p.awareness={awareness}')")
    assert page.locator(".truth td.waiting").count() == 0, "the cells are the same worlds"


def test_the_search_says_what_it_found_or_that_there_is_none(claims, shoot):
    page = claims("&s.claim=D1&s.target=supported")
    for name in ("Effect of fear", "Floor of perceived sharing", "Substitution of leads"):
        page.get_by_label(name, exact=True).last.uncheck()
    page.get_by_role("button", name="Search").click()
    page.wait_for_selector(".working")
    page.wait_for_selector(".finding-box")
    said = page.locator(".finding-box").inner_text()
    assert re.match(r"(D1.*This comes out supported|None found|Nothing need change)", said)
    assert "Of 32 points" in said or "Nothing need change" in said
    assert "does not make it likely" in said
    shoot(page)


def test_both_verdicts_can_be_looked_for_and_nothing_can_be_searched_without_assumptions(claims):
    page = claims("&s.claim=M2")
    page.wait_for_selector("text=As the page is set now")
    for name in ("Supported", "Contradicted"):
        page.get_by_label(name, exact=True).check()
        assert page.get_by_role("button", name="Search").is_enabled()
    boxes = page.locator(".checks input")
    for n in range(boxes.count()):
        boxes.nth(n).uncheck()
        page.wait_for_timeout(150)
    page.wait_for_selector("text=Choose at least one assumption")
    assert page.get_by_role("button", name="Search").count() == 0
    page.get_by_label("One more that may be changed").select_option("removal")
    page.wait_for_selector(".checks :text('Removal')")


def test_links_that_name_what_there_is_not_show_the_usual(claims):
    page = claims("&s.across=headroom&s.claim=X9&s.up=fear_effect&s.cell_pairs=999&s.target=both")
    assert page.get_by_label("Claim", exact=True).input_value() == "M1"
    assert page.get_by_label("From left to right").input_value() == "fear_effect"
    assert page.get_by_label("From bottom to top").input_value() == "deportation_deterrence"
    assert page.get_by_role("button", name=re.compile("^Run the map")).is_visible()
