"""`ackd promises`: the days ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path
from ackd.cli.render import as_plain, dumped, shown

if TYPE_CHECKING:
    from ackd.views.agenda import Day, Due


def promises(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show the open promises by day, and the room that each day has left (promise.per_day)."""
    from ackd.runtime.read_only_app import ReadOnlyApp
    from ackd.views.agenda import days_ahead

    with ReadOnlyApp(config_path(config), clock) as look:
        calendar, per_day = look.settings.calendar, look.settings.rules.per_day
        now = look.clock.now()
        made = look.ledger.open_promises() if look.ledger else ()
        days = days_ahead(made, calendar, per_day, now)
    if as_json:
        typer.echo(dumped([_as_json(day) for day in days]))
        return
    for day in days:
        typer.echo(_title(day))
        for one in day.promises:
            late = "  waits for the asker" if one.waits else "  OVERDUE" if one.overdue else ""
            untold = "" if one.told else "  (no date is known to have been told)"
            typer.echo(f"  {one.due:%H:%M}  {_who(one)}{late}{untold}")


def _as_json(day: Day) -> dict[str, Any]:
    promises = as_plain(day.promises, "seconds")
    for one in promises:
        del one["name"]
    return {"day": day.day.isoformat(), "room": day.room, "promises": promises}


def _title(day: Day) -> str:
    count = len(day.promises)
    words = f"{day.day:%a %d %b %Y}: {count or 'no'} promise{'' if count == 1 else 's'}"
    if day.is_over:
        return words
    return f"{words}, room for {day.room}" if day.room else f"{words}, no room"


def _who(one: Due) -> str:
    return shown(f"{one.name or one.asker}{': ' if one.subject else ''}{one.subject}")
