"""The digest: what the owner should know this morning, in one mail; nothing to say, nothing sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta

from ackd.engine import alerts, waiting
from ackd.engine.alerts import CONFIG_TROUBLE, TEMPLATE_TROUBLE
from ackd.engine.triage import Settings
from ackd.letters.digest import Digest, Doubtful, render
from ackd.model import (
    Address,
    Done,
    EffectKind,
    EffectState,
    Evidence,
    Happening,
    Judged,
    Lease,
    Letter,
    PromiseSnapshot,
    PromiseState,
    Refused,
    Stamp,
    Unknown,
    Veto,
    load_stamp,
    notice_token,
    passed,
)
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise.calendar import Calendar

log = logging.getLogger(__name__)

KEY = "digest"
TRIES = 2
#: A mail that was left counts as close if its weight (a difference of logits) is above this.
CLOSE = -1.0
MOST_CLOSE = 10
_A_DAY = timedelta(days=1)
TROUBLES = (CONFIG_TROUBLE, TEMPLATE_TROUBLE)


@dataclass(frozen=True, slots=True)
class State:
    """The last digest's slot (ISO 8601), and how far its mail is."""

    slot: str
    tries: int = 0
    attempted: str = ""  # while the outcome is open
    since: str = ""  # from when on it tells
    stamp: str = ""  # of the attempt, by clocks that nobody sets

    def dump(self) -> str:
        """The state as the ledger keeps it."""
        return json.dumps(asdict(self))


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


def is_due(ledger: Ledger, settings: Settings, now: datetime, stamp: Stamp) -> bool:
    """Whether a digest is to be written. The first one comes at the first slot after ackd began. One
    whose outcome is open waits; where it can't be known for how long it did, it waits anew."""
    slot, state = last_slot(settings, now), _state(ledger)
    if slot is None:
        return False
    if state is None:
        ledger.remember(KEY, State(slot.isoformat(), since=now.isoformat()).dump())
        return False
    if state.attempted:
        gone = passed(load_stamp(state.stamp), stamp)
        if gone is None:
            ledger.remember(KEY, replace(state, stamp=stamp.dump()).dump())
        return gone is not None and gone >= settings.recheck_after
    return datetime.fromisoformat(state.slot) < slot


def send(mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings, lease: Lease) -> None:
    """Write the digest that is due, once: it is looked for before it is written, and where it can't
    be known whether it went out, once more after the waiting time."""
    now = clock.now()
    slot, state = last_slot(settings, now), _state(ledger)
    if slot is None or state is None:
        return
    if not state.attempted:
        state = State(slot.isoformat(), since=state.since)
    done = State(state.slot, since=now.isoformat())
    token = notice_token(f"digest {state.slot}")
    digest = compose(mailbox, ledger, settings, datetime.fromisoformat(state.since), now)
    if digest is None or state.tries >= TRIES or mailbox.find([token]):
        ledger.remember(KEY, done.dump())
        return
    if not waiting.may_write(mailbox, clock, lease, now):
        return
    stamp = waiting.stamp(mailbox, clock).dump()
    tried = replace(state, tries=state.tries + 1, attempted=now.isoformat(), stamp=stamp)
    ledger.remember(KEY, tried.dump())
    (outcome,) = mailbox.send([_letter(token, digest, settings, now)])
    if isinstance(outcome, Unknown) and outcome.failure:  # the next one tells what this one told
        ledger.remember(KEY, State(state.slot, since=state.since).dump())
    elif isinstance(outcome, Done) or (isinstance(outcome, Refused) and not outcome.retry):
        ledger.remember(KEY, done.dump())
    log.info("event=digest outcome=%s", type(outcome).__name__.lower())


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
        troubles=(*(said for key in TROUBLES if (said := ledger.value(key))), *_unread_folders(ledger)),
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
    weights = [f.weight for f in verdict.findings if isinstance(f, Evidence) and f.rule == "request"]
    return weights[0] if weights and CLOSE <= weights[0] < 0 else None


def _next_working_day(calendar: Calendar, now: datetime) -> date:
    midnight = datetime.combine(calendar.local_date(now) + _A_DAY, time(), tzinfo=calendar.zone)
    return calendar.local_date(calendar.span(midnight + timedelta(microseconds=1))[0])


def _letter(token: str, digest: Digest, settings: Settings, now: datetime) -> Letter:
    subject, text, html = render(digest, settings.calendar, settings.follow, now)
    owner = settings.owner
    return Letter(token, Address(owner.address, owner.name), subject, text, html, in_reply_to="")


def _state(ledger: Ledger) -> State | None:
    value = ledger.value(KEY)
    return State(**json.loads(value)) if value else None
