"""The history of one resident in both worlds: what happened, when, and how trust and dread moved."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import solara

from experiments.city.resident import SELF, Entry, Event, ResidentHistory, resident_history
from experiments.exhibits.words import capitalized
from experiments.language import Language
from experiments.stories.words import arrests_words, resident_words
from simulation.place import Place
from simulation.randomness import replicate_seed
from simulation.scenario import Scenario

from ..components import Text
from ..components.parts import parts
from .answers import PAIRS, use_answer

DECIMALS = {"trust": 1, "dread": 3}


@solara.component
def CityResident(session, row: int | None):
    """One resident, or nobody."""
    lang, question = session.lang, session.asked.value or session.question.value
    pair = session.choose("pair", PAIRS)
    key = (question, pair, row)
    answer = use_answer(lambda away: lives(session, *key), key)
    if row is None:
        Text(lang.t("city.life.nobody"))
    elif answer.refused is not None:
        Text(lang.t("city.life.refused", reason=lang.refusal(answer.refused)), "p", "note", "caution")
    elif answer.value is None or answer.key != key:
        Text(lang.t("city.first"))
    else:
        Life(session, *answer.value)


@solara.component
def Life(session, a: Scenario, history: ResidentHistory):
    """What one resident went through."""
    lang = session.lang
    told = solara.use_memo(lambda: life(a, history, lang), [history, lang])
    _Life(**told, palette=session.look.palette._asdict(), components=parts("data-table"))


@solara.component_vue("city_resident.vue")
def _Life(
    title="", who="", entries=(), nothing="", courses=(), dates=(), palette=None, columns=(), rows=(), words=None
):
    """See `Life`."""


def lives(session, question, pair: str, row: int | None) -> Iterator[tuple[Scenario, ResidentHistory]]:
    """Yield the history of one resident in one pair of worlds."""
    if row is not None:
        a, b = question.scenarios(session.limits)
        seed = replicate_seed(question.settings.root_seed, int(pair))
        yield a, session.worlds.ask(resident_history, a, b, seed, row)


def life(a: Scenario, history: ResidentHistory, lang: Language) -> dict[str, Any]:
    """Return a history in words, and its courses as positions from 0 to 1."""
    start, place = np.datetime64(a.start, "D"), Place.load(a.place)

    def date(day: int) -> str:
        return lang.date((start + int(day)).item())

    district = place.districts[history.district]
    who = capitalized(lang.t("city.life.who", resident=resident_words(lang, history.who), district=district.name))
    away = [
        lang.t("city.life.away", world=world, reason=lang.t(f"city.life.reason.{reason}"), since=date(since),
               until=date(until) if until < a.days else lang.t("city.life.the_end"))
        for world, spans in zip("AB", history.away) for reason, since, until in spans
    ]  # fmt: skip
    return {
        "title": lang.t("city.life.title", row=lang.n(history.who.row, 0)),
        "who": " ".join([who, *away]),
        "entries": [{"date": date(entry.day), **entry_words(lang, entry)} for entry in history.entries],
        "nothing": lang.t("city.life.nothing"),
        "courses": [course(lang, history, state) for state in ("trust", "dread")],
        "dates": [date(0), date(a.days)],
        "columns": [lang.t("city.map.date"), *(f"{capitalized(lang.outcome(state).label)}, {world}"
                                               for state in DECIMALS for world in "AB")],
        "rows": table(lang, history, date),
        "words": {key: lang.t(f"city.life.{key}") for key in ("both", "courses")}
        | {"table": lang.t("shell.table")},
    }  # fmt: skip


def course(lang: Language, history: ResidentHistory, state: str) -> dict[str, Any]:
    """Return trust or dread over time in both worlds, from 0 at the lowest to 1 at the highest."""
    values = getattr(history, state)
    low, high = float(values.min()), float(values.max())
    if state == "dread":
        low, high = 0.0, max(high, 0.05)
    elif high - low < 1:
        low, high = low - 0.5, high + 0.5
    shares = np.round((values - low) / (high - low), 4)
    words = lang.outcome(state)
    return {
        "name": state,
        "title": capitalized(lang.t("city.people.unit", measure=words.label, unit=words.unit)),
        "low": lang.n(low, DECIMALS[state]),
        "high": lang.n(high, DECIMALS[state]),
        "a": shares[0].tolist(),
        "b": shares[1].tolist(),
        "events": [round(entry.day / max(1, int(history.days[-1])), 4) for entry in history.entries],
    }


def table(lang: Language, history: ResidentHistory, date) -> list[list[str]]:
    """Return trust and dread in both worlds about once a month."""
    return [
        [date(history.days[i]), *(lang.n(float(values[i]), DECIMALS[state])
                                  for state in DECIMALS for values in getattr(history, state))]
        for i in range(0, len(history.days), 4)
    ]  # fmt: skip


def entry_words(lang: Language, entry: Entry) -> dict[str, str]:
    """Return what happened on a day in each world; once where it happened alike."""
    told = [event and event_words(lang, event) for event in (entry.a, entry.b)]
    moved = [event and moved_words(lang, event) for event in (entry.a, entry.b)]
    alike = told[0] == told[1]
    nothing = lang.t("city.life.not_there")
    return {
        "both": told[0] if alike else "",
        "a": "" if alike else told[0] or nothing,
        "b": "" if alike else told[1] or nothing,
        "moved_a": moved[0] or "",
        "moved_b": moved[1] or "",
    }


def moved_words(lang: Language, event: Event) -> str:
    """Return how trust and dread stood on the mornings around an event."""
    values = {
        f"{state}_{when}": lang.n(getattr(event, f"{state}_{when}"), decimals)
        for state, decimals in DECIMALS.items()
        for when in ("before", "after")
    }
    if all(values[f"{state}_before"] == values[f"{state}_after"] for state in DECIMALS):
        return lang.t("city.life.unmoved", trust=values["trust_after"], dread=values["dread_after"])
    return lang.t("city.life.moved_by", **values)


def event_words(lang: Language, event: Event) -> str:
    """Return what happened, in a sentence or two."""
    facts = event.facts
    if event.kind == "crime":
        return " ".join(_crime(lang, event))
    if event.kind == "news":
        if facts["arrests"] is None:
            return lang.t("city.life.news")
        return lang.t("city.life.raid", arrests=arrests_words(lang, facts["arrests"]))
    if event.kind in ("scandal", "announcement", "newcomer"):
        return lang.t(f"city.life.{event.kind}")
    if event.kind == "status":
        return lang.t("city.life.status.by_law" if facts["by_law"] else "city.life.status.as_victim")
    own = event.relations[0] == SELF
    others = [lang.t(f"city.life.related.{each}") for each in dict.fromkeys(event.relations) if each != SELF]
    whose = "" if own else lang.join(others)
    if event.kind == "police_arrest":
        other = facts["charge"] == "other"
        charge = lang.t("stories.other_charge") if other else lang.crime_type(facts["charge"])
        return lang.t(
            "city.life.police_arrest.own" if own else "city.life.police_arrest.of", whose=whose, charge=charge
        )
    if event.kind == "immigration_arrest":
        how = lang.t(f"stories.channel.{_channel(facts)}")
        return lang.t("city.life.ice_arrest.own" if own else "city.life.ice_arrest.of", whose=whose, how=how)
    where = lang.t("city.life.at_work" if facts["at_work"] else "city.life.at_home")
    lead = {"other_lead": "other_lead", "raid": "raid"}.get(facts["channel"], "data_lead")
    key = "city.life.visit.own" if own else "city.life.visit.of"
    return lang.t(key, whose=whose, where=where, lead=lang.t(f"stories.lead.{lead}"))


def _channel(facts: dict[str, Any]) -> str:
    if facts["channel"] != "collateral":
        return facts["channel"]
    return "met_in_raid" if facts["in_raid"] else "met_from_data" if facts["from_data"] else "met"


def _crime(lang: Language, event: Event) -> Iterator[str]:
    """Yield what somebody went through at a crime, and what became of it."""
    facts, t = event.facts, lang.t
    crime = t(f"stories.a_crime.{facts['crime_type']}")
    yield t("city.life.crime.victim" if "victim" in event.relations else "city.life.crime.witness", crime=crime)
    if facts["called"]:
        yield t("city.life.crime.called")
    elif facts["reported"]:
        yield t("city.life.crime.others_called")
    elif facts["handled"]:
        yield t("city.life.crime.no_matter")
    else:
        yield t("city.life.crime.nobody_called")
    if facts["reported"]:
        yield t("city.life.crime.cooperated" if facts["cooperated"] else "city.life.crime.not_cooperated")
        yield t("city.life.crime.solved" if facts["solved"] else "city.life.crime.not_solved")
    elif facts["solved"]:
        yield t("city.life.crime.on_the_spot")
