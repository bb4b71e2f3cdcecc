"""One person at a crime: what they feel and decide, with each reason taken from either of two worlds.

Everything that a decision depends on and that differs between the worlds is a *component*.
"""

from collections.abc import Callable, Iterable
from math import exp
from typing import Any, NamedTuple

from simulation.compilation import plain
from simulation.submodels.reporting import court_deterrence, is_protected_crime, victim_relief
from simulation.today import VICTIM
from simulation.vocabulary import CrimeType

from .world import AS_MEMBER, CRIME, ICE_ARREST, POLICE_ARREST, SCANDAL, VISIT, World

# Kinds of components.
PERCEIVED_SHARING, ENFORCEMENT_IN_MIND, EVENT, PRESENCE, NEWCOMER, CASELOAD = (
    "perceived_sharing", "enforcement_in_mind", "event", "presence", "newcomer", "caseload"
)  # fmt: skip
LEGAL_STATUS, ACCOMPANIMENT, PROTECTION, COURTHOUSE, DETECTIVES, BUDGET = (
    "legal_status", "accompaniment", "victim_protection", "courthouse_operations", "detectives", "police_budget"
)  # fmt: skip


class Component(NamedTuple):
    """One thing that differs between the worlds: its kind, and which (community, event, bystander, ...)."""

    kind: str
    which: Any


class Felt(NamedTuple):
    """What a person at a crime feels, the probabilities that follow, and what they decide."""

    present: bool
    vulnerability: float
    trust: float
    fear: float
    belief: float
    salience: float
    relief: float
    dread: float
    court: float
    p_call: float
    calls: bool
    p_cooperate: float
    cooperates: bool


class Contribution(NamedTuple):
    """What one event did to one person: kin or tie, what it added that day, and what is left."""

    relation: int
    fear_added: float
    fear_left: float
    trust_added: float
    trust_left: float


class Person:
    """One person at a crime: what their decisions depend on, in each of the two worlds.

    Attributes
    ----------
    row, community : int
    call_intercept, cooperation_intercept : float
        Log-odds; None where the person has no such decision (the victim of a homicide).
    present, generation : tuple of two
        Whether they were there, and how many newcomers have held the row, in each world.
    standing : tuple of two Standing
        Legal status, and the weight of what they have to lose.
    events, scandals : tuple of two dict
        By event (`event_key`), the `Contribution`s in each world; scandals touch newcomers too.
    accompanied : tuple of two bool
        Whether an advocate goes along.
    protection : tuple of two float
        How sure an undocumented person can be of lawful status for cooperating; 0 except for the victim of a violent
        crime.
    operations : tuple of two float
        Immigration operations at courthouses.
    """

    def __init__(self, worlds, day: int, row: int, party: int, present, crime_type: int, draws, accompanied):
        rules = worlds[0].rules
        self.row, self.party, self.present = row, party, present
        self.community = int(worlds[0].population.community[row])
        self.baseline = float(worlds[0].population.trust_baseline[row])
        self.generation = tuple(world.generation(row, day) for world in worlds)
        self.standing = tuple(world.statuses.standing(row, day) for world in worlds)
        self.events = tuple(_contributions(world, row, day) for world in worlds)
        self.scandals = tuple(_scandals(world, self.community, day) for world in worlds)
        self.is_dead = party == VICTIM and crime_type == CrimeType.HOMICIDE
        self.u_call, self.u_cooperate = draws
        self.accompanied = accompanied
        self.protection: tuple[float, ...] = (0.0, 0.0)
        self.operations: tuple[float, ...] = (0.0, 0.0)
        if not self.is_dead:
            self.operations = tuple(float(world.levers["courthouse_operations"][day]) for world in worlds)
        if party == VICTIM:
            self.call_intercept = float(rules["call_intercept"][crime_type])
            self.cooperation_intercept = None if self.is_dead else float(rules["victim_cooperation"])
            if plain(is_protected_crime)(crime_type):
                known = float(rules["protection_awareness"])
                self.protection = tuple(known * float(world.levers["victim_protection"][day]) for world in worlds)
        else:
            self.call_intercept = float(rules["bystander_call"])
            self.cooperation_intercept = float(rules["bystander_cooperation"])
        names = ("trust_effect", "fear_effect", "accompaniment_relief", "courthouse_effect")
        self._trusts, self._fears, self._relief, self._court = (float(rules[name]) for name in names)

    @property
    def can_dread(self) -> bool:
        """Whether the person has anything to lose, in either world, that bears on what they decide."""
        return not self.is_dead and any(standing.vulnerability > 0 for standing in self.standing)

    def components(self) -> Iterable[Component]:
        """Yield what differs about this person: presence, who it is, legal status, events, help and courthouses."""
        if self.present[0] != self.present[1]:
            yield Component(PRESENCE, self.party)
        if self.generation[0] != self.generation[1]:
            yield Component(NEWCOMER, self.party)
        if self.is_dead:
            return
        pairs = [self.scandals] if self.generation[0] != self.generation[1] else [self.events, self.scandals]
        for a, b in pairs:
            yield from (Component(EVENT, key) for key in a.keys() | b.keys() if a.get(key) != b.get(key))
        if not self.can_dread:
            return
        if self.standing[0] != self.standing[1]:
            yield Component(LEGAL_STATUS, self.party)
        if self.accompanied[0] != self.accompanied[1]:
            yield Component(ACCOMPANIMENT, self.party)
        if self.protection[0] != self.protection[1] and any(each.is_undocumented for each in self.standing):
            yield Component(PROTECTION, self.party)
        if self.operations[0] != self.operations[1]:
            yield Component(COURTHOUSE, None)

    def decide(self, belief: float, salience: float, world_of: Callable[[Component], int]) -> Felt:
        """Decide whether to call and to cooperate, taking each component from the world that `world_of` names."""
        marks = list(self._marks(world_of))
        fear = sum(mark.fear_left for mark in marks)
        trust = self.baseline + sum(mark.trust_left for mark in marks)
        standing = self.standing[world_of(Component(LEGAL_STATUS, self.party))]
        protection = self.protection[world_of(Component(PROTECTION, self.party))] if standing.is_undocumented else 0.0
        is_accompanied = self.accompanied[world_of(Component(ACCOMPANIMENT, self.party))]
        relief = plain(victim_relief)(is_accompanied, self._relief, protection)
        dread = relief * standing.vulnerability * belief * (1.0 - exp(-(fear + salience)))
        operations = self.operations[world_of(Component(COURTHOUSE, None))]
        court = plain(court_deterrence)(self._court, operations, standing.vulnerability)
        leaning = 0.0 if self.is_dead else self._trusts * trust - self._fears * dread
        present = self.present[world_of(Component(PRESENCE, self.party))]
        p_call = expit(self.call_intercept + leaning) if present else 0.0
        intercept = self.cooperation_intercept
        p_cooperate = expit(intercept + leaning - court) if present and intercept is not None else 0.0
        return Felt(present, standing.vulnerability, trust, fear, belief, salience, relief, dread, court, p_call,
                    self.u_call < p_call, p_cooperate, self.u_cooperate < p_cooperate)  # fmt: skip

    def _marks(self, world_of) -> Iterable[Contribution]:
        """Yield what is left of all events that bear on the person."""
        is_same = self.generation[0] == self.generation[1]
        chosen = [] if is_same else [self.events[world_of(Component(NEWCOMER, self.party))]]
        for a, b in [self.events, self.scandals] if is_same else [self.scandals]:
            chosen.append({key: (a, b)[world_of(Component(EVENT, key))].get(key) for key in a | b})
        for bearing in chosen:
            for key in sorted(bearing):
                yield from bearing[key] or ()


def event_key(world: World, kind: int, index: int) -> tuple[int, ...]:
    """Return the identity of an event: the same in both worlds if the same happened to the same person that day."""
    if kind == CRIME:
        return CRIME, int(world.days["crimes"][index]), int(world.keys[index])
    if kind == POLICE_ARREST:
        booking = world.bookings[index]
        names = ("row", "generation", "who", "occasion")
        return POLICE_ARREST, int(world.days["bookings"][index]), *(int(booking[name]) for name in names)
    if kind == ICE_ARREST:
        arrest = world.arrests[index]
        return ICE_ARREST, int(world.days["ice_arrests"][index]), int(arrest["row"]), int(arrest["generation"])
    # Two visits to one person on one day count as one event.
    return VISIT, int(world.days["visits"][index]), int(world.visits["row"][index])


def _contributions(world: World, row: int, day: int) -> dict[tuple[int, ...], tuple[Contribution, ...]]:
    """Return what past events did to whoever holds a row on a day."""
    found: dict[tuple[int, ...], tuple[Contribution, ...]] = {}
    for touch in world.touches(row, day):
        age = day - int(touch["day"])
        key = event_key(world, int(touch["kind"]), int(touch["index"]))
        fear, trust = float(touch["fear"]), float(touch["trust"])
        mark = Contribution(
            int(touch["relation"]),
            fear,
            fear * exp(-float(world.rules["fear_decay"]) * age),
            trust,
            trust * exp(-float(world.rules["trust_decay"]) * age),
        )
        found[key] = (*found.get(key, ()), mark)
    return found


def _scandals(world: World, community: int, day: int) -> dict[tuple[int, ...], tuple[Contribution, ...]]:
    """Return what scandals of the police did to all members of a community, by the key of the event."""
    return {
        (SCANDAL, when): (Contribution(AS_MEMBER, 0.0, 0.0, -lost, -left),)
        for when, lost, left in world.climate.scandals(community, day)
    }


def expit(x: float) -> float:
    """Return the probability with given log-odds."""
    return 1.0 / (1.0 + exp(-x))
