"""``calendarView/delta``: what changed in a part of a calendar.

A series is told by its master and its occurrences in that part, all of them once anything of it changed;
those that were deleted are ``@removed``. Of a series that is gone the master alone is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from exchange_sandbox.calendar import series
from exchange_sandbox.graph import calendars, delta, events
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.delta import Kind
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.resources.events import window
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key


def _parts(view: View, item: Item) -> Iterable[tuple[Item, bool]]:
    start, end = window(view.query)
    if not series.is_master(item):
        yield item, not (item.bag[Key.START] < end and item.bag[Key.END] >= start)
        return
    found = series.within(view.db, item, start, end)
    yield item, not found
    for one in found:
        yield one, False
    for day in sorted(item.bag.get(Key.DELETED, ())):
        if start < series.times(item.bag, date.fromordinal(day))[0] < end:
            yield replace(item, occurrence=day), True


_EVENTS = Kind(events.SHAPE, events.is_event, {}, delta.gone_item, sparse=False, parts=_parts)


def _changes(call: Call) -> Reply:
    if not (call.query.skiptoken or call.query.deltatoken):
        window(call.query)
    with call.store.read() as db:
        folder = calendars.named(call, db)
    return ok(delta.answer(call, _EVENTS, folder, f"{call.root}/$metadata#Collection(event)"))


ROUTES = tuple(
    Route("GET", f"{place}calendarView/delta", "calendarView.delta", _changes, "Calendars")
    for place in ("", "calendar/", "calendars/{calendar}/")
)
