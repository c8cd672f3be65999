"""Dates and hours as a person writes them in a language, by the patterns (Unicode TR 35) in its
`letters.txt`; names of days and months by Babel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from ackd.babel_dates import format_datetime
from ackd.letters.filled import texts


def in_words(moment: datetime, language: str, now: datetime, reader: tzinfo | None = None) -> str:
    """A moment by the clock of its own zone: "Thursday, 26 November, 17:00".

    The year is named if it isn't the one of `now`. The zone is named ("(CET)") if `reader`, the
    reader's zone where it is known, shows another hour. An unknown language is written as English.
    """
    code, patterns = texts(language, "dates")
    whole = _at_hour(patterns, "moment", "full_hour", moment)
    words = _written(moment, whole.replace("{day}", _day(patterns, moment, now)), code)
    if reader is None or moment.astimezone(reader).utcoffset() == moment.utcoffset():
        return words
    return f"{words} ({zone_name(moment, code)})"


def day_in_words(moment: datetime, language: str, now: datetime) -> str:
    """The day of a moment by the clock of its own zone: "Thursday, 26 November"."""
    code, patterns = texts(language, "dates")
    return _written(moment, _day(patterns, moment, now), code)


def at_a_glance(moment: datetime, language: str = "en") -> str:
    """The short form for the task list: "Thu 26 Nov, 17:00"."""
    code, patterns = texts(language, "dates")
    return _written(moment, _at_hour(patterns, "short", "short_full_hour", moment), code)


def day_at_a_glance(moment: datetime, language: str, now: datetime) -> str:
    """The short form of a day: "Thu 26 Nov", with its year where that isn't the one of `now`."""
    code, patterns = texts(language, "dates")
    day = format_datetime(moment, patterns["short"].partition(",")[0], locale=code)
    return day if moment.year == now.astimezone(moment.tzinfo).year else f"{day} {moment.year}"


def zone_name(moment: datetime, language: str) -> str:
    """A zone's short name in a language where there is one (CET, MEZ), else UTC+3."""
    name = _written(moment, "z", language)
    if not name[-1:].isdigit():
        return name
    short = moment.tzname() or ""
    if short.isalpha():
        return short
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _written(moment: datetime, pattern: str, code: str) -> str:
    """Kept for a while: a page's letters and tasks tell few moments. What is one moment in two zones is
    written in two ways, and so is an hour that comes twice."""
    return _formatted(moment.replace(tzinfo=None), moment.fold, moment.tzinfo, pattern, code)


@lru_cache(maxsize=256)
def _formatted(clock: datetime, fold: int, zone: tzinfo | None, pattern: str, code: str) -> str:
    return format_datetime(clock.replace(tzinfo=zone, fold=fold), pattern, locale=code)


def _day(patterns: Mapping[str, str], moment: datetime, now: datetime) -> str:
    """The pattern of a day, with its year where that isn't the present one."""
    same_year = moment.year == now.astimezone(moment.tzinfo).year
    day = patterns["day" if same_year else "day_and_year"]
    return day.replace("d MMMM", f"{patterns.get('first', 'd')} MMMM") if moment.day == 1 else day


def _at_hour(patterns: Mapping[str, str], usual: str, full: str, moment: datetime) -> str:
    """The pattern with an hour: without minutes where a full hour is written so ("17 h")."""
    return patterns[usual] if moment.minute else patterns.get(full, patterns[usual])
