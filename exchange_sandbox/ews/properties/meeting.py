"""Kinds of values that meetings have, and the properties that all messages of meetings share."""

from __future__ import annotations

import sqlite3
from datetime import tzinfo
from typing import Any

from exchange_sandbox.calendar import appointments
from exchange_sandbox.ews.properties import choices, compound, kinds
from exchange_sandbox.ews.properties.common import NEVER
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.properties.mail import MESSAGE as MAIL
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.ews.xml import Element, children, listed, sub
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BusyStatus, Key, Response


class Attendees(kinds.Incomparable):
    """People with their responses: mailboxes that may have ``response``, ``time``, ``start`` and ``end``."""

    def parse(self, element: Element, zone: tzinfo) -> list[dict[str, str]]:
        return [self._one(one, zone) for one in listed(element, "t:Attendee")]

    def _one(self, element: Element, zone: tzinfo) -> dict[str, str]:
        found = children(
            element,
            "t:Mailbox",
            "t:ResponseType?",
            "t:LastResponseTime?",
            "t:ProposedStart?",
            "t:ProposedEnd?",
        )
        one = compound.parse_mailbox(found["Mailbox"])
        if "ResponseType" in found:
            one["response"] = choices.RESPONSE.parse(found["ResponseType"], zone)
        for key, name in (("time", "LastResponseTime"), ("start", "ProposedStart"), ("end", "ProposedEnd")):
            if name in found:
                one[key] = kinds.Moment().parse(found[name], zone)
        return one

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if not value:
            return
        box = sub(parent, name)
        for one in value:
            attendee = sub(box, "t:Attendee")
            compound.emit_mailbox(attendee, one, style)
            choices.RESPONSE.emit(attendee, "t:ResponseType", one.get("response", Response.UNKNOWN), style)
            keys = (("time", "LastResponseTime"), ("start", "ProposedStart"), ("end", "ProposedEnd"))
            for key, part in keys:
                if key in one:
                    sub(attendee, f"t:{part}", kinds.shown_moment(one[key], style))


def _emit_occurrence(parent: Element, name: str, value: dict[str, Any], style: kinds.Style) -> None:
    box = sub(parent, name)
    compound.Ref().emit(box, "t:ItemId", value["id"], style)
    for part in ("Start", "End", "OriginalStart"):
        sub(box, f"t:{part}", kinds.shown_moment(value[KEYS[part]], style))


class Occurrence(kinds.ReadOnly):
    """An occurrence: a dict with its id, its start, end and original start."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        _emit_occurrence(parent, name, value, style)


class Occurrences(kinds.ReadOnly):
    """Some occurrences."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for one in value:
                _emit_occurrence(box, "t:Occurrence", one, style)


class DeletedOccurrences(kinds.ReadOnly):
    """The starts of occurrences that are no more."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for one in value:
                sub(sub(box, "t:DeletedOccurrence"), "t:Start", kinds.shown_moment(one, style))


class Near(kinds.ReadOnly):
    """Appointments near another, briefly: pairs of the id and the properties."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if not value:
            return
        listing = sub(parent, name)
        for number, bag in value:
            box = sub(listing, "t:CalendarItem")
            compound.Ref().emit(box, "t:ItemId", number, style)
            sub(box, "t:Subject", str(bag.get(Key.SUBJECT, "")))
            for part in ("Start", "End"):
                sub(box, f"t:{part}", kinds.shown_moment(bag[KEYS[part]], style))
            busy = bag.get(Key.BUSY_STATUS, BusyStatus.BUSY)
            choices.BUSY_STATUS.emit(box, "t:LegacyFreeBusyStatus", busy, style)
            if bag.get(Key.LOCATION):
                sub(box, "t:Location", bag[Key.LOCATION])


def _associated(item: Item, reader: Reader) -> tuple[str, str] | None:
    found = appointments.associated(reader.db, item)
    return None if found is None else reader.item_id(found)


def is_old(db: sqlite3.Connection, item: Item) -> bool:
    """Whether a message is about an appointment that was changed since."""
    found = appointments.associated(db, item)
    if found is None or Key.RECURRENCE_ID in item.bag:  # a series counts none of the changes of an occurrence
        return False
    return int(item.bag.get(Key.SEQUENCE, 0)) < int(found.bag.get(Key.SEQUENCE, 0))


def _prop(name: str, kind: kinds.Kind, **options: Any) -> Prop:
    return Prop(name, f"meeting:{name}", kind, NEVER, **options)


MESSAGE: tuple[Prop, ...] = (
    *MAIL,
    _prop("AssociatedCalendarItemId", compound.Ref(), find=False, read=_associated),
    _prop("IsDelegated", kinds.Boolean(), default=False),
    _prop("IsOutOfDate", kinds.Boolean(), find=False, read=lambda item, reader: is_old(reader.db, item)),
    _prop("HasBeenProcessed", kinds.Boolean(), default=False),
    _prop("ResponseType", choices.RESPONSE, default=Response.UNKNOWN),
)
