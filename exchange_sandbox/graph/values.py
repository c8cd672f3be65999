"""Values that several resources have: people, bodies, moments in a zone, flags, words."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

from exchange_sandbox.calendar import zones
from exchange_sandbox.clock import iso
from exchange_sandbox.graph import filters
from exchange_sandbox.graph.errors import bad_body, bad_request
from exchange_sandbox.graph.shape import View, dict_of, inner, list_of, text_of, word_of
from exchange_sandbox.mime import bodies, export
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, FlagStatus, Importance, Key, Sensitivity

IMPORTANCE: dict[str, Any] = {"low": Importance.LOW, "normal": Importance.NORMAL, "high": Importance.HIGH}
SENSITIVITY: dict[str, Any] = {one.value: one for one in Sensitivity}
BODY_TYPE: dict[str, Any] = {"text": BodyType.TEXT, "html": BodyType.HTML}
FLAG: dict[str, Any] = {
    "notFlagged": FlagStatus.NOT_FLAGGED,
    "flagged": FlagStatus.FLAGGED,
    "complete": FlagStatus.COMPLETE,
}
_PREVIEW = 255  # characters
_FLAG_DATES = (
    ("startDateTime", "start_date"),
    ("dueDateTime", "due_date"),
    ("completedDateTime", "completed"),
)


def word(words: dict[str, Any], meaning: Any) -> str:
    """The word of an enumeration for a value of the store's."""
    return next(name for name, one in words.items() if one == meaning)


# people


def recipient(mailbox: dict[str, Any] | None) -> dict[str, Any] | None:
    """A mailbox as a ``recipient``."""
    if not mailbox:
        return None
    name, address = mailbox.get("name") or mailbox.get("address", ""), mailbox.get("address", "")
    return {"emailAddress": {"name": name, "address": address}}


def recipients(mailboxes: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Mailboxes as ``recipient``s."""
    return [one for one in map(recipient, mailboxes or ()) if one]


def parsed_recipient(value: Any, name: str) -> dict[str, str]:
    """A client's ``recipient`` as a mailbox; raises GraphError."""
    found = inner(dict_of(value, name), "emailAddress")
    address = inner(dict_of(found, f"{name}/emailAddress"), "address")
    shown = inner(found, "name")
    text = text_of(address, f"{name}/emailAddress/address").strip()
    return {"name": text_of(shown, name) if shown else text, "address": text}


def parsed_recipients(value: Any, name: str) -> list[dict[str, str]]:
    """A client's ``recipient``s as mailboxes; raises GraphError."""
    return [parsed_recipient(one, name) for one in list_of(value, name)]


# bodies


def body(view: View, item: Item) -> dict[str, str]:
    """An item's body, of the type that the client prefers; HTML where it says nothing, as Graph does."""
    prefer = view.call.prefer
    found = text_body(view, item, prefer.body_type or BodyType.HTML)
    is_raw = prefer.raw_html or found["type"] != BodyType.HTML
    text = found["text"] if is_raw else bodies.without_what_runs(found["text"])
    return {"contentType": found["type"], "content": text}


def text_body(view: View, item: Item, wanted: str) -> dict[str, str]:
    """An item's body as HTML, as text, or as it was written (``best``)."""
    stored = {"type": item.bag.get(Key.BODY_TYPE, BodyType.TEXT), "text": export.body_text(view.db, item)}
    return bodies.converted(stored, wanted)


def preview(view: View, item: Item) -> str:
    """The beginning of the text."""
    text = text_body(view, item, BodyType.TEXT)["text"]
    return text[: 4 * _PREVIEW].strip()[:_PREVIEW]


def unique_body(view: View, item: Item) -> dict[str, str]:
    """What is new in the body, above what it quotes."""
    text = bodies.unique_text(text_body(view, item, BodyType.TEXT)["text"])
    wanted = view.call.prefer.body_type or BodyType.HTML
    found = bodies.converted({"type": BodyType.TEXT, "text": text}, wanted)
    return {"contentType": found["type"], "content": found["text"]}


def parsed_body(value: Any, name: str = "body") -> dict[str, str]:
    """A client's ``itemBody`` as a body; raises GraphError."""
    found = dict_of(value, name)
    kind = inner(found, "contentType")
    content = inner(found, "content")
    return {
        "type": BodyType.TEXT if kind is None else word_of(kind, f"{name}/contentType", BODY_TYPE),
        "text": "" if content is None else text_of(content, f"{name}/content"),
    }


# moments


def in_zone(moment: str | None, zone: tzinfo = UTC, name: str = "UTC") -> dict[str, str] | None:
    """A moment of the store's as a ``dateTimeTimeZone``, with seven digits behind the seconds."""
    if not moment:
        return None
    local = datetime.fromisoformat(moment).astimezone(zone)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond:06d}0", "timeZone": name}


def zone_named(name: Any, where: str) -> tuple[tzinfo, str]:
    """The zone of a Windows or IANA name, and its Windows name; raises GraphError."""
    found = zones.named(text_of(name, where))
    if found is None:
        raise bad_request(
            f"The time zone '{name[:60]}' of '{where}' isn't known.", "TimeZoneNotSupportedException"
        )
    return found


def parsed_in_zone(value: Any, name: str) -> tuple[datetime, str]:
    """A client's ``dateTimeTimeZone``: the moment, in the zone, and the zone's Windows name; raises
    GraphError."""
    found = dict_of(value, name)
    zone, zone_name = zone_named(inner(found, "timeZone") or "UTC", f"{name}/timeZone")
    text = text_of(inner(found, "dateTime"), f"{name}/dateTime")
    moment = filters.moment(text)
    if moment is None:
        raise bad_body(f"Cannot convert the literal '{text[:40]}' of '{name}' to a date and a time.")
    has_offset = text.endswith("Z") or (text[-6:-5] in ("+", "-") and "T" in text)
    try:
        local = moment.astimezone(zone) if has_offset else moment.replace(tzinfo=zone)
        local.astimezone(UTC)
    except OverflowError as error:
        raise bad_body(f"'{text[:40]}' of '{name}' is no date that a calendar has.") from error
    return local, zone_name


def parsed_moment_in_zone(value: Any, name: str) -> str:
    """A client's ``dateTimeTimeZone`` as a moment of the store's; raises GraphError."""
    return iso(parsed_in_zone(value, name)[0])


# flags


def flag(item: Item) -> dict[str, Any]:
    """The flag for following up."""
    kept = item.bag.get(Key.FLAG, {})
    out: dict[str, Any] = {"flagStatus": word(FLAG, kept.get("status", FlagStatus.NOT_FLAGGED))}
    for name, key in _FLAG_DATES:
        if kept.get(key):
            out[name] = in_zone(kept[key])
    return out


def parsed_flag(value: Any) -> dict[str, Any]:
    """A client's flag as the store keeps it; raises GraphError."""
    found = dict_of(value, "flag")
    status = inner(found, "flagStatus")
    out: dict[str, Any] = {
        "status": FlagStatus.FLAGGED if status is None else word_of(status, "flag/flagStatus", FLAG)
    }
    for name, key in _FLAG_DATES:
        given = inner(found, name)
        if given is not None:
            out[key] = parsed_moment_in_zone(given, f"flag/{name}")
    return out


def categories_of(value: Any) -> list[str]:
    """A client's categories, each once; raises GraphError."""
    return list(dict.fromkeys(text_of(one, "categories") for one in list_of(value, "categories")))
