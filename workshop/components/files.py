"""Files that are made on demand and given to the browser."""

import base64
import logging
import threading
from collections.abc import Callable
from typing import Any

import solara

from .parts import parts

log = logging.getLogger("workshop")

_MIME = {
    "csv": "text/csv", "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "html": "text/html",
    "json": "application/json", "md": "text/markdown", "toml": "application/toml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
_downloads = iter(range(2**62))


def unanswered(*_: Any) -> None:
    """Answer an event that nobody asked for."""


def file_of(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as the browser takes it; each is new, so that the same file can be taken twice."""
    mime = _MIME[name.rpartition(".")[2]]
    return {"name": name, "mime": mime, "base64": base64.b64encode(content).decode(), "turn": next(_downloads)}


def deliver(make: Callable[[], tuple[str, bytes]], give: Callable[[dict[str, Any]], None]) -> None:
    """Make a file beside the page, which goes on answering, and give it; one without a name if that fails."""

    def work():
        try:
            file = file_of(*make())
        except Exception:
            log.exception("a file could not be made")
            file = {"name": "", "turn": next(_downloads)}
        give(file)

    threading.Thread(target=work, daemon=True).start()


@solara.component_vue("download.vue")
def RawDownload(
    label="", working_label="", kind="", disabled=False, file=None, event_fetch_file: Callable = unanswered
):
    """See `Download`."""


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
        components=parts("file-taker"),
        event_fetch_file=lambda *_: deliver(make, set_file),
    )  # fmt: skip
