"""Dates, ranges of dates, public holidays and time zones."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ackd import zones
from ackd.config.field_types import Kind, read_each, read_text
from ackd.config.hours import MAILBOX
from ackd.config.value_error import Location, Wrong, WrongParts, mistyped, nearest

CALENDAR: Literal["calendar"] = "calendar"
NONE: Literal["none"] = "none"

_DATE = "a date such as 2026-12-24"
_LIKE = 0.8  # how like a city's name a typing mistake is
_SURE = 5  # letters; too many cities are like shorter words
_LONGEST_ZONE = 80
_RANGE = "a date, a range such as 2026-08-03 to 2026-08-21, or {from: DATE, to: DATE}"


@dataclass(frozen=True, slots=True)
class ExtraHoliday:
    """A free day that no public calendar knows."""

    day: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Whole days, the first and the last among them."""

    first: date
    last: date


def read_date(value: object) -> date:
    """A calendar date, written YYYY-MM-DD."""
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Wrong(allowed=f"{_DATE} (year-month-day)")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong("there is no such day", allowed=_DATE) from None


def read_extra_holidays(value: object) -> tuple[ExtraHoliday, ...]:
    """A list of dates or of maps {date: name}, or one such map."""
    if not isinstance(value, list | tuple | dict):
        raise Wrong
    found: list[ExtraHoliday] = []
    parts: list[tuple[Location, Wrong]] = []
    for where, key, name in _entries(value):
        try:
            found.append(key if isinstance(key, ExtraHoliday) else _extra_holiday(key, name))
        except Wrong as wrong:
            parts.append((where, wrong))
    if parts:
        raise WrongParts(parts)
    return tuple(found)


def _entries(value: list[Any] | tuple[Any, ...] | dict[Any, Any]) -> Iterator[tuple[Location, Any, Any]]:
    """Each free day that is listed: its place, its date, its name or None."""
    if isinstance(value, dict):
        yield from (((key,), key, name) for key, name in value.items())
        return
    for index, item in enumerate(value):
        if isinstance(item, dict):
            yield from (((index, key), key, name) for key, name in item.items())
        else:
            yield (index,), item, None


def _extra_holiday(key: object, name: object) -> ExtraHoliday:
    day = read_date(key)
    if name is None:
        return ExtraHoliday(day)
    try:
        return ExtraHoliday(day, read_text(name))
    except Wrong as wrong:
        wrong.allowed = "the holiday's name"
        raise


def read_range(value: object) -> DateRange:
    """ "2026-08-03 to 2026-08-21", {from: …, to: …}, or one date."""
    if isinstance(value, DateRange):
        return value
    if isinstance(value, dict):
        if set(value) != {"from", "to"}:
            raise Wrong("a range has the keys `from` and `to`", allowed=_RANGE)
        ends = [value["from"], value["to"]]
    else:
        ends = list(re.split(r"\s+to\s+", value.strip(), maxsplit=1)) if isinstance(value, str) else [value]
    try:
        first, last = read_date(ends[0]), read_date(ends[-1])
        if last < first:
            raise Wrong("the range ends before it begins")
    except Wrong as wrong:
        wrong.allowed = _RANGE
        raise
    return DateRange(first, last)


def read_absences(value: object) -> tuple[DateRange, ...] | Literal["calendar", "none"]:
    """`calendar`, `none`, or a list of ranges."""
    if value in (CALENDAR, NONE):
        return value
    if not isinstance(value, list | tuple):
        raise Wrong(near=nearest(value, [CALENDAR, NONE]) if isinstance(value, str) else None)
    return read_each(value, read_range)


def read_zone(value: object) -> zoneinfo.ZoneInfo | Literal["mailbox"]:
    """`mailbox`, or a zone of the IANA database by its name."""
    if isinstance(value, zoneinfo.ZoneInfo) or value == MAILBOX:
        return value
    if not isinstance(value, str):
        raise Wrong
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", value[:80]) and (
        zone := zones.load(value)
    ):
        return zone
    raise Wrong("there is no such time zone", near=_meant_zone(value))


def _meant_zone(text: str) -> str | None:
    """What may be proposed: a zone that the words mean, or one of whose name they are a typing mistake. One
    that is only spelled alike is another place."""
    words = " ".join(text[:_LONGEST_ZONE].split())
    if found := zones.of_time(words) or zones.city(words) or zones.named(words):
        return found
    places = {zone for zone in zoneinfo.available_timezones() if zones.is_place(zone)}
    by_city = {
        zone.rpartition("/")[2]: zone for zone in sorted(places, reverse=True)
    }  # Europe/… above Africa/…
    whole = words.replace(" ", "_")
    if found := mistyped(whole, [MAILBOX], likeness=_LIKE):
        return found
    name = whole.rpartition("/")[2]
    city = mistyped(name, by_city, likeness=_LIKE if len(name) >= _SURE else 1)
    return by_city[city] if city else None


def read_country(value: object) -> str:
    """A country whose holidays are known, by its two letters (ISO 3166-1)."""
    from holidays.registry import COUNTRIES  # only who sets it pays for the import

    name = read_text(value)
    codes = {names[1] for names in COUNTRIES.values()}
    if name.upper() in codes:
        return name.upper()
    by_name = {
        alias: names[1] for key, names in COUNTRIES.items() for alias in (key, *names) if len(alias) > 2
    }
    near = nearest(name.replace(" ", "_"), by_name)
    raise Wrong("no holidays are known for it", near=by_name[near] if near else nearest(name, codes))


def check_subdivision(country: str, subdivision: str) -> str:
    """The code of a country's subdivision, given by its code (ISO 3166-2) or name."""
    from holidays import country_holidays

    known = country_holidays(country)
    aliases: dict[str, str] = dict(known.subdivisions_aliases)
    codes = dict.fromkeys(known.subdivisions)
    if subdivision in codes:
        return subdivision
    if subdivision in aliases:
        return aliases[subdivision]
    short = subdivision.upper().removeprefix(f"{country}-")
    near = short if short in codes else nearest(subdivision, [*codes, *aliases])
    allowed = ", ".join(codes) if codes else f"nothing: {country} has no subdivisions here"
    raise Wrong(f"{country} has no such subdivision", allowed=allowed, near=near)


EXTRA_HOLIDAYS = Kind(
    read_extra_holidays,
    "a list of dates such as 2026-12-24, or of maps {date: name}",
    {
        "anyOf": [
            {
                "type": "array",
                "items": {"type": ["string", "object"], "additionalProperties": {"type": "string"}},
            },
            {"type": "object", "additionalProperties": {"type": "string"}},
        ]
    },
)
ABSENCES = Kind(
    read_absences,
    "calendar, none, or a list of ranges such as 2026-08-03 to 2026-08-21",
    {
        "anyOf": [
            {"enum": ["calendar", "none"]},
            {
                "type": "array",
                "items": {
                    "type": ["string", "object"],
                    "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
                    "required": ["from", "to"],
                    "additionalProperties": False,
                },
            },
        ]
    },
)
ZONE = Kind(read_zone, "mailbox, or an IANA name such as Europe/Berlin", {"type": "string"})
COUNTRY = Kind(read_country, "a country's two letters, such as DE", {"type": "string"})
