"""The columns of a sweep's tables, declared once: what is documented exists, and what exists is documented."""

from collections.abc import Iterable, Mapping, Sequence

from ..storage import columns
from ..storage.columns import SECONDS, Column

POINT = Column("point", "integer", "", "Number of the design's point; the runs of one point share its factors' values.")
RUN_ID = Column("run_id", "string", "", "Name of the run: scenario, point and replicate. `twoclaims replay` takes it.")
STATUS = Column("status", "string", "", "Runs that failed are in failures.parquet, not here.", (columns.FINISHED,))
SETTINGS = tuple(
    column
    for column in columns.RUN
    if column.name in ("place", "start", "years", "scale", "population_seed", "outcomes_from")
)

RUN = (
    RUN_ID,
    columns.SCENARIO,
    POINT,
    columns.REPLICATE,
    *columns.SEEDS,
    STATUS,
    *SETTINGS,
    SECONDS,
    columns.VERSION,
)
"""After these come every parameter, every lever and the outcomes of the design."""

FAILURES = (
    RUN_ID,
    columns.SCENARIO,
    POINT,
    columns.REPLICATE,
    *columns.SEEDS,
    *(column for column in columns.FAILURES if column.name in ("reason", "traceback", "parameters")),
    SECONDS,
)

SERIES = (RUN_ID, *columns.SERIES[1:])

POINTS = (POINT,)
"""After it comes one column per factor."""


def run_columns(outcomes: Mapping, keys: Iterable[str]) -> list[Column]:
    """Return the columns of runs.parquet: identity, every parameter and lever, the outcomes `keys`.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
        Every declared outcome.
    keys : iterable of str
        Flat names of those that are kept, in order.
    """
    return [*RUN, *columns.input_columns(), *columns.outcome_columns(outcomes, keys)]


def point_columns(factors: Sequence[str]) -> list[Column]:
    """Return the columns of points.parquet: the point, and one column per factor, named as the factor is."""
    inputs = {column.name: column for column in columns.input_columns()}
    found = []
    for name in factors:
        column = inputs.get(columns.PARAMETER_PREFIX + name) or inputs[columns.LEVER_PREFIX + name]
        found.append(column._replace(name=name, description=f"Factor. {column.description}"))
    return [*POINTS, *found]
