"""`ackd config`: check, example, show, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ConfigOption, config_path
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.config import Loaded

app = typer.Typer(help="Check the configuration, show it, or get one to begin with.", no_args_is_help=True)


@app.command()
@exits(ExitStatus.WRONG, done="it can be used")
def check(config: ConfigOption = None) -> None:
    """Check the configuration: every problem with its place and remedy."""
    loaded = _load(config)
    for note in (*loaded.old_names, *loaded.notes, *letter_notes(loaded), *_secret_notes(loaded)):
        typer.echo(f"{loaded.path}: note: {note}", err=True)
    if problems := _template_problems(loaded):
        for problem in problems:
            typer.echo(f"letters.directory: {problem}", err=True)
        raise typer.Exit(ExitStatus.WRONG)
    typer.echo(f"{loaded.path}: no problems; mode {loaded.config.mode.value}")


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


def _template_problems(loaded: Loaded) -> tuple[str, ...]:
    """What is wrong with the owner's own templates."""
    directory = loaded.config.letters.directory
    if directory is None:
        return ()
    from ackd.letters import Letters

    return Letters(directory).problems()


def letter_notes(loaded: Loaded) -> tuple[str, ...]:
    """What the owner's own templates leave out."""
    from ackd.letters import Letters

    warnings = Letters(loaded.config.letters.directory).warnings()
    return tuple(f"letters.directory: {words}" for words in warnings)


def _load(path: Path | None) -> Loaded:
    """The configuration; ends the command with its exit status when it can't be used."""
    from ackd.config import load
    from ackd.errors import ConfigError

    try:
        return load(config_path(path))
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None


def _secret_notes(loaded: Loaded) -> list[str]:
    """What would keep ackd from its password. Only for places that this shell can see as the
    service does: a file for certain, a variable perhaps."""
    from ackd.config import read_secret
    from ackd.config.secrets import SecretSource
    from ackd.errors import ConfigError

    mailbox = loaded.config.mailbox
    if mailbox.secret is None or mailbox.secret.source not in (SecretSource.FILE, SecretSource.ENV):
        return []
    try:
        read_secret(mailbox.secret, mailbox.username)
    except ConfigError as error:
        return [str(error)]
    return []
