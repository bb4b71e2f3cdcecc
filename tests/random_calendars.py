"""Calendars drawn by Hypothesis: any events that go together, and calendars with one thing wrong."""

import datetime

from hypothesis import strategies as st

from simulation.agreement import PRESETS
from simulation.events import EVENT_KINDS, REQUIRED
from simulation.vocabulary import Party
from tests.calendars import END, START

AGREEMENT = tuple(name for name, kind in EVENT_KINDS.items() if kind.agreement)
A_DAY = datetime.timedelta(days=1)
PARTIES = Party.names()
DISTRICTS = ("1", "2", "3", "5", "6")
"""Districts that Riverton and Philadelphia have both; Philadelphia has no fourth."""


def allowed(declared):
    """Draw an allowed value of what a lever or an event's value declares."""
    if declared.bounds is not None:
        return st.floats(*declared.bounds, allow_nan=False)
    if declared.choices:
        return st.sampled_from(declared.choices)
    if getattr(declared, "names", ()):
        return st.lists(st.sampled_from(declared.names), min_size=1, unique=True)
    return st.sampled_from(DISTRICTS) if getattr(declared, "type", bool) is str else st.booleans()


@st.composite
def terms_of(draw, date, end):
    """Draw the terms of an event of the agreement."""
    terms = {"preset": draw(st.sampled_from([name for name in PRESETS if name != "none"]))}
    for name in ("real_time", "after_disposition"):
        if draw(st.booleans()):
            terms[name] = draw(st.booleans())
    if date + A_DAY < end and draw(st.booleans()):
        terms["ends"] = draw(st.dates(date + A_DAY, end - A_DAY))
    return terms


class Agenda:
    """What is known of a calendar as it is drawn: what may still be added on a date."""

    def __init__(self, in_force):
        self.in_force, self.ends = in_force, None
        self.taken, self.until = set(), {}

    def possible(self, date):
        """Return the kinds that may be added on a date, no earlier than the last one."""
        if self.ends is not None and self.ends <= date:
            self.in_force, self.ends = False, None
        kinds = ["vote"] if self.in_force else []
        if not any((date, name) in self.taken for name in (*AGREEMENT, "vote")):
            kinds += ["agreement_revised", "agreement_ends"] if self.in_force else ["agreement_starts"]
        kinds += [name for name in EVENT_KINDS if name not in (*AGREEMENT, "vote")]
        return [name for name in kinds if (date, name) not in self.taken and self.until.get(name, date) <= date]

    def add(self, event):
        """Take in an event that was added."""
        date, kind = event["date"], event["kind"]
        self.taken.add((date, kind))
        if "until" in event:
            self.until[kind] = event["until"]
        if kind == "agreement_ends":
            self.in_force, self.ends = False, None
        elif kind in AGREEMENT:
            self.in_force, self.ends = True, event["terms"].get("ends", self.ends)
        elif kind == "vote" and [event.get(party) for party in PARTIES].count("end") > 1:
            ends = event.get("ends", date)
            self.ends = min(ends, self.ends or ends)
            self.in_force = self.ends > date


@st.composite
def one_event(draw, kind, date, end):
    """Draw a valid event of a kind on a date."""
    event = {"date": date, "kind": kind, "why": draw(st.text(max_size=10))}
    declared = EVENT_KINDS[kind]
    if kind in ("agreement_starts", "agreement_revised"):
        event["terms"] = draw(terms_of(date, end))
    if declared.lasting and draw(st.booleans()):
        event["until"] = draw(st.dates(date + A_DAY, end))
    for value in declared.values:
        if value.default == REQUIRED or draw(st.booleans()):
            by_date = value.declared is value and value.type is datetime.date
            event[value.name] = draw(st.dates(date, end - A_DAY) if by_date else allowed(value.declared))
    return event


@st.composite
def calendars(draw, start=START, end=END, in_force=True, least=0, most=8):
    """Draw the events of a valid scenario, in any order, after an agreement that is in force at the start or is not."""
    dates = draw(st.lists(st.dates(start, end - A_DAY), min_size=least, max_size=most))
    agenda, events = Agenda(in_force), []
    for date in sorted(dates):
        events.append(draw(one_event(draw(st.sampled_from(agenda.possible(date))), date, end)))
        agenda.add(events[-1])
    return draw(st.permutations(events))


@st.composite
def broken(draw, events):
    """Return a valid calendar with one thing in one of its events made wrong."""
    at = draw(st.integers(0, len(events) - 1))
    event = dict(events[at])
    kind, date = EVENT_KINDS[event["kind"]], event["date"]
    faults = [
        {"date": START - A_DAY}, {"date": END}, {"date": date.isoformat()}, {"kind": event["kind"] + "s"}, {"kind": 3},
        {"why": 1}, {"colour": "red"}, {"terms": 1}, {"until": "later"},
    ]  # fmt: skip
    faults += [{"until": date}, {"until": START - A_DAY}, {"until": END + A_DAY}] if kind.lasting else [{"until": END}]
    faults += [] if kind.name in AGREEMENT else [{"terms": {"preset": "agreement-2008"}}]
    faults += [{"ends": date - A_DAY}, {"ends": END}] if event["kind"] == "vote" else []
    faults += [{"decided": date - A_DAY}] if event["kind"] == "funding_cut" else []
    faults += [{"district": "7"}] if event["kind"] == "raid" else []
    for value in kind.values:
        faults += [{value.name: wrong} for wrong in ({"a": 1}, [1.5], "neither", -0.001, 1e6)]
        faults += [{value.name: None}] if value.default == REQUIRED else []
    changed = event | draw(st.sampled_from(faults))
    changed = {name: value for name, value in changed.items() if value is not None}
    twice = draw(st.integers(0, 9)) == 0
    return [*events[:at], *([event, event] if twice else [changed]), *events[at + 1 :]]
