"""GetEvents: what happened since a watermark, for subscriptions that are asked (pull)."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews import notifications
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, children, filled_text_of, text_of
from exchange_sandbox.store import events

NAME = "GetEvents"


def answer(call: Call, request: Element) -> Element:
    """Give the next events of a subscription, or a StatusEvent when there are none."""
    found = children(request, "m:SubscriptionId", "m:Watermark")
    name, mark = filled_text_of(found["SubscriptionId"]), text_of(found["Watermark"])

    def one(_element: Element) -> Sequence[Element]:
        subscription = call.subscriptions.get(name, call.user.id, call.now)
        if subscription.way != "pull":
            raise EwsError("ErrorInvalidPullSubscriptionId")
        with call.store.read() as db:
            start = notifications.position(db, call.store.guid, call.user.id, mark)
            happened = events.since(db, subscription.wanted, start, notifications.MOST + 1)
            told, more = happened[: notifications.MOST], len(happened) > notifications.MOST
            subscription.position = told[-1].number if more else events.last(db)
            holder = box("m:GetEventsResponseMessage")
            notifications.write(
                holder, db, call.store.guid, subscription, told, call.now,
                style=call.style, watermarks=not call.quirks.events_without_watermark,
                previous=start, more=more,
            )  # fmt: skip
        return list(holder)

    return call.each([found["SubscriptionId"]], one)
