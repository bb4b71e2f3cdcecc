"""Pair after pair, one at a time: how much the difference moves by luck."""

from typing import Any

import numpy as np
import pandas as pd
import solara

from experiments.exhibits import pairs
from experiments.exhibits.canvas import decimals_of, round_numbers, span
from experiments.exhibits.pair import Pair
from experiments.exhibits.spreadsheet import spreadsheet
from experiments.exhibits.words import (
    capitalized,
    caption,
    pairs_of,
    unit_of_difference,
    unit_of_level,
    with_unit,
    world_labels,
)  # fmt: skip
from experiments.language import Language
from experiments.rounding import decimals_for

from ..components.files import deliver, unanswered
from ..components.parts import parts

TICKS = 5
WORDS = ("play", "pause", "back", "next", "position")


@solara.component
def Motion(session, key: str):
    """Show one pair of worlds after another: by itself, or step by step for those who want nothing to move."""
    lang, pair = session.lang, session.pair.value
    file, set_file = solara.use_state(None)
    shown = solara.use_memo(lambda: frames(pair, lang, key), [pair, lang, key])
    outcome = capitalized(lang.outcome(key).label)
    words = {name: lang.t(f"compare.motion.{name}") for name in WORDS}
    words |= {name: lang.t(f"shell.{name}") for name in ("table", "download")}
    _Motion(
        title=lang.t("compare.motion.title", outcome=outcome),
        axis=with_unit(outcome, unit_of_level(lang, key)),
        caption=caption(pair, lang),
        words=words,
        labels=list(world_labels(pair, lang)),
        still=session.screen.value.still,
        file=file,
        components=parts("data-table", "file-taker"),
        event_download=lambda *_: deliver(lambda: (f"pairs-{key}.csv", csv(pair, lang, key)), set_file),
        **shown,
    )


@solara.component_vue("motion.vue")
def _Motion(
    title="", message="", caption="", words=None, labels=(), axis="", ticks=(), points=(), said=(), columns=(), rows=(),
    still=False, file=None, event_download=unanswered,
):  # fmt: skip
    """See `Motion`."""


def frames(pair: Pair, lang: Language, key: str) -> dict[str, Any]:
    """Return what the moving figure shows: positions from 0 to 1 on its axis, and words, for each pair.

    Parameters
    ----------
    pair : Pair
    lang : Language
    key : str
        Flat key of an outcome.
    """
    worlds = np.array(pairs(pair, key)).reshape(-1, 2)
    decimals = decimals_for(pair.effect(key))
    low, high = span(worlds.ravel())
    ticks = round_numbers(low, high, TICKS)
    digits = decimals_of(ticks[1] - ticks[0]) if len(ticks) > 1 else decimals
    table = pairs_table(pair, lang, key)
    said = [
        lang.t(
            "compare.motion.pair", number=lang.n(number, 0), of=lang.n(len(worlds), 0),
            a=lang.n(a, decimals), b=lang.n(b, decimals), difference=lang.signed(a - b, decimals),
        )
        for number, (a, b) in enumerate(worlds, 1)
    ]  # fmt: skip
    return {
        "message": _tally(worlds, lang),
        "ticks": [[(tick - low) / (high - low), lang.n(tick, digits)] for tick in ticks],
        "points": ((worlds - low) / (high - low)).round(4).tolist(),
        "said": said,
        "columns": list(table.columns),
        "rows": [
            [lang.n(row[0], 0), lang.n(row[1], decimals), lang.n(row[2], decimals), lang.signed(row[3], decimals)]
            for row in table.itertuples(index=False)
        ],
    }


def pairs_table(pair: Pair, lang: Language, key: str) -> pd.DataFrame:
    """Return the outcome in both worlds of each pair, and the difference."""
    numbers = range(1, 1 + len(pairs(pair, key)))
    worlds = np.array(pairs(pair, key)).reshape(-1, 2)
    unit = unit_of_level(lang, key)
    return pd.DataFrame({
        lang.t("compare.motion.number"): numbers,
        with_unit("A", unit): worlds[:, 0],
        with_unit("B", unit): worlds[:, 1],
        with_unit(lang.t("exhibits.column.difference"), unit_of_difference(lang, key)): worlds[:, 0] - worlds[:, 1],
    })  # fmt: skip


def csv(pair: Pair, lang: Language, key: str) -> bytes:
    """Return the table of pairs as a file for spreadsheets."""
    return spreadsheet(pairs_table(pair, lang, key), lang, caption(pair, lang))


def _tally(worlds: np.ndarray, lang: Language) -> str:
    """Say in how many pairs A is higher, and in how many B."""
    difference = worlds[:, 0] - worlds[:, 1]
    counts = {"higher": (difference > 0).sum(), "lower": (difference < 0).sum(), "same": (difference == 0).sum()}
    numbers = {name: lang.n(int(count), 0) for name, count in counts.items()}
    return lang.t("compare.motion.tally", pairs=pairs_of(lang, len(worlds)), **numbers)
