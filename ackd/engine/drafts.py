"""Acknowledgements that wait in Drafts for the owner (mode `draft`, docs/design.md, silence E).

A draft that was sent counts from then on; one that the owner deleted withdraws its promise; one
whose date has grown stale is written anew, unless the owner has changed it. What lies in Drafts
waits there in whichever mode ackd is by then: it is never sent by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from ackd.engine import hold, notices, promises, waiting
from ackd.engine.triage import Settings
from ackd.model import (
    UNKNOWABLE,
    Decision,
    Effect,
    EffectKind,
    EffectState,
    Mode,
    OnMove,
    Pending,
    Place,
    Promise,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    Stamp,
    ValueKey,
    load_stamp,
    passed,
    token_of,
)
from ackd.model.followup import DRAFT_DELETED
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise.lifecycle import overdue_occasion
from ackd.promise.plan import replan

log = logging.getLogger(__name__)

MISSING = "the draft is in no folder"
#: The note of a draft that we take away to write it anew: if it is nowhere, that was us.
RENEWING, STALE = "it is being written anew", "its date had grown stale"
#: A draft that changed later than this after it was made was changed by the owner.
TOUCHED = timedelta(minutes=2)


def is_for_owner(effect: Effect, settings: Settings) -> bool:
    """Whether a letter waits in Drafts for the owner to send it. One that lay there goes there again,
    whatever the mode is by now."""
    kind = effect.kind
    if not kind.is_letter or kind.is_to_owner:
        return False
    asks = kind is EffectKind.NEW_DATE and settings.follow.moved is OnMove.ASK
    return settings.mode is Mode.DRAFT or kind is EffectKind.APOLOGY or asks or effect.was_drafted


def is_time(ledger: Ledger, settings: Settings, now: Stamp) -> bool:
    """Whether waiting drafts are to be looked at."""
    last = ledger.value(ValueKey.DRAFTS_LOOKED)
    gone = passed(load_stamp(last), now)
    if last is not None and (gone is None or gone < settings.recheck_after):
        return False
    return bool(ledger.in_state(EffectState.DRAFTED))


def count_anew(ledger: Ledger, now: Stamp) -> None:
    """Where it can't be known how long ago drafts were looked at, the wait is counted anew: a draft on its
    way to Sent Items is to be found there."""
    last = ledger.value(ValueKey.DRAFTS_LOOKED)
    if last is not None and passed(load_stamp(last), now) is None:
        ledger.remember(ValueKey.DRAFTS_LOOKED, now.dump())


def look(mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings) -> int:
    """Look what became of the waiting drafts; one request, more only for what the owner did. Returns how
    many acknowledgements were found sent."""
    now, held = clock.now(), hold.current(ledger)
    drafted = ledger.in_state(EffectState.DRAFTED)
    places, out = mailbox.find([pending.effect.token for pending in drafted]), 0
    waiting.check(mailbox, now)
    for pending in drafted:
        effect, place = pending.effect, places.get(pending.effect.token)
        if place in (Place.SENT, Place.TRASH):
            doubtful = promises.found(ledger, [effect.token], now)
            out += effect.kind is EffectKind.ACKNOWLEDGEMENT and not doubtful
        elif place is Place.UNCLEAR:
            promises.put(ledger, [effect], EffectState.PARKED, UNKNOWABLE)
        elif not is_wanted(pending, ledger, settings, now):
            if mailbox.remove([effect.token]) or place is not Place.DRAFTS:
                promises.put(ledger, [effect], EffectState.CANCELLED, "not wanted any more")
        elif place is Place.DRAFTS:
            if effect.kind is EffectKind.ACKNOWLEDGEMENT and not (held and held.stops_all):
                _refresh(pending, mailbox, ledger, settings, now)
        elif place is None and effect.note == RENEWING:
            _write_anew(pending, mailbox, ledger, settings, now)
        elif place is Place.THROWN_AWAY or effect.note == MISSING:
            if effect.kind is EffectKind.ACKNOWLEDGEMENT:
                _withdraw(pending, mailbox, ledger, now)
            else:
                promises.put(ledger, [effect], EffectState.CANCELLED, DRAFT_DELETED)
        else:  # on its way from Drafts to Sent Items, perhaps: looked for once more
            promises.put(ledger, [effect], EffectState.DRAFTED, MISSING)
    ledger.remember(ValueKey.DRAFTS_LOOKED, waiting.stamp(mailbox, clock).dump())
    return out


def met(
    mailbox: Mailbox, ledger: Ledger, tasks: Collection[SeenTask], decisions: Collection[Decision] = ()
) -> tuple[list[str], list[str]]:
    """Letters that another ackd wrote, or this one before its ledger was lost or restored: the tokens of
    those that are out, and of those that lie in Drafts. They are looked for where a task stands in the
    mailbox of whose letter this ledger doesn't know, and where a question is decided so late that it may
    have been before. A task is made once its letter is out, also where the copy in Sent Items is late, or
    lies in Drafts: which of the two, the mailbox tells. Of one that says that its letter is held, that counts
    alone."""
    snapshots = ledger.snapshots([task.message_id for task in tasks if task.message_id])
    news = [task for task in tasks if task.message_id and _is_news(task, snapshots.get(task.message_id))]
    tasked = {token_of(task.message_id, EffectKind.ACKNOWLEDGEMENT) for task in news}
    proven = {token_of(task.message_id, EffectKind.ACKNOWLEDGEMENT) for task in news if not task.is_untold}
    planned = [effect for decision in decisions for effect in decision.effects if effect.verify_first]
    late = {effect.token for effect in planned if effect.kind is EffectKind.ACKNOWLEDGEMENT}
    found = mailbox.find(sorted(tasked | late)) if tasked or late else {}
    unsure = (Place.UNSENT, Place.UNCLEAR)
    places = {token: place for token, place in found.items() if place not in unsure}
    drafted = [token for token, place in places.items() if place in (Place.DRAFTS, Place.THROWN_AWAY)]
    return sorted((proven | places.keys()) - set(drafted)), drafted


def _is_news(task: SeenTask, snapshot: PromiseSnapshot | None) -> bool:
    """Whether a task says more of its letter than the ledger knows. Of a task that it made itself
    the ledger knows why it was time for it."""
    if snapshot is None:
        return True
    letter = _of(snapshot, token_of(task.message_id, EffectKind.ACKNOWLEDGEMENT))
    made = _of(snapshot, task.token)
    if letter is None or letter.was_drafted or (made is not None and made.state is EffectState.DONE):
        return False
    return letter.state not in (EffectState.DONE, EffectState.DRAFTED, EffectState.CANCELLED)


def _of(snapshot: PromiseSnapshot, token: str) -> Effect | None:
    return next((effect for effect in snapshot.effects if effect.token == token), None)


def is_wanted(pending: Pending, ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Whether a letter that isn't out says what is true still, and nothing for which its time is over."""
    effect, promise = pending.effect, pending.promise
    if effect.kind.is_notice:
        return notices.is_true(ledger, settings, effect, now)
    waits_or_later = effect.kind is not EffectKind.ACKNOWLEDGEMENT or effect.state is EffectState.DRAFTED
    if not waits_or_later and promise.told is not None and not promises.is_ordered(pending):
        return False  # the owner told the asker meanwhile when the answer comes
    return promise.state is PromiseState.OPEN and is_of_date(effect, promise)


def is_of_date(effect: Effect, promise: Promise) -> bool:
    """Whether a later letter is about the date that the promise has by now."""
    if effect.kind is EffectKind.NEW_DATE:
        return effect.moment == promise.due
    if effect.kind is EffectKind.OVERDUE_NOTICE:
        return effect.occasion == overdue_occasion(promise) and not promise.waits
    return effect.kind is not EffectKind.APOLOGY or effect.occasion == overdue_occasion(promise)


def _refresh(pending: Pending, mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Write draft and task anew where their date can't be kept any more. That it is to be written is
    in the ledger before the old one goes, so a crash leaves at most the old draft, never none."""
    effect, promise = pending.effect, replan(pending.promise, settings.calendar, settings.rules, now)
    is_true = promise == pending.promise and effect.moment in (None, promise.due)
    if effect.note:
        promises.drafted(ledger, [effect.token])
    if is_true or effect.attempted is None:
        return
    by_server = effect.stamp.server if effect.stamp else None
    made_by = (by_server or effect.attempted) + TOUCHED
    promises.put(ledger, [effect], EffectState.DRAFTED, RENEWING)
    if mailbox.remove([effect.token], untouched_since=made_by):
        _write_anew(pending, mailbox, ledger, settings, now)
    else:
        promises.drafted(ledger, [effect.token])  # the owner has changed it: it stays as it is


def _write_anew(
    pending: Pending, mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime
) -> None:
    """The old draft is gone by our hand: a new one goes into Drafts, whatever the mode is."""
    effect, question = pending.effect, pending.promise.question.message_id
    promises.plan_anew(ledger, effect.token, now, STALE, is_draft=True)
    planned = replan(pending.promise, settings.calendar, settings.rules, now)
    promises.reschedule(ledger, question, planned.due, planned.reminder)
    by_server = effect.stamp.server if effect.stamp else None
    made_by = (by_server or effect.attempted or now) + TOUCHED
    gone = mailbox.remove(_owner_items(question), untouched_since=made_by)
    _forget(ledger, question, gone)
    for token in gone:
        promises.plan_anew(ledger, token, now, STALE)
    log.info("event=draft-refreshed")


def _owner_items(question: str) -> list[str]:
    return [token_of(question, kind) for kind in EffectKind if kind.is_owner_item]


def _forget(ledger: Ledger, question: str, gone: Collection[str]) -> None:
    for token in gone:
        promises.forget_tasks(ledger, {question: token})


def _withdraw(pending: Pending, mailbox: Mailbox, ledger: Ledger, now: datetime) -> None:
    """The owner doesn't want it: the task goes too, and nothing is made anew. The ledger hears of it first: a
    task that is gone would look as if the owner had deleted that."""
    question = pending.promise.question.message_id
    promises.withdraw_draft(ledger, pending.effect, now, DRAFT_DELETED)
    _forget(ledger, question, mailbox.remove(_owner_items(question)))
    log.info("event=draft-withdrawn")
