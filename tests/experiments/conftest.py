"""Fixtures of the experiments' tests."""

import fake_world
import pytest

from experiments.comparison.comparison import Comparison, compare
from experiments.runs import execution


@pytest.fixture(scope="session")
def comparison(tmp_path_factory):
    """Return a comparison of two fake worlds over six seeds, with its result folder."""
    out = tmp_path_factory.mktemp("results") / "pair"
    pair = ("agreement-renewed", "agreement-ended")
    return compare(*pair, seeds=6, out=out, workers=1, progress=False, csv=True, engine=fake_world.engine())


@pytest.fixture(scope="session")
def reported_result(tmp_path_factory):
    """Return the folder of a comparison of two small real worlds."""
    import reported

    return reported.make_result(tmp_path_factory.mktemp("results") / "reported")


@pytest.fixture(scope="session")
def products(reported_result):
    """Return everything that is made of these worlds to take home."""
    import reported

    return reported.Products.of(reported_result)


@pytest.fixture(autouse=True)
def no_figures(request, monkeypatch):
    """Draw figures only where a test asks for them: they take longer than everything else."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(Comparison, "figures", lambda self: {})


@pytest.fixture
def drawn():
    """Let the test's comparisons draw their figures."""


@pytest.fixture
def fake_engine(monkeypatch):
    """Let the command line run the fake model; call it to choose another run function."""

    def use(run=fake_world.run):
        monkeypatch.setattr(execution, "simulation_engine", lambda: fake_world.engine(run))

    use()
    return use


@pytest.fixture
def here(monkeypatch):
    """Let sweeps run in this process: starting processes takes longer than most tests."""
    from experiments.sweeps import sweep

    class Here(execution.Pool):
        def __init__(self, run, workers=None, **options):
            super().__init__(run, 1, **{**options, "apart": False})

    monkeypatch.setattr(sweep, "Pool", Here)


@pytest.fixture
def sweep_command(monkeypatch, here):
    """Return a function that calls `twoclaims sweep` in this process, with a model of `fake_sweep`."""
    import fake_sweep
    from click.testing import CliRunner

    from experiments.cli import main

    def call(*arguments, model=None):
        monkeypatch.setattr(execution, "simulation_engine", lambda: fake_sweep.engine(model or fake_sweep.run))
        return CliRunner().invoke(main, ["sweep", *map(str, arguments)], prog_name="twoclaims", standalone_mode=True)

    return call
