"""Start the page: settings of Solara, limits, and the web server."""

import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterable

from simulation.errors import InputError

from .limits import Limits

LOOPBACK = "127.0.0.1"
APP = "workshop.app"

_limits = Limits()


def limits() -> Limits:
    """Return the caps of this process."""
    return _limits


def serve(
    host: str = LOOPBACK, port: int = 8765, open_browser: bool = True, caps: Limits | None = None, say: Callable = print
) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    host : str
        Loopback unless told otherwise.
    port : int
        0 for any free one.
    open_browser : bool
        Open the page in this machine's browser once it answers.
    caps : Limits, optional
    say : callable
        Gets one line with the address.

    Raises
    ------
    InputError
        If the address cannot be listened on.
    """
    global _limits
    _limits = caps or Limits()
    listening = _listen(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}/"
    _configure(host, listening.getsockname()[1])

    import uvicorn

    from .wrapper import wrapped

    config = uvicorn.Config(wrapped(), log_level="error", ws_max_size=4 * _limits.file_bytes, access_log=False)
    running = uvicorn.Server(config)
    _prepare_worlds()
    if open_browser:
        threading.Timer(1.0, webbrowser.open, (address,)).start()
    say(address)
    running.run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything slow is done, so that a port in use is said at once."""
    try:
        listening = socket.create_server((host, port), backlog=256, family=_family(host))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot listen on {host}:{port}: {reason}; choose another with --port or --host") from None
    return listening


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _configure(host: str, port: int) -> None:
    """Set what Solara reads from the environment before it is imported."""
    os.environ |= {
        "SOLARA_APP": APP,
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SOLARA_MODE": "production",
        "SOLARA_KERNEL_CULL_TIMEOUT": f"{_limits.idle_minutes}m",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_THEME_SHOW_BANNER": "false",
        "SOLARA_THEME_TITLE": "Two Claims",
        "SOLARA_SESSION_HTTP_ONLY": "true",
    }


def _prepare_worlds() -> None:
    """Have the workers import and, on a new machine, compile the model before the first visitor waits for it."""
    from simulation.randomness import replicate_seed

    from .app import worlds
    from .question import Question

    first = Question()
    seeds = [replicate_seed(first.settings.root_seed, number) for number in range(1, worlds().workers + 1)]
    pairs = worlds().run_pairs(first.scenarios(_limits), seeds, lambda: False)
    threading.Thread(target=_prepare, args=(pairs,), daemon=True).start()


def _prepare(pairs: Iterable) -> None:
    """Wait for the first worlds, and then make what does not change while the page runs."""
    from experiments.language import CODES

    from .pages.assumptions import assumption_groups
    from .pages.levers import lever_groups

    list(pairs)
    for code in CODES:
        lever_groups(code), assumption_groups(code)
