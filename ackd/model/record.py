"""What the ledger takes and gives, and what a pass did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.model.letter_name import LetterName
from ackd.model.mail import Mail
from ackd.model.promise import Effect, Promise
from ackd.model.verdict import Verdict

#: How long a lease lasts that isn't given back.
LEASE_TIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a question would get in another mode than preview: the letter, None for its task alone, and
    the date of the promise."""

    due: datetime
    letter: LetterName | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A mail with its verdict and, where it is to be acknowledged, the promise and effects; in preview mode
    with what they would be instead."""

    mail: Mail
    verdict: Verdict
    promise: Promise | None = None
    effects: tuple[Effect, ...] = ()
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """An effect together with the promise that it belongs to."""

    effect: Effect
    promise: Promise


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision as the ledger keeps it: who and why, without the mail's text. `closed` says in
    words why its promise isn't open any more."""

    message_id: str
    sender: str
    received: datetime
    decided: datetime
    mode: str
    verdict: Verdict
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """An acknowledgement that counts against the limits, to whom and when; `at` is None of one that is
    planned, which goes out after any moment. When one went out that a rebuilt ledger only knows from its task
    isn't known: an asker isn't written to too soon again, but they don't count as many in a short time."""

    asker: str
    at: datetime | None
    is_rebuilt: bool = False

    def counts(self, since: datetime, asker: str | None) -> bool:
        """Whether it counts since a moment, among those to one asker or to all."""
        is_meant = not self.is_rebuilt if asker is None else self.asker == asker
        return is_meant and (self.at is None or self.at > since)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to act on a mailbox: the name under which it is kept, and when we took it
    (seconds of a clock that counts through suspension)."""

    key: str
    taken: float


@dataclass(frozen=True, slots=True)
class ForeignLease:
    """Another ackd's lease: its name, who holds it, and since when by the server's clock."""

    key: str
    holder: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What one pass did, as `ackd once --json` prints it. `drafts` are letters that wait in Drafts for
    the owner to send them, in whichever mode they were written."""

    seen: int = 0
    acknowledged: int = 0
    left: int = 0
    parked: int = 0
    open_promises: int = 0
    drafts: int = 0
