"""`ackd service`: the per-user service of systemd's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ConfigOption, config_path
from ackd.errors import ExitStatus

app = typer.Typer(
    help="Run ackd as a service of systemd's for you alone; no administrator is needed.",
    no_args_is_help=True,
)


@app.command()
def install(
    config: ConfigOption = None,
    start: Annotated[bool, typer.Option("--start/--no-start", help="Also start it, now and always.")] = True,
) -> None:
    """Install the unit, start it now and at each sign-in."""
    from ackd import config as configuration
    from ackd.runtime import systemd

    path = config_path(config)
    loaded = configuration.load(path)
    for words in systemd.install(loaded.config, path.absolute() if config else None, start=start):
        typer.echo(words)


@app.command()
def uninstall() -> None:
    """Stop the service and remove its unit. Configuration, ledger and mailbox stay."""
    from ackd.runtime import systemd

    for words in systemd.uninstall():
        typer.echo(words)


@app.command()
@exits(ExitStatus.STOPPED, done="it runs and works", failed="it runs and can't work")
def status(config: ConfigOption = None) -> None:
    """Show whether the service runs and can work, and why not.

    (`ackd status` tells of mails and promises.)
    """
    import os

    from ackd.runtime import systemd

    standing = systemd.status()
    path = config_path(config or systemd.Place.of(os.environ).config())
    lines, trouble = _seen(path)
    for words in (*lines, *standing.words):
        typer.echo(words)
    if trouble and standing.is_alive:
        typer.echo(f"can't work: {trouble}")
    if trouble or not standing.is_alive:
        raise typer.Exit(ExitStatus.FAILED if standing.is_alive else ExitStatus.STOPPED)


def _seen(path: Path) -> tuple[list[str], str | None]:
    """Open alarms, and what keeps passes from succeeding; nothing where there is no ledger."""
    from ackd.cli.alarms import lines
    from ackd.clock import in_zone
    from ackd.errors import AckdError
    from ackd.model import ValueKey
    from ackd.runtime.ledgers import any_ledger

    try:
        with any_ledger(path) as shared:
            found = lines(shared.ledger.open_alarms(), shared.clock.now(), shared.zone)
            trouble = shared.ledger.value(ValueKey.TROUBLE)
            return found, trouble and in_zone(trouble, shared.zone)
    except AckdError as error:
        return [], str(error)


@app.command()
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="So many of the last lines.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Show the service's log."""
    from ackd.runtime import systemd

    raise typer.Exit(systemd.logs(lines, follow=follow))
