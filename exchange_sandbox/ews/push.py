"""Push: the server calls the client's address with SendNotification and hears whether to go on.

It calls this machine alone, since nothing leaves the sandbox: other addresses are taken, and never reached.
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from exchange_sandbox.ews import notifications, soap, xml
from exchange_sandbox.ews.call import Call, Messages, box
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.subscriptions import Subscription
from exchange_sandbox.ews.xml import tag
from exchange_sandbox.store import events
from exchange_sandbox.store.events import Event

log = logging.getLogger(__name__)

_LOOK = 1.0  # seconds after which it looks for what another process wrote
_TRIES = 3
_PATIENCE = 10.0  # seconds for the client's answer
_LARGEST_ANSWER = 64 * 1024


def checked(url: str) -> str:
    """The client's address; raises ErrorInvalidPushSubscriptionUrl for what is no address of the web."""
    try:
        place = urlsplit(url.strip())
        is_one = place.scheme in ("http", "https") and bool(place.hostname) and place.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise EwsError("ErrorInvalidPushSubscriptionUrl")
    return url.strip()


def _is_here(url: str) -> bool:
    place = urlsplit(url)
    try:
        return place.scheme == "http" and ipaddress.ip_address(place.hostname or "").is_loopback
    except ValueError:
        return place.scheme == "http" and place.hostname == "localhost"


def start(call: Call, subscription: Subscription, url: str, every: timedelta) -> None:
    """Tell a client of events from now on, and each ``every`` that the server is there."""
    if not _is_here(url):
        log.info("event=push-elsewhere nothing leaves the sandbox")
        return
    threading.Thread(
        target=_tell, args=(call, subscription, url, every.total_seconds()), name="sandbox-push", daemon=True
    ).start()


def _tell(call: Call, one: Subscription, url: str, every: float) -> None:
    """Until the client does not want to hear more, or cannot be reached in some tries."""
    subscriptions, failures, spoken = call.subscriptions, 0, time.monotonic()
    while not subscriptions.closed and subscriptions.is_there(one) and failures < _TRIES:
        version = subscriptions.version
        with call.store.read() as db:
            happened = events.since(db, one.wanted, one.position, notifications.MOST)
            message = _message(call, one, happened)
        if not happened and time.monotonic() - spoken < every:
            subscriptions.wait(version, _LOOK)
            continue
        spoken = time.monotonic()
        status = _posted(url, message)
        if status == "OK":
            failures = 0
            one.position = happened[-1].number if happened else one.position
        elif status == "Unsubscribe":
            break
        else:
            failures += 1
            subscriptions.wait(subscriptions.version, _LOOK)
    if not subscriptions.closed:
        subscriptions.remove(one)


def _message(call: Call, one: Subscription, happened: Sequence[Event]) -> bytes:
    holder = box("m:SendNotificationResponseMessage")
    with call.store.read() as db:
        notifications.write(
            holder, db, call.store.guid, one, happened, call.clock(), style=call.style, previous=one.position
        )
    messages = Messages("SendNotification")
    messages.success(list(holder))
    messages.element.tag = tag("m:SendNotification")  # a request that has the shape of an answer
    return soap.answer(messages.element)


def _posted(url: str, data: bytes) -> str | None:
    """What the client answers: OK, Unsubscribe, or None if it cannot be understood."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=_PATIENCE)
    head = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": '"http://schemas.microsoft.com/exchange/services/2006/messages/SendNotification"',
    }
    try:
        connection.request("POST", place.path or "/", data, head)
        response = connection.getresponse()
        answer = response.read(_LARGEST_ANSWER)
        if response.status != 200:
            return None
        return (xml.parse(answer).findtext(f".//{tag('m:SubscriptionStatus')}") or "").strip()
    except (OSError, http.client.HTTPException, xml.XmlRefused) as error:
        log.info("event=push-failed %s", error)
        return None
    finally:
        connection.close()
