"""Why a crime was reported or solved in one of two worlds: the smallest set of differences that flips the decision.

Everything that a decision depends on and that differs between the worlds is a *component*: what a community believes
and has in mind, each past event that touched one of the people, legal status, help for victims, whether a bystander was
there, a division's caseload and its detectives. `Scene.play` decides the crime again with any of them taken from the
other world.
"""

from collections.abc import Iterable
from typing import NamedTuple

from simulation.compilation import plain
from simulation.randomness import (
    ACCOMPANIMENT,
    BYSTANDER_CALL,
    BYSTANDER_COOPERATION,
    ON_VIEW,
    SOLVED,
    VICTIM_CALL,
    VICTIM_COOPERATION,
    uniform,
)
from simulation.submodels.investigation import caseload
from simulation.today import BYSTANDER_1, PARTIES, VICTIM

from .climate import BELIEF, SALIENCE
from .person import BUDGET, CASELOAD, DETECTIVES, ENFORCEMENT_IN_MIND, PERCEIVED_SHARING, Component, Felt, Person, expit
from .world import NOBODY, World


class Played(NamedTuple):
    """How a crime goes: the people's decisions, whether it is reported and solved, and the probabilities."""

    people: tuple[Felt | None, ...]
    reported: bool
    solved: bool
    p_reported: float
    p_solve: float
    p_solved: float
    load: float


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
        self._per_person, self._load_effect = (
            float(first.rules[name]) for name in ("cooperation_effect", "load_effect")
        )
        self.division = int(first.division[self.victim])
        self._usual_cases = float(first.engine.constants.baseline_cases[self.division])
        # By kind of component, what makes the load, in each world.
        self._policing = {CASELOAD: tuple(float(world.open_cases[self.day, self.division]) for world in worlds)}
        elasticity = float(first.rules["detective_elasticity"])
        for kind, power in ((DETECTIVES, 1.0), (BUDGET, elasticity)):
            self._policing[kind] = tuple(float(world.levers[kind][self.day]) ** power for world in worlds)
        self.load = tuple(world.load(self.victim, self.day) for world in worlds)
        self.u_solved, self.u_on_view = self._draw(SOLVED), self._draw(ON_VIEW)
        self.u_accompanied = self._draw(ACCOMPANIMENT)
        self.people = tuple(self._person(crimes, party) for party in range(PARTIES))
        self._states = tuple(world.community[self.day] for world in worlds)
        self.components = tuple(sorted(set(self._components()), key=repr))
        self._agree(crimes)

    def _draw(self, stream) -> float:
        return uniform(self.worlds[0].seed, stream, self.who, self.occasion)

    def _person(self, crimes, party: int) -> Person | None:
        rows: tuple[int, ...]
        accompanied: tuple[bool, ...]
        if party == VICTIM:
            rows = (self.victim, self.victim)
            draws = self._draw(VICTIM_CALL), self._draw(VICTIM_COOPERATION)
            accompanied = tuple(world.is_accompanied(self.who, self.occasion, self.day) for world in self.worlds)
        else:
            slot = party - BYSTANDER_1
            rows = tuple(int(crime["bystander"][slot]) for crime in crimes)
            draws = self._draw(BYSTANDER_CALL + slot), self._draw(BYSTANDER_COOPERATION + slot)
            accompanied = (False, False)
        if max(rows) == NOBODY:
            return None
        present = tuple(row != NOBODY for row in rows)
        return Person(self.worlds, self.day, max(rows), party, present, self.crime_type, draws, accompanied)

    def person(self, party: int) -> Person:
        """Return who is at the crime in a position that is taken in one world at least."""
        person = self.people[party]
        assert person is not None
        return person

    def _components(self) -> Iterable[Component]:
        for person in filter(None, self.people):
            yield from person.components()
            if person.can_dread:
                for kind, column in ((PERCEIVED_SHARING, BELIEF), (ENFORCEMENT_IN_MIND, SALIENCE)):
                    a, b = (state[person.community, column] for state in self._states)
                    if a != b:
                        yield Component(kind, person.community)
        if self._load_effect:
            for kind, (a, b) in self._policing.items():
                if a != b:
                    yield Component(kind, self._which(kind))

    def _which(self, kind: str) -> int | None:
        return self.division if kind == CASELOAD else None

    def _load(self, world_of) -> float:
        """Return how heavy the caseload is, taking open cases, detectives and money from the worlds named."""
        cases, detectives, budget = (
            values[world_of(Component(kind, self._which(kind)))] for kind, values in self._policing.items()
        )
        return float(plain(caseload)(cases, self._usual_cases, self._load_effect, detectives * budget))

    def play(self, base: int, swapped: Iterable[Component] = ()) -> Played:
        """Decide the crime in world `base`, with the components in `swapped` as they are in the other world."""
        swapped = frozenset(swapped)

        def world_of(component: Component) -> int:
            return 1 - base if component in swapped else base

        people: list[Felt | None] = []
        silent, expected = 1.0, 0.0
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
        load = self._load(world_of)
        reported = any(felt.calls for felt in there)
        p_solve = self._solving(reported * sum(felt.cooperates for felt in there), load)
        solved = self.u_solved < p_solve if reported else self.u_on_view < self.p_on_view
        p_solved = (1.0 - silent) * self._solving(expected, load) + silent * self.p_on_view
        return Played(tuple(people), reported, solved, 1.0 - silent, p_solve, p_solved, load)

    def _solving(self, cooperating: float, load: float) -> float:
        return expit(self._intercept + self._per_person * (cooperating - self._expected) - load)

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
