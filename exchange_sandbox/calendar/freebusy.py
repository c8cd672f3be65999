"""When people are busy: out of their calendars, as the availability service tells it (MS-OXWAVLS)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from exchange_sandbox.calendar import series
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.store import folders, groups, mailboxes
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox

DIGITS = {"Free": 0, "Tentative": 1, "Busy": 2, "OOF": 3, "WorkingElsewhere": 4, "NoData": 4}
# how much a state demands: who works elsewhere is less away than who is busy
_WEIGHTS = {"Free": 0, "WorkingElsewhere": 1, "Tentative": 2, "Busy": 3, "OOF": 4, "NoData": 0}
WORDS = ("Free", "WorkingElsewhere", "Tentative", "Busy", "OOF")
_MOST_MEMBERS = 100


def people_of(db: sqlite3.Connection, address: str) -> tuple[list[Mailbox], bool]:
    """Whom an address means, and whether it is a list; raises ErrorMailRecipientNotFound."""
    mailbox = mailboxes.find(db, address)
    if mailbox is not None:
        return [mailbox], False
    if groups.find(db, address) is None:
        raise Refused(Problem.RECIPIENT_NOT_FOUND, "Unable to resolve the email address to a mailbox.")
    members = [mailboxes.find(db, one) for one in groups.expanded(db, [address])]
    found = [one for one in members if one is not None]
    if len(found) > _MOST_MEMBERS:
        raise Refused(Problem.LIST_TOO_LARGE, f"The list has more than {_MOST_MEMBERS} members.")
    return found, True


def events(db: sqlite3.Connection, people: Sequence[Mailbox], start: datetime, end: datetime) -> list[Item]:
    """The appointments of some people between two moments, the earliest first."""
    begin = iso(start)
    found = [
        one
        for person in people
        for one in series.between(db, folders.distinguished(db, person.id, "calendar").id, begin, iso(end))
        if one.bag["End"] > begin
    ]
    return sorted(found, key=lambda one: (str(one.bag["Start"]), one.id))


def busy(event: Item) -> str:
    """What an appointment demands of its owner."""
    return str(event.bag.get("LegacyFreeBusyStatus", "Busy"))


def states(found: Sequence[Item], start: datetime, step: timedelta, count: int) -> list[str]:
    """The most that anything demands in each of ``count`` intervals from ``start``."""
    weights = [0] * count
    for event in found:
        weight = _WEIGHTS[busy(event)]
        begin, end = (datetime.fromisoformat(str(event.bag[key])) - start for key in ("Start", "End"))
        for place in range(max(0, begin // step), min(count, -(-end // step))):
            weights[place] = max(weights[place], weight)
    return [WORDS[weight] for weight in weights]


def merged(found: Sequence[Item], start: datetime, end: datetime, step: timedelta) -> str:
    """MergedFreeBusy: a digit for each interval."""
    count = -(-(end - start) // step)
    return "".join(str(DIGITS[word]) for word in states(found, start, step, count))
