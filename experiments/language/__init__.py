"""The words, numbers and dates of pages and reports, in every language that has a file here (docs/languages.md).

English words of declared things (outcomes, levers, scenarios, claims, ...) come from their declarations; all other
texts, and all texts of other languages, are in one file a language.
"""

from .files import CODES, ENGLISH
from .language import Language, Words, load

__all__ = ["CODES", "Language", "Words", "choose", "load"]


def choose(accepted: str) -> str:
    """Return the code of the first language of an `Accept-Language` header that there is, else English."""
    wanted = (part.partition(";")[0].strip().lower().partition("-")[0] for part in accepted.split(","))
    return next((code for code in wanted if code in CODES), ENGLISH)
