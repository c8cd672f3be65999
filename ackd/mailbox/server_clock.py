"""The server's clock, as its answers show it.

Most servers date each answer (RFC 9110, 6.6.1). One date alone proves little: a proxy may give an old
answer's, or its own. So what counts is what two of the last three dates say, or less, and a date that
doesn't move isn't heard again. A server whose answers have no date shows its time by a folder that it
makes for us.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ackd.mailbox.values import count

KEPT = 3
#: A date that comes again later than this came out of a cache.
SAME = 5.0
_START = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class ServerClock:
    """What is known of one server's time. `ticks` are seconds of a clock that nobody sets."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self.ticks = ticks
        self._starts: deque[datetime] = deque(maxlen=KEPT)  # the server's moment when our ticks were 0
        self._made: datetime | None = None  # the same by a folder
        self._last: tuple[str, float] = ("", 0.0)  # the date that came last, and when it came first

    def saw_date(self, date: str | None, age: str | None = None) -> None:
        """An answer has come, with these header fields `Date` and `Age`."""
        moment = read_date(date)
        if moment is None or date is None:
            return
        now = self.ticks()
        said, since = self._last
        if said == date and now - since > SAME:
            return
        if said != date:
            self._last = (date, now)
        if _START <= moment <= _LATEST:
            self._starts.append(moment + timedelta(seconds=count(age) or 0) - timedelta(seconds=now))

    def saw_made(self, moment: datetime | None, ticks: float) -> None:
        """The server made something for us when our clock showed these ticks."""
        if moment is not None and _START <= moment <= _LATEST:
            self._made = moment - timedelta(seconds=ticks)

    @property
    def is_told(self) -> bool:
        """Whether answers are dated."""
        return bool(self._starts)

    def now(self) -> datetime | None:
        """The server's present moment; in doubt rather too early. None while nothing shows it."""
        start = self._made
        if self._starts:
            middle = sorted(self._starts)[(len(self._starts) - 1) // 2]
            start = min(middle, self._starts[-1])
        return None if start is None else start + timedelta(seconds=self.ticks())


def read_date(value: str | None) -> datetime | None:
    """A date as HTTP writes it; None for what isn't one."""
    try:
        moment = parsedate_to_datetime(value) if value else None
        if moment is None:
            return None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
