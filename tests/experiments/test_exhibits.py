"""Exhibits: what their words say, in every language and for every kind of pair; files that are the same every time."""

import csv
import io
import re
import threading
import xml.etree.ElementTree as ET
from dataclasses import replace
from pkgutil import iter_modules

import numpy as np
import pandas as pd
import pytest
from exhibited import (
    BASE,
    CODES,
    MAKERS,
    THEMES,
    WIDTHS,
    boxes,
    look,
    luck,
    mapped,
    pair,
    scenario,
    texts,
    undefined,
    words_of,
)  # fmt: skip
from matplotlib import rcParams
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype

from experiments import exhibits
from experiments.drawing import PALETTES, contrast, luminance
from experiments.exhibits import words
from experiments.exhibits.canvas import round_numbers
from experiments.language import CODES as ALL_CODES
from experiments.language import load
from simulation.outcomes import COMMUNITY_GROUPS

CLEAR = pair(1.0 + luck(24, 0.5), dark_figure=luck(24))
NOISE = pair(luck(24))
KINDS = {
    "clear": CLEAR,
    "noise": NOISE,
    "one pair": pair([1.5]),
    "four pairs": pair([1.0, 2.0, -1.0, 0.5]),
    "tiny": pair(1e-5 * (1 + luck(12, 0.1))),
    "huge": pair(1e4 * (1 + luck(12, 0.1))),
    "alike": pair([0.0] * 12, a=scenario(BASE), b=replace(scenario(BASE), name=f"{BASE}-2")),
    "undefined": undefined(CLEAR),
}
OF_PAIRS = [name for name in MAKERS if name != "map"]


def test_both_languages_are_the_languages():
    assert CODES == ALL_CODES


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MAKERS)
def test_every_exhibit_of_every_pair_is_drawn_whole(name, kind):
    """Whatever the pair, nothing is written beyond the figure's edge or over something else."""
    for code in CODES:
        for width in WIDTHS:
            made = MAKERS[name](KINDS[kind], look(code, "print", width))
            written, (right, bottom) = boxes_of(made)
            where = (code, width)
            for text, (x0, y0, x1, y1) in written:
                assert x0 > -1, (where, text)
                assert y0 > -1, (where, text)
                assert x1 < right + 1, (where, text)
                assert y1 < bottom + 1, (where, text)
            for n, (text, one) in enumerate(written):
                for other_text, other in written[n + 1 :]:
                    across = min(one[2], other[2]) - max(one[0], other[0])
                    down = min(one[3], other[3]) - max(one[1], other[1])
                    assert across < 2 or down < 4, (where, text, other_text)


def boxes_of(made):
    from matplotlib import rc_context

    with rc_context({"text.hinting": "none"}):
        return boxes(made.draw())


@pytest.mark.parametrize("name", OF_PAIRS)
def test_the_message_has_number_of_pairs_and_interval(name):
    for code, pairs, interval in (("en", "24 pairs of worlds", "95% interval"), ("es", "24 pares", "95%")):
        message = MAKERS[name](CLEAR, look(code)).message
        assert pairs in message
        assert interval in message
        assert "nan" not in message.lower()


@pytest.mark.parametrize("name", MAKERS)
def test_the_caption_says_where_numbers_come_from_and_what_they_are_not(name):
    for code, parts in {
        "en": ("24 pairs of worlds on common seeds (root seed 7).", "A: Agreement renewed. B: Agreement ended.",
               "Riverton (fictional), 100% of residents, January 1, 2016", "Version 0.0 (test).",
               "Simulation under stated assumptions, not a forecast."),
        "es": ("24 pares de mundos", "(semilla raíz 7).", "A: Acuerdo renovado. B: Acuerdo terminado.",
               "1 de enero de 2016", "Versión 0.0 (test).", "no es un pronóstico."),
    }.items():  # fmt: skip
        for part in parts:
            assert part in MAKERS[name](CLEAR, look(code)).caption


def test_failed_pairs_and_samples_are_said_in_the_caption():
    a, b = (scenario(name, scale=0.5) for name in (BASE, "agreement-ended"))
    caption = words.caption(replace(pair([1.0], a, b), failed=2), look().language)
    assert "2 pairs of worlds left out because a run failed." in caption
    assert "50% of residents" in caption
    assert "Counts are of the simulated residents." in caption


def test_a_difference_smaller_than_its_noise_is_said_to_be_none():
    for code, none in (("en", "no difference beyond noise"), ("es", "sin diferencia más allá del azar")):
        for name in ("over time", "icons", "dots", "interval", "flow", "by community", "recorded and true"):
            message = MAKERS[name](NOISE, look(code)).message
            assert none in message, (name, message)
            assert not re.search(r"higher in A than|lower in A than|(más|menos) en A que", message)
    clear = MAKERS["dots"](CLEAR, look()).message
    assert clear.startswith("Solve rate: 1.01 percentage points higher in A than in B, 95% interval 0.80 to 1.22, from")


def test_few_pairs_claim_nothing_and_undefined_is_said():
    few = MAKERS["interval"](KINDS["four pairs"], look()).message
    assert "too few pairs to say" in few
    assert "higher" not in few
    nothing = MAKERS["interval"](KINDS["undefined"], look()).message
    assert "undefined in every pair" in nothing
    alike = MAKERS["over time"](KINDS["alike"], look()).message
    assert "no difference at all" in alike
    assert "Nothing in the two scenarios differs." in alike


def test_pairs_that_leave_an_outcome_undefined_are_counted():
    made = pair([1.0] * 6, solve_rate=[1.0, 2.0, float("nan"), 1.5, 1.0, 1.0])
    message = exhibits.difference(made, look(), "solve_rate").message
    assert "from 5 pairs" in message
    assert "1 pair of worlds left out because the outcome is undefined" in message


def test_a_changed_scenario_says_so_and_a_file_of_ones_own_has_its_own_title():
    levers = type(CLEAR.a.levers)({**CLEAR.a.levers, "capacity": 2.0})
    spanish = look("es").language
    assert words.scenario_title(spanish, replace(CLEAR.a, levers=levers)) == "Acuerdo renovado, con cambios"
    assert words.scenario_title(spanish, scenario(BASE, scale=0.5)) == "Acuerdo renovado"
    own = replace(CLEAR.a, name="own-file", title="Our table")
    assert words.scenario_title(spanish, own) == "Our table"


def test_where_recorded_and_true_crime_differ_there_is_a_caution():
    up, down = 1 + luck(12, 0.1), -1 + luck(12, 0.1)
    keys = {f"crimes_{kind}__latino": values for kind, values in (("happened", up), ("recorded", down))}
    told = exhibits.caution(pair([0.0] * 12, **keys), look().language)
    assert "Latino: Recorded crime is lower in A, although more crimes happened" in told
    assert "recorded crimes \N{MINUS SIGN}" in told
    assert "happened +" in told
    assert "Asian" not in told
    both = {f"crimes_{kind}__{name}": up for kind in ("happened", "recorded") for name in COMMUNITY_GROUPS}
    assert exhibits.caution(pair(up, **both), look().language) is None
    assert exhibits.caution(pair([0.0] * 12), look().language) is None
    only = exhibits.caution(pair([0.0] * 12, crimes_recorded=down), look("es").language)
    assert "ocurridos igual" in only
    assert "todos los residentes" in only.lower()


@pytest.mark.parametrize("name", MAKERS)
def test_tables_are_plain_numbers_dates_and_words_under_names_of_the_language(name):
    tables = {code: MAKERS[name](CLEAR, look(code)).table for code in CODES}
    for table in tables.values():
        assert len(table)
        assert table.columns.is_unique
        for column in table:
            values = table[column]
            plain = is_numeric_dtype(values) or is_datetime64_any_dtype(values)
            assert plain or all(isinstance(value, str) for value in values), column
    assert len(tables["en"]) == len(tables["es"])
    assert set(tables["en"].columns) != set(tables["es"].columns)


def test_csv_is_read_by_spreadsheets():
    made = MAKERS["over time"](CLEAR, look("es"))
    content = made.csv()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:-2] == list(made.table.columns)
    assert rows[1][0] == "2016-01-01"
    assert float(rows[-1][1]) == pytest.approx(made.table.iloc[-1, 1])


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("code", CODES)
def test_a_file_says_where_its_numbers_come_from(name, code):
    """Opened as it is, it is the table that is drawn, and every row says pairs, seed, version, purpose and limits."""
    made = MAKERS[name](CLEAR, look(code))
    dates = [column for column in made.table if is_datetime64_any_dtype(made.table[column])]
    read = pd.read_csv(
        io.BytesIO(made.csv()), parse_dates=dates, dtype={made.table.columns[0]: str} if name == "map" else None
    )
    drawn = made.table.reset_index(drop=True)
    words = [column for column in drawn if not is_numeric_dtype(drawn[column]) and column not in dates]
    read[words] = read[words].fillna("")  # in a file, no word is an empty cell
    pd.testing.assert_frame_equal(read.iloc[:, :-2], drawn, check_dtype=False)
    origin, purpose = read.iloc[:, -2].unique(), read.iloc[:, -1].unique()
    assert list(origin) == [made.caption]
    (said,) = purpose
    assert load(code).t("report.origin.purpose_text") in said
    assert load(code).t("report.caution") in said


@pytest.mark.parametrize("name", MAKERS)
def test_svg_is_the_same_every_time_and_fits_into_a_page(name):
    made = MAKERS[name](CLEAR, look())
    text = made.svg()
    assert text == MAKERS[name](CLEAR, look()).svg()
    root = ET.fromstring(text)
    assert root.get("viewBox") == f"0 0 900 {made.height}"
    assert root.get("width") is None
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{made.title}. {made.message}"
    assert words_of(text), "text is text"
    assert not re.search(r"<style|<script|<metadata|<!DOCTYPE|\d{4}-\d\d-\d\dT", text)
    used = set(re.findall(r"(?:url\(|href=\")#([^)\"]+)", text))
    assert used == set(re.findall(r'id="([^"]+)"', text))


def test_ids_of_two_exhibits_differ_so_that_both_can_be_in_one_page():
    one, other = (MAKERS["icons"](made, look()).svg() for made in (CLEAR, NOISE))
    ids = [set(re.findall(r'id="([^"]+)"', text)) for text in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_file_that_leaves_the_page_carries_title_message_and_caption():
    made = MAKERS["dots"](CLEAR, look(width="narrow"))
    written = " ".join(texts(made.draw(framed=True)))
    for part in (made.title, made.message, made.caption):
        assert part in written
    assert made.caption not in " ".join(texts(made.draw()))
    assert made.png(dpi=72).startswith(b"\x89PNG")
    framed = made.svg(framed=True)
    assert framed == made.svg(framed=True)
    assert "not a forecast." in " ".join(words_of(framed))


def test_threads_draw_one_at_a_time_and_settings_stay():
    before = dict(rcParams)
    names = ["icons", "dots", "interval", "by community"] * 2
    expected = {name: MAKERS[name](CLEAR, look()).svg() for name in names}
    found = []
    threads = [
        threading.Thread(target=lambda name=name: found.append((name, MAKERS[name](CLEAR, look()).svg())))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted((name, expected[name]) for name in names)
    assert dict(rcParams) == before


@pytest.mark.parametrize("theme", THEMES)
def test_colors_are_seen_against_the_background_and_told_apart_by_everybody(theme):
    palette = PALETTES[theme]
    for color in (palette.a, palette.b, palette.difference):
        assert contrast(color, palette.background) >= 3  # WCAG 2.2, 1.4.11
    for color in (palette.ink, palette.muted):
        assert contrast(color, palette.background) >= 4.5  # WCAG 2.2, 1.4.3
    for kind in _COLOR_BLIND.values():
        assert np.linalg.norm(seen(palette.a, kind) - seen(palette.b, kind)) > 0.2


def test_worlds_are_told_apart_in_gray_print_by_brightness_dashes_and_hatching():
    palette = PALETTES["print"]
    assert contrast(palette.a, palette.b) > 2
    assert luminance(palette.a) < luminance(palette.b) < 0.3
    assert "stroke-dasharray" in MAKERS["over time"](CLEAR, look(theme="print")).svg()
    assert "<pattern" in MAKERS["flow"](CLEAR, look(theme="print")).svg()


_COLOR_BLIND = {  # Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def seen(color, kind):
    """Return a color as somebody who is color-blind sees it (0 to 1)."""
    parts = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    found = np.clip(np.array(kind) @ linear, 0, 1)
    return np.where(found <= 0.0031308, 12.92 * found, 1.055 * found ** (1 / 2.4) - 0.055)


def test_a_number_on_a_map_can_be_read_on_its_color():
    made = mapped(CLEAR, look(), {str(n): float(n - 3) for n in range(1, 7)}, is_difference=True)
    from exhibited import labeled
    from matplotlib.colors import to_hex
    from matplotlib.text import Text

    figure = made.draw()
    fills = {
        name[9:]: to_hex(box.get_facecolor()) for name, box in labeled(figure).items() if name.startswith("district ")
    }
    inks = {text.get_text(): to_hex(text.get_color()) for text in figure.findobj(Text) if text.get_text() in fills}
    assert len(inks) == 6
    for id, ink in inks.items():
        assert contrast(ink, fills[id]) >= 4.5


def test_round_numbers_hold_zero_and_are_few():
    for low, high in ((-0.31, 0.07), (0.0, 1e6), (-3e-5, 2e-5), (34.9, 35.1)):
        found = round_numbers(low, high, 5)
        assert 3 <= len(found) <= 8
        assert found[0] >= low or found[0] == pytest.approx(low)
        assert found[-1] <= high or found[-1] == pytest.approx(high)
        assert (0.0 in found) == (low <= 0 <= high)


def test_no_public_name_is_that_of_a_module():
    """Importing the module would put it in the place of the function."""
    modules = {module.name for module in iter_modules(exhibits.__path__)}
    assert not modules & set(exhibits.__all__)
    for name in exhibits.__all__:
        assert getattr(exhibits, name) is not None
