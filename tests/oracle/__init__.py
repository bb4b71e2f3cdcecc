"""The model a second time, in ordinary Mesa objects: one person, one rule, one event at a time.

Written from `docs/odd.md` alone, for two readers. The test suite, which compares it with the compiled engine
crime by crime; and anybody new to the model, for whom this is the version to read. Follow one day in
`Oracle.step`; every rule names its section of `docs/odd.md` ("ODD 4.3").
"""

from .model import Oracle

__all__ = ["Oracle"]
