"""When a mailbox's turn is, and what follows from a pass that failed. Pure."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable
from datetime import timedelta

from ackd.errors import AccessBlocked, AckdError, ClocksApart, Retry, SignInRefused

LONGEST_WAIT = timedelta(minutes=5)  # where the server asked for nothing
LONGEST_BLOCKED = timedelta(hours=1)  # where it said no (403): that doesn't change soon
LONGEST_REFUSED = timedelta(minutes=1)  # of a sign-in, whose guard knows when it may be tried
#: Seconds between two looks whose turn is; each divides a minute.
_TICKS = (1, 2, 3, 4, 5)


def tick(poll: timedelta) -> int:
    """How many seconds apart the looks are."""
    most = poll.total_seconds() / 12
    return max((one for one in _TICKS if one <= most), default=1)


def turn(address: str, poll: timedelta) -> float:
    """At which second of each interval a mailbox's turn is: the same on every machine, and those of many
    mailboxes spread evenly."""
    return zlib.crc32(address.encode()) / 2**32 * poll.total_seconds()


def whose_turn(addresses: Iterable[str], timestamp: float, poll: timedelta) -> list[str]:
    """Whose turn is in the tick that begins at a moment (seconds since the epoch)."""
    seconds = poll.total_seconds()
    width = tick(poll)
    if seconds <= width:
        return list(addresses)
    begins = timestamp % seconds
    return [one for one in addresses if (turn(one, poll) - begins) % seconds < width]


def wait_after(error: BaseException, attempts: int, poll: timedelta) -> timedelta:
    """How long a mailbox waits after a pass that failed, by how far its error reaches; nobody else waits. At
    least as long as the server asked for, longer each time, with jitter so that many don't come back at
    once."""
    if isinstance(error, SignInRefused):
        return min(error.wait or LONGEST_REFUSED, LONGEST_REFUSED)
    if isinstance(error, AckdError) and error.retry is Retry.NEVER:
        return LONGEST_WAIT
    asked = error.wait if isinstance(error, AckdError) else None
    longest = LONGEST_BLOCKED if isinstance(error, AccessBlocked) else LONGEST_WAIT
    grown = poll if isinstance(error, ClocksApart) else min(poll * 2 ** min(attempts, 10), longest)
    jitter = random.uniform(1.0, 1.2)
    return max(asked * jitter, grown) if asked else grown * jitter
