"""Days that are told by the calendar: today, Friday, next week, the end of May."""

from __future__ import annotations

from datetime import date, timedelta

from ackd.text.temporal.cursor import Cursor
from ackd.text.temporal.dates import last_of_month
from ackd.text.temporal.found import Found
from ackd.text.temporal.setting import Setting


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
