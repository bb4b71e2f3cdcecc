"""How rules are compiled, and where the compiled code is kept."""

import contextlib
import getpass
import os
import tempfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, TypeVar, overload

import numba
import numpy as np
from platformdirs import user_cache_path


def _source_hash() -> str:
    """Return a hash of the model's source: compiled code of another version must never be loaded."""
    digest = sha256(numba.__version__.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> str:
    """Return the folder that compiled code is kept in: the user's cache, or a temporary folder if that fails."""
    for base in (user_cache_path("twoclaims"), Path(tempfile.gettempdir()) / f"twoclaims-{getpass.getuser()}"):
        folder = base / _source_hash()
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return str(folder)
    return ""


if not os.environ.get("NUMBA_CACHE_DIR"):
    _config: Any = numba.config  # its attributes are made when it is imported
    _config.CACHE_DIR = cache_folder()

Function = TypeVar("Function", bound=Callable[..., Any])


class Compiler(Protocol):
    """A decorator, plain or with the signature to compile for; what is compiled is called like the function itself."""

    @overload
    def __call__(self, function: Function, /) -> Function: ...
    @overload
    def __call__(self, signature: numba.core.typing.Signature, /) -> Callable[[Function], Function]: ...


_njit: Callable[..., Any] = numba.njit  # its types do not know all its options

rule: Compiler = partial(_njit, cache=True, error_model="numpy", no_cfunc_wrapper=True)
"""Compile a rule: a function of a few numbers, callable from Python too.

`NUMBA_DISABLE_JIT=1` runs the same functions as plain Python, with the same results.
"""

loop: Compiler = partial(rule, _nrt=False, forceinline=True)
"""Compile a loop over days that allocates nothing, so that no references need be counted.

Compiled code takes it in where it calls it: a call would hand over all arrays of a run, some three hundred numbers, and
thirty calls a day took longer than what a small town does in that day.
"""

kernel: Compiler = partial(loop, no_cpython_wrapper=True)
"""Compile a loop over a day's events; only compiled code calls it, and it takes half the time to compile."""


def plain(compiled):
    """Return a rule as a plain Python function, which takes whole arrays."""
    return getattr(compiled, "py_func", compiled)


def record(fields) -> np.dtype:
    """Return the type of a record with these fields, aligned; fields are attributes in compiled and plain Python."""
    return np.dtype((np.record, np.dtype(fields, align=True)))
