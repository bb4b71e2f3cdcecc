"""The effect on one outcome in each community, with intervals."""

import numpy as np
import pandas as pd

from simulation.outcomes import IMMIGRANT, OUTCOMES
from simulation.vocabulary import Community

from ..rounding import decimals_for
from ..statistics import PairedEffect
from ..storage.columns import split_key
from . import words
from .canvas import Canvas, Panel, span
from .exhibit import LINE, MARGIN, SMALL, Exhibit, Look, text_width, wrap
from .pair import Pair

GROUPS = (IMMIGRANT, *Community.names()[1:], Community.names()[0])
_ROW = 38


def by_community(pair: Pair, look: Look, key: str = "reporting_rate") -> Exhibit:
    """Show the effect on one outcome for everybody and in every community.

    Parameters
    ----------
    pair : Pair
    look : Look
    key : str
        An outcome; a group of it stands for all groups.
    """
    language, name = look.language, split_key(key)[0]
    effects = {words.EVERYBODY: pair.effect(name)}
    effects |= {group: pair.effect(f"{name}.{group}") for group in GROUPS if group in OUTCOMES[name].groups}
    label = words.capitalized(language.outcome(name).label)
    clear = [
        language.t(f"exhibits.by_community.{effect.verdict}", group=language.group(group))
        for group, effect in effects.items()
        if group != words.EVERYBODY and words.is_clear(effect)
    ]
    said = [words.outcome_finding(pair, language, name)]
    if clear:
        said.append(language.t("exhibits.by_community.clear", groups=language.join(clear)))
    elif len(effects) > 1:
        said.append(language.t("exhibits.by_community.unclear"))
    plan = _Plan(pair, look, name, effects)
    return Exhibit(
        f"by-community-{name}",
        language.t("exhibits.by_community.title", outcome=label),
        " ".join(said),
        words.caption(pair, language, language.t("exhibits.by_community.note")),
        plan.table,
        look,
        plan.height,
        plan.paint,
    )


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, pair: Pair, look: Look, name: str, effects: dict[str, PairedEffect]):
        self.look, self.name, self.effects = look, name, effects
        self.unit = words.unit_of_difference(look.language, name)
        self.legend = [line for label in words.world_labels(pair, look.language)
                       for line in wrap(label, look.pixels - 2 * MARGIN, SMALL)]  # fmt: skip
        language = look.language
        told = [line for effect in effects.values() for line in words.short_effect(language, effect)]
        widest = max(text_width(line, SMALL, bold=True) for line in told)
        self.label = 92 if look.is_narrow else 190
        self.numbers = widest + 12 if look.is_narrow else 270
        self.names = [wrap(words.capitalized(language.group(group)), self.label - 6, SMALL) for group in effects]
        self.row = max(_ROW, LINE * SMALL * max(map(len, self.names)) + 6)
        title = words.with_unit(look.language.t("exhibits.column.difference"), self.unit)
        title += f"; {words.pairs_of(look.language, pair.n)}"
        self.title = wrap(title, look.pixels - 2 * MARGIN, SMALL)
        self.top = MARGIN / 2 + LINE * SMALL * (len(self.legend) + len(self.title)) + 8
        self.height = int(self.top + self.row * len(effects) + 40)

    @property
    def table(self) -> pd.DataFrame:
        """Return the effect of every group."""
        language, t = self.look.language, self.look.language.t
        of, level = t("exhibits.column.difference"), words.unit_of_level(language, self.name)
        columns = [t("exhibits.column.group"), words.with_unit("A", level), words.with_unit("B", level)]
        columns += [words.with_unit(of, self.unit), *(t(f"exhibits.column.{end}", of=of) for end in ("lower", "upper"))]
        columns += [t("exhibits.column.pairs"), t("exhibits.column.verdict")]
        rows = [
            (
                language.group(group),
                e.mean_a,
                e.mean_b,
                e.effect,
                e.lower,
                e.upper,
                e.pairs,
                language.verdict(e.verdict),
            )
            for group, e in self.effects.items()
        ]
        return pd.DataFrame(rows, columns=columns)

    def paint(self, figure) -> None:
        """Draw a row for each group: its interval, and its numbers."""
        canvas = Canvas(figure, self.look, self.height)
        palette = canvas.palette
        y = canvas.lines(MARGIN, MARGIN / 2, self.legend, SMALL)
        canvas.lines(MARGIN, y, self.title, SMALL, color=palette.muted)
        ends = [end for effect in self.effects.values() for end in (effect.effect, effect.lower, effect.upper)]
        place = (MARGIN + self.label, self.top, canvas.width - 2 * MARGIN - self.label - self.numbers,
                 self.row * len(self.effects))  # fmt: skip
        panel = Panel(canvas, place, span(np.array([0.0, *ends]), room=0.1), (len(self.effects), 0.0))
        panel.numbers("bottom", 2 if self.look.is_narrow else 5, signed=True)
        panel.base()
        panel.upright(0, color=palette.ink, linewidth=1.2, zorder=1)
        for position, (group, effect) in enumerate(self.effects.items()):
            middle = self.top + self.row * (position + 0.5)
            name = self.names[position]
            canvas.lines(MARGIN, middle - LINE * SMALL * len(name) / 2, name, SMALL)
            draw_effect(panel, effect, position + 0.5, group)
            self._write(canvas, effect, middle)

    def _write(self, canvas: Canvas, effect: PairedEffect, middle: float) -> None:
        """Write a group's effect, and on a wide figure both means."""
        right = canvas.width - MARGIN
        if not self.look.is_narrow and effect.pairs:
            decimals = decimals_for(effect)
            means = (self.look.language.n(mean, decimals) for mean in (effect.mean_a, effect.mean_b))
            for world, mean, up in zip("AB", means, (-7, 8)):
                canvas.text(right - 150, middle + up, f"{world} {mean}", SMALL, ha="right")
        write_effect(canvas, effect, right, middle)


def draw_effect(panel: Panel, effect: PairedEffect, y: float, label: str) -> None:
    """Draw a mean with its interval; the marker is filled where the interval excludes 0."""
    palette = panel.canvas.palette
    if not effect.pairs:
        return
    if effect.pairs > 1:
        panel.line(
            (effect.lower, effect.upper), (y, y), color=palette.difference, linewidth=2.6, label=f"interval {label}"
        )
    face = palette.difference if words.is_clear(effect) else palette.background
    style = {"marker": "o", "markersize": 9, "markerfacecolor": face, "markeredgecolor": palette.difference}
    panel.line((effect.effect,), (y,), linestyle="none", markeredgewidth=1.8, zorder=4, label=f"mean {label}", **style)


def write_effect(canvas: Canvas, effect: PairedEffect, right: float, middle: float) -> None:
    """Write an effect and its interval below each other, up to `right`; bold where the interval excludes 0."""
    size, interval = words.short_effect(canvas.look.language, effect)
    up = 7 if interval else 0
    canvas.text(right, middle - up, size, SMALL, ha="right", weight="bold" if words.is_clear(effect) else "normal")
    if interval:
        canvas.text(right, middle + 8, interval, SMALL, canvas.palette.muted, ha="right")
