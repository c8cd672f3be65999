"""Sending held back: by the owner (`ackd pause`), or by the circuit breaker when a cap trips.

While it holds, mail is judged and recorded, nothing is sent, and what is left unsent stays so
(docs/design.md, silence C and E). The owner ends it with `ackd resume`.

Service and commands write it side by side, so it changes by compare-and-set alone.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from ackd.engine import promises
from ackd.letters.notices import hold_notice
from ackd.letters.owner_mail import OwnerMail
from ackd.letters.promise_entries import Entries
from ackd.model import NOTICES, Cap, CapPeriod, Effect, EffectKind
from ackd.ports import Ledger

log = logging.getLogger(__name__)

KEY, RESUMED = "hold", "resumed"
PAUSED = "paused by you"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing is sent, since when (ISO 8601), and whether the owner knows. Of the circuit breaker's
    the cap that tripped: how many `per` which time."""

    why: str
    since: str
    told: bool = False
    most: int = 0
    per: str = ""

    @property
    def cap(self) -> Cap | None:
        """The cap that tripped; None for the owner's hold, and for one of an earlier ackd."""
        return Cap(self.most, CapPeriod(self.per)) if self.per else None

    @property
    def is_owners(self) -> bool:
        """Whether the owner holds, and no cap."""
        return self.why == PAUSED

    def dump(self) -> str:
        return json.dumps(asdict(self))


def current(ledger: Ledger) -> Hold | None:
    """The hold in force."""
    return _read(ledger.value(KEY))


def pause(ledger: Ledger, now: datetime) -> Hold:
    """Hold by the owner's wish; a hold in force stays as it is."""
    mine = Hold(PAUSED, now.isoformat(timespec="seconds"), told=True)
    while (held := current(ledger)) is None:
        ledger.swap(KEY, None, mine.dump())
    return held


def resume(ledger: Ledger, now: datetime) -> int:
    """End the hold that is in force. What was left unsent is withdrawn, not sent; returns how many.
    Where nothing is held, nothing was left unsent, and nothing is withdrawn. A hold that begins
    meanwhile stays."""
    value = ledger.value(KEY)
    ended = _read(value)
    if ended is None:
        return 0
    withdrawn = promises.withdraw_unsent(ledger, now, f"{promises.UNSENT} while sending was held")
    ledger.remember(RESUMED, now.isoformat())
    while _is_same(ended, _read(value)) and not ledger.swap(KEY, value, None):
        value = ledger.value(KEY)  # the service wrote meanwhile that the owner was told
    return withdrawn


def tell(ledger: Ledger, held: Hold) -> bool:
    """Write down that the owner is told of a hold; False where it isn't in force any more, or the
    owner was told."""
    value = ledger.value(KEY)
    return _read(value) == held and ledger.swap(KEY, value, replace(held, told=True).dump())


def _read(value: str | None) -> Hold | None:
    return Hold(**json.loads(value)) if value else None


def _is_same(one: Hold, other: Hold | None) -> bool:
    return other is not None and (one.why, one.since) == (other.why, other.since)


def counted_from(ledger: Ledger, since: datetime) -> datetime:
    """From when on acknowledgements count against the caps: `resume` starts the count anew."""
    resumed = ledger.value(RESUMED)
    return max(since, datetime.fromisoformat(resumed)) if resumed else since


def tripped(why: str, now: datetime, cap: Cap | None = None) -> Hold:
    """The circuit breaker's hold."""
    held = Hold(f"circuit breaker: {why}", now.isoformat(timespec="seconds"))
    return replace(held, most=cap.most, per=cap.per.value) if cap else held


def plan_notice(ledger: Ledger, now: datetime) -> None:
    """Plan the mail that tells the owner of the hold in force, once."""
    held = current(ledger)
    if held is None or held.told:
        return
    promises.plan_notice(ledger, Effect(EffectKind.HOLD_NOTICE, NOTICES, now, occasion=held.since))
    if tell(ledger, held):
        log.warning("event=held: %s", held.why)


def notice(ledger: Ledger, effect: Effect, entries: Entries) -> OwnerMail | None:
    """The mail that tells the owner; None where that hold isn't in force any more."""
    held = current(ledger)
    if held is None or held.since != effect.occasion:
        return None
    return hold_notice(held.cap, held.why, datetime.fromisoformat(held.since), entries)
