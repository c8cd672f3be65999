"""Sending held back: all of it by the owner (`ackd pause`), or what exceeds a cap by the circuit breaker.

While the owner holds, mail is judged and recorded, nothing is sent, and what is left unsent stays so
(docs/design.md, silence C and E), until `ackd resume`. The breaker holds the letters that exceed its cap and
no other: what was planned below it goes, and so does what comes once there is room again. Its hold tells
that some are held; it ends by `ackd resume`, or when nothing was held for as long as the cap counts.

Service and commands write it side by side, so it changes by compare-and-set alone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from ackd.engine import promises
from ackd.letters.notices import hold_notice
from ackd.letters.owner_mail import OwnerMail
from ackd.letters.promise_entries import Entries
from ackd.model import NOTICES, Cap, CapPeriod, Effect, EffectKind, ValueKey
from ackd.ports import Ledger

log = logging.getLogger(__name__)

PAUSED = "paused by you"
BY_ADMINISTRATOR = "paused by the administrator"
_PERIODS = {CapPeriod.HOUR: timedelta(hours=1), CapPeriod.DAY: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Hold:
    """Why letters are held, since when (ISO 8601), and whether the owner knows. Of the circuit breaker's
    the cap that tripped, how many `per` which time, and when it held a letter last."""

    why: str
    since: str
    told: bool = False
    most: int = 0
    per: str = ""
    last: str = ""

    @property
    def cap(self) -> Cap | None:
        """The cap that tripped; None for the owner's hold, and for one of an earlier ackd."""
        return Cap(self.most, CapPeriod(self.per)) if self.per else None

    @property
    def is_owners(self) -> bool:
        """Whether the owner holds, and no cap."""
        return self.why == PAUSED

    @property
    def stops_all(self) -> bool:
        """Whether no letter at all goes: the owner holds, or an earlier ackd, which named no cap."""
        return self.cap is None

    @property
    def words(self) -> str:
        """For the record, and for `ackd status`."""
        return self.why if self.stops_all else f"{self.why}; what exceeds that is held"

    def is_over(self, caps: Collection[Cap], now: datetime) -> bool:
        """Whether the breaker has held nothing for as long as its cap counts, or the owner has another cap
        by now."""
        if self.cap is None:
            return False
        gone = abs(now - datetime.fromisoformat(self.last or self.since))
        return self.cap not in caps or gone >= _PERIODS[self.cap.per]

    def dump(self) -> str:
        return json.dumps(asdict(self))


def current(ledger: Ledger) -> Hold | None:
    """The hold in force."""
    return read(ledger.value(ValueKey.HOLD))


def allowed(ledger: Ledger) -> tuple[EffectKind, ...]:
    """What is done by the hold in force: while it stops all, only what belongs to letters that are out is
    made, and the owner told."""
    is_free = _lets_letters_go(ledger.value(ValueKey.HOLD))
    return tuple(kind for kind in EffectKind if is_free or kind.is_owner_item or kind.goes_while_held)


def allows(ledger: Ledger, kind: EffectKind) -> bool:
    """Whether it is done by the hold in force; of what is always done nothing is read."""
    return kind.is_owner_item or kind.goes_while_held or _lets_letters_go(ledger.value(ValueKey.HOLD))


def _lets_letters_go(value: str | None) -> bool:
    held = read(value)
    return held is None or not held.stops_all


#: What letters are begun under: no hold that stops all, as late as can be seen.
GUARD = promises.Guard(ValueKey.HOLD, _lets_letters_go)


def pause(ledger: Ledger, now: datetime, why: str = PAUSED) -> Hold:
    """Hold by the owner's wish, or a fleet's administrator's (`why`). A hold in force that stops all stays as
    it is; the breaker's gives way."""
    mine = Hold(why, now.isoformat(timespec="seconds"), told=True)
    while True:
        value = ledger.value(ValueKey.HOLD)
        held = read(value)
        if held is not None and held.stops_all:
            return held
        ledger.swap(ValueKey.HOLD, value, mine.dump())


def resume(ledger: Ledger, now: datetime) -> int:
    """End the hold that is in force, and count what goes against the caps anew. What was left unsent is
    withdrawn, not sent; returns how many. Where nothing is held, nothing was left unsent; what is planned
    beside the breaker's hold is below the cap, and goes. A hold that begins meanwhile stays."""
    value = ledger.value(ValueKey.HOLD)
    ended = read(value)
    why = f"{promises.UNSENT} while sending was held"
    withdrawn = promises.withdraw_unsent(ledger, now, why) if ended and ended.stops_all else 0
    ledger.remember(ValueKey.RESUMED, now.isoformat())
    while ended and _is_same(ended, read(value)) and not ledger.swap(ValueKey.HOLD, value, None):
        value = ledger.value(ValueKey.HOLD)  # the service wrote meanwhile that the owner was told
    return withdrawn


def tell(ledger: Ledger, held: Hold) -> bool:
    """Write down that the owner is told of a hold; False where it isn't in force any more, or the
    owner was told."""
    value = ledger.value(ValueKey.HOLD)
    return read(value) == held and ledger.swap(ValueKey.HOLD, value, replace(held, told=True).dump())


def read(value: str | None) -> Hold | None:
    """A hold as the ledger keeps it under `ValueKey.HOLD`."""
    return Hold(**json.loads(value)) if value else None


def _is_same(one: Hold, other: Hold | None) -> bool:
    return other is not None and (one.why, one.since) == (other.why, other.since)


def counted_from(resumed: str | None) -> datetime | None:
    """From when on acknowledgements count against the caps, as the ledger keeps it (`RESUMED`): `resume`
    starts the count anew."""
    return datetime.fromisoformat(resumed) if resumed else None


def tripped(cap: Cap, now: datetime, before: Hold | None = None) -> Hold:
    """The circuit breaker's hold as it is when a cap holds a letter; `before` is the one in force."""
    at = now.isoformat(timespec="seconds")
    if before is not None and before.cap == cap:
        return replace(before, last=at)
    return Hold(f"circuit breaker: {cap.words}", at, most=cap.most, per=cap.per.value, last=at)


def plan_notice(ledger: Ledger, now: datetime) -> None:
    """Plan the mail that tells the owner of the hold in force, once."""
    held = current(ledger)
    if held is None or held.told:
        return
    promises.plan_notice(ledger, Effect(EffectKind.HOLD_NOTICE, NOTICES, now, occasion=held.since))
    if tell(ledger, held):
        log.warning("event=held: %s", held.words)


def notice(ledger: Ledger, effect: Effect, entries: Entries) -> OwnerMail | None:
    """The mail that tells the owner; None where that hold isn't in force any more."""
    held = current(ledger)
    if held is None or held.since != effect.occasion:
        return None
    return hold_notice(held.cap, held.why, datetime.fromisoformat(held.since), entries)
