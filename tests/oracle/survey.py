"""A victimization survey, beside what really happened (ODD 4.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from simulation.randomness import SURVEY_RESPONSE, SURVEY_SAMPLE

from .arithmetic import expit, logit, pick

if TYPE_CHECKING:
    from .model import Oracle
    from .records import CrimeRecord
    from .resident import Resident


class Interview(NamedTuple):
    """What became of one member of the sample who was there: no answer, or the crimes told and those reported."""

    wave: int
    row: int
    community: int
    dread: float
    answered: bool
    crimes: int
    reported: int


class VictimizationSurvey:
    """Ask a new sample of residents at the end of each wave; nobody in the city notices."""

    def __init__(self, model: Oracle):
        self.model = model
        self.recall = round(model.values["survey_recall"])
        self.size = min(round(model.values["survey_size"]), len(model.residents))
        self.interviews: list[Interview] = []

    def observe(self) -> None:
        """Hold the interviews if a wave ends today: waves follow one another, and the last ends with the run."""
        waves = self.model.days // self.recall
        days_to_go = self.model.days - 1 - self.model.day
        wave = waves - 1 - days_to_go // self.recall
        if days_to_go % self.recall == 0 and wave >= 0:
            suffered = self.suffered()
            self.interviews.extend(self.ask(person, wave, suffered) for person in self.sample(wave) if person.present)

    def suffered(self) -> dict[int, list[CrimeRecord]]:
        """Return the crimes since the wave before, by the identity of the victim."""
        found = defaultdict(list)
        for crime in self.model.crimes:
            if crime.day > self.model.day - self.recall:
                found[crime.who].append(crime)
        return found

    def sample(self, wave: int) -> Iterator[Resident]:
        """Yield every so many-th resident, in row order, from a random start."""
        residents = self.model.residents
        start = pick(self.model.u(SURVEY_SAMPLE, 0, wave), len(residents))
        for position in range(self.size):
            yield residents[(position * len(residents) + start) // self.size]

    def ask(self, person: Resident, wave: int, suffered: dict[int, list[CrimeRecord]]) -> Interview:
        """Ask a person about the days since the wave before; the more dread, the fewer answer."""
        values = self.model.values
        p = expit(logit(values["survey_response"]) - values["survey_fear_effect"] * person.dread)
        answered = self.model.u(SURVEY_RESPONSE, person.who, wave) < p
        told = suffered.get(person.who, []) if answered else []
        reported = sum(c.reported for c in told)
        return Interview(wave, person.row, int(person.community.code), person.dread, answered, len(told), reported)
