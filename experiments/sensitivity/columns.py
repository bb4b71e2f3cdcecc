"""The tables of a sensitivity analysis: measures, verdicts, and every column with its unit and meaning."""

from typing import NamedTuple

from ..storage.columns import Column

OAT, MORRIS, SOBOL = "one_at_a_time", "morris", "sobol"
METHODS = (OAT, MORRIS, SOBOL)
"""Methods of a design for which there is an analysis."""

FIRST, TOTAL, SECOND = "first", "total", "second"
MU, MU_STAR, SIGMA = "mu", "mu_star", "sigma"
RANGE, LOW_TO_HIGH = "range", "low_to_high"
SHARE, BY_SEED = "share", "by_seed"
MEASURES = {
    FIRST: "Share of the variance of the expected target that the factor explains on its own; `luck`: of the variance "
    "of single runs.",
    TOTAL: "The same together with everything it does jointly with other factors.",
    SECOND: "Share that two factors explain jointly, beyond what each explains on its own.",
    MU: "Mean change of the target when the factor goes once through its range.",
    MU_STAR: "Mean size of that change, whatever its sign.",
    SIGMA: "How much the change differs from place to place, luck taken out: a bend, or joint effects with others.",
    RANGE: "Highest minus lowest mean over the factor's values, all other factors at their base.",
    LOW_TO_HIGH: "Mean at the factor's high end minus mean at its low end.",
    SHARE: "Share of luck in the variance of single runs over all points of the design.",
    BY_SEED: "Mean size of the change of a single run when its seed is replaced by another.",
}
UNIT_OF_SHARE = "share of variance"

LUCK, ALL_FACTORS = "luck", "all factors"
"""What stands in the column `factor` where a row is about no single factor."""
PARAMETER, LEVER, SUM = "parameter", "lever", "sum"

MATTERS = "matters"
NOISE = "not told from noise"
NO_EFFECT = "no effect"
UNKNOWN_LUCK = "luck not known"
NO_VARIATION = "no variation"
VERDICTS = (MATTERS, NOISE, NO_EFFECT, UNKNOWN_LUCK, NO_VARIATION)

RAISES, LOWERS, BOTH = "raises", "lowers", "both ways"
DIRECTIONS = (RAISES, LOWERS, BOTH)

DECISIVE = {SOBOL: TOTAL, MORRIS: MU_STAR, OAT: RANGE}
"""The measure of each method that ranks the factors, and by whose verdict a factor is judged."""

_OF_TARGET = "unit of the target"
_OF_MEASURE = "by measure: share of variance, or unit of the target"
_TARGET = (
    Column("target", "string", "", "What is explained: `effect.KEY` (first minus second scenario), `KEY` or "
           "`KEY@SCENARIO`."),
    Column("label", "string", "", "The same in words."),
    Column("unit", "string", "", "Unit of the target."),
)  # fmt: skip

SENSITIVITY = (
    *_TARGET,
    Column("method", "string", "", "Method of the design, which decides the analysis.", METHODS),
    Column("factor", "string", "", "Parameter or lever; `luck`: the seed as a factor of its own; `all factors`: their "
           "sum."),
    Column("with_factor", "string", "", "The other factor of a joint effect of two; else empty."),
    Column("kind", "string", "", "What the factor is.", (PARAMETER, LEVER, LUCK, SUM)),
    Column("measure", "string", "", "Which measure of sensitivity; docs/sensitivity.md explains each.",
           tuple(MEASURES)),
    Column("estimate", "number", _OF_MEASURE, "The measure; empty where it is not defined."),
    Column("standard_error", "number", _OF_MEASURE, "Half the width of the interval over 1.96."),
    Column("lower", "number", _OF_MEASURE, "Lower end of the 95% interval of this row alone, for other points and "
           "other seeds."),
    Column("upper", "number", _OF_MEASURE, "Upper end of it."),
    Column("uncorrected", "number", _OF_MEASURE, "The same measure of the means over seeds, with the luck that is left "
           "in them."),
    Column("noise_floor", "number", _OF_MEASURE, "What luck alone gives a factor without effect, before it is taken "
           "out: to be set against `uncorrected`; empty where luck is not known."),
    Column("groups", "integer", "", "Complete blocks (Sobol), trajectories (Morris) or values (one at a time) used."),
    Column("groups_lost", "integer", "", "Those left out because a run failed, is missing or leaves the target "
           "undefined."),
    Column("replicates", "integer", "", "Seeds at each point that were used."),
    Column("verdict", "string", "", "What the row says; empty for luck, sums, `mu`, `sigma` and `low_to_high`.",
           ("", *VERDICTS)),
    Column("direction", "string", "", "What raising the factor does to the target, where that is told; else empty.",
           ("", *DIRECTIONS)),
)  # fmt: skip

CURVES = (
    *_TARGET,
    Column("factor", "string", "", "Parameter or lever."),
    Column("kind", "string", "", "What the factor is.", (PARAMETER, LEVER)),
    Column("value", "number", "unit of the factor", "Value of the factor; empty for one of several names."),
    Column("level", "string", "", "The value as text."),
    Column("is_base", "boolean", "", "Whether it is the value that the factor has while others vary."),
    Column("replicates", "integer", "", "Seeds behind the mean."),
    Column("mean", "number", _OF_TARGET, "Mean of the target over seeds."),
    Column("standard_error", "number", _OF_TARGET, "Standard error of the mean."),
    Column("lower", "number", _OF_TARGET, "Lower end of its 95% t interval."),
    Column("upper", "number", _OF_TARGET, "Upper end of it."),
    Column("difference", "number", _OF_TARGET, "Mean paired difference to the base on common seeds."),
    Column("difference_lower", "number", _OF_TARGET, "Lower end of its 95% t interval."),
    Column("difference_upper", "number", _OF_TARGET, "Upper end of it."),
)  # fmt: skip


class Studied(NamedTuple):
    """A factor as the measures see it.

    Attributes
    ----------
    name, kind : str
    ordered : bool
        Whether higher and lower mean anything.
    levels : tuple or None
        The values that it can take, if they are few, from low to high.
    """

    name: str
    kind: str
    ordered: bool = True
    levels: tuple | None = None


class Row(NamedTuple):
    """One measure of one factor; the fields are columns of `SENSITIVITY`."""

    factor: str
    kind: str
    measure: str
    estimate: float
    standard_error: float
    lower: float
    upper: float
    uncorrected: float = float("nan")
    noise_floor: float = float("nan")
    verdict: str = ""
    direction: str = ""
    with_factor: str = ""

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.upper - self.lower) / 2
