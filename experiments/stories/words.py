"""Numbers, people and rules as stories spell them."""

from simulation.vocabulary import OTHER_ARREST, Community, CrimeType

from .records import Chance, Resident

_MOST_DECIMALS = 10
STATUS_WORDS = {
    "us_born_citizen": "U.S.-born citizen",
    "naturalized_citizen": "naturalized citizen",
    "lawful_noncitizen": "lawful noncitizen",
    "undocumented": "undocumented",
}
_COMMUNITY = {
    "no_immigrant_ties": "no immigrant ties",
    "latino": "Latino community",
    "asian": "Asian community",
    "black_immigrant": "Black immigrant community",
    "other_immigrant": "other immigrant community",
}
COMMUNITY_WORDS = {
    Community.NO_IMMIGRANT_TIES: "residents without immigrant ties",
    Community.LATINO: "the Latino community",
    Community.ASIAN: "the Asian community",
    Community.BLACK_IMMIGRANT: "the Black immigrant community",
    Community.OTHER_IMMIGRANT: "the other immigrant communities",
}


def spell_date(date) -> str:
    """Return a date as Americans write it: June 3, 2019."""
    day = date.astype(object)
    return f"{day:%B} {day.day}, {day.year}"


def crime_words(code: int) -> str:
    """Return a crime type in words."""
    return CrimeType(code).label.replace("_", " ")


def a_crime(code: int) -> str:
    """Return a crime type in words, with its article."""
    words = crime_words(code)
    if words.endswith(("violence", "theft")):
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def charge_words(code: int) -> str:
    """Return what somebody was arrested for."""
    return "drugs, driving, traffic or public order" if code == OTHER_ARREST else crime_words(code)


def party_name(scene, position: int) -> str:
    """Return what to call a person at a crime: the victim, or a bystander by their relation to the victim."""
    if position == 0:
        return "the victim"
    words = _bystander_words(scene, position)
    is_second = position == 2 and scene.people[1] is not None and _bystander_words(scene, 1) == words
    return f"the {'second ' if is_second else ''}{words}"


def _bystander_words(scene, position: int) -> str:
    people, row = scene.worlds[0].population, scene.people[position].row
    if people.household[row] == people.household[scene.victim]:
        return "household witness"
    return "neighbor" if row in people.neighbors[scene.victim] else "passer-by"


def compared(chance: Chance) -> str:
    """Return a chance in both worlds, and the draw."""
    draw, a, b = percents(chance.draw, chance.p.a, chance.p.b)
    return f"{a} in A and {b} in B, the draw {draw}"


def percents(draw: float, *chances: float) -> list[str]:
    """Return draw and chances as percent, with enough decimals to tell on which side of the draw they are."""
    values = [100 * x for x in (draw, *chances)]
    for decimals in range(1, _MOST_DECIMALS):
        rounded = [round(value, decimals) for value in values]
        told_apart = all(r != rounded[0] for r in rounded[1:])
        chances_apart = len({*rounded[1:]}) == len({*values[1:]})
        if told_apart and chances_apart:
            break
    return [f"{value:.{decimals}f}%" for value in values]


def both(values, spell) -> str:
    """Return a number in both worlds, with enough decimals to tell them apart."""
    a, b = values
    for more in range(_MOST_DECIMALS):
        words = spell(a, more), spell(b, more)
        if a == b or words[0] != words[1]:
            break
    return f"{words[0]} in A, {words[1]} in B" if a != b else f"{words[0]} in both"


def percent(value: float, more: int = 0) -> str:
    """Return a share as percent."""
    return f"{100 * value:.{1 + more}f}%"


def decimal(value: float, more: int = 0) -> str:
    """Return a number with two decimals."""
    return f"{round(value, 2 + more) + 0.0:.{2 + more}f}"  # never -0.00


def tenth(value: float, more: int = 0) -> str:
    """Return a number with one decimal."""
    return f"{value:,.{1 + more}f}"


def whole(value: float, more: int = 0) -> str:
    """Return a whole number."""
    return f"{value:,}"


def resident_words(resident: Resident) -> str:
    """Return who a resident is."""
    status = _in_each([STATUS_WORDS[resident.status_a], STATUS_WORDS[resident.status_b]])
    home = [resident.with_undocumented_a, resident.with_undocumented_b]
    with_undocumented = _in_each(["lives with an undocumented person" if lives else "" for lives in home])
    newcomer = ""
    if resident.newcomers_a or resident.newcomers_b:
        newcomer = ", a newcomer" if resident.newcomers_a == resident.newcomers_b else ", a newcomer in one world"
    who = f"{_COMMUNITY[resident.community]}{status}{with_undocumented}{newcomer}"
    return f"resident {resident.row:,} ({who})"


def counted(number: int, what: str) -> str:
    """Return a number of things."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def series(words: list[str]) -> str:
    """Return words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def upper(text: str) -> str:
    """Return a sentence with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _in_each(words: list[str]) -> str:
    """Return what holds in A and B, and where it holds if it differs, as a further part of a list."""
    a, b = words
    if a == b:
        return f", {a}" if a else ""
    return "".join(f", {each} in {world}" for world, each in zip("AB", words) if each)
