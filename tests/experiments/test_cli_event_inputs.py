"""Calendars on the command line: whatever an event says wrong, one line that names it, and nothing is written."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from experiments.cli import main

EVENT = "[[event]]\ndate = 2018-08-31\n"
AGREED = f"extends = 'agreement-renewed'\n{EVENT}"

REFUSED = {
    "value.toml": (
        f"{AGREED}kind = 'capacity'\nvalue = 21",
        "event capacity of 2018-08-31: value = 21: must lie between 0 and 20 (multiple of the usual",
    ),
    "nan.toml": (
        f"{AGREED}kind = 'raid'\nsize = nan\nsite = 'home'",
        "event raid of 2018-08-31: size = nan: must lie between 0 and 100000 (people)",
    ),
    "text.toml": (
        f"{AGREED}kind = 'police_budget'\nvalue = '0.9'",
        "event police_budget of 2018-08-31: value = '0.9': must be a number (multiple of the usual",
    ),
    "choice.toml": (
        f"{AGREED}kind = 'detainers'\nvalue = 'honour'",
        "value = 'honour': must be one of never, judicial_warrant, honor; did you mean 'honor'?",
    ),
    "switch.toml": (
        f"{AGREED}kind = 'victim_shield'\nvalue = 1",
        "event victim_shield of 2018-08-31: value = 1: must be true or false",
    ),
    "missing.toml": (
        f"{AGREED}kind = 'legalization'",
        "event legalization of 2018-08-31: missing key 'share'",
    ),
    "value_key.toml": (
        f"{AGREED}kind = 'outreach'\nreach = 0.1\nacuracy = 1.0",
        "event outreach of 2018-08-31: unknown key 'acuracy'; did you mean 'accuracy'?",
    ),
    "until.toml": (
        f"{AGREED}kind = 'detectives'\nvalue = 2\nuntil = 2018-08-31",
        "event detectives of 2018-08-31: until = 2018-08-31: must lie after 2018-08-31",
    ),
    "until_late.toml": (
        f"{AGREED}kind = 'detectives'\nvalue = 2\nuntil = 2031-01-01",
        "until = 2031-01-01: must lie after 2018-08-31 and at most at 2021-01-01",
    ),
    "until_text.toml": (
        f"{AGREED}kind = 'detectives'\nvalue = 2\nuntil = '2019-01-01'",
        "event[1].until = '2019-01-01': must be a date such as 2018-08-31, without quotes",
    ),
    "lasting.toml": (
        f"{AGREED}kind = 'police_scandal'\nsize = 1\nuntil = 2019-01-01",
        "event police_scandal of 2018-08-31: until does not belong to an event of this kind",
    ),
    "terms.toml": (
        f"{AGREED}kind = 'migration'\nvalue = 1\nterms = {{ real_time = true }}",
        "event migration of 2018-08-31: terms does not belong to an event of this kind",
    ),
    "same.toml": (
        f"{AGREED}kind = 'migration'\nvalue = 1\n{EVENT}kind = 'migration'\nvalue = 2",
        "event migration of 2018-08-31: there is already an event on that date (migration)",
    ),
    "overlap.toml": (
        f"{AGREED}kind = 'migration'\nvalue = 1\nuntil = 2019-08-31\n"
        "[[event]]\ndate = 2019-01-01\nkind = 'migration'\nvalue = 2",
        "event migration of 2019-01-01: overlaps the one of 2018-08-31, which holds until 2019-08-31",
    ),
    "district.toml": (
        f"{AGREED}kind = 'raid'\nsize = 5\nsite = 'home'\ndistrict = '300'",
        "event raid of 2018-08-31: unknown district '300'; allowed: 1, 2, 3, ",
    ),
    "district_number.toml": (
        f"{AGREED}kind = 'raid'\nsize = 5\nsite = 'home'\ndistrict = 25",
        "event raid of 2018-08-31: district = 25: must be text in quotes",
    ),
    "community.toml": (
        f"{AGREED}kind = 'announcement'\nreach = 1\ncommunities = ['latinos']",
        "black_immigrant, other_immigrant; did you mean 'latino'?",
    ),
    "communities.toml": (
        f"{AGREED}kind = 'announcement'\nreach = 1\ncommunities = 'latino'",
        "event announcement of 2018-08-31: communities = 'latino': must be a list of different names",
    ),
    "vote.toml": (
        f"extends = 'agreement-ended'\n{EVENT.replace('2018', '2019')}kind = 'vote'",
        "event vote of 2019-08-31: no agreement is in force on that date",
    ),
    "vote_word.toml": (
        f"{AGREED}kind = 'vote'\ncity = 'renew'",
        "event vote of 2018-08-31: city = 'renew': must be one of end, keep",
    ),
    "vote_ends.toml": (
        f"{AGREED}kind = 'vote'\nends = 2018-08-30",
        "event vote of 2018-08-31: ends = 2018-08-30: must not lie before the event",
    ),
    "voted_out.toml": (
        f"{AGREED}kind = 'vote'\ncity = 'end'\ncourts = 'end'\n[[event]]\ndate = 2018-09-30\nkind = 'agreement_ends'",
        "event agreement_ends of 2018-09-30: no agreement is in force on that date",
    ),
    "cut.toml": (
        f"{AGREED}kind = 'funding_cut'\nshare = 0.1\ndecided = 2018-08-01",
        "event funding_cut of 2018-08-31: decided = 2018-08-01: must not lie before the event",
    ),
    "disposition.toml": (
        f"{AGREED}kind = 'agreement_revised'\nterms = {{ after_disposition = 1 }}",
        "event[1].terms.after_disposition = 1: must be true or false",
    ),
    "expected.toml": (
        'extends = "agreement-renewed"\nexpected = "It rises."',
        "expected = 'It rises.': must be a list in brackets",
    ),
}
"""Content of a file, and what its refusal says."""


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Return a function that runs the command line in a folder with the files above."""
    monkeypatch.chdir(tmp_path)
    for name, (content, _) in REFUSED.items():
        Path(name).write_text(content, encoding="utf-8")
    return lambda *args: CliRunner().invoke(main, list(args), prog_name="twoclaims")


def assert_refused(result, name):
    """Assert that a result is one line on the error stream that names the file, and nothing else."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith(f"error: {name}: ")
    assert REFUSED[name][1] in line


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_bad_event_is_refused_in_one_line(cli, name):
    assert_refused(cli("scenario", "check", name), name)


@pytest.mark.parametrize("command", [["run"], ["compare", "agreement-renewed"], ["scenario", "show"]])
def test_a_bad_calendar_stops_every_command_before_anything_is_written(cli, command):
    """Nothing is run, and no folder of results is begun."""
    before = sorted(each.name for each in Path().iterdir())
    out = [] if command[0] == "scenario" else ["--out", "results"]
    for name in ("overlap.toml", "district.toml", "voted_out.toml"):
        assert_refused(cli(*command, name, *out), name)
    assert sorted(each.name for each in Path().iterdir()) == before
