"""Days that are told by the calendar: today, Friday, next week, week 49, the end of May or of a quarter, the
first Wednesday of next month, Friday in two weeks."""

from __future__ import annotations

from datetime import date, timedelta

from ackd.text.temporal.dates import PAST, Read, date_at, day_number, year_at
from ackd.text.temporal.durations import span_at
from ackd.text.temporal.stated_moment import Cursor, Found, Setting


def last_of_month(year: int, month: int) -> date:
    """The last day of a month; months beyond 12 are the next year's."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def named_day(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "tomorrow", "tonight" """
    hit = cursor.value("days", k)
    if hit is None:
        return None
    shift, _, part = hit[0].partition(" ")
    day = setting.today + timedelta(days=int(shift))
    if after := _weeks_on(cursor, hit[1]):
        return Found(after[1], day + timedelta(weeks=after[0]), part=part)
    return Found(hit[1], day, part=part, bare=True, closed=int(shift) == 0)


def period(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "end of the week", "Friday next week" the other way round, "end of May" """
    if week := _numbered_week(cursor, k, setting):
        return week
    hit = cursor.value("periods", k)
    if hit is None:
        return _end_of_month(cursor, k, setting) or _end_of_quarter(cursor, k, setting)
    kind, shift = hit[0].split()
    is_plain = hit[1] == k + 1 or cursor.norm(k) in cursor.words.set_of("noise")
    if (
        kind == "week" and is_plain and cursor.number(hit[1]) is not None
    ):  # "la semana 49", not "this week 3 …"
        return _numbered_week(cursor, hit[1] - 1, setting)
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


def _numbered_week(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "week 49", "Ende KW 49", "KW 49, Mittwoch" """
    ends = cursor.is_phrase("ends", k)
    starts = [k] if ends is None else [place.k for place in cursor.places(ends)]
    read = next((read for at in starts if (read := _week_at(cursor, at, setting.today))), None)
    if read is None:
        return None
    monday, end = read
    if ends is None and (day := cursor.value_after_noise("weekdays", end)):
        return Found(day[1], monday + timedelta(days=int(day[0].split()[0])))
    return Found(
        end, setting.last_work(monday, monday + timedelta(days=6)), closed=True, numbered=ends is None
    )


def _week_at(cursor: Cursor, k: int, today: date) -> Read | None:
    """The Monday of a week by its number; one without a year that is long past is the next year's."""
    mark = cursor.is_phrase("week_marks", k)
    number = cursor.number(mark) if mark else None
    if mark is None or number is None or not 1 <= number <= 53 or _is_of(cursor, mark + 1):
        return None
    year = cursor.number(mark + 1)
    is_year = year is not None and 2000 <= year < 2100
    try:
        monday = date.fromisocalendar(year if year and is_year else today.year, number, 1)
        if not is_year and today - monday > PAST:
            monday = date.fromisocalendar(today.year + 1, number, 1)
    except ValueError:
        return None  # no week 53 in that year
    return monday, mark + 1 + is_year


def _is_of(cursor: Cursor, k: int) -> bool:
    """Whether a number before token k counts what follows ("week 3 of 5")."""
    return cursor.norm(k) == "%" or cursor.norm(k) in cursor.words.set_of("week_of")


_DAY_OF_WEEK = {"start": 0, "middle": 2, "weekend": 5}


def _end_of_month(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "end of May", "Ende Mai": the last day with work of a named month."""
    after = cursor.is_phrase("ends", k)
    month = cursor.value("months", after) if after else None
    if month is None:
        return None
    year = setting.today.year + (int(month[0]) < setting.today.month)
    return Found(month[1], setting.last_work(setting.today, last_of_month(year, int(month[0]))), closed=True)


def _end_of_quarter(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "end of Q1", "Ende des ersten Quartals" """
    after = cursor.is_phrase("ends", k)
    reads = (_quarter(cursor, place.k) for place in cursor.places(after)) if after else ()
    read = next((read for read in reads if read), None)
    if read is None:
        return None
    year, end = year_at(cursor, read[1])
    last = last_of_month(int(year) if year else setting.today.year, 3 * read[0])
    if year is None and last < setting.today:
        last = last_of_month(setting.today.year + 1, 3 * read[0])
    return Found(end, setting.last_work(last.replace(day=1), last), closed=True)


def _quarter(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """Q1, the first quarter, 1er trimestre."""
    mark = cursor.is_phrase("quarter_marks", k)
    number = cursor.number(mark) if mark and cursor.touches(mark) else None
    if mark and number is not None:
        return (number, mark + 1) if 1 <= number <= 4 else None
    read = _rank(cursor, k)
    noun = cursor.is_phrase("quarters", read[1]) if read else None
    return (read[0], noun) if read and noun and 1 <= read[0] <= 4 else None


def _rank(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """The first, the 1st, der 1., the last (-1)."""
    hit = cursor.value("ordinals_told", k)
    if hit:
        return int(hit[0]), hit[1]
    read = day_number(cursor, k)
    return read if read and read[1] > k + 1 else None


def nth_weekday(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "the first Wednesday of next month", "am letzten Freitag im Dezember" """
    rank = _rank(cursor, k)
    day = cursor.value("weekdays", rank[1]) if rank and rank[0] <= 5 else None
    read = _month_after(cursor, day[1], setting) if day else None
    if rank is None or day is None or read is None:
        return None
    (year, month), end = read
    number = int(day[0].split()[0])
    if rank[0] < 0:
        last = last_of_month(year, month)
        return Found(end, last - timedelta(days=(last.weekday() - number) % 7), is_weekday=True)
    first = date(year, month, 1)
    found = first + timedelta(days=(number - first.weekday()) % 7 + 7 * (rank[0] - 1))
    return Found(end, found, is_weekday=True) if found.month == month else None


def _month_after(cursor: Cursor, k: int, setting: Setting) -> tuple[tuple[int, int], int] | None:
    """The year and month that a weekday is told to be of."""
    today = setting.today
    for place in cursor.places(k):
        if hit := cursor.value("month_refs", place.k):
            month = today.month - 1 + int(hit[0])
            return (today.year + month // 12, month % 12 + 1), hit[1]
        if hit := cursor.value("months", place.k):
            year, end = year_at(cursor, hit[1])
            return (int(year) if year else today.year + (int(hit[0]) < today.month), int(hit[0])), end
    return None


def dated_weekday(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """A short weekday that is a month or a word, too, told by the date behind it: "mar. 1er déc."."""
    hit = cursor.value("short_weekdays", k)
    if hit is None:
        return None
    at = hit[1] + (cursor.norm(hit[1]) == "." and cursor.touches(hit[1]))
    reads = (date_at(cursor, place.k, setting.today) for place in cursor.places(at))
    read = next((read for read in reads if read), None)
    return Found(read[1], read[0]) if read else None


def _weeks_on(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """How many weeks later than the day before: "Friday in two weeks", "heute in 14 Tagen"."""
    cue = cursor.words.cues.at(cursor.tokens, k)
    span = span_at(cursor.tokens, cue[1], cursor.words) if cue and cue[0] in ("soft", "within") else None
    if span is None or span.unit not in ("week", "day"):
        return None
    days = int(span.count * (7 if span.unit == "week" else 1))
    return (days // 7, span.end) if days >= 7 and days % 7 == 0 else None


def _week_after(cursor: Cursor, k: int, today: date) -> Read | None:
    reads = (_week_at(cursor, place.k, today) for place in cursor.places(k))
    return next((read for read in reads if read), None)


def weekday(cursor: Cursor, k: int, setting: Setting) -> Found | None:
    """ "Friday", "next Friday", "vendredi prochain", "Freitagmittag" """
    this, coming, following = (cursor.is_phrase(field, k) for field in ("this", "coming", "following"))
    hit = cursor.value("weekdays", this or coming or following or k)
    if hit is None:
        return None
    value, end = hit
    last = cursor.tokens[end - 1]
    if len(last) == 2 and last.raw.islower():
        return None  # "do", "mi" are words, "Do" may be Donnerstag
    if len(last) <= 4 and cursor.norm(end) == "." and cursor.touches(end):
        end += 1
    week_on = cursor.is_phrase("week_on", end)
    if not week_on:
        following = following or cursor.is_phrase("following", end)
        coming = coming or cursor.is_phrase("coming", end)
    end = week_on or cursor.is_phrase("coming", end) or cursor.is_phrase("following", end) or end
    number, _, part = value.partition(" ")
    if not week_on and (after := _weeks_on(cursor, end)):
        day = setting.monday + timedelta(days=int(number), weeks=after[0])
        return Found(after[1], day, part=part, is_weekday=True)
    if not week_on and (week := _week_after(cursor, end, setting.today)):
        return Found(week[1], week[0] + timedelta(days=int(number)), part=part)
    if week_on or following:
        return Found(end, setting.monday + timedelta(days=7 + int(number)), part=part, is_weekday=True)
    ahead = (int(number) - setting.today.weekday()) % 7
    if coming and ahead <= 1:
        ahead += 7  # today and tomorrow would have been called so
    again = ahead == 0 and not this
    return Found(end, setting.today + timedelta(days=ahead), part=part, is_weekday=True, again=again)
