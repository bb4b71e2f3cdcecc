"""What a sensitivity analysis writes, prints and draws."""

import json
import warnings

import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.text import Text
from planted_linear import DESIGNS, FACTORS, noise, write

from experiments import analyze_sensitivity
from experiments.cli import main
from experiments.sensitivity import columns as names
from experiments.storage import store
from experiments.storage.columns import names as column_names


@pytest.fixture(autouse=True)
def no_warnings():
    """Nothing is divided by zero, whatever the data."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("error", UserWarning)
        yield


@pytest.fixture(scope="module", params=DESIGNS)
def found(request, tmp_path_factory):
    """Return an analysis of each method, with the folder that it wrote."""
    folder = tmp_path_factory.mktemp("results") / request.param
    return analyze_sensitivity(write(folder, design=DESIGNS[request.param]), csv=True)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return the folder of a small Sobol sweep."""
    folder = tmp_path_factory.mktemp("results") / "sobol"
    return write(folder).folder


def test_tables_have_their_declared_columns_and_are_written(found):
    for name, (table, declared) in found.tables().items():
        assert list(table.columns) == column_names(declared)
        kept = store.read_table(found.folder, name)
        assert list(kept.columns) == column_names(declared)
        assert len(kept) == len(table) == len(pd.read_csv(found.folder / f"{name}.csv"))
        for column in declared:
            if column.allowed:
                assert set(kept[column.name]) <= set(column.allowed)
    package = json.loads((found.folder / store.DATAPACKAGE).read_text())
    assert {each["path"] for each in package["resources"]} >= {f"{name}.parquet" for name in found.tables()}
    assert (found.folder / "sensitivity.txt").read_text().startswith("Solve rate: a minus b")
    assert store.read_manifest(found.folder)["kind"] == "sensitivity"
    assert found.folder.parent == found.result.folder / "analysis"


def test_nothing_is_written_where_nothing_is_asked_for(swept):
    before = sorted(swept.rglob("*"))
    assert analyze_sensitivity(swept, write=False).folder is None
    assert sorted(swept.rglob("*")) == before


# ------------------------------------------------------------------ command line


def run(*arguments):
    return CliRunner().invoke(main, ["sensitivity", *map(str, arguments)])


def test_the_command_prints_text_and_where_it_wrote(swept, tmp_path):
    done = run(swept, "--out", tmp_path / "out", "--csv")
    assert done.exit_code == 0
    assert "Sobol indices: 32 blocks, 4 seeds at each point" in done.stdout
    assert f"Tables and figures are in {tmp_path / 'out'}" in done.stdout
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written >= {"sensitivity.parquet", "sensitivity.csv", "sobol-effect.solve_rate.png"}


def test_json_is_for_scripts(swept, tmp_path):
    done = run(swept, "--json", "-q", "--out", tmp_path / "out")
    record = json.loads(done.stdout, parse_constant=pytest.fail)
    assert record["method"] == "sobol"
    assert {row["factor"] for row in record["sensitivity"]} == {*FACTORS, names.LUCK, names.ALL_FACTORS}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--target", "effect.solv_rate"), "did you mean 'solve_rate'"),
        (("--precision", "-1"), "must be a number above 0"),
    ],
)
def test_errors_of_the_command_are_one_line(swept, arguments, said):
    done = run(swept, *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    done = run(tmp_path)
    assert done.exit_code == 2
    assert "is not a result folder" in done.stderr


# ------------------------------------------------------------------ figures


def texts(figure):
    """Return everything that one reads in a figure; matplotlib keeps ticks beyond the ends of an axis too."""
    found = [figure._suptitle, figure._supxlabel, *([figure._supylabel] if figure._supylabel else [])]
    for axis in (axis for axis in figure.axes if axis.get_visible()):
        found += [axis.title, axis._left_title, axis.xaxis.label, axis.yaxis.label, *axis.texts]
        found += axis.get_legend().get_texts() if axis.get_legend() else []
        for side in (axis.xaxis, axis.yaxis):
            low, high = sorted(side.get_view_interval())
            found += [tick.label1 for tick in side.get_major_ticks() if low <= tick.get_loc() <= high]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def assert_readable(figure, name):
    """Every text lies within the figure, and none over another."""
    figure.set_dpi(100)
    figure.draw_without_rendering()
    frame = figure.bbox.padded(2)
    boxes = [(text, Text.get_window_extent(text)) for text in texts(figure)]  # of an annotation without its arrow
    for text, box in boxes:
        assert frame.containsx(box.x0), (name, text.get_text())
        assert frame.containsx(box.x1), (name, text.get_text())
        assert frame.containsy(box.y0), (name, text.get_text())
        assert frame.containsy(box.y1), (name, text.get_text())
    level = [(text.get_text(), box.padded(-1.5)) for text, box in boxes if text.get_rotation() in (0, 90)]
    for i, (a, box) in enumerate(level):
        for b, other in level[i + 1 :]:
            assert not box.overlaps(other), (name, a, b)


def test_figures_are_drawn_with_caption_and_readable_labels(found):
    drawn = found.figures()
    kinds = {"sobol": {"sobol"}, "morris": {"morris"}, "one_at_a_time": {"tornado", "curves"}}[found.method]
    assert set(drawn) == {f"{kind}-effect.solve_rate" for kind in kinds}
    for name, figure in drawn.items():
        for ending in ("pdf", "png"):
            assert (found.folder / f"{name}.{ending}").stat().st_size > 5000
        caption = " ".join(t.get_text() for t in texts(figure)).replace("\n", " ")
        for part in (
            "4 replicates on common seeds (root seed 1)",
            "Version",
            "not a forecast",
            "Solve rate: a minus b",
        ):
            assert part in caption
        assert_readable(figure, name)


@pytest.mark.parametrize("method", DESIGNS)
def test_many_factors_with_long_names_stay_readable(tmp_path, method):
    from simulation.parameters import FIXED, PARAMETERS

    chosen = [name for name, p in PARAMETERS.items() if p.prior != FIXED][:26]
    center = {name: PARAMETERS[name].default for name in chosen}
    design = {**DESIGNS[method], "trajectories": 4} if method == "morris" else DESIGNS[method]
    design = design | ({"center": center, "levels": 3} if method == "one_at_a_time" else {})
    if method == "sobol":
        design = design | {"points": 16}

    def y(values, r):
        return sum((i + 1) ** 1.5 * values[name] for i, name in enumerate(chosen)) * 1e4 + noise(values["point"], r)

    found = analyze_sensitivity(write(tmp_path / "r", y, design, dict.fromkeys(chosen), seeds=2), write=False)
    for name, figure in found.figures().items():
        assert_readable(figure, name)
    assert found.table["factor"].nunique() >= len(chosen)
