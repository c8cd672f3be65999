"""Moments by clocks that nobody sets, so that a wait is as long as it says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

#: A clock that went back further than this was set: it tells nothing of what passed.
SET_BACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment by the server's clock, where it tells its time, and by the seconds since this machine's
    boot. `boot` names what the seconds are counted from; "" where they can't be compared."""

    server: datetime | None
    boot: str
    ticks: float

    def dump(self) -> str:
        """The stamp as the ledger's single values keep it."""
        server = self.server.isoformat() if self.server else None
        return json.dumps({"server": server, "boot": self.boot, "ticks": self.ticks})


def load_stamp(value: str | None) -> Stamp | None:
    """A stamp that was kept; None for what isn't one, such as the plain moment of an earlier ackd."""
    try:
        kept = json.loads(value or "")
        server = datetime.fromisoformat(kept["server"]) if kept["server"] else None
        return Stamp(server, str(kept["boot"]), float(kept["ticks"]))
    except (ValueError, TypeError, KeyError):
        return None


def passed(since: Stamp | None, now: Stamp) -> timedelta | None:
    """How much time has passed for certain: the least that a clock tells. None where none does, after
    a restart or on another machine, with a server that doesn't tell its time, and where a clock was
    set back meanwhile: then the wait is counted anew."""
    if since is None:
        return None
    told: list[timedelta] = []
    if since.server is not None and now.server is not None:
        told.append(now.server - since.server)
    if since.boot and since.boot == now.boot:
        told.append(timedelta(seconds=now.ticks - since.ticks))
    if not told or min(told) < -SET_BACK:
        return None
    return max(min(told), timedelta(0))
