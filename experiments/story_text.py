"""Stories in plain words, for readers who know the city and not the model."""

from textwrap import wrap

import numpy as np

from simulation.vocabulary import Detainers, Priorities

from .story_facts import RECENT_DAYS, spell_date
from .story_records import HAPPENED, KINDS, REPORTED, SOLVED, Cause, Chance, Party, Resident, Story

WIDTH = 100
_INDENT = "   "
_FURTHER_SHOWN = 3
_MOST_DECIMALS = 10
_STATUS = {
    "us_born_citizen": "U.S.-born citizen",
    "naturalized_citizen": "naturalized citizen",
    "lawful_noncitizen": "lawful noncitizen",
    "undocumented": "undocumented",
}
_COMMUNITY = {
    "no_immigrant_ties": "no immigrant ties",
    "latino": "Latino community",
    "asian": "Asian community",
    "black_immigrant": "Black immigrant community",
    "other_immigrant": "other immigrant community",
}
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
                lines += [part] if part.startswith("- ") else ["", _upper(part)]
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
    return [f"{bullet}{_rules(*each)}" for each in zip("AB", book.scenarios, book.rules)]


def _reasons(book, kind: str) -> str:
    """Return what turned the crimes of a kind, and how many of them are told."""
    reasons, told = book.reasons[kind], len(book.stories[kind])
    if not reasons:
        return "None."
    named = [(" and ".join(map(_REASONS.get, key.split(" and "))), n) for key, n in reasons.items()]
    shown = "" if told == sum(reasons.values()) else f" The clearest {told:,} are told here."
    return f"What turned them: {'; '.join(f'{words} ({n:,})' for words, n in named)}.{shown}"


def _rules(world: str, name: str, rules) -> str:
    """Return what the immigration agency sees in a world, period by period."""
    parts = [f"from {spell_date(np.datetime64(date))}, {_policy(policy)}" for date, policy in rules]
    return f"{world}: {name}. {_upper('; '.join(parts))}."


def _policy(policy) -> str:
    roles = [words for words, shown in (("people arrested", policy.shows_arrestee), ("victims", policy.shows_victim),
                                        ("witnesses", policy.shows_witness)) if shown]  # fmt: skip
    fields = [words for words, shown in (("country of birth", policy.shows_country_of_birth),
                                         ("immigration status", policy.shows_immigration_status)) if shown]  # fmt: skip
    seen = "the immigration agency sees nothing of the police database"
    if roles and fields:
        speed = "" if policy.real_time else ", with a delay"
        seen = f"the police database shows the immigration agency {_series(fields)} of {_series(roles)}{speed}"
    detainers = Detainers(policy.detainers).label.replace("_", " ")
    priorities = Priorities(policy.priorities).label.replace("_", " ")
    prints = "checked" if policy.fingerprint_checks else "not checked"
    return f"{seen} (detainers: {detainers}; priorities: {priorities}; fingerprints {prints})"


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
    parts = [f"The victim: {_resident(victim.resident)}."]
    turned = [party for party in story.parties if _turned(party, story)]
    parts += [f"{_name(party)}: {_resident(party.resident)}." for party in turned if party.position > 0]
    decisions, after = [], []
    for party in turned:
        if _turns_on_report(story):
            decisions.append(_decision(_name(party), "called the police", party.call, party.calls))
            after.append(_after(f"{_name(party)} calls", party.call, base))
        else:
            decisions.append(_decision(_name(party), "cooperated with the police", party.cooperation, party.cooperates))
            after.append(_after(f"{_name(party)} cooperates", party.cooperation, base))
    if story.kind == SOLVED:
        decisions.append(_solving(story))
        if story.reported.after:
            after.append(_after("the police solve it", story.solving, base, is_new=_turns_on_report(story)))
    parts += [" ".join(decisions), *_causes(story)]
    parts += [_dread(party) for party in turned if party.vulnerability > 0]
    parts += [_flip(story, after), *_further(story)]
    return parts


def _happened(story: Story) -> list[str]:
    """Return the paragraphs of a crime that happened in one world."""
    base = "AB".index(story.other)
    parts = [f"The victim: {_resident(story.victim)}."]
    if story.offender:
        parts.append(f"The offender it falls to: {_resident(story.offender)}.")
    parts += _causes(story)
    if any(cause.kind == "perceived_sharing" for cause in story.causes):
        parts.append("Perceived sharing bears on an offender who is not a citizen.")
    usual = _percent(story.usual)
    parts.append(
        f"The chance of such a crime, with everybody there, was {_compared(story.happening)} (usual: {usual})."
    )
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
        return f"{_upper(name)} {did} in {'both worlds' if acted.a else 'neither world'}: {_compared(chance)}."
    return f"{_upper(name)} {did} in {there} and not in {not_there}. The chance was {_compared(chance)}."


def _solving(story: Story) -> str:
    if all(story.reported[:2]):
        return f"The chance that the police solve it was {_compared(story.solving)}."
    world = "A" if story.reported.a else "B"
    other = "B" if world == "A" else "A"
    draw, chance = _percents(story.solving.draw, story.solving.p["AB".index(world)])
    result = "solved" if story.solved["AB".index(world)] else "not solved"
    spot_draw, spot = _percents(story.on_view.draw, story.on_view.p.a)
    found = "made an arrest on the spot" if story.solved["AB".index(other)] else "did not come upon it themselves"
    return (
        f"Once it was reported in {world}, the chance of solving it was {chance} (draw {draw}), and it was {result}. "
        f"In {other}, where nobody called, the police {found} (chance {spot}, draw {spot_draw})."
    )


def _causes(story: Story) -> list[str]:
    if len(story.causes) == 1:
        return [f"Cause: {_cause(story.causes[0], story)}"]
    return ["Cause, each part needed:", *(f"- {_upper(_cause(cause, story))}" for cause in story.causes)]


def _cause(cause: Cause, story: Story) -> str:
    values = (cause.value_a, cause.value_b)
    more = cause.background
    if cause.kind == "perceived_sharing":
        actual, arrests = more["actual_sharing"], more["arrests_from_police_data"]
        return (
            f"{cause.title}, the chance people see that contact with the police reaches the immigration agency: "
            f"{_both(values, _percent)}. Under the rules in force such contact did become visible with a chance of "
            f"{_both(actual, _percent)}; immigration arrests in the community that began with police data, so far: "
            f"{_both(arrests, _whole)}."
        )
    if cause.kind == "enforcement_in_mind":
        return (
            f"{cause.title} (0 is none): {_both(values, _decimal)}. Immigration arrests there in the "
            f"{RECENT_DAYS} days before: {_both(more['recent_arrests'], _whole)}."
        )
    if cause.kind == "caseload":
        return f"{cause.title}: {_both(values, _tenth)} (usual: {_tenth(more['usual'][0])})."
    if cause.kind == "learned_risk":
        return f"{cause.title}, of being reported and caught, as a share of the usual: {_both(values, _percent)}."
    if cause.date is None:
        return f"{cause.title}: {cause.in_a} in A, {cause.in_b} in B."
    return _event(cause, story)


def _event(cause: Cause, story: Story) -> str:
    date = spell_date(np.datetime64(cause.date))
    facts = [(world, words, effects) for world, words, effects in
             (("A", cause.in_a, cause.effects_a), ("B", cause.in_b, cause.effects_b)) if effects]  # fmt: skip
    where = f" only in {facts[0][0]}" if len(facts) == 1 else ""
    told = []
    for world, words, effects in facts:
        start = f"In {world} {words}" if len(facts) == 2 else _upper(words)
        told.append(f"{start}: {_effects(effects, story)}.")
    return f"{cause.title}, on {date}{where}. {' '.join(told)}"


def _effects(effects, story: Story) -> str:
    """Return what an event did to each person at the crime."""
    parts = []
    for position in sorted({effect.position for effect in effects}):
        mine = [effect for effect in effects if effect.position == position]
        name = next(_name(party) for party in story.parties if party.position == position)
        fear, fear_left, trust, trust_left = (
            sum(getattr(effect, field) for effect in mine)
            for field in ("fear_added", "fear_left", "trust_added", "trust_left")
        )
        if fear:
            parts.append(f"it added {fear:.2f} to the fear of {name}, {fear_left:.2f} of it left at the crime")
        if trust:
            verb, link = ("added", "to") if trust > 0 else ("took", "from")
            parts.append(f"it {verb} {abs(trust):.2f} {link} the trust of {name}, {abs(trust_left):.2f} of it left")
    return "; ".join(parts)


def _dread(party: Party) -> str:
    """Return what a person's dread is made of."""

    def both(values, spell=_decimal):
        a, b = map(spell, values[:2])
        return f"{a} in both" if a == b else f"{a} in A, {b} in B"

    return (
        f"The dread of {_name(party)}: {both(party.dread)}. It is made of what they have to lose "
        f"({party.vulnerability:.2f} of 1), perceived sharing ({both(party.belief, _percent)}), own fear "
        f"({both(party.fear)}) and enforcement in mind ({both(party.salience)}). Their trust: {both(party.trust)}."
    )


def _flip(story: Story, after: list[str]) -> str:
    parts = "this" if len(story.causes) == 1 else "these"
    done = {REPORTED: "been reported", SOLVED: "been solved", HAPPENED: "happened"}[story.kind]
    steps = f"{'; '.join(after)}. So" if after else f"and all else in {story.other} unchanged,"
    joint = f"With {parts} as in {story.done_in}" + (f", in {story.other} " if after else " ")
    return f"{joint}{steps} it would have {done} in {story.other} too."


def _after(what: str, chance: Chance, base: int, is_new: bool = False) -> str:
    """Return a chance once the cause is as in the other world, what it was (if it is not new), and its side of the draw."""
    draw, before, after = _percents(chance.draw, chance.p[base], chance.p.after)
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


def _compared(chance: Chance) -> str:
    draw, a, b = _percents(chance.draw, chance.p.a, chance.p.b)
    return f"{a} in A and {b} in B, the draw {draw}"


def _percents(draw: float, *chances: float) -> list[str]:
    """Return draw and chances as percent, with enough decimals to tell on which side of the draw they are."""
    values = [100 * x for x in (draw, *chances)]
    for decimals in range(1, _MOST_DECIMALS):
        rounded = [round(value, decimals) for value in values]
        told_apart = all(r != rounded[0] for r in rounded[1:])
        chances_apart = len({*rounded[1:]}) == len({*values[1:]})
        if told_apart and chances_apart:
            break
    return [f"{value:.{decimals}f}%" for value in values]


def _both(values, spell) -> str:
    """Return a number in both worlds, with enough decimals to tell them apart."""
    a, b = values
    for more in range(_MOST_DECIMALS):
        words = spell(a, more), spell(b, more)
        if a == b or words[0] != words[1]:
            break
    return f"{words[0]} in A, {words[1]} in B" if a != b else f"{words[0]} in both"


def _percent(value: float, more: int = 0) -> str:
    return f"{100 * value:.{1 + more}f}%"


def _decimal(value: float, more: int = 0) -> str:
    return f"{value + 0.0:.{2 + more}f}"


def _tenth(value: float, more: int = 0) -> str:
    return f"{value:,.{1 + more}f}"


def _whole(value: float, more: int = 0) -> str:
    return f"{value:,}"


def _resident(resident: Resident) -> str:
    with_undocumented = ", lives with an undocumented person" if resident.lives_with_undocumented else ""
    newcomer = ""
    if resident.newcomers_a or resident.newcomers_b:
        newcomer = ", a newcomer" if resident.newcomers_a == resident.newcomers_b else ", a newcomer in one world"
    who = f"{_COMMUNITY[resident.community]}, {_STATUS[resident.status]}{with_undocumented}{newcomer}"
    return f"resident {resident.row:,} ({who})"


def _name(party: Party) -> str:
    if party.position == 0:
        return "the victim"
    return {"household member": "the household member who saw it", "neighbor": "the neighbor who saw it",
            "passer-by": "the passer-by"}[party.relation]  # fmt: skip


def _series(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _paragraph(text: str) -> list[str]:
    hang = _INDENT + ("  " if text.startswith("- ") else "")
    return wrap(_upper(text), WIDTH, initial_indent=_INDENT, subsequent_indent=hang)
