"""What must agree in an appointment after it was set: its times, its zone, its series (MS-OXOCAL)."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from exchange_sandbox.calendar import recurrence, series, zones
from exchange_sandbox.calendar.recurrence import Recurrence
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store.items import Item

MEETING, RECEIVED, CANCELED = 1, 2, 4  # AppointmentState, MS-OXOCAL 2.2.1.10
ATTENDEES = ("RequiredAttendees", "OptionalAttendees", "Resources")
_LONGEST = timedelta(days=5 * 366)
_TIMES = frozenset(("Start", "End", "IsAllDayEvent", "Recurrence", "StartTimeZone"))
# for how many days at most an occurrence lasts, by what its series is made of
_ROOM = {"DailyRecurrence": 1, "WeeklyRecurrence": 7, "AbsoluteMonthlyRecurrence": 28,
         "RelativeMonthlyRecurrence": 28}  # fmt: skip


def new_uid(now: datetime) -> str:
    """A UID of the form that Exchange gives: a GlobalObjectId in hexadecimal (MS-OXOCAL 2.2.1.27)."""
    ticks = int((now.timestamp() + 11644473600) * 10_000_000)
    head = "040000008200E00074C5B7101A82E00800000000"
    return (head + ticks.to_bytes(8, "little").hex() + "00" * 8 + "10000000" + uuid.uuid4().hex).upper()


def settle(item: Item, given: set[str], zone: tzinfo, now: datetime, *, creating: bool) -> None:
    """Bring an appointment into agreement after ``given`` were set; raises Refused where that cannot be."""
    bag = item.bag
    if "Start" not in bag or "End" not in bag:
        raise Refused(Problem.PROPERTY_MISSING, "An appointment needs Start and End.")
    if item.occurrence and "Recurrence" in bag:
        raise Refused(Problem.PROPERTY_NOT_SETTABLE, key="recurrence")
    if creating:
        bag.setdefault("UID", new_uid(now))
    _settle_zone(bag, given, zone)
    if _TIMES & given or creating:
        _settle_times(bag)
    if not item.occurrence:
        _settle_series(bag, given)
    if any(bag.get(key) for key in ATTENDEES):
        bag["AppointmentState"] = bag.get("AppointmentState", 0) | MEETING
    elif bag.get("AppointmentState") == MEETING:
        bag["AppointmentState"] = 0
    bag["DateTimeStamp"] = iso(now)


def _settle_zone(bag: dict[str, Any], given: set[str], zone: tzinfo) -> None:
    if "MeetingTimeZone" in bag:  # what clients of Exchange 2007 say
        bag["StartTimeZone"] = bag.pop("MeetingTimeZone")
        bag.pop("EndTimeZone", None)
    bag.setdefault("StartTimeZone", zones.value_of(zone))
    bag.setdefault("EndTimeZone", bag["StartTimeZone"])


def _settle_times(bag: dict[str, Any]) -> None:
    start, end = datetime.fromisoformat(bag["Start"]), datetime.fromisoformat(bag["End"])
    if end < start:
        raise Refused(Problem.END_BEFORE_START)
    if end - start > _LONGEST:
        raise Refused(Problem.APPOINTMENT_TOO_LONG)
    if not start.year >= 1601 or end.year > recurrence.LAST_DAY.year:
        raise Refused(Problem.DATE_OUT_OF_RANGE)
    if bag.get("IsAllDayEvent"):
        begin = _midnight(start, zones.zone_of(bag["StartTimeZone"]))
        finish = _midnight(end, zones.zone_of(bag["EndTimeZone"]))
        if finish < end or finish <= begin:
            finish = _midnight(end + timedelta(days=1), zones.zone_of(bag["EndTimeZone"]))
        bag["Start"], bag["End"] = iso(begin), iso(finish)


def _midnight(moment: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def _settle_series(bag: dict[str, Any], given: set[str]) -> None:
    if "Recurrence" in bag:
        _settle_recurrence(bag, given)
    if "Recurrence" not in bag or series.basis(bag) != bag.get(series.BASIS, series.basis(bag)):
        for key in (series.CHANGED, series.DELETED, series.BASIS):
            bag.pop(key, None)
    if "Recurrence" in bag:
        bag[series.BASIS] = series.basis(bag)
    bag[series.SPAN] = series.span(bag)


def _settle_recurrence(bag: dict[str, Any], given: set[str]) -> None:
    value = bag["Recurrence"]
    day = series.day_of(bag, bag["Start"])
    if "Start" in given and "Recurrence" not in given and day != Recurrence.of(value).nth(1):
        value = bag["Recurrence"] = {**value, "StartDate": day.isoformat()}
    wrong = recurrence.problem(value)
    first = Recurrence.of(value).nth(1)
    if wrong is not None or first is None:
        raise Refused(*(wrong or (Problem.NO_OCCURRENCE,)))
    bag["Start"], bag["End"] = series.times(bag, first)
    length = datetime.fromisoformat(bag["End"]) - datetime.fromisoformat(bag["Start"])
    room = _ROOM.get(value["Pattern"], 365) * value.get("Interval", 1)
    if length > timedelta(days=room, hours=1):  # an hour, for days of 25
        raise Refused(Problem.OCCURRENCE_TOO_LONG)
