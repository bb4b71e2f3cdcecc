"""One slide with one exhibit (python-pptx): picture with alternative text, title, message and what it is not."""

import io
import zipfile
from collections.abc import Sequence

from ..exhibits.exhibit import Exhibit
from ..language import Language

WIDTH, HEIGHT = 13.333, 7.5
"""Inches: 16:9."""
_MARGIN, _GAP = 0.6, 0.15
_TITLE, _MESSAGE, _CAPTION = 0.8, 1.05, 0.85
"""Heights of what is around the picture, in inches."""
_TITLE_ONLY = 5
"""Position of the layout with a title and nothing else; its title is one for a screen reader."""
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def make_slide(exhibit: Exhibit, language: Language, caution: str, notes: Sequence[str]) -> bytes:
    """Return a presentation (pptx) of one slide; the same exhibit gives the same bytes.

    Parameters
    ----------
    exhibit : Exhibit
    language : Language
    caution : str
        What the numbers are not.
    notes : sequence of str
        Paragraphs for who speaks.
    """
    from pptx import Presentation
    from pptx.util import Inches

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    properties = presentation.core_properties
    properties.title, properties.subject, properties.language = exhibit.title, caution, language.code
    properties.author = properties.last_modified_by = "Two Claims"
    slide = presentation.slides.add_slide(presentation.slide_layouts[_TITLE_ONLY])
    inside = WIDTH - 2 * _MARGIN
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (_MARGIN, 0.3, inside, _TITLE))
    _write(title.text_frame, exhibit.title, 28, language, bold=True)
    top = 0.3 + _TITLE
    message = slide.shapes.add_textbox(*map(Inches, (_MARGIN, top, inside, _MESSAGE)))
    _write(message.text_frame, exhibit.message, 18, language)
    top += _MESSAGE + _GAP
    _place_picture(slide, exhibit, top, HEIGHT - top - _CAPTION - 2 * _GAP, inside)
    caption = slide.shapes.add_textbox(*map(Inches, (_MARGIN, HEIGHT - _CAPTION - _GAP, inside, _CAPTION)))
    _write(caption.text_frame, f"{exhibit.caption} {caution}", 11, language)
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)
    return _same_bytes(presentation)


def _place_picture(slide, exhibit: Exhibit, top: float, height: float, width: float) -> None:
    """Put the figure into the room there is, as large as it fits, in the middle; inches."""
    from pptx.util import Inches

    picture = slide.shapes.add_picture(io.BytesIO(exhibit.png(framed=False)), Inches(_MARGIN), Inches(top))
    factor = min(Inches(width) / picture.width, Inches(height) / picture.height)
    picture.width, picture.height = int(picture.width * factor), int(picture.height * factor)
    picture.left = int((Inches(WIDTH) - picture.width) / 2)
    named = picture._element.nvPicPr.cNvPr
    named.set("descr", f"{exhibit.title}. {exhibit.message}")
    named.set("name", exhibit.name)


def _write(frame, text: str, size: int, language: Language, bold: bool = False) -> None:
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), bold
    run._r.get_or_add_rPr().set("lang", f"{language.code}-US")


def _same_bytes(presentation) -> bytes:
    """Save with the same time for every part, so that the same slide is the same file."""
    saved, out = io.BytesIO(), io.BytesIO()
    presentation.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _FIXED_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
