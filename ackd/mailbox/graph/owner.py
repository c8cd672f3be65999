"""The owner's time and name, and the mailbox's categories, as Graph tells them. What one source refuses or
leaves out is None; the others still count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from ackd.mailbox.graph.answers import entries, strings, text
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.values import moment
from ackd.model import Colour, OwnerCard, OwnerSettings, WorkingHours

AHEAD = timedelta(days=60)
SWITCHED_ON = timedelta(days=7)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AWAY = ("oof", "busy")
_HALF = timedelta(hours=12)
#: Colours as Outlook numbers them.
_PRESETS = {
    Colour.RED: "preset0",
    Colour.ORANGE: "preset1",
    Colour.YELLOW: "preset3",
    Colour.GREEN: "preset4",
    Colour.BLUE: "preset7",
    Colour.GRAY: "preset12",
}


def settings(wire: Wire, likely: ZoneInfo, now: datetime) -> OwnerSettings:
    """See ports.Mailbox: one request for the settings, and one for each page of the calendar."""
    answer = wire.ask(get(f"{wire.owner}/mailboxSettings"))
    told: Mapping[str, Any] = answer.value if answer.ok else {}
    zone = zone_named(text(told, "timeZone"))
    return OwnerSettings(
        zone=zone,
        hours=_week(told.get("workingHours")),
        out_of_office=_out_of_office(told.get("automaticRepliesSetting"), now),
        away=_whole_days(wire, ZoneInfo(zone) if zone else likely, now),
    )


def zone_named(name: str) -> str | None:
    """The IANA name of a zone by its Windows or IANA name; None for neither, such as a rule of the owner's
    own."""
    known = get_global("windows_zone_mapping").get(name.strip(), name.strip())
    try:
        return known if known and len(known) <= 80 and ZoneInfo(known) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _week(hours: Any) -> WorkingHours | None:
    """Graph knows one span for all days."""
    if not isinstance(hours, dict):
        return None
    start, end = _clock(text(hours, "startTime")), _clock(text(hours, "endTime"))
    days = {day.lower() for day in strings(hours, "daysOfWeek")}
    if end == time():
        end = time.max  # midnight is the day's end
    if start is None or end is None or start >= end or days.isdisjoint(_DAYS):
        return None
    return WorkingHours(tuple(((start, end),) if day in days else () for day in _DAYS))


def _clock(value: str) -> time | None:
    try:
        return time.fromisoformat(value.strip()[:8]) if value.strip() else None
    except ValueError:
        return None


def _out_of_office(replies: Any, now: datetime) -> tuple[tuple[datetime, datetime | None], ...] | None:
    """When automatic replies go out. Since when they are switched on isn't told."""
    if not isinstance(replies, dict):
        return None
    status = text(replies, "status").lower()
    if status == "alwaysenabled":
        return ((now - SWITCHED_ON, None),)
    start, end = (_at(replies.get(f"scheduled{which}DateTime")) for which in ("Start", "End"))
    if status != "scheduled" or start is None or (end is not None and end <= start):
        return ()
    return ((start, end),)


def _at(value: Any) -> datetime | None:
    """A dateTimeTimeZone."""
    if not isinstance(value, dict):
        return None
    found = moment(text(value, "dateTime"))
    name = zone_named(text(value, "timeZone") or "UTC")
    if found is None or name is None:
        return None
    return found.replace(tzinfo=ZoneInfo(name)).astimezone(UTC)


def _whole_days(wire: Wire, zone: ZoneInfo, now: datetime) -> tuple[tuple[date, date], ...] | None:
    """Entries of whole days, shown as away or busy, from yesterday on."""
    options = {
        "startDateTime": _utc(now - timedelta(days=1)),
        "endDateTime": _utc(now + AHEAD),
        "$select": "start,end,isAllDay,showAs",
        "$top": "500",
    }
    answer = wire.ask(get(f"{wire.owner}/calendarView", options))
    if not answer.ok:
        return None
    found = entries(answer.value)
    if link := text(answer.value, "@odata.nextLink"):
        found += wire.all(Part("GET", link), most=1000)
    return tuple(sorted(_ranges(found)))


def _ranges(found: list[dict[str, Any]]) -> Iterator[tuple[date, date]]:
    """Whole days are given as midnights, whatever the zone: the dates are what they say."""
    for one in found:
        start, end = moment(text(one, "start", "dateTime")), moment(text(one, "end", "dateTime"))
        if start is None or end is None or end <= start or one.get("isAllDay") is not True:
            continue
        if text(one, "showAs").lower() in _AWAY:
            first, last = (start + _HALF).date(), (end + _HALF).date() - timedelta(days=1)
            yield first, max(first, last)


def card(wire: Wire) -> OwnerCard:
    """See ports.Mailbox. The language is that of the mailbox's settings."""
    person = wire.ask(get(wire.owner, {"$select": "displayName"}))
    name = " ".join(text(person.value, "displayName").split()) if person.ok else ""
    return OwnerCard(name[:100] or None if "@" not in name else None, language(wire))


def language(wire: Wire) -> str | None:
    """See ports.Mailbox: one request."""
    told = wire.ask(get(f"{wire.owner}/mailboxSettings", {"$select": "language"}))
    locale = text(told.value, "language", "locale").lower() if told.ok else ""
    known = re.match(r"[a-z]{2}(?=$|-)", locale)
    return known[0] if known else None


def show_categories(wire: Wire, wanted: Mapping[str, Colour]) -> None:
    """See ports.Mailbox. Those that are missing are made in one batch; a refusal is no error."""
    path = f"{wire.owner}/outlook/masterCategories"
    answer = wire.ask(get(path, {"$top": "500"}))
    if not answer.ok:
        return
    known = {text(one, "displayName").casefold() for one in entries(answer.value)}
    missing = {name: colour for name, colour in wanted.items() if name.casefold() not in known}
    if missing:
        wire.writes(
            [
                Part("POST", path, {"displayName": name, "color": _PRESETS[colour]})
                for name, colour in missing.items()
            ]
        )


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
