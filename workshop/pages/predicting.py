"""The form in which people say what they expect."""

import solara

from experiments.exhibits.words import capitalized, scenario_title, unit_of_difference, unit_of_level
from experiments.language import Language

from ..components.files import unanswered
from ..limits import Limits
from ..predictions import CONFIDENCES, DIRECTIONS, LONGEST_NAME
from ..rooms import Round
from ..seat import Seat
from .compare import AT_A_GLANCE

MEASURES = (*AT_A_GLANCE, "households_losing_member", "crimes_happened")
"""Outcomes that a room may predict."""
TEXTS = ("direction", "size", "size_hint", "size_needed", "confidence", "confidence_hint", "name", "table", "who_hint",
         "not_yet")  # fmt: skip


@solara.component_vue("form.vue")
def _Form(
    words=None, directions=(), confidences=(), unit="", taken=0, sent="", button="", longest=0, clears=False,
    event_give=unanswered,
):  # fmt: skip
    """See `Form`."""


@solara.component
def Form(session, done: Round, shared_screen: bool = False):
    """Direction, size and confidence; on a shared screen for one person after the other."""
    lang, seat = session.lang, session.part(Seat)
    taken, set_taken = solara.use_state(0)

    def give(told: dict) -> None:
        if isinstance(told, dict) and seat.predict(told, shared_screen):
            set_taken(taken + 1)

    sent = "workshop.sent_shared" if shared_screen else "workshop.sent"
    again = not shared_screen and seat.has_predicted
    _Form(
        words={name: lang.t(f"workshop.{name}") for name in TEXTS},
        directions=[{"value": each, "label": capitalized(lang.t(f"workshop.direction_{each}"))} for each in DIRECTIONS],
        confidences=[{"value": each, "label": lang.t(f"workshop.confidence_{each}")} for each in CONFIDENCES],
        unit=unit_of_difference(lang, done.key),
        taken=taken,
        sent=lang.t(sent) if taken or again else "",
        button=lang.t("workshop.change" if again else "workshop.give"),
        longest=LONGEST_NAME,
        clears=shared_screen,
        event_give=give,
    )


def round_measures(lang: Language) -> dict[str, str]:
    """Return the outcomes that a room may predict, by key."""
    return {key: capitalized(lang.outcome(key).label) for key in MEASURES}


def question_of(lang: Language, done: Round, limits: Limits) -> str:
    """Return what is to be predicted, with the level in world B as a scale where it is known."""
    a, b = (scenario_title(lang, scenario) for scenario in done.question.scenarios(limits))
    asked = lang.t("workshop.asked", a=a, b=b, outcome=lang.outcome(done.key).label)
    if done.level is None or done.level != done.level:
        return asked
    decimals = 0 if abs(done.level) >= 100 else 1 if abs(done.level) >= 1 else 3
    level = " ".join(part for part in (lang.n(done.level, decimals), unit_of_level(lang, done.key)) if part)
    return f"{asked} {lang.t('workshop.level', level=level)}"
