"""The people of events: who is invited and what they answered, who organizes."""

from __future__ import annotations

from typing import Any

from exchange_sandbox.calendar.appointments import ATTENDEES
from exchange_sandbox.calendar.settle import RECEIVED
from exchange_sandbox.graph import values
from exchange_sandbox.graph.changing import Change
from exchange_sandbox.graph.errors import bad_request
from exchange_sandbox.graph.shape import View, dict_of, inner, list_of, moment, word_of
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, Response

_NEVER = "0001-01-01T00:00:00Z"
_RESPONSES = {
    Response.UNKNOWN: "none",
    Response.ORGANIZER: "organizer",
    Response.TENTATIVE: "tentativelyAccepted",
    Response.ACCEPTED: "accepted",
    Response.DECLINED: "declined",
    Response.NONE: "notResponded",
}
_ROLES: dict[str, Any] = {
    "required": Key.REQUIRED_ATTENDEES,
    "optional": Key.OPTIONAL_ATTENDEES,
    "resource": Key.RESOURCES,
}


def is_organizer(item: Item) -> bool:
    """Whether it is its owner's own, and not one to which somebody else invited."""
    return not item.bag.get(Key.MEETING_STATE, 0) & RECEIVED


def shown(view: View, item: Item) -> list[dict[str, Any]]:
    """Who is invited."""
    return [_attendee(view, role, one) for role, key in _ROLES.items() for one in item.bag.get(key, ())]


def _attendee(view: View, role: str, one: dict[str, Any]) -> dict[str, Any]:
    answer = _RESPONSES[Response(one.get("response", Response.UNKNOWN))]
    out = {
        "type": role,
        "status": {
            "response": "none" if answer == "notResponded" else answer,
            "time": moment(one.get("time")) or _NEVER,
        },
        **(values.recipient(one) or {}),
    }
    if one.get("start") and one.get("end"):
        prefer = view.call.prefer
        out["proposedNewTime"] = {
            name: values.in_zone(one[name], prefer.zone, prefer.zone_name) for name in ("start", "end")
        }
    return out


def put(change: Change, value: Any) -> None:
    """Invite whom a client gives; those who were there before keep what they answered. Raises GraphError."""
    bag = change.item.bag
    known = {one["address"].lower(): one for key in ATTENDEES for one in bag.get(key, ())}
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in ATTENDEES}
    for one in list_of(value, "attendees"):
        about = dict_of(one, "attendees")
        person = values.parsed_recipient(about, "attendees")
        if not person["address"]:
            raise bad_request("At least one recipient isn't valid.", "ErrorInvalidRecipients")
        role = inner(about, "type")
        key = Key.REQUIRED_ATTENDEES if role is None else word_of(role, "attendees/type", _ROLES)
        found[key].append({**known.get(person["address"].lower(), {}), **person})
    for key in ATTENDEES:
        if found[key] or key in bag:
            change.put(key, found[key] or None)


def organizer(view: View, item: Item) -> dict[str, Any] | None:
    """Who organizes an event."""
    owner = view.call.user
    usual = {"name": owner.name, "address": owner.address} if is_organizer(item) else None
    return values.recipient(item.bag.get(Key.ORGANIZER) or usual)


def response(view: View, item: Item) -> dict[str, str]:
    """What the owner answered."""
    own_answer = Response.ORGANIZER if is_organizer(item) else Response.NONE
    answer = Response(item.bag.get(Key.MY_RESPONSE) or own_answer)
    return {"response": _RESPONSES[answer], "time": moment(item.bag.get(Key.REPLIED)) or _NEVER}
