"""What the worlds show beside what the room expected."""

from collections.abc import Callable

import solara

from experiments.exhibits.counted import warning
from experiments.exhibits.exhibit import Exhibit, Look

from ..components import Text
from ..components.figure import Shown
from ..components.studio import Drawn, look_key
from ..expectations import finding, overlay_exhibit, tally_exhibit
from ..predictions import Step, calibration, within
from ..rooms import Round
from ..seat import Seat


@solara.component_vue("calibration.vue")
def _Calibration(caption="", columns=(), rows=()):
    """See `Confidence`."""


@solara.component
def Revealed(session, done: Round):
    """The finding, the tally, all predictions, and how sure people were."""
    lang = session.lang
    Text(finding(done.key, done.answer, lang), "p", "finding")
    if said := warning(done.answer.counts, done.answer.n, lang):
        Text(said, "p", "note", "caution", "counts")
    if not done.predictions:
        Text(lang.t("workshop.nobody"), "p", "note")
        return
    with solara.Div(classes=["columns", "wide"]):
        for make in (tally_exhibit, overlay_exhibit):
            Picture(session, done, make)
    Confidence(lang, done)


@solara.component
def Picture(session, done: Round, make: Callable[[Round, Look], Exhibit]):
    """An exhibit of a round, drawn once for all in the room whose screens are alike."""
    lang, look, room = session.lang, session.look, session.part(Seat).room.value
    name = (id(done.answer), make.__name__, look_key(look))
    drawn = solara.use_memo(lambda: room.shared(name, lambda: Drawn.of(make(done, look), lang)), [name])
    Shown(drawn, lang, lambda: make(done, look))


def Confidence(lang, done: Round):
    """How sure people were of the direction, and how many of them were right."""
    predictions, effect = tuple(done.predictions.values()), done.answer.effect
    steps = calibration(predictions, effect)
    inside = lang.t(
        "workshop.within", inside=lang.n(within(predictions, effect), 0), people=lang.n(len(predictions), 0)
    )
    with solara.Div(classes=["confidence"]):
        Text(lang.t("workshop.how_sure"), "h3")
        if steps:
            rows = [_row(lang, step) for step in steps]
            columns = [lang.t(f"workshop.column_{name}") for name in ("confidence", "people", "right", "share_right")]
            _Calibration(caption=lang.t("workshop.how_sure"), columns=columns, rows=rows)
            Text(lang.t("workshop.calibrated"), "p", "hint")
        else:
            Text(lang.t("workshop.cannot_say"), "p", "note")
        Text(inside)


def _row(lang, step: Step) -> list[str]:
    share = lang.percent(100 * step.right / step.people, 0)
    return [lang.percent(step.confidence, 0), lang.n(step.people, 0), lang.n(step.right, 0), share]
