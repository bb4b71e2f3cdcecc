"""The order of a day, and the compiled loop over days (MODEL.md 3, ODD 4)."""

from .compilation import kernel, loop
from .state import DUE_KINDS
from .submodels.booking import apply_convictions, book_arrests, deliver_batches, enter_victims_and_witnesses
from .submodels.candidates import add_newcomer
from .submodels.due import count_due
from .submodels.enforcement import enforce
from .submodels.experience import (
    spread_bookings,
    spread_crimes,
    spread_ice_arrests,
    spread_visits,
)
from .submodels.investigation import investigate, update_caseload
from .submodels.learning import learn_from_crimes, update_learned_risk
from .submodels.observation import observe_communities, take_snapshot
from .submodels.offending import commit_crimes
from .submodels.perception import update_communities
from .submodels.presence import move_people
from .submodels.reporting import find_bystanders, report_crimes
from .submodels.status import protect_victims
from .submodels.survey import hold_interviews, remember_crimes
from .vocabulary import DAYS_PER_YEAR

MOST_MET = 64
"""More people than one visit can meet; a household is smaller."""


@loop
def room_needed(day, policy, rules, candidates, due):
    """Return an upper bound on the events of one kind that a day can bring.

    Reads today's candidates, what falls due, the policy's capacity and today's raid; changes nothing.

    Parameters
    ----------
    day : int
        The day, of the year block of `candidates`.
    policy : POLICY record
    rules : RULES record
    candidates : Candidates
    due : Due

    Returns
    -------
    int
        Events, 0 or more.
    """
    at = day % DAYS_PER_YEAR
    events = candidates.start[at + 1] - candidates.start[at] + candidates.late_size[0]
    falling_due = 0
    for kind in range(DUE_KINDS):
        falling_due += count_due(due, kind, day)
    visits = 2.0 + policy.capacity * (rules.database_visits + rules.other_visits) * rules.millions
    visits += policy.raid_targets
    residents = 0.0
    for c in range(rules.community_size.shape[0]):
        residents += rules.community_size[c]
    visits = int(2.0 * visits)
    # Everybody is arrested at most once a day.
    return 4 * events + 3 * falling_due + min(visits * MOST_MET, visits + int(residents))


@kernel
def has_room(needed, today, due, leads, candidates):
    """Return whether every buffer can take a day with so many events; changes nothing."""
    return (
        today.crimes.shape[0] >= needed
        and due.n_free[0] >= 2 * needed
        and leads.lead.shape[0] - leads.size[0] >= needed
        and candidates.late.shape[0] - candidates.late_size[0] >= needed
    )


@loop
def move(day, seed, rules, districts, people, residents, communities, candidates, due, today, counts):
    """Run stage 1 of a day: people leave and arrive; newcomers get candidates for the rest of the year block.

    Changes `residents`, `candidates`, `due` and `counts`. The arguments are those of `simulation.submodels` (MODEL.md
    3, ODD 4.1).
    """
    for q in range(move_people(day, seed, rules, people, residents, communities, due, today, counts)):
        if day % DAYS_PER_YEAR != 0:  # else the block's own draw, later today, includes them
            add_newcomer(seed, day, rules, districts, residents, candidates, today.slots[q])


@kernel
def run_day(day, seed, policy, rules, districts, people, residents, communities, candidates, due, leads, today,
            counts):  # fmt: skip
    """Run stages 2 to 8 of one day, in the order of MODEL.md 3 and ODD 4.2 to 4.8.

    Everybody decides on trust, fear and the state of communities and divisions at the day's start; these change only in
    stage 7. Presence, generations and records change at once.
    """
    # 2 Crime
    commit_crimes(day, seed, rules, districts, people, residents, communities, candidates, today, counts)
    # 3 Reporting
    find_bystanders(day, seed, rules, people, residents, today)
    report_crimes(day, seed, policy, rules, residents, communities, today, counts)
    # 4 Investigation
    investigate(day, seed, policy, rules, districts, people, residents, due, today, counts)
    learn_from_crimes(rules, districts, residents, today)
    # 5 Booking
    apply_convictions(day, residents, due, today)
    book_arrests(day, seed, policy, rules, residents, due, today, counts)
    enter_victims_and_witnesses(day, policy, rules, residents, due, today)
    deliver_batches(day, policy, residents, due, today)
    # 6 Enforcement
    enforce(day, seed, policy, rules, people, residents, due, leads, today, counts)
    # 7 Experience spreads
    spread_crimes(day, rules, residents, communities, today)
    protect_victims(seed, policy, people, residents, today)
    spread_bookings(day, rules, people, residents, communities, today)
    spread_ice_arrests(day, rules, people, residents, communities, today)
    spread_visits(day, rules, people, residents, communities, today)
    update_communities(policy, rules, communities, today)
    update_caseload(districts, today.reported_in_division, rules.case_decay)
    update_learned_risk(communities, today, rules.learning_kept)
    # 8 Observation
    observe_communities(day, communities, today, counts)


@loop
def advance(day_from, day_to, seed, policy, rules, districts, people, residents, communities, candidates, due,
            leads, today, counts, snapshots, survey):  # fmt: skip
    """Run the days from `day_from` to `day_to` (not included) under one policy (MODEL.md 3, ODD 4).

    Stage 1 of a day that opens a year block is the caller's (its candidates must be drawn in between), so a call never
    crosses into a new block.

    Parameters
    ----------
    day_from, day_to : int
        First day, and the day after the last; within one year block and one policy.
    seed, policy, rules, districts, people, residents, communities, candidates, due, leads, today, counts, snapshots,
    survey
        The state of the run (see `simulation.submodels`); changed in place.

    Returns
    -------
    int
        The day it stopped before: `day_to`, or an earlier one whose events the buffers cannot take. The caller then
        makes them larger and goes on.
    """
    for day in range(day_from, day_to):
        if not has_room(room_needed(day, policy, rules, candidates, due), today, due, leads, candidates):
            return day
        if day % DAYS_PER_YEAR != 0:
            move(day, seed, rules, districts, people, residents, communities, candidates, due, today, counts)
        run_day(day, seed, policy, rules, districts, people, residents, communities, candidates, due, leads, today,
                counts)  # fmt: skip
        remember_crimes(day, seed, residents, today, survey)
        hold_interviews(day, seed, rules, residents, communities, survey)
        take_snapshot(day + 1, rules, people, residents, communities, snapshots)
    return day_to
