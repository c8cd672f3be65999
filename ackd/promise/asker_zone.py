"""Where the asker's clock stands, from the mail's Date header.

Its offset is what the writer's program stamped (RFC 5322 3.3). Exchange writes +0000 for everyone
who writes in Outlook, and -0000 means that the zone isn't known: neither tells anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\s+([+-])(\d{2})(\d{2})\b")
_LOOKED_AT = 200  # characters of a header
_FARTHEST = 14 * 60  # minutes east of UTC (Kiritimati); 12 hours west is the other end


def offset_of(dates: Sequence[str]) -> int | None:
    """The writer's minutes east of UTC, from the Date headers of a mail; None if they don't tell."""
    found = _OFFSET.search(dates[0][:_LOOKED_AT]) if len(dates) == 1 else None
    if found is None or int(found[3]) > 59:
        return None
    minutes = (int(found[2]) * 60 + int(found[3])) * (1 if found[1] == "+" else -1)
    return minutes if minutes and -12 * 60 <= minutes <= _FARTHEST else None


def zone_of(offset: int | None, sent: datetime, owners: ZoneInfo) -> tzinfo:
    """The zone in which the asker means hours: the owner's, with its changes of summer time,
    unless the clocks of the two differed when the mail was written."""
    ahead = ahead_of(offset, sent, owners)
    return timezone(timedelta(minutes=offset or 0)) if ahead else owners


def ahead_of(offset: int | None, sent: datetime, owners: tzinfo) -> timedelta:
    """By how much the asker's clock was ahead of the owner's when the mail was written; zero
    where that isn't known."""
    theirs = sent.astimezone(owners).utcoffset()
    return timedelta() if offset is None or theirs is None else timedelta(minutes=offset) - theirs
