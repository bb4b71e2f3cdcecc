"""The one-page hand-out: the question, one figure, three numbers, the claims, and what the numbers are not."""

from dataclasses import replace
from typing import Any

from simulation.place import Place

from .. import statistics
from ..exhibits.exhibit import Exhibit, Look
from ..exhibits.pair import Pair
from ..exhibits.words import capitalized, signed_interval, unit_of_difference
from ..language import Language
from ..rounding import decimals_for
from . import content, pdf
from .blocks import Block, Code, Section, Terms, Text
from .card import card
from .command import command_line

SIZES = ("9.5pt", "9pt", "8.5pt", "8pt", "7.5pt", "7pt", "6.5pt")
"""Sizes of letters that are tried until all fits on one page."""
FIGURE = "figure.svg"
MOST_ENTRIES = 5
"""Things that differ are listed up to so many."""


def make_handout(pair: Pair, language: Language) -> bytes:
    """Return the hand-out as PDF, in the largest letters with which it is one page.

    Parameters
    ----------
    pair : Pair
    language : Language
    """
    figure = content.main_exhibit(pair, Look(language, "print"))
    data = _data(pair, language, figure)
    figures = {FIGURE: figure.svg().encode()}
    size = next((each for each in SIZES if pdf.count_pages("handout", data, figures, each) == 1), SIZES[-1])
    return pdf.compile_pdf("handout", data, figures, size)


def _data(pair: Pair, language: Language, figure: Exhibit) -> dict[str, Any]:
    t = language.t
    origin = t(
        "report.handout.origin",
        n=language.n(pair.n, 0),
        root=pair.root_seed,
        place=Place.load(pair.a.place).title,
        percent=content.share_of_residents(pair, language),
        version=pair.version,
        **content.period(pair, language),
    )
    command = command_line(pair)
    claims = content.claim_table(pair, language)
    limits = [Text(t("report.handout.limits_text")), Text(origin), *([Code(command)] if command else [])]
    numbers = [_number(pair, language, key) for key in content.MAIN_RESULTS]
    return pdf.document_data(
        content.title(pair, language),
        t("report.caution"),
        language,
        [Text(content.question(pair, language))],
        [
            Section("differs", t("report.card.heading"), _differs(pair, language)),
            Section("claims", claims.caption, (replace(claims, caption=""),)),
            Section("limits", t("report.handout.limits"), limits),
        ],
        numbers={"heading": t("report.handout.numbers"), "items": numbers},
        figure={"file": FIGURE, "alt": pdf.alternative_text(figure), "title": figure.title, "message": figure.message},
    )


def _differs(pair: Pair, language: Language) -> list[Block]:
    """Return the first things that differ, each as one line, and how many more there are."""
    entries = card(pair.a, pair.b, language)
    if not entries:
        return [Text(language.t("report.compared.same"))]
    lines = [(heading, " ".join(lines)) for heading, lines in entries[:MOST_ENTRIES]]
    rest = len(entries) - len(lines)
    more = [Text(language.t("report.handout.more", n=rest))] if rest else []
    return [Terms(lines), *more]


def _number(pair: Pair, language: Language, key: str) -> dict[str, str]:
    """Return one difference with its interval, as large letters and small ones."""
    effect = pair.effect(key)
    decimals = decimals_for(effect)
    levels = {"a": language.n(effect.mean_a, decimals), "b": language.n(effect.mean_b, decimals)}
    known = effect.pairs > 1 and effect.verdict not in (statistics.IDENTICAL, statistics.UNDEFINED)
    if known:
        between = signed_interval(language, effect.lower, effect.upper, decimals)
        note = language.t("report.handout.note", interval=between, **levels)
    else:
        note = language.t("report.handout.no_note", verdict=capitalized(language.verdict(effect.verdict)), **levels)
    return {
        "label": capitalized(language.outcome(key).label),
        "value": language.signed(effect.effect, decimals) if known else language.n(effect.effect, decimals),
        "unit": unit_of_difference(language, key),
        "note": note,
    }
