"""Every outcome, declared once: name, unit, better for whom, and how it is computed from a run's counts."""

from collections.abc import Callable, Mapping
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
        From a window of counts to a dictionary of group ("all" for everybody) to value.
    """

    name: str
    unit: str
    better: str
    better_for: str
    group: str
    meaning: str
    groups: tuple[str, ...]
    compute: Callable[[SimpleNamespace], dict[str, float]]


def _ratio(part: float, whole: float, factor: float = 1.0) -> float:
    """Return a rate, not a number where there is nothing to divide by."""
    return float(factor * part / whole) if whole > 0 else float("nan")


def _by_community(values) -> dict[str, float]:
    groups = dict(zip(Community.names(), values.tolist()))
    return {"all": values.sum(), **groups, IMMIGRANT: values[1:].sum()}


def _by_type(values) -> dict[str, float]:
    violent = values[list(VIOLENT)].sum()
    return {**dict(zip(CrimeType.names(), values.tolist())), "violent": violent, "property": values.sum() - violent}


def _by_status(values) -> dict[str, float]:
    return {**dict(zip(LegalStatus.names(), values.tolist())), CITIZENS: values[:2].sum()}


def _crimes(w, measure) -> dict[str, float]:
    """Return one measure of crimes by community and type; several outcomes ask for the same, which is made once."""
    if measure not in w.made:
        counts = w.crimes[..., measure]
        w.made[measure] = {**_by_community(counts.sum(axis=1)), **_by_type(counts.sum(axis=0))}
    return w.made[measure]


def _crimes_and_status(w, measure, status_measure) -> dict[str, float]:
    return {**_crimes(w, measure), **_by_status(w.status[:, status_measure])}


def _happened(w):
    return _crimes_and_status(w, HAPPENED, STATUS_HAPPENED)


def _reported(w):
    return _crimes_and_status(w, REPORTED, STATUS_REPORTED)


def _cleared(w):
    return _crimes_and_status(w, CLEARED, STATUS_CLEARED)


def _dark_figure(w):
    happened, reported = _happened(w), _reported(w)
    return {group: happened[group] - reported[group] for group in happened}


def _share(part, whole):
    return {group: _ratio(part[group], whole[group], 100.0) for group in whole}


def _clearance_rate(w):
    reported = _crimes(w, REPORTED)
    return _share({**_by_community(w.cleared_reported.sum(axis=1)), **_by_type(w.cleared_reported.sum(axis=0))},
                  reported)  # fmt: skip


def _victimization_rate(w):
    people = {**_by_community(w.community_size), **_by_status(w.status_size)}
    happened = _happened(w)
    rates = {group: _ratio(happened[group], people[group] * w.years, 1000.0) for group in people}
    everybody = people["all"] * w.years
    return rates | {group: _ratio(happened[group], everybody, 1000.0) for group in TYPE_GROUPS}


def _mean_of_residents(values, size) -> dict[str, float]:
    """Return values by community, and their means over residents."""
    groups = dict(zip(Community.names(), values.tolist()))
    groups["all"] = _ratio((values * size).sum(), size.sum())
    groups[IMMIGRANT] = _ratio((values * size)[1:].sum(), size[1:].sum())
    return groups


def _state(measure, center=0.0, scale=1.0):
    return lambda w: _mean_of_residents(center + scale * w.snapshots[:, measure], w.community_size)


def _sharing(w):
    return _mean_of_residents(w.community[:, ACTUAL_SHARING], w.community_size)


def _perception_gap(w):
    return _mean_of_residents(w.community[:, BELIEF] - w.community[:, ACTUAL_SHARING], w.community_size)


def _arrests(w):
    by_channel = dict(zip(CHANNEL_GROUPS, w.arrests.sum(axis=(0, 2)).tolist()))
    by_record = dict(zip(CRIMINALITY_GROUPS, w.arrests.sum(axis=(0, 1)).tolist()))
    return {**_by_community(w.arrests.sum(axis=(1, 2))), **by_channel, **by_record}


def _arrests_share(first_excluded: int):
    """Share of immigration arrests of people with a record below a grade."""

    def compute(w):
        counts = {**_by_community(w.arrests.sum(axis=(1, 2)))}
        low = {**_by_community(w.arrests[:, :, :first_excluded].sum(axis=(1, 2)))}
        return _share(low, counts)

    return compute


def _incapacitated(w):
    jail, enforcement = w.offender_days.tolist()
    return {"all": jail + enforcement, "jail": jail, "enforcement": enforcement}


def _prevented(measure):
    return lambda w: _crimes(w, measure)


def _crimes_of_removed(w):
    prevented, replaced = _crimes(w, PREVENTED_ENFORCEMENT), _crimes(w, REPLACED_ENFORCEMENT)
    return {group: prevented[group] + replaced[group] for group in prevented}


def _total(name):
    return lambda w: {"all": getattr(w, name)}


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
            "Crimes in police figures: reported, or met on patrol with an arrest.", _MIXED, lambda w: _crimes(w, RECORDED)),
    Outcome("crimes_cleared", "crimes", "higher", _EVERYBODY, "crime", "Crimes that led to an arrest.", _ALL, _cleared),
    Outcome("dark_figure", "crimes", "lower", _EVERYBODY, "crime", "Crimes that happened and were not reported.", _ALL, _dark_figure),
    Outcome("handled_otherwise", "crimes", "neither", "", "crime",
            "Crimes that were never a police matter to those concerned.", _MIXED, lambda w: _crimes(w, HANDLED)),
    Outcome("reporting_rate", "percent of crimes that happened", "higher", _EVERYBODY, "police",
            "Share of crimes that somebody reported.", _ALL, lambda w: _share(_reported(w), _happened(w))),
    Outcome("clearance_rate", "percent of reported crimes", "higher", _EVERYBODY, "police",
            "Share of reported crimes that led to an arrest.", _MIXED, _clearance_rate),
    Outcome("solve_rate", "percent of crimes that happened", "higher", _EVERYBODY, "police",
            "Share of all crimes, reported or not, that led to an arrest.", _ALL, lambda w: _share(_cleared(w), _happened(w))),
    Outcome("bookings", "bookings", "neither", "", "police", "People booked by the police.", COMMUNITY_GROUPS,
            lambda w: _by_community(w.bookings)),
    Outcome("trust", "index points", "higher", _EVERYBODY, "community",
            "Mean trust in the police: 50 is the average, 10 one standard deviation.", COMMUNITY_GROUPS,
            _state(0, TRUST_CENTER, TRUST_SCALE)),
    Outcome("fear", "fear", "lower", "immigrant communities", "community",
            "Mean personal fear from enforcement that came near.", COMMUNITY_GROUPS, _state(1)),
    Outcome("dread", "share", "lower", "immigrant communities", "community", "Mean fear that bears on calling the police.",
            COMMUNITY_GROUPS, _state(2)),
    Outcome("belief", "probability", "neither", "", "community", "Perceived sharing of police data with the immigration agency.",
            COMMUNITY_GROUPS, _state(3)),
    Outcome("actual_sharing", "probability", "neither", "", "community",
            "Chance that a contact of a foreign-born person with police becomes visible to the immigration agency.",
            COMMUNITY_GROUPS, _sharing),
    Outcome("perception_gap", "probability", "neither", "", "community",
            "Perceived minus actual sharing: above 0 more is feared than is shared.", COMMUNITY_GROUPS, _perception_gap),
    Outcome("salience", "salience", "neither", "", "community", "How present enforcement is in a community's mind.",
            COMMUNITY_GROUPS, _state(4)),
    Outcome("immigration_arrests", "arrests", "neither", "", "enforcement", "Arrests by the immigration agency.",
            (*COMMUNITY_GROUPS, *CHANNEL_GROUPS, *CRIMINALITY_GROUPS), _arrests),
    Outcome("arrests_without_charge_share", "percent of immigration arrests", "neither", "", "enforcement",
            "Share of immigration arrests of people never charged with a crime.", COMMUNITY_GROUPS, _arrests_share(1)),
    Outcome("arrests_without_conviction_share", "percent of immigration arrests", "neither", "", "enforcement",
            "Share of immigration arrests of people without a conviction.", COMMUNITY_GROUPS, _arrests_share(2)),
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
            _MIXED, _crimes_of_removed),
    Outcome("crimes_prevented_by_removal", "crimes", "higher", _EVERYBODY, "enforcement",
            "Crimes that did not happen because their offender was detained or removed.", _MIXED, _prevented(PREVENTED_ENFORCEMENT)),
    Outcome("crimes_prevented_by_jail", "crimes", "higher", _EVERYBODY, "police",
            "Crimes that did not happen because their offender was in jail.", _MIXED, _prevented(PREVENTED_JAIL)),
    Outcome("days_shared", "percent of days", "neither", "", "government",
            "Days on which the immigration agency saw anything of the arrest database.", (), _total("days_shared")),
    Outcome("police_budget", "percent of the usual", "neither", "", "government",
            "Money of the police, after funding cuts.", (), _total("police_budget")),
    Outcome("clipped_rates", "candidates", "lower", "the reader", "quality",
            "Candidate crimes whose rate passed the bound (headroom) over the whole run; should be 0.", (), _total("clipped")),
)})
# fmt: on


def compute_outcomes(result) -> dict[str, float]:
    """Compute every outcome of a run from the scenario's `outcomes_from` date to its end.

    Returns
    -------
    dict of str to float
        `name` for everybody and `name.group` for each group; NaN where a rate has nothing to divide by.
    """
    window = make_window(result)
    flat = {}
    for name, outcome in OUTCOMES.items():
        values = outcome.compute(window)
        flat[name] = float(values["all"])
        flat |= {f"{name}.{group}": float(values[group]) for group in outcome.groups}
    return flat


def make_window(result) -> SimpleNamespace:
    """Sum a run's counts over the days that outcomes are measured on."""
    engine, scenario = result.engine, result.scenario
    first = (scenario.outcomes_from - scenario.start).days
    counts, population = engine.counts, engine.population
    totals = {name: counts[name][first : scenario.days].sum(axis=0, dtype=np.int64) for name in counts.dtype.names}
    crimes = totals["crimes"]
    offender_days = counts["absent_change"].cumsum(axis=0)[first : scenario.days].sum(axis=0)
    offenders = np.count_nonzero(population.offending_weight)
    days, policies = _policies_in_force(engine, first, scenario.days)
    seen = result.snapshot_days > first
    return SimpleNamespace(
        made={},
        crimes=crimes,
        # On-view clearances are those recorded without a report.
        cleared_reported=crimes[..., CLEARED] - (crimes[..., RECORDED] - crimes[..., REPORTED]),
        status=totals["status"],
        bookings=totals["bookings"],
        households_lost=totals["households_lost"],
        arrests=totals["arrests"],
        offender_days=offender_days,
        offender_days_at_large=offenders * (scenario.days - first) - offender_days.sum(),
        days_shared=100.0 * np.average([policy.shows_anything for policy in policies], weights=days),
        police_budget=100.0 * np.average([policy.police_budget for policy in policies], weights=days),
        community=counts["community"][first : scenario.days].mean(axis=0),
        visits=totals["city"][VISITS],
        wasted_visits=totals["city"][WASTED_VISITS],
        clipped=counts["city"][:, CLIPPED].sum(),
        snapshots=result.snapshot_means[seen].mean(axis=0),
        community_size=np.asarray(engine.constants.community_size),
        status_size=np.bincount(population.status, minlength=len(LegalStatus)),
        years=(scenario.days - first) / 365.25,
    )


def _policies_in_force(engine, first: int, end: int) -> tuple[list[int], list]:
    """Return the policies that were in force in a window of days, and how many of its days each was."""
    starts = [max(first, start) for start, _ in engine.history] + [end]
    days = [max(0, after - start) for start, after in pairwise(starts)]
    return days, [policy for _, policy in engine.history]
