"""Mails to the owner that belong to no single promise: planned when their time comes, rendered when they are
written, and done by the outbox as all letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ackd.engine import digest, hold, promises
from ackd.engine.triage import Settings
from ackd.engine.unsent import MADE
from ackd.model import Effect, EffectKind, EffectState, Letter
from ackd.ports import Ledger, Mailbox


def is_due(ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Whether one is to be planned."""
    held = hold.current(ledger)
    return not held.told if held else digest.is_due(ledger, settings, now)


def plan(mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Plan those that are due; while sending is held only that."""
    hold.plan_notice(ledger, now)
    if hold.current(ledger) is None:
        digest.plan(mailbox, ledger, settings, now)


def is_true(ledger: Ledger, settings: Settings, notice: Effect, now: datetime) -> bool:
    """Whether it is time still for what one of them tells."""
    if notice.kind is EffectKind.DIGEST:
        return not digest.is_over(notice, settings, now)
    held = hold.current(ledger)
    return held is not None and held.since == notice.occasion


def rendered(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, effects: Iterable[Effect], now: datetime
) -> dict[str, Letter]:
    """Those that say something still, by their tokens; the others are cancelled, and go where they stand
    made already."""
    letters: dict[str, Letter] = {}
    for effect in effects:
        is_over = not is_true(ledger, settings, effect, now)
        letter = None if is_over else _letter(mailbox, ledger, settings, effect, now)
        if letter is not None:
            letters[effect.token] = letter
            continue
        if effect.note == MADE:
            mailbox.remove([effect.token])
        promises.put(ledger, [effect], EffectState.CANCELLED, digest.OVER if is_over else digest.NOTHING)
    return letters


def _letter(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, effect: Effect, now: datetime
) -> Letter | None:
    if effect.kind is EffectKind.DIGEST:
        return digest.made(mailbox, ledger, settings, effect, now)
    return hold.notice(ledger, effect, settings.owner)
