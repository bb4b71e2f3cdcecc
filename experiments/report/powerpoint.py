"""One slide with one exhibit (python-pptx): picture with alternative text, title, message and what it is not."""

import io
import zipfile
from collections.abc import Sequence

from ..exhibits.exhibit import LINE, Exhibit, wrap
from ..language import Language

WIDTH, HEIGHT = 13.333, 7.5
"""Inches: 16:9."""
_MARGIN, _GAP, _INSET = 0.5, 0.1, 0.1
_TITLE, _MESSAGE, _CAPTION = (0.9, (28, 24, 20)), (1.3, (18, 16, 14, 12)), (0.8, (11, 10, 9, 8))
"""Most height in inches, and sizes of letters in points, of the texts around the picture."""
_TITLE_ONLY = 5
"""Position of the layout with a title and nothing else; its title is one for a screen reader."""
_POINTS = 72
"""Points of an inch."""
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def make_slide(exhibit: Exhibit, language: Language, caution: str, notes: Sequence[str], warning: str = "") -> bytes:
    """Return a presentation (pptx) of one slide; the same exhibit gives the same bytes.

    Parameters
    ----------
    exhibit : Exhibit
    language : Language
    caution : str
        What the numbers are not.
    notes : sequence of str
        Paragraphs for who speaks.
    warning : str
        What may mislead in what is shown.
    """
    from pptx import Presentation
    from pptx.util import Inches

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    properties = presentation.core_properties
    properties.title, properties.subject, properties.language = exhibit.title, caution, language.code
    properties.author = properties.last_modified_by = "Two Claims"
    slide = presentation.slides.add_slide(presentation.slide_layouts[_TITLE_ONLY])
    top = _MARGIN / 2
    title = slide.shapes.title
    top += _write(title, exhibit.title, _TITLE, top, language, bold=True)
    message = slide.shapes.add_textbox(0, 0, 0, 0)
    top += _write(message, exhibit.message, _MESSAGE, top, language) + _GAP
    below = " ".join(filter(None, (warning, exhibit.caption, caution)))
    bottom = HEIGHT - _fitting(below, _CAPTION, bold=False)[1] - _GAP
    _place_picture(slide, exhibit, top, bottom - top - _GAP)
    _write(slide.shapes.add_textbox(0, 0, 0, 0), below, _CAPTION, bottom, language)
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)
    return _same_bytes(presentation)


def _place_picture(slide, exhibit: Exhibit, top: float, height: float) -> None:
    """Put the figure into the room there is, as large as it fits, in the middle; inches."""
    from pptx.util import Inches

    picture = slide.shapes.add_picture(io.BytesIO(exhibit.png(framed=False)), 0, Inches(top))
    factor = min(Inches(WIDTH - 2 * _MARGIN) / picture.width, Inches(height) / picture.height)
    picture.width, picture.height = int(picture.width * factor), int(picture.height * factor)
    picture.left = int((Inches(WIDTH) - picture.width) / 2)
    named = picture._element.nvPicPr.cNvPr
    named.set("descr", f"{exhibit.title}. {exhibit.message}")
    named.set("name", exhibit.name)


def _write(shape, text: str, room: tuple, top: float, language: Language, bold: bool = False) -> float:
    """Write a text across the slide, in letters with which it fits its room; return its height in inches."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Inches, Pt

    size, height = _fitting(text, room, bold)
    shape.left, shape.top, shape.width, shape.height = map(Inches, (_MARGIN, top, WIDTH - 2 * _MARGIN, height))
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = Inches(_INSET)
    frame.margin_top = frame.margin_bottom = Inches(_INSET / 2)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), bold
    run._r.get_or_add_rPr().set("lang", f"{language.code}-US")
    return height


def _fitting(text: str, room: tuple[float, Sequence[int]], bold: bool) -> tuple[int, float]:
    """Return the largest size of letters with which a text is no higher than its room, and its height in inches."""
    most, sizes = room
    width = _POINTS * (WIDTH - 2 * _MARGIN - 2 * _INSET)
    for size in sizes:
        height = LINE * size * len(wrap(text, width, size, bold)) / _POINTS + _INSET
        if height <= most:
            break
    return size, height


def _same_bytes(presentation) -> bytes:
    """Save with the same time for every part, so that the same slide is the same file."""
    saved, out = io.BytesIO(), io.BytesIO()
    presentation.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _FIXED_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
