"""Figures: what they show follows from the tables, and each says what it is not."""

import re
from dataclasses import replace
from datetime import date

import fake_world
import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.lines import Line2D
from matplotlib.text import Text

from experiments import compare
from experiments.comparison import figures
from experiments.exhibits.flows import stages_of
from experiments.storage.monthly import first_difference, percentage
from simulation.outcomes import IMMIGRANT

OTHER = "agreement-ended"


def text_of(figure):
    """Return everything that is written in a figure."""
    return " ".join(t.get_text() for t in figure.findobj(Text)).replace("\n", " ")


def test_every_figure_says_pairs_seeds_scenarios_version_and_caution(comparison):
    drawn = figures.comparison_figures(comparison)
    assert set(drawn) == {"difference-over-time", "flow", "crimes-solved-by-pair", "effects"}
    for figure in drawn.values():
        text = text_of(figure)
        for part in (
            "6 pairs of worlds on common seeds (root seed 1)",
            "Version 0.",
            "Simulation under stated assumptions, not a forecast.",
        ):
            assert part in text
        assert (
            "A: Agreement renewed. B: Agreement ended." in text or "A: agreement-renewed. B: agreement-ended." in text
        )
        assert re.search(r"Riverton( \(fictional\))?, 100% of residents", text)


def test_monthly_pairs_are_joined_by_replicate_and_add_up(comparison):
    pair = figures.pair_of(comparison, OTHER)
    assert pair.replicates == (1, 2, 3, 4, 5, 6)
    assert pair.months[0] == np.datetime64("2016-01-01")
    assert pair.counts("happened")[0].shape == (6, 48)
    series, runs = comparison.series, comparison.runs
    run_id = runs.query("scenario == @OTHER and replicate == 4")["run_id"].item()
    wanted = series[(series["run_id"] == run_id) & (series["metric"] == "cleared")]["value"].sum()
    assert pair.counts("cleared")[1][3].sum() == wanted


def test_no_difference_is_drawn_before_the_policies_differ(comparison):
    pair = figures.pair_of(comparison, OTHER)
    a, b = pair.counts("reported", [IMMIGRANT])
    before = pair.months < np.datetime64("2018-08-01")
    assert not (a - b)[:, before].any()
    assert ((a - b)[:, ~before][:, 1:] < 0).all()
    figure = figures.difference_over_time(pair)
    line = next(line for line in figure.findobj(Line2D) if line.get_label() == "difference immigrant_communities")
    drawn = dict(zip(line.get_xdata().astype("datetime64[D]").astype("datetime64[M]"), line.get_ydata()))
    assert not any(value for month, value in drawn.items() if month < np.datetime64("2018-08"))
    assert all(value < 0 for month, value in drawn.items() if month > np.datetime64("2018-08"))
    assert "August 31, 2018. B: agreement ends" in text_of(figure)


def test_first_difference_is_found_from_policies_events_and_parameters():
    load = fake_world.load
    renewed, ended = load("agreement-renewed", {}), load(OTHER, {})
    news = load("national-news-shock", {})
    first = min(event.date for event in news.events)
    assert first_difference(replace(news, events=()), news) == first
    assert first_difference(renewed, ended) == date(2018, 8, 31)
    assert first_difference(renewed, renewed) is None
    assert first_difference(renewed, load("no-sharing-ever", {})) == date(2016, 1, 1)
    assert first_difference(renewed, load("agreement-renewed", {"fear_effect": 3.5})) == date(2016, 1, 1)


def test_flow_is_counted_per_100_crimes_of_world_b(comparison):
    stages = {
        stage.name: stage.effect for stage in stages_of(figures.pair_of(comparison, OTHER)) if stage.group == "latino"
    }
    assert stages["happened"].mean_b == 100.0
    # The fake model's immigrants report 40% with sharing and 45% without.
    assert stages["reported"].mean_a == pytest.approx(40, abs=1)
    assert stages["reported"].mean_b == pytest.approx(45, abs=1)


def test_a_month_without_crimes_is_undefined_and_not_zero():
    rate = percentage(np.array([[1.0, 0.0]]), np.array([[4.0, 0.0]]))
    assert rate[0, 0] == 25.0
    assert np.isnan(rate[0, 1])


def test_more_worlds_get_their_own_figures_and_one_pair_can_be_drawn():
    names = ("agreement-renewed", OTHER, "no-sharing-ever")
    comparison = compare(*names, seeds=1, workers=1, progress=False, engine=fake_world.engine())
    drawn = figures.comparison_figures(comparison)
    assert len(drawn) == 8
    assert {"flow-agreement-ended", "flow-no-sharing-ever"} <= set(drawn)
    assert "1 pair of worlds" in text_of(drawn["flow-no-sharing-ever"])


def test_no_complete_pair_no_figure():
    def only_a(scenario, seed):
        if scenario.name == OTHER:
            raise RuntimeError("never")
        return fake_world.run(scenario, seed)

    comparison = compare(
        "agreement-renewed", OTHER, seeds=2, workers=1, progress=False, engine=fake_world.engine(only_a)
    )
    assert figures.comparison_figures(comparison) == {}


def test_drawing_leaves_the_settings_of_the_caller_alone(comparison):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    figures.comparison_figures(comparison)
    assert dict(mpl.rcParams) == before


def test_nothing_written_in_a_figure_is_cut_off(comparison):
    for name, figure in figures.comparison_figures(comparison).items():
        with rc_context({"text.hinting": "none"}):
            figure.draw_without_rendering()
            frame = figure.bbox
            for text in figure.findobj(Text):
                box = text.get_window_extent()
                if text.get_text() and box.overlaps(frame):
                    assert box.x0 >= frame.x0 - 1, (name, text)
                    assert box.x1 <= frame.x1 + 1, (name, text)
