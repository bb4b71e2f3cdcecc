"""A language: its texts by key, its numbers and dates, and its words for everything that the model declares."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import count, takewhile
from types import MappingProxyType
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import format_date

from simulation.agreement import Terms
from simulation.errors import InputError
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.outcomes import OUTCOMES
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario

from ..claims.claims import CLAIMS
from ..rounding import spaced
from ..storage.columns import METRICS
from . import declared, numbers
from .files import ENGLISH, read_texts
from .refusals import Refusals

_NAMES = re.compile(r"`(?P<coded>[a-z_]+(\.[a-z_]+)?)`|(?P<scenario>\b[a-z0-9]+(-[a-z0-9]+)+\b)")
"""Names in the texts of scenarios: of outcomes and groups between backticks, of scenarios with hyphens."""


class Words(NamedTuple):
    """What people read of one declared thing.

    Attributes
    ----------
    label : str
        What it is called, in lower case where it is no proper name.
    unit, meaning : str
        Empty where there is none.
    choices : mapping
        From each value that can be chosen to its words; empty for a number.
    """

    label: str
    unit: str = ""
    meaning: str = ""
    choices: Mapping[Any, str] = MappingProxyType({})


@cache
def load(code: str) -> "Language":
    """Return the language with a code, one of `CODES`."""
    return Language(code)


class Language:
    """The texts of one language; get it with `load`.

    Attributes
    ----------
    code : str
        Such as `es`.
    name : str
        As its speakers call it.
    """

    def __init__(self, code: str):
        # English where a text is not translated yet: a page half in English is better than none.
        self._texts = declared.english() | read_texts(ENGLISH) | read_texts(code)
        self.code = code
        self.name = self._texts["language.name"]
        self._locale = Locale.parse(self._texts["language.locale"])

    # Texts, numbers and dates

    def t(self, key: str, **values: Any) -> str:
        """Return a text by its dotted key, its placeholders filled with values that are written already.

        Raises
        ------
        KeyError
            If there is no such text, or a value is missing.
        """
        return self._texts[key].format(**values)

    def n(self, value: float, decimals: int | None = None) -> str:
        """Return a number with so many decimals, or with as many as it needs."""
        return numbers.decimal(value, decimals, self._locale) if math.isfinite(value) else self.t("common.undefined")

    def signed(self, value: float, decimals: int | None = None) -> str:
        """Return a difference, with `+` or a minus."""
        return numbers.signed(value, decimals, self._locale) if math.isfinite(value) else self.t("common.undefined")

    def percent(self, value: float, decimals: int | None = None) -> str:
        """Return a number that is in percent already, with the sign of percent."""
        return numbers.percent(value, decimals, self._locale) if math.isfinite(value) else self.t("common.undefined")

    def interval(self, low: float, high: float, decimals: int | None = None) -> str:
        """Return both ends of an interval; undefined if one is."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return self.t("common.undefined")
        return self.t("common.interval", low=self.n(low, decimals), high=self.n(high, decimals))

    def date(self, day: datetime.date, style: str = "long") -> str:
        """Return a date: `long` (August 31, 2018), `month` (Aug 2018) or `iso` (2018-08-31)."""
        if style == "iso":
            return day.isoformat()
        return format_date(day, self._texts[f"language.{style}_date"], locale=self._locale)

    def join(self, items: Iterable[str]) -> str:
        """Return a list as running text."""
        *before, last = items
        return self.t("common.and", before=", ".join(before), last=last) if before else last

    def refusal(self, error: InputError | str) -> str:
        """Return why something that a user gave is refused, which errors say in English."""
        return str(error) if self.code == ENGLISH else self._refusals.tell(str(error))

    # Results

    def outcome(self, key: str) -> Words:
        """Return the words of an outcome, or of one of its groups: `solve_rate`, `reporting_rate.latino`."""
        name, _, group = key.partition(".")
        label, meaning = self._thing(f"outcome.{name}")
        return Words(self._of(label, self.group(group)) if group else label, self.unit(OUTCOMES[name].unit), meaning)

    def outcome_group(self, name: str) -> str:
        """Return the heading under which outcomes are shown together."""
        return self._texts[f"outcome_group.{name}"]

    def group(self, name: str) -> str:
        """Return a group of an outcome, `all` included: a community, crime type, legal status, channel or record."""
        return self._texts[f"group.{name}"]

    community = crime_type = group

    def metric(self, name: str) -> Words:
        """Return the words of a metric of the series table."""
        label, meaning = self._thing(f"metric.{name}")
        return Words(label, self.unit(METRICS[name].unit), meaning)

    def mechanism(self, name: str) -> Words:
        """Return the words of a mechanism that can be switched off."""
        label, meaning = self._thing(f"mechanism.{name}")
        return Words(label, "", meaning)

    def claim(self, id: str) -> Words:
        """Return a claim: who made it, and what it says."""
        made_by = next(claim.made_by for claim in CLAIMS if claim.id == id)
        return Words(self.party(made_by), "", self._texts[f"claim.{id}"])

    def verdict(self, verdict: str) -> str:
        """Return a verdict of `experiments.statistics` or on a claim."""
        return self._texts[f"verdict.{verdict}"]

    # Inputs

    def lever(self, name: str) -> Words:
        """Return the words of a lever."""
        label, meaning = self._thing(f"lever.{name}")
        return Words(label, self.unit(LEVERS[name].unit), meaning, self._choices(LEVERS[name]))

    def parameter(self, name: str) -> Words:
        """Return the words of a parameter, of a table's member too: `fear_effect`, `vulnerability.undocumented`."""
        table, _, member = name.partition(".")
        label, meaning = self._thing(f"parameter.{table}")
        if member:
            word = self._texts.get(f"group.{member}") or self.word(member)
            label, meaning = self._of(label, word), self.t("common.meaning_of_member", meaning=meaning, member=word)
        return Words(label, self.unit(PARAMETERS[name].unit), meaning)

    def event(self, kind: str) -> Words:
        """Return the words of a kind of event."""
        label, meaning = self._thing(f"event.{kind}")
        return Words(label, "", meaning)

    def event_value(self, kind: str, name: str) -> Words:
        """Return the words of a value of an event; those of the lever that it sets, if it sets one."""
        value = next(value for value in EVENT_KINDS[kind].values if value.name == name)
        if value.lever:
            return self.lever(value.lever)
        label, meaning = self._thing(f"event.{kind}.{name}")
        return Words(label, self.unit(value.unit), meaning, self._choices(value))

    def terms(self, terms: Terms) -> str:
        """Return what an agreement shows, as one phrase."""
        if not terms.in_force:
            return self.t("terms.nothing")
        said = self.t("terms.shown", fields=self.join(map(self.word, terms.fields)),
                      roles=self.join(map(self.word, terms.roles)))  # fmt: skip
        said = self.t("terms.real_time" if terms.real_time else "terms.batches", shown=said)
        if terms.after_disposition:
            said = self.t("terms.after_disposition", shown=said)
        return self.t("terms.until", shown=said, date=self.date(terms.ends)) if terms.ends else said

    def scenario(self, scenario: str | Scenario) -> Words:
        """Return title and description of a shipped scenario, by name; of any other, as its file has them."""
        if isinstance(scenario, Scenario):
            if not self._is_shipped(scenario):
                return Words(scenario.title, "", scenario.description)
            scenario = scenario.name
        key = f"scenario.{scenario}"
        description = self._texts.get(f"{key}.description", "")
        return Words(self._texts.get(f"{key}.title", scenario), "", self._spoken(description))

    def scenario_group(self, scenario: str | Scenario) -> str:
        """Return the heading under which a scenario is listed."""
        heading = scenario.group if isinstance(scenario, Scenario) else declared.scenario_file(scenario)["group"]
        return self._texts.get(f"scenario_group.{heading}", heading)

    def scenario_expected(self, name: str) -> tuple[str, ...]:
        """Return what was expected of a shipped scenario before running, in sentences."""
        keys = takewhile(self._texts.__contains__, (f"scenario.{name}.expected.{n}" for n in count(1)))
        return tuple(self._spoken(self._texts[key]) for key in keys)

    def why(self, reason: str) -> str:
        """Return the reason that a scenario gives for an event; of one's own scenario, as its file has it."""
        return self._texts.get(f"why.{reason}", reason)

    # Words that several things share

    def party(self, name: str) -> str:
        """Return who chooses, votes, claims or is better off, as declared: `city`, `district_attorney`, `mayor`."""
        return self._texts[f"party.{spaced(name)}"]

    def unit(self, unit: str) -> str:
        """Return a declared unit."""
        return self._texts[f"unit.{unit}"]

    def word(self, name: str) -> str:
        """Return a word of the model's vocabulary: a rule, role, field, charge grade, absence, yardstick or vote."""
        return self._texts[f"word.{name}"]

    def _spoken(self, text: str) -> str:
        """Return a text of a scenario with what outcomes, groups and scenarios are called in place of their names."""

        def label(match: re.Match) -> str:
            name = match["coded"] or match["scenario"]
            found: str | None
            if name.partition(".")[0] in OUTCOMES:
                found = self.outcome(name).label
            else:
                found = self._texts.get(f"group.{name}") or self._texts.get(f"scenario.{name}.title")
            return self.t("common.quoted", text=found) if found else match[0]

        return _NAMES.sub(label, text)

    @cached_property
    def _refusals(self) -> Refusals:
        patterns = {key: text for key, text in read_texts(ENGLISH).items() if key.startswith("refusal.")}
        phrases = {
            text: self._texts[key]
            for key, text in declared.english().items()
            if key.startswith("unit.") or key.endswith(".meaning")
        }
        phrases |= {each.meaning: self.parameter(name).meaning for name, each in PARAMETERS.items()}
        return Refusals(patterns, self._texts, phrases)

    def _thing(self, key: str) -> tuple[str, str]:
        return self._texts[f"{key}.label"], self._texts[f"{key}.meaning"]

    def _of(self, label: str, group: str) -> str:
        return self.t("common.of_group", label=label, group=group)

    def _choices(self, declaration: Any) -> dict[Any, str]:
        """Return the words of all that can be chosen where a lever or a value of an event is no number."""
        if names := getattr(declaration, "names", ()):
            return {name: self.group(name) for name in names}
        if declaration.choices:
            return {choice: self.word(choice) for choice in declaration.choices}
        if isinstance(declaration.default, bool):
            return {True: self.t("common.yes"), False: self.t("common.no")}
        return {}

    def _is_shipped(self, scenario: Scenario) -> bool:
        """Whether a scenario's title is that of the shipped one with its name, and not of a file with the same name."""
        known = scenario.name in Scenario.names()
        return known and declared.scenario_file(scenario.name)["title"] == scenario.title
