"""What a story consists of: one crime, the people at it, the decision that differed, and the named cause."""

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

REPORTED, SOLVED, HAPPENED = "reported", "solved", "happened"
KINDS = (REPORTED, SOLVED, HAPPENED)


class Values(NamedTuple):
    """A number or a fact in world A, in world B, and *after*: in the world without, with the cause as in the other."""

    a: Any
    b: Any
    after: Any


@dataclass(frozen=True)
class Chance:
    """A decision: a draw that is the same in both worlds, and the probability it has to stay below."""

    draw: float
    p: Values


@dataclass(frozen=True)
class Resident:
    """A resident of the model: row, how many newcomers have held it in A and in B, and who they are.

    Legal status, and whether another member of the household is undocumented, may change during a run: first as at its
    start, then as at the crime in A and in B.
    """

    row: int
    newcomers_a: int
    newcomers_b: int
    community: str
    status: str
    lives_with_undocumented: bool
    status_a: str
    status_b: str
    with_undocumented_a: bool
    with_undocumented_b: bool


@dataclass(frozen=True)
class Party:
    """A person at a crime: what they felt that morning, what they might do, and what they did.

    `position` is 0 for the victim, 1 and 2 for the bystanders; `name` is what the story calls them.

    The log-odds of calling are `call_intercept + trust_effect * trust - fear_effect * dread`, with
    `dread = relief * vulnerability * belief * (1 - exp(-(fear + salience)))`; those of cooperating have the other
    intercept, and `court` taken off. `relief` is below 1 where a victim has help.
    `call` and `cooperation` are 0 in a world in which the person was not there.
    """

    position: int
    name: str
    resident: Resident
    vulnerability: Values
    call_intercept: float
    cooperation_intercept: float | None
    present: Values
    trust: Values
    fear: Values
    belief: Values
    salience: Values
    relief: Values
    dread: Values
    court: Values
    call: Chance
    calls: Values
    cooperation: Chance
    cooperates: Values


@dataclass(frozen=True)
class Effect:
    """What an event did to the person in one `position` at the crime: on its day, and what was left on the crime's."""

    position: int
    relation: str
    fear_added: float
    fear_left: float
    trust_added: float
    trust_left: float


@dataclass(frozen=True)
class Cause:
    """One difference between the worlds.

    Attributes
    ----------
    kind : str
        perceived_sharing, enforcement_in_mind, immigration_arrest, visit, raid, police_arrest, crime, police_scandal,
        presence, newcomer, legal_status, accompaniment, victim_protection, courthouse_operations, caseload, detectives,
        police_budget, victim_here, offender_here or learned_risk.
    title : str
        In a few words.
    strength : float
        How much the probability of the story's outcome changes if this alone is as in the other world.
    in_a, in_b : str
        The facts in each world, in words; empty where an event did not happen or did not touch the person, or nothing
        is to be told of one world alone.
    row : int or None
        Resident to whom an event happened, or who differs.
    date : str or None
        ISO date of an event.
    community : str or None
        Whose perceived sharing, enforcement in mind or learned risk.
    value_a, value_b : float or None
        Perceived sharing, enforcement in mind, learned risk, open cases; detectives or money as a share of the usual;
        what a person has to lose; the factor of an advocate's help on dread, how sure protection is, or operations at
        courthouses.
    effects_a, effects_b : tuple of Effect
        What an event did, in each world.
    background : dict
        Further numbers, (A, B) by what they are.
    """

    kind: str
    title: str
    strength: float
    in_a: str = ""
    in_b: str = ""
    row: int | None = None
    date: str | None = None
    community: str | None = None
    value_a: float | None = None
    value_b: float | None = None
    effects_a: tuple[Effect, ...] = ()
    effects_b: tuple[Effect, ...] = ()
    background: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """One crime that was reported, or solved, or that happened, in one of two worlds only.

    Attributes
    ----------
    kind : str
        reported, solved or happened: what differs.
    scenarios : (str, str)
        Names of A and B.
    done_in : str
        "A" or "B": where it was reported, solved, or happened.
    date, crime_type, district : str
    victim : Resident
    offender : Resident or None
        Only told where the crime happened in one world only.
    parties : tuple of Party
        Victim, then bystanders; empty where the crime happened in one world only.
    reported, solved : Values or None
        Of bool.
    solving, on_view : Chance or None
        The chance of solving it once reported, and the chance of an arrest on the spot where nobody reports it.
    load : Values or None
        How far the caseload of the division, shared among its detectives, lowers the log-odds of solving it.
    happening : Chance or None
        The chance that the victim's community and the offender give it.
    usual : float or None
        That chance where nothing is feared and nothing shared.
    causes : tuple of Cause
        Strongest first; with these as in the other world the decision flips, and none of them can be left out.
    further : tuple of Cause
        What differs as well, strongest first.
    change : float
        How far the causes move the probability of the decision that flips.
    language : str
        Code of the language in which it is told.
    """

    kind: str
    scenarios: tuple[str, str]
    done_in: str
    date: str
    crime_type: str
    district: str
    victim: Resident
    causes: tuple[Cause, ...]
    further: tuple[Cause, ...]
    change: float
    language: str
    offender: Resident | None = None
    parties: tuple[Party, ...] = ()
    reported: Values | None = None
    solved: Values | None = None
    solving: Chance | None = None
    load: Values | None = None
    on_view: Chance | None = None
    happening: Chance | None = None
    usual: float | None = None

    @property
    def other(self) -> str:
        """The world in which it was not reported, not solved, or did not happen: "A" or "B"."""
        return "B" if self.done_in == "A" else "A"

    def text(self) -> str:
        """Return the story in plain words."""
        from .text import story_text

        return story_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; `Values` become lists of A, B and after."""
        told = asdict(self)
        del told["language"]
        return told | {"text": self.text()}
