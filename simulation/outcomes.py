"""Every outcome, declared once: name, unit, better for whom, and how it is computed from a run's counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType, SimpleNamespace

import numpy as np

from .state import (
    ACTUAL_SHARING,
    BELIEF,
    CLEARED,
    CLIPPED,
    HANDLED,
    HAPPENED,
    PREVENTED_ENFORCEMENT,
    PREVENTED_JAIL,
    RECORDED,
    REPLACED_ENFORCEMENT,
    REPORTED,
    STATUS_CLEARED,
    STATUS_HAPPENED,
    STATUS_REPORTED,
    VISITS,
    WASTED_VISITS,
)
from .vocabulary import VIOLENT, Channel, Community, CrimeType, Criminality, LegalStatus

IMMIGRANT = "immigrant_communities"
"""Group of all communities but `no_immigrant_ties`."""
CITIZENS = "citizens"
"""Group of residents who are citizens, U.S.-born or naturalized."""

COMMUNITY_GROUPS = (*Community.names(), IMMIGRANT)
TYPE_GROUPS = (*CrimeType.names(), "violent", "property")
STATUS_GROUPS = (*LegalStatus.names(), CITIZENS)
CHANNEL_GROUPS = Channel.names()
CRIMINALITY_GROUPS = Criminality.names()

TRUST_CENTER, TRUST_SCALE = 50.0, 10.0
"""The trust index shows the average as 50 and one standard deviation as 10 points."""


@dataclass(frozen=True)
class Outcome:
    """One measured quantity.

    Attributes
    ----------
    name, unit, meaning : str
    better : str
        `higher`, `lower` or `neither`: which direction those in `better_for` would call better.
    better_for : str
        Who would.
    group : str
        Heading under which tables and figures show it.
    groups : tuple of str
        Groups it is split by; the value for everybody is always there.
    compute : callable
        From a window of counts to the values for everybody and for each of `groups`.
    """

    name: str
    unit: str
    better: str
    better_for: str
    group: str
    meaning: str
    groups: tuple[str, ...]
    compute: Callable[[SimpleNamespace], Sequence[float] | np.ndarray]


def _ratio(part, whole, factor: float = 1.0) -> np.ndarray:
    """Return rates, not a number where there is nothing to divide by."""
    return factor * part / np.where(whole > 0, whole, np.nan)


# Values by group, along the first axis: everybody comes first, then the groups in the order of their names above.


def _by_community(values) -> np.ndarray:
    """Return sums for everybody, each community and `IMMIGRANT`."""
    return np.concatenate([values.sum(axis=0, keepdims=True), values, values[1:].sum(axis=0, keepdims=True)])


def _by_type(values) -> np.ndarray:
    """Return sums for the `TYPE_GROUPS`."""
    violent = values[list(VIOLENT)].sum(axis=0, keepdims=True)
    return np.concatenate([values, violent, values.sum(axis=0, keepdims=True) - violent])


def _by_status(values) -> np.ndarray:
    """Return sums for the `STATUS_GROUPS`."""
    return np.concatenate([values, values[:2].sum(axis=0, keepdims=True)])


def _crimes(*measures):
    return lambda w: w.crimes[:, measures].sum(axis=1)


def _share(part, whole):
    """Return the share of some crimes in others, in percent."""
    return lambda w: _ratio(part(w), whole(w), 100.0)


def _happened(w):
    return w.victims[:, STATUS_HAPPENED]


def _reported(w):
    return w.victims[:, STATUS_REPORTED]


def _cleared(w):
    return w.victims[:, STATUS_CLEARED]


def _cleared_if_reported(w):
    """Clearances less those on patrol, which are of crimes recorded without a report."""
    return w.crimes[:, CLEARED] - (w.crimes[:, RECORDED] - w.crimes[:, REPORTED])


def _victimization_rate(w):
    by_community = _by_community(w.community_size)
    everybody = np.full(len(TYPE_GROUPS), by_community[0])
    people = np.concatenate([by_community, everybody, _by_status(w.status_size)])
    return _ratio(_happened(w), people * w.years, 1000.0)


def _mean_of_residents(values, size) -> np.ndarray:
    """Return values by community (last axis), and their means over all residents and over immigrant communities."""
    weighted = values * size
    everybody = _ratio(weighted.sum(axis=-1, keepdims=True), size.sum(keepdims=True))
    immigrants = _ratio(weighted[:, 1:].sum(axis=-1, keepdims=True), size[1:].sum(keepdims=True))
    return np.concatenate([everybody, values, immigrants], axis=-1)


def _arrests(w):
    by_community = _by_community(w.arrests.sum(axis=(1, 2)))
    return np.concatenate([by_community, w.arrests.sum(axis=(0, 2)), w.arrests.sum(axis=(0, 1))])


def _arrests_below(grade: int):
    """Immigration arrests of people with a record below a grade."""
    return lambda w: _by_community(w.arrests[:, :, :grade].sum(axis=(1, 2)))


_ALL_ARRESTS = _arrests_below(len(Criminality))


def _surveyed_rate(w):
    """Crimes that respondents told of, per person and year that they were asked about."""
    return _ratio(w.survey["crimes"], w.survey["answered"] * w.survey_years, 1000.0)


def _survey(measure):
    return lambda w: w.survey[measure]


def _incapacitated(w):
    return [w.offender_days.sum(), *w.offender_days]


def _total(name):
    return lambda w: [getattr(w, name)]


def _state(name):
    return lambda w: w.state[name]


_ALL = (*COMMUNITY_GROUPS, *TYPE_GROUPS, *STATUS_GROUPS)
_MIXED = (*COMMUNITY_GROUPS, *TYPE_GROUPS)
_EVERYBODY = "everybody"

# fmt: off
OUTCOMES: Mapping[str, Outcome] = MappingProxyType({o.name: o for o in (
    Outcome("crimes_happened", "crimes", "lower", _EVERYBODY, "crime", "Crimes that happened, reported or not.", _ALL, _happened),
    Outcome("victimization_rate", "crimes per 1,000 residents per year", "lower", _EVERYBODY, "crime",
            "Crimes that happened per 1,000 residents aged 12 and older and year.", _ALL, _victimization_rate),
    Outcome("crimes_reported", "crimes", "neither", "", "crime", "Crimes that somebody reported to the police.", _ALL, _reported),
    Outcome("crimes_recorded", "crimes", "neither", "", "crime",
            "Crimes in police figures: reported, or met on patrol with an arrest.", _MIXED, _crimes(RECORDED)),
    Outcome("crimes_cleared", "crimes", "higher", _EVERYBODY, "crime", "Crimes that led to an arrest.", _ALL, _cleared),
    Outcome("dark_figure", "crimes", "lower", _EVERYBODY, "crime", "Crimes that happened and were not reported.", _ALL,
            lambda w: _happened(w) - _reported(w)),
    Outcome("handled_otherwise", "crimes", "neither", "", "crime",
            "Crimes that were never a police matter to those concerned.", _MIXED, _crimes(HANDLED)),
    Outcome("reporting_rate", "percent of crimes that happened", "higher", _EVERYBODY, "police",
            "Share of crimes that somebody reported.", _ALL, _share(_reported, _happened)),
    Outcome("clearance_rate", "percent of reported crimes", "higher", _EVERYBODY, "police",
            "Share of reported crimes that led to an arrest.", _MIXED, _share(_cleared_if_reported, _crimes(REPORTED))),
    Outcome("solve_rate", "percent of crimes that happened", "higher", _EVERYBODY, "police",
            "Share of all crimes, reported or not, that led to an arrest.", _ALL, _share(_cleared, _happened)),
    Outcome("bookings", "bookings", "neither", "", "police", "People booked by the police.", COMMUNITY_GROUPS,
            lambda w: _by_community(w.bookings)),
    Outcome("surveyed_victimization_rate", "crimes per 1,000 residents per year", "neither", "", "survey",
            "Crimes that residents tell a victimization survey about, per 1,000 who answer and year.",
            COMMUNITY_GROUPS, _surveyed_rate),
    Outcome("surveyed_reporting_rate", "percent of crimes told to the survey", "neither", "", "survey",
            "Share of the crimes that residents tell a victimization survey about that somebody reported.",
            COMMUNITY_GROUPS, _share(_survey("reported"), _survey("crimes"))),
    Outcome("survey_response_rate", "percent of residents asked", "neither", "", "survey",
            "Share of the residents whom a victimization survey asks that answer.",
            COMMUNITY_GROUPS, _share(_survey("answered"), _survey("asked"))),
    Outcome("trust", "index points", "higher", _EVERYBODY, "community",
            "Mean trust in the police: 50 is the average, 10 one standard deviation.", COMMUNITY_GROUPS,
            _state("trust")),
    Outcome("fear", "fear", "lower", "immigrant communities", "community",
            "Mean personal fear from enforcement that came near.", COMMUNITY_GROUPS, _state("fear")),
    Outcome("dread", "share", "lower", "immigrant communities", "community", "Mean fear that bears on calling the police.",
            COMMUNITY_GROUPS, _state("dread")),
    Outcome("belief", "probability", "neither", "", "community", "Perceived sharing of police data with the immigration agency.",
            COMMUNITY_GROUPS, _state("belief")),
    Outcome("actual_sharing", "probability", "neither", "", "community",
            "Chance that a contact of a foreign-born person with police becomes visible to the immigration agency.",
            COMMUNITY_GROUPS, _state("actual_sharing")),
    Outcome("perception_gap", "probability", "neither", "", "community",
            "Perceived minus actual sharing: above 0 more is feared than is shared.", COMMUNITY_GROUPS, _state("perception_gap")),
    Outcome("salience", "salience", "neither", "", "community", "How present enforcement is in a community's mind.",
            COMMUNITY_GROUPS, _state("salience")),
    Outcome("immigration_arrests", "arrests", "neither", "", "enforcement", "Arrests by the immigration agency.",
            (*COMMUNITY_GROUPS, *CHANNEL_GROUPS, *CRIMINALITY_GROUPS), _arrests),
    Outcome("arrests_without_charge_share", "percent of immigration arrests", "neither", "", "enforcement",
            "Share of immigration arrests of people never charged with a crime.", COMMUNITY_GROUPS, _share(_arrests_below(1), _ALL_ARRESTS)),
    Outcome("arrests_without_conviction_share", "percent of immigration arrests", "neither", "", "enforcement",
            "Share of immigration arrests of people without a conviction.", COMMUNITY_GROUPS, _share(_arrests_below(2), _ALL_ARRESTS)),
    Outcome("visits", "visits", "neither", "", "enforcement", "Visits by the immigration agency.", (), _total("visits")),
    Outcome("wasted_visits", "visits", "lower", _EVERYBODY, "enforcement",
            "Visits to people who were not removable.", (), _total("wasted_visits")),
    Outcome("households_losing_member", "households", "lower", "immigrant communities", "enforcement",
            "Households that lost their first member to removal.", COMMUNITY_GROUPS, lambda w: _by_community(w.households_lost)),
    Outcome("offender_days_incapacitated", "days", "neither", "", "enforcement",
            "Days on which people with offending weight were in jail, or detained or removed by the immigration agency.",
            ("jail", "enforcement"), _incapacitated),
    Outcome("offender_days_at_large", "days", "lower", _EVERYBODY, "enforcement",
            "Days on which people with offending weight were neither in jail nor detained nor removed.", (),
            _total("offender_days_at_large")),
    Outcome("crimes_of_removed", "crimes", "neither", "", "enforcement",
            "Crimes that people detained or removed would have committed, whether others committed them instead or not.",
            _MIXED, _crimes(PREVENTED_ENFORCEMENT, REPLACED_ENFORCEMENT)),
    Outcome("crimes_prevented_by_removal", "crimes", "higher", _EVERYBODY, "enforcement",
            "Crimes that did not happen because their offender was detained or removed.", _MIXED, _crimes(PREVENTED_ENFORCEMENT)),
    Outcome("crimes_prevented_by_jail", "crimes", "higher", _EVERYBODY, "police",
            "Crimes that did not happen because their offender was in jail.", _MIXED, _crimes(PREVENTED_JAIL)),
    Outcome("days_shared", "percent of days", "neither", "", "government",
            "Days on which the immigration agency saw anything of the arrest database.", (), _total("days_shared")),
    Outcome("police_budget", "percent of the usual", "neither", "", "government",
            "Money of the police, after funding cuts.", (), _total("police_budget")),
    Outcome("clipped_rates", "candidates", "lower", "the reader", "quality",
            "Candidate crimes whose rate passed the bound (headroom) over the whole run; should be 0.", (), _total("clipped")),
)})
# fmt: on


_KEYS = tuple(".".join(key) for o in OUTCOMES.values() for key in ((o.name,), *((o.name, g) for g in o.groups)))


def compute_outcomes(result) -> dict[str, float]:
    """Compute every outcome of a run from the scenario's `outcomes_from` date to its end.

    Returns
    -------
    dict of str to float
        `name` for everybody and `name.group` for each group; NaN where a rate has nothing to divide by.
    """
    window = make_window(result)
    values = np.concatenate([outcome.compute(window) for outcome in OUTCOMES.values()], dtype=float)
    return dict(zip(_KEYS, values.tolist(), strict=True))


def make_window(result) -> SimpleNamespace:
    """Sum a run's counts over the days that outcomes are measured on, by the groups that several outcomes share."""
    engine, scenario = result.engine, result.scenario
    first = (scenario.outcomes_from - scenario.start).days
    counts, population, size = engine.counts, engine.population, engine.constants.community_size
    window = counts[first : scenario.days]
    # As whole numbers of 32 bits, which takes half the time: no run is near two billion events.
    totals = {
        name: window[name].sum(axis=0, dtype=np.int32) for name in window.dtype.names or () if name != "community"
    }
    crimes, city = totals["crimes"], totals["city"]
    by_group = np.concatenate([_by_community(crimes.sum(axis=1)), _by_type(crimes.sum(axis=0))])
    offender_days = counts["absent_change"].cumsum(axis=0)[first : scenario.days].sum(axis=0)
    offenders = np.count_nonzero(population.offending_weight)
    days, policies = _policies_in_force(engine, first, scenario.days)
    answers = answers_since(engine.survey, first)
    return SimpleNamespace(
        crimes=by_group,
        victims=np.concatenate([by_group[:, (HAPPENED, REPORTED, CLEARED)], _by_status(totals["status"])]),
        bookings=totals["bookings"],
        households_lost=totals["households_lost"],
        arrests=totals["arrests"],
        offender_days=offender_days,
        offender_days_at_large=offenders * len(window) - offender_days.sum(),
        days_shared=100.0 * np.average([policy.shows_anything for policy in policies], weights=days),
        police_budget=100.0 * np.average([policy.police_budget for policy in policies], weights=days),
        state=_mean_state(result.snapshot_means[result.snapshot_days > first], window["community"], size),
        visits=city[VISITS],
        wasted_visits=city[WASTED_VISITS],
        clipped=counts["city"][:, CLIPPED].sum(),
        community_size=size,
        status_size=population.status_size,
        survey={name: _by_community(answers[name].sum(axis=0)) for name in answers.dtype.names or ()},
        survey_years=engine.survey.recall / 365.25,
        years=len(window) / 365.25,
    )


def answers_since(survey, first: int) -> np.ndarray:
    """Return what the waves found that ask about nothing before a day; `ANSWERS` records, shape (waves, C)."""
    before = max(0, -((survey.first - first) // survey.recall))
    return survey.answers[before:]


def _mean_state(snapshots, daily, size) -> dict[str, np.ndarray]:
    """Return means over the snapshots and over the days of a window, by outcome and by community."""
    trust, fear, dread, belief, salience = snapshots.mean(axis=0).T
    shared, believed = daily.mean(axis=0)[:, (ACTUAL_SHARING, BELIEF)].T
    state = {
        "trust": TRUST_CENTER + TRUST_SCALE * trust,
        "fear": fear,
        "dread": dread,
        "belief": belief,
        "salience": salience,
        "actual_sharing": shared,
        "perception_gap": believed - shared,
    }
    return dict(zip(state, _mean_of_residents(np.stack(list(state.values())), size)))


def _policies_in_force(engine, first: int, end: int) -> tuple[list[int], list]:
    """Return the policies that were in force in a window of days, and how many of its days each was."""
    starts = [max(first, start) for start, _ in engine.history] + [end]
    days = [max(0, after - start) for start, after in pairwise(starts)]
    return days, [policy for _, policy in engine.history]
