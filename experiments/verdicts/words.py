"""What the draws say about the claims, in plain sentences of any language; the same sentences for both verdicts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..claims.claims import BUDGET, CONTRADICTED, SHARING, SUPPORTED, UP, Claim, Measure
from ..discovery.discovery import FEWEST
from ..exhibits import words
from ..rounding import decimals_for, number_in_range
from ..validation.draws import uncertain
from .judging import ANSWERS, WHOLE
from .probabilities import wilson
from .verdicts import Overall

if TYPE_CHECKING:
    from ..language import Language

_ABOUT = {SHARING: "sharing", BUDGET: "budget"}


class Effect(NamedTuple):
    """An effect and an interval, as `rounding.decimals_for` wants them."""

    effect: float
    lower: float
    upper: float


def source_name(language: "Language", source: str) -> str:
    """Return what draws were taken from, in a word or two."""
    return words.capitalized(language.t(f"verdicts.{source}"))


def sources_said(found: Overall, language: "Language") -> list[str]:
    """Return what each source is."""
    draws = language.n(found.about["draws"], 0)
    return [language.t(f"verdicts.of_{source}", draws=draws) for source in found.sources]


def measure_said(language: "Language", claim: Claim, measure: Measure) -> str:
    """Return what a claim says about one measure."""
    way = "up" if measure.claimed == UP else "down"
    outcome = words.capitalized(language.outcome(measure.outcome).label)
    return language.t(f"exhibits.ledger.{_ABOUT[claim.contrast]}_{way}", outcome=outcome)


def percent(language: "Language", share: float) -> str:
    """Return a share as a percentage."""
    return language.percent(100 * share, 0)


def interval_of(language: "Language", row, name: str) -> str:
    """Return the interval of a share."""
    ends = (getattr(row, f"{name}_{end}") for end in ("low", "high"))
    low, high = (percent(language, end) for end in ends)
    return language.t("verdicts.interval", low=low, high=high)


def shares(row, language: "Language") -> dict[str, str]:
    """Return all shares of verdicts of a row, and their intervals."""
    found = {name: percent(language, getattr(row, name)) for name in ANSWERS}
    return found | {f"{name}_interval": interval_of(language, row, name) for name in ANSWERS}


def large(row, language: "Language") -> str:
    """Say at which share of the draws an effect is beyond the smallest effect of interest, either way."""
    names = {"claimed": "beyond_claimed", "opposite": "beyond_opposite"}
    found = {key: percent(language, getattr(row, name)) for key, name in names.items()}
    found |= {f"{key}_interval": interval_of(language, row, name) for key, name in names.items()}
    return language.t("verdicts.large", **found)


def shares_sentence(found: Overall, language: "Language", claim: str, source: str) -> str:
    """Say at which share of the draws a claim is supported, contradicted, and neither."""
    row = found.probability(source, claim)
    return language.t("verdicts.shares", source=source_name(language, source), **shares(row, language))


def size_of(row) -> int:
    """Return with how many decimals the effects of a row are written."""
    return decimals_for(Effect(row.median, row.low_50, row.high_50))


def sizes(found: Overall, language: "Language", claim: Claim) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of a table of the effects on every measure of a claim over the draws of each source."""
    names = ("median", "half", "most", "claimed", "opposite", "luck")
    headers = [language.t("verdicts.column_measure"), language.t("verdicts.column_source")]
    headers += [language.t(f"verdicts.column_{name}") for name in names]
    rows = [
        [_interest(found, language, claim, measure), source_name(language, source),
         *_size(found.probability(source, claim.id, measure.outcome), language)]
        for measure in claim.measures for source in found.sources
    ]  # fmt: skip
    return headers, rows


def _interest(found: Overall, language: "Language", claim: Claim, measure: Measure) -> str:
    """Return a measure and its smallest effect of interest."""
    threshold = found.probability(found.sources[0], claim.id, measure.outcome).threshold
    unit = words.unit_of_difference(language, measure.outcome)
    label = words.capitalized(language.outcome(measure.outcome).label)
    return f"{label}: {language.n(threshold)} {unit}".rstrip()


def _size(row, language: "Language") -> list[str]:
    decimals = size_of(row)
    beyond = [f"{percent(language, getattr(row, name))} ({interval_of(language, row, name)})"
              for name in ("beyond_claimed", "beyond_opposite")]  # fmt: skip
    return [
        language.signed(row.median, decimals),
        words.signed_interval(language, row.low_50, row.high_50, decimals),
        words.signed_interval(language, row.low_95, row.high_95, decimals),
        *beyond,
        percent(language, row.luck_share),
    ]


def parameter_label(language: "Language", name: str) -> str:
    """Return what a parameter or lever is called."""
    return _words(language, name).label


def parameter_name(language: "Language", name: str) -> str:
    """Return what a parameter or lever is called, in quotation marks."""
    return language.t("common.quoted", text=parameter_label(language, name))


def is_agreed(row) -> bool:
    """Whether the verdict is the same at every draw."""
    return max(getattr(row, name) for name in ANSWERS) == 1


def decides_sentence(found: Overall, language: "Language", claim: str, source: str) -> str:
    """Say which number the verdict hangs on most, or that none stands out."""
    rows = list(found.rows("decisive", source, claim, outcome=WHOLE, rank=1))
    said = {"source": source_name(language, source)}
    if is_agreed(found.probability(source, claim)):
        return language.t("verdicts.decides_agreed", **said)
    if not rows or not np.isfinite(rows[0].by_luck):
        return language.t("verdicts.decides_few", **said)
    row = rows[0]
    said |= {
        "parameter": parameter_name(language, row.parameter),
        "share": percent(language, max(0.0, row.share)),
        "by_luck": percent(language, row.by_luck),
    }
    if not row.stands_out:
        return language.t("verdicts.decides_none", **said)
    return language.t("verdicts.decides", gain=percent(language, row.gain), **said)


def size_sentence(found: Overall, language: "Language", claim: Claim, measure: Measure, source: str) -> str:
    """Say which number the size of an effect hangs on most, or that none stands out."""
    said = {"source": source_name(language, source), "measure": language.outcome(measure.outcome).label}
    for row in found.rows("decisive", source, claim.id, outcome=measure.outcome, rank=1):
        if row.stands_out:
            return language.t(
                "verdicts.size", parameter=parameter_name(language, row.parameter),
                share=percent(language, row.share), by_luck=percent(language, row.by_luck), **said,
            )  # fmt: skip
    return language.t("verdicts.size_none", **said)


def box_sentences(
    found: Overall, language: "Language", claim: str, source: str, only_found: bool = False
) -> Iterator[str]:
    """Say where in what is believed a claim is mostly supported, and where contradicted, or that no part stands out."""
    for verdict in (SUPPORTED, CONTRADICTED):
        rows = list(found.rows("boxes", source, claim, verdict=verdict))
        said = {"source": source_name(language, source), "verdict": language.verdict(verdict)}
        if rows[0].stands_out:
            yield _box(rows, language, said)
        elif only_found:
            continue
        elif np.isfinite(rows[0].inside):
            yield language.t("verdicts.box_none", **said)
        else:
            counts = {"cases": rows[0].cases, "draws": rows[0].draws, "fewest": FEWEST}
            yield language.t("verdicts.box_few", **said, **{k: language.n(n, 0) for k, n in counts.items()})


def _box(rows: list, language: "Language", said: dict[str, str]) -> str:
    first = rows[0]
    held = first.held_out_cases / first.held_out
    low, high = wilson(held, first.held_out)
    outside = first.draws - first.inside
    return language.t(
        "verdicts.box",
        limits=language.join([limit(language, row.parameter, row.lower, row.upper) for row in rows]),
        density=percent(language, first.density),
        elsewhere=percent(language, (first.cases - first.inside_cases) / outside if outside else np.nan),
        held=percent(language, held),
        held_interval=language.t("verdicts.interval", low=percent(language, low), high=percent(language, high)),
        **said,
    )


def limit(language: "Language", name: str, low: float, high: float) -> str:
    """Return a restriction of one parameter in words."""
    said = {"parameter": parameter_name(language, name)}
    if np.isfinite(low):
        said["low"] = value_text(language, name, low)
    if np.isfinite(high):
        said["high"] = value_text(language, name, high)
    kinds: dict[tuple[str, ...], str] = {("low",): "at_least", ("high",): "at_most"}
    kind = kinds.get(tuple(said)[1:], "between")
    return language.t(f"verdicts.{kind}", **said)


def value_text(language: "Language", name: str, value: float) -> str:
    """Return a value of a parameter with as many digits as its prior deserves, and its unit."""
    decimals = len(number_in_range(value, *_factor(name).bounds).partition(".")[2])
    return words.with_unit(language.n(value, decimals), _words(language, name).unit)


def pair_said(found: Overall, language: "Language", which: str) -> str:
    """Return the titles of the two scenarios of the claims about sharing, or of those about the budget."""
    a, b = (language.scenario(name).label for name in found.about[which])
    return language.t("verdicts.versus", a=a, b=b)


def caption(found: Overall, language: "Language") -> str:
    """Return where the numbers come from and what they are not."""
    from ..storage import provenance

    about, scale = found.about, 100 * found.about["scale"]
    said = language.t(
        "verdicts.caption",
        draws=language.n(about["draws"], 0),
        seeds=language.n(about["seeds"], 0),
        root=about["root_seed"],
        scale=language.percent(scale, len(f"{scale:g}".partition(".")[2])),
        sharing=pair_said(found, language, "sharing"),
        budget=pair_said(found, language, "budget"),
        version=provenance.version_text(about["code"]),
    )
    return f"{said} {language.t('exhibits.caution')}"


def brief(found: Overall, language: "Language") -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of a short table: every claim, by source supported and contradicted with intervals."""
    verdicts = (SUPPORTED, CONTRADICTED)
    of = [(source, name) for source in found.sources for name in verdicts]
    headers = [language.t("exhibits.column.claim")]
    for source, name in of:
        said = {"source": source_name(language, source), "verdict": language.verdict(name)}
        headers.append(language.t("verdicts.column_of", **said))
    rows = []
    for claim in found.claims:
        shares_of = {source: shares(found.probability(source, claim.id), language) for source in found.sources}
        cells = [f"{shares_of[source][name]} ({shares_of[source][f'{name}_interval']})" for source, name in of]
        rows.append([f"{claim.id}: {language.claim(claim.id).meaning}", *cells])
    return headers, rows


def shown_said(found: Overall, language: "Language") -> str:
    """Return which worlds a result is of that is shown beside others."""
    pairs = {which: pair_said(found, language, which) for which in ("sharing", "budget")}
    return language.t("verdicts.shown", **pairs)


def small_scale(found: Overall, language: "Language") -> str:
    """Return a caution where the city is so small a sample that effects are bent; else nothing."""
    smallest = found.about["smallest_scale"]
    if found.about["scale"] >= smallest:
        return ""
    return language.t("report.origin.small_scale", smallest=language.n(smallest))


def claim_line(language: "Language", claim: Claim) -> str:
    """Return a claim: its id, who made it, and what it says."""
    said = language.claim(claim.id)
    return f"{claim.id}  {words.capitalized(said.label)}: {said.meaning}"


def _words(language: "Language", name: str):
    return (language.parameter if _factor(name).kind == "parameter" else language.lever)(name)


def _factor(name: str):
    return next(factor for factor in uncertain() if factor.name == name)


def range_of(name: str) -> tuple[float, float]:
    """Return the ends of the plausible values of a parameter or lever."""
    return _factor(name).bounds
