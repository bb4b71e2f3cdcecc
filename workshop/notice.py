"""A plain message that follows the language of the page, also when that is changed later."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from experiments.language import Language
from simulation.errors import InputError


class Notice(NamedTuple):
    """A text by its key, and the values that are filled in: whole numbers, texts, and why something is refused."""

    key: str
    values: Mapping[str, Any] = MappingProxyType({})

    @classmethod
    def of(cls, key: str, **values: Any) -> "Notice":
        """Return a message with its values."""
        return cls(key, values)

    def told(self, lang: Language) -> str:
        """Return the message in a language."""
        return lang.t(self.key, **{name: _told(value, lang) for name, value in self.values.items()})


def _told(value: Any, lang: Language) -> str:
    if isinstance(value, InputError):
        return lang.refusal(value)
    return lang.n(value, 0) if isinstance(value, int) else str(value)
