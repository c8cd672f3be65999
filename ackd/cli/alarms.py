"""`ackd alarms`: what keeps ackd from its work, and whether the owner would hear of it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import typer

from ackd.cli.exits import exits
from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain
from ackd.clock import in_zone
from ackd.errors import ExitStatus

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from ackd.model import Alarm

app = typer.Typer(
    name="alarms",
    help="What keeps ackd from its work: list it, and try out how you hear of it.",
    invoke_without_command=True,
)


@app.callback()
def alarms(
    context: typer.Context,
    config: ConfigOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the alarms that are open."""
    context.obj = (config, clock)
    if context.invoked_subcommand is not None:
        return
    from ackd.runtime.ledgers import any_ledger

    with any_ledger(config_path(config), clock) as shared:
        found, now, zone = shared.ledger.open_alarms(), shared.clock.now(), shared.zone
    if as_json:
        typer.echo(json.dumps([plain(alarm) for alarm in found]))
        return
    for line in lines(found, now, zone):
        typer.echo(in_zone(line, zone))
    if not found:
        typer.echo("no alarm is open")


def lines(found: tuple[Alarm, ...], now: datetime, zone: tzinfo) -> list[str]:
    """Alarms for people, one a line, by a clock in the zone: several of a kind in one."""
    from ackd.views.alarms import by_kind

    return [f"ALARM {alarm.kind.value}: {words}" for alarm, words in by_kind(found, now, zone)]


def plain(alarm: Alarm) -> dict[str, Any]:
    """An alarm for programs."""
    return {**as_plain(alarm), "remedy": alarm.kind.remedy}


@app.command("test")
@exits(done="each way took it", failed="one of them failed")
def try_out(context: typer.Context, config: ConfigOption = None, clock: ClockOption = None) -> None:
    """Send a test by each way."""
    from ackd import config as configuration
    from ackd.runtime import alarms as ways
    from ackd.runtime import ledgers
    from ackd.runtime.settings import settings_of

    outer_config, outer_clock = context.obj
    loaded = configuration.load(config_path(config or outer_config)).config
    settings, _ = settings_of(loaded, ledgers.last_known(loaded))
    now = ledgers.clock_of(clock or outer_clock)
    tried = []
    for one in ways.test(loaded, settings, now, lambda: ledgers.ledger_of(loaded)):
        typer.echo(f"{'ok' if one.took else 'FAILED'} {one.way}: {one.words}")
        tried.append(one)
    if not all(one.took for one in tried):
        raise typer.Exit(ExitStatus.FAILED)


@app.command("failed", hidden=True)
def failed(
    context: typer.Context,
    config: ConfigOption = None,
    clock: ClockOption = None,
) -> None:
    """Tell that the service ended: systemd runs this (OnFailure=)."""
    from ackd.cli.options import start_logging
    from ackd.config.remains import remains
    from ackd.runtime import alarms as ways
    from ackd.runtime import ledgers, systemd
    from ackd.runtime.settings import settings_of

    start_logging("info")
    outer_config, outer_clock = context.obj
    if os.environ.get("MONITOR_UNIT") and systemd.starts_again():
        return
    left = remains(config_path(config or outer_config))
    settings, _ = settings_of(left.config)
    now = ledgers.clock_of(clock or outer_clock)
    if not ways.service_failed(left.config, settings, now, lambda: ledgers.ledger_left(left)):
        raise typer.Exit(ExitStatus.FAILED)
