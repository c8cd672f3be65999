"""What `ackd log` asks of the ledger, and one line of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ackd.model.promise import Effect, Promise
from ackd.model.record import Forecast, Judged


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which decisions are meant: all conditions that are set must hold.

    `since` and `until` (exclusive) are about the moment of the decision. `rules` are names of
    rules or of the owner's own rules, one of which must have had its say. `sender` is a glob
    (`*` any characters, `?` one). `own`: also ackd's own mails to the owner . Of more than
    `limit` decisions the newest are meant.
    """

    message_ids: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    acknowledged: bool | None = None
    rules: tuple[str, ...] = ()
    sender: str = ""
    own: bool = True
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A decision with what was promised and what became of it; in preview mode with what would have been."""

    judged: Judged
    promise: Promise | None = None
    effects: tuple[Effect, ...] = ()
    forecast: Forecast | None = None
