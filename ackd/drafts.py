"""Acknowledgements that wait in Drafts for the owner (mode `draft`, SAFETY.md E).

A draft that was sent counts from then on; one that the owner deleted withdraws its promise; one
whose date has grown stale is written anew, unless the owner has changed it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from ackd import waiting
from ackd.judgement import Settings
from ackd.model import (
    EffectKind,
    EffectState,
    Pending,
    Place,
    PromiseState,
    Stamp,
    load_stamp,
    passed,
    token_of,
)
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise.follow import overdue_occasion
from ackd.promise.plan import replan

log = logging.getLogger(__name__)

LOOKED = "drafts_looked"
MISSING = "the draft is in no folder"
#: A draft that changed later than this after it was made was changed by the owner.
TOUCHED = timedelta(minutes=2)


def is_time(ledger: Ledger, settings: Settings, now: Stamp) -> bool:
    """Whether waiting drafts are to be looked at. Where it can't be known how long ago that was done,
    it is counted anew: a draft on its way to Sent Items is to be found there."""
    last = ledger.value(LOOKED)
    gone = passed(load_stamp(last), now)
    if last is not None and gone is None:
        ledger.remember(LOOKED, now.dump())
    if last is not None and (gone is None or gone < settings.look_again):
        return False
    return bool(ledger.in_state(EffectState.DRAFTED))


def look(mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings) -> None:
    """Look what became of the waiting drafts; one request, more only for what the owner did."""
    now = clock.now()
    drafted = ledger.in_state(EffectState.DRAFTED)
    places = mailbox.find([pending.effect.token for pending in drafted])
    for pending in drafted:
        token, place = pending.effect.token, places.get(pending.effect.token)
        if place is Place.SENT:
            ledger.found([token])
        elif not _is_wanted(pending):
            mailbox.remove([token])
            ledger.put([token], EffectState.CANCELLED, "not wanted any more")
        elif place is Place.DRAFTS:
            if pending.effect.kind is EffectKind.ACKNOWLEDGEMENT:
                _refresh(pending, mailbox, ledger, settings, now)
        elif place is Place.TRASH or pending.effect.note == MISSING:
            if pending.effect.kind is EffectKind.ACKNOWLEDGEMENT:
                _withdraw(pending, mailbox, ledger, now)
            else:
                ledger.put([token], EffectState.CANCELLED, "you deleted the draft")
        else:  # on its way from Drafts to Sent Items, perhaps: looked for once more
            ledger.put([token], EffectState.DRAFTED, MISSING)
    ledger.remember(LOOKED, waiting.stamp(mailbox, clock).dump())


def _is_wanted(pending: Pending) -> bool:
    """Whether a draft says what is true still."""
    effect, promise = pending.effect, pending.promise
    if effect.kind is EffectKind.NEW_DATE and effect.moment != promise.due:
        return False
    if effect.kind is EffectKind.APOLOGY and effect.occasion != overdue_occasion(promise):
        return False
    return promise.state is PromiseState.OPEN


def _refresh(pending: Pending, mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Write draft and task anew where their date can't be kept any more. The plan is in the
    ledger before the old ones go, so a crash leaves at most the old draft, never none."""
    promise = replan(pending.promise, settings.calendar, settings.rules, now)
    effect = pending.effect
    is_true = promise == pending.promise and effect.moment in (None, promise.due)
    if is_true or effect.attempted is None:
        return
    question = promise.question.message_id
    by_server = effect.stamp.server if effect.stamp else None
    made_by = (by_server or effect.attempted) + TOUCHED
    ledger.plan_anew(effect.token, now, "its date had grown stale")
    removed = mailbox.remove([effect.token], untouched_since=made_by)
    if effect.token not in removed:
        ledger.drafted([effect.token])  # the owner has changed it: it stays as it is
        return
    ledger.reschedule(promise)
    gone = mailbox.remove(_on_the_desk(question), untouched_since=made_by)
    ledger.forget_tasks(gone)
    for removed_token in gone:
        ledger.plan_anew(removed_token, now, "its date had grown stale")
    log.info("event=draft-refreshed")


def _on_the_desk(question: str) -> list[str]:
    return [token_of(question, kind) for kind in EffectKind if kind.is_on_the_desk]


def _withdraw(pending: Pending, mailbox: Mailbox, ledger: Ledger, now: datetime) -> None:
    """The owner doesn't want it: the task goes too, and nothing is made anew."""
    question = pending.promise.question.message_id
    ledger.forget_tasks(mailbox.remove(_on_the_desk(question)))
    ledger.put([pending.effect.token], EffectState.CANCELLED, "you deleted the draft")
    ledger.close_promise(question, PromiseState.WITHDRAWN, now, "you deleted the draft")
    log.info("event=draft-withdrawn")
