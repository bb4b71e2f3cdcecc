"""Conditions such as `effect.solve_rate < 0 and not claim.D1`: read, checked, and evaluated point by point.

A condition is made of numbers, names, + - * /, comparisons (also chained), `and`, `or`, `not` and parentheses;
nothing else is read, and nothing is executed. A name is an outcome (`solve_rate`: in the first scenario), an outcome in
a scenario (`solve_rate@agreement-ended`), an effect (`effect.solve_rate`: the first scenario minus the second;
`effect.solve_rate@NAME`: minus that one), or a claim (`claim.D1`: supported; `claim.D1.contradicted`).
"""

import ast
import keyword
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.validation import nearest, show, unknown

from ..claims.claims import CLAIMS, CONTRADICTED, SUPPORTED, Claim
from ..storage.result import AT, EFFECT

CLAIM = "claim."
LONGEST, DEEPEST = 2000, 50
"""Most characters of a condition, and most levels of nesting."""

ALLOWED = "allowed are numbers, names, + - * /, comparisons, and, or, not, and parentheses"
_NUMBER, _CONDITION = "a number", "a condition"
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.\w+)*")
_SCENARIO = re.compile(r"\s*@\s*([\w.-]*)")
_ARITHMETIC = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
_COMPARISONS = {
    ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
    ast.Eq: np.equal, ast.NotEq: np.not_equal,
}  # fmt: skip
_REFUSED = {
    ast.Call: "a call is", ast.Attribute: "a dot after an expression is", ast.Pow: "** is", ast.Mod: "% is",
    ast.FloorDiv: "// is", ast.BitAnd: "& (write and) is", ast.BitOr: "| (write or) is", ast.BitXor: "^ is",
    ast.Invert: "~ (write not) is", ast.In: "in is", ast.NotIn: "not in is", ast.Is: "is (write ==) is",
    ast.IsNot: "is not (write !=) is", ast.IfExp: "if is", ast.Lambda: "lambda is", ast.Tuple: "a comma is",
    ast.NamedExpr: ":= is", ast.LShift: "<< is", ast.RShift: ">> is", ast.Starred: "a lone * is",
}  # fmt: skip
_FORBIDDEN = {"'": "text in quotes is", '"': "text in quotes is", "#": "# is", "[": "brackets are", "{": "braces are"}


class Name(NamedTuple):
    """One name of a condition.

    Attributes
    ----------
    text : str
        As it was written.
    key : str
        Outcome; empty for a claim.
    is_effect : bool
        Whether it is the difference of two scenarios.
    scenarios : tuple of str
        The scenario that the outcome is read in, or the two that are subtracted.
    claim : Claim or None
    verdict : str
        What the claim must be; empty for an outcome.
    """

    text: str
    key: str
    is_effect: bool
    scenarios: tuple[str, ...]
    claim: Claim | None = None
    verdict: str = ""


class Condition:
    """A condition that has been read and checked.

    Parameters
    ----------
    text : str
    outcomes : sequence of str
        Keys of the outcomes that exist.
    scenarios : sequence of str
        Names of the scenarios; the first is world A.

    Attributes
    ----------
    text : str
        The condition on one line.
    names : tuple of Name
        Every name once, in order of appearance.

    Raises
    ------
    InputError
        With what is wrong and, for a name, the nearest one.
    """

    def __init__(self, text: str, outcomes: Sequence[str], scenarios: Sequence[str]):
        self.text = " ".join(str(text).split())
        if not self.text:
            raise InputError('the condition is empty: write one such as "effect.solve_rate < 0"')
        if len(self.text) > LONGEST:
            raise InputError(f"the condition has {len(self.text)} characters: at most {LONGEST} are read")
        for character, what in _FORBIDDEN.items():
            if character in self.text:
                raise self._error(f"{what} not allowed; {ALLOWED}")
        source, words = self._with_placeholders(scenarios)
        self._words = words
        self._tree = self._parse(source)
        self._check(self._tree, _CONDITION)
        self._resolved = {each: self._resolve(word, outcomes, scenarios) for each, word in words.items()}
        self.names = tuple(dict.fromkeys(self._resolved.values()))
        if not self.names:
            raise self._error("it names no outcome, so it is the same everywhere")

    def holds(self, values: Mapping[Name, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Evaluate the condition for many points at once.

        Parameters
        ----------
        values : mapping of Name to ndarray
            One value for each point; true or false for a claim. NaN where undefined.

        Returns
        -------
        holds, undefined : ndarray of bool
            Whether the condition holds, and where that cannot be said: a value or a result of arithmetic is no number.
        """
        arrays = {name: np.asarray(values[name], dtype=float) for name in self.names}
        undefined = np.zeros(np.shape(arrays[self.names[0]]), bool)
        for array in arrays.values():
            undefined |= ~np.isfinite(array)
        with np.errstate(all="ignore"):
            found = self._evaluate(self._tree, arrays, undefined)
        return np.broadcast_to(found, undefined.shape) & ~undefined, undefined

    def _evaluate(self, node: ast.expr, arrays: Mapping, undefined: np.ndarray):
        """Return the value of a node; mark in `undefined` where arithmetic fails."""

        def value(child):
            return self._evaluate(child, arrays, undefined)

        match node:
            case ast.Constant(int() | float() as number):
                return float(number)
            case ast.Name():
                name = self._resolved[node.id]
                return arrays[name] == 1 if name.claim else arrays[name]
            case ast.BoolOp():
                combine = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
                return combine.reduce(np.broadcast_arrays(*map(value, node.values)))
            case ast.UnaryOp(op=ast.Not()):
                return np.logical_not(value(node.operand))
            case ast.UnaryOp():
                return -value(node.operand) if isinstance(node.op, ast.USub) else value(node.operand)
            case ast.BinOp():
                found = _ARITHMETIC[type(node.op)](value(node.left), value(node.right))
                undefined |= ~np.isfinite(found)
                return found
            case ast.Compare():
                terms = [value(child) for child in (node.left, *node.comparators)]
                pairs = zip(node.ops, terms, terms[1:])
                return np.logical_and.reduce(np.broadcast_arrays(*(_COMPARISONS[type(op)](a, b) for op, a, b in pairs)))
        raise AssertionError(node)

    def _with_placeholders(self, scenarios: Sequence[str]) -> tuple[str, dict[str, str]]:
        """Return the text with every name, whose scenario may hold hyphens, replaced; and the names by placeholder."""
        parts: list[str] = []
        words: dict[str, str] = {}
        position = 0
        for found in _WORD.finditer(self.text):
            if found.start() < position or keyword.iskeyword(found[0]):
                continue
            word, end = found[0], found.end()
            if at := _SCENARIO.match(self.text, end):
                scenario = self._scenario_at(at, scenarios)
                word, end = f"{word}{AT}{scenario}", at.start(1) + len(scenario)
            placeholder = f"_name_{len(words)}_"
            words[placeholder] = word
            parts += [self.text[position : found.start()], placeholder]
            position = end
        return "".join([*parts, self.text[position:]]), words

    def _scenario_at(self, at: re.Match, scenarios: Sequence[str]) -> str:
        """Return the longest name of a scenario that stands after an @."""
        standing = [name for name in scenarios if self.text.startswith(name, at.start(1))]
        longest = max(standing, key=len, default="")
        if longest and not re.match(r"[\w.]|-\w", self.text[at.start(1) + len(longest) :]):
            return longest
        hint = " (put spaces around a minus)" if longest else ""
        raise self._error(unknown("scenario", at[1], scenarios) + hint)

    def _parse(self, source: str) -> ast.expr:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source, mode="eval").body
        except (SyntaxError, ValueError):
            raise self._error(f"it cannot be read{_hint(self.text)}; {ALLOWED}") from None
        except (RecursionError, MemoryError):
            raise self._error("it is nested too deeply") from None
        return tree

    def _check(self, node: ast.expr, wanted: str, depth: int = 0) -> None:
        """Check that every part is allowed, and is a number or a condition as its place asks."""
        if depth > DEEPEST:
            raise self._error("it is nested too deeply")
        found = self._kind(node)
        if found != wanted:
            hint = "; compare it, such as ... < 0" if wanted == _CONDITION else ""
            raise self._error(f"{self._written(node)} is {found}, where {wanted} is needed{hint}")
        for child, kind in self._parts(node):
            self._check(child, kind, depth + 1)

    def _kind(self, node: ast.expr) -> str:
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return _CONDITION if self._words[node.id].startswith(CLAIM) else _NUMBER
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return _CONDITION
            case ast.Compare():
                self._allow(*node.ops, among=_COMPARISONS)
                return _CONDITION
            case ast.BinOp():
                self._allow(node.op, among=_ARITHMETIC)
                return _NUMBER
            case ast.UnaryOp():
                self._allow(node.op, among=(ast.USub, ast.UAdd))
                return _NUMBER
        raise self._refusal(node)

    @staticmethod
    def _parts(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
        """Yield the parts of a node that has been allowed, and what each must be."""
        match node:
            case ast.BoolOp():
                yield from ((child, _CONDITION) for child in node.values)
            case ast.UnaryOp():
                yield node.operand, _CONDITION if isinstance(node.op, ast.Not) else _NUMBER
            case ast.BinOp():
                yield from ((child, _NUMBER) for child in (node.left, node.right))
            case ast.Compare():
                yield from ((child, _NUMBER) for child in (node.left, *node.comparators))

    def _constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(f"{show(node.value)} is not a number; {ALLOWED}")
        try:
            finite = math.isfinite(float(node.value))
        except OverflowError:
            finite = False
        if not finite:
            raise self._error("a number in it is too large")
        return _NUMBER

    def _allow(self, *operators: ast.AST, among) -> None:
        for operator in operators:
            if type(operator) not in among:
                raise self._refusal(operator)

    def _refusal(self, node: ast.AST) -> InputError:
        return self._error(f"{_REFUSED.get(type(node), 'a part of it is')} not allowed; {ALLOWED}")

    def _written(self, node: ast.expr) -> str:
        text = ast.unparse(node)
        for placeholder, word in self._words.items():
            text = text.replace(placeholder, word)
        return f"'{text}'" if len(text) <= 60 else "a part of it"

    def _error(self, message: str) -> InputError:
        return InputError(f"condition {show(self.text)}: {message}")

    def _resolve(self, word: str, outcomes: Sequence[str], scenarios: Sequence[str]) -> Name:
        if word.startswith(CLAIM):
            return self._resolve_claim(word, scenarios)
        bare, _, scenario = word.partition(AT)
        is_effect = bare.startswith(EFFECT)
        key = bare.removeprefix(EFFECT)
        if key not in outcomes:
            raise self._error(_unknown_outcome(bare, outcomes, is_effect))
        if not is_effect:
            return Name(word, key, False, (scenario or scenarios[0],))
        if len(scenarios) < 2:
            raise self._error(f"{bare} is a difference of two scenarios, and there is only {scenarios[0]}")
        if scenario == scenarios[0]:
            raise self._error(f"{word} would subtract {scenario} from itself")
        return Name(word, key, True, (scenarios[0], scenario or scenarios[1]))

    def _resolve_claim(self, word: str, scenarios: Sequence[str]) -> Name:
        bare, _, other = word.partition(AT)
        claims = {claim.id: claim for claim in CLAIMS}
        allowed = {f"{CLAIM}{key}": (claims[key], SUPPORTED) for key in claims}
        allowed |= {f"{CLAIM}{key}.{CONTRADICTED}": (claims[key], CONTRADICTED) for key in claims}
        if bare not in allowed:
            raise self._error(f"unknown claim {show(bare)}; the claims are {', '.join(claims)}")
        if len(scenarios) < 2 or other == scenarios[0]:
            raise self._error(f"{word} needs two different scenarios")
        claim, verdict = allowed[bare]
        return Name(word, "", True, (scenarios[0], other or scenarios[1]), claim, verdict)


def _unknown_outcome(word: str, outcomes: Sequence[str], is_effect: bool) -> str:
    prefix = EFFECT if is_effect else ""
    near = nearest(word.removeprefix(prefix), outcomes)
    message = unknown("outcome", word, [prefix + key for key in outcomes])
    return message if near is None or "did you mean" in message else f"{message}; did you mean '{prefix}{near}'?"


def _hint(text: str) -> str:
    """Return what the writer may have meant by something that cannot be read."""
    if re.search(r"(?<![<>=!:])=(?!=)", text):
        return " (for equality write ==)"
    for wrong, right in (("&&", "and"), ("||", "or"), ("!", "not")):
        if wrong in text.replace("!=", ""):
            return f" (for {wrong} write {right})"
    return ""
