"""Named viewpoints: save, load, take along, and see the same comparison from two of them."""

import logging
import threading
from typing import NamedTuple

import solara

from experiments.exhibits.pair import Pair
from experiments.exhibits.words import pairs_of
from experiments.report.content import result_rows
from simulation.errors import InputError

from ..components import Button, Details, Download, Refused, Select, Text, Upload
from ..components.files import unanswered
from ..ensemble import Progress, grow
from ..notice import Notice
from ..question import Question
from ..viewpoints import LONGEST_NAME, Viewpoint, from_toml, kept, to_toml
from .compare import AT_A_GLANCE

log = logging.getLogger("workshop")

FILE = "viewpoints.toml"
AS_SET, PLAIN = "as-set", "plain"
"""What is set now, and the scenarios as they are; a saved viewpoint is chosen by its position."""


@solara.component
def Viewpoints(session):
    """The viewpoints of this visitor; nobody else sees them, and they go when the page is left."""
    lang, points = session.lang, session.viewpoints.value
    refused, set_refused = solara.use_state(None)

    def attempt(change) -> None:
        try:
            session.viewpoints.value = change()
            set_refused(None)
        except InputError as error:
            set_refused(Notice.of("levers.refused", reason=error))

    Text(lang.t("levers.viewpoints"), "h2")
    Text(lang.t("levers.viewpoints_lead"))
    _Viewpoints(
        items=[[each.name, lang.t("levers.changes", count=lang.n(each.changes, 0))] for each in points],
        words={name: lang.t(f"levers.{name}") for name in ("name", "save", "load", "delete")},
        longest=LONGEST_NAME,
        event_save=lambda name: attempt(lambda: kept(points, Viewpoint.of(session.question.value, name))),
        event_load=lambda n: session.set_question(points[int(n)].ask(session.question.value)),
        event_drop=lambda n: attempt(lambda: (*points[: int(n)], *points[int(n) + 1 :])),
    )
    # What comes and goes has a place that stays, so that nothing after it is made anew.
    with solara.Div():
        if refused:
            Refused(text=refused.told(lang))
    with solara.Div(classes=["buttons"]):
        if points:
            Download(lang.t("levers.take"), lang.t("share.making"), lambda: (FILE, to_toml(points).encode()))
    with Details(lang.t("levers.bring")):
        Upload(
            label=lang.t("levers.bring_file"), accept=".toml", most_bytes=session.limits.file_bytes,
            refusal=lang.t("compare.too_large", most=lang.n(session.limits.file_bytes, 0)),
            event_give=lambda file: attempt(lambda: kept(points, *from_toml(str(file["text"])))),
        )  # fmt: skip
    SideBySide(session)


@solara.component_vue("viewpoints.vue")
def _Viewpoints(items=(), words=None, longest=60, event_save=unanswered, event_load=unanswered, event_drop=unanswered):
    """See `Viewpoints`."""


class Seen(NamedTuple):
    """The comparison from one viewpoint: its name, and the pairs so far."""

    name: str
    pair: Pair | None


@solara.component
def SideBySide(session):
    """The same comparison from two viewpoints, run beside the page."""
    lang, points = session.lang, session.viewpoints.value
    names = {AS_SET: lang.t("levers.as_set"), PLAIN: lang.t("levers.plain")}
    names |= {str(n): each.name for n, each in enumerate(points)}
    chosen, set_chosen = solara.use_state((PLAIN, AS_SET))
    chosen = tuple(each if each in names else AS_SET for each in chosen)
    runs = solara.use_memo(lambda: Runs(session), [])
    solara.use_effect(lambda: runs.stop, [])
    seen, progress = runs.seen.value, runs.progress.value
    Text(lang.t("levers.side_by_side"), "h3")
    with solara.Div(classes=["columns"]):
        Select(lang.t("levers.first"), chosen[0], names, lambda name: set_chosen((name, chosen[1])))
        Select(lang.t("levers.second"), chosen[1], names, lambda name: set_chosen((chosen[0], name)))

    def start(*_) -> None:
        question = session.question.value
        runs.start([(names[each], seen_from(question, each, points)) for each in chosen])

    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("levers.compare"), kind="primary", event_click=start)
        if progress is not None:
            Button(label=lang.t("shell.cancel"), event_click=lambda *_: runs.stop())
            done, wanted = lang.n(progress.done, 0), lang.n(progress.wanted, 0)
            Text(lang.t("shell.running", done=done, wanted=wanted), "span")
    with solara.Div():
        if runs.trouble.value:
            Refused(text=runs.trouble.value.told(lang))
    if all(each.pair is not None for each in seen) and seen:
        Table(lang, seen)


@solara.component
def Table(lang, seen: tuple[Seen, ...]):
    """What differs between A and B, from each viewpoint."""
    rows = solara.use_memo(
        lambda: [result_rows(each.pair, lang, AT_A_GLANCE) for each in seen], [lang, *(each.pair for each in seen)]
    )
    Text(lang.t("levers.how_to_read"), "p", "hint")
    heads = [f"{each.name} ({pairs_of(lang, each.pair.n)})" for each in seen]
    _Table(
        caption=lang.t("levers.side_by_side"),
        columns=[lang.t("report.answer.outcome"), lang.t("report.answer.unit"), *heads],
        rows=[[row[0], row[1], *(view_text(lang, each[n]) for each in rows)] for n, row in enumerate(rows[0])],
    )


@solara.component_vue("table.vue")
def _Table(caption="", columns=(), rows=()):
    """A table of texts."""


def view_text(lang, row: tuple[str, ...]) -> str:
    """Return the difference of one row of results, with interval and reading."""
    return lang.t("levers.seen", difference=row[4], interval=row[5], reading=row[6])


def seen_from(question: Question, chosen: str, points: tuple[Viewpoint, ...]) -> Question:
    """Return the question as it is asked from a viewpoint that was chosen."""
    if chosen == AS_SET:
        return question
    return (Viewpoint("") if chosen == PLAIN else points[int(chosen)]).ask(question)


class Runs:
    """The worlds of the comparison of viewpoints, in turn.

    Attributes
    ----------
    seen : Reactive of tuple of Seen
    progress : Reactive of Progress or None
    trouble : Reactive of Notice or None
    """

    def __init__(self, session):
        self._session, self._generation = session, 0
        self.seen = solara.reactive(())
        self.progress = solara.reactive(None)
        self.trouble = solara.reactive(None)

    def start(self, asked: list[tuple[str, Question]]) -> None:
        """Run the questions, by the names of their viewpoints."""
        self._generation += 1
        self.seen.value = tuple(Seen(name, None) for name, _ in asked)
        self.trouble.value = None
        threading.Thread(target=self._work, args=(self._generation, asked), daemon=True).start()

    def stop(self) -> None:
        """Stop; what is done stays in sight."""
        self._generation += 1
        self.progress.value = None

    def _work(self, generation: int, asked: list[tuple[str, Question]]) -> None:
        try:
            self._run(asked, lambda: self._generation != generation)
        except InputError as error:
            self.trouble.value = Notice.of("shell.cannot_compare", reason=error)
        except Exception:
            log.exception("the comparison of viewpoints failed")
            self.trouble.value = Notice("shell.fault")
        if self._generation == generation:
            self.progress.value = None

    def _run(self, asked: list[tuple[str, Question]], is_old) -> None:
        """Let both grow by a pair in turn, so that the first picture of both is there early."""
        session, wanted = self._session, sum(question.settings.pairs for _, question in asked)
        growing = {n: grow(session.worlds, question, session.limits, is_old) for n, (_, question) in enumerate(asked)}
        done = dict.fromkeys(growing, 0)
        while growing and not is_old():
            for n in list(growing):
                step = next(growing[n], None)
                if step is None:
                    del growing[n]
                    continue
                done[n] = step.progress.done
                if step.pair is not None and not is_old():
                    seen = list(self.seen.value)
                    seen[n] = Seen(asked[n][0], step.pair)
                    self.seen.value = tuple(seen)
            if not is_old():
                self.progress.value = Progress(sum(done.values()), wanted, None)
