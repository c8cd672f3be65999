"""Dates and hours as a person writes them in seven languages; names of days and months by Babel."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from ackd.babel_dates import format_datetime

# Patterns of Unicode TR 35 for a day and its hour; {y} is where the year goes when it isn't the
# present one. A full hour may be written shorter.
_PATTERNS = {
    "en": ("EEEE, d MMMM{y}", ", HH:mm"),
    "de": ("EEEE, d. MMMM{y}", ", HH:mm 'Uhr'"),
    "fr": ("EEEE d MMMM{y}", " 'à' H'\u00a0h\u00a0'mm"),
    "es": ("EEEE d 'de' MMMM{y}", " 'a las' H:mm"),
    "nl": ("EEEE d MMMM{y}", " 'om' HH:mm 'uur'"),
    "it": ("EEEE d MMMM{y}", " 'alle' H:mm"),
    "pt": ("EEEE, d 'de' MMMM{y}", ", 'às' H'h'mm"),
}
_FULL_HOURS = {"fr": "H'\u00a0h'"}
_YEARS = {"es": " 'de' y", "pt": " 'de' y"}
_SHORT = {
    "de": "EEEEEE d.M., HH:mm",
    "fr": "EEE d MMM, H'\u00a0h\u00a0'mm",
    "pt": "EEE d MMM, H'h'mm",
    "es": "EEE d MMM, H:mm",
    "it": "EEE d MMM, H:mm",
}
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
    pattern = _shorter(_SHORT.get(language, "EEE d MMM, HH:mm"), moment, language)
    return format_datetime(moment, pattern, locale=language)


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
    year = "" if same_year else _YEARS.get(language, " y")
    return day.replace("{y}", year), _shorter(hour, moment, language)


def _shorter(pattern: str, moment: datetime, language: str) -> str:
    """The pattern without minutes where a full hour is written so ("17 h")."""
    if moment.minute or language not in _FULL_HOURS:
        return pattern
    return pattern.replace("H'\u00a0h\u00a0'mm", _FULL_HOURS[language])
