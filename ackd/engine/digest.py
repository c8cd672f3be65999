"""The digest: what the owner should know this morning, in one mail; nothing to say, nothing sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

from ackd.engine import alerts, groups, promises, questions
from ackd.engine.triage import Settings
from ackd.letters.digest import Digest, digest_mail
from ackd.letters.owner_mail import MOST_SHOWN, OwnerMail
from ackd.letters.promise_entries import NOTHING_KNOWN, Asked
from ackd.model import (
    NOTICES,
    Alarm,
    AlarmKind,
    Effect,
    EffectKind,
    EffectState,
    Evidence,
    Happening,
    Judged,
    Mode,
    Pending,
    Promise,
    PromiseState,
    RuleName,
    Urgency,
    ValueKey,
    load_stamp,
)
from ackd.model.followup import DELETED
from ackd.ports import Ledger, Mailbox
from ackd.promise.calendar import Calendar

#: Where an earlier ackd kept how far the last digest was.
#: The notes of a slot that brought none.
NOTHING, BEGAN = "there is nothing to say", "ackd began"
#: The note of a mail to the owner that wasn't sent while it was true.
OVER = "its time is over"
_IN_DOUBT = (EffectState.ATTEMPTING, EffectState.UNKNOWN)
#: A mail that was left counts as close if its weight (a difference of logits) is above this.
CLOSE = -1.0
MOST_CLOSE = 10
_A_DAY = timedelta(days=1)
#: Alarms of what the digest tells in parts of its own.
_SHOWN_ELSEWHERE = {AlarmKind.PARKED, AlarmKind.BOUNCED, AlarmKind.DRAFT_WAITS}


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
    it went out. One that surely didn't gives way. A day brings one, whatever its hour and zone become."""
    slot = last_slot(settings, now)
    last = last_of(ledger) if slot else None
    return slot is not None and last is not None and _is_due(last, slot, settings, now)


def _is_due(last: Effect, slot: datetime, settings: Settings, now: datetime) -> bool:
    if last.state in _IN_DOUBT:
        return False
    if last.state is EffectState.DONE and slot.date() <= datetime.fromisoformat(last.occasion).date():
        return False
    return is_over(last, settings, now)


def begin(ledger: Ledger, settings: Settings, now: datetime) -> None:
    """The first digest comes at the first slot after ackd began. What an earlier ackd kept is taken over:
    its digest is the last one, done or in doubt."""
    slot = last_slot(settings, now)
    if slot is None or last_of(ledger) is not None:
        return
    value = ledger.value(ValueKey.DIGEST)
    if value is None:
        began = Effect(
            EffectKind.DIGEST, NOTICES, now, EffectState.CANCELLED, note=BEGAN, occasion=slot.isoformat()
        )
    else:
        began = _taken_over(json.loads(value), now)
    promises.plan_notice(ledger, began)
    ledger.remember(ValueKey.DIGEST, None)


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
    if slot is None or last is None or not _is_due(last, slot, settings, now):
        return
    if not last.state.is_settled:
        if last.attempted is not None:
            mailbox.remove([last.token])  # it may stand made there, and not sent
        promises.put(ledger, [last], EffectState.CANCELLED, OVER)
    is_told = last.state is EffectState.DONE or last.note in (NOTHING, BEGAN)
    since = (last.attempted or last.not_before) if is_told else (last.moment or last.not_before)
    promises.plan_notice(
        ledger, Effect(EffectKind.DIGEST, NOTICES, now, occasion=slot.isoformat(), moment=since)
    )


def made(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, effect: Effect, now: datetime
) -> OwnerMail | None:
    """The digest as it stands now; None where there is nothing to say."""
    found = compose(ledger, settings, effect.moment or now, now)
    if not found.says_something:
        return None
    drafts = [pending.effect.token for pending in found.drafts[:MOST_SHOWN]]
    entries = questions.entries(mailbox, ledger, settings, now, questions=found.questions, drafts=drafts)
    still = _still_left(found, entries.asked)
    return digest_mail(still, entries) if still.says_something else None


def compose(ledger: Ledger, settings: Settings, since: datetime, now: datetime) -> Digest:
    """What there is to tell, by the record alone, in each part the most pressing first."""
    calendar = settings.calendar
    drafts = ledger.in_state(EffectState.DRAFTED)
    unsent = {one.effect.message_id for one in drafts if one.effect.kind is EffectKind.ACKNOWLEDGEMENT}
    made = (one for one in ledger.open_promises() if one.is_of_answer)
    given = [one for one in made if one.question.message_id not in unsent]
    ripe = [promise for promise in given if not promise.waits]
    today, following = calendar.local_date(now), _next_working_day(calendar, now)
    limited, close, previewed = _left_alone(ledger, since)
    return Digest(
        following_day=following,
        overdue=tuple(p for p in ripe if p.due <= now),
        today=tuple(p for p in ripe if p.due > now and calendar.local_date(p.due) == today),
        following=tuple(p for p in ripe if calendar.local_date(p.due) == following),
        drafts=tuple(sorted(drafts, key=_pressing)),
        limited=limited,
        close=close,
        previewed=previewed,
        waiting=tuple(promise for promise in given if promise.waits),
        parked=ledger.in_state(EffectState.PARKED),
        undelivered=ledger.undelivered(since),
        lists=groups.lost(settings, ledger, now),
        **_happened(ledger, since, now),
        **_troubles(ledger),
    )


def _pressing(pending: Pending) -> tuple[bool, datetime]:
    question = pending.promise.question
    return question.urgency is not Urgency.URGENT, question.received


class _Happened(TypedDict):
    acknowledged: tuple[Promise, ...]
    dropped: tuple[Promise, ...]
    deleted: tuple[Promise, ...]


def _happened(ledger: Ledger, since: datetime, now: datetime) -> _Happened:
    """Promises that were made, with acknowledgements that were seen to be out: no draft, and none in doubt;
    those that were ticked off and are so still, and those whose tasks were deleted."""
    events = ledger.history(since, now)
    ended = [event for event in events if event.promise.is_of_answer]
    made = [event.promise for event in events if event.what is Happening.MADE]
    told = ledger.snapshots(promise.question.message_id for promise in made)
    return {
        "acknowledged": tuple(
            p
            for p in made
            if told[p.question.message_id].state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.DONE
        ),
        "dropped": tuple(
            event.promise
            for event in ended
            if event.what is Happening.DROPPED and event.promise.state is PromiseState.DROPPED
        ),
        "deleted": tuple(
            event.promise
            for event in ended
            if event.what is Happening.WITHDRAWN and _went_with_its_task(event.promise)
        ),
    }


def _went_with_its_task(promise: Promise) -> bool:
    """Whether a date that the asker knows is nobody's any more, since its task is gone: deleted by the
    owner, or by a mail program that made it anew elsewhere."""
    is_withdrawn = promise.state is PromiseState.WITHDRAWN and promise.why == DELETED
    return is_withdrawn and promise.told is not None


class _Troubles(TypedDict):
    alarms: tuple[Alarm, ...]
    config_trouble: str
    template_trouble: str
    folders: tuple[str, ...]


def _troubles(ledger: Ledger) -> _Troubles:
    config_trouble = ledger.value(ValueKey.CONFIG_TROUBLE) or ""
    shown = _SHOWN_ELSEWHERE | ({AlarmKind.CONFIG_BROKEN} if config_trouble else set())
    notes = alerts.load(ledger.value(ValueKey.FOLDER_NOTES))
    return {
        "alarms": tuple(alarm for alarm in ledger.open_alarms() if alarm.kind not in shown),
        "config_trouble": config_trouble,
        "template_trouble": ledger.value(ValueKey.TEMPLATE_TROUBLE) or "",
        "folders": tuple(note.words for note in notes if not note.is_read),
    }


# --- what was left alone --------------------------------------------------------------------------


def _left_alone(ledger: Ledger, since: datetime) -> tuple[tuple[Judged, ...], tuple[Judged, ...], int]:
    """Mails that were left because of a limit or a hold, those that were nearly taken for a question (the
    nearest first), and how many preview mode alone kept from being acknowledged."""
    judged = ledger.judged(since)
    promised = ledger.snapshots(one.message_id for one in judged)
    left = [one for one in judged if one.message_id not in promised]
    untold = {name for name, one in promised.items() if one.waits_untold}  # a task alone
    limited = tuple(
        one
        for one in judged
        if _is_limited(one) and (one.message_id in untold or one.message_id not in promised)
    )
    near = [(weight, one) for one in left if (weight := _weight(one)) is not None]
    close = tuple(one for _, one in sorted(near, key=lambda pair: -pair[0]))
    previewed = sum(one.mode == Mode.PREVIEW.value and one.verdict.acknowledge for one in left)
    return limited, close[:MOST_CLOSE], previewed


def _is_limited(judged: Judged) -> bool:
    """Whether nothing but a limit or a hold forbade the acknowledgement."""
    return judged.verdict.is_left_by_limits


def _weight(judged: Judged) -> float | None:
    """How far below the threshold a mail was that nothing else forbade; None for any other."""
    verdict = judged.verdict
    if verdict.acknowledge or verdict.vetoes:
        return None
    weights = [f.weight for f in verdict.findings if isinstance(f, Evidence) and f.rule == RuleName.REQUEST]
    return weights[0] if weights and CLOSE <= weights[0] < 0 else None


def _still_left(digest: Digest, asked: Mapping[str, Asked]) -> Digest:
    """Without what the owner answered or put away meanwhile."""

    def is_open(one: Judged) -> bool:
        return not asked.get(one.message_id, NOTHING_KNOWN).is_answered

    return replace(
        digest,
        limited=tuple(filter(is_open, digest.limited)),
        close=tuple(one for one in digest.close if one.message_id in asked and is_open(one)),
    )


def _next_working_day(calendar: Calendar, now: datetime) -> date:
    midnight = datetime.combine(calendar.local_date(now) + _A_DAY, time(), tzinfo=calendar.zone)
    return calendar.local_date(calendar.span(midnight + timedelta(microseconds=1))[0])
