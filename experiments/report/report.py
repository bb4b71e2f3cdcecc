"""Everything that can be taken home of a pair of worlds."""

from .. import exhibits
from ..exhibits.exhibit import Exhibit, Look
from ..exhibits.pair import Pair
from ..language import Language
from . import content, handout, html, pdf
from .powerpoint import make_slide


def report_html(pair: Pair, language: Language) -> str:
    """Return the full report as one HTML file.

    Parameters
    ----------
    pair : Pair
    language : Language
    """
    wide, phone = (content.document(pair, Look(language, width=width)) for width in ("wide", "narrow"))
    narrow = {each.exhibit.name: each.exhibit for each in phone.pictures}
    return html.render_html(wide, language, narrow, pair.version)


def report_pdf(pair: Pair, language: Language) -> bytes:
    """Return the full report as a tagged PDF; its figures are for print.

    Parameters
    ----------
    pair : Pair
    language : Language
    """
    return pdf.render_pdf(content.document(pair, Look(language, "print")), language)


def handout_pdf(pair: Pair, language: Language) -> bytes:
    """Return the hand-out of one page as a tagged PDF.

    Parameters
    ----------
    pair : Pair
    language : Language
    """
    return handout.make_handout(pair, language)


def slide(pair: Pair, exhibit: Exhibit, language: Language) -> bytes:
    """Return one slide (pptx) with an exhibit.

    Parameters
    ----------
    pair : Pair
        What the exhibit shows; what differs, limits and command are in the notes of the slide.
    exhibit : Exhibit
    language : Language
    """
    differ = exhibits.caution(pair, language, with_numbers=False) or ""
    return make_slide(exhibit, language, language.t("report.not_for"), content.notes(pair, language), differ)
