"""What a view asks worker processes for, and shows as soon as it is there."""

import logging
import threading
from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple

import solara

from simulation.errors import InputError

from ..components import Select, Text

log = logging.getLogger("workshop")

PAIRS = tuple(map(str, range(1, 11)))
"""Numbers of the pairs that can be looked at closely."""


class Answer(NamedTuple):
    """The last thing that was found, if any.

    Attributes
    ----------
    key : hashable
        What was asked.
    value : object or None
    refused : str or None
        Why there is no answer: one line for the visitor, empty if something went wrong that is not theirs.
    is_whole : bool
        Whether nothing more will come.
    """

    key: Hashable = None
    value: Any = None
    refused: str | None = None
    is_whole: bool = False


def use_answer(find: Callable[[Callable[[], bool]], Iterator[Any]], key: Hashable) -> Answer:
    """Ask in a thread of its own whenever the key changes; what was found before is shown until then.

    Parameters
    ----------
    find : callable
        `find(turned_away)` yields one answer after another, each better than the one before.
    key : hashable
        Everything that the answers depend on.
    """
    answer, set_answer = solara.use_state(Answer())

    def begin():
        left = threading.Event()

        def tell(found: Answer) -> None:
            if not left.is_set():
                set_answer(found)

        def work() -> None:
            found = Answer(key)
            try:
                for value in find(left.is_set):
                    found = Answer(key, value)
                    tell(found)
            except InputError as error:
                found = found._replace(refused=str(error))
            except Exception:
                log.exception("a view could not be filled")
                found = found._replace(refused="")
            tell(found._replace(is_whole=True))

        threading.Thread(target=work, daemon=True).start()
        return left.set

    solara.use_effect(begin, [key])
    return answer


def Trouble(session, answer: Answer):
    """Say in the visitor's language why there is no answer."""
    lang = session.lang
    text = (
        lang.t("shell.cannot_compare", reason=lang.refusal(answer.refused)) if answer.refused else lang.t("shell.fault")
    )
    return Text(text, "p", "note", "caution")


def PairPicker(session):
    """Choose one of the first pairs of worlds, of which single crimes and residents are told."""
    lang = session.lang
    options = {number: lang.t("stories_view.pair", number=number) for number in PAIRS}
    chosen = session.choose("pair", PAIRS)
    return Select(lang.t("stories_view.pairs"), chosen, options, lambda number: session.show("pair", number))
