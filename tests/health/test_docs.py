"""What the documents say holds: commands parse, examples run, links lead somewhere, generated pages are current."""

import re
import shlex
import subprocess
import sys
import tomllib

import pytest
import rich_click as click
from documents import ROOT, TEXT, blocks, commands

from benchmarks import measures
from benchmarks.peers.frameworks import PEERS
from benchmarks.table import MEASURES, ROWS
from docs.build import FOLDER, PAGES
from experiments.cli import main
from simulation.scenario import Scenario


def anchors(text):
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_current(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run `python -m docs.build`"


@pytest.mark.parametrize("command", commands("twoclaims"))
def test_commands_parse(command):
    group, arguments, context = main, shlex.split(command)[1:], None
    while True:
        name = arguments[0] if context else "twoclaims"
        parsed = arguments[1:] if context else arguments
        # A bare name is a mention, not a command to type.
        asks_only = not parsed or {"--help", "--version"} & set(parsed)
        context = group.make_context(name, parsed, context, resilient_parsing=bool(asks_only))
        if asks_only or not isinstance(group, click.Group):
            return
        arguments = [*context._protected_args, *context.args]
        if not arguments:
            return
        group = group.get_command(context, arguments[0])
        assert group is not None, f"no command {arguments[0]!r}"


@pytest.mark.parametrize("command", commands("twoclaims"))
def test_scenarios_in_commands_ship(command):
    words = shlex.split(command)[1:]
    named = {word for word in words if re.fullmatch(r"(agreement|no-sharing|convictions)-[a-z0-9-]+", word)}
    assert {re.sub(r"-(p\d{6}-r)?\d{4}$", "", name) for name in named} <= set(Scenario.names())


@pytest.mark.parametrize("command", commands("make"))
def test_make_targets_exist(command):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert command.split()[1] in targets


@pytest.mark.parametrize(("page", "block"), [b for b in blocks("toml") if "extends" in b[1]], ids=lambda x: x[:20])
def test_scenario_examples_load(page, block, tmp_path):
    file = tmp_path / "example.toml"
    file.write_text(block, encoding="utf-8")
    assert Scenario.load(file).title == tomllib.loads(block)["title"]


RUNNABLE = [b for b in blocks("python") if "results/NAME" not in b[1]]


@pytest.mark.parametrize(("page", "block"), RUNNABLE, ids=[f"{page}-{i}" for i, (page, _) in enumerate(RUNNABLE)])
def test_python_examples_run(page, block, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{block}"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout
    assert not list(tmp_path.iterdir()), "an example leaves files behind"


LINKS = [(page, link) for page, text in TEXT.items() for link in re.findall(r"\]\(([^)\s]+)\)", text)]


@pytest.mark.parametrize(("page", "link"), [each for each in LINKS if "://" not in each[1]])
def test_links_lead_somewhere(page, link):
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists()
    if anchor:
        assert anchor in anchors(target.read_text(encoding="utf-8"))


def test_the_readme_stays_short():
    assert len(TEXT["README.md"].splitlines()) < 200


def test_every_row_of_the_speed_table_is_measured():
    assert {row.measure for row in ROWS} == {measure.name for measure in MEASURES}
    assert all(hasattr(measures, measure.function) for measure in MEASURES)


def test_the_readme_shows_the_last_measurements():
    table = re.findall(r"^\|.*\|$", (ROOT / "benchmarks" / "results.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert table
    assert "\n".join(table) in TEXT["README.md"]


def test_the_performance_page_shows_the_last_comparison_of_frameworks():
    table = re.findall(r"^\|.*\|$", (ROOT / "benchmarks" / "peers.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(table) == 2 + len(PEERS)
    assert "\n".join(table) in TEXT["docs/performance.md"]
