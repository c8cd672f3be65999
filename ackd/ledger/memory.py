"""The ledger in plain dictionaries, for as long as the process lives."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from ackd.ledger.log import is_meant
from ackd.ledger.memory_beside import Beside, with_lessons
from ackd.ledger.memory_state import in_conversation, letters, pruned, recorded, written
from ackd.model import (
    NO_PROMISE,
    NOTICES,
    REBUILT,
    CategoryUpdate,
    Change,
    Counted,
    Course,
    Effect,
    EffectKind,
    EffectState,
    Event,
    Judged,
    Lesson,
    Mail,
    Mode,
    Page,
    Pending,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Thread,
    TrackedTask,
    ValueKey,
)
from ackd.model.log import LogEntry, LogFilter


class MemoryLedger(Beside):
    """See `ports.Ledger` for what each method means."""

    # --- single values ------------------------------------------------------------------------

    def value(self, key: ValueKey) -> str | None:
        return self._state.values.get(key)

    def values(self, *keys: ValueKey) -> dict[ValueKey, str]:
        return {key: self._state.values[key] for key in keys if key in self._state.values}

    def remember(self, key: ValueKey, value: str | None) -> None:
        self._state.values.pop(key, None)
        if value is not None:
            self._state.values[key] = value

    def swap(self, key: ValueKey, seen: str | None, value: str | None) -> bool:
        is_so = self.value(key) == seen
        if is_so:
            self.remember(key, value)
        return is_so

    # --- promises -----------------------------------------------------------------------------

    def snapshots(self, message_ids: Iterable[str]) -> dict[str, PromiseSnapshot]:
        promises = {NOTICES: PromiseSnapshot(NO_PROMISE)} | self._state.promises
        return {name: promises[name] for name in dict.fromkeys(message_ids) if name in promises}

    def with_tokens(self, tokens: Iterable[str]) -> dict[str, PromiseSnapshot]:
        wanted = set(tokens)
        effects = [effect for one in self._state.promises.values() for effect in one.effects]
        requests = {e.failure.request for e in effects if e.failure and e.token in wanted}
        wanted |= {e.token for e in effects if e.failure and e.failure.request in requests}
        return self._with(lambda effect: effect.token in wanted)

    def unsettled(self) -> dict[str, PromiseSnapshot]:
        states = (EffectState.PLANNED, EffectState.ATTEMPTING, EffectState.UNKNOWN)
        return self._with(lambda effect: effect.state in states)

    def _with(self, means: Callable[[Effect], bool]) -> dict[str, PromiseSnapshot]:
        return {n: one for n, one in self._state.promises.items() if any(map(means, one.effects))}

    def write(
        self,
        changes: Collection[Change],
        *,
        failed: Sequence[Sequence[str]] = (),
        taught: Collection[Lesson] = (),
    ) -> frozenset[str]:
        changed = self._changed(changes)
        if not changed:
            self._state = with_lessons(written(self._state, changes, failed), taught)
        return changed

    def attempting(
        self, changes: Collection[Change], *, only_while: tuple[ValueKey, str | None] | None = None
    ) -> frozenset[str]:
        if only_while and self.value(only_while[0]) != only_while[1]:
            return frozenset(change.after.name for change in changes)
        return self.write(changes)

    def record(self, page: Page) -> frozenset[str]:
        changed = self._changed(page.followed.changes)
        if not changed:
            self._state = with_lessons(recorded(self._state, page), page.lessons)
        return changed

    def _changed(self, changes: Collection[Change]) -> frozenset[str]:
        now = self.snapshots([change.after.name for change in changes])
        return frozenset(c.after.name for c in changes if now.get(c.after.name) != c.before)

    def prune(self, before: datetime) -> None:
        self._state = pruned(self._state, before)

    # --- taking in ----------------------------------------------------------------------------

    def known(self, message_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(message_ids) & self._state.mails.keys()

    def stood(self, tokens: Iterable[str]) -> frozenset[str]:
        return frozenset(tokens) & self._state.tokens.keys()

    def threads(self, mails: Sequence[Mail]) -> tuple[Thread, ...]:
        return tuple(map(self._thread, mails))

    def _thread(self, mail: Mail) -> Thread:
        wanted = [address.key for address in ((mail.sender,) if mail.sender else ()) + mail.reply_to]
        asker = mail.sender.key if mail.sender else ""
        around = [one.promise for one in in_conversation(self._state, mail)]
        own = [one for one in around if one.state is PromiseState.OPEN and one.question.asker.key == asker]
        names = sorted(one.question.message_id for one in own)
        answered = any((mail.message_id, one) in self._state.answers for one in wanted)
        return Thread(answered=answered, open_promise=bool(names), question=names[0] if names else "")

    def asked_since(self, moment: datetime) -> tuple[Promise, ...]:
        made = [one for one in self._state.promises.values() if one.made and one.made > moment]
        return tuple(one.promise for one in sorted(made, key=lambda one: (one.made, one.name)))

    def letters_in_threads(self, mails: Sequence[Mail], since: datetime) -> tuple[int, ...]:
        return tuple(letters(self._state, mail, since) for mail in mails)

    def frames(self, keys: Collection[str]) -> dict[str, int]:
        return {key: self._state.frames[key][0] for key in keys if key in self._state.frames}

    def answered(self, addresses: Collection[str]) -> frozenset[str]:
        return frozenset(recipient for _, recipient in self._state.answers if recipient in addresses)

    def behind(self, message_ids: Collection[str], letters: Mapping[str, str]) -> dict[str, str]:
        of = {effect.token: one.name for one in self._state.promises.values() for effect in one.effects}
        sent = {name: of[token] for token, name in self._state.sent_as.items() if token in of}
        known = {
            name: question for name, question in (sent | self._state.threads).items() if name in message_ids
        }
        return known | {name: of[token] for token, name in letters.items() if token in of}

    def in_conversations(self, conversations: Collection[str]) -> dict[str, PromiseSnapshot]:
        return {
            name: one
            for name, one in self._state.promises.items()
            if one.promise.state.can_be_kept and one.promise.question.conversation in conversations
        }

    def tasks_gone(self, items: Collection[str], folders: Collection[str] = ()) -> tuple[TrackedTask, ...]:
        tasks = (one.task for one in self._state.promises.values() if one.task)
        return tuple(task for task in tasks if task.item in items or task.folder in folders)

    def tracked(self) -> tuple[TrackedTask, ...]:
        tasks = (one.task for one in self._state.promises.values() if one.task)
        return tuple(sorted(tasks, key=lambda task: task.message_id))

    def task_folders(self) -> tuple[str, ...]:
        return tuple(
            sorted({o.task.folder for o in self._state.promises.values() if o.task and o.task.folder})
        )

    def overdue(self, now: datetime) -> tuple[PromiseSnapshot, ...]:
        late = [
            one
            for one in self._open()
            if not one.promise.waits
            and one.promise.is_of_answer
            and one.promise.due <= now
            and one.overdue != one.promise.due
            and not any(map(_holds_back, one.effects))
        ]
        return tuple(sorted(late, key=lambda one: one.promise.due))

    # --- reconciling --------------------------------------------------------------------------

    def task_updates(self) -> tuple[PromiseSnapshot, ...]:
        wanted = [one for one in self._state.promises.values() if one.task and one.task.task_update]
        return tuple(sorted(wanted, key=lambda one: one.name))

    def category_updates(self) -> tuple[CategoryUpdate, ...]:
        promises, mails = self._state.promises, self._state.mails
        shown = {name for name, one in promises.items() if one.shows is not None}
        return tuple(
            CategoryUpdate(
                name,
                mails[name].item if name in mails else "",
                promised=promises[name].shows if name in promises else None,
                category=promises[name].promise.question.category if name in promises else "",
                obeyed=self._state.obeyed.get(name, ()),
            )
            for name in sorted(shown | self._state.obeyed.keys())
        )

    def categories_updated(self, updates: Collection[CategoryUpdate]) -> None:
        wanted = {one.message_id: (one.promised, one.obeyed) for one in self.category_updates()}
        for update in updates:
            name = update.message_id
            if wanted.get(name) != (update.promised, update.obeyed):
                continue
            self._state.obeyed.pop(name, None)
            if name in self._state.promises:
                self._state.promises[name] = replace(self._state.promises[name], shows=None)

    def has_updates(self) -> bool:
        return bool(self.task_updates() or self.category_updates())

    # --- the outbox ---------------------------------------------------------------------------

    def due(self, now: datetime, kind: EffectKind, limit: int) -> tuple[Pending, ...]:
        due = [one for one in self._due(now) if one.effect.kind is kind]
        return tuple(due[:limit])

    def due_kinds(self, now: datetime) -> frozenset[EffectKind]:
        return frozenset(one.effect.kind for one in self._due(now))

    def _due(self, now: datetime) -> Iterator[Pending]:
        for one in self.in_state(EffectState.PLANNED):
            kind, letters = EffectKind.ACKNOWLEDGEMENT, self._state.promises[one.effect.message_id].effects
            is_free = all(e.state.frees_task for e in letters if e.kind is kind)
            is_open = one.promise.state is PromiseState.OPEN
            if is_open and one.effect.not_before <= now and (not one.effect.kind.is_owner_item or is_free):
                yield one

    def unseen(self, kind: EffectKind) -> tuple[Pending, ...]:
        return tuple(
            one
            for one in self.in_state(EffectState.DONE)
            if one.effect.kind is kind
            and not one.effect.seen
            and one.effect.attempted is not None
            and one.effect.message_id != NOTICES
            and one.promise.state is PromiseState.OPEN
        )

    def in_state(self, *states: EffectState) -> tuple[Pending, ...]:
        found = [pending for pending in self._pendings() if pending.effect.state in states]
        return tuple(sorted(found, key=lambda one: (one.effect.not_before, one.effect.token)))

    def _pendings(self) -> Iterator[Pending]:
        for one in self._state.promises.values():
            yield from (Pending(effect, one.promise) for effect in one.effects)

    # --- counting and telling -----------------------------------------------------------------

    def counted_since(self, moment: datetime, *, previewed: bool) -> tuple[Counted, ...]:
        mails = self._state.mails

        def counted(one: Pending) -> Counted:
            effect, mail = one.effect, mails.get(one.effect.message_id)
            is_planned = effect.state is EffectState.PLANNED
            is_rebuilt = mail is not None and mail.judged.mode == REBUILT and effect.attempted is None
            at = None if is_planned else effect.attempted or effect.not_before
            return Counted(one.promise.question.asker.key, at, is_rebuilt=is_rebuilt)

        sent = [
            counted(one)
            for one in self._pendings()
            if one.effect.kind is EffectKind.ACKNOWLEDGEMENT and one.effect.state is not EffectState.CANCELLED
        ]
        would_be = [
            Counted(mail.sender, mail.decided)
            for mail in (one.judged for one in mails.values())
            if mail.verdict.acknowledge and mail.mode == Mode.PREVIEW.value
        ]
        found = (*sent, *would_be) if previewed else sent
        return tuple(one for one in found if one.at is None or one.at > moment)

    def judged(self, since: datetime) -> tuple[Judged, ...]:
        found = [
            self._closed(one.judged) for one in self._state.mails.values() if one.judged.decided >= since
        ]
        return tuple(sorted(found, key=lambda one: (one.received, one.message_id)))

    def _closed(self, judged: Judged) -> Judged:
        one = self._state.promises.get(judged.message_id)
        return replace(judged, closed=one.promise.why if one else "")

    def log(self, wanted: LogFilter) -> tuple[LogEntry, ...]:
        glob = re.escape(wanted.sender.strip().lower()).replace(r"\*", ".*").replace(r"\?", ".")

        def is_wanted(one: Judged) -> bool:
            return (
                (wanted.message_ids is None or one.message_id in wanted.message_ids)
                and (wanted.since is None or one.decided >= wanted.since)
                and (wanted.until is None or one.decided < wanted.until)
                and wanted.acknowledged in (None, one.verdict.acknowledge)
                and (not wanted.sender or re.fullmatch(glob, one.sender, re.DOTALL) is not None)
                and is_meant(one.verdict.findings, wanted)
            )

        mails = [self._closed(one.judged) for one in self._state.mails.values()]
        newest = sorted(mails, key=lambda one: (one.decided, one.received, one.message_id), reverse=True)
        found = list(islice(filter(is_wanted, newest), wanted.limit))
        return tuple(self._entry(judged) for judged in reversed(found))

    def _entry(self, judged: Judged) -> LogEntry:
        one = self._state.promises.get(judged.message_id)
        forecast = self._state.mails[judged.message_id].forecast
        return LogEntry(judged, one.promise if one else None, one.effects if one else (), forecast)

    def history(self, since: datetime, until: datetime) -> tuple[Event, ...]:
        promises = self._state.promises
        return tuple(
            Event(entry.at, entry.what, entry.due, entry.words, promises[name].promise)
            for name, entry in self._state.history
            if name in promises and since <= entry.at < until
        )

    def courses(self, since: datetime, until: datetime) -> tuple[Course, ...]:
        redated = [name for name, entry in self._state.history if entry.what.is_new_date]
        found = [
            Course(
                one.promise,
                one.made,
                one.first_due or one.promise.due,
                answered=one.answered,
                closed=one.closed,
                moved=redated.count(name),
            )
            for name, one in self._state.promises.items()
            if one.made is not None
            and since <= one.made < until
            and name in self._state.mails
            and self._state.mails[name].judged.mode != REBUILT
        ]
        return tuple(sorted(found, key=lambda one: (one.made, one.promise.question.message_id)))

    def undelivered(self, since: datetime) -> tuple[Pending, ...]:
        failed = self._state.failed
        found = [one for one in self._pendings() if one.effect.token in failed]
        late = [one for one in found if failed[one.effect.token] >= since]
        return tuple(sorted(late, key=lambda one: failed[one.effect.token]))

    def _open(self) -> list[PromiseSnapshot]:
        known = self._state.promises.values()
        return [one for one in known if one.promise.state is PromiseState.OPEN and one.name != NOTICES]

    def open_promises(self) -> tuple[Promise, ...]:
        return tuple(sorted((one.promise for one in self._open()), key=lambda promise: promise.due))

    def open_moments(self) -> tuple[datetime, ...]:
        return tuple(one.promise.due for one in self._open() if one.promise.is_of_answer)

    def count_open(self) -> int:
        return sum(one.promise.is_of_answer for one in self._open())

    def count_effects(self, state: EffectState) -> int:
        return len(self.in_state(state))

    def close(self) -> None:
        pass


def _holds_back(effect: Effect) -> bool:
    is_new_task = effect.kind is EffectKind.TASK and effect.attempted is None
    return effect.state.is_unfinished and (effect.kind is EffectKind.ACKNOWLEDGEMENT or is_new_task)
