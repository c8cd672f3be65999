"""Dates and hours as a person writes them in seven languages; names of days and months by Babel."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from babel.dates import format_datetime

# Patterns of Unicode TR 35 for a day and its hour; {y} is where the year goes when it isn't the
# present one.
_PATTERNS = {
    "en": ("EEEE, d MMMM{y}", ", HH:mm"),
    "de": ("EEEE, d. MMMM{y}", ", HH:mm 'Uhr'"),
    "fr": ("EEEE d MMMM{y}", " 'à' HH'h'mm"),
    "es": ("EEEE d 'de' MMMM{y}", " 'a las' HH:mm"),
    "nl": ("EEEE d MMMM{y}", " 'om' HH:mm 'uur'"),
    "it": ("EEEE d MMMM{y}", " 'alle' HH:mm"),
    "pt": ("EEEE, d 'de' MMMM{y}", ", 'às' HH'h'mm"),
}
_YEARS = {"es": " 'de' y", "pt": " 'de' y"}
_SHORT = {"de": "EEEEEE d.M., HH:mm", "fr": "EEE d MMM, HH'h'mm", "pt": "EEE d MMM, HH'h'mm"}
_FIRST_OF_MONTH = {"fr": "'1er'", "it": "'1º'"}
LANGUAGES = tuple(_PATTERNS)


def in_words(moment: datetime, language: str, now: datetime, reader: tzinfo | None = None) -> str:
    """A moment by the clock of its own zone: "Thursday, 26 November, 17:00".

    The year is named if it isn't the one of `now`. The zone is named ("(CET)") if `reader`, the
    reader's zone where it is known, shows another hour. An unknown language is written as English.
    """
    day, hour = _patterns(moment, language, now)
    words = format_datetime(moment, day + hour, locale=_known(language))
    if reader is None or moment.astimezone(reader).utcoffset() == moment.utcoffset():
        return words
    return f"{words} ({zone_name(moment, _known(language))})"


def day_in_words(moment: datetime, language: str, now: datetime) -> str:
    """The day of a moment by the clock of its own zone: "Thursday, 26 November"."""
    return format_datetime(moment, _patterns(moment, language, now)[0], locale=_known(language))


def at_a_glance(moment: datetime, language: str = "en") -> str:
    """The short form for the task list: "Thu 26 Nov, 17:00"."""
    language = _known(language)
    return format_datetime(moment, _SHORT.get(language, "EEE d MMM, HH:mm"), locale=language)


def zone_name(moment: datetime, language: str) -> str:
    """A zone's short name in a language where there is one (CET, MEZ), else UTC+3."""
    name = format_datetime(moment, "z", locale=language)
    if not name[-1:].isdigit():
        return name
    short = moment.tzname() or ""
    if short.isalpha():
        return short
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _known(language: str) -> str:
    return language if language in _PATTERNS else "en"


def _patterns(moment: datetime, language: str, now: datetime) -> tuple[str, str]:
    language = _known(language)
    day, hour = _PATTERNS[language]
    if moment.day == 1 and language in _FIRST_OF_MONTH:
        day = day.replace("d MMMM", f"{_FIRST_OF_MONTH[language]} MMMM")
    same_year = moment.year == now.astimezone(moment.tzinfo).year
    return day.replace("{y}", "" if same_year else _YEARS.get(language, " y")), hour
