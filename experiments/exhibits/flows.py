"""From crimes that happened to crimes solved, by community, in both worlds."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..statistics import PairedEffect, paired_effect
from . import words
from .canvas import HATCHES, ROW, SAMPLE, Canvas, Panel, legend_lines
from .communities import write_effect
from .exhibit import LINE, MARGIN, SMALL, TEXT, Exhibit, Look, text_width, wrap
from .pair import COMMUNITIES, Pair

STAGES = ("happened", "reported", "recorded", "solved")
_METRICS = ("happened", "reported", "recorded", "cleared")
_LABEL, _VALUE, _GAP = 74, 46, 26
_STAGE = 36
_BAR = 12


class Stage(NamedTuple):
    """How many of 100 crimes that happened in B come to a stage, for the victims of one group."""

    group: str
    name: str
    effect: PairedEffect


def flow(pair: Pair, look: Look) -> Exhibit:
    """Show how many of 100 crimes are reported, recorded and solved, for everybody and by community of the victim."""
    language = look.language
    stages = stages_of(pair)
    plan = _Plan(pair, look, stages)
    return Exhibit(
        "flow",
        language.t("exhibits.flow.title"),
        _message(look, stages),
        words.caption(pair, language, language.t("exhibits.flow.note")),
        _table(look, stages),
        look,
        plan.height,
        plan.paint,
    )


def stages_of(pair: Pair) -> list[Stage]:
    """Return every stage of every group, from the months in which outcomes are measured."""
    counted = pair.months >= np.datetime64(pair.a.outcomes_from)
    stages = []
    for group in (words.EVERYBODY, *COMMUNITIES):
        groups = None if group == words.EVERYBODY else (group,)
        totals = [[world[:, counted].sum(axis=1) for world in pair.counts(metric, groups)] for metric in _METRICS]
        happened_b = np.where(totals[0][1] > 0, totals[0][1], np.nan)
        for name, (a, b) in zip(STAGES, totals):
            stages.append(Stage(group, name, paired_effect(100 * a / happened_b, 100 * b / happened_b)))
    return stages


def _message(look: Look, stages: list[Stage]) -> str:
    language, t = look.language, look.language.t
    said = []
    for name in ("reported", "solved"):
        stage = t(f"exhibits.flow.{name}")
        of_stage = {each.group: each.effect for each in stages if each.name == name}
        label = t("exhibits.flow.label", stage=stage)
        said.append(words.finding(language, of_stage.pop(words.EVERYBODY), label, t("exhibits.flow.unit")))
        clear = [
            t(f"exhibits.flow.{effect.verdict}", group=language.group(group))
            for group, effect in of_stage.items()
            if words.is_clear(effect)
        ]
        key = "clear" if clear else "unclear"
        said.append(t(f"exhibits.flow.{key}", stage=stage, **({"groups": language.join(clear)} if clear else {})))
    return " ".join(said)


def _table(look: Look, stages: list[Stage]) -> pd.DataFrame:
    language, t = look.language, look.language.t
    unit = t("exhibits.flow.unit")
    of = t("exhibits.column.difference")
    rows = [
        (language.group(group), t(f"exhibits.flow.{name}"), effect.mean_a, effect.mean_b, effect.effect, effect.lower,
         effect.upper, effect.pairs, language.verdict(effect.verdict))
        for group, name, effect in stages
    ]  # fmt: skip
    columns = [
        t("exhibits.column.group"),
        t("exhibits.column.stage"),
        *(words.with_unit(w, unit) for w in ("A", "B", of)),
    ]
    columns += [t(f"exhibits.column.{end}", of=of) for end in ("lower", "upper")]
    return pd.DataFrame(rows, columns=[*columns, t("exhibits.column.pairs"), t("exhibits.column.verdict")])


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, pair: Pair, look: Look, stages: list[Stage]):
        self.look, self.stages = look, stages
        self.groups = list(dict.fromkeys(stage.group for stage in stages))
        told = [line for stage in stages for line in words.short_effect(look.language, stage.effect)]
        self.numbers = max(text_width(line, SMALL, bold=True) for line in told) + 8
        self.columns = 1 if look.is_narrow else 2
        self.block = (look.pixels - 2 * MARGIN + _GAP) / self.columns - _GAP
        self.labels = legend_lines(words.world_labels(pair, look.language), look, MARGIN)
        self.axis = wrap(look.language.t("exhibits.flow.axis"), self.block, SMALL)
        self.top = MARGIN / 2 + ROW * sum(map(len, self.labels)) + 4 + LINE * SMALL * len(self.axis) + 6
        self.block_height = ROW + _STAGE * len(STAGES) + 14
        rows = -(-len(self.groups) // self.columns)
        self.height = int(self.top + rows * self.block_height + MARGIN / 2)

    def paint(self, figure) -> None:
        """Draw a block of bars for each group."""
        canvas = Canvas(figure, self.look, self.height)
        y = MARGIN / 2
        for world, lines in zip("ab", self.labels):
            canvas.box(MARGIN, y + (ROW - _BAR) / 2, SAMPLE - 8, _BAR, **bar_style(canvas, world))
            y = canvas.lines(MARGIN + SAMPLE, y, lines)
        canvas.lines(MARGIN, y + 4, self.axis, SMALL, color=canvas.palette.muted)
        largest = max((max(s.effect.mean_a, s.effect.mean_b) for s in self.stages if s.effect.pairs), default=100.0)
        for position, group in enumerate(self.groups):
            row, column = divmod(position, self.columns)
            left = MARGIN + column * (self.block + _GAP)
            self._paint_block(canvas, group, left, self.top + row * self.block_height, max(largest, 100.0))

    def _paint_block(self, canvas: Canvas, group: str, left: float, top: float, largest: float) -> None:
        language, palette = self.look.language, canvas.palette
        right = left + self.block
        canvas.text(left, top + ROW / 2, words.capitalized(language.group(group)), TEXT, weight="bold")
        canvas.text(right, top + ROW / 2, language.t("exhibits.column.difference"), SMALL, palette.muted, ha="right")
        top += ROW
        width = self.block - _LABEL - self.numbers - _VALUE
        place = (left + _LABEL, top, width, _STAGE * len(STAGES))
        panel = Panel(canvas, place, (0.0, largest), (len(STAGES), 0.0))
        panel.upright(0, color=palette.muted, linewidth=1)
        stages = [stage for stage in self.stages if stage.group == group]
        for position, (_, name, effect) in enumerate(stages):
            middle = top + _STAGE * (position + 0.5)
            canvas.text(left, middle, language.t(f"exhibits.flow.{name}"), SMALL)
            write_effect(canvas, effect, right, middle)
            for world, mean, shift in (("a", effect.mean_a, -0.36), ("b", effect.mean_b, 0.02)):
                self._paint_bar(panel, position + 0.5 + shift, world, mean, f"{world} {group} {name}")

    def _paint_bar(self, panel: Panel, y: float, world: str, mean: float, label: str) -> None:
        language, height = self.look.language, _BAR / _STAGE
        if np.isfinite(mean):
            panel.bar(0, y, mean, height, label=label, **bar_style(panel.canvas, world))
        x, middle = panel.at(mean if np.isfinite(mean) else 0, y + height / 2)
        panel.canvas.text(x + 4, middle, language.n(mean, 1), SMALL - 1, panel.canvas.palette.ink)


def bar_style(canvas: Canvas, world: str) -> dict:
    """Return how a bar of world `a` or `b` is filled."""
    color = getattr(canvas.palette, world)
    face = color if world == "a" else "none"
    return {"facecolor": face, "edgecolor": color, "hatch": HATCHES[world], "linewidth": 1}
