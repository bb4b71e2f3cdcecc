"""The documents of the project, and the commands and examples in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "results/README.md", "scenarios/README.md", "docs/**/*.md")
TEXT = {
    page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8")
    for pattern in READ
    for page in sorted(ROOT.glob(pattern))
}


def blocks(language):
    """Return every fenced block of a language, with the page it is on."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [(page, block) for page, text in TEXT.items() for block in pattern.findall(text)]


def commands(program):
    """Return every command line of a program, in blocks and in running text."""
    found = {}
    for page, text in TEXT.items():
        lines = re.findall(rf"^{program} .*$", text, re.MULTILINE)
        for command in [*lines, *re.findall(rf"`({program} [^`]+)`", text)]:
            found.setdefault(command.split("  #")[0].strip(), page)
    return sorted(found)
