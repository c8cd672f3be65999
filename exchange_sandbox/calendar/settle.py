"""What must agree in an appointment after it was set: its times, its zone, its series (MS-OXOCAL)."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from exchange_sandbox.calendar import appointments, recurrence, series, zones
from exchange_sandbox.calendar.recurrence import Pattern, Recurrence
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key

MEETING, RECEIVED, CANCELED = 1, 2, 4  # AppointmentState, MS-OXOCAL 2.2.1.10
_LONGEST = timedelta(days=5 * 366)
_TIMES = frozenset((Key.START, Key.END, Key.IS_ALL_DAY, Key.RECURRENCE, Key.START_TIME_ZONE))
# for how many days at most an occurrence lasts, by what its series is made of
_ROOM = {"daily": 1, "weekly": 7, "monthly": 28, "yearly": 365}


def new_uid(now: datetime) -> str:
    """A UID of the form that Exchange gives: a GlobalObjectId in hexadecimal (MS-OXOCAL 2.2.1.27)."""
    ticks = int((now.timestamp() + 11644473600) * 10_000_000)
    head = "040000008200E00074C5B7101A82E00800000000"
    return (head + ticks.to_bytes(8, "little").hex() + "00" * 8 + "10000000" + uuid.uuid4().hex).upper()


def settle(item: Item, given: set[str], zone: tzinfo, now: datetime, *, creating: bool) -> None:
    """Bring an appointment into agreement after ``given`` were set; raises Refused where that cannot be."""
    bag = item.bag
    if Key.START not in bag or Key.END not in bag:
        raise Refused(Problem.PROPERTY_MISSING, "An appointment needs Start and End.")
    if item.occurrence and Key.RECURRENCE in bag:
        raise Refused(Problem.PROPERTY_NOT_SETTABLE, key="recurrence")
    if creating:
        bag.setdefault(Key.UID, new_uid(now))
    _settle_zone(bag, given, zone)
    if _TIMES & given or creating:
        _settle_times(bag)
    if not item.occurrence:
        _settle_series(bag, given)
    if any(bag.get(key) for key in appointments.ATTENDEES):
        bag[Key.MEETING_STATE] = bag.get(Key.MEETING_STATE, 0) | MEETING
    elif bag.get(Key.MEETING_STATE) == MEETING:
        bag[Key.MEETING_STATE] = 0
    bag[Key.STAMPED] = iso(now)


def _settle_zone(bag: dict[str, Any], given: set[str], zone: tzinfo) -> None:
    if Key.MEETING_TIME_ZONE in bag:  # what clients of Exchange 2007 say
        bag[Key.START_TIME_ZONE] = bag.pop(Key.MEETING_TIME_ZONE)
        bag.pop(Key.END_TIME_ZONE, None)
    bag.setdefault(Key.START_TIME_ZONE, zones.value_of(zone))
    bag.setdefault(Key.END_TIME_ZONE, bag[Key.START_TIME_ZONE])


def _settle_times(bag: dict[str, Any]) -> None:
    start, end = datetime.fromisoformat(bag[Key.START]), datetime.fromisoformat(bag[Key.END])
    if end < start:
        raise Refused(Problem.END_BEFORE_START)
    if end - start > _LONGEST:
        raise Refused(Problem.APPOINTMENT_TOO_LONG)
    if not start.year >= 1601 or end.year > recurrence.LAST_DAY.year:
        raise Refused(Problem.DATE_OUT_OF_RANGE)
    if bag.get(Key.IS_ALL_DAY):
        begin = _midnight(start, zones.zone_of(bag[Key.START_TIME_ZONE]))
        finish = _midnight(end, zones.zone_of(bag[Key.END_TIME_ZONE]))
        if finish < end or finish <= begin:
            finish = _midnight(end + timedelta(days=1), zones.zone_of(bag[Key.END_TIME_ZONE]))
        bag[Key.START], bag[Key.END] = iso(begin), iso(finish)


def _midnight(moment: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def _settle_series(bag: dict[str, Any], given: set[str]) -> None:
    if Key.RECURRENCE in bag:
        _settle_recurrence(bag, given)
    if Key.RECURRENCE not in bag or series.basis(bag) != bag.get(Key.BASIS, series.basis(bag)):
        for key in (Key.CHANGED, Key.DELETED, Key.BASIS):
            bag.pop(key, None)
    if Key.RECURRENCE in bag:
        bag[Key.BASIS] = series.basis(bag)
    bag[Key.SPAN] = series.span(bag)


def _settle_recurrence(bag: dict[str, Any], given: set[str]) -> None:
    value = bag[Key.RECURRENCE]
    day = series.day_of(bag, bag[Key.START])
    if Key.START in given and Key.RECURRENCE not in given and day != Recurrence.of(value).nth(1):
        value = bag[Key.RECURRENCE] = {**value, "start": day.isoformat()}
    wrong = recurrence.problem(value)
    first = Recurrence.of(value).nth(1)
    if wrong is not None or first is None:
        raise Refused(*(wrong or (Problem.NO_OCCURRENCE,)))
    bag[Key.START], bag[Key.END] = series.times(bag, first)
    length = datetime.fromisoformat(bag[Key.END]) - datetime.fromisoformat(bag[Key.START])
    room = _ROOM[Pattern(value["pattern"]).unit] * value.get("interval", 1)
    if length > timedelta(days=room, hours=1):  # an hour, for days of 25
        raise Refused(Problem.OCCURRENCE_TOO_LONG)
