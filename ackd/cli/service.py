"""`ackd service`: the per-user service of systemd's."""

from __future__ import annotations

from typing import Annotated

import typer

from ackd.cli.options import ConfigOption, config_path

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
def status() -> None:
    """Show whether the service runs, and why not. (`ackd status` tells of mails and promises.)"""
    from ackd.runtime import systemd

    for words in systemd.status():
        typer.echo(words)


@app.command()
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="So many of the last lines.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Show the service's log."""
    from ackd.runtime import systemd

    raise typer.Exit(systemd.logs(lines, follow=follow))
