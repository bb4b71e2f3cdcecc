"""The rules in force in a world, and what happened there on single days, in plain words."""

from collections.abc import Callable

from simulation.levers import Policy
from simulation.occurrences import (
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    Occurrence,
    PoliceScandal,
    Raid,
    Vote,
)
from simulation.vocabulary import Community, Detainers, Party, Priorities, Yardstick

from ..language import Language
from .words import arrests_words, in_percent, percent, short, spell_date, tenth, whole, whom
from .world import World


def _share(lang: Language, value: float) -> str:
    return lang.percent(100 * value, 0)


_SPELLED: dict[str, Callable[[Language, float], str]] = {
    "capacity": short,
    "substitution": short,
    "victim_protection": _share,
    "courthouse_operations": _share,
    "publicity": _share,
    "police_budget": percent,
    "detectives": _share,
    "migration": short,
    "outreach_reach": _share,
    "outreach_accuracy": _share,
    "outreach_slant": _share,
    "accompaniment": _share,
    "raid_alerts": _share,
}
"""Levers that are told by their number, and how it is spelled."""


def policy_words(lang: Language, policy: Policy, told: frozenset[str], before: Policy | None = None) -> str:
    """Return what the immigration agency sees under a policy, and the levers named in `told`.

    Where the policy `before` is given, only what has changed since is told, unless nothing of that is to be told.
    """
    seen, levers = _seen(lang, policy), _told_levers(lang, policy, told)
    if before is not None:
        levers = [words for words in levers if words not in _told_levers(lang, before, told)]
        if seen == _seen(lang, before) and levers:
            return "; ".join(levers)
    return f"{seen} ({'; '.join(levers)})" if levers else seen


def _told_levers(lang: Language, policy: Policy, told: frozenset[str]) -> list[str]:
    return list(dict.fromkeys(words for name, words in _lever_words(lang, policy).items() if name in told))


def _seen(lang: Language, policy: Policy) -> str:
    """Return what the immigration agency sees of the police database."""
    roles, fields = (
        [lang.t(f"stories.seen.{name}") for name in names if getattr(policy, f"shows_{name}")]
        for names in (("arrestee", "victim", "witness"), ("country_of_birth", "immigration_status"))
    )
    if not (roles and fields):
        return lang.t("stories.seen.nothing")
    seen = lang.t("stories.seen.some", fields=lang.join(fields), roles=lang.join(roles))
    speed = "" if policy.real_time else lang.t("stories.seen.with_a_delay")
    return seen + speed + (lang.t("stories.seen.after_disposition") if policy.after_disposition else "")


def _lever_words(lang: Language, policy: Policy) -> dict[str, str]:
    checked = "checked" if policy.fingerprint_checks else "not_checked"
    words = {
        "detainers": lang.t(f"stories.lever.detainers.{Detainers(policy.detainers).label}"),
        "priorities": lang.t(f"stories.lever.priorities.{Priorities(policy.priorities).label}"),
        "fingerprint_checks": lang.t(f"stories.lever.fingerprints.{checked}"),
    }
    words |= {
        name: lang.t(f"stories.lever.{name}", value=spell(lang, getattr(policy, name)))
        for name, spell in _SPELLED.items()
    }
    for party in Party:
        yardstick, threshold = (getattr(policy, f"{party.label}_{name}") for name in ("yardstick", "threshold"))
        words[f"{party.label}_yardstick"] = words[f"{party.label}_threshold"] = lang.t(
            "stories.lever.threshold",
            owner=_owner(lang, party),
            yardstick=lang.t(f"stories.yardstick.{Yardstick(yardstick).label}"),
            value=_measured(lang, yardstick, threshold),
        )
    return words


def _owner(lang: Language, party: Party) -> str:
    return lang.t(f"stories.owner.{party.label}")


def _measured(lang: Language, yardstick: int, value: float) -> str:
    """Return a value of a yardstick with its unit."""
    if yardstick == Yardstick.REPORTING_GAP:
        return lang.t("stories.points", value=tenth(lang, value))
    return in_percent(lang, value)


def happenings(world: World, lang: Language) -> tuple[tuple[str, str], ...]:
    """Return what happened on single days: (date, words), in order; votes and cuts as they turned out."""
    told = []
    for day, occurrence in world.engine.occurrences:
        words = _happening(world, day, occurrence, lang) if day < world.scenario.days else None
        if words:
            told.append((str(world.date(day)), words))
    return tuple(told)


def _happening(world: World, day: int, occurrence: Occurrence, lang: Language) -> str | None:
    """Return one occurrence in words; None for a vote on nothing and a cut that was not made."""
    t = lang.t
    match occurrence:
        case Vote():
            return _vote(world, day, occurrence, lang)
        case FundingCut():
            return _cut(world, day, lang)
        case Legalization(share):
            got = world.statuses.legalized()[day]
            return t("stories.happened.legalization", share=_share(lang, share), n=whole(lang, got))
        case Announcement(reach, communities):
            return t("stories.happened.announcement", share=_share(lang, reach), whom=_whom(lang, communities))
        case EnforcementNews(size, communities):
            return t("stories.happened.news", size=short(lang, size), whom=_whom(lang, communities))
        case PoliceScandal(size, communities):
            return t("stories.happened.scandal", size=short(lang, size), whom=_whom(lang, communities))
        case Raid():
            return _raid(world, day, occurrence, lang)


def _vote(world: World, day: int, vote: Vote, lang: Language) -> str | None:
    held = next((each for each in world.engine.government.votes if each.day == day), None)
    if held is None:
        return None
    policy, votes = world.engine.policy_on(day), []
    for party, is_to_end, value in zip(Party, held.votes, held.values):
        voted = lang.t(f"stories.vote.{'end' if is_to_end else 'keep'}", owner=_owner(lang, party))
        if value is not None:
            code = getattr(policy, f"{party.label}_yardstick")
            yardstick = lang.t(f"stories.yardstick.{Yardstick(code).label}")
            voted += lang.t("stories.vote.seen", yardstick=yardstick, value=_measured(lang, code, value))
        votes.append(voted)
    ends = lang.t("stories.vote.ends", date=spell_date(lang, world.date(vote.ends)))
    result = ends if held.ended else lang.t("stories.vote.goes_on")
    return lang.t("stories.vote.held", votes=lang.join(votes), result=result)


def _cut(world: World, day: int, lang: Language) -> str | None:
    cut = next((each for each in world.engine.government.cuts if each.start == day), None)
    if cut is None:
        return None
    share = percent(lang, cut.share)
    if not cut.blocked:
        return lang.t("stories.cut.for_good", share=share)
    if cut.end <= day:
        return lang.t("stories.cut.blocked_at_once", share=share)
    return lang.t("stories.cut.blocked", share=share, date=spell_date(lang, world.date(cut.end)))


def _raid(world: World, day: int, raid: Raid, lang: Language) -> str:
    arrests = int((world.arrests["in_raid"] & (world.days["ice_arrests"] == day)).sum())
    where = lang.t(f"stories.raid.{'workplaces' if raid.at_work else 'homes'}")
    if raid.district is not None:
        district = world.engine.place.districts[raid.district].name
        where = lang.t("stories.raid.in_district", where=where, district=district)
    told = lang.t("stories.raid.told", where=where, arrests=arrests_words(lang, arrests))
    return lang.t("stories.raid.calmed", raid=told) if raid.reassurance else told


def _whom(lang: Language, communities: tuple[int, ...]) -> str:
    if len(communities) == len(Community):
        return lang.t("stories.whom.all")
    return lang.join([whom(lang, Community(c).label) for c in communities])
