"""Dates in figures and with names of months, and days that are told by the calendar: today, Friday, next
week, the end of May. A date without a year is the next one, unless it was less than half a year ago: then it
is past."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ackd.text.temporal.stated_moment import Cursor, Found, Place, Setting

_PAST = timedelta(days=183)
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
    read = _day_number(cursor, place.k)
    if read is None:
        return None
    number, end = read
    enough = end > place.k + 1 or (place.after_day_mark and cursor.words.bare_days)
    if not enough or cursor.counts_something(end) or cursor.goes_on(end):
        return None
    month = today.month + (number < today.day)
    return _with_end(_date(today.year + (month > 12), (month - 1) % 12 + 1, number), end)


def last_of_month(year: int, month: int) -> date:
    """The last day of a month; months beyond 12 are the next year's."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _in_figures(cursor: Cursor, k: int, today: date) -> Read | None:
    text = cursor.norm(k) if cursor.kind(k) == "number" else ""
    if iso := _ISO.fullmatch(text):
        return _with_end(_date(int(iso[1]), int(iso[2]), int(iso[3])), k + 1)
    figures = _NUMERIC.fullmatch(text)
    dotted = figures is not None and figures[2] == "."
    if figures is None or (dotted and not cursor.words.dots):
        return None
    first, second = int(figures[1]), int(figures[3])
    pairs = [(first, second)]
    if cursor.words.month_first and not dotted:
        pairs.append((second, first))
    dates = [found for day, month in pairs if (found := _nearest(day, month, figures[4], today))]
    end = k + 1
    if dotted and cursor.norm(end) == "." and cursor.touches(end):
        end += 1  # the full stop of 15.11.
    return _with_end(min(dates, default=None), end)


def _day_and_month(cursor: Cursor, k: int, today: date) -> Read | None:
    """15 November, 15. November, 15th of November, 15 de noviembre."""
    read = _day_number(cursor, k)
    month = cursor.value_after_noise("months", read[1]) if read else None
    if read is None or month is None:
        return None
    year, end = _year(cursor, month[1])
    return _with_end(_nearest(read[0], int(month[0]), year, today), end)


def _month_and_day(cursor: Cursor, k: int, today: date) -> Read | None:
    """November 15th."""
    month = cursor.value("months", k)
    reads = (_day_number(cursor, place.k) for place in cursor.places(month[1])) if month else ()
    read = next((read for read in reads if read), None)
    if month is None or read is None:
        return None
    year, end = _year(cursor, read[1])
    return _with_end(_nearest(read[0], int(month[0]), year, today), end)


def _day_number(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """A day of the month, with its ordinal ending if it has one."""
    number = cursor.number(k)
    if number is None or not 1 <= number <= 31:
        return None
    ending = cursor.norm(k + 1) in cursor.words.set_of("ordinals")
    full_stop = cursor.norm(k + 1) == "." and cursor.words.dot_days
    return number, k + 1 + (cursor.touches(k + 1) and (ending or full_stop))


def _year(cursor: Cursor, k: int) -> tuple[str | None, int]:
    at = k + 1 if cursor.norm(k) in (",", "de", "del") else k
    year = cursor.norm(at)
    return (year, at + 1) if cursor.number(at) is not None and len(year) == 4 else (None, k)


def _nearest(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _date(today.year, month, day)
    if this_year is None or today - this_year <= _PAST:
        return this_year
    return _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_end(day: date | None, end: int) -> Read | None:
    return None if day is None else (day, end)


# --- told by the calendar ---------------------------------------------------------------------


def named_day(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "tomorrow", "tonight" """
    hit = cursor.value("days", k)
    if hit is None:
        return None
    shift, _, part = hit[0].partition(" ")
    day = setting.today + timedelta(days=int(shift))
    return Found(hit[1], day, part=part, bare=True, closed=int(shift) == 0)


def period(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "end of the week", "Friday next week" the other way round, "end of May" """
    hit = cursor.value("periods", k)
    if hit is None:
        return _end_of_month(cursor, k, setting)
    kind, shift = hit[0].split()
    if kind == "day":
        return Found(hit[1], part="end", bare=True, closed=True)
    if kind == "week" and (weekday := cursor.value_after_noise("weekdays", hit[1])):
        number, _, part = weekday[0].partition(" ")
        return Found(weekday[1], setting.monday + timedelta(days=int(number), weeks=int(shift)), part=part)
    day = _period(kind, int(shift), setting)
    return Found(hit[1], day, closed=kind != "weekend", bare=(kind, shift) == ("week", "0"))


def _period(kind: str, shift: int, setting: Setting) -> date:
    """Its last day with work, but of a weekend and of a week's start and middle the first."""
    today, monday = setting.today, setting.monday + timedelta(weeks=shift)
    if kind == "week":
        return setting.last_work(monday, monday + timedelta(days=6))
    if kind in _DAY_OF_WEEK:
        return monday + timedelta(days=_DAY_OF_WEEK[kind])
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    first = (today.month - 1) // months * months + 1
    return setting.last_work(today, last_of_month(today.year, first + months - 1 + shift * months))


_DAY_OF_WEEK = {"start": 0, "middle": 2, "weekend": 5}


def _end_of_month(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "end of May", "Ende Mai": the last day with work of a named month."""
    after = cursor.is_phrase("ends", k)
    month = cursor.value("months", after) if after else None
    if month is None:
        return None
    year = setting.today.year + (int(month[0]) < setting.today.month)
    return Found(month[1], setting.last_work(setting.today, last_of_month(year, int(month[0]))), closed=True)


def weekday(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "Friday", "next Friday", "vendredi prochain", "Freitagmittag" """
    this, coming, following = (cursor.is_phrase(field, k) for field in ("this", "coming", "following"))
    hit = cursor.value("weekdays", this or coming or following or k)
    if hit is None:
        return None
    value, end = hit
    last = cursor.tokens[end - 1]
    if len(last.norm) == 2 and last.raw.islower():
        return None  # "do", "mi" are words, "Do" may be Donnerstag
    if len(last.norm) <= 4 and cursor.norm(end) == "." and cursor.touches(end):
        end += 1
    week_on = cursor.is_phrase("week_on", end)
    if not week_on:
        following = following or cursor.is_phrase("following", end)
        coming = coming or cursor.is_phrase("coming", end)
    end = week_on or cursor.is_phrase("coming", end) or cursor.is_phrase("following", end) or end
    number, _, part = value.partition(" ")
    if week_on or following:
        return Found(end, setting.monday + timedelta(days=7 + int(number)), part=part, is_weekday=True)
    ahead = (int(number) - setting.today.weekday()) % 7
    if coming and ahead <= 1:
        ahead += 7  # today and tomorrow would have been called so
    again = ahead == 0 and not this
    return Found(end, setting.today + timedelta(days=ahead), part=part, is_weekday=True, again=again)
