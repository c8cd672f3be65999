"""Unsubscribe."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.xml import Element, children, filled_text_of

NAME = "Unsubscribe"


def answer(call: Call, request: Element) -> Element:
    """End a subscription; a stream that reads it ends too."""
    element = children(request, "m:SubscriptionId")["SubscriptionId"]
    name = filled_text_of(element)

    def one(_element: Element) -> Sequence[Element]:
        call.subscriptions.remove(call.subscriptions.get(name, call.user.id, call.now))
        return []

    return call.each([element], one)
