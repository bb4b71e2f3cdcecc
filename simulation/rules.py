"""Every number that the rules read: solved constants and parameters in the units of the rules, and today's policy."""

from typing import Any

import numpy as np

from .compilation import record, rule
from .constants import Constants
from .levers import Policy
from .parameters import table
from .vocabulary import ChargeGrade, Community, CrimeType, Detainers, LegalStatus, Role

VULNERABILITY_CLASSES = 1 + 2 * len(LegalStatus)
_STATUSES = len(LegalStatus)

_K, _C, _S, _G = len(CrimeType), len(Community), len(LegalStatus), len(ChargeGrade)
_TABLES = {
    "handled": _K, "call_intercept": _K, "solve_intercept": _K, "expected_cooperating": _K, "bystander_slot": _K,
    "community_size": _C, "contact_share": (_C, len(Role)), "vulnerability": VULNERABILITY_CLASSES,
    "bystander_household": _K, "bystander_neighbor": _K, "on_view": _K, "other_arrest_ratio": _S,
    "conviction": _G, "jail": _G, "jail_term": _G, "detainer_compliance": len(Detainers),
}  # fmt: skip
_WHOLE = ("disposition_delay", "batch_delay", "survey_size", "survey_recall")
_NUMBERS = [
    "other_arrest_rate",
    "mean_offending_weight",
    "millions",
    "headroom",
    "local_offender_share",
    "offender_response",
    "replacement",
    "domestic_replacement",
    "deportation_deterrence",
    "trust_effect",
    "fear_effect",
    "bystander_call",
    "bystander_cooperation",
    "victim_cooperation",
    "accompaniment_relief",
    "protection_awareness",
    "courthouse_effect",
    "cooperation_effect",
    "load_effect",
    "detective_elasticity",
    "case_decay",
    "arrest_delay",
    "wrongful_arrest",
    "offender_arrest_ratio",
    "other_charge_felony",
    "other_charge_misdemeanor",
    "state_prison_share",
    "fingerprint_match",
    "unhonored_visibility",
    "prison_transfer",
    "database_visits",
    "other_visits",
    "lead_success",
    "other_lead_success",
    "raid_success",
    "workplace_share",
    "collateral_arrest",
    "lead_shelf_life",
    "batch_visibility",
    "unsuccessful_visit_weight",
    "detention_term",
    "removal",
    "return_delay",
    "newcomer_delay",
    "trust_solved",
    "trust_unsolved",
    "trust_arrest",
    "trust_ice",
    "trust_decay",
    "fear_household",
    "fear_tie",
    "fear_decay",
    "salience_gain",
    "salience_kept",
    "reassured_kept",
    "news_effect",
    "raid_alert_effect",
    "habituation",
    "expectation_kept",
    "belief_floor",
    "awareness",
    "belief_kept",
    "belief_gain",
    "outreach_effect",
    "announcement_effect",
    "learning_kept",
    "survey_response",
    "survey_fear_effect",
]
RULES = record(
    [(name, np.float64) for name in _NUMBERS]
    + [(name, np.int64) for name in _WHOLE]
    + [(name, np.float64, size) for name, size in _TABLES.items()],
)
"""Every number that a rule reads: solved constants and parameters, in the units of the rules.

Names are those of the parameter or constant; `*_decay` is a daily rate, `*_kept` the share left after a day,
`*_delay` a number of days, and bystander, victim and survey probabilities are log-odds.
"""

_TODAY = {"raid_targets": int, "raid_first": int, "raid_end": int, "raid_at_work": bool, "raid_reassured": bool}
POLICY = record(
    [
        (name, {bool: np.bool_, int: np.int64, float: np.float64}[kind])
        for name, kind in {**Policy.__annotations__, **_TODAY}.items()
    ]
)
"""The rules in force on one day (see `Policy`), and today's raid: how many targets, of the undocumented residents from
`raid_first` to `raid_end` (positions in `People.undocumented_rows`)."""


@rule
def class_of(is_immigrant, status, lives_with_undocumented):
    """Return a resident's vulnerability class: 0 outside immigrant communities, else by status and household (ODD 2).

    Parameters
    ----------
    is_immigrant : bool
        Whether the resident is of an immigrant community.
    status : int
        Code of `LegalStatus`.
    lives_with_undocumented : bool
        Whether another member of the household is undocumented.

    Returns
    -------
    int
        0, or `1 + status + 4 * lives_with_undocumented`.
    """
    return is_immigrant * (1 + status + _STATUSES * lives_with_undocumented)


def vulnerability_by_class(values: dict[str, float]) -> np.ndarray:
    """Return the vulnerability of each of the nine classes (MODEL.md 5.2)."""
    alone = np.array(table(values, "vulnerability"))
    with_undocumented = alone + values["mixed_status_vulnerability"] * (1.0 - alone)
    return np.concatenate(([0.0], alone, with_undocumented))


def kept(half_life: float) -> float:
    """Return the share of a quantity that is left after one day."""
    return 0.5 ** (1.0 / half_life)


def _mean_delay(rate: float) -> float:
    """Return the mean delay in days at a yearly rate; 0 stands for never."""
    return 365.0 / rate if rate > 0 else 0.0


def make_rules(values: dict[str, float], constants: Constants, expected_size: float) -> np.record:
    """Collect solved constants and parameter values in the form that the rules read (a `RULES` record)."""
    derived = {
        "millions": expected_size / 1e6,
        "vulnerability": vulnerability_by_class(values),
        "bystander_call": logit(values["bystander_call"]),
        "bystander_cooperation": logit(values["bystander_cooperation"]),
        "victim_cooperation": logit(values["victim_cooperation"]),
        "case_decay": np.exp(-1.0 / values["case_duration"]),
        "disposition_delay": round(values["disposition_delay"]),
        "batch_delay": round(values["batch_delay"]),
        "survey_size": round(values["survey_size"]),
        "survey_recall": round(values["survey_recall"]),
        "survey_response": logit(values["survey_response"]),
        "return_delay": _mean_delay(values["return_rate"]),
        "newcomer_delay": _mean_delay(values["replacement_migration"]),
        "trust_unsolved": values["trust_unsolved"] * values["asymmetry"],
        "trust_arrest": values["trust_arrest"] * values["asymmetry"],
        "trust_ice": values["trust_ice"] * values["asymmetry"],
        "trust_decay": np.log(2.0) / values["trust_half_life"],
        "fear_decay": np.log(2.0) / values["fear_half_life"],
        "salience_kept": kept(values["salience_half_life"]),
        "reassured_kept": kept(values["reassured_half_life"]),
        "expectation_kept": kept(values["expectation_half_life"]),
        "belief_kept": kept(values["belief_half_life"]),
        "learning_kept": kept(values["learning_half_life"]),
    }
    rules: Any = np.zeros((), RULES)
    for name in RULES.names or ():
        if name in derived:
            rules[name] = derived[name]
        elif name in Constants._fields:
            rules[name] = getattr(constants, name)
        else:
            rules[name] = values[name] if name in values else table(values, name)
    return rules[()]


NO_RAID = (0, 0, 0, False, False)
"""Today's raid, where there is none."""


def make_policy(policy: Policy, raid: tuple[int, int, int, bool, bool] = NO_RAID) -> np.record:
    """Return a policy and today's raid in the form that the rules read (a `POLICY` record)."""
    coded: Any = np.array((*policy, *raid), POLICY)
    return coded[()]


def logit(probability: float) -> float:
    """Return the log-odds of a probability."""
    return float(np.log(probability / (1.0 - probability)))
