"""Appointments as iCalendar (RFC 5545, RFC 5546, and MS-OXCICAL for what Exchange says besides)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from exchange_sandbox.calendar import series, zones
from exchange_sandbox.calendar.recurrence import LAST, SETS, WEEKDAYS, Pattern, Recurrence
from exchange_sandbox.calendar.zonerule import Change
from exchange_sandbox.store.schema import BusyStatus, Importance, Key, Response, Sensitivity

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STATUS = {
    Response.ACCEPTED: "ACCEPTED",
    Response.TENTATIVE: "TENTATIVE",
    Response.DECLINED: "DECLINED",
}
BUSY = {
    BusyStatus.FREE: "FREE",
    BusyStatus.TENTATIVE: "TENTATIVE",
    BusyStatus.BUSY: "BUSY",
    BusyStatus.AWAY: "OOF",
    BusyStatus.ELSEWHERE: "WORKINGELSEWHERE",
    BusyStatus.NO_DATA: "BUSY",
}
ROLES = {
    Key.REQUIRED_ATTENDEES: "REQ-PARTICIPANT",
    Key.OPTIONAL_ATTENDEES: "OPT-PARTICIPANT",
    Key.RESOURCES: "NON-PARTICIPANT",
}
CLASSES = {
    Sensitivity.NORMAL: "PUBLIC",
    Sensitivity.PERSONAL: "PRIVATE",
    Sensitivity.PRIVATE: "PRIVATE",
    Sensitivity.CONFIDENTIAL: "CONFIDENTIAL",
}
_PRIORITIES = {Importance.HIGH: 1, Importance.NORMAL: 5, Importance.LOW: 9}


def document(bag: dict[str, Any], method: str, text: str = "") -> bytes:
    """The calendar object of an appointment; ``method`` as RFC 5546 has it, ``text`` is its description."""
    lines = ["BEGIN:VCALENDAR", f"METHOD:{method}", "PRODID:-//ackd//sandbox Exchange//EN", "VERSION:2.0"]
    zone = bag.get(Key.START_TIME_ZONE)
    if isinstance(zone, str) and zone != "UTC":
        lines += _zone_lines(zone, int(bag[Key.START][:4]))
    lines += ["BEGIN:VEVENT", *_event(bag, method, text), "END:VEVENT", "END:VCALENDAR"]
    return "".join(_folded(line) for line in lines).encode("utf-8", "replace")


def _event(bag: dict[str, Any], method: str, text: str) -> Iterator[str]:
    organizer = bag.get(Key.ORGANIZER)
    if organizer:
        yield f"ORGANIZER{_person(organizer)}"
    for name, role in ROLES.items():
        for one in bag.get(name, ()):
            status = "NEEDS-ACTION"  # a request asks, whatever is known already
            if method != "REQUEST":
                status = STATUS.get(one.get("response", ""), status)
            wanted = "TRUE" if bag.get(Key.WANTS_RESPONSE, True) else "FALSE"
            rsvp = f";RSVP={wanted}" if method == "REQUEST" else ""
            yield f"ATTENDEE;ROLE={role};PARTSTAT={status}{rsvp}{_person(one)}"
    yield from (f"{name}:{_text(value)}" for name, value in (("DESCRIPTION", text),) if value.strip())
    yield f"UID:{_text(bag.get(Key.UID, ''))}"
    yield f"SUMMARY:{_text(bag.get(Key.SUBJECT, ''))}"
    yield f"DTSTART{_moment(bag[Key.START], bag.get(Key.START_TIME_ZONE))}"
    yield f"DTEND{_moment(bag[Key.END], bag.get(Key.END_TIME_ZONE))}"
    if Key.RECURRENCE in bag:
        yield f"RRULE:{rule(bag)}"
        for day in bag.get(Key.DELETED, ()):
            start = series.times(bag, datetime.fromordinal(day).date())[0]
            yield f"EXDATE{_moment(start, bag.get(Key.START_TIME_ZONE))}"
    if Key.RECURRENCE_ID in bag:
        yield f"RECURRENCE-ID{_moment(bag[Key.RECURRENCE_ID], bag.get(Key.START_TIME_ZONE))}"
    yield f"CLASS:{CLASSES[bag.get(Key.SENSITIVITY, Sensitivity.NORMAL)]}"
    yield f"PRIORITY:{_PRIORITIES[bag.get(Key.IMPORTANCE, Importance.NORMAL)]}"
    yield f"DTSTAMP{_moment(bag.get(Key.STAMPED) or bag[Key.START], None)}"
    busy = bag.get(Key.INTENDED_BUSY_STATUS) or bag.get(Key.BUSY_STATUS, BusyStatus.BUSY)
    yield f"TRANSP:{'TRANSPARENT' if busy == BusyStatus.FREE else 'OPAQUE'}"
    yield f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}"
    yield f"SEQUENCE:{bag.get(Key.SEQUENCE, 0)}"
    yield f"LOCATION:{_text(bag.get(Key.LOCATION, ''))}"
    yield f"X-MICROSOFT-CDO-APPT-SEQUENCE:{bag.get(Key.SEQUENCE, 0)}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{'TENTATIVE' if method == 'REQUEST' else BUSY[busy]}"
    yield f"X-MICROSOFT-CDO-INTENDEDSTATUS:{BUSY[busy]}"
    yield f"X-MICROSOFT-CDO-ALLDAYEVENT:{'TRUE' if bag.get(Key.IS_ALL_DAY) else 'FALSE'}"
    yield f"X-MICROSOFT-DISALLOW-COUNTER:{'FALSE' if bag.get(Key.ALLOWS_NEW_TIMES, True) else 'TRUE'}"
    if bag.get(Key.HAS_REMINDER) and method == "REQUEST":
        yield from ("BEGIN:VALARM", "DESCRIPTION:REMINDER", "ACTION:DISPLAY")
        yield f"TRIGGER;RELATED=START:-PT{bag.get(Key.REMINDER_MINUTES, 0)}M"
        yield "END:VALARM"


def rule(bag: dict[str, Any]) -> str:
    """The recurrence of a master as RRULE."""
    value = bag[Key.RECURRENCE]
    pattern = Pattern(value["pattern"])
    parts = [f"FREQ={pattern.unit.upper()}", f"INTERVAL={value.get('interval', 1)}"]
    if "day_of_month" in value:
        parts.append(f"BYMONTHDAY={-1 if value['day_of_month'] == 31 else value['day_of_month']}")
    elif "days" in value:
        numbers = [number for word in value["days"] for number in SETS.get(word) or (WEEKDAYS.index(word),)]
        parts.append(f"BYDAY={','.join(DAYS[number] for number in numbers)}")
    if "order" in value:
        parts.append(f"BYSETPOS={-1 if value['order'] == LAST else value['order']}")
    if "month" in value:
        parts.append(f"BYMONTH={value['month']}")
    if pattern is Pattern.WEEKLY:
        parts.append(f"WKST={DAYS[WEEKDAYS.index(value.get('first_day', 'sunday'))]}")
    last = Recurrence.of(value).last()
    if "count" in value:
        parts.append(f"COUNT={value['count']}")
    elif last is not None:
        parts.append(f"UNTIL{_moment(series.times(bag, last)[0], None)}".replace(":", "="))
    return ";".join(parts)


def _moment(moment: str, zone: Any) -> str:
    """A moment behind the name of its property: with its zone, or in UTC."""
    if isinstance(zone, str) and zone != "UTC":
        local = datetime.fromisoformat(moment).astimezone(zones.zone_of(zone))
        return f";TZID={zone}:{local:%Y%m%dT%H%M%S}"
    return f":{datetime.fromisoformat(moment):%Y%m%dT%H%M%SZ}"


def _person(one: dict[str, str]) -> str:
    name = "".join(char for char in one["name"] if char.isprintable() and char != '"')
    address = "".join(char for char in one["address"] if char.isprintable())
    return f';CN="{name}":mailto:{address}' if name else f":mailto:{address}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """A line of no more than 75 bytes, and those that continue it."""
    pieces, current, size = [], "", 0
    for char in line:
        width = len(char.encode("utf-8", "replace"))
        if size + width > 74:
            pieces.append(current)
            current, size = "", 1
        current += char
        size += width
    return "\r\n ".join([*pieces, current]) + "\r\n"


def _zone_lines(name: str, year: int) -> Iterator[str]:
    rules = zones.definition(name).rules
    current = next((one for since, one in reversed(rules) if since <= year), rules[0][1])
    yield from ("BEGIN:VTIMEZONE", f"TZID:{name}")
    summer = current.bias + current.daylight.bias
    if not current.daylight.month:
        yield from _change_lines("STANDARD", Change(), current.bias, current.bias)
    else:
        yield from _change_lines("STANDARD", current.standard, summer, current.bias)
        yield from _change_lines("DAYLIGHT", current.daylight, current.bias, summer)
    yield "END:VTIMEZONE"


def _change_lines(name: str, change: Change, before: int, after: int) -> Iterator[str]:
    yield from (f"BEGIN:{name}", f"DTSTART:16010101T{change.at:%H%M%S}")
    yield from (f"TZOFFSETFROM:{_offset(before)}", f"TZOFFSETTO:{_offset(after)}")
    if change.month:
        order = -1 if change.order == 5 else change.order
        yield f"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY={order}{DAYS[change.weekday]};BYMONTH={change.month}"
    yield f"END:{name}"


def _offset(bias: int) -> str:
    hours, minutes = divmod(abs(bias), 60)
    return f"{'-' if bias > 0 else '+'}{hours:02}{minutes:02}"
