"""A moment as people write it ("Friday noon", "15.11., 17 Uhr", "fin de semaine") → a datetime.

Weekdays without more are the next to come. A day without an hour ends with its work; "before
Friday" ends with the work of the day before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

from ackd.text.temporal.clock_words import told_hour
from ackd.text.temporal.dates import date_at, day_at
from ackd.text.temporal.stated_moment import LAST_MINUTE, Cursor, Found, Place, Setting
from ackd.text.temporal.told_days import dated_weekday, named_day, nth_weekday, period, weekday
from ackd.text.temporal.vocabulary import Words
from ackd.text.tokens import Token

_MOST_PIECES = 6  # of one moment: weekday, date, hour, zone, …
_NOON, _EVENING, _FIVE = time(12), time(20), time(17)
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:([:.])([0-5]\d))?(?::[0-5]\d)?")
_ZONES = {
    "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "west": 60, "cest": 120, "mesz": 120,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip


def moment_at(
    tokens: Sequence[Token],
    k: int,
    words: Words,
    setting: Setting,
    *,
    cued: bool = False,
    day: Found | None = None,
) -> Found | None:
    """The moment that begins at token k; None if there is none. With `cued` a deadline's cue stands right
    before, with `day` a day from which it goes on."""
    cursor, found = Cursor(tokens, words, k if cued else -1), replace(day, end=k) if day else Found(k)
    for _ in range(_MOST_PIECES):
        after = _with_next_piece(cursor, found, setting)
        if after is None:
            break
        found = after
    return found if found.end > k and (found.day or found.clock or found.part) else None


def resolved(found: Found, setting: Setting, *, before: bool) -> datetime | None:
    """The moment that was meant, in UTC; None if it is over already."""
    day = found.day or setting.today
    if found.clock or found.part not in ("", "end"):
        moment = _at_hour(found, day, setting)
        may_be_tomorrow = found.clock is not None or found.part in ("noon", "morning")
        if moment <= setting.at and found.day is None and may_be_tomorrow:
            moment = _at_hour(found, day + timedelta(days=1), setting)
        elif moment <= setting.at and found.again:
            moment = _at_hour(found, day + timedelta(days=7), setting)
    else:
        day = day + timedelta(days=7) if found.again and not found.part else day
        if before and not found.closed and found.part != "end":
            day = setting.working_day_before(day)
        moment = setting.moment(day, setting.end_of_work(day))
    if moment <= setting.at and day == setting.today and found.part in ("", "end", "afternoon", "evening"):
        moment = setting.moment(day, LAST_MINUTE) if not found.clock else moment
    return moment if moment > setting.at else None


def _at_hour(found: Found, day: date, setting: Setting) -> datetime:
    return setting.moment(day, _clock(found, day, setting), found.zone)


def _clock(found: Found, day: date, setting: Setting) -> time:
    if found.clock is not None:
        return _as_meant(found.clock, found.part)
    if found.part == "afternoon":
        end = setting.end_of_work(day)
        return end if _NOON < end < LAST_MINUTE else _FIVE
    return {"morning": _NOON, "noon": _NOON, "evening": _EVENING, "night": LAST_MINUTE}[found.part]


def _as_meant(clock: time, part: str) -> time:
    """Half of the day by what stands beside the hour, else by what is usual at work."""
    if part == "am":
        return clock.replace(hour=clock.hour % 12)
    late = part in ("pm", "afternoon", "evening", "night") or (part in ("", "end") and 0 < clock.hour < 7)
    return clock.replace(hour=clock.hour + 12) if late and clock.hour < 12 else clock


# --- reading piece by piece ---


def _with_next_piece(cursor: Cursor, so_far: Found, setting: Setting) -> Found | None:
    """What was read with the next piece, None if there is none."""
    for place in cursor.places(so_far.end):
        if not so_far.clock and not cursor.may_begin(place.k):
            continue
        found = (
            _day(cursor, place, so_far, setting)
            or _zone(cursor, place.k, so_far)
            or _told_hour(cursor, place, so_far)
            or _part(cursor, place.k, so_far)
            or _hour(cursor, place, so_far, setting)
            or _day_alone(cursor, place, so_far, setting)
        )
        if found:
            return found
    return None


def _day(cursor: Cursor, place: Place, so_far: Found, setting: Setting) -> Found | None:
    """A day, or the date that tells a weekday more precisely."""
    if so_far.day is None and (
        found := named_day(cursor, place.k, setting)
        or period(cursor, place.k, setting)
        or nth_weekday(cursor, place.k, setting)
        or dated_weekday(cursor, place.k, setting)
    ):
        return replace(found, clock=so_far.clock, part=found.part or so_far.part, zone=so_far.zone)
    if (so_far.day is None or so_far.is_weekday) and (read := date_at(cursor, place.k, setting.today)):
        return replace(so_far, day=read[0], end=read[1], is_weekday=False, again=False)
    if so_far.day is None and (found := weekday(cursor, place.k, setting)):
        part = found.part or so_far.part
        return replace(found, clock=so_far.clock, part=part, zone=so_far.zone, bare=so_far.bare)
    return None


def _day_alone(cursor: Cursor, place: Place, so_far: Found, setting: Setting) -> Found | None:
    if so_far.day is not None and not so_far.is_weekday:
        return None
    read = day_at(cursor, place, setting.today)
    return replace(so_far, day=read[0], end=read[1], is_weekday=False, again=False) if read else None


def _part(cursor: Cursor, k: int, so_far: Found) -> Found | None:
    hit = cursor.value("parts", k) if not so_far.part or so_far.clock else None
    return replace(so_far, part=hit[0], end=hit[1], bare=so_far.bare or hit[0] == "end") if hit else None


def _zone(cursor: Cursor, k: int, so_far: Found) -> Found | None:
    minutes = _ZONES.get(cursor.norm(k)) if so_far.clock else None
    if minutes is None or not cursor.tokens[k].raw.isupper():
        return None
    return replace(so_far, end=k + 1, zone=timezone(timedelta(minutes=minutes)))


def _told_hour(cursor: Cursor, place: Place, so_far: Found) -> Found | None:
    """An hour in words: half past three, fünfzehn Uhr, las cinco, by five."""
    if so_far.clock:
        return None
    if read := told_hour(cursor, place.k):
        return replace(so_far, clock=read[0], end=read[1])
    hit = cursor.value("hours", place.k)
    if hit is None or not _may_be_hour(cursor, hit[1]):
        return None
    alone = place.k == cursor.cued and int(hit[0]) > 1
    marked = place.after_clock_mark and so_far.day is not None
    if not (alone or marked or (cursor.cued >= 0 and _after_article(cursor, place.k, hit[1]))):
        return None
    return replace(so_far, clock=time(int(hit[0]) % 24), end=hit[1], alone=so_far.day is None and alone)


def _hour(cursor: Cursor, place: Place, so_far: Found, setting: Setting) -> Found | None:
    """An hour that something tells to be one: 5pm, 17:00, 17 Uhr, las 5, Friday at 5."""
    k = place.k
    clock = _CLOCK.fullmatch(cursor.norm(k)) if cursor.kind(k) == "number" else None
    if clock is None or so_far.clock:
        return None
    half = cursor.norm(k + 1) if cursor.norm(k + 1) in ("am", "pm") else ""
    unit = cursor.is_phrase("clock_units", k + 1)
    minute, end = int(clock[3] or 0), unit or k + 1 + bool(half)
    after_mark = place.after_clock_mark and (so_far.day is not None or clock[3] is not None)
    told = half or unit or clock[2] == ":" or after_mark or _after_article(cursor, k, k + 1)
    alone = not (told or place.after_day_mark) and k == cursor.cued and _is_hour_alone(cursor, k, clock)
    if not told and not alone and (so_far.day is not None or not _before_day(cursor, k + 1, setting)):
        return None
    if unit and (more := cursor.number(end)) is not None and more < 60 and _is_minutes(cursor, end):
        minute, end = more, end + 1
    if cursor.counts_something(end):
        return None
    part = half or so_far.part or ("exact" if clock[1].startswith("0") else "")
    alone = alone and so_far.day is None
    if int(clock[1]) == 24:
        return replace(so_far, end=end, clock=LAST_MINUTE, part="exact", alone=alone)
    return replace(so_far, end=end, clock=time(int(clock[1]), minute), part=part, alone=alone)


def _after_article(cursor: Cursor, k: int, end: int) -> bool:
    """Whether an article that only hours have stands before ("las 5", "entro le 17")."""
    return cursor.norm(k - 1) in cursor.words.set_of("hour_articles") and not cursor.goes_on(end)


def _is_hour_alone(cursor: Cursor, k: int, clock: re.Match[str]) -> bool:
    """Whether a number right after a cue may be an hour: "by 5", "by 14.30"; "by 5.00" is, "by 5." in German
    is a day."""
    is_day = (
        clock[2] is None
        and cursor.words.reads("dot_days")
        and cursor.norm(k + 1) == "."
        and cursor.touches(k + 1)
    )
    return 0 < int(clock[1]) <= 24 and not is_day and _may_be_hour(cursor, k + 1)


def _may_be_hour(cursor: Cursor, k: int) -> bool:
    """Whether what follows leaves a number before it an hour: not "by 5 of us", "by 5 %"."""
    return not (
        cursor.goes_on(k) or cursor.counts_something(k) or cursor.norm(k) in cursor.words.set_of("of")
    )


def _before_day(cursor: Cursor, k: int, setting: Setting) -> bool:
    """Whether a day follows: "5 on Thursday"."""
    places = [place.k for place in cursor.places(k)]
    return any(named_day(cursor, at, setting) or weekday(cursor, at, setting) for at in places)


def _is_minutes(cursor: Cursor, k: int) -> bool:
    """17h30, 17 h 30"""
    return cursor.touches(k) or cursor.norm(k - 1) == "h"
