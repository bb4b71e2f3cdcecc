"""Every column of every result table: type, unit and description, declared once.

Tables are built from these lists and `datapackage.json` is written from them, so that a documented column
exists and an existing column is documented.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS

from ..claims import claims
from ..counting import KINDS
from ..explanation.mechanisms import MECHANISMS, PARTS
from ..statistics import VERDICTS

PARAMETER_PREFIX, LEVER_PREFIX, SWITCH_PREFIX = "parameter.", "lever.", "on."
FINISHED, FAILED = "finished", "failed"


class Column(NamedTuple):
    """One column of a table; `type` is a type of Frictionless Table Schema."""

    name: str
    type: str
    unit: str
    description: str
    allowed: tuple[str, ...] = ()


class Metric(NamedTuple):
    """One metric of the series table."""

    unit: str
    group: str
    description: str


_COMMUNITY = "community"
_CRIMES = "crimes per month, of the simulated residents"
_INDEX = "mean over residents on that day"

METRICS: Mapping[str, Metric] = {
    "happened": Metric(_CRIMES, _COMMUNITY, "Crimes that happened, by community of the victim."),
    "handled_otherwise": Metric(_CRIMES, _COMMUNITY, "Of these, never a police matter."),
    "reported": Metric(_CRIMES, _COMMUNITY, "Crimes reported to police by anyone."),
    "recorded": Metric(_CRIMES, _COMMUNITY, "Crimes in police figures: reported, or solved on view."),
    "cleared": Metric(_CRIMES, _COMMUNITY, "Crimes solved, counted when the crime happened."),
    "prevented_by_jail": Metric(_CRIMES, _COMMUNITY, "Crimes that did not happen because the offender was in jail."),
    "prevented_by_enforcement": Metric(
        _CRIMES, _COMMUNITY, "Crimes that did not happen because the offender was detained or removed."
    ),
    "replaced_for_enforcement": Metric(
        _CRIMES, _COMMUNITY, "Crimes that somebody else committed in place of an offender detained or removed."
    ),
    "bookings": Metric("bookings per month", _COMMUNITY, "Arrests by police entered in the database."),
    "immigration_arrests": Metric("arrests per month", _COMMUNITY, "Arrests by the immigration agency."),
    "households_losing_member": Metric(
        "households per month", _COMMUNITY, "Households that lose their first member to removal."
    ),
    "visits": Metric("visits per month", "all", "Visits by the immigration agency on a lead."),
    "wasted_visits": Metric("visits per month", "all", "Visits to people who are not removable."),
    "trust": Metric("standard deviations", _COMMUNITY, f"Trust in the police, {_INDEX}."),
    "fear": Metric("fear", _COMMUNITY, f"Fear from enforcement that came near, {_INDEX}."),
    "dread": Metric("dread", _COMMUNITY, f"Fear that bears on calling the police, {_INDEX}."),
    "belief": Metric("probability", _COMMUNITY, "Perceived sharing of police data on that day."),
    "salience": Metric("salience", _COMMUNITY, "Enforcement in everybody's mind on that day."),
}

RUN_ID = Column("run_id", "string", "", "Name of the run: scenario and replicate. `twoclaims replay` takes it.")
SCENARIO = Column("scenario", "string", "", "Scenario; its resolved file is in scenarios/.")
REPLICATE = Column("replicate", "integer", "", "Number of the replicate; runs with one number share their luck.")
SEEDS = (
    Column("root_seed", "integer", "", "Seed from which the seeds of all replicates are derived."),
    Column("seed", "integer", "", "Seed of the run, up to 63 bits (spreadsheets round it)."),
)
SECONDS = Column(
    "seconds", "number", "seconds", "Time that the run took; the only column that a repetition does not reproduce."
)

STATUS = Column(
    "status", "string", "", "Whether the run finished; outcomes of failed runs are empty.", (FINISHED, FAILED)
)
FINGERPRINT = Column("scenario_fingerprint", "string", "", "Hash of the resolved scenario and its place.")
VERSION = Column("version", "string", "", "Version of the code.")

RUN = (
    RUN_ID,
    SCENARIO,
    REPLICATE,
    *SEEDS,
    STATUS,
    Column("place", "string", "", "Place file of the scenario."),
    Column("start", "date", "", "First day of the run."),
    Column("years", "number", "years", "Length of the run."),
    Column("scale", "number", "share", "Share of the residents that is simulated."),
    Column("population_seed", "integer", "", "Seed of the synthetic population; empty: the seed of the run."),
    Column("outcomes_from", "date", "", "First day on which outcomes are measured."),
    FINGERPRINT,
    SECONDS,
    VERSION,
)

SERIES = (
    RUN_ID,
    Column("date", "date", "", "First day of the month for counts; for snapshots the day they were taken."),
    Column("metric", "string", "", "What is measured; units and meanings are under `metrics`."),
    Column("group", "string", "", "Community, or `all`."),
    Column("crime_type", "string", "", "Crime type, or `all`."),
    Column("value", "number", "by metric", "The value."),
)

FAILURES = (
    RUN_ID,
    SCENARIO,
    REPLICATE,
    *SEEDS,
    Column("reason", "string", "", "The error in one line."),
    Column("traceback", "string", "", "Where in the code it came from."),
    Column("parameters", "string", "", "Every parameter and lever of the run, as JSON."),
    SECONDS,
)

_OF_OUTCOME = "unit of the outcome"
EFFECTS = (
    Column("scenario", "string", "", "World A."),
    Column("relative_to", "string", "", "World B; the effect is A minus B."),
    Column("outcome", "string", "", "Name of the outcome."),
    Column("group", "string", "", "Group of people, crimes or arrests, or `all`."),
    Column("unit", "string", "", "Unit of the outcome."),
    Column("better", "string", "", "Which direction is better.", ("higher", "lower", "neither")),
    Column("better_for", "string", "", "For whom."),
    Column("pairs", "integer", "pairs", "Replicates in which both worlds finished and define the outcome."),
    Column(
        "undefined_pairs",
        "integer",
        "pairs",
        "Replicates left out because a world leaves the outcome undefined.",
    ),
    Column("mean_a", "number", _OF_OUTCOME, "Mean in world A over the pairs."),
    Column("mean_b", "number", _OF_OUTCOME, "Mean in world B over the pairs."),
    Column("effect", "number", _OF_OUTCOME, "Mean of the paired differences, A minus B."),
    Column("sd", "number", _OF_OUTCOME, "Standard deviation of the paired differences."),
    Column("standard_error", "number", _OF_OUTCOME, "Standard error of the effect."),
    Column("lower", "number", _OF_OUTCOME, "Lower end of the 95% t interval, not adjusted for many outcomes."),
    Column("upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("variance_ratio", "number", "ratio", "Variance of a paired difference over that of independent runs."),
    Column(
        "smallest_effect",
        "number",
        _OF_OUTCOME,
        "Smallest true effect that so many pairs show with 80% probability.",
    ),
    Column("verdict", "string", "", "The finding in words.", VERDICTS),
)

_IN_PERCENT = "percent of world B's mean"
COUNTING = (
    Column("scenario", "string", "", "World A."),
    Column("relative_to", "string", "", "World B; the effect is A minus B."),
    Column("group", "string", "", "Community of the victims, or `all`."),
    Column("count", "string", "", "Crimes that happened, in police figures, or told to the survey.", KINDS),
    Column("outcome", "string", "", "Outcome that is counted."),
    Column("pairs", "integer", "pairs", "Replicates in which both worlds finished and define the outcome."),
    Column("undefined_pairs", "integer", "pairs", "Replicates left out because a world leaves the outcome undefined."),
    Column("effect", "number", _IN_PERCENT, "Mean of the paired differences, A minus B."),
    Column("lower", "number", _IN_PERCENT, "Lower end of its 95% t interval, not adjusted for many outcomes."),
    Column("upper", "number", _IN_PERCENT, "Upper end of it."),
    Column("verdict", "string", "", "The finding in words.", VERDICTS),
    Column("differs", "boolean", "", "Whether the count tells another story than the crimes that happened."),
    Column("story", "string", "", "Which one, and why as far as the worlds tell; empty where it does not."),
)

CLAIMS = (
    Column("scenario", "string", "", "World A."),
    Column("relative_to", "string", "", "World B."),
    Column("claim", "string", "", "The claim.", tuple(claim.id for claim in claims.CLAIMS)),
    Column("text", "string", "", "What was said."),
    Column("made_by", "string", "", "Who said it."),
    Column("outcome", "string", "", "Outcome that the claim is judged by."),
    Column("group", "string", "", "Group of people, crimes or arrests, or `all`."),
    Column("unit", "string", "", "Unit of the outcome."),
    Column("claimed", "string", "", "How the outcome is in the world with, relative to the world without, if the claim "
           "holds.", tuple(claims.DIRECTIONS.values())),
    Column("world_with", "string", "", "The world that shares more (F1: whose police budget is cut); A where the claim "
           "is not tested."),
    Column("world_without", "string", "", "The other world."),
    Column("pairs", "integer", "pairs", "Replicates in which both worlds finished and define the outcome."),
    Column("undefined_pairs", "integer", "pairs", "Replicates left out because a world leaves the outcome undefined."),
    Column("mean_with", "number", _OF_OUTCOME, "Mean in the world with."),
    Column("mean_without", "number", _OF_OUTCOME, "Mean in the world without."),
    Column("effect", "number", _OF_OUTCOME, "Mean of the paired differences, with minus without."),
    Column("sd", "number", _OF_OUTCOME, "Standard deviation of the paired differences."),
    Column("standard_error", "number", _OF_OUTCOME, "Standard error of the effect."),
    Column("lower", "number", _OF_OUTCOME, "Lower end of the 95% t interval, not adjusted for many measures."),
    Column("upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("smallest_effect", "number", _OF_OUTCOME, "Smallest true effect that so many pairs show with 80% "
           "probability."),
    Column("threshold", "number", _OF_OUTCOME, "Smallest difference that counts."),
    Column("verdict", "string", "", "What the pairs say about the claim, by this measure.", claims.VERDICTS),
    Column("note", "string", "", "What else the pair differs in, or why it does not test the claim."),
)  # fmt: skip

EXPLAIN_RUN = (
    Column("run_id", "string", "", "Name of the run: scenario, replicate, and the mechanisms that are off."),
    SCENARIO,
    REPLICATE,
    *SEEDS,
    STATUS,
    *(Column(SWITCH_PREFIX + m.name, "boolean", "", f"Switched on: {m.meaning}") for m in MECHANISMS.values()),
    FINGERPRINT,
    SECONDS,
    VERSION,
)

_PART = "Part of the effect: `all_else` (every mechanism off), a mechanism, or `whole`."
EXPLAIN = (
    Column("scenario", "string", "", "World A."),
    Column("relative_to", "string", "", "World B; the effect is A minus B."),
    Column("outcome", "string", "", "Name of the outcome."),
    Column("group", "string", "", "Group of people, crimes or arrests, or `all`."),
    Column("unit", "string", "", "Unit of the outcome."),
    Column("mechanism", "string", "", _PART, PARTS),
    Column("on", "boolean", "", "Whether a world has the mechanism on; one that is off in both contributes exactly 0."),
    Column("pairs", "integer", "pairs", "Replicates that define the outcome in every run."),
    Column("undefined_pairs", "integer", "pairs", "Replicates left out because a run leaves the outcome undefined."),
    Column("effect", "number", _OF_OUTCOME, "The part's contribution to A minus B (Shapley value); the parts add up to "
           "`whole`."),
    Column("standard_error", "number", _OF_OUTCOME, "Standard error of it."),
    Column("lower", "number", _OF_OUTCOME, "Lower end of its 95% t interval, not adjusted for many outcomes."),
    Column("upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("verdict", "string", "", "The contribution in words.", VERDICTS),
    Column("alone", "number", _OF_OUTCOME, "A minus B with all mechanisms on, less A minus B with only this one off; "
           "empty for `all_else` and `whole`."),
    Column("alone_lower", "number", _OF_OUTCOME, "Lower end of its 95% t interval."),
    Column("alone_upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("alone_verdict", "string", "", "The same in words; empty for `all_else` and `whole`.", VERDICTS),
)  # fmt: skip

SUMMARY = (
    Column("scenario", "string", "", "Scenario."),
    Column("outcome", "string", "", "Name of the outcome."),
    Column("group", "string", "", "Group of people, crimes or arrests, or `all`."),
    Column("unit", "string", "", "Unit of the outcome."),
    Column("runs", "integer", "runs", "Runs that define the outcome."),
    Column("undefined_runs", "integer", "runs", "Runs that leave it undefined."),
    Column("mean", "number", _OF_OUTCOME, "Mean over runs."),
    Column("sd", "number", _OF_OUTCOME, "Standard deviation over runs."),
    Column("standard_error", "number", _OF_OUTCOME, "Standard error of the mean."),
    Column("lower", "number", _OF_OUTCOME, "Lower end of the mean's 95% t interval."),
    Column("upper", "number", _OF_OUTCOME, "Upper end of it."),
)


def names(columns: Iterable[Column]) -> list[str]:
    """Return the names of the columns."""
    return [column.name for column in columns]


def outcome_keys(outcomes: Mapping) -> list[str]:
    """Return the flat names of all declared outcomes: `name`, and `name.group` for each group."""
    return [key for name, outcome in outcomes.items() for key in (name, *(f"{name}.{g}" for g in outcome.groups))]


def split_key(key: str) -> tuple[str, str]:
    """Split a flat name into outcome and group, `all` where it has none."""
    name, _, group = key.partition(".")
    return name, group or "all"


def run_columns(outcomes: Mapping) -> list[Column]:
    """Return the columns of runs.parquet: identity, every parameter and lever, every outcome by group."""
    return [*RUN, *input_columns(), *outcome_columns(outcomes, outcome_keys(outcomes))]


def input_columns() -> list[Column]:
    """Return the columns of every parameter and every lever."""
    parameters = [
        Column(PARAMETER_PREFIX + p.name, "number", p.unit, f"Parameter: {p.meaning}") for p in PARAMETERS.values()
    ]
    return [*parameters, *map(_lever_column, LEVERS.values())]


def outcome_columns(outcomes: Mapping, keys: Iterable[str]) -> list[Column]:
    """Return the columns of outcomes, given by their flat names."""
    return [*map(_outcome_column(outcomes), keys)]


def explain_run_columns(outcomes: Mapping) -> list[Column]:
    """Return the columns of explain_runs.parquet: identity, which mechanisms are on, every outcome by group."""
    return [*EXPLAIN_RUN, *outcome_columns(outcomes, outcome_keys(outcomes))]


def _lever_column(lever) -> Column:
    kind = "boolean" if isinstance(lever.default, bool) else "string" if lever.choices else "number"
    description = f"Lever at the start of the run: {lever.meaning}"
    return Column(LEVER_PREFIX + lever.name, kind, lever.unit, description, tuple(lever.choices))


def _outcome_column(outcomes: Mapping):
    def column(key: str) -> Column:
        name, group = split_key(key)
        suffix = "" if group == "all" else f" Only {group.replace('_', ' ')}."
        return Column(key, "number", outcomes[name].unit, f"Outcome: {outcomes[name].meaning}{suffix}")

    return column
