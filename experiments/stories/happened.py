"""Why a crime happened in one of two worlds only: who was away, and what offenders had learned."""

from typing import NamedTuple

from simulation.randomness import ACCEPTANCE, OFFENDER, OFFENDER_POOL, REPLACEMENT, uniform
from simulation.submodels.offending import (
    choose_other_member,
    choose_pool,
    choose_unit,
    crime_probability,
    deterrence,
    is_at_home,
    opportunity,
)
from simulation.submodels.presence import offends
from simulation.vocabulary import DAYS_PER_YEAR

from .climate import BELIEF, RISK
from .person import PERCEIVED_SHARING, Component
from .whereabouts import Span
from .world import NOBODY, World

# Kinds of components.
VICTIM_HERE, OFFENDER_HERE, LEARNED_RISK = "victim_here", "offender_here", "learned_risk"

# Why somebody is not there, besides a time away (`Span`).
NOT_YET, MOVED_OUT, REPLACED = "not_yet", "moved_out", "replaced"


class Occurred(NamedTuple):
    """Whether a candidate crime happens, the chance that victim's community and offender give it, and both together."""

    happens: bool
    p_accepted: float
    p_happens: float


class Occurrence:
    """A crime that happened in one of two worlds.

    Parameters
    ----------
    worlds : (World, World)
    happened_in : int
        The world in which it happened.
    at : int
        Its position in that world's table.

    Attributes
    ----------
    victim_away, offender_away : tuple of two
        Why victim and offender were not there, in each world; None where they were.
    risk, factor, held_back : tuple of two float
        Learned risk of the victim's community, how much crime it draws, and how far perceived sharing holds back
        the offender.
    """

    def __init__(self, worlds: tuple[World, World], happened_in: int, at: int):
        world = worlds[happened_in]
        crime = world.crimes[at]
        self.worlds, self.happened_in = worlds, happened_in
        self.day, self.crime_type = int(world.days["crimes"][at]), int(crime["crime_type"])
        self.victim, self.generation = int(crime["victim"]), int(crime["generation"])
        self.who, self.occasion = int(world.keys[at]) >> 16, int(crime["occasion"])
        self.community = int(world.population.community[self.victim])
        self.u_accepted, self._u_replaced = self._draw(ACCEPTANCE), self._draw(REPLACEMENT)
        self.offender, self._is_at_home = self._intended_offender()
        self.victim_away = tuple(self._why_victim_is_away(world) for world in worlds)
        self.offender_away = tuple(self._why_offender_is_away(world) for world in worlds)
        self.risk = tuple(float(world.community[self.day, self.community, RISK]) for world in worlds)
        response = world.rules["offender_response"]
        self.factor = tuple(float(opportunity(risk, 1.0, response)) for risk in self.risk)
        self.held_back = tuple(self._held_back(world) for world in worlds)
        self.headroom = float(world.rules["headroom"])
        self._replacement = float(world.rules["domestic_replacement" if self._is_at_home else "replacement"])
        self.components = tuple(self._components())
        self._agree(crime)

    def play(self, base: int, swapped=()) -> Occurred:
        """Decide the candidate in world `base`, with the components in `swapped` as they are in the other world."""
        swapped = frozenset(swapped)

        def pick(values, component):
            return values[1 - base if component in swapped else base]

        factor = pick(self.factor, Component(LEARNED_RISK, self.community))
        held_back = pick(self.held_back, self._belief_component())
        p = float(crime_probability(factor, held_back, self.headroom))
        is_here = pick(self.victim_away, Component(VICTIM_HERE, self.victim)) is None
        comes = True
        p_comes = 1.0
        if pick(self.offender_away, Component(OFFENDER_HERE, self.offender)) is not None:
            comes, p_comes = self._u_replaced < self._replacement, self._replacement
        return Occurred(is_here and comes and self.u_accepted < p, p, is_here * min(1.0, p) * p_comes)

    def offender_community(self) -> int:
        """Return the community of the intended offender."""
        return int(self.worlds[0].population.community[self.offender])

    def _components(self):
        if self.victim_away[0] != self.victim_away[1]:
            yield Component(VICTIM_HERE, self.victim)
        if self.offender_away[0] != self.offender_away[1]:
            yield Component(OFFENDER_HERE, self.offender)
        if self.factor[0] != self.factor[1]:
            yield Component(LEARNED_RISK, self.community)
        if self.held_back[0] != self.held_back[1]:
            yield self._belief_component()

    def _belief_component(self) -> Component:
        return Component(PERCEIVED_SHARING, self.offender_community() if self.offender != NOBODY else NOBODY)

    def _draw(self, stream) -> float:
        return uniform(self.worlds[0].seed, stream, self.who, self.occasion)

    def _intended_offender(self) -> tuple[int, bool]:
        """Return who would commit it if not away, and whether that is somebody of the victim's household."""
        world = self.worlds[0]
        people, u = world.population, self._draw(OFFENDER)
        household = people.household[self.victim]
        first, end = people.household_start[household], people.household_start[household + 1]
        if is_at_home(self.crime_type, end - first):
            return int(choose_other_member(u, self.victim, int(first), int(end))), True
        share, district = float(world.rules["local_offender_share"]), int(people.district[self.victim])
        start, end_of_pool = choose_pool(self._draw(OFFENDER_POOL), district, share, people.roster_start)
        offender = int(choose_unit(u, start, end_of_pool, people.roster))
        return (NOBODY if offender == self.victim else offender), False

    def _why_victim_is_away(self, world: World) -> Span | str | None:
        generation, arrived = world.generation(self.victim, self.day), world.arrived(self.victim, self.day)
        if generation != self.generation:
            return NOT_YET if generation < self.generation else MOVED_OUT
        if arrived == self.day and self.day % DAYS_PER_YEAR:
            return NOT_YET  # on the day they arrive newcomers have no candidates yet
        return world.away(self.victim, self.day)

    def _why_offender_is_away(self, world: World) -> Span | str | None:
        if self.offender == NOBODY:
            return None
        if not self._is_at_home:
            weight = int(world.population.offending_weight[self.offender])
            mean, generation = float(world.rules["mean_offending_weight"]), world.generation(self.offender, self.day)
            if not offends(world.seed, self.offender, generation, weight, mean):
                return REPLACED
        return world.away(self.offender, self.day)

    def _held_back(self, world: World) -> float:
        if self.offender == NOBODY:
            return 1.0
        status = world.statuses.standing(self.offender, self.day).status
        belief = float(world.community[self.day, self.offender_community(), BELIEF])
        return float(deterrence(status, belief, float(world.rules["deportation_deterrence"])))

    def _agree(self, crime) -> None:
        base = 1 - self.happened_in
        found = [self.play(self.happened_in).happens, not self.play(base).happens]
        found += [self.play(base, self.components).happens, not self.play(self.happened_in, self.components).happens]
        if self.offender_away[self.happened_in] is None:
            found.append(int(crime["offender"]) == self.offender)
        if not all(found):
            raise RuntimeError(f"crime {self.who}/{self.occasion}: nothing explains why it happened in one world only")
