"""The command `twoclaims`.

Subcommands are imported when they are called: `twoclaims --help` reads only this file. Whatever goes
wrong, a user sees one line on the standard error stream and an exit code: 0 good, 1 a run failed,
2 bad input, 130 interrupted.
"""

import os
import sys
from importlib import import_module
from typing import Any

import rich_click as click

from simulation import __version__
from simulation.errors import InputError

COMMANDS = {
    "run": "Simulate one scenario.",
    "compare": "Simulate two or more scenarios on the same people and the same luck, and show what differs.",
    "sweep": "Run a design: scenarios, varied parameters and seeds, thousands of runs, none of them lost.",
    "export": "Write the tables of a result as CSV.",
    "sensitivity": "Find out which factors of a sweep matter, and how much is luck.",
    "discover": "Find the part of the parameter space in which a condition holds.",
    "regret": "Compare scenarios by their distance to the best one, over all points of a design.",
    "figures": "Draw a result: fan charts, heat maps, parallel coordinates, replicate stability.",
    "calibrate": "Fit the uncertain parameters to what was measured, by approximate Bayesian computation.",
    "validate": "Replicate natural experiments and hold the estimates against what was published.",
    "claims": "Ask how probable each claim of both sides is over all that is not known, and what decides.",
    "report": "Write a report of two worlds: HTML, accessible PDF, one-page hand-out, slide.",
    "replay": "Run one run of a result again, exactly.",
    "scenario": "List, show, check, start or compare scenario files.",
    "place": "List places, or check that a simulated place matches its figures.",
    "parameters": "List the parameters of the model, or explain one.",
    "app": "Open the page for a policy workshop in a browser.",
    "facilitate": "Write the papers of a workshop: guide, role cards and prediction sheets, to print.",
    "doctor": "Check this installation and say what to do about a problem.",
    "completion": "Write the script that lets bash, zsh or fish complete commands and options.",
}
"""Every subcommand and its line of help; each is a command of that name in a module of that name here."""

ELSEWHERE = {"app": "workshop.command", "facilitate": "workshop.papers_command"}
"""Modules of the commands that belong to another package; nothing else here knows of it."""


class _OneLine(click.ClickException):
    """A failure that has been put into words already."""

    def __init__(self, message: str, exit_code: int):
        super().__init__(message)
        self.exit_code = exit_code


class Program(click.RichGroup):
    """The top-level group: imports a subcommand when it is called, and words every failure."""

    _listing = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return a subcommand; while help is written, only a stand-in with its line of help."""
        if name not in COMMANDS:
            return None
        if self._listing:
            return click.RichCommand(name, help=COMMANDS[name])
        return getattr(import_module(ELSEWHERE.get(name, f"experiments.cli.{name}")), name)

    def format_help(self, ctx: click.Context, formatter: Any) -> None:
        """Write the help without importing a subcommand."""
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False

    def shell_complete(self, ctx: click.Context, incomplete: str) -> Any:
        """Complete a subcommand's name without importing any: a key was pressed, and somebody waits."""
        self._listing = True
        try:
            return super().shell_complete(ctx, incomplete)
        finally:
            self._listing = False

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the subcommand that was named, or name the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from simulation.validation import unknown

            raise _OneLine(unknown("command", args[0], COMMANDS), exit_code=2)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Call the subcommand; put what it raises into one line."""
        debug = ctx.params.get("debug") or os.environ.get("TWOCLAIMS_DEBUG", "") not in ("", "0")
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except InputError as error:
            raise _OneLine(str(error), exit_code=2) from None
        except KeyboardInterrupt:
            raise click.Abort from None
        except Exception as error:
            if debug:
                raise
            raise _OneLine(_unexpected(error), exit_code=1) from None

    def main(self, args: Any = None, prog_name: str | None = None, **extra: Any) -> Any:
        """Run the command line and leave with the exit code that the subcommand returns, 0 for None."""
        standalone = extra.pop("standalone_mode", True)
        if not standalone:
            return super().main(args, prog_name, standalone_mode=False, **extra)
        try:
            code = super().main(args, prog_name or "twoclaims", standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            print(error.message)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            sys.exit(_complain(error.format_message(), error.exit_code))
        except (click.Abort, KeyboardInterrupt):
            # A terminal has just shown ^C on a line of its own.
            sys.exit(_complain("interrupted", 130, prefix="\n" if sys.stderr.isatty() else ""))
        sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, exit_code: int, prefix: str = "error: ") -> int:
    """Write one line to the standard error stream and return the exit code."""
    print(prefix + " ".join(message.split()), file=sys.stderr)
    return exit_code


def _unexpected(error: Exception) -> str:
    """Return the line for a fault of the machine or of the program itself."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the system'}: {error.strerror}"
    reason = str(error)[:200]
    return (
        f"unexpected {type(error).__name__}: {reason}. This is a fault of the program: "
        "run `twoclaims --debug ...` again and report what it prints to the project's issue tracker"
    )


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"twoclaims {__version__}")
    ctx.exit()


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.command_panel("Simulate", commands=["run", "compare", "sweep", "replay", "export"])
@click.command_panel("Analyze a result", commands=["sensitivity", "discover", "regret", "figures", "report"])
@click.command_panel("Hold against evidence", commands=["calibrate", "validate", "claims"])
@click.command_panel("In a room", commands=["app", "facilitate"])
@click.command_panel("Inputs", commands=["scenario", "place", "parameters"])
@click.command_panel("This installation", commands=["doctor", "completion"])
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and leave.",
)
def main(debug: bool) -> None:
    """Simulate what a city gains and loses by sharing police data with immigration authorities.

    A scenario is the name of one that ships (`twoclaims scenario list`) or a TOML file of your own.

    \b
    Examples:
      twoclaims compare agreement-renewed agreement-ended
      twoclaims run agreement-ended --scale 0.05 --seed 7
      twoclaims scenario diff agreement-renewed convictions-only
      twoclaims parameters fear_effect
    """
