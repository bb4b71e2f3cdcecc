"""One page about all claims over all that is not known: HTML that needs no network."""

from collections.abc import Iterable

from ..claims.claims import Claim
from ..exhibits.exhibit import Exhibit, Look
from ..exhibits.words import capitalized
from ..language import Language
from ..report.blocks import Block, Document, Notice, Picture, Points, Section, Table, Text
from ..report.html import render_html
from ..report.tables import data_table
from ..storage import provenance
from . import words
from .figure import over_draws
from .map_figure import where_right
from .verdicts import Overall


def page_html(found: Overall, language: Language) -> str:
    """Return the page in a language.

    Parameters
    ----------
    found : Overall
    language : Language
    """
    wide, phone = (document(found, Look(language, width=width)) for width in ("wide", "narrow"))
    narrow = {each.exhibit.name: each.exhibit for each in phone.pictures}
    return render_html(wide, language, narrow, provenance.version_text(found.about["code"]))


def document(found: Overall, look: Look) -> Document:
    """Return what the page says, section by section."""
    language, t = look.language, look.language.t
    answer = Section("answer", t("verdicts.heading_answer"), (
        Points(words.sources_said(found, language)), _picture(over_draws(found, look), language),
        share_table(found, language),
    ))  # fmt: skip
    return Document(
        title=t("verdicts.title"),
        caution=t("exhibits.caution"),
        lead=(Text(t("verdicts.question")), Notice(t("verdicts.no_forecast"))),
        sections=(answer, *(_claim(found, look, claim) for claim in found.claims), _method(found, language)),
    )


def share_table(found: Overall, language: Language) -> Table:
    """Return the probability of every claim by source, and how often its effect is large enough to care about."""
    t, rows = language.t, []
    for claim in found.claims:
        for source in found.sources:
            row = found.probability(source, claim.id)
            shares = words.shares(row, language)
            cells = [f"{shares[name]} ({shares[f'{name}_interval']})" for name in words.ANSWERS]
            rows.append((f"{claim.id}: {language.claim(claim.id).meaning}", capitalized(language.claim(claim.id).label),
                         words.source_name(language, source), *cells, words.large(row, language)))  # fmt: skip
    answers = [t(f"verdicts.key_{name}") for name in words.ANSWERS]
    headers = (t("exhibits.column.claim"), t("exhibits.column.who"), t("verdicts.column_source"),
               *map(capitalized, answers), t("verdicts.column_large"))  # fmt: skip
    return Table(t("verdicts.table"), headers, rows, (False, False, False, True, True, True, True))


def claim_blocks(found: Overall, language: Language, claim: Claim) -> Iterable[Points | Table]:
    """Yield what is said of one claim: how probable, how large, on what it hangs, and where it is so."""
    t = language.t
    yield Points([words.shares_sentence(found, language, claim.id, source) for source in found.sources])
    headers, rows = words.sizes(found, language, claim)
    yield Table(t("verdicts.heading_size"), headers, rows, (False, False, *(True,) * (len(headers) - 2)))
    decides = [words.decides_sentence(found, language, claim.id, source) for source in found.sources]
    decides += [words.size_sentence(found, language, claim, claim.measures[0], source) for source in found.sources]
    yield Points(decides, t("verdicts.heading_decides"))
    boxes = [text for source in found.sources for text in words.box_sentences(found, language, claim.id, source)]
    yield Points(boxes, t("verdicts.heading_where"))


def _claim(found: Overall, look: Look, claim: Claim) -> Section:
    language = look.language
    agreed = all(words.is_agreed(found.probability(source, claim.id)) for source in found.sources)
    maps = [] if agreed else [_picture(where_right(found, look, claim), language)]
    return Section(claim.id, words.claim_line(language, claim), (*claim_blocks(found, language, claim), *maps))


def _method(found: Overall, language: Language) -> Section:
    t = language.t
    row = found.probability(found.sources[0], found.claims[0].id)
    values = {"draws": language.n(row.draws, 0), "worth": language.n(row.worth, 0)}
    said = [t("verdicts.rule"), t("verdicts.intervals", **values), t("verdicts.interests"), t("verdicts.deciding")]
    blocks: list[Block] = [Points(said), Text(words.caption(found, language))]
    if small := words.small_scale(found, language):
        blocks.insert(0, Notice(small))
    return Section("method", t("verdicts.heading_method"), blocks)


def _picture(exhibit: Exhibit, language: Language) -> Picture:
    return Picture(exhibit, data_table(exhibit, language))
