"""GetUserAvailability: when people are busy, and when they work."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lxml import etree

from exchange_sandbox.calendar import freebusy, series, workhours
from exchange_sandbox.calendar.settle import MEETING
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.calendar import suggestions, zonerule_xml
from exchange_sandbox.ews.calendar.suggestions import Attendee
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError, RequestFault, in_ews
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.choices import BUSY_STATUS
from exchange_sandbox.ews.xml import NSMAP, Element, SchemaViolation, children, listed, sub, tag, text_of
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import Key, OccurrenceType, Sensitivity

NAME = "GetUserAvailabilityRequest"
_VIEWS = ("None", "MergedOnly", "FreeBusy", "FreeBusyMerged", "Detailed", "DetailedMerged")
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose time is asked for; ``is_counted``: a suggestion minds their conflicts."""

    address: str
    role: str
    is_counted: bool


def answer(call: Call, request: Element) -> Element:
    """Tell of each mailbox when it is busy and when its owner works, and when all could meet."""
    found = children(
        request, "t:TimeZone?", "m:MailboxDataArray", "t:FreeBusyViewOptions?", "t:SuggestionsViewOptions?"
    )
    if "FreeBusyViewOptions" not in found and "SuggestionsViewOptions" not in found:
        raise RequestFault("ErrorMissingArgument", "FreeBusyViewOptions or SuggestionsViewOptions is needed.")
    wanted = None
    try:
        zone = zonerule_xml.parse(found["TimeZone"]) if "TimeZone" in found else call.zone
        view = _view(found["FreeBusyViewOptions"], zone) if "FreeBusyViewOptions" in found else None
        if "SuggestionsViewOptions" in found:
            wanted = suggestions.read(found["SuggestionsViewOptions"], zone)
    except Refused as failure:
        error = in_ews(failure)
        raise RequestFault(error.code, str(error)) from error
    asked = [_asked(data) for data in listed(found["MailboxDataArray"], "t:MailboxData", least=0)]
    if not 0 < len(asked) <= _MOST_MAILBOXES:
        raise RequestFault(
            "ErrorInvalidRequest", f"Between 1 and {_MOST_MAILBOXES} mailboxes can be asked for."
        )
    response = etree.Element(tag("m:GetUserAvailabilityResponse"), nsmap=NSMAP)
    with call.store.read() as db:
        if view is not None:
            answers = sub(response, "m:FreeBusyResponseArray")
            for one in asked:
                _one(call, db, sub(answers, "m:FreeBusyResponse"), one.address, view)
        if wanted is not None:
            suggestions.write(response, db, wanted, [_attendee(db, one) for one in asked], call.now)
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


def _asked(data: Element) -> _Asked:
    found = children(data, "t:Email", "t:AttendeeType", "t:ExcludeConflicts?")
    role = kinds.Choice(_ATTENDEES).parse(found["AttendeeType"], UTC)
    email = children(found["Email"], "t:Name?", "t:Address", "t:RoutingType?")
    excluded = "ExcludeConflicts" in found and kinds.Boolean().parse(found["ExcludeConflicts"], UTC)
    return _Asked(text_of(email["Address"]).strip(), role, not excluded)


def _attendee(db: sqlite3.Connection, asked: _Asked) -> Attendee:
    try:
        people, is_list = freebusy.people_of(db, asked.address)
    except Refused:
        return Attendee(None, asked.role)
    return Attendee(people, asked.role, is_list, asked.is_counted)


def _one(call: Call, db: sqlite3.Connection, response: Element, address: str, view: _View) -> None:
    try:
        people, is_list = freebusy.people_of(db, address)
    except Refused as failure:
        error = in_ews(failure)
        message = sub(response, "m:ResponseMessage", ResponseClass="Error")
        sub(message, "m:MessageText", str(error))
        sub(message, "m:ResponseCode", error.code)
        sub(message, "m:DescriptiveLinkKey", "0")
        sub(sub(response, "m:FreeBusyView"), "t:FreeBusyViewType", "None")
        return
    sub(sub(response, "m:ResponseMessage", ResponseClass="Success"), "m:ResponseCode", "NoError")
    is_own = [one.id for one in people] == [call.user.id] and not is_list
    kind = view.kind if is_own else view.kind.replace("Detailed", "FreeBusy")  # others see no subjects
    if is_list:
        kind = "MergedOnly"
    box = sub(response, "m:FreeBusyView")
    sub(box, "t:FreeBusyViewType", kind)
    events = freebusy.events(db, people, view.start, view.end)
    if kind.startswith("Merged") or kind.endswith("Merged"):
        step = timedelta(minutes=view.interval)
        sub(box, "t:MergedFreeBusy", freebusy.merged(events, view.start, view.end, step))
    if not kind.startswith("Merged") and events:
        listing = sub(box, "t:CalendarEventArray")
        for event in events:
            _emit(listing, event, view, detailed=kind.startswith("Detailed"))
    if not is_list:
        _emit_work(box, db, people[0], call.now.year)


def _emit_work(box: Element, db: sqlite3.Connection, mailbox: Mailbox, year: int) -> None:
    hours = workhours.find(db, mailbox.id)
    if hours is not None:
        _emit_hours(box, hours, year)


def _emit(listing: Element, event: Item, view: _View, *, detailed: bool) -> None:
    one = sub(listing, "t:CalendarEvent")
    for name, key in (("t:StartTime", Key.START), ("t:EndTime", Key.END)):
        moment = datetime.fromisoformat(str(event.bag[key])).astimezone(UTC)
        shown = moment + _offset_at(moment, view.zone)
        sub(one, name, shown.strftime("%Y-%m-%dT%H:%M:%S"))
    sub(one, "t:BusyType", BUSY_STATUS.shown(freebusy.busy(event)))
    if detailed:
        details = sub(one, "t:CalendarEventDetails")
        sub(details, "t:ID", f"{event.id:032X}")
        sub(details, "t:Subject", str(event.bag.get(Key.SUBJECT, "")))
        sub(details, "t:Location", str(event.bag.get(Key.LOCATION, "")))
        for name, holds in (
            ("IsMeeting", event.bag.get(Key.MEETING_STATE, 0) & MEETING),
            ("IsRecurring", event.occurrence),
            ("IsException", series.kind(event) is OccurrenceType.EXCEPTION),
            ("IsReminderSet", event.bag.get(Key.HAS_REMINDER)),
            ("IsPrivate", event.bag.get(Key.SENSITIVITY) == Sensitivity.PRIVATE),
        ):
            sub(details, f"t:{name}", "true" if holds else "false")


def _offset_at(moment: datetime, zone: tzinfo) -> timedelta:
    """A zone's offset at a moment in UTC."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def _emit_hours(box: Element, item: Item, year: int) -> None:
    about = item.bag[Key.WORK_HOURS]
    hours = sub(box, "t:WorkingHours")
    zonerule_xml.emit(hours, "t:TimeZone", workhours.rule_of(about, year))
    periods = sub(hours, "t:WorkingPeriodArray")
    for start, end, days in about["periods"]:
        period = sub(periods, "t:WorkingPeriod")
        sub(period, "t:DayOfWeek", " ".join(days))
        sub(period, "t:StartTimeInMinutes", str(start))
        sub(period, "t:EndTimeInMinutes", str(end))
