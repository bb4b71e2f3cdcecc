"""Where recorded crime and the crime that happened tell different stories."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import statistics
from ..statistics import PairedEffect
from . import words
from .canvas import ROW, Canvas, Panel, span
from .communities import GROUPS
from .exhibit import LINE, MARGIN, SMALL, Exhibit, Look, wrap
from .pair import Pair

if TYPE_CHECKING:
    from ..language import Language

_SILENT = (statistics.TOO_FEW, statistics.UNDEFINED)
_ROW = 46
_KINDS = ("happened", "recorded")


class Both(NamedTuple):
    """The effect on crimes that happened, and on crimes in police figures, of the victims of one group.

    In percent of world B's mean, so that the two can be compared.
    """

    group: str
    happened: PairedEffect
    recorded: PairedEffect

    @property
    def disagree(self) -> bool:
        """Whether one is clear and the other goes the other way, or does not move beyond noise."""
        verdicts = (self.happened.verdict, self.recorded.verdict)
        if any(verdict in _SILENT for verdict in verdicts):
            return False
        return any(map(words.is_clear, (self.happened, self.recorded))) and verdicts[0] != verdicts[1]


def both_effects(pair: Pair) -> list[Both]:
    """Return both effects for everybody and for every community."""
    found = []
    for group in (words.EVERYBODY, *GROUPS):
        suffix = "" if group == words.EVERYBODY else f".{group}"
        found.append(Both(group, *(_relative(pair.effect(f"crimes_{kind}{suffix}")) for kind in _KINDS)))
    return found


def caution(pair: Pair, language: "Language") -> str | None:
    """Say for whom recorded crime and the crime that happened tell different stories; None if for nobody."""
    first, *others = [both for both in both_effects(pair) if both.disagree] or [None]
    if first is None:
        return None
    said = language.t("exhibits.recorded.caution", first=_told(language, first), pairs=words.pairs_of(language, pair.n))
    if not others:
        return said
    groups = language.join(language.group(both.group) for both in others)
    return f"{said} {language.t('exhibits.recorded.also', groups=groups)}"


def recorded_and_true(pair: Pair, look: Look) -> Exhibit:
    """Show the difference in crimes that happened beside that in crimes in police figures, by community."""
    language = look.language
    effects = both_effects(pair)
    said = [
        language.t(
            "exhibits.recorded.finding",
            outcome=words.capitalized(language.outcome(f"crimes_{kind}").label),
            found=_found(language, effect),
        )
        for kind, effect in zip(_KINDS, effects[0][1:])
    ]
    said.append(words.capitalized(words.pairs_of(language, pair.n)) + ".")
    said.append(caution(pair, language) or language.t(f"exhibits.recorded.{_agreement(pair)}"))
    plan = _Plan(pair, look, effects)
    return Exhibit(
        "recorded-and-true",
        language.t("exhibits.recorded.title"),
        " ".join(said),
        words.caption(pair, language, language.t("exhibits.recorded.note")),
        _table(look, effects),
        look,
        plan.height,
        plan.paint,
    )


def _agreement(pair: Pair) -> str:
    return "agree" if pair.n >= statistics.FEWEST_PAIRS else "unknown"


def _relative(effect: PairedEffect) -> PairedEffect:
    """Return an effect in percent of world B's mean."""
    if not effect.pairs or effect.mean_b <= 0:
        return effect if not effect.pairs else effect._replace(effect=np.nan, lower=np.nan, upper=np.nan)
    factor = 100 / effect.mean_b
    scaled = {name: factor * getattr(effect, name) for name in ("effect", "sd", "standard_error", "lower", "upper")}
    return effect._replace(**scaled)


def _told(language: "Language", both: Both) -> str:
    """Say what each of the two says of a group, with intervals."""
    recorded, happened = (_found(language, effect) for effect in (both.recorded, both.happened))
    group = words.capitalized(language.group(both.group))
    return language.t("exhibits.recorded.differ", group=group, recorded=recorded, happened=happened)


def _found(language: "Language", effect: PairedEffect) -> str:
    """Return an effect in percent with its interval, or that there is none."""
    size, interval = words.short_effect(language, effect)
    if effect.verdict in (statistics.IDENTICAL, statistics.UNDEFINED):
        return size
    if effect.verdict == statistics.TOO_FEW:
        return language.t("exhibits.recorded.too_few", size=size)
    if not words.is_clear(effect):
        return language.t("exhibits.recorded.none", interval=interval)
    return language.t("exhibits.recorded.clear", size=size, interval=interval)


def _table(look: Look, effects: list[Both]) -> pd.DataFrame:
    language, t = look.language, look.language.t
    columns = {t("exhibits.column.group"): [language.group(both.group) for both in effects]}
    for kind in _KINDS:
        label = words.capitalized(language.outcome(f"crimes_{kind}").label)
        found = [getattr(both, kind) for both in effects]
        columns[words.with_unit(label, t("exhibits.recorded.unit"))] = [effect.effect for effect in found]
        columns[t("exhibits.column.lower", of=label)] = [effect.lower for effect in found]
        columns[t("exhibits.column.upper", of=label)] = [effect.upper for effect in found]
    columns[t("exhibits.column.pairs")] = [both.happened.pairs for both in effects]
    answers = [t(f"exhibits.recorded.{'differ_yes' if both.disagree else 'differ_no'}") for both in effects]
    return pd.DataFrame({**columns, t("exhibits.column.differ"): answers})


class _Plan:
    """Where everything goes; known before anything is drawn."""

    def __init__(self, pair: Pair, look: Look, effects: list[Both]):
        self.look, self.effects = look, effects
        language, full = look.language, look.pixels - 2 * MARGIN
        self.head = [line for label in words.world_labels(pair, language) for line in wrap(label, full, SMALL)]
        title = f"{language.t('exhibits.recorded.axis')}; {words.pairs_of(language, pair.n)}"
        self.title = wrap(title, full, SMALL)
        self.label, self.numbers = (96, 118) if look.is_narrow else (200, 230)
        self.top = MARGIN / 2 + LINE * SMALL * (len(self.head) + len(self.title)) + 2 * ROW + 8
        self.height = int(self.top + _ROW * len(effects) + 40)

    def paint(self, figure) -> None:
        """Draw two intervals for each group, and mark the groups in which they disagree."""
        canvas = Canvas(figure, self.look, self.height)
        palette, language = canvas.palette, self.look.language
        y = canvas.lines(MARGIN, MARGIN / 2, self.head, SMALL)
        for kind in _KINDS:
            canvas.line((MARGIN + 8,), (y + ROW / 2,), **self._marker(canvas, kind, clear=True))
            y = canvas.lines(MARGIN + 24, y, [words.capitalized(language.outcome(f"crimes_{kind}").label)])
        canvas.lines(MARGIN, y, self.title, SMALL, color=palette.muted)
        ends = [end for both in self.effects for e in both[1:] for end in (e.effect, e.lower, e.upper)]
        width = canvas.width - 2 * MARGIN - self.label - self.numbers
        place = (MARGIN + self.label, self.top, width, _ROW * len(self.effects))
        panel = Panel(canvas, place, span(np.array([0.0, *ends]), room=0.1), (len(self.effects), 0.0))
        panel.numbers("bottom", 2 if self.look.is_narrow else 5, signed=True)
        panel.base()
        panel.upright(0, color=palette.ink, linewidth=1.2, zorder=1)
        for position, both in enumerate(self.effects):
            middle = self.top + _ROW * (position + 0.5)
            name = wrap(words.capitalized(language.group(both.group)), self.label - 6, SMALL)
            weight = "bold" if both.disagree else "normal"
            canvas.lines(MARGIN, middle - LINE * SMALL * len(name) / 2, name, SMALL, weight=weight)
            for kind, effect, shift in zip(_KINDS, both[1:], (-0.2, 0.2)):
                self._paint_effect(panel, both.group, kind, effect, position + 0.5 + shift)
                told = " ".join(filter(None, self._numbers(effect)))
                canvas.text(canvas.width - MARGIN, middle + shift * _ROW, told, SMALL, ha="right")

    def _numbers(self, effect: PairedEffect) -> tuple[str, ...]:
        """Return an effect in figures; in a narrow figure without its interval."""
        size, interval = words.short_effect(self.look.language, effect)
        return (size,) if self.look.is_narrow or not interval else (size, f"({interval})")

    def _paint_effect(self, panel: Panel, group: str, kind: str, effect: PairedEffect, y: float) -> None:
        marker = self._marker(panel.canvas, kind, words.is_clear(effect))
        color, label = marker["markeredgecolor"], f"{kind} {group}"
        if effect.pairs > 1:
            style = {"linewidth": 2.4, "linestyle": "-" if kind == "happened" else (0, (2, 1))}
            panel.line((effect.lower, effect.upper), (y, y), color=color, label=f"interval {label}", **style)
        if effect.pairs:
            panel.line((effect.effect,), (y,), zorder=4, label=f"mean {label}", **marker)

    @staticmethod
    def _marker(canvas: Canvas, kind: str, clear: bool) -> dict:
        palette = canvas.palette
        color = palette.ink if kind == "happened" else palette.muted
        return {
            "linestyle": "none", "marker": "o" if kind == "happened" else "s", "markersize": 8.5,
            "markerfacecolor": color if clear else palette.background, "markeredgecolor": color,
            "markeredgewidth": 1.6,
        }  # fmt: skip
