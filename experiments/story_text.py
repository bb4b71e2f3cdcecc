"""Stories in plain words, for readers who know the city and not the model."""

from textwrap import wrap

import numpy as np

from simulation.levers import Policy

from .story_facts import RECENT_DAYS, spell_date
from .story_records import HAPPENED, KINDS, REPORTED, SOLVED, Cause, Chance, Party, Story
from .story_words import (
    both,
    compared,
    decimal,
    percent,
    percents,
    policy_words,
    resident_words,
    tenth,
    upper,
    whole,
)

WIDTH = 100
_INDENT = "   "
_FURTHER_SHOWN = 3
_REASONS_SHOWN = 6
_LEVERS = slice(Policy._fields.index("detainers"), None)
_TITLES = {
    REPORTED: "Crimes that happened in both worlds and were reported in one",
    SOLVED: "Crimes that happened in both worlds and were solved in one",
    HAPPENED: "Crimes that happened in one world only",
}
_REASONS = {
    "perceived_sharing": "perceived sharing",
    "enforcement_in_mind": "enforcement in mind",
    "immigration_arrest": "an immigration arrest close by",
    "visit": "a visit by immigration agents close by",
    "police_arrest": "an arrest by the police in the household",
    "crime": "an earlier crime that was reported, or solved, in one world only",
    "presence": "a bystander who was there in one world only",
    "newcomer": "a newcomer in one world",
    "caseload": "the caseload of the police",
    "victim_here": "the victim was away in one world",
    "offender_here": "the offender was away in one world",
    "learned_risk": "what offenders had learned",
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
    levers = {policy[_LEVERS] for rules in book.rules for _, policy in rules}
    return [f"{bullet}{_rules(*each, len(levers) > 1)}" for each in zip("AB", book.scenarios, book.rules)]


def _reasons(book, kind: str) -> str:
    """Return what turned the crimes of a kind, and how many of them are told."""
    reasons, told = book.reasons[kind], len(book.stories[kind])
    if not reasons:
        return "None."
    named = [
        (" and ".join(map(_REASONS.get, key.split(" and "))), n) for key, n in list(reasons.items())[:_REASONS_SHOWN]
    ]
    rest = sum(reasons.values()) - sum(n for _, n in named)
    named += [("others", rest)] if rest else []
    shown = "" if told == sum(reasons.values()) else f" The clearest {told:,} are told here."
    return f"What turned them: {'; '.join(f'{words} ({n:,})' for words, n in named)}.{shown}"


def _rules(world: str, name: str, rules, with_levers: bool) -> str:
    """Return what the immigration agency sees in a world, period by period."""
    parts = [f"from {spell_date(np.datetime64(date))}, {policy_words(policy, with_levers)}" for date, policy in rules]
    return f"{world}: {name}. {upper('; '.join(parts))}."


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
    parts += [_dread(party) for party in turned if party.vulnerability > 0]
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
        return [f"Cause: {_cause(story.causes[0], story)}"]
    return ["Cause, each part needed:", *(f"- {upper(_cause(cause, story))}" for cause in story.causes)]


def _cause(cause: Cause, story: Story) -> str:
    values = (cause.value_a, cause.value_b)
    more = cause.background
    if cause.kind == "perceived_sharing":
        actual, arrests = more["actual_sharing"], more["arrests_from_police_data"]
        return (
            f"{cause.title}, the chance people see that contact with the police reaches the immigration agency: "
            f"{both(values, percent)}. Under the rules in force such contact did become visible with a chance of "
            f"{both(actual, percent)}; immigration arrests in the community that began with police data, so far: "
            f"{both(arrests, whole)}."
        )
    if cause.kind == "enforcement_in_mind":
        return (
            f"{cause.title} (0 is none): {both(values, decimal)}. Immigration arrests there in the "
            f"{RECENT_DAYS} days before: {both(more['recent_arrests'], whole)}."
        )
    if cause.kind == "caseload":
        return f"{cause.title}: {both(values, tenth)} (usual: {tenth(more['usual'][0])})."
    if cause.kind == "learned_risk":
        return f"{cause.title}, of being reported and caught, as a share of the usual: {both(values, percent)}."
    if cause.date is None:
        return f"{cause.title}. In A: {cause.in_a}. In B: {cause.in_b}."
    return _event(cause, story)


def _event(cause: Cause, story: Story) -> str:
    facts = [(world, words, effects) for world, words, effects in
             (("A", cause.in_a, cause.effects_a), ("B", cause.in_b, cause.effects_b)) if effects]  # fmt: skip
    if len(facts) == 1:
        world, words, effects = facts[0]
        return f"{cause.title}, in {world} only: {words}. {_effects(effects, story)}."
    told = (f"In {world}: {words}. {_effects(effects, story)}." for world, words, effects in facts)
    return f"{cause.title}. {' '.join(told)}"


def _effects(effects, story: Story) -> str:
    """Return what an event did to each person at the crime."""
    parts = []
    for position in sorted({effect.position for effect in effects}):
        mine = [effect for effect in effects if effect.position == position]
        name = next(party.name for party in story.parties if party.position == position)
        fear, fear_left, trust, trust_left = (
            sum(getattr(effect, field) for effect in mine)
            for field in ("fear_added", "fear_left", "trust_added", "trust_left")
        )
        if fear:
            parts.append(f"added {fear:.2f} to the fear of {name}, of which {fear_left:.2f} was left at the crime")
        if trust:
            verb, link = ("added", "to") if trust > 0 else ("took", "from")
            left = f"of which {abs(trust_left):.2f} was left"
            parts.append(f"{verb} {abs(trust):.2f} {link} the trust of {name}, {left}")
    return f"It {'; it '.join(parts)}"


def _dread(party: Party) -> str:
    """Return what a person's dread is made of."""

    def worlds(values, spell=decimal):
        a, b = map(spell, values[:2])
        return f"{a} in both" if a == b else f"{a} in A, {b} in B"

    return (
        f"How much {party.name} dreaded contact with the police (0 to 1): {worlds(party.dread)}. That comes from what "
        f"they have to lose ({party.vulnerability:.2f} of 1), perceived sharing ({worlds(party.belief, percent)}), own "
        f"fear ({worlds(party.fear)}) and enforcement in mind ({worlds(party.salience)}). "
        f"Their trust: {worlds(party.trust)}."
    )


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
