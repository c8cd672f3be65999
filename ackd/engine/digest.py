"""The digest: what the owner should know this morning, in one mail; nothing to say, nothing sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from ackd.engine import alerts, promises
from ackd.engine.alerts import CONFIG_TROUBLE, TEMPLATE_TROUBLE
from ackd.engine.triage import Settings
from ackd.judge.rules import question
from ackd.letters.digest import Digest, Doubtful, render
from ackd.model import (
    NOTICES,
    Address,
    Effect,
    EffectKind,
    EffectState,
    Evidence,
    Happening,
    Judged,
    Letter,
    PromiseSnapshot,
    PromiseState,
    Veto,
    load_stamp,
)
from ackd.ports import Ledger, Mailbox
from ackd.promise.calendar import Calendar

#: Where an earlier ackd kept how far the last digest was.
KEY = "digest"
#: The notes of a slot that brought none.
NOTHING, BEGAN = "there is nothing to say", "ackd began"
#: The note of a mail to the owner that wasn't sent while it was true.
OVER = "its time is over"
_IN_DOUBT = (EffectState.ATTEMPTING, EffectState.UNKNOWN)
#: A mail that was left counts as close if its weight (a difference of logits) is above this.
CLOSE = -1.0
MOST_CLOSE = 10
_A_DAY = timedelta(days=1)
ALERTS = (CONFIG_TROUBLE, TEMPLATE_TROUBLE)


def last_slot(settings: Settings, now: datetime) -> datetime | None:
    """The last moment, until now, at which a digest was due by the owner's clock."""
    wanted = settings.digest
    if wanted is None:
        return None
    local = settings.calendar.local(now)
    for back in range(8):
        day = (local - back * _A_DAY).date()
        slot = datetime.combine(day, wanted.at, tzinfo=settings.calendar.zone)
        if day.weekday() in wanted.days and slot <= local:
            return slot
    return None


def last_of(ledger: Ledger) -> Effect | None:
    """The last slot's digest, in whichever state."""
    effects = ledger.snapshots([NOTICES])[NOTICES].effects
    return next((effect for effect in reversed(effects) if effect.kind is EffectKind.DIGEST), None)


def is_over(digest: Effect, settings: Settings, now: datetime) -> bool:
    """Whether a digest has missed its time: another slot has come, or the owner wants none any more."""
    slot = last_slot(settings, now)
    return slot is None or datetime.fromisoformat(digest.occasion) < slot


def is_due(ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Whether a digest is to be planned: a slot has come since the last one, of which it is known whether
    it went out. One that surely didn't gives way."""
    last = last_of(ledger)
    if last is None or last.state in _IN_DOUBT or last_slot(settings, now) is None:
        return False
    return is_over(last, settings, now)


def begin(ledger: Ledger, settings: Settings, now: datetime) -> None:
    """The first digest comes at the first slot after ackd began. What an earlier ackd kept is taken over:
    its digest is the last one, done or in doubt."""
    slot = last_slot(settings, now)
    if slot is None or last_of(ledger) is not None:
        return
    value = ledger.value(KEY)
    if value is None:
        began = Effect(
            EffectKind.DIGEST, NOTICES, now, EffectState.CANCELLED, note=BEGAN, occasion=slot.isoformat()
        )
    else:
        began = _taken_over(json.loads(value), now)
    promises.plan_notice(ledger, began)
    ledger.remember(KEY, None)


def _taken_over(kept: Mapping[str, Any], now: datetime) -> Effect:
    since = datetime.fromisoformat(kept["since"]) if kept.get("since") else now
    done = Effect(
        EffectKind.DIGEST,
        NOTICES,
        since,
        EffectState.CANCELLED,
        note=BEGAN,
        occasion=kept["slot"],
        moment=since,
    )
    if not kept.get("attempted"):
        return done
    return replace(
        done,
        state=EffectState.UNKNOWN,
        tries=kept["tries"],
        attempted=datetime.fromisoformat(kept["attempted"]),
        note="",
        stamp=load_stamp(kept.get("stamp")),
    )


def plan(mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Plan the digest that is due, in place of one that missed its slot. It tells from where the last one
    ended; what one told that failed, it tells again."""
    slot, last = last_slot(settings, now), last_of(ledger)
    if slot is None or last is None or not is_due(ledger, settings, now):
        return
    if not last.state.is_settled:
        mailbox.remove([last.token])  # made, and not sent
        promises.put(ledger, [last], EffectState.CANCELLED, OVER)
    is_told = last.state is EffectState.DONE or last.note in (NOTHING, BEGAN)
    since = (last.attempted or last.not_before) if is_told else (last.moment or last.not_before)
    promises.plan_notice(
        ledger, Effect(EffectKind.DIGEST, NOTICES, now, occasion=slot.isoformat(), moment=since)
    )


def made(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, effect: Effect, now: datetime
) -> Letter | None:
    """The digest as it stands now; None where there is nothing to say."""
    digest = compose(mailbox, ledger, settings, effect.moment or now, now)
    return _letter(effect.token, digest, settings, now) if digest else None


def compose(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, since: datetime, now: datetime
) -> Digest | None:
    """What there is to tell; None where there is nothing."""
    calendar = settings.calendar
    promises = ledger.open_promises()
    today, following = calendar.local_date(now), _next_working_day(calendar, now)
    events = ledger.history(since, now)
    made = [event.promise for event in events if event.what is Happening.MADE]
    told = ledger.snapshots(promise.question.message_id for promise in made)
    ripe = [promise for promise in promises if not promise.waits]
    digest = Digest(
        since=since,
        following_day=following,
        overdue=tuple(p for p in ripe if p.due <= now),
        today=tuple(p for p in ripe if p.due > now and calendar.local_date(p.due) == today),
        following=tuple(p for p in ripe if calendar.local_date(p.due) == following),
        waiting=tuple(promise for promise in promises if promise.waits),
        acknowledged=tuple(p for p in made if _is_known_out(told[p.question.message_id])),
        drafts=ledger.in_state(EffectState.DRAFTED),
        dropped=tuple(
            event.promise
            for event in events
            if event.what is Happening.DROPPED and event.promise.state is PromiseState.DROPPED
        ),
        doubtful=tuple(_doubtful(mailbox, ledger.judged(since))),
        parked=ledger.in_state(EffectState.PARKED),
        undelivered=ledger.undelivered(since),
        alerts=(*(said for key in ALERTS if (said := ledger.value(key))), *_unread_folders(ledger)),
    )
    return digest if digest.says_something else None


def _unread_folders(ledger: Ledger) -> Iterator[str]:
    notes = alerts.load(ledger.value(alerts.FOLDERS))
    return (note.words for note in notes if not note.is_read)


def _is_known_out(snapshot: PromiseSnapshot) -> bool:
    """Whether a question's acknowledgement was seen to be out: no draft, and none in doubt."""
    return snapshot.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.DONE


def _doubtful(mailbox: Mailbox, judged: Sequence[Judged]) -> Iterator[Doubtful]:
    """Mails that were left though they were nearly taken for questions, the nearest first; their
    subjects, which the ledger doesn't keep, are read from the mailbox."""
    near = [(weight, one) for one in judged if (weight := _weight(one)) is not None]
    for _, one in sorted(near, key=lambda pair: -pair[0])[:MOST_CLOSE]:
        found = mailbox.search(message_id=one.message_id, limit=1)
        if found and found[0].sender:
            secret = found[0].sensitivity.is_secret
            yield Doubtful(found[0].sender, "" if secret else found[0].subject, one.received)


def _weight(judged: Judged) -> float | None:
    """How far below the threshold a mail was that nothing else forbade; None for any other."""
    verdict = judged.verdict
    if verdict.acknowledge or any(isinstance(finding, Veto) for finding in verdict.findings):
        return None
    weights = [
        f.weight for f in verdict.findings if isinstance(f, Evidence) and f.rule == question.request.name
    ]
    return weights[0] if weights and CLOSE <= weights[0] < 0 else None


def _next_working_day(calendar: Calendar, now: datetime) -> date:
    midnight = datetime.combine(calendar.local_date(now) + _A_DAY, time(), tzinfo=calendar.zone)
    return calendar.local_date(calendar.span(midnight + timedelta(microseconds=1))[0])


def _letter(token: str, digest: Digest, settings: Settings, now: datetime) -> Letter:
    subject, text, html = render(digest, settings.calendar, settings.follow, now)
    owner = settings.owner
    return Letter(token, Address(owner.address, owner.name), subject, text, html, in_reply_to="")
