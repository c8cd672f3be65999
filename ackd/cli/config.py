"""`ackd config`: check, example, show, schema; earlier versions, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain, dumped
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.config import Loaded
    from ackd.runtime.config_store import Saved

app = typer.Typer(
    help="Check the configuration, show it, go back to an earlier one, or get one to begin with.",
    no_args_is_help=True,
)


@app.command()
@exits(ExitStatus.WRONG, done="it can be used")
def check(config: ConfigOption = None) -> None:
    """Check the configuration: every problem with its place and remedy."""
    from ackd.config.read_file import read_bytes
    from ackd.runtime.config_check import check as checked

    path = config_path(config)
    with told():
        found = checked(read_bytes(path), path)
    for note in found.notes:
        typer.echo(f"{path}: note: {note}", err=True)
    with told():
        loaded = found.usable()
    typer.echo(f"{path}: no problems; mode {loaded.config.mode.value}")


@app.command()
def example() -> None:
    """Print a configuration to begin with: every key with its meaning."""
    from ackd.config import example

    typer.echo(example.example(), nl=False)


@app.command()
def show(config: ConfigOption = None) -> None:
    """Print the values in force and where each comes from; secrets are never shown."""
    from ackd.config import show

    loaded = _load(config)
    typer.echo(show.show(loaded), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema, by which editors complete and check the configuration."""
    from ackd.config import json_schema

    typer.echo(json_schema.json_schema(), nl=False)


@app.command()
def history(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the earlier versions of the configuration that are kept: the last ten texts that ackd replaced
    (`ackd rule`, `ackd config restore`, the page), with when each was replaced."""
    from ackd.runtime.config_store import ConfigStore

    path = config_path(config)
    with told():
        versions = ConfigStore(path).versions()
    if as_json:
        typer.echo(dumped([{**as_plain(version), "path": str(version.path)} for version in versions]))
        return
    for version in versions:
        count = f"+{version.added} -{version.removed} lines"
        typer.echo(f"{version.number:6}  until {_moment(version.until, path)}  then {count}")
    if not versions:
        typer.echo("no earlier version is kept")


@app.command()
@exits(ExitStatus.UNAVAILABLE)
def diff(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Which version.", show_default="the newest")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Show what differs from an earlier version (`ackd config history`) to the configuration as it is."""
    from ackd.runtime.config_store import ConfigStore

    with told():
        lines = ConfigStore(config_path(config)).diff(number)
    for line in lines.splitlines():
        typer.echo("".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in line))
    if not lines:
        typer.echo("nothing differs")


@app.command()
@exits(ExitStatus.UNAVAILABLE, failed="the file was changed meanwhile: nothing was done")
def restore(
    number: Annotated[int, typer.Argument(metavar="N", help="Which version; see `ackd config history`.")],
    config: ConfigOption = None,
    clock: ClockOption = None,
) -> None:
    """Go back to an earlier version of the configuration. What is there now is kept as a version, too."""
    from ackd.runtime.config_store import ConfigStore
    from ackd.runtime.ledgers import clock_of

    path = config_path(config)
    with told():
        saved = ConfigStore(path).restore(number, clock_of(clock).now())
    tell_saved(path, saved, f"version {number} is there again")


def tell_saved(path: Path, saved: Saved, done: str) -> None:
    """What a change of the configuration did, and the way back."""
    for note in saved.notes:
        typer.echo(f"{path}: note: {note}", err=True)
    if saved.kept is None:
        typer.echo(f"{path}: nothing to change")
        return
    typer.echo(f"{path}: {done}; back by `ackd config restore {saved.kept}`")
    typer.echo("a running service takes it up by itself, before it looks for mail the next time")


def _moment(at: datetime, path: Path) -> str:
    """By the owner's clock, also where the configuration can't be used now."""
    from ackd.config.remains import remains
    from ackd.runtime.ledgers import owner_time

    return f"{owner_time(remains(path).config).calendar.local(at):%Y-%m-%d %H:%M %Z}"


@contextmanager
def told() -> Iterator[None]:
    """Errors of the configuration are told as they stand, a line each with its place, and end the command."""
    from ackd.errors import ConfigError

    try:
        yield
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None


def _load(path: Path | None) -> Loaded:
    """The configuration; ends the command with its exit status when it can't be used."""
    from ackd.config import load

    with told():
        return load(config_path(path))
