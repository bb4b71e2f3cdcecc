"""What all ways of showing one outcome's difference share."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..rounding import decimals_for
from ..statistics import PairedEffect
from . import words
from .canvas import MARKERS, ROW, Canvas
from .exhibit import TEXT, Look, wrap
from .pair import Pair

SIDES = ("a", "b", "same")
_SAMPLE = 20
"""Room for a marker beside its name."""


class Counts(NamedTuple):
    """In how many pairs an outcome is higher in A, higher in B, and the same."""

    a: int
    b: int
    same: int


class Difference:
    """The differences of pairs in one outcome, the effect, and the words about them.

    Parameters
    ----------
    pair : Pair
    look : Look
    key : str
        Flat key of an outcome.

    Attributes
    ----------
    said : sequence of str
        Sentences that the message ends with.
    notes : sequence of str
        Sentences for the caption.
    height : int
        Of the figure in pixels; each way of showing it works out its own.
    """

    said: Sequence[str] = ()
    notes: Sequence[str] = ()
    height: int

    def __init__(self, pair: Pair, look: Look, key: str):
        self.look, self.key = look, key
        a, b = pair.values(key)
        defined = np.isfinite(a) & np.isfinite(b)
        self.a, self.b, self.replicates = a[defined], b[defined], np.array(pair.replicates)[defined]
        self.differences = self.a - self.b
        self.effect: PairedEffect = pair.effect(key)
        self.unit = words.unit_of_difference(look.language, key)
        self.labels = words.world_labels(pair, look.language)
        self.verdict = words.capitalized(words.verdict(look.language, self.effect))

    def t(self, key: str, **values) -> str:
        """Return a text by its whole key."""
        return self.look.language.t(key, **values)

    def told(self, counts: Counts) -> dict[str, str]:
        """Return counts as the language writes them."""
        return {side: self.look.language.n(count, 0) for side, count in counts._asdict().items()}

    def effect_columns(self) -> list[str]:
        """Return the names of a table's columns of a difference and its interval."""
        of = self.t("exhibits.column.difference")
        ends = [self.t(f"exhibits.column.{end}", of=of) for end in ("lower", "upper")]
        return [words.with_unit(of, self.unit), *ends]

    def mean_line(self) -> str:
        """Return the mean difference with its interval and number of pairs; nothing where it is undefined."""
        language, effect = self.look.language, self.effect
        if not effect.pairs:
            return ""
        decimals = decimals_for(effect)
        value = words.amount(language, effect.effect, decimals, self.unit)
        count = words.pairs_of(language, effect.pairs)
        if effect.pairs < 2:
            return words.with_unit(value, count)
        interval = words.signed_interval(language, effect.lower, effect.upper, decimals)
        return self.t("exhibits.difference.mean", value=value, interval=interval, pairs=count)

    def sides(self, kind: str, counts: Counts, room: float) -> list[tuple[str, list[str]]]:
        """Return what the marker of each side stands for, in lines that are no wider than `room`."""
        of = self.look.language.n(sum(counts), 0)
        return [
            (side, wrap(self.t(f"exhibits.difference.{kind}_{side}", count=count, of=of), room - _SAMPLE, TEXT))
            for side, count in self.told(counts).items()
            if side != "same" or counts.same
        ]


def count_sides(differences: np.ndarray) -> Counts:
    """Count the differences above, below and at 0."""
    return Counts(*(int(np.count_nonzero(side)) for side in (differences > 0, differences < 0, differences == 0)))


def sides_height(sides: Sequence[tuple[str, Sequence[str]]]) -> float:
    """Return the height of the names of markers."""
    return ROW * sum(len(lines) for _, lines in sides)


def draw_sides(canvas: Canvas, sides: Sequence[tuple[str, Sequence[str]]], x: float, y: float) -> None:
    """Name the markers below each other."""
    for side, lines in sides:
        canvas.line((x + 6,), (y + ROW / 2,), **marker(canvas, side))
        y = canvas.lines(x + _SAMPLE, y, lines)


def marker(canvas: Canvas, side: str, size: float = 9) -> dict:
    """Return the marker of a pair in which A is higher, B is higher, or neither."""
    palette = canvas.palette
    color = palette.muted if side == "same" else getattr(palette, side)
    shape, share = {"a": (MARKERS["a"], 1.0), "b": (MARKERS["b"], 0.75), "same": ("s", 0.7)}[side]
    return {
        "linestyle": "none",
        "marker": shape,
        "markersize": share * size,
        "markeredgewidth": 1.5,
        "markerfacecolor": color if side == "a" else palette.background,
        "markeredgecolor": color,
    }
