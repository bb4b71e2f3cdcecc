"""Refusals in a language: what an `InputError` says in English is recognized by its pattern, and said in other words.

Errors are written once, in English, where they are found; `[refusal]` of `en.toml` lists their patterns, and every
other language has the same keys. What no pattern knows stays as it is.
"""

import re
from collections.abc import Mapping
from string import Formatter

TOLD = ("message", "kind", "unit", "meaning", "listed")
"""Values of patterns that are words themselves; all others are names and numbers, which stay."""
_WORDS, _ANYTHING, _NAME = r"[a-z ]+", r".+?", r"(?:(?!: |\().)+?"
_FORMS = {"kind": _WORDS} | dict.fromkeys(
    ("message", "unit", "meaning", "listed", "reason", "current", "place"), _ANYTHING
)
"""What a value may look like, where it is more than a name, a number or a list of them."""


class Refusals:
    """What is refused, from English into a language.

    Parameters
    ----------
    patterns, texts : mapping of str to str
        By the same keys: what an error says, with {values}, and what the language says.
    phrases : mapping of str to str
        Units and meanings of declared things: English to the language's.
    """

    def __init__(self, patterns: Mapping[str, str], texts: Mapping[str, str], phrases: Mapping[str, str]):
        # The more of a pattern is fixed, the more it knows of what it matches.
        ordered = sorted(patterns, key=lambda key: -len(_fixed(patterns[key])))
        known = [(_compiled(patterns[key]), texts[key], patterns[key].startswith("{message}")) for key in ordered]
        self._whole = [(pattern, text) for pattern, text, is_around in known if not is_around]
        self._around = [(pattern, text) for pattern, text, is_around in known if is_around]
        self._phrases = phrases

    def tell(self, message: str) -> str:
        """Return a refusal in the language's words."""
        if message in self._phrases:
            return self._phrases[message]
        said = self._matched(self._whole, message)
        if said is not None:
            return said
        # Where it was found, and what is wrong: file, key and value come first, each before a colon.
        where, colon, what = message.partition(": ")
        if colon and where.count("(") == where.count(")"):
            return f"{self.tell(where)}: {self.tell(what)}"
        return self._matched(self._around, message) or message

    def _matched(self, known: list[tuple[re.Pattern, str]], message: str) -> str | None:
        for pattern, text in known:
            if match := pattern.fullmatch(message):
                values = match.groupdict()
                return text.format(**{name: self.tell(v) if name in TOLD else v for name, v in values.items()})
        return None


def _compiled(pattern: str) -> re.Pattern:
    parts = Formatter().parse(pattern)
    values = ((re.escape(text), name and f"(?P<{name}>{_FORMS.get(name, _NAME)})") for text, name, *_ in parts)
    return re.compile("".join(text + (value or "") for text, value in values))


def _fixed(pattern: str) -> str:
    return "".join(text for text, *_ in Formatter().parse(pattern))
