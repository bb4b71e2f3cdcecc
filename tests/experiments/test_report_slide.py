"""The slide of a report opens, says what it shows in text and picture, and holds what stands behind it in its notes."""

import io

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from reported import CODES

from experiments import language, report
from experiments.exhibits.exhibit import Look
from experiments.report import content


@pytest.mark.parametrize("code", CODES)
def test_the_slide_says_what_it_shows(products, code):
    """16:9; a title that is one, the message, the caption; a picture with alternative text, inside the slide."""
    words, pair = language.load(code), products.pair
    exhibit = content.main_exhibit(pair, Look(words))
    presentation = Presentation(io.BytesIO(report.slide(pair, exhibit, words)))
    assert presentation.slide_width / presentation.slide_height == pytest.approx(16 / 9, abs=1e-3)
    (slide,) = presentation.slides
    assert slide.shapes.title.text_frame.text == exhibit.title
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert exhibit.message in told
    assert any(exhibit.caption in text and words.t("report.not_for") in text for text in told)
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture._element.nvPicPr.cNvPr.get("descr") == f"{exhibit.title}. {exhibit.message}"
    for shape in slide.shapes:
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= presentation.slide_width
        assert shape.top + shape.height <= presentation.slide_height


@pytest.mark.parametrize("code", CODES)
def test_the_notes_hold_what_stands_behind_it(products, code):
    """The question, what differs, the limits and the command."""
    words, pair = language.load(code), products.pair
    exhibit = content.main_exhibit(pair, Look(words))
    (slide,) = Presentation(io.BytesIO(report.slide(pair, exhibit, words))).slides
    notes = slide.notes_slide.notes_text_frame.text
    assert content.question(pair, words) in notes
    assert report.command_line(pair) in notes
    assert words.t("report.handout.limits_text") in notes
    for heading, _ in report.card.card(pair.a, pair.b, words):
        assert heading in notes
