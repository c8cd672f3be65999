"""Where the server is, for `mailbox.endpoint: autodiscover`: found once a day, remembered in the state
directory, so that a start doesn't hang on servers that only tell where others are."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ackd import own_files
from ackd.errors import ConfigError, Unreachable

if TYPE_CHECKING:
    from ackd.mailbox.ews import Access

AUTODISCOVER = "autodiscover"
FILE, CACHE = "endpoint.json", "autodiscover"
FRESH = timedelta(days=1)


def reached(access: Access, state: Path, now: datetime, *, anew: bool = False) -> Access:
    """The access with the server's address in it. What was found less than a day ago is taken as it
    is, unless it is wanted `anew`; what is older, where no server can be asked. Raises as
    `discovery.discover` does, and ConfigError for a state directory that can't be written."""
    if access.endpoint != AUTODISCOVER:
        return access
    url, at = _remembered(state, access.address)
    if url and at and abs(now - at) < FRESH and not anew:
        return replace(access, endpoint=url)
    from ackd.mailbox.ews.discovery import discover

    try:
        own_files.own_folder(state, "state")
        found = discover(access, state / CACHE)
        _remember(state, access.address, found, now)
    except Unreachable:
        if not url or anew:
            raise
        found = url
    except OSError as error:
        raise ConfigError(f"state: {state} can't be used: {error.strerror or error}") from error
    return replace(access, endpoint=found)


def known(endpoint: str, address: str, state: Path) -> str | None:
    """The server's address as far as it is known without asking anybody."""
    return endpoint if endpoint != AUTODISCOVER else _remembered(state, address)[0]


def _remembered(state: Path, address: str) -> tuple[str | None, datetime | None]:
    own_files.own_file(state / FILE, "state")
    try:
        found = json.loads((state / FILE).read_text(encoding="utf-8"))
        if found["address"] != address.lower():
            return None, None
        return str(found["url"]), datetime.fromisoformat(found["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None


def _remember(state: Path, address: str, url: str, now: datetime) -> None:
    fresh = state / f"{FILE}.new"
    record = json.dumps({"address": address.lower(), "url": url, "at": now.isoformat()})
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(record)
    fresh.replace(state / FILE)
