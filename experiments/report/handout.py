"""The one-page hand-out: the question, one figure, three numbers, the claims, and what the numbers are not."""

from dataclasses import replace
from typing import Any

from simulation.place import Place

from .. import exhibits, statistics
from ..exhibits.exhibit import Exhibit, Look
from ..exhibits.pair import Pair
from ..exhibits.words import capitalized, share_of_residents, signed_interval, unit_of_difference
from ..language import Language
from ..rounding import decimals_for
from . import content, pdf
from .blocks import Block, Code, Notice, Section, Terms, Text
from .card import differing
from .command import command_line

TRIES = (
    *((size, entries) for entries in (5, 3, 2) for size in (9.5, 9.0, 8.5, 8.0)), (7.5, 2), (7.0, 1), (6.5, 1),
)  # fmt: skip
"""Sizes of letters in points, and how many things that differ are listed, until all fits on one page."""
FIGURE = "figure.svg"


def make_handout(pair: Pair, language: Language) -> bytes:
    """Return the hand-out as PDF, in the largest letters with which it is one page.

    Parameters
    ----------
    pair : Pair
    language : Language
    """
    figure = content.main_exhibit(pair, Look(language, "print"))
    figures = {FIGURE: figure.svg().encode()}
    data = _data(pair, language, figure)
    for size, most in TRIES:
        tried = data | {"differs": pdf.section_data(_differs(pair, language, most))}
        if pdf.count_pages("handout", tried, figures, size) == 1:
            break
    return pdf.compile_pdf("handout", tried, figures, size)


def _data(pair: Pair, language: Language, figure: Exhibit) -> dict[str, Any]:
    t = language.t
    origin = t(
        "report.handout.origin",
        n=language.n(pair.n, 0),
        root=pair.root_seed,
        place=Place.load(pair.a.place).title,
        percent=share_of_residents(pair.a, language),
        version=pair.version,
        **content.period(pair, language),
    )
    command = command_line(pair)
    claims = content.claim_table(pair, language)
    limits: list[Block] = [Text(t("report.handout.limits_text")), Text(origin), *([Code(command)] if command else [])]
    differ = exhibits.caution(pair, language, with_numbers=False)
    numbers = [_number(pair, language, key) for key in content.MAIN_RESULTS]
    return pdf.document_data(
        content.title(pair, language),
        t("report.caution"),
        language,
        [Text(content.question(pair, language)), *([Notice(differ)] if differ else [])],
        [
            Section("claims", claims.caption, (replace(claims, caption=""),)),
            Section("limits", t("report.handout.limits"), limits),
        ],
        numbers={"heading": t("report.handout.numbers"), "items": numbers},
        figure={"file": FIGURE, "alt": pdf.alternative_text(figure), "title": figure.title, "message": figure.message},
    )


def _differs(pair: Pair, language: Language, most: int) -> Section:
    """Return the first things that differ, each as one line, and how many more there are."""
    heading, entries = language.t("report.card.heading"), differing(pair.a, pair.b, language)
    if not entries:
        return Section("differs", heading, [Text(language.t("report.compared.same"))])
    lines = Terms([(entry.heading, " ".join(entry.sides)) for entry in entries[:most]])
    rest = len(entries) - most
    more = [Text(language.t("report.handout.more", n=rest))] if rest > 0 else []
    return Section("differs", heading, [lines, *more])


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
