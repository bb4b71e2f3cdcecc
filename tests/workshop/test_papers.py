"""The papers of a workshop: everything that the page says of steps and roles, to print, and written once."""

import io

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from experiments.cli import main
from experiments.language import CODES, load
from workshop.agenda import AGENDAS, ROLES
from workshop.papers import make_papers, prediction_sheet, role_cards
from workshop.predictions import CONFIDENCES, DIRECTIONS


def squeezed(text):
    """Return a text without spaces and hyphens, as lines may break anywhere."""
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("code", CODES)
def test_papers_hold_every_step_role_and_sheet(code):
    lang = load(code)
    reader = PdfReader(io.BytesIO(make_papers(lang)))
    told = squeezed("".join(page.extract_text() for page in reader.pages))
    for name in {step.name for steps in AGENDAS.values() for step in steps}:
        assert squeezed(lang.t(f"workshop.step.{name}.facilitator")) in told
    for card in role_cards(lang):
        assert squeezed(card.title) in told
        assert all(squeezed(question) in told for question in card.questions)
    assert reader.trailer["/Root"]["/Lang"].startswith(code)


def test_a_card_for_every_role_and_a_question_for_every_part_of_a_prediction():
    lang = load("en")
    assert [card.id for card in role_cards(lang)] == list(ROLES)
    answers = [len(answers) for _, answers in prediction_sheet(lang)]
    assert sorted(answers)[-2:] == sorted([len(DIRECTIONS), len(CONFIDENCES)])


@pytest.mark.parametrize("minutes", AGENDAS)
def test_steps_fill_the_time(minutes):
    assert sum(step.minutes for step in AGENDAS[minutes]) == minutes


def test_the_command_writes_once_and_refuses_in_one_line(tmp_path):
    runner, file = CliRunner(), str(tmp_path / "taller.pdf")
    done = runner.invoke(main, ["facilitate", "--language", "es", "--out", file])
    assert (done.exit_code, (tmp_path / "taller.pdf").read_bytes()[:4]) == (0, b"%PDF")
    for arguments, said in ((["--out", file], "exists already"), (["--language", "fr"], "language")):
        refused = runner.invoke(main, ["facilitate", *arguments])
        assert refused.exit_code == 2
        assert said in refused.output
        assert len(refused.output.splitlines()) == 1
