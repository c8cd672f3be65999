"""iCalendar: what is written is read back, and whatever comes is read without harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_sandbox.calendar import ical, ical_read, zones
from exchange_sandbox.calendar.recurrence import Recurrence
from exchange_sandbox.clock import iso
from exchange_sandbox.store.schema import Key, Response
from tests.plays import many

from ..linear import AT_MOST, growth
from .test_recurrence import PATTERNS

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=120)
_MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_ZONES = st.sampled_from(["UTC", "W. Europe Standard Time", "Eastern Standard Time", "India Standard Time"])


@settings(max_examples=many(150))
@given(_TEXT, _TEXT, _MOMENTS, st.integers(0, 3000), _ZONES, st.none() | PATTERNS, st.integers(1, 30))
def test_what_is_written_is_read_back(
    subject: str, location: str, start: datetime, minutes: int, zone: str, pattern: Any, count: int
) -> None:
    begin = start.replace(second=0, microsecond=0)
    local = begin.astimezone(zones.zone_of(zone))
    begin = local.replace(fold=0).astimezone(UTC)  # an hour that comes twice has no name of its own
    bag: dict[str, Any] = {
        Key.UID: "u", Key.SUBJECT: subject, Key.LOCATION: location, Key.START: iso(begin),
        Key.END: iso(begin + timedelta(minutes=minutes)), Key.START_TIME_ZONE: zone, Key.END_TIME_ZONE: "UTC",
        Key.ORGANIZER: {"name": location, "address": "a@corp.example"}, Key.SEQUENCE: count,
        Key.REQUIRED_ATTENDEES: [
            {"name": subject, "address": "b@corp.example", "response": Response.ACCEPTED}
        ],
    }  # fmt: skip
    if pattern is not None:
        days = {"start": local.date().isoformat(), "range": "counted"}
        bag[Key.RECURRENCE] = {**pattern, **days, "count": count}
    text = ical.document(bag, "REPLY").decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = ical_read.read(text)
    expected = subject.replace("\r\n", "\n").replace("\r", "\n")
    assert found.get(Key.SUBJECT, "") == expected
    assert (found[Key.START], found[Key.END], found[Key.START_TIME_ZONE]) == (
        bag[Key.START],
        bag[Key.END],
        zone,
    )
    assert found[Key.SEQUENCE] == count
    assert found[Key.ORGANIZER]["address"] == "a@corp.example"
    assert found[Key.REQUIRED_ATTENDEES][0]["response"] == Response.ACCEPTED
    if pattern is not None:
        rule, again = Recurrence.of(bag[Key.RECURRENCE]), Recurrence.of(found[Key.RECURRENCE])
        assert [rule.nth(n) for n in range(1, count + 1)] == [again.nth(n) for n in range(1, count + 1)]


@settings(max_examples=many(300))
@given(st.lists(st.sampled_from((
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:x", "TZOFFSETTO:+9999", "DTSTART:20260230T000000",
    "DTSTART;TZID=x:16010101T000000", "DTSTART;VALUE=DATE:45000831", "DTEND:00000000", "DURATION:P99999D",
    "RRULE:FREQ=YEARLY;BYMONTH=99;BYDAY=9XX", "RRULE:FREQ=MONTHLY;BYMONTHDAY=77", "RRULE:FREQ=WEEKLY;WKST=X",
    "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z", "EXDATE:x,20260101,,", "RECURRENCE-ID:20260101T000000Z",
    "ATTENDEE;CN=\"a;b:c\";PARTSTAT=WHAT:mailto:", "ORGANIZER", "SEQUENCE:99999999999", "TRIGGER:-PTXM",
    " cont", "BEGIN:VALARM", "SUMMARY:\\", "X\"", "END:"))), _TEXT)  # fmt: skip
def test_nothing_that_comes_does_harm(lines: list[str], text: str) -> None:
    head = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20260101T090000Z"]
    bag = ical_read.read("\r\n".join([*head, *lines, text]))
    assert bag == json.loads(json.dumps(bag)), "the store can't keep it"
    if Key.START not in bag:
        return  # no moment can be read
    assert datetime.fromisoformat(bag[Key.START]) <= datetime.fromisoformat(bag[Key.END])
    again = ical_read.read(ical.document(bag, "REQUEST").decode())
    for key in (Key.SUBJECT, Key.LOCATION, Key.START, Key.END, Key.SEQUENCE):
        assert again.get(key) == bag.get(key), key


def test_time_grows_with_the_text_alone() -> None:
    head = b"BEGIN:VEVENT\r\nDTSTART:20260101T090000Z\r\nRRULE:FREQ=DAILY\r\nX;"
    lines = (b"\r\nBEGIN:X", b"\r\nEXDATE:20260101", b"\r\nATTENDEE:x")
    for one in (b'"', b";", b":", b"\\", b"A=B;", b"\r\n ", *lines):
        ratio = growth(
            lambda size, one=one: head + one * (size // len(one)),  # type: ignore[misc]
            lambda data: ical_read.read(data.decode()), start=10_000, most=40_000,
        )  # fmt: skip
        assert ratio <= AT_MOST, one
