"""`ackd run` and `ackd once`."""

from __future__ import annotations

from dataclasses import asdict

import typer

from ackd.cli.options import (
    ClockOption,
    ConfigOption,
    JsonOption,
    config_path,
    start_logging,
    warn_not_supported,
)


def run(config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Run the service: poll the mailbox until SIGTERM."""
    import logging

    from ackd.app import App

    start_logging(logging.INFO)
    with App(config_path(config), clock) as app:
        warn_not_supported(app.not_supported)
        status = app.service().run()
    raise typer.Exit(status)


def once(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Do one pass over the mailbox, then exit.

    Exit status: 0 all was done, 75 the server couldn't be reached or work was cut short,
    77 the sign-in was refused, 78 the configuration is wrong.
    """
    import json
    import logging

    from ackd.app import App
    from ackd.errors import AckdError, Reach

    start_logging(logging.WARNING)
    with App(config_path(config), clock) as app:
        if not as_json:
            warn_not_supported(app.not_supported)
        problem: AckdError | None = None
        try:
            summary = app.run_pass()
        except AckdError as error:
            if error.reach is Reach.CONFIG:
                raise
            problem, summary = error, app.daemon.summary()
        unfinished = app.daemon.unfinished()
    if as_json:
        found = asdict(summary)
        typer.echo(json.dumps({**found, "not_supported": app.not_supported} if app.not_supported else found))
    else:
        typer.echo(
            f"{summary.seen} new mails: {summary.left} left; {summary.acknowledged} acknowledged, "
            f"{summary.parked} parked, {summary.open_promises} promises open"
        )
    if problem is not None:
        raise problem
    if unfinished:
        typer.echo(f"ackd: work was cut short: {unfinished}", err=True)
        raise typer.Exit(75)
