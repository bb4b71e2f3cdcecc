"""Workshop mode in a real browser: a facilitator, phones, and a result that nobody sees before predicting."""

import csv
import io
import json
import re

import pytest

from experiments.language import load

PAIR = "a=agreement-2008-terms&pairs=6&scale=0.005"
MINUS = "\N{MINUS SIGN}"
RESULT = "percentage points (higher|lower) in A"


@pytest.fixture
def lead(open_page):
    """Return a function that opens a room and returns the facilitator's page and the code."""

    def opened(minutes=45, **options):
        page = open_page(f"view=workshop&{PAIR}", **options)
        page.get_by_label(f"{minutes} minutes").check()
        page.get_by_role("button", name="Open a room").click()
        page.wait_for_selector(".invitation .code")
        return page, page.locator(".invitation .code").inner_text().strip()

    return opened


@pytest.fixture
def phone(open_page):
    """Return a function that joins a room by the link of its QR code."""

    def joined(code, query="", **options):
        page = open_page(f"view=workshop&room={code}{query}", width=360, height=740, **options)
        page.wait_for_selector("text=/You are in room|Está en la sala/")
        return page

    return joined


def go_to(page, step):
    page.get_by_role("navigation", name="Steps of the workshop").get_by_role("button", name=step).click()
    page.wait_for_selector(f"h2:text-is('{step}')")


def ask(page):
    """Go to the prediction and ask for it, once the worlds are there."""
    go_to(page, "Predict")
    page.wait_for_selector(".waiting progress", state="detached")
    page.get_by_role("button", name="Ask for predictions").click()
    page.wait_for_selector(".counted")


def predict(page, direction="higher", size="1", confidence="Sure (80%)", name=""):
    form = page.locator("form.predict")
    form.get_by_label(direction, exact=False).first.check()
    if direction not in ("No different", "Igual"):
        form.locator("input[inputmode=decimal]").fill(size)
    form.get_by_label(confidence, exact=True).check()
    if name:
        form.get_by_label("Name you choose").fill(name)
    form.get_by_role("button").click()


def download(page, name):
    with page.expect_download() as taken:
        page.get_by_role("button", name=name).click()
    return open(taken.value.path(), "rb").read()


def test_a_whole_round_with_phones_and_a_shared_screen(lead, phone, shoot):
    page, code = lead()
    one, two = phone(code), phone(code, "&lang=es", color_scheme="dark")
    page.wait_for_selector("text=2 on their own devices")
    assert one.locator("form.predict").count() == 0
    ask(page)
    page.wait_for_selector("text=0 have predicted. Waiting for 2 more")
    for each in (one, two):
        each.wait_for_selector("form.predict")
        shoot(each, "-form")
    predict(one, "higher", "1.5", "Very sure (95%)", name="=HYPERLINK(1)")
    one.wait_for_selector("text=Your prediction is in")
    predict(two, "Más bajo", "0,3", "Algo seguro (65%)")
    page.wait_for_selector("text=2 have predicted.")
    page.get_by_text("one person after the other").click()
    for n, confidence in enumerate(("Sure (80%)", "I am guessing (35%)")):
        predict(page, "lower", "2", confidence)
        page.wait_for_selector(f"text={3 + n} have predicted.")
    shoot(page, "-ready")
    for each in (page, one, two):
        assert not re.search(RESULT, each.locator(".view").inner_text())
    page.get_by_role("button", name="Reveal the result").click()
    for each in (one, two):
        each.wait_for_selector("figure.exhibit")
    page.wait_for_selector("text=What the room expected")
    for each, words in ((page, "the room's result"), (one, "the room's result"), (two, "El resultado de la sala")):
        behind = each.locator(".waiting .said").inner_text()
        assert words in behind
        assert "6 p" in behind, "the room's pairs, not those that a phone would run of its own"
        assert "60 p" not in behind
    said = page.locator("figure.exhibit .message").all_inner_texts()
    assert "Higher: 25%; No different: 0%; Lower: 75%" in said[0]
    assert f"the median is {MINUS}1.15 percentage points" in said[1]
    rows = [row.split("\t") for row in page.locator(".calibration tbody").inner_text().splitlines()]
    assert [row[:2] for row in rows] == [[f"{sure}%", "1"] for sure in (35, 65, 80, 95)]
    assert two.locator("h3:text-is('Lo que esperaba la sala')").is_visible()
    for name, each in (("-facilitator", page), ("-phone", one), ("-dark", two)):
        shoot(each, name)
    go_to(page, "What we take home")
    rows = list(csv.reader(io.StringIO(download(page, "Predictions (CSV)").decode("utf-8-sig"))))
    assert len(rows) == 1 + 4
    assert rows[1][5] == "'=HYPERLINK(1)"
    assert {float(row[8]) for row in rows[1:]} == {1.5, 0.3, 2.0}
    (found,) = json.loads(download(page, "Predictions (JSON)"))
    assert (len(found["predictions"]), found["outcome"]) == (4, "solve_rate")
    assert found["result"]["pairs"] == 6
    page.get_by_role("button", name="Close the room").click()
    page.get_by_role("button", name="Yes, close it").click()
    for each in (page, one, two):
        each.wait_for_selector("text=/The room is closed|La sala está cerrada/")
        assert "figure" not in each.locator(".view").inner_html()


def test_results_are_hidden_in_every_view_until_the_reveal(lead, phone):
    page, code = lead()
    one = phone(code)
    for view in ("Compare", "Claims", "Take home"):
        one.get_by_role("button", name=view, exact=True).click()
        one.wait_for_selector("text=Hidden until the predictions are in")
        assert one.locator("figure").count() == 0
        assert one.get_by_role("button", name="Show it to me anyway").count() == 0
    one.get_by_role("button", name="Back to the workshop").click()
    ask(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_selector("text=Hidden until the predictions are in")
    page.get_by_role("button", name="Show it to me anyway").click()
    page.wait_for_selector("figure.exhibit")
    page.get_by_role("button", name="Workshop", exact=True).click()
    page.get_by_role("button", name="Reveal now, without waiting").click()
    one.wait_for_selector("text=Nobody predicted in this round")
    one.get_by_role("button", name="Compare", exact=True).click()
    one.wait_for_selector("figure.exhibit")


def test_the_reveal_waits_for_everybody_who_is_there(lead, phone):
    page, code = lead()
    one, two = phone(code), phone(code)
    ask(page)
    predict(one)
    page.wait_for_selector("text=1 have predicted. Waiting for 1 more")
    assert page.get_by_role("button", name="Reveal the result").is_disabled()
    two.get_by_role("button", name="Leave the room").click()
    page.wait_for_selector("button:text-is('Reveal the result'):not([disabled])")
    assert "Waiting" not in page.locator(".counted").inner_text()


def test_a_prediction_can_be_changed_and_counts_once(lead, phone):
    page, code = lead()
    one = phone(code)
    ask(page)
    predict(one, "higher", "1")
    one.get_by_role("button", name="Send a changed prediction").wait_for()
    predict(one, "lower", "4")
    page.wait_for_selector("text=1 have predicted.")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Reveal the result").click()
    one.wait_for_selector(f"text=the median is {MINUS}4 percentage points")


def test_a_phone_shows_the_cards_when_roles_are_taken(lead, phone):
    page, code = lead(90)
    one = phone(code, "&lang=es")
    assert one.locator(".role-card").count() == 0
    go_to(page, "Roles")
    one.wait_for_selector(".role-card")
    assert one.locator(".role-card").count() == 8
    assert one.evaluate("document.documentElement.scrollWidth") == 360


def test_two_rooms_never_see_each_other(lead, phone):
    (page, code), (other, another) = lead(), lead(90)
    assert code != another
    one, two = phone(code), phone(another)
    ask(page)
    one.wait_for_selector("form.predict")
    two.wait_for_timeout(700)
    assert two.locator("form.predict").count() == 0
    assert other.locator(".present").inner_text() == "1 on their own devices"
    assert code not in other.content()
    assert code not in two.content()


def test_codes_that_lead_nowhere_are_answered_plainly(open_page):
    page = open_page("view=workshop&room=%3Cscript%3E")
    page.wait_for_selector("text=There is no room with this code")
    for code in ("ZZZZZ", "<script>alert(1)</script>", "../../etc", "%00", "A" * 500):
        page.get_by_label("Code of the room").fill(code)
        page.get_by_role("button", name="Join").click()
        page.wait_for_timeout(200)
        assert page.get_by_role("button", name="Open a room").is_visible()


def test_trying_codes_ends(open_page):
    page = open_page("view=workshop")
    for _ in range(30):
        page.get_by_label("Code of the room").fill("QQQQQ")
        page.get_by_role("button", name="Join").click()
        page.wait_for_timeout(60)
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector("text=Too many codes")


def test_a_participant_has_no_means_to_steer(lead, phone):
    _, code = lead()
    one = phone(code)
    for name in ("Next step", "Start the clock", "Reveal", "Ask for predictions", "Close the room"):
        assert one.get_by_role("button", name=name).count() == 0


def test_a_reload_finds_the_same_place(lead, phone):
    page, code = lead()
    one = phone(code)
    ask(page)
    predict(one)
    page.wait_for_selector("text=1 have predicted.")
    one.reload()
    one.wait_for_selector("text=Send a changed prediction")
    page.reload()
    page.wait_for_selector("text=Next step")
    page.wait_for_selector("text=1 have predicted.")
    page.wait_for_function("document.querySelector('.present').innerText.startsWith('1 ')")


def test_the_clock_runs_on_the_projector_and_the_next_step_has_its_own(lead):
    page, _ = lead()
    clock = page.locator(".clock")
    assert clock.inner_text().startswith("5:00")
    page.get_by_role("button", name="Start the clock").click()
    page.wait_for_function("/^4:5[0-8]/.test(document.querySelector('.clock').innerText)")
    page.get_by_role("button", name="Stop the clock").click()
    page.wait_for_timeout(600)
    stands = clock.inner_text()
    page.wait_for_timeout(1500)
    assert clock.inner_text() == stands
    go_to(page, "Reveal")
    assert clock.inner_text().startswith("10:00")


@pytest.mark.parametrize("minutes", [45, 90, 180])
def test_every_step_has_its_instructions(lead, minutes):
    page, _ = lead(minutes)
    steps = page.locator(".agenda button")
    total = 0
    for n in range(steps.count()):
        steps.nth(n).click()
        page.wait_for_selector(f".agenda li:nth-child({n + 1}) button[aria-current=step]")
        title = re.search(r"\d+\. (.*) \((\d+) min\)", steps.nth(n).inner_text())
        page.wait_for_selector(f"h2:text-is('{title[1]}')")
        assert len(page.locator(".everybody").first.inner_text()) > 20
        total += int(title[2])
    assert total == minutes


def test_role_cards_are_printed_alone(open_page, shoot):
    page = open_page("view=workshop&lang=es")
    assert page.locator(".role-card").count() == 8
    page.evaluate("window.print = () => { window.printed = document.body.className; }")
    page.get_by_role("button", name="Imprimir las tarjetas").click()
    assert "only-roles" in page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.locator(".role-card").first.is_visible()
    assert not page.locator("h1").is_visible()
    shoot(page)


def test_a_phone_predicts_by_keyboard_alone(lead, phone):
    page, code = lead()
    one = phone(code)
    ask(page)
    one.wait_for_selector("form.predict")
    one.locator("form.predict input[type=radio]").first.focus()
    for key in ("ArrowDown", "ArrowDown", "Tab"):
        one.keyboard.press(key)
    one.keyboard.type("2.5")
    for key in ("Tab", "Space", "ArrowDown", "Tab", "Tab", "Tab", "Enter"):
        one.keyboard.press(key)
    one.wait_for_selector("text=Your prediction is in")
    page.wait_for_selector("text=1 have predicted.")


def test_sizes_that_are_none_are_refused_beside_the_box(lead, phone):
    page, code = lead()
    one = phone(code)
    ask(page)
    one.wait_for_selector("form.predict")
    for size in ("0", "-3", "abc", "1e99", "NaN", "1.2.3", "∞"):
        predict(one, "higher", size)
        one.wait_for_selector("form.predict .wrong")
        one.locator("form.predict input[inputmode=decimal]").fill("1")
        one.wait_for_selector("form.predict .wrong", state="detached")
    assert page.locator(".counted").inner_text().startswith("0 have predicted")


def test_forged_messages_of_a_form_are_refused(lead, phone):
    """What a browser sends is checked again where it arrives."""
    page, code = lead()
    one = phone(code)
    ask(page)
    one.wait_for_selector("form.predict")
    one.get_by_label("Rather sure").check()
    one.evaluate("""() => {
        const form = document.querySelector('form.predict').__vue__;
        const good = { direction: 'higher', size: 1, confidence: 80, name: 'x', table: '' };
        for (const bad of [{ direction: 'up' }, { size: -1 }, { size: 1e300 }, { size: 'x' }, { confidence: 100 }])
            form.give({ ...good, ...bad });
        form.give(null); form.give('text'); form.give([]);
        form.give({ ...good, name: '<img src=x onerror=alert(1)>'.repeat(50), seat: 'other' });
    }""")
    page.wait_for_selector("text=1 have predicted.")
    assert one.get_by_label("Rather sure").is_checked(), "a refusal takes no entries along"
    page.get_by_role("button", name="Reveal the result").click()
    one.wait_for_selector("figure.exhibit")
    assert "onerror" not in one.content()


@pytest.mark.parametrize("language", ["en", "es"])
def test_everything_fits_a_phone_in_both_languages(lead, phone, language):
    page, code = lead()
    one = phone(code, f"&lang={language}")
    ask(page)
    one.wait_for_selector("form.predict")
    assert one.evaluate("document.documentElement.scrollWidth") <= 360
    predict(one, *(("higher", "1") if language == "en" else ("Más alto", "1", "Seguro (80%)")))
    page.wait_for_selector("text=1 have predicted.")
    page.get_by_role("button", name="Reveal the result").click()
    one.wait_for_selector("figure.exhibit")
    assert one.evaluate("document.documentElement.scrollWidth") <= 360
    said = one.locator(".view").inner_text()
    if language == "es":
        assert not re.search(r"\b(predict|lower in|higher in|the worlds|how sure|people)\b", said, re.IGNORECASE)
    assert load(language).t("workshop.how_sure") in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(lead, phone, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, code = lead(color_scheme=scheme)
    one = phone(code, color_scheme=scheme)

    def check(each):
        found = Axe().run(each, context=".view").response["violations"]
        grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
        assert not [(fault["id"], fault["nodes"][0]["html"]) for fault in grave]

    for step in ("Welcome", "Roles", "What is compared"):
        go_to(page, step)
        check(page)
    ask(page)
    one.wait_for_selector("form.predict")
    check(page)
    check(one)
    predict(one)
    page.wait_for_selector("text=1 have predicted.")
    page.get_by_role("button", name="Reveal the result").click()
    for each in (page, one):
        each.wait_for_selector("figure.exhibit")
        check(each)
