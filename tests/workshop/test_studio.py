"""Figures are drawn in turn: the last wish counts, nothing is drawn twice, and a fault is no end."""

import threading
import time

import pandas as pd
import pytest

from experiments.language import load
from workshop.components.studio import Drawn, Easel, Studio, Wish


class FakeExhibit:
    """Counts how often it is drawn."""

    def __init__(self, name, seconds=0.0):
        self.name, self.seconds, self.drawn = name, seconds, 0
        self.title = self.message = self.caption = name
        self.table = pd.DataFrame({"n": [1.5]})

    def svg(self):
        time.sleep(self.seconds)
        self.drawn += 1
        return f"<svg>{self.name}</svg>"


def wish(exhibit):
    return Wish(exhibit.name, lambda: exhibit, load("en"))


def wait_until(true, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Wall(list):
    """What was shown, by title."""

    def show(self, drawn, wish):
        self.append(drawn and drawn.title)
        assert drawn is None or wish.key == drawn.title


@pytest.fixture
def shown():
    return Wall()


def test_what_was_asked_for_last_is_drawn_and_what_lies_between_is_not(shown):
    easel = Easel(Studio(8), shown.show)
    exhibits = [FakeExhibit(f"e{n}", 0.1) for n in range(5)]
    for exhibit in exhibits:
        easel.ask(wish(exhibit))
    wait_until(lambda: "e4" in shown)
    time.sleep(0.2)
    assert shown in (["e4"], ["e0", "e4"])
    assert [exhibit.drawn for exhibit in exhibits[1:4]] == [0, 0, 0]
    later = FakeExhibit("later")
    easel.ask(wish(later))
    wait_until(lambda: shown[-1] == "later")


def test_every_figure_gets_its_turn_however_often_others_ask():
    """While worlds go on being added, the last figure of the page is drawn too."""
    studio, seen = Studio(100), {n: Wall() for n in range(4)}
    easels = {n: Easel(studio, seen[n].show) for n in seen}
    stop = threading.Event()

    def ask_on():
        turn = 0
        while not stop.is_set():
            for n, easel in easels.items():
                easel.ask(wish(FakeExhibit(f"figure {n}, turn {turn}", 0.02)))
            turn += 1
            time.sleep(0.03)

    asking = threading.Thread(target=ask_on)
    asking.start()
    time.sleep(1.5)
    stop.set()
    asking.join()
    counts = [len(each) for each in seen.values()]
    assert min(counts) > 0.6 * max(counts) > 0


def test_nothing_is_drawn_twice_while_it_is_kept(shown):
    studio, exhibit = Studio(2), FakeExhibit("same")
    for _ in range(3):
        easel = Easel(studio, shown.show)
        before = len(shown)
        easel.ask(wish(exhibit))
        wait_until(lambda before=before: len(shown) > before)
    assert exhibit.drawn == 1
    for name in ("x", "y"):
        Easel(studio, shown.show).ask(wish(FakeExhibit(name)))
        wait_until(lambda name=name: name in shown)
    assert studio.find("same") is None


def test_a_figure_that_cannot_be_drawn_is_said_and_the_next_one_is_drawn(shown):
    easel = Easel(Studio(8), shown.show)

    def fail():
        raise ZeroDivisionError

    easel.ask(Wish("bad", fail, load("en")))
    wait_until(lambda: shown == [None])
    easel.ask(wish(FakeExhibit("good")))
    wait_until(lambda: shown == [None, "good"])


def test_a_visitor_who_has_left_gets_nothing(shown):
    easel = Easel(Studio(8), shown.show)
    easel.ask(wish(FakeExhibit("slow", 0.2)))
    easel.leave()
    time.sleep(0.4)
    assert shown == []


def test_what_is_kept_holds_no_worlds():
    """Memory returns when visitors leave: a kept picture is text."""
    kept = Drawn.of(FakeExhibit("x"), load("en"))
    assert all(isinstance(each, str | list) for each in kept)
