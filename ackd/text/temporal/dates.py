"""Dates in figures and with names of months. A date without a year is the next one, unless it was less than
half a year ago: then it is past."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ackd.text.temporal.stated_moment import Cursor, Place

PAST = timedelta(days=183)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{2,4}))?")

Read = tuple[date, int]  # a date, and the place after it


def date_at(cursor: Cursor, k: int, today: date) -> Read | None:
    """A whole date: 2026-11-15, 15.11., 11/15, 15 November 2026, November 15th."""
    read = (
        _in_figures(cursor, k, today) or _day_and_month(cursor, k, today) or _month_and_day(cursor, k, today)
    )
    return None if read is None or cursor.counts_something(read[1]) else read


def day_at(cursor: Cursor, place: Place, today: date) -> Read | None:
    """A day of this month or the next: the 15th, le 15, zum 15."""
    read = day_number(cursor, place.k)
    if read is None:
        return None
    number, end = read
    enough = end > place.k + 1 or (place.after_day_mark and cursor.words.reads("bare_days"))
    if not enough or cursor.counts_something(end) or cursor.goes_on(end):
        return None
    month = today.month + (number < today.day)
    return _with_end(_date(today.year + (month > 12), (month - 1) % 12 + 1, number), end)


def _in_figures(cursor: Cursor, k: int, today: date) -> Read | None:
    text = cursor.norm(k) if cursor.kind(k) == "number" else ""
    if iso := _ISO.fullmatch(text):
        return _with_end(_date(int(iso[1]), int(iso[2]), int(iso[3])), k + 1)
    figures = _NUMERIC.fullmatch(text)
    dotted = figures is not None and figures[2] == "."
    if figures is None or (dotted and not cursor.words.reads("dots") and not _is_dotted(cursor, k, figures)):
        return None
    first, second = int(figures[1]), int(figures[3])
    pairs = [(first, second)]
    if cursor.words.reads("month_first") and not dotted:
        pairs.append((second, first))
    dates = [found for day, month in pairs if (found := _nearest(day, month, figures[4], today))]
    end = k + 1
    if dotted and cursor.norm(end) == "." and cursor.touches(end):
        end += 1  # the full stop of 15.11.
    return _with_end(min(dates, default=None), end)


def _is_dotted(cursor: Cursor, k: int, figures: re.Match[str]) -> bool:
    """Whether figures with a dot are a date where most write none so: by its year, or after a deadline's cue
    by what no hour has ("by 8.12.", "by 24.11")."""
    if len(figures[4] or "") == 4:
        return True
    is_no_hour = int(figures[1]) >= 24 or int(figures[3]) % 5 > 0 or len(figures[3]) < 2
    full_stop = cursor.norm(k + 1) == "." and cursor.touches(k + 1) and k + 2 < len(cursor.tokens)
    return k == cursor.cued and (full_stop or is_no_hour)


def _day_and_month(cursor: Cursor, k: int, today: date) -> Read | None:
    """15 November, 15. November, 15th of November, 15 de noviembre."""
    read = day_number(cursor, k) or _day_in_words(cursor, k)
    month = cursor.value_after_noise("months", read[1]) if read else None
    if read and month is None and cursor.words.reads("month_ordinals") and read[0] > 0:
        month = _month_in_order(cursor, k, read)
    if read is None or month is None:
        return None
    year, end = year_at(cursor, month[1])
    return _with_end(_nearest(read[0], int(month[0]), year, today), end)


def _month_and_day(cursor: Cursor, k: int, today: date) -> Read | None:
    """November 15th."""
    month = cursor.value("months", k)
    reads = (day_number(cursor, place.k) for place in cursor.places(month[1])) if month else ()
    read = next((read for read in reads if read), None)
    if month is None or read is None:
        return None
    year, end = year_at(cursor, read[1])
    return _with_end(_nearest(read[0], int(month[0]), year, today), end)


def _day_in_words(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """The seventh, le premier."""
    hit = cursor.value("ordinals_told", k)
    return (int(hit[0]), hit[1]) if hit and int(hit[0]) > 0 else None


def _month_in_order(cursor: Cursor, k: int, day: tuple[int, int]) -> tuple[str, int] | None:
    """ "am vierten Zwölften" """
    month = _day_in_words(cursor, day[1])
    return (str(month[0]), month[1]) if month and month[0] <= 12 and cursor.kind(k) == "word" else None


def day_number(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """A day of the month, with its ordinal ending if it has one."""
    number = cursor.number(k)
    if number is None or not 1 <= number <= 31:
        return None
    ending = cursor.norm(k + 1) in cursor.words.set_of("ordinals")
    full_stop = cursor.norm(k + 1) == "." and cursor.words.reads("dot_days")
    return number, k + 1 + (cursor.touches(k + 1) and (ending or full_stop))


def year_at(cursor: Cursor, k: int) -> tuple[str | None, int]:
    """The year that stands at k, and the place after it."""
    at = k + 1 if cursor.norm(k) == "," or cursor.norm(k) in cursor.words.set_of("before_year") else k
    year = cursor.norm(at)
    return (year, at + 1) if cursor.number(at) is not None and len(year) == 4 else (None, k)


def _nearest(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _date(today.year, month, day)
    if this_year is None or today - this_year <= PAST:
        return this_year
    return _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_end(day: date | None, end: int) -> Read | None:
    return None if day is None else (day, end)
