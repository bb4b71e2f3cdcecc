"""The decisions of a story as chances against draws, and the people whose lives they are part of."""

from typing import NamedTuple

from ..language import Language
from .records import HAPPENED, SOLVED, Party, Story
from .text import turns_on_report


class Decision(NamedTuple):
    """What was decided, the draw, and its chance in A and in B: it happens where the chance is above the draw."""

    what: str
    draw: float
    a: float
    b: float


def decisions(lang: Language, story: Story) -> list[Decision]:
    """Return the decisions that differ between the worlds, in the order in which they were made."""
    if story.kind == HAPPENED:
        return [_decision(lang.t("stories.decided.happens"), story.happening)]
    calls = turns_on_report(story)
    made = [
        _decision(lang.t("stories.decided.calls" if calls else "stories.decided.cooperates", who=party.name),
                  party.call if calls else party.cooperation)
        for party in story.parties if _differs(party, story)
    ]  # fmt: skip
    if story.kind == SOLVED and story.reported and all(story.reported[:2]):
        made.append(_decision(lang.t("stories.decided.solves"), story.solving))
    return made


def people_in(lang: Language, story: Story) -> list[tuple[str, int]]:
    """Return what to call the victim and everybody who decided otherwise, and their rows."""
    if story.kind == HAPPENED:
        return [(lang.t("stories.party.victim"), story.victim.row)]
    shown: list[Party] = [party for party in story.parties if party.position == 0 or _differs(party, story)]
    return [(party.name, party.resident.row) for party in shown]


def _differs(party: Party, story: Story) -> bool:
    decision = party.calls if turns_on_report(story) else party.cooperates
    return decision.a != decision.b


def _decision(what: str, chance) -> Decision:
    return Decision(what, chance.draw, chance.p.a, chance.p.b)
