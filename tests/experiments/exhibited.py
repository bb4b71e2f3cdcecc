"""Pairs of worlds made by hand, and how to read back what an exhibit draws."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from experiments import exhibits, language
from experiments.exhibits import words
from experiments.exhibits.pair import COMMUNITIES, COUNTS, STATES, Pair, RunSummary, dates_of, months_of
from experiments.storage.columns import outcome_keys
from simulation.outcomes import OUTCOMES
from simulation.place import Place
from simulation.scenario import Scenario

CODES, THEMES, WIDTHS = ("en", "es"), ("light", "dark", "print"), ("wide", "narrow")
KEYS = outcome_keys(OUTCOMES)
BASE, OTHER = "agreement-renewed", "agreement-ended"
SMALL = {"place": "riverton", "scale": 1.0}


@cache
def scenario(name, **overrides):
    return Scenario.load(name, {**SMALL, **overrides})


def run(a, value=40.0, crimes=100.0):
    """Make one run in which every outcome and state has a value, and every month so many crimes of each kind."""
    outcomes = dict.fromkeys(KEYS, float(value))
    for community in COMMUNITIES:
        outcomes[f"crimes_happened.{community}"] = 50.0
        outcomes[f"victimization_rate.{community}"] = 25.0
    counts = np.full((len(COUNTS), len(months_of(a)), len(COMMUNITIES)), float(crimes), np.float32)
    states = np.full((len(STATES), len(dates_of(a)), len(COMMUNITIES)), float(value), np.float32)
    return RunSummary(outcomes, counts, states)


def pair(differences, a=None, b=None, **changed):
    """Make a pair whose worlds differ by so much in every outcome but the sizes of communities.

    `changed` has the differences of single outcomes, `__` for a dot; NaN leaves an outcome undefined in A.
    """
    a, b = a or scenario(BASE), b or scenario(OTHER)
    runs = {}
    for replicate, difference in enumerate(differences, 1):
        level = 40.0 + replicate
        ours, theirs = run(a, level + difference, 100 + difference), run(a, level)
        for name, values in changed.items():
            key = name.replace("__", ".")
            ours.outcomes[key] = theirs.outcomes[key] + values[replicate - 1]
        runs[replicate] = (ours, theirs)
    return Pair.from_runs(a, b, 7, runs, version="0.0 (test)")


def luck(n, size=1.0, seed=1):
    """Return differences of n pairs that only luck makes: their mean is a tenth of their standard error."""
    values = np.random.default_rng(seed).normal(size=n)
    values = size * (values - values.mean()) / values.std(ddof=1)
    return values + 0.1 * size / np.sqrt(n)


def undefined(made):
    """Return a pair in which no run defines anything."""
    nothing = [
        tuple(RunSummary(dict.fromkeys(KEYS, np.nan), r.counts * np.nan, r.states * np.nan) for r in worlds)
        for worlds in made.runs
    ]
    return replace(made, runs=tuple(nothing))


def look(code="en", theme="light", width="wide"):
    return exhibits.Look(language.load(code), theme, width)


MAKERS = {
    "over time": lambda p, l: exhibits.over_time(p, l, "reporting_rate", ("latino",)),
    "over time, states": lambda p, l: exhibits.over_time(p, l, "trust", ("all", "asian", "immigrant_communities")),
    "over time, counts": lambda p, l: exhibits.over_time(p, l, "immigration_arrests"),
    "icons": lambda p, l: exhibits.difference(p, l, "reporting_rate.latino", "icons"),
    "icons of residents": lambda p, l: exhibits.difference(p, l, "victimization_rate.citizens", "icons"),
    "dots": lambda p, l: exhibits.difference(p, l, "solve_rate", "dots"),
    "interval": lambda p, l: exhibits.difference(p, l, "households_losing_member", "interval"),
    "flow": lambda p, l: exhibits.flow(p, l),
    "by community": lambda p, l: exhibits.by_community(p, l, "arrests_without_charge_share"),
    "ledger": lambda p, l: exhibits.ledger(p, l),
    "recorded and true": lambda p, l: exhibits.recorded_and_true(p, l),
    "map": lambda p, l: mapped(p, l, {d.id: 1.0 * n for n, d in enumerate(Place.load(p.a.place).districts)}),
}
"""Every exhibit of a pair, as `make(pair, look)`."""


def mapped(made, look_, values, **options):
    """Show values by district."""
    caption = words.caption(made, look_.language)
    place = Place.load(made.a.place)
    return exhibits.district_map(place, values, look_, "Trust", "index points", caption=caption, **options)


def labeled(figure):
    """Return everything that a figure draws under a name of its own, by name."""
    found = {artist.get_label(): artist for artist in figure.findobj() if hasattr(artist, "get_label")}
    return {name: artist for name, artist in found.items() if isinstance(name, str) and not name.startswith("_")}


def texts(figure):
    """Return all that is written in a figure."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def boxes(figure):
    """Return each text of a figure with its box in pixels from the top left, and the figure's size."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    width, height = figure.bbox.width, figure.bbox.height
    found = []
    for text in figure.findobj(Text):
        if text.get_text():
            box = text.get_window_extent(renderer)
            found.append((text.get_text(), (box.x0, height - box.y1, box.x1, height - box.y0)))
    return found, (width, height)


def words_of(svg):
    """Return the texts of an SVG."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)
