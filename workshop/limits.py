"""What one visitor, and all of them together, may ask of the machine that serves the page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Caps; what goes beyond is refused with a plain message.

    Attributes
    ----------
    sessions : int
        Visitors at a time.
    pairs : int
        Pairs of worlds behind one picture.
    residents : int
        Simulated residents of a world.
    years : float
        Length of a world.
    file_bytes : int
        Size of a file that a visitor gives.
    link_letters : int
        Length of a link's query.
    kept_runs : int
        Runs that are kept for whoever asks for the same.
    idle_minutes : int
        How long the state of a visitor is kept after the connection is lost.
    """

    sessions: int = 60
    pairs: int = 400
    residents: int = 200_000
    years: float = 12.0
    file_bytes: int = 200_000
    link_letters: int = 6_000
    kept_runs: int = 1_000
    idle_minutes: int = 15
