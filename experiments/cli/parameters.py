"""`twoclaims parameters`: the table of all declared parameters, or one explained."""

import json
from dataclasses import asdict
from itertools import groupby
from typing import Any

import rich_click as click

from simulation.errors import InputError

from . import text
from .options import json_option

SECTIONS = {
    "5.1": "Crime",
    "5.2": "Reporting",
    "5.3": "Investigation",
    "5.4": "Booking and the database",
    "5.5": "Enforcement",
    "5.6": "Experience",
    "5.7": "Offenders learn",
    "5.8": "Governance",
    "5.9": "Victimization survey",
}
"""Titles of the submodels, by section of the model's description."""


@click.command()
@click.argument("name", required=False)
@click.option("--priors", is_flag=True, help="Show what is believed of each before fitting, and not how it is used.")
@json_option
def parameters(name: str | None, priors: bool, as_json: bool) -> None:
    """List every parameter of the model, or explain the one that is named.

    \b
    Examples:
      twoclaims parameters
      twoclaims parameters vulnerability.undocumented
      twoclaims parameters --priors
      twoclaims parameters --json
    """
    from simulation.parameters import PARAMETERS

    if name is None:
        declared = list(PARAMETERS.values())
    elif name in PARAMETERS:
        declared = [PARAMETERS[name]]
    else:
        declared = [each for each in PARAMETERS.values() if each.name.startswith(f"{name}.")]
        if not declared:
            raise InputError(_unknown(name, PARAMETERS))
    if as_json:
        click.echo(json.dumps([_record(each) for each in declared], indent=2))
    elif priors:
        click.echo(_priors(declared))
    elif name is None or len(declared) > 1:
        click.echo(_listing(declared))
    else:
        click.echo(_explanation(declared[0]))


def _unknown(name: str, known: Any) -> str:
    from simulation.levers import LEVERS
    from simulation.validation import unknown

    if name in LEVERS:
        return f"'{name}' is a lever, not a parameter: {LEVERS[name].meaning}"
    return unknown("parameter", name, known)


def _record(declared: Any) -> dict[str, Any]:
    return asdict(declared) | {"prior": str(declared.prior)}


def _listing(declared: list) -> str:
    """Return the table, section by section."""
    headers = ("name", "default", "unit", "prior", "lowest", "highest", "source")
    blocks = []
    for section, members in groupby(declared, key=lambda each: each.section):
        rows = [
            (
                p.name,
                f"{p.default:g}",
                p.unit,
                p.prior,
                f"{p.bounds[0]:g}",
                f"{p.bounds[1]:g}",
                ", ".join(p.source),
            )
            for p in members
        ]
        title = SECTIONS.get(section)
        blocks.append((f"{section} {title}" if title else section) + "\n" + text.table(headers, rows))
    return "\n\n".join(blocks)


def _priors(declared: list) -> str:
    """Return the table of priors: where their middle and their plausible ends lie."""
    from simulation.parameters import FIXED

    from ..designs.factors import make_factor

    headers = ("name", "default", "prior", "5%", "50%", "95%", "unit", "source")
    varied = [each for each in declared if each.prior != FIXED]
    rows = []
    for each in varied:
        ends = make_factor(each.name, "parameters").values((0.05, 0.5, 0.95))
        source = ", ".join(each.source)
        rows.append((each.name, f"{each.default:g}", each.prior, *(f"{end:.3g}" for end in ends), each.unit, source))
    fixed = ", ".join(each.name for each in declared if each.prior == FIXED)
    note = f"\n\nWithout a prior, because not meant to vary: {fixed}." if fixed else ""
    return (text.table(headers, rows) if rows else "No prior.") + note


def _explanation(declared: Any) -> str:
    """Return all that is known of one parameter."""
    title = SECTIONS.get(declared.section, "")
    facts = [
        ("default", f"{declared.default:g} ({declared.unit})"),
        ("prior", declared.prior),
        ("allowed", f"{declared.bounds[0]:g} to {declared.bounds[1]:g}"),
        ("used in", f"{declared.section} {title}".rstrip()),
        *(("source", _source(each)) for each in declared.source),
    ]
    rows = "\n".join(f"{name.ljust(8)} {fact}" for name, fact in facts)
    return f"{declared.name}\n{text.paragraph(declared.meaning)}\n\n{rows}"


def _source(identifier: str) -> str:
    """Return what a source id stands for, in one line."""
    from simulation.evidence import evidence
    from simulation.parameters import ASSUMPTION

    if identifier == ASSUMPTION:
        return "assumption: rests on judgment alone"
    found = evidence(identifier)
    measured = "" if found.value is None else f" = {text.value(found.value)} {found.unit}".rstrip()
    return f"{identifier}: {found.quantity}{measured}. {found.citation} ({found.confidence})"
