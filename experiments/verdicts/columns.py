"""The tables of `twoclaims claims`: every column with its unit and meaning."""

from ..claims.claims import CLAIMS, CONTRADICTED, DIRECTIONS, SUPPORTED, VERDICTS
from ..storage.columns import Column
from .draws import SOURCES

_UNIT = "unit of the outcome"
_SOURCE = Column("source", "string", "", "What the draws are taken from: the calibrated sample with all else from its "
                 "priors (`posterior`), or the priors alone (`prior`).", SOURCES)  # fmt: skip
_CLAIM = Column("claim", "string", "", "The claim.", tuple(claim.id for claim in CLAIMS))
_OUTCOME = Column("outcome", "string", "", "Measure of the claim; `all`: the claim with all its measures.")


def _share(name: str, of: str) -> tuple[Column, ...]:
    return (
        Column(name, "number", "share of draws", of),
        Column(f"{name}_low", "number", "share of draws", "Lower end of its 95% interval (Wilson)."),
        Column(f"{name}_high", "number", "share of draws", "Upper end of it."),
    )


JUDGMENTS = (
    _SOURCE,
    Column("draw", "integer", "", "Number of the draw."),
    _CLAIM,
    Column("outcome", "string", "", "Measure of the claim."),
    Column("pairs", "integer", "pairs", "Pairs of worlds in which both finished and define the outcome."),
    Column("effect", "number", _UNIT, "Mean of the paired differences: the world with more sharing (F1: with the cut) "
           "minus the other one. Counts are of the whole city."),
    Column("standard_error", "number", _UNIT, "Its standard error over the pairs: luck."),
    Column("lower", "number", _UNIT, "Lower end of its 95% t interval over the pairs."),
    Column("upper", "number", _UNIT, "Upper end of it."),
    Column("verdict", "string", "", "By the rule of the ledger, at a threshold of 0.", VERDICTS),
)  # fmt: skip

PROBABILITIES = (
    _SOURCE,
    _CLAIM,
    _OUTCOME,
    Column("claimed", "string", "", "Where the claim says the outcome is in the world with.",
           tuple(DIRECTIONS.values())),
    Column("draws", "integer", "draws", "Draws at which the claim was judged."),
    Column("worth", "number", "draws", "How many independent draws these are worth; intervals of shares are for so "
           "many."),
    *_share(SUPPORTED, "Draws at which it is supported (all measures, for `all`)."),
    *_share(CONTRADICTED, "Draws at which it is contradicted (all measures, for `all`)."),
    *_share("neither", "All other draws: no difference beyond noise, measures that differ, or undefined."),
    Column("threshold", "number", _UNIT, "Smallest effect of interest, the same in both directions."),
    *_share("beyond_claimed", "Draws at which the mean effect is beyond it in the claimed direction."),
    *_share("beyond_opposite", "Draws at which it is beyond it in the opposite direction."),
    Column("undefined", "integer", "draws", "Draws at which the effect is undefined; they are in no number below."),
    Column("median", "number", _UNIT, "Median of the mean effect over draws."),
    Column("low_50", "number", _UNIT, "Lower end of the interval that holds the middle 50% of the draws."),
    Column("high_50", "number", _UNIT, "Upper end of it."),
    Column("low_95", "number", _UNIT, "Lower end of the interval that holds the middle 95%."),
    Column("high_95", "number", _UNIT, "Upper end of it."),
    Column("spread", "number", _UNIT, "Standard deviation over draws, luck taken out: what is not known."),
    Column("luck", "number", _UNIT, "Standard error of the effect at one draw: what more seeds would make smaller."),
    Column("luck_share", "number", "share", "Share of luck in the variance over draws."),
)  # fmt: skip

DECISIVE = (
    _SOURCE,
    _CLAIM,
    Column("outcome", "string", "", "What may hang on the parameter: the verdict (`all`), or the effect on a measure."),
    Column("rank", "integer", "", "1 for the parameter of which knowing tells most."),
    Column("parameter", "string", "", "Parameter or lever."),
    Column("share", "number", "share of the variance", "What knowing it tells: the variance (of an effect, of its "
           "ranks) between its values, bias taken out. Below 0 by luck."),
    Column("by_luck", "number", "share of the variance", "What the largest of all shares exceeds by luck in 1% of "
           "shuffles."),
    Column("stands_out", "boolean", "", "Whether its share is larger than that."),
    Column("gain", "number", "share of draws", "How much more often the verdict would be named right if it were known "
           "(expected value of partial perfect information); empty for an effect."),
)  # fmt: skip

BOXES = (
    _SOURCE,
    _CLAIM,
    Column("verdict", "string", "", "The verdict that was searched for.", (SUPPORTED, CONTRADICTED)),
    Column("parameter", "string", "", "Parameter that the box restricts; empty where there is no box."),
    Column("lower", "number", "unit of the parameter", "Lower end inside the box; empty where it is not restricted."),
    Column("upper", "number", "unit of the parameter", "Upper end."),
    Column("stands_out", "boolean", "", "Whether draws that were kept out bear the box out."),
    Column("cases", "integer", "draws", "Draws with the verdict."),
    Column("draws", "integer", "draws", "All draws."),
    Column("inside", "integer", "draws", "Draws inside the box."),
    Column("inside_cases", "integer", "draws", "Of these, with the verdict."),
    Column("coverage", "number", "share", "Share of the draws with the verdict that lie inside."),
    Column("density", "number", "share", "Share of the draws inside that have it; flattering, because the same draws "
           "chose the box."),
    Column("held_out", "integer", "draws", "Draws that were kept out of a search and lay in its box."),
    Column("held_out_cases", "integer", "draws", "Of these, with the verdict."),
    Column("held_out_p", "number", "probability", "Chance of so many by luck alone (Fisher's exact test)."),
)  # fmt: skip

LOCAL = (
    _SOURCE,
    _CLAIM,
    Column("across", "string", "", "Parameter across the map."),
    Column("up", "string", "", "Parameter up the map."),
    Column("column", "integer", "", "Cell from the left, from 0; all cells are equal shares of the prior."),
    Column("row", "integer", "", "Cell from the bottom, from 0."),
    Column("draws", "integer", "draws", "Draws in the cell and half a cell around it."),
    Column("supported", "number", "share of draws", "Share of these at which the claim is supported; empty for too few "
           "draws."),
    Column("contradicted", "number", "share of draws", "Share of these at which it is contradicted."),
)  # fmt: skip

TABLES = {"probabilities": PROBABILITIES, "decisive": DECISIVE, "boxes": BOXES, "local": LOCAL,
          "judgments": JUDGMENTS}  # fmt: skip
