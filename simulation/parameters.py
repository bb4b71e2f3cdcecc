"""Every parameter of the model, declared once: default, prior, unit, bounds, source and meaning.

A *parameter* is something about the world that nobody chooses (an uncertainty). What a decision-maker
chooses is a lever (`simulation.levers`); what a census or a police report counts is in a place file
(`simulation.place`). Where the calibration learned something of a parameter, its default is the median of the
calibrated sample, to two digits (docs/calibration.md); the others are starting values near the middle of their priors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .vocabulary import ChargeGrade, CrimeType, Detainers, LegalStatus

ASSUMPTION = "assumption"
"""The source of a value that rests on judgment alone."""


@dataclass(frozen=True)
class Prior:
    """What is believed about a parameter before fitting: a distribution's name and its arguments."""

    distribution: str
    arguments: tuple[float, ...] = ()

    def __str__(self) -> str:
        return f"{self.distribution}({', '.join(f'{a:g}' for a in self.arguments)})"


FIXED = Prior("fixed")
"""The prior of a number that is not varied."""


def uniform(low: float, high: float) -> Prior:
    """Return a prior with equal density between two values."""
    return Prior("uniform", (low, high))


def log_uniform(low: float, high: float) -> Prior:
    """Return a prior with equal density of the logarithm between two values."""
    return Prior("log_uniform", (low, high))


def normal(mean: float, sd: float) -> Prior:
    """Return a normal prior, cut at the parameter's bounds."""
    return Prior("normal", (mean, sd))


def beta(a: float, b: float) -> Prior:
    """Return a beta prior."""
    return Prior("beta", (a, b))


@dataclass(frozen=True)
class Parameter:
    """One declared parameter.

    Attributes
    ----------
    name : str
        Flat name; `group.member` for a table over crime types, statuses or grades.
    default : float
        Starting value.
    prior : Prior
        What is believed before fitting.
    unit : str
        Unit of the value.
    bounds : tuple of float
        Lowest and highest allowed value, both included.
    source : tuple of str
        Evidence ids (`scenarios/evidence`), or `assumption`.
    meaning : str
        One sentence.
    section : str
        Section of MODEL.md whose rule uses it.
    """

    name: str
    default: float
    prior: Prior
    unit: str
    bounds: tuple[float, float]
    source: tuple[str, ...]
    meaning: str
    section: str


_declared: dict[str, Parameter] = {}


def _declare(section, name, default, prior, unit, bounds, source, meaning) -> None:
    source = (source,) if isinstance(source, str) else tuple(source)
    _declared[name] = Parameter(name, float(default), prior, unit, bounds, source, meaning, section)


def _declare_table(section, name, members, defaults, prior, unit, bounds, source, meaning) -> None:
    for member, default in zip(members, defaults, strict=True):
        sources = source[member] if isinstance(source, Mapping) and member in source else source
        sources = ASSUMPTION if isinstance(sources, Mapping) else sources
        _declare(section, f"{name}.{member}", default, prior, unit, bounds, sources,
                 f"{meaning}: {member.replace('_', ' ')}.")  # fmt: skip


PROBABILITY, DAYS, LOG_ODDS = "probability", "days", "log-odds"
UNIT_INTERVAL = (0.0, 1.0)
CRIMES, STATUSES, GRADES = CrimeType.names(), LegalStatus.names(), ChargeGrade.names()

# fmt: off
# 5.1 Crime
_declare("5.1", "headroom", 2.0, FIXED, "multiple of the base rate", (1.0, 5.0), ASSUMPTION,
         "Candidate crimes are drawn at this multiple of the base rate, so that rates can rise as well as fall.")
_declare("5.1", "local_offender_share", 0.7, uniform(0.5, 0.9), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that an offender is drawn from the victim's own district.")
_declare("5.1", "offender_response", 0.43, uniform(0.0, 0.8), "elasticity", (0.0, 2.0), "gjw-offending-elasticity",
         "How strongly offending falls as the risk of being reported and caught rises.")
_declare("5.1", "replacement", 0.5, uniform(0.0, 1.0), PROBABILITY, UNIT_INTERVAL, "buonanno-raphael-diminishing",
         "Chance that somebody else commits the crime of an offender who is jailed, detained or removed.")
_declare("5.1", "deportation_deterrence", 0.0, normal(0.0, 0.1), LOG_ODDS, (-0.5, 0.5), "chalfin-mccrary-severity",
         "How much perceived sharing holds back a noncitizen offender (log of offending; negative pushes).")
_declare("5.1", "domestic_replacement", 0.0, FIXED, PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that a crime at home happens although its offender is away; above 0 only to switch incapacitation off.")
# 5.2 Reporting
_declare("5.2", "handled_otherwise", 0.52, uniform(0.4, 0.65), "share of silence", (0.0, 0.95),
         ("ncvs-0610-reason-otherway", "ncvs-0610-reason-unimportant"),
         "Share of unreported crimes that were never a police matter, whatever anybody fears.")
_declare("5.2", "trust_effect", 0.1, uniform(0.0, 0.4), "log-odds per standard deviation", (0.0, 2.0),
         ("zoorob-25-events-null", "desmond-milwaukee-calls"),
         "How much trust in the police raises the odds of calling and cooperating.")
_declare("5.2", "fear_effect", 5.7, uniform(0.0, 8.0), "log-odds per unit of dread", (0.0, 10.0), "gjw-sc-reporting",
         "How much dread lowers the odds of calling and cooperating.")
_declare_table("5.2", "vulnerability", STATUSES, (0.57, 0.50, 0.40, 1.0), uniform(0.0, 1.0), "weight", UNIT_INTERVAL,
               {"us_born_citizen": "pew-fear-usborn-2018", "naturalized_citizen": "menjivar-spillover-legal-status",
                "lawful_noncitizen": "menjivar-spillover-legal-status", "undocumented": "pew-fear-unauthorized-2018"},
               "How much an immigrant community's fear bears on a resident's own calls, by legal status")
_declare("5.2", "mixed_status_vulnerability", 0.6, uniform(0.2, 1.0), "weight", UNIT_INTERVAL, "pew-knows-unauthorized",
         "Share of the gap to full vulnerability that living with an undocumented person closes.")
_declare_table("5.2", "bystander_presence", CRIMES, (0.66, 0.29, 0.52, 0.66, 0.66, 0.40, 0.10, 0.05, 0.15), uniform(0.0, 0.9),
               PROBABILITY, (0.0, 0.99),
               {"rape": "bjs-thirdparty-rape", "robbery": "bjs-thirdparty-robbery", "aggravated_assault": "bjs-thirdparty-violent",
                "simple_assault": "bjs-thirdparty-violent", "homicide": "bjs-thirdparty-violent"},
               "Chance that at least one bystander is present")
_declare_table("5.2", "bystander_household", CRIMES, (0.2, 0.3, 0.1, 0.2, 0.2, 0.7, 0.5, 0.2, 0.2), uniform(0.0, 0.8),
               PROBABILITY, UNIT_INTERVAL, ASSUMPTION, "Chance that a bystander is of the victim's household")
_declare_table("5.2", "bystander_neighbor", CRIMES, (0.3, 0.3, 0.3, 0.3, 0.3, 0.2, 0.4, 0.4, 0.3), uniform(0.0, 0.8),
               PROBABILITY, UNIT_INTERVAL, ASSUMPTION, "Chance that a bystander is a neighbor; the rest are of the district")
_declare("5.2", "bystander_call", 0.25, uniform(0.1, 0.5), PROBABILITY, (0.01, 0.99), ASSUMPTION,
         "Chance that a bystander with average trust and no dread calls the police.")
_declare("5.2", "bystander_cooperation", 0.5, uniform(0.2, 0.8), PROBABILITY, (0.01, 0.99), ASSUMPTION,
         "Chance that a bystander with average trust and no dread cooperates with the investigation.")
_declare("5.2", "victim_cooperation", 0.8, uniform(0.5, 0.95), PROBABILITY, (0.01, 0.99), ASSUMPTION,
         "Chance that a victim with average trust and no dread cooperates with the investigation.")
_declare("5.2", "accompaniment_relief", 0.5, uniform(0.0, 1.0), "share of dread", UNIT_INTERVAL, ASSUMPTION,
         "Share of a victim's dread that goes away when an advocate comes along to the police.")
_declare("5.2", "protection_awareness", 0.3, uniform(0.0, 1.0), PROBABILITY, UNIT_INTERVAL, "adaa-sanctuary-vawa",
         "Chance that an undocumented victim of a violent crime knows of a protection for those who cooperate.")
_declare("5.2", "courthouse_effect", 1.0, uniform(0.0, 3.0), LOG_ODDS, (0.0, 10.0), "aclu-judges-interrupted-cases",
         "How much immigration operations at courthouses lower the odds that a fully vulnerable person cooperates.")
# 5.3 Investigation
_declare("5.3", "cooperation_effect", 0.7, uniform(0.0, 2.0), "log-odds per person", (0.0, 4.0), "phillips-buffalo-uncooperative",
         "How much each cooperating victim or bystander raises the odds that a reported crime is solved.")
_declare("5.3", "load_effect", 0.2, uniform(0.0, 0.6), "log-odds per log caseload", (0.0, 3.0), "blanes-kirchmaier-response",
         "How much a heavier caseload lowers the odds that a reported crime is solved.")
_declare("5.3", "case_duration", 60.0, uniform(20.0, 120.0), DAYS, (1.0, 1000.0), ASSUMPTION,
         "Mean time that a reported crime stays in a division's caseload.")
_declare_table("5.3", "on_view", CRIMES, (0.05, 0.0, 0.03, 0.03, 0.02, 0.01, 0.01, 0.02, 0.01), uniform(0.0, 0.1),
               PROBABILITY, (0.0, 0.5), ASSUMPTION, "Chance that police arrest for a crime that nobody reported")
_declare("5.3", "arrest_delay", 20.0, uniform(5.0, 60.0), DAYS, (1.0, 365.0), ASSUMPTION,
         "Mean time from a solved crime to the arrest.")
_declare("5.3", "wrongful_arrest", 0.03, uniform(0.0, 0.08), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that the person arrested is the wrong one.")
_declare("5.3", "detective_elasticity", 1.0, uniform(0.0, 2.0), "elasticity", (0.0, 5.0), ASSUMPTION,
         "How strongly the number of detectives follows the police budget.")
# 5.4 Booking and the database
_declare_table("5.4", "other_arrest_ratio", STATUSES, (1.0, 0.7, 0.6, 0.45), uniform(0.2, 1.2), "ratio to U.S.-born citizens",
               (0.0, 5.0), {"undocumented": ("light-texas-ratio-violent", "light-texas-ratio-drug")},
               "Rate of arrests for drugs, driving, traffic and public order, by legal status")
_declare("5.4", "offender_arrest_ratio", 5.0, uniform(0.0, 15.0), "ratio per unit of offending weight", (0.0, 100.0), ASSUMPTION,
         "How much each unit of offending weight adds to the rate of other arrests.")
_declare("5.4", "other_charge_felony", 0.25, uniform(0.1, 0.4), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that the gravest charge of an other arrest is a felony.")
_declare("5.4", "other_charge_misdemeanor", 0.5, uniform(0.4, 0.6), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that the gravest charge of an other arrest is a misdemeanor; the rest are summary offenses.")
_declare_table("5.4", "conviction", GRADES, (0.0, 0.45, 0.5), uniform(0.2, 0.8), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
               "Chance that the right person, once booked, is convicted")
_declare("5.4", "disposition_delay", 180.0, uniform(60.0, 365.0), DAYS, (1.0, 1500.0), ASSUMPTION,
         "Time from booking to conviction.")
_declare_table("5.4", "jail", GRADES, (0.0, 0.15, 0.5), uniform(0.0, 0.8), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
               "Chance that a booking leads to jail")
_declare_table("5.4", "jail_term", GRADES, (1.0, 60.0, 300.0), uniform(1.0, 600.0), DAYS, (1.0, 5000.0), ASSUMPTION,
               "Mean time in jail or prison")
_declare("5.4", "state_prison_share", 0.3, uniform(0.1, 0.5), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that a jailed and convicted felon serves the term in a state prison.")
# 5.5 Enforcement
_declare("5.5", "fingerprint_match", 0.74, uniform(0.2, 0.8), PROBABILITY, UNIT_INTERVAL, "gjw-sc-transfers",
         "Chance that the fingerprints of a removable person booked are known to the immigration agency.")
_declare_table("5.5", "detainer_compliance", Detainers.names(), (0.0, 0.03, 0.75), uniform(0.0, 0.8), PROBABILITY, UNIT_INTERVAL,
               {"honor": "trac-detainer-custody", "judicial_warrant": ASSUMPTION, "never": ASSUMPTION},
               "Chance that a removable person booked is handed over, by the city's detainer rule")
_declare("5.5", "unhonored_visibility", 0.5, uniform(0.0, 1.0), "weight", UNIT_INTERVAL, ASSUMPTION,
         "How far a fingerprint match counts as visible when the city does not hand the person over.")
_declare("5.5", "prison_transfer", 0.9, uniform(0.7, 1.0), PROBABILITY, UNIT_INTERVAL, "hausman-violent-convicted",
         "Chance that a state prison delivers a removable person at the end of the term.")
_declare("5.5", "database_visits", 6.0, uniform(2.0, 12.0), "visits per day per million residents", (0.0, 1000.0), ASSUMPTION,
         "Leads from police data that the immigration agency can work.")
_declare("5.5", "other_visits", 4.1, uniform(2.0, 15.0), "visits per day per million residents", (0.0, 1000.0), ASSUMPTION,
         "Leads from federal data and tips that the immigration agency works whatever the city does.")
_declare("5.5", "lead_success", 0.34, beta(2.0, 6.0), PROBABILITY, UNIT_INTERVAL, ("fairfax-identified-removed", "trac-detainer-custody"),
         "Chance that a visit on a police-data lead to a removable person ends in that person's arrest.")
_declare("5.5", "other_lead_success", 0.039, beta(2.0, 14.0), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that a visit on another lead ends in that person's arrest.")
_declare("5.5", "raid_success", 0.4, uniform(0.1, 0.8), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that a person targeted in a raid is arrested.")
_declare("5.5", "workplace_share", 0.2, uniform(0.0, 0.4), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that a lead is worked at the workplace and not at the home.")
_declare("5.5", "collateral_arrest", 0.028, log_uniform(0.02, 0.3), PROBABILITY, UNIT_INTERVAL, "safecity-collateral-share",
         "Chance that a removable person met during a visit is arrested too.")
_declare("5.5", "lead_shelf_life", 30.0, uniform(7.0, 90.0), DAYS, (0.0, 1000.0), ASSUMPTION,
         "Age after which the immigration agency drops a police-data lead.")
_declare("5.5", "batch_delay", 30.0, uniform(7.0, 90.0), DAYS, (1.0, 365.0), ASSUMPTION,
         "Delay of records where the agreement gives no real-time access.")
_declare("5.5", "batch_visibility", 0.5, uniform(0.2, 0.8), "weight", UNIT_INTERVAL, ASSUMPTION,
         "How far a record counts as visible when it reaches the immigration agency only in batches.")
_declare("5.5", "unsuccessful_visit_weight", 0.25, uniform(0.0, 0.5), "ratio to an arrest", UNIT_INTERVAL, ASSUMPTION,
         "Fear that a visit without the arrest of its target brings to those who saw it.")
_declare("5.5", "detention_term", 45.0, uniform(20.0, 120.0), DAYS, (1.0, 2000.0), ASSUMPTION,
         "Mean time in immigration detention.")
_declare("5.5", "removal", 0.7, uniform(0.4, 0.9), PROBABILITY, UNIT_INTERVAL, ASSUMPTION,
         "Chance that detention ends in removal and not in release.")
_declare("5.5", "return_rate", 0.15, uniform(0.05, 0.5), "per year", (0.0, 5.0), ASSUMPTION,
         "Rate at which a removed person comes back.")
_declare("5.5", "replacement_migration", 0.5, uniform(0.0, 1.0), "per year", (0.0, 5.0), ASSUMPTION,
         "Rate at which a newcomer takes the place of a removed person.")
# 5.6 Experience
_declare("5.6", "trust_solved", 0.2, uniform(0.0, 0.5), "standard deviations", (0.0, 3.0), ASSUMPTION,
         "Trust that a victim or witness gains when a reported crime is solved.")
_declare("5.6", "trust_unsolved", 0.1, uniform(0.0, 0.3), "standard deviations", (0.0, 3.0), "ncvs-2010-reason-police-nohelp",
         "Trust that a victim or witness loses when a reported crime is not solved.")
_declare("5.6", "trust_arrest", 0.2, uniform(0.0, 0.5), "standard deviations", (0.0, 3.0), ASSUMPTION,
         "Trust that the household loses when police arrest one of its members.")
_declare("5.6", "trust_ice", 0.2, uniform(0.0, 0.5), "standard deviations", (0.0, 3.0), "wong-trust-experiment",
         "Trust in police that household and ties lose by an immigration arrest that came from police data.")
_declare("5.6", "asymmetry", 2.0, log_uniform(1.0, 10.0), "ratio", (0.1, 20.0), ("gjw-sc-reporting", "jacome-dallas-pep-published"),
         "How much more a loss of trust weighs than a gain.")
_declare("5.6", "trust_half_life", 365.0, log_uniform(60.0, 1500.0), DAYS, (1.0, 10000.0), ASSUMPTION,
         "Half-life of a personal change in trust.")
_declare("5.6", "fear_household", 1.2, uniform(0.3, 2.0), "fear", (0.0, 10.0), ASSUMPTION,
         "Fear that an immigration arrest adds to each member of the household.")
_declare("5.6", "fear_tie", 0.4, uniform(0.1, 1.0), "fear", (0.0, 10.0), "pew-fear-usborn-2018",
         "Fear that an immigration arrest adds to each neighbor and co-worker.")
_declare("5.6", "fear_half_life", 90.0, log_uniform(7.0, 548.0), DAYS, (1.0, 10000.0), ("dee-2025-absences", "lascruces-absences"),
         "Half-life of personal fear.")
_declare("5.6", "salience_gain", 3.4, log_uniform(0.3, 10.0), "salience per arrest per 1,000", (0.0, 100.0), "gjw-path-peak",
         "How much immigration arrests in a community raise enforcement in everybody's mind.")
_declare("5.6", "salience_half_life", 37.0, log_uniform(15.0, 75.0), DAYS, (1.0, 10000.0), ("gjw-path-peak", "lapd-dv-latino-2017h1"),
         "Half-life of enforcement salience.")
_declare("5.6", "news_effect", 1.0, log_uniform(0.1, 2.0), "salience", (0.0, 20.0),
         ("538-philadelphia-latino-2017q1", "lapd-dv-latino-2017h1"),
         "Salience that national news of enforcement as strong as that of early 2017 adds in a community.")
_declare("5.6", "reassured_half_life", 4.0, log_uniform(1.0, 30.0), DAYS, (0.1, 10000.0), "lascruces-absences",
         "Half-life of the news of a raid after which officials reassured the public.")
_declare("5.6", "raid_alert_effect", 0.5, uniform(0.0, 2.0), "ratio", (0.0, 20.0), ASSUMPTION,
         "How much alerts by advocates add to the news of a raid.")
_declare("5.6", "habituation", 0.82, uniform(0.0, 1.0), "share", UNIT_INTERVAL, ("gjw-path-return", "asad-noncitizen-fear-flat"),
         "Share of the enforcement a community has come to expect that no longer adds to salience.")
_declare("5.6", "expectation_half_life", 235.0, uniform(115.0, 355.0), DAYS, (1.0, 10000.0), "gjw-path-return",
         "Half-life of the moving average that is a community's expected enforcement.")
_declare("5.6", "belief_floor", 0.37, uniform(0.1, 0.45), "probability", UNIT_INTERVAL, "asad-noncitizen-fear-2007",
         "Perceived sharing where nothing is shared.")
_declare("5.6", "awareness", 0.6, uniform(0.4, 0.9), "share", UNIT_INTERVAL, ASSUMPTION,
         "How far perceived sharing follows actual sharing in the end.")
_declare("5.6", "belief_half_life", 60.0, uniform(15.0, 125.0), DAYS, (1.0, 10000.0), ASSUMPTION,
         "Half-life of the gap between perceived sharing and where it is heading.")
_declare("5.6", "belief_gain", 0.5, uniform(0.0, 1.0), "per arrest per 1,000", (0.0, 20.0), ASSUMPTION,
         "How much each immigration arrest from police data raises perceived sharing.")
_declare("5.6", "outreach_effect", 0.5, uniform(0.0, 1.0), "share", UNIT_INTERVAL, "mazerolle-procedural-justice-cooperation",
         "Share of the people reached by outreach who believe it.")
_declare("5.6", "announcement_effect", 0.3, uniform(0.0, 1.0), "share", UNIT_INTERVAL, ASSUMPTION,
         "Share of the people reached by an official announcement who believe it.")
# 5.7 Offenders learn
_declare("5.7", "learning_half_life", 60.0, log_uniform(10.0, 135.0), DAYS, (1.0, 10000.0), "gjw-path-peak",
         "Half-life of what offenders learn about the risk of being reported and caught.")
# 5.8 Governance
_declare("5.8", "injunction_probability", 0.8, uniform(0.0, 1.0), PROBABILITY, UNIT_INTERVAL,
         ("philadelphia:timeline.2017-11-15", "philadelphia:timeline.2019-02-15"),
         "Chance that a court blocks a federal funding cut, where the scenario does not say.")
# 5.9 Victimization survey
_declare("5.9", "survey_size", 1000, FIXED, "residents per wave", (0.0, 1e7), ASSUMPTION,
         "Residents whom a victimization survey asks in each wave, everybody if there are fewer; 0 for no survey.")
_declare("5.9", "survey_recall", 182.0, FIXED, DAYS, (7.0, 730.0), "ncvs-2012-interval",
         "Time that an interview asks about, and from one wave to the next.")
_declare("5.9", "survey_response", 0.7, uniform(0.4, 0.9), PROBABILITY, (0.01, 0.99), "ncvs-2016-response",
         "Chance that a resident without dread answers the survey.")
_declare("5.9", "survey_fear_effect", 2.0, uniform(0.0, 4.0), "log-odds per unit of dread", (0.0, 10.0),
         ("brown-2019-citizenship-question", "camarota-2018-response"),
         "How much dread lowers the odds of answering the survey; 0 if the fearful answer like everybody else.")
# fmt: on

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(_declared)
"""All declared parameters by name, in the order of MODEL.md."""


def defaults() -> dict[str, float]:
    """Return a new dictionary with the default of every parameter."""
    return {name: parameter.default for name, parameter in PARAMETERS.items()}


def table(values: Mapping[str, float], name: str) -> tuple[float, ...]:
    """Return the values of one table, such as `vulnerability`, in the order of its members."""
    prefix = name + "."
    return tuple(value for key, value in values.items() if key.startswith(prefix))
