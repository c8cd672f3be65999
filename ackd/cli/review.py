"""`ackd review`: the page in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, config_path

#: What comes with the extra `web`.
_EXTRA = ("starlette", "uvicorn")

_Port = Annotated[
    int,
    typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="Where it listens; 0: a free port."),
]
_NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Print the link alone, and open no browser.")]


@exits(done="it was asked to end", unavailable="the extra `web` isn't installed, or the port is taken")
def review(
    no_browser: _NoBrowser = False,
    port: _Port = 0,
    config: ConfigOption = None,
    clock: ClockOption = None,
) -> None:
    """Look at everything in the browser: what is promised, what was decided and why, rules and settings,
    letters, the report. Goes on until Ctrl-C.

    The page is for this user of this machine alone: the link works once. It sends nothing itself.
    """
    from ackd.errors import UsageError, with_extra

    try:
        from ackd.web.serve import serve
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise UsageError(f"the page needs the package {error.name}: {with_extra('web')}") from None

    def ready(link: str) -> None:
        typer.echo(f"review at {link}")
        if not no_browser:
            typer.launch(link)

    serve(config_path(config), clock, port, ready)
