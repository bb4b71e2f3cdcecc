"""What the oracle writes down, in the order in which it happened (ODD 4.8)."""

from typing import NamedTuple


class CrimeRecord(NamedTuple):
    """A crime that happened, identified by `who` and `occasion`; a row is -1 where there was nobody."""

    day: int
    who: int
    occasion: int
    crime_type: int
    offender_row: int
    handled_otherwise: bool
    reported: bool
    recorded: bool
    cleared: bool
    p_victim_call: float
    bystander_rows: tuple[int, int]
    cooperating: int

    @property
    def victim_row(self) -> int:
        """The row of the victim, whatever the generation."""
        return self.who % 2**32


class BookingRecord(NamedTuple):
    """A person booked by the police; `code` is the crime type, or `OTHER_ARREST`."""

    day: int
    who: int
    grade: int
    code: int


class ArrestRecord(NamedTuple):
    """An arrest by the immigration agency."""

    day: int
    who: int
    channel: int
    criminality: int
    from_police_data: bool
    in_raid: bool


class RemovalRecord(NamedTuple):
    """A person removed; whether the household had lost nobody to removal before."""

    day: int
    who: int
    first_of_household: bool


class VoteRecord(NamedTuple):
    """A vote of the owners of the database: who voted to end the agreement, and what each one's yardstick said."""

    day: int
    votes: tuple[bool, bool, bool]
    ended: bool
    values: tuple[float | None, float | None, float | None]


class CutRecord(NamedTuple):
    """A cut of the police budget, in force from `start` until the day before `end`."""

    start: int
    end: int
    share: float
    blocked: bool
