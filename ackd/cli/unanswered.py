"""`ackd unanswered`: questions that got no letter, and the owner's word on each."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain, dumped, shown

if TYPE_CHECKING:
    from ackd.model import Mode
    from ackd.views.unanswered import Unanswered

YesOption = Annotated[bool, typer.Option("--yes", help="With --send: show each, and ask nothing.")]


def unanswered(
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    send: Annotated[
        bool, typer.Option("--send", help="Show the letter for each question, and send it if you say so.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """List the questions of the last max_age that nobody answered and that got no letter.

    The mode was preview, sending was paused, or a limit held the letter. Nothing goes out later by itself:
    with --send each is shown with its letter, and sent at the next pass if you say yes.
    """
    if as_json and send:
        raise typer.BadParameter("--send shows each letter to you: leave --json out", param_hint="--json")
    if yes and not send:
        raise typer.BadParameter("it says yes to --send", param_hint="--yes")
    if send:
        offer(config_path(config), clock, ask=not yes)
        return
    found, _ = _found(config_path(config), clock)
    if as_json:
        for one in found:
            typer.echo(dumped(as_plain(one, "seconds")))
        return
    for one in found:
        typer.echo(_title(one))
    typer.echo(_ending(found))


def offer(config: Path, clock: Path | None, *, ask: bool) -> None:
    """Show each question with its letter; those to which the owner says yes are acknowledged at the next
    pass, also where the owner breaks off after them. Raises ConfigError where nothing is sent at the
    moment."""
    from ackd.engine import unanswered as orders
    from ackd.model import Mode
    from ackd.runtime.ledgers import shared_ledger

    found, mode = _found(config, clock, to_send=True)
    if not found:
        typer.echo("no question is without a letter")
        return
    wanted = 0
    try:
        for number, one in enumerate(found, 1):
            typer.echo(f"{number} of {len(found)}: {_title(one)}\n\n{indent(one.letter.strip(), '    ')}\n")
            if not ask or typer.confirm("Send it?", default=False):
                with shared_ledger(config, clock) as shared:  # at once: what follows may be broken off
                    orders.order(shared.ledger, [one.message_id])
                wanted += 1
    finally:
        goes = ("goes" if wanted == 1 else "go") + (" to your Drafts" if mode is Mode.DRAFT else " out")
        when = ": by the service, or now by `ackd once`" if wanted else ""
        count = f"{wanted} letter{'' if wanted == 1 else 's'}"
        typer.echo(f"{count} {goes} at the next pass{when}; {len(found) - wanted} left")


def _found(config: Path, clock: Path | None, *, to_send: bool = False) -> tuple[tuple[Unanswered, ...], Mode]:
    """The questions, and the mode in force."""
    from ackd.engine import hold
    from ackd.errors import ConfigError
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.unanswered import find, why_none_goes

    with ReadOnlyApp(config, clock) as look:
        held = hold.current(look.ledger) if look.ledger else None
        if to_send and (why := why_none_goes(look.settings.mode, held)):
            raise ConfigError(f"{config}: {why}")
        if look.ledger is None:
            return (), look.settings.mode
        with look.mailbox() as mailbox:
            return find(mailbox, look.ledger, look.settings, look.clock.now()), look.settings.mode


def _title(one: Unanswered) -> str:
    who = f"{one.name} <{one.asker}>" if one.name else one.asker
    return (
        f"{shown(who)}, {one.received:%a %d %b %H:%M}: {shown(one.subject)}\n"
        f"    a letter now would promise {one.promised:%a %d %b %H:%M}"
    )


def _ending(found: tuple[Unanswered, ...]) -> str:
    if not found:
        return "no question is without a letter"
    many = "question has" if len(found) == 1 else "questions have"
    return f"{len(found)} {many} no letter; to send some: ackd unanswered --send"
