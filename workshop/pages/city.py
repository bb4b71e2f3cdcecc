"""The view `city`: the districts over time, and one world with some of its residents."""

from pathlib import Path

import solara

from ..components import Choice, Text
from .city_map import CityMap
from .city_people import CityPeople

STYLE = Path(__file__).parent / "city.css"
PARTS = {"map": CityMap, "people": CityPeople}


@solara.component
def City(session):
    """Choose between the map and the residents."""
    lang = session.lang
    solara.Style(STYLE)
    Text(lang.t("city.title"), "h1")
    Text(lang.t("city.lead"), "p", "lead")
    part = session.choose("city", PARTS)
    options = {name: lang.t(f"city.part.{name}") for name in PARTS}
    Choice(lang.t("city.parts"), part, options, lambda name: session.show("city", name), quiet=True)
    PARTS[part](session)


def shown_question(session):
    """Return the question that the page answers just now."""
    return session.asked.value or session.question.value
