"""Pictures of what a room expected beside what the worlds show."""

import math
from collections import Counter

import numpy as np
import pandas as pd

from experiments.exhibits import words
from experiments.exhibits.canvas import ROW, Canvas, Panel, span
from experiments.exhibits.exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, text_width, wrap
from experiments.rounding import decimals_for

from .predictions import DIRECTIONS, Prediction, direction_of, tally
from .rooms import Answer, Round

_BAR, _DOT, _TALLEST = 24, 11, 220
_SPREAD = (0.03, 0.97)
"""Share of the predictions beyond each end of the axis: a single wild number must not hide all others."""


def tally_exhibit(done: Round, look: Look) -> Exhibit:
    """Show how many expected each direction, and which one the worlds show."""
    language, found = look.language, tally(tuple(done.predictions.values()))
    came = direction_of(done.answer.effect)
    shares = {each: language.percent(found.share(each), 0) for each in DIRECTIONS}
    said = {each: language.t(f"workshop.direction_{each}") for each in DIRECTIONS}
    names = [f"{words.capitalized(said[each])}: {shares[each]}" for each in DIRECTIONS]
    message = language.t(
        "workshop.tally_message", people=_people(language, found.people), counts="; ".join(names),
        outcome=words.capitalized(language.outcome(done.key).label),
        finding=words.verdict(language, done.answer.effect),
    )  # fmt: skip
    table = pd.DataFrame({
        language.t("workshop.column_direction"): [words.capitalized(said[each]) for each in DIRECTIONS],
        language.t("workshop.column_people"): [found.counts[each] for each in DIRECTIONS],
        language.t("workshop.column_share"): [found.share(each) for each in DIRECTIONS],
        language.t("workshop.column_came"): [
            language.t("common.yes" if each == came else "common.no") for each in DIRECTIONS
        ],
    })  # fmt: skip
    label = {each: wrap(words.capitalized(said[each]), 0.32 * look.pixels, TEXT) for each in DIRECTIONS}
    heights = [max(_BAR, LINE * TEXT * len(label[each])) + 12 for each in DIRECTIONS]

    def paint(figure) -> None:
        canvas, palette = Canvas(figure, look, sum(heights) + 2 * MARGIN), look.palette
        left = MARGIN + max(text_width(line, TEXT) for lines in label.values() for line in lines) + 10
        room = look.pixels - left - MARGIN - text_width("100 % (300)", TEXT) - 16
        y = MARGIN
        for each, height in zip(DIRECTIONS, heights):
            middle, share = y + height / 2, found.share(each) / 100
            canvas.lines(MARGIN, middle - LINE * TEXT * len(label[each]) / 2, label[each])
            canvas.box(left, middle - _BAR / 2, room, _BAR, facecolor=palette.grid, alpha=0.5)
            if share > 0:
                canvas.box(
                    left, middle - _BAR / 2, share * room, _BAR, facecolor=palette.difference, label=f"bar {each}"
                )
            canvas.text(left + room + 8, middle, f"{shares[each]} ({language.n(found.counts[each], 0)})")
            if each == came:
                _star(canvas, left + share * room, middle)
            y += height

    title = language.t("workshop.tally_title")
    caption = _caption(done, look, language.t("workshop.tally_note"))
    return Exhibit("predictions-tally", title, message, caption, table, look, int(sum(heights) + 2 * MARGIN), paint)


def overlay_exhibit(done: Round, look: Look) -> Exhibit:
    """Show every predicted difference, their median and quartiles, and the difference that the worlds show."""
    language, answer = look.language, done.answer
    effect, unit = answer.effect, words.unit_of_difference(language, done.key)
    predicted = sorted(done.predictions.values(), key=lambda each: each.difference)
    sizes = np.array([each.difference for each in predicted], float)
    quartiles = tally(predicted).quantiles
    low, high = axis_of(sizes, effect)
    beyond = int(np.count_nonzero((sizes < low) | (sizes > high)))
    stacks = _stacks(np.clip(sizes, low, high), low, high, (look.pixels - 2 * MARGIN - 48) / _DOT)
    tallest = max(Counter(column for column, _ in stacks).values(), default=1)
    step = min(_DOT, _TALLEST / tallest)
    title_lines = wrap(words.with_unit(language.t("exhibits.column.difference"), unit), look.pixels - 2 * MARGIN, SMALL)
    head, drawn = MARGIN / 2 + LINE * SMALL * len(title_lines) + 6, step * tallest + 8
    key = [
        wrap(text, look.pixels - 2 * MARGIN - 30, TEXT) for text in _key_lines(look, quartiles, effect, unit, beyond)
    ]
    height = int(head + drawn + 2 * ROW + 34 + LINE * TEXT * sum(map(len, key)) + MARGIN)

    def paint(figure) -> None:
        canvas, palette = Canvas(figure, look, height), look.palette
        canvas.lines(MARGIN, MARGIN / 2, title_lines, SMALL, color=palette.muted)
        place = (MARGIN + 24, head, look.pixels - 2 * MARGIN - 48, drawn + 2 * ROW)
        panel = Panel(canvas, place, (low, high), (-2 * ROW, drawn))
        panel.numbers("bottom", 4 if look.is_narrow else 8, signed=True)
        panel.base()
        panel.upright(0, color=palette.ink, linewidth=1.4, zorder=2)
        style = {"linestyle": "none", "marker": "o", "markersize": step - 2, "label": "prediction"}
        columns = (look.pixels - 2 * MARGIN - 48) / _DOT
        across = [low + (column + 0.5) / columns * (high - low) for column, _ in stacks]
        panel.line(across, [(level + 0.5) * step for _, level in stacks], color=palette.difference, **style)
        if not math.isnan(quartiles[1]):
            inside = np.clip(quartiles, low, high)
            panel.line(
                (inside[0], inside[2]), (-ROW / 2,) * 2, color=palette.difference, linewidth=4, label="quartiles"
            )
            panel.line((inside[1],), (-ROW / 2,), linestyle="none", marker="|", markersize=16, markeredgewidth=3,
                       color=palette.difference, label="median")  # fmt: skip
        if math.isfinite(effect.lower):
            panel.line((effect.lower, effect.upper), (-1.5 * ROW,) * 2, color=palette.b, linewidth=4, label="interval")
        if math.isfinite(effect.effect):
            _star(canvas, *panel.at(effect.effect, -1.5 * ROW))
        y = head + drawn + 2 * ROW + 34
        for number, lines in enumerate(key):
            _sample(canvas, number, MARGIN + 9, y + LINE * TEXT / 2)
            y = canvas.lines(MARGIN + 28, y, lines)

    people = _people(language, len(predicted))
    message = language.t("workshop.overlay_message", people=people, **_said(look, quartiles, effect, unit))
    caption = _caption(done, look, language.t("workshop.overlay_note"))
    table = _table(look, predicted, effect, unit)
    return Exhibit("predictions", language.t("workshop.overlay_title"), message, caption, table, look, height, paint)


def finding(key: str, answer: Answer, language) -> str:
    """Return what the worlds show, in words."""
    units = words.unit_of_difference(language, key), words.unit_of_level(language, key)
    return words.finding(language, answer.effect, language.outcome(key).label, *units)


def axis_of(sizes: np.ndarray, effect) -> tuple[float, float]:
    """Return the ends of an axis that holds the result and nearly all predictions; the rest are drawn at its ends."""
    most = np.quantile(sizes, _SPREAD) if sizes.size else np.empty(0)
    ends = [end for end in (effect.effect, effect.lower, effect.upper) if math.isfinite(end)]
    reach = max([abs(end) for end in ends], default=0.0)
    if reach and sizes.size:  # and no group of wild numbers either
        most = np.clip(most, -50 * reach, 50 * reach)
    return span(np.concatenate([most, [0.0], ends]), room=0.08)


def _stacks(sizes: np.ndarray, low: float, high: float, columns: float) -> list[tuple[int, int]]:
    """Return column and level of a dot for each size: dots that would overlap are piled up."""
    heights: Counter[int] = Counter()
    found = []
    for size in sizes:
        column = min(int((size - low) / (high - low) * columns), int(columns) - 1)
        found.append((column, heights[column]))
        heights[column] += 1
    return found


def _said(look: Look, quartiles, effect, unit: str) -> dict[str, str]:
    """Return what the room and the worlds say, as texts take it; predictions have as many digits as people give."""
    language, decimals = look.language, decimals_for(effect)
    low, median, high = (language.signed(float(f"{value:.3g}")) for value in quartiles)
    return {
        "median": f"{median} {unit}".strip(),
        "quartiles": language.t("exhibits.interval", low=low, high=high),
        "effect": words.amount(language, effect.effect, decimals, unit),
        "interval": words.signed_interval(language, effect.lower, effect.upper, decimals),
    }


def _key_lines(look: Look, quartiles, effect, unit: str, beyond: int) -> list[str]:
    language, said = look.language, _said(look, quartiles, effect, unit)
    one = language.t("workshop.key_one")
    if beyond:
        one += " " + language.t("workshop.key_beyond", people=_people(language, beyond))
    room = language.t("workshop.key_room", median=said["median"], quartiles=said["quartiles"])
    return [one, room, language.t("workshop.key_worlds", effect=said["effect"], interval=said["interval"])]


def _sample(canvas: Canvas, number: int, x: float, y: float) -> None:
    """Draw what a line of the key is about."""
    palette = canvas.palette
    if number == 0:
        canvas.line((x,), (y,), linestyle="none", marker="o", markersize=9, color=palette.difference)
    elif number == 1:
        canvas.line((x - 9, x + 9), (y, y), color=palette.difference, linewidth=4)
        canvas.line(
            (x,), (y,), linestyle="none", marker="|", markersize=14, markeredgewidth=3, color=palette.difference
        )
    else:
        canvas.line((x - 9, x + 9), (y, y), color=palette.b, linewidth=4)
        _star(canvas, x, y)


def _star(canvas: Canvas, x: float, y: float) -> None:
    """Mark what the worlds show."""
    palette = canvas.palette
    canvas.line((x,), (y,), linestyle="none", marker="*", markersize=17, markerfacecolor=palette.b,
                markeredgecolor=palette.background, markeredgewidth=1.0, zorder=6, label="worlds")  # fmt: skip


def _table(look: Look, predicted: list[Prediction], effect, unit: str) -> pd.DataFrame:
    """Return every prediction, without names, and what the worlds show."""
    t = look.language.t
    difference = words.with_unit(t("exhibits.column.difference"), unit)
    rows = [(t("workshop.one_prediction"), each.difference, math.nan, math.nan, each.confidence) for each in predicted]
    rows.append((t("workshop.what_worlds_show"), effect.effect, effect.lower, effect.upper, math.nan))
    low, high = (t(f"exhibits.column.{end}", of=t("exhibits.column.difference")) for end in ("lower", "upper"))
    return pd.DataFrame(
        rows, columns=[t("exhibits.column.what"), difference, low, high, t("workshop.column_confidence")]
    )


def _caption(done: Round, look: Look, note: str) -> str:
    language = look.language
    people = language.t("workshop.from_people", people=_people(language, len(done.predictions)))
    return words.caption(done.answer, language, people, note)


def _people(language, number: int) -> str:
    return language.t("workshop.people_one" if number == 1 else "workshop.people_many", n=language.n(number, 0))
