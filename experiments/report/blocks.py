"""What a report is made of, whatever it is written as: sections of paragraphs, lists, tables, figures and the like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..exhibits.exhibit import Exhibit


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True)
class Notice:
    """A paragraph that nobody should overlook."""

    kind: ClassVar[str] = "notice"
    text: str


@dataclass(frozen=True)
class Points:
    """A list; `heading` is one below the section's, or empty."""

    kind: ClassVar[str] = "points"
    items: Sequence[str]
    heading: str = ""


@dataclass(frozen=True)
class Terms:
    """Words and what they mean, or facts and their values; `heading` is one below the section's, or empty."""

    kind: ClassVar[str] = "terms"
    items: Sequence[tuple[str, str]]
    heading: str = ""


@dataclass(frozen=True)
class Table:
    """A table of texts; the first column names the rows, and numbers are set to the right."""

    kind: ClassVar[str] = "table"
    caption: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]


@dataclass(frozen=True)
class Picture:
    """An exhibit, with its table for those who cannot see it or want the numbers."""

    kind: ClassVar[str] = "picture"
    exhibit: Exhibit
    data: Table


@dataclass(frozen=True)
class Code:
    """What can be typed or copied; under a summary where it is long."""

    kind: ClassVar[str] = "code"
    text: str
    summary: str = ""


Block = Text | Notice | Points | Terms | Table | Picture | Code


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; `name` is what links point to."""

    name: str
    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A whole report.

    Attributes
    ----------
    title, lead : str
    caution : str
        What the numbers are not; on every page.
    sections : sequence of Section
    """

    title: str
    lead: Sequence[Block] = ()
    caution: str = ""
    sections: Sequence[Section] = ()

    @property
    def pictures(self) -> list[Picture]:
        """All figures, in order."""
        return [block for section in self.sections for block in section.blocks if isinstance(block, Picture)]
