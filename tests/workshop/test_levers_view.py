"""Levers, assumptions and viewpoints, in a real browser."""

import re

import pytest
from test_compare_view import wait_for_pairs

from experiments.claims.assumptions import DECIDING
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from workshop.viewpoints import from_toml

SIX = "pairs=6&view=levers"


def control(page, name):
    return page.locator(f"[data-name='{name}']")


def type_into(page, name, text):
    box = control(page, name).locator("input[type=text]")
    box.fill(text)
    box.press("Enter")


def parts_of_link(page):
    return set(page.url.partition("?")[2].split("&"))


def wait_for_link(page, part, there=True):
    page.wait_for_function(
        "([part, there]) => location.search.slice(1).split('&').includes(part) === there", arg=[part, there]
    )


def test_one_control_for_each_lever_with_all_that_is_declared(open_page, shoot):
    """CL-65: a stranger can say value, unit, who decides and what it rests on."""
    page = open_page(SIX)
    page.wait_for_selector(".control")
    names = page.eval_on_selector_all(".control", "all => all.map(each => each.dataset.name)")
    assert set(names) == {*LEVERS, *DECIDING}
    assert len(names) == len(set(names))
    for name, lever in LEVERS.items():
        said = control(page, name).inner_text()
        assert lever.meaning.rstrip(".") in said
        assert "Evidence: " in said
        if lever.bounds:
            assert lever.unit in said
            assert float(control(page, name).locator("input[type=text]").input_value()) == lever.default
            assert control(page, name).locator("input[type=range]").get_attribute("min") == f"{lever.bounds[0]:g}"
        elif lever.choices:
            assert control(page, name).locator("input[type=radio]").count() == len(lever.choices)
        else:
            assert control(page, name).locator("input[type=checkbox]").is_checked() == lever.default
    headings = page.locator(".controls h3").all_inner_texts()
    assert [each.lower() for each in headings] == list(dict.fromkeys(each.controlled_by for each in LEVERS.values()))
    shoot(page)


def test_a_lever_of_one_world_is_marked_told_and_given_back(open_page, shoot):
    page = open_page(SIX)
    wait_for_pairs(page)
    page.get_by_label("World A", exact=True).check()
    type_into(page, "capacity", "2")
    wait_for_link(page, "a.capacity=2.0")
    assert "b.capacity" not in page.url
    control(page, "capacity").get_by_text("A: 2. B: 1.").wait_for()
    assert "changed" in control(page, "capacity").get_attribute("class")
    card = page.locator(".card-of-differences")
    card.get_by_text("whole run", exact=False).wait_for()
    page.wait_for_function("document.querySelector('.card-of-differences').innerText.includes('with changes')")
    shoot(page)
    control(page, "capacity").get_by_role("button", name="Back to the scenario").click()
    wait_for_link(page, "a.capacity=2.0", there=False)
    page.locator(".control.changed").wait_for(state="detached")


def test_defaults_give_all_levers_back(open_page):
    page = open_page(f"{SIX}&a.capacity=2.0&b.detainers=honor&b.victim_shield=yes")
    page.get_by_role("button", name="Defaults: all levers").click()
    page.wait_for_function("!/[?&][ab]\\.\\w+=/.test(location.search)")
    page.wait_for_function("!document.querySelector('.control.changed')")


def test_words_and_yes_or_no(open_page):
    page = open_page(SIX)
    control(page, "detainers").get_by_label("every request is honored").check()
    wait_for_link(page, "a.detainers=honor")
    wait_for_link(page, "b.detainers=honor")
    control(page, "fingerprint_checks").get_by_role("checkbox").uncheck()
    wait_for_link(page, "a.fingerprint_checks=no")
    page.locator(".card-of-differences").get_by_text("Fingerprint checks: no in place of yes").wait_for()


def test_a_change_marks_the_picture_as_out_of_date_until_it_is_run(open_page):
    """CL-60."""
    page = open_page(SIX)
    wait_for_pairs(page)
    page.get_by_label("Run at every change").uncheck()
    before = page.locator(".effect .finding").inner_text()
    type_into(page, "capacity", "3")
    page.locator(".effect").get_by_text("out of date").wait_for()
    page.wait_for_timeout(1500)
    assert page.locator(".effect .finding").inner_text() == before
    page.locator(".effect").get_by_role("button", name="Run").click()
    page.wait_for_function("w => document.querySelector('.effect .finding').innerText !== w", arg=before)
    page.locator(".effect .caution").wait_for(state="detached")


def test_bad_input_is_refused_beside_the_box(open_page):
    """CL-61, in the visitor's language; a decimal comma is a number, and what may be thousands is not guessed."""
    page = open_page(f"{SIX}&lang=es")
    alert = control(page, "capacity").locator("[role=alert]")
    for text in ("many", "1e99", "-1", "", "  ", "21", "1,234", "1.2.3", "0x1", "Infinity"):
        type_into(page, "capacity", text)
        assert alert.inner_text().startswith("Debe ser un número de 0 a 20"), text
        assert control(page, "capacity").locator("input[type=text]").get_attribute("aria-invalid") == "true"
        assert control(page, "capacity").locator("input[type=text]").input_value() == text
        assert "capacity" not in page.url
        type_into(page, "capacity", "1")
        alert.wait_for(state="detached")
    type_into(page, "capacity", "1,5")
    wait_for_link(page, "a.capacity=1.5")


def test_a_lever_that_the_calendar_sets_says_so(open_page):
    page = open_page(f"{SIX}&a=more-detectives")
    note = control(page, "detectives").locator(".now").inner_text()
    assert "the calendar of A sets it to" in note
    assert "August 31, 2018" in note


def test_assumptions_are_found_by_their_words_and_hold_in_both_worlds(open_page):
    page = open_page(SIX)
    wait_for_pairs(page)
    page.get_by_label("Find an assumption").fill("half-life of personal fear")
    found = page.locator(".controls details.group .control")
    assert found.count() == 1
    said = found.inner_text()
    assert "Believed before fitting: 7 to 548" in said
    assert "days" in said
    type_into(page, "fear_half_life", "2000")  # beyond what is believed, and allowed
    wait_for_link(page, "p.fear_half_life=2000.0")
    page.locator(".card-of-differences").get_by_text("2,000 in place of 90 days").wait_for()
    page.get_by_label("Find an assumption").fill("zzz")
    page.get_by_text("Nothing found.").wait_for()
    page.get_by_label("Find an assumption").fill("")
    page.get_by_role("button", name="Defaults: all assumptions").click()
    wait_for_link(page, "p.fear_half_life=2000.0", there=False)


def test_every_assumption_is_there(open_page):
    page = open_page(SIX)
    for summary in page.locator(".controls details.group > summary").all()[1:]:
        summary.click()
    page.wait_for_function(
        "n => document.querySelectorAll('.controls details.group .control').length === n", arg=len(PARAMETERS)
    )


def test_viewpoints_are_saved_loaded_and_taken_along(open_page):
    page = open_page(f"{SIX}&a.capacity=2.0&p.fear_effect=3.5")
    page.get_by_label("Name of the viewpoint").fill("Our table's <i>assumptions</i>")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("(2 set)").wait_for()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Take the viewpoints along").click()
    file = waited.value.path().read_text(encoding="utf-8")
    (saved,) = from_toml(file)
    assert saved.name == "Our table's <i>assumptions</i>"
    assert saved.levers_a == (("capacity", 2.0),)
    assert saved.assumptions == (("fear_effect", 3.5),)

    other = open_page(SIX)
    assert "table's" not in other.inner_text(".viewpoints")
    other.get_by_text("Bring viewpoints from a file").click()
    take = other.get_by_label("File of viewpoints")
    take.set_input_files({"name": "v.toml", "mimeType": "text/plain", "buffer": b"format = 'other'"})
    other.get_by_text("Not taken: not a file of viewpoints").wait_for()
    take.set_input_files({"name": "v.toml", "mimeType": "text/plain", "buffer": file.encode()})
    other.get_by_text("Our table's <i>assumptions</i>").first.wait_for()
    other.get_by_role("button", name=re.compile("^Load")).click()
    wait_for_link(other, "p.fear_effect=3.5")
    wait_for_link(other, "a.capacity=2.0")
    other.get_by_role("button", name=re.compile("^Delete")).click()
    other.locator(".viewpoints li").wait_for(state="detached")


def test_two_viewpoints_side_by_side(open_page, shoot):
    page = open_page(SIX)
    wait_for_pairs(page)
    type_into(page, "fear_effect", "0")
    wait_for_link(page, "p.fear_effect=0.0")
    page.get_by_label("Name of the viewpoint").fill("No fear")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Defaults: all assumptions").click()
    wait_for_link(page, "p.fear_effect=0.0", there=False)
    page.get_by_label("One viewpoint").select_option(label="No fear")
    page.get_by_label("Another viewpoint").select_option(label="The scenarios as they are")
    page.get_by_role("button", name="Compare the two").click()
    table = page.get_by_role("region", name="A minus B from two viewpoints")
    table.get_by_text("No fear (6 pairs of worlds)").wait_for()
    row = table.locator("tr", has_text="Reporting rate, immigrant communities").locator("td").all_inner_texts()
    assert row[1] != row[2]
    assert all(re.match(r"[+\u2212]?[\d.]+ \(.* to .*\): ", cell) for cell in row[1:])
    page.get_by_label("Name of the viewpoint").fill("Another")
    page.get_by_role("button", name="Save").click()
    page.locator(".viewpoints li", has_text="Another").wait_for()
    assert table.get_by_text("No fear (6 pairs of worlds)").is_visible()
    shoot(page)


def test_only_the_card_is_printed(open_page):
    """CL-75."""
    page = open_page(f"{SIX}&a.capacity=2.0")
    page.locator(".card-of-differences").wait_for()
    page.evaluate("window.print = () => { window.printed = document.body.className; }")
    page.get_by_role("button", name="Print the card").click()
    assert "only-card" in page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.locator(".card-of-differences h3").first.is_visible()
    assert page.locator(".card-of-differences .hint.print-only").is_visible()
    assert not page.locator("h1").is_visible()
    assert not page.locator(".control").first.is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf())) == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_levers_on_a_phone(open_page, shoot, language):
    """CL-76: levers, result and limits can be read."""
    page = open_page(f"{SIX}&lang={language}", width=360, height=740)
    wait_for_pairs(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for place in (".effect .finding", ".control input[type=text]", ".hint.lead", ".card-of-differences"):
        assert page.locator(place).first.is_visible()
    if language == "es":
        said = page.locator(".view").inner_text().lower()
        english = ("share", "multiple", "evidence:", "world", "defaults", "the ", "probability")
        assert [word for word in english if word in said] == []
    shoot(page)
