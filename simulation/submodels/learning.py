"""Offenders learn how likely a crime against each community is to be reported and solved.

MODEL.md 5.7, ODD 4.4 and 4.7.
"""

from ..compilation import kernel
from ..today import BYSTANDER_1, CRIMES_TODAY, PARTIES, VICTIM
from .investigation import solve_probability
from .reporting import NOBODY, call_and_cooperation, leaning


@kernel
def risk(kind, silent, cooperating, load, rules):
    """Return the probability that a crime is reported and solved.

    `(1 - silent) * expit(s[k] + cooperation_effect * (cooperating - expected[k]) - load)`, with `silent` the
    probability that nobody calls and `cooperating` the expected number of people who cooperate; changes nothing (ODD
    4.4).
    """
    return (1.0 - silent) * solve_probability(
        rules.solve_intercept[kind], rules.cooperation_effect, cooperating, rules.expected_cooperating[kind], load
    )


@kernel
def learn_from_crimes(rules, districts, residents, today):
    """Sum, over today's crimes in each community, the risk as things stand and the risk with nothing feared.

    Reads `today.crimes` and this morning's caseloads; changes `risk_now` and `risk_base` of `today.communities`. In
    the second sum dread is 0, trust at the baseline, nobody kept from court and load 0. Probabilities, not outcomes, so
    that small cities do not teach noise (MODEL.md 5.7, ODD 4.4).
    """
    for c in range(today.communities.shape[0]):
        today.communities[c].risk_now = 0.0
        today.communities[c].risk_base = 0.0
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        kind, victim = crime.crime_type, residents[crime.victim]
        silent = silent_base = 1.0
        cooperating = cooperating_base = 0.0
        for party in range(PARTIES):
            row = crime.victim if party == VICTIM else crime.bystander[party - BYSTANDER_1]
            if row == NOBODY:
                continue
            p_call, p_cooperate = crime.p_call[party], crime.p_cooperate[party]
            silent *= 1.0 - p_call
            cooperating += p_cooperate
            base = leaning(residents[row].trust_baseline, 0.0, rules.trust_effect, rules.fear_effect)
            if base != crime.leaning[party] or crime.court[party] > 0.0:
                p_call, p_cooperate = call_and_cooperation(kind, party, base, 0.0, rules)
            silent_base *= 1.0 - p_call
            cooperating_base += p_cooperate
        sums = today.communities[victim.community]
        sums.risk_now += risk(kind, silent, cooperating, districts.load[districts.division[victim.district]], rules)
        sums.risk_base += risk(kind, silent_base, cooperating_base, 0.0, rules)


@kernel
def update_learned_risk(communities, today, kept):
    """Let old crimes fade from what offenders know, and add today's.

    Multiplies both sums of every community by `0.5 ** (1 / learning_half_life)` and adds those of `today.communities`
    (MODEL.md 5.7, ODD 4.7, step 5).
    """
    for c in range(communities.shape[0]):
        communities[c].risk_now = communities[c].risk_now * kept + today.communities[c].risk_now
        communities[c].risk_base = communities[c].risk_base * kept + today.communities[c].risk_base
