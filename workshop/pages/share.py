"""The view `share`: a link and a QR code, the command, and files to take home."""

import io

import segno
import solara

from experiments.exhibits.exhibit import Look
from experiments.report import command_line, handout_pdf, report_html, report_pdf, slide
from experiments.report.content import main_exhibit

from ..components import Copy, Download, Text
from ..question import OWN


@solara.component
def Share(session):
    """Everything that opens the same numbers elsewhere."""
    lang, pair = session.lang, session.pair.value
    link = f"{session.screen.value.origin}/?{session.query}"
    Text(lang.t("share.title"), "h1")
    Text(lang.t("share.lead"), "p", "lead")
    with solara.Div(classes=["columns"]):
        with solara.Div():
            Copy(lang, lang.t("share.link"), link, hint=_where(session))
            solara.HTML(unsafe_innerHTML=qr_code(link, lang.t("share.qr")))
        with solara.Div():
            command = pair and command_line(pair)
            if command and not session.is_stale:
                Copy(lang, lang.t("share.command"), command, hint=lang.t("share.command_hint"))
            solara.HTML(tag="h2", unsafe_innerHTML=lang.t("share.files"))
            if pair is None or session.is_stale:
                solara.HTML(tag="p", unsafe_innerHTML=lang.t("share.wait"))
                return
            with solara.Div(classes=["files"]):
                for key, make in _files(session, pair).items():
                    Download(lang.t(f"share.{key}"), lang.t("share.making"), make)


def qr_code(link: str, label: str) -> str:
    """Return a QR code as SVG with a label; black on white in every theme, so that cameras read it."""
    out = io.BytesIO()
    segno.make(link, error="l", micro=False).save(
        out, kind="svg", scale=4, border=4, light="white", xmldecl=False, svgns=True, title=label, omitsize=True
    )
    return f'<div class="qr">{out.getvalue().decode()}</div>'


def _where(session) -> str:
    """Say when the link leads nowhere from another device, or does not hold all."""
    local = any(name in session.screen.value.origin for name in ("//127.", "//localhost", "//[::1]"))
    return session.lang.t("share.local" if local else "share.link_hint")


def _files(session, pair) -> dict:
    lang = session.lang
    files = {
        "report_html": lambda: ("report.html", report_html(pair, lang).encode()),
        "report_pdf": lambda: ("report.pdf", report_pdf(pair, lang)),
        "handout": lambda: ("handout.pdf", handout_pdf(pair, lang)),
        "slide": lambda: ("slide.pptx", slide(pair, main_exhibit(pair, Look(lang)), lang)),
    }
    sides = {"a": session.question.value.a, "b": session.question.value.b}
    scenarios = {"a": pair.a, "b": pair.b}
    for letter, scenario in scenarios.items():
        name = OWN if sides[letter].own else scenario.name
        files[f"scenario_{letter}"] = lambda scenario=scenario, name=name: (f"{name}.toml", scenario.to_toml().encode())
    return files
