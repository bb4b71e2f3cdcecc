"""Enforcement: leads, visits, immigration arrests, transfers and removals (MODEL.md 5.5, ODD 4.6)."""

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
    RAID_TARGET,
    REMOVAL,
    RETURN_DELAY,
    identity,
    uniform,
)
from ..state import LEAD_DUE, REMOVAL_DUE, TRANSFER_DUE, VISITS, WASTED_VISITS
from ..today import ICE_ARRESTS_TODAY, VISITS_TODAY
from ..vocabulary import FOREVER, Channel, LegalStatus
from .arithmetic import delay, pick
from .booking import criminality, is_removable, meets_priority
from .due import free_slot, put_due, take_due
from .presence import DETAINED, is_beyond_reach, is_present, offends, send_away

_CUSTODY, _OTHER_LEAD, _COLLATERAL, _RAID = (
    np.int64(c) for c in (Channel.CUSTODY, Channel.OTHER_LEAD, Channel.COLLATERAL, Channel.RAID)
)
_UNDOCUMENTED = np.int64(LegalStatus.UNDOCUMENTED)


@rule
def is_from_police_data(channel):
    """Return whether an arrest through this channel began with something the police recorded.

    Database, fingerprint and custody do; prison, other leads and raids do not. A collateral arrest is judged by the
    channel of the visit, not by its own (MODEL.md 5.5, ODD 4.6).

    Parameters
    ----------
    channel : int
        Code of `Channel` of a transfer or lead.

    Returns
    -------
    bool
    """
    return channel <= _CUSTODY


@rule
def database_capacity(capacity, visits_per_million, millions, u):
    """Return how many leads from police data can be worked today.

    `n = floor(capacity * database_visits * M + u)`: the draw resolves the fraction of a visit (MODEL.md 3 and 5.5,
    ODD 4.6).

    Parameters
    ----------
    capacity : float
        Multiple of the agency's usual capacity, 0 or more.
    visits_per_million : float
        Visits per day per million residents, 0 or more.
    millions : float
        Expected population in millions, above 0.
    u : float
        Uniform number in [0, 1), stream `CAPACITY`.

    Returns
    -------
    int
        Visits, 0 or more.
    """
    return int(capacity * visits_per_million * millions + u)


@rule
def other_capacity(capacity, visits_per_million, millions, substitution, unused, u):
    """Return how many other leads are worked today, with what police data left unused.

    `m = floor(capacity * other_visits * M + substitution * unused + u)` (MODEL.md 5.5, ODD 4.6).

    Parameters
    ----------
    capacity : float
        Multiple of the agency's usual capacity, 0 or more.
    visits_per_million : float
        Visits per day per million residents, 0 or more.
    millions : float
        Expected population in millions, above 0.
    substitution : float
        Share of unused capacity that goes to other leads, 0 to 1; 0 switches the mechanism off.
    unused : int
        Visits that could have been made today on leads from police data and were not, 0 or more.
    u : float
        Uniform number in [0, 1), stream `CAPACITY`.

    Returns
    -------
    int
        Leads, 0 or more.
    """
    return int(capacity * visits_per_million * millions + substitution * unused + u)


@rule
def newcomer_delay(usual, migration):
    """Return the mean delay until a newcomer takes a removed person's place.

    `365 / (replacement_migration * migration)` (MODEL.md 5.5, ODD 4.6).

    Parameters
    ----------
    usual : float
        Mean delay in days at the usual rate, `365 / replacement_migration`; 0 stands for never.
    migration : float
        Multiple of the usual rate, 0 or more.

    Returns
    -------
    float
        Days; 0 stands for never.
    """
    return usual / migration if migration > 0.0 else 0.0


@rule
def success_chance(channel, lead_success, other_lead_success, raid_success):
    """Return the probability that a visit to a removable person ends in that person's arrest.

    By how the agency came to the person: a lead from police data, another lead, or a raid (MODEL.md 5.5, ODD 4.6).

    Parameters
    ----------
    channel : int
        Code of `Channel` of the lead.
    lead_success, other_lead_success, raid_success : float
        Probabilities.

    Returns
    -------
    float
        Probability.
    """
    if channel == _RAID:
        return raid_success
    return other_lead_success if channel == _OTHER_LEAD else lead_success


@rule
def removal_end(end_of_detention, return_delay, return_u, newcomer_delay, newcomer_u):
    """Return the day on which a removed person's row is filled again, and whether by a newcomer.

    The earlier of return and replacement by a newcomer, each after a geometric delay counted from the end of detention;
    on a tie the person returns (MODEL.md 5.5, ODD 4.6).

    Parameters
    ----------
    end_of_detention : int
        Day of the removal.
    return_delay, newcomer_delay : float
        Mean delays in days, `365 / return_rate` and `365 / replacement_migration`; 0 stands for never.
    return_u, newcomer_u : float
        Uniform numbers in [0, 1), streams `RETURN_DELAY` and `NEWCOMER_DELAY`.

    Returns
    -------
    day : int
        After the removal; `FOREVER` if the row stays empty.
    is_newcomer : bool
    """
    back = end_of_detention + delay(return_u, return_delay) if return_delay > 0.0 else FOREVER
    newcomer = end_of_detention + delay(newcomer_u, newcomer_delay) if newcomer_delay > 0.0 else FOREVER
    back, newcomer = min(back, FOREVER), min(newcomer, FOREVER)
    return min(back, newcomer), newcomer < back


@kernel
def arrest_by_ice(day, seed, row, channel, origin, policy, rules, residents, due, today, counts):
    """Make one immigration arrest: detention, and then removal or release.

    `origin` is the channel of the lead that the visit was made on, which for a collateral arrest is not its own. Adds
    to `today.ice_arrests` and to the sums of the person's community; changes the person's absence and `until`; puts a
    removal on the calendar; counts the arrest by channel and criminality (MODEL.md 5.5, ODD 4.6, step 5).
    """
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
            newcomer_delay(rules.newcomer_delay, policy.migration),
            uniform(seed, NEWCOMER_DELAY, who, day),
        )
        put_due(due, REMOVAL_DUE, end, row, generation, who, back, 0, is_newcomer)
    arrest = today.ice_arrests[today.size[ICE_ARRESTS_TODAY]]
    arrest.row = row
    arrest.generation = generation
    arrest.channel = channel
    arrest.criminality = criminality(residents[row].record)
    arrest.from_data = is_from_police_data(origin)
    arrest.in_raid = origin == _RAID
    today.size[ICE_ARRESTS_TODAY] += 1
    community = residents[row].community
    counts[day].arrests[community, channel, arrest.criminality] += 1
    today.communities[community].arrests += not arrest.in_raid
    today.communities[community].raid_arrests += arrest.in_raid
    today.communities[community].from_data += arrest.from_data


@kernel
def arrest_if_met(day, seed, row, origin, policy, rules, residents, due, today, counts):
    """Arrest a person met during a visit, if removable and a priority, with the chance of a collateral arrest.

    Reads presence, status and record; changes what `arrest_by_ice` changes (ODD 4.6, step 4).
    """
    if (
        is_present(residents[row].until, day)
        and is_removable(residents[row].status, residents[row].record)
        and meets_priority(residents[row].record, policy.priorities)
        and uniform(seed, COLLATERAL_ARREST, identity(row, residents[row].generation), day) < rules.collateral_arrest
    ):
        arrest_by_ice(day, seed, row, _COLLATERAL, origin, policy, rules, residents, due, today, counts)


@kernel
def visit(day, seed, row, channel, wants_work, policy, rules, people, residents, due, today, counts):
    """Visit a person at work if wanted so and the person has co-workers, else at home, and meet those who are there.

    Reads household and ties; adds to `today.visits`, counts the visit and whether it is wasted, and arrests the person
    and those met by their chances: the household, then neighbors, or the co-workers (MODEL.md 5.5, ODD 4.6, step 4).
    """
    who = identity(row, residents[row].generation)
    at_work = wants_work and people.coworkers[row, 0] >= 0
    chance = success_chance(channel, rules.lead_success, rules.other_lead_success, rules.raid_success)
    removable = is_removable(residents[row].status, residents[row].record)
    success = removable and uniform(seed, LEAD_SUCCESS, who, day) < chance
    counts[day].city[VISITS] += 1
    counts[day].city[WASTED_VISITS] += not removable
    made = today.visits[today.size[VISITS_TODAY]]
    made.row = row
    made.channel = channel
    made.at_work = at_work
    made.success = success
    today.size[VISITS_TODAY] += 1
    if success:
        arrest_by_ice(day, seed, row, channel, channel, policy, rules, residents, due, today, counts)
    if at_work:
        for z in range(people.coworkers.shape[1]):
            met = people.coworkers[row, z]
            if met >= 0:
                arrest_if_met(day, seed, met, channel, policy, rules, residents, due, today, counts)
        return
    household = residents[row].household
    for met in range(people.household_start[household], people.household_start[household + 1]):
        if met != row:
            arrest_if_met(day, seed, met, channel, policy, rules, residents, due, today, counts)
    for z in range(people.neighbors.shape[1]):
        met = people.neighbors[row, z]
        if met >= 0:
            arrest_if_met(day, seed, met, channel, policy, rules, residents, due, today, counts)


@kernel
def wants_work(day, seed, row, rules, residents):
    """Return whether a lead is to be worked at the workplace; changes nothing (ODD 4.6, step 4)."""
    return uniform(seed, OPERATION_PLACE, identity(row, residents[row].generation), day) < rules.workplace_share


@kernel
def is_target(day, row, policy, residents):
    """Return whether the agency would visit a person without a lead from police data (ODD 4.6, step 3).

    Reads presence, legal status and record; changes nothing.
    """
    person = residents[row]
    return (
        is_present(person.until, day)
        and person.status == _UNDOCUMENTED
        and meets_priority(person.record, policy.priorities)
    )


@kernel
def take_transfers(day, seed, policy, rules, residents, due, today, counts):
    """Arrest the people whom jails and state prisons hand over today.

    Reads and clears transfers in `due`; changes what `arrest_by_ice` changes. The person must be of that generation,
    still removable and within reach (ODD 4.6, step 1).
    """
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
            arrest_by_ice(day, seed, row, channel, channel, policy, rules, residents, due, today, counts)


@kernel
def stack_leads(day, residents, due, leads, today):
    """Put the leads that become workable today on the stack, at most one for each person.

    Reads and clears leads in `due`, in the order of (row, channel); changes `leads`. A lead to somebody whom a
    newcomer has replaced is dropped (ODD 4.6, step 2).
    """
    previous = -1
    for q in range(take_due(due, LEAD_DUE, day, False, today.slots, today.keys)):
        slot = today.slots[q]
        item = due.slot[slot]
        if item.row != previous and item.generation == residents[item.row].generation:
            lead = leads.lead[leads.size[0]]
            lead.row = item.row
            lead.generation = item.generation
            lead.day = day
            lead.channel = item.code
            leads.size[0] += 1
            previous = item.row
        free_slot(due, slot)


@kernel
def work_leads(day, seed, policy, rules, people, residents, due, leads, today, counts):
    """Work leads from police data, newest first, then other leads with the capacity that is left.

    Reads the policy's capacity; takes leads off the stack and makes visits. A lead past its shelf life ends the stack;
    one whose person is away or replaced costs nothing (MODEL.md 5.5, ODD 4.6, steps 2 and 3).
    """
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
        at_work = wants_work(day, seed, row, rules, residents)
        visit(day, seed, row, np.int64(lead.channel), at_work, policy, rules, people, residents, due, today, counts)
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
        if is_target(day, row, policy, residents):
            at_work = wants_work(day, seed, row, rules, residents)
            visit(day, seed, row, _OTHER_LEAD, at_work, policy, rules, people, residents, due, today, counts)


@kernel
def raid(day, seed, policy, rules, people, residents, due, today, counts):
    """Visit the targets of today's raid, all at home or all at work.

    Reads the raid in the policy of the day; changes what `visit` changes (MODEL.md 5.5, ODD 4.6, step 3).
    """
    for a in range(policy.raid_targets):
        u = uniform(seed, RAID_TARGET, a, day)
        row = people.undocumented_rows[policy.raid_first + pick(u, policy.raid_end - policy.raid_first)]
        if is_target(day, row, policy, residents):
            visit(day, seed, row, _RAID, policy.raid_at_work, policy, rules, people, residents, due, today, counts)


@kernel
def enforce(day, seed, policy, rules, people, residents, due, leads, today, counts):
    """Run the immigration agency's day: transfers, leads from police data, other leads, a raid.

    Empties and then fills `today.ice_arrests`, `today.visits` and the sums of arrests by community (ODD 4.6).
    """
    today.size[ICE_ARRESTS_TODAY] = 0
    today.size[VISITS_TODAY] = 0
    for c in range(today.communities.shape[0]):
        today.communities[c].arrests = 0
        today.communities[c].raid_arrests = 0
        today.communities[c].from_data = 0
    take_transfers(day, seed, policy, rules, residents, due, today, counts)
    stack_leads(day, residents, due, leads, today)
    work_leads(day, seed, policy, rules, people, residents, due, leads, today, counts)
    raid(day, seed, policy, rules, people, residents, due, today, counts)
