"""What is taken home: link, QR code, command and files, each of the numbers that the page shows."""

import io
import json
import re
import shlex
import zipfile

import pytest
from click.testing import CliRunner

from experiments.cli import main

QUERY = "view=share&a=agreement-2008-terms&pairs=6&scale=0.02&a.capacity=1.5&p.fear_effect=3.5"


@pytest.fixture
def shared(open_page):
    """Return the view with everything in it."""
    page = open_page(QUERY)
    page.get_by_role("button", name="Full report (PDF)").wait_for()
    return page


def test_the_command_gives_the_numbers_of_the_page(shared, open_page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = shared.get_by_label("Command that reproduces the numbers").input_value()
    name, *arguments = shlex.split(command)
    assert name == "twoclaims"
    done = CliRunner().invoke(main, [*arguments, "--json", "-q"])
    assert done.exit_code == 0, done.output
    effects = json.loads(done.stdout[done.stdout.index("{") :])["effects"]
    (own,) = [e for e in effects if (e["outcome"], e["group"]) == ("solve_rate", "all")]
    page = open_page(QUERY.replace("view=share", "view=compare"))
    page.wait_for_selector(".exhibit svg")
    page.wait_for_selector(".waiting progress", state="detached")
    row = page.locator("tr", has=page.get_by_text("Solve rate", exact=True)).first.inner_text()
    shown = [float(text.replace("−", "-")) for text in re.findall(r"[+−]?\d+\.\d+", row)]  # noqa: RUF001
    assert shown[0] == pytest.approx(own["mean_a"], abs=0.006)
    assert shown[2] == pytest.approx(own["effect"], abs=0.006)


def test_the_link_and_its_code_open_the_same(shared):
    link = shared.get_by_label("Link to this view").input_value()
    assert link == shared.url
    assert shared.locator(".qr svg title").text_content() == "QR code of the link to this view"


@pytest.mark.parametrize(
    ("button", "name", "begins"),
    [
        ("Full report (HTML, one file)", "report.html", b"<!doctype html>"),
        ("Full report (PDF)", "report.pdf", b"%PDF-"),
        ("Hand-out, one page (PDF)", "handout.pdf", b"%PDF-"),
        ("Slide (PowerPoint)", "slide.pptx", b"PK"),
        ("Scenario A (file)", "agreement-2008-terms.toml", b"title ="),
    ],
)
def test_files_are_given(shared, tmp_path, button, name, begins):
    with shared.expect_download() as waiting:
        shared.get_by_role("button", name=button).click()
    assert waiting.value.suggested_filename == name
    content = (tmp_path / name, waiting.value.save_as(tmp_path / name))[0].read_bytes()
    assert content[: len(begins)].lower() == begins.lower()
    if name == "slide.pptx":
        assert "ppt/slides/slide1.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
