"""What communities have in mind and believe: salience of enforcement, perceived and actual sharing (MODEL.md 5.6).

ODD 4.1 and 4.7, step 5.
"""

import numpy as np

from ..compilation import kernel, rule
from ..vocabulary import Role
from .arithmetic import relaxed
from .booking import shows_role
from .outreach import DAYS_PER_MONTH, convinced_in_a_day, outreach_message, told

_ARRESTEE = np.int64(Role.ARRESTEE)


@rule
def salience(surge, news, reassured_news):
    """Return how present enforcement is in a community's mind.

    `max(0, surge) + news + reassured_news`: enforcement beyond what is expected, and news (MODEL.md 5.6, ODD 2).

    Parameters
    ----------
    surge : float
        Enforcement beyond what is expected; negative after less.
    news, reassured_news : float
        News of enforcement, not followed and followed by reassurance, 0 or more.

    Returns
    -------
    float
        0 or more.
    """
    return np.maximum(0.0, surge) + news + reassured_news


@rule
def surge_tomorrow(surge, arrests, expected, gain, habituation, kept):
    """Return enforcement in a community's mind after today.

    `surge = surge * 0.5 ** (1 / salience_half_life) + salience_gain * (a - habituation * expected)`: it decays, and
    grows with arrests beyond what the community is used to. Salience is its positive part (MODEL.md 5.6, ODD 4.7, step
    5).

    Parameters
    ----------
    surge : float
        Before today; negative after less enforcement than expected.
    arrests : float
        Today's immigration arrests per 1,000 residents of the community, 0 or more.
    expected : float
        Immigration arrests per 1,000 residents per day that the community expects, 0 or more.
    gain : float
        Salience per arrest per 1,000, 0 or more; 0 switches the mechanism off.
    habituation : float
        Share of expected enforcement that no longer adds to salience, 0 to 1.
    kept : float
        Share of the surge left after a day, 0 to 1.

    Returns
    -------
    float
        In units of salience.
    """
    return surge * kept + gain * (arrests - habituation * expected)


@rule
def news_tomorrow(news, kept, gain, raid_arrests, alerts):
    """Return the news of enforcement in a community's mind after today.

    `news * kept + salience_gain * r * (1 + raid_alert_effect * raid_alerts)`; what a raid leaves behind fades like
    other news, or faster where officials reassured the public (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    news : float
        Before today, in units of salience, 0 or more.
    kept : float
        Share of the news left after a day, 0 to 1.
    gain : float
        Salience per arrest per 1,000, 0 or more.
    raid_arrests : float
        Immigration arrests in today's raid per 1,000 residents of the community, r, 0 or more.
    alerts : float
        How much alerts by advocates add, `raid_alert_effect * raid_alerts`, 0 or more.

    Returns
    -------
    float
        0 or more.
    """
    return news * kept + gain * raid_arrests * (1.0 + alerts)


@rule
def toward(value, target, kept):
    """Return a value moved toward a target, as a moving average does.

    `value + (target - value) * (1 - kept)` with `kept = 0.5 ** (1 / half-life)`; for belief and for expected
    enforcement (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    value, target : float
        In the same unit.
    kept : float
        Share of the gap that is left after a day, 0 to 1.

    Returns
    -------
    float
        Between value and target.
    """
    return value + (target - value) * (1.0 - kept)


@rule
def belief_target(floor, awareness, known):
    """Return the perceived sharing that a community comes to in the end.

    `belief_floor + (1 - belief_floor) * awareness * known` (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    floor : float
        Perceived sharing where nothing is shared, 0 to 1.
    awareness : float
        How far perceived sharing follows actual sharing, 0 to 1.
    known : float
        The sharing that is public knowledge, 0 to 1; with usual publicity the actual sharing.

    Returns
    -------
    float
        0 to 1.
    """
    return floor + (1.0 - floor) * awareness * known


@rule
def known_tomorrow(known, actual, publicity):
    """Return the sharing that is public knowledge after today.

    `w * actual[c] + (1 - w) * known` with `w = 1 - (1 - publicity) ** (1 / 30)` (ODD 4.7, step 5).

    Parameters
    ----------
    known : float
        Before today, 0 to 1.
    actual : float
        Actual sharing of the community under today's rules, 0 to 1.
    publicity : float
        Share of residents who in a month learn by themselves of a change in the rules; 1: all, at once; 0: nobody.

    Returns
    -------
    float
        Between known and actual.
    """
    learned = 1.0 - (1.0 - publicity) ** (1.0 / DAYS_PER_MONTH)
    return learned * actual + (1.0 - learned) * known


@rule
def belief_after_arrests(belief, gain, arrests):
    """Return perceived sharing raised by immigration arrests that came from police data.

    `belief + belief_gain * g * (1 - belief)`, at most 1 (MODEL.md 5.6, ODD 4.7, step 5).

    Parameters
    ----------
    belief : float
        Perceived sharing, 0 to 1.
    gain : float
        Per arrest per 1,000 residents, 0 or more; 0 switches the mechanism off.
    arrests : float
        Today's immigration arrests from police data per 1,000 residents of the community, g, 0 or more.

    Returns
    -------
    float
        0 to 1.
    """
    return min(1.0, belief + gain * arrests * (1.0 - belief))


@rule
def visibility(role, policy, batch_visibility, fingerprint_match, unhonored_visibility, handed_over):
    """Return the probability that a foreign-born person's contact with police in this role becomes visible.

    Visible to the immigration agency: `visible[role] = data[role]`, and for an arrestee `1 - (1 - data) * (1 - print)`.
    `data` is 1 if the agreement shows the role and any field, times `batch_visibility` if not in real time or, for
    arrestees, only after disposition; `print` is, with fingerprint checks on, `fingerprint_match *
    (unhonored_visibility + (1 - unhonored_visibility) * handed_over)` (MODEL.md 5.6, ODD 4.7).

    Parameters
    ----------
    role : int
        Code of `Role`.
    policy : POLICY record
        The agreement and fingerprint checks are read.
    batch_visibility : float
        How far a record counts as visible that arrives late, 0 to 1.
    fingerprint_match : float
        Probability that the fingerprints of a removable person are known to the agency.
    unhonored_visibility : float
        How far a match counts as visible when the city does not hand the person over, 0 to 1.
    handed_over : float
        Probability that the city's detainer rule lets it hand the person over, `detainer_compliance[detainers]`.

    Returns
    -------
    float
        Probability.
    """
    by_data = 0.0
    if shows_role(role, policy) and (policy.shows_country_of_birth or policy.shows_immigration_status):
        is_late = not policy.real_time or (role == _ARRESTEE and policy.after_disposition)
        by_data = batch_visibility if is_late else 1.0
    if role != _ARRESTEE or not policy.fingerprint_checks:
        return by_data
    by_print = fingerprint_match * (unhonored_visibility + (1.0 - unhonored_visibility) * handed_over)
    return 1.0 - (1.0 - by_data) * (1.0 - by_print)


@rule
def actual_sharing(contact_share, policy, batch_visibility, fingerprint_match, unhonored_visibility, handed_over):
    """Return the probability that a contact with police becomes visible to the agency, over a community's contacts.

    `actual[c] = sum_role w[c, role] * visible[role]`: computed, never set (MODEL.md 5.6, ODD 4.7).

    Parameters
    ----------
    contact_share : float64, shape (3,)
        Share of the community's contacts with police by role; sums to 1.
    policy : POLICY record
        The agreement and fingerprint checks are read.
    batch_visibility, fingerprint_match, unhonored_visibility, handed_over : float
        As in `visibility`, 0 to 1.

    Returns
    -------
    float
        Probability.
    """
    total = 0.0
    for role in range(contact_share.shape[0]):
        total += contact_share[role] * visibility(
            role, policy, batch_visibility, fingerprint_match, unhonored_visibility, handed_over
        )
    return total


@rule
def actual_now(c, policy, rules):
    """Return the actual sharing of a community under the policy of the day (MODEL.md 5.6, ODD 4.7).

    Parameters
    ----------
    c : int
        Code of `Community`.
    policy : POLICY record
    rules : RULES record

    Returns
    -------
    float
        Probability (`actual_sharing`).
    """
    return actual_sharing(
        rules.contact_share[c],
        policy,
        rules.batch_visibility,
        rules.fingerprint_match,
        rules.unhonored_visibility,
        rules.detainer_compliance[policy.detainers],
    )


@kernel
def update_salience(policy, rules, community, sums, per_thousand):
    """Let a community take in today's enforcement.

    Changes surge, expected enforcement and both kinds of news (MODEL.md 5.6, ODD 4.7, step 5).
    """
    arrests, in_raid = sums.arrests * per_thousand, sums.raid_arrests * per_thousand
    community.surge = surge_tomorrow(
        community.surge,
        arrests,
        community.expected,
        rules.salience_gain,
        rules.habituation,
        rules.salience_kept,
    )
    community.expected = toward(community.expected, arrests, rules.expectation_kept)
    alerts = rules.raid_alert_effect * policy.raid_alerts
    lasting, reassured = (0.0, in_raid) if policy.raid_reassured else (in_raid, 0.0)
    community.news = news_tomorrow(community.news, rules.salience_kept, rules.salience_gain, lasting, alerts)
    community.reassured_news = news_tomorrow(
        community.reassured_news, rules.reassured_kept, rules.salience_gain, reassured, alerts
    )


@kernel
def update_belief(policy, rules, community, actual, from_data):
    """Move a community's perceived sharing by the rules in force, by arrests from police data and by outreach.

    Changes belief and what is publicly known (MODEL.md 5.6, ODD 4.7, step 5).
    """
    community.known = known_tomorrow(community.known, actual, policy.publicity)
    target = belief_target(rules.belief_floor, rules.awareness, community.known)
    belief = toward(community.belief, target, rules.belief_kept)
    belief = belief_after_arrests(belief, rules.belief_gain, from_data)
    if policy.outreach_reach > 0.0:
        message = outreach_message(policy.outreach_accuracy, actual, policy.outreach_slant)
        belief = told(belief, message, convinced_in_a_day(policy.outreach_reach, rules.outreach_effect))
    community.belief = belief


@kernel
def update_communities(policy, rules, communities, today):
    """Let every community take in today's enforcement and move its perceived sharing.

    Reads the policy and the sums of `today.communities`; changes surge, expected enforcement, news, belief and the
    shared change in trust, and lets the sums over residents relax (MODEL.md 5.6, ODD 4.7, step 5).
    """
    for c in range(communities.shape[0]):
        community, sums = communities[c], today.communities[c]
        per_thousand = 1000.0 / max(1.0, rules.community_size[c])
        update_salience(policy, rules, community, sums, per_thousand)
        sums.actual_sharing = actual_now(c, policy, rules)
        update_belief(policy, rules, community, sums.actual_sharing, sums.from_data * per_thousand)
        community.trust_shift = relaxed(community.trust_shift, rules.trust_decay, 1)
        community.trust_change = relaxed(community.trust_change, rules.trust_decay, 1)
        community.fear = relaxed(community.fear, rules.fear_decay, 1)
