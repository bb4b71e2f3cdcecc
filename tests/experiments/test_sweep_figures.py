"""Figures of a sweep: what they show follows from the runs, what cannot be drawn is said, and n is always there."""

import numpy as np
import pandas as pd
import planted
import pytest
from matplotlib.text import Text

from experiments import statistics
from experiments.sweeps import figures as sweep_figures
from experiments.sweeps.figures import figures
from simulation.errors import InputError

GRID = {"fear_effect": {"values": [0.0, 2.0, 4.0]}, "detainers": {"values": ["never", "honor"]}}
LUCK = (-0.2, -0.1, 0.0, 0.1, 0.2)


def text_of(figure):
    return " ".join(t.get_text() for t in figure.findobj(Text)).replace("\n", " ")


def effect(values, replicate):
    """Be 2 - fear, half as much where detainers are honored, with luck that is as large as the effect at fear 2."""
    return (2 - values["fear_effect"]) / (2 if values["detainers"] == "honor" else 1) + LUCK[replicate - 1]


def grid(folder, y=effect, factors=GRID, seeds=5, scenarios=("a", "b")):
    return planted.write_result(folder, factors, None, y, seeds=seeds, scenarios=scenarios, design={"method": "grid"})


def heat_of(result, **options):
    (figure,) = figures(result, kinds=["heat"], write=False, **options).figures.values()
    return figure


def cells_of(figure):
    from matplotlib.collections import QuadMesh

    (mesh,) = [each for each in figure.axes[0].collections if isinstance(each, QuadMesh)]
    return np.asarray(mesh.get_array())


def test_a_heat_map_shows_means_zero_line_and_noise(tmp_path):
    figure = heat_of(grid(tmp_path / "r"))
    assert cells_of(figure) == pytest.approx(np.array([[2, 0, -2], [1, 0, -1]]))
    hatched = [each for each in figure.axes[0].collections if getattr(each, "get_hatch", lambda: None)()]
    assert len(hatched) == 2  # both cells at fear 2
    text = text_of(figure)
    for part in (
        "95% interval covers 0",
        "mean is 0",
        "fear effect (log-odds per unit of dread)",
        "detainers",
        "never",
        "percentage points of crimes that happened",
        "60 runs finished: 6 points, 2 scenarios, 5 replicates on common seeds (root seed 1)",
        "Each cell: mean over 5 replicates.",
        "Simulation under stated assumptions, not a forecast.",
    ):
        assert part in text


def test_other_factors_are_averaged_over_and_axes_can_be_chosen(tmp_path):
    factors = {**GRID, "replacement": {"values": [0.0, 1.0]}}
    result = grid(tmp_path / "r", lambda v, r: effect(v, r) + 4 * v["replacement"], factors)
    figure = heat_of(result)
    assert cells_of(figure) == pytest.approx(np.array([[4, 2, 0], [3, 2, 1]]))
    assert "over all values of replacement" in text_of(figure)
    chosen = heat_of(result, axes=("replacement", "fear_effect"))
    assert cells_of(chosen) == pytest.approx(np.array([[1.5, 5.5], [0, 4], [-1.5, 2.5]]))


def test_with_too_few_replicates_all_cells_are_hatched(tmp_path):
    figure = heat_of(grid(tmp_path / "r", seeds=3))
    hatched = [each for each in figure.axes[0].collections if getattr(each, "get_hatch", lambda: None)()]
    assert len(hatched) == 6
    assert "too few replicates to say" in text_of(figure)


def test_replicates_that_a_cell_lacks_are_left_out_of_all(tmp_path):
    def y(values, replicate):
        return None if values["point"] == 1 and replicate == 5 else effect(values, replicate)

    figure = heat_of(grid(tmp_path / "r", y))
    assert "Each cell: mean over 4 replicates." in text_of(figure)
    assert cells_of(figure)[0, 0] == pytest.approx(2 - 0.05)


def test_a_level_has_no_zero_line(tmp_path):
    figure = heat_of(grid(tmp_path / "r"), targets=["solve_rate@a"])
    assert "mean is 0" not in text_of(figure)
    assert "Solve rate: a, over fear effect and detainers" in text_of(figure)


def test_parallel_coordinates_color_by_what_is_told_from_zero(tmp_path):
    (figure,) = figures(grid(tmp_path / "r"), kinds=["parallel"], write=False).figures.values()
    text = text_of(figure)
    assert "points above 0: 2" in text
    assert "points below 0: 2" in text
    assert "points not told from 0: 2" in text
    assert "6 of 6 points have a value." in text
    counts = [len(each.get_segments()) for each in figure.axes[0].collections if hasattr(each, "get_segments")]
    assert counts == [2, 2, 2]


def test_with_too_few_replicates_parallel_coordinates_color_by_the_mean(tmp_path):
    (figure,) = figures(grid(tmp_path / "r", seeds=3), kinds=["parallel"], write=False).figures.values()
    assert "mean above 0: 2" in text_of(figure)
    assert "mean below 0: 4" in text_of(figure)
    assert "too few to tell an effect from luck" in text_of(figure)


def test_a_point_without_a_value_is_not_drawn_but_counted(tmp_path):
    result = grid(tmp_path / "r", lambda v, r: None if v["point"] == 2 else effect(v, r))
    drawn = figures(result, kinds=["parallel"], targets=["effect.solve_rate", "solve_rate"], write=False).figures
    assert list(drawn) == ["parallel-effect.solve_rate", "parallel-solve_rate"]
    assert all("5 of 6 points have a value." in text_of(figure) for figure in drawn.values())


def test_stability_shows_mean_and_interval_of_the_first_replicates(tmp_path):
    result = grid(tmp_path / "r", lambda v, r: 1.0 + LUCK[r - 1])
    (figure,) = figures(result, kinds=["stability"], write=False).figures.values()
    line = figure.axes[0].lines[0]
    assert line.get_xdata().tolist() == [1, 2, 3, 4, 5]
    assert line.get_ydata() == pytest.approx([0.8, 0.85, 0.9, 0.95, 1.0])
    half = statistics.t_quantile(0.975, 5) * np.std(LUCK, ddof=1) / np.sqrt(5)
    text = text_of(figure)
    assert f"±{half:.2g}" in text
    assert "half width at 5 replicates over 6 points" in text


def with_series(result, months=24):
    """Add monthly series to a result: reported crimes of two communities, and trust."""
    dates = pd.date_range("2016-01-01", periods=months, freq="MS")
    rows = []
    for run in result.runs.itertuples():
        for group, size in (("latino", 10.0), ("asian", 5.0)):
            for month, date in enumerate(dates):
                more = 3.0 if run.scenario == "a" and month >= 12 and group == "latino" else 0.0
                rows += [
                    (run.run_id, date, "reported", group, "theft", size + run.replicate + more),
                    (run.run_id, date, "trust", group, "all", size / 10),
                ]
    table = pd.DataFrame(rows, columns=["run_id", "date", "metric", "group", "crime_type", "value"])
    table.to_parquet(result.folder / "series.parquet")
    return result


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    return with_series(grid(tmp_path_factory.mktemp("monthly") / "r"))


def test_a_fan_adds_up_communities_and_says_how_many_runs_are_behind_it(monthly):
    figure = figures(monthly, kinds=["fan"], metrics=["reported"], write=False).figures["fan-reported"]
    level, difference = figure.axes
    # 10 + 5 + twice the replicate, of which the median is 3.
    assert level.lines[1].get_ydata() == pytest.approx(21)
    assert difference.lines[0].get_ydata().tolist() == [0.0] * 12 + [3.0] * 12
    text = text_of(figure)
    for part in (
        "a (n = 30)",
        "b (n = 30)",
        "n = 30 pairs on common seeds",
        "30 runs of a scenario: 6 points, which differ in factors, x 5 replicates",
        "Bands: the middle 90% and 50% of the runs: their spread, not the uncertainty of their mean.",
        "crimes per month",
    ):
        assert part in text


def test_at_one_point_too_few_replicates_are_drawn_one_by_one(monthly):
    figure = figures(monthly, kinds=["fan"], metrics=["reported"], point=3, write=False).figures["fan-reported"]
    text = text_of(figure)
    assert "median of 5 replicates at point 3, which differ in luck only" in text
    assert "Thin lines: single runs; a band needs at least 8." in text
    assert len(figure.axes[0].lines) == 2 * (5 + 1)
    assert not figure.axes[0].collections


def test_means_over_residents_are_not_added_up(monthly):
    figure = figures(monthly, kinds=["fan"], metrics=["trust"], write=False).figures["fan-trust"]
    assert len(figure.axes) == 4
    assert {"Latino", "Asian"} <= {axis.get_title(loc="left") for axis in figure.axes}
    assert figure.axes[0].lines[0].get_ydata() == pytest.approx(0.5)


def test_everything_that_can_be_drawn_is_and_the_rest_is_said(monthly, tmp_path):
    drawn = figures(monthly, out=tmp_path / "out")
    assert drawn.notes == []
    assert set(drawn.figures) == {
        "fan-reported", "fan-trust", "heat-effect.solve_rate", "parallel-effect.solve_rate", "stability",
    }  # fmt: skip
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {f"{name}.{ending}" for name in drawn.figures for ending in ("pdf", "png")} | {"manifest.json"}
    single = planted.write_result(tmp_path / "r", {"fear_effect": (0, 5)}, None, lambda v, r: 1.0, seeds=2,
                                  design={"points": 3})  # fmt: skip
    drawn = figures(single, write=False)
    assert list(drawn.figures) == ["stability"]
    assert [note.split(":")[0] for note in drawn.notes] == ["no fan", "no heat", "no parallel"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kinds": ["hat"]}, "unknown kind of figure 'hat'; did you mean 'heat'?"),
        ({"kinds": ["fan"]}, "no monthly series were kept"),
        ({"targets": ["effect.solve_rat"]}, "did you mean 'solve_rate'?"),
        ({"axes": ("fear_effect", "fear_effect")}, "must be two different factors"),
        ({"axes": ("fear_effect", "detainer")}, "unknown factor 'detainer'; did you mean 'detainers'?"),
        ({"point": 7}, "there is no such point; they are numbered 1 to 6"),
    ],
)
def test_what_cannot_be_drawn_is_refused(tmp_path, options, message):
    with pytest.raises(InputError) as refused:
        figures(grid(tmp_path / "r", seeds=1), write=False, **options)
    assert message in str(refused.value)


def test_a_metric_that_was_not_kept_is_refused(monthly):
    with pytest.raises(InputError, match="did you mean 'reported'"):
        figures(monthly, metrics=["reportd"], write=False)


def test_days_and_undefined_means_of_a_fan_are_those_of_the_series(tmp_path):
    result = with_series(grid(tmp_path / "r"))
    table = pd.read_parquet(result.folder / "series.parquet")
    table.loc[(table["metric"] == "trust") & (table["group"] == "asian"), "value"] = np.nan
    table.loc[(table["metric"] == "trust") & (table["date"] == "2016-03-01"), "value"] = np.nan
    table.to_parquet(result.folder / "series.parquet")
    drawn = figures(result, kinds=["fan"], write=False).figures
    trust, reported = (drawn[f"fan-{name}"].axes[0].lines[1 - (name == "trust")] for name in ("trust", "reported"))
    assert len(drawn["fan-trust"].axes) == 2  # nobody's trust is not 0: there is no panel of it
    assert trust.get_ydata() == pytest.approx([1.0] * 23)
    assert str(trust.get_xdata()[0]) == "2016-01-01"
    assert str(reported.get_xdata()[0]) == "2016-01-15"  # the middle of the month that is counted


def test_a_result_without_values_cannot_be_drawn(tmp_path):
    with pytest.raises(InputError, match=r"effect.solve_rate: has no value at any point"):
        figures(grid(tmp_path / "r", lambda v, r: float("nan")), write=False)


def test_one_default_target_without_values_leaves_the_others(tmp_path):
    undefined = {"solve_rate": effect, "victimization_rate": lambda v, r: float("nan")}
    drawn = figures(grid(tmp_path / "r", undefined), write=False)
    assert "effect.victimization_rate: has no value at any point" in drawn.notes
    assert "heat-effect.solve_rate" in drawn.figures
    half = {"solve_rate": effect, "victimization_rate": lambda v, r: float("nan") if r == v["fear_effect"] + 1 else 1.0}
    settled = figures(grid(tmp_path / "s", half), kinds=["stability"], write=False).figures["stability"]
    assert len(settled.axes) == 1


def test_an_outcome_that_never_varies_is_drawn(tmp_path):
    drawn = figures(grid(tmp_path / "r", lambda v, r: {"a": 1.0, "b": 1.0}), write=False)
    assert len(drawn.figures) == 3
    hatched = [c for c in drawn.figures["heat-effect.solve_rate"].axes[0].collections
               if getattr(c, "get_hatch", lambda: None)()]  # fmt: skip
    assert len(hatched) == 6


def test_factors_with_log_uniform_priors_are_drawn_on_logarithms():
    class Factor:
        is_categorical = False
        prior = type("Prior", (), {"distribution": "log_uniform"})

    from experiments.sweeps import parallel as sweep_parallel

    heights = sweep_parallel._height(Factor, pd.Series([1.0, 10.0, 100.0]))
    assert heights == pytest.approx([0, 0.5, 1])
    assert [text for _, text in sweep_parallel._ticks(Factor, pd.Series([1.0, 10.0, 100.0]))] == ["1", "10", "100"]


def test_kinds_of_the_command_are_those_of_the_function():
    from experiments.cli import figures as command

    assert command._KINDS == sweep_figures.KINDS
