"""One world of a story: a run with all its events, from which anybody's fear and trust on any day can be explained.

A resident's fear and trust are sums over past events that came near them, each relaxed to the day (ODD 4.7). `World`
rebuilds these sums from the event logs and refuses to tell a story where they differ from what the run recorded.
"""

from typing import NamedTuple

import numpy as np

from simulation.engine import build
from simulation.initialization import initial_belief
from simulation.randomness import (
    DETENTION_TERM,
    JAIL,
    JAIL_TERM,
    NEWCOMER_DELAY,
    REMOVAL,
    RETURN_DELAY,
    identity,
    uniform,
)
from simulation.submodels.arithmetic import delay
from simulation.submodels.enforcement import removal_end
from simulation.today import BYSTANDER_1, PARTIES, VICTIM
from simulation.vocabulary import FOREVER, Absence, CrimeType

TOLERANCE = 1e-9
"""Largest difference between a rebuilt number and the recorded one."""

NOBODY = -1
BELIEF, SALIENCE, RISK = range(3)
"""Positions in the last axis of `World.community`."""

# Kinds of events that touch a person, and how the person is related to whom it happened to.
CRIME, POLICE_ARREST, ICE_ARREST, VISIT = range(4)
HOUSEHOLD, NEIGHBOR, COWORKER, AS_VICTIM, AS_WITNESS = range(5)

TOUCH = np.dtype(
    [("row", np.int32), ("day", np.int32), ("kind", np.int8), ("index", np.int32), ("relation", np.int8),
     ("fear", float), ("trust", float)]
)  # fmt: skip
"""One event as it came near one person: who was touched, when, by which event (`kind`, and `index` in that table), how
they are related, and what it added to their fear and trust on that day."""


class Span(NamedTuple):
    """A time away.

    Why (an `Absence`), from which day's end (a removal: its start), the first day back, and the immigration arrest or
    booking that it came from (index in that table).
    """

    reason: int
    start: int
    until: int
    index: int


class World:
    """A scenario run under a seed, with its events indexed by person.

    Attributes
    ----------
    crimes, bookings, arrests, visits : record arrays (see `simulation.today`)
        Everything that happened; `days[kind]` holds the day of each, for kinds `crimes`, `bookings`, ...
    keys : int64 array, shape (crimes,)
        Identity of each crime, the same in every world of the seed.
    community : float array, shape (T + 1, C, 3)
        Belief, salience and learned risk of each community at the start of each day.
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
        self.community = np.concatenate([self._first_state()[None], engine.counts["community"][: scenario.days]])
        self.division = engine.constants.division[self.population.district]
        self.open_cases = self._caseloads()
        self._by_person = {
            "ice_arrests": _Index(self.arrests["row"]),
            "bookings": _Index(self.bookings["row"]),
            "visits": _Index(self.visits["row"]),
            "crimes": _Index(self.crimes["victim"]),
        }
        self._arrivals = self._find_arrivals()
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

    def generation(self, row: int, day: int) -> int:
        """Return how many newcomers have taken a row by the morning of a day."""
        keys = self._arrivals
        return int(np.searchsorted(keys, _at(row, day), "right") - np.searchsorted(keys, _at(row, 0)))

    def arrived(self, row: int, day: int) -> int:
        """Return the day on which the person who holds a row on a day moved in; -1 if there from the start."""
        return int(self._since(np.array([row]), np.array([day]))[0])

    def touches(self, row: int, day: int) -> np.ndarray:
        """Return the events (`TOUCH`) that bear on fear and trust of whoever holds a row on the morning of a day."""
        mine = self._touches[self._touch_index[row] : self._touch_index[row + 1]]
        return mine[(mine["day"] >= self.arrived(row, day)) & (mine["day"] < day)]

    def positions(self, kind: str, row: int, day: int) -> np.ndarray:
        """Return where a table holds what happened to a person on a day (crimes by victim)."""
        mine = self._by_person[kind].of(row)
        return mine[self.days[kind][mine] == day]

    def away(self, row: int, day: int) -> Span | None:
        """Return why a resident is not in the city on a day, or None."""
        last = None
        for span in self._spans(row):
            is_known = span.start <= day if span.reason == Absence.REMOVED else span.start < day
            last = span if is_known else last
        return last if last is not None and last.until > day else None

    def _spans(self, row: int):
        """Yield the times away of a row, in the order in which they came about."""
        events = [(int(self.days[kind][i]), stage, int(i))
                  for stage, kind in enumerate(("bookings", "ice_arrests", "crimes"))
                  for i in self._by_person[kind].of(row)]  # fmt: skip
        until = 0
        for day, stage, i in sorted(events):
            if stage == 0:
                term = self._jail_term(i)
                if term:
                    until = max(until, day + term)
                    yield Span(Absence.JAILED, day, until, i)
            elif stage == 1:
                end, back, _ = self._detention(i)
                until = back
                yield Span(Absence.DETAINED, day, end, i)
                if back > end and not self._is_killed(row, day):
                    yield Span(Absence.REMOVED, end, back, i)
            elif self.crimes["crime_type"][i] == CrimeType.HOMICIDE:
                until = FOREVER
                yield Span(Absence.KILLED, day, until, i)

    def _jail_term(self, booking: int) -> int:
        """Return the days in jail that follow from a booking; 0 for none."""
        who, occasion, grade = (int(self.bookings[name][booking]) for name in ("who", "occasion", "grade"))
        if uniform(self.seed, JAIL, who, occasion) >= self.rules["jail"][grade]:
            return 0
        return delay(uniform(self.seed, JAIL_TERM, who, occasion), self.rules["jail_term"][grade])

    def _detention(self, arrest: int) -> tuple[int, int, bool]:
        """Return the end of a detention, the day the row is filled again, and whether by a newcomer."""
        day = int(self.days["ice_arrests"][arrest])
        who = identity(int(self.arrests["row"][arrest]), int(self.arrests["generation"][arrest]))
        end = day + delay(uniform(self.seed, DETENTION_TERM, who, day), self.rules["detention_term"])
        if uniform(self.seed, REMOVAL, who, day) >= self.rules["removal"]:
            return end, end, False
        back, is_newcomer = removal_end(
            end,
            self.rules["return_delay"],
            uniform(self.seed, RETURN_DELAY, who, day),
            self.rules["newcomer_delay"],
            uniform(self.seed, NEWCOMER_DELAY, who, day),
        )
        return end, back, is_newcomer

    def _is_killed(self, row: int, day: int) -> bool:
        return bool((self.crimes["crime_type"][self.positions("crimes", row, day)] == CrimeType.HOMICIDE).any())

    def _find_arrivals(self) -> np.ndarray:
        """Return when newcomers took which row, as sorted keys."""
        keys = []
        for i, row in enumerate(self.arrests["row"].tolist()):
            _, back, is_newcomer = self._detention(i)
            if is_newcomer and back < self.scenario.days and not self._is_killed(row, self.days["ice_arrests"][i]):
                keys.append(_at(row, back))
        rows = np.array(keys, np.int64) >> 32
        _require(np.bincount(rows, minlength=len(self.population)) == self.engine.residents["generation"], "newcomers")
        return np.sort(np.array(keys, np.int64))

    def _since(self, rows, days) -> np.ndarray:
        """Return the day on which the holder of each row on each day moved in, -1 if there from the start."""
        if not len(self._arrivals):
            return np.full(len(rows), -1)
        last = np.searchsorted(self._arrivals, _at(rows, days), "right") - 1
        arrival = self._arrivals[np.maximum(last, 0)]
        return np.where((last >= 0) & (arrival >> 32 == rows), arrival & 0xFFFFFFFF, -1)

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
        fears = rules["fear_household"], rules["fear_tie"]
        parts += self._near(self.arrests["row"], days["ice_arrests"], ICE_ARREST, every, *fears, trust,
                            (HOUSEHOLD, NEIGHBOR, COWORKER))  # fmt: skip
        fears = [rules["unsuccessful_visit_weight"] * fear for fear in fears]
        for at_work, seen_by in ((False, (HOUSEHOLD, NEIGHBOR)), (True, (COWORKER,))):
            missed = np.flatnonzero(~self.visits["success"] & (self.visits["at_work"] == at_work))
            parts += self._near(self.visits["row"][missed], days["visits"], VISIT, missed, *fears, 0.0, seen_by)
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
        """Return fear and trust of the people at every crime, as sums over the events that touched them."""
        rows = people_at(self.crimes)
        present = rows != NOBODY
        days = np.broadcast_to(self.days["crimes"][:, None], rows.shape)[present]
        felt = self._sums(rows[present], days)
        fear, trust = np.full(rows.shape, np.nan), np.full(rows.shape, np.nan)
        fear[present] = felt[0]
        trust[present] = self.population.trust_baseline[rows[present]] + felt[1]
        return fear, trust

    def _sums(self, rows, days) -> tuple[np.ndarray, np.ndarray]:
        """Return what is left of all fear and of all changes of trust, for each row and day."""
        first, end = self._touch_index[rows], self._touch_index[rows + 1]
        size = end - first
        query = np.repeat(np.arange(len(rows)), size)
        touch = self._touches[first[query] + np.arange(len(query)) - np.repeat(np.cumsum(size) - size, size)]
        bears = (touch["day"] < days[query]) & (touch["day"] >= self._since(rows, days)[query])
        query, touch = query[bears], touch[bears]
        age = days[query] - touch["day"]
        fear, trust = (touch[of] * np.exp(-self.rules[f"{of}_decay"] * age) for of in ("fear", "trust"))
        return np.bincount(query, fear, len(rows)), np.bincount(query, trust, len(rows))

    def _first_state(self) -> np.ndarray:
        constants, policy = self.engine.constants, self.engine.policies[0][1]
        belief = initial_belief(constants.contact_share, policy, self.engine.values)
        return np.column_stack([belief, constants.reference_salience, np.ones(len(belief))])

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
        division = self.division[rows]
        usual = self.engine.constants.baseline_cases[division]
        return self.rules["load_effect"] * np.log((self.open_cases[days, division] + 1.0) / (usual + 1.0))

    def _check(self) -> None:
        """Refuse to tell stories if what was rebuilt is not what the run went by."""
        crimes, rules, days = self.crimes, self.rules, self.days["crimes"]
        rows = people_at(crimes)
        present = rows != NOBODY
        _require(np.abs(self.fear - crimes["fear"])[present] <= TOLERANCE, "fear")
        _require(np.abs(self.trust - crimes["trust"])[present] <= TOLERANCE, "trust")
        residents = self.engine.residents[rows]
        belief, salience, _ = np.moveaxis(self.community[days[:, None], residents["community"]], -1, 0)
        vulnerability = rules["vulnerability"][residents["vulnerability_class"]]
        dread = vulnerability * belief * (1.0 - np.exp(-(self.fear + salience)))
        leaning = rules["trust_effect"] * self.trust - rules["fear_effect"] * dread
        leaning[crimes["crime_type"] == CrimeType.HOMICIDE, VICTIM] = 0.0
        _require(np.abs(leaning - crimes["leaning"])[present] <= TOLERANCE, "leaning")
        kind = crimes["crime_type"]
        helped = rules["cooperation_effect"] * (crimes["cooperating"] - rules["expected_cooperating"][kind])
        odds = rules["solve_intercept"][kind] + helped - self._loads(crimes["victim"], days)
        _require(np.abs(1.0 / (1.0 + np.exp(-odds)) - crimes["p_solve"]) <= TOLERANCE, "chance of solving")


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


def _at(row, day):
    """Return a key that sorts by row and then by day."""
    return (np.asarray(row, np.int64) << 32) + day


def _touch(rows, days, kind, index, relation, fear, trust, where) -> np.ndarray:
    touches = np.zeros(len(rows), TOUCH)
    touches["row"], touches["day"], touches["kind"], touches["index"] = rows, days[index], kind, index
    touches["relation"], touches["fear"], touches["trust"] = relation, fear, trust
    return touches[where]


def _require(holds, what: str) -> None:
    """Refuse to go on unless the events of a run explain what it recorded."""
    if not np.all(holds):
        raise RuntimeError(f"{what}: the events of the run do not add up to what it recorded, so no story is exact")
