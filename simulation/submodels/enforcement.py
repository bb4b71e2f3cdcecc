"""Enforcement: leads, visits, arrests, hand-overs and removals by the immigration agency (MODEL.md 5.5, ODD 4.6)."""

import numpy as np

from ..compilation import kernel, rule
from ..randomness import (
    CAPACITY,
    COLLATERAL_ARREST,
    DETENTION_TERM,
    LEAD_SUCCESS,
    NEWCOMER_DELAY,
    OPERATION_PLACE,
    OTHER_LEAD,
    REMOVAL,
    RETURN_DELAY,
    identity,
    uniform,
)
from ..state import LEAD_DUE, REMOVAL_DUE, TRANSFER_DUE, VISITS, WASTED_VISITS
from ..today import ICE_ARRESTS_TODAY, VISITS_TODAY
from ..vocabulary import FOREVER, Channel
from .booking import criminality, is_removable, meets_priority
from .due import free_slot, put_due, take_due
from .investigation import delay
from .offending import pick
from .presence import DETAINED, is_beyond_reach, is_present, offends, send_away

_FINGERPRINT, _CUSTODY, _OTHER_LEAD, _COLLATERAL = (
    np.int64(Channel.FINGERPRINT), np.int64(Channel.CUSTODY), np.int64(Channel.OTHER_LEAD), np.int64(Channel.COLLATERAL)
)  # fmt: skip


@rule
def is_from_police_data(channel):
    """Whether an arrest through this channel began with something the police recorded."""
    return channel <= _CUSTODY


@rule
def database_capacity(capacity, visits_per_million, millions, u):
    """Return how many police-data leads can be worked today; the fraction is resolved by a draw."""
    return int(capacity * visits_per_million * millions + u)


@rule
def other_capacity(capacity, visits_per_million, millions, substitution, unused, u):
    """Return how many other leads are worked today, with what police data left unused."""
    return int(capacity * visits_per_million * millions + substitution * unused + u)


@rule
def removal_end(end_of_detention, return_delay, return_u, newcomer_delay, newcomer_u):
    """Return the day a removed person's row is filled again, and whether by a newcomer (a mean of 0: never)."""
    back = end_of_detention + delay(return_u, return_delay) if return_delay > 0.0 else FOREVER
    newcomer = end_of_detention + delay(newcomer_u, newcomer_delay) if newcomer_delay > 0.0 else FOREVER
    back, newcomer = min(back, FOREVER), min(newcomer, FOREVER)
    return min(back, newcomer), newcomer < back


@kernel
def arrest_by_ice(day, seed, row, channel, from_data, rules, residents, due, today, counts):
    """Arrest one person: detention, and then removal or release."""
    generation = residents[row].generation
    who = identity(row, generation)
    end = day + delay(uniform(seed, DETENTION_TERM, who, day), rules.detention_term)
    is_offender = offends(seed, row, generation, residents[row].offending_weight, rules.mean_offending_weight)
    send_away(residents, counts, is_offender, row, DETAINED, day, end)
    if uniform(seed, REMOVAL, who, day) < rules.removal:
        back, is_newcomer = removal_end(
            end,
            rules.return_delay,
            uniform(seed, RETURN_DELAY, who, day),
            rules.newcomer_delay,
            uniform(seed, NEWCOMER_DELAY, who, day),
        )
        put_due(due, REMOVAL_DUE, end, row, generation, who, back, 0, is_newcomer)
    arrest = today.ice_arrests[today.size[ICE_ARRESTS_TODAY]]
    arrest.row = row
    arrest.generation = generation
    arrest.channel = channel
    arrest.criminality = criminality(residents[row].record)
    arrest.from_data = from_data
    today.size[ICE_ARRESTS_TODAY] += 1
    community = residents[row].community
    counts[day].arrests[community, channel, arrest.criminality] += 1
    today.communities[community].arrests += 1
    today.communities[community].from_data += from_data


@kernel
def arrest_if_met(day, seed, row, from_data, policy, rules, residents, due, today, counts):
    """Arrest a person met during a visit, if removable and a priority, with the chance of a collateral arrest."""
    if (
        is_present(residents[row].until, day)
        and is_removable(residents[row].status, residents[row].record)
        and meets_priority(residents[row].record, policy.priorities)
        and uniform(seed, COLLATERAL_ARREST, identity(row, residents[row].generation), day) < rules.collateral_arrest
    ):
        arrest_by_ice(day, seed, row, _COLLATERAL, from_data, rules, residents, due, today, counts)


@kernel
def visit(day, seed, row, channel, policy, rules, people, residents, due, today, counts):
    """Visit a person at home or at work, and meet those who are there."""
    who = identity(row, residents[row].generation)
    from_data = is_from_police_data(channel)
    at_work = uniform(seed, OPERATION_PLACE, who, day) < rules.workplace_share and people.coworkers[row, 0] >= 0
    success_chance = rules.other_lead_success if channel == _OTHER_LEAD else rules.lead_success
    removable = is_removable(residents[row].status, residents[row].record)
    success = removable and uniform(seed, LEAD_SUCCESS, who, day) < success_chance
    counts[day].city[VISITS] += 1
    counts[day].city[WASTED_VISITS] += not removable
    made = today.visits[today.size[VISITS_TODAY]]
    made.row = row
    made.channel = channel
    made.at_work = at_work
    made.success = success
    today.size[VISITS_TODAY] += 1
    if success:
        arrest_by_ice(day, seed, row, channel, from_data, rules, residents, due, today, counts)
    if at_work:
        for z in range(people.coworkers.shape[1]):
            met = people.coworkers[row, z]
            if met >= 0:
                arrest_if_met(day, seed, met, from_data, policy, rules, residents, due, today, counts)
        return
    household = residents[row].household
    for met in range(people.household_start[household], people.household_start[household + 1]):
        if met != row:
            arrest_if_met(day, seed, met, from_data, policy, rules, residents, due, today, counts)
    for z in range(people.neighbors.shape[1]):
        met = people.neighbors[row, z]
        if met >= 0:
            arrest_if_met(day, seed, met, from_data, policy, rules, residents, due, today, counts)


@kernel
def take_transfers(day, seed, rules, residents, due, today, counts):
    """Take over the people whom jails and prisons hand over today."""
    for q in range(take_due(due, TRANSFER_DUE, day, False, today.slots, today.keys)):
        slot = today.slots[q]
        item = due.slot[slot]
        row, generation, channel = item.row, item.generation, np.int64(item.code)
        free_slot(due, slot)
        if (
            generation == residents[row].generation
            and is_removable(residents[row].status, residents[row].record)
            and not is_beyond_reach(residents[row].absence, residents[row].until, day)
        ):
            arrest_by_ice(day, seed, row, channel, is_from_police_data(channel), rules, residents, due, today, counts)


@kernel
def stack_leads(day, due, leads, today):
    """Put today's leads on the stack, at most one for each person."""
    previous_row, previous_generation = -1, -1
    for q in range(take_due(due, LEAD_DUE, day, False, today.slots, today.keys)):
        slot = today.slots[q]
        item = due.slot[slot]
        row, generation = item.row, item.generation
        if row != previous_row or generation != previous_generation:
            lead = leads.lead[leads.size[0]]
            lead.row = row
            lead.generation = generation
            lead.day = day
            lead.channel = item.code
            leads.size[0] += 1
        previous_row, previous_generation = row, generation
        free_slot(due, slot)


@kernel
def work_leads(day, seed, policy, rules, people, residents, due, leads, today, counts):
    """Work police-data leads, newest first, then other leads with the capacity that is left."""
    n = database_capacity(policy.capacity, rules.database_visits, rules.millions, uniform(seed, CAPACITY, 0, day))
    made = 0
    while made < n and leads.size[0] > 0:
        leads.size[0] -= 1
        lead = leads.lead[leads.size[0]]
        if day - lead.day > rules.lead_shelf_life:
            leads.size[0] = 0
            break
        row = lead.row
        if lead.generation != residents[row].generation or not is_present(residents[row].until, day):
            continue
        visit(day, seed, row, np.int64(lead.channel), policy, rules, people, residents, due, today, counts)
        made += 1
    others = other_capacity(
        policy.capacity,
        rules.other_visits,
        rules.millions,
        policy.substitution,
        n - made,
        uniform(seed, CAPACITY, 1, day),
    )
    pool = people.undocumented_rows.shape[0]
    for a in range(others if pool > 0 else 0):
        row = people.undocumented_rows[pick(uniform(seed, OTHER_LEAD, a, day), pool)]
        if is_present(residents[row].until, day) and meets_priority(residents[row].record, policy.priorities):
            visit(day, seed, row, _OTHER_LEAD, policy, rules, people, residents, due, today, counts)


@kernel
def enforce(day, seed, policy, rules, people, residents, due, leads, today, counts):
    """Run the immigration agency's day: hand-overs, police-data leads, other leads."""
    today.size[ICE_ARRESTS_TODAY] = 0
    today.size[VISITS_TODAY] = 0
    for c in range(today.communities.shape[0]):
        today.communities[c].arrests = 0
        today.communities[c].from_data = 0
    take_transfers(day, seed, rules, residents, due, today, counts)
    stack_leads(day, due, leads, today)
    work_leads(day, seed, policy, rules, people, residents, due, leads, today, counts)
