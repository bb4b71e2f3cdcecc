"""Worlds that several tests read; a test that changes a world makes its own (`tests.worlds`)."""

import os

import pytest
from hypothesis import settings

from simulation.occurrences import EnforcementNews, FundingCut, Legalization, PoliceScandal, Raid, Vote
from tests import worlds
from tests.browser import ARGUMENTS, CHROMIUM, NO_BROWSER

# The same inputs in every run, so that a red build can be repeated; HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def hot_world():
    """Return a world in which much happened: two and a half years, three policies, batches, newcomers and events."""
    policies = [
        (0, worlds.ALL_SHOWN._replace(**worlds.IN_USE)),
        (300, worlds.REFERENCE._replace(real_time=False)),
        (500, worlds.ALL_SHOWN._replace(priorities=1, capacity=2.0)),
    ]
    occurrences = [
        (100, Raid(300.0, None, False, False)),
        (150, EnforcementNews(1.0, worlds.EVERYBODY)),
        (250, PoliceScandal(0.5, worlds.EVERYBODY)),
        (400, Raid(300.0, None, True, True)),
        (450, FundingCut(0.1, 0.0, 450, False)),
        (600, Legalization(0.2)),
        (700, Vote((True, None, True), 700, 800)),
    ]
    return worlds.run_engine(policies, worlds.HOT, days=900, scale=0.2, place=worlds.BUSY, occurrences=occurrences)


@pytest.fixture(scope="session")
def browser():
    """Return a headless browser."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()
