"""What all figures share: colors that color-blind readers can tell apart, and how dates are written on an axis."""

import matplotlib.dates as mdates

# Okabe and Ito (2008), Color Universal Design.
BLUE, ORANGE, GREEN, BLACK, GRAY = "#0072B2", "#D55E00", "#009E73", "#000000", "#767676"
COLOR_A, COLOR_B = BLUE, ORANGE


def date_axis(axis) -> None:
    """Mark dates with as few words as tell them apart."""
    locator = mdates.AutoDateLocator(minticks=4, maxticks=9)
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
