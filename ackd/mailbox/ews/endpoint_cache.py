"""Where the server is, for `mailbox.endpoint: autodiscover`: found once a day, remembered in the state
directory, so that a start doesn't hang on servers that only tell where others are."""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from ackd import own_files
from ackd.errors import ConfigError, Unreachable
from ackd.mailbox.ews.confirmed_hosts import ConfirmedHosts
from ackd.mailbox.ews.discovery import SrvLookup, discover, look_up_srv
from ackd.mailbox.ews.sign_in_offers import Secret
from ackd.model import hosts
from ackd.model.access import Access
from ackd.model.hosts import Asking, Confirm, Unconfirmed, nobody

AUTODISCOVER = "autodiscover"
FILE = "endpoint.json"
FRESH = timedelta(days=1)

log = logging.getLogger(__name__)


def reached(
    access: Access,
    state: Path,
    now: datetime,
    *,
    anew: bool = False,
    is_lost: bool = False,
    confirm: Confirm = nobody,
    secret: Secret | None = None,
    srv: SrvLookup | None = None,
) -> Access:
    """The access with the server's address in it. What was found less than a day ago is taken as it
    is, unless it is wanted `anew`; what is older, where no server can be asked. `is_lost`: the server that
    was found hasn't answered for a while, and may be another one by now.

    The sign-in goes to no host that the owner didn't confirm: before, which is remembered, or now by
    `confirm`. `secret` asks for a password that isn't in the access yet. Raises as `discovery.discover`
    does, and ConfigError for a state directory that can't be written.
    """
    if access.endpoint != AUTODISCOVER:
        return access
    confirmed = ConfirmedHosts(state, access.address)
    url, at = _remembered(state, access.address, confirmed)
    if url and at and abs(now - at) < FRESH and not anew and not is_lost:
        return replace(access, endpoint=url)

    def allow(asking: Asking) -> bool:
        if asking.name in confirmed:
            return True
        if not confirm(asking):
            return False
        confirmed.add(asking.name)
        return True

    try:
        door = discover(access, allow, secret or (lambda: access.password), srv or look_up_srv)
        own_files.own_folder(state, "state")
        _remember(state, access.address, door.endpoint, now)
    except (Unreachable, ConfigError) as error:
        is_new_host = isinstance(error, Unconfirmed)
        if not url or anew or not (is_lost or is_new_host or isinstance(error, Unreachable)):
            raise
        if is_lost and is_new_host:
            raise Unreachable(f"{url} doesn't answer any more. {error}") from error
        log.warning("event=endpoint: %s stays the server's address, it couldn't be asked for: %s", url, error)
        return replace(access, endpoint=url)
    except OSError as error:
        raise ConfigError(f"state: {state} can't be used: {error.strerror or error}") from error
    return replace(access, endpoint=door.endpoint, auth=door.auth)


def _is_trusted(found: dict[str, str], confirmed: ConfirmedHosts) -> bool:
    """Whether a remembered address may be used. What an older ackd wrote, which asked nobody, goes on
    below the owner's domain."""
    place = hosts.place_of(found["url"])
    if place is None:
        return False
    is_old = found.get("host") is None and hosts.is_below(place.host, hosts.domain_of(found["address"]))
    return place.name in confirmed or is_old


def _remembered(state: Path, address: str, confirmed: ConfirmedHosts) -> tuple[str | None, datetime | None]:
    own_files.own_file(state / FILE, "state")
    try:
        found = json.loads((state / FILE).read_text(encoding="utf-8"))
        if found["address"] != address.lower() or not _is_trusted(found, confirmed):
            return None, None
        return str(found["url"]), datetime.fromisoformat(found["at"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, None


def _remember(state: Path, address: str, url: str, now: datetime) -> None:
    shutil.rmtree(state / "autodiscover", ignore_errors=True)  # an older ackd's cache
    fresh = state / f"{FILE}.new"
    place = hosts.place_of(url)
    host = place.name if place else ""
    record = json.dumps({"address": address.lower(), "url": url, "host": host, "at": now.isoformat()})
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(record)
    fresh.replace(state / FILE)
