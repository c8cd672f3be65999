"""Moments, days and Message-IDs as Exchange gives them, whatever protocol it speaks. Pure.

Times are read here and not by a library, which may turn fractional seconds into None.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ackd.text.headers import reckoned

_LAST_MINUTE = 59
_HALF_A_DAY = timedelta(hours=12)
_FRACTION = re.compile(r"\.(\d{1,6})\d*")
LONGEST_LINE = 998  # octets, without its end
_COUNT = re.compile(r"\s*[0-9]{1,9}\s*")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}>")


def moment(text: str | None) -> datetime | None:
    """An xs:dateTime as an aware datetime in UTC; None where it is missing, unreadable or too far away."""
    if not text:
        return None
    try:
        return reckoned(datetime.fromisoformat(_FRACTION.sub(r".\1", text[:100].strip())))
    except ValueError:
        return None


def count(text: str | None) -> int | None:
    """A number without a sign, in ASCII's digits; None for all else, and for one of more than nine digits."""
    return int(text) if text and _COUNT.fullmatch(text) else None


def task_date(value: datetime | None, zone: ZoneInfo) -> date | None:
    """A task's date. It is midnight UTC, or the owner's midnight, or that of another client's zone:
    whatever is no midnight of the owner's is the day of the nearest one. Clients that write the last minute
    of a day (23:59) mean that day."""
    if value is None:
        return None
    if value.minute == _LAST_MINUTE:  # of no zone a midnight
        after = task_date(value.replace(second=0, microsecond=0) + timedelta(minutes=1), zone)
        return after - timedelta(days=1) if after else None
    is_utc_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
    return value.date() if is_utc_midnight else (value.astimezone(zone) + _HALF_A_DAY).date()


def message_ids(text: str) -> tuple[str, ...]:
    """The Message-IDs in an In-Reply-To or References value (RFC 5322, 3.6.4)."""
    found = dict.fromkeys(_MESSAGE_ID.findall(text[:100_000]))
    return tuple(one for one in found if one_message_id(one))


def one_message_id(text: str) -> str:
    """A mail's Message-ID; "" for one that is longer than a line of mail may be (RFC 5322, 2.1.1): nobody's
    mail program made it, and no database has to keep it."""
    found = text.strip()
    return found if len(found) <= LONGEST_LINE and len(found.encode(errors="replace")) <= LONGEST_LINE else ""
