"""The working time of one local date, as moments in UTC.

A wall-clock span such as 09:00-12:30 is turned into moments piece by piece, a piece for each
stretch of constant UTC offset. So an hour that the clock skips (a DST gap) isn't worked, and an
hour that it shows twice (a fold) is worked twice, exactly as a person with that clock would.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

Span = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_FARTHEST = timedelta(hours=16)  # no zone was ever farther from UTC (tz database)
_STEP = timedelta(hours=12)  # shorter than any stretch between two changes of a zone's offset


def spans_of(day: date, hours: tuple[tuple[time, time], ...], zone: tzinfo) -> tuple[Span, ...]:
    """The worked spans of a local date, in order, in UTC; an end of `time.max` is 24:00."""
    if not hours:
        return ()
    walls = [(_wall(day, start), _wall(day, end)) for start, end in hours]
    found = [
        (max(start - offset, begin), min(end - offset, until))
        for begin, until, offset in _stretches(day, zone)
        for start, end in walls
    ]
    return _joined(sorted(span for span in found if span[0] < span[1]))


def without(spans: tuple[Span, ...], absences: tuple[Span, ...]) -> tuple[Span, ...]:
    """What is left of spans outside of absences; an absence's end isn't part of it."""
    left = list(spans)
    for begin, until in absences:
        if left and begin < left[-1][1] and until > left[0][0]:
            cut = [
                part for start, end in left for part in ((start, min(end, begin)), (max(start, until), end))
            ]
            left = [(start, end) for start, end in cut if start < end]
    return tuple(left)


def _wall(day: date, clock: time) -> datetime:
    """A wall-clock reading, written down as if it were UTC."""
    midnight = datetime.combine(day, time(), UTC)
    if clock == time.max:
        return midnight + _DAY
    return datetime.combine(day, clock, UTC)


def _stretches(day: date, zone: tzinfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Stretches of constant offset that cover every moment of a local date."""
    begin = _wall(day, time()) - _FARTHEST
    last = _wall(day, time.max) + _FARTHEST
    offset, at = _offset(begin, zone), begin
    while at < last:
        after = min(at + _STEP, last)
        if _offset(after, zone) != offset:
            change = _change(at, after, zone)
            yield begin, change, offset
            begin, offset = change, _offset(change, zone)
        at = after
    yield begin, last, offset


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first whole second at which the zone has left the offset that it had `before`."""
    offset = _offset(before, zone)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(before + timedelta(seconds=middle), zone) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Spans that touch are one span, so that a midnight or a fold inside work is no break."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
