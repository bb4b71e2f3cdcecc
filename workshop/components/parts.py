"""Vue components that others are made of: given to each that uses them, as text."""

from functools import cache
from pathlib import Path


@cache
def parts(*names: str) -> dict[str, str]:
    """Return the templates of parts by the names under which a template uses them, for its `components`."""
    folder = Path(__file__).parent
    return {name: (folder / f"{name}.vue").read_text(encoding="utf-8") for name in names}
