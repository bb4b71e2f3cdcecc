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


class RemovalRecord(NamedTuple):
    """A person removed; whether the household had lost nobody to removal before."""

    day: int
    who: int
    first_of_household: bool
