"""A victimization survey: what residents tell an interviewer, beside what really happened (MODEL.md 5.9, ODD 4.8).

It observes and changes nothing else. Every wave asks a new sample about the days since the wave before. It misses what
real surveys miss: crimes against those who are away or dead, and against those who are too afraid to answer.
"""

import numpy as np

from ..compilation import kernel, loop, rule
from ..randomness import SURVEY_RESPONSE, SURVEY_SAMPLE, identity, uniform
from ..today import CRIMES_TODAY
from .arithmetic import expit, pick
from .presence import is_present
from .reporting import dread_of, fear_of

_EVERYBODY = np.int64(0)
_NOT_ASKED = np.int64(-1)


@rule
def sampled_row(position, start, size, residents):
    """Return the row of one member of a systematic sample.

    `(j * N + start) // n`, in whole numbers: every row is as likely as any other and nobody is asked twice. As rows are
    ordered by district, community and household, all of these are represented in proportion (ODD 4.8).

    Parameters
    ----------
    position : int
        Position j in the sample, 0 to size - 1.
    start : int
        Where the wave's sample starts, 0 to N - 1.
    size : int
        Members n of the sample, 1 to N.
    residents : int
        Residents N.

    Returns
    -------
    int
        0 to N - 1.
    """
    return (position * residents + start) // size


@rule
def sampled_position(row, start, size, residents):
    """Return which member of a systematic sample a row is, -1 if none; the inverse of `sampled_row`.

    Parameters
    ----------
    row : int
        0 to N - 1.
    start, size, residents : int
        See `sampled_row`; the size may be 0.

    Returns
    -------
    int
        -1 to size - 1.
    """
    position = (row * size - start + residents - 1) // residents  # the first at or after the row
    is_sampled = 0 <= position < size and position * residents + start < (row + 1) * size
    return position if is_sampled else _NOT_ASKED


@rule
def response_probability(response, fear_effect, dread_felt):
    """Return the chance that a resident who is asked answers.

    `expit(logit(survey_response) - survey_fear_effect * dread_i)`: who dreads the authorities does not open the door to
    an interviewer either (MODEL.md 5.9, ODD 4.8).

    Parameters
    ----------
    response : float
        Log-odds of answering without dread.
    fear_effect : float
        Log-odds per unit of dread, 0 or more; 0 switches the mechanism off.
    dread_felt : float
        Dread, 0 to 1.

    Returns
    -------
    float
        0 to 1.
    """
    return expit(response - fear_effect * dread_felt)


@rule
def wave_of(day, first, recall):
    """Return the wave that asks about a day; below 0 if none does.

    Parameters
    ----------
    day : int
        Before the end of the last wave.
    first : int
        Day on which the first wave begins.
    recall : int
        Days that a wave asks about, at least 1.

    Returns
    -------
    int
    """
    return (day - first) // recall


@kernel
def wave_start(seed, wave, residents):
    """Return where the sample of a wave starts, `pick(u(SURVEY_SAMPLE, 0, wave), N)`."""
    return pick(uniform(seed, SURVEY_SAMPLE, _EVERYBODY, wave), residents.shape[0])


@loop
def remember_crimes(day, seed, residents, today, survey):
    """Let those whom the wave under way will ask remember what they suffer today (ODD 4.8).

    Parameters
    ----------
    day : int
        The day that ends.
    seed, residents, today
        The state of the run (see `simulation.submodels`); only read.
    survey : Survey
        Changed: its `memory`.
    """
    wave = wave_of(day, survey.first, survey.recall)
    if wave < 0:
        return
    start, size = wave_start(seed, wave, residents), survey.memory.shape[0]
    for q in range(today.size[CRIMES_TODAY]):
        crime = today.crimes[q]
        position = sampled_position(np.int64(crime.victim), start, size, residents.shape[0])
        if position >= 0:
            memory = survey.memory[position]
            if memory.generation != crime.generation:
                memory.generation, memory.crimes, memory.reported = crime.generation, 0, 0
            memory.crimes += 1
            memory.reported += crime.reported


@loop
def hold_interviews(day, seed, rules, residents, communities, survey):
    """Ask the sample on the evening of a wave's last day, and forget what was told (ODD 4.8).

    Asked are those who are there; they tell of the crimes that they suffered themselves.

    Parameters
    ----------
    day : int
        The day that ends.
    seed, rules, residents, communities
        The state of the run (see `simulation.submodels`); only read.
    survey : Survey
        Changed, if a wave ends on that day.
    """
    wave = wave_of(day, survey.first, survey.recall)
    if wave < 0 or wave_of(day + 1, survey.first, survey.recall) == wave:
        return
    start, size = wave_start(seed, wave, residents), survey.memory.shape[0]
    calm = response_probability(rules.survey_response, rules.survey_fear_effect, 0.0)
    for position in range(size):
        row = sampled_row(position, start, size, residents.shape[0])
        resident, memory = residents[row], survey.memory[position]
        if is_present(resident.until, day):
            answers = survey.answers[wave, resident.community]
            answers.asked += 1
            felt = dread_of(resident, fear_of(resident, day, rules.fear_decay), rules, communities)
            p = calm
            if felt > 0.0:
                p = response_probability(rules.survey_response, rules.survey_fear_effect, felt)
            # Multiplied and not asked: nobody can guess who answers, a processor neither.
            is_answered = uniform(seed, SURVEY_RESPONSE, identity(row, resident.generation), wave) < p
            is_told = is_answered & (memory.generation == resident.generation)
            answers.answered += is_answered
            answers.crimes += is_told * memory.crimes
            answers.reported += is_told * memory.reported
        memory.crimes, memory.reported = 0, 0
