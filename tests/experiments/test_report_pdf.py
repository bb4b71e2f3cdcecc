"""The PDFs of a report: tagged for screen readers, with the same numbers, and the hand-out on one page."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from reported import CODES, structure, text_of, text_of_pdf

from experiments import language, report
from experiments.report import content
from experiments.report.blocks import Document, Section, Table
from experiments.report.pdf import render_pdf
from simulation.scenario import Scenario

LONG = "A scenario whose title is so long that no line of a page can hold it, and which goes on and on " * 2


def figures_of(reader):
    return [node for tag, node in structure(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]) if tag == "/Figure"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("form", ["pdf", "handout"])
def test_pdfs_are_tagged(products, form, code):
    """PDF/UA: tags, language, a title that viewers show, headings, table headers, alternative texts."""
    reader = getattr(products, form)(code)
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"].startswith(code)
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title == content.title(products.pair, language.load(code))
    tags = [tag for tag, _ in structure(root["/StructTreeRoot"]["/K"])]
    assert {"/H1", "/Table", "/TH", "/TD", "/Figure"} <= set(tags)
    assert all(str(node["/Alt"]).strip() for node in figures_of(reader))


@pytest.mark.parametrize("code", CODES)
def test_the_pdf_has_what_the_page_has(products, code):
    """The same headings in the same order, the same alternative texts, and all cells of its tables."""
    page, reader = products.page(code), products.pdf(code)
    told = text_of_pdf(reader)
    outline = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    headings = [text_of(heading) for heading in page.iter("h2")]
    assert [title for title in outline if title in headings] == headings
    wide = page.xpath("//div[@class='wide']/*[local-name()='svg']/@aria-label")
    assert [" ".join(str(node["/Alt"]).split()) for node in figures_of(reader)] == [" ".join(w.split()) for w in wide]
    for cell in page.xpath("//td[@class='number']"):
        assert text_of(cell) in told


@pytest.mark.parametrize("code", CODES)
def test_the_handout_is_one_page_with_the_essentials(products, code):
    """Question, three numbers with intervals, claims, limits, pairs, seeds, version, command."""
    reader, words, pair = products.handout(code), language.load(code), products.pair
    assert len(reader.pages) == 1
    told = text_of_pdf(reader).replace("- ", "-")
    for row in content.result_rows(pair, words, content.MAIN_RESULTS):
        assert row[4] in told
        assert row[5] in told
    for said, made_by, verdict in content.claim_rows(pair, words):
        assert said.split()[0] in told
        assert made_by in told
        assert verdict.split()[0] in told
    assert pair.version.split()[0] in told
    assert words.t("report.caution") in told
    assert "twoclaims compare" in told


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("names", [("full-firewall", "strong-deterrence-ended"), ("responsive-governance", "raid")])
def test_the_handout_stays_one_page_however_much_differs(products, names, code):
    """Many differing settings, long titles: letters get smaller, and the rest of a long list is counted."""
    a, b = (Scenario.load(name, {"scale": 0.004}) for name in names)
    b = replace(b, name="mine", title=LONG)
    pair = replace(products.pair, a=replace(a, years=3.0), b=replace(b, years=3.0))
    reader = PdfReader(io.BytesIO(report.handout_pdf(pair, language.load(code))))
    assert len(reader.pages) == 1


@pytest.mark.parametrize(
    ("words", "numbers"), [(["no immigrant ties", "undecided in all of the pairs"], 5), (["2016-01-01"], 11)]
)
def test_no_column_of_a_table_lies_on_another(words, numbers):
    """However long the headings over its numbers are, and never beyond the edge of the page."""
    cells = [words[0], *(f"{-11 * n}.{n:03}" for n in range(1, numbers + 1)), *words[1:]]
    headers = ["Group", *["A minus B (percentage points): lower end of the 95% interval"] * numbers, "Reading"]
    numeric = (False, *[True] * numbers, False)[: len(cells)]
    table = Table("Data", headers[: len(cells)], [cells], numeric)
    document = Document("A", sections=[Section("a", "A", [table])])
    reader = PdfReader(io.BytesIO(render_pdf(document, language.load("en"))))
    begins, sizes = {}, {}

    def note(text, cm, tm, font, size):
        begins[text.strip()], sizes[text.strip()] = tm[4] * cm[0] + cm[4], size

    for page in reader.pages:
        page.extract_text(visitor_text=note)
    first = [max((text for text in begins if text and cell.startswith(text)), key=len) for cell in cells]
    left = [begins[text] for text in first]
    for text, x, following in zip(first, left, [*left[1:], reader.pages[0].mediabox.right - 40]):
        assert x + 0.35 * sizes[text] * len(text) < following
