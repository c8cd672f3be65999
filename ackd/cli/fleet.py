"""`ackd fleet`: many mailboxes, looked after by workers on one or several machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, JsonOption, LogFormatOption, LogLevelOption, start_logging
from ackd.cli.render import shown
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from ackd.config.fleet import Fleet
    from ackd.ports import Ledger
    from ackd.runtime.ledgers import SharedDatabase

app = typer.Typer(
    help="Look after many mailboxes, with workers on one or several machines (docs/fleet.md).",
    no_args_is_help=True,
)
FleetOption = Annotated[
    Path, typer.Option("--config", "-c", help="The fleet's configuration.", show_default=True)
]
AddressArgument = Annotated[str | None, typer.Argument(help="A mailbox's address; none: all of them.")]
USUAL = Path("fleet.yaml")


@app.command()
@exits(ExitStatus.DONE, ExitStatus.TRY_AGAIN, ExitStatus.WRONG)
def worker(
    config: FleetOption = USUAL,
    clock: ClockOption = None,
    log_format: LogFormatOption = "json",
    log_level: LogLevelOption = "info",
) -> None:
    """Be one of the fleet's workers, until SIGTERM. There may be any number, on any machine."""
    start_logging(log_level, log_format)
    raise typer.Exit(_run(config, clock))


@app.command()
@exits(ExitStatus.DONE, ExitStatus.TRY_AGAIN, ExitStatus.WRONG)
def once(
    config: FleetOption = USUAL,
    clock: ClockOption = None,
    log_format: LogFormatOption = "plain",
    log_level: LogLevelOption = "warning",
) -> None:
    """Give each mailbox one pass, beside whatever workers there are, then exit."""
    start_logging(log_level, log_format)
    raise typer.Exit(_run(config, clock, once=True))


@app.command()
@exits(ExitStatus.DONE, ExitStatus.WRONG, ExitStatus.TRY_AGAIN)
def status(config: FleetOption = USUAL, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show how the fleet stands: numbers, and which mailboxes have errors."""
    import json
    from dataclasses import asdict

    from ackd.runtime.fleet import status as standing
    from ackd.runtime.ledgers import clock_of

    with _opened(config) as (fleet, database):
        found = standing.status(fleet, database, clock_of(clock).now())
        gone = standing.gone(fleet, database)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    typer.echo(
        f"{found.mailboxes} mailboxes, {found.healthy} healthy; of 95 in a hundred the next look is at most "
        f"{found.lag_p95_s:g} s late; {found.open_promises} promises open, {found.parked} cases parked"
    )
    for one in found.errors:
        typer.echo(f"  {shown(one.mailbox)}: {one.error}")
    for left in gone:
        typer.echo(
            f"  {shown(left.mailbox)}: belongs to the fleet no more, nothing is sent; "
            f"{left.open_promises} promises open (ackd fleet remove {shown(left.mailbox)})"
        )


@app.command()
@exits(ExitStatus.DONE, ExitStatus.WRONG)
def check(config: FleetOption = USUAL) -> None:
    """Check fleet.yaml and the file of each owner, each alone; nothing is signed in to."""
    from ackd.config.fleet import load_fleet
    from ackd.errors import ConfigError

    fleet, wrong = load_fleet(config), 0
    files = [*fleet.members, *(fleet.member(one) for one in _in_folder(fleet))]
    for member in files:
        try:
            _, notes = fleet.of(member)
        except ConfigError as error:
            wrong += 1
            typer.echo(f"{shown(member.address)} is left out:\n{error}", err=True)
            continue
        for note in notes:
            typer.echo(f"{shown(member.address)}: {member.owner}: {note}")
    told = f"{len(files)} mailboxes, {len(files) - wrong} of them can be used"
    group = fleet.config.group
    typer.echo(f"{fleet.path}: {told}{f', and the members of {group.address}' if group else ''}")
    if wrong:
        raise typer.Exit(ExitStatus.WRONG)


@app.command()
def pause(address: AddressArgument = None, config: FleetOption = USUAL, clock: ClockOption = None) -> None:
    """Send nothing more from a mailbox, or from any. Mail is read and judged all the same."""
    from ackd.engine import hold
    from ackd.runtime.ledgers import clock_of

    for one, ledger in _ledgers(config, address):
        hold.pause(ledger, clock_of(clock).now(), hold.BY_ADMINISTRATOR)
        typer.echo(f"{shown(one)}: paused")


@app.command()
def resume(address: AddressArgument = None, config: FleetOption = USUAL, clock: ClockOption = None) -> None:
    """Let letters go again from a mailbox, or from all. What was left unsent meanwhile stays unsent."""
    from ackd.engine import hold
    from ackd.runtime.ledgers import clock_of

    for one, ledger in _ledgers(config, address):
        count = hold.resume(ledger, clock_of(clock).now())
        typer.echo(f"{shown(one)}: resumed" + (f"; {count} letters were left unsent" if count else ""))


@app.command()
@exits(ExitStatus.DONE, ExitStatus.UNAVAILABLE, ExitStatus.WRONG)
def remove(
    address: Annotated[str, typer.Argument(help="The mailbox's address.")], config: FleetOption = USUAL
) -> None:
    """Forget a mailbox that belongs to the fleet no more: its record and its place in the queue. Tasks and
    letters stay in the mailbox. Its open promises are listed."""
    from ackd.errors import UsageError
    from ackd.runtime.fleet import removing

    with _opened(config) as (fleet, database):
        if removing.belongs(fleet, database, address):
            raise UsageError(
                f"{address} belongs to the fleet: take it out of {fleet.path} (or of the group) first"
            )
        if address.lower() not in database.addresses():
            raise UsageError(f"{address} has no record in {database.place}")
        promises = removing.remove(database, address)
    typer.echo(f"{shown(address)} is forgotten")
    for one in promises:
        due = f"{one.due:%a %d %b %Y %H:%M} UTC"
        typer.echo(f"  was promised: {shown(one.question.asker.email)}, {shown(one.question.subject)}, {due}")


@app.command()
@exits(done="each question got exactly one letter and one task", failed="some didn't")
def demo() -> None:
    """Show a fleet at work on this machine, in less than a minute: 50 mailboxes in a sandbox, a PostgreSQL
    server, two workers, one of which is killed."""
    import shutil
    import tempfile

    from ackd.demo import fleet as stage

    start_logging("error")
    folder = Path(tempfile.mkdtemp(prefix="ackd-fleet-"))
    try:
        outcome = stage.play(folder, typer.echo)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    typer.echo(str(outcome))
    if not outcome.is_well:
        raise typer.Exit(ExitStatus.FAILED)


@app.command()
def example() -> None:
    """Print a fleet.yaml to begin with."""
    from ackd.config.fleet.generated import fleet_example

    typer.echo(fleet_example(), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of fleet.yaml, for editors."""
    from ackd.config.fleet.generated import fleet_schema

    typer.echo(fleet_schema(), nl=False)


def _run(config: Path, clock: Path | None, *, once: bool = False) -> int:
    """Raises ConfigError also where the extra isn't installed."""
    from ackd.config.fleet import load_fleet
    from ackd.errors import ConfigError, with_extra
    from ackd.runtime.ledgers import clock_of

    try:
        from ackd.runtime.fleet.worker import Worker
    except ImportError as error:
        raise ConfigError(f"a fleet needs more packages: {with_extra('fleet')} ({error})") from error
    return Worker(load_fleet(config), clock_of(clock)).run(once=once)


@contextmanager
def _opened(config: Path) -> Iterator[tuple[Fleet, SharedDatabase]]:
    from contextlib import closing

    from ackd.config.fleet import load_fleet
    from ackd.runtime.ledgers import shared_database

    start_logging("warning")
    fleet = load_fleet(config)
    with closing(shared_database(fleet.config.database, 2)) as database:
        database.open()
        yield fleet, database


def _ledgers(config: Path, address: str | None) -> Iterator[tuple[str, Ledger]]:
    """The ledgers of a mailbox, or of all that belong to the fleet. Raises UsageError for another address."""
    from ackd.errors import UsageError
    from ackd.runtime.fleet import removing

    with _opened(config) as (fleet, database):
        there = removing.belonging(fleet, database)
        if address is not None and address.lower() not in there:
            raise UsageError(f"{address} doesn't belong to the fleet of {fleet.path}")
        for one in [address.lower()] if address is not None else there:
            yield one, database.ledger(one)


def _in_folder(fleet: Fleet) -> list[str]:
    """The addresses of members' own files in the group's folder."""
    folder = fleet.config.group.owners if fleet.config.group else None
    listed = {one.address for one in fleet.members}
    found = folder.glob("*@*.yaml") if folder is not None else ()
    return sorted({one.name.removesuffix(".yaml").lower() for one in found} - listed)
