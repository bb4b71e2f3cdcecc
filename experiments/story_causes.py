"""Why a crime was reported or solved in one of two worlds: the smallest set of differences that flips the decision.

Everything that a decision depends on and that differs between the worlds is a *component*: what a community believes
and has in mind, each past event that touched one of the people, whether a bystander was there, a division's caseload.
`Scene.play` decides the crime again with any of them taken from the other world.
"""

from collections.abc import Callable, Hashable, Iterable
from math import exp
from typing import NamedTuple

from simulation.randomness import (
    BYSTANDER_CALL,
    BYSTANDER_COOPERATION,
    ON_VIEW,
    SOLVED,
    VICTIM_CALL,
    VICTIM_COOPERATION,
    uniform,
)
from simulation.today import BYSTANDER_1, PARTIES, VICTIM
from simulation.vocabulary import CrimeType

from .story_world import BELIEF, CRIME, ICE_ARREST, NOBODY, POLICE_ARREST, SALIENCE, World

# Kinds of components.
PERCEIVED_SHARING, ENFORCEMENT_IN_MIND, EVENT, PRESENCE, NEWCOMER, CASELOAD = (
    "perceived_sharing", "enforcement_in_mind", "event", "presence", "newcomer", "caseload"
)  # fmt: skip


class Component(NamedTuple):
    """One thing that differs between the worlds: its kind, and which (community, event, bystander, ...)."""

    kind: str
    which: Hashable


class Felt(NamedTuple):
    """What a person at a crime feels, the probabilities that follow, and what they decide."""

    present: bool
    trust: float
    fear: float
    belief: float
    salience: float
    dread: float
    p_call: float
    calls: bool
    p_cooperate: float
    cooperates: bool


class Played(NamedTuple):
    """How a crime goes: the people's decisions, whether it is reported and solved, and the probabilities."""

    people: tuple[Felt | None, ...]
    reported: bool
    solved: bool
    p_reported: float
    p_solve: float
    p_solved: float
    load: float


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
    vulnerability, call_intercept, cooperation_intercept : float
        The intercepts are log-odds; None where the person has no such decision (the victim of a homicide).
    present, generation : tuple of two
        Whether they were there, and how many newcomers have held the row, in each world.
    events : tuple of two dict
        By event (`event_key`), the `Contribution`s in each world.
    """

    def __init__(self, worlds, day: int, row: int, party: int, present, crime_type: int, draws):
        rules = worlds[0].rules
        resident = worlds[0].engine.residents[row]
        self.row, self.party, self.present = row, party, present
        self.community = int(resident["community"])
        self.vulnerability = float(rules["vulnerability"][resident["vulnerability_class"]])
        self.baseline = float(resident["trust_baseline"])
        self.generation = tuple(world.generation(row, day) for world in worlds)
        self.events = tuple(_contributions(world, row, day) for world in worlds)
        self.is_dead = party == VICTIM and crime_type == CrimeType.HOMICIDE
        self.u_call, self.u_cooperate = draws
        self._effects = float(rules["trust_effect"]), float(rules["fear_effect"])
        if party == VICTIM:
            self.call_intercept = float(rules["call_intercept"][crime_type])
            self.cooperation_intercept = None if self.is_dead else float(rules["victim_cooperation"])
        else:
            self.call_intercept = float(rules["bystander_call"])
            self.cooperation_intercept = float(rules["bystander_cooperation"])

    def components(self) -> Iterable[Component]:
        """Yield what differs about this person: presence, who it is, and events."""
        if self.present[0] != self.present[1]:
            yield Component(PRESENCE, self.party)
        if self.generation[0] != self.generation[1]:
            yield Component(NEWCOMER, self.party)
        elif not self.is_dead:
            for key in self.events[0].keys() | self.events[1].keys():
                if self.events[0].get(key) != self.events[1].get(key):
                    yield Component(EVENT, key)

    def decide(self, belief: float, salience: float, world_of: Callable[[Component], int]) -> Felt:
        """Decide whether to call and to cooperate, taking each component from the world that `world_of` names."""
        if self.generation[0] != self.generation[1]:
            bearing = self.events[world_of(Component(NEWCOMER, self.party))]
        else:
            bearing = {key: self.events[world_of(Component(EVENT, key))].get(key)
                       for key in self.events[0] | self.events[1]}  # fmt: skip
        marks = [mark for key in sorted(bearing) for mark in bearing[key] or ()]
        fear = sum(mark.fear_left for mark in marks)
        trust = self.baseline + sum(mark.trust_left for mark in marks)
        dread = self.vulnerability * belief * (1.0 - exp(-(fear + salience)))
        leaning = 0.0 if self.is_dead else self._effects[0] * trust - self._effects[1] * dread
        present = self.present[world_of(Component(PRESENCE, self.party))]
        p_call = _expit(self.call_intercept + leaning) if present else 0.0
        knows = present and self.cooperation_intercept is not None
        p_cooperate = _expit(self.cooperation_intercept + leaning) if knows else 0.0
        return Felt(present, trust, fear, belief, salience, dread, p_call, self.u_call < p_call, p_cooperate,
                    self.u_cooperate < p_cooperate)  # fmt: skip


class Scene:
    """One crime that happened in both worlds.

    Parameters
    ----------
    worlds : (World, World)
        A and B.
    at : (int, int)
        Position of the crime in each world's table.
    """

    def __init__(self, worlds: tuple[World, World], at: tuple[int, int]):
        self.worlds, self.at = worlds, at
        crimes = tuple(world.crimes[i] for world, i in zip(worlds, at))
        first = worlds[0]
        self.day = int(first.days["crimes"][at[0]])
        self.crime_type = int(crimes[0]["crime_type"])
        self.victim = int(crimes[0]["victim"])
        self.who, self.occasion = int(first.keys[at[0]]) >> 16, int(crimes[0]["occasion"])
        self._intercept, self._expected, self.p_on_view = (
            float(first.rules[name][self.crime_type]) for name in ("solve_intercept", "expected_cooperating", "on_view")
        )
        self._per_person = float(first.rules["cooperation_effect"])
        self.load = tuple(world.load(self.victim, self.day) for world in worlds)
        self.u_solved, self.u_on_view = self._draw(SOLVED), self._draw(ON_VIEW)
        self.people = tuple(self._person(crimes, party) for party in range(PARTIES))
        self._states = tuple(world.community[self.day] for world in worlds)
        self.components = tuple(sorted(set(self._components()), key=repr))
        self._agree(crimes)

    def _draw(self, stream) -> float:
        return uniform(self.worlds[0].seed, stream, self.who, self.occasion)

    def _person(self, crimes, party: int) -> Person | None:
        if party == VICTIM:
            rows = (self.victim, self.victim)
            draws = self._draw(VICTIM_CALL), self._draw(VICTIM_COOPERATION)
        else:
            slot = party - BYSTANDER_1
            rows = tuple(int(crime["bystander"][slot]) for crime in crimes)
            draws = self._draw(BYSTANDER_CALL + slot), self._draw(BYSTANDER_COOPERATION + slot)
        if max(rows) == NOBODY:
            return None
        present = tuple(row != NOBODY for row in rows)
        return Person(self.worlds, self.day, max(rows), party, present, self.crime_type, draws)

    def _components(self) -> Iterable[Component]:
        for person in filter(None, self.people):
            yield from person.components()
            if person.vulnerability > 0 and not person.is_dead:
                for kind, column in ((PERCEIVED_SHARING, BELIEF), (ENFORCEMENT_IN_MIND, SALIENCE)):
                    a, b = (state[person.community, column] for state in self._states)
                    if a != b:
                        yield Component(kind, person.community)
        if self.load[0] != self.load[1]:
            yield Component(CASELOAD, int(self.worlds[0].division[self.victim]))

    def play(self, base: int, swapped: Iterable[Component] = ()) -> Played:
        """Decide the crime in world `base`, with the components in `swapped` as they are in the other world."""
        swapped = frozenset(swapped)

        def world_of(component: Component) -> int:
            return 1 - base if component in swapped else base

        people, silent, expected = [], 1.0, 0.0
        for person in self.people:
            if person is None:
                people.append(None)
                continue
            c = person.community
            belief = self._states[world_of(Component(PERCEIVED_SHARING, c))][c, BELIEF]
            salience = self._states[world_of(Component(ENFORCEMENT_IN_MIND, c))][c, SALIENCE]
            felt = person.decide(float(belief), float(salience), world_of)
            silent *= 1.0 - felt.p_call
            expected += felt.p_cooperate
            people.append(felt)
        there = [felt for felt in people if felt]
        load = self.load[world_of(Component(CASELOAD, int(self.worlds[0].division[self.victim])))]
        reported = any(felt.calls for felt in there)
        p_solve = self._solving(reported * sum(felt.cooperates for felt in there), load)
        solved = self.u_solved < p_solve if reported else self.u_on_view < self.p_on_view
        p_solved = (1.0 - silent) * self._solving(expected, load) + silent * self.p_on_view
        return Played(tuple(people), reported, solved, 1.0 - silent, p_solve, p_solved, load)

    def _solving(self, cooperating: float, load: float) -> float:
        return _expit(self._intercept + self._per_person * (cooperating - self._expected) - load)

    def _agree(self, crimes) -> None:
        """Refuse a scene that does not replay what each world recorded, alone or made over into the other."""
        for world, crime in enumerate(crimes):
            recorded = (bool(crime["reported"]), bool(crime["solved"] or crime["on_view"]))
            for played in (self.play(world), self.play(1 - world, self.components)):
                if (played.reported, played.solved) != recorded:
                    raise RuntimeError(f"crime {self.who}/{self.occasion}: its events do not explain how it went")


def find_cause(strengths: dict[Component, float], flips) -> tuple[list[Component], list[Component]]:
    """Return the smallest ordered set of components that flips a decision, and the other components.

    Single components are tried first, from the strongest effect downward; if none is enough, the strongest
    are put together until they are, and then whatever is not needed is left out again, weakest first.

    Parameters
    ----------
    strengths : dict
        By component, how much taking it alone from the other world raises the probability. Taking all from the
        other world flips the decision.
    flips : callable
        Of a list of components: whether taking them from the other world flips the decision.
    """
    ordered = sorted(strengths, key=lambda component: -strengths[component])
    cause = next(([component] for component in ordered if flips([component])), [])
    if not cause:
        for component in ordered:
            cause.append(component)
            if flips(cause):
                break
        for component in reversed(cause[:-1]):
            rest = [other for other in cause if other != component]
            cause = rest if flips(rest) else cause
    return cause, [component for component in ordered if component not in cause]


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
    return kind, int(world.days["visits"][index]), int(world.visits["row"][index])


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


def _expit(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))
