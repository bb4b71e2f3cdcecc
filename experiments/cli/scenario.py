"""`twoclaims scenario`: list, show, check, new, diff."""

import json
import os
import re
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import rich_click as click

from simulation.errors import InputError

from . import text
from .options import json_option

STARTER = """\
# A scenario: what it says here differs from the one it extends, and the rest is inherited.
# Check it with `twoclaims scenario check {name}.toml`, and see the outcome with
# `twoclaims scenario diff {base} {name}.toml`.
extends = {base_toml}
title = "{title}"
description = \"\"\"
One neutral paragraph: what is different in this world, and since when.
\"\"\"
sources = []                            # evidence ids or citations
expected = []                           # patterns expected before running, in sentences

# years = 5                             # length of the run
# scale = 0.1                           # share of the city's residents that is simulated
# outcomes_from = 2018-08-31            # first day that outcomes are measured on

# [agreement]                           # what the immigration agency may see at the start
# roles = ["arrestee"]                  # arrestee, victim, witness
# fields = ["country_of_birth"]         # country_of_birth, immigration_status
# real_time = true

# [[event]]                             # a dated policy event, of one of these kinds:
{kinds}
# date = 2018-08-31
# kind = "agreement_ends"
# why = "The reason, in a sentence."

# [levers]                              # choices that stand for the whole run
{levers}

# [parameters]                          # see `twoclaims parameters`
# fear_effect = 2.0
"""


@click.group()
def scenario() -> None:
    """List, show, check, start or compare scenario files."""


@scenario.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the scenarios that ship.

    \b
    Examples:
      twoclaims scenario list
      twoclaims scenario list --json
    """
    from simulation.scenario import Scenario

    loaded = sorted(map(Scenario.load, Scenario.names()), key=lambda each: (_place_in_list(each), each.name))
    if as_json:
        fields = ("name", "group", "title", "description", "expected", "sources")
        click.echo(json.dumps([{f: getattr(each, f) for f in fields} for each in loaded], indent=2))
        return
    width = max(len(each.name) for each in loaded)
    for group, members in groupby(loaded, key=lambda each: each.group):
        click.echo(f"{group or 'Others'}\n" + "\n".join(f"  {m.name.ljust(width)}  {m.title}" for m in members) + "\n")
    click.echo("`twoclaims scenario show NAME` shows one; `twoclaims scenario diff A B` says what differs.")


@scenario.command()
@click.argument("name", metavar="SCENARIO")
@click.option("--toml", is_flag=True, help="Write a complete scenario file that extends nothing.")
def show(name: str, toml: bool) -> None:
    """Show everything that a scenario says and inherits.

    \b
    Examples:
      twoclaims scenario show agreement-ended
      twoclaims scenario show agreement-ended --toml > mine.toml
    """
    from simulation.scenario import Scenario

    loaded = Scenario.load(name)
    click.echo(loaded.to_toml() if toml else _card(loaded), nl=not toml)


@scenario.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def check(files: tuple[str, ...]) -> None:
    """Check scenario files (or shipped names): ok, or one line that says what is wrong.

    \b
    Example:
      twoclaims scenario check mine.toml other.toml
    """
    from simulation.scenario import Scenario

    failed = False
    for file in files:
        try:
            loaded = Scenario.load(file)
        except InputError as error:
            failed = True
            click.echo(f"error: {error}", err=True)
        else:
            click.echo(f"ok: {file} ({loaded.title}; {loaded.start} to {loaded.end}, {loaded.days} days)")
    if failed:
        raise click.exceptions.Exit(2)


@scenario.command()
@click.argument("name")
@click.option("--from", "base", required=True, metavar="SCENARIO", help="The scenario that the new one extends.")
def new(name: str, base: str) -> None:
    """Write a commented file NAME.toml in the current folder, to be filled in.

    \b
    Example:
      twoclaims scenario new slow-data --from agreement-renewed
    """
    from simulation.events import EVENT_KINDS
    from simulation.levers import LEVERS
    from simulation.scenario import Scenario

    name = name.removesuffix(".toml")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise InputError(f"name = {name!r}: use letters, digits, - and _, beginning with a letter or digit")
    if name in Scenario.names():
        raise InputError(f"name = {name!r}: a scenario of that name ships; choose another")
    Scenario.load(base)
    kinds = [f"#   {name}".ljust(40) + f"# {kind.meaning}" for name, kind in EVENT_KINDS.items()]
    levers = [f"# {n} = {json.dumps(lever.default)}".ljust(40) + f"# {lever.meaning}" for n, lever in LEVERS.items()]
    content = STARTER.format(
        name=name,
        base=base,
        base_toml=json.dumps(base),
        title=re.sub(r"[-_]", " ", name).capitalize(),
        kinds="\n".join(kinds),
        levers="\n".join(levers),
    )
    path = Path(f"{name}.toml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise InputError(f"{path}: exists already; choose another name or move it away") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {os.strerror(error.errno)}") from None
    click.echo(f"wrote {path}; edit it, then `twoclaims scenario check {path}`")


@scenario.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@json_option
def diff(a: str, b: str, as_json: bool) -> None:
    """Say in plain words exactly what differs between two scenarios.

    \b
    Examples:
      twoclaims scenario diff agreement-renewed agreement-ended
      twoclaims scenario diff agreement-renewed mine.toml --json
    """
    from simulation.scenario import Scenario

    from ..comparison.card import card, card_text

    first, second = Scenario.load(a), Scenario.load(b)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in card(first, second)], indent=2, default=str))
        return
    names = (first.name, second.name) if first.name != second.name else (a, b)
    click.echo(card_text(first, second, names, lambda paragraph: text.paragraph(paragraph, indent=2)))


GROUPS = (
    "The dispute of 2018",
    "What is shared",
    "Detainers, fingerprints and priorities",
    "How it is told",
    "Enforcement in the streets",
    "Money and votes",
    "Help for victims",
    "Under other assumptions",
    "Checks",
)
"""Headings of the list, in order; others follow."""


def _place_in_list(loaded: Any) -> tuple[int, str]:
    return GROUPS.index(loaded.group) if loaded.group in GROUPS else len(GROUPS), loaded.group


def _card(loaded: Any) -> str:
    """Return a scenario for reading."""
    from simulation.levers import LEVERS
    from simulation.parameters import PARAMETERS

    lines = [f"{loaded.title} ({loaded.name})", ""]
    if loaded.description:
        lines += [text.paragraph(loaded.description), ""]
    facts = [
        ("place", loaded.place),
        ("days", f"{loaded.start} to {loaded.end} (not included), {loaded.days} days"),
        ("outcomes from", loaded.outcomes_from),
        ("scale", f"{loaded.scale:g} of the residents"),
        ("population seed", "the run's own" if loaded.population_seed is None else loaded.population_seed),
        ("snapshots", f"every {loaded.collection_days} days"),
        ("agreement", loaded.agreement),
        *((f"on {event.date}", f"{event}{': ' if event.why else ''}{event.why}") for event in loaded.events),
        *((f"expected {i}", pattern) for i, pattern in enumerate(loaded.expected, 1)),
        *((f"source {i}", source) for i, source in enumerate(loaded.sources, 1)),
    ]
    size = max(len(name) for name, _ in facts)
    lines += [f"{name.ljust(size)}  {fact}" for name, fact in facts]
    lines += ["", "Levers"]
    lines.append(
        text.table(
            ("name", "value", "meaning"),
            [(n, text.value(v), LEVERS[n].meaning) for n, v in loaded.levers.items()],
        )
    )
    changed = [
        (name, text.value(item), text.value(PARAMETERS[name].default), PARAMETERS[name].meaning)
        for name, item in loaded.parameters.items()
        if item != PARAMETERS[name].default
    ]
    lines += [
        "",
        "Parameters that differ from their defaults" if changed else "All parameters are at their defaults.",
    ]
    if changed:
        lines.append(text.table(("name", "value", "default", "meaning"), changed))
    return "\n".join(lines)
