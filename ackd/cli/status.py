"""`ackd status`, `ackd parked`, `ackd pause` and `ackd resume`: how things stand, and the owner's
word on what ackd can't know. They work beside the running service."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ackd.cli import alarms
from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain
from ackd.cli.unanswered import YesOption, offer
from ackd.clock import in_zone

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from ackd.views.status import Status

parked_app = typer.Typer(
    name="parked",
    help="Cases in which it can't be known whether a letter went out: list and settle them.",
    invoke_without_command=True,
)


@exits(
    done="it is told",
    try_again="it is told, and the state can't be written",
    wrong="it is told, and the configuration's file can't be used",
)
def status(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show how things stand: alarms, whether the service runs, what is open, what waits and why."""
    from ackd.errors import ConfigError
    from ackd.runtime.ledgers import any_ledger
    from ackd.views import status as view

    with any_ledger(config_path(config), clock) as shared:
        broken = str(shared.problem) if isinstance(shared.problem, ConfigError) else None
        seen = view.status(shared.ledger, shared.clock, is_alive=shared.is_alive, problem=broken)
        if shared.problem and not broken:
            seen = replace(seen, trouble=str(shared.problem))
        now = shared.clock.now()
    found = _plain(seen)
    if as_json:
        typer.echo(json.dumps(found))
    else:
        _print(seen, found, now, shared.zone)
    if shared.problem:
        raise typer.Exit(shared.problem.exit_code)


def _print(seen: Status, found: dict[str, Any], now: datetime, zone: ZoneInfo) -> None:
    """For people: open alarms first."""
    for line in alarms.lines(seen.alarms, now, zone):
        typer.echo(in_zone(line, zone))
    for name, value in found.items():
        if name == "alarms":
            continue
        words = "yes" if value is True else "no" if value is False else "-" if value in (None, []) else value
        words = "; ".join(words) if isinstance(words, list) else words
        typer.echo(in_zone(f"{name.replace('_', ' ')}: {words}", zone))


def _plain(found: Status) -> dict[str, Any]:
    """As text, numbers and lists."""
    held, plain = found.sending_held, dict(as_plain(found))
    return plain | {
        "alarms": [alarms.plain(alarm) for alarm in found.alarms],
        "sending_held": f"{held.words}, since {held.since}" if held else None,
        "next_promise": as_plain(found.next_promise, "minutes"),
        "next_due": as_plain(found.next_due, "seconds"),
    }


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
    from ackd.runtime.ledgers import shared_ledger
    from ackd.views import status as view

    with shared_ledger(config_path(config), clock) as shared:
        cases, zone = view.parked(shared.ledger), shared.zone
    if as_json:
        typer.echo(json.dumps([as_plain(case) for case in cases]))
    elif not cases:
        typer.echo("nothing is parked")
    for case in () if as_json else cases:
        last = f"{case.attempted.astimezone(zone):%Y-%m-%d %H:%M}" if case.attempted else "-"
        typer.echo(
            f"{case.number}: {case.what} to {case.asker} about {case.subject!r}, tried {case.tries} times, "
            f"last at {last}\n   why: {in_zone(case.why, zone)}"
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
    from ackd.engine import parked as cases
    from ackd.runtime.ledgers import shared_ledger
    from ackd.views.status import effect_words

    outer_config, outer_clock = context.obj
    with shared_ledger(config_path(config or outer_config), clock or outer_clock) as shared:
        settled = cases.resolve(shared.ledger, shared.clock, number, send=send)
    what = f"{effect_words(settled.effect.kind)} to {settled.promise.question.asker.email}"
    typer.echo(f"{what} goes out at the next pass" if send else f"{what} counts as done")


def pause(config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Stop sending at once. Mail is still judged and recorded."""
    from ackd.engine import hold
    from ackd.runtime.ledgers import shared_ledger

    with shared_ledger(config_path(config), clock) as shared:
        held = hold.pause(shared.ledger, shared.clock.now())
        words = f"nothing is sent since {held.since}: {held.why}. Go on with: ackd resume"
        typer.echo(in_zone(words, shared.zone))


def resume(
    config: ConfigOption = None,
    clock: ClockOption = None,
    send: Annotated[
        bool, typer.Option("--send", help="Then show each letter that was left unsent, and ask.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Send again, and count the limits anew.

    What was left unsent meanwhile is not sent, unless you order each with --send.
    """
    from ackd.engine import hold
    from ackd.runtime.ledgers import shared_ledger

    with shared_ledger(config_path(config), clock) as shared:
        withdrawn = hold.resume(shared.ledger, shared.clock.now())
        held = sum(promise.is_held for promise in shared.ledger.open_promises())
    typer.echo(f"sending again; {withdrawn} acknowledgements that were left unsent are withdrawn")
    if held and not send:
        typer.echo(f"letters that a limit holds stay held ({held}): ackd unanswered --send")
    if send:
        offer(config_path(config), clock, ask=not yes)
