"""What isn't done yet: letters in their grace period, drafts of the owner's, letters that a limit holds.
Cases for a person are in `status.parked`. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ackd.engine.triage import Settings
from ackd.model import EffectKind, EffectState, Pending, Promise
from ackd.ports import Ledger
from ackd.views.status import effect_words


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits: `what` it is in words, for whom, about which question (the subject is "" of a
    private or confidential one), the moment at which it goes out at the earliest, and the promise's date,
    None where it promises nothing. Moments are by the owner's clock."""

    what: str
    kind: EffectKind
    asker: str
    name: str
    subject: str
    message_id: str
    not_before: datetime
    promised: datetime | None


@dataclass(frozen=True, slots=True)
class Waits:
    """All that waits: `planned` go out by themselves, `drafts` lie in the owner's Drafts, of `held` a limit
    keeps the letter until the owner orders it."""

    planned: tuple[Waiting, ...]
    drafts: tuple[Waiting, ...]
    held: tuple[Waiting, ...]

    def __bool__(self) -> bool:
        return bool(self.planned or self.drafts or self.held)


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which the owner is away, by the owner's clock; `until` is None where it isn't known, `now`
    says whether it is so at the moment."""

    since: datetime
    until: datetime | None
    now: bool


def waits(ledger: Ledger, settings: Settings) -> Waits:
    """What waits, the earliest first; mails to the owner aren't among it."""
    planned = (one for one in ledger.in_state(EffectState.PLANNED) if not one.effect.kind.is_to_owner)
    return Waits(
        planned=tuple(
            sorted(
                (_waiting(one, settings) for one in planned if one.effect.kind.is_letter),
                key=lambda one: one.not_before,
            )
        ),
        drafts=tuple(_waiting(one, settings) for one in ledger.in_state(EffectState.DRAFTED)),
        held=tuple(
            _shown(one, EffectKind.ACKNOWLEDGEMENT, one.question.received, settings)
            for one in ledger.open_promises()
            if one.is_held
        ),
    )


def absences(settings: Settings, now: datetime) -> tuple[Away, ...]:
    """When the owner is away, as the calendar tells it: what isn't over, in order."""
    local, absence = settings.calendar.local, settings.absence
    spans: list[tuple[datetime, datetime | None]] = [span for span in absence.spans if span[1] > now]
    if absence.since is not None:
        spans.append((absence.since, None))
    return tuple(
        Away(local(begin), local(end) if end else None, begin <= now)
        for begin, end in sorted(spans, key=lambda span: span[0])
    )


def _waiting(pending: Pending, settings: Settings) -> Waiting:
    return _shown(pending.promise, pending.effect.kind, pending.effect.not_before, settings)


def _shown(promise: Promise, kind: EffectKind, at: datetime, settings: Settings) -> Waiting:
    question, local = promise.question, settings.calendar.local
    return Waiting(
        what=effect_words(kind),
        kind=kind,
        asker=question.asker.email,
        name=question.asker.name,
        subject="" if question.sensitivity.is_secret else question.subject,
        message_id=question.message_id,
        not_before=local(at),
        promised=local(promise.due) if promise.is_of_answer else None,
    )
