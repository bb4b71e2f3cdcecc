"""What happens in a workshop of 45, 90 or 180 minutes, step by step."""

from typing import NamedTuple

PREDICT, REVEAL = ("predict", "predict_again"), ("reveal", "reveal_again")
"""Steps in which people predict, and in which they see what came of it."""


class Step(NamedTuple):
    """One step; its texts are `workshop.step.<name>`.

    Attributes
    ----------
    name : str
    minutes : int
    view : str
        View of the page that it is about; empty for none but this.
    """

    name: str
    minutes: int
    view: str = ""


AGENDAS: dict[int, tuple[Step, ...]] = {
    45: (
        Step("welcome", 5), Step("roles", 5), Step("question", 5), Step("predict", 5), Step("reveal", 10, "compare"),
        Step("assumptions", 10, "claims"), Step("closing", 5, "share"),
    ),
    90: (
        Step("welcome", 5), Step("roles", 10), Step("question", 10), Step("predict", 5), Step("reveal", 10, "compare"),
        Step("causes", 10, "stories"), Step("predict_again", 5), Step("reveal_again", 10, "compare"),
        Step("assumptions", 15, "claims"), Step("closing", 10, "share"),
    ),
    180: (
        Step("welcome", 10), Step("roles", 15), Step("question", 10), Step("predict", 5), Step("reveal", 15, "compare"),
        Step("causes", 20, "stories"), Step("pause", 10), Step("predict_again", 5), Step("reveal_again", 15, "compare"),
        Step("assumptions", 20, "claims"), Step("other_side", 20, "claims"), Step("proposals", 20, "levers"),
        Step("closing", 15, "share"),
    ),
}  # fmt: skip
"""The steps of a workshop by its length in minutes."""

ROLES: dict[str, tuple[str, ...]] = {
    "council": ("city",),
    "police": ("police and federal government",),
    "district_attorney": ("district attorney",),
    "immigration_agency": ("immigration agency", "federal government"),
    "advocate": ("advocacy organization",),
    "immigrant_resident": (),
    "citizen_resident": (),
    "researcher": (),
}
"""Roles that people may take, and whose levers each of them has; the texts are `workshop.role.<name>`."""
