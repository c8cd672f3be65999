"""The promises that a page of changes is about: each is read once, and from then on it is seen as it stands
after all that happened on the page so far. What stands at the end is what is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from ackd.engine.intake import LATE
from ackd.engine.promises import changes_of
from ackd.model import (
    ORDERED_SINCE,
    SEEN,
    Answer,
    Change,
    Decision,
    Effect,
    EffectKind,
    EffectState,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    SentMail,
    Transition,
    ValueKey,
    token_of,
)
from ackd.ports import Ledger
from ackd.promise import effects, snapshots, task_signs


def letters_met(changes: Iterable[Change]) -> int:
    """How many acknowledgements of ours that weren't known to be out a page shows as sent."""
    return sum(
        effect.kind is EffectKind.ACKNOWLEDGEMENT
        and effect.state is EffectState.DONE
        and (earlier := change.before.effect(effect.token)) is not None
        and earlier.state is not EffectState.DONE
        for change in changes
        if change.before
        for effect in change.after.effects
    )


@dataclass(slots=True)
class PagePromises:
    """`tokens` stand in the mailbox: what they name is done; `drafted` are letters that lie in Drafts."""

    ledger: Ledger
    now: datetime
    tokens: Sequence[str] = ()
    drafted: Collection[str] = ()
    _read: dict[str, PromiseSnapshot] = field(default_factory=dict)  # as the ledger has them
    _current: dict[str, PromiseSnapshot] = field(default_factory=dict)
    _sent: dict[str, datetime] = field(default_factory=dict)  # letters of ours, by token
    _days: dict[str, date] = field(default_factory=dict)  # at which tasks stand, by question

    def __contains__(self, question: str) -> bool:
        return question in self._current

    def __getitem__(self, question: str) -> PromiseSnapshot:
        return self._current[question]

    def get(self, question: str) -> PromiseSnapshot | None:
        """The promise for a question, as it stands by now."""
        return self._current.get(question)

    def changes(self) -> tuple[Change, ...]:
        """What is to be recorded."""
        return tuple(changes_of(self._read, self._current))

    def know(self, questions: Iterable[str]) -> None:
        """Read what isn't known yet."""
        missing = [question for question in questions if question and question not in self._current]
        if missing:
            self.take_over(self.ledger.snapshots(missing))

    def take_over(self, read: Mapping[str, PromiseSnapshot]) -> None:
        """Promises as the ledger has them, of which this page doesn't know more by now."""
        for name in read.keys() - self._current.keys():
            self._read[name] = self._current[name] = read[name]

    def know_letters(self, sent: Iterable[SentMail]) -> None:
        """Read what the tokens that stand in the mailbox are of; those of letters with their times."""
        self._sent = {mail.token: mail.at for mail in sent if mail.token}
        self.take_over(self.ledger.with_tokens([*self.tokens, *self.drafted]))
        known = {effect.token for one in self._current.values() for effect in one.effects}
        if strange := {*self.tokens, *self.drafted} - known:
            self._know_held(strange)
            self._know_told(strange)

    def is_told_since(self, name: str, due: date, at: datetime) -> bool:
        """Whether a letter of ours that told the day of the promise, or of its task, as a new date went out
        after that moment."""
        moves = self._current[name].promise.moves
        days = {due, self._days.get(name, due)}
        tokens = [token for day in days for token in effects.telling(name, day, moves)]
        return any(self._sent[token] > at for token in tokens if token in self._sent)

    def _know_held(self, tokens: Collection[str]) -> None:
        """Letters that this ledger holds, and another ackd wrote."""
        held = [promise.question.message_id for promise in self.ledger.open_promises() if promise.is_held]
        letters = [letter for letter in self._letters(held) if letter.token in tokens]
        self.know(letter.message_id for letter in letters)
        for letter in letters:
            self.put(snapshots.planned(self._current[letter.message_id], letter))

    def _know_told(self, tokens: set[str]) -> None:
        """New dates that this ledger has still to tell, and another ackd told just now, which knew of more
        letters before or of fewer. What a first listing shows, or stood there before, may be long past: the
        owner may have gone back to a day that was told once."""
        new = tokens - self.ledger.stood(tokens)
        if not new or self.ledger.value(ValueKey.READ_UNTIL) is None:
            return
        due = [pending.effect for pending in self.ledger.in_state(EffectState.PLANNED)]
        told = [effect for effect in due if not effects.counted_otherwise(effect).isdisjoint(new)]
        self.know(effect.message_id for effect in told)
        for effect in told:
            self.put(effects.told_by_another(self._current[effect.message_id], effect.token))

    def _see_held(self, names: Iterable[str]) -> None:
        """The same of letters that are held from this page on, and were seen before."""
        letters = self._letters(name for name in names if self._current[name].promise.is_held)
        tokens = [letter.token for letter in letters]
        stood = self.ledger.stood(tokens) | (set(tokens) & set(self.tokens)) if tokens else frozenset()
        for letter in letters:
            if letter.token in stood:
                after = snapshots.planned(self._current[letter.message_id], letter)
                self.put(effects.seen(after, letter.token))

    def _letters(self, names: Iterable[str]) -> list[Effect]:
        return [Effect(EffectKind.ACKNOWLEDGEMENT, name, self.now) for name in names]

    def see_letters(self) -> None:
        """What the tokens name is done, or lies in Drafts."""
        after, _ = effects.found(self._current, self.tokens)
        for snapshot in after.values():
            self.put(self._with_drafts(snapshot))

    def see_orders(self, answers: Iterable[Answer]) -> None:
        """Letters that went out well after the end of their promises, and after the answers of this page: the
        owner ordered them, and this ackd never saw the order."""
        ends = {(answer.target, answer.at) for answer in answers}
        ends |= {(name, end) for name, one in self._current.items() if (end := one.answered or one.closed)}
        last = dict(sorted(ends, key=lambda end: end[1]))
        for name, end in last.items():
            one = self._current.get(name)
            letter = one.effect(token_of(name, EffectKind.ACKNOWLEDGEMENT)) if one else None
            if one is None or letter is None or one.promise.state is PromiseState.OPEN:
                continue
            is_after = letter.token in self._sent and self._sent[letter.token] > end + LATE
            if is_after and letter.note == SEEN:
                self.put(snapshots.with_effect(one, replace(letter, note=ORDERED_SINCE)))

    def see_tasks(self, tasks: Sequence[SeenTask]) -> None:
        """Another ackd may have told the asker a date since this one decided on another and couldn't write it
        to the task yet: it had read what this one had. Not so if the mailbox wasn't read to its end then."""
        self._days = {task.message_id: task.due_date for task in tasks if task.due_date}
        known = [(task, self._current[task.message_id]) for task in tasks if task.message_id in self._current]
        overtaken = [one for task, one in known if task_signs.is_overtaken(one, task)]
        if overtaken and self.ledger.value(ValueKey.LAST_POLL) == self.ledger.value(ValueKey.READ_UNTIL):
            for snapshot in overtaken:
                self.put(snapshots.without_date_to_write(snapshot))

    def make(self, decisions: Iterable[Decision]) -> None:
        """Promises that are made with this page."""
        made = [decision for decision in decisions if decision.promise is not None]
        for decision in made:
            assert decision.promise is not None
            before = self._current.get(decision.promise.question.message_id)
            self.put(snapshots.made(decision.promise, decision.effects, self.now, before))
        names = [decision.promise.question.message_id for decision in made if decision.promise]
        self._see(names, [effect for decision in made for effect in decision.effects])
        self._see_held(names)

    def do(self, transition: Transition | None) -> None:
        """What a happening makes of a promise."""
        if transition is not None:
            before = self._current[transition.promise.question.message_id]
            self.put(snapshots.applied(before, transition, self.now))
            self._see([before.name], transition.effects)

    def put(self, snapshot: PromiseSnapshot) -> None:
        """The promise as it stands from here on."""
        self._current[snapshot.name] = snapshot

    def _see(self, names: Iterable[str], planned: Sequence[Effect]) -> None:
        """What is planned for these questions may have been done before, by another ackd or by this one."""
        if not planned:
            return
        tokens = [effect.token for effect in planned]
        stood = self.ledger.stood(tokens) | (set(tokens) & set(self.tokens))
        for name in names:
            after = self._current[name]
            for effect in after.effects:
                after = effects.seen(after, effect.token) if effect.token in stood else after
            self.put(self._with_drafts(after))

    def _with_drafts(self, snapshot: PromiseSnapshot) -> PromiseSnapshot:
        for effect in snapshot.effects if self.drafted else ():
            if effect.token in self.drafted:
                snapshot = effects.drafted(snapshot, effect.token)
        return snapshot
