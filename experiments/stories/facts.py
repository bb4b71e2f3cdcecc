"""The facts behind each difference between two worlds: which event, when, and what it did."""

from simulation.vocabulary import Absence, Channel, Community, LegalStatus

from ..language import Language
from .background import describe_background
from .causes import Scene
from .happened import OFFENDER_HERE, VICTIM_HERE, Occurrence
from .person import EVENT, NEWCOMER, PRESENCE, Component, event_key
from .records import Cause, Effect, Resident
from .whereabouts import Span
from .words import chained, charge_words, crime_words, party_name, spell_date, whole
from .world import CRIME, ICE_ARREST, NOBODY, POLICE_ARREST, SCANDAL, VISIT, World

ROW = 0xFFFFFFFF
"""The bits of a person's identity that are their row."""
RELATIONS = ("household member", "neighbor", "co-worker", "victim", "witness", "member of the community")
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
    newcomers_a, newcomers_b = (world.generation(row, day) for world in worlds)
    a, b = (world.statuses.standing(row, day) for world in worlds)
    return Resident(
        row,
        newcomers_a,
        newcomers_b,
        Community(people.community[row]).label,
        LegalStatus(people.status[row]).label,
        bool(people.lives_with_undocumented[row]),
        LegalStatus(a.status).label,
        LegalStatus(b.status).label,
        a.lives_with_undocumented,
        b.lives_with_undocumented,
    )


def describe(component: Component, scene: Scene | Occurrence, strength: float, lang: Language) -> Cause:
    """Return a difference between the worlds with its facts and numbers."""
    kind, which = component
    if kind == EVENT:
        assert isinstance(scene, Scene)
        return _event(which, scene, strength, lang)
    if kind in (PRESENCE, NEWCOMER):
        assert isinstance(scene, Scene)
        return _bystander(kind, which, scene, strength, lang)
    if kind in (VICTIM_HERE, OFFENDER_HERE):
        assert isinstance(scene, Occurrence)
        return _absence(kind, scene, strength, lang)
    return describe_background(component, scene, strength, lang)


def away_words(world: World, why: Span | str | None, lang: Language) -> str:
    """Return why somebody was not there, in words that follow "was"; empty if they were."""
    if why is None:
        return ""
    if isinstance(why, str):
        return lang.t(f"stories.away.{why}")
    since = spell_date(lang, world.date(why.start))
    if why.reason == Absence.JAILED:
        return lang.t("stories.away.jailed", date=since, charge=charge_words(lang, world.bookings["code"][why.index]))
    if why.reason == Absence.KILLED:
        return lang.t("stories.away.killed", date=since)
    arrested = spell_date(lang, world.date(world.days["ice_arrests"][why.index]))
    key = "stories.away.detained" if why.reason == Absence.DETAINED else "stories.away.removed"
    return lang.t(key, date=since, arrested=arrested, how=_arrest_words(world, why.index, lang))


def _event(key, scene: Scene, strength: float, lang: Language) -> Cause:
    kind, date, row = key[0], scene.worlds[0].date(key[1]), None
    effects = [_effects(scene, world, key) for world in (0, 1)]
    if kind == SCANDAL:
        title = lang.t("stories.event.scandal", date=spell_date(lang, date))
        words = [lang.t("stories.event.misconduct") if marks else "" for marks in effects]
    else:
        row = key[2] >> 16 & ROW if kind == CRIME else key[2]
        found = [_find(world, key) for world in scene.worlds]
        words = [
            _event_words(world, kind, index, lang) if marks and index is not None else ""
            for world, index, marks in zip(scene.worlds, found, effects)
        ]
        source = 0 if effects[0] else 1
        at = found[source]
        assert at is not None  # what has effects in a world has happened there
        title = _event_title(scene.worlds[source], kind, at, effects[source], spell_date(lang, date), scene, lang)
    what, (in_a, in_b) = cause_kind(Component(EVENT, key), scene), words
    return Cause(what, title, strength, in_a, in_b, row, str(date), effects_a=effects[0], effects_b=effects[1])


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
    if table is None:
        return False
    index = _find(world, key)
    if index is None:
        return False
    return bool(table["in_raid"][index]) if key[0] == ICE_ARREST else table["channel"][index] == Channel.RAID


def _find(world: World, key) -> int | None:
    """Return the position of an event in its table, or None if it did not happen in a world."""
    kind, day, which = key[:3]
    rows = which >> 16 & ROW if kind == CRIME else which
    table = {CRIME: "crimes", POLICE_ARREST: "bookings", ICE_ARREST: "ice_arrests", VISIT: "visits"}[kind]
    return next((int(i) for i in world.positions(table, rows, day) if event_key(world, kind, int(i)) == key), None)


def _event_title(world: World, kind: int, index: int, effects, date: str, scene: Scene, lang: Language) -> str:
    """Return what happened to whom and when, seen from the people at the crime."""
    links: list[str] = []
    for effect in effects:
        link = lang.t(f"stories.link.{effect.relation}", who=party_name(lang, scene, effect.position))
        if link not in links:
            links.append(link)
    whose = chained(lang, links)
    if kind == CRIME:
        crime = crime_words(lang, world.crimes["crime_type"][index])
        return lang.t("stories.event.crime", crime=crime, link=whose, date=date)
    table = {POLICE_ARREST: world.bookings, ICE_ARREST: world.arrests, VISIT: world.visits}[kind]
    what = _EVENT_KINDS[kind]
    if kind == VISIT:
        what = "visit_at_work" if table["at_work"][index] else "visit_at_home"
        in_raid = {"visit_at_work": "raid_visit_at_work", "visit_at_home": "raid_visit_at_home"}
        what = in_raid[what] if _channel(world, index) == Channel.RAID else what
    return lang.t(f"stories.event.{what}", whose=whose, row=whole(lang, table["row"][index]), date=date)


def _event_words(world: World, kind: int, index: int, lang: Language) -> str:
    """Return how an event went in one world."""
    if kind == CRIME:
        return lang.t("stories.event.solved" if world.crimes["solved"][index] else "stories.event.unsolved")
    if kind == POLICE_ARREST:
        return lang.t("stories.event.charge", charge=charge_words(lang, world.bookings["code"][index]))
    if kind == ICE_ARREST:
        return _arrest_words(world, index, lang)
    lead = {Channel.OTHER_LEAD: "other_lead", Channel.RAID: "raid"}.get(_channel(world, index), "data_lead")
    return lang.t(f"stories.lead.{lead}")


def _channel(world: World, visit: int) -> Channel:
    return Channel(world.visits["channel"][visit])


def _arrest_words(world: World, index: int, lang: Language) -> str:
    arrest = world.arrests[index]
    how = Channel(arrest["channel"]).label
    if arrest["channel"] == Channel.COLLATERAL:
        how = "met_in_raid" if arrest["in_raid"] else "met_from_data" if arrest["from_data"] else "met"
    return lang.t(f"stories.channel.{how}")


def _bystander(kind: str, party: int, scene: Scene, strength: float, lang: Language) -> Cause:
    row = scene.person(party).row
    words = []
    for world, at in zip(scene.worlds, scene.at):
        crime = world.crimes[at]
        if kind == NEWCOMER:
            arrived = world.arrived(row, scene.day)
            words.append(lang.t("stories.here.from_the_start") if arrived < 0 else
                         lang.t("stories.here.moved_in", date=spell_date(lang, world.date(arrived))))  # fmt: skip
        elif crime["bystander"][party - 1] != NOBODY:
            words.append(lang.t("stories.here.saw_it"))
        elif crime["offender"] == row:
            words.append(lang.t("stories.here.offender"))
        else:
            words.append(away_words(world, world.away(row, scene.day), lang))
    title = lang.t(f"stories.title.{kind}", who=party_name(lang, scene, party), row=whole(lang, row))
    in_a, in_b = words
    return Cause(kind, title, strength, in_a, in_b, row)


def _absence(kind: str, scene: Occurrence, strength: float, lang: Language) -> Cause:
    is_victim = kind == VICTIM_HERE
    row = scene.victim if is_victim else scene.offender
    away = scene.victim_away if is_victim else scene.offender_away
    alone = "" if is_victim else lang.t("stories.away.nobody_instead")
    words = [
        f"{away_words(world, why, lang)}{alone}" if why else lang.t("stories.here.in_city")
        for world, why in zip(scene.worlds, away)
    ]
    title = lang.t(f"stories.title.{kind}", row=whole(lang, row))
    in_a, in_b = words
    return Cause(kind, title, strength, in_a, in_b, row)
