"""What the matter is right now, by the ledger alone: what `alerts.decide` goes by.

What passes meet stands in single values: why passes stop (`STOPPED`), what the server refuses to write
(`REFUSED_WRITES`), what is about to end (`ENDINGS`), that the service ended (`CRASHED`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from ackd.engine import hold
from ackd.engine.alerts import Observation
from ackd.errors import AccessBlocked, AckdError, ClocksApart, MailboxFull, Reach, SignInOver, SignInRefused
from ackd.model import (
    AlarmKind,
    Done,
    EffectState,
    Ending,
    Outcome,
    PromiseState,
    Refusal,
    Refused,
    Urgency,
    ValueKey,
)
from ackd.ports import Clock, Ledger, OwnerProfile

log = logging.getLogger(__name__)

#: How late the next poll may be until it counts as missing.
LATE = timedelta(minutes=5)
#: How many days before its end something is told, each one more time; of EWS longer before.
BEFORE_END = (30, 7, 1)
BEFORE_EWS_ENDS = (365, 180, 90, 30, 7, 1)
_A_DAY = timedelta(days=1)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_KINDS = {
    Refusal.FULL: AlarmKind.MAILBOX_FULL,
    Refusal.NOT_ALLOWED: AlarmKind.SEND_REFUSED,
}


def observe(ledger: Ledger, now: datetime, poll: timedelta) -> list[Observation]:
    """All that is the matter; `poll` is how often passes begin."""
    return [
        *_stopped(ledger, now, poll),
        *_held(ledger),
        *_letters(ledger),
        *_refused(ledger),
        *_ending(ledger, now),
        *([Observation(AlarmKind.CONFIG_BROKEN)] if ledger.value(ValueKey.CONFIG_TROUBLE) else []),
        *_since(AlarmKind.CRASHED, ledger.value(ValueKey.CRASHED)),
    ]


# --- why passes stop ------------------------------------------------------------------------------


def kind_of(error: Exception) -> AlarmKind | None:
    """What an error that ended a pass means for the owner; None where it is being seen to: a refused
    password is tried once more, and a configuration has its own word."""
    match error:
        case SignInOver():
            return AlarmKind.SIGN_IN_OVER
        case SignInRefused():
            return AlarmKind.SIGNED_OUT if error.wait is None else None
        case AccessBlocked():
            return AlarmKind.BLOCKED
        case ClocksApart():
            return AlarmKind.CLOCK_OFF
        case MailboxFull():
            return AlarmKind.MAILBOX_FULL
    is_of_config = isinstance(error, AckdError) and error.reach is Reach.CONFIG
    return None if is_of_config else AlarmKind.SILENT


def pass_stopped(ledger: Ledger, error: Exception, now: datetime) -> None:
    """Write down why passes stop, and since when."""
    kind = kind_of(error)
    known = json.loads(ledger.value(ValueKey.STOPPED) or "null")
    if kind is None or (known and known[0] == kind.value):
        return
    ledger.remember(ValueKey.STOPPED, json.dumps([kind.value, now.isoformat()]))


def pass_succeeded(ledger: Ledger) -> None:
    """A pass went through, by a service that is alive: what stopped earlier ones is past."""
    for key in ledger.values(ValueKey.TROUBLE, ValueKey.STOPPED, ValueKey.CRASHED):
        ledger.remember(key, None)


def _stopped(ledger: Ledger, now: datetime, poll: timedelta) -> Iterator[Observation]:
    stopped, polled = json.loads(ledger.value(ValueKey.STOPPED) or "null"), ledger.value(ValueKey.LAST_POLL)
    if stopped:
        yield from _since(AlarmKind(stopped[0]), stopped[1])
    elif polled and now - datetime.fromisoformat(polled) > poll + LATE:
        yield from _since(AlarmKind.SILENT, polled)


def _since(kind: AlarmKind, since: str | None) -> Iterator[Observation]:
    if since:
        yield Observation(kind, since=datetime.fromisoformat(since))


# --- what waits for the owner ---------------------------------------------------------------------


def _held(ledger: Ledger) -> Iterator[Observation]:
    held = hold.current(ledger)
    if held and held.why != hold.PAUSED:
        yield from _since(AlarmKind.HELD, held.since)


def _letters(ledger: Ledger) -> Iterator[Observation]:
    """By their tokens: what is parked, urgent letters in Drafts, and what couldn't be delivered of
    promises that are open still."""
    for pending in ledger.in_state(EffectState.PARKED):
        yield Observation(AlarmKind.PARKED, pending.effect.token, pending.effect.attempted)
    for pending in ledger.in_state(EffectState.DRAFTED):
        if pending.promise.question.urgency is Urgency.URGENT:
            yield Observation(AlarmKind.DRAFT_WAITS, pending.effect.token)
    for pending in ledger.undelivered(_EVER):
        if pending.promise.state is PromiseState.OPEN and not pending.effect.kind.is_notice:
            yield Observation(AlarmKind.BOUNCED, pending.effect.token)


# --- what the server refuses to write ---------------------------------------------------------------


def written(ledger: Ledger, outcomes: Iterable[Outcome], now: datetime, *, sent: bool) -> None:
    """What the server refused for a reason that the owner can see to, or takes again; `sent`: by letters
    that were to go out."""
    outcomes = list(outcomes)
    value = ledger.value(ValueKey.REFUSED_WRITES)
    before = json.loads(value or "{}")
    causes = {one.cause for one in outcomes if isinstance(one, Refused) and one.cause}
    after = before | {_KINDS[cause].value: now.isoformat() for cause in causes if _KINDS[cause] not in before}
    if any(isinstance(one, Done) for one in outcomes):
        over = {AlarmKind.MAILBOX_FULL, *([AlarmKind.SEND_REFUSED] if sent else [])}
        after = {kind: since for kind, since in after.items() if kind not in over}
    if after != before:
        ledger.remember(ValueKey.REFUSED_WRITES, json.dumps(after) if after else None)


def _refused(ledger: Ledger) -> Iterator[Observation]:
    for kind, since in json.loads(ledger.value(ValueKey.REFUSED_WRITES) or "{}").items():
        yield from _since(AlarmKind(kind), since)


# --- what is about to end -----------------------------------------------------------------------


def ask_endings(mailbox: OwnerProfile, ledger: Ledger, clock: Clock) -> None:
    """Once a day: what ends that the way to the mailbox rests on. Where the server can't say it, what it
    said last stays."""
    now, asked = clock.now(), ledger.value(ValueKey.ENDINGS_ASKED)
    if asked is None:  # a start asks for much else: in an hour
        ledger.remember(ValueKey.ENDINGS_ASKED, (now - _A_DAY + timedelta(hours=1)).isoformat())
        return
    if abs(now - datetime.fromisoformat(asked)) < _A_DAY:
        return
    ledger.remember(ValueKey.ENDINGS_ASKED, now.isoformat())
    try:
        endings = mailbox.endings()
    except SignInRefused:
        raise
    except AckdError as error:
        log.info("event=endings-unread: %s", error)
        return
    ledger.remember(ValueKey.ENDINGS, json.dumps([[one.kind.value, one.at.isoformat()] for one in endings]))


def endings(ledger: Ledger) -> tuple[Ending, ...]:
    """What ends, as the mailbox said last."""
    found = json.loads(ledger.value(ValueKey.ENDINGS) or "[]")
    return tuple(Ending(AlarmKind(kind), datetime.fromisoformat(at)) for kind, at in found)


def _ending(ledger: Ledger, now: datetime) -> Iterator[Observation]:
    for one in endings(ledger):
        stages = BEFORE_EWS_ENDS if one.kind is AlarmKind.EWS_ENDS else BEFORE_END
        stage = sum(one.at - now <= days * _A_DAY for days in stages)
        if stage:
            yield Observation(one.kind, ends=one.at, stage=stage)
