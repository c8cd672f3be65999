"""Questions that wanted a letter and got none: the mode was preview, sending was paused, or a limit held it.

They stay so (docs/design.md, silence C and E) unless the owner orders a letter for each. An order waits in
the ledger until the next pass carries it out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from ackd.engine.promises import UNSENT
from ackd.engine.triage import Settings
from ackd.model import EffectKind, EffectState, Judged, PromiseSnapshot, PromiseState, ValueKey, Verdict
from ackd.ports import Ledger


def candidates(ledger: Ledger, settings: Settings, now: datetime) -> list[Judged]:
    """The questions of the last `max_age` that have no letter, by the ledger alone, the oldest first."""
    since = settings.calendar.usual.subtract(now, settings.max_age)
    wanted = [one for one in ledger.judged(since) if one.received >= since and _was_wanted(one.verdict)]
    snapshots = ledger.snapshots([one.message_id for one in wanted])
    return [one for one in wanted if is_left(snapshots.get(one.message_id))]


def order(ledger: Ledger, message_ids: Iterable[str]) -> None:
    """Have these questions acknowledged at the next pass."""
    wanted = list(message_ids)
    while wanted:
        value, names = ordered(ledger)
        if ledger.swap(ValueKey.ORDERED, value, json.dumps(list(dict.fromkeys([*names, *wanted])))):
            return


def ordered(ledger: Ledger) -> tuple[str | None, tuple[str, ...]]:
    """What is ordered, as the ledger keeps it and as Message-IDs."""
    value = ledger.value(ValueKey.ORDERED)
    return value, read(value)


def read(value: str | None) -> tuple[str, ...]:
    """The Message-IDs of what is ordered, as the ledger keeps them."""
    return tuple(json.loads(value)) if value else ()


def _was_wanted(verdict: Verdict) -> bool:
    """Whether a mail was acknowledged, or left because of a limit or a hold alone."""
    return verdict.acknowledge or verdict.is_left_by_limits


def is_left(snapshot: PromiseSnapshot | None) -> bool:
    """Whether no letter is out or on its way, and nothing but a hold or a mode is the reason."""
    if snapshot is None:
        return True
    if snapshot.is_told:
        return False
    if snapshot.promise.state is PromiseState.OPEN:
        return snapshot.state_of(EffectKind.ACKNOWLEDGEMENT) in (None, EffectState.CANCELLED)
    return snapshot.promise.state is PromiseState.WITHDRAWN and snapshot.promise.why.startswith(UNSENT)
