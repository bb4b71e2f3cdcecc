"""Did any number move? Riverton, two scenarios and two seeds, against the committed outcomes."""

import pytest

from tests.regression.reference import SCENARIOS, SEEDS, compute, stored

ADVICE = (
    "results differ from results/reference/riverton.json. If that is meant, run "
    "`python -m tests.regression.rebuild` and add an entry to CHANGELOG.md under 'Results change' "
    "with old value, new value and reason; otherwise it is a bug."
)


@pytest.fixture(scope="module")
def worlds():
    return compute()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_outcome_has_moved(worlds, scenario, seed):
    """Every outcome of every group is the committed one, up to rounding in the last digits."""
    old, new = stored()[scenario][str(seed)], worlds[scenario][str(seed)]
    assert list(new) == list(old), f"Outcomes were added or taken away: {ADVICE}"
    moved = [
        f"{key}: was {old[key]!r}, is {new[key]!r}"
        for key in old
        if new[key] != old[key] and new[key] != pytest.approx(old[key], rel=1e-12, abs=1e-12)
    ]
    assert not moved, f"{len(moved)} {ADVICE}\n" + "\n".join(moved[:10])


def test_the_reference_run_is_worth_comparing():
    """The two scenarios and the two seeds differ, and every channel of arrest but the rarest occurs."""
    reference = stored()
    worlds = [reference[scenario][str(seed)] for scenario in SCENARIOS for seed in SEEDS]
    assert len({world["crimes_reported"] for world in worlds}) >= 3
    assert worlds[0]["belief.latino"] != worlds[2]["belief.latino"]
    assert all(world["crimes_happened"] > 500 for world in worlds)
