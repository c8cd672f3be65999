"""`ackd rule`: never, or always, acknowledge a sender."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.config import tell_saved, told
from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, config_path
from ackd.cli.render import shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.model import Always

app = typer.Typer(
    name="rule",
    help="Never, or always, acknowledge a sender: write a rule into the configuration.",
    no_args_is_help=True,
)
_Address = Annotated[
    str, typer.Argument(metavar="ADDRESS", help='The sender, or a glob such as "*@corp.example".')
]


@app.command()
@exits(ExitStatus.UNAVAILABLE, failed="the file was changed meanwhile: nothing was done")
def never(address: _Address, config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Never acknowledge this sender's mails. What stands in the file stays as it is, comments too; the rule
    goes before your others."""
    from ackd.model import Always

    _write(address, Always.NEVER, config, clock)


@app.command()
@exits(ExitStatus.UNAVAILABLE, failed="the file was changed meanwhile: nothing was done")
def always(address: _Address, config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Acknowledge all that this sender asks, also where ackd isn't sure that it is a question (thanks
    get no letter). Safety goes before: an outsider, a machine or a list gets none."""
    from ackd.model import Always

    _write(address, Always.ALWAYS, config, clock)


def _write(address: str, wanted: Always, config: ConfigOption, clock: ClockOption) -> None:
    from ackd.model import Always
    from ackd.runtime.config_store import ConfigStore
    from ackd.runtime.ledgers import clock_of

    path = config_path(config)
    with told():
        edited, saved = ConfigStore(path).add_rule(address, wanted, clock_of(clock).now())
    if not edited.is_new:
        typer.echo(f"{path}:{edited.line}: the rule {shown(edited.name)} says so already")
        return
    if wanted is Always.ALWAYS and _is_outside(path, address):
        typer.echo(
            f"{path}: note: {shown(address)} is no colleague by `internal`: no letter goes there, whatever a "
            "rule says",
            err=True,
        )
    tell_saved(path, saved, f"{wanted.value} {shown(edited.name)}, in line {edited.line}")


def _is_outside(path: Path, address: str) -> bool:
    """Whether an address is surely no colleague's; of a glob, and where lists count, that isn't known."""
    from ackd.config import load
    from ackd.runtime.settings import settings_of

    config = load(path).config
    if {"*", "?"} & {*address} or config.internal.groups:
        return False
    return not settings_of(config)[0].policy.is_internal(address)
