"""Reporting: who calls the police, and who cooperates afterwards (MODEL.md 5.2, ODD 4.3)."""

import numpy as np

from ..compilation import kernel, rule
from ..randomness import (
    ACCOMPANIMENT,
    BYSTANDER_CALL,
    BYSTANDER_COOPERATION,
    BYSTANDER_PERSON,
    BYSTANDER_PRESENCE,
    BYSTANDER_SOURCE,
    HANDLED_OTHERWISE,
    VICTIM_CALL,
    VICTIM_COOPERATION,
    identity,
    uniform,
)
from ..state import HANDLED, REPORTED
from ..today import BYSTANDER_1, CRIMES_TODAY, PARTIES, VICTIM
from ..vocabulary import VIOLENT, CrimeType, LegalStatus
from .arithmetic import expit, pick, relaxed
from .offending import choose_other_member
from .perception import salience
from .presence import is_present

NOBODY = np.int64(-1)
"""Row of a bystander slot that is empty."""

_HOMICIDE = np.int64(CrimeType.HOMICIDE)
_UNDOCUMENTED = np.int64(LegalStatus.UNDOCUMENTED)
_PROTECTED_KINDS = np.array([kind in VIOLENT and kind != CrimeType.HOMICIDE for kind in CrimeType])


@rule
def dread(vulnerability, belief, fear, salience):
    """Return the fear that bears on calling the police.

    `dread_i = vulnerability_i * belief[c] * (1 - exp(-(fear_i + salience[c])))`: a person at risk, who believes in a
    link between police and the immigration agency, with enforcement in mind. Zero if any of the three is missing
    (MODEL.md 5.2, ODD 4.3).

    Parameters
    ----------
    vulnerability : float
        Weight of the person's status and household, 0 to 1.
    belief : float
        Perceived sharing in the person's community, 0 to 1.
    fear : float
        Personal fear from enforcement that came near, 0 or more.
    salience : float
        Enforcement salience in the person's community, 0 or more.

    Returns
    -------
    float
        0 to 1.
    """
    return vulnerability * belief * (1.0 - np.exp(-(fear + salience)))


@rule
def leaning(trust, dread_felt, trust_effect, fear_effect):
    """Return how trust and dread move a person's log-odds of calling or cooperating.

    `trust_effect * trust_i - fear_effect * dread_i`: trust invites the call and dread holds it back, on top of the
    crime type's own intercept (MODEL.md 5.2, ODD 4.3).

    Parameters
    ----------
    trust : float
        Trust in the police, standard deviations from the average.
    dread_felt : float
        Dread, 0 to 1.
    trust_effect : float
        Log-odds per standard deviation of trust, 0 or more; 0 switches the mechanism off.
    fear_effect : float
        Log-odds per unit of dread, 0 or more; 0 switches the mechanism off.

    Returns
    -------
    float
        Log-odds.
    """
    return trust_effect * trust - fear_effect * dread_felt


@rule
def is_protected_crime(kind):
    """Return whether a victim who cooperates in a crime of this type can be protected: violent, and not a homicide.

    MODEL.md 5.2, ODD 4.3 and 4.7.

    Parameters
    ----------
    kind : int
        Code of `CrimeType`.

    Returns
    -------
    bool
    """
    return _PROTECTED_KINDS[kind]


@rule
def victim_relief(is_accompanied, accompaniment_relief, protection):
    """Return the factor by which help lowers a victim's dread.

    `1 - accompaniment_relief` where an advocate comes along, times `1 - protection`, with `protection` the chance that
    the victim knows of a protection and would get it, 0 for those who cannot (MODEL.md 5.2, ODD 4.3).

    Parameters
    ----------
    is_accompanied : bool
        Whether an advocate comes along.
    accompaniment_relief : float
        Share of dread that an advocate takes away, 0 to 1; 0 switches the mechanism off.
    protection : float
        `protection_awareness * victim_protection`, 0 to 1.

    Returns
    -------
    float
        0 to 1; exactly 1 without help.
    """
    return (1.0 - accompaniment_relief if is_accompanied else 1.0) * (1.0 - protection)


@rule
def court_deterrence(courthouse_effect, operations, vulnerability):
    """Return how far immigration operations at courthouses keep a person from cooperating.

    `court_i = courthouse_effect * courthouse_operations * vulnerability_i` (MODEL.md 5.3, ODD 4.3).

    Parameters
    ----------
    courthouse_effect : float
        Log-odds at full operations and vulnerability, 0 or more; 0 switches the mechanism off.
    operations : float
        How often the agency operates at courthouses, 0 to 1.
    vulnerability : float
        Weight of the person's status and household, 0 to 1.

    Returns
    -------
    float
        Log-odds, 0 or more.
    """
    return courthouse_effect * operations * vulnerability


@kernel
def trust_of(resident, day, decay, communities):
    """Return a resident's trust this morning, in standard deviations from the average.

    `baseline + value * 0.5 ** ((t - changed) / trust_half_life) + trust_shift[c]`; changes nothing (MODEL.md 5.6,
    ODD 2).
    """
    own = resident.trust_baseline + relaxed(resident.trust, decay, day - resident.trust_day)
    return own + communities[resident.community].trust_shift


@rule
def fear_of(resident, day, decay):
    """Return a resident's fear this morning.

    `value * 0.5 ** ((t - changed) / fear_half_life)` (MODEL.md 5.6, ODD 2).

    Parameters
    ----------
    resident : RESIDENT record
        Fear and the day of its last change are read.
    day : int
        Today, not before that change.
    decay : float
        Daily rate of decay, `log(2) / fear_half_life`, above 0.

    Returns
    -------
    float
        0 or more.
    """
    return relaxed(resident.fear, decay, day - resident.fear_day)


@kernel
def dread_of(resident, fear, rules, communities):
    """Return a resident's dread, 0 to 1, given their fear.

    Reads the resident's vulnerability, and belief and salience of their community (MODEL.md 5.2, ODD 4.3).
    """
    vulnerability = rules.vulnerability[resident.vulnerability_class]
    if vulnerability == 0.0:
        return 0.0
    community = communities[resident.community]
    in_mind = salience(community.surge, community.news, community.reassured_news)
    return dread(vulnerability, community.belief, fear, in_mind)


@kernel
def choose_bystander(source_u, person_u, victim, resident, household_share, neighbor_share, people):
    """Return the row of who saw it: of the household, a neighbor, or any resident of the district.

    MODEL.md 5.2, ODD 4.3. Reads households, neighbors and districts. `source_u` decides between the three, by the
    shares of the crime type; `person_u` chooses within. The person may turn out to be absent, the victim or the
    offender.
    """
    first, end = people.household_start[resident.household], people.household_start[resident.household + 1]
    if source_u < household_share and end - first > 1:
        return choose_other_member(person_u, victim, first, end)
    neighbors = 0
    while neighbors < people.neighbors.shape[1] and people.neighbors[victim, neighbors] >= 0:
        neighbors += 1
    if source_u < household_share + neighbor_share and neighbors > 0:
        return np.int64(people.neighbors[victim, pick(person_u, neighbors)])
    district = resident.district
    first, end = people.district_start[district], people.district_start[district + 1]
    return np.int64(first) + pick(person_u, end - first)


@kernel
def find_bystanders(day, seed, rules, people, residents, today):
    """Fill the two bystander slots of every crime of today.

    Reads households, ties and presence; changes `bystander` of `today.crimes`. A slot stays empty if the person chosen
    is absent, the victim, the offender or already in the first slot (ODD 4.3).
    """
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        kind = crime.crime_type
        who = identity(crime.victim, crime.generation)
        for b in range(2):
            crime.bystander[b] = NOBODY
            if uniform(seed, BYSTANDER_PRESENCE + b, who, crime.occasion) < rules.bystander_slot[kind]:
                crime.bystander[b] = choose_bystander(
                    uniform(seed, BYSTANDER_SOURCE + b, who, crime.occasion),
                    uniform(seed, BYSTANDER_PERSON + b, who, crime.occasion),
                    crime.victim,
                    residents[crime.victim],
                    rules.bystander_household[kind],
                    rules.bystander_neighbor[kind],
                    people,
                )
    # A loop of its own, so that many bystanders are read from memory at once.
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        for b in range(2):
            row = crime.bystander[b]
            if row != NOBODY and (
                not is_present(residents[row].until, day)
                or row == crime.victim
                or row == crime.offender
                or (b == 1 and row == crime.bystander[0])
            ):
                crime.bystander[b] = NOBODY


@kernel
def call_and_cooperation(kind, party, lean, court, rules):
    """Return the probabilities that a person at a crime calls and cooperates, from how they lean (ODD 4.3, 4.4).

    `court` keeps them from cooperating. Changes nothing. The victim of a homicide neither leans nor cooperates.
    """
    if party != VICTIM:
        return expit(rules.bystander_call + lean), expit(rules.bystander_cooperation + lean - court)
    if kind == _HOMICIDE:
        return expit(rules.call_intercept[kind]), 0.0
    return expit(rules.call_intercept[kind] + lean), expit(rules.victim_cooperation + lean - court)


@kernel
def relief_of(seed, who, occasion, kind, victim, policy, rules):
    """Return the factor by which advocates and protection lower the dread of a crime's victim; changes nothing.

    Reads the victim's legal status and the policy (ODD 4.3).
    """
    protection = 0.0
    if victim.status == _UNDOCUMENTED and is_protected_crime(kind):
        protection = rules.protection_awareness * policy.victim_protection
    is_accompanied = policy.accompaniment > 0.0 and uniform(seed, ACCOMPANIMENT, who, occasion) < policy.accompaniment
    return victim_relief(is_accompanied, rules.accompaniment_relief, protection)


@kernel
def decide(day, seed, crime, party, resident, policy, rules, communities):
    """Let one person at a crime decide whether to call, and whether to cooperate if it is reported.

    Reads the person's trust, fear and community, and the policy; changes the crime: what this party felt, both
    probabilities and both decisions. The victim of a homicide stands for the discovery of the body: no leaning, no
    cooperation (MODEL.md 5.2, ODD 4.3).
    """
    who, occasion, kind = identity(crime.victim, crime.generation), crime.occasion, crime.crime_type
    trust = trust_of(resident, day, rules.trust_decay, communities)
    fear = fear_of(resident, day, rules.fear_decay)
    felt = dread_of(resident, fear, rules, communities)
    if party == VICTIM:
        crime.relief = relief_of(seed, who, occasion, kind, resident, policy, rules)
        felt *= crime.relief
    lean = leaning(trust, felt, rules.trust_effect, rules.fear_effect)
    court = court_deterrence(
        rules.courthouse_effect, policy.courthouse_operations, rules.vulnerability[resident.vulnerability_class]
    )
    if party == VICTIM and kind == _HOMICIDE:
        lean = court = 0.0
    p_call, p_cooperate = call_and_cooperation(kind, party, lean, court, rules)
    if party == VICTIM:
        u_call = uniform(seed, VICTIM_CALL, who, occasion)
        u_cooperate = uniform(seed, VICTIM_COOPERATION, who, occasion)
    else:
        u_call = uniform(seed, BYSTANDER_CALL + party - BYSTANDER_1, who, occasion)
        u_cooperate = uniform(seed, BYSTANDER_COOPERATION + party - BYSTANDER_1, who, occasion)
    crime.trust[party] = trust
    crime.fear[party] = fear
    crime.leaning[party] = lean
    crime.court[party] = court
    crime.p_call[party] = p_call
    crime.p_cooperate[party] = p_cooperate
    crime.calls[party] = u_call < p_call and not crime.handled
    crime.cooperates[party] = u_cooperate < p_cooperate


@kernel
def report_crimes(day, seed, policy, rules, residents, communities, today, counts):
    """Let victims and bystanders of today's crimes decide whether to call and to cooperate.

    Reads residents and communities as they stood this morning, and the policy; changes `today.crimes` (handled
    otherwise, reported, who calls and cooperates) and counts what is handled otherwise and reported (ODD 4.3).
    """
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        kind = crime.crime_type
        who = identity(crime.victim, crime.generation)
        crime.handled = uniform(seed, HANDLED_OTHERWISE, who, crime.occasion) < rules.handled[kind]
        crime.reported = False
        for party in range(PARTIES):
            row = crime.victim if party == VICTIM else crime.bystander[party - BYSTANDER_1]
            crime.calls[party] = False
            crime.cooperates[party] = False
            if row != NOBODY:
                decide(day, seed, crime, party, residents[row], policy, rules, communities)
            else:
                crime.trust[party] = crime.fear[party] = crime.leaning[party] = 0.0
                crime.court[party] = crime.p_call[party] = crime.p_cooperate[party] = 0.0
            crime.reported = crime.reported or crime.calls[party]
        crime.cooperating = 0
        for party in range(PARTIES):
            crime.cooperates[party] = crime.cooperates[party] and crime.reported
            crime.cooperating += crime.cooperates[party]
        community = residents[crime.victim].community
        counts[day].crimes[community, kind, HANDLED] += crime.handled
        counts[day].crimes[community, kind, REPORTED] += crime.reported
