"""`twoclaims app`: the page for a policy workshop."""

import rich_click as click

from .limits import Limits
from .question import Settings

_LOOPBACK = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any free one.")
@click.option(
    "--host", default=_LOOPBACK, show_default=True, help="Address to listen on; 0.0.0.0 for the whole network."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option(
    "--most-visitors",
    type=click.IntRange(1, 10_000),
    default=Limits.sessions,
    show_default=True,
    help="Visitors at a time.",
)
@click.option(
    "--most-residents",
    type=click.IntRange(1_000, 10_000_000),
    default=Limits.residents,
    show_default=True,
    help="Simulated residents of a world.",
)
@click.option(
    "--most-pairs",
    type=click.IntRange(Settings.pairs, 100_000),  # what the page opens with
    default=Limits.pairs,
    show_default=True,
    help="Pairs of worlds behind one picture.",
)
def app(port: int, host: str, no_browser: bool, most_visitors: int, most_residents: int, most_pairs: int) -> None:
    """Open the page on which a council, an advocacy group and a police chief compare scenarios.

    It listens on this machine only, unless --host says otherwise, and needs no network. Ctrl-C ends it.

    \b
    Examples:
      twoclaims app
      twoclaims app --host 0.0.0.0 --port 8080 --no-browser
    """
    from .server import serve

    def say(address: str) -> None:
        click.echo(f"Two Claims is at {address} (Ctrl-C ends it)")

    caps = Limits(sessions=most_visitors, residents=most_residents, pairs=most_pairs)
    serve(host, port, not no_browser, caps, say)
