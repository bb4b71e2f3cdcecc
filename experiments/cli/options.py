"""Options that several commands share, and the checks of what is typed into them."""

import math
import re
import tomllib
from pathlib import Path
from typing import Any

import rich_click as click

from simulation.errors import InputError

LARGEST_SEED = 2**63 - 1
MOST_SEEDS = 1_000_000
MOST_STORIES = 10_000
MOST_WORKERS = 1024


class Whole(click.ParamType):
    """A whole number within limits, written in plain digits."""

    name = "integer"

    def __init__(self, low: int, high: int):
        self.low, self.high = low, high

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        """Return the number, or refuse what is not one."""
        if isinstance(value, int):
            return value
        if re.fullmatch(r"-?[0-9]{1,20}", value) and self.low <= int(value) <= self.high:
            return int(value)
        self.fail(f"{value!r}: must be a whole number from {self.low} to {self.high}", param, ctx)


class SeedCount(Whole):
    """A number of seeds, or the word auto."""

    name = "integer|auto"

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        """Return the number or 'auto'."""
        if value == "auto":
            return value
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            self.fail(f"{error.message}, or auto", param, ctx)


class Positive(click.ParamType):
    """A number above 0 and at most a limit."""

    name = "number"

    def __init__(self, high: float):
        self.high = high

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Return the number, or refuse what is not one."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number <= self.high:
            self.fail(f"{value!r}: must be a number above 0 and at most {self.high:g}", param, ctx)
        return number


def parse_value(text: str) -> Any:
    """Return what a TOML file would hold after `key = `; a bare word is text."""
    try:
        parsed = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return parsed["value"] if list(parsed) == ["value"] else text


def _parse_settings(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    """Return the settings of `--set KEY=VALUE`, by key."""
    settings: dict[str, Any] = {}
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            raise click.BadParameter(f"{text!r}: write KEY=VALUE, such as levers.capacity=2", ctx, param)
        if key in settings:
            raise click.BadParameter(f"{key!r} is given twice", ctx, param)
        settings[key] = parse_value(value)
    return settings


def parse_thresholds(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> dict[str, float]:
    """Return the thresholds of `--threshold CLAIM=NUMBER`, by claim."""
    thresholds: dict[str, float] = {}
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            raise click.BadParameter(f"{text!r}: write CLAIM=NUMBER, such as M2=0.5", ctx, param)
        if key in thresholds:
            raise click.BadParameter(f"{key!r} is given twice", ctx, param)
        try:
            thresholds[key] = float(value)
        except ValueError:
            raise click.BadParameter(f"{text!r}: {value!r} is not a number", ctx, param) from None
    return thresholds


def overrides(settings: dict[str, Any], scale: float | None = None, years: float | None = None) -> dict[str, Any]:
    """Return the overrides of a scenario that the options `--set`, `--scale` and `--years` ask for.

    Raises
    ------
    InputError
        If a key is given by its own option and by `--set`.
    """
    given = {key: value for key, value in (("scale", scale), ("years", years)) if value is not None}
    for key in given:
        if key in settings:
            raise InputError(f"--set {key} and --{key} both set {key}; give one")
    return settings | given


set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_parse_settings,
    help="Override one key of the scenario, checked as in its file; can be repeated.",
)


def set_side_option(letter: str, which: str) -> Any:
    """Return the option that overrides a key of one of two scenarios."""
    return click.option(
        f"--set-{letter}",
        f"settings_{letter}",
        multiple=True,
        metavar="KEY=VALUE",
        callback=_parse_settings,
        help=f"The same for the {which} of two scenarios alone.",
    )


scale_option = click.option(
    "--scale", type=Positive(1), help="Share of the city's residents to simulate, above 0 and at most 1."
)
years_option = click.option("--years", type=Positive(100), help="Length of the run in years.")
seed_option = click.option(
    "--seed",
    type=Whole(0, LARGEST_SEED),
    default=1,
    show_default=True,
    help="Root seed of all random numbers.",
)
seeds_option = click.option(
    "--seeds",
    type=SeedCount(1, MOST_SEEDS),
    default=20,
    show_default=True,
    metavar="N|auto",
    help="How many pairs of worlds to run; auto adds until the headline interval is narrow enough.",
)
workers_option = click.option(
    "--workers", type=Whole(1, MOST_WORKERS), help="How many runs at a time. [default: one less than all cores]"
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the result; an existing result is never overwritten.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no remarks.")
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON for a script, not text for a person.")
