"""How things stand by the ledger, and the cases that wait for a person. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ackd.engine import alerts, groups, hold, lease
from ackd.engine.hold import Hold
from ackd.model import Alarm, EffectKind, EffectState, Pending, ValueKey
from ackd.ports import Clock, Ledger

_WORDS = {
    EffectKind.ACKNOWLEDGEMENT: "the acknowledgement",
    EffectKind.TASK: "the task of the answer",
    EffectKind.APPOINTMENT: "the calendar entry of the answer",
    EffectKind.NEW_DATE: "the new date",
    EffectKind.CANNOT_HELP: "the letter that you can't help",
    EffectKind.NEED_MORE: "the letter that you need more",
    EffectKind.APOLOGY: "the draft of an apology",
    EffectKind.OVERDUE_NOTICE: "the notice to you of the overdue answer",
}


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand, named as `ackd status` prints it. `alarms` are those that are open.
    `mode` and moments are None before the first
    pass; the troubles are in words; `sending_held` is the hold in force, `held_letters` how many open
    questions a limit left without a letter; `lists` tells of lists that the server doesn't know.
    `overdue`, `waiting_for_askers` and `next_promise` are of open promises,
    `waiting_effects`, `next_due` and `doubtful` of what is to be written."""

    alarms: tuple[Alarm, ...]
    service_alive: bool
    mode: str | None
    start_mark: datetime | None
    last_poll: datetime | None
    trouble: str | None
    config_trouble: str | None
    template_trouble: str | None
    folder_trouble: tuple[str, ...]
    foreign_lease: str | None
    sending_held: Hold | None
    held_letters: int
    lists: tuple[str, ...]
    open_promises: int
    overdue: int
    waiting_for_askers: int
    next_promise: datetime | None
    drafts_waiting: int
    waiting_effects: int
    next_due: datetime | None
    doubtful: int
    parked: int
    unreadable_mails: int


@dataclass(frozen=True, slots=True)
class ParkedCase:
    """Something of which it can't be known whether it was done: its number for `ackd parked resolve`,
    what it is, and `why` it is parked. `promised` is None where the letter refers elsewhere."""

    number: int
    what: str
    asker: str
    subject: str
    message_id: str
    promised: datetime | None
    tries: int
    attempted: datetime | None
    why: str


def status(ledger: Ledger, clock: Clock, *, is_alive: bool, problem: str | None = None) -> Status:
    """How things stand now; `is_alive` says whether a service is at work with this ledger, `problem` why
    the configuration's file can't be used."""
    now, value, count = clock.now(), ledger.value, ledger.count_effects
    planned = ledger.in_state(EffectState.PLANNED)
    opened = ledger.open_promises()
    made = [promise for promise in opened if promise.is_of_answer]
    ripe = [promise.due for promise in made if not promise.waits]
    foreign = lease.met(ledger)
    return Status(
        alarms=ledger.open_alarms(),
        service_alive=is_alive,
        mode=value(ValueKey.MODE),
        start_mark=_moment(value(ValueKey.WATERMARK)),
        last_poll=_moment(value(ValueKey.LAST_POLL)),
        trouble=value(ValueKey.TROUBLE),
        config_trouble=_config_trouble(problem or value(ValueKey.CONFIG_TROUBLE), is_alive=is_alive),
        template_trouble=value(ValueKey.TEMPLATE_TROUBLE),
        folder_trouble=tuple(note.words for note in alerts.load(value(ValueKey.FOLDER_NOTES))),
        foreign_lease=foreign.words if foreign else None,
        sending_held=hold.current(ledger),
        held_letters=sum(promise.is_held for promise in opened),
        lists=tuple(groups.standing(ledger, now)),
        open_promises=len(made),
        overdue=sum(due <= now for due in ripe),
        waiting_for_askers=len(made) - len(ripe),
        next_promise=min((due for due in ripe if due > now), default=None),
        drafts_waiting=count(EffectState.DRAFTED),
        waiting_effects=len(planned),
        next_due=min((pending.effect.not_before for pending in planned), default=None),
        doubtful=count(EffectState.UNKNOWN) + count(EffectState.ATTEMPTING),
        parked=count(EffectState.PARKED),
        unreadable_mails=int(value(ValueKey.UNREAD) or 0),
    )


def parked(ledger: Ledger) -> tuple[ParkedCase, ...]:
    """The cases that wait for a person."""
    return tuple(map(_parked, ledger.in_state(EffectState.PARKED)))


def effect_words(kind: EffectKind) -> str:
    """What an effect is, for its owner."""
    return _WORDS[kind]


def _parked(pending: Pending) -> ParkedCase:
    effect, question = pending.effect, pending.promise.question
    return ParkedCase(
        number=effect.number,
        what=effect_words(effect.kind),
        asker=question.asker.email,
        subject=question.subject,
        message_id=question.message_id,
        promised=pending.promise.due if pending.promise.is_of_answer else None,
        tries=effect.tries,
        attempted=effect.attempted,
        why=effect.note,
    )


def _config_trouble(problem: str | None, *, is_alive: bool) -> str | None:
    if not problem:
        return None
    what = "the old configuration is in force" if is_alive else "no service can start with it"
    return f"{what}: {problem}"


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
