"""What the worlds show beside what the room expected."""

import solara

from ..components import Figure, Text
from ..expectations import finding, overlay_exhibit, tally_exhibit
from ..predictions import Step, calibration, within
from ..rooms import Round


@solara.component_vue("calibration.vue")
def _Calibration(caption="", columns=(), rows=()):
    """See `Confidence`."""


@solara.component
def Revealed(session, done: Round):
    """The finding, the tally, all predictions, and how sure people were."""
    lang, look = session.lang, session.look
    drawn = [done.key, len(done.predictions), done.answer, look]
    tallied = solara.use_memo(lambda: tally_exhibit(done, look), drawn)
    overlaid = solara.use_memo(lambda: overlay_exhibit(done, look), drawn)
    Text(finding(done.key, done.answer, lang), "p", "finding")
    if not done.predictions:
        Text(lang.t("workshop.nobody"), "p", "note")
        return
    with solara.Div(classes=["columns", "wide"]):
        Figure(tallied, lang)
        Figure(overlaid, lang)
    Confidence(lang, done)


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
