"""What differed between two worlds, in plain words: one cause of a story."""

from .background import RECENT_DAYS
from .records import Cause, Story
from .words import both, decimal, percent, tenth, whole

_NEGLIGIBLE = 1e-3
REASONS = {
    "perceived_sharing": "perceived sharing",
    "enforcement_in_mind": "enforcement in mind",
    "immigration_arrest": "an immigration arrest close by",
    "visit": "a visit by immigration agents close by",
    "raid": "a raid close by",
    "police_arrest": "an arrest by the police in the household",
    "crime": "an earlier crime that was reported, or solved, in one world only",
    "police_scandal": "a police scandal",
    "presence": "a bystander who was there in one world only",
    "newcomer": "a newcomer in one world",
    "legal_status": "legal status",
    "accompaniment": "an advocate at the victim's side",
    "victim_protection": "protection for victims who cooperate",
    "courthouse_operations": "immigration agents at courthouses",
    "caseload": "the caseload of the police",
    "detectives": "the number of detectives",
    "police_budget": "the budget of the police",
    "victim_here": "the victim was away in one world",
    "offender_here": "the offender was away in one world",
    "learned_risk": "what offenders had learned",
}
"""What turned a crime, by kind of cause."""


def cause_text(cause: Cause, story: Story) -> str:
    """Return a difference between the worlds with its facts and numbers."""
    if cause.date is not None:
        return _event(cause, story)
    values = (cause.value_a, cause.value_b)
    if cause.kind in _NUMBERS:
        return f"{_NUMBERS[cause.kind](cause, values)}{_facts(cause)}"
    help_ = ""
    if cause.kind == "accompaniment":
        help_ = f" Company takes {percent(1 - min(values))} off what a victim dreads."
    return f"{cause.title}. In A: {cause.in_a}. In B: {cause.in_b}.{help_}"


def _facts(cause: Cause) -> str:
    """Return what is to be told of each world alone."""
    return "".join(f" In {world}: {words}." for world, words in zip("AB", (cause.in_a, cause.in_b)) if words)


def _perceived_sharing(cause: Cause, values) -> str:
    actual, known, arrests = (
        cause.background[name] for name in ("actual_sharing", "known_sharing", "arrests_from_police_data")
    )
    is_news = any(abs(a - k) > _NEGLIGIBLE for a, k in zip(actual, known))
    public = f" What was publicly known of it: {both(known, percent)}." if is_news else ""
    return (
        f"{cause.title}, the chance people see that contact with the police reaches the immigration agency: "
        f"{both(values, percent)}. Under the rules in force such contact did become visible with a chance of "
        f"{both(actual, percent)}.{public} Immigration arrests in the community that began with police data, so far: "
        f"{both(arrests, whole)}."
    )


def _enforcement_in_mind(cause: Cause, values) -> str:
    return (
        f"{cause.title} (0 is none): {both(values, decimal)}. Immigration arrests there in the "
        f"{RECENT_DAYS} days before: {both(cause.background['recent_arrests'], whole)}."
    )


def _learned_risk(cause: Cause, values) -> str:
    return f"{cause.title}, of being reported and caught, as a share of the usual: {both(values, percent)}."


def _caseload(cause: Cause, values) -> str:
    return f"{cause.title}: {both(values, tenth)} (usual: {tenth(cause.background['usual'][0])})."


def _share_of_usual(cause: Cause, values) -> str:
    return (
        f"{cause.title}, on which each detective's caseload depends, as a share of the usual: {both(values, percent)}."
    )


def _courthouse_operations(cause: Cause, values) -> str:
    return (
        f"{cause.title}, which keep people from cooperating who have something to lose, as a share of court days: "
        f"{both(values, percent)}."
    )


def _victim_protection(cause: Cause, values) -> str:
    granted = both(cause.background["granted"], percent)
    return (
        f"{cause.title}, by lawful status for them and their household. Share of them who get it: {granted}. The "
        f"chance that this victim knows of it and would get it: {both(values, percent)}, by which it lowers dread."
    )


_NUMBERS = {
    "perceived_sharing": _perceived_sharing,
    "enforcement_in_mind": _enforcement_in_mind,
    "learned_risk": _learned_risk,
    "caseload": _caseload,
    "detectives": _share_of_usual,
    "police_budget": _share_of_usual,
    "courthouse_operations": _courthouse_operations,
    "victim_protection": _victim_protection,
}


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
