"""ackd's own properties, as exchangelib's items know them: a mail program's eyes on what ackd writes."""

from __future__ import annotations

from exchangelib import CalendarItem, ExtendedProperty, Message, Task

from ackd.mailbox.ews.fields import (
    ASKER,
    AUTO_RESPONSE_SUPPRESS,
    MOVES,
    PROMISED,
    PROPERTY_SET,
    QUESTION,
    TOKEN,
)


def _string(name: str) -> type[ExtendedProperty]:
    attributes = {"property_set_id": PROPERTY_SET, "property_name": name, "property_type": "String"}
    return type(name.replace("-", "_"), (ExtendedProperty,), attributes)


def _header(name: str) -> type[ExtendedProperty]:
    attributes = {
        "distinguished_property_set_id": "InternetHeaders",
        "property_name": name,
        "property_type": "String",
    }
    return type(name.replace("-", "_"), (ExtendedProperty,), attributes)


class _Suppress(ExtendedProperty):  # type: ignore[misc]
    property_tag = AUTO_RESPONSE_SUPPRESS
    property_type = "Integer"


# registering is global to the process and may be done once: at import
Message.register("ackd_token", _string(TOKEN))
Message.register("ackd_mark", _header("x-ackd"))
Message.register("ackd_auto_submitted", _header("Auto-Submitted"))
Message.register("ackd_suppress", _Suppress)
CalendarItem.register("ackd_token", _string(TOKEN))
Task.register("ackd_token", _string(TOKEN))
Task.register("ackd_question", _string(QUESTION))
Task.register("ackd_asker", _string(ASKER))
Task.register("ackd_promised", _string(PROMISED))
Task.register("ackd_moves", _string(MOVES))
