"""What communities have in mind and believe (MODEL.md 5.6, ODD 4.1, 4.7): each rule worked out by hand."""

import numpy as np
import pytest

from simulation.levers import Policy
from simulation.rules import RULES, kept, make_policy
from simulation.submodels.perception import (
    actual_now,
    actual_sharing,
    belief_after_arrests,
    belief_target,
    convinced_in_a_day,
    known_tomorrow,
    news_tomorrow,
    outreach_message,
    salience,
    surge_tomorrow,
    told,
    toward,
    visibility,
)
from simulation.vocabulary import Community, Detainers, Role

SHOWS_ALL = Policy(True, True, True, True, False, True, 0, True, 0, 1.0, 0.0)
BATCH, MATCH, UNHONORED, HANDED_OVER = 0.4, 0.5, 0.6, 0.25
PRINT = 0.5 * (0.6 + 0.4 * 0.25)  # 0.35


@pytest.mark.parametrize(
    ("surge", "news", "reassured", "in_mind"),
    [
        (0.4, 0.0, 0.0, 0.4),
        (0.4, 0.3, 0.2, 0.9),
        (-0.4, 0.3, 0.2, 0.5),  # less enforcement than expected takes nothing away from news
        (-0.4, 0.0, 0.0, 0.0),
    ],
)
def test_salience_is_enforcement_beyond_what_is_expected_and_news(surge, news, reassured, in_mind):
    """max(0, surge) + news + reassured_news."""
    assert salience(surge, news, reassured) == pytest.approx(in_mind, rel=1e-15)


def test_news_decays_and_grows_with_a_raid_and_alerts():
    """news * kept + gain * r * (1 + alerts): 0.4 * 0.5 + 3 * 0.2 * (1 + 0.5) = 1.1; alerts need a raid."""
    assert news_tomorrow(0.4, 0.5, 3.0, 0.2, 0.5) == pytest.approx(1.1, rel=1e-14)
    assert news_tomorrow(0.4, 0.5, 3.0, 0.2, 0.0) == pytest.approx(0.8, rel=1e-14)
    assert news_tomorrow(0.4, 0.5, 3.0, 0.0, 0.5) == 0.2
    assert news_tomorrow(0.0, 0.5, 3.0, 0.0, 0.5) == 0.0


def test_reassured_news_fades_in_its_own_half_life():
    """What is 0.8 today is 0.4 after 4 days of half-life 4, while other news, of half-life 40, still is 0.746."""
    reassured = lasting = 0.8
    for _ in range(4):
        reassured = news_tomorrow(reassured, kept(4.0), 3.0, 0.0, 0.0)
        lasting = news_tomorrow(lasting, kept(40.0), 3.0, 0.0, 0.0)
    assert reassured == pytest.approx(0.4, rel=1e-12)
    assert lasting == pytest.approx(0.8 * 0.5**0.1, rel=1e-12)


def test_surge_decays_and_grows_with_arrests_beyond_what_is_expected():
    """surge * kept + gain * (arrests - habituation * expected): 0.4 * 0.5 + 3 * (0.2 - 0.8 * 0.1) = 0.56."""
    assert surge_tomorrow(0.4, 0.2, 0.1, 3.0, 0.8, 0.5) == pytest.approx(0.56, rel=1e-14)
    assert surge_tomorrow(0.4, 0.0, 0.1, 3.0, 0.8, 0.5) == pytest.approx(-0.04, rel=1e-12)


def test_steady_enforcement_that_is_fully_expected_leaves_no_surge():
    """With habituation 1 and arrests as expected, the surge only decays."""
    assert surge_tomorrow(0.4, 0.1, 0.1, 3.0, 1.0, 0.5) == pytest.approx(0.2, rel=1e-14)


def test_a_gap_halves_in_its_half_life():
    """value + (target - value) * (1 - kept), 60 times at half-life 60: from 0.2 half way to 0.6."""
    value = 0.2
    for _ in range(60):
        value = toward(value, 0.6, kept(60.0))
    assert value == pytest.approx(0.4, rel=1e-12)


def test_belief_heads_for_the_floor_and_part_of_the_rest():
    """floor + (1 - floor) * awareness * actual: 0.3 + 0.7 * 0.6 * 0.5 = 0.51; the floor where nothing is shared."""
    assert belief_target(0.3, 0.6, 0.5) == pytest.approx(0.51, rel=1e-14)
    assert belief_target(0.3, 0.6, 0.0) == 0.3
    assert belief_target(0.0, 1.0, 1.0) == 1.0


@pytest.mark.parametrize("publicity", [0.0, 0.4, 0.9, 1.0])
def test_publicity_is_the_share_that_learns_of_a_change_within_a_month(publicity):
    """1 - (1 - publicity) ** (1/30) a day: after 30 days that share of the change, from 0.2 to 0.7, is known."""
    known = 0.2
    for _ in range(30):
        known = known_tomorrow(known, 0.7, publicity)
    assert known == pytest.approx(0.2 + publicity * 0.5, rel=1e-12)


def test_at_the_extremes_of_publicity_all_is_known_at_once_or_nothing_ever():
    """Exactly, so that a world with full publicity is one in which belief follows the rules themselves."""
    assert known_tomorrow(0.2, 0.7, 1.0) == 0.7
    assert known_tomorrow(0.2, 0.7, 0.0) == 0.2


def test_arrests_from_police_data_raise_belief_up_to_one():
    """belief + gain * arrests * (1 - belief): 0.5 + 0.3 * 0.2 * 0.5 = 0.53, at most 1."""
    assert belief_after_arrests(0.5, 0.3, 0.2) == pytest.approx(0.53, rel=1e-14)
    assert belief_after_arrests(0.5, 20.0, 5.0) == 1.0
    assert belief_after_arrests(0.5, 0.3, 0.0) == 0.5


@pytest.mark.parametrize(
    ("role", "change", "visible"),
    [
        ("victim", {}, 1.0),
        ("witness", {}, 1.0),
        ("arrestee", {}, 1.0),
        ("victim", {"shows_victim": False}, 0.0),  # fingerprints are of arrestees only
        ("witness", {"real_time": False}, BATCH),
        ("arrestee", {"real_time": False}, 1 - 0.6 * 0.65),
        ("arrestee", {"after_disposition": True}, 1 - 0.6 * 0.65),  # as late as in batches
        ("arrestee", {"after_disposition": True, "real_time": False}, 1 - 0.6 * 0.65),
        ("arrestee", {"after_disposition": True, "fingerprint_checks": False}, BATCH),
        ("victim", {"after_disposition": True}, 1.0),  # victims have no case to be disposed of
        ("witness", {"after_disposition": True}, 1.0),
        ("arrestee", {"shows_arrestee": False}, PRINT),
        ("arrestee", {"shows_country_of_birth": False}, PRINT),  # a role without a field shows nobody
        ("arrestee", {"shows_country_of_birth": False, "shows_immigration_status": True}, 1.0),
        ("arrestee", {"shows_arrestee": False, "fingerprint_checks": False}, 0.0),
    ],
)
def test_visibility_joins_what_the_agreement_and_fingerprints_show(role, change, visible):
    """1 - (1 - data) * (1 - print), print = 0.5 * (0.6 + 0.4 * 0.25) = 0.35 for arrestees; data alone for others."""
    code = int(Role[role.upper()])
    found = visibility(code, make_policy(SHOWS_ALL._replace(**change)), BATCH, MATCH, UNHONORED, HANDED_OVER)
    assert found == pytest.approx(visible, rel=1e-14)


def test_actual_sharing_weighs_roles_by_contacts():
    """0.2 * 0.35 for arrestees by fingerprint, 0.5 * 0.4 for victims in batches, 0.3 * 0 for witnesses: 0.27."""
    policy = make_policy(SHOWS_ALL._replace(shows_arrestee=False, shows_witness=False, real_time=False))
    share = np.array([0.2, 0.5, 0.3])
    assert actual_sharing(share, policy, BATCH, MATCH, UNHONORED, HANDED_OVER) == pytest.approx(0.27, rel=1e-14)


def test_actual_sharing_now_takes_the_numbers_of_the_rules():
    """The same 0.27, by the detainer rule in force; where detainers are honored 0.2 * 0.5 + 0.5 * 0.4 = 0.3."""
    rules = np.zeros(1, RULES).view(np.recarray)[0]
    rules.contact_share[Community.LATINO] = [0.2, 0.5, 0.3]
    rules.batch_visibility, rules.fingerprint_match, rules.unhonored_visibility = BATCH, MATCH, UNHONORED
    rules.detainer_compliance[:] = [0.0, HANDED_OVER, 1.0]
    terms = {"shows_arrestee": False, "shows_witness": False, "real_time": False}
    policy = SHOWS_ALL._replace(**terms, detainers=int(Detainers.JUDICIAL_WARRANT))
    latino, asian = int(Community.LATINO), int(Community.ASIAN)
    assert actual_now.py_func(latino, make_policy(policy), rules) == pytest.approx(0.27, rel=1e-14)
    assert actual_now.py_func(asian, make_policy(policy), rules) == 0.0  # no contacts in this record
    honored = policy._replace(detainers=int(Detainers.HONOR))
    assert actual_now.py_func(latino, make_policy(honored), rules) == pytest.approx(0.3, rel=1e-14)


@pytest.mark.parametrize(
    ("belief", "message", "heard", "after"),
    [
        (0.6, 0.2, 0.25, 0.5),  # down toward the truth
        (0.2, 0.6, 0.25, 0.3),  # and up
        (0.6, 0.2, 0.0, 0.6),  # nobody hears it
        (0.6, 0.2, 1.0, 0.2),
        (0.4, 0.4, 0.7, 0.4),
    ],
)
def test_a_message_moves_belief_toward_what_is_said(belief, message, heard, after):
    """belief + heard * (message - belief)."""
    assert told(belief, message, heard) == pytest.approx(after, rel=1e-14)


def test_what_advocates_say_is_true_as_far_as_they_are_accurate():
    """accuracy * actual + (1 - accuracy) * slant: 0.75 * 0.4 + 0.25 * 1 = 0.55, and 0.3 where they say nothing is."""
    assert outreach_message(0.75, 0.4, 1.0) == pytest.approx(0.55, rel=1e-14)
    assert outreach_message(0.75, 0.4, 0.0) == pytest.approx(0.3, rel=1e-14)
    assert outreach_message(1.0, 0.4, 1.0) == 0.4
    assert outreach_message(0.0, 0.4, 0.9) == 0.9


def test_a_month_of_outreach_convinces_its_reach_times_its_effect():
    """1 - (1 - 0.5 * 0.8) ** (1/30) a day: after 30 days 40 percent of the gap to the message is gone."""
    daily = convinced_in_a_day(0.8, 0.5)
    belief = 0.9
    for _ in range(30):
        belief = told(belief, 0.4, daily)
    assert belief == pytest.approx(0.4 + 0.6 * 0.5, rel=1e-12)
    assert convinced_in_a_day(0.0, 0.5) == 0.0
    assert convinced_in_a_day(1.0, 0.0) == 0.0
    assert convinced_in_a_day(1.0, 1.0) == 1.0
