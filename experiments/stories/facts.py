"""The facts behind each difference between two worlds: which event, when, and what it did."""

from simulation.vocabulary import Absence, Channel, Community, LegalStatus

from .background import describe_background
from .causes import Scene
from .happened import MOVED_OUT, NOT_YET, OFFENDER_HERE, REPLACED, VICTIM_HERE, Occurrence
from .person import EVENT, NEWCOMER, PRESENCE, Component, event_key
from .records import Cause, Effect, Resident
from .whereabouts import Span
from .words import charge_words, crime_words, party_name, spell_date
from .world import CRIME, ICE_ARREST, NOBODY, POLICE_ARREST, SCANDAL, VISIT, World

ROW = 0xFFFFFFFF
"""The bits of a person's identity that are their row."""
RELATIONS = ("household member", "neighbor", "co-worker", "victim", "witness", "member of the community")
_CHANNEL_WORDS = {
    Channel.DATABASE: "a visit on a lead from the arrest database",
    Channel.FINGERPRINT: "a visit on a lead from fingerprints taken at a booking",
    Channel.CUSTODY: "handed over by the city's jail",
    Channel.PRISON: "handed over by a state prison",
    Channel.OTHER_LEAD: "a visit on a lead that did not come from police data",
    Channel.COLLATERAL: "met during a visit to somebody else",
    Channel.RAID: "sought in a raid",
}
_EVENT_KINDS = {
    CRIME: "crime",
    POLICE_ARREST: "police_arrest",
    ICE_ARREST: "immigration_arrest",
    VISIT: "visit",
    SCANDAL: "police_scandal",
}
RAID = "raid"
"""Kind of a cause that is an immigration arrest or a visit in a raid."""


def cause_kind(component: Component, scene: Scene | Occurrence) -> str:
    """Return the kind of a cause, for events what kind of event it is."""
    if component.kind != EVENT:
        return component.kind
    if any(_is_in_raid(world, component.which) for world in scene.worlds):
        return RAID
    return _EVENT_KINDS[component.which[0]]


def resident(worlds, row: int, day: int) -> Resident:
    """Return who a resident is."""
    people = worlds[0].population
    standing = [world.statuses.standing(row, day) for world in worlds]
    return Resident(
        row,
        *(world.generation(row, day) for world in worlds),
        Community(people.community[row]).label,
        LegalStatus(people.status[row]).label,
        bool(people.lives_with_undocumented[row]),
        *(LegalStatus(each.status).label for each in standing),
        *(each.lives_with_undocumented for each in standing),
    )


def describe(component: Component, scene: Scene | Occurrence, strength: float) -> Cause:
    """Return a difference between the worlds with its facts and numbers."""
    kind, which = component
    if kind == EVENT:
        return _event(which, scene, strength)
    if kind in (PRESENCE, NEWCOMER):
        return _bystander(kind, which, scene, strength)
    if kind in (VICTIM_HERE, OFFENDER_HERE):
        return _absence(kind, scene, strength)
    return describe_background(component, scene, strength)


def away_words(world: World, why: Span | str | None) -> str:
    """Return why somebody was not there, in words that follow "was"; empty if they were."""
    if why is None:
        return ""
    if isinstance(why, str):
        return {
            NOT_YET: "not living there yet",
            MOVED_OUT: "gone, and a newcomer had taken the home",
            REPLACED: "removed from the country, and the newcomer in that home commits no crimes",
        }[why]
    since = spell_date(world.date(why.start))
    if why.reason == Absence.JAILED:
        return f"in jail after an arrest on {since} for {charge_words(world.bookings['code'][why.index])}"
    if why.reason == Absence.KILLED:
        return f"dead, the victim of a homicide on {since}"
    arrested = spell_date(world.date(world.days["ice_arrests"][why.index]))
    how = _arrest_words(world, why.index)
    if why.reason == Absence.DETAINED:
        return f"in immigration detention after an arrest on {arrested} ({how})"
    return f"removed from the country on {since} after an immigration arrest on {arrested} ({how})"


def _event(key, scene: Scene, strength: float) -> Cause:
    kind, date, row = key[0], scene.worlds[0].date(key[1]), None
    effects = [_effects(scene, world, key) for world in (0, 1)]
    if kind == SCANDAL:
        title = f"a police scandal on {spell_date(date)}"
        words = ["misconduct that has nothing to do with immigration" if marks else "" for marks in effects]
    else:
        row = key[2] >> 16 & ROW if kind == CRIME else key[2]
        found = [_find(world, key) for world in scene.worlds]
        words = [
            _event_words(world, kind, index) if marks else ""
            for world, index, marks in zip(scene.worlds, found, effects)
        ]
        source = 0 if effects[0] else 1
        title = _event_title(scene.worlds[source], kind, found[source], effects[source], spell_date(date), scene)
    what = cause_kind(Component(EVENT, key), scene)
    return Cause(what, title, strength, *words, row, str(date), effects_a=effects[0], effects_b=effects[1])


def _effects(scene: Scene, world: int, key) -> tuple[Effect, ...]:
    return tuple(
        Effect(party, RELATIONS[mark.relation], *mark[1:])
        for party, person in enumerate(scene.people)
        if person is not None and not person.is_dead
        for mark in _bearing(person, key)[world].get(key, ())
    )


def _bearing(person, key):
    """Return the events of the kind of `key` that count for a person, in each world."""
    if key[0] == SCANDAL:
        return person.scandals
    return person.events if person.generation[0] == person.generation[1] else ({}, {})


def _is_in_raid(world: World, key) -> bool:
    """Whether an event was an immigration arrest, or a visit, in a raid."""
    table = {ICE_ARREST: world.arrests, VISIT: world.visits}.get(key[0])
    index = None if table is None else _find(world, key)
    if index is None:
        return False
    return bool(table["in_raid"][index]) if key[0] == ICE_ARREST else table["channel"][index] == Channel.RAID


def _find(world: World, key) -> int | None:
    """Return the position of an event in its table, or None if it did not happen in a world."""
    kind, day, which = key[:3]
    rows = which >> 16 & ROW if kind == CRIME else which
    table = {CRIME: "crimes", POLICE_ARREST: "bookings", ICE_ARREST: "ice_arrests", VISIT: "visits"}[kind]
    return next((int(i) for i in world.positions(table, rows, day) if event_key(world, kind, int(i)) == key), None)


def _event_title(world: World, kind: int, index: int, effects, date: str, scene: Scene) -> str:
    """Return what happened to whom and when, seen from the people at the crime."""
    links: list[str] = []
    for effect in effects:
        person = party_name(scene, effect.position)
        if kind == CRIME:
            link = f"against {person}" if effect.relation == "victim" else f"that {person} witnessed"
        else:
            link = f"{person}'s {effect.relation}"
        if link not in links:
            links.append(link)
    whose = " and ".join(links)
    if kind == CRIME:
        return f"an earlier {crime_words(world.crimes['crime_type'][index])} {whose} on {date}"
    table = {POLICE_ARREST: world.bookings, ICE_ARREST: world.arrests, VISIT: world.visits}[kind]
    row = int(table["row"][index])
    if kind == POLICE_ARREST:
        return f"arrest by the police of {whose} (resident {row:,}) on {date}"
    if kind == ICE_ARREST:
        return f"immigration arrest of {whose} (resident {row:,}) on {date}"
    where = "workplace" if world.visits["at_work"][index] else "home"
    what = (
        "visit by immigration agents, in a raid,"
        if _channel(world, index) == Channel.RAID
        else ("visit by immigration agents")
    )
    return f"{what} to the {where} of {whose} (resident {row:,}) on {date} that missed its target"


def _event_words(world: World, kind: int, index: int) -> str:
    """Return how an event went in one world."""
    if kind == CRIME:
        return "reported and solved" if world.crimes["solved"][index] else "reported and not solved"
    if kind == POLICE_ARREST:
        return f"on a charge of {charge_words(world.bookings['code'][index])}"
    if kind == ICE_ARREST:
        return _arrest_words(world, index)
    return {Channel.OTHER_LEAD: "on a lead that did not come from police data", Channel.RAID: "in a raid"}.get(
        _channel(world, index), "on a lead from police data"
    )


def _channel(world: World, visit: int) -> Channel:
    return Channel(world.visits["channel"][visit])


def _arrest_words(world: World, index: int) -> str:
    arrest = world.arrests[index]
    words = _CHANNEL_WORDS[Channel(arrest["channel"])]
    if arrest["channel"] == Channel.COLLATERAL and arrest["in_raid"]:
        return "met during a raid that sought somebody else"
    if arrest["channel"] == Channel.COLLATERAL:
        words += " that began with police data" if arrest["from_data"] else " that did not begin with police data"
    return words


def _bystander(kind: str, party: int, scene: Scene, strength: float) -> Cause:
    row = scene.people[party].row
    words = []
    for world, at in zip(scene.worlds, scene.at):
        crime = world.crimes[at]
        if kind == NEWCOMER:
            arrived = world.arrived(row, scene.day)
            words.append("a resident from the start" if arrived < 0 else
                         f"a newcomer who moved in on {spell_date(world.date(arrived))}")  # fmt: skip
        elif crime["bystander"][party - 1] != NOBODY:
            words.append("there, and saw it")
        elif crime["offender"] == row:
            words.append("the offender")
        else:
            words.append(away_words(world, world.away(row, scene.day)))
    name = party_name(scene, party)
    title = f"whereabouts of {name}" if kind == PRESENCE else f"who lived in the home of {name}"
    return Cause(kind, f"{title} (resident {row:,})", strength, *words, row)


def _absence(kind: str, scene: Occurrence, strength: float) -> Cause:
    is_victim = kind == VICTIM_HERE
    row = scene.victim if is_victim else scene.offender
    away = scene.victim_away if is_victim else scene.offender_away
    alone = "" if is_victim else ", and nobody offended in their place"
    words = [f"{away_words(world, why)}{alone}" if why else "in the city" for world, why in zip(scene.worlds, away)]
    title = f"whereabouts of the {'victim' if is_victim else 'offender'} (resident {row:,})"
    return Cause(kind, title, strength, *words, row)
