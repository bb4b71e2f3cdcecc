"""What an exhibit draws is what its table says, read back from the picture."""

from collections import Counter
from dataclasses import replace
from datetime import date

import fake_assumptions
import numpy as np
import pytest
from exhibited import (
    BASE,
    MAKERS,
    OTHER,
    labeled,
    look,
    luck,
    mapped,
    pair,
    scenario,
    texts,
    undefined,
)
from matplotlib.colors import to_hex

from experiments import exhibits, statistics
from experiments.city.boundaries import read_boundaries
from experiments.claims.claims import CONTRADICTED, DOWN, SUPPORTED
from experiments.claims.truth_map import make_map
from experiments.exhibits import marks
from experiments.exhibits.canvas import days
from experiments.exhibits.claims_map import WAITING
from experiments.exhibits.communities import GROUPS
from experiments.exhibits.districts import color_of, tiles_of
from experiments.exhibits.dots import DOTS, piled, quantile_dots
from experiments.exhibits.measures import MEASURES, over_time_of
from simulation.calendar import Event
from simulation.place import Place

NAN = float("nan")
CLEAR = pair(1.0 + luck(24, 0.5))


def drawn(made):
    return labeled(made.draw())


def test_over_time_draws_its_table():
    made = MAKERS["over time, states"](CLEAR, look())
    found, table = drawn(made), made.table
    groups = table.iloc[:, 1].unique()
    for group, name in zip(("all", "asian", "immigrant_communities"), groups):
        rows = table[table.iloc[:, 1] == name]
        for world, column in (("a", 2), ("b", 5), ("difference", 8)):
            line = found[f"{world} {group}"]
            np.testing.assert_array_equal(line.get_ydata(), rows.iloc[:, column])
            np.testing.assert_array_equal(line.get_xdata(), days(rows.iloc[:, 0].to_numpy()))
    assert made.table.iloc[:, 8].to_numpy() == pytest.approx(1.0 + 0.1 * 0.5 / np.sqrt(24), abs=1e-4)


def test_bands_over_time_are_the_intervals_of_the_table():
    made = MAKERS["over time"](CLEAR, look())
    polygons = [artist.get_xy() for artist in made.draw().findobj() if type(artist).__name__ == "Polygon"]
    lower, upper = made.table.iloc[:, 8].to_numpy(), made.table.iloc[:, 9].to_numpy()
    wanted = np.concatenate([lower, upper[::-1]])
    assert any(len(xy) >= len(wanted) and np.allclose(xy[: len(wanted), 1], wanted) for xy in polygons)
    with_range, without = made, MAKERS["over time"](pair([1.0] * 9), look())
    assert len(with_range.table.columns) == len(without.table.columns) + 2


def test_every_measure_over_time_has_an_outcome_and_values():
    for measure in MEASURES:
        data = over_time_of(CLEAR, measure, ("latino",))
        assert np.isfinite(data.a).any(), measure
        exhibits.over_time(CLEAR, look(), measure)
    with pytest.raises(ValueError, match="not shown over time"):
        over_time_of(CLEAR, "victimization_rate", None)


def test_rates_of_a_month_are_worked_out_by_hand():
    made = pair([0.0])
    for world, solved in zip(made.runs[0], (30.0, 20.0)):
        for name, value in (("happened", 200), ("reported", 100), ("recorded", 110), ("cleared", solved)):
            world.counts[exhibits.pair.COUNTS.index(name)] = value
    assert over_time_of(made, "reporting_rate", None).a[0, 0] == 50.0
    assert over_time_of(made, "solve_rate", ("latino",)).b[0, 0] == 10.0
    # Ten were met on patrol: recorded and solved without a report.
    assert over_time_of(made, "clearance_rate", None).a[0, 0] == 20.0
    assert over_time_of(made, "dark_figure", ("latino",)).a[0, 0] == 100.0


def test_a_month_without_crimes_breaks_the_line_and_lone_months_are_dots():
    made = pair([1.0] * 6)
    for worlds in made.runs:
        for world in worlds:
            world.counts[:, [3, 5]] = 0.0
    line = drawn(exhibits.over_time(made, look(), "reporting_rate"))["a all"]
    assert np.flatnonzero(np.isnan(line.get_ydata())).tolist() == [3, 5]
    assert line.get_markevery() == [4]


def test_icons_are_as_many_as_the_table_says():
    made = MAKERS["icons"](pair([2.4, -1.0, 0.0, 3.0, 3.0, 2.0]), look())
    found, table = drawn(made), made.table
    for world, row in (("a", 0), ("b", 1)):
        squares = [path.vertices for path in found[f"icons {world}"].get_paths()]
        widths = np.array([np.ptp(square[:, 0]) for square in squares])
        assert (widths / widths.max()).sum() == pytest.approx(table.iloc[row, 1])
    assert table.iloc[2:, 2].tolist() == [4, 1, 1]
    for side, count in zip(("a", "b", "same"), table.iloc[2:, 2]):
        assert len(found[f"pairs {side}"].get_xdata()) == count
    residents = MAKERS["icons of residents"](pair([0.0]), look())
    assert residents.table.iloc[0, 1] == pytest.approx(4.1)  # 41 crimes per 1,000 are 4.1 per 100


def test_icons_are_for_what_is_counted_of_a_hundred():
    assert exhibits.styles_of("solve_rate") == ("icons", "dots", "interval")
    assert exhibits.styles_of("trust.latino") == ("dots", "interval")
    with pytest.raises(ValueError, match="dots or interval"):
        exhibits.difference(CLEAR, look(), "trust", "icons")


def test_dots_are_the_pairs_or_twenty_equally_likely_differences():
    assert quantile_dots(np.array([3.0, 1.0, 2.0])).tolist() == [1.0, 2.0, 3.0]
    # Of 0 to 40 the quantiles at 2.5%, 7.5% ... are 1, 3 ... 39.
    assert quantile_dots(np.arange(41.0)).tolist() == pytest.approx(np.arange(1.0, 41, 2).tolist())
    made = MAKERS["dots"](CLEAR, look())
    found, table = drawn(made), made.table
    shown = np.sort(np.concatenate([found[f"dots {s}"].get_xdata() for s in "ab" if f"dots {s}" in found]))
    assert len(shown) == DOTS == len(table) - 1
    size = found["dots a"].get_markersize() / 0.8 * np.ptp(table.iloc[:-1, 1]) / 800
    assert np.abs(shown - table.iloc[:-1, 1].to_numpy()).max() < 2 * size
    assert_mean(found, table.iloc[-1, 1:])


def test_piles_of_dots_never_cross_zero():
    size, piles = piled(np.array([-0.2, -0.1, 0.0, 0.0, 0.1, 0.3, 2.0]), (-1.0, 3.0), 400, 30)
    assert size == 30
    assert piles == [[-0.2, -0.1], [0.0, 0.0], [0.1, 0.3], [2.0]]
    size, _ = piled(np.zeros(20), (-1.0, 1.0), 400, 30)
    assert size * 20 <= 220


def test_the_interval_shows_every_pair():
    made = MAKERS["interval"](CLEAR, look())
    found, table = drawn(made), made.table
    np.testing.assert_array_equal(found["pairs"].get_xdata(), table.iloc[:-1, 3])
    np.testing.assert_allclose(table.iloc[:-1, 1] - table.iloc[:-1, 2], table.iloc[:-1, 3])
    assert_mean(found, table.iloc[-1, 3:])


def assert_mean(found, row):
    effect, lower, upper = row
    assert found["mean"].get_xdata()[0] == effect
    assert list(found["interval"].get_xdata()) == [lower, upper]


def test_bars_of_the_flow_are_those_of_the_table():
    made = MAKERS["flow"](CLEAR, look())
    found = drawn(made)
    groups = ("all", "no_immigrant_ties", "latino", "asian", "black_immigrant", "other_immigrant")
    places = [(group, stage) for group in groups for stage in ("happened", "reported", "recorded", "solved")]
    assert len(made.table) == len(places)
    for (group, stage), row in zip(places, made.table.itertuples(index=False)):
        assert found[f"a {group} {stage}"].get_width() == row[2]
        assert found[f"b {group} {stage}"].get_width() == row[3] == 100.0
    assert made.table.iloc[0, 4] == pytest.approx(1.01, abs=0.01)
    assert not [name for name in drawn(MAKERS["flow"](undefined(CLEAR), look())) if name.startswith("a ")]


def test_intervals_by_community_are_those_of_the_table():
    made = MAKERS["by community"](CLEAR, look())
    found = drawn(made)
    for group, row in zip(("all", *GROUPS), made.table.itertuples(index=False), strict=True):
        assert found[f"mean {group}"].get_xdata()[0] == row[3]
        assert list(found[f"interval {group}"].get_xdata()) == [row[4], row[5]]
    noise = drawn(MAKERS["by community"](pair(luck(24)), look()))
    filled, hollow = (each["mean latino"].get_markerfacecolor() for each in (found, noise))
    assert filled != hollow


def test_recorded_and_true_are_drawn_in_percent_of_b():
    made = MAKERS["recorded and true"](CLEAR, look())
    found, row = drawn(made), made.table.iloc[0]
    effect = CLEAR.effect("crimes_happened")
    assert row.iloc[1] == pytest.approx(100 * effect.effect / effect.mean_b)
    assert found["mean happened all"].get_xdata()[0] == row.iloc[1]
    assert list(found["interval recorded all"].get_xdata()) == [row.iloc[5], row.iloc[6]]


def test_the_ledger_draws_what_the_claim_says_to_the_right():
    sharing = {"actual_sharing__immigrant_communities": [0.3] * 24}
    made_pair = pair(1.0 + luck(24, 0.5), police_budget=[0.0] * 24, **sharing)
    made = exhibits.ledger(made_pair, look(), {"M2": 9.0})
    found = drawn(made)
    for judgment, row in zip(made_pair.verdicts({"M2": 9.0}), made.table.itertuples(index=False), strict=True):
        name = f"mean {judgment.claim.id} {judgment.measure.outcome}"
        assert row[5] == judgment.effect.effect
        if judgment.contrast.tested:
            assert found[name].get_xdata()[0] == judgment.measure.claimed * row[5]
            at_right = found[name].get_xdata()[0] > 0
            assert (judgment.verdict == SUPPORTED) <= at_right
            assert (judgment.verdict == CONTRADICTED) <= (not at_right)
            if judgment.measure.claimed == DOWN:
                assert found[name].get_xdata()[0] < 0
        else:
            assert name not in found
    assert "World A shares more." in texts(made.draw())
    assert "not beyond the threshold: M2" in made.message
    assert "not tested by this pair: F1" in made.message


def test_tiles_have_the_colors_of_their_numbers_and_missing_ones_are_hatched():
    values = {"1": 1.0, "2": 2.5, "3": 4.0, "4": NAN, "5": 2.0}
    made = mapped(CLEAR, look(), values)
    found = drawn(made)
    for id, value in made.table.iloc[:, [0, 2]].itertuples(index=False):
        tile = found[f"district {id}"]
        if np.isfinite(value):
            wanted = color_of(value, (1.0, 4.0), look().palette, False)
            assert to_hex(tile.get_facecolor()) == wanted.lower()
        else:
            assert tile.get_hatch()
    assert made.table.iloc[:, 2].isna().sum() == 2
    written = texts(made.draw())
    for wanted in ("1.0", "2.5", "4.0", "index points", "no value", "6"):
        assert wanted in written
    assert "No value in 4 (Rail Yards) and 6 (Mill Creek)." in made.message
    assert "no district has a value" in mapped(CLEAR, look(), {}).message


def test_tiles_of_a_place_do_not_overlap():
    for name in Place.names():
        place = Place.load(name)
        tiles = tiles_of(place)
        assert set(tiles) == {district.id for district in place.districts}
        assert len(set(tiles.values())) == len(tiles)


def test_boundaries_take_the_place_of_tiles():
    place = Place.load("riverton")
    features = ", ".join(
        f'{{"type": "Feature", "properties": {{"id": "{d.id}"}}, "geometry": {{"type": "Polygon", "coordinates": '
        f"[[[{n}, 0], [{n + 1}, 0], [{n + 1}, 1], [{n}, 1], [{n}, 0]]]}}}}"
        for n, d in enumerate(place.districts)
    )
    boundaries = read_boundaries(f'{{"type": "FeatureCollection", "features": [{features}]}}'.encode(), place)
    values = {d.id: float(n) for n, d in enumerate(place.districts)}
    made = mapped(CLEAR, look(), values, boundaries=boundaries)
    shapes = {name: artist for name, artist in drawn(made).items() if name.startswith("district ")}
    assert len(shapes) == 6
    assert all(type(shape).__name__ == "PathPatch" for shape in shapes.values())
    assert made.caption.startswith("District boundaries are from the file")


def test_cells_of_a_truth_map_have_their_verdicts_and_the_rest_waits():
    a, b = scenario(BASE), scenario(OTHER)
    found = make_map(a, b, "fear_effect", "detainers", side=4)
    plan = list(found.plan(5))
    for cell, batch in plan[:7]:
        found = found.with_answer(cell, batch, fake_assumptions.answer_of(batch, 1))
    made = exhibits.truth_map(found, look("es"), "M2")
    verdicts = found.verdicts("M2")
    names = (name.split(" ", 3) for name in drawn(made) if name.startswith("cell "))
    cells = {f"{column} {row}": verdict for _, column, row, verdict in names}
    assert len(cells) == 12 == len(made.table)
    for cell in found.cells:
        assert cells[f"{cell.column} {cell.row}"] == verdicts.get(cell, WAITING)
    assert Counter(cells.values())[WAITING] == 5
    assert "todavía sin simular en 5" in made.message
    assert "5 pares de mundos" in made.message
    assert made.table.iloc[:, -2].tolist().count(5) == 7


def test_days_of_both_calendars_are_numbered_and_numbers_do_not_overlap():
    base = scenario(BASE)
    values = {"size": 100.0, "site": "home", "reassurance": False}
    raids = tuple(Event(date(2018, 10, 1 + 2 * n), "raid", values=values) for n in range(9))
    made = pair([1.0] * 5, a=replace(base, events=(*base.events, *raids)), b=base)
    found = marks.calendar_marks(made, look().language)
    own = [mark for mark in found if mark.worlds == "a"]
    assert len(own) == 9
    assert {mark.text for mark in own} == {"A: raid"}
    width, span_ = 260.0, (base.start, base.end)
    rows = marks.badge_rows(found, *span_, width)
    at = [width * (mark.day - base.start).days / (base.end - base.start).days for mark in found]
    for n, (x, row) in enumerate(zip(at, rows)):
        for other_x, other_row in zip(at[n + 1 :], rows[n + 1 :]):
            assert row != other_row or abs(other_x - x) >= marks.BADGE - 1
    message = exhibits.over_time(made, look()).message
    assert "Until October 1, 2018, nothing differs between the two worlds." in message


def test_a_verdict_of_too_few_pairs_is_never_filled():
    found = drawn(MAKERS["by community"](pair([1.0, 1.1]), look()))
    assert pair([1.0, 1.1]).effect("trust").verdict == statistics.TOO_FEW
    assert to_hex(found["mean latino"].get_markerfacecolor()) == look().palette.background.lower()
