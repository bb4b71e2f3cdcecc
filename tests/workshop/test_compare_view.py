"""The view that everybody sees first, in a real browser."""

import csv
import io
import re

import pytest

from experiments.exhibits import MEASURES as OVER_TIME
from experiments.exhibits import Pair, outcome_finding, summarize
from experiments.language import load
from simulation import run
from simulation.outcomes import OUTCOMES
from simulation.randomness import replicate_seed
from workshop.limits import Limits
from workshop.pages.compare import MEASURES
from workshop.question import Question

SIX = "pairs=6"
OWN = """
extends = "agreement-ended"
title = "Ours <b>bold</b>"
description = "What we would do."
[levers]
capacity = 2.0
"""
MISSPELLED = "extends = 'agreement-ended'\ncapacty = 2\n"
BEHIND = """
least => {
  const said = document.querySelector(".waiting .said").innerText.match(/(\\d+) (?:pairs of worlds|pares de mundos)/);
  return said && Number(said[1]) >= least;
}
"""
FOCUSED = """
said => {
  const e = document.activeElement, label = e.labels && e.labels[0];
  return ((label && label.innerText) || e.getAttribute("aria-label") || e.innerText || "").trim().startsWith(said);
}
"""


def wait_for_pairs(page, least=6):
    """Wait until at least so many pairs are behind what is shown."""
    page.wait_for_function(BEHIND, arg=least)


def finding(page):
    return page.locator(".answer .finding").inner_text()


def figure(page, title):
    """Return the figure whose title begins so."""
    return page.locator("figure.exhibit").filter(has=page.locator("h3", has_text=re.compile(f"^{title}")))


def test_the_answer_comes_first_with_interval_and_number_of_pairs(open_page, shoot):
    """Its numbers are those that the model gives, not something near them."""
    page = open_page(SIX)
    wait_for_pairs(page)
    a, b = Question().scenarios(Limits())
    seeds = {n: replicate_seed(1, n) for n in range(1, 7)}
    runs = {n: tuple(summarize(run(each, seed)) for each in (a, b)) for n, seed in seeds.items()}
    assert finding(page) == outcome_finding(Pair.from_runs(a, b, 1, runs), load("en"), "solve_rate")
    assert "95% interval" in finding(page)
    assert "6 pairs of worlds" in finding(page)
    assert "not: a forecast" in page.locator(".answer").inner_text()
    figure(page, "Recorded crime").locator("svg").wait_for()
    shoot(page)


def test_what_is_looked_at_changes_answer_and_figures_and_is_in_the_link(open_page):
    page = open_page(SIX)
    wait_for_pairs(page)
    page.get_by_label("What to look at").select_option("reporting_rate")
    page.get_by_label("For whom").select_option("latino")
    figure(page, "Reporting rate, Latino, over time").locator("svg").wait_for()
    figure(page, "Reporting rate, by community").wait_for()
    assert finding(page).startswith("Reporting rate, Latino")
    other = open_page(page.url.partition("?")[2])
    wait_for_pairs(other)
    assert finding(other) == finding(page)


def test_every_measure_has_its_figures_however_sure_it_is(open_page):
    page = open_page(f"{SIX}&s.group=immigrant_communities&s.style=icons")
    wait_for_pairs(page)
    select = page.get_by_label("What to look at")
    for measure in select.locator("option").all():
        select.select_option(measure.get_attribute("value"))
        figure(page, f"{measure.inner_text()}, by community").wait_for()
        figure(page, f"{measure.inner_text()}, immigrant communities: the difference").wait_for()
        assert finding(page).startswith(f"{measure.inner_text()}, immigrant communities: ")
    assert page.get_by_text("could not be drawn").count() == 0


def test_every_count_of_crime_can_be_looked_at():
    """Truth, record and survey, what the survey finds of reporting, and who answers it; each over time by something."""
    of_the_survey = {name for name, outcome in OUTCOMES.items() if outcome.group == "survey"}
    assert of_the_survey
    assert {"victimization_rate", "crimes_recorded", "reporting_rate", *of_the_survey} <= MEASURES.keys()
    assert set(MEASURES.values()) <= set(OVER_TIME)
    for code in ("en", "es"):
        labels = [load(code).outcome(name).label for name in MEASURES]
        assert len(set(labels)) == len(labels)


def test_three_ways_to_see_how_sure_it_is(open_page):
    page = open_page(SIX)
    wait_for_pairs(page)
    for way, said in (("Of 100", "100"), ("Dots", "pairs"), ("Interval", "95%")):
        page.get_by_label(way, exact=True).check()
        shown = figure(page, "Solve rate: the difference")
        shown.locator("svg").wait_for()
        page.wait_for_function(
            "said => [...document.querySelectorAll('figure svg text')].some(t => t.textContent.includes(said))",
            arg=said,
        )
        assert "95% interval" in shown.locator(".message").inner_text()


def test_pairs_move_by_themselves_and_stop_when_asked(open_page, shoot):
    page = open_page(f"{SIX}&s.style=motion")
    wait_for_pairs(page)
    motion = page.locator("figure.motion")
    first = motion.locator(".said").inner_text()
    page.wait_for_function("w => document.querySelector('figure.motion .said').innerText !== w", arg=first)
    motion.get_by_role("button", name="Pause").click()
    still = motion.locator(".said").inner_text()
    page.wait_for_timeout(1800)
    assert motion.locator(".said").inner_text() == still
    motion.get_by_role("button", name="Next").click()
    assert motion.locator(".said").inner_text() != still
    assert re.match(r"Pair \d of 6: [\d.]+ in A, [\d.]+ in B; A minus B is", still)
    motion.locator("summary").click()
    assert motion.locator("tbody tr").count() == 6
    shoot(page)


def test_nothing_moves_for_those_who_want_no_motion(open_page):
    page = open_page(f"{SIX}&s.style=motion", reduced_motion="reduce")
    wait_for_pairs(page)
    said = page.locator("figure.motion .said")
    assert said.inner_text().startswith("Pair 1 of 6")
    page.wait_for_timeout(2000)
    assert said.inner_text().startswith("Pair 1 of 6")
    page.get_by_role("button", name="Next").click()
    assert said.inner_text().startswith("Pair 2 of 6")


def test_a_and_b_change_over(open_page):
    page = open_page(SIX)
    wait_for_pairs(page)
    assert "lower in A" in finding(page)
    page.get_by_role("button", name="Swap A and B").click()
    page.wait_for_function("document.querySelector('.answer .finding').innerText.includes('higher in A')")
    assert page.get_by_label("World A", exact=True).input_value() == "agreement-ended"


def test_worlds_that_do_not_differ_are_said_not_to(open_page):
    page = open_page(f"{SIX}&a=agreement-renewed&b=agreement-renewed")
    wait_for_pairs(page)
    assert "no difference at all" in finding(page)
    assert page.locator(".answer .caution").count() == 0


def test_a_difference_within_its_noise_is_said_to_be_none(open_page):
    page = open_page(
        f"{SIX}&s.measure=crimes_recorded&s.group=no_immigrant_ties&b=shield-unannounced&a=agreement-ended"
    )
    wait_for_pairs(page)
    assert "no difference beyond noise" in finding(page)


def test_a_file_of_ones_own_is_data(open_page):
    """A visitor's words are shown as words; what the file gets wrong is named beside the button."""
    page = open_page(SIX)
    wait_for_pairs(page)
    side = page.locator(".side-b")
    side.get_by_text("More on world B").click()
    take = side.locator("input[type=file]")
    take.set_input_files({"name": "bad.toml", "mimeType": "text/plain", "buffer": MISSPELLED.encode()})
    assert "capacty" in side.locator("[role=alert]").inner_text()
    take.set_input_files({"name": "big.toml", "mimeType": "text/plain", "buffer": b"#" * 300_000})
    side.get_by_text("too large").wait_for()
    take.set_input_files({"name": "ours.toml", "mimeType": "text/plain", "buffer": OWN.encode()})
    page.wait_for_function("document.querySelector('.answer').innerText.includes('Ours <b>bold</b>')")
    assert page.get_by_label("World B", exact=True).input_value() == "own-file"
    assert "What we would do." in side.inner_text()
    assert page.locator("b", has_text="bold").count() == 0


def test_stopping_keeps_what_is_done(open_page):
    """CL-72."""
    page = open_page("pairs=200")
    page.wait_for_function("/Running: ([89]|\\d\\d)/.test(document.querySelector('.waiting .said').innerText)")
    done = int(re.search(r"Running: (\d+)", page.inner_text(".waiting")).group(1))
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("progress", state="detached")
    wait_for_pairs(page, done - 1)  # a pair that is late leaves a gap, and what comes after a gap waits
    page.wait_for_timeout(1500)
    assert page.query_selector("progress") is None


def test_every_figure_has_its_numbers(open_page):
    """CL-69: the table and the file are what is drawn, under names that can be read."""
    page = open_page(SIX)
    wait_for_pairs(page)
    page.wait_for_function("document.querySelectorAll('figure.exhibit svg').length >= 5")
    figures = page.locator("figure.exhibit")
    for n in range(figures.count()):
        each = figures.nth(n)
        each.locator("summary").click()
        head = each.locator("th").all_inner_texts()
        assert all(name.strip() and "_" not in name for name in head)
        with page.expect_download() as waited:
            each.get_by_role("button", name="CSV").click()
        rows = list(csv.reader(io.StringIO(waited.value.path().read_bytes().decode("utf-8-sig"))))
        assert rows[0][:-2] == head
        assert "on common seeds (root seed 1)" in rows[1][-2]
        assert len(rows) - 1 == each.locator("tbody tr").count() > 0
    with page.expect_download() as waited:
        figures.first.get_by_role("button", name="SVG").click()
    assert "not a forecast" in waited.value.path().read_text()
    with page.expect_download() as waited:
        figures.first.get_by_role("button", name="PNG").click()
    assert waited.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_number_of_pairs_that_makes_no_sense_is_refused_beside_its_box(open_page):
    """CL-61."""
    page = open_page(f"{SIX}&lang=es")
    page.get_by_text("Cómo se simulan los mundos").click()
    box = page.get_by_label("Pares de mundos", exact=True).last
    for text in ("", "many", "-1", "0", "1e99", "1.5", "401", "1,000", "NaN", "0x10"):
        box.fill("8")
        box.press("Enter")
        page.locator(".view .wrong").wait_for(state="detached")
        box.fill(text)
        box.press("Enter")
        assert "Debe ser un número de 1 a 400" in page.locator(".view .wrong").inner_text(), text
        page.locator("input[aria-invalid='true']").wait_for()
        page.wait_for_url("**pairs=8**")


def test_pairs_size_and_seed_can_be_set(open_page):
    page = open_page(SIX)
    page.get_by_text("How the worlds are run").click()
    for label, text in (("Pairs of worlds", "7"), ("Size of the simulated city", "0,01"), ("Seed", "12")):
        box = page.get_by_label(label, exact=True).last
        box.fill(text)
        box.press("Enter")
    page.wait_for_url("**pairs=7**seed=12**scale=0.01**")
    wait_for_pairs(page, 7)


def test_both_worlds_can_lie_in_another_city(open_page):
    page = open_page(f"{SIX}&scale=0.1")
    page.get_by_text("How the worlds are run").click()
    page.get_by_label("City", exact=True).select_option("riverton")
    page.wait_for_url("**place=riverton**")
    page.get_by_label("City", exact=True).select_option("los-angeles")
    page.wait_for_url("**scale=0.06**place=los-angeles**")  # no more residents than the page simulates
    page.get_by_text("More on world A, and a file of your own").click()
    page.get_by_text("This was written down for Philadelphia.").first.wait_for()


def tab_to(page, label):
    """Press Tab until something with this label has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, label):
            return
    raise AssertionError(f"{label} cannot be reached by Tab")


def test_the_whole_task_by_keyboard_alone(open_page):
    """Choose A and B, read the answer, look closer, see how sure it is, open the numbers: without a mouse."""
    page = open_page(SIX)
    wait_for_pairs(page)
    tab_to(page, "World A")
    page.keyboard.type("Full coop")
    page.wait_for_url("**a=full-cooperation**")
    tab_to(page, "World B")
    page.keyboard.type("Full fire")
    page.wait_for_url("**b=full-firewall**")
    page.wait_for_function("document.querySelector('.answer').innerText.includes('Full firewall')")
    tab_to(page, "What to look at")
    page.keyboard.type("Reporting")
    page.wait_for_url("**s.measure=reporting_rate**")
    tab_to(page, "Of 100")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**s.style=dots**")
    tab_to(page, "Data table")
    page.keyboard.press("Enter")
    assert page.locator("figure.exhibit details[open]").count() == 1
    tab_to(page, "Levers")
    page.keyboard.press("Enter")
    page.wait_for_selector(".control")
    tab_to(page, "Both worlds")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**s.side=a**")
    tab_to(page, "Capacity of the immigration agency")  # the slider
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**a.capacity=**")


def test_spanish_shows_no_english(open_page, shoot):
    page = open_page(f"{SIX}&lang=es")
    wait_for_pairs(page)
    page.wait_for_function("document.querySelectorAll('figure.exhibit svg').length >= 5")
    page.get_by_text("Qué significan las palabras").click()
    said = page.locator(".view").inner_text().lower()
    for word in (
        "world",
        " the ",
        "crimes",
        "pairs",
        "immigrant communities",
        "reported",
        "higher",
        "lower",
        "interval ",
    ):
        assert word not in said, word
    assert page.locator("html").get_attribute("lang") == "es"
    shoot(page)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1920, "dark")])
def test_from_phone_to_projector(open_page, shoot, width, scheme):
    """CL-76."""
    page = open_page(SIX, width=width, color_scheme=scheme)
    wait_for_pairs(page)
    page.wait_for_function("document.querySelectorAll('figure.exhibit svg').length >= 5")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    background = page.evaluate("getComputedStyle(document.querySelector('.v-application')).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 24, 26)")
    sheets = page.evaluate("[...document.querySelectorAll('.v-sheet')].map(e => getComputedStyle(e).backgroundColor)")
    assert set(sheets) == {"rgba(0, 0, 0, 0)"}
    shoot(page)
