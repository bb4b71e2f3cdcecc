"""The words, numbers and dates of pages and reports, in every language that has a file here."""

import math
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent
CODES = ("en", "es")
_LOCALES = {"en": "en_US", "es": "es_US"}
_NAMES = {"en": "English", "es": "Espa\u00f1ol"}


class Words(NamedTuple):
    """What people read for one declared thing."""

    label: str
    unit: str = ""
    meaning: str = ""
    choices: dict = {}


@cache
def load(code: str) -> "Language":
    return Language(code)


def choose(accepted: str) -> str:
    """Return the first language of a browser's list that there is, else English."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in CODES:
            return code
    return CODES[0]


class Language:
    def __init__(self, code):
        self.code, self.name, self._locale = code, _NAMES[code], _LOCALES[code]
        self._texts = {}
        for path in [FOLDER / f"{code}.toml", *sorted((FOLDER / "parts").glob(f"*.{code}.toml"))]:
            if path.exists():
                self._texts |= tomllib.loads(path.read_text(encoding="utf-8"))

    def t(self, key, **values):
        found = self._texts
        for part in key.split("."):
            found = found[part]
        return found.format(**values) if values else found

    def n(self, value, decimals=None):
        if value is None or math.isnan(value):
            return "-"
        form = "#,##0.######" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, form, locale=self._locale).replace("-", "\u2212")

    def signed(self, value, decimals):
        text = self.n(value, decimals)
        return text if text.startswith("\u2212") or value != value or float(f"{value:.{decimals}f}") == 0 else "+" + text

    def percent(self, value, decimals):
        return self.n(value, decimals) + "%"

    def interval(self, low, high, decimals):
        return f"{self.n(low, decimals)} {'to' if self.code == 'en' else 'a'} {self.n(high, decimals)}"

    def date(self, day, style="long"):
        day = date.fromisoformat(str(day)[:10])
        if style == "iso":
            return day.isoformat()
        form = {"long": {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y"}[self.code], "month": "MMM y"}[style]
        return format_date(day, form, locale=self._locale)

    def join(self, items):
        items = list(items)
        return items[0] if len(items) == 1 else ", ".join(items[:-1]) + (" and " if self.code == "en" else " y ") + items[-1]

    def outcome(self, key):
        from simulation.outcomes import OUTCOMES

        name, _, group = key.partition(".")
        declared = OUTCOMES.get(name)
        label = name.replace("_", " ") + (f", {group.replace('_', ' ')}" if group else "")
        return Words(label, getattr(declared, "unit", ""), getattr(declared, "meaning", ""))

    def lever(self, name):
        from simulation.levers import LEVERS

        declared = LEVERS[name]
        return Words(name.replace("_", " "), declared.unit, declared.meaning, {c: c.replace("_", " ") for c in declared.choices})

    def parameter(self, name):
        from simulation.parameters import PARAMETERS

        return Words(name.replace("_", " "), PARAMETERS[name].unit, PARAMETERS[name].meaning)

    def scenario(self, name):
        from simulation.scenario import Scenario

        found = Scenario.load(name)
        return Words(found.title, "", found.description)

    def scenario_group(self, name):
        return Scenario.load(name).group

    def claim(self, id):
        from experiments.claims.claims import CLAIMS

        found = next(c for c in CLAIMS if c.id == id) if not isinstance(CLAIMS, dict) else CLAIMS[id]
        return Words(found.who, "", found.text)

    def metric(self, name):
        from experiments.storage.columns import METRICS

        return Words(name.replace("_", " "), METRICS[name].unit, METRICS[name].meaning) if name in METRICS else Words(name)

    def event(self, kind):
        return Words(kind.replace("_", " "))

    def event_value(self, kind, value):
        return Words(value.replace("_", " "))

    def verdict(self, verdict):
        return verdict

    def terms(self, terms):
        return str(terms)

    def group(self, name):
        return name.replace("_", " ")

    community = crime_type = party = mechanism = group
