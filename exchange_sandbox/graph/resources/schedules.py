"""``getSchedule``: when people are busy and when they work."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from exchange_sandbox.calendar import freebusy
from exchange_sandbox.errors import Refused
from exchange_sandbox.graph import settings
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_body, bad_request, in_graph
from exchange_sandbox.graph.events import SHOW_AS
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.graph.values import in_zone, parsed_in_zone, word
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, Sensitivity

_MOST = 20
_LONGEST = timedelta(days=62)
_USUAL_INTERVAL = 30  # minutes


def _schedules(call: Call) -> Reply:
    asked = call.required("schedules", list)
    if not all(isinstance(one, str) for one in asked):
        raise bad_body("Texts are expected in 'schedules'.")
    if not 0 < len(asked) <= _MOST:
        raise bad_request(f"Between 1 and {_MOST} schedules can be asked for.", "ErrorInvalidRequest")
    start, end = (parsed_in_zone(call.required(name, dict), name)[0] for name in ("startTime", "endTime"))
    if start >= end:
        raise bad_request("The time window ends before it starts.", "ErrorInvalidTimeInterval")
    if end - start > _LONGEST:
        raise bad_request(
            f"The requested time duration is too long. The allowed limit = {_LONGEST.days} days.",
            "ErrorTimeIntervalTooBig",
        )
    interval = call.optional("availabilityViewInterval", int) or _USUAL_INTERVAL
    if not 5 <= interval <= 24 * 60:
        raise bad_request("The interval is 5 minutes to a day.", "ErrorInvalidMergedFreeBusyInterval")
    step = timedelta(minutes=interval)
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = [_one(view, db, one, (start, end), step) for one in asked]
    context = f"{call.root}/$metadata#Collection(microsoft.graph.scheduleInformation)"
    return ok({"@odata.context": context, "value": found})


def _one(
    view: View, db: sqlite3.Connection, address: str, span: tuple[datetime, datetime], step: timedelta
) -> dict[str, Any]:
    """What is told of somebody, or of a list when anybody in it is busy."""
    try:
        people, is_list = freebusy.people_of(db, address)
    except Refused as failure:
        error = in_graph(failure)
        return {"scheduleId": address, "error": {"message": str(error), "responseCode": error.code}}
    events = freebusy.events(db, people, *span)
    out: dict[str, Any] = {
        "scheduleId": address,
        "availabilityView": freebusy.merged(events, *span, step),
        "scheduleItems": [],
    }
    if not is_list:
        is_own = people[0].id == view.call.user.id
        out["scheduleItems"] = [_item(view, event, is_own=is_own) for event in events]
        out["workingHours"] = settings.hours_shown(view, settings.hours_of(db, people[0].id))
    return out


def _item(view: View, event: Item, *, is_own: bool) -> dict[str, Any]:
    """Others see no subjects."""
    prefer, bag = view.call.prefer, event.bag
    out: dict[str, Any] = {"status": word(SHOW_AS, freebusy.busy(event))}
    for name, key in (("start", Key.START), ("end", Key.END)):
        out[name] = in_zone(bag[key], prefer.zone, prefer.zone_name)
    if is_own:
        out |= {
            "isPrivate": bag.get(Key.SENSITIVITY) == Sensitivity.PRIVATE,
            "subject": bag.get(Key.SUBJECT, ""),
            "location": bag.get(Key.LOCATION, ""),
        }
    return out


ROUTES = tuple(
    Route("POST", f"{place}/getSchedule", "getSchedule", _schedules, "Schedule")
    for place in ("calendar", "calendars/{calendar}")
)
