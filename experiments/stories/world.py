"""One world of a story: a run with all its events, from which anybody's fear and trust on any day can be explained.

A resident's fear and trust are sums over past events that came near them, each relaxed to the day (ODD 4.7). `World`
rebuilds these sums, and all else that people decide on, from the event logs and the rules in force, and refuses to tell
a story where they differ from what the run recorded.
"""

from collections import OrderedDict

import numpy as np

from simulation.compilation import plain
from simulation.engine import build
from simulation.levers import Policy
from simulation.randomness import ACCOMPANIMENT, uniform
from simulation.submodels.arithmetic import expit
from simulation.submodels.investigation import caseload, staffing
from simulation.submodels.reporting import (
    court_deterrence,
    dread,
    is_protected_crime,
    leaning,
    victim_relief,
)
from simulation.today import BYSTANDER_1, PARTIES, VICTIM
from simulation.vocabulary import CrimeType

from .check import require_equal
from .climate import Climate
from .status import LegalStatuses
from .whereabouts import Span, Whereabouts

NOBODY = -1

# Kinds of events that touch a person, and how the person is related to whom it happened to.
CRIME, POLICE_ARREST, ICE_ARREST, VISIT, SCANDAL = range(5)
HOUSEHOLD, NEIGHBOR, COWORKER, AS_VICTIM, AS_WITNESS, AS_MEMBER = range(6)

TOUCH = np.dtype(
    [("row", np.int32), ("day", np.int32), ("kind", np.int8), ("index", np.int32), ("relation", np.int8),
     ("fear", float), ("trust", float)]
)  # fmt: skip
"""One event as it came near one person: who was touched, when, by which event (`kind`, and `index` in that table), how
they are related, and what it added to their fear and trust on that day."""

_expit = plain(expit)


class World:
    """A scenario run under a seed, with its events indexed by person.

    Attributes
    ----------
    crimes, bookings, arrests, visits : record arrays (see `simulation.today`)
        Everything that happened; `days[kind]` holds the day of each, for kinds `crimes`, `bookings`, ...
    keys : int64 array, shape (crimes,)
        Identity of each crime, the same in every world of the seed.
    community : float array, shape (T + 1, C, 3)
        Belief, salience and learned risk of each community when people decide on a day (`Climate.morning`).
    levers : dict of str to float array, shape (T,)
        Every field of the policy really in force, by day.
    whereabouts, statuses, climate
        Who was away, legal statuses, and the state of the communities, day by day.
    open_cases : float array, shape (T + 1, V)
        Open cases of each division at the start of each day.
    fear, trust : float arrays, shape (crimes, 3)
        What the people at each crime felt that morning, rebuilt from events; NaN where nobody was.

    Raises
    ------
    RuntimeError
        If a rebuilt number differs from the recorded one.
    """

    def __init__(self, scenario, seed: int):
        engine = build(scenario, seed, record_events=True)
        engine.advance_to(scenario.days)
        self.scenario, self.engine, self.seed = scenario, engine, engine.seed
        self.rules, self.population = engine.rules, engine.population
        tables = {kind: engine.log.table(kind) for kind in engine.log.KINDS}
        self.days = {kind: days for kind, (days, _) in tables.items()}
        self.crimes, self.bookings, self.arrests, self.visits = (
            tables[kind][1] for kind in ("crimes", "bookings", "ice_arrests", "visits")
        )
        self.keys = crime_keys(self.crimes)
        self.division = engine.constants.division[self.population.district]
        self.open_cases = self._caseloads()
        self._by_person = {
            "ice_arrests": _Index(self.arrests["row"]),
            "bookings": _Index(self.bookings["row"]),
            "visits": _Index(self.visits["row"]),
            "crimes": _Index(self.crimes["victim"]),
        }
        self.levers = self._levers()
        self.whereabouts = Whereabouts(self)
        self.statuses = LegalStatuses(self)
        self.climate = Climate(self)
        self.community = self.climate.morning
        self._touches = self._find_touches()
        self._touch_index = np.searchsorted(self._touches["row"], np.arange(len(self.population) + 1))
        self.fear, self.trust = self._felt_at_crimes()
        self._check()

    def date(self, day: int) -> np.datetime64:
        """Return the date of a day of the run."""
        return np.datetime64(self.scenario.start, "D") + np.timedelta64(int(day), "D")

    def load(self, row: int, day: int) -> float:
        """Return how heavy the caseload of a resident's division is at the start of a day (log-odds)."""
        return float(self._loads(np.array([row]), np.array([day]))[0])

    def is_accompanied(self, who: int, occasion: int, day: int) -> bool:
        """Return whether an advocate goes along with the victim of a crime."""
        return uniform(self.seed, ACCOMPANIMENT, who, occasion) < self.levers["accompaniment"][day]

    def generation(self, row: int, day: int) -> int:
        """Return how many newcomers have taken a row by the morning of a day."""
        return self.whereabouts.generation(row, day)

    def arrived(self, row: int, day: int) -> int:
        """Return the day on which the person who holds a row on a day moved in; -1 if there from the start."""
        return int(self.whereabouts.since(np.array([row]), np.array([day]))[0])

    def away(self, row: int, day: int) -> Span | None:
        """Return why a resident is not in the city on a day, or None."""
        return self.whereabouts.away(row, day)

    def touches(self, row: int, day: int) -> np.ndarray:
        """Return the events (`TOUCH`) that bear on fear and trust of whoever holds a row on the morning of a day."""
        mine = self.touches_of(row)
        return mine[(mine["day"] >= self.arrived(row, day)) & (mine["day"] < day)]

    def touches_of(self, row: int) -> np.ndarray:
        """Return the events (`TOUCH`) that ever came near whoever held a row, in order of days."""
        return self._touches[self._touch_index[row] : self._touch_index[row + 1]]

    def feelings(self, rows, days) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what whoever holds each row feels on the morning of each day, with that day's occurrences.

        Parameters
        ----------
        rows, days : int array, shape (n,)
            Days from 0 to the run's end.

        Returns
        -------
        trust, fear, dread : float array, shape (n,)
            Trust in standard deviations from the average, own fear (0 or more), dread 0 to 1: sums over the events that
            touched them, scandals, and what their community believes and has in mind.
        """
        fear, change = self._sums(rows, days)
        community = self.population.community[rows]
        trust = self.population.trust_baseline[rows] + change + self.climate.trust_shift[days, community]
        belief, salience, _ = np.moveaxis(self.community[days, community], -1, 0)
        vulnerability = self.rules["vulnerability"][self.statuses.classes(rows, days)]
        return trust, fear, plain(dread)(vulnerability, belief, fear, salience)

    def events_of(self, kind: str, row: int) -> np.ndarray:
        """Return where a table holds what happened to a person, in order (crimes by victim)."""
        return self._by_person[kind].of(row)

    def positions(self, kind: str, row: int, day: int) -> np.ndarray:
        """Return where a table holds what happened to a person on a day (crimes by victim)."""
        mine = self.events_of(kind, row)
        return mine[self.days[kind][mine] == day]

    def _levers(self) -> dict[str, np.ndarray]:
        starts, policies = zip(*self.engine.history)
        held = np.searchsorted(starts, np.arange(self.scenario.days), "right") - 1
        return {name: np.array(values, float)[held] for name, values in zip(Policy._fields, zip(*policies))}

    def _find_touches(self) -> np.ndarray:
        """Return every event as it came near every person, by row and then by day."""
        rules, crimes, days = self.rules, self.crimes, self.days
        index = np.flatnonzero(crimes["reported"])
        change = np.where(crimes["solved"][index], rules["trust_solved"], -rules["trust_unsolved"])
        is_victim = crimes["crime_type"][index] != CrimeType.HOMICIDE
        parts = [_touch(crimes["victim"][index], days["crimes"], CRIME, index, AS_VICTIM, 0.0, change, is_victim)]
        for party in range(BYSTANDER_1, PARTIES):
            took_part = (crimes["calls"] | crimes["cooperates"])[index, party] != 0
            rows = crimes["bystander"][index, party - BYSTANDER_1]
            parts.append(_touch(rows, days["crimes"], CRIME, index, AS_WITNESS, 0.0, change, took_part))
        every = np.arange(len(self.bookings))
        trust = -rules["trust_arrest"]
        parts += self._near(self.bookings["row"], days["bookings"], POLICE_ARREST, every, 0.0, 0.0, trust)
        every = np.arange(len(self.arrests))
        trust = -rules["trust_ice"] * self.arrests["from_data"]
        at_home, of_tie = rules["fear_household"], rules["fear_tie"]
        parts += self._near(self.arrests["row"], days["ice_arrests"], ICE_ARREST, every, at_home, of_tie, trust,
                            (HOUSEHOLD, NEIGHBOR, COWORKER))  # fmt: skip
        at_home, of_tie = (rules["unsuccessful_visit_weight"] * fear for fear in (at_home, of_tie))
        for at_work, seen_by in ((False, (HOUSEHOLD, NEIGHBOR)), (True, (COWORKER,))):
            missed = np.flatnonzero(~self.visits["success"] & (self.visits["at_work"] == at_work))
            rows = self.visits["row"][missed]
            parts += self._near(rows, days["visits"], VISIT, missed, at_home, of_tie, 0.0, seen_by)
        touches = np.concatenate(parts)
        return touches[np.lexsort((touches["day"], touches["row"]))]

    def _near(self, rows, days, kind, index, household_fear, tie_fear, trust, seen_by=(HOUSEHOLD,)):
        """Return how events at some rows touched the household, neighbors or co-workers of each."""
        people = self.population
        trust = np.broadcast_to(trust, rows.shape)
        parts = []
        for relation in seen_by:
            if relation == HOUSEHOLD:
                first = people.household_start[people.household[rows]]
                size = people.household_start[people.household[rows] + 1] - first
                event = np.repeat(np.arange(len(rows)), size)
                touched = first[event] + np.arange(len(event)) - np.repeat(np.cumsum(size) - size, size)
                is_other = touched != rows[event]
            else:
                ties = (people.neighbors if relation == NEIGHBOR else people.coworkers)[rows]
                event = np.repeat(np.arange(len(rows)), ties.shape[1])
                touched, is_other = ties.ravel(), ties.ravel() != NOBODY
            fear = household_fear if relation == HOUSEHOLD else tie_fear
            parts.append(_touch(touched, days, kind, index[event], relation, fear, trust[event], is_other))
        return parts

    def _felt_at_crimes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return fear and trust of the people at every crime."""
        rows = people_at(self.crimes)
        present = rows != NOBODY
        days = np.broadcast_to(self.days["crimes"][:, None], rows.shape)[present]
        fear, trust = np.full(rows.shape, np.nan), np.full(rows.shape, np.nan)
        trust[present], fear[present], _ = self.feelings(rows[present], days)
        return fear, trust

    def _sums(self, rows, days) -> tuple[np.ndarray, np.ndarray]:
        """Return what is left of all fear and of all changes of trust, for each row and day."""
        first, end = self._touch_index[rows], self._touch_index[rows + 1]
        size = end - first
        query = np.repeat(np.arange(len(rows)), size)
        touch = self._touches[first[query] + np.arange(len(query)) - np.repeat(np.cumsum(size) - size, size)]
        bears = (touch["day"] < days[query]) & (touch["day"] >= self.whereabouts.since(rows, days)[query])
        query, touch = query[bears], touch[bears]
        age = days[query] - touch["day"]
        fear, trust = (touch[of] * np.exp(-self.rules[f"{of}_decay"] * age) for of in ("fear", "trust"))
        return np.bincount(query, fear, len(rows)), np.bincount(query, trust, len(rows))

    def _caseloads(self) -> np.ndarray:
        reported = self.crimes["reported"]
        opened = np.zeros((self.scenario.days, len(self.engine.place.divisions)))
        np.add.at(opened, (self.days["crimes"][reported], self.division[self.crimes["victim"][reported]]), 1)
        cases = np.empty((self.scenario.days + 1, opened.shape[1]))
        cases[0] = self.engine.constants.baseline_cases
        for day, new in enumerate(opened):
            cases[day + 1] = cases[day] * self.rules["case_decay"] + new
        return cases

    def _loads(self, rows, days) -> np.ndarray:
        division, levers = self.division[rows], self.levers
        usual, effect = self.engine.constants.baseline_cases[division], self.rules["load_effect"]
        elasticity = self.rules["detective_elasticity"]
        staff = plain(staffing)(levers["detectives"][days], levers["police_budget"][days], elasticity)
        return plain(caseload)(self.open_cases[days, division], usual, effect, staff)

    def _reliefs(self) -> np.ndarray:
        """Return the factor by which advocates and protection lower the dread of each crime's victim."""
        crimes, days = self.crimes, self.days["crimes"]
        is_accompanied = np.zeros(len(crimes), bool)
        for i in np.flatnonzero(self.levers["accompaniment"][days] > 0):
            is_accompanied[i] = self.is_accompanied(self.keys[i] >> 16, crimes["occasion"][i], days[i])
        is_eligible = self.statuses.are_undocumented(crimes["victim"], days)
        is_eligible = is_eligible & plain(is_protected_crime)(crimes["crime_type"])
        protection = self.rules["protection_awareness"] * self.levers["victim_protection"][days] * is_eligible
        alone, together = (plain(victim_relief)(by, self.rules["accompaniment_relief"], protection) for by in (0, 1))
        return np.where(is_accompanied, together, alone)

    def _check(self) -> None:
        """Refuse to tell stories if what was rebuilt is not what the run went by."""
        crimes, rules, days, kind = self.crimes, self.rules, self.days["crimes"], self.crimes["crime_type"]
        rows, is_victim = people_at(crimes), np.arange(PARTIES) == VICTIM
        present, is_dead = rows != NOBODY, (kind == CrimeType.HOMICIDE)[:, None] & is_victim

        def agree(rebuilt, name, what=""):
            require_equal(rebuilt[present], crimes[name][present], what or name)

        agree(self.fear, "fear")
        agree(self.trust, "trust")
        vulnerability = rules["vulnerability"][self.statuses.classes(rows, days[:, None])]
        belief, salience, _ = np.moveaxis(self.community[days[:, None], self.population.community[rows]], -1, 0)
        relief = self._reliefs()
        require_equal(relief, crimes["relief"], "help for victims")
        felt = plain(dread)(vulnerability, belief, self.fear, salience) * np.where(is_victim, relief[:, None], 1.0)
        lean = np.where(is_dead, 0.0, plain(leaning)(self.trust, felt, rules["trust_effect"], rules["fear_effect"]))
        agree(lean, "leaning")
        operations = self.levers["courthouse_operations"][days][:, None]
        court = plain(court_deterrence)(rules["courthouse_effect"], operations, vulnerability)
        court = np.where(is_dead, 0.0, court)
        agree(court, "court", "operations at courthouses")
        call = np.where(is_victim, rules["call_intercept"][kind][:, None], rules["bystander_call"])
        agree(_expit(call + lean), "p_call", "chance of a call")
        help_ = np.where(is_victim, rules["victim_cooperation"], rules["bystander_cooperation"])
        agree(np.where(is_dead, 0.0, _expit(help_ + lean - court)), "p_cooperate", "chance of cooperation")
        helped = rules["cooperation_effect"] * (crimes["cooperating"] - rules["expected_cooperating"][kind])
        p_solve = _expit(rules["solve_intercept"][kind] + helped - self._loads(crimes["victim"], days))
        require_equal(p_solve, crimes["p_solve"], "chance of solving")


_kept: OrderedDict[tuple, World] = OrderedDict()
_KEPT_WORLDS = 2


def kept_world(scenario, seed: int) -> World:
    """Return a world; the last two are kept, so that several questions about one pair run it once."""
    key = (scenario.fingerprint, scenario.name, int(seed))
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    while len(_kept) >= _KEPT_WORLDS:
        _kept.popitem(last=False)
    world = _kept[key] = World(scenario, seed)
    return world


def crime_keys(crimes) -> np.ndarray:
    """Return one number for the identity (victim's row, generation, occasion) of each crime."""
    who = crimes["generation"].astype(np.int64) << 32 | crimes["victim"]
    return who << 16 | crimes["occasion"]


def people_at(crimes) -> np.ndarray:
    """Return the rows of the victim and the two bystanders of each crime, -1 for nobody; shape (crimes, 3)."""
    return np.column_stack([crimes["victim"], crimes["bystander"]]).astype(np.int64)


class _Index:
    """Where each row occurs in a table."""

    def __init__(self, rows):
        self._order = np.argsort(rows, kind="stable")
        self._rows = rows[self._order]

    def of(self, row: int) -> np.ndarray:
        """Return the positions at which a row occurs, in order."""
        first, end = np.searchsorted(self._rows, (row, row + 1))
        return self._order[first:end]


def _touch(rows, days, kind, index, relation, fear, trust, where) -> np.ndarray:
    touches = np.zeros(len(rows), TOUCH)
    touches["row"], touches["day"], touches["kind"], touches["index"] = rows, days[index], kind, index
    touches["relation"], touches["fear"], touches["trust"] = relation, fear, trust
    return touches[where]
