"""The owner's time and name, and the mailbox's categories, as Graph tells them. What one source refuses or
leaves out is None; the others still count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ackd import zones
from ackd.mailbox.graph.answers import entries, strings, text
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.values import moment
from ackd.mailbox.zone_rules import Change, Rule, meant_either_way
from ackd.model import Colour, OwnerCard, OwnerSettings, WorkingHours
from ackd.text.headers import reckoned

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
    zone, unknown = _zone(told, likely, now)
    return OwnerSettings(
        zone=zone,
        unknown_zone=unknown,
        hours=_week(told.get("workingHours")),
        out_of_office=_out_of_office(told.get("automaticRepliesSetting"), now),
        away=_whole_days(wire, ZoneInfo(zone) if zone else likely, now),
    )


def _zone(told: Mapping[str, Any], likely: ZoneInfo, now: datetime) -> tuple[str | None, str]:
    """The zone of the settings, and how they name one that nobody knows. That of the working hours counts
    only where it has a rule and the other is none of a place, or where the other isn't known: mailboxes
    whose owner never chose have hours of the Pacific coast."""
    name = text(told, "timeZone").strip()
    own = zones.named(name)
    if zones.is_place(own):
        return own, ""
    hours = told.get("workingHours")
    there = hours.get("timeZone") if isinstance(hours, dict) else None
    label, rule = (text(there, "name"), _rule(there)) if isinstance(there, dict) else ("", None)
    found = meant_either_way(label, rule, likely, now) if rule else own or zones.named(label)
    if found or not (name or label):
        return found, ""
    return None, zones.shown(name if zones.named(name) is None and name else label)


def _rule(zone: Mapping[str, Any]) -> Rule | None:
    """The rule of a customTimeZone; None for a zone without one, or one that can't be read."""
    bias = zone.get("bias")
    standard, daylight = (_change(zone.get(f"{one}Offset")) for one in ("standard", "daylight"))
    if not _is_number(bias) or standard is None or daylight is None:
        return None
    return Rule(int(bias or 0), standard, daylight)


def _change(offset: Any) -> Change | None:
    """A standardTimeZoneOffset or daylightTimeZoneOffset."""
    if offset is None:
        return Change(0, 0, 0, 6, time())
    if not isinstance(offset, dict):
        return None
    numbers = [offset.get(name) or 0 for name in ("daylightBias", "month", "dayOccurrence", "year")]
    day = text(offset, "dayOfWeek").lower()
    if not all(map(_is_number, numbers)):
        return None
    bias, month, order, year = numbers
    weekday, at = _DAYS.index(day) if day in _DAYS else 6, _clock(text(offset, "time")) or time()
    return Change(bias, month, order, weekday, at, year)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10_000


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
    name = zones.named(text(value, "timeZone") or zones.UNIVERSAL)
    if found is None or name is None:
        return None
    return reckoned(found.replace(tzinfo=ZoneInfo(name)))


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
