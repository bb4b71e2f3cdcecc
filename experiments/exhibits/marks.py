"""The calendar of both scenarios on a time axis: numbered marks above it, and what the numbers mean below."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ..drawing import Palette
from ..storage.monthly import first_difference
from .canvas import DOTTED, STYLES, Panel, days
from .exhibit import LINE, SMALL, Look, wrap

if TYPE_CHECKING:
    from ..language import Language
    from .pair import Pair

BADGE = 17
"""Width and height of a numbered mark."""
_BOTH = "ab"


class Mark(NamedTuple):
    """A day on which something happens: in world `a`, in world `b`, or in both (`ab`)."""

    day: date
    worlds: str
    text: str


def calendar_marks(pair: "Pair", language: "Language") -> list[Mark]:
    """Return the days of both calendars in order, each with what happens on it and in which world."""
    said: dict[date, list[tuple[str, str]]] = {}
    events = [{(e.date, e.kind, str(e)) for e in scenario.events} for scenario in (pair.a, pair.b)]
    for day, kind, told in sorted(events[0] | events[1]):
        worlds = "".join(world for world, own in zip(_BOTH, events) if (day, kind, told) in own)
        said.setdefault(day, []).append((worlds, language.event(kind).label))
    since, apart = pair.a.outcomes_from, first_difference(pair.a, pair.b)
    if since > pair.a.start:
        said.setdefault(since, []).append((_BOTH, language.t("exhibits.marks.outcomes")))
    if apart is not None and all(worlds == _BOTH for worlds, _ in said.get(apart, [])):
        said.setdefault(apart, []).append((_BOTH, language.t("exhibits.marks.apart")))
    return [_mark(day, entries, language) for day, entries in sorted(said.items())]


def badge_rows(marks: Sequence[Mark], first, last, width: float) -> list[int]:
    """Return the row, from 0 at the bottom, in which each mark's number has room."""
    rows: list[int] = []
    ends: list[float] = []
    for mark in marks:
        x = _position(mark.day, first, last, width)
        row = next((row for row, end in enumerate(ends) if end <= x - BADGE / 2), len(ends))
        ends[row : row + 1] = [x + BADGE / 2 + 1]
        rows.append(row)
    return rows


def strip_height(rows: Sequence[int]) -> float:
    """Return the height of the numbers above the axis."""
    return BADGE * (max(rows, default=-1) + 1) + (4 if rows else 0)


def draw_marks(panel: Panel, marks: Sequence[Mark], rows: Sequence[int] | None = None) -> None:
    """Draw a line through a panel on the day of each mark; with rows, its number above."""
    canvas = panel.canvas
    for number, mark in enumerate(marks, 1):
        day, color = float(days(mark.day)), _color(canvas.palette, mark)
        panel.upright(day, color=color, linewidth=1, linestyle=STYLES.get(mark.worlds, DOTTED), zorder=1)
        if rows is not None:
            x, y = panel.at(day, panel.y[0])[0], panel.top - BADGE * (rows[number - 1] + 0.5) - 2
            fill = {"markerfacecolor": canvas.palette.background, "markeredgecolor": color}
            canvas.line((x,), (y,), marker="o", markersize=BADGE - 3, **fill)
            canvas.text(x, y + 0.5, str(number), SMALL - 1, ha="center")


def listed(marks: Sequence[Mark], language: "Language", look: Look, width: float) -> list[str]:
    """Return the lines that say what the numbers mean."""
    lines = []
    for number, mark in enumerate(marks, 1):
        lines += wrap(f"({number}) {language.date(mark.day)}. {mark.text[:1].upper()}{mark.text[1:]}.", width, SMALL)
    return lines


def list_height(lines: Sequence[str]) -> float:
    """Return the height of these lines."""
    return LINE * SMALL * len(lines)


def _mark(day: date, entries: list[tuple[str, str]], language: "Language") -> Mark:
    everywhere = {worlds for worlds, _ in entries}
    texts = []
    for worlds, text in entries:
        who = language.t("exhibits.marks.both") if worlds == _BOTH else worlds.upper()
        texts.append(text if worlds == _BOTH and everywhere == {_BOTH} else f"{who}: {text}")
    return Mark(day, everywhere.pop() if len(everywhere) == 1 else _BOTH, "; ".join(dict.fromkeys(texts)))


def _position(day: date, first, last, width: float) -> float:
    first, last = days(first), days(last)
    return float(width * (days(day) - first) / (last - first))


def _color(palette: Palette, mark: Mark) -> str:
    return getattr(palette, mark.worlds) if len(mark.worlds) == 1 else palette.muted
