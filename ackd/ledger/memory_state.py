"""What the ledger in memory holds, and what a write makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ackd.ledger import codec
from ackd.model import (
    NOTICES,
    REBUILT,
    AlarmKind,
    AlarmRecord,
    Change,
    Decision,
    EffectState,
    Failure,
    Forecast,
    HistoryEntry,
    Judged,
    Lesson,
    Mail,
    Page,
    PromiseSnapshot,
    PromiseState,
    Telling,
    ValueKey,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class JudgedMail:
    """A mail that was judged; neither text nor subject."""

    judged: Judged
    conversation: str | None
    item: str
    forecast: Forecast | None


@dataclass(slots=True)
class State:
    values: dict[ValueKey, str] = field(default_factory=dict)
    promises: dict[str, PromiseSnapshot] = field(default_factory=dict)
    mails: dict[str, JudgedMail] = field(default_factory=dict)
    obeyed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    history: tuple[tuple[str, HistoryEntry], ...] = ()
    answers: dict[tuple[str, str], datetime] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    frames: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    sent_as: dict[str, str] = field(default_factory=dict)
    failed: dict[str, datetime] = field(default_factory=dict)
    alarms: dict[tuple[AlarmKind, str], AlarmRecord] = field(default_factory=dict)
    tellings: dict[tuple[str, AlarmKind, str], Telling] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    number: int = 0
    request: int = 0
    lesson: int = 0

    def copy(self) -> State:
        """Another one, which can be changed without this one."""
        return replace(
            self,
            values=dict(self.values),
            promises=dict(self.promises),
            mails=dict(self.mails),
            obeyed=dict(self.obeyed),
            answers=dict(self.answers),
            tokens=dict(self.tokens),
            threads=dict(self.threads),
            frames=dict(self.frames),
            sent_as=dict(self.sent_as),
            failed=dict(self.failed),
            alarms=dict(self.alarms),
            tellings=dict(self.tellings),
            lessons=dict(self.lessons),
        )


def in_conversation(state: State, mail: Mail) -> Iterator[PromiseSnapshot]:
    """The promises in the conversation that a mail belongs to."""
    before = {*mail.references, mail.in_reply_to or ""}
    before |= {state.threads[name] for name in before if name in state.threads}
    for one in state.promises.values():
        conversation = one.promise.question.conversation
        if one.name in before or (mail.conversation is not None and conversation == mail.conversation):
            yield one


def letters(state: State, mail: Mail, since: datetime) -> int:
    """How many letters count in the conversation of a mail since a moment."""
    effects = (effect for one in in_conversation(state, mail) for effect in one.effects)
    return sum(
        effect.kind.is_letter
        and not effect.kind.is_to_owner
        and effect.state is not EffectState.CANCELLED
        and (effect.attempted or effect.not_before) > since
        for effect in effects
    )


def written(before: State, changes: Iterable[Change], failed: Sequence[Sequence[str]] = ()) -> State:
    """The promises as they are to stand."""
    state = before.copy()
    for change in changes:
        after, made = change.after, []
        for effect in after.effects:
            state.number += not effect.number
            made.append(effect if effect.number else replace(effect, number=state.number))
        state.promises[after.name] = replace(after, effects=tuple(made), events=())
        state.history += tuple((after.name, entry) for entry in after.events)
    for request in failed:
        state.request += 1
        places = {token: Failure(state.request, place) for place, token in enumerate(request)}
        for name, one in state.promises.items():
            told = tuple(replace(e, failure=places.get(e.token, e.failure)) for e in one.effects)
            state.promises[name] = replace(one, effects=told)
    return state


def recorded(before: State, page: Page) -> State:
    """All that a page brings."""
    followed = page.followed
    state = written(before, followed.changes)
    for decision in (*page.decisions, *followed.anew):
        state.mails[decision.mail.message_id] = _judged_mail(decision, page.now, page.mode.value)
    for decision in followed.rebuilt:
        state.mails[decision.mail.message_id] = _judged_mail(decision, page.now, REBUILT)
    state.tokens = {**dict.fromkeys(page.tokens, page.now), **state.tokens}
    state.answers = {(one.target, one.recipient): one.at for one in followed.answers} | state.answers
    for name, names in followed.obeyed.items():
        state.obeyed[name] = tuple(dict.fromkeys((*state.obeyed.get(name, ()), *names)))
    for name, item in followed.items.items():
        if name in state.mails:
            state.mails[name] = replace(state.mails[name], item=item)
    state.sent_as |= followed.sent_as
    state.failed |= {token: page.now for token, name in state.sent_as.items() if name in followed.failed}
    state.threads |= followed.threads
    for key in page.frames:
        state.frames[key] = (state.frames.get(key, (0, page.now))[0] + 1, page.now)
    for name in followed.forgotten:
        state.mails.pop(name, None)
    if page.sync_state is not None:
        state.values[ValueKey.SYNC_STATE] = page.sync_state
    state.values |= page.values
    for key, (seen, new) in page.swapped.items():
        if state.values.get(key) == seen:
            state.values = {name: value for name, value in state.values.items() if name != key}
            state.values |= {} if new is None else {key: new}
    return state


def _judged_mail(decision: Decision, now: datetime, mode: str) -> JudgedMail:
    mail, verdict = decision.mail, decision.verdict
    findings = codec.load_findings(codec.dump_findings(verdict.findings))
    sender = mail.sender.key[:320] if mail.sender else ""
    judged = Judged(mail.message_id, sender, mail.received, now, mode, Verdict(verdict.acknowledge, findings))
    return JudgedMail(judged, mail.conversation, mail.item, decision.forecast)


def pruned(before: State, moment: datetime) -> State:
    """Without what was closed before a moment."""
    state = before.copy()
    gone = {
        name
        for name, one in state.promises.items()
        if one.promise.state is not PromiseState.OPEN
        and one.closed is not None
        and one.closed < moment
        and all(effect.state.is_settled for effect in one.effects)
    }
    state.promises = {name: one for name, one in state.promises.items() if name not in gone}
    if notices := state.promises.get(NOTICES):
        kept = tuple(e for e in notices.effects if not e.state.is_settled or e.not_before >= moment)
        state.promises[NOTICES] = replace(notices, effects=kept)
    state.obeyed = {name: one for name, one in state.obeyed.items() if name not in gone}
    state.history = tuple((name, entry) for name, entry in state.history if name not in gone)
    state.mails = {
        name: one
        for name, one in state.mails.items()
        if name in state.promises or (name not in gone and one.judged.decided >= moment)
    }
    state.answers = {key: at for key, at in state.answers.items() if at >= moment}
    state.tokens = {token: at for token, at in state.tokens.items() if at >= moment}
    state.frames = {key: one for key, one in state.frames.items() if one[1] >= moment}
    state.lessons = {name: one for name, one in state.lessons.items() if one.at >= moment}
    state.threads = {name: one for name, one in state.threads.items() if one in state.promises}
    return state
