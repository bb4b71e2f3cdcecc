"""The engine: owns the columns of one run and moves them through the days (MODEL.md 3 and 4, ODD 4).

`TrustModel` shows this state as Mesa agents; nothing here knows Mesa.
"""

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from .government import Government
from .initialization import initial_belief, initial_sharing, initialize
from .levers import Policy
from .occurrences import (
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    Occurrence,
    PoliceScandal,
    Raid,
    Vote,
    in_order,
)
from .place import Place
from .population import Population, synthesize
from .randomness import CAPACITY, uniform
from .rules import NO_RAID, make_policy, make_rules, vulnerability_by_class
from .schedule import advance, move, room_needed
from .state import (
    COMMUNITIES,
    COMMUNITY,
    Candidates,
    Districts,
    Due,
    make_counts,
    make_due,
    make_leads,
    make_people,
    make_residents,
    make_snapshots,
    make_survey,
)
from .submodels.candidates import draw_candidates, make_candidates
from .submodels.observation import take_snapshot
from .submodels.outreach import told
from .submodels.perception import actual_now
from .submodels.status import legalize
from .today import BOOKINGS_TODAY, CRIMES_TODAY, ICE_ARRESTS_TODAY, VISITS_TODAY, make_today
from .vocabulary import DAYS_PER_YEAR, Absence


@lru_cache(maxsize=2)  # each entry keeps its population alive
def _prepared(place: Place, population: Population, values: tuple[tuple[str, float], ...]):
    """Return the solved constants and the rules of a place, a population and a set of parameters."""
    parameters = dict(values)
    constants = initialize(place, population, parameters, vulnerability_by_class(parameters))
    return constants, make_rules(parameters, constants, population.expected_size)


class Engine:
    """Hold one run of the model and move it forward from day 0.

    Parameters
    ----------
    place : Place
        The city.
    population : Population
        Its residents.
    values : dict of str to float
        Every parameter of the model.
    policies : list of (int, Policy)
        The policy of the calendar from each day on; the first from day 0, days increasing.
    days : int
        Length of the run.
    seed : int
        Seed of the keyed random numbers, 0 to 2**63 - 1.
    record_events : bool
        Keep a log of every crime, booking, visit and immigration arrest.
    occurrences : list of (int, Occurrence)
        What happens on single days.
    collection_days : int
        Days from one snapshot to the next.

    Attributes
    ----------
    day : int
        Days simulated so far; the day that comes next.
    residents, communities, districts, due, leads, candidates, today
        The columns, see `simulation.state` and `simulation.today`.
    counts : COUNTS records, shape (days + 1,)
        What happened on each day; the last record takes changes after the run's end.
    snapshots : Snapshots
        State of the communities at the start, at the collection interval and at the end, so far.
    survey : Survey
        What a victimization survey has found so far.
    baseline_sum : float64, shape (C,)
        Sum of residents' baseline trust by community.
    constants : Constants
        What was solved before day 0.
    rules : RULES record
        Every number that a rule reads.
    government : Government
        Votes and funding cuts so far.
    history : list of (int, Policy)
        The policy really in force from each day on, so far; consecutive ones differ.
    log : EventLog or None
        Every event, if the run records them.
    """

    def __init__(self, place, population, values, policies, days, seed, record_events=False, occurrences=(),
                 collection_days=30):  # fmt: skip
        self.place, self.population, self.values = place, population, dict(values)
        self.days, self.seed, self.day = days, np.int64(seed), 0
        self.policies: list[tuple[int, Policy]] = list(policies)
        self.occurrences: list[tuple[int, Occurrence]] = in_order(occurrences)
        self.history: list[tuple[int, Policy]] = []
        self._happened = 0  # occurrences that lie behind
        self._raid = NO_RAID
        self.people, self.baseline_sum = make_people(population), population.baseline_sum
        self.constants, self.rules = _prepared(place, population, tuple(self.values.items()))
        self.residents = make_residents(population)
        self.communities = self._make_communities()
        self.districts = Districts(
            self.constants.cumulative_rate, self.constants.total_rate, self.constants.division,
            self.constants.baseline_cases, self.constants.baseline_cases.copy(), np.zeros(len(place.divisions)),
        )  # fmt: skip
        self.counts = make_counts(days)
        threats = [(when, each) for when, each in self.occurrences if isinstance(each, FundingCut)]
        self.government = Government(self.counts, threats)
        self.due, self.leads = make_due(days, 1024), make_leads(1024)
        self.today = make_today(1024, COMMUNITIES, len(place.divisions))
        self.candidates: Candidates | None = None
        self.log = EventLog() if record_events else None
        self.snapshots = make_snapshots(days, collection_days)
        self.survey = make_survey(days, self.rules.survey_recall, min(self.rules.survey_size, len(population)))
        take_snapshot(0, self.rules, self.people, self.residents, self.communities, self.snapshots)

    def _make_communities(self) -> np.ndarray:
        communities = np.zeros(COMMUNITIES, COMMUNITY)
        sharing = initial_sharing(self.constants.contact_share, self.policies[0][1], self.values)
        communities["belief"], communities["known"] = initial_belief(sharing, self.values), sharing
        communities["surge"] = self.constants.reference_salience
        communities["expected"] = self.constants.expected_arrests
        communities["risk_now"] = communities["risk_base"] = self.constants.risk_mass
        return communities

    def policy_on(self, day: int) -> Policy:
        """Return the policy in force on a day, as far as votes and courts have decided by now.

        Parameters
        ----------
        day : int
            0 or later.

        Returns
        -------
        Policy
        """
        return self.government.amend(day, [policy for start, policy in self.policies if start <= day][-1])

    def advance_to(self, day: int) -> None:
        """Run until the given day is the next to be simulated; nothing happens if it already is, or has passed.

        Parameters
        ----------
        day : int
            At most the length of the run.
        """
        while self.day < day:
            self._turn_calendar()
            if self.candidates is None or self.day % DAYS_PER_YEAR == 0:
                self._open_block()
            block_end = (self.day // DAYS_PER_YEAR + 1) * DAYS_PER_YEAR
            self._run_to(min(day, block_end, self._next_change()))

    def _next_change(self) -> int:
        """Return the next day on which the policy may change or something happens."""
        if self._raid != NO_RAID:
            return self.day + 1
        days = [start for start, _ in (*self.policies, *self.occurrences[self._happened :])]
        return min([day for day in (*days, *self.government.turning_days()) if day > self.day], default=self.days)

    def _turn_calendar(self) -> None:
        """Let today's occurrences take effect, and note the policy in force (ODD 4.1, step 1)."""
        self._raid = NO_RAID
        while self._happened < len(self.occurrences) and self.occurrences[self._happened][0] <= self.day:
            self._happen(self.occurrences[self._happened][1])
            self._happened += 1
        policy = self.policy_on(self.day)
        if not self.history or self.history[-1][1] != policy:
            self.history.append((self.day, policy))

    def _happen(self, occurrence: Occurrence) -> None:
        match occurrence:
            case Vote():
                self.government.hold_vote(self.day, occurrence, self.policy_on(self.day))
            case FundingCut():
                self.government.cut_funding(self.day, occurrence, self.policy_on(self.day), self.seed)
            case Legalization(share):
                legalize(self.day, self.seed, share, self.people, self.residents)
            case Announcement(reach, communities):
                self._announce(reach, communities)
            case EnforcementNews(size, communities):
                self.communities["news"][list(communities)] += self.rules.news_effect * size
            case PoliceScandal(size, communities):
                self.communities["trust_shift"][list(communities)] -= size
            case Raid():
                self._raid = self._plan_raid(occurrence)

    def _announce(self, reach: float, communities) -> None:
        """Move perceived sharing toward actual sharing (ODD 4.1)."""
        policy = make_policy(self.policy_on(self.day))
        heard = self.rules.announcement_effect * reach
        for c in communities:
            self.communities["belief"][c] = told(
                self.communities["belief"][c], actual_now(c, policy, self.rules), heard
            )

    def _plan_raid(self, raid: Raid) -> tuple[int, int, int, bool, bool]:
        """Return how many people the raid comes for in this sample of the city, and among whom (ODD 4.6, step 3)."""
        rows, first, end = self.people.undocumented_rows, 0, len(self.people.undocumented_rows)
        if raid.district is not None:
            first, end = np.searchsorted(rows, self.people.district_start[raid.district : raid.district + 2]).tolist()
        share = self.population.expected_size / self.place.residents.sum()
        targets = int(raid.size * share + uniform(self.seed, CAPACITY, 2, self.day)) if end > first else 0
        return targets, first, end, raid.at_work, raid.reassurance

    def _open_block(self) -> None:
        """Move people, then draw the year's candidates."""
        if self.day > 0:
            self._make_room()
            move(self.day, self.seed, self.rules, self.districts, self.people, self.residents, self.communities,
                 self.candidates, self.due, self.today, self.counts)  # fmt: skip
        start, drawn = draw_candidates(self.seed, self.day // DAYS_PER_YEAR, self.rules, self.districts, self.residents)
        self.candidates = make_candidates(start, drawn, 1024)

    def _run_to(self, stop: int) -> None:
        policy = make_policy(self.policy_on(self.day), self._raid)
        while self.day < stop:
            target = stop if self.log is None else self.day + 1
            reached = advance(
                self.day, target, self.seed, policy, self.rules, self.districts, self.people, self.residents,
                self.communities, self.candidates, self.due, self.leads, self.today, self.counts, self.snapshots,
                self.survey,
            )  # fmt: skip
            if self.log is not None and reached == target:
                self.log.keep(self.day, self.today)
            self.day = reached
            if reached < target:
                self._make_room()

    def _make_room(self) -> None:
        """Enlarge the buffers so that the next day's events fit, twice over."""
        candidates = self.candidates
        assert candidates is not None  # they were drawn on the first day
        policy = make_policy(self.policy_on(self.day), self._raid)
        room = 2 * room_needed(self.day, policy, self.rules, candidates, self.due)
        if len(self.today.crimes) < room:
            self.today = make_today(room, COMMUNITIES, len(self.place.divisions))
        if self.due.n_free[0] < 2 * room:
            self.due = _larger_due(self.due, 2 * room)
        if len(self.leads.lead) - self.leads.size[0] < room:
            self.leads = self.leads._replace(lead=_longer(self.leads.lead, room))
        if len(candidates.late) - candidates.late_size[0] < room:
            self.candidates = candidates._replace(late=_longer(candidates.late, room))

    def absences(self) -> np.ndarray:
        """Count the residents by why they are away today (ODD 2).

        Returns
        -------
        int64, shape (5,)
            By code of `Absence`, `NONE` for those present; sums to the population.
        """
        away = np.where(self.residents["until"] > self.day, self.residents["absence"], Absence.NONE)
        return np.bincount(away, minlength=len(Absence))


class EventLog:
    """Keep everything that happened, day by day; `table` joins the days.

    Kinds are `crimes`, `bookings`, `ice_arrests` and `visits`.
    """

    KINDS = MappingProxyType(
        {
            "crimes": CRIMES_TODAY,
            "bookings": BOOKINGS_TODAY,
            "ice_arrests": ICE_ARRESTS_TODAY,
            "visits": VISITS_TODAY,
        }
    )

    def __init__(self):
        self._days = {kind: [] for kind in self.KINDS}
        self._events = {kind: [] for kind in self.KINDS}

    def keep(self, day, today) -> None:
        """Copy what happened today.

        Parameters
        ----------
        day : int
            The day just simulated.
        today : Today
            Its events.
        """
        for kind, size in self.KINDS.items():
            n = today.size[size]
            self._days[kind].append(np.full(n, day, np.int32))
            self._events[kind].append(getattr(today, kind)[:n].copy())

    def table(self, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """Return every event of one kind, and its day.

        Parameters
        ----------
        kind : str
            One of `EventLog.KINDS`.

        Returns
        -------
        days : int32, shape (n,)
            Day of each event, from the run's start.
        events : records, shape (n,)
            `CRIME`, `BOOKING`, `ICE_ARREST` or `VISIT` of `simulation.today`, in the order of the day.

        Raises
        ------
        KeyError
            If there is no such kind.
        ValueError
            If no day has been simulated.
        """
        return np.concatenate(self._days[kind]), np.concatenate(self._events[kind])


def _longer(array: np.ndarray, more: int) -> np.ndarray:
    return np.concatenate([array, np.zeros(more, array.dtype)])


def _larger_due(due: Due, more: int) -> Due:
    slots = len(due.slot)
    free = np.zeros(slots + more, np.int32)
    n_free = due.n_free[0]
    free[:n_free] = due.free[:n_free]
    free[n_free : n_free + more] = np.arange(slots, slots + more)
    return Due(due.head, _longer(due.slot, more), free, np.array([n_free + more]))


def build(scenario, seed: int, record_events: bool = False) -> Engine:
    """Make the engine of a scenario: load its place, draw its people, solve its constants.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    seed : int
        Root of every random number of the run; also the seed of the people, unless the scenario names one.
    record_events : bool
        Keep a log of every event.

    Returns
    -------
    Engine
        At day 0.

    Raises
    ------
    InputError
        If the place is not found or not valid, or the scale leaves too few residents.
    """
    place = Place.load(scenario.place)
    population_seed = seed if scenario.population_seed is None else scenario.population_seed
    population = synthesize(place, scenario.scale, population_seed)
    return Engine(
        place,
        population,
        scenario.parameters,
        scenario.policies(),
        scenario.days,
        seed,
        record_events,
        scenario.occurrences(),
        scenario.collection_days,
    )
