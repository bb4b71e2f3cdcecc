"""Offenders learn how likely a crime against each community is to be reported and solved (MODEL.md 5.7)."""

import numpy as np
from numba import njit

from ..today import BYSTANDER_1, CRIMES_TODAY, PARTIES, VICTIM
from ..vocabulary import CrimeType
from .investigation import caseload, solve_probability
from .reporting import NOBODY, dread_of, expit, leaning

_HOMICIDE = int(CrimeType.HOMICIDE)


@njit(cache=True)
def risk_of_crime(kind, leans, present, load, rules):
    """Return the probability that a crime be reported and solved, from the leaning of those who were there."""
    silent = 1.0
    cooperating = 0.0
    for party in range(PARTIES):
        if not present[party]:
            continue
        if party == VICTIM:
            if kind == _HOMICIDE:
                silent *= 1.0 - expit(rules.call_intercept[kind])
                continue
            silent *= 1.0 - expit(rules.call_intercept[kind] + leans[party])
            cooperating += expit(rules.victim_cooperation + leans[party])
        else:
            silent *= 1.0 - expit(rules.bystander_call + leans[party])
            cooperating += expit(rules.bystander_cooperation + leans[party])
    return (1.0 - silent) * solve_probability(
        rules.solve_intercept[kind], rules.cooperation_effect, cooperating, rules.expected_cooperating[kind], load
    )


@njit(cache=True)
def learn_from_crimes(rules, districts, people, communities, today):
    """Sum, over today's crimes in each community, the risk as things stand and the risk with nothing feared."""
    for c in range(today.communities.shape[0]):
        today.communities[c].risk_now = 0.0
        today.communities[c].risk_base = 0.0
    now, base = np.zeros(PARTIES), np.zeros(PARTIES)
    present = np.zeros(PARTIES, np.bool_)
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        victim = people.resident[crime.victim]
        division = districts.division[victim.district]
        load = caseload(districts.open_cases[division], districts.baseline_cases[division], rules.load_effect)
        unchanged = load == 0.0
        for party in range(PARTIES):
            row = crime.victim if party == VICTIM else crime.bystander[party - BYSTANDER_1]
            present[party] = row != NOBODY
            if not present[party]:
                continue
            felt = dread_of(row, crime.fear[party], rules, people, communities)
            now[party] = leaning(crime.trust[party], felt, rules.trust_effect, rules.fear_effect)
            base[party] = leaning(people.resident[row].trust_baseline, 0.0, rules.trust_effect, rules.fear_effect)
            unchanged = unchanged and now[party] == base[party]
        risk = risk_of_crime(crime.crime_type, now, present, load, rules)
        sums = today.communities[victim.community]
        sums.risk_now += risk
        sums.risk_base += risk if unchanged else risk_of_crime(crime.crime_type, base, present, 0.0, rules)


@njit(cache=True)
def update_learned_risk(communities, today, kept):
    """Let old crimes fade from what offenders know, and add today's."""
    for c in range(communities.shape[0]):
        communities[c].risk_now = communities[c].risk_now * kept + today.communities[c].risk_now
        communities[c].risk_base = communities[c].risk_base * kept + today.communities[c].risk_base
