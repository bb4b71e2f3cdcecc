"""The command that reproduces a pair of worlds: it runs the same worlds, and its numbers are equal to the last bit."""

import datetime
import json
import shlex
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from simulation.errors import InputError
from simulation.scenario import Scenario

from ..comparison.sides import second_name

if TYPE_CHECKING:
    from ..exhibits.pair import Pair

_MISSING = object()


class Source(NamedTuple):
    """Where a scenario comes from: a shipped name or a file, and the settings in place of what it says."""

    name: str
    settings: dict[str, Any]


def command_line(pair: "Pair") -> str | None:
    """Return the command that runs the worlds of a pair again, in one line for a shell.

    A scenario that no shipped one and settings give is named as a file in the current folder (`needed_files`).

    Returns
    -------
    str or None
        None where pairs are missing in between, as after an interruption: no number of seeds gives the others alone.
    """
    seeds = max(pair.replicates)
    if len(pair.replicates) + pair.failed < seeds:
        return None
    return command_for(pair.a, pair.b, pair.root_seed, seeds)


def command_for(a: Scenario, b: Scenario, root_seed: int, seeds: int, *options: str) -> str:
    """Return the command that compares two scenarios on so many seeds; see `command_line`.

    Parameters
    ----------
    a, b : Scenario
    root_seed, seeds : int
    *options : str
        More of `twoclaims compare`, such as `--claims`.
    """
    scenarios = (a, b)
    sources = [source_of(each) or Source(_file_name(each), {}) for each in scenarios]
    common, own = _shared(sources, scenarios)
    words = ["twoclaims", "compare", *(source.name for source in sources), *options]
    words += ["--seeds", str(seeds), "--seed", str(root_seed), "--scale", _told(a.scale)]
    for option, settings in (("--set", common), ("--set-a", own[0]), ("--set-b", own[1])):
        for key, value in settings.items():
            words += [option, f"{_brief(key)}={_told(value)}"]
    return shlex.join(words)


def needed_files(pair: "Pair") -> dict[str, str]:
    """Return the scenario files that the command of a pair names: name to content."""
    return {_file_name(each): each.to_toml() for each in (pair.a, pair.b) if source_of(each) is None}


def source_of(scenario: Scenario) -> Source | None:
    """Find a shipped scenario and the settings of it that give exactly this one; None if there is none.

    The one of the same name comes first, and then the one that needs the fewest settings.
    """
    candidates = []
    for shipped in _shipped():
        differing = Scenario.difference(shipped, scenario)
        settings = {key: value for key, _, value in differing if not key.startswith("event.") and key != "scale"}
        if None not in settings.values():
            renamed = scenario.name not in (shipped.name, second_name(shipped.name, shipped.name))
            candidates.append((renamed, len(settings), shipped.name, settings))
    for *_, name, settings in sorted(candidates, key=lambda each: each[:3]):
        if _gives(name, settings, scenario):
            return Source(name, settings)
    return None


def _file_name(scenario: Scenario) -> str:
    return f"{scenario.name}.toml"


@cache
def _shipped() -> tuple[Scenario, ...]:
    return tuple(map(Scenario.load, Scenario.names()))


def _gives(name: str, settings: dict[str, Any], scenario: Scenario) -> bool:
    """Whether a shipped scenario with these settings is the wanted one in everything that decides results."""
    try:
        return Scenario.load(name, {**settings, "scale": scenario.scale}).fingerprint == scenario.fingerprint
    except InputError:
        return False


def _shared(sources: Sequence[Source], scenarios: Sequence[Scenario]) -> tuple[dict, list[dict]]:
    """Part the settings of both sides into those that both can be given, and the rest of each."""
    values = [scenario.settings() for scenario in scenarios]
    keys = dict.fromkeys(key for source in sources for key in source.settings)
    both = [key for key in keys if values[0].get(key, _MISSING) == values[1].get(key, _MISSING)]
    common = {key: values[0][key] for key in both}
    return common, [{k: v for k, v in source.settings.items() if k not in common} for source in sources]


def _brief(key: str) -> str:
    """Return a setting's name without its section, where that is enough."""
    section, _, name = key.partition(".")
    return name if section in ("levers", "parameters") else key


def _told(value: Any) -> str:
    """Return a value as `--set` reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, str | int | datetime.date):
        return str(value)
    return json.dumps(list(value))
