"""The tables of a regret analysis: every column with its unit and meaning."""

from .. import statistics
from ..storage.columns import SCENARIO, Column

HIGHER, LOWER = statistics.HIGHER, statistics.LOWER
_OF_OUTCOME = "unit of the outcome"
REGRET = (
    Column("outcome", "string", "", "Flat name of the outcome."),
    Column("unit", "string", "", "Unit of the outcome."),
    Column("better", "string", "", "Which direction counts as better.", (HIGHER, LOWER)),
    SCENARIO,
    Column("points", "integer", "points", "Points at which every scenario has the outcome."),
    Column("mean", "number", _OF_OUTCOME, "Mean of the outcome over points and replicates."),
    Column("mean_regret", "number", _OF_OUTCOME, "Mean over points of the distance to the scenario that is best at the "
           "point."),
    Column("mean_regret_lower", "number", _OF_OUTCOME, "Lower end of its 95% interval."),
    Column("mean_regret_upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("maximum_regret", "number", _OF_OUTCOME, "Largest regret over the points."),
    Column("maximum_regret_lower", "number", _OF_OUTCOME, "Lower end of its 95% interval."),
    Column("maximum_regret_upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("point_of_maximum", "integer", "", "Point at which the regret is largest."),
    Column("best_share", "number", "share", "Share of the points at which its mean is the best; ties count for each."),
    Column("best_share_lower", "number", "share", "Lower end of its 95% interval."),
    Column("best_share_upper", "number", "share", "Upper end of it."),
    Column("clearly_best_share", "number", "share", "Share of the points at which it is told apart from every other "
           "scenario and better."),
    Column("clearly_worse_share", "number", "share", "Share of the points at which another scenario is told apart from "
           "it and better."),
    Column("minimax", "boolean", "", "Whether its maximum regret is the smallest."),
    Column("within_noise_of_minimax", "boolean", "", "Whether its maximum regret is not told apart from the smallest."),
)  # fmt: skip

PAIRS = (
    Column("outcome", "string", "", "Flat name of the outcome."),
    Column("unit", "string", "", "Unit of the outcome."),
    SCENARIO,
    Column("relative_to", "string", "", "The other scenario."),
    Column("points", "integer", "points", "Points at which both have the outcome."),
    Column("replicates", "integer", "", "Replicates that have every one of these points."),
    Column("difference", "number", _OF_OUTCOME, "Mean over points of the paired difference, scenario minus other."),
    Column("lower", "number", _OF_OUTCOME, "Lower end of its 95% t interval over replicates."),
    Column("upper", "number", _OF_OUTCOME, "Upper end of it."),
    Column("verdict", "string", "", "The difference in words.", statistics.VERDICTS),
    Column("higher_points", "integer", "points", "Points at which the scenario is told apart and higher."),
    Column("lower_points", "integer", "points", "Points at which it is told apart and lower."),
    Column("not_told_apart_points", "integer", "points", "Points at which the difference is within noise."),
)
