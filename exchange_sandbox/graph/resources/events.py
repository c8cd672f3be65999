"""``events``: found, made once, changed, deleted; what invited people answer; parts of a calendar between two
moments."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from exchange_sandbox.calendar import reminders, series
from exchange_sandbox.clock import iso
from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.ews.calendar import forwarding, meetings, responses
from exchange_sandbox.ews.properties import setting
from exchange_sandbox.ews.properties.types import BY_ELEMENT
from exchange_sandbox.ews.replies import Request
from exchange_sandbox.graph import attendees, calendars, events, extended, filters, ids, listing
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.changing import Change
from exchange_sandbox.graph.errors import GraphError, bad_request, malformed_id, not_found
from exchange_sandbox.graph.events import SHAPE
from exchange_sandbox.graph.filter_nodes import Compare, Literal, Node, Path, conjuncts
from exchange_sandbox.graph.query import Query
from exchange_sandbox.graph.reply import ACCEPTED, NO_CONTENT, Reply, created, ok
from exchange_sandbox.graph.resources.messages import check_order
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View, dict_of, inner
from exchange_sandbox.graph.values import parsed_moment_in_zone, parsed_recipients
from exchange_sandbox.store import folders, items, trees
from exchange_sandbox.store.folders import Deletion, Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Key, Stream
from exchange_sandbox.transport import outbox

_HOW = "SendToAllAndSaveCopy"
_SENT = ("SendAndSaveCopy", None)
_LONGEST_VIEW = timedelta(days=1825)
_FOUND_BY = {"icaluid": Key.UID, "subject": Key.SUBJECT, "transactionid": events.TRANSACTION}
_IS_EVENT = f"json_extract(bag, '$.{Key.START}') IS NOT NULL AND json_extract(bag, '$.{Key.IS_READ}') IS NULL"


# finding


def _list(call: Call) -> Reply:
    _check(call)
    check_order(call.query)
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = _found(view, calendars.named(call, db))
        return ok(listing.page(call, SHAPE, view, found, call.context(_place(call, "events"))))


def _check(call: Call) -> None:
    SHAPE.check(call.query)
    if call.query.search:
        raise bad_request("The query parameter '$search' is not supported here.", "ErrorInvalidUrlQuery")


def _found(view: View, folder: Folder) -> listing.Found:
    query, db = view.query, view.db
    conditions, values = ["folder = ?", "associated = 0", _IS_EVENT], [folder.id]
    for condition, more in _narrowed(query.filter):
        conditions.append(condition)
        values += more
    where = " AND ".join(conditions)
    text = f"{items.SELECT} WHERE {where} ORDER BY id DESC"
    if query.filter is not None or query.orderby:
        return listing.chosen(SHAPE, view, map(items.from_row, db.execute(text, values)))
    most = listing.size(view.call)
    rows = db.execute(f"{text} LIMIT ? OFFSET ?", (*values, most + 1, query.skip)).fetchall()
    total = None
    if query.count:
        total = db.execute(f"SELECT count(*) FROM item WHERE {where}", values).fetchone()[0]  # noqa: S608
    return listing.Found(list(map(items.from_row, rows[:most])), total, len(rows) > most)


def _narrowed(node: Node | None) -> Iterable[tuple[str, list[Any]]]:
    """Conditions for the database that hold wherever the filter does."""
    found = "id IN (SELECT item FROM findable WHERE property = ? AND value = ?)"
    parts = list(conjuncts(node))
    for key, value in extended.wanted(parts):
        if extended.is_plain(key):
            yield found, [key, items.findable(value)]
    for part in parts:
        match part:
            case Compare("eq", Path((name,)), Literal(str(value))) if name.lower() in _FOUND_BY:
                yield found, [_FOUND_BY[name.lower()], items.findable(value)]


def _place(call: Call, what: str) -> str:
    return f"calendars('{call.params['calendar']}')/{what}" if "calendar" in call.params else what


def _view(call: Call) -> Reply:
    _check(call)
    start, end = window(call.query)
    with call.store.read() as db:
        view = View(db, call, call.query)
        found = series.between(db, calendars.named(call, db).id, start, end)
        page = listing.chosen(SHAPE, view, found)
        return ok(listing.page(call, SHAPE, view, page, call.context(_place(call, "calendarView"))))


def window(query: Query) -> tuple[str, str]:
    """From when to when: by the offset that stands in the moments, UTC where none does; raises GraphError."""
    found = []
    for name in ("startDateTime", "endDateTime"):
        text = query.others.get(name.lower())
        if not text:
            raise bad_request(
                "This request requires a time window specified by the query string parameters StartDateTime"
                " and EndDateTime.",
                "ErrorInvalidParameter",
            )
        moment = filters.moment(text)
        if moment is None:
            raise bad_request(
                f"The value '{text[:40]}' of parameter '{name}' is invalid.", "ErrorInvalidParameter"
            )
        found.append(moment)
    start, end = found
    if end < start:
        raise bad_request("The end of the time window is before its start.", "ErrorInvalidParameter")
    if end - start > _LONGEST_VIEW:
        raise bad_request(
            "Your request can't be completed. The range between the start and end dates is greater than the"
            f" allowed range. Maximum number of days: {_LONGEST_VIEW.days}",
            "ErrorInvalidRequest",
        )
    return _in_utc(start), _in_utc(end)


def _in_utc(moment: datetime) -> str:
    try:
        return iso(moment.astimezone(UTC))
    except OverflowError as error:
        raise bad_request("No calendar goes that far.", "ErrorInvalidParameter") from error


def event(call: Call, db: sqlite3.Connection) -> Item:
    """The event that the path names, an occurrence among them; raises GraphError, Refused."""
    text = call.params["event"]
    one = ids.decode(call.store.guid, call.user, text)
    if one.kind == ews_ids.OCCURRENCE:
        item = _occurrence(db, one)
    elif one.kind in (ids.ITEM, ids.IMMUTABLE):
        item = call.item(db, text)
    else:
        raise malformed_id()
    if not events.is_event(item):
        raise not_found()
    if "calendar" in call.params and calendars.named(call, db).id != item.folder:
        raise not_found()
    return item


def _occurrence(db: sqlite3.Connection, one: ews_ids.ObjectId) -> Item:
    master = items.get(db, one.number)
    if not series.is_master(master) or one.day > date.max.toordinal():
        raise not_found()
    return series.occurrence(db, master, date.fromordinal(one.day))


def entity(call: Call, db: sqlite3.Connection, item: Item) -> dict[str, Any]:
    """An event as JSON."""
    return listing.entity(SHAPE, View(db, call, call.query), item, call.context("events"))


def _get(call: Call) -> Reply:
    with call.store.read() as db:
        return ok(entity(call, db, event(call, db)))


def _instances(call: Call) -> Reply:
    start, end = window(call.query)
    with call.store.read() as db:
        view = View(db, call, call.query)
        master = event(call, db)
        found = [
            one
            for one in series.between(db, master.folder, start, end)
            if one.id == master.id and one.occurrence
        ]
        page = listing.chosen(SHAPE, view, found)
        place = f"events('{call.params['event']}')/instances"
        return ok(listing.page(call, SHAPE, view, page, call.context(place)))


# making and changing


def _create(call: Call) -> Reply:
    body = call.body()
    with call.store.write() as db:
        folder = calendars.named(call, db)
        item = setting.new_item(BY_ELEMENT["CalendarItem"], call.user.id)
        change = Change(db, call, item, creating=True)
        SHAPE.put(change, body)
        events.finish(change, body)
        known = _made_before(call, db, item, body)
        if known is not None:
            return created(entity(call, db, known))
        item.bag.setdefault(Key.HAS_REMINDER, True)
        item.bag.setdefault(Key.REMINDER_MINUTES, events.USUAL_REMINDER)
        _save(call, db, item, folder)
        return created(entity(call, db, item))


def _save(call: Call, db: sqlite3.Connection, item: Item, folder: Folder) -> None:
    item.folder = folder.id
    meetings.organize(call, item, _HOW)
    items.insert(db, item, call.now)
    meetings.invite(call, db, item, _HOW)
    if call.hook.loses_draft():
        items.delete(db, item, call.now)


def _made_before(call: Call, db: sqlite3.Connection, item: Item, body: dict[str, Any]) -> Item | None:
    """The event that a transactionId made before, if this is the same creation once more; raises GraphError
    if it is another. What lies in Deleted Items counts no more."""
    name = item.bag.get(events.TRANSACTION)
    if name is None:
        return None
    item.bag[events.CREATION] = events.digest(body)
    rows = db.execute(
        f"{items.SELECT} WHERE mailbox = ? AND id IN"  # noqa: S608 - constants alone
        " (SELECT item FROM findable WHERE property = ? AND value = ?) ORDER BY id",
        (call.user.id, events.TRANSACTION, items.findable(name)),
    ).fetchall()
    places = {one.id for one in calendars.every(call, db)} if rows else set()
    found = [one for one in map(items.from_row, rows) if one.folder in places]
    known = next((one for one in found if one.bag[events.TRANSACTION] == name), None)
    if known is None:
        return None
    conflicts = call.quirks.graph_used_transaction_conflicts
    if conflicts or known.bag.get(events.CREATION) != item.bag[events.CREATION]:
        raise GraphError(
            409 if conflicts else 400,
            "ErrorDuplicateTransactionId",
            "Your request can't be completed. The TransactionId specified in the request has already been"
            " used to create a different event.",
            more={"@event.existingEventId": call.item_id(known)},
        )
    return known


def _update(call: Call) -> Reply:
    body = call.body()
    with call.store.write() as db:
        item = event(call, db)
        call.check_match(item.change)
        before = dict(item.bag)
        change = Change(db, call, item)
        SHAPE.put(change, body)
        events.finish(change, body)
        if change.given:
            how = _HOW if change.given & events.TOLD else "SendToNone"
            meetings.prepare_update(item, before, how)
            series.update(db, item, call.now, touched=change.given)
            meetings.send_update(call, db, item, before, how)
        return ok(entity(call, db, event(call, db)))


def _delete(call: Call) -> Reply:
    return _removed(call, Deletion.TO_BIN)


def _delete_for_good(call: Call) -> Reply:
    return _removed(call, Deletion.FOR_GOOD)


def _removed(call: Call, how: Deletion) -> Reply:
    with call.store.write() as db:
        item = event(call, db)
        call.check_match(item.change)
        is_in_bin = folders.get(db, item.folder).distinguished == "deleteditems"
        if attendees.is_organizer(item) and not is_in_bin:
            meetings.on_delete(call, db, item, _HOW)
        if item.occurrence:
            series.delete(db, item, call.now)
        else:
            in_bin = Deletion.RECOVERABLE if is_in_bin and how is Deletion.TO_BIN else how
            trees.discard(db, item, in_bin, call.now)
    return NO_CONTENT


# answering


def _respond(kind: str) -> Any:
    def handler(call: Call) -> Reply:
        values: dict[str, Any] = {Stream.BODY: _comment(call)} if call.optional("comment", str) else {}
        proposed = call.optional("proposedNewTime", dict)
        if proposed is not None:
            for key, name in ((Key.PROPOSED_START, "start"), (Key.PROPOSED_END, "end")):
                where = f"proposedNewTime/{name}"
                values[key] = parsed_moment_in_zone(dict_of(inner(proposed, name), where), where)
        is_silent = call.optional("sendResponse", bool) is False
        with call.store.write() as db:
            how = ("", None) if is_silent else _SENT
            responses.respond(call, db, event(call, db), Request(kind, values), how)
        return ACCEPTED

    return handler


def _comment(call: Call) -> dict[str, str]:
    return {"type": BodyType.TEXT, "text": call.optional("comment", str) or ""}


def _cancel(call: Call) -> Reply:
    values: dict[str, Any] = {Stream.BODY: _comment(call)} if call.optional("comment", str) else {}
    with call.store.write() as db:
        responses.cancel(call, db, event(call, db), Request("CancelCalendarItem", values), _SENT[0])
    return ACCEPTED


def _forward(call: Call) -> Reply:
    to = parsed_recipients(call.required("toRecipients", list), "toRecipients")
    if not to:
        raise bad_request("At least one recipient isn't valid.", "ErrorInvalidRecipients")
    with call.store.write() as db:
        original = event(call, db)
        request = Request("ForwardItem", {Key.TO: to, "NewBodyContent": _comment(call)})
        sent = forwarding.answer(call, db, request, original)
        call.transport(db).submit(call.user, sent)
        place = folders.distinguished(db, call.user.id, "sentitems")
        outbox.keep_copy(db, sent, place, call.now, call.hook.keeps_copy())
    return ACCEPTED


def _dismiss(call: Call) -> Reply:
    with call.store.write() as db:
        reminders.dismiss(db, event(call, db), call.now)
    return ACCEPTED


def _snooze(call: Call) -> Reply:
    until = parsed_moment_in_zone(call.required("newReminderTime", dict), "newReminderTime")
    with call.store.write() as db:
        reminders.snooze(db, event(call, db), call.now, until)
    return ACCEPTED


_CALENDARS = ("", "calendar/", "calendars/{calendar}/")
_OPERATIONS = (
    ("GET", "", "list", _list),
    ("POST", "", "create", _create),
    ("GET", "/{event}", "get", _get),
    ("PATCH", "/{event}", "update", _update),
    ("DELETE", "/{event}", "delete", _delete),
    ("GET", "/{event}/instances", "instances", _instances),
    ("POST", "/{event}/permanentDelete", "permanentDelete", _delete_for_good),
    ("POST", "/{event}/accept", "accept", _respond("AcceptItem")),
    ("POST", "/{event}/tentativelyAccept", "tentativelyAccept", _respond("TentativelyAcceptItem")),
    ("POST", "/{event}/decline", "decline", _respond("DeclineItem")),
    ("POST", "/{event}/cancel", "cancel", _cancel),
    ("POST", "/{event}/forward", "forward", _forward),
    ("POST", "/{event}/dismissReminder", "dismissReminder", _dismiss),
    ("POST", "/{event}/snoozeReminder", "snoozeReminder", _snooze),
)
ROUTES = (
    *(
        Route(method, f"{place}events{rest}", f"events.{name}", handler, "Calendars")
        for place in _CALENDARS
        for method, rest, name, handler in _OPERATIONS
    ),
    *(Route("GET", f"{place}calendarView", "calendarView", _view, "Calendars") for place in _CALENDARS),
)
