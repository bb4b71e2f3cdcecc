"""Parts of the page: plain HTML controls (Vue templates beside this file), and what they show."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import solara

from experiments.exhibits.exhibit import Exhibit
from experiments.language import Language


def _no(*_: Any) -> None:
    """Answer an event that nobody asked for."""


@solara.component_vue("button.vue")
def Button(
    label: str = "", kind: str = "", disabled: bool = False, pressed: bool | None = None, event_click: Callable = _no
):
    """A button; `kind` is `primary` for the one that matters."""


@solara.component_vue("select.vue")
def RawSelect(label="", value="", groups=(), hint="", disabled=False, event_change: Callable = _no):
    """See `Select`."""


@solara.component_vue("slider.vue")
def RawSlider(
    label="", value=0.0, low=0.0, high=1.0, step=0.01, unit="", hint="", refusal="", whole=False, changed=False, disabled=False,
    event_change: Callable = _no,
):  # fmt: skip
    """See `Slider`."""


@solara.component_vue("choice.vue")
def RawChoice(label="", value="", options=(), quiet=False, disabled=False, event_change: Callable = _no):
    """See `Choice`."""


@solara.component_vue("check.vue")
def Check(label: str = "", value: bool = False, hint: str = "", disabled: bool = False, event_change: Callable = _no):
    """A yes or no."""


@solara.component_vue("upload.vue")
def Upload(label="", accept="", hint="", most_bytes=0, refusal="", event_give: Callable = _no):
    """A file of the visitor's; `event_give` gets a dict of name and text."""


@solara.component_vue("figure.vue")
def RawFigure(
    title="",
    message="",
    caption="",
    svg="",
    columns=(),
    rows=(),
    kinds=(),
    words=None,
    file=None,
    event_download: Callable = _no,
):
    """See `Figure`."""


@solara.component_vue("download.vue")
def RawDownload(label="", working_label="", kind="", disabled=False, file=None, event_fetch_file: Callable = _no):
    """See `Download`."""


@solara.component_vue("copy.vue")
def RawCopy(label="", text="", copy_label="", done_label="", hint=""):
    """See `Copy`."""


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
    unit: str = "", hint: str = "", whole: bool = False, changed: bool = False,
):  # fmt: skip
    """A number by slider or by typing; what is out of range is refused beside the box, with the range."""
    step = 1 if whole else _step(high - low)
    refusal = lang.t("shell.out_of_range", low=lang.n(low), high=lang.n(high), unit=unit).strip()
    return RawSlider(
        label=label, value=value, low=low, high=high, step=step, unit=unit, hint=hint, refusal=refusal,
        whole=whole, changed=changed, event_change=on_change,
    )  # fmt: skip


def _step(span: float) -> float:
    """Return a round step of about a hundredth of the span."""
    return next((s for s in (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0) if span / s <= 250), 10.0)


@solara.component
def Figure(exhibit: Exhibit, lang: Language):
    """An exhibit with its words, its data table, and downloads of exactly what is shown."""
    file, set_file = solara.use_state(None)
    svg = solara.use_memo(exhibit.svg, [exhibit])
    table = exhibit.table

    def give(kind: str) -> None:
        content = {"csv": exhibit.csv, "svg": lambda: exhibit.svg().encode(), "png": exhibit.png}[kind]()
        set_file(file_of(f"{exhibit.name}.{kind}", content))

    RawFigure(
        title=exhibit.title,
        message=exhibit.message,
        caption=exhibit.caption,
        svg=svg,
        columns=[str(column) for column in table.columns],
        rows=[[cell_text(cell, lang) for cell in row] for row in table.itertuples(index=False)],
        kinds=["csv", "svg", "png"],
        words={"table": lang.t("shell.table"), "download": lang.t("shell.download")},
        file=file,
        event_download=give,
    )


@solara.component
def Download(
    label: str, working_label: str, make: Callable[[], tuple[str, bytes]], kind: str = "", disabled: bool = False
):
    """A button that makes a file when it is pressed, and gives it to the browser.

    Parameters
    ----------
    make : callable
        Returns name and content.
    """
    file, set_file = solara.use_state(None)
    RawDownload(
        label=label, working_label=working_label, kind=kind, disabled=disabled, file=file,
        event_fetch_file=lambda *_: set_file(file_of(*make())),
    )  # fmt: skip


_MIME = {
    "csv": "text/csv", "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "html": "text/html",
    "json": "application/json", "toml": "application/toml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
_downloads = iter(range(2**62))


def file_of(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as the browser takes it; each is new, so that the same file can be taken twice."""
    mime = _MIME[name.rpartition(".")[2]]
    return {"name": name, "mime": mime, "base64": base64.b64encode(content).decode(), "turn": next(_downloads)}


def cell_text(cell: Any, lang: Language) -> str:
    """Return a cell of a table as the language writes it."""
    if isinstance(cell, bool | str):
        return str(cell)
    if hasattr(cell, "year"):
        return lang.date(cell, "iso")
    number = float(cell)
    if number == int(number) if number == number and abs(number) < 1e15 else False:
        return lang.n(number, 0)
    return lang.n(number, 3)
