"""Keyed random numbers: every draw is a pure function of (seed, stream, who, occasion).

This is the only file of the project that makes randomness. No draw depends on how many draws came
before it, so nothing that one process does can shift another's luck, and two scenarios with one seed share
every number (common random numbers; MODEL.md section 4). The function is the 64-bit finalizer of SplitMix64
(Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195) applied once for each part of the key.
"""

import numpy as np
from numba import njit

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_WHO = np.uint64(0xD1342543DE82EF95)
_OCCASION = np.uint64(0x2545F4914F6CDD1D)
_OFFSET = np.uint64(0x632BE59BD9B4E019)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53

# Streams: one number for each kind of decision. A stream used for two bystanders takes `stream + slot`.
# Numbers are part of the results: append, never renumber. (Numpy integers, because numba compiles a function anew for
# each plain integer constant it is called with.)
CANDIDATE_COUNT = np.int64(1)
CANDIDATE_DAY = np.int64(2)
CANDIDATE_TYPE = np.int64(3)
ACCEPTANCE = np.int64(4)
OFFENDER_POOL = np.int64(5)
OFFENDER = np.int64(6)
REPLACEMENT = np.int64(7)
SUBSTITUTE = np.int64(8)
HANDLED_OTHERWISE = np.int64(9)
VICTIM_CALL = np.int64(10)
VICTIM_COOPERATION = np.int64(11)
BYSTANDER_PRESENCE = np.int64(12)  # and 13
BYSTANDER_SOURCE = np.int64(14)  # and 15
BYSTANDER_PERSON = np.int64(16)  # and 17
BYSTANDER_CALL = np.int64(18)  # and 19
BYSTANDER_COOPERATION = np.int64(20)  # and 21
SOLVED = np.int64(22)
ON_VIEW = np.int64(23)
ARREST_DELAY = np.int64(24)
WRONGFUL_ARREST = np.int64(25)
WRONG_PERSON = np.int64(26)
CHARGE_GRADE = np.int64(27)
CONVICTION = np.int64(28)
JAIL = np.int64(29)
JAIL_TERM = np.int64(30)
STATE_PRISON = np.int64(31)
FINGERPRINT_MATCH = np.int64(32)
DETAINER = np.int64(33)
PRISON_TRANSFER = np.int64(34)
CAPACITY = np.int64(35)
OPERATION_PLACE = np.int64(36)
LEAD_SUCCESS = np.int64(37)
OTHER_LEAD = np.int64(38)
COLLATERAL_ARREST = np.int64(39)
DETENTION_TERM = np.int64(40)
REMOVAL = np.int64(41)
RETURN_DELAY = np.int64(42)
NEWCOMER_DELAY = np.int64(43)
NEWCOMER_OFFENDING = np.int64(44)
RAID_TARGET = np.int64(45)
LEGALIZATION = np.int64(46)
VICTIM_PROTECTION = np.int64(47)
ACCOMPANIMENT = np.int64(48)
INJUNCTION = np.int64(49)
SURVEY_SAMPLE = np.int64(50)
SURVEY_RESPONSE = np.int64(51)

ORDINALS_PER_YEAR = 64
"""Most candidates one person can have in a year; the occasion of a candidate is year * 64 + ordinal."""

POPULATION = 0
"""Spawn key of the generator that draws the synthetic population."""


@njit("uint64(uint64)", cache=True)
def _mix(x):
    x = (x ^ (x >> _S30)) * _MIX_1
    x = (x ^ (x >> _S27)) * _MIX_2
    return x ^ (x >> _S31)


@njit("float64(int64, int64, int64, int64)", cache=True)
def uniform(seed, stream, who, occasion):
    """Draw the uniform number in [0, 1) that belongs to this seed, stream, person and occasion.

    Parameters
    ----------
    seed : int
        Root seed of the run, 0 to 2**63 - 1.
    stream : int
        Which kind of decision; one of the constants of this module.
    who : int
        Whose draw: a person (see `identity`), or an ordinal where nobody owns the draw.
    occasion : int
        Which time: the occasion of a candidate, or the day.
    """
    h = _mix(np.uint64(seed) + _GOLDEN * np.uint64(stream))
    h = _mix(h ^ (np.uint64(who) * _WHO + _OFFSET))
    h = _mix(h ^ (np.uint64(occasion) * _OCCASION + _GOLDEN))
    return np.float64(h >> _S11) * _TO_UNIT


@njit("int64(int64, int64)", cache=True)
def identity(row, generation):
    """Name a person: the row that holds their state, and how many newcomers have taken that row before."""
    return np.int64(generation) * np.int64(4294967296) + np.int64(row)


def population_generator(seed: int) -> np.random.Generator:
    """Make the generator for one synthetic population; it is used nowhere else."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(POPULATION,)))


def replicate_seed(root_seed: int, replicate: int) -> int:
    """Derive the seed of one replicate from a root seed; distinct replicates get unrelated seeds."""
    state = np.random.SeedSequence(root_seed, spawn_key=(1, replicate)).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(1))
