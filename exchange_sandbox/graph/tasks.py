"""``todoTask``: how a task looks as JSON, and what a client may say of one.

Due and start dates have no hour: a client gives a day in its zone, and what comes back is that day's midnight
in UTC, with seven digits behind the seconds; what is due in Berlin on the 25th is due on the 24th at 23:00.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from exchange_sandbox.clock import iso
from exchange_sandbox.graph import ids, kept_lists, opened, recurrence, values
from exchange_sandbox.graph.changing import Change, setter
from exchange_sandbox.graph.errors import bad_body
from exchange_sandbox.graph.shape import (
    Member,
    Navigation,
    Shape,
    View,
    dict_of,
    flag_of,
    inner,
    list_of,
    moment,
    text_of,
    word_of,
)
from exchange_sandbox.mime import export
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Importance, Key, TaskStatus

STATUS: dict[str, Any] = {
    "notStarted": TaskStatus.NOT_STARTED,
    "inProgress": TaskStatus.IN_PROGRESS,
    "completed": TaskStatus.COMPLETED,
    "waitingOnOthers": TaskStatus.WAITING,
    "deferred": TaskStatus.DEFERRED,
}
_TEXTS = ("applicationName", "displayName", "externalId", "webUrl")


def item_id(view: View, item: Item) -> str:
    """A task's id."""
    call = view.call
    return ids.of_task(call.store.guid, item.mailbox, item.id, own=call.quirks.graph_todo_own_ids)


def _set_title(change: Change, value: Any) -> None:
    change.put(Key.SUBJECT, "" if value is None else text_of(value, "title"))


def _day(name: str, key: Key) -> Member:
    """A date without an hour."""

    def put(change: Change, value: Any) -> None:
        if value is None:
            change.put(key, None)
            return
        local, _ = values.parsed_in_zone(value, name)
        change.put(key, iso(datetime(local.year, local.month, local.day, tzinfo=local.tzinfo)))

    return Member(name, lambda view, item: values.in_zone(item.bag.get(key)), put)


def _set_completed(change: Change, value: Any) -> None:
    if value is None:
        change.put(Key.COMPLETED, None)
    else:
        local, _ = values.parsed_in_zone(value, "completedDateTime")
        change.put(Key.COMPLETED, iso(datetime(local.year, local.month, local.day, tzinfo=UTC)))


def _set_reminder(change: Change, value: Any) -> None:
    due = None if value is None else values.parsed_moment_in_zone(value, "reminderDateTime")
    change.put(Key.REMINDER_DUE, due)


def _body(view: View, item: Item) -> dict[str, str]:
    return {
        "content": export.body_text(view.db, item),
        "contentType": item.bag.get(Key.BODY_TYPE, BodyType.TEXT),
    }


def _set_body(change: Change, value: Any) -> None:
    change.put_body({"content": "", "contentType": "text"} if value is None else value)


def _set_recurrence(change: Change, value: Any) -> None:
    change.put(Key.RECURRENCE, recurrence.parsed(value))


def linked(value: Any, number: str | None = None) -> dict[str, Any]:
    """A client's ``linkedResource`` as it is kept; raises GraphError."""
    found = dict_of(value, "linkedResources")
    unknown = [one for one in found if "@" not in one and one.lower() not in {"id", *map(str.lower, _TEXTS)}]
    if unknown:
        raise bad_body(
            f"The property '{unknown[0][:60]}' does not exist on type 'microsoft.graph.linkedResource'."
        )
    out: dict[str, Any] = {"id": number or kept_lists.new_id()}
    for name in _TEXTS:
        text = inner(found, name)
        if text is not None:
            out[name] = text_of(text, name)
    return out


def _set_linked(change: Change, value: Any) -> None:
    if not change.creating:
        raise bad_body("Linked resources are changed at their own address.")
    entries = [linked(one) for one in list_of(value, "linkedResources")]
    if change.call.quirks.graph_task_links_ignored:
        return
    kept_lists.write(change.item.bag, kept_lists.LINKED, entries)


def step(value: Any, now: datetime, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """A client's ``checklistItem`` as it is kept; raises GraphError."""
    found = dict_of(value, "checklistItems")
    out = dict(known or {"id": kept_lists.new_id(), "isChecked": False, "createdDateTime": moment(iso(now))})
    if inner(found, "displayName") is not None:
        out["displayName"] = text_of(inner(found, "displayName"), "displayName")
    if inner(found, "isChecked") is not None:
        out["isChecked"] = flag_of(inner(found, "isChecked"), "isChecked")
        out["checkedDateTime"] = moment(iso(now)) if out["isChecked"] else None
    if not out.get("displayName"):
        raise bad_body("A step needs a displayName.")
    return {name: one for name, one in out.items() if one is not None}


def _set_steps(change: Change, value: Any) -> None:
    if not change.creating:
        raise bad_body("Steps are changed at their own address.")
    entries = [step(one, change.call.now) for one in list_of(value, "checklistItems")]
    kept_lists.write(change.item.bag, kept_lists.STEPS, entries)


def _linked(view: View, item: Item) -> list[dict[str, Any]] | None:
    return (
        None if view.call.quirks.graph_no_linked_resources else kept_lists.read(item.bag, kept_lists.LINKED)
    )


SHAPE = Shape(
    "todoTask",
    (
        Member(
            "importance",
            lambda view, item: values.word(
                values.IMPORTANCE, item.bag.get(Key.IMPORTANCE, Importance.NORMAL)
            ),
            setter(Key.IMPORTANCE, lambda value: word_of(value, "importance", values.IMPORTANCE)),
        ),
        Member(
            "isReminderOn",
            lambda view, item: bool(item.bag.get(Key.HAS_REMINDER)),
            setter(Key.HAS_REMINDER, lambda value: flag_of(value, "isReminderOn")),
        ),
        Member(
            "status",
            lambda view, item: values.word(STATUS, item.bag.get(Key.STATUS, TaskStatus.NOT_STARTED)),
            setter(Key.STATUS, lambda value: word_of(value, "status", STATUS)),
        ),
        Member("title", lambda view, item: item.bag.get(Key.SUBJECT, ""), _set_title),
        Member("createdDateTime", lambda view, item: moment(item.bag.get(Key.CREATED))),
        Member("lastModifiedDateTime", lambda view, item: moment(item.bag.get(Key.MODIFIED))),
        Member("hasAttachments", lambda view, item: bool(item.bag.get(Key.ATTACHMENTS))),
        Member(
            "categories",
            lambda view, item: item.bag.get(Key.CATEGORIES, []),
            setter(Key.CATEGORIES, values.categories_of),
        ),
        Member("id", item_id),
        Member("body", _body, _set_body),
        _day("dueDateTime", Key.DUE_DATE),
        _day("startDateTime", Key.START_DATE),
        Member(
            "reminderDateTime",
            lambda view, item: values.in_zone(item.bag.get(Key.REMINDER_DUE)),
            _set_reminder,
        ),
        Member(
            "completedDateTime",
            lambda view, item: values.in_zone(item.bag.get(Key.COMPLETED)),
            _set_completed,
        ),
        Member(
            "recurrence",
            lambda view, item: recurrence.shown(item.bag.get(Key.RECURRENCE), "UTC"),
            _set_recurrence,
        ),
        Member(
            "bodyLastModifiedDateTime", lambda view, item: moment(item.bag.get(Key.MODIFIED)), shown=False
        ),
        Member("linkedResources", lambda view, item: None, _set_linked, shown=False),
        Member("checklistItems", lambda view, item: None, _set_steps, shown=False),
        Member(opened.NAME, lambda view, item: None, opened.set_of_item, shown=False),
    ),
    (
        Navigation("linkedResources", _linked),
        Navigation("checklistItems", lambda view, item: kept_lists.read(item.bag, kept_lists.STEPS)),
        opened.of_item(),
    ),
    etag=lambda item: ids.etag(item.change),
    bare=True,
)
