"""Rooms: what a facilitator and the participants of one workshop share, for as long as it lasts.

The only thing that browsers share. A room is found by its code and steered by its facilitator's key. It lives in memory
alone, is forgotten after a while, and everything in it is limited.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from typing import Any, NamedTuple

from experiments.counting import Counts
from experiments.exhibits.counted import counts_of
from experiments.exhibits.pair import Pair
from experiments.statistics import PairedEffect
from simulation.errors import InputError
from simulation.scenario import Scenario

from .agenda import AGENDAS, Step
from .predictions import Prediction
from .question import Question

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes: none that is read as another letter or a digit; no digits, for the sake of phones."""
CODE_LETTERS = 5
MOST_ROOMS, MOST_SEATS, MOST_ROUNDS = 50, 300, 12
IDLE_SECONDS, LONGEST_SECONDS = 3 * 3600, 12 * 3600
"""A room is forgotten after so long without any use, and in any case after so long."""


class Answer(NamedTuple):
    """What the worlds of a round show, without the worlds: enough for words, pictures and captions.

    Attributes
    ----------
    effect : PairedEffect
        A minus B.
    a, b : Scenario
    root_seed, n, failed : int
        Seed, pairs, and pairs that are left out because a run failed.
    version : str
        Of the code that made the runs.
    counts : tuple of Counts
        The three counts of crime, for everybody and for each community.
    """

    effect: PairedEffect
    a: Scenario
    b: Scenario
    root_seed: int
    n: int
    failed: int
    version: str
    counts: tuple[Counts, ...] = ()

    @classmethod
    def of(cls, pair: Pair, key: str) -> "Answer":
        """Return what a pair shows of an outcome."""
        counts = tuple(counts_of(pair.values))
        return cls(pair.effect(key), pair.a, pair.b, pair.root_seed, pair.n, pair.failed, pair.version, counts)


@dataclass(frozen=True)
class Round:
    """One thing that the room predicts.

    Attributes
    ----------
    question : Question
        The worlds that are compared.
    key : str
        Key of the outcome.
    level : float or None
        Its mean in world B, shown as a scale for the size of a difference.
    predictions : dict of str to Prediction
        By seat.
    answer : Answer or None
        None until the reveal.
    """

    question: Question
    key: str
    level: float | None = None
    predictions: dict[str, Prediction] = field(default_factory=dict)
    answer: Answer | None = None


@dataclass(frozen=True)
class State:
    """Everything that a room is at one moment; never changed, only replaced.

    Attributes
    ----------
    version : int
        Grows with every change.
    minutes : int
        Length of the workshop, a key of `AGENDAS`.
    position : int
        The step that the room is at.
    left : float
        Seconds left of it when the clock was last started or stopped.
    started : float or None
        When the clock was started; None while it stands.
    rounds : tuple of Round
    seats : frozenset of str
        Participants who are there.
    is_closed : bool
        Whether the room is over.
    """

    version: int
    minutes: int
    position: int
    left: float
    started: float | None = None
    rounds: tuple[Round, ...] = ()
    seats: frozenset[str] = frozenset()
    is_closed: bool = False

    @property
    def agenda(self) -> tuple[Step, ...]:
        """The steps."""
        return AGENDAS[self.minutes]

    @property
    def step(self) -> Step:
        """The step that the room is at."""
        return self.agenda[self.position]

    @property
    def round(self) -> Round | None:
        """The last round."""
        return self.rounds[-1] if self.rounds else None

    @property
    def is_predicting(self) -> bool:
        """Whether a round waits for its reveal."""
        return self.round is not None and self.round.answer is None

    @property
    def waited_for(self) -> int:
        """How many participants who are there have not predicted yet."""
        return len(self.seats - self.round.predictions.keys()) if self.round else 0


def _by_facilitator(method: Callable) -> Callable:
    """Let a method act only for who has the key; what it returns are the fields of the state that change."""

    @wraps(method)
    def checked(self: "Room", key: str, *given: Any) -> None:
        if not self.is_facilitator(key):
            raise InputError("only the facilitator of the room can do this")
        with self._changed:
            self._change(**method(self, *given))

    return checked


class Room:
    """One workshop; make it with `Rooms.open`.

    Attributes
    ----------
    code : str
        By which participants find it.
    """

    def __init__(self, code: str, minutes: int, now: Callable[[], float]):
        self.code, self._now = code, now
        self._key = secrets.token_urlsafe(12)
        self._changed = threading.Condition()
        self._shared: dict[Hashable, Any] = {}
        self._sharing = threading.Lock()
        self.opened = self.used = now()
        self._state = State(1, minutes, 0, 60.0 * AGENDAS[minutes][0].minutes)

    @property
    def state(self) -> State:
        """What the room is now."""
        return self._state

    @property
    def seconds_left(self) -> float:
        """Seconds left of the step; below 0 when it takes longer."""
        state = self._state
        return state.left - (self._now() - state.started if state.started is not None else 0.0)

    def is_facilitator(self, key: str) -> bool:
        """Whether a key is that of the facilitator."""
        return isinstance(key, str) and hmac.compare_digest(key.encode(), self._key.encode())

    def wait(self, version: int, seconds: float) -> int:
        """Wait until the room is no longer at a version, at most so long; return the version it is at."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.version != version, seconds)
            return self._state.version

    def shared(self, name: Hashable, make: Callable[[], Any]) -> Any:
        """Return what is made once for everybody in the room, and forgotten with it."""
        with self._sharing:
            if name not in self._shared:
                made = make()
                if self._state.is_closed:
                    return made
                self._shared[name] = made
            return self._shared[name]

    # Participants

    def sit(self, seat: str) -> None:
        """Let a participant in.

        Raises
        ------
        InputError
            If the room is full.
        """
        with self._changed:
            if seat in self._state.seats:
                return
            if len(self._state.seats) >= MOST_SEATS:
                raise InputError(f"the room is full: at most {MOST_SEATS} participants")
            self._change(seats=self._state.seats | {seat})

    def leave(self, seat: str) -> None:
        """Take note that a participant left; what was predicted stays."""
        with self._changed:
            if seat in self._state.seats:
                self._change(seats=self._state.seats - {seat})

    def predict(self, seat: str, prediction: Prediction) -> None:
        """Take a prediction, in place of any earlier one of this seat.

        Raises
        ------
        InputError
            If nothing is to be predicted, or there are as many predictions as a room may hold.
        """
        with self._changed:
            if not self._state.is_predicting:
                raise InputError("there is nothing to predict now")
            *before, last = self._state.rounds
            if seat not in last.predictions and len(last.predictions) >= MOST_SEATS:
                raise InputError(f"the room is full: at most {MOST_SEATS} predictions")
            given = {**last.predictions, seat: prediction}
            self._change(rounds=(*before, replace(last, predictions=given)))

    # The facilitator

    @_by_facilitator
    def begin_round(self, question: Question, key: str, level: float | None = None) -> dict:
        """Ask for predictions of an outcome; a round that nobody predicted in is replaced."""
        kept = [each for each in self._state.rounds if each.predictions or each.answer]
        if len(kept) >= MOST_ROUNDS:
            raise InputError(f"a room holds at most {MOST_ROUNDS} rounds of predictions")
        return {"rounds": (*kept, Round(question, key, level))}

    @_by_facilitator
    def reveal(self, answer: Answer) -> dict:
        """Show the result of the last round to everybody."""
        if not self._state.is_predicting:
            raise InputError("there is nothing to reveal")
        *before, last = self._state.rounds
        return {"rounds": (*before, replace(last, answer=answer))}

    @_by_facilitator
    def go_to(self, position: int) -> dict:
        """Go to a step; its clock begins if that of the step before ran."""
        position = min(max(0, int(position)), len(self._state.agenda) - 1)
        started = None if self._state.started is None else self._now()
        return {"position": position, "left": 60.0 * self._state.agenda[position].minutes, "started": started}

    @_by_facilitator
    def run_clock(self, runs: bool) -> dict:
        """Start the clock, or stop it."""
        return {"left": self.seconds_left, "started": self._now() if runs else None}

    @_by_facilitator
    def close(self) -> dict:
        """End the workshop; everything in the room is forgotten."""
        return {"is_closed": True, "rounds": (), "seats": frozenset()}

    def expire(self) -> None:
        """Forget everything; whoever waits is told."""
        with self._changed:
            if not self._state.is_closed:
                self._change(is_closed=True, rounds=(), seats=frozenset())

    def _change(self, **fields: Any) -> None:
        if self._state.is_closed:
            raise InputError("the room is closed")
        self.used = self._now()
        if fields.get("is_closed"):
            self._shared.clear()
        self._state = replace(self._state, version=self._state.version + 1, **fields)
        self._changed.notify_all()


class Rooms:
    """The rooms of a page.

    Parameters
    ----------
    now : callable
        A clock in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self._now, self._rooms, self._lock = now, {}, threading.Lock()

    def open(self, minutes: int) -> tuple[Room, str]:
        """Open a room for a workshop of so many minutes.

        Returns
        -------
        room, key : Room, str
            The key is the facilitator's, and told only here.

        Raises
        ------
        InputError
            If there are as many rooms as the page holds.
        """
        if minutes not in AGENDAS:
            raise InputError(f"minutes: must be one of {', '.join(map(str, AGENDAS))}")
        with self._lock:
            self._forget()
            if len(self._rooms) >= MOST_ROOMS:
                raise InputError(f"all {MOST_ROOMS} rooms of this page are taken")
            room = Room(self._new_code(), minutes, self._now)
            self._rooms[room.code] = room
            return room, room._key

    def find(self, code: str) -> Room | None:
        """Return the room with a code, however it is written; None if there is none, or it is over."""
        wanted = "".join(letter for letter in str(code)[:20].upper() if letter in LETTERS)
        with self._lock:
            self._forget()
            return self._rooms.get(wanted)

    def __len__(self) -> int:
        with self._lock:
            self._forget()
            return len(self._rooms)

    def _forget(self) -> None:
        now = self._now()
        for code, room in list(self._rooms.items()):
            is_old = now - room.used > IDLE_SECONDS or now - room.opened > LONGEST_SECONDS
            if is_old or room.state.is_closed:
                del self._rooms[code]
                room.expire()

    def _new_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
            if code not in self._rooms:
                return code


def new_seat() -> str:
    """Return a name for a participant's device that nobody can guess."""
    return secrets.token_urlsafe(12)


@cache
def rooms() -> Rooms:
    """Return the rooms of this page."""
    return Rooms()
