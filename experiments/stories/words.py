"""Numbers, people and rules as stories spell them, in a language."""

from collections.abc import Callable, Iterable
from functools import reduce

from simulation.vocabulary import OTHER_ARREST, CrimeType

from ..language import Language
from ..language.numbers import MINUS
from .records import Chance, Resident

_MOST_DECIMALS = 10
HOUSEHOLD_WITNESS, NEIGHBOR, PASSER_BY = "household_witness", "neighbor", "passer_by"
"""Who a bystander is to the victim."""


def spell_date(lang: Language, date) -> str:
    """Return a day of a table for reading."""
    return lang.date(date.astype(object))


def crime_words(lang: Language, code: int) -> str:
    """Return a crime type in words."""
    return lang.crime_type(CrimeType(code).label)


def a_crime(lang: Language, code: int) -> str:
    """Return a crime type in words, with its article."""
    return lang.t(f"stories.a_crime.{CrimeType(code).label}")


def charge_words(lang: Language, code: int) -> str:
    """Return what somebody was arrested for."""
    return lang.t("stories.other_charge") if code == OTHER_ARREST else crime_words(lang, code)


def party_name(lang: Language, scene, position: int) -> str:
    """Return what to call a person at a crime: the victim, or a bystander by their relation to the victim."""
    if position == 0:
        return lang.t("stories.party.victim")
    who = _bystander(scene, position)
    is_second = position == 2 and scene.people[1] is not None and _bystander(scene, 1) == who
    return lang.t(f"stories.party.{'second_' if is_second else ''}{who}")


def _bystander(scene, position: int) -> str:
    people, row = scene.worlds[0].population, scene.people[position].row
    if people.household[row] == people.household[scene.victim]:
        return HOUSEHOLD_WITNESS
    return NEIGHBOR if row in people.neighbors[scene.victim] else PASSER_BY


def whom(lang: Language, community: str) -> str:
    """Return a community as it stands in a sentence: the Latino community."""
    return lang.t(f"stories.whom.{community}")


def compared(lang: Language, chance: Chance) -> str:
    """Return a chance in both worlds, and the draw."""
    draw, a, b = percents(lang, chance.draw, chance.p.a, chance.p.b)
    return lang.t("stories.compared", a=a, b=b, draw=draw)


def percents(lang: Language, draw: float, *chances: float) -> list[str]:
    """Return draw and chances as percent, with enough decimals to tell on which side of the draw they are."""
    values = [100 * x for x in (draw, *chances)]
    for decimals in range(1, _MOST_DECIMALS):
        rounded = [round(value, decimals) for value in values]
        told_apart = all(r != rounded[0] for r in rounded[1:])
        chances_apart = len({*rounded[1:]}) == len({*values[1:]})
        if told_apart and chances_apart:
            break
    return [lang.percent(value, decimals) for value in values]


def both(lang: Language, values, spell: Callable) -> str:
    """Return a number in both worlds, with enough decimals to tell them apart."""
    a, b = values
    for more in range(_MOST_DECIMALS):
        words = spell(lang, a, more), spell(lang, b, more)
        if a == b or words[0] != words[1]:
            break
    return in_each(lang, *words) if a != b else lang.t("stories.in_both", value=words[0])


def in_each(lang: Language, a: str, b: str) -> str:
    """Return a number, written already, in each world; once if it is written alike."""
    return lang.t("stories.in_both", value=a) if a == b else lang.t("stories.in_each", a=a, b=b)


def percent(lang: Language, value: float, more: int = 0) -> str:
    """Return a share as percent."""
    return in_percent(lang, 100 * value, 1 + more)


def in_percent(lang: Language, value: float, decimals: int = 1) -> str:
    """Return a number that is in percent already; stories are also read in terminals, so a minus is a hyphen."""
    return lang.percent(value, decimals).replace(MINUS, "-")


def decimal(lang: Language, value: float, more: int = 0) -> str:
    """Return a number with two decimals."""
    return lang.n(value, 2 + more).replace(MINUS, "-")


def tenth(lang: Language, value: float, more: int = 0) -> str:
    """Return a number with one decimal."""
    return lang.n(value, 1 + more).replace(MINUS, "-")


def whole(lang: Language, value: float, more: int = 0) -> str:
    """Return a whole number."""
    return lang.n(value, 0)


def short(lang: Language, value: float) -> str:
    """Return a number with as many decimals as it was given."""
    return lang.n(value, len(f"{value:g}".partition(".")[2]))


def resident_words(lang: Language, resident: Resident) -> str:
    """Return who a resident is."""
    words = [lang.t(f"stories.community.{resident.community}")]
    words += _in_each(lang, *(lang.t(f"stories.status.{each}") for each in (resident.status_a, resident.status_b)))
    home = lang.t("stories.lives_with_undocumented")
    words += _in_each(lang, home * resident.with_undocumented_a, home * resident.with_undocumented_b)
    if resident.newcomers_a or resident.newcomers_b:
        is_same = resident.newcomers_a == resident.newcomers_b
        words.append(lang.t("stories.newcomer" if is_same else "stories.newcomer_in_one"))
    return lang.t("stories.resident", row=whole(lang, resident.row), who=", ".join(words))


def arrests_words(lang: Language, number: int) -> str:
    """Return a number of immigration arrests."""
    return lang.t("stories.arrest" if number == 1 else "stories.arrests", n=whole(lang, number))


def chained(lang: Language, words: Iterable[str]) -> str:
    """Return words with an `and` between any two."""
    return reduce(lambda before, last: lang.t("common.and", before=before, last=last), words)


def upper(text: str) -> str:
    """Return a sentence with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _in_each(lang: Language, a: str, b: str) -> list[str]:
    """Return what holds in A and B, and where it holds if it differs, as parts of a list; what is empty is left out."""
    if a == b:
        return [a] if a else []
    return [lang.t("stories.in_world", words=each, world=world) for world, each in zip("AB", (a, b)) if each]
