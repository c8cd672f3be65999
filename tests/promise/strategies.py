"""Random working calendars and moments near changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ackd.model import WorkingHours
from ackd.promise.calendar import Calendar
from ackd.promise.public_holidays import Holidays

# Zones with the changes of the clock that trip others: half hours, midnight, Sunday, Friday, none.
ZONES = tuple(
    ZoneInfo(name)
    for name in (
        "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Moscow", "Europe/Istanbul",
        "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/Santiago",
        "America/St_Johns", "America/Havana", "America/Asuncion", "Atlantic/Azores", "Africa/Cairo",
        "Africa/Casablanca", "Asia/Beirut", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe",
        "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "UTC",
    )
)  # fmt: skip


def _clock(minute: int) -> time:
    return time.max if minute == 24 * 60 else time(minute // 60, minute % 60)


@st.composite
def _day(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """Up to three spans, most of them in office hours, some over night up to 24:00."""
    if draw(st.integers(0, 3)) == 0:
        return ()
    if draw(st.booleans()):
        edges = draw(st.lists(st.integers(28, 76), min_size=2, max_size=6, unique=True))
    else:
        edges = draw(st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True))
    ordered = sorted(15 * edge for edge in edges[: len(edges) // 2 * 2])
    pairs = zip(ordered[::2], ordered[1::2], strict=True)
    return tuple((_clock(start), _clock(end)) for start, end in pairs)


HOURS = (
    st.tuples(*[_day()] * 7).map(WorkingHours)
    .filter(lambda hours: sum(1 for day in hours.days if day) >= 2)
)  # fmt: skip


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """A whole minute, half of the time within two days of a change of the zone's clock."""
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 3 * 365)))
    changes = [
        day for n in range(366)
        if _offset(day := start + timedelta(days=n), zone) != _offset(day + timedelta(days=1), zone)
    ] if draw(st.booleans()) else []  # fmt: skip
    near = draw(st.sampled_from(changes)) if changes else start
    return near + timedelta(minutes=draw(st.integers(-2 * 1440, 3 * 1440)))


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar with some days off, and a moment."""
    zone = draw(st.sampled_from(ZONES))
    at = draw(moments(zone))
    off = draw(st.frozensets(st.integers(-6, 14), max_size=4))
    days: frozenset[date] = frozenset(at.astimezone(zone).date() + timedelta(days=n) for n in off)
    return Calendar(zone, draw(HOURS), Holidays(extra=days)), at
