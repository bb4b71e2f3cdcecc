"""What stands between the web server and Solara: headers that keep the page to itself, and an accessible frame."""

import re
from collections.abc import Callable

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
        b"base-uri 'self'; form-action 'self'",
    ),
)
REPAIRS = (
    (rb"<html>", rb'<html lang="en">'),
    # A page that cannot be zoomed shuts out people with low vision.
    (rb'(<meta name="viewport" content=")[^"]*"', rb'\1width=device-width, initial-scale=1"'),
    (rb"<v-progress-linear ", b'<v-progress-linear aria-label="..." '),
    (rb"Server\s+disconnected\.", b"Connection lost, trying again. Sin conexi\xc3\xb3n, intentando de nuevo."),
)


def wrapped() -> Callable:
    """Return Solara's application with the headers and repairs of this page."""
    from solara.server.starlette import app

    async def serve(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        # An answer that is repaired must not be compressed before.
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
        answer = _Answer(send)
        await app(scope, receive, answer.send)

    return serve


class _Answer:
    """Passes an answer on; holds back a page of HTML until it is whole, to repair it."""

    def __init__(self, send: Callable):
        self._send, self._start, self._body = send, None, b""

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *HEADERS]
            if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            for wrong, right in REPAIRS:
                self._body = re.sub(wrong, right, self._body)
            length = (b"content-length", str(len(self._body)).encode())
            headers = [(k, v) for k, v in self._start["headers"] if k != b"content-length"]
            await self._send({**self._start, "headers": [*headers, length]})
            message = {"type": "http.response.body", "body": self._body}
        await self._send(message)
