"""Stories in plain words, for readers who know the city and not the model."""

from textwrap import wrap

import numpy as np

from simulation.levers import Policy

from ..language import Language, load
from .calendar import policy_words
from .cause_text import cause_text
from .records import HAPPENED, KINDS, REPORTED, SOLVED, Chance, Party, Story
from .words import (
    chained,
    compared,
    decimal,
    in_each,
    percent,
    percents,
    resident_words,
    spell_date,
    upper,
    whole,
)

WIDTH = 100
_INDENT = "   "
_FURTHER_SHOWN = 3
_REASONS_SHOWN = 6
_TERMS = frozenset(name for name in Policy._fields if name.startswith("shows_")) | {"real_time", "after_disposition"}
"""What a policy takes from the agreement; the rest are levers."""


def book_text(book) -> str:
    """Return all stories of a pair of worlds."""
    lang = load(book.language)
    legend = lang.t("stories.legend")
    lines = [_title(lang, book), ""]
    lines += [line for text in rules_texts(lang, book) for line in wrap(text, WIDTH, subsequent_indent=_INDENT)]
    lines += ["", *wrap(legend, WIDTH), "", *(line for text in counts_texts(lang, book) for line in wrap(text, WIDTH))]
    for kind in (kind for kind in KINDS if kind in book.stories):
        lines += ["", *_section(lang, book, kind)]
    return "\n".join(lines) + "\n"


def book_markdown(book) -> str:
    """Return all stories of a pair of worlds as Markdown."""
    lang = load(book.language)
    rules, counts = ([f"- {text}" for text in texts(lang, book)] for texts in (rules_texts, counts_texts))
    lines = [f"# {_title(lang, book)}", "", *rules, "", lang.t("stories.legend"), "", *counts]
    for kind in (kind for kind in KINDS if kind in book.stories):
        lines += ["", f"## {_heading(lang, book, kind)}", "", reasons_text(lang, book, kind)]
        for number, story in enumerate(book.stories[kind], 1):
            lines += ["", f"### {number}. {headline(lang, story)}"]
            for part in paragraphs(lang, story):
                lines += [part] if part.startswith("- ") else ["", upper(part)]
    return "\n".join(lines) + "\n"


def story_text(story: Story) -> str:
    """Return one story."""
    lang = load(story.language)
    parts = [line for part in paragraphs(lang, story) for line in _paragraph(part)]
    return "\n".join([headline(lang, story), *parts])


def paragraphs(lang: Language, story: Story) -> list[str]:
    """Return a story without its headline; a part of a cause begins with a hyphen."""
    return _happened(lang, story) if story.kind == HAPPENED else _decided(lang, story)


def headline(lang: Language, story: Story) -> str:
    """Return what differs about a crime."""
    how = lang.t(f"stories.headline.{story.kind}", done=story.done_in, other=story.other)
    if story.kind == SOLVED:
        assert story.reported is not None
        reported_in = [world for world, is_reported in zip("AB", story.reported[:2]) if is_reported]
        one = lang.t("stories.headline.reported_in_one", world=reported_in[0])
        how += lang.t("stories.headline.reported_in_both") if len(reported_in) == 2 else one
    date, crime = spell_date(lang, np.datetime64(story.date)), upper(lang.crime_type(story.crime_type))
    return lang.t("stories.headline.all", crime=crime, date=date, district=story.district, how=how)


def rules_texts(lang: Language, book) -> list[str]:
    """Return, for A and B, what the immigration agency sees, period by period, and what happened on single days."""
    policies = [policy for rules in book.rules for _, policy in rules]
    told = frozenset(
        name
        for name in Policy._fields
        if name not in _TERMS and len({getattr(policy, name) for policy in policies}) > 1
    )
    return [_rules(lang, *each, told) for each in zip("AB", book.scenarios, book.rules, book.happenings)]


def counts_texts(lang: Language, book) -> list[str]:
    """Return how many crimes happened, were reported and solved in both worlds and in one."""
    return [
        lang.t(f"stories.counts.{kind}", **{name: whole(lang, n) for name, n in book.counts[kind].items()})
        for kind in (HAPPENED, REPORTED, SOLVED)
    ]


def reasons_text(lang: Language, book, kind: str) -> str:
    """Return what turned the crimes of a kind, and how many of them are told."""
    reasons, told = book.reasons[kind], len(book.stories[kind])
    if not reasons:
        return lang.t("stories.none")
    named = [
        (chained(lang, (lang.t(f"stories.reason.{reason}") for reason in key.split(" and "))), n)
        for key, n in list(reasons.items())[:_REASONS_SHOWN]
    ]
    rest = sum(reasons.values()) - sum(n for _, n in named)
    named += [(lang.t("stories.others"), rest)] if rest else []
    reasons_told = lang.t("stories.turned", reasons="; ".join(f"{words} ({whole(lang, n)})" for words, n in named))
    if told == sum(reasons.values()):
        return reasons_told
    return f"{reasons_told} {lang.t('stories.clearest', n=whole(lang, told))}"


def _section(lang: Language, book, kind: str) -> list[str]:
    lines = [_heading(lang, book, kind), *wrap(reasons_text(lang, book, kind), WIDTH)]
    for number, story in enumerate(book.stories[kind], 1):
        first, *rest = story.text().splitlines()
        lines += ["", *wrap(f"{number}. {first}", WIDTH, subsequent_indent=_INDENT), *rest]
    return lines


def _heading(lang: Language, book, kind: str) -> str:
    return f"{lang.t(f'stories.heading.{kind}')}: {whole(lang, sum(book.reasons[kind].values()))}"


def _title(lang: Language, book) -> str:
    since, until = (spell_date(lang, np.datetime64(date)) for date in (book.measured_from, book.measured_to))
    return lang.t("stories.title_of_book", replicate=book.replicate, since=since, until=until)


def _rules(lang: Language, world: str, name: str, rules, happenings, told: frozenset[str]) -> str:
    policies = [policy for _, policy in rules]
    parts = [
        lang.t("stories.rules", date=spell_date(lang, np.datetime64(date)), rules=policy_words(lang, policy, told, old))
        for (date, policy), old in zip(rules, [None, *policies])
    ]
    days = [
        lang.t("stories.on_day", date=spell_date(lang, np.datetime64(date)), what=what) for date, what in happenings
    ]
    return " ".join([f"{world}: {name}.", f"{upper('; '.join(parts))}.", *days])


def _decided(lang: Language, story: Story) -> list[str]:
    """Return the paragraphs of a crime reported, or solved, in one world."""
    base = "AB".index(story.other)
    deciders = [party for party in story.parties if turned(party, story)]
    told = [story.parties[0], *(party for party in deciders if party.position > 0)]
    parts = [_person(lang, party.name, party.resident) for party in told]
    decisions, after = [], []
    for party in deciders:
        if turns_on_report(story):
            decisions.append(_decision(lang, "called", party.name, party.call, party.calls))
            after.append(_after(lang, lang.t("stories.after.calls", who=party.name), party.call, base))
        else:
            decisions.append(_decision(lang, "cooperated", party.name, party.cooperation, party.cooperates))
            after.append(_after(lang, lang.t("stories.after.cooperates", who=party.name), party.cooperation, base))
    if story.kind == SOLVED:
        assert story.reported is not None
        assert story.solving is not None
        assert story.on_view is not None
        decisions.append(_solving(lang, story))
        if story.reported.after:
            solves = lang.t("stories.after.solves")
            after.append(_after(lang, solves, story.solving, base, is_new=turns_on_report(story)))
        else:
            draw, chance = percents(lang, story.on_view.draw, story.on_view.p.after)
            after.append(lang.t("stories.after.on_the_spot", chance=chance, draw=draw))
    parts += [" ".join(decisions), *_causes(lang, story)]
    parts += [_dread(lang, party) for party in deciders if max(party.vulnerability[:2]) > 0]
    parts += [_flip(lang, story, after), *_further(lang, story)]
    return parts


def _happened(lang: Language, story: Story) -> list[str]:
    """Return the paragraphs of a crime that happened in one world."""
    base = "AB".index(story.other)
    parts = [_person(lang, lang.t("stories.party.victim"), story.victim)]
    if story.offender:
        parts.append(_person(lang, lang.t("stories.party.offender"), story.offender))
    parts += _causes(lang, story)
    if any(cause.kind == "perceived_sharing" for cause in story.causes):
        parts.append(lang.t("stories.bears_on_noncitizens"))
    assert story.happening is not None
    assert story.usual is not None
    chances = compared(lang, story.happening)
    parts.append(lang.t("stories.chance_of_crime", chances=chances, usual=percent(lang, story.usual)))
    p = story.happening.p
    after = [_after(lang, lang.t("stories.after.happens"), story.happening, base)] if p.after != p[base] else []
    return [*parts, _flip(lang, story, after), *_further(lang, story)]


def _person(lang: Language, who: str, resident) -> str:
    return lang.t("stories.person", who=who, resident=resident_words(lang, resident))


def turns_on_report(story: Story) -> bool:
    """Whether the cause turns whether the crime is reported, and not only whether it is solved."""
    assert story.reported is not None
    return story.reported.after != story.reported["AB".index(story.other)]


def turned(party: Party, story: Story) -> bool:
    """Whether the cause turns the decision of this person that matters to the story."""
    decision = party.calls if turns_on_report(story) else party.cooperates
    return decision.after != decision["AB".index(story.other)]


def _decision(lang: Language, did: str, name: str, chance: Chance, acted) -> str:
    """Return who did what in which world, and the chances."""
    there, not_there = ("A", "B") if acted.a and not acted.b else ("B", "A")
    where = "in_one" if acted.a != acted.b else "in_both" if acted.a else "in_neither"
    told = {"who": upper(name), "there": there, "not_there": not_there, "chances": compared(lang, chance)}
    return lang.t(f"stories.decision.{did}.{where}", **told)


def _solving(lang: Language, story: Story) -> str:
    assert story.reported is not None
    assert story.solved is not None
    assert story.solving is not None
    assert story.on_view is not None
    if all(story.reported[:2]):
        return lang.t("stories.solving.reported_in_both", chances=compared(lang, story.solving))
    world, other = ("A", "B") if story.reported.a else ("B", "A")
    here, there = "AB".index(world), "AB".index(other)
    draw, chance = percents(lang, story.solving.draw, story.solving.p[here])
    spot_draw, spot = percents(lang, story.on_view.draw, story.on_view.p.a)
    return lang.t(
        "stories.solving.reported_in_one", world=world, other=other, chance=chance, draw=draw, spot=spot,
        spot_draw=spot_draw, result=lang.t(f"stories.solving.{'solved' if story.solved[here] else 'not_solved'}"),
        found=lang.t(f"stories.solving.{'found' if story.solved[there] else 'not_found'}"),
    )  # fmt: skip


def _causes(lang: Language, story: Story) -> list[str]:
    texts = [cause_text(lang, cause, story) for cause in story.causes]
    if len(texts) == 1:
        return [lang.t("stories.one_cause", cause=texts[0])]
    return [lang.t("stories.several_causes"), *(f"- {upper(text)}" for text in texts)]


def _dread(lang: Language, party: Party) -> str:
    """Return what a person's dread is made of."""

    def worlds(values, spell=decimal):
        return in_each(lang, *(spell(lang, value) for value in values[:2]))

    a, b = (decimal(lang, value) for value in party.vulnerability[:2])
    lose = lang.t("stories.dread.lose_alike" if a == b else "stories.dread.lose", a=a, b=b)
    taken = [1.0 - relief for relief in party.relief]
    helped = lang.t("stories.dread.helped", share=worlds(taken, percent)) if max(taken[:2]) > 0 else ""
    told = lang.t(
        "stories.dread.made_of", who=party.name, dread=worlds(party.dread), lose=lose, helped=helped,
        belief=worlds(party.belief, percent), fear=worlds(party.fear), salience=worlds(party.salience),
        trust=worlds(party.trust),
    )  # fmt: skip
    if max(party.court[:2]) > 0:
        told += f" {lang.t('stories.dread.court', court=worlds(party.court))}"
    return told


def _flip(lang: Language, story: Story, after: list[str]) -> str:
    parts = lang.t("stories.flip.this" if len(story.causes) == 1 else "stories.flip.these")
    values = {"parts": parts, "done": story.done_in, "other": story.other}
    values["would"] = lang.t(f"stories.flip.{story.kind}", other=story.other)
    return lang.t("stories.flip.steps" if after else "stories.flip.at_once", steps="; ".join(after), **values)


def _after(lang: Language, what: str, chance: Chance, base: int, is_new: bool = False) -> str:
    """Return a chance with the cause as in the other world, what it was (unless new), and its side of the draw."""
    draw, before, after = percents(lang, chance.draw, chance.p[base], chance.p.after)
    side = "above" if chance.draw < chance.p.after else "not_above"
    instead = "" if is_new else lang.t("stories.after.instead", before=before)
    return lang.t(f"stories.after.{side}", what=what, after=after, instead=instead, draw=draw)


def _further(lang: Language, story: Story) -> list[str]:
    """Return what differs too, without having been needed."""
    titles = list(dict.fromkeys(cause.title for cause in story.further))
    if not titles:
        return []
    more = len(titles) - _FURTHER_SHOWN
    rest = [lang.t("stories.more", n=more)] if more > 0 else []
    return [lang.t("stories.further", titles="; ".join([*titles[:_FURTHER_SHOWN], *rest]))]


def _paragraph(text: str) -> list[str]:
    hang = _INDENT + ("  " if text.startswith("- ") else "")
    return wrap(upper(text), WIDTH, initial_indent=_INDENT, subsequent_indent=hang)
