"""GetUserAvailability: when people are busy, and when they work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lxml import etree

from ackd.sandbox import workhours, zonerule
from ackd.sandbox.call import Call
from ackd.sandbox.clock import iso
from ackd.sandbox.errors import EwsError, RequestFault
from ackd.sandbox.properties import kinds
from ackd.sandbox.store import folders, items, mailboxes
from ackd.sandbox.store.items import Item
from ackd.sandbox.store.mailboxes import Mailbox
from ackd.sandbox.xml import NSMAP, Element, SchemaViolation, children, listed, sub, tag, text_of

NAME = "GetUserAvailabilityRequest"
_VIEWS = ("None", "MergedOnly", "FreeBusy", "FreeBusyMerged", "Detailed", "DetailedMerged")
_DIGITS = {"Free": "0", "Tentative": "1", "Busy": "2", "OOF": "3", "WorkingElsewhere": "4", "NoData": "4"}
_ATTENDEES = ("Organizer", "Required", "Optional", "Room", "Resource")
_LONGEST = timedelta(days=62)
_MOST_MAILBOXES = 100


@dataclass(frozen=True, slots=True)
class _View:
    """What is asked: from when to when, how much of it, and in which zone the answer's times are."""

    start: datetime
    end: datetime
    interval: int
    kind: str
    zone: tzinfo


def answer(call: Call, request: Element) -> Element:
    """Tell of each mailbox when it is busy and when its owner works."""
    found = children(
        request, "t:TimeZone?", "m:MailboxDataArray", "t:FreeBusyViewOptions?", "t:SuggestionsViewOptions?"
    )
    if "SuggestionsViewOptions" in found:
        raise RequestFault(
            "ErrorInvalidRequest", "Suggestions of meeting times are not supported by this sandbox."
        )
    if "FreeBusyViewOptions" not in found:
        raise RequestFault("ErrorMissingArgument", "FreeBusyViewOptions or SuggestionsViewOptions is needed.")
    try:
        zone = zonerule.parse(found["TimeZone"]) if "TimeZone" in found else call.zone
        view = _view(found["FreeBusyViewOptions"], zone)
    except EwsError as error:
        raise RequestFault(error.code, str(error)) from error
    addresses = [_address(data) for data in listed(found["MailboxDataArray"], "t:MailboxData", least=0)]
    if not 0 < len(addresses) <= _MOST_MAILBOXES:
        raise RequestFault(
            "ErrorInvalidRequest", f"Between 1 and {_MOST_MAILBOXES} mailboxes can be asked for."
        )
    response = etree.Element(tag("m:GetUserAvailabilityResponse"), nsmap=NSMAP)
    answers = sub(response, "m:FreeBusyResponseArray")
    with call.store.read() as db:
        for address in addresses:
            _one(call, db, sub(answers, "m:FreeBusyResponse"), mailboxes.find(db, address), view)
    return response


def _view(options: Element, zone: tzinfo) -> _View:
    found = children(options, "t:TimeWindow", "t:MergedFreeBusyIntervalInMinutes?", "t:RequestedView?")
    window = children(found["TimeWindow"], "t:StartTime", "t:EndTime")
    texts = (
        kinds.parse_moment(text_of(window[name]), zone, window[name]) for name in ("StartTime", "EndTime")
    )
    start, end = (datetime.fromisoformat(text) for text in texts)
    if start >= end:
        raise EwsError("ErrorInvalidTimeInterval", "The time window ends before it starts.")
    if end - start > _LONGEST:
        raise EwsError("ErrorTimeIntervalTooBig", f"The time window is longer than {_LONGEST.days} days.")
    interval = 30
    if "MergedFreeBusyIntervalInMinutes" in found:
        interval = kinds.Integer().parse(found["MergedFreeBusyIntervalInMinutes"], UTC)
    if not 5 <= interval <= 24 * 60:
        raise EwsError("ErrorInvalidMergedFreeBusyInterval", "The interval is 5 minutes to a day.")
    kind = text_of(found["RequestedView"]).strip() if "RequestedView" in found else "FreeBusyMerged"
    if kind not in _VIEWS:
        raise SchemaViolation(f"'{kind[:40]}' is not a view.", found["RequestedView"])
    if kind == "None":
        raise EwsError("ErrorInvalidFreeBusyViewType", "A view is needed.")
    return _View(start, end, interval, kind, zone)


def _address(data: Element) -> str:
    found = children(data, "t:Email", "t:AttendeeType", "t:ExcludeConflicts?")
    if text_of(found["AttendeeType"]).strip() not in _ATTENDEES:
        raise SchemaViolation("The kind of attendee is not known.", found["AttendeeType"])
    email = children(found["Email"], "t:Name?", "t:Address", "t:RoutingType?")
    return text_of(email["Address"]).strip()


def _one(call: Call, db: sqlite3.Connection, response: Element, mailbox: Mailbox | None, view: _View) -> None:
    if mailbox is None:
        error = EwsError("ErrorMailRecipientNotFound", "Unable to resolve the email address to a mailbox.")
        message = sub(response, "m:ResponseMessage", ResponseClass="Error")
        sub(message, "m:MessageText", str(error))
        sub(message, "m:ResponseCode", error.code)
        sub(message, "m:DescriptiveLinkKey", "0")
        sub(sub(response, "m:FreeBusyView"), "t:FreeBusyViewType", "None")
        return
    sub(sub(response, "m:ResponseMessage", ResponseClass="Success"), "m:ResponseCode", "NoError")
    is_own = mailbox.id == call.user.id
    kind = view.kind if is_own else view.kind.replace("Detailed", "FreeBusy")  # others see no subjects
    box = sub(response, "m:FreeBusyView")
    sub(box, "t:FreeBusyViewType", kind)
    events = list(_events(db, mailbox.id, view))
    if kind.startswith("Merged") or kind.endswith("Merged"):
        sub(box, "t:MergedFreeBusy", _merged(events, view))
    if not kind.startswith("Merged") and events:
        listing = sub(box, "t:CalendarEventArray")
        for event in events:
            _emit(listing, event, view, detailed=kind.startswith("Detailed"))
    hours = workhours.find(db, mailbox.id)
    if hours is not None:
        _emit_hours(box, hours, call.now.year)


def _events(db: sqlite3.Connection, mailbox: int, view: _View) -> Iterator[Item]:
    """The appointments in the window, the earliest first."""
    calendar = folders.distinguished(db, mailbox, "calendar").id
    rows = db.execute(f"{items.SELECT} WHERE folder = ? AND associated = 0", (calendar,)).fetchall()
    start, end = iso(view.start), iso(view.end)
    found = (items.from_row(row) for row in rows)
    within = [one for one in found if one.bag.get("Start", end) < end and one.bag.get("End", "") > start]
    yield from sorted(within, key=lambda one: (str(one.bag["Start"]), one.id))


def _busy(event: Item) -> str:
    return str(event.bag.get("LegacyFreeBusyStatus", "Busy"))


def _merged(events: list[Item], view: _View) -> str:
    """A digit for each interval: the most that anything in it demands."""
    step = timedelta(minutes=view.interval)
    digits, at = [], view.start
    while at < view.end:
        here, there = iso(at), iso(at + step)
        digits.append(
            max(
                [_DIGITS[_busy(e)] for e in events if e.bag["Start"] < there and e.bag["End"] > here],
                default="0",
            )
        )
        at += step
    return "".join(digits)


def _emit(listing: Element, event: Item, view: _View, *, detailed: bool) -> None:
    one = sub(listing, "t:CalendarEvent")
    for name, key in (("t:StartTime", "Start"), ("t:EndTime", "End")):
        moment = datetime.fromisoformat(str(event.bag[key])).astimezone(UTC)
        shown = moment + _offset_at(moment, view.zone)
        sub(one, name, shown.strftime("%Y-%m-%dT%H:%M:%S"))
    sub(one, "t:BusyType", _busy(event))
    if detailed:
        details = sub(one, "t:CalendarEventDetails")
        sub(details, "t:ID", f"{event.id:032X}")
        sub(details, "t:Subject", str(event.bag.get("Subject", "")))
        sub(details, "t:Location", str(event.bag.get("Location", "")))
        for name in ("IsMeeting", "IsRecurring", "IsException"):
            sub(details, f"t:{name}", "false")
        sub(details, "t:IsReminderSet", "true" if event.bag.get("ReminderIsSet") else "false")
        sub(details, "t:IsPrivate", "true" if event.bag.get("Sensitivity") == "Private" else "false")


def _offset_at(moment: datetime, zone: tzinfo) -> timedelta:
    """A zone's offset at a moment in UTC."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def _emit_hours(box: Element, item: Item, year: int) -> None:
    about = item.bag["WorkHours"]
    hours = sub(box, "t:WorkingHours")
    zonerule.emit(hours, "t:TimeZone", zonerule.rule_of(zonerule.zone_named(about["zone"]), year))
    periods = sub(hours, "t:WorkingPeriodArray")
    for start, end, days in about["periods"]:
        period = sub(periods, "t:WorkingPeriod")
        sub(period, "t:DayOfWeek", " ".join(days))
        sub(period, "t:StartTimeInMinutes", str(start))
        sub(period, "t:EndTimeInMinutes", str(end))
