"""What differed between two worlds, in plain words: one cause of a story."""

from ..language import Language
from .background import RECENT_DAYS
from .records import Cause, Story
from .words import both, decimal, percent, tenth, whole

_NEGLIGIBLE = 1e-3


def cause_text(lang: Language, cause: Cause, story: Story) -> str:
    """Return a difference between the worlds with its facts and numbers."""
    if cause.date is not None:
        return _event(lang, cause, story)
    values = (cause.value_a, cause.value_b)
    if cause.kind in _NUMBERS:
        return " ".join([_NUMBERS[cause.kind](lang, cause, values), *_facts(lang, cause)])
    told = [lang.t("stories.cause.facts", title=cause.title, a=cause.in_a, b=cause.in_b)]
    if cause.kind == "accompaniment":
        given = [value for value in values if value is not None]
        told.append(lang.t("stories.cause.company", share=percent(lang, 1 - min(given))))
    return " ".join(told)


def _facts(lang: Language, cause: Cause) -> list[str]:
    """Return what is to be told of each world alone."""
    return [
        lang.t("stories.cause.in_world", world=world, words=words)
        for world, words in zip("AB", (cause.in_a, cause.in_b))
        if words
    ]


def _perceived_sharing(lang: Language, cause: Cause, values) -> str:
    actual, known, arrests = (
        cause.background[name] for name in ("actual_sharing", "known_sharing", "arrests_from_police_data")
    )
    told = [
        lang.t("stories.cause.perceived_sharing", title=cause.title, values=both(lang, values, percent)),
        lang.t("stories.cause.actual_sharing", values=both(lang, actual, percent)),
    ]
    if any(abs(a - k) > _NEGLIGIBLE for a, k in zip(actual, known)):
        told.append(lang.t("stories.cause.known_sharing", values=both(lang, known, percent)))
    return " ".join([*told, lang.t("stories.cause.data_arrests", values=both(lang, arrests, whole))])


def _enforcement_in_mind(lang: Language, cause: Cause, values) -> str:
    recent = both(lang, cause.background["recent_arrests"], whole)
    return lang.t("stories.cause.enforcement_in_mind", title=cause.title, values=both(lang, values, decimal),
                  days=RECENT_DAYS, arrests=recent)  # fmt: skip


def _caseload(lang: Language, cause: Cause, values) -> str:
    usual = tenth(lang, cause.background["usual"][0])
    return lang.t("stories.cause.caseload", title=cause.title, values=both(lang, values, tenth), usual=usual)


def _victim_protection(lang: Language, cause: Cause, values) -> str:
    granted = both(lang, cause.background["granted"], percent)
    return lang.t("stories.cause.victim_protection", title=cause.title, granted=granted,
                  values=both(lang, values, percent))  # fmt: skip


def _in_percent(key: str):
    return lambda lang, cause, values: lang.t(key, title=cause.title, values=both(lang, values, percent))


_NUMBERS = {
    "perceived_sharing": _perceived_sharing,
    "enforcement_in_mind": _enforcement_in_mind,
    "learned_risk": _in_percent("stories.cause.learned_risk"),
    "caseload": _caseload,
    "detectives": _in_percent("stories.cause.share_of_usual"),
    "police_budget": _in_percent("stories.cause.share_of_usual"),
    "courthouse_operations": _in_percent("stories.cause.courthouse_operations"),
    "victim_protection": _victim_protection,
}


def _event(lang: Language, cause: Cause, story: Story) -> str:
    facts = [
        {"world": world, "words": words, "effects": _effects(lang, effects, story)}
        for world, words, effects in (("A", cause.in_a, cause.effects_a), ("B", cause.in_b, cause.effects_b))
        if effects
    ]
    if len(facts) == 1:
        return lang.t("stories.cause.event_in_one", title=cause.title, **facts[0])
    told = (lang.t("stories.cause.event_in_world", **each) for each in facts)
    return f"{cause.title}. {' '.join(told)}"


def _effects(lang: Language, effects, story: Story) -> str:
    """Return what an event did to each person at the crime."""
    parts = []
    for position in sorted({effect.position for effect in effects}):
        mine = [effect for effect in effects if effect.position == position]
        who = next(party.name for party in story.parties if party.position == position)
        fear, fear_left, trust, trust_left = (
            sum(getattr(effect, field) for effect in mine)
            for field in ("fear_added", "fear_left", "trust_added", "trust_left")
        )
        if fear:
            added, left = decimal(lang, fear), decimal(lang, fear_left)
            parts.append(lang.t("stories.effect.fear", added=added, left=left, who=who))
        if trust:
            key = "stories.effect.trust_added" if trust > 0 else "stories.effect.trust_taken"
            amount, left = decimal(lang, abs(trust)), decimal(lang, abs(trust_left))
            parts.append(lang.t(key, amount=amount, left=left, who=who))
    if not parts:
        return lang.t("stories.effect.none")
    first, *others = parts
    told = [lang.t("stories.effect.first", effect=first), *(lang.t("stories.effect.other", effect=e) for e in others)]
    return "; ".join(told)
