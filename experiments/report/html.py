"""A report as one HTML file that needs no network: figures, tables and style are inside."""

import re
from importlib import resources

from ..drawing import PALETTES, Palette
from ..exhibits.exhibit import Exhibit
from ..language import Language
from .blocks import Document

_DECLARED = "".join(f"  --{name}: {{{name}}};\n" for name in Palette._fields)


def render_html(document: Document, language: Language, narrow: dict[str, Exhibit], version: str) -> str:
    """Return a document as HTML.

    Parameters
    ----------
    document : Document
        Its figures are for a wide screen.
    language : Language
    narrow : dict of str to Exhibit
        The same figures for a phone, by name.
    version : str
        Of the code that made the runs.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("experiments.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    figures = {
        picture.exhibit.name: {
            "wide": Markup(themed(picture.exhibit.svg())),
            "narrow": Markup(themed(narrow[picture.exhibit.name].svg())),
        }
        for picture in document.pictures
    }
    words = {name: language.t(f"report.{name}") for name in ("skip", "contents", "data")}
    return environment.get_template("report.html.jinja").render(
        document=document, language=language, figures=figures, words=words, version=version, style=Markup(_style())
    )


def themed(svg: str) -> str:
    """Return a figure of the light theme whose colors are those of the page, light or dark."""
    names: dict[str, str] = {}
    for name, color in PALETTES["light"]._asdict().items():
        names.setdefault(color.lower(), name)
    return re.sub(
        r"#[0-9a-fA-F]{6}\b",
        lambda found: f"var(--{names[found[0].lower()]})" if found[0].lower() in names else found[0],
        svg,
    )


def _style() -> str:
    css = (resources.files("experiments") / "report" / "templates" / "report.css").read_text(encoding="utf-8")
    for theme in ("light", "dark"):
        css = css.replace(f"{{{{ {theme} }}}}\n", _DECLARED.format(**PALETTES[theme]._asdict()))
    return css
