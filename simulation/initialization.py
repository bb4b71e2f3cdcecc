"""Constants solved once before day 0, so that a baseline run reproduces the place's figures (MODEL.md 6, ODD 4.9).

C communities, K crime types, D districts, R roles; G = 9 C groups, the pairs of community and vulnerability class. The
small rules below share these arguments: `share`, of one type's crimes, by group of the victim, and `dreads` (0 to 1),
shape (G,); `p_bystander` and `p_cooperate`, probabilities that a bystander calls and cooperates, shape (G,); `handled`
and `slot`, probabilities that a crime is handled otherwise and that a bystander slot is filled; `trust_effect` and
`fear_effect`, log-odds; `nodes` and `weights`, shape (9,), the Gauss-Hermite quadrature of means over trust.
"""

from typing import NamedTuple

import numpy as np

from .compilation import plain, rule
from .constants import Constants
from .parameters import table
from .rules import VULNERABILITY_CLASSES, kept, logit, make_policy
from .state import GRADE_OF_CRIME
from .submodels.arithmetic import expit
from .submodels.perception import actual_sharing, belief_target
from .submodels.reporting import dread
from .vocabulary import Community, CrimeType, LegalStatus, Role

_HOMICIDE, _DOMESTIC = np.int64(CrimeType.HOMICIDE), np.int64(CrimeType.DOMESTIC_VIOLENCE)
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def initialize(place, population, values: dict[str, float], vulnerability: np.ndarray) -> Constants:
    """Solve the constants of a run from the place's figures, the people and the parameters.

    Rates, intercepts and starting values are such that, at the place's reference policy and on expected values, crimes
    are recorded, reported and cleared as in the place's figures; in closed form or by bisection, never by trial runs
    (MODEL.md 6, ODD 4.9).

    Parameters
    ----------
    place : Place
        Crimes, arrests, reporting, clearance and the reference policy are read.
    population : Population
        The residents.
    values : dict of str to float
        Every parameter.
    vulnerability : float64, shape (9,)
        Weight of each vulnerability class, 0 to 1.

    Returns
    -------
    Constants
        Every field with shape and unit in `simulation.constants`.
    """
    reporting, clearance = place.reporting, place.clearance
    on_view = np.array(table(values, "on_view"))
    recorded_share = reporting + (1.0 - reporting) * on_view
    rate = place.recorded_crimes / recorded_share / place.residents[:, None]
    cleared_share = reporting * clearance + (1.0 - reporting) * on_view
    jailing = expected_jailing(place, population, values, rate, cleared_share)
    prevented = (1.0 - values["replacement"]) * jailing.offending_away * (np.arange(len(reporting)) != _DOMESTIC)
    rate = rate / (1.0 - prevented)
    crimes, residents = _by_class(population, rate * (1.0 - prevented))
    by_community = crimes.reshape(len(Community), VULNERABILITY_CLASSES, -1).sum(axis=1)
    size = residents.reshape(len(Community), VULNERABILITY_CLASSES).sum(axis=1)
    slot = 1.0 - np.sqrt(1.0 - np.array(table(values, "bystander_presence")))

    contacts = np.empty((len(Community), len(Role)))
    contacts[:, Role.ARRESTEE] = jailing.arrests
    contacts[:, Role.VICTIM] = by_community @ reporting
    silent = (1.0 - values["bystander_call"]) * (1.0 - values["bystander_cooperation"])
    contacts[:, Role.WITNESS] = by_community @ (reporting * 2.0 * slot * (1.0 - silent))
    contact_share = contacts / np.maximum(contacts.sum(axis=1, keepdims=True), 1e-300)

    expected = _expected_arrests(place, population, size)
    steady = values["salience_gain"] * (1.0 - values["habituation"]) * expected
    salience = np.maximum(0.0, steady / (1.0 - kept(values["salience_half_life"])))
    belief = initial_belief(initial_sharing(contact_share, place.reference_policy, values), values)
    dreads = plain(dread)(np.tile(vulnerability, len(Community)), np.repeat(belief, VULNERABILITY_CLASSES), 0.0,
                           np.repeat(salience, VULNERABILITY_CLASSES))  # fmt: skip
    handled = values["handled_otherwise"] * (1.0 - reporting)
    asked = (logit(values[n]) for n in ("bystander_call", "bystander_cooperation", "victim_cooperation"))
    bystander_call, bystander_cooperation, victim_cooperation = asked
    familiar = np.array(table(values, "bystander_household")) + np.array(table(values, "bystander_neighbor"))
    call, solve, cooperating = _solve_intercepts(
        crimes, residents, dreads, reporting, clearance, handled, slot, np.minimum(familiar, 1.0),
        bystander_call, bystander_cooperation, victim_cooperation,
        values["trust_effect"], values["fear_effect"], values["cooperation_effect"], _NODES, _WEIGHTS,
    )  # fmt: skip
    closing = 1.0 - np.exp(-1.0 / values["case_duration"])
    in_district = np.diff(population.district_start)
    reported = (rate * (1.0 - prevented) * in_district[:, None]) @ reporting / 365.0
    fading = 1.0 - kept(values["learning_half_life"])
    mass = by_community @ (reporting * clearance) / 365.0 / fading
    return Constants(
        rate=rate,
        cumulative_rate=np.cumsum(rate, axis=1),
        total_rate=np.cumsum(rate, axis=1)[:, -1],
        other_arrest_rate=jailing.other_rate,
        mean_offending_weight=float(population.offending_weight.mean()),
        handled=handled,
        call_intercept=call,
        solve_intercept=solve,
        expected_cooperating=cooperating,
        bystander_slot=slot,
        baseline_cases=np.bincount(place.division_of_district, reported, len(place.divisions)) / closing,
        division=np.asarray(place.division_of_district, np.int64),
        community_size=size,
        expected_arrests=expected,
        reference_salience=salience,
        contact_share=contact_share,
        risk_mass=np.maximum(mass, 1e-9),
    )


def initial_sharing(contact_share: np.ndarray, policy, values: dict[str, float]) -> np.ndarray:
    """Return the actual sharing of each community under a policy (ODD 4.7).

    Parameters
    ----------
    contact_share : float64, shape (C, R)
        Share of each community's contacts with police by role; rows sum to 1.
    policy : Policy
        The rules in force.
    values : dict of str to float
        Every parameter.

    Returns
    -------
    float64, shape (C,)
        0 to 1.
    """
    handed_over = table(values, "detainer_compliance")[policy.detainers]
    return plain(actual_sharing)(contact_share.T, make_policy(policy), values["batch_visibility"],
                                 values["fingerprint_match"], values["unhonored_visibility"], handed_over)  # fmt: skip


def initial_belief(sharing: np.ndarray, values: dict[str, float]) -> np.ndarray:
    """Return the perceived sharing that each community comes to, given its actual sharing; both 0 to 1, shape (C,).

    The target of belief (ODD 4.9).
    """
    return plain(belief_target)(values["belief_floor"], values["awareness"], sharing)


def _by_class(population, rate):
    """Return expected yearly crimes, shape (45, K), and residents, shape (45,), by community and class."""
    group = population.community.astype(np.int64) * VULNERABILITY_CLASSES + population.vulnerability_class
    n_groups, n_districts = len(Community) * VULNERABILITY_CLASSES, len(rate)
    cell = group * n_districts + population.district
    weight = np.bincount(cell, population.victim_weight, n_groups * n_districts).reshape(n_groups, n_districts)
    return weight @ rate, population.class_size.ravel().astype(float)


class Jailing(NamedTuple):
    """Arrests and jail at the reference, as expected values (ODD 4.9).

    Attributes
    ----------
    other_rate : float
        Other arrests per present resident and year at ratio 1.
    offending_away : float
        Share of all offending weight that is in jail, 0 to 1.
    arrests : float64, shape (C,)
        Yearly arrests by community.
    """

    other_rate: float
    offending_away: float
    arrests: np.ndarray


def expected_jailing(place, population, values: dict[str, float], rate, cleared_share) -> Jailing:
    """Solve the rate of other arrests and the share of offending weight in jail, which depend on one another.

    A person of offending weight w and ratio g is jailed, while at large, for `a = (w * per_unit * crime_days +
    other_arrest_rate * g * other_days) / 365` days a day, and so is away a share `a / (1 + a)` of the time; `per_unit`
    and `other_arrest_rate` are such that people at large make the expected crime arrests and the place's other arrests.
    Found by repetition, which converges in a few rounds (ODD 4.9).

    Parameters
    ----------
    place : Place
        Arrests of a year and residents are read.
    population : Population
        The residents.
    values : dict of str to float
        Every parameter.
    rate : float64, shape (D, K)
        Crimes that happen per resident and year.
    cleared_share : float64, shape (K,)
        Share of crimes that lead to an arrest.

    Returns
    -------
    Jailing
    """
    weight, status, people, where = _offending_cells(population)
    crime_arrests = (rate * np.diff(population.district_start)[:, None]).sum(axis=0) * cleared_share
    all_arrests = place.arrests_per_year / place.residents.sum() * len(population)
    other_arrests = max(0.0, all_arrests - crime_arrests.sum())
    jail_days = np.array(table(values, "jail")) * np.array(table(values, "jail_term"))
    felony, misdemeanor = values["other_charge_felony"], values["other_charge_misdemeanor"]
    other_days = jail_days @ [max(0.0, 1.0 - felony - misdemeanor), misdemeanor, felony]
    crime_days = crime_arrests @ jail_days[GRADE_OF_CRIME] / max(crime_arrests.sum(), 1e-300)
    ratio = np.array(table(values, "other_arrest_ratio"))[status] * (1.0 + values["offender_arrest_ratio"] * weight)
    away = np.zeros(len(weight))
    for _ in range(25):
        at_large = people * (1.0 - away)
        per_unit = crime_arrests.sum() / max((at_large * weight).sum(), 1e-300)
        other_rate = other_arrests / max((at_large * ratio).sum(), 1e-300)
        jailed = (per_unit * weight * crime_days + other_rate * ratio * other_days) / 365.0
        away = jailed / (1.0 + jailed)
    yearly = (1.0 - away) * (per_unit * weight + other_rate * ratio)
    by_community = np.bincount(population.community, yearly[where], len(Community))
    total_weight = (people * weight).sum()
    offending_away = (people * weight * away).sum() / total_weight if total_weight > 0 else 0.0
    return Jailing(float(other_rate), float(offending_away), by_community)


def _offending_cells(population):
    """Group residents by offending weight and status: weight, status and people of each cell, and everybody's cell."""
    statuses = len(LegalStatus)
    cell = population.offending_weight.astype(np.int64) * statuses + population.status
    people = np.bincount(cell, minlength=statuses)
    cells = np.arange(len(people))
    return cells // statuses, cells % statuses, people.astype(float), cell


def _expected_arrests(place, population, size):
    """Return the place's immigration arrests per 1,000 residents of each community and day."""
    undocumented = np.bincount(population.community[population.undocumented_rows], minlength=len(size))
    yearly = place.immigration_arrests_per_year * population.expected_size / place.residents.sum()
    return 1000.0 * yearly / 365.0 * undocumented / max(1, undocumented.sum()) / np.maximum(size, 1.0)


@rule
def _mean_expit(intercept, spread, nodes, weights):
    """Return the mean of `expit(intercept + spread * x)` over a standard normal x; a probability."""
    if spread == 0.0:
        return expit(intercept)
    total = 0.0
    for j in range(nodes.shape[0]):
        total += weights[j] * expit(intercept + spread * nodes[j])
    return total


@rule
def _reported_share(call, kind, share, p_bystander, dreads, handled, slot, trust_effect, fear_effect, nodes, weights):
    """Return the expected share of one type's crimes that is reported, 0 to 1.

    The mean over groups of `(1 - h) * (1 - (1 - pv) * (1 - q * pb) ** 2)`, with `call` for a[k] (ODD 4.9).
    """
    total = 0.0
    for g in range(share.shape[0]):
        if share[g] > 0.0:
            p = _victim_calls(call, kind, dreads[g], trust_effect, fear_effect, nodes, weights)
            total += share[g] * (1.0 - (1.0 - p) * (1.0 - slot * p_bystander[g]) ** 2)
    return (1.0 - handled) * total


@rule
def _victim_calls(call, kind, felt, trust_effect, fear_effect, nodes, weights):
    """Return the probability that a victim with dread `felt` calls; in a homicide, that the body is discovered.

    The mean over trust of `expit(a[k] + leaning)`, with `call` for a[k] (ODD 4.3, 4.9).
    """
    if kind == _HOMICIDE:
        return expit(call)
    return _mean_expit(call - fear_effect * felt, trust_effect, nodes, weights)


@rule
def _cooperation(share, p_call, p_victim, p_bystander, p_cooperate, slot):
    """Return how probable it is that a crime is reported and 0, 1, 2 or 3 people cooperate; shape (4,).

    Victim and bystanders are independent given the group. That some crimes are handled otherwise is left out: it lowers
    all four by the same factor. `p_call`, `p_victim`: the victim calls, cooperates (ODD 4.9).
    """
    numbers = np.zeros(4)
    for g in range(share.shape[0]):
        if share[g] <= 0.0:
            continue
        for reported_or_not in range(2):
            # All crimes, less those in which everybody who was there kept silent.
            if reported_or_not == 0:
                sign, weight = 1.0, 1.0
                one, none = slot * p_cooperate[g], 1.0 - slot * p_cooperate[g]
            else:
                sign, weight = -1.0, 1.0 - p_call[g]
                quiet = slot * (1.0 - p_bystander[g])
                one, none = quiet * p_cooperate[g], 1.0 - slot + quiet * (1.0 - p_cooperate[g])
            for victim in range(2):
                v = p_victim[g] if victim == 1 else 1.0 - p_victim[g]
                w = sign * share[g] * weight * v
                numbers[victim] += w * none * none
                numbers[victim + 1] += w * 2.0 * one * none
                numbers[victim + 2] += w * one * one
    return numbers


@rule
def _solved_share(intercept, effect, numbers, expected):
    """Return the expected share of reported crimes that is solved, 0 to 1, over the numbers cooperating (ODD 4.9)."""
    total = 0.0
    for x in range(4):
        total += numbers[x] * expit(intercept + effect * (x - expected))
    return total / numbers.sum()


@rule
def _mean_expits(intercept, held, spread, nodes, weights):
    """Return the mean of expit(intercept - held + spread * x) over a standard normal x, for every group."""
    means = np.empty(held.shape[0])
    for g in range(held.shape[0]):
        means[g] = _mean_expit(intercept - held[g], spread, nodes, weights)
    return means


@rule
def _call_intercept(target, kind, share, p_bystander, dreads, handled, slot, trust_effect, fear_effect, nodes, weights):
    """Find a[k] by bisection, so that the expected share reported is the target."""
    low, high = -30.0, 30.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _reported_share(middle, kind, share, p_bystander, dreads, handled, slot, trust_effect, fear_effect, nodes,
                           weights) < target:  # fmt: skip
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@rule
def _solve_intercept(target, effect, numbers, expected):
    """Find s[k] by bisection, so that the expected share of reported crimes solved is the target."""
    low, high = -30.0, 30.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _solved_share(middle, effect, numbers, expected) < target:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _solve_intercepts(crimes, residents, dreads, reporting, clearance, handled, slot, familiar,
                      bystander_call, bystander_cooperation, victim_cooperation,
                      trust_effect, fear_effect, cooperation_effect, nodes, weights):  # fmt: skip
    """Solve a[k] and s[k] by bisection on expected values (ODD 4.9).

    Parameters
    ----------
    crimes : float64, shape (G, K)
        Expected yearly crimes by group of the victim and type.
    residents : float64, shape (G,)
        Residents by group.
    reporting, clearance : float64, shape (K,)
        Targets: share of crimes reported, and of reported crimes cleared.
    familiar : float64, shape (K,)
        Probability that a bystander is of the household or a neighbor.
    bystander_call, bystander_cooperation, victim_cooperation : float
        Log-odds with average trust and no dread.
    cooperation_effect : float
        Log-odds per person who cooperates.
    dreads, handled, slot, trust_effect, fear_effect, nodes, weights
        As above; `handled` and `slot` by type.

    Returns
    -------
    call, solve : float64, shape (K,)
        a[k] and s[k], log-odds between -30 and 30.
    cooperating : float64, shape (K,)
        Mean number of people cooperating in a reported crime, expected[k], 0 to 3.
    """
    call, solve, cooperating = np.zeros((3, crimes.shape[1]))
    held = fear_effect * dreads
    own_call = _mean_expits(bystander_call, held, trust_effect, nodes, weights)
    own_cooperate = _mean_expits(bystander_cooperation, held, trust_effect, nodes, weights)
    p_victim = _mean_expits(victim_cooperation, held, trust_effect, nodes, weights)
    all_call, all_cooperate = own_call @ residents / residents.sum(), own_cooperate @ residents / residents.sum()
    for k in range(crimes.shape[1]):
        share = crimes[:, k] / max(crimes[:, k].sum(), 1e-300)
        p_bystander = familiar[k] * own_call + (1.0 - familiar[k]) * all_call
        p_cooperate = familiar[k] * own_cooperate + (1.0 - familiar[k]) * all_cooperate
        call[k] = _call_intercept(reporting[k], k, share, p_bystander, dreads, handled[k], slot[k], trust_effect,
                                  fear_effect, nodes, weights)  # fmt: skip
        is_homicide = k == _HOMICIDE
        p_call = _mean_expits(call[k], 0.0 * held if is_homicide else held, 0.0 if is_homicide else trust_effect,
                              nodes, weights)  # fmt: skip
        witness = np.zeros_like(p_victim) if is_homicide else p_victim
        numbers = _cooperation(share, p_call, witness, p_bystander, p_cooperate, slot[k])
        if numbers.sum() > 0.0:  # else a type that does not occur here
            cooperating[k] = numbers @ np.arange(4.0) / numbers.sum()
            solve[k] = _solve_intercept(clearance[k], cooperation_effect, numbers, cooperating[k])
    return call, solve, cooperating
