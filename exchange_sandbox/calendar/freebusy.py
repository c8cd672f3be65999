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
from exchange_sandbox.store.schema import BusyStatus, Key

DIGITS = {one: min(number, 4) for number, one in enumerate(BusyStatus)}
# how much a state demands: who works elsewhere is less away than who is busy
WORDS = (BusyStatus.FREE, BusyStatus.ELSEWHERE, BusyStatus.TENTATIVE, BusyStatus.BUSY, BusyStatus.AWAY)
_WEIGHTS = {**{one: number for number, one in enumerate(WORDS)}, BusyStatus.NO_DATA: 0}
_MOST_MEMBERS = 100


def people_of(db: sqlite3.Connection, address: str) -> tuple[list[Mailbox], bool]:
    """Whom an address means, and whether it is a list; raises Problem.RECIPIENT_NOT_FOUND."""
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
        if one.bag[Key.END] > begin
    ]
    return sorted(found, key=lambda one: (str(one.bag[Key.START]), one.id))


def busy(event: Item) -> BusyStatus:
    """What an appointment demands of its owner."""
    return BusyStatus(event.bag.get(Key.BUSY_STATUS, BusyStatus.BUSY))


def states(found: Sequence[Item], start: datetime, step: timedelta, count: int) -> list[BusyStatus]:
    """The most that anything demands in each of ``count`` intervals from ``start``."""
    weights = [0] * count
    for event in found:
        weight = _WEIGHTS[busy(event)]
        begin, end = (datetime.fromisoformat(str(event.bag[key])) - start for key in (Key.START, Key.END))
        for place in range(max(0, begin // step), min(count, -(-end // step))):
            weights[place] = max(weights[place], weight)
    return [WORDS[weight] for weight in weights]


def merged(found: Sequence[Item], start: datetime, end: datetime, step: timedelta) -> str:
    """MergedFreeBusy: a digit for each interval."""
    count = -(-(end - start) // step)
    return "".join(str(DIGITS[word]) for word in states(found, start, step, count))
