"""What was read of a moment so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timezone


@dataclass(frozen=True, slots=True)
class Found:
    """A moment up to token `end`. `clock` is an hour; `part` a part of the day: morning, noon,
    afternoon, evening, night, end (of work), am, pm, or exact (the hour needs no guess).

    `again` marks a weekday that is also today's; `closed` a period, of which "before its end" is
    the end; `bare` a word such as "today" that may be a deadline without a cue.
    """

    end: int
    day: date | None = None
    clock: time | None = None
    part: str = ""
    zone: timezone | None = None
    is_weekday: bool = False
    again: bool = False
    closed: bool = False
    bare: bool = False
