"""The words that exhibits share: who A and B are, what was found and how surely, and where the numbers come from."""

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from simulation.outcomes import OUTCOMES
from simulation.place import Place
from simulation.scenario import Scenario

from .. import statistics
from ..rounding import decimals_for
from ..statistics import PairedEffect
from ..storage.columns import split_key

if TYPE_CHECKING:
    from ..language import Language
    from .pair import Pair


class TwoWorlds(Protocol):
    """Whatever has the scenarios of two worlds: a pair, or a map of many pairs."""

    @property
    def a(self) -> Scenario: ...
    @property
    def b(self) -> Scenario: ...


EVERYBODY = "all"
OWN_SETTINGS = ("levers", "events", "agreement")
"""What sets a scenario apart from the shipped one of its name, besides assumptions, place and period."""


def scenario_title(language: "Language", scenario: Scenario) -> str:
    """Return a scenario's title; one that was changed since it was loaded says so."""
    title, shipped = language.scenario(scenario).label, _shipped(scenario.name)
    changed = shipped and any(getattr(shipped, name) != getattr(scenario, name) for name in OWN_SETTINGS)
    return language.t("exhibits.changed", title=title) if changed else title


def world_labels(pair: TwoWorlds, language: "Language") -> tuple[str, str]:
    """Return `A: title` and `B: title`."""
    titles = (scenario_title(language, scenario) for scenario in (pair.a, pair.b))
    a, b = (f"{world}: {title}" for world, title in zip("AB", titles))
    return a, b


def pairs_of(language: "Language", n: int) -> str:
    """Return a number of pairs in words."""
    return language.t("exhibits.pair_one" if n == 1 else "exhibits.pair_many", n=language.n(n, 0))


def caption(pair: "Pair", language: "Language", *notes: str) -> str:
    """Return where the numbers come from and what they are not.

    Parameters
    ----------
    pair : Pair
    language : Language
    *notes : str
        Sentences about the exhibit.
    """
    left_out = language.t("exhibits.left_out_failed", pairs=pairs_of(language, pair.failed)) if pair.failed else ""
    runs = language.t("exhibits.from", pairs=pairs_of(language, pair.n), seed=pair.root_seed)
    return origin(pair, language, pair.version, runs, left_out, *notes)


def origin(pair: TwoWorlds, language: "Language", version: str, runs: str, *notes: str) -> str:
    """Return the caption of two worlds, given how they were run."""
    scenario, t = pair.a, language.t
    said = [
        runs,
        *(f"{label}." for label in world_labels(pair, language)),
        t(
            "exhibits.where",
            place=Place.load(scenario.place).title,
            scale=share_of_residents(scenario, language),
            start=language.date(scenario.start),
            end=language.date(scenario.end - timedelta(days=1)),
            since=language.date(scenario.outcomes_from),
        ),
        t("exhibits.simulated") if scenario.scale < 1 else "",
        *notes,
        t("exhibits.version", version=version),
        t("exhibits.caution"),
    ]
    return " ".join(sentence for sentence in said if sentence)


def share_of_residents(scenario: Scenario, language: "Language") -> str:
    """Return which share of a place's residents is simulated, as a percentage in full."""
    percent = 100 * scenario.scale
    return language.percent(percent, len(f"{percent:.10g}".partition(".")[2]))


def unit_of_level(language: "Language", key: str) -> str:
    """Return the unit of an outcome; nothing where the outcome is its own unit."""
    name, _ = split_key(key)
    words = language.outcome(name)
    return "" if OUTCOMES[name].unit == name else words.unit


def unit_of_difference(language: "Language", key: str) -> str:
    """Return the unit of a difference: percentage points for percentages, else the outcome's."""
    name, _ = split_key(key)
    return language.t("exhibits.points") if OUTCOMES[name].unit.startswith("percent ") else unit_of_level(language, key)


def with_unit(text: str, unit: str) -> str:
    """Return a heading with its unit, if it has one."""
    return f"{text} ({unit})" if unit else text


def amount(language: "Language", value: float, decimals: int, unit: str) -> str:
    """Return a difference with its sign and unit."""
    return " ".join(part for part in (language.signed(value, decimals), unit) if part)


def verdict(language: "Language", effect: PairedEffect) -> str:
    """Return what pairs found, in few words: where an outcome is higher, or that it is not."""
    kind = _KINDS.get(effect.verdict)
    return language.t(f"exhibits.verdict.{kind}") if kind in ("higher", "lower") else language.verdict(effect.verdict)


def is_clear(effect: PairedEffect) -> bool:
    """Whether pairs show a difference beyond noise."""
    return effect.verdict in (statistics.HIGHER, statistics.LOWER)


def short_effect(language: "Language", effect: PairedEffect) -> tuple[str, str]:
    """Return an effect in two short lines: its size, or that there is none, and its interval."""
    if effect.verdict == statistics.UNDEFINED:
        return language.t("common.undefined"), ""
    kind = _KINDS[effect.verdict]
    if kind == "identical":
        return language.t("exhibits.short.identical"), ""
    decimals = decimals_for(effect)
    size = language.signed(effect.effect, decimals)
    if kind == "too_few":
        return size, language.t("exhibits.short.too_few")
    interval = signed_interval(language, effect.lower, effect.upper, decimals)
    return language.t("exhibits.short.none") if kind == "none" else size, interval


def signed_interval(language: "Language", lower: float, upper: float, decimals: int) -> str:
    """Return both ends of an interval of a difference, with their signs."""
    ends = {"low": language.signed(lower, decimals), "high": language.signed(upper, decimals)}
    return language.t("exhibits.interval", **ends)


def finding(language: "Language", effect: PairedEffect, outcome: str, unit: str, unit_of_means: str = "") -> str:
    """Say what pairs show about one quantity: the effect with its interval and number of pairs, or that there is none.

    Parameters
    ----------
    language : Language
    effect : PairedEffect
        A minus B.
    outcome : str
        What is measured.
    unit : str
        Unit of the difference.
    unit_of_means : str
        Unit of the means, where it is another.
    """
    if effect.verdict == statistics.UNDEFINED:
        pairs = pairs_of(language, effect.undefined_pairs)
        return language.t("exhibits.found.undefined", outcome=capitalized(outcome), pairs=pairs)
    kind = _KINDS[effect.verdict]
    shown = effect
    if effect.verdict == statistics.LOWER:
        shown = effect._replace(effect=-effect.effect, lower=-effect.upper, upper=-effect.lower)
    decimals = decimals_for(effect)
    write = language.n if kind in ("higher", "lower") else language.signed
    amount = " ".join(part for part in (write(shown.effect, decimals), unit) if part)
    between = language.interval if kind in ("higher", "lower") else language_interval(language)
    has_interval = effect.pairs > 1 and kind != "identical"
    said = language.t(
        f"exhibits.found.{kind}",
        outcome=capitalized(outcome),
        amount=amount,
        sure=language.t("exhibits.sure", interval=between(shown.lower, shown.upper, decimals)) if has_interval else "",
        pairs=pairs_of(language, effect.pairs),
        means=_means(language, effect, decimals, unit_of_means if unit_of_means != unit else ""),
        mean=" ".join(part for part in (language.n(effect.mean_a, decimals), unit_of_means or unit) if part),
    )
    if effect.undefined_pairs:
        left_out = pairs_of(language, effect.undefined_pairs)
        said += " " + language.t("exhibits.left_out_undefined", pairs=left_out)
    return said


def outcome_finding(pair: "Pair", language: "Language", key: str) -> str:
    """Say what a pair shows about one outcome."""
    label, level = language.outcome(key).label, unit_of_level(language, key)
    is_bare = OUTCOMES[split_key(key)[0]].unit in _BARE
    return finding(language, pair.effect(key), label, "" if is_bare else unit_of_difference(language, key), level)


def capitalized(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def language_interval(language: "Language"):
    """Return the function that writes an interval of a difference with signs."""
    return lambda lower, upper, decimals: signed_interval(language, lower, upper, decimals)


_BARE = ("share", "probability")
"""Units that nobody says after a number."""
_KINDS = {
    statistics.HIGHER: "higher", statistics.LOWER: "lower", statistics.NO_DIFFERENCE: "none",
    statistics.IDENTICAL: "identical", statistics.TOO_FEW: "too_few",
}  # fmt: skip


def _means(language: "Language", effect: PairedEffect, decimals: int, unit: str) -> str:
    values = {"a": language.n(effect.mean_a, decimals), "b": language.n(effect.mean_b, decimals)}
    return with_unit(language.t("exhibits.means", **values), unit)


@lru_cache(maxsize=64)
def _shipped(name: str) -> Scenario | None:
    return Scenario.load(name) if name in Scenario.names() else None
