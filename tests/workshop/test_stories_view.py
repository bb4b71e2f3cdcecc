"""Single crimes that went another way, one at a time, with the chain of cause; no names and no nationalities."""

import re

import pytest
from served import settled_text


def settled(page):
    page.wait_for_selector(".story h2")
    return settled_text(page, ".story")


def test_one_story_at_a_time_with_its_cause(open_page, shoot):
    page = open_page("view=stories&a=agreement-2008-terms&pairs=2")
    first = settled(page)
    shoot(page)
    assert re.search(r"Story 1 of \d+", first)
    assert "reported in" in page.inner_text(".story h2").lower()
    assert page.locator(".chain [role=listitem]").count() >= 3
    page.get_by_role("button", name="Next story").click()
    page.wait_for_selector("text=Story 2 of")
    assert settled(page) != first
    page.get_by_role("button", name="Back").click()
    page.wait_for_selector("text=Story 1 of")
    assert settled(page) == first


def test_solved_and_happened_are_told_too_and_the_link_keeps_the_choice(open_page):
    page = open_page("view=stories&a=agreement-2008-terms&pairs=2")
    settled(page)
    page.get_by_role("radio", name="Happened in one world only").check()
    page.wait_for_selector(".story h2:has-text('happened in')")
    other = open_page(page.url.partition("?")[2])
    assert settled(other) == settled(page)


def test_stories_in_spanish_have_no_english_sentence(open_page):
    page = open_page("view=stories&a=agreement-2008-terms&pairs=2&lang=es")
    told = settled(page)
    assert "Historia 1 de" in told
    assert not re.search(r"\b(the|reported|victim|would)\b", told)


def test_identical_worlds_have_no_stories(open_page):
    page = open_page("view=stories&a=agreement-ended&b=agreement-ended&pairs=2")
    page.wait_for_selector("text=Crimes that happened in both worlds")
    assert page.query_selector(".story") is None


def test_chances_are_drawn_and_lead_to_the_history_of_their_people(open_page):
    page = open_page("view=stories&a=agreement-2008-terms&pairs=2&s.pair=2")
    settled(page)
    bars = page.locator(".bars").first
    a, b, draw = (float(each) for each in re.findall(r"([\d.]+)%", bars.get_attribute("aria-label")))
    widths = [float(bars.locator(f".all .{world}").get_attribute("style").split()[1].rstrip("%;")) for world in "ab"]
    assert widths == [pytest.approx(each, abs=0.1) for each in (a, b)]
    assert (draw < a) != (draw < b)
    button = page.get_by_role("button", name="What happened to the victim, resident")
    row = re.search(r"resident ([\d,]*\d)", button.inner_text()).group(1)
    button.click()
    page.wait_for_selector(f".life h3:has-text('resident {row},')")
    assert "s.pair=2" in page.url
    assert "pair 2 of root seed 1" in page.inner_text("figure.live figcaption")
