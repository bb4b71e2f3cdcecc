"""What one visitor is in a workshop: the facilitator of a room, a participant, or neither."""

import threading
from collections.abc import Mapping
from typing import Any

import solara

from simulation.errors import InputError

from .predictions import read_prediction
from .rooms import Room, State, new_seat, rooms

MOST_TRIES = 30
"""Codes that a visitor may try that lead nowhere."""
WAIT_SECONDS = 5.0


class Seat:
    """One visitor's place in a room.

    Attributes
    ----------
    room : Reactive of Room or None
    version : Reactive of int
        Of the room's state; whoever reads it follows the room.
    trouble : Reactive of str
        Key of a text that says what did not work; empty if nothing.
    shows_anyway : Reactive of bool
        Whether the facilitator looks at results before the reveal.
    """

    def __init__(self, session):
        self._code: solara.Reactive[str] = session.room
        self._seat, self._key, self._tries, self._turn = new_seat(), "", 0, 0
        self.room: solara.Reactive[Room | None] = solara.reactive(None)
        self.version = solara.reactive(0)
        self.trouble = solara.reactive("")
        self.shows_anyway = solara.reactive(False)

    @property
    def state(self) -> State | None:
        """The room's state, if there is a room that is not over."""
        room = self.room.value
        return None if room is None or self.version.value < 0 or room.state.is_closed else room.state

    @property
    def is_facilitator(self) -> bool:
        """Whether this visitor steers the room."""
        return self.room.value is not None and self.room.value.is_facilitator(self._key)

    @property
    def kept(self) -> dict[str, str]:
        """What the browser keeps for this tab, so that a reload finds the same place."""
        room = self.room.value
        return (
            {"code": room.code, "seat": self._seat, "key": self._key} if room else {"code": "", "seat": "", "key": ""}
        )

    @property
    def has_predicted(self) -> bool:
        """Whether this seat has predicted in the last round."""
        state = self.state
        return state is not None and state.round is not None and self._seat in state.round.predictions

    @property
    def hides_results(self) -> bool:
        """Whether this visitor shall see no result yet."""
        state = self.state
        if state is None:
            return False
        if self.is_facilitator:
            return state.is_predicting and not self.shows_anyway.value
        return state.round is None or state.round.answer is None

    def open(self, minutes: int) -> None:
        """Open a room and steer it."""
        try:
            room, self._key = rooms().open(minutes)
        except InputError:
            self.trouble.value = "workshop.rooms_taken"
        else:
            self._enter(room)

    def join(self, code: Any, kept: Mapping[str, Any] | None = None) -> None:
        """Join a room by its code; as who one was, if the browser kept that for this room."""
        if self._tries >= MOST_TRIES:
            self.trouble.value = "workshop.too_many_tries"
            return
        room = rooms().find(code if isinstance(code, str) else "")
        if room is None:
            self._tries += 1
            self.trouble.value = "workshop.no_such_room"
            return
        if kept and kept.get("code") == room.code:
            if room.is_facilitator(kept.get("key")):
                self._key = kept["key"]
            elif isinstance(kept.get("seat"), str) and 8 <= len(kept["seat"]) <= 40:
                self._seat = kept["seat"]
        try:
            if not room.is_facilitator(self._key):
                room.sit(self._seat)
        except InputError:
            self.trouble.value = "workshop.room_full"
        else:
            self._enter(room)

    def leave(self) -> None:
        """Leave the room; a facilitator's room goes on."""
        room = self.room.value
        self._turn += 1
        if room is not None and not self.is_facilitator:
            room.leave(self._seat)
        self._key = ""
        self.room.value, self._code.value = None, ""

    def close(self) -> None:
        """Take note that the visitor is gone."""
        self._turn += 1
        if self.room.value is not None and not self.is_facilitator:
            self.room.value.leave(self._seat)

    def steer(self, act: str, *given: Any) -> None:
        """Do as the facilitator what `Room` has under this name."""
        try:
            getattr(self.room.value, act)(self._key, *given)
        except InputError:
            self.trouble.value = "workshop.refused"
        else:
            self.trouble.value, self.shows_anyway.value = "", False

    def predict(self, told: Mapping[str, Any], shared_screen: bool = False) -> bool:
        """Take a prediction from a form; on a shared screen each is another person's."""
        names = ("direction", "size", "confidence", "name", "table")
        try:
            prediction = read_prediction(*(told.get(name) for name in names))
            self.room.value.predict(new_seat() if shared_screen else self._seat, prediction)
        except InputError:
            self.trouble.value = "workshop.prediction_refused"
            return False
        self.trouble.value = ""
        return True

    def _enter(self, room: Room) -> None:
        self._turn += 1
        self.trouble.value, self._tries = "", 0
        self.room.value, self._code.value = room, room.code
        threading.Thread(target=self._follow, args=(room, self._turn), daemon=True).start()

    def _follow(self, room: Room, turn: int) -> None:
        """Tell the page of every change of the room."""
        version = 0
        while self._turn == turn and not room.state.is_closed:
            version = room.wait(version, WAIT_SECONDS)
            if self._turn == turn and version != self.version.value:
                self.version.value = version
