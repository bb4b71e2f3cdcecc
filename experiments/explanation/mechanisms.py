"""Mechanisms that can be switched off: which parameters do it, declared once, and worlds with some of them off."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from simulation.scenario import Settled


@dataclass(frozen=True)
class Mechanism:
    """A group of rules that one switch takes out of the model.

    Attributes
    ----------
    name : str
    off : mapping of str to float
        The parameters, and the values at which the mechanism does nothing.
    meaning : str
        What it does, in one sentence.
    """

    name: str
    off: Mapping[str, float]
    meaning: str


def _mechanism(name: str, off: dict[str, float], meaning: str) -> Mechanism:
    return Mechanism(name, MappingProxyType(off), meaning)


MECHANISMS: Mapping[str, Mechanism] = MappingProxyType({m.name: m for m in (
    _mechanism("fear", {"fear_effect": 0.0},
               "Dread of the immigration agency keeps people in immigrant communities from calling the police and from "
               "cooperating."),
    _mechanism("trust", {"trust_effect": 0.0},
               "Trust in the police makes people call and cooperate, and distrust keeps them from it."),
    _mechanism("offenders_learning", {"offender_response": 0.0},
               "Offenders learn how likely crimes against a community are to be reported and solved, and offend more "
               "or less."),
    _mechanism("caseload", {"load_effect": 0.0},
               "The more open cases per detective, the less likely a reported crime is to be solved; the fewer, the "
               "more likely."),
    _mechanism("incapacitation", {"replacement": 1.0, "domestic_replacement": 1.0},
               "An offender who is jailed, detained or removed commits no crimes here, and others do not commit all of "
               "them instead."),
    _mechanism("deportation_deterrence", {"deportation_deterrence": 0.0},
               "Perceived sharing holds noncitizens back from offending, or, where the parameter is negative, the "
               "opposite."),
)})  # fmt: skip
"""All mechanisms, in the order in which tables and figures show them."""

ALL_ELSE, WHOLE = "all_else", "whole"
PARTS = (ALL_ELSE, *MECHANISMS, WHOLE)
"""What an effect is made of: the effect with every mechanism off, each mechanism's share, and the whole effect."""


def is_on(mechanism: Mechanism, scenario) -> bool:
    """Whether the switch would change anything in a scenario."""
    return any(scenario.parameters[name] != value for name, value in mechanism.off.items())


def switched_on(scenario) -> frozenset[str]:
    """Return the names of the mechanisms that a scenario has on."""
    return frozenset(name for name, mechanism in MECHANISMS.items() if is_on(mechanism, scenario))


def without(scenario, names: Iterable[str]):
    """Return a scenario with these mechanisms off and everything else as it is."""
    off = {parameter: value for name in names for parameter, value in MECHANISMS[name].off.items()}
    return dataclasses.replace(scenario, parameters=Settled(dict(scenario.parameters) | off))


def coalitions(names: Iterable[str]) -> list[frozenset[str]]:
    """Return every set of these names, from the empty one to all of them."""
    names = sorted(names)
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]
