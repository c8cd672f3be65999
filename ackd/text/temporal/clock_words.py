"""Hours as people say them: half past three, halb vier, trois heures et demie, las cuatro menos cuarto, five
o'clock. How each language does it stands in its `clocks`."""

from __future__ import annotations

from datetime import time

from ackd.text.temporal.stated_moment import Cursor
from ackd.text.temporal.vocabulary import ClockForm

_HALF_A_DAY, _DAY = 12 * 60, 24 * 60

Read = tuple[time, int]  # an hour, and the place after it


def told_hour(cursor: Cursor, k: int) -> Read | None:
    """The hour that begins at token k, told by words: "half past 3", "fünfzehn Uhr"."""
    first = {cursor.norm(k)}
    if hour_number(cursor, k) or _minutes(cursor, k):
        first |= {"H", "M"}
    forms = (form for form in cursor.words.clock_forms if form.parts[0] in first)
    return next((read for form in forms if (read := _read(cursor, k, form))), None) or _whole(cursor, k)


def hour_number(cursor: Cursor, k: int) -> tuple[int, int] | None:
    """An hour of the day, in words or figures."""
    number = cursor.number(k)
    if number is not None:
        return (number, k + 1) if number <= 24 and len(cursor.norm(k)) <= 2 else None
    hit = cursor.value("hours", k)
    return (int(hit[0]), hit[1]) if hit else None


def _whole(cursor: Cursor, k: int) -> Read | None:
    """ "five o'clock": figures are read elsewhere."""
    hit = cursor.value("hours", k)
    end = cursor.is_phrase("clock_units", hit[1]) if hit else None
    return (time(int(hit[0]) % 24), end) if hit and end else None


def _read(cursor: Cursor, k: int, form: ClockForm) -> Read | None:
    hour, more = 0, 0
    for part in form.parts:
        if part not in ("H", "M"):
            if cursor.norm(k) != part:
                return None
            k += 1
            continue
        number = hour_number(cursor, k) if part == "H" else _minutes(cursor, k)
        if number is None:
            return None
        hour, more = (number[0], more) if part == "H" else (hour, number[0])
        k = number[1]
    minutes = hour * 60 + form.minutes + form.sign * more
    if minutes < 60 and 0 < hour <= 12:
        minutes += _HALF_A_DAY  # half past noon: "halb eins", "quarter to one"
    minutes %= _DAY
    return time(minutes // 60, minutes % 60), k


def _minutes(cursor: Cursor, k: int) -> tuple[int, int] | None:
    number = cursor.number(k)
    if number is not None:
        return (number, k + 1) if 0 < number < 60 else None
    hit = cursor.value("hours", k)
    return (int(hit[0]), hit[1]) if hit else None
