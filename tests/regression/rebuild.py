"""Rebuild the committed reference run: `python -m tests.regression.rebuild`.

A number that moves belongs in CHANGELOG.md under "Results change": old value, new value, reason.
"""

import json

from tests.regression.reference import FILE, compute

if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(compute(), indent=1) + "\n", encoding="utf-8")
    print(f"wrote {FILE}; if numbers moved, say so in CHANGELOG.md under 'Results change'")
