"""`twoclaims completion`: the script by which a shell completes what is typed."""

import rich_click as click
from click.shell_completion import get_completion_class

PROGRAM = "twoclaims"
ASKED_BY = "_TWOCLAIMS_COMPLETE"
"""The variable by which the script asks the program for words: click derives this name from the program's."""
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Write the script that lets a shell complete commands and options, for its start-up file.

    \b
    Examples:
      twoclaims completion bash >> ~/.bashrc
      twoclaims completion zsh >> ~/.zshrc
      twoclaims completion fish > ~/.config/fish/completions/twoclaims.fish
    """
    click.echo(get_completion_class(shell)(ctx.find_root().command, {}, PROGRAM, ASKED_BY).source())
