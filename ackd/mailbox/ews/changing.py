"""Changes of items that are there: tasks of ours, and the categories of mails.

Every change is made on a fresh read and with `NeverOverwrite`, and compared besides: some servers
never report a conflict (docs/design.md, facts).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from exchangelib.services import GetItem, UpdateItem

from ackd.errors import AccessBlocked, Busy, SignInRefused, Unreachable
from ackd.mailbox import own_properties
from ackd.mailbox.ews import fields, reading, requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.requests import Element, element
from ackd.mailbox.ews.ways import Ways
from ackd.mailbox.ews.wire import NAMESPACES, NO_ITEM, Wire
from ackd.mailbox.ews.writing import read_outcomes
from ackd.model import CategoryChange, Done, Outcome, Refused, TaskChange, Unknown
from ackd.text.html import to_text

_GONE = Refused("there is no such item any more", is_gone=True)
_CONFLICT = Refused("it was changed meanwhile", retry=True)
_CATEGORIES, _BODY = Field(uri="item:Categories"), Field(uri="item:Body")
_REMINDS = Field(uri="item:ReminderIsSet")


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An item as it is now; `body` and `has_reminder` only where they were asked for."""

    item: str
    key: str
    categories: tuple[str, ...]
    body: str
    is_html: bool
    has_reminder: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """Changes of one item: its place in the caller's list, and the updates."""

    number: int
    fresh: _Fresh
    updates: tuple[Element, ...]


def change_tasks(wire: Wire, changes: Sequence[TaskChange]) -> list[Outcome]:
    """See ports.Mailbox: one request to read them and one to change them."""
    wanted: tuple[Field, ...] = (_CATEGORIES,)
    if any(change.notes for change in changes):
        wanted += (_BODY,)
    if any(change.reminder for change in changes):
        wanted += (_REMINDS,)
    form = "" if wire.ways.appends is False else "Text"  # what is set whole keeps the form that it has
    found = _read(wire, [change.item for change in changes], wanted, form)
    outcomes: list[Outcome] = [_GONE] * len(changes)
    edits: list[_Edit] = []
    for number, change in enumerate(changes):
        fresh = found.get(change.item)
        if fresh is None:
            continue
        if change.due_date is not None and change.key and change.key != fresh.key:
            outcomes[number] = _CONFLICT
        elif updates := tuple(_task_updates(change, fresh, wire.ways)):
            edits.append(_Edit(number, fresh, updates))
        else:
            outcomes[number] = Done(fresh.item, fresh.key)
    written = zip(changes, _write(wire, edits, outcomes), strict=True)
    known = {own_id: fresh.key for own_id, fresh in found.items()}
    return [
        # the owner was faster: under the new key there is more than what was written here
        replace(outcome, key="")
        if isinstance(outcome, Done) and change.key != known[change.item]
        else outcome
        for change, outcome in written
    ]


def categorize(wire: Wire, changes: Sequence[CategoryChange], look: Callable[[str], str]) -> list[Outcome]:
    """See ports.Mailbox; `look` finds the item of a mail by its Message-ID ("" where there is none)."""
    found = _read(wire, [change.item for change in changes if change.item], (_CATEGORIES,))
    strays = [change for change in changes if change.item not in found]
    moved = {change.message_id: look(change.message_id) for change in strays}
    found |= _read(wire, [item for item in moved.values() if item], (_CATEGORIES,))
    outcomes: list[Outcome] = [_GONE] * len(changes)
    edits: list[_Edit] = []
    for number, change in enumerate(changes):
        fresh = found.get(moved.get(change.message_id, change.item))
        if fresh is None:
            continue
        updates = tuple(_category_updates("t:Message", change.add, change.remove, fresh))
        if updates:
            edits.append(_Edit(number, fresh, updates))
        else:
            outcomes[number] = Done(fresh.item, fresh.key)
    return _write(wire, edits, outcomes)


def _read(wire: Wire, ids: Sequence[str], wanted: Sequence[Field], form: str = "Text") -> dict[str, _Fresh]:
    """Items as they are now, by the id under which they were known; those that are gone are left
    out. Raises Unreachable for any other answer."""
    if not ids:
        return {}
    found: dict[str, _Fresh] = {}
    answers = wire.read(GetItem, requests.get_item(ids, wanted, body=form), expected=len(ids))
    for own_id, answer in zip(ids, answers, strict=False):
        item = next(iter(answer.find_all("m:Items/*")), None)
        if answer.ok and item is not None:
            own = item.find("t:ItemId", NAMESPACES)
            found[own_id] = _Fresh(
                own.get("Id", own_id) if own is not None else own_id,
                own.get("ChangeKey", "") if own is not None else "",
                reading.strings(item, "t:Categories"),
                reading.text_at(item, "t:Body"),
                _is_html(item),
                reading.text_at(item, "t:ReminderIsSet") != "false",
            )
        elif answer.code not in NO_ITEM:
            raise Unreachable(f"an item can't be read before it is changed: {answer.code or 'no code'}")
    return found


def _write(wire: Wire, edits: Sequence[_Edit], outcomes: list[Outcome]) -> list[Outcome]:
    if not edits:
        return outcomes
    payload = requests.update_item([(edit.fresh.item, edit.fresh.key, edit.updates) for edit in edits])
    try:
        written = read_outcomes(wire.post(UpdateItem, payload), len(edits))
    except (SignInRefused, AccessBlocked, Busy):
        raise
    except Unreachable as error:
        written = [Unknown(str(error))] * len(edits)
    for edit, outcome in zip(edits, written, strict=True):
        is_named = isinstance(outcome, Done) and bool(outcome.item)
        outcomes[edit.number] = (
            replace(outcome, item=edit.fresh.item) if isinstance(outcome, Done) and not is_named else outcome
        )
    return outcomes


def _task_updates(change: TaskChange, fresh: _Fresh, ways: Ways) -> list[Element]:
    made: list[Element] = []
    if change.due_date is not None:
        made.append(_set("task:DueDate", "t:DueDate", f"{change.due_date.isoformat()}T00:00:00Z"))
    if change.subject is not None:
        made.append(_set("item:Subject", "t:Subject", change.subject[:255]))
    if change.importance is not None:
        made.append(_set("item:Importance", "t:Importance", change.importance.value.capitalize()))
    if change.reminder is not None and not change.complete:
        made += reminding(change.reminder, kept=ways.keeps_reminders is not False)
        if not fresh.has_reminder:  # the owner dismissed it for the day that it had
            made.append(_set("item:ReminderIsSet", "t:ReminderIsSet", "true"))
    if change.promised is not None:
        made.append(set_own(own_properties.PROMISED, change.promised.isoformat(timespec="seconds")))
    if change.told is not None:
        made.append(set_own(own_properties.TOLD, change.told.isoformat(timespec="seconds")))
    if change.moves is not None:
        made.append(set_own(own_properties.MOVES, str(change.moves)))
    if change.complete:
        made.append(_set("task:Status", "t:Status", "Completed"))
    if change.notes and not is_in(change.notes, to_text(fresh.body) if fresh.is_html else fresh.body):
        made.append(_append(change.notes) if ways.appends is not False else _whole(change.notes, fresh))
    return [*made, *_category_updates("t:Task", change.add, change.remove, fresh)]


def _category_updates(tag: str, add: Sequence[str], remove: Sequence[str], fresh: _Fresh) -> list[Element]:
    """Nothing where the categories are as they are to be. They compare without case, as Outlook
    compares them."""
    gone = {name.casefold() for name in remove}
    kept = [name for name in fresh.categories if name.casefold() not in gone]
    known = {name.casefold() for name in kept}
    wanted = (*kept, *(name for name in add if name.casefold() not in known))
    if wanted == fresh.categories:
        return []
    if not wanted:
        return [element("t:DeleteItemField", children=[_CATEGORIES.element()])]
    names = element("t:Categories", children=[element("t:String", name) for name in wanted])
    holder = element(tag, children=[names])
    return [element("t:SetItemField", children=[_CATEGORIES.element(), holder])]


def _set(uri: str, tag: str, value: str) -> Element:
    holder = element("t:Task", children=[element(tag, value)])
    return element("t:SetItemField", children=[Field(uri=uri).element(), holder])


def set_own(name: str, value: str, tag: str = "t:Task") -> Element:
    """An update of one of our own properties of a task, or of another kind of item."""
    return _set_property(Field(name=name), value, tag)


def _set_property(field: Field, value: str, tag: str = "t:Task") -> Element:
    holder = element(tag, children=[requests.extended_property(field, value)])
    return element("t:SetItemField", children=[field.element(), holder])


def reminding(at: datetime, *, kept: bool) -> list[Element]:
    """Updates by which a task reminds at a moment; not `kept`, by what is behind ReminderDueBy
    ([MS-OXORMDR] 2.2.1.3, 2.2.1.4)."""
    if kept:
        return [_set("item:ReminderDueBy", "t:ReminderDueBy", requests.utc(at))]
    return [_set_property(field, requests.utc(at)) for field in fields.REMINDING]


def _append(notes: str) -> Element:
    body = element("t:Body", f"\n{notes.strip()}\n", BodyType="Text")
    return element("t:AppendToItemField", children=[_BODY.element(), element("t:Task", children=[body])])


def _whole(notes: str, fresh: _Fresh) -> Element:
    """The body with the notes below, in the form that it has."""
    if fresh.is_html:
        lines = "".join(f"<p>{escape(line, quote=False)}</p>" for line in notes.strip().splitlines())
        head, end, tail = fresh.body.rpartition("</body>")
        words = f"{head}{lines}{end}{tail}" if end else fresh.body + lines
    else:
        words = f"{fresh.body}\n{notes.strip()}\n"
    body = element("t:Body", words, BodyType="HTML" if fresh.is_html else "Text")
    return element("t:SetItemField", children=[_BODY.element(), element("t:Task", children=[body])])


def is_in(notes: str, body: str) -> bool:
    """Whether notes stand in a text, whatever became of their lines."""
    return " ".join(notes.split()) in " ".join(body.split())


def _is_html(item: Element) -> bool:
    body = item.find("t:Body", NAMESPACES)
    return body is not None and body.get("BodyType") == "HTML"
