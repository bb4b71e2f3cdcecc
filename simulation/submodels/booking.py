"""Booking: arrests are entered in the database, and the agreement decides what the immigration agency sees.

MODEL.md 5.4, ODD 4.5.
"""

import numpy as np

from ..compilation import kernel, rule
from ..randomness import (
    CHARGE_GRADE,
    CONVICTION,
    DETAINER,
    FINGERPRINT_MATCH,
    JAIL,
    JAIL_TERM,
    PRISON_TRANSFER,
    STATE_PRISON,
    identity,
    uniform,
)
from ..state import ARREST_DUE, CONVICTION_DUE, GRADE_OF_CRIME, LEAD_DUE, RECORD_DUE, TRANSFER_DUE
from ..today import BOOKINGS_TODAY, BYSTANDER_1, CRIMES_TODAY, OTHER_ARRESTS_TODAY, PARTIES, VICTIM
from ..vocabulary import (
    CHARGED,
    CONVICTED,
    OTHER_ARREST,
    SERIOUS,
    Channel,
    ChargeGrade,
    CrimeType,
    Criminality,
    LegalStatus,
    Role,
)
from .arithmetic import delay
from .due import free_slot, put_due, take_due
from .presence import JAILED, is_beyond_reach, is_present, offends, send_away

_US_BORN, _LAWFUL, _UNDOCUMENTED = (
    np.int64(LegalStatus.US_BORN_CITIZEN), np.int64(LegalStatus.LAWFUL_NONCITIZEN), np.int64(LegalStatus.UNDOCUMENTED)
)  # fmt: skip
_SUMMARY, _MISDEMEANOR, _FELONY = (np.int64(g) for g in ChargeGrade)
_DATABASE, _FINGERPRINT, _CUSTODY, _PRISON = (
    np.int64(Channel.DATABASE), np.int64(Channel.FINGERPRINT), np.int64(Channel.CUSTODY), np.int64(Channel.PRISON)
)  # fmt: skip
_NO_CHARGE, _CHARGED, _CONVICTED, _SERIOUS = (np.int64(c) for c in Criminality)
_ARRESTEE, _VICTIM, _WITNESS = (np.int64(r) for r in Role)
_HOMICIDE = np.int64(CrimeType.HOMICIDE)
_OTHER = np.int64(OTHER_ARREST)


@rule
def charge_grade(kind, u, felony_share, misdemeanor_share):
    """Return the grade of the gravest charge of an arrest.

    For a crime that of its type (`GRADE_OF_CRIME`). An other arrest is a felony if `u < other_charge_felony`, a
    misdemeanor if `u` is below the sum with `other_charge_misdemeanor`, else summary (MODEL.md 5.4, ODD 4.5).

    Parameters
    ----------
    kind : int
        Code of `CrimeType`, or `OTHER_ARREST`.
    u : float
        Uniform number in [0, 1), stream `CHARGE_GRADE`.
    felony_share, misdemeanor_share : float
        Probabilities that an other arrest is charged so.

    Returns
    -------
    int
        Code of `ChargeGrade`.
    """
    if kind != OTHER_ARREST:
        return GRADE_OF_CRIME[kind]
    if u < felony_share:
        return _FELONY
    return _MISDEMEANOR if u < felony_share + misdemeanor_share else _SUMMARY


@rule
def is_removable(status, record):
    """Return whether the immigration agency may remove a person.

    True for the undocumented, and for lawful noncitizens with a serious conviction (MODEL.md 5.5, ODD 4.5).

    Parameters
    ----------
    status : int
        Code of `LegalStatus`.
    record : int
        Criminal record, bits `CHARGED`, `CONVICTED`, `SERIOUS`.

    Returns
    -------
    bool
    """
    return status == _UNDOCUMENTED or (status == _LAWFUL and (record & SERIOUS) != 0)


@rule
def criminality(record):
    """Return the gravest entry of a criminal record.

    Serious conviction, conviction, charge, or none (MODEL.md 5.5, ODD 4.5, 4.6).

    Parameters
    ----------
    record : int
        Criminal record, bits `CHARGED`, `CONVICTED`, `SERIOUS`.

    Returns
    -------
    int
        Code of `Criminality`.
    """
    if record & SERIOUS:
        return _SERIOUS
    if record & CONVICTED:
        return _CONVICTED
    return _CHARGED if record & CHARGED else _NO_CHARGE


@rule
def meets_priority(record, priorities):
    """Return whether the agency's priorities cover a person with this criminal record.

    Priorities are ordered like criminality (everyone, charged, convicted, serious): met if the gravest entry reaches
    them (MODEL.md 5.5, ODD 4.5).

    Parameters
    ----------
    record : int
        Criminal record, bits `CHARGED`, `CONVICTED`, `SERIOUS`.
    priorities : int
        Code of `Priorities`.

    Returns
    -------
    bool
    """
    return criminality(record) >= priorities


@rule
def shows_role(role, policy):
    """Return whether the access agreement shows records of people in this role.

    MODEL.md 5.4, ODD 4.5.

    Parameters
    ----------
    role : int
        Code of `Role`.
    policy : POLICY record
        The roles that the agreement shows are read.

    Returns
    -------
    bool
    """
    if role == _ARRESTEE:
        return policy.shows_arrestee
    return policy.shows_victim if role == _VICTIM else policy.shows_witness


@rule
def shows_person(role, status, record, policy):
    """Return whether the immigration agency sees a record as one of a person to look into.

    The agreement must show the role, and a field that points to the person: immigration status points to removable
    people; country of birth only, to everybody not born a U.S. citizen, so to naturalized citizens too (MODEL.md 5.4
    and 5.5, ODD 4.5).

    Parameters
    ----------
    role : int
        Code of `Role`.
    status : int
        Code of `LegalStatus`.
    record : int
        Criminal record, bits `CHARGED`, `CONVICTED`, `SERIOUS`.
    policy : POLICY record
        The roles and fields that the agreement shows are read.

    Returns
    -------
    bool
    """
    if not shows_role(role, policy):
        return False
    if policy.shows_immigration_status:
        return is_removable(status, record)
    return policy.shows_country_of_birth and status != _US_BORN


@kernel
def apply_convictions(day, residents, due, today):
    """Enter the convictions that fall due today in the criminal records.

    Reads and clears convictions in `due`; changes `record` of residents of the same generation, wherever they are.
    Before the day's bookings (ODD 4.5).
    """
    for q in range(take_due(due, CONVICTION_DUE, day, False, today.slots, today.keys)):
        slot = today.slots[q]
        row = due.slot[slot].row
        if due.slot[slot].generation == residents[row].generation:
            residents[row].record |= CONVICTED | (SERIOUS if due.slot[slot].flag else 0)
        free_slot(due, slot)


@kernel
def book_arrests(day, seed, policy, rules, residents, due, today, counts):
    """Book the arrests that fall due today, then today's other arrests.

    Reads and clears arrests in `due`, in the order of the crimes' identities, and `today.other_arrests`; fills
    `today.bookings`. An arrestee must be of the generation that offended and within reach of the police (ODD 4.5).
    """
    today.size[BOOKINGS_TODAY] = 0
    for q in range(take_due(due, ARREST_DUE, day, True, today.slots, today.keys)):
        slot = today.slots[q]
        item = due.slot[slot]
        row, generation, is_wrong = item.row, item.generation, item.flag
        who, occasion, kind = item.who, item.occasion, np.int64(item.code)
        free_slot(due, slot)
        if generation != residents[row].generation:
            continue
        until = residents[row].until
        reachable = not is_beyond_reach(residents[row].absence, until, day)
        if is_present(until, day) if is_wrong else reachable:
            book(day, seed, row, who, occasion, kind, is_wrong, policy, rules, residents, due, today, counts)
    for q in range(today.size[OTHER_ARRESTS_TODAY]):
        row, occasion = today.other_arrests[q].row, today.other_arrests[q].occasion
        if is_present(residents[row].until, day):
            who = identity(row, residents[row].generation)
            book(day, seed, row, who, occasion, _OTHER, False, policy, rules, residents, due, today, counts)


@kernel
def book(day, seed, row, who, occasion, kind, is_wrong, policy, rules, residents, due, today, counts):
    """Book one arrestee: charge, conviction to come, jail, and what follows from what the immigration agency sees.

    Reads the policy; adds to `today.bookings`; changes the arrestee's record, absence and `until`; puts a conviction,
    transfer or lead on the calendar; counts the booking (MODEL.md 5.4, ODD 4.5).
    """
    person = residents[row]
    booking = today.bookings[today.size[BOOKINGS_TODAY]]
    booking.row = row
    booking.generation = person.generation
    booking.who = who
    booking.occasion = occasion
    booking.code = kind
    booking.grade = charge_grade(
        kind,
        uniform(seed, CHARGE_GRADE, who, occasion),
        rules.other_charge_felony,
        rules.other_charge_misdemeanor,
    )
    today.size[BOOKINGS_TODAY] += 1
    counts[day].bookings[person.community] += 1
    person.record |= CHARGED
    is_felony = booking.grade == _FELONY
    is_convicted = not is_wrong and uniform(seed, CONVICTION, who, occasion) < rules.conviction[booking.grade]
    if is_convicted:
        put_due(due, CONVICTION_DUE, day + rules.disposition_delay, row, person.generation, 0, 0, 0, is_felony)
    in_state_prison = False
    if uniform(seed, JAIL, who, occasion) < rules.jail[booking.grade]:
        term = delay(uniform(seed, JAIL_TERM, who, occasion), rules.jail_term[booking.grade])
        is_offender = offends(seed, row, person.generation, person.offending_weight, rules.mean_offending_weight)
        send_away(residents, counts, is_offender, row, JAILED, day, max(person.until, day + term))
        is_sentenced = is_convicted and is_felony
        in_state_prison = is_sentenced and uniform(seed, STATE_PRISON, who, occasion) < rules.state_prison_share
    share_booking(day, seed, booking, person, in_state_prison, policy, rules, due)


@kernel
def share_booking(day, seed, booking, person, in_state_prison, policy, rules, due):
    """Decide what follows from a booking that the immigration agency sees: a transfer, a lead, or nothing.

    Reads the policy and the person; changes `due`. From a state prison a transfer needs neither agreement nor priority;
    otherwise in this order a custody transfer, a database lead, a fingerprint lead. A record that is shown only after
    disposition goes on the calendar (ODD 4.5, "What ICE sees").
    """
    row, generation, who, occasion = booking.row, booking.generation, booking.who, booking.occasion
    release = max(person.until, day)
    removable = is_removable(person.status, person.record)
    by_data = shows_person(_ARRESTEE, person.status, person.record, policy)
    if in_state_prison:
        if removable and uniform(seed, PRISON_TRANSFER, who, occasion) < rules.prison_transfer:
            put_due(due, TRANSFER_DUE, release, row, generation, 0, 0, _PRISON, False)
        return
    if by_data and policy.after_disposition:
        by_data = False
        arrives = max(release, day + rules.disposition_delay) + (0 if policy.real_time else rules.batch_delay)
        put_due(due, RECORD_DUE, arrives, row, generation, 0, 0, _ARRESTEE, True)
    if not meets_priority(person.record, policy.priorities):
        return
    by_print = (
        policy.fingerprint_checks
        and removable
        and uniform(seed, FINGERPRINT_MATCH, who, occasion) < rules.fingerprint_match
    )
    is_handed_over = uniform(seed, DETAINER, who, occasion) < rules.detainer_compliance[policy.detainers]
    if removable and (by_data or by_print) and is_handed_over:
        put_due(due, TRANSFER_DUE, release, row, generation, 0, 0, _CUSTODY, False)
    elif by_data:
        put_database_lead(release, row, generation, _ARRESTEE, policy, rules, due)
    elif by_print:
        put_due(due, LEAD_DUE, release, row, generation, 0, 0, _FINGERPRINT, False)


@kernel
def put_database_lead(day, row, generation, role, policy, rules, due):
    """Let a record that the agreement shows become a lead, at once or with the next batch.

    Changes `due`: a lead on `day` with real-time access, else a record that arrives `batch_delay` days later (ODD 4.5).
    """
    if policy.real_time:
        put_due(due, LEAD_DUE, day, row, generation, 0, 0, _DATABASE, False)
    else:
        put_due(due, RECORD_DUE, day + rules.batch_delay, row, generation, 0, 0, role, False)


@kernel
def enter_victims_and_witnesses(day, policy, rules, residents, due, today):
    """Enter the victims and witnesses of today's reported crimes; the agreement decides whether they give leads.

    Reads `today.crimes`, presence and records of the people; changes `due`. A witness is a bystander who called or
    cooperates (MODEL.md 5.4, ODD 4.5).
    """
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        if not crime.reported:
            continue
        for party in range(PARTIES):
            if party == VICTIM:
                row = crime.victim
                enters = crime.crime_type != _HOMICIDE
            else:
                row = crime.bystander[party - BYSTANDER_1]
                enters = crime.calls[party] or crime.cooperates[party]
            role = _VICTIM if party == VICTIM else _WITNESS
            if (
                enters
                and is_present(residents[row].until, day)
                and shows_person(role, residents[row].status, residents[row].record, policy)
                and meets_priority(residents[row].record, policy.priorities)
            ):
                put_database_lead(day, row, residents[row].generation, role, policy, rules, due)


@kernel
def deliver_batches(day, policy, residents, due, today):
    """Turn records of today's batch into leads, if the agreement now in force shows them.

    Reads and clears records in `due` and puts leads for today there. Priority is tested now for a record that waited
    for disposition (`flag`), and not again for others (ODD 4.5).
    """
    for q in range(take_due(due, RECORD_DUE, day, False, today.slots, today.keys)):
        slot = today.slots[q]
        item = due.slot[slot]
        row, generation, role, is_untested = item.row, item.generation, np.int64(item.code), item.flag
        free_slot(due, slot)
        if is_untested and not meets_priority(residents[row].record, policy.priorities):
            continue
        if shows_person(role, residents[row].status, residents[row].record, policy):
            put_due(due, LEAD_DUE, day, row, generation, 0, 0, _DATABASE, False)
