"""How rules are compiled."""

from functools import partial

from numba import njit

rule = partial(njit, cache=True, error_model="numpy", no_cfunc_wrapper=True)
"""Compile a rule: a function of a few numbers, callable from Python too.

`NUMBA_DISABLE_JIT=1` runs the same functions as plain Python, with the same results.
"""

loop = partial(rule, _nrt=False)
kernel = partial(loop, no_cpython_wrapper=True)
"""Compile a loop over rules that only compiled code calls; leaving out the way in from Python halves the compile time."""
