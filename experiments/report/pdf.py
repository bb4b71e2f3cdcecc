"""A report as PDF (typst): tagged for screen readers as PDF/UA-1 asks.

It holds no date, so that the same input is the same file.
"""

import dataclasses
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from ..exhibits.exhibit import Exhibit
from ..language import Language
from .blocks import Block, Document, Picture, Section, Text

STANDARD = "ua-1"


def render_pdf(document: Document, language: Language) -> bytes:
    """Return a document as PDF, the tables of its figures at the end.

    Parameters
    ----------
    document : Document
    language : Language
    """
    t, pictures = language.t, document.pictures
    tables = Section("tables", t("report.tables"), (Text(t("report.tables_text")), *(each.data for each in pictures)))
    data = document_data(
        document.title, document.caution, language, document.lead, document.sections,
        contents=t("report.contents"), tables=section_data(tables),
    )  # fmt: skip
    figures = {f"{each.exhibit.name}.svg": each.exhibit.svg().encode() for each in pictures}
    return compile_pdf("report", data, figures)


def document_data(
    title: str, caution: str, language: Language, lead: Sequence[Block], sections: Sequence[Section], **more: Any
) -> dict[str, Any]:
    """Return what a template sets: a title, what stands before the sections, and these."""
    told = [section_data(section) for section in sections]
    first = [_block(block) for block in lead]
    return {"title": title, "caution": caution, "language": language.code, "lead": first, "sections": told, **more}


def alternative_text(exhibit: Exhibit) -> str:
    """Return what a figure shows, for those who cannot see it."""
    return f"{exhibit.title}. {exhibit.message}"


def compile_pdf(template: str, data: dict[str, Any], figures: dict[str, bytes], size: float = 10.0) -> bytes:
    """Return a PDF.

    Parameters
    ----------
    template : str
        Name of one of the templates, without its ending.
    data : dict
        What the template sets.
    figures : dict of str to bytes
        Pictures by file name.
    size : float
        Of the letters in points, for templates that ask.
    """
    import typst

    return typst.compile(_inputs(template, data, figures), pdf_standards=[STANDARD], **_options(size))


def count_pages(template: str, data: dict[str, Any], figures: dict[str, bytes], size: float) -> int:
    """Return how many pages a template that marks its last one takes."""
    import typst

    found = typst.query(_inputs(template, data, figures), "<pages>", field="value", one=True, **_options(size))
    return int(json.loads(found))


def section_data(section: Section) -> dict[str, Any]:
    """Return a section as a template sets it."""
    return {"heading": section.heading, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    """Return a block as plain data."""
    if isinstance(block, Picture):
        exhibit = block.exhibit
        words = {name: getattr(exhibit, name) for name in ("title", "message", "caption")}
        return {"kind": block.kind, "file": f"{exhibit.name}.svg", "alt": alternative_text(exhibit), **words}
    return {"kind": block.kind, **dataclasses.asdict(block)}


def _inputs(template: str, data: dict[str, Any], figures: dict[str, bytes]) -> dict[str, bytes]:
    folder = resources.files("experiments") / "report" / "templates"
    return {
        "main": (folder / f"{template}.typ").read_bytes(),
        "blocks.typ": (folder / "blocks.typ").read_bytes(),
        "document.json": json.dumps(data, ensure_ascii=False).encode(),
        **figures,
    }


def _options(size: float) -> dict[str, Any]:
    """Return options that make a page look the same on every machine: fonts that come along, and no others."""
    import matplotlib

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return {"ignore_system_fonts": True, "font_paths": [str(fonts)], "sys_inputs": {"size": f"{size}pt"}}
