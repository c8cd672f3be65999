"""``mailboxSettings``: the owner's zone, language, formats, working hours and automatic replies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from babel.core import Locale, UnknownLocaleError

from exchange_sandbox.calendar import workhours, zones
from exchange_sandbox.calendar.workhours import Period, WorkHours
from exchange_sandbox.calendar.zonerule import DAYS, Rule
from exchange_sandbox.graph import custom_zone
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.shape import Member, Shape, View, dict_of, inner, list_of, text_of, word_of
from exchange_sandbox.graph.values import in_zone, parsed_moment_in_zone, word, zone_named
from exchange_sandbox.store import kept, oof
from exchange_sandbox.store.oof import Audience, OofSettings, State
from exchange_sandbox.store.schema import Key

_STATES: dict[str, Any] = {
    "disabled": State.DISABLED, "alwaysEnabled": State.ENABLED, "scheduled": State.SCHEDULED,
}  # fmt: skip
_AUDIENCES: dict[str, Any] = {
    "none": Audience.NONE, "contactsOnly": Audience.KNOWN, "all": Audience.ALL,
}  # fmt: skip
_DELIVERIES: dict[str, Any] = {
    name: name
    for name in (
        "sendToDelegateAndInformationToPrincipal",
        "sendToDelegateAndPrincipal",
        "sendToDelegateOnly",
    )
}
_USUAL = {
    "language": "en-US",
    "date_format": "M/d/yyyy",
    "time_format": "h:mm tt",
    "delivery": "sendToDelegateOnly",
}
_USUAL_HOURS = [[8 * 60, 17 * 60, list(DAYS[:5])]]
_DAY = 24 * 60  # minutes
_LONGEST_FORMAT = 60  # characters
_LONGEST_REPLY = 128_000  # characters


@dataclass(slots=True)
class Settings:
    """A mailbox's settings; ``hours`` are working hours as an item keeps them."""

    regional: dict[str, Any]
    hours: dict[str, Any]
    replies: OofSettings
    changed: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        """One of the regional settings."""
        return str(self.regional.get(name, _USUAL.get(name, "")))

    @property
    def zone(self) -> str:
        """The owner's zone by its Windows name."""
        return self.text("zone") or zones.known(self.hours["zone"]) or "UTC"


def read(call: Call, db: sqlite3.Connection) -> Settings:
    """The settings of the user."""
    user = call.user.id
    regional = kept.read(db, user, kept.SETTINGS) or {}
    return Settings(regional, hours_of(db, user), oof.read(db, user, call.now))


def hours_of(db: sqlite3.Connection, mailbox: int) -> dict[str, Any]:
    """A mailbox's working hours as an item keeps them; the usual ones where none were set."""
    item = workhours.find(db, mailbox)
    if item is not None:
        found: dict[str, Any] = item.bag[Key.WORK_HOURS]
        return found
    regional = kept.read(db, mailbox, kept.SETTINGS) or {}
    return {"zone": regional.get("zone", "UTC"), "periods": _USUAL_HOURS}


def write(call: Call, db: sqlite3.Connection, settings: Settings) -> None:
    """Keep what was changed; raises GraphError for what can't be."""
    user = call.user.id
    if "regional" in settings.changed:
        kept.put(db, user, kept.SETTINGS, settings.regional)
    if "hours" in settings.changed:
        about = settings.hours
        periods = tuple(
            Period(_clock(start), _clock(end), tuple(days)) for start, end, days in about["periods"]
        )
        rule = Rule.unpacked(about["rule"]) if "rule" in about else None
        try:
            workhours.put(db, user, WorkHours(about["zone"], periods, rule), call.now)
        except ValueError as error:
            raise bad_request(str(error), "ErrorInvalidArgument") from error
    if "replies" in settings.changed:
        replies = settings.replies
        if replies.state == State.SCHEDULED and not replies.start < replies.end:
            raise bad_request(
                "The end of automatic replies must be later than their start.",
                "ErrorInvalidScheduledOofDuration",
            )
        oof.put(db, user, replies)


def _clock(minutes: int) -> time:
    return time.max if minutes == _DAY else time(*divmod(minutes, 60))


# regional settings


def _regional(name: str, key: str, read_value: Callable[[Any], str]) -> Member:
    def put(settings: Settings, value: Any) -> None:
        settings.regional = {**settings.regional, key: read_value(value)}
        settings.changed.add("regional")

    return Member(name, lambda view, settings: settings.text(key), put)


def _format(name: str) -> Callable[[Any], str]:
    def read_value(value: Any) -> str:
        text = text_of(value, name)
        if not text or len(text) > _LONGEST_FORMAT:
            raise bad_request(f"A {name} has 1 to {_LONGEST_FORMAT} characters.", "ErrorInvalidArgument")
        return text

    return read_value


def _zone(value: Any) -> str:
    zone_named(value, "timeZone")
    return zones.known(value) or "UTC"


def _shown_language(view: View, settings: Settings) -> dict[str, str]:
    locale = settings.text("language")
    name = Locale.parse(locale, sep="-").get_display_name("en")
    return {"locale": locale, "displayName": str(name)}


def _set_language(settings: Settings, value: Any) -> None:
    text = text_of(inner(dict_of(value, "language"), "locale"), "language/locale")
    try:
        found = Locale.parse(text, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise bad_request(f"The locale '{text[:40]}' isn't known.", "ErrorInvalidArgument") from error
    settings.regional = {**settings.regional, "language": str(found).replace("_", "-")}
    settings.changed.add("regional")


# working hours


def hours_shown(view: View, about: dict[str, Any]) -> dict[str, Any]:
    """Working hours: the first of their periods, as Graph knows but one."""
    start, end, days = about["periods"][0] if about["periods"] else (0, 0, ())
    return {
        "daysOfWeek": [day.lower() for day in days],
        "startTime": _time(start),
        "endTime": _time(end),
        "timeZone": custom_zone.shown(about, ahead_positive=view.call.quirks.graph_zones_ahead_positive),
    }


def _time(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:00.0000000"


def _set_hours(ahead_positive: bool, settings: Settings, value: Any) -> None:
    found = dict_of(value, "workingHours")
    about = settings.hours
    start, end, days = about["periods"][0] if about["periods"] else _USUAL_HOURS[0]
    first, last = inner(found, "startTime"), inner(found, "endTime")
    if first is not None:
        start = _minutes(first, "workingHours/startTime")
    if last is not None:
        end = _minutes(last, "workingHours/endTime") or _DAY  # there is no 24:00 to say
    if inner(found, "daysOfWeek") is not None:
        given = list_of(inner(found, "daysOfWeek"), "workingHours/daysOfWeek")
        words: dict[str, Any] = {day.lower(): day for day in DAYS}
        wanted = {word_of(one, "workingHours/daysOfWeek", words) for one in given}
        days = [day for day in DAYS if day in wanted]
    new: dict[str, Any] = {**about, "periods": [[start, end, days]]}
    if inner(found, "timeZone") is not None:
        name, rule = custom_zone.parse(inner(found, "timeZone"), ahead_positive=ahead_positive)
        new = {"zone": name, "periods": new["periods"], **({"rule": rule.packed()} if rule else {})}
    settings.hours = new
    settings.changed.add("hours")


def _minutes(value: Any, name: str) -> int:
    found = custom_zone.clock(value, name)
    return found.hour * 60 + found.minute


# automatic replies


def replies_shown(view: View, settings: Settings) -> dict[str, Any]:
    """Automatic replies, their times in UTC."""
    found = settings.replies
    return {
        "status": word(_STATES, found.state),
        "externalAudience": word(_AUDIENCES, found.audience),
        "scheduledStartDateTime": in_zone(found.start),
        "scheduledEndDateTime": in_zone(found.end),
        "internalReplyMessage": found.internal,
        "externalReplyMessage": found.external,
    }


def _set_replies(settings: Settings, value: Any) -> None:
    """What isn't given stays."""
    where = "automaticRepliesSetting"
    found = {key.lower(): one for key, one in dict_of(value, where).items() if one is not None}
    changes: dict[str, Any] = {}
    if "status" in found:
        changes["state"] = word_of(found["status"], f"{where}/status", _STATES)
    if "externalaudience" in found:
        changes["audience"] = word_of(found["externalaudience"], f"{where}/externalAudience", _AUDIENCES)
    for key, name in (("start", "scheduledStartDateTime"), ("end", "scheduledEndDateTime")):
        if name.lower() in found:
            changes[key] = parsed_moment_in_zone(found[name.lower()], f"{where}/{name}")
    for key, name in (("internal", "internalReplyMessage"), ("external", "externalReplyMessage")):
        if name.lower() in found:
            changes[key] = text_of(found[name.lower()], f"{where}/{name}")
            if len(changes[key]) > _LONGEST_REPLY:
                raise bad_body(f"'{where}/{name}' is too long.")
    settings.replies = replace(settings.replies, **changes)
    settings.changed.add("replies")


def _ignore(settings: Settings, value: Any) -> None:
    """What is taken, and has no effect here."""


def _shape(*, ahead_positive: bool) -> Shape:
    def set_hours(settings: Settings, value: Any) -> None:
        _set_hours(ahead_positive, settings, value)

    return Shape(
        "mailboxSettings",
        (
            Member("archiveFolder", lambda view, settings: None),
            Member("timeZone", lambda view, settings: settings.zone, _regional("", "zone", _zone).set),
            _regional(
                "delegateMeetingMessageDeliveryOptions",
                "delivery",
                lambda value: str(word_of(value, "delegateMeetingMessageDeliveryOptions", _DELIVERIES)),
            ),
            _regional("dateFormat", "date_format", _format("dateFormat")),
            _regional("timeFormat", "time_format", _format("timeFormat")),
            Member("userPurpose", lambda view, settings: "user", _ignore),
            Member("automaticRepliesSetting", replies_shown, _set_replies),
            Member("language", _shown_language, _set_language),
            Member("workingHours", lambda view, settings: hours_shown(view, settings.hours), set_hours),
        ),
    )


_SHAPES = {one: _shape(ahead_positive=one) for one in (False, True)}


def shape(call: Call) -> Shape:
    """The shape of settings, with the quirks of this sandbox."""
    return _SHAPES[call.quirks.graph_zones_ahead_positive]
