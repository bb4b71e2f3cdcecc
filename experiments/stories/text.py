"""Stories in plain words, for readers who know the city and not the model."""

from textwrap import wrap

import numpy as np

from simulation.levers import Policy

from .calendar import policy_words
from .cause_text import REASONS, cause_text
from .records import HAPPENED, KINDS, REPORTED, SOLVED, Chance, Party, Story
from .words import compared, decimal, percent, percents, resident_words, spell_date, upper

WIDTH = 100
_INDENT = "   "
_FURTHER_SHOWN = 3
_REASONS_SHOWN = 6
_TERMS = frozenset(name for name in Policy._fields if name.startswith("shows_")) | {"real_time", "after_disposition"}
"""What a policy takes from the agreement; the rest are levers."""
_TITLES = {
    REPORTED: "Crimes that happened in both worlds and were reported in one",
    SOLVED: "Crimes that happened in both worlds and were solved in one",
    HAPPENED: "Crimes that happened in one world only",
}
LEGEND = (
    "How to read this. Each decision has a chance, and a draw that is the same in both worlds: a person acts where the "
    "draw is below the chance. So a decision differs only where something made the chances differ, and that is named. "
    "The cause is exact: with it as in the other world, and everything else unchanged, the decision turns out the "
    "other way, and no part of the cause can be left out. Dread of contact with the police runs from 0 to 1; it takes "
    "something to lose, a belief that the police share data, and immigration enforcement in mind, from events close "
    "by (own fear) or in the community. Trust is counted in standard deviations from the average. The people are "
    "synthetic residents of a model; these are nobody's real stories."
)


def book_text(book) -> str:
    """Return all stories of a pair of worlds."""
    lines = [_title(book), ""]
    lines += [line for text in _both_rules(book) for line in wrap(text, WIDTH, subsequent_indent=_INDENT)]
    lines += ["", *wrap(LEGEND, WIDTH), "", *(line for text in _counts(book.counts) for line in wrap(text, WIDTH))]
    for kind in (kind for kind in KINDS if kind in book.stories):
        lines += ["", *_section(book, kind)]
    return "\n".join(lines) + "\n"


def book_markdown(book) -> str:
    """Return all stories of a pair of worlds as Markdown."""
    counts = [f"- {text}" for text in _counts(book.counts)]
    lines = [f"# {_title(book)}", "", *_both_rules(book, "- "), "", LEGEND, "", *counts]
    for kind in (kind for kind in KINDS if kind in book.stories):
        lines += ["", f"## {_TITLES[kind]}: {sum(book.reasons[kind].values()):,}", "", _reasons(book, kind)]
        for number, story in enumerate(book.stories[kind], 1):
            lines += ["", f"### {number}. {_headline(story)}"]
            for part in _parts(story):
                lines += [part] if part.startswith("- ") else ["", upper(part)]
    return "\n".join(lines) + "\n"


def story_text(story: Story) -> str:
    """Return one story."""
    return "\n".join([_headline(story), *(line for part in _parts(story) for line in _paragraph(part))])


def _parts(story: Story) -> list[str]:
    return _happened(story) if story.kind == HAPPENED else _decided(story)


def _section(book, kind: str) -> list[str]:
    lines = [f"{_TITLES[kind]}: {sum(book.reasons[kind].values()):,}", *wrap(_reasons(book, kind), WIDTH)]
    for number, story in enumerate(book.stories[kind], 1):
        first, *rest = story.text().splitlines()
        lines += ["", *wrap(f"{number}. {first}", WIDTH, subsequent_indent=_INDENT), *rest]
    return lines


def _title(book) -> str:
    since, until = (spell_date(np.datetime64(date)) for date in (book.measured_from, book.measured_to))
    return f"One crime, two worlds: replicate {book.replicate}, {since} to {until}"


def _both_rules(book, bullet: str = "") -> list[str]:
    policies = [policy for rules in book.rules for _, policy in rules]
    told = frozenset(
        name
        for name in Policy._fields
        if name not in _TERMS and len({getattr(policy, name) for policy in policies}) > 1
    )
    return [f"{bullet}{_rules(*each, told)}" for each in zip("AB", book.scenarios, book.rules, book.happenings)]


def _reasons(book, kind: str) -> str:
    """Return what turned the crimes of a kind, and how many of them are told."""
    reasons, told = book.reasons[kind], len(book.stories[kind])
    if not reasons:
        return "None."
    named = [
        (" and ".join(map(REASONS.get, key.split(" and "))), n) for key, n in list(reasons.items())[:_REASONS_SHOWN]
    ]
    rest = sum(reasons.values()) - sum(n for _, n in named)
    named += [("others", rest)] if rest else []
    shown = "" if told == sum(reasons.values()) else f" The clearest {told:,} are told here."
    return f"What turned them: {'; '.join(f'{words} ({n:,})' for words, n in named)}.{shown}"


def _rules(world: str, name: str, rules, happenings, told: frozenset[str]) -> str:
    """Return what the immigration agency sees in a world, period by period, and what happened on single days."""
    policies = [policy for _, policy in rules]
    parts = [
        f"from {spell_date(np.datetime64(date))}, {policy_words(policy, told, before)}"
        for (date, policy), before in zip(rules, [None, *policies])
    ]
    days = "".join(f" On {spell_date(np.datetime64(date))}: {words}." for date, words in happenings)
    return f"{world}: {name}. {upper('; '.join(parts))}.{days}"


def _counts(counts) -> list[str]:
    happened = counts[HAPPENED]
    lines = [
        f"Crimes that happened in both worlds: {happened['both']:,}; only in A: {happened['only_a']:,}; "
        f"only in B: {happened['only_b']:,}."
    ]
    for kind in (REPORTED, SOLVED):
        n = counts[kind]
        lines.append(
            f"Of those in both, {kind} in both: {n['both']:,}; only in A: {n['only_a']:,}; only in B: {n['only_b']:,}; "
            f"in neither: {n['neither']:,}."
        )
    return lines


def _headline(story: Story) -> str:
    what = story.crime_type.replace("_", " ").capitalize()
    where = f"{what} on {spell_date(np.datetime64(story.date))}, {story.district}: "
    if story.kind == HAPPENED:
        return f"{where}happened in {story.done_in}, not in {story.other}"
    also = ""
    if story.kind == SOLVED:
        reported_in = [world for world, is_reported in zip("AB", story.reported[:2]) if is_reported]
        also = " (reported in both)" if len(reported_in) == 2 else f" (reported in {reported_in[0]} only)"
    return f"{where}{story.kind} in {story.done_in}, not in {story.other}{also}"


def _decided(story: Story) -> list[str]:
    """Return the paragraphs of a crime reported, or solved, in one world."""
    base = "AB".index(story.other)
    victim = story.parties[0]
    parts = [f"The victim: {resident_words(victim.resident)}."]
    turned = [party for party in story.parties if _turned(party, story)]
    parts += [f"{party.name}: {resident_words(party.resident)}." for party in turned if party.position > 0]
    decisions, after = [], []
    for party in turned:
        if _turns_on_report(story):
            decisions.append(_decision(party.name, "called the police", party.call, party.calls))
            after.append(_after(f"{party.name} calls", party.call, base))
        else:
            decisions.append(_decision(party.name, "cooperated with the police", party.cooperation, party.cooperates))
            after.append(_after(f"{party.name} cooperates", party.cooperation, base))
    if story.kind == SOLVED:
        decisions.append(_solving(story))
        if story.reported.after:
            after.append(_after("the police solve it", story.solving, base, is_new=_turns_on_report(story)))
        else:
            draw, chance = percents(story.on_view.draw, story.on_view.p.after)
            after.append(f"nobody would have called, and the police would have made an arrest on the spot (chance "
                         f"{chance}, draw {draw})")  # fmt: skip
    parts += [" ".join(decisions), *_causes(story)]
    parts += [_dread(party) for party in turned if max(party.vulnerability[:2]) > 0]
    parts += [_flip(story, after), *_further(story)]
    return parts


def _happened(story: Story) -> list[str]:
    """Return the paragraphs of a crime that happened in one world."""
    base = "AB".index(story.other)
    parts = [f"The victim: {resident_words(story.victim)}."]
    if story.offender:
        parts.append(f"The offender in question: {resident_words(story.offender)}.")
    parts += _causes(story)
    if any(cause.kind == "perceived_sharing" for cause in story.causes):
        parts.append("Perceived sharing bears on an offender who is not a citizen.")
    chances = f"{compared(story.happening)} (usual: {percent(story.usual)})"
    parts.append(f"The chance of such a crime, with everybody there, was {chances}.")
    p = story.happening.p
    after = [_after("it happens", story.happening, base)] if p.after != p[base] else []
    return [*parts, _flip(story, after), *_further(story)]


def _turns_on_report(story: Story) -> bool:
    """Whether the cause turns whether the crime is reported, and not only whether it is solved."""
    return story.reported.after != story.reported["AB".index(story.other)]


def _turned(party: Party, story: Story) -> bool:
    """Whether the cause turns the decision of this person that matters to the story."""
    decision = party.calls if _turns_on_report(story) else party.cooperates
    return decision.after != decision["AB".index(story.other)]


def _decision(name: str, did: str, chance: Chance, acted) -> str:
    """Return who did what in which world, and the chances."""
    there, not_there = ("A", "B") if acted.a and not acted.b else ("B", "A")
    if acted.a == acted.b:
        return f"{upper(name)} {did} in {'both worlds' if acted.a else 'neither world'}: {compared(chance)}."
    return f"{upper(name)} {did} in {there} and not in {not_there}. The chance was {compared(chance)}."


def _solving(story: Story) -> str:
    if all(story.reported[:2]):
        return f"The chance that the police solve it was {compared(story.solving)}."
    world = "A" if story.reported.a else "B"
    other = "B" if world == "A" else "A"
    draw, chance = percents(story.solving.draw, story.solving.p["AB".index(world)])
    result = "solved" if story.solved["AB".index(world)] else "not solved"
    spot_draw, spot = percents(story.on_view.draw, story.on_view.p.a)
    found = "made an arrest on the spot" if story.solved["AB".index(other)] else "did not come upon it themselves"
    return (
        f"Once it was reported in {world}, the chance of solving it was {chance} (draw {draw}), and it was {result}. "
        f"In {other}, where nobody called, the police {found} (chance {spot}, draw {spot_draw})."
    )


def _causes(story: Story) -> list[str]:
    if len(story.causes) == 1:
        return [f"Cause: {cause_text(story.causes[0], story)}"]
    return ["Cause, each part needed:", *(f"- {upper(cause_text(cause, story))}" for cause in story.causes)]


def _dread(party: Party) -> str:
    """Return what a person's dread is made of."""

    def worlds(values, spell=decimal):
        a, b = map(spell, values[:2])
        return f"{a} in both" if a == b else f"{a} in A, {b} in B"

    a, b = map(decimal, party.vulnerability[:2])
    lose = f"{a} of 1" if a == b else f"of 1, {a} in A, {b} in B"
    taken = [1.0 - relief for relief in party.relief]
    helped = f"; help takes off {worlds(taken, percent)}" if max(taken[:2]) > 0 else ""
    told = (
        f"How much {party.name} dreaded contact with the police (0 to 1): {worlds(party.dread)}. That comes from what "
        f"they have to lose ({lose}), perceived sharing ({worlds(party.belief, percent)}), own "
        f"fear ({worlds(party.fear)}) and enforcement in mind ({worlds(party.salience)}){helped}. "
        f"Their trust: {worlds(party.trust)}."
    )
    if max(party.court[:2]) > 0:
        told += f" Immigration agents at courthouses weigh on cooperation as well (log-odds: {worlds(party.court)})."
    return told


def _flip(story: Story, after: list[str]) -> str:
    parts = "this" if len(story.causes) == 1 else "these"
    done = {REPORTED: "been reported", SOLVED: "been solved", HAPPENED: "happened"}[story.kind]
    steps = f"{'; '.join(after)}. So" if after else f"and all else in {story.other} unchanged,"
    joint = f"With {parts} as in {story.done_in}" + (f", in {story.other} " if after else " ")
    return f"{joint}{steps} it would have {done} in {story.other} too."


def _after(what: str, chance: Chance, base: int, is_new: bool = False) -> str:
    """Return a chance with the cause as in the other world, what it was (unless new), and its side of the draw."""
    draw, before, after = percents(chance.draw, chance.p[base], chance.p.after)
    side = "above" if chance.draw < chance.p.after else "not above"
    instead = "" if is_new else f" and not {before}"
    return f"the chance that {what} would have been {after}{instead}, {side} the draw of {draw}"


def _further(story: Story) -> list[str]:
    """Return what differs too, without having been needed."""
    titles = list(dict.fromkeys(cause.title for cause in story.further))
    if not titles:
        return []
    more = len(titles) - _FURTHER_SHOWN
    rest = [f"{more} more"] if more > 0 else []
    return [f"Different too, but not needed: {'; '.join([*titles[:_FURTHER_SHOWN], *rest])}."]


def _paragraph(text: str) -> list[str]:
    hang = _INDENT + ("  " if text.startswith("- ") else "")
    return wrap(upper(text), WIDTH, initial_indent=_INDENT, subsequent_indent=hang)
