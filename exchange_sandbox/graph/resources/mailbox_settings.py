"""``mailboxSettings`` as a whole and by its members; which zones and languages there are."""

from __future__ import annotations

import functools
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers

from exchange_sandbox.calendar import zones
from exchange_sandbox.graph import settings
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_body
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View

_PLACE = "mailboxSettings"
_MEMBERS = (
    "archiveFolder", "automaticRepliesSetting", "dateFormat", "delegateMeetingMessageDeliveryOptions",
    "language", "timeFormat", "timeZone", "userPurpose", "workingHours",
)  # fmt: skip


def _get(call: Call) -> Reply:
    shape = settings.shape(call)
    shape.check(call.query)
    with call.store.read() as db:
        view = View(db, call, call.query)
        value = shape.write(view, settings.read(call, db))
    return ok({"@odata.context": call.context(_PLACE), **value})


def _member(name: str) -> Any:
    def handler(call: Call) -> Reply:
        with call.store.read() as db:
            view = View(db, call, call.query)
            value = settings.shape(call).member(name).read(view, settings.read(call, db))
        context = {"@odata.context": call.context(f"{_PLACE}/{name}")}
        return ok(context | (value if isinstance(value, dict) else {"value": value}))

    return handler


def _update(call: Call) -> Reply:
    """The answer has what was set, as it is now."""
    body, shape = call.body(), settings.shape(call)
    names = [name for name in body if "@" not in name]
    if not names:
        raise bad_body("There is nothing to be set.")
    with call.store.write() as db:
        found = settings.read(call, db)
        shape.put(found, body)
        settings.write(call, db, found)
        view = View(db, call, call.query)
        value = shape.write(view, settings.read(call, db), names=names)
    return ok({"@odata.context": call.context(_PLACE), **value})


def _zones(call: Call) -> Reply:
    found = [{"alias": one.id, "displayName": one.name} for one in zones.definitions()]
    context = f"{call.root}/$metadata#Collection(microsoft.graph.timeZoneInformation)"
    return ok({"@odata.context": context, "value": found})


def _languages(call: Call) -> Reply:
    context = f"{call.root}/$metadata#Collection(microsoft.graph.localeInfo)"
    return ok({"@odata.context": context, "value": list(_known_languages())})


@functools.cache
def _known_languages() -> tuple[dict[str, str], ...]:
    """The languages with a country that this machine knows."""
    found = []
    for name in sorted(locale_identifiers()):
        if name.count("_") == 1 and name[-2:].isupper():
            try:
                shown = Locale.parse(name).get_display_name("en")
            except UnknownLocaleError:
                continue
            found.append({"locale": name.replace("_", "-"), "displayName": str(shown)})
    return tuple(found)


ROUTES = (
    Route("GET", _PLACE, "mailboxSettings.get", _get, "MailboxSettings"),
    Route("PATCH", _PLACE, "mailboxSettings.update", _update, "MailboxSettings"),
    *(
        Route("GET", f"{_PLACE}/{name}", "mailboxSettings.get", _member(name), "MailboxSettings")
        for name in _MEMBERS
    ),
    Route("GET", "outlook/supportedTimeZones", "supportedTimeZones", _zones, "User"),
    Route("GET", "outlook/supportedLanguages", "supportedLanguages", _languages, "User"),
)
