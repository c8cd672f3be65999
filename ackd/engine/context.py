"""What a pass over a mailbox needs: no files, no process, no configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ackd.engine.triage import Settings
from ackd.ports import Clock, Ledger, Mailbox


@dataclass(slots=True)
class Tally:
    """What a pass did so far, also where an error ended it: mails seen and left, letters that are known to
    be out, and the Message-IDs of what was judged."""

    seen: int = 0
    left: int = 0
    acknowledged: int = 0
    judged: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """A new pass begins."""
        self.seen = self.left = self.acknowledged = 0
        self.judged.clear()


@dataclass(frozen=True, slots=True)
class PassContext:
    """`renewed` is asked before mail is judged: it gives other settings, such as by the owner's time as the
    mailbox tells it now, or None."""

    mailbox: Mailbox
    ledger: Ledger
    clock: Clock
    settings: Settings
    should_stop: Callable[[], bool] = lambda: False
    renewed: Callable[[], Settings | None] = lambda: None
    tally: Tally = field(default_factory=Tally)
