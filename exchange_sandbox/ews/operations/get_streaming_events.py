"""GetStreamingEvents: a connection that stays open and tells of events as they happen."""

from __future__ import annotations

import time
from collections.abc import Generator
from datetime import UTC, timedelta

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import notifications
from exchange_sandbox.ews.call import Call, Messages, box
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties.kinds import Integer
from exchange_sandbox.ews.subscriptions import Subscription
from exchange_sandbox.ews.xml import Element, children, filled_text_of, listed, sub
from exchange_sandbox.store import events

NAME = "GetStreamingEvents"
_HEARTBEAT = 30.0  # seconds after which a silent stream says that it is alive
_LOOK = 1.0  # seconds after which it looks for what another process wrote


def answer(call: Call, request: Element) -> Element | Generator[Element]:
    """Tell of the events of several subscriptions until a number of minutes are over.

    The answers, each an envelope of its own, come one after the other: first the status OK, then
    notifications as there is something to tell, at the end the status Closed.
    """
    found = children(request, "m:SubscriptionIds", "m:ConnectionTimeout")
    names = [filled_text_of(one) for one in listed(found["SubscriptionIds"], "t:SubscriptionId")]
    minutes = Integer(1, 30).parse(found["ConnectionTimeout"], UTC)
    wanted: list[Subscription] = []
    failed: list[tuple[str, EwsError]] = []
    for name in names:
        try:
            one = call.subscriptions.get(name, call.user.id, call.now)
            if one.way != "streaming":
                raise EwsError("ErrorInvalidSubscription")
            wanted.append(one)
        except Refused as failure:
            error = in_ews(failure)
            failed.append((name, error))
    if failed:
        return _refused(call, failed)
    return _stream(call, wanted, minutes)


def _refused(call: Call, failed: list[tuple[str, EwsError]]) -> Element:
    messages = Messages(call.operation)
    messages.error(failed[0][1])
    message = messages.element[0][0]
    listing = sub(message, "m:ErrorSubscriptionIds")
    for name, _ in failed:
        sub(listing, "m:SubscriptionId", name)  # in this namespace, as with notifications
    sub(message, "m:ConnectionStatus", "Closed")
    return messages.element


def _stream(call: Call, wanted: list[Subscription], minutes: int) -> Generator[Element]:
    end = call.now + timedelta(minutes=minutes)
    me = object()
    for one in wanted:
        one.reader = me
    yield _status(call, "OK")
    heard = time.monotonic()
    while True:
        version, now = call.subscriptions.version, call.clock()
        mine = [one for one in wanted if one.reader is me and call.subscriptions.is_there(one)]
        call.subscriptions.keep(mine, now)
        told = _told(call, mine)
        if told is not None:
            yield told
        elif not mine or now >= end or call.subscriptions.closed:
            break
        elif time.monotonic() - heard > _HEARTBEAT:
            yield _status(call, "OK")
        else:
            call.subscriptions.wait(version, _LOOK)
            continue
        heard = time.monotonic()
    taken = [
        (one.id, EwsError("ErrorNewEventStreamConnectionOpened")) for one in wanted if one.reader is not me
    ]
    yield _refused(call, taken) if taken else _status(call, "Closed")


def _told(call: Call, mine: list[Subscription]) -> Element | None:
    """The next events of all subscriptions, None if nothing happened."""
    listing = box("m:Notifications")
    with call.store.read() as db:
        for one in mine:
            happened = events.since(db, one.wanted, one.position, notifications.MOST)
            if happened:
                notifications.write(
                    listing,
                    db,
                    call.store.guid,
                    one,
                    happened,
                    call.clock(),
                    style=call.style,
                    watermarks=False,
                )
                one.position = happened[-1].number
    if not len(listing):
        return None
    messages = Messages(call.operation)
    messages.success([listing])
    return messages.element


def _status(call: Call, status: str) -> Element:
    element = box("m:ConnectionStatus")
    element.text = status
    messages = Messages(call.operation)
    messages.success([element])
    return messages.element
