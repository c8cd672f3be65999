"""MAPI properties as Graph names them. With the property set and the names of the other backend, so that each
recognises what the other wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ackd.mailbox import own_properties
from ackd.mailbox.graph.answers import entries, text

NAME = "singleValueExtendedProperties"


def own(name: str) -> str:
    """The id of one of ackd's own."""
    return f"String {{{own_properties.PROPERTY_SET}}} Name {name}"


TOKEN, START_MARK = own(own_properties.TOKEN), own(own_properties.START_MARK)
HOLDER, STAGE = own(own_properties.HOLDER), own(own_properties.STAGE)

# MS-OXPROPS
HEADERS = "String 0x7D"  # PidTagTransportMessageHeaders
CLASS = "String 0x1A"  # PidTagMessageClass
IN_REPLY_TO = "String 0x1042"  # PidTagInReplyToId
REFERENCES = "String 0x1039"  # PidTagInternetReferences
LAST_VERB = "Integer 0x1081"  # PidTagLastVerbExecuted
SUPPRESS = "Integer 0x3FDF"  # PidTagAutoResponseSuppress
AUTO_FORWARDED = "Boolean 0x5"  # PidTagAutoForwarded
SENSITIVITY = "Integer 0x36"  # PidTagSensitivity
PLAIN_BODY = "String 0x1000"  # PidTagBody
SENDER_SMTP = "String 0x5D02"  # PidTagSentRepresentingSmtpAddress
RECEIVED_BY = "String 0x76"  # PidTagReceivedByEmailAddress
CREATED = "SystemTime 0x3007"  # PidTagCreationTime


def expand(ids: Iterable[str]) -> str:
    """The `$expand` that shows them."""
    wanted = " or ".join(f"id eq '{one}'" for one in ids)
    return f"{NAME}($filter={wanted})"


def has(own_id: str, value: str) -> str:
    """A `$filter` for things whose property has this value."""
    return f"{NAME}/any(ep: ep/id eq '{own_id}' and ep/value eq '{quoted(value)}')"


def quoted(value: str) -> str:
    """A text inside the apostrophes of a filter."""
    return value.replace("'", "''")


def given(values: Mapping[str, str]) -> list[dict[str, str]]:
    """The member of a body that sets them."""
    return [{"id": own_id, "value": value} for own_id, value in values.items()]


def of(thing: Mapping[str, Any], own_id: str) -> str | None:
    """A property's value; None where the thing doesn't show it. Ids are compared as what they name: they come
    back in another spelling."""
    wanted = _parsed(own_id)
    for one in entries(thing, NAME):
        if _parsed(text(one, "id")) == wanted:
            value = one.get("value")
            return value if isinstance(value, str) else None
    return None


def _parsed(own_id: str) -> tuple[int | str, ...]:
    """What an id names: a tag, or a name in a set."""
    words = own_id.strip().split(maxsplit=3)
    if len(words) == 2 and re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", words[1]):
        return (int(words[1], 16),)
    if len(words) == 4:
        return (words[1].strip("{}").lower(), words[2].lower(), words[3])
    return (own_id,)
