"""The port of the durable record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ackd.model import (
    Alarm,
    AlarmChange,
    AlarmRecord,
    CategoryUpdate,
    Change,
    Counted,
    Course,
    EffectKind,
    EffectState,
    Event,
    Judged,
    Lesson,
    Mail,
    Page,
    Pending,
    Promise,
    PromiseSnapshot,
    Telling,
    TellingChange,
    Thread,
    TrackedTask,
    ValueKey,
)
from ackd.model.log import LogEntry, LogFilter


class Ledger(Protocol):
    """The durable record: rows in, rows out. What becomes of a promise is decided in `promise/`;
    the ledger gives it as it stands (`snapshots`) and writes what it is to be (`write`).

    Every method is one transaction and raises `errors.LedgerError` when it couldn't be done; then
    nothing of it was done. What another process wrote meanwhile is never overwritten: changes are
    written by compare-and-set.
    """

    # --- single values ------------------------------------------------------------------------

    def value(self, key: ValueKey) -> str | None:
        """A single remembered value; None where there is none."""
        ...

    def values(self, *keys: ValueKey) -> Mapping[ValueKey, str]:
        """Several of them at once, as they were in one moment; what has none is missing."""
        ...

    def remember(self, key: ValueKey, value: str | None) -> None:
        """Remember a single value; None forgets it."""
        ...

    def swap(self, key: ValueKey, seen: str | None, value: str | None) -> bool:
        """Change a single value only if it is still as it was seen (None is no value); returns
        whether that was so."""
        ...

    # --- promises as they stand, and as they are to stand ---------------------------------------

    def snapshots(self, message_ids: Iterable[str]) -> Mapping[str, PromiseSnapshot]:
        """How the promises for these questions stand, closed ones too, by the question."""
        ...

    def with_tokens(self, tokens: Iterable[str]) -> Mapping[str, PromiseSnapshot]:
        """The promises to which effects with these tokens belong, by the question, and those of the other
        letters of the same failed requests."""
        ...

    def unsettled(self) -> Mapping[str, PromiseSnapshot]:
        """The promises that have planned, attempted or doubtful effects."""
        ...

    def write(
        self,
        changes: Collection[Change],
        *,
        failed: Sequence[Sequence[str]] = (),
        taught: Collection[Lesson] = (),
    ) -> frozenset[str]:
        """Write promises as they are to stand, and record their events. Where one isn't as it was seen
        any more, nothing is written at all, and the questions of those that changed are returned: the
        caller decides again. `failed` are letters that the server said had failed, by requests, each in
        the order of writing: that is kept with them (`Effect.failure`) until they are tried anew. `taught` is
        what the owner says of mails by these changes."""
        ...

    def attempting(
        self, changes: Collection[Change], *, only_while: tuple[ValueKey, str | None] | None = None
    ) -> frozenset[str]:
        """Write down that effects are about to be done, as `write` does, before anything goes to the
        mailbox. Where the single value of that name isn't as it was seen any more (None is no value), nothing
        is written, as if all had changed."""
        ...

    def record(self, page: Page) -> frozenset[str]:
        """Record a page of changes, its verdicts and the sync state behind it, whole or not at all;
        returns as `write` does. Of a mail neither text nor subject is kept, and of findings no quotes."""
        ...

    def prune(self, before: datetime) -> None:
        """Let what was closed before a moment go, with all that belongs to it: promises without
        unsettled effects, mails without a promise, answers and tokens of that age."""
        ...

    # --- taking in ------------------------------------------------------------------------------

    def known(self, message_ids: Iterable[str]) -> frozenset[str]:
        """Which of the mails have been judged already."""
        ...

    def stood(self, tokens: Iterable[str]) -> frozenset[str]:
        """Which of the tokens have stood in the mailbox, also of questions that this ledger didn't
        know then."""
        ...

    def threads(self, mails: Sequence[Mail]) -> tuple[Thread, ...]:
        """What is known of the conversation that each of the mails belongs to: whether the owner has answered
        that very mail, and whether a promise to its sender is open in it."""
        ...

    def asked_since(self, moment: datetime) -> tuple[Promise, ...]:
        """Promises that were made since the moment, closed ones too, the oldest first."""
        ...

    def letters_in_threads(self, mails: Sequence[Mail], since: datetime) -> tuple[int, ...]:
        """How many letters count in the conversation of each of the mails, to whomever: sent, being sent,
        planned or drafted since the moment."""
        ...

    def frames(self, keys: Collection[str]) -> Mapping[str, int]:
        """In how many mails each of these frames (`engine.frames`) stood; what never did is missing."""
        ...

    def answered(self, addresses: Collection[str]) -> frozenset[str]:
        """Which of the addresses the owner has answered."""
        ...

    def behind(self, message_ids: Collection[str], letters: Mapping[str, str]) -> Mapping[str, str]:
        """The questions behind letters of ours, by the Message-IDs under which they went out, and
        behind what askers wrote later in their threads. `letters` are Message-IDs of ours that are
        only learnt now, by token."""
        ...

    def in_conversations(self, conversations: Collection[str]) -> Mapping[str, PromiseSnapshot]:
        """Promises in these conversations that an answer may still keep."""
        ...

    def tasks_gone(self, items: Collection[str], folders: Collection[str] = ...) -> tuple[TrackedTask, ...]:
        """Tasks of ours that were last seen under these names, or in these lists."""
        ...

    def tracked(self) -> tuple[TrackedTask, ...]:
        """All tasks of ours that are followed, also those of closed promises."""
        ...

    def task_folders(self) -> tuple[str, ...]:
        """The lists besides the usual one that hold tasks of ours."""
        ...

    def overdue(self, now: datetime) -> tuple[PromiseSnapshot, ...]:
        """Open promises of an answer whose moment has come without an answer, and for which nothing was done
        about that yet; those that wait for the asker aren't overdue, nor are those whose letter
        isn't out, or whose task wasn't looked for: it may have been made and deleted by now. One
        that the mailbox refuses again and again holds nothing back."""
        ...

    # --- reconciling ----------------------------------------------------------------------------

    def task_updates(self) -> tuple[PromiseSnapshot, ...]:
        """Promises to whose tasks something is to be done."""
        ...

    def category_updates(self) -> tuple[CategoryUpdate, ...]:
        """Questions whose categories are to change."""
        ...

    def categories_updated(self, updates: Collection[CategoryUpdate]) -> None:
        """Questions whose categories are as they were to be, or that are gone. One of which something else
        has been asked meanwhile is still to be updated."""
        ...

    def has_updates(self) -> bool:
        """Whether a task or a question is to be changed."""
        ...

    # --- the outbox -----------------------------------------------------------------------------

    def due(self, now: datetime, kind: EffectKind, limit: int) -> tuple[Pending, ...]:
        """Planned effects of open promises whose time has come, of one kind, the oldest first.
        What is made for the owner waits until the acknowledgement of its question is out, lies
        in Drafts, or isn't needed any more."""
        ...

    def due_kinds(self, now: datetime) -> frozenset[EffectKind]:
        """Of which kinds effects are due."""
        ...

    def unseen(self, kind: EffectKind) -> tuple[Pending, ...]:
        """Effects of open promises that the server said were done, and that haven't been seen in the
        mailbox since."""
        ...

    def in_state(self, *states: EffectState) -> tuple[Pending, ...]:
        """All effects in one of the states, the oldest first."""
        ...

    # --- counting and telling -------------------------------------------------------------------

    def counted_since(self, moment: datetime, *, previewed: bool) -> tuple[Counted, ...]:
        """The acknowledgements that count against the limits: sent, being sent or drafted since the moment,
        and all that are planned, since they go out after it; with `previewed` also those that preview mode
        would have sent, which nobody got."""
        ...

    def judged(self, since: datetime) -> tuple[Judged, ...]:
        """The decisions since a moment, in the order in which the mails came."""
        ...

    def log(self, wanted: LogFilter) -> tuple[LogEntry, ...]:
        """The decisions that are meant, with their promises and effects, the oldest first; of too many
        the newest."""
        ...

    def history(self, since: datetime, until: datetime) -> tuple[Event, ...]:
        """What happened to promises from a moment on and before another, in order."""
        ...

    def courses(self, since: datetime, until: datetime) -> tuple[Course, ...]:
        """The promises that were made from a moment on and before another, the oldest first. Those
        that a rebuilt ledger read back from tasks aren't among them: when they were made isn't known."""
        ...

    def undelivered(self, since: datetime) -> tuple[Pending, ...]:
        """Letters of ours that couldn't be delivered, as was told since a moment."""
        ...

    def open_promises(self) -> tuple[Promise, ...]:
        """Promises that wait for the owner, by their moment."""
        ...

    def open_moments(self) -> tuple[datetime, ...]:
        """When open promises of an answer are due (`Promise.is_of_answer`), in no order."""
        ...

    def count_open(self) -> int:
        """How many promises of an answer are open (`Promise.is_of_answer`)."""
        ...

    def count_effects(self, state: EffectState) -> int:
        """How many effects are in a state."""
        ...

    # --- lessons --------------------------------------------------------------------------------

    def lessons(self, most: int) -> tuple[Lesson, ...]:
        """What the owner said of mails, of each the last word: the latest so many, the oldest first."""
        ...

    def forget_lessons(self, numbers: Collection[int] | None = None) -> int:
        """Forget lessons by their numbers, None for all; returns how many there were."""
        ...

    # --- alarms ---------------------------------------------------------------------------------

    def open_alarms(self) -> tuple[Alarm, ...]:
        """The alarms that rang and aren't over, the oldest first."""
        ...

    def alarms(self) -> tuple[AlarmRecord, ...]:
        """All cases that are remembered: also those that haven't rung yet, and those that were over lately;
        by kind and case."""
        ...

    def tellings(self) -> tuple[Telling, ...]:
        """What the ways of alarms were told, or are to be told, by way, kind and case."""
        ...

    def record_alarms(
        self, alarms: Collection[AlarmChange] = (), tellings: Collection[TellingChange] = ()
    ) -> bool:
        """Write alarms and tellings as they are to be; returns whether all were as they were seen: if not,
        nothing is written, and the caller decides again."""
        ...

    def close(self) -> None:
        """Release the record."""
        ...
