"""A moment as people write it ("Friday noon", "15.11., 17 Uhr", "fin de semaine") → a datetime.

Weekdays without more are the next to come; a date without a year is the next one, unless it was
less than half a year ago (then it is past, and no deadline). A day without an hour ends with its
work; "before Friday" ends with the work of the day before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from ackd.model import WorkingHours
from ackd.promise.tokens import Token
from ackd.promise.vocabulary import Words

_MOST_PIECES = 6  # of one moment: weekday, date, hour, zone, …
_LAST_MINUTE = time(23, 59)
_NOON = time(12)
_EVENING = time(20)
_PAST = timedelta(days=183)
_MOST_NUMBER = 400
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:([:.])([0-5]\d))?(?::[0-5]\d)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{2,4}))?")
_NO_DATES = frozenset(
    "% € $ £ ¥ ° eur euro euros usd dollar dollars gbp chf fr km m cm mm kg g mb gb tb kb prozent percent pct stuck "
    "personen persons people pages seiten".split()  # noqa: SIM905 - a list of words reads better so
)
_ZONES = {
    "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "west": 60, "cest": 120, "mesz": 120, "hnec": 60,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What a moment is relative to: the mail's own time, by the clock of its zone."""

    at: datetime
    zone: ZoneInfo
    hours: WorkingHours

    @property
    def today(self) -> date:
        """The date on which the mail was written."""
        return self.at.astimezone(self.zone).date()

    def end_of_work(self, day: date) -> time:
        """When a day's work ends; 23:59 where it has none."""
        spans = self.hours.days[day.weekday()]
        return min(spans[-1][1], _LAST_MINUTE) if spans else _LAST_MINUTE

    def working_day_before(self, day: date) -> date:
        """The last day with work before a day; the day before it if that is over already."""
        for back in range(1, 8):
            earlier = day - timedelta(days=back)
            if self.hours.days[earlier.weekday()]:
                return earlier if earlier >= self.today else day - timedelta(days=1)
        return day - timedelta(days=1)

    def moment(self, day: date, clock: time, zone: timezone | None = None) -> datetime:
        """A wall-clock reading as a moment in UTC."""
        return datetime.combine(day, clock, zone or self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read so far, up to token `end`. `clock` is an hour; `part` a part of the day.

    `again` marks a weekday that is also today's, `closed` a period, of which "before its end"
    is the end; `bare` a word such as "today" that may be a deadline without a cue.
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


def moment_at(tokens: Sequence[Token], k: int, words: Words, setting: Setting) -> Found | None:
    """The moment that begins at token k; None if there is none."""
    found = Found(k)
    for _ in range(_MOST_PIECES):
        reader = _Reader(tokens, words, setting, found)
        after = reader.piece()
        if after is None:
            break
        found = after
    return found if found.day or found.clock or found.part else None


def resolved(found: Found, setting: Setting, *, before: bool) -> datetime | None:
    """The moment that was meant, in UTC; None if it is over already."""
    day = found.day or setting.today
    if found.clock or found.part not in ("", "end"):
        moment = setting.moment(day, _clock(found, day, setting), found.zone)
        if found.day is None and moment <= setting.at and (found.clock or found.part in ("noon", "morning")):
            moment = setting.moment(day + timedelta(days=1), _clock(found, day, setting), found.zone)
        elif found.again and moment <= setting.at:
            moment = setting.moment(day + timedelta(days=7), _clock(found, day, setting), found.zone)
    else:
        day = day + timedelta(days=7) if found.again else day
        if before and not found.closed and found.part != "end":
            day = setting.working_day_before(day)
        moment = setting.moment(day, setting.end_of_work(day))
    if moment <= setting.at and day == setting.today and found.part not in ("noon", "morning") and not found.clock:
        moment = setting.moment(day, _LAST_MINUTE)
    return moment if moment > setting.at else None


def _clock(found: Found, day: date, setting: Setting) -> time:
    if found.clock is not None:
        return _as_meant(found.clock, found.part)
    if found.part == "afternoon":
        end = setting.end_of_work(day)
        return end if end > _NOON and end != _LAST_MINUTE else time(17)
    return {"morning": _NOON, "noon": _NOON, "evening": _EVENING, "night": _LAST_MINUTE}[found.part]


def _as_meant(clock: time, part: str) -> time:
    """Half of the day by what stands beside the hour, else by what is usual at work."""
    if part == "am":
        return clock.replace(hour=clock.hour % 12)
    late = part in ("pm", "afternoon", "evening", "night") or (part == "" and 0 < clock.hour < 7)
    return clock.replace(hour=clock.hour + 12) if late and clock.hour < 12 else clock


class _Reader:
    """Reads one more piece of a moment."""

    def __init__(self, tokens: Sequence[Token], words: Words, setting: Setting, so_far: Found) -> None:
        self._tokens, self._words, self._setting, self._so_far = tokens, words, setting, so_far

    def piece(self) -> Found | None:
        """What was read with the next piece, None if there is none."""
        k, marked, timed = self._noise(self._so_far.end)
        readers = [self._zone]
        if self._so_far.day is None or self._so_far.is_weekday:
            readers = [self._date, *readers]
        if self._so_far.day is None:
            readers = [self._days, self._periods, *readers, self._weekday]
        if not self._so_far.clock:
            readers.append(lambda at: self._hour(at, marked=timed))
        if not self._so_far.part or self._so_far.clock:
            readers.append(self._part)
        for read in readers:
            if found := read(k):
                return found
        may_be_day = self._so_far.day is None or self._so_far.is_weekday
        return self._day_alone(k, marked=marked) if may_be_day else None

    def _noise(self, k: int) -> tuple[int, bool, bool]:
        """The place after words without meaning; whether a day's or an hour's mark was among
        them."""
        noise, days = self._words.set_of("noise"), self._words.set_of("day_marks")
        clocks = self._words.phrases("clock_marks")
        marked = timed = False
        for _ in range(4):
            if clock := clocks.at(self._tokens, k):
                timed, marked, k = True, marked or self._norm(k) in days, clock[1]
            elif self._norm(k) in noise or self._norm(k) in days:
                marked, k = self._norm(k) in days, k + 1
            else:
                break
        return k, marked, timed

    def _norm(self, k: int) -> str:
        return self._tokens[k].norm if k < len(self._tokens) else ""

    def _kind(self, k: int) -> str:
        return self._tokens[k].kind if k < len(self._tokens) else "gap"

    def _touches(self, k: int) -> bool:
        """Whether token k follows the one before it without a blank."""
        return 0 < k < len(self._tokens) and self._tokens[k].start == self._tokens[k - 1].end

    # --- days ---

    def _days(self, k: int) -> Found | None:
        hit = self._words.table("days").at(self._tokens, k)
        if hit is None:
            return None
        shift, _, part = str(hit[0]).partition(" ")
        day = self._setting.today + timedelta(days=int(shift))
        return replace(
            self._so_far, end=hit[1], day=day, part=part or self._so_far.part, bare=True, closed=int(shift) == 0
        )

    def _periods(self, k: int) -> Found | None:
        hit = self._words.table("periods").at(self._tokens, k)
        if hit is None:
            return self._end_of_month(k)
        kind, shift = str(hit[0]).split()
        if kind == "day":
            return replace(self._so_far, end=hit[1], part="end", bare=True, closed=True)
        day = self._period(kind, int(shift))
        if kind == "week" and (weekday := self._words.table("weekdays").at(self._tokens, self._noise(hit[1])[0])):
            monday = self._setting.today - timedelta(days=self._setting.today.weekday())
            day = monday + timedelta(days=int(str(weekday[0])), weeks=int(shift))
            return replace(self._so_far, end=weekday[1], day=day)
        return replace(self._so_far, end=hit[1], day=day, closed=kind != "weekend", bare=kind == "week" and shift == "0")

    def _period(self, kind: str, shift: int) -> date:
        today = self._setting.today
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        if kind == "week":
            return self._last_work(monday, monday + timedelta(days=6), shift)
        if kind in ("start", "middle"):
            return monday + timedelta(days=0 if kind == "start" else 2)
        if kind == "weekend":
            return monday + timedelta(days=5)
        if kind == "year":
            return self._last_work(today, date(today.year + shift, 12, 31), shift)
        months = {"month": 1, "quarter": 3}[kind]
        first = (today.month - 1) // months * months + 1
        return self._last_work(today, _last_of(today.year, first + months - 1 + shift * months), shift)

    def _last_work(self, first: date, last: date, shift: int) -> date:
        """The last day with work of a period; its very last if that is over."""
        day = last
        while day > first and not self._setting.hours.days[day.weekday()]:
            day -= timedelta(days=1)
        if day >= self._setting.today:
            return day
        return last if shift else max(last, self._setting.today)

    def _end_of_month(self, k: int) -> Found | None:
        """ "end of May", "Ende Mai": the last day of a named month."""
        hit = self._words.phrases("ends").at(self._tokens, k)
        month = self._words.table("months").at(self._tokens, hit[1]) if hit else None
        if month is None:
            return None
        number, today = int(str(month[0])), self._setting.today
        year = today.year + (number < today.month)
        return replace(self._so_far, end=month[1], day=self._last_work(today, _last_of(year, number), 0), closed=True)

    def _weekday(self, k: int) -> Found | None:
        words, tokens = self._words, self._tokens
        this, coming = words.phrases("this").at(tokens, k), words.phrases("coming").at(tokens, k)
        following = words.phrases("following").at(tokens, k)
        before = this or coming or following
        hit = words.table("weekdays").at(tokens, before[1] if before else k)
        if hit is None:
            return None
        end = hit[1]
        short = len(tokens[end - 1].norm)
        if short == 2 and tokens[end - 1].raw.islower():
            return None  # "do", "mi", "so" are words, "Do" may be Donnerstag
        if short <= 4 and self._norm(end) == "." and self._touches(end):
            end += 1
        week_on = words.phrases("week_on").at(tokens, end)
        after = words.phrases("coming").at(tokens, end) or words.phrases("following").at(tokens, end)
        following = following or (after if words.phrases("following").at(tokens, end) else None)
        end = (week_on or after or (None, end))[1]
        day = self._next_weekday(int(str(hit[0])), next_week=bool(following or week_on))
        again = day == self._setting.today and not this
        if again and (coming or after):
            day, again = day + timedelta(days=7), False
        return replace(self._so_far, end=end, day=day, is_weekday=True, again=again)

    def _next_weekday(self, weekday: int, *, next_week: bool) -> date:
        today = self._setting.today
        if next_week:
            return today + timedelta(days=7 - today.weekday() + weekday)
        return today + timedelta(days=(weekday - today.weekday()) % 7)

    # --- dates ---

    def _date(self, k: int) -> Found | None:
        read = self._numeric_date(k) or self._day_and_month(k) or self._month_and_day(k)
        if read is None or self._is_something_else(read[1]):
            return None
        day, end = read
        return replace(self._so_far, end=end, day=day, is_weekday=False, again=False)

    def _numeric_date(self, k: int) -> tuple[date, int] | None:
        if self._kind(k) != "number":
            return None
        text = self._norm(k)
        end = k + 1
        if iso := _ISO.fullmatch(text):
            return _with_end(_date(int(iso[1]), int(iso[2]), int(iso[3])), end)
        numeric = _NUMERIC.fullmatch(text)
        if numeric is None or (numeric[2] == "." and not self._words.dots):
            return None
        dotted = numeric[2] == "." and self._norm(end) == "." and self._touches(end)
        if dotted and not numeric[4] and self._kind(end + 1) == "number" and self._touches(end + 1):
            end += 2  # 15.11. 2026 is two numbers
        elif dotted:
            end += 1
        day, month = int(numeric[1]), int(numeric[3])
        pairs = [(day, month), (month, day)] if self._words.month_first and numeric[2] != "." else [(day, month)]
        dates = [found for d, m in pairs if (found := self._nearest(d, m, numeric[4]))]
        return _with_end(min(dates, default=None), end)

    def _day_and_month(self, k: int) -> tuple[date, int] | None:
        """15 November, 15. November, 15th of November, 15 de noviembre."""
        read = self._day_number(k)
        if read is None:
            return None
        day, at = read
        month = self._words.table("months").at(self._tokens, self._noise(at)[0])
        if month is None:
            return None
        year, end = self._year(month[1])
        return _with_end(self._nearest(day, int(str(month[0])), year), end)

    def _month_and_day(self, k: int) -> tuple[date, int] | None:
        """November 15th."""
        month = self._words.table("months").at(self._tokens, k)
        read = self._day_number(self._noise(month[1])[0]) if month else None
        if month is None or read is None:
            return None
        year, end = self._year(read[1])
        return _with_end(self._nearest(read[0], int(str(month[0])), year), end)

    def _day_number(self, k: int) -> tuple[int, int] | None:
        """A day of the month with its ordinal ending, if it has one."""
        if self._kind(k) != "number" or not self._norm(k).isdigit() or not 1 <= int(self._norm(k)) <= 31:
            return None
        end = k + 1
        ordinal = self._norm(end) in self._words.set_of("ordinals")
        if self._touches(end) and (ordinal or (self._norm(end) == "." and self._words.dot_days)):
            end += 1
        return int(self._norm(k)), end

    def _day_alone(self, k: int, *, marked: bool) -> Found | None:
        """ "the 15th", "le 15", "zum 15.": a day of this month or the next."""
        read = self._day_number(k)
        if read is None:
            return None
        number, end = read
        enough = end > k + 1 or (marked and self._words.bare_days)
        if not enough or self._is_something_else(end) or self._goes_on(end):
            return None
        today = self._setting.today
        month = today.month + (number < today.day)
        day = _date(today.year + (month > 12), (month - 1) % 12 + 1, number)
        return None if day is None else replace(self._so_far, end=end, day=day, is_weekday=False, again=False)

    def _goes_on(self, k: int) -> bool:
        """Whether a word follows that a day alone wouldn't have after it ("the 2nd draft")."""
        if self._kind(k) == "word":
            return not self._words.phrases("after_day").at(self._tokens, k)
        return self._kind(k) == "number"

    def _is_something_else(self, k: int) -> bool:
        """Whether the number before token k counts money, pages, …"""
        return self._norm(k) in _NO_DATES

    def _year(self, k: int) -> tuple[str | None, int]:
        at = k + 1 if self._norm(k) in (",", "de", "del") else k
        is_year = self._kind(at) == "number" and self._norm(at).isdigit() and len(self._norm(at)) == 4
        return (self._norm(at), at + 1) if is_year else (None, k)

    def _nearest(self, day: int, month: int, year: str | None) -> date | None:
        today = self._setting.today
        if year is not None:
            return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this_year = _date(today.year, month, day)
        if this_year is None or today - this_year <= _PAST:
            return this_year
        return _date(today.year + 1, month, day)

    # --- hours ---

    def _hour(self, k: int, *, marked: bool) -> Found | None:
        clock = _CLOCK.fullmatch(self._norm(k)) if self._kind(k) == "number" else None
        if clock is None:
            return None
        hour, minute, end, half = int(clock[1]), int(clock[3] or 0), k + 1, ""
        unit = self._words.phrases("clock_units").at(self._tokens, end)
        if self._norm(end) in ("am", "pm"):
            half, end = self._norm(end), end + 1
        elif unit:
            end = unit[1]
            goes_on = self._touches(end) or self._norm(end - 1) == "h"
            if goes_on and self._kind(end) == "number" and self._norm(end).isdigit():
                minute, end = int(self._norm(end)), end + 1  # 17h30
        elif clock[2] != ":" and not (marked and (self._so_far.day or clock[3])):
            return None
        if minute > 59 or self._is_something_else(end):
            return None
        at_midnight = hour == 24
        return replace(
            self._so_far,
            end=end,
            clock=_LAST_MINUTE if at_midnight else time(hour, minute),
            part="pm" if at_midnight else half or self._so_far.part or ("exact" if clock[1].startswith("0") else ""),
        )

    def _part(self, k: int) -> Found | None:
        hit = self._words.table("parts").at(self._tokens, k)
        if hit is None:
            return None
        return replace(self._so_far, end=hit[1], part=str(hit[0]), bare=self._so_far.bare or hit[0] == "end")

    def _zone(self, k: int) -> Found | None:
        minutes = _ZONES.get(self._norm(k)) if self._so_far.clock and self._tokens[k : k + 1] else None
        if minutes is None or not self._tokens[k].raw.isupper():
            return None
        return replace(self._so_far, end=k + 1, zone=timezone(timedelta(minutes=minutes)))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_end(day: date | None, end: int) -> tuple[date, int] | None:
    return None if day is None else (day, end)


def _last_of(year: int, month: int) -> date:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
