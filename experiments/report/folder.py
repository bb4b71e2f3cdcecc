"""The folder of a report: every form of it, its figures and its tables, written whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

from simulation.errors import InputError

from ..exhibits.exhibit import Exhibit, Look
from ..exhibits.pair import Pair
from ..language import Language
from ..storage import provenance, store
from ..storage.result import Result
from . import content
from .command import needed_files
from .report import handout_pdf, report_html, report_pdf, slide
from .tables import results_csv

DPI = 150
"""Of the PNGs: some 1,900 pixels across."""
MONTHLY = ("happened", "reported", "recorded", "cleared")
"""Metrics that a report shows month by month; `compare` keeps all."""


def check_reportable(result: Result) -> None:
    """Refuse a sweep that did not keep the months that a report shows.

    Raises
    ------
    InputError
        One line that says what to do.
    """
    missing = [] if result.design is None else [name for name in MONTHLY if name not in result.design.series]
    if missing and not result.factors:
        kept = ", ".join(f'"{name}"' for name in MONTHLY)
        raise InputError(
            f"{result.folder} does not keep {', '.join(missing)} month by month, which a report shows; "
            f"run the sweep again with series = [{kept}] in its design"
        )


def write_report(pair: Pair, language: Language, destination: store.Destination) -> Path:
    """Write a report and return its folder.

    Parameters
    ----------
    pair : Pair
    language : Language
    destination : store.Destination
        Reserved; nothing is overwritten.
    """
    draft = destination.draft
    shown = [picture.exhibit for picture in content.document(pair, Look(language)).pictures]
    (draft / "report.html").write_text(report_html(pair, language), encoding="utf-8")
    (draft / "report.pdf").write_bytes(report_pdf(pair, language))
    (draft / "handout.pdf").write_bytes(handout_pdf(pair, language))
    main = content.main_exhibit(pair, Look(language))
    (draft / "slide.pptx").write_bytes(slide(pair, main, language))
    write_exhibits(shown, draft)
    (draft / "tables" / "results.csv").write_bytes(results_csv(pair, language))
    for name, text in needed_files(pair).items():
        (draft / name).write_text(text, encoding="utf-8")
    store.write_json(_manifest(pair, language), draft / store.MANIFEST)
    return destination.commit()


def _manifest(pair: Pair, language: Language) -> dict:
    """Return what the folder is and of which worlds; no date, so that the same report is the same folder."""
    return {
        "format": store.FORMAT,
        "kind": "report",
        "caution": provenance.CAUTION,
        "language": language.code,
        "scenarios": [{"name": each.name, "fingerprint": each.fingerprint} for each in (pair.a, pair.b)],
        "root_seed": pair.root_seed,
        "replicates": list(pair.replicates),
        "version": pair.version,
    }


def write_exhibits(shown: Iterable[Exhibit], folder: Path) -> None:
    """Write figures as SVG and PNG, and their tables as CSV."""
    for kind in ("figures", "tables"):
        (folder / kind).mkdir()
    for exhibit in shown:
        (folder / "figures" / f"{exhibit.name}.svg").write_text(exhibit.svg(framed=True), encoding="utf-8")
        (folder / "figures" / f"{exhibit.name}.png").write_bytes(exhibit.png(DPI))
        (folder / "tables" / f"{exhibit.name}.csv").write_bytes(exhibit.csv())
