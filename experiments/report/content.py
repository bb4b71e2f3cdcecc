"""What a report says, section by section; how it looks is the templates' matter."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from simulation.place import Place

from .. import exhibits, statistics
from ..claims.claims import CLAIMS
from ..exhibits.exhibit import Exhibit, Look
from ..exhibits.pair import Pair
from ..exhibits.words import capitalized, pairs_of, scenario_title, share_of_residents, signed_interval, unit_of_level
from ..language import Language
from ..rounding import decimals_for
from ..statistics import FEWEST_PAIRS, PairedEffect
from ..verdicts import words as verdict_words
from ..verdicts.reference import committed
from .blocks import Block, Code, Document, Notice, Picture, Points, Section, Table, Terms, Text
from .card import card
from .command import command_line, needed_files
from .evidence import assumptions, cited
from .glossary import glossary
from .tables import data_table

MAIN_RESULTS = ("solve_rate", "victimization_rate.citizens", "reporting_rate.immigrant_communities")
"""The three numbers of the hand-out: what one side's main claim is about, what the other's is, what both turn on."""
RESULTS = (
    "victimization_rate", "victimization_rate.citizens", "victimization_rate.immigrant_communities",
    "reporting_rate", "reporting_rate.immigrant_communities", "clearance_rate", "solve_rate",
    "trust.immigrant_communities", "fear.immigrant_communities", "perception_gap.immigrant_communities",
    "immigration_arrests", "arrests_without_charge_share", "households_losing_member",
    "offender_days_at_large", "crimes_prevented_by_removal",
)  # fmt: skip
"""Rows of the table of main results."""
OVER_TIME = (("reporting_rate", ("immigrant_communities",)), ("solve_rate", ("all",)))
HEADLINE = "solve_rate"
STYLES = ("icons", "dots", "interval")
BY_COMMUNITY = ("reporting_rate", "victimization_rate")
_LEFT_OUT, _MUST_NOT = 5, 5
_DIFFERENT = (statistics.HIGHER, statistics.LOWER)
_LIST_OF_REPLICATES = 12
"""So many replicates are listed; more are given as a range."""


def document(pair: Pair, look: Look) -> Document:
    """Return the whole report.

    Parameters
    ----------
    pair : Pair
    look : Look
        Of the figures; its language is the report's.
    """
    language = look.language
    sections = (_compared, _answer, _time, _difference, _flow, _communities, _claims, _overall, _recorded, _limits,
                _origin, _evidence, _repeat)  # fmt: skip
    shown = [section for make in sections if (section := make(pair, look)) is not None]
    words = Section("glossary", language.t("report.glossary.heading"), glossary(language, RESULTS))
    return Document(
        title=title(pair, language),
        caution=language.t("report.caution"),
        lead=(Text(question(pair, language)), Notice(language.t("report.caution")), Text(_lead(pair, language))),
        sections=(*shown, words),
    )


def title(pair: Pair, language: Language) -> str:
    """Return the title of everything about a pair."""
    return language.t("report.title", **_titles(pair, language))


def question(pair: Pair, language: Language) -> str:
    """Return the question that a pair answers."""
    return language.t("report.question", place=Place.load(pair.a.place).title, **_titles(pair, language))


def result_rows(pair: Pair, language: Language, keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Return one row of texts for each outcome: label, unit, A, B, difference, interval, reading."""
    return [_result_row(pair.effect(key), language, key) for key in keys]


def claim_rows(pair: Pair, language: Language) -> list[tuple[str, str, str]]:
    """Return one row for each claim: what it says, who made it, and the verdicts of its measures."""
    verdicts: dict[str, list[str]] = {}
    for judgment in pair.verdicts():
        verdicts.setdefault(judgment.claim.id, []).append(judgment.verdict)
    rows = []
    for claim in CLAIMS:
        said = language.claim(claim.id)
        what, who = f"{claim.id}: {said.meaning}", capitalized(said.label)
        rows.append((what, who, _verdict_text(language, verdicts[claim.id])))
    return rows


def main_exhibit(pair: Pair, look: Look) -> Exhibit:
    """Return the one figure of the hand-out and the slide."""
    return exhibits.over_time(pair, look, *OVER_TIME[0])


def claim_table(pair: Pair, language: Language) -> Table:
    """Return the claims, who made them, and their verdicts."""
    headers = [language.t(f"report.claims.{name}") for name in ("claim", "made_by", "verdict")]
    return Table(language.t("report.claims.table"), headers, claim_rows(pair, language), (False, False, False))


def notes(pair: Pair, language: Language) -> list[str]:
    """Return what stands behind one figure, in paragraphs: question, purpose, what differs, limits, command."""
    differs = [f"{heading}. {' '.join(lines)}" for heading, lines in card(pair.a, pair.b, language)]
    return [
        question(pair, language),
        language.t("report.origin.purpose_text"),
        *(differs or [language.t("report.compared.same")]),
        language.t("report.handout.limits_text"),
        command_line(pair) or language.t("report.repeat.impossible"),
    ]


def period(pair: Pair, language: Language) -> dict[str, str]:
    """Return first day, last day and first day of measuring, written out."""
    a = pair.a
    days = {"start": a.start, "end": a.end - timedelta(days=1), "measured": a.outcomes_from}
    return {name: language.date(day) for name, day in days.items()}


def picture(exhibit: Exhibit, language: Language) -> Picture:
    """Return an exhibit with its table as a report shows it."""
    return Picture(exhibit, data_table(exhibit, language))


def _titles(pair: Pair, language: Language) -> dict[str, str]:
    return {"a": scenario_title(language, pair.a), "b": scenario_title(language, pair.b)}


def _lead(pair: Pair, language: Language) -> str:
    return language.t("report.lead", place=Place.load(pair.a.place).title, n=language.n(pair.n, 0))


def _section(name: str, language: Language, *blocks: Block) -> Section:
    return Section(name, language.t(f"report.{name}.heading"), blocks)


def _compared(pair: Pair, look: Look) -> Section:
    language, t = look.language, look.language.t
    worlds = [
        Text(t("report.compared.world", letter=letter, title=scenario_title(language, each),
               meaning=language.scenario(each.name).meaning))
        for letter, each in (("A", pair.a), ("B", pair.b))
    ]  # fmt: skip
    entries = card(pair.a, pair.b, language)
    if not entries:
        return _section("compared", language, *worlds, Text(t("report.compared.same")))
    differs = [Points(lines, heading) for heading, lines in entries]
    return _section("compared", language, *worlds, Text(t("report.card.intro")), *differs, Text(t("report.card.rest")))


def _answer(pair: Pair, look: Look) -> Section:
    language, t = look.language, look.language.t
    effects = [pair.effect(key) for key in RESULTS]
    differ = sum(effect.verdict in _DIFFERENT for effect in effects)
    enough = pair.n >= FEWEST_PAIRS
    counted = t("report.answer.counted", total=len(RESULTS), differ=differ)
    few = t("report.answer.few", fewest=FEWEST_PAIRS)
    columns = ("outcome", "unit", "a", "b", "difference", "interval", "reading")
    return _section(
        "answer", language,
        Points([exhibits.outcome_finding(pair, language, key) for key in MAIN_RESULTS]),
        *([Notice(warning)] if (warning := exhibits.caution(pair, language)) else []),
        Text(counted) if enough else Notice(few),
        Text(t("report.answer.text")),
        Table(
            t("report.answer.table"), [t(f"report.answer.{name}") for name in columns],
            result_rows(pair, language, RESULTS), (False, False, True, True, True, True, False),
        ),
    )  # fmt: skip


def _pictures(name: str, look: Look, made: Sequence[Exhibit]) -> Section:
    return _section(name, look.language, *(picture(each, look.language) for each in made))


def _time(pair: Pair, look: Look) -> Section:
    return _pictures("time", look, [exhibits.over_time(pair, look, *shown) for shown in OVER_TIME])


def _difference(pair: Pair, look: Look) -> Section:
    return _pictures("difference", look, [exhibits.difference(pair, look, HEADLINE, style=each) for each in STYLES])


def _flow(pair: Pair, look: Look) -> Section:
    return _pictures("flow", look, [exhibits.flow(pair, look)])


def _communities(pair: Pair, look: Look) -> Section:
    return _pictures("communities", look, [exhibits.by_community(pair, look, key) for key in BY_COMMUNITY])


def _claims(pair: Pair, look: Look) -> Section:
    language = look.language
    shown = picture(exhibits.ledger(pair, look), language)
    # The table first: the figure fills most of a page, and would leave one with hardly more than the heading before it.
    return _section("claims", language, Text(language.t("report.claims.text")), claim_table(pair, language), shown)


def _overall(pair: Pair, look: Look) -> Section | None:
    """Return how each claim fares over all that is not known, from the committed result; None without it."""
    found, language = committed(), look.language
    if found is None:
        return None
    t, (headers, rows) = language.t, verdict_words.brief(found, language)
    table = Table(t("verdicts.brief"), headers, rows, (False, *(True,) * (len(headers) - 1)))
    return Section("overall", t("verdicts.title"), (
        Text(t("verdicts.shown_lead")), Points(verdict_words.sources_said(found, language)), table,
        Text(f"{t('verdicts.rule')} {verdict_words.shown_said(found, language)}"), Notice(t("verdicts.no_forecast")),
    ))  # fmt: skip


def _recorded(pair: Pair, look: Look) -> Section:
    language = look.language
    differ = exhibits.caution(pair, language) is not None
    said = Notice(language.t("report.recorded.differ")) if differ else Text(language.t("report.recorded.agree"))
    return _section("recorded", language, said, picture(exhibits.recorded_and_true(pair, look), language))


def _limits(pair: Pair, look: Look) -> Section:
    t = look.language.t
    return _section(
        "limits", look.language, Notice(t("report.caution")),
        Points([t(f"report.limits.left_out_{n}") for n in range(1, _LEFT_OUT + 1)], t("report.limits.left_out")),
        Points([t(f"report.limits.must_not_{n}") for n in range(1, _MUST_NOT + 1)], t("report.limits.must_not")),
    )  # fmt: skip


def _origin(pair: Pair, look: Look) -> Section:
    language, place = look.language, Place.load(pair.a.place)
    facts: dict[str, str] = {}

    def say(name: str, key: str = "", **values) -> None:
        facts[language.t(f"report.origin.{name}")] = language.t(f"report.origin.{key or name}_text", **values)

    say("purpose")
    say("pairs", "failed" if pair.failed else "pairs", n=pairs_of(language, pair.n),
        **({"failed": language.n(pair.failed, 0)} if pair.failed else {}))  # fmt: skip
    say("seeds", root=pair.root_seed, replicates=_replicates(pair, language))
    say("place", place=place.title, districts=len(place.districts))
    residents = language.n(round(pair.a.scale * float(place.residents.sum()), -2), 0)
    say("scale", percent=share_of_residents(pair.a, language), residents=residents)
    say("period", **period(pair, language))
    say("version", version=pair.version)
    small = [Notice(language.t("report.origin.small_scale", smallest=language.n(place.smallest_scale)))]
    return _section(
        "origin", language, Terms(list(facts.items())), *(small if pair.a.scale < place.smallest_scale else [])
    )


def _evidence(pair: Pair, look: Look) -> Section:
    language, t = look.language, look.language.t
    return Section("evidence", t("report.origin.evidence"), (
        Text(t("report.origin.evidence_text")),
        Terms(assumptions(pair, language), t("report.origin.assumptions")),
        Points(cited(pair), t("report.origin.sources")),
    ))  # fmt: skip


def _repeat(pair: Pair, look: Look) -> Section:
    t, command = look.language.t, command_line(pair)
    if command is None:
        return _section("repeat", look.language, Text(t("report.repeat.impossible")))
    files = [Code(text, t("report.repeat.files", name=name)) for name, text in needed_files(pair).items()]
    return _section("repeat", look.language, Text(t("report.repeat.text")), Code(command), *files)


def _replicates(pair: Pair, language: Language) -> str:
    numbers = pair.replicates
    if numbers == tuple(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2:
        return language.t("report.origin.range", first=numbers[0], last=numbers[-1])
    return language.join([str(number) for number in numbers])


def _result_row(effect: PairedEffect, language: Language, key: str) -> tuple[str, ...]:
    decimals = decimals_for(effect)
    write: Callable = language.n
    known = effect.pairs > 0 and effect.verdict != statistics.IDENTICAL
    difference = language.signed(effect.effect, decimals) if known else language.n(effect.effect, 0)
    between = signed_interval(language, effect.lower, effect.upper, decimals) if known and effect.pairs > 1 else ""
    return (
        capitalized(language.outcome(key).label), unit_of_level(language, key),
        write(effect.mean_a, decimals), write(effect.mean_b, decimals), difference, between,
        language.verdict(effect.verdict),
    )  # fmt: skip


def _verdict_text(language: Language, verdicts: Sequence[str]) -> str:
    """Return the verdicts of one claim's measures; each once, with how many measures it is of."""
    if len(set(verdicts)) == 1:
        return capitalized(language.verdict(verdicts[0]))
    told = [
        language.t("report.claims.measures", verdict=language.verdict(each), count=verdicts.count(each),
                   total=len(verdicts))
        for each in dict.fromkeys(verdicts)
    ]  # fmt: skip
    return capitalized("; ".join(told))
