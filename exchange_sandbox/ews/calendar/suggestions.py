"""Suggestions of meeting times (EWS ``SuggestionsViewOptions``, MS-OXWAVLS 2.2.4.30)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from exchange_sandbox.calendar import freebusy, workhours
from exchange_sandbox.calendar.zonerule import DAYS
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.choices import BUSY_STATUS
from exchange_sandbox.ews.xml import Element, children, sub
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import BusyStatus, Key

_STEP = timedelta(minutes=30)
_LONGEST = 62
_QUALITIES = ("Excellent", "Good", "Fair", "Poor")
_AWAY = (BusyStatus.TENTATIVE, BusyStatus.BUSY, BusyStatus.AWAY)
_USUAL = [[8 * 60, 17 * 60, list(DAYS[:5])]]
# name: least, most, default
_NUMBERS = {
    "GoodThreshold": (1, 49, 25),
    "MaximumResultsByDay": (0, 48, 10),
    "MaximumNonWorkHourResultsByDay": (0, 48, 0),
    "MeetingDurationInMinutes": (30, 24 * 60, 60),
}
_PARTS = (
    *(f"t:{name}?" for name in _NUMBERS), "t:MinimumSuggestionQuality?", "t:DetailedSuggestionsWindow",
    "t:CurrentMeetingTime?", "t:GlobalObjectId?",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is to come: whom the address means (nobody known: None), and whether it is a list."""

    people: Sequence[Mailbox] | None
    role: str
    is_list: bool = False
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked; ``first`` and ``last`` are days, the numbers are by their names in EWS."""

    first: date
    last: date
    zone: tzinfo
    numbers: dict[str, int]
    worst: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """A time for the meeting, with the most that each attendee is asked to give up."""

    at: datetime
    is_work: bool
    quality: int
    states: list[BusyStatus | list[BusyStatus] | None]


def read(element: Element, zone: tzinfo) -> Options:
    """Read SuggestionsViewOptions; raises SchemaViolation, and EwsError for what can't be."""
    found = children(element, *_PARTS)
    numbers = {}
    for name, (least, most, usual) in _NUMBERS.items():
        numbers[name] = kinds.Integer().parse(found[name], UTC) if name in found else usual
        if not least <= numbers[name] <= most:
            raise EwsError("ErrorInvalidParameter", f"{name} is not between {least} and {most}.")
    worst = "Fair"
    if "MinimumSuggestionQuality" in found:
        worst = kinds.Choice(_QUALITIES).parse(found["MinimumSuggestionQuality"], UTC)
    window = children(found["DetailedSuggestionsWindow"], "t:StartTime", "t:EndTime")
    try:
        first, last = (
            datetime.fromisoformat(kinds.Moment().parse(window[name], zone)).astimezone(zone).date()
            for name in ("StartTime", "EndTime")
        )
    except OverflowError as error:  # the edge of all days, in another zone
        raise EwsError("ErrorInvalidTimeInterval") from error
    if first >= last:
        raise EwsError("ErrorInvalidTimeInterval", "The window ends before it starts.")
    if (last - first).days > _LONGEST:
        raise EwsError("ErrorTimeIntervalTooBig", f"The window is longer than {_LONGEST} days.")
    return Options(first, last, zone, numbers, _QUALITIES.index(worst))


def write(
    response: Element, db: sqlite3.Connection, options: Options, attendees: Sequence[Attendee], now: datetime
) -> None:
    """Append the suggestions, day by day."""
    box = sub(response, "m:SuggestionsResponse")
    sub(sub(box, "m:ResponseMessage", ResponseClass="Success"), "m:ResponseCode", "NoError")
    days = sub(box, "m:SuggestionDayResultArray")
    organizer = next((one for one in attendees if one.role == "Organizer" and one.people), None)
    hours = _hours(db, organizer.people[0] if organizer and organizer.people else None)
    day = options.first
    while day < options.last:
        _write_day(days, day, _slots(db, options, attendees, hours, day), options, now)
        day += timedelta(days=1)


def _hours(db: sqlite3.Connection, organizer: Mailbox | None) -> dict[str, Any]:
    item = workhours.find(db, organizer.id) if organizer else None
    return item.bag[Key.WORK_HOURS] if item is not None else {"zone": "", "periods": _USUAL}


def _slots(
    db: sqlite3.Connection, options: Options, attendees: Sequence[Attendee], hours: dict[str, Any], day: date
) -> list[_Slot]:
    start = datetime.combine(day, time(), options.zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), options.zone).astimezone(UTC)
    length = timedelta(minutes=options.numbers["MeetingDurationInMinutes"])
    size, count = -(-length // _STEP), (end - start) // _STEP
    diaries = [
        None if one.people is None else [
            freebusy.states(freebusy.events(db, [person], start, end + length), start, _STEP, count + size)
            for person in one.people
        ]
        for one in attendees
    ]  # fmt: skip
    slots = []
    for place in range(count):
        states = [
            None
            if diary is None
            else [max(one[place : place + size], key=freebusy.WORDS.index) for one in diary]
            for diary in diaries
        ]
        at = start + place * _STEP
        quality = _quality(attendees, states, options.numbers["GoodThreshold"])
        shown = [
            some if one.is_list or some is None else some[0]
            for one, some in zip(attendees, states, strict=True)
        ]
        slots.append(_Slot(at.astimezone(options.zone), _is_work(hours, at, length, options), quality, shown))
    return slots


def _is_work(hours: dict[str, Any], at: datetime, length: timedelta, options: Options) -> bool:
    zone = workhours.zone_of(hours) if hours["zone"] else options.zone
    local = at.astimezone(zone)
    begin = local.hour * 60 + local.minute
    return any(
        start <= begin and begin + length // timedelta(minutes=1) <= end and DAYS[local.weekday()] in days
        for start, end, days in hours["periods"]
    )


def _quality(attendees: Sequence[Attendee], states: Sequence[list[BusyStatus] | None], threshold: int) -> int:
    """How good a time is: the share of those who can't, of all that are counted; the organizer has to."""
    counted = conflicts = 0
    for attendee, some in zip(attendees, states, strict=True):
        if some is None or not attendee.is_counted:
            continue
        away = sum(word in _AWAY for word in some)
        if attendee.role == "Organizer" and away:
            return _QUALITIES.index("Poor")
        counted, conflicts = counted + len(some), conflicts + away
    share = 100 * conflicts / counted if counted else 0
    limits = (0, threshold, 50, 100)
    return next(number for number, limit in enumerate(limits) if share <= limit)


def _write_day(days: Element, day: date, slots: Sequence[_Slot], options: Options, now: datetime) -> None:
    good = [one for one in slots if one.quality <= options.worst and one.at >= now]
    order = sorted(good, key=lambda one: (one.quality, one.at))
    limits = (("MaximumResultsByDay", True), ("MaximumNonWorkHourResultsByDay", False))
    chosen = [
        one
        for name, is_work in limits
        for one in [s for s in order if s.is_work == is_work][: options.numbers[name]]
    ]
    box = sub(days, "t:SuggestionDayResult")
    sub(box, "t:Date", f"{day}T00:00:00")
    best = min((one.quality for one in slots if one.is_work and one.at >= now), default=len(_QUALITIES) - 1)
    sub(box, "t:DayQuality", _QUALITIES[best])
    listing = sub(box, "t:SuggestionArray")
    for slot in sorted(chosen, key=lambda one: (one.quality, one.at)):
        _write_slot(listing, slot)


def _write_slot(listing: Element, slot: _Slot) -> None:
    one = sub(listing, "t:Suggestion")
    sub(one, "t:MeetingTime", slot.at.strftime("%Y-%m-%dT%H:%M:%S"))
    sub(one, "t:IsWorkTime", "true" if slot.is_work else "false")
    sub(one, "t:SuggestionQuality", _QUALITIES[slot.quality])
    conflicts = sub(one, "t:AttendeeConflictDataArray")
    for state in slot.states:
        if state is None:
            sub(conflicts, "t:UnknownAttendeeConflictData")
        elif isinstance(state, BusyStatus):
            sub(sub(conflicts, "t:IndividualAttendeeConflictData"), "t:BusyType", BUSY_STATUS.shown(state))
        else:
            group = sub(conflicts, "t:GroupAttendeeConflictData")
            away = sum(word in _AWAY for word in state)
            numbers = {"": len(state), "Available": len(state) - away, "WithConflict": away, "WithNoData": 0}
            for name, number in numbers.items():
                sub(group, f"t:NumberOfMembers{name}", str(number))
