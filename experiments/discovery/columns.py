"""The tables of scenario discovery: every column with its unit and meaning."""

from ..storage.columns import Column
from ..sweeps.columns import POINT
from .cases import STATES

_BOX = Column("box", "integer", "", "Number of the box; each is found among the points outside the earlier ones.")
_OF_BOX = (
    Column("points_inside", "integer", "points", "Points inside, outside of earlier boxes."),
    Column("cases_inside", "integer", "points", "Of these, points at which the condition holds."),
    Column("coverage", "number", "share", "Share of all points where the condition holds that lie inside."),
    Column("density", "number", "share", "Share of the points inside at which it holds."),
    Column("mass", "number", "share", "Share of all points that lie inside."),
)

DISCOVERY = (
    _BOX,
    Column("condition", "string", "", "What is asked for."),
    Column("factor", "string", "", "Parameter or lever."),
    Column("unit", "string", "", "Unit of the factor."),
    Column("restricted", "boolean", "", "Whether the box restricts the factor."),
    Column("lower", "number", "unit of the factor", "Lower end inside the box; empty for one of several names."),
    Column("upper", "number", "unit of the factor", "Upper end inside the box."),
    Column("levels", "string", "", "Names inside the box, with commas; empty for numbers."),
    Column("lowest", "number", "unit of the factor", "Lowest value examined."),
    Column("highest", "number", "unit of the factor", "Highest value examined."),
    Column("all_levels", "string", "", "All names examined."),
    Column("quasi_p_lower", "number", "probability", "Quasi-p value of the restriction of the lower end, or of the "
           "names: chance of so many cases inside if it made no difference; flattering, because the same points chose "
           "it."),
    Column("quasi_p_upper", "number", "probability", "The same of the upper end."),
    *_OF_BOX,
    Column("held_out_points", "integer", "points", "Points that were kept out of a search and lay in its box; the "
           "searches together keep out every point once."),
    Column("held_out_cases", "integer", "points", "Of these, points at which the condition holds."),
    Column("held_out_p", "number", "probability", "Chance of so many by luck alone (Fisher's exact test)."),
    Column("stands_out", "boolean", "", "Whether the points kept out bear the box out."),
)  # fmt: skip

TRAJECTORY = (
    _BOX,
    Column("step", "integer", "", "Number of the step; `discover --box` takes it."),
    *_OF_BOX,
    Column("restricted_factors", "integer", "factors", "How many factors are restricted."),
    Column("largest_quasi_p", "number", "probability", "Largest quasi-p value of its restrictions."),
    Column("chosen", "boolean", "", "Whether this is the box that was chosen."),
    Column("simplified_from", "integer", "", "Step that it was made from by taking back restrictions; else empty."),
    Column("limits", "string", "", "The restrictions in words."),
)

CASES = (
    POINT,
    Column("state", "string", "", "Whether the point counts, and why not.", STATES),
    Column("holds", "boolean", "", "Whether the condition holds, on means over replicates."),
    Column("replicates", "integer", "", "How many replicates the means are over."),
    Column("doubtful", "boolean", "", "Whether the answer turns if one of the replicates is left out."),
    Column("box", "integer", "", "Box that the point lies in; 0 for none."),
)
"""After these comes one column per factor."""
