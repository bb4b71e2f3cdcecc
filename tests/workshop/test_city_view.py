"""The districts over time and the residents of a world, in a real browser."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from experiments.city.history import GROUPS, city_history
from experiments.city.measures import Certainty, Verdict, view
from experiments.city.people import live_world
from experiments.city.resident import resident_history
from experiments.exhibits.words import capitalized
from experiments.language import load
from experiments.stories.words import resident_words
from simulation.place import Place
from simulation.randomness import replicate_seed
from workshop.limits import Limits
from workshop.pages.city_resident import entry_words
from workshop.question import Question, Side

SHARING = "a=agreement-2008-terms&pairs=2"
"""A pair that differs much, and little else to run."""


@pytest.fixture(scope="module")
def pair():
    """Return the two scenarios of the links above."""
    return Question(a=Side("agreement-2008-terms")).scenarios(Limits())


def open_map(open_page, query="", **options):
    page = open_page(f"view=city&{SHARING}&s.city_pairs=1&{query}", **options)
    page.wait_for_selector("svg.districts")
    page.wait_for_selector(".city-map figcaption [role=status]", state="detached")
    return page


def open_people(open_page, query="", **options):
    page = open_page(f"view=city&{SHARING}&s.city=people&{query}", **options)
    page.wait_for_selector("svg.people")
    return page


def date(page):
    return page.inner_text("figure .message b")


def labels(page):
    """Return what is written into each district: its id, and its number or sign."""
    texts = "all => all.map(g => [...g.querySelectorAll('text')].map(t => t.textContent.trim()))"
    return page.eval_on_selector_all("svg.districts .named", texts)


def table(page):
    page.locator(".city-map details", has_text="Data table").locator("summary").click()
    return [row.split("\t") for row in page.locator(".city-map .take table tbody").inner_text().splitlines()]


def live_table(page):
    page.locator(".live details").locator("summary").click()
    rows = "all => all.map(row => [...row.cells].map(cell => cell.innerText))"
    return page.eval_on_selector_all(".live .take tbody tr", rows)


def test_what_is_seen_first_is_a_level_with_its_unit(open_page):
    """A number in every district that has enough crimes, and the other world and the difference one step away."""
    page = open_map(open_page)
    assert page.get_by_role("radio", name="World A").is_checked()
    assert page.inner_text(".city-map .legend .unit") == load("en").outcome("reporting_rate").unit
    assert sum(bool(re.fullmatch(r"~?\d+\.\d", sign)) for _, sign in labels(page)) > 10
    page.get_by_role("radio", name="Difference, A minus B").check()
    page.wait_for_function("location.search.includes('s.city_world=difference')")


def test_the_map_shows_what_the_model_gives(open_page, pair, shoot):
    page = open_map(open_page, "s.city_measure=trust&s.city_group=all&s.city_world=a&s.city_month=2019-06")
    assert date(page) == "June 30, 2019."
    estimate = view(city_history(*pair), "trust", GROUPS[0], 12).a.value[41]
    rows = table(page)
    districts = Place.load("philadelphia").districts
    assert [row[:2] for row in rows] == [[each.id, each.name] for each in districts]
    assert [row[2] for row in rows] == [f"{value:.1f}" for value in estimate]
    assert labels(page) == [[each.id, f"{value:.1f}"] for each, value in zip(districts, estimate)]
    legend = page.inner_text(".city-map .legend")
    assert "index points" in legend
    assert len(re.findall(r"\d\d\.\d", legend)) == 2
    shoot(page)


def test_another_city_is_drawn_in_its_own_districts(open_page, shoot):
    page = open_map(open_page, "place=los-angeles&scale=0.005&s.city_world=a")
    districts = Place.load("los-angeles").districts
    assert [row[:2] for row in table(page)] == [[each.id, each.name] for each in districts]
    assert page.locator("svg.districts .district").count() == 21
    assert "roughly where it lies in the city" in page.inner_text(".city-map figcaption")
    shoot(page)


def test_few_crimes_are_marked_and_one_pair_has_no_interval(open_page, pair):
    page = open_map(open_page, "s.city_measure=reporting_rate&s.city_world=a&s.city_window=1&s.city_month=2019-06")
    shown = view(city_history(*pair), "reporting_rate", "immigrant_communities", 1)
    few, unsure = (shown.a.certainty[41] == code for code in (Certainty.TOO_FEW, Certainty.UNCERTAIN))
    signs = [sign for _, sign in labels(page)]
    assert few.any()
    assert unsure.any()
    assert [sign == "?" for sign in signs] == few.tolist()
    assert [sign.startswith("~") for sign in signs] == unsure.tolist()
    assert "too few to say" in page.inner_text(".city-map .legend")
    page.get_by_role("radio", name="Difference, A minus B").check()
    assert "too few pairs to tell from chance" in page.inner_text(".city-map .legend")


def test_differences_beyond_noise_are_told_from_the_rest(open_page, pair):
    page = open_map(open_page, "s.city_pairs=10&s.city_month=2019-06&s.city_measure=dread&s.city_world=difference")
    history = city_history(*pair, replicates=range(1, 11))
    estimate = view(history, "dread", "immigrant_communities", 12).difference
    signs = [sign for _, sign in labels(page)]
    for sign, value, verdict in zip(signs, estimate.value[41], estimate.verdict[41]):
        is_clear = verdict in (Verdict.HIGHER, Verdict.LOWER) and round(abs(value), 3) > 0
        assert sign == (f"{value:+.3f}".replace("-", "\u2212") if is_clear else "\u2248 0")
    assert "\u2248 0" not in signs or "no difference beyond noise" in page.inner_text(".city-map .legend")


def test_worlds_are_the_same_until_the_rules_differ(open_page):
    page = open_map(open_page, "a=agreement-renewed&s.city_measure=dread&s.city_world=difference")
    page.get_by_role("button", name="To the first month").click()
    assert {sign for _, sign in labels(page)} == {"="}
    page.get_by_role("button", name="To the date of the policy").click()
    assert date(page) == "August 31, 2018."
    page.get_by_role("button", name="Month back").click()
    assert {sign for _, sign in labels(page)} == {"="}
    assert "the same in 21" in page.inner_text("figure .message")
    page.get_by_label("Date", exact=True).last.focus()
    page.keyboard.press("End")
    assert {sign for _, sign in labels(page)} != {"="}


def test_time_goes_by_steps_slider_play_and_jumps(open_page):
    page = open_map(open_page)
    assert "August 31, 2018" in page.locator(".timeline .ticks").inner_text(), "a number alone says nothing"
    page.get_by_role("button", name="To the date of the policy").click()
    assert date(page) == "January 31, 2016."  # these two differ from the start
    page.get_by_role("button", name="Month on").click()
    assert date(page) == "February 29, 2016."
    page.get_by_label("Date", exact=True).last.focus()
    page.keyboard.press("ArrowRight")
    assert date(page) == "March 31, 2016."
    page.keyboard.press("End")
    assert date(page) == "December 31, 2020."
    page.locator(".calendar summary").click()
    page.get_by_role("button", name="August 31, 2018").click()
    assert date(page) == "August 31, 2018."
    page.get_by_label("Speed").select_option("fast")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('figure .message b').innerText !== 'August 31, 2018.'")
    page.get_by_role("button", name="Pause").click()
    stopped = date(page)
    page.wait_for_timeout(1_000)
    assert date(page) == stopped
    page.wait_for_function("location.search.includes('s.city_month=20')")
    other = open_map(open_page, page.url.partition("s.")[2].join(("s.", "")))
    assert date(other) == stopped


def test_nothing_moves_by_itself(open_page):
    page = open_map(open_page, "s.city_month=2018-01", reduced_motion="reduce")
    before = date(page)
    page.wait_for_timeout(2_000)
    assert date(page) == before


def test_a_district_is_chosen_by_list_and_by_click(open_page):
    page = open_map(open_page, "s.city_measure=solve_rate&s.city_month=2019-06")
    page.get_by_label("District", exact=True).select_option("2, Oxford Circle and Lawncrest")
    told = page.inner_text(".closer")
    assert "Oxford Circle and Lawncrest" in told
    assert re.search(r"A\t\d+\.\d\t\d+\.\d to \d+\.\d", told)
    assert re.search(r"rests on [\d,]+ crimes in A and [\d,]+ in B", told)
    page.locator("svg.districts .district").first.click()
    assert "Girard Estates and Navy Yard" in page.inner_text(".closer")


def squares(ids):
    features = []
    for i, each in enumerate(ids):
        ring = [[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]]
        features.append({"type": "Feature", "properties": {"number": int(each)},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_real_boundaries_are_taken_and_other_files_refused(open_page):
    page = open_map(open_page)
    ids = [each.id for each in Place.load("philadelphia").districts]
    page.get_by_text("Real boundaries in place of tiles").click()

    def give(name, content):
        page.get_by_label("GeoJSON file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})

    give("<b>x</b>.json", b"<script>alert(1)</script>")
    page.wait_for_selector("text=<b>x</b>.json was not taken: boundaries: not a JSON file")
    give("some.json", squares(ids[:-1]))
    page.wait_for_selector(f"text=has no district {ids[-1]}")
    give("large.json", b" " * 4_000_001)
    page.wait_for_selector("text=at most 4,000,000 bytes")
    give("districts.geojson", squares(ids))
    page.wait_for_selector("text=the property number tells the districts apart")
    assert page.locator("svg.districts .district").count() == len(ids)
    assert re.match(r"M[\d.]+ [\d.]+L", page.locator("svg.districts .district path").first.get_attribute("d"))
    page.get_by_role("button", name="Figure of this month").click()
    page.wait_for_selector("figure.exhibit .picture svg")
    page.get_by_role("button", name="Back to tiles").click()
    page.wait_for_selector("text=Schematic: each tile is a district")


def test_residents_are_those_of_the_world_and_step_by_weeks_or_days(open_page, pair, shoot):
    page = open_people(open_page)
    live = live_world(pair[0], replicate_seed(1, 1))
    assert page.locator("svg.people circle.dot").count() == len(live.sample.rows)
    assert page.locator("svg.people line").count() == len(live.sample.ties)
    assert date(page) == "January 1, 2016."
    page.get_by_role("button", name="Step on").click()
    assert date(page) == "January 8, 2016."
    crimes, reported, solved, arrests, _ = live.events[1].tolist()
    said = page.inner_text("figure.live .message")
    assert f"{crimes} crimes, {reported} of them reported, {solved} solved; {arrests} immigration arrests" in said
    rows = live_table(page)
    assert [row[:1] for row in rows] == [[f"{row:,}"] for row in live.sample.rows.tolist()]
    met = {at for day, at, _ in live.marks.tolist() if day < 7}
    assert [bool(row[4]) for row in rows] == [at in met for at in range(len(rows))]
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download CSV").click()
    read = pd.read_csv(waited.value.path())
    assert read.iloc[:, 0].tolist() == live.sample.rows.tolist()
    felt = np.where(live.away[1], np.nan, live.dread[1])
    np.testing.assert_allclose(read["Dread of contact with the police (share)"], felt)
    page.get_by_role("radio", name="days").check()
    page.wait_for_function("document.querySelector('.timeline input').max === '1827'")
    page.get_by_role("button", name="Step on").click()
    assert re.fullmatch(r"January 9, 2016\.|January 8, 2016\.", date(page))
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name="Pause").click()
    assert date(page) > "1"
    page.get_by_label("Show ties").uncheck()
    page.wait_for_function("!document.querySelector('svg.people > line')")
    shoot(page)


def test_one_resident_in_both_worlds_by_list_and_by_link(open_page, pair, shoot):
    page = open_people(open_page)
    live = live_world(pair[0], replicate_seed(1, 1))
    at = int(live.marks[0, 1])
    row = int(live.sample.rows[at])
    page.get_by_label("Resident", exact=True).select_option(str(row))
    page.wait_for_selector(".life .events li")
    history, lang = resident_history(*pair, replicate_seed(1, 1), row), load("en")
    assert capitalized(resident_words(lang, history.who)) in page.inner_text(".life")
    told = page.locator(".life .events li").all_inner_texts()
    assert len(told) == len(history.entries)
    for text, entry in zip(told, history.entries):
        words = entry_words(lang, entry)
        assert all(words[name] in text for name in ("both", "a", "b", "moved_a", "moved_b"))
    page.wait_for_function(f"location.search.includes('s.city_row={row}')")
    other = open_page(page.url.partition("?")[2])
    other.wait_for_selector(".life .events li")
    assert other.inner_text(".life") == page.inner_text(".life")
    shoot(page)


def test_a_dot_opens_its_resident_and_one_who_is_not_there_is_refused(open_page):
    page = open_people(open_page)
    page.locator("svg.people circle.dot").nth(5).click()
    page.wait_for_selector(".life h3")
    row = re.search(r"s\.city_row=(\d+)", page.url).group(1)
    assert page.input_value("select >> nth=-1") == row
    other = open_people(open_page, "s.city_row=99999999")
    other.wait_for_selector("text=This resident cannot be shown: resident 99,999,999: must be from 0 to")
    odd = open_people(open_page, "s.city_row=x")
    assert "Choose a resident" in odd.inner_text("#view")


@pytest.mark.parametrize("part", ["map", "people"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_in_spanish_nothing_is_cut_off_and_all_is_translated(open_page, part, scheme, shoot):
    opened = open_map if part == "map" else open_people
    page = opened(open_page, "lang=es&s.city_row=10", width=360, height=740, color_scheme=scheme)
    if part == "people":
        page.wait_for_selector(".life h3")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    names = {word for each in Place.load("philadelphia").districts for word in re.findall(r"[a-z]+", each.name.lower())}
    words = set(re.findall(r"[a-z]+", page.inner_text("#view").lower())) - names
    assert not words & {"the", "and", "with", "world", "trust", "crimes", "residents", "month"}
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
    shoot(page)
