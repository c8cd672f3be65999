"""iCalendar read into the properties of an appointment (RFC 5545, MS-OXCICAL).

It comes from anywhere: what cannot be understood is left out, and nothing is read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

from exchange_sandbox.calendar import ical, recurrence, series, zones
from exchange_sandbox.calendar.recurrence import LAST, SETS, WEEKDAYS, Pattern, Range, Recurrence
from exchange_sandbox.clock import iso
from exchange_sandbox.store.schema import BusyStatus, Key, Response, Sensitivity

_LONGEST = 200_000
_MOST_PEOPLE = 1000
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?", re.ASCII)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DURATION = re.compile(
    r"-?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:\d{1,6}S)?)?", re.ASCII
)
_RESPONSES = {word: name for name, word in ical.STATUS.items()}
_BUSY = {word: name for name, word in reversed(ical.BUSY.items())}
_CLASSES = {"PRIVATE": Sensitivity.PRIVATE, "CONFIDENTIAL": Sensitivity.CONFIDENTIAL}


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class _Event:
    """The first event of a calendar, with the method and what its zones are."""

    method: str = ""
    lines: list[_Line] = field(default_factory=list)
    offsets: dict[str, tzinfo] = field(default_factory=dict)
    alarm: int | None = None

    def first(self, name: str) -> _Line | None:
        return next((one for one in self.lines if one.name == name), None)

    def text(self, name: str) -> str:
        line = self.first(name)
        return "" if line is None else _ESCAPED.sub(_unescaped, line.value)


def read(text: str) -> dict[str, Any]:
    """The properties that the first event of a calendar gives; no Start where none can be read."""
    event = _event(text[:_LONGEST])
    bag: dict[str, Any] = {
        Key.UID: event.text("UID").strip()[:1000],
        Key.SUBJECT: event.text("SUMMARY"),
        Key.LOCATION: event.text("LOCATION"),
        **_times(event),
        **_people(event),
        Key.SEQUENCE: _number(event.text("SEQUENCE")),
        Key.ALLOWS_NEW_TIMES: event.text("X-MICROSOFT-DISALLOW-COUNTER").upper() != "TRUE",
        Key.INTENDED_BUSY_STATUS: _intended(event),
        Key.WANTS_RESPONSE: _wants_answers(event),
        Key.SENSITIVITY: _CLASSES.get(event.text("CLASS").upper(), Sensitivity.NORMAL),
    }
    if event.alarm is not None:
        bag |= {Key.HAS_REMINDER: True, Key.REMINDER_MINUTES: event.alarm}
    if Key.START in bag:
        bag |= _recurrence(event, bag)
    return {key: value for key, value in bag.items() if value not in ("", [], None)}


def _event(text: str) -> _Event:
    event, inside, zone = _Event(), [], ""
    for line in _lines(text):
        if line.name == "BEGIN":
            inside.append(line.value.upper())
        elif line.name == "END":
            if inside and inside.pop() == "VEVENT":
                break
        elif inside[-1:] == ["VEVENT"]:
            event.lines.append(line)
        elif inside[-1:] == ["VALARM"] and line.name == "TRIGGER":
            event.alarm = _minutes(line.value)
        elif inside[-1:] == ["VTIMEZONE"] and line.name == "TZID":
            zone = line.value
        elif inside[-1:] == ["STANDARD"] and line.name == "TZOFFSETTO" and zone not in event.offsets:
            event.offsets[zone] = _fixed(line.value)
        elif line.name == "METHOD":
            event.method = line.value.upper()
    return event


def _lines(text: str) -> Iterator[_Line]:
    for line in text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "").split("\n"):
        head, value = _split(line)
        name, *parameters = _pieces(head)
        if name:
            found = dict(one.partition("=")[::2] for one in parameters)
            yield _Line(name.upper(), {key.upper(): text.strip('"') for key, text in found.items()}, value)


def _split(line: str) -> tuple[str, str]:
    """What stands before and behind the first colon that is not quoted."""
    quoted = False
    for place, char in enumerate(line):
        quoted ^= char == '"'
        if char == ":" and not quoted:
            return line[:place], line[place + 1 :]
    return line, ""


def _pieces(head: str) -> list[str]:
    """What stands between the semicolons that are not quoted."""
    quoted, begin, pieces = False, 0, []
    for place, char in enumerate(head):
        quoted ^= char == '"'
        if char == ";" and not quoted:
            pieces.append(head[begin:place])
            begin = place + 1
    return [*pieces, head[begin:]]


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def _number(text: str) -> int:
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 9 else 0


def _minutes(text: str) -> int | None:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    weeks, days, hours, mins = (int(one or 0) for one in match.groups())
    return (weeks * 7 + days) * 1440 + hours * 60 + mins


def _fixed(text: str) -> tzinfo:
    match = _OFFSET.fullmatch(text.strip())
    if match is None or int(match[2]) > 23 or int(match[3]) > 59:
        return UTC
    span = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-span if match[1] == "-" else span)


def _zone(event: _Event, line: _Line) -> tuple[tzinfo, str]:
    """The zone of a line and its Windows name."""
    named = line.parameters.get("TZID", "")
    known = zones.known(named) if named else "UTC"
    if known is None:
        return event.offsets.get(named, UTC), "UTC"
    return zones.zone_of(known), known


def _moment(event: _Event, line: _Line) -> str | None:
    match = _MOMENT.fullmatch(line.value.strip())
    if match is None:
        return None
    zone = UTC if match[3] else _zone(event, line)[0]
    with suppress(ValueError, OverflowError):
        local = datetime.fromisoformat(f"{match[1]}T{match[2] or '000000'}").replace(tzinfo=zone)
        if 1601 < local.year <= recurrence.LAST_DAY.year:
            return iso(local)
    return None


def _times(event: _Event) -> dict[str, Any]:
    start, end = event.first("DTSTART"), event.first("DTEND")
    begin = _moment(event, start) if start else None
    if start is None or begin is None:
        return {}
    is_day = "T" not in start.value or event.text("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
    finish = _moment(event, end) if end else None
    if finish is None:
        length = _minutes(event.text("DURATION")) or (24 * 60 if is_day else 0)
        finish = iso(datetime.fromisoformat(begin) + timedelta(minutes=length))
    zone = _zone(event, start)[1]
    other = event.first("RECURRENCE-ID")
    return {
        Key.START: begin,
        Key.END: max(begin, finish),
        Key.IS_ALL_DAY: is_day,
        Key.START_TIME_ZONE: zone,
        Key.END_TIME_ZONE: _zone(event, end)[1] if end else zone,
        Key.RECURRENCE_ID: _moment(event, other) if other else None,
    }


def _people(event: _Event) -> dict[str, Any]:
    organizer = event.first("ORGANIZER")
    found: dict[str, Any] = {Key.ORGANIZER: _person(organizer) if organizer else None}
    roles = {role: name for name, role in ical.ROLES.items()}
    for line in [one for one in event.lines if one.name == "ATTENDEE"][:_MOST_PEOPLE]:
        name = roles.get(line.parameters.get("ROLE", "").upper(), Key.REQUIRED_ATTENDEES)
        if line.parameters.get("CUTYPE", "").upper() in ("RESOURCE", "ROOM"):
            name = Key.RESOURCES
        response = _RESPONSES.get(line.parameters.get("PARTSTAT", "").upper(), Response.UNKNOWN)
        found.setdefault(name, []).append({**_person(line), "response": response})
    return found


def _wants_answers(event: _Event) -> bool:
    """Whether anybody is asked to answer: all are who are not told otherwise (PidTagResponseRequested)."""
    people = [one for one in event.lines if one.name == "ATTENDEE"]
    return not people or any(one.parameters.get("RSVP", "").upper() != "FALSE" for one in people)


def _person(line: _Line) -> dict[str, str]:
    address = line.value.partition(":")[2] if line.value.lower().startswith("mailto:") else line.value
    return {"name": line.parameters.get("CN") or address.strip(), "address": address.strip()}


def _intended(event: _Event) -> str:
    said = event.text("X-MICROSOFT-CDO-INTENDEDSTATUS").upper()
    is_free = event.text("TRANSP").upper() == "TRANSPARENT"
    return _BUSY.get(said) or (BusyStatus.FREE if is_free else BusyStatus.BUSY)


def _recurrence(event: _Event, bag: dict[str, Any]) -> dict[str, Any]:
    line = event.first("RRULE")
    if line is None:
        return {}
    parts = dict(one.partition("=")[::2] for one in line.value.upper().split(";"))
    value = _pattern(parts, bag) if len(parts) < 20 else None
    if value is None or recurrence.problem(value) is not None:
        return {}
    deleted = set()
    for one in event.lines:
        moments = (
            (_Line("", one.parameters, text) for text in one.value.split(",")) if one.name == "EXDATE" else ()
        )
        days = [series.day_of(bag, found) for found in (_moment(event, each) for each in moments) if found]
        deleted |= {day.toordinal() for day in days if Recurrence.of(value).number(day) is not None}
    return {Key.RECURRENCE: value, **({Key.DELETED: sorted(deleted)} if deleted else {})}


def _pattern(parts: dict[str, str], bag: dict[str, Any]) -> dict[str, Any] | None:
    """A recurrence as the store has it; None for one that it cannot say."""
    unit, interval = parts.get("FREQ", ""), _number(parts.get("INTERVAL", "1"))
    days = [one.strip() for one in parts.get("BYDAY", "").split(",") if one]
    own = series.day_of(bag, bag[Key.START])
    value: dict[str, Any] = {"start": own.isoformat(), "range": Range.ENDLESS}
    if unit == "DAILY":
        value |= {"pattern": Pattern.DAILY, "interval": interval}
    elif unit == "WEEKLY":
        words = [WEEKDAYS[ical.DAYS.index(day)] for day in days if day in ical.DAYS]
        first = parts.get("WKST", "MO") if parts.get("WKST") in ical.DAYS else "MO"
        value |= {"pattern": Pattern.WEEKLY, "interval": interval,
                  "days": words or [WEEKDAYS[own.weekday()]],
                  "first_day": WEEKDAYS[ical.DAYS.index(first)]}  # fmt: skip
    elif unit in ("MONTHLY", "YEARLY"):
        value |= _of_month(unit, parts, days, own)
        month = _number(parts.get("BYMONTH", "")) or own.month
        if unit == "MONTHLY":
            value["interval"] = interval
        elif interval != 1 or month > 12:
            return None
        else:
            value["month"] = month
    else:
        return None
    return value | _range(parts, bag)


def _of_month(unit: str, parts: dict[str, str], days: list[str], own: date) -> dict[str, Any]:
    if not days:
        named = parts.get("BYMONTHDAY", "")
        day = 31 if named == "-1" else _number(named) or own.day
        return {"pattern": Pattern(f"absolute_{unit.lower()}"), "day_of_month": day}
    match = re.fullmatch(r"([+-]?\d)?([A-Z]{2})", days[0]) if len(days) == 1 else None
    order = parts.get("BYSETPOS") or (match[1] if match else None) or "1"
    numbers = {ical.DAYS.index(day[-2:]) for day in days if day[-2:] in ical.DAYS}
    word = next((name for name, some in SETS.items() if set(some) == numbers), None)
    number = min(LAST, _number(order.lstrip("+"))) or LAST
    return {
        "pattern": Pattern(f"relative_{unit.lower()}"),
        "days": [word or WEEKDAYS[min(numbers, default=own.weekday())]],
        "order": number,
    }


def _range(parts: dict[str, str], bag: dict[str, Any]) -> dict[str, Any]:
    if "COUNT" in parts:
        return {"range": Range.COUNTED, "count": _number(parts["COUNT"])}
    until = parts.get("UNTIL", "")
    moment = _moment(_Event(), _Line("", {}, until))
    if moment is None:
        return {}
    end = series.day_of(bag, moment) if "T" in until else datetime.fromisoformat(moment).date()
    return {"range": Range.UNTIL, "end": end.isoformat()}
