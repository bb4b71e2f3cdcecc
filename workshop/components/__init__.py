"""Parts of the page: plain HTML controls (Vue templates beside this file), and what they show."""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence

import solara
from ipyvue import Html

from experiments.exhibits.words import with_unit
from experiments.language import Language

from .figure import Figure, LiveFigure
from .files import Download, deliver, unanswered
from .parts import parts

__all__ = [
    "Button", "Check", "Choice", "Copy", "Details", "Download", "Figure", "LiveFigure", "Refused", "Select", "Slider",
    "Terms", "Text", "Upload", "deliver",
]  # fmt: skip


def Text(text: str, tag: str = "p", *classes: str):
    """A text, which may be a visitor's, as one HTML element."""
    return solara.HTML(tag=tag, unsafe_innerHTML=html.escape(text), classes=list(classes))


@solara.component_vue("button.vue")
def Button(label="", kind="", disabled=False, pressed: bool | None = None, event_click: Callable = unanswered):
    """A button; `kind` is `primary` for the one that matters."""


@solara.component_vue("select.vue")
def RawSelect(label="", value="", groups=(), hint="", disabled=False, event_change: Callable = unanswered):
    """See `Select`."""


@solara.component_vue("slider.vue")
def RawSlider(
    label="", value=0.0, low=0.0, high=1.0, step=0.01, unit="", hint="", refusal="", whole=False, changed=False,
    disabled=False, boxed=False, event_change: Callable = unanswered,
):  # fmt: skip
    """See `Slider`."""


@solara.component_vue("choice.vue")
def RawChoice(label="", value="", options=(), quiet=False, disabled=False, event_change: Callable = unanswered):
    """See `Choice`."""


@solara.component_vue("check.vue")
def Check(
    label: str = "", value: bool = False, hint: str = "", disabled: bool = False, event_change: Callable = unanswered
):
    """A yes or no."""


@solara.component_vue("upload.vue")
def Upload(label="", accept="", hint="", most_bytes=0, refusal="", event_give: Callable = unanswered):
    """A file of the visitor's; `event_give` gets a dict of name and text."""


@solara.component_vue("copy.vue")
def RawCopy(label="", text="", copy_label="", done_label="", hint=""):
    """See `Copy`."""


@solara.component_vue("refused.vue")
def Refused(text=""):
    """Why something was not taken."""


def Details(summary: str):
    """Parts of a page behind a summary that opens; use it as a context."""
    return Html.element(tag="details", children=[Html.element(tag="summary", children=[summary])])


@solara.component_vue("terms.vue")
def RawTerms(summary="", sections=()):
    """See `Terms`."""


def Terms(summary: str, sections: Iterable[tuple[str, Sequence[tuple[str, str]]]]):
    """Words and what they mean, behind a summary that opens.

    Parameters
    ----------
    sections : iterable of (heading, sequence of (word, meaning))
    """
    return RawTerms(
        summary=summary, sections=[{"heading": h, "items": [list(i) for i in each]} for h, each in sections]
    )


def Copy(lang: Language, label: str, text: str, hint: str = ""):
    """A text with a button that puts it on the clipboard."""
    return RawCopy(
        label=label, text=text, copy_label=lang.t("share.copy"), done_label=lang.t("share.copied"), hint=hint
    )


def Select(
    label: str,
    value: str,
    options: Mapping[str, str] | Iterable[tuple[str, Mapping[str, str]]],
    on_change: Callable,
    hint: str = "",
):
    """One of several, in a list that opens.

    Parameters
    ----------
    options : mapping of value to words, or iterable of (heading, mapping)
    on_change : callable
        Gets the value.
    """
    groups = [("", options)] if isinstance(options, Mapping) else options
    listed = [{"label": h, "options": [{"value": v, "label": w} for v, w in each.items()]} for h, each in groups]
    return RawSelect(label=label, value=value, groups=listed, hint=hint, event_change=on_change)


def Choice(label: str, value: str, options: Mapping[str, str], on_change: Callable, quiet: bool = False):
    """One of a few, all in sight; `quiet` shows the label to screen readers only."""
    listed = [{"value": v, "label": w} for v, w in options.items()]
    return RawChoice(label=label, value=value, options=listed, quiet=quiet, event_change=on_change)


def Slider(
    lang: Language, label: str, value: float, low: float, high: float, on_change: Callable,
    unit: str = "", hint: str = "", whole: bool = False, changed: bool = False, boxed: bool = False,
):  # fmt: skip
    """A number by slider or by typing; what is out of range is refused beside the box, with the range.

    Parameters
    ----------
    boxed : bool
        By typing only.
    """
    step = 1 if whole else step_of(high - low)
    return RawSlider(
        label=label, value=value, low=low, high=high, step=step, unit=unit, hint=hint,
        refusal=refusal_of(lang, low, high, unit), whole=whole, changed=changed, boxed=boxed,
        components=parts("number-field"), event_change=on_change,
    )  # fmt: skip


def refusal_of(lang: Language, low: float, high: float, unit: str) -> str:
    """Return what is said beside a box whose number is out of range, or none."""
    return with_unit(lang.t("shell.out_of_range", low=lang.n(low), high=lang.n(high)), unit)


def step_of(span: float) -> float:
    """Return a round step of about a hundredth of the span."""
    return next((s for s in (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0) if span / s <= 250), 10.0)
