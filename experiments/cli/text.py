"""Plain text for people: aligned tables and wrapped paragraphs."""

import shutil
import sys
import textwrap
from collections.abc import Sequence

NARROWEST = 30


def width() -> int:
    """Return the width to write to: the terminal's, or that of a page where output goes elsewhere."""
    return shutil.get_terminal_size((110, 24)).columns if sys.stdout.isatty() else 110


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows in aligned columns; the last column is wrapped to the width of the terminal."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(headers), *cells]) for i in range(len(headers) - 1)]
    room = max(NARROWEST, width() - sum(widths) - 2 * len(widths))
    lines = []
    for row in [list(headers), *cells]:
        last = textwrap.wrap(row[-1], room) or [""]
        fixed = "  ".join(cell.ljust(size) for cell, size in zip(row, widths))
        lines.append(f"{fixed}  {last[0]}".rstrip() if widths else last[0])
        lines += [" " * (sum(widths) + 2 * len(widths)) + line for line in last[1:]]
    return "\n".join(lines)


def paragraph(text: str, indent: int = 0) -> str:
    """Return text wrapped to the width of the terminal."""
    margin = " " * indent
    return textwrap.fill(text, width(), initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


def value(item: object) -> str:
    """Return a value of a scenario as a person reads it."""
    if item is None:
        return "not given"
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, float):
        return f"{item:g}"
    if isinstance(item, tuple | list):
        return ", ".join(str(each) for each in item) or "none"
    return str(item)
