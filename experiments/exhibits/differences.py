"""The difference in one outcome, shown in three ways: icons of 100, dots, and an interval for experts."""

from typing import Literal

import numpy as np

from ..storage.columns import split_key
from . import words
from .dots import Dots, Interval
from .exhibit import Exhibit, Look
from .icons import OF_100, Icons
from .pair import Pair

Style = Literal["icons", "dots", "interval"]
_STYLES: dict[Style, type[Icons | Dots | Interval]] = {"icons": Icons, "dots": Dots, "interval": Interval}


def styles_of(key: str) -> tuple[Style, ...]:
    """Return the styles that an outcome can be shown in; icons need something that is counted of 100."""
    return tuple(style for style in _STYLES if style != "icons" or split_key(key)[0] in OF_100)


def difference(pair: Pair, look: Look, key: str = "solve_rate", style: Style = "interval") -> Exhibit:
    """Show one outcome's difference between the worlds, and how sure it is.

    Parameters
    ----------
    pair : Pair
    look : Look
    key : str
        Flat key of an outcome.
    style : {"icons", "dots", "interval"}
        One of `styles_of(key)`.
    """
    if style not in styles_of(key):
        raise ValueError(f"{key} cannot be shown as {style!r}, but as {' or '.join(styles_of(key))}")
    plan = _STYLES[style](pair, look, key)
    language = look.language
    return Exhibit(
        f"difference-{key}-{style}",
        language.t("exhibits.difference.title", outcome=words.capitalized(language.outcome(key).label)),
        " ".join([words.outcome_finding(pair, language, key), *plan.said]),
        words.caption(pair, language, *plan.notes),
        plan.table,
        look,
        plan.height,
        plan.paint,
    )


def pairs(pair: Pair, key: str) -> list[tuple[float, float]]:
    """Return the outcome in both worlds of each pair that defines it, one after the other, for a view that moves."""
    return [
        (a, b) for a, b in zip(*(world.tolist() for world in pair.values(key))) if np.isfinite(a) and np.isfinite(b)
    ]
