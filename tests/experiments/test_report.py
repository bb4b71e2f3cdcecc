"""The report of a pair: complete, true to its tables, one file, readable by everybody, the same every time."""

import itertools
import re
from dataclasses import replace

import pytest
from reported import CODES, PAIRS, ROOT_SEED, number, text_of

from experiments import language, report
from experiments.claims.claims import CLAIMS
from experiments.exhibits.exhibit import Look
from experiments.exhibits.pair import Pair
from experiments.exhibits.words import capitalized
from experiments.report import content
from experiments.report.tables import NOTHING, column_decimals
from experiments.rounding import decimals_for
from experiments.verdicts import words
from experiments.verdicts.reference import committed
from simulation.place import Place

SECTIONS = [
    "compared", "answer", "time", "difference", "flow", "communities", "claims", "overall", "recorded", "limits",
    "origin", "evidence", "repeat", "glossary",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_the_claims_over_all_that_is_not_known_are_the_committed_ones(products, code):
    said = language.load(code)
    headers, rows = words.brief(committed(), said)
    section = products.page(code).xpath("//section[@id='overall']")[0]
    assert [text_of(cell) for cell in section.xpath(".//th[@scope='col']")] == headers
    found = [[text_of(cell) for cell in row.xpath("./*")] for row in section.xpath(".//tbody/tr")]
    assert found == rows
    assert said.t("verdicts.no_forecast") in text_of(section)


@pytest.fixture(scope="module")
def exhibits(products):
    """Return the exhibits of the report in a language, by name."""
    return lambda code: {
        each.exhibit.name: each.exhibit for each in content.document(products.pair, Look(language.load(code))).pictures
    }


@pytest.mark.parametrize("code", CODES)
def test_the_report_is_complete(products, code):
    """Every section is there, with its heading; links of the contents lead to them."""
    page, words = products.page(code), language.load(code)
    assert [section.get("id") for section in page.iter("section")] == SECTIONS
    assert [link.get("href") for link in page.xpath("//nav//a")] == [f"#{name}" for name in SECTIONS]
    assert page.get("lang") == code
    told = text_of(page)
    for key in ("report.caution", "report.origin.purpose_text", "report.claims.text"):
        assert words.t(key) in told
    for n in range(1, 6):
        assert words.t(f"report.limits.left_out_{n}") in told
        assert words.t(f"report.limits.must_not_{n}") in told


@pytest.mark.parametrize("code", CODES)
def test_the_report_says_where_its_numbers_come_from(products, code):
    """Pairs, seeds, place, scale, period, version, sources and the command."""
    page, words, pair = products.page(code), language.load(code), products.pair
    origin = text_of(page.get_element_by_id("origin"))
    place = Place.load(pair.a.place)
    for expected in (
        str(PAIRS), str(ROOT_SEED), place.title, words.percent(0.4), words.date(pair.a.start), pair.version,
        words.date(pair.a.outcomes_from), words.t("report.origin.small_scale", smallest=words.n(place.smallest_scale)),
    ):  # fmt: skip
        assert expected in origin
    assert report.command_line(pair) in text_of(page.get_element_by_id("repeat"))
    evidence = text_of(page.get_element_by_id("evidence"))
    for source in (*pair.a.sources, *pair.b.sources):
        assert source in evidence
    assert "fear_effect" in evidence


@pytest.mark.parametrize("code", CODES)
def test_the_card_and_the_claims_are_told(products, code):
    """All that differs, and each claim with who made it and its verdicts."""
    page, words, pair = products.page(code), language.load(code), products.pair
    compared = text_of(page.get_element_by_id("compared"))
    for heading, lines in report.card.card(pair.a, pair.b, words):
        assert heading in compared
        assert all(line in compared for line in lines)
    table = page.xpath("//section[@id='claims']/div/table")[0]
    rows = [[text_of(cell) for cell in row] for row in table.xpath(".//tbody/tr")]
    assert [row[0] for row in rows] == [f"{claim.id}: {words.claim(claim.id).meaning}" for claim in CLAIMS]
    for claim, row in zip(CLAIMS, rows):
        assert row[1] == capitalized(words.claim(claim.id).label)
        judged = {words.verdict(each.verdict).lower() for each in pair.verdicts() if each.claim.id == claim.id}
        assert all(verdict in row[2].lower() for verdict in judged)


@pytest.mark.parametrize("code", CODES)
def test_every_number_of_the_answer_is_that_of_the_pairs(products, code):
    """Means, difference and interval of each main result, rounded as everywhere."""
    table = products.page(code).xpath("//section[@id='answer']//table")[0]
    rows = [[text_of(cell) for cell in row] for row in table.xpath(".//tbody/tr")]
    assert len(rows) == len(content.RESULTS)
    words = language.load(code)
    for key, (label, _, a, b, difference, interval, reading) in zip(content.RESULTS, rows):
        effect = products.pair.effect(key)
        digits = decimals_for(effect)
        assert label == capitalized(words.outcome(key).label)
        assert number(a, code) == pytest.approx(effect.mean_a, abs=0.51 * 10**-digits, nan_ok=True)
        assert number(b, code) == pytest.approx(effect.mean_b, abs=0.51 * 10**-digits, nan_ok=True)
        assert number(difference, code) == pytest.approx(effect.effect, abs=0.51 * 10**-digits, nan_ok=True)
        if interval:
            low, high = interval.split(words.t("exhibits.interval", low="", high=""))
            assert (number(low, code), number(high, code)) == pytest.approx(
                (effect.lower, effect.upper), abs=0.51 * 10**-digits
            )
        assert reading == words.verdict(effect.verdict)


@pytest.mark.parametrize("code", CODES)
def test_every_data_table_is_that_of_its_figure(products, exhibits, code):
    """Headers, words, dates and numbers of the tables under the figures."""
    figures = products.page(code).xpath("//figure")
    assert len(figures) == len(exhibits(code)) >= 10
    for figure in figures:
        drawn = exhibits(code)[figure.get("id").removeprefix("figure-")].table
        assert [text_of(cell) for cell in figure.xpath(".//thead//th")] == [" ".join(str(c).split()) for c in drawn]
        rows = figure.xpath(".//tbody/tr")
        assert len(rows) == len(drawn)
        for position, name in enumerate(drawn):
            values = list(drawn[name])
            shown = [text_of(row[position]) for row in rows]
            for value, text in zip(values, shown):
                if hasattr(value, "isoformat"):
                    assert text == value.date().isoformat()
                elif isinstance(value, str | bool):
                    assert text == " ".join(str(value).split())
                elif text == NOTHING:
                    assert value != value
                else:
                    assert number(text, code) == pytest.approx(value, abs=0.51 * 10 ** -column_decimals(values))


@pytest.mark.parametrize("code", CODES)
def test_every_result_that_is_shown_is_in_the_glossary(products, code):
    """Whatever outcome the report names, its meaning is explained."""
    words = language.load(code)
    terms = {text_of(term) for term in products.page(code).xpath("//section[@id='glossary']//dt")}
    shown = [*content.RESULTS, *(measure.outcome for claim in CLAIMS for measure in claim.measures)]
    for key in shown:
        assert capitalized(words.outcome(key.partition(".")[0]).label) in terms


@pytest.mark.parametrize("code", CODES)
def test_the_report_is_one_file_that_needs_no_network(products, code):
    """No script, and no address but those within the page."""
    page = products.page(code)
    assert not page.xpath("//script | //iframe | //img | //object | //embed | //video")
    addresses = page.xpath("//@href | //@src | //@*[local-name()='href']")
    assert {address[:1] for address in addresses if address != "data:,"} == {"#"}
    assert not re.findall(r"url\((?!['\"]?#)", products.html(code))
    assert "@import" not in products.html(code)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in addresses if address.startswith("#")} <= set(ids)


@pytest.mark.parametrize("code", CODES)
def test_headings_tables_and_figures_can_be_read_aloud(products, code):
    """One title, no level left out, cells with scope, and an alternative text for each figure in both sizes."""
    page = products.page(code)
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for table in page.iter("table"):
        assert {cell.get("scope") for cell in table.xpath(".//thead//th")} == {"col"}
        assert all(row[0].get("scope") == "row" for row in table.xpath(".//tbody/tr"))
    for figure in page.iter("figure"):
        message = text_of(figure.xpath(".//p[@class='message']")[0])
        pictures = figure.xpath(".//*[local-name()='svg']")
        assert len(pictures) == 2
        for picture in pictures:
            assert picture.get("role") == "img"
            assert " ".join(picture.get("aria-label").split()).endswith(message)
        assert figure.xpath("./figcaption")


def test_figures_take_the_colors_of_the_page(products):
    """No color of the light theme is fixed in a figure: the dark page sets its own."""
    page = products.html("en")
    body = page[page.index("<body") :]
    assert "var(--a)" in body
    assert "var(--b)" in body
    assert not re.search("#00695f|#b26b00|#1b1b1b", body, re.IGNORECASE)


def test_the_same_pair_is_the_same_file(products):
    """HTML, PDF, hand-out and slide do not hold the time or anything else that changes."""
    words, pair = language.load("es"), products.pair
    copy = replace(pair)
    assert report.report_html(copy, words) == products.html("es")
    for write in (report.report_pdf, report.handout_pdf):
        assert write(pair, words) == write(copy, words)
    exhibit = content.main_exhibit(pair, Look(words))
    assert report.slide(pair, exhibit, words) == report.slide(copy, content.main_exhibit(copy, Look(words)), words)


def test_what_a_file_says_of_itself_is_text_and_nothing_else(products):
    """A scenario's title with markup in it is shown as it is."""
    pair = products.pair
    own = replace(
        pair.b, name="mine", title="<script>alert(1)</script> #emph[x] & $\\frac{$ more", description="<b>x</b>"
    )
    page = report.report_html(replace(pair, b=own), language.load("en"))
    assert "<script" not in page
    assert "<b>x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #emph[x] &amp; $\\frac{$ more" in page
    report.handout_pdf(replace(pair, b=own), language.load("en"))


@pytest.mark.parametrize("code", CODES)
def test_few_pairs_claim_nothing(products, code):
    """With one pair there is no interval, and the page says that it is too few."""
    pair = products.pair
    one = Pair.from_runs(pair.a, pair.b, ROOT_SEED, {1: pair.runs[0]})
    words = language.load(code)
    page = report.report_html(one, words)
    assert words.t("report.answer.few", fewest=5) in page
    assert words.t("report.answer.counted", total=len(content.RESULTS), differ=0) not in page
    report.report_pdf(one, words)
    report.handout_pdf(one, words)


def test_worlds_that_are_equal_are_said_to_be(products):
    """The same scenario twice: nothing differs, no claim is tested, no caution is made up."""
    pair = products.pair
    same = Pair.from_runs(
        pair.a, replace(pair.a, name="again"), 1, {n: (a, a) for n, (a, _) in enumerate(pair.runs, 1)}
    )
    words = language.load("en")
    page = report.report_html(same, words)
    assert words.t("report.compared.same") in page
    assert "not tested by this pair" in page.lower()
    assert report.report_pdf(same, words)
    assert report.handout_pdf(same, words)


@pytest.mark.parametrize("code", CODES)
def test_small_effects_keep_their_digits_beside_large_ones_of_another_unit(products, exhibits, code):
    """Of every claim's effect that is not zero, the table says more than that it is zero."""
    (key,) = (key for key, each in exhibits(code).items() if language.load(code).t("exhibits.column.who") in each.table)
    drawn = exhibits(code)[key].table
    name = next(column for column in drawn if drawn[column].dtype == float)
    (figure,) = products.page(code).xpath(f"//figure[@id='figure-{key}']")
    position = list(drawn).index(name)
    shown = [text_of(row[position]) for row in figure.xpath(".//tbody/tr")]
    for value, text in zip(drawn[name], shown):
        if value == value and value != 0:
            assert number(text, code) == pytest.approx(value, rel=0.1)
