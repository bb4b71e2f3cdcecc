"""The rules in force in a world, and what happened there on single days, in plain words."""

from simulation.levers import Policy
from simulation.occurrences import Announcement, EnforcementNews, FundingCut, Legalization, PoliceScandal, Raid, Vote
from simulation.vocabulary import Community, Detainers, Party, Priorities, Yardstick

from .words import COMMUNITY_WORDS, counted, percent, series, spell_date
from .world import World

_PLAIN = {
    "capacity": "capacity of immigration agents {:g}",
    "substitution": "substitution {:g}",
    "victim_protection": "protection for {:.0%} of undocumented victims of violence who cooperate",
    "courthouse_operations": "immigration agents at courthouses on {:.0%} of court days",
    "publicity": "{:.0%} of residents a month learn by themselves of a change in the rules",
    "police_budget": "police budget {:.1%} of the usual",
    "detectives": "detectives {:.0%} of the usual",
    "migration": "newcomers at {:g} times the usual rate",
    "outreach_reach": "messages about what is shared reach {:.0%} of residents a month",
    "outreach_accuracy": "of these messages {:.0%} true",
    "outreach_slant": "else they say that {:.0%} is shared",
    "accompaniment": "advocates go along with {:.0%} of victims",
    "raid_alerts": "alerts of raids reach {:.0%}",
}
"""Levers that are told by their number."""
_YARDSTICKS = {
    Yardstick.REPORTING_GAP: ("gap in reporting", "{:.1f} points"),
    Yardstick.VICTIMIZATION_RISE: ("rise of crime", "{:.1f}%"),
    Yardstick.BUDGET_KEPT: ("police budget kept", "{:.1f}%"),
}
"""Name and unit."""
_OWNERS = {Party.CITY: "the city", Party.DISTRICT_ATTORNEY: "the District Attorney", Party.COURTS: "the courts"}


def policy_words(policy: Policy, told: frozenset[str], before: Policy | None = None) -> str:
    """Return what the immigration agency sees under a policy, and the levers named in `told`.

    Where the policy `before` is given, only what has changed since is told, unless nothing of that is to be told.
    """
    seen, levers = _seen(policy), _told_levers(policy, told)
    if before is not None:
        levers = [words for words in levers if words not in _told_levers(before, told)]
        if seen == _seen(before) and levers:
            return "; ".join(levers)
    return f"{seen} ({'; '.join(levers)})" if levers else seen


def _told_levers(policy: Policy, told: frozenset[str]) -> list[str]:
    return list(dict.fromkeys(words for name, words in _lever_words(policy).items() if name in told))


def _seen(policy: Policy) -> str:
    """Return what the immigration agency sees of the police database."""
    roles = [words for words, shown in (("people arrested", policy.shows_arrestee), ("victims", policy.shows_victim),
                                        ("witnesses", policy.shows_witness)) if shown]  # fmt: skip
    fields = [words for words, shown in (("country of birth", policy.shows_country_of_birth),
                                         ("immigration status", policy.shows_immigration_status)) if shown]  # fmt: skip
    if not (roles and fields):
        return "the immigration agency sees nothing of the police database"
    speed = "" if policy.real_time else ", with a delay"
    after = ", those arrested only after their case has ended" if policy.after_disposition else ""
    return f"the police database shows the immigration agency {series(fields)} of {series(roles)}{speed}{after}"


def _lever_words(policy: Policy) -> dict[str, str]:
    words = {
        "detainers": f"detainers: {Detainers(policy.detainers).label.replace('_', ' ')}",
        "priorities": f"priorities: {Priorities(policy.priorities).label.replace('_', ' ')}",
        "fingerprint_checks": f"fingerprints {'checked' if policy.fingerprint_checks else 'not checked'}",
    }
    words |= {name: form.format(getattr(policy, name)) for name, form in _PLAIN.items()}
    for party, owner in _OWNERS.items():
        yardstick, threshold = (getattr(policy, f"{party.label}_{name}") for name in ("yardstick", "threshold"))
        name, form = _YARDSTICKS[Yardstick(yardstick)]
        rule = f"{owner} would vote to end sharing at a {name} above {form.format(threshold)}"
        words[f"{party.label}_yardstick"] = words[f"{party.label}_threshold"] = rule
    return words


def happenings(world: World) -> tuple[tuple[str, str], ...]:
    """Return what happened on single days: (date, words), in order; votes and cuts as they turned out."""
    told = []
    for day, occurrence in world.engine.occurrences:
        words = _happening(world, day, occurrence) if day < world.scenario.days else None
        if words:
            told.append((str(world.date(day)), words))
    return tuple(told)


def _happening(world: World, day: int, occurrence) -> str | None:
    """Return one occurrence in words; None for a vote on nothing and a cut that was not made."""
    match occurrence:
        case Vote():
            return _vote(world, day, occurrence)
        case FundingCut():
            return _cut(world, day)
        case Legalization(share):
            got = world.statuses.legalized()[day]
            return f"lawful status for {share:.0%} of undocumented residents ({got:,} of them)"
        case Announcement(reach, communities):
            return f"the city says in public what is shared, and {reach:.0%} of {_whom(communities)} hear it"
        case EnforcementNews(size, communities):
            return f"news of enforcement elsewhere, of size {size:g}, for {_whom(communities)}"
        case PoliceScandal(size, communities):
            loss = f"{size:g} standard deviations of trust"
            return f"a police scandal, which takes {loss} from {_whom(communities)}"
        case Raid():
            return _raid(world, day, occurrence)


def _vote(world: World, day: int, vote: Vote) -> str | None:
    held = next((each for each in world.engine.government.votes if each.day == day), None)
    if held is None:
        return None
    policy, votes = world.engine.policy_on(day), []
    for party, is_to_end, value in zip(Party, held.votes, held.values):
        seen = ""
        if value is not None:
            name, form = _YARDSTICKS[Yardstick(getattr(policy, f"{party.label}_yardstick"))]
            seen = f" ({name}: {form.format(value)})"
        votes.append(f"{_OWNERS[party]} to {'end' if is_to_end else 'keep'} it{seen}")
    result = f"it ends on {spell_date(world.date(vote.ends))}" if held.ended else "it goes on"
    return f"a vote on the agreement, {series(votes)}: {result}"


def _cut(world: World, day: int) -> str | None:
    cut = next((each for each in world.engine.government.cuts if each.start == day), None)
    if cut is None:
        return None
    made = f"a federal cut of the police budget by {percent(cut.share)}"
    if not cut.blocked:
        return f"{made}, for good"
    if cut.end <= day:
        return f"{made}, blocked by a court at once"
    return f"{made}, blocked by a court on {spell_date(world.date(cut.end))}"


def _raid(world: World, day: int, raid: Raid) -> str:
    arrests = counted(int((world.arrests["in_raid"] & (world.days["ice_arrests"] == day)).sum()), "immigration arrest")
    where = "workplaces" if raid.at_work else "homes"
    district = "" if raid.district is None else f" in {world.engine.place.districts[raid.district].name}"
    calmed = ", followed by official reassurance" if raid.reassurance else ""
    return f"a raid on {where}{district} with {arrests}{calmed}"


def _whom(communities: tuple[int, ...]) -> str:
    if len(communities) == len(Community):
        return "all residents"
    return series([COMMUNITY_WORDS[Community(c)] for c in communities])
