"""`ackd promises`: the days ahead."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from ackd.cli.options import ClockOption, ConfigOption, JsonOption, config_path

if TYPE_CHECKING:
    from ackd.model import Promise
    from ackd.promise.calendar import Calendar
    from ackd.views.agenda import Day


def promises(config: ConfigOption = None, clock: ClockOption = None, as_json: JsonOption = False) -> None:
    """Show the open promises by day, and the room that each day has left (promise.per_day)."""
    from ackd.runtime.read_only import ReadOnlyApp
    from ackd.views.agenda import days_ahead
    from ackd.views.explain import dumped

    with ReadOnlyApp(config_path(config), clock) as look:
        calendar, per_day = look.settings.calendar, look.settings.rules.per_day
        now = look.clock.now()
        made = look.ledger.open_promises() if look.ledger else ()
        days = days_ahead(made, calendar, per_day, now)
    if as_json:
        typer.echo(dumped([_as_json(day, calendar, now) for day in days]))
        return
    for day in days:
        typer.echo(_title(day))
        for promise in day.promises:
            late = "  waits for the asker" if promise.waits else "  OVERDUE" if promise.due < now else ""
            typer.echo(f"  {calendar.local(promise.due):%H:%M}  {_who(promise)}{late}")


def _as_json(day: Day, calendar: Calendar, now: datetime) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "room": day.room,
        "promises": [
            {
                "due": calendar.local(promise.due).isoformat(timespec="seconds"),
                "asker": promise.question.asker.email,
                "subject": _subject(promise),
                "message_id": promise.question.message_id,
                "urgency": promise.question.urgency.value,
                "overdue": promise.due < now and not promise.waits,
                "waits": promise.waits,
                "moves": promise.moves,
            }
            for promise in day.promises
        ],
    }


def _title(day: Day) -> str:
    count = len(day.promises)
    words = f"{day.day:%a %d %b %Y}: {count or 'no'} promise{'' if count == 1 else 's'}"
    if day.is_over:
        return words
    return f"{words}, room for {day.room}" if day.room else f"{words}, no room"


def _who(promise: Promise) -> str:
    from ackd.views.explain import shown

    question, subject = promise.question, _subject(promise)
    return shown(f"{question.asker.name or question.asker.email}{': ' if subject else ''}{subject}")


def _subject(promise: Promise) -> str:
    """The question's subject; none of a private or confidential one."""
    return "" if promise.question.sensitivity.is_secret else promise.question.subject
