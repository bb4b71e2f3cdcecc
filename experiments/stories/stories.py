"""One crime, two worlds: crimes reported, solved or committed in one world and not in the other, and exactly why.

Both worlds of a pair share every candidate crime and every draw (MODEL.md section 4), so each crime has the same
identity in both, and what differs about it follows from named differences between the worlds.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.randomness import replicate_seed
from simulation.vocabulary import CrimeType

from ..comparison.comparison import Comparison, check_comparable
from ..language import Language
from ..language import load as load_language
from ..language.files import ENGLISH
from ..runs import execution
from ..runs.ensemble import DEFAULT_ROOT_SEED
from .calendar import happenings
from .causes import Played, Scene, find_cause
from .facts import cause_kind, describe, resident
from .happened import Occurrence
from .person import Component
from .records import HAPPENED, KINDS, REPORTED, SOLVED, Chance, Party, Story, Values
from .words import party_name
from .world import NOBODY, World, kept_world

WORLDS = ("A", "B")
FIRST_REPLICATE = 1
DEFAULT_LIMIT = 10
_NEGLIGIBLE = 1e-6
_FELT = ("vulnerability", "present", "trust", "fear", "belief", "salience", "relief", "dread", "court")


@dataclass(frozen=True)
class StoryBook:
    """The stories of one pair of worlds, and what they are picked from.

    Attributes
    ----------
    scenarios : (str, str)
        Names of A and B.
    replicate, seed : int
        Which pair.
    rules : (tuple, tuple)
        For A and B, (date from which, `Policy`) of the rules really in force, votes and funding cuts included.
    happenings : (tuple, tuple)
        For A and B, (date, words) of what happened on single days: votes, cuts, laws, announcements, news, raids.
    measured_from, measured_to : str
        First and last date of the crimes that are counted and told.
    counts : dict
        `happened`: both, only_a, only_b. `reported` and `solved`, of the crimes that happened in both: both,
        only_a, only_b, neither.
    reasons : dict
        Number of crimes by what flipped them, for each kind of story.
    stories : dict of str to tuple of Story
        By kind, clearest first.
    language : str
        Code of the language in which all of it is told.
    """

    scenarios: tuple[str, str]
    replicate: int
    seed: int
    rules: tuple[tuple, ...]
    happenings: tuple[tuple, ...]
    measured_from: str
    measured_to: str
    counts: dict[str, dict[str, int]]
    reasons: dict[str, dict[str, int]]
    stories: dict[str, tuple[Story, ...]]
    language: str

    def text(self) -> str:
        """Return all stories in plain words."""
        from .text import book_text

        return book_text(self)

    def markdown(self) -> str:
        """Return all stories in plain words, as Markdown."""
        from .text import book_markdown

        return book_markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "scenarios": dict(zip(WORLDS, self.scenarios)),
            "replicate": self.replicate,
            "seed": self.seed,
            "measured_from": self.measured_from,
            "measured_to": self.measured_to,
            "rules": {
                world: [{"from": date, **policy._asdict()} for date, policy in rules]
                for world, rules in zip(WORLDS, self.rules)
            },
            "happenings": {
                world: [{"date": date, "words": words} for date, words in told]
                for world, told in zip(WORLDS, self.happenings)
            },
            "counts": self.counts,
            "reasons": self.reasons,
            "stories": {kind: [story.to_dict() for story in told] for kind, told in self.stories.items()},
        }


def tell_stories(
    worlds: Comparison | Sequence, replicate: int = FIRST_REPLICATE, kind: str = REPORTED, limit: int = DEFAULT_LIMIT
) -> list[Story]:
    """Tell the crimes that were reported, solved or committed in one world and not in the other.

    Parameters
    ----------
    worlds : Comparison or sequence of Scenario
        The first two scenarios are A and B.
    replicate : int
        Which pair, from 1; the seed follows from it and the comparison's root seed (1 if there is none).
    kind : str
        `reported`, `solved` or `happened`.
    limit : int
        Most stories.

    Returns
    -------
    list of Story
        Clearest first: those with a single cause, the largest effect of each kind of cause in turn.

    Raises
    ------
    InputError
        If the scenarios differ in more than policy, or a value is not allowed.
    """
    if kind not in KINDS:
        raise InputError(f"kind = {kind!r}: must be one of {', '.join(KINDS)}")
    return list(story_book(worlds, replicate, limit, (kind,)).stories[kind])


def story_book(
    worlds: Comparison | Sequence,
    replicate: int = FIRST_REPLICATE,
    limit: int = DEFAULT_LIMIT,
    kinds: Sequence[str] = KINDS,
    language: str = ENGLISH,
    root_seed: int = DEFAULT_ROOT_SEED,
) -> StoryBook:
    """Run one pair of worlds with all events, and tell what differs, crime by crime (see `tell_stories`).

    Parameters
    ----------
    worlds, replicate, limit
        See `tell_stories`; the limit is for each kind.
    kinds : sequence of str
        Of `reported`, `solved` and `happened`.
    language : str
        Code of the language to tell in.
    root_seed : int
        Seed from which that of the pair is derived, where `worlds` is no comparison with one of its own.
    """
    lang = load_language(language)
    execution.check_count("replicate", replicate)
    if isinstance(worlds, Comparison):
        root_seed = worlds.root_seed
        worlds = worlds.scenarios
    scenarios = tuple(worlds)[:2]
    check_tellable(scenarios, limit)
    seed = replicate_seed(root_seed, replicate)
    pair = tuple(kept_world(scenario, seed) for scenario in scenarios)
    first_day = (scenarios[0].outcomes_from - scenarios[0].start).days
    both, only = _match(pair, first_day)
    outcomes = {kind: [_outcome(w, kind)[i] for w, i in zip(pair, both)] for kind in (REPORTED, SOLVED)}
    counts = {HAPPENED: {"both": len(both[0]), "only_a": len(only[0]), "only_b": len(only[1])}}
    counts |= {kind: _count(*found) for kind, found in outcomes.items()}
    turns = {kind: _turns(pair, kind, both, only, outcomes) for kind in kinds}
    told = {kind: tuple(_tell(turn, lang) for turn in _clearest_first(turns[kind])[:limit]) for kind in kinds}
    return StoryBook(
        scenarios=(scenarios[0].name, scenarios[1].name),
        replicate=replicate,
        seed=seed,
        rules=tuple(tuple((str(w.date(day)), policy) for day, policy in w.engine.history) for w in pair),
        happenings=tuple(happenings(world, lang) for world in pair),
        measured_from=str(pair[0].date(first_day)),
        measured_to=str(pair[0].date(scenarios[0].days - 1)),
        counts=counts,
        reasons={kind: dict(Counter(turn.reason for turn in turns[kind]).most_common()) for kind in kinds},
        stories=told,
        language=language,
    )


def check_tellable(scenarios: Sequence, limit: int) -> None:
    """Refuse what has no exact stories: scenarios that differ in a parameter, which no event would explain."""
    execution.check_count("stories", limit)
    if len(scenarios) < 2:
        raise InputError("stories need two scenarios")
    a, b = scenarios
    check_comparable((a, b))
    differ = [name for name, value in a.parameters.items() if value != b.parameters[name]]
    if differ:
        name = differ[0]
        raise InputError(
            f"stories need scenarios that differ in policy only: {name} = {a.parameters[name]:g} in {a.name!r} "
            f"and {b.parameters[name]:g} in {b.name!r}"
        )


class _Turn(NamedTuple):
    """A crime that went another way in the other world, and the components that turn it.

    `base` is the world in which it was not reported, not solved, or did not happen; `played` how it goes in A, in B,
    and in `base` with the cause as in the other world.
    """

    kind: str
    scene: Scene | Occurrence
    base: int
    cause: list[Component]
    rest: list[Component]
    strengths: dict[Component, float]
    played: tuple
    change: float

    @property
    def reason(self) -> str:
        """Return the kinds of the causes."""
        return " and ".join(sorted({cause_kind(component, self.scene) for component in self.cause}))


def _match(pair, first_day: int):
    """Return where each world's table holds the crimes of both worlds, and those of one world only."""
    at = [np.flatnonzero(world.days["crimes"] >= first_day) for world in pair]
    keys = [world.keys[positions] for world, positions in zip(pair, at)]
    first, second = keys
    _, *common = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    both = [positions[found] for positions, found in zip(at, common)]
    only = [np.setdiff1d(positions, found, assume_unique=True) for positions, found in zip(at, both)]
    return both, only


def _outcome(world: World, kind: str) -> np.ndarray:
    """Return which crimes were reported, or solved (by an investigation, or on the spot)."""
    if kind == REPORTED:
        return world.crimes["reported"]
    return world.crimes["solved"] | world.crimes["on_view"]


def _count(in_a, in_b) -> dict[str, int]:
    cases = {"both": in_a & in_b, "only_a": in_a & ~in_b, "only_b": in_b & ~in_a, "neither": ~in_a & ~in_b}
    return {name: int(case.sum()) for name, case in cases.items()}


def _turns(pair, kind: str, both, only, outcomes) -> list[_Turn]:
    """Return every crime that went another way, with its cause."""
    if kind == HAPPENED:
        return [_turn(HAPPENED, Occurrence(pair, w, int(i)), 1 - w) for w in (0, 1) for i in only[w]]
    in_a, in_b = outcomes[kind]
    return [
        _turn(kind, Scene(pair, (int(both[0][i]), int(both[1][i]))), int(in_a[i])) for i in np.flatnonzero(in_a != in_b)
    ]


def _turn(kind: str, scene: Scene | Occurrence, base: int) -> _Turn:
    done, likely = ("happens", "p_happens") if kind == HAPPENED else (kind, f"p_{kind}")
    start = getattr(scene.play(base), likely)
    strengths = {c: getattr(scene.play(base, (c,)), likely) - start for c in scene.components}
    cause, rest = find_cause(strengths, lambda swapped: getattr(scene.play(base, swapped), done))
    played = (scene.play(0), scene.play(1), scene.play(base, cause))
    return _Turn(kind, scene, base, cause, rest, strengths, played, _change(kind, played[base], played[2]))


def _change(kind: str, before, after) -> float:
    """Return how far the cause moves the probability of the decision that turns."""
    if kind == HAPPENED:
        return after.p_happens - before.p_happens
    if kind == SOLVED and before.reported == after.reported:
        return after.p_solve - before.p_solve
    turned = (
        new.p_call - old.p_call for old, new in zip(before.people, after.people) if new and new.calls != old.calls
    )
    return max(map(abs, turned))


def _clearest_first(turns: list[_Turn]) -> list[_Turn]:
    """Order by how clear they are: fewest causes, then the strongest of each kind of cause in turn.

    Otherwise the commonest kind of cause would be the only one that readers see.
    """
    seen: Counter = Counter()
    ordered: list[tuple[int, int, int, _Turn]] = []
    for turn in sorted(turns, key=lambda t: (-round(t.change, 9), t.scene.day, t.scene.who, t.scene.occasion)):
        ordered.append((len(turn.cause), seen[turn.reason], len(ordered), turn))
        seen[turn.reason] += 1
    return [turn for *_, turn in sorted(ordered, key=lambda entry: entry[:3])]


def _tell(turn: _Turn, lang: Language) -> Story:
    scene, worlds = turn.scene, turn.scene.worlds
    district = worlds[0].engine.place.districts[worlds[0].population.district[scene.victim]]
    causes, further = (
        tuple(describe(c, scene, turn.strengths[c], lang) for c in components)
        for components in (turn.cause, [c for c in turn.rest if abs(turn.strengths[c]) > _NEGLIGIBLE])
    )
    return Story(
        kind=turn.kind,
        scenarios=(worlds[0].scenario.name, worlds[1].scenario.name),
        done_in=WORLDS[1 - turn.base],
        date=str(worlds[0].date(scene.day)),
        crime_type=CrimeType(scene.crime_type).label,
        district=district.name,
        victim=resident(worlds, scene.victim, scene.day),
        causes=causes,
        further=further,
        change=turn.change,
        language=lang.code,
        **(_happened(turn) if turn.kind == HAPPENED else _decided(turn, lang)),
    )


def _happened(turn: _Turn) -> dict[str, Any]:
    scene = turn.scene
    assert isinstance(scene, Occurrence)
    return {
        "offender": None if scene.offender == NOBODY else resident(scene.worlds, scene.offender, scene.day),
        "usual": 1.0 / scene.headroom,
        "happening": Chance(scene.u_accepted, Values(*(p.p_accepted for p in turn.played))),
    }


def _decided(turn: _Turn, lang: Language) -> dict[str, Any]:
    scene, played = turn.scene, turn.played
    assert isinstance(scene, Scene)
    load_a, load_b = scene.load
    return {
        "parties": tuple(_party(scene, i, played, lang) for i, person in enumerate(scene.people) if person),
        "reported": Values(*(p.reported for p in played)),
        "solved": Values(*(p.solved for p in played)),
        "solving": Chance(scene.u_solved, Values(*(p.p_solve for p in played))),
        "load": Values(load_a, load_b, played[2].load),
        "on_view": Chance(scene.u_on_view, Values(*[scene.p_on_view] * 3)),
    }


def _party(scene: Scene, position: int, played: tuple[Played, ...], lang: Language) -> Party:
    person = scene.person(position)
    felt = [p.people[position] for p in played]

    def values(name):
        return Values(*(getattr(f, name) for f in felt))

    return Party(
        position=position,
        name=party_name(lang, scene, position),
        resident=resident(scene.worlds, person.row, scene.day),
        call_intercept=person.call_intercept,
        cooperation_intercept=person.cooperation_intercept,
        **{name: values(name) for name in _FELT},
        call=Chance(person.u_call, values("p_call")),
        calls=values("calls"),
        cooperation=Chance(person.u_cooperate, values("p_cooperate")),
        cooperates=values("cooperates"),
    )
