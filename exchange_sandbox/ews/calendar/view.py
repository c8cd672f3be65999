"""CalendarView: the part of a calendar between two moments, series by their occurrences."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

from exchange_sandbox.calendar import series
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, attributes
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item

_LONGEST = timedelta(days=2 * 366)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The time from ``start`` to ``end``; at most ``most`` appointments are wanted, unless None."""

    start: str
    end: str
    most: int | None = None

    def find(self, db: sqlite3.Connection, folder: Folder) -> list[Item]:
        """The appointments, the earliest first: also those that end right at the start, as Exchange gives
        them. Raises ErrorCalendarFolderIsInvalidForCalendarView."""
        if not (folder.cls or "").startswith("IPF.Appointment"):
            raise EwsError("ErrorCalendarFolderIsInvalidForCalendarView")
        return series.between(db, folder.id, self.start, self.end)

    def page(self, found: Sequence[T]) -> tuple[Sequence[T], dict[str, str]]:
        """What is given of all that was found, and the attributes that describe it."""
        page = found[: self.most]
        is_all = "true" if len(page) == len(found) else "false"
        return page, {"TotalItemsInView": str(len(page)), "IncludesLastItemInRange": is_all}


def read(element: Element, zone: tzinfo) -> CalendarView:
    """Read a CalendarView; raises SchemaViolation, ErrorCalendarEndDateIsEarlierThanStartDate,
    ErrorCalendarViewRangeTooBig, ErrorInvalidPagingMaxRows."""
    values = attributes(element, ("StartDate", "EndDate"), ("MaxEntriesReturned",))
    start, end = (kinds.parse_moment(values[name], zone, None) for name in ("StartDate", "EndDate"))
    most = None
    if "MaxEntriesReturned" in values:
        most = kinds.Integer().constant(values["MaxEntriesReturned"], UTC)
        if most < 1:
            raise EwsError("ErrorInvalidPagingMaxRows", "A view holds at least one entry.")
    if end < start:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
    if datetime.fromisoformat(end) - datetime.fromisoformat(start) > _LONGEST:
        raise EwsError("ErrorCalendarViewRangeTooBig")
    return CalendarView(start, end, most)
