"""Mails to the owner that belong to no single promise: planned when their time comes, rendered when they are
written, and done by the outbox as all letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ackd.engine import alarms, digest, hold, promises
from ackd.engine.triage import Settings
from ackd.model import Effect, EffectKind, EffectState, Letter, Task
from ackd.ports import Ledger, Mailbox


def is_due(ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Whether one is to be planned."""
    held = hold.current(ledger)
    if alarms.is_due(ledger, settings, now):
        return True
    return not held.told if held else digest.is_due(ledger, settings, now)


def plan(ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Plan those that are due; while sending is held none but those that tell why, and of alarms."""
    hold.plan_notice(ledger, now)
    alarms.plan(ledger, settings, now)
    if hold.current(ledger) is None:
        digest.plan(ledger, settings, now)


def rendered(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, effects: Iterable[Effect], now: datetime
) -> dict[str, Letter | Task]:
    """Those that say something still, by their tokens; the others are cancelled."""
    letters: dict[str, Letter | Task] = {}
    letter: Letter | Task | None
    for effect in effects:
        if effect.kind is EffectKind.DIGEST:
            letter = digest.made(mailbox, ledger, settings, effect, now)
        elif effect.kind in (EffectKind.ALARM, EffectKind.ALARM_TASK):
            letter = alarms.rendered(ledger, settings, effect, now)
        else:
            letter = hold.notice(ledger, effect, settings.owner)
        if letter is None:
            promises.put(ledger, [effect], EffectState.CANCELLED, digest.NOTHING)
        else:
            letters[effect.token] = letter
    return letters
