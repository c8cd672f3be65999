"""The owner's word on a parked case: it went out, or it didn't."""

from __future__ import annotations

from ackd.engine import promises
from ackd.errors import UsageError
from ackd.model import Done, EffectState, Pending
from ackd.ports import Clock, Ledger


def resolve(ledger: Ledger, clock: Clock, number: int, *, send: bool) -> Pending:
    """Settle a case: with `send` it goes out at the next pass, else it counts as done. Returns it as it was
    parked. Raises UsageError for a number that isn't parked."""
    for pending in ledger.in_state(EffectState.PARKED):
        if pending.effect.number == number:
            break
    else:
        raise UsageError(f"no case {number} is parked: `ackd parked` lists them")
    if send:
        # at once, also by a clock that is ahead of the server's at present
        soon = min(clock.now(), pending.effect.not_before)
        promises.send_again(ledger, pending.effect.token, soon, promises.SETTLED_SEND)
    else:
        promises.settle(ledger, {pending.effect.token: Done()})
    return pending
