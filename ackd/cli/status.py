"""`ackd status`, `ackd parked`, `ackd pause` and `ackd resume`: how things stand, and the owner's
word on what ackd can't know. They work beside the running service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path

if TYPE_CHECKING:
    from ackd.views.status import StatusView

parked_app = typer.Typer(
    name="parked",
    help="Cases in which it can't be known whether a letter went out: list and settle them.",
    invoke_without_command=True,
)


@contextmanager
def _books(config: Any, clock: Any) -> Iterator[StatusView]:
    from ackd.runtime.app import open_books

    books = open_books(config_path(config), clock)
    try:
        yield books
    finally:
        books.close()


def status(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show how things stand: whether the service runs, what is open, what waits and why."""
    with _books(config, clock) as books:
        found = books.status()
    if as_json:
        typer.echo(json.dumps(found))
        return
    for name, value in found.items():
        words = "yes" if value is True else "no" if value is False else "-" if value in (None, []) else value
        words = "; ".join(words) if isinstance(words, list) else words
        typer.echo(f"{name.replace('_', ' ')}: {words}")


@parked_app.callback()
def parked(
    context: typer.Context,
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is parked: each case with its number, for `ackd parked resolve`."""
    context.obj = (config, clock)
    if context.invoked_subcommand is not None:
        return
    with _books(config, clock) as books:
        rows = books.parked()
    if as_json:
        typer.echo(json.dumps(rows))
    elif not rows:
        typer.echo("nothing is parked")
    for row in () if as_json else rows:
        typer.echo(
            f"{row['number']}: {row['what']} to {row['asker']} about {row['subject']!r}, tried "
            f"{row['tries']} times, last at {row['attempted'] or '-'}\n   why: {row['why']}"
        )


@parked_app.command("resolve")
def resolve(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The case's number in `ackd parked`.")],
    sent: Annotated[
        bool, typer.Option("--sent", help="It went out, or isn't wanted: don't send it.")
    ] = False,
    send: Annotated[bool, typer.Option("--send", help="It didn't go out: send it at the next pass.")] = False,
    config: ConfigOption = None,
    clock: ClockOption = None,
) -> None:
    """Settle a parked case by your word."""
    if sent == send:
        raise typer.BadParameter("say either --sent or --send", param_hint="--sent/--send")
    outer_config, outer_clock = context.obj
    with _books(config or outer_config, clock or outer_clock) as books:
        typer.echo(books.resolve(number, send=send))


def pause(config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Stop sending at once. Mail is still judged and recorded."""
    with _books(config, clock) as books:
        held = books.pause()
    typer.echo(f"nothing is sent since {held.since}: {held.why}. Go on with: ackd resume")


def resume(config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Send again. What was left unsent meanwhile is not sent."""
    with _books(config, clock) as books:
        withdrawn = books.resume()
    typer.echo(f"sending again; {withdrawn} acknowledgements that were left unsent are withdrawn")
