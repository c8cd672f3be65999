"""The page's process: a port on loopback, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from ackd.errors import UsageError
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.web.app import pages
from ackd.web.entrance import Entrance
from ackd.web.site import Site

LOOPBACK = "127.0.0.1"
_HTTP = 80
#: Seconds that answers on their way get when the process is to end.
_PATIENCE = 2


def serve(config: Path, clock: Path | None, port: int, ready: Callable[[str], None]) -> None:
    """Serve the page until the process is asked to end; `ready` hears the link that opens it, once somebody
    can connect. Port 0: one that is free. Raises ConfigError where the configuration's file isn't there, and
    UsageError where the port can't be had."""
    if not config.exists():
        ReadOnlyApp(config).__exit__(None, None, None)  # says what is missing, as every command does
    entrance = Entrance()
    with bound(port) as listener:
        number = listener.getsockname()[1]
        host = LOOPBACK if number == _HTTP else f"{LOOPBACK}:{number}"  # as browsers write it
        app = pages(Site(config, clock, entrance), host)
        server = Server(app, lambda: ready(f"http://{host}/?key={entrance.key}"))
        for sign in (signal.SIGTERM, signal.SIGINT):
            # also what uvicorn raises once more after its end: to be asked to end is no failure
            signal.signal(sign, lambda *_: setattr(server, "should_exit", True))
        server.run(sockets=[listener])


def bound(port: int) -> socket.socket:
    """A socket at a port on loopback; 0: one that is free. Raises UsageError."""
    listener = socket.socket()
    if os.name == "posix":  # elsewhere it would let two processes share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listener.close()
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"port {port} can't be had ({why}): take another one, or --port 0") from None
    return listener


class Server(uvicorn.Server):
    """Serves what comes in at sockets that are bound, and says when it is there."""

    def __init__(self, app: object, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # type: ignore[arg-type]  # an ASGI app is a callable of no one type
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_level="warning",
                access_log=False,  # the first request has the key
                proxy_headers=False,  # nobody stands before it who would know better
                server_header=False,
                timeout_graceful_shutdown=_PATIENCE,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
