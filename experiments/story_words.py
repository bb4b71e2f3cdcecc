"""Numbers, people and rules as stories spell them."""

from simulation.vocabulary import Detainers, Priorities

from .story_records import Chance, Resident

_MOST_DECIMALS = 10
_STATUS = {
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
    with_undocumented = ", lives with an undocumented person" if resident.lives_with_undocumented else ""
    newcomer = ""
    if resident.newcomers_a or resident.newcomers_b:
        newcomer = ", a newcomer" if resident.newcomers_a == resident.newcomers_b else ", a newcomer in one world"
    who = f"{_COMMUNITY[resident.community]}, {_STATUS[resident.status]}{with_undocumented}{newcomer}"
    return f"resident {resident.row:,} ({who})"


def series(words: list[str]) -> str:
    """Return words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def upper(text: str) -> str:
    """Return a sentence with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def policy_words(policy, with_levers: bool) -> str:
    """Return what the immigration agency sees under a policy and, if they differ anywhere, the other rules."""
    roles = [words for words, shown in (("people arrested", policy.shows_arrestee), ("victims", policy.shows_victim),
                                        ("witnesses", policy.shows_witness)) if shown]  # fmt: skip
    fields = [words for words, shown in (("country of birth", policy.shows_country_of_birth),
                                         ("immigration status", policy.shows_immigration_status)) if shown]  # fmt: skip
    seen = "the immigration agency sees nothing of the police database"
    if roles and fields:
        speed = "" if policy.real_time else ", with a delay"
        seen = f"the police database shows the immigration agency {series(fields)} of {series(roles)}{speed}"
    if not with_levers:
        return seen
    detainers = Detainers(policy.detainers).label.replace("_", " ")
    priorities = Priorities(policy.priorities).label.replace("_", " ")
    prints = "checked" if policy.fingerprint_checks else "not checked"
    means = f"capacity {policy.capacity:g}; substitution {policy.substitution:g}"
    return f"{seen} (detainers: {detainers}; priorities: {priorities}; fingerprints {prints}; {means})"
