"""The facts behind each difference between two worlds: which event, when, and what it did."""

from simulation.state import make_policy
from simulation.submodels.experience import actual_sharing
from simulation.vocabulary import OTHER_ARREST, Absence, Channel, Community, CrimeType, LegalStatus

from .story_causes import (
    CASELOAD,
    ENFORCEMENT_IN_MIND,
    EVENT,
    NEWCOMER,
    PERCEIVED_SHARING,
    PRESENCE,
    Component,
    Scene,
    event_key,
)
from .story_happened import LEARNED_RISK, MOVED_OUT, NOT_YET, OFFENDER_HERE, REPLACED, VICTIM_HERE, Occurrence
from .story_records import Cause, Effect, Resident
from .story_world import (
    BELIEF,
    CRIME,
    ICE_ARREST,
    NOBODY,
    POLICE_ARREST,
    RISK,
    SALIENCE,
    VISIT,
    Span,
    World,
)

RECENT_DAYS = 90
ROW = 0xFFFFFFFF
"""The bits of a person's identity that are their row."""
RELATIONS = ("household member", "neighbor", "co-worker", "victim", "witness")
COMMUNITY_WORDS = {
    Community.NO_IMMIGRANT_TIES: "residents without immigrant ties",
    Community.LATINO: "the Latino community",
    Community.ASIAN: "the Asian community",
    Community.BLACK_IMMIGRANT: "the Black immigrant community",
    Community.OTHER_IMMIGRANT: "the other immigrant communities",
}
_CHANNEL_WORDS = {
    Channel.DATABASE: "a visit on a lead from the arrest database",
    Channel.FINGERPRINT: "a visit on a lead from fingerprints taken at a booking",
    Channel.CUSTODY: "handed over by the city's jail",
    Channel.PRISON: "handed over by a state prison",
    Channel.OTHER_LEAD: "a visit on a lead that did not come from police data",
    Channel.COLLATERAL: "met during a visit to somebody else",
}
_EVENT_KINDS = {CRIME: "crime", POLICE_ARREST: "police_arrest", ICE_ARREST: "immigration_arrest", VISIT: "visit"}


def cause_kind(component: Component) -> str:
    """Return the kind of a cause, for events what kind of event it is."""
    return _EVENT_KINDS[component.which[0]] if component.kind == EVENT else component.kind


def resident(worlds, row: int, day: int) -> Resident:
    """Return who a resident is."""
    people = worlds[0].population
    return Resident(
        row,
        *(world.generation(row, day) for world in worlds),
        Community(people.community[row]).label,
        LegalStatus(people.status[row]).label,
        bool(people.lives_with_undocumented[row]),
    )


def party_name(scene: Scene, position: int) -> str:
    """Return what to call a person at a crime: the victim, or a bystander by their relation to the victim."""
    if position == 0:
        return "the victim"
    words = _bystander_words(scene, position)
    is_second = position == 2 and scene.people[1] is not None and _bystander_words(scene, 1) == words
    return f"the {'second ' if is_second else ''}{words}"


def _bystander_words(scene: Scene, position: int) -> str:
    people, row = scene.worlds[0].population, scene.people[position].row
    if people.household[row] == people.household[scene.victim]:
        return "household witness"
    return "neighbor" if row in people.neighbors[scene.victim] else "passer-by"


def describe(component: Component, scene: Scene | Occurrence, strength: float) -> Cause:
    """Return a difference between the worlds with its facts and numbers."""
    kind, which = component
    worlds, day = scene.worlds, scene.day
    if kind == EVENT:
        return _event(which, scene, strength)
    if kind in (PRESENCE, NEWCOMER):
        return _bystander(kind, which, scene, strength)
    if kind in (VICTIM_HERE, OFFENDER_HERE):
        return _absence(kind, scene, strength)
    background: dict[str, tuple] = {}
    if kind == CASELOAD:
        values = [float(world.open_cases[day, which]) for world in worlds]
        division = worlds[0].engine.place.divisions[which]
        title = f"open cases of {division}"
        background["usual"] = (float(worlds[0].engine.constants.baseline_cases[which]),) * 2
    else:
        column = {PERCEIVED_SHARING: BELIEF, ENFORCEMENT_IN_MIND: SALIENCE, LEARNED_RISK: RISK}[kind]
        values = [float(world.community[day, which, column]) for world in worlds]
        community = COMMUNITY_WORDS[Community(which)]
        title = {
            PERCEIVED_SHARING: f"perceived sharing in {community}",
            ENFORCEMENT_IN_MIND: f"immigration enforcement on the mind of {community}",
            LEARNED_RISK: f"the risk that offenders see in crimes against {community}",
        }[kind]
    if kind == PERCEIVED_SHARING:
        background["actual_sharing"] = tuple(_actual_sharing(world, which, day) for world in worlds)
        background["arrests_from_police_data"] = tuple(_arrests(world, which, 0, day, True) for world in worlds)
    if kind == ENFORCEMENT_IN_MIND:
        background["recent_arrests"] = tuple(_arrests(world, which, day - RECENT_DAYS, day) for world in worlds)
    label = None if kind == CASELOAD else Community(which).label
    return Cause(kind, title, label, None, None, "", "", *values, (), (), background, strength)


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
        return f"in jail after an arrest on {since} for {_charge(world.bookings['code'][why.index])}"
    if why.reason == Absence.KILLED:
        return f"dead, the victim of a homicide on {since}"
    arrested = spell_date(world.date(world.days["ice_arrests"][why.index]))
    how = _arrest_words(world, why.index)
    if why.reason == Absence.DETAINED:
        return f"in immigration detention after an arrest on {arrested} ({how})"
    return f"removed from the country on {since} after an immigration arrest on {arrested} ({how})"


def spell_date(date) -> str:
    """Return a date as Americans write it: June 3, 2019."""
    day = date.astype(object)
    return f"{day:%B} {day.day}, {day.year}"


def crime_words(code: int) -> str:
    """Return a crime type in words."""
    return CrimeType(code).label.replace("_", " ")


def _event(key, scene: Scene, strength: float) -> Cause:
    kind, day = key[0], key[1]
    found = [_find(world, key) for world in scene.worlds]
    effects = [_effects(scene, world, key) for world in (0, 1)]
    words = [
        _event_words(world, kind, index) if marks else ""
        for world, index, marks in zip(scene.worlds, found, effects)
    ]  # fmt: skip
    source, date = 0 if effects[0] else 1, scene.worlds[0].date(day)
    title = _event_title(scene.worlds[source], kind, found[source], effects[source], spell_date(date), scene)
    row = key[2] >> 16 & ROW if kind == CRIME else key[2]
    return Cause(
        cause_kind(Component(EVENT, key)), title, None, row, str(date), *words, None, None, *effects, {}, strength
    )


def _effects(scene: Scene, world: int, key) -> tuple[Effect, ...]:
    return tuple(
        Effect(party, RELATIONS[mark.relation], *mark[1:])
        for party, person in enumerate(scene.people)
        if person is not None and not person.is_dead and person.generation[0] == person.generation[1]
        for mark in person.events[world].get(key, ())
    )


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
    return f"visit by immigration agents to the {where} of {whose} (resident {row:,}) on {date} that missed its target"


def _event_words(world: World, kind: int, index: int) -> str:
    """Return how an event went in one world."""
    if kind == CRIME:
        return "reported and solved" if world.crimes["solved"][index] else "reported and not solved"
    if kind == POLICE_ARREST:
        return f"on a charge of {_charge(world.bookings['code'][index])}"
    if kind == ICE_ARREST:
        return _arrest_words(world, index)
    is_other = world.visits["channel"][index] == Channel.OTHER_LEAD
    return "on a lead that did not come from police data" if is_other else "on a lead from police data"


def _arrest_words(world: World, index: int) -> str:
    arrest = world.arrests[index]
    words = _CHANNEL_WORDS[Channel(arrest["channel"])]
    if arrest["channel"] == Channel.COLLATERAL:
        words += " that began with police data" if arrest["from_data"] else " that did not begin with police data"
    return words


def _charge(code: int) -> str:
    return "drugs, driving, traffic or public order" if code == OTHER_ARREST else crime_words(code)


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
    return Cause(kind, f"{title} (resident {row:,})", None, row, None, *words, None, None, (), (), {}, strength)


def _absence(kind: str, scene: Occurrence, strength: float) -> Cause:
    is_victim = kind == VICTIM_HERE
    row = scene.victim if is_victim else scene.offender
    away = scene.victim_away if is_victim else scene.offender_away
    alone = "" if is_victim else ", and nobody offended in their place"
    words = [f"{away_words(world, why)}{alone}" if why else "in the city" for world, why in zip(scene.worlds, away)]
    title = f"whereabouts of the {'victim' if is_victim else 'offender'} (resident {row:,})"
    return Cause(kind, title, None, row, None, *words, None, None, (), (), {}, strength)


def _actual_sharing(world: World, community: int, day: int) -> float:
    """Return the chance that contact with police becomes visible to ICE, under the rules that beliefs last followed."""
    policy, rules = world.engine.policy_on(max(0, day - 1)), world.rules
    visible = actual_sharing(
        rules["contact_share"][community],
        make_policy(policy),
        *(float(rules[name]) for name in ("batch_visibility", "fingerprint_match", "unhonored_visibility")),
        float(rules["detainer_compliance"][policy.detainers]),
    )
    return float(visible)


def _arrests(world: World, community: int, first: int, end: int, from_data: bool = False) -> int:
    """Count the immigration arrests in a community from one day to another."""
    days = world.days["ice_arrests"]
    counted = (days >= first) & (days < end) & (world.population.community[world.arrests["row"]] == community)
    return int((counted & world.arrests["from_data"]).sum() if from_data else counted.sum())
