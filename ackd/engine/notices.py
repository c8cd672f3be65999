"""Mails to the owner: planned when their time comes, rendered when they are written, and done by the outbox
as all letters. What is to be told of several promises at once is told in one mail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from ackd.engine import alarms, digest, hold, promises, questions
from ackd.engine.triage import Settings
from ackd.engine.unsent import MADE
from ackd.letters import notices, owner_mail
from ackd.letters.owner_mail import MOST_SHOWN, OwnerMail
from ackd.model import (
    NOTICES,
    Effect,
    EffectKind,
    EffectState,
    Letter,
    Pending,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Task,
)
from ackd.ports import Ledger, Mailbox
from ackd.promise.lifecycle import overdue_occasion

#: The note of what is told together with others, with the occasion of that mail.
TOGETHER = "told in one mail:"
_MOST = 10_000  # promises that one mail tells of


def is_due(ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Whether one is to be planned."""
    held = hold.current(ledger)
    if alarms.is_due(ledger, settings, now) or (held is not None and not held.told):
        return True
    return not (held and held.stops_all) and digest.is_due(ledger, settings, now)


def plan(mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Plan those that are due; while all sending is held none but those that tell why, and of alarms."""
    hold.plan_notice(ledger, now)
    alarms.plan(ledger, settings, now)
    held = hold.current(ledger)
    if held is not None and held.stops_all:
        return
    for kind in ledger.due_kinds(now):
        if kind.list_of_several:
            _gather(ledger, kind, kind.list_of_several, now)
    digest.plan(mailbox, ledger, settings, now)


def is_true(ledger: Ledger, settings: Settings, notice: Effect, now: datetime) -> bool:
    """Whether it is time still for what one of them tells. What alarms and lists tell still, shows when they
    are rendered."""
    if notice.kind is EffectKind.DIGEST:
        return not digest.is_over(notice, settings, now)
    if notice.kind is EffectKind.HOLD_NOTICE:
        held = hold.current(ledger)
        return held is not None and held.since == notice.occasion
    return True


def _gather(ledger: Ledger, kind: EffectKind, together: EffectKind, now: datetime) -> None:
    """Several notices that are due at once become one; what was tried already stays on its own."""
    due = [one.effect for one in ledger.due(now, kind, _MOST) if not one.effect.tries]
    if len(due) < 2:
        return
    names = " ".join(sorted(effect.token for effect in due))
    occasion = hashlib.sha256(names.encode()).hexdigest()[:16]
    notice = Effect(together, NOTICES, now, occasion=occasion)
    promises.tell_together(ledger, due, notice, f"{TOGETHER} {occasion}")


def rendered(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, due: Iterable[Pending], now: datetime
) -> dict[str, Letter | Task]:
    """Those that say something still, by their tokens; the others are cancelled, and go where they stand
    made already."""
    made: dict[str, Letter | Task] = {}
    for pending in due:
        effect = pending.effect
        is_over = not is_true(ledger, settings, effect, now)
        one = None if is_over else _made(mailbox, ledger, settings, pending, now)
        if one is not None:
            made[effect.token] = one
            continue
        if effect.note == MADE:
            mailbox.remove([effect.token])
        promises.put(ledger, [effect], EffectState.CANCELLED, digest.OVER if is_over else digest.NOTHING)
    return made


def _made(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, pending: Pending, now: datetime
) -> Letter | Task | None:
    effect = pending.effect
    if effect.kind in (EffectKind.ALARM, EffectKind.ALARM_TASK):
        language = questions.language(mailbox, ledger, settings, now)
        return alarms.rendered(ledger, settings, effect, now, language)
    said = _said(mailbox, ledger, settings, pending, now)
    return owner_mail.letter(effect.token, said, settings.owner) if said else None


def _said(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, pending: Pending, now: datetime
) -> OwnerMail | None:
    effect = pending.effect
    if effect.kind is EffectKind.DIGEST:
        return digest.made(mailbox, ledger, settings, effect, now)
    if effect.kind is EffectKind.HOLD_NOTICE:
        return hold.notice(ledger, effect, questions.entries(mailbox, ledger, settings, now))
    if effect.kind in (EffectKind.OVERDUE_NOTICE, EffectKind.OVERDUE_LIST):
        return _overdue(mailbox, ledger, settings, pending, now)
    return _drafts(mailbox, ledger, settings, effect, now)


def _overdue(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, pending: Pending, now: datetime
) -> OwnerMail | None:
    kind = pending.effect.kind
    told = [pending.promise] if kind is EffectKind.OVERDUE_NOTICE else list(_late(ledger, pending.effect))
    shown = [promise.question.message_id for promise in told[:MOST_SHOWN]]
    entries = questions.entries(mailbox, ledger, settings, now, questions=shown)
    if kind is EffectKind.OVERDUE_NOTICE:
        return notices.overdue_notice(pending.promise, entries)
    return notices.overdue_list(told, entries) if told else None


def _late(ledger: Ledger, effect: Effect) -> Iterator[Promise]:
    """Promises of which a list tells that they are overdue, and that are so still, the longest first."""
    for snapshot in _told_by(ledger, effect):
        occasion = overdue_occasion(snapshot.promise)
        if any(_is_told(one, effect) and one.occasion == occasion for one in snapshot.effects):
            yield snapshot.promise


def _drafts(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, effect: Effect, now: datetime
) -> OwnerMail | None:
    """Of urgent drafts those that lie in Drafts still."""
    if effect.kind is EffectKind.DRAFT_NOTICE:
        snapshots = list(ledger.snapshots([effect.message_id]).values())
    else:
        snapshots = _told_by(ledger, effect)
    waiting = [one for snapshot in snapshots for one in _waiting(snapshot)]
    if not waiting:
        return None
    entries = questions.entries(
        mailbox,
        ledger,
        settings,
        now,
        questions=[one.promise.question.message_id for one in waiting[:MOST_SHOWN]],
        drafts=[one.effect.token for one in waiting[:MOST_SHOWN]],
    )
    return notices.urgent_drafts(waiting, entries)


def _waiting(snapshot: PromiseSnapshot) -> Iterator[Pending]:
    for effect in snapshot.effects:
        is_first = effect.kind is EffectKind.ACKNOWLEDGEMENT and effect.state is EffectState.DRAFTED
        if is_first and snapshot.promise.state is PromiseState.OPEN:
            yield Pending(effect, snapshot.promise)


def _told_by(ledger: Ledger, effect: Effect) -> list[PromiseSnapshot]:
    """The open promises of which one mail tells, in the order of their moments."""
    names = [promise.question.message_id for promise in ledger.open_promises()]
    known = ledger.snapshots(names)
    return [known[name] for name in names if any(_is_told(one, effect) for one in known[name].effects)]


def _is_told(one: Effect, together: Effect) -> bool:
    return one.kind.list_of_several is together.kind and one.note == f"{TOGETHER} {together.occasion}"
