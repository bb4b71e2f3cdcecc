"""The figure of a regret analysis: every scenario's regret at every point, its mean and its maximum."""

import numpy as np
from matplotlib.figure import Figure

from .. import analysis
from ..drawing import BLACK, BLUE, GRAY, ORANGE
from ..storage.result import label

_ROOM = 0.32
"""Points of a scenario are spread over so much of its row, to be seen."""


def regret_figure(found) -> Figure:
    """Draw the regret of every scenario, that with the smallest maximum first.

    Parameters
    ----------
    found : Regret
    """
    table = found.table
    figure = Figure(figsize=(7.5, 2.1 + 0.42 * len(table)), layout="constrained")
    axis = figure.subplots()
    many = len(found.regrets) > 1
    for place, row in enumerate(table.itertuples()):
        regrets = found.regrets[row.scenario].to_numpy()
        if many:
            rows = place + _ROOM * np.linspace(-1, 1, len(regrets))
            axis.scatter(regrets, rows, s=7, color=BLUE, alpha=0.45, linewidth=0, zorder=2)
            axis.errorbar(row.mean_regret, place, xerr=_reach(row, "mean_regret"), fmt="D", color=BLACK, markersize=5,
                          elinewidth=1.4, zorder=4)  # fmt: skip
        axis.errorbar(row.maximum_regret, place, xerr=_reach(row, "maximum_regret"), fmt="|", color=ORANGE,
                      markersize=16, markeredgewidth=2.2, elinewidth=1.1, zorder=3)  # fmt: skip
    axis.axvline(0, color=GRAY, linewidth=0.8)
    axis.set_yticks(range(len(table)), [_name(row) for row in table.itertuples()])
    axis.set_ylim(len(table) - 0.4, -0.6)
    axis.set_xlabel(f"regret: distance to the best scenario at the point\n({found.unit})")
    name = "maximum" if many else "regret"
    interval = ", 95% interval" if np.isfinite(table["maximum_regret_upper"]).any() else ""
    handles = (
        [
            axis.scatter([], [], s=12, color=BLUE, label="one point"),
            axis.errorbar([], [], fmt="D", color=BLACK, markersize=5, label=f"mean{interval}"),
        ]
        if many
        else []
    )
    handles.append(axis.errorbar([], [], fmt="|", color=ORANGE, markersize=12, markeredgewidth=2.2,
                                 label=f"{name}{interval}"))  # fmt: skip
    axis.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=8, frameon=False)
    note = f"Better is {found.better}. * smallest maximum regret; (*) not told apart from it."
    analysis.finish(figure, found.result, f"Regret over scenarios: {label(found.outcome)}", note)
    return figure


def _name(row) -> str:
    mark = " *" if row.minimax else " (*)" if row.within_noise_of_minimax else ""
    return row.scenario + mark


def _reach(row, name: str) -> np.ndarray:
    value, lower, upper = (getattr(row, name + end) for end in ("", "_lower", "_upper"))
    return np.nan_to_num(np.array([[value - lower], [upper - value]]))
