"""How rules are compiled."""

from functools import partial

from numba import njit

rule = partial(njit, cache=True, error_model="numpy")
"""Compile a rule or a loop over rules: `@rule`, or `@rule(signature)` where callers bring mixed integer types.

`NUMBA_DISABLE_JIT=1` runs the same functions as plain Python, with the same results.
"""
