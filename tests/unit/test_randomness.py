"""Keyed random numbers: pinned, uniform, and independent across seed, stream, who and occasion.

All tests use fixed keys, so they either always pass or always fail; limits are four standard errors, or the
1 in 10,000 point of a test statistic, over keys of little entropy such as the engine uses.
"""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from simulation import randomness
from simulation.randomness import (
    CANDIDATE_DAY,
    VICTIM_CALL,
    identity,
    population_generator,
    replicate_seed,
    uniform,
)

N = 20_000
RARE = 1e-4
_MASK = 2**64 - 1


def mix(x):
    """Return the SplitMix64 finalizer of a whole number, in unbounded integers."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def by_hand(seed, stream, who, occasion):
    """Compute the draw of a key from the definition."""
    h = mix((seed + 0x9E3779B97F4A7C15 * stream) & _MASK)
    h = mix(h ^ ((who * 0xD1342543DE82EF95 + 0x632BE59BD9B4E019) & _MASK))
    h = mix(h ^ ((occasion * 0x2545F4914F6CDD1D + 0x9E3779B97F4A7C15) & _MASK))
    return (h >> 11) / 2**53


SEQUENCES = {
    "who": lambda i: (1, VICTIM_CALL, i, 64),
    "who, late": lambda i: (1, VICTIM_CALL, 1_400_000 + i, 200),
    "generation": lambda i: (1, VICTIM_CALL, identity(i % 100, i // 100), 64),
    "ordinal": lambda i: (1, VICTIM_CALL, 17, i),
    "day": lambda i: (12345, int(randomness.CAPACITY), 0, i),
    "seed": lambda i: (i, VICTIM_CALL, 17, 64),
    "stream": lambda i: (1, i, 17, 64),
    "person and year": lambda i: (9, CANDIDATE_DAY, i // 4, 64 * (i % 4)),
    "replicate": lambda i: (replicate_seed(7, i % 40), VICTIM_CALL, i // 40, 3),
}
"""Keys that differ in one part only, and by one: what a weak mixing function would show."""


def draw(sequence, n=N):
    return np.array([uniform(*SEQUENCES[sequence](i)) for i in range(n)])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ((0, 0, 0, 0), 0.9639825042187711),
        ((1, 10, 17, 64), 0.5082417619223908),
        ((2**63 - 1, 44, 5 * 2**32 + 1_500_000, 319), 0.9716422595465201),
        ((20180831, 4, 123456, 130), 0.4460317224317527),
    ],
)
def test_known_values(key, value):
    """The numbers are part of the results: they must never change, on any machine."""
    assert uniform(*key) == value


def test_draws_follow_the_definition():
    """The compiled function equals three rounds of SplitMix64 in exact integers."""
    keys = np.random.default_rng(1).integers(0, 2**62, (300, 4)).tolist()
    keys += [[seed, stream, who, 65] for seed in (0, 1) for stream in (1, 44) for who in (0, 1, 2**32, 2**40 + 3)]
    assert [uniform(*key) for key in keys] == [by_hand(*key) for key in keys]


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_draws_are_uniform(sequence):
    """Kolmogorov-Smirnov and, over 100 equal bins, chi-square; never 1, never below 0."""
    u = draw(sequence)
    assert u.min() >= 0
    assert u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > RARE
    assert stats.chisquare(np.bincount((u * 100).astype(int), minlength=100)).pvalue > RARE


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_neighboring_keys_are_independent(sequence):
    """No serial correlation at lags 1 to 8, and pairs of neighbors fill a 16 by 16 grid evenly."""
    u = draw(sequence)
    for lag in range(1, 9):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 4 / np.sqrt(N - lag), lag
    cells = (u[0::2] * 16).astype(int) * 16 + (u[1::2] * 16).astype(int)
    assert stats.chisquare(np.bincount(cells, minlength=256)).pvalue > RARE


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_runs_up_and_down_have_the_expected_number(sequence):
    """Among N independent numbers (2N - 1) / 3 runs are expected, with variance (16N - 29) / 90."""
    rising = np.diff(draw(sequence)) > 0
    runs = 1 + np.count_nonzero(rising[1:] != rising[:-1])
    assert abs(runs - (2 * N - 1) / 3) < 4 * np.sqrt((16 * N - 29) / 90)


def test_streams_of_one_event_are_independent():
    """The draws of one candidate in different streams do not correlate, in any pair of the 49 streams."""
    names = [n for n in dir(randomness) if n.isupper() and isinstance(getattr(randomness, n), np.int64)]
    streams = sorted(int(getattr(randomness, name)) for name in names)
    assert len(set(streams)) == len(streams)
    streams = range(1, max(streams) + 1)
    n = 4000
    u = np.array([[uniform(1, stream, who, 64) for who in range(n)] for stream in streams])
    correlations = np.corrcoef(u)[np.triu_indices(len(u), 1)]
    # The largest of 1,176 standard normals exceeds 5.0 once in 1,500 times.
    assert np.abs(correlations).max() < 5.0 / np.sqrt(n)
    assert stats.kstest(correlations * np.sqrt(n), "norm").pvalue > RARE


@pytest.mark.parametrize("part", ["seed", "stream", "who", "occasion"])
def test_two_values_of_one_part_give_independent_sets(part):
    """For the same other parts, draws at 1, 2, 3, 2**20 and 2**32 of one part do not correlate."""
    position = ("seed", "stream", "who", "occasion").index(part)
    varied = (position + 1) % 4 if part != "who" else 3

    def draws(value):
        key = [5, 3, 7, 64]
        key[position] = value
        return [uniform(*key[:varied], i, *key[varied + 1 :]) for i in range(5000)]

    sets = [draws(value) for value in (1, 2, 3, 2**20, 2**32)]
    for a, b in combinations(sets, 2):
        assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(5000)


@pytest.mark.parametrize("part", range(4))
def test_every_bit_of_a_key_moves_every_bit_of_the_draw(part):
    """Avalanche: flipping one of the lower 40 bits of a part flips each of the 53 bits of the draw half the time."""
    keys = np.random.default_rng(2).integers(0, 2**31, (400, 4)).tolist()
    flipped = np.zeros((40, 53))
    for key in keys:
        before = int(uniform(*key) * 2**53)
        for bit in range(40):
            other = [*key]
            other[part] ^= 1 << bit
            change = before ^ int(uniform(*other) * 2**53)
            flipped[bit] += [change >> b & 1 for b in range(53)]
    # The largest of 2,120 standard normals exceeds 5 once in 800 times.
    assert np.abs(flipped / len(keys) - 0.5).max() < 5 * 0.5 / np.sqrt(len(keys))


def test_slots_of_bystanders_have_their_own_streams():
    """A stream used for two bystanders takes `stream + 1`, which no other decision uses."""
    taken = {n: int(getattr(randomness, n)) for n in dir(randomness) if n.startswith("BYSTANDER")}
    others = {int(v) for n, v in vars(randomness).items() if isinstance(v, np.int64) and n not in taken}
    pairs = [code + slot for code in taken.values() for slot in (0, 1)]
    assert len(set(pairs)) == 10
    assert not others & set(pairs)


def test_identities_are_distinct():
    """Row and generation can be read back from an identity."""
    for row, generation in [(0, 0), (1_599_999, 0), (0, 1), (1_599_999, 255)]:
        who = identity(row, generation)
        assert (who % 2**32, who // 2**32) == (row, generation)


def test_replicate_seeds_are_distinct_and_repeatable():
    """A thousand replicates of neighboring roots have a thousand seeds each, the same at every call."""
    seeds = [replicate_seed(root, k) for root in (0, 1, 2) for k in range(1000)]
    assert seeds == [replicate_seed(root, k) for root in (0, 1, 2) for k in range(1000)]
    assert len(set(seeds)) == 3000
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_a_population_generator_belongs_to_its_seed():
    """One seed always starts the same generator, unrelated to the next one's."""
    a, b, c = (population_generator(seed).random(5000) for seed in (3, 3, 4))
    assert (a == b).all()
    assert abs(np.corrcoef(a, c)[0, 1]) < 4 / np.sqrt(5000)
