"""Sending held back: by the owner (`ackd pause`), or by the circuit breaker when a cap trips.

While it holds, mail is judged and recorded, nothing is sent, and what is left unsent stays so
(SAFETY.md C and E). The owner ends it with `ackd resume`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from ackd.model import Address, Letter, Owner, notice_token
from ackd.ports import Ledger

KEY, RESUMED = "hold", "resumed"
PAUSED = "paused by you"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing is sent, since when (ISO 8601), and whether the owner knows."""

    why: str
    since: str
    told: bool = False

    def dump(self) -> str:
        return json.dumps(asdict(self))


def current(ledger: Ledger) -> Hold | None:
    """The hold in force."""
    value = ledger.value(KEY)
    return Hold(**json.loads(value)) if value else None


def pause(ledger: Ledger, now: datetime) -> Hold:
    """Hold by the owner's wish; a hold in force stays as it is."""
    held = current(ledger)
    if held is None:
        held = Hold(PAUSED, now.isoformat(timespec="seconds"), told=True)
        ledger.remember(KEY, held.dump())
    return held


def resume(ledger: Ledger, now: datetime) -> int:
    """End the hold. What was left unsent is withdrawn, not sent; returns how many."""
    withdrawn = ledger.withdraw_unsent(now, "left unsent while sending was held")
    ledger.remember(RESUMED, now.isoformat())
    ledger.remember(KEY, None)
    return withdrawn


def counted_from(ledger: Ledger, since: datetime) -> datetime:
    """From when on acknowledgements count against the caps: `resume` starts the count anew."""
    resumed = ledger.value(RESUMED)
    return max(since, datetime.fromisoformat(resumed)) if resumed else since


def tripped(why: str, now: datetime) -> Hold:
    """The circuit breaker's hold."""
    return Hold(f"circuit breaker: {why}", now.isoformat(timespec="seconds"))


def notice(held: Hold, owner: Owner) -> Letter:
    """The mail that tells the owner, once."""
    text = (
        f"ackd has stopped sending acknowledgements.\n\nWhy: {held.why}\nSince: {held.since}\n\n"
        "That many in so short a time may mean that something answers them by itself. Mail is still "
        "judged and recorded; nothing is sent, and what is left unsent now won't be sent later.\n\n"
        "See what happened: ackd status\nGo on: ackd resume\n"
    )
    return Letter(
        token=notice_token(f"hold {held.since}"),
        to=Address(owner.address, owner.name),
        subject="ackd has stopped sending",
        text=text,
        html="<p>" + text.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>",
        in_reply_to="",
    )
