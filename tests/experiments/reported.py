"""A small pair of real worlds for the tests of reports, and how their products are read."""

import io
import math
import re
from functools import cache

from lxml import html
from pypdf import PdfReader

from experiments import language, report
from experiments.comparison.comparison import compare
from experiments.exhibits.pair import Pair
from experiments.storage.result import Result
from simulation.scenario import Scenario

WORLDS = ("agreement-2008-terms", "agreement-ended")
SMALL = {"scale": 0.004, "years": 3.0, "outcomes_from": Scenario.load(WORLDS[0]).outcomes_from}
PAIRS, ROOT_SEED = 6, 11
CODES = ("en", "es")


def make_result(folder):
    """Run the worlds into a result folder."""
    compare(*WORLDS, seeds=PAIRS, root_seed=ROOT_SEED, overrides=SMALL, workers=1, out=folder, progress=False)
    return folder


class Products:
    """Everything that is made of a pair, each thing once."""

    def __init__(self, pair: Pair):
        self.pair = pair
        self.html, self.pdf, self.handout = map(
            cache, (self._html, self._make(report.report_pdf), self._make(report.handout_pdf))
        )
        self.page = cache(lambda code: html.document_fromstring(self.html(code)))

    @classmethod
    def of(cls, folder) -> "Products":
        """Read a result folder."""
        return cls(Pair.from_result(Result.open(folder)))

    def _html(self, code: str) -> str:
        return report.report_html(self.pair, language.load(code))

    def _make(self, write):
        return lambda code: PdfReader(io.BytesIO(write(self.pair, language.load(code))))


def text_of(element) -> str:
    """Return the text of an HTML element with single spaces."""
    return " ".join(element.text_content().split())


def text_of_pdf(reader: PdfReader) -> str:
    """Return the text of a PDF with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def structure(node, kinds=()):
    """Yield (tag, element) of a PDF's structure tree, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from structure(each, kinds)
    elif hasattr(node, "get"):
        if "/S" in node:
            yield node["/S"], node
        if "/K" in node:
            yield from structure(node["/K"], kinds)


def number(text: str, code: str) -> float:
    """Return the number that a cell shows in a language; nan where it says that there is none."""
    if text in ("undefined", "indefinido"):
        return math.nan
    plain = text.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "")
    separators = {"en": (",", "."), "es": (",", ".")}[code]
    return float(re.sub(rf"\{separators[0]}", "", plain).replace(separators[1], "."))
