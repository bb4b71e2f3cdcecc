"""The command line: whatever is typed, an exit code and one line, and never a traceback."""

import json
import subprocess
import sys
import types
from pathlib import Path

import pytest
import rich_click as click
from click.testing import CliRunner

from experiments.cli import COMMANDS, main, options
from simulation.errors import InputError
from simulation.scenario import Scenario

FILES = {
    "unknown_key.toml": 'extends = "agreement-renewed"\nscal = 0.1',
    "unknown_parameter.toml": 'extends = "agreement-renewed"\n[parameters]\nfear_efect = 2.0',
    "unknown_member.toml": 'extends = "agreement-renewed"\n[parameters]\nvulnerability.undocumentd = 1.0',
    "table.toml": 'extends = "agreement-renewed"\n[parameters]\nvulnerability = 1.0',
    "out_of_range.toml": 'extends = "agreement-renewed"\n[parameters]\nfear_effect = 50',
    "not_a_number.toml": 'extends = "agreement-renewed"\n[parameters]\nfear_effect = nan',
    "infinite.toml": 'extends = "agreement-renewed"\nyears = inf',
    "text_for_number.toml": 'extends = "agreement-renewed"\n[parameters]\nfear_effect = "2"',
    "yes_for_number.toml": 'extends = "agreement-renewed"\nscale = true',
    "scale.toml": 'extends = "agreement-renewed"\nscale = 0',
    "whole.toml": 'extends = "agreement-renewed"\ncollection_days = 1.5',
    "lever.toml": 'extends = "agreement-renewed"\n[levers]\ndetainers = "honour"',
    "lever_name.toml": 'extends = "agreement-renewed"\n[levers]\nprioritys = "convicted"',
    "lever_switch.toml": 'extends = "agreement-renewed"\n[levers]\nfingerprint_checks = 1',
    "wrong_section.toml": 'extends = "agreement-renewed"\n[levers]\nfear_effect = 1',
    "quoted_date.toml": 'extends = "agreement-renewed"\nstart = "2016-01-01"',
    "time_of_day.toml": 'extends = "agreement-renewed"\nstart = 2016-01-01T00:00:00',
    "late_event.toml": 'extends = "agreement-renewed"\n[[event]]\ndate = 2081-08-31\nkind = "agreement_ends"',
    "event_kind.toml": 'extends = "agreement-renewed"\n[[event]]\ndate = 2018-08-31\nkind = "agreement_end"',
    "event_key.toml": 'extends = "agreement-renewed"\n[[event]]\ndat = 2018-08-31\nkind = "agreement_ends"',
    "event_table.toml": 'extends = "agreement-renewed"\n[event]\ndate = 2018-08-31\nkind = "agreement_ends"',
    "overlap.toml": 'extends = "agreement-renewed"\n[[event]]\ndate = 2018-08-31\nkind = "agreement_starts"\n'
    'terms = { preset = "agreement-2008" }',
    "ended_twice.toml": 'extends = "agreement-ended"\n[[event]]\ndate = 2019-08-31\nkind = "agreement_ends"',
    "role.toml": 'extends = "agreement-renewed"\n[agreement]\nroles = ["arestee"]',
    "preset.toml": 'extends = "agreement-renewed"\n[agreement]\npreset = "agreement-2010"',
    "base.toml": 'extends = "agreement-renewd"',
    "itself.toml": 'extends = "itself.toml"',
    "place.toml": 'place = "philadelfia"\nstart = 2016-01-01\nyears = 1\n[agreement]\npreset = "none"',
    "empty.toml": "",
    "broken.toml": 'extends = "agreement-renewed"\nscale 0.1',
    "twice.toml": 'extends = "agreement-renewed"\nscale = 0.1\nscale = 0.2\n',
    "fine.toml": 'extends = "agreement-renewed"\nscale = 0.2',
}

BAD_FILES = {
    "unknown_key.toml": "unknown key 'scal'; did you mean 'scale'?",
    "unknown_parameter.toml": "[parameters]: unknown parameter 'fear_efect'; did you mean 'fear_effect'?",
    "unknown_member.toml": "did you mean 'vulnerability.undocumented'?",
    "table.toml": "parameters.vulnerability is a table; write vulnerability.us_born_citizen = 1.0",
    "out_of_range.toml": "parameters.fear_effect = 50: must lie between 0 and 10 (log-odds per unit",
    "not_a_number.toml": "parameters.fear_effect = nan: must lie between 0 and 10",
    "infinite.toml": "years = inf: must be a finite number",
    "text_for_number.toml": "parameters.fear_effect = '2': must be a number",
    "yes_for_number.toml": "scale = true: must be a number",
    "scale.toml": "scale = 0: must be greater than 0 and at most 1",
    "whole.toml": "collection_days = 1.5: must be a whole number",
    "lever.toml": "detainers = 'honour': must be one of never, judicial_warrant, honor; did you mean 'honor'",
    "lever_name.toml": "[levers]: unknown lever 'prioritys'; did you mean 'priorities'?",
    "lever_switch.toml": "levers.fingerprint_checks = 1: must be true or false",
    "wrong_section.toml": "'fear_effect' is not a lever; it belongs in [parameters]",
    "quoted_date.toml": "start = '2016-01-01': must be a date such as 2018-08-31, without quotes",
    "time_of_day.toml": "start = 2016-01-01T00:00:00: must be a date such as 2018-08-31",
    "late_event.toml": "event agreement_ends of 2081-08-31: outside the run, whose days are 2016-01-01 to",
    "event_kind.toml": "event[1].kind = 'agreement_end': must be one of",
    "event_key.toml": "[event[1]]: unknown key 'dat'; did you mean 'date'?",
    "event_table.toml": "must be a list in brackets",
    "overlap.toml": "event agreement_starts of 2018-08-31: overlaps the agreement that is in force",
    "ended_twice.toml": "event agreement_ends of 2019-08-31: no agreement is in force on that date",
    "role.toml": "roles[1] = 'arestee': must be one of arrestee, victim, witness; did you mean 'arrestee'?",
    "preset.toml": "agreement.preset = 'agreement-2010': must be one of",
    "base.toml": "extends = 'agreement-renewd': unknown scenario 'agreement-renewd'; did you mean",
    "itself.toml": "extends = 'itself.toml': a cycle",
    "place.toml": "unknown place 'philadelfia'; did you mean 'philadelphia'?",
    "empty.toml": "missing key 'place'",
    "broken.toml": "line 2, column 7: not valid TOML",
    "twice.toml": "line 3, column 12: not valid TOML",
}

BAD_COMMANDS = [
    (["comapre", "a", "b"], "unknown command 'comapre'; did you mean 'compare'?"),
    (["scenario", "lst"], "No such command 'lst'"),
    (["--vershun"], "No such option"),
    (["scenario", "show"], "Missing argument"),
    (["scenario", "show", "agreement-endd"], "did you mean 'agreement-ended'?"),
    (["scenario", "show", "fine"], "for the file here write fine.toml"),
    (["scenario", "show", "agreement-ended.toml"], "did you mean the shipped scenario 'agreement-ended'?"),
    (["scenario", "show", ""], "unknown scenario ''"),
    (["scenario", "check", "."], "unknown scenario '.'"),
    (["scenario", "check", "folder/"], "no such file"),
    (["scenario", "check"], "Missing argument"),
    (["scenario", "diff", "agreement-ended"], "Missing argument"),
    (["scenario", "diff", "agreement-ended", "unknown_key.toml"], "did you mean 'scale'?"),
    (["scenario", "new", "fine", "--from", "agreement-ended"], "fine.toml: exists already"),
    (["scenario", "new", "agreement-ended", "--from", "agreement-renewed"], "a scenario of that name ships"),
    (["scenario", "new", "../x", "--from", "agreement-ended"], "name = '../x': use letters"),
    (["scenario", "new", "x", "--from", "agreement-endd"], "did you mean 'agreement-ended'?"),
    (["scenario", "new", "x"], "Missing option '--from'"),
    (["parameters", "fear_efect"], "unknown parameter 'fear_efect'; did you mean 'fear_effect'?"),
    (["parameters", "capacity"], "'capacity' is a lever, not a parameter"),
    (["parameters", "qqqq"], "unknown parameter 'qqqq'; allowed:"),
    (["place", "check", "philadelfia"], "did you mean 'philadelphia'?"),
    (["place", "check", "philadelphia", "--scale", "nan"], "must be a number above 0 and at most 1"),
    (["place", "check", "philadelphia", "--seeds", "0"], "must be a whole number from 1"),
    (["doctor", "now"], "unexpected extra argument"),
]


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Return a function that runs the command line in a folder with the files above."""
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        Path(name).write_text(content, encoding="utf-8")
    return lambda *args: CliRunner().invoke(main, list(args), prog_name="twoclaims")


def assert_refused(result, message, code=2):
    """Assert that a result is one line on the error stream, and nothing else."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_a_bad_file_is_refused_in_one_line(cli, name):
    result = cli("scenario", "check", name)
    assert_refused(result, BAD_FILES[name])
    assert name in result.stderr


@pytest.mark.parametrize(("args", "message"), BAD_COMMANDS)
def test_a_bad_command_is_refused_in_one_line(cli, args, message):
    assert_refused(cli(*args), message)


def test_a_good_file_is_checked_even_after_a_bad_one(cli):
    result = cli("scenario", "check", "scale.toml", "fine.toml", "nowhere.toml")
    assert result.exit_code == 2
    assert result.stdout.startswith("ok: fine.toml")
    assert len(result.stderr.splitlines()) == 2


@pytest.mark.parametrize("name", Scenario.names())
def test_every_shipped_scenario_is_ok(cli, name):
    result = cli("scenario", "check", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"ok: {name}")


def test_a_new_file_is_valid_and_differs_in_nothing(cli):
    assert cli("scenario", "new", "slow-data", "--from", "agreement-ended").exit_code == 0
    assert cli("scenario", "check", "slow-data.toml").exit_code == 0
    assert "Nothing that decides results differs" in cli("scenario", "diff", "agreement-ended", "slow-data.toml").stdout
    assert Scenario.load("slow-data.toml").title == "Slow data"


def test_every_line_that_a_new_file_offers_is_valid(cli):
    cli("scenario", "new", "offered", "--from", "agreement-renewed")
    lines = Path("offered.toml").read_text(encoding="utf-8").splitlines()
    offered = [line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in lines]
    Path("offered.toml").write_text("\n".join(offered), encoding="utf-8")
    assert cli("scenario", "check", "offered.toml").exit_code == 0


def test_the_resolved_file_that_is_shown_loads_to_the_same(cli):
    Path("resolved.toml").write_text(cli("scenario", "show", "agreement-ended", "--toml").stdout, encoding="utf-8")
    assert Scenario.difference(Scenario.load("agreement-ended"), Scenario.load("resolved.toml")) == []


def test_the_difference_is_told_in_plain_words_and_as_data(cli):
    told = cli("scenario", "diff", "agreement-renewed", "convictions-only").stdout
    assert "1 thing differs" in told
    assert "Whom the immigration agency will arrest." in told
    [row] = json.loads(cli("scenario", "diff", "agreement-renewed", "convictions-only", "--json").stdout)
    assert (row["key"], row["a"], row["b"]) == ("levers.priorities", "everyone_foreign_born", "convicted")
    ended = cli("scenario", "diff", "agreement-renewed", "agreement-ended").stdout
    assert "August 31, 2018: agreement ends" in ended
    assert "no longer sees the arrest database" in ended


def test_lists_are_complete_for_people_and_for_scripts(cli):
    from simulation.parameters import PARAMETERS
    from simulation.place import Place

    assert all(name in cli("scenario", "list").stdout for name in Scenario.names())
    listed = [each["name"] for each in json.loads(cli("scenario", "list", "--json").stdout)]
    assert sorted(listed) == list(Scenario.names())
    assert [each["name"] for each in json.loads(cli("place", "list", "--json").stdout)] == list(Place.names())
    assert all(name in cli("parameters").stdout for name in PARAMETERS)
    assert [each["name"] for each in json.loads(cli("parameters", "--json").stdout)] == list(PARAMETERS)


def test_one_parameter_is_explained_with_its_source(cli):
    told = cli("parameters", "fear_effect").stdout
    assert "How much dread lowers the odds" in told
    assert "gjw-sc-reporting: Effect of Secure Communities" in told
    assert len(cli("parameters", "vulnerability").stdout.splitlines()) >= 6


@click.command()
@options.set_option
@options.scale_option
@options.years_option
@options.seed_option
@options.seeds_option
@options.workers_option
def probe(settings, scale, years, seed, seeds, workers):
    """Say what the shared options were read as."""
    click.echo(repr((options.overrides(settings, scale, years), seed, seeds, workers)))


@pytest.mark.parametrize("option", ["--seed", "--seeds", "--workers", "--scale", "--years"])
@pytest.mark.parametrize("typed", ["seven", "", "-1", "1e99", "nan", "inf", "9" * 5000])
def test_numbers_that_are_none_are_refused(option, typed):
    result = CliRunner().invoke(probe, [f"{option}={typed}"])
    assert result.exit_code == 2
    assert "must be a" in " ".join(result.stderr.split())


@pytest.mark.parametrize("typed", ["--seed=1.5", "--seeds=0", "--seeds=1.5", "--workers=0", "--scale=0", "--scale=1.1"])
def test_numbers_out_of_range_are_refused(typed):
    assert CliRunner().invoke(probe, [typed]).exit_code == 2


def test_options_are_read_with_their_types():
    args = ["--seed=0", "--seeds=auto", "--workers=2", "--scale=1", "--set", "years=2"]
    settings = {"capacity": "2", "detainers": "never", "start": "2016-01-01", "agreement.roles": '["victim"]'}
    for key, value in settings.items():
        args += ["--set", f"{key}={value}"]
    told = CliRunner().invoke(probe, args).stdout
    assert "'capacity': 2, 'detainers': 'never', 'start': datetime.date(2016, 1, 1)" in told
    assert "'agreement.roles': ['victim'], 'scale': 1.0}, 0, 'auto', 2)" in told


@pytest.mark.parametrize("setting", ["capacity", "capacity=", "=2", ""])
def test_a_setting_needs_a_key_and_a_value(setting):
    result = CliRunner().invoke(probe, ["--set", setting])
    assert result.exit_code == 2
    assert "write KEY=VALUE" in result.stderr


def test_a_setting_given_twice_is_refused():
    assert "given twice" in CliRunner().invoke(probe, ["--set", "capacity=1", "--set", "capacity=2"]).stderr
    result = CliRunner().invoke(probe, ["--set", "scale=1", "--scale=1"])
    assert isinstance(result.exception, InputError)


@pytest.fixture
def failing(monkeypatch):
    """Return a function that makes `twoclaims doctor` raise an exception."""

    def fail_with(error):
        @click.command()
        def doctor():
            raise error

        module = types.ModuleType("experiments.cli.doctor")
        module.doctor = doctor
        monkeypatch.setitem(sys.modules, "experiments.cli.doctor", module)

    return fail_with


def test_a_fault_of_the_program_is_one_line(cli, failing):
    failing(RuntimeError("first\nsecond"))
    assert_refused(cli("doctor"), "unexpected RuntimeError: first second", code=1)


def test_a_fault_of_the_machine_names_the_file(cli, failing):
    failing(PermissionError(13, "Permission denied", "/locked"))
    assert_refused(cli("doctor"), "/locked: Permission denied", code=1)


def test_an_interruption_is_one_line(cli, failing):
    failing(KeyboardInterrupt())
    result = cli("doctor")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_debugging_shows_where(cli, failing, monkeypatch):
    failing(RuntimeError("here"))
    assert isinstance(cli("--debug", "doctor").exception, RuntimeError)
    monkeypatch.setenv("TWOCLAIMS_DEBUG", "1")
    assert isinstance(cli("doctor").exception, RuntimeError)
    monkeypatch.setenv("TWOCLAIMS_DEBUG", "0")
    assert cli("doctor").exit_code == 1


def test_help_and_version(cli):
    for args in (
        ["--help"],
        ["-h"],
        ["scenario", "--help"],
        ["scenario", "new", "-h"],
        ["parameters", "--help"],
    ):
        result = cli(*args)
        assert result.exit_code == 0
        assert "Usage: twoclaims" in result.stdout
    told = cli("--help").stdout
    assert all(name in told for name in COMMANDS)
    assert cli("--version").stdout.startswith("twoclaims ")
    assert "Usage" in cli().stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['twoclaims', '--help']\n"
        "from experiments.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'numpy', 'numba', 'pandas', 'mesa', 'pydantic', 'scipy', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_real_process_leaves_with_code_two_and_one_line(tmp_path):
    (tmp_path / "typo.toml").write_text(FILES["unknown_parameter.toml"], encoding="utf-8")
    code = "from experiments.cli import main; main()"
    args = [sys.executable, "-c", code, "scenario", "check", str(tmp_path / "typo.toml")]
    done = subprocess.run(args, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"error: {tmp_path / 'typo.toml'}: {BAD_FILES['unknown_parameter.toml']}",
    ]
