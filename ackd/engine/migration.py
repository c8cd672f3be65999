"""From one kind of backend to another in one mailbox: what the ledger knows by the earlier kind's names is
found again and known by its own from then on.

Letters, drafts, calendar entries, watermark and lease carry marks that both kinds read. Tasks don't: each is
found by its mark, else by its former name, else by what a person sees of it, and marked anew. All of it may
be repeated: nothing is made, and the ledger is written last, in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.engine import alarms, lease, waiting
from ackd.engine.promises import changes_of
from ackd.engine.task_match import Wanted, matched
from ackd.engine.triage import Settings
from ackd.errors import AckdError, Busy, SignInRefused, Unreachable
from ackd.judge.rules.mail import SET_ASIDE
from ackd.letters.task import titles_of
from ackd.model import (
    CarriedPromise,
    Done,
    EffectKind,
    EffectState,
    FollowUp,
    How,
    Judged,
    Lease,
    Migration,
    Mode,
    Page,
    Pending,
    Place,
    PlainTask,
    PromiseSnapshot,
    Refused,
    RuleName,
    SeenTask,
    TaskMark,
    ValueKey,
    token_of,
)
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise.carried import Found, carried, task_token

log = logging.getLogger(__name__)

#: The kind of backend of ledgers that don't say it: there was no other.
EARLIEST = "ews"
_LETTER, _ENTRY = EffectKind.ACKNOWLEDGEMENT, EffectKind.APPOINTMENT
#: Mails that couldn't be read are judged by the new way where they came since.
READ_AGAIN = timedelta(days=6)
#: Tasks of promises that were closed longer ago are followed no more.
RECENT = timedelta(days=30)
BATCH = 100


def is_due(kind: str, ledger: Ledger) -> bool:
    """Whether the ledger knows things by the names of another kind of backend than this one."""
    return before(ledger, kind) != kind


def before(ledger: Ledger, kind: str) -> str:
    """The kind of backend by which the ledger knows things; `kind` where it knows none yet."""
    known = ledger.value(ValueKey.BACKEND)
    return known or (kind if ledger.value(ValueKey.SYNC_STATE) is None else EARLIEST)


def run(mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings) -> bool:
    """Carry over what is to be. Returns whether the ledger knows tasks by the mailbox's own names: in preview
    nothing is written to the mailbox, so that no task can be marked."""
    known = ledger.value(ValueKey.BACKEND)
    if known == mailbox.kind:
        return True
    if not is_due(mailbox.kind, ledger):
        ledger.remember(ValueKey.BACKEND, mailbox.kind)
        return True
    if settings.mode is Mode.PREVIEW and ledger.tracked():
        log.info("event=not-migrated: in preview no task can be marked: they aren't followed meanwhile")
        return False
    carry_over(mailbox, ledger, clock, settings)
    return True


def look(
    mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime, *, thorough: bool = False
) -> Migration:
    """What is to be carried over, and how it was found; writes nothing. With `thorough` letters and calendar
    entries are looked for too. Raises AckdError."""
    return _Look(mailbox, ledger, settings, now, thorough=thorough).decide()


def carry_over(
    mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings, *, thorough: bool = False
) -> Migration:
    """Carry all of it over; returns what was. Raises AckdError where it can't be finished: then it is begun
    again, and what is done already is found so."""
    now = clock.now()
    look = _Look(mailbox, ledger, settings, now, thorough=thorough)
    waiting.check(mailbox, now, clock.now())
    plan = look.decide()
    if plan.marks:
        refused = _mark(mailbox, ledger, clock, settings, plan.marks)
        plan = look.decide(without=refused)
    ledger.remember(ValueKey.MARKED, None)  # the mailbox is asked anew whether it knows the watermark
    if ledger.record(plan.page):  # a command of the owner's changed a promise meanwhile
        return carry_over(mailbox, ledger, clock, settings, thorough=thorough)
    log.info(
        "event=migrated before=%s after=%s promises=%d left=%d",
        *(plan.before, plan.after, len(plan.promises), len(plan.left)),
    )
    return plan


# --- writing --------------------------------------------------------------------------------------


def _mark(
    mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings, marks: Sequence[TaskMark]
) -> frozenset[str]:
    """Mark tasks, as the one who acts; returns the tokens of those that can't be. Raises where a mark isn't
    known to be there."""
    mark = ledger.value(ValueKey.WATERMARK)
    mailbox.set_watermark(datetime.fromisoformat(mark) if mark else clock.now())
    taken = lease.take(mailbox, ledger, clock, settings.holder)
    if taken is None:
        raise Busy("another ackd acts on this mailbox: what the earlier way left is carried over after it")
    try:
        refused: set[str] = set()
        for start in range(0, len(marks), BATCH):
            refused |= _mark_some(mailbox, clock, taken, marks[start : start + BATCH])
    except SignInRefused:
        raise  # the lease ends by itself: giving it back would be one more try
    except AckdError:
        lease.give_back(mailbox, taken)
        raise
    lease.give_back(mailbox, taken)
    return frozenset(refused)


def _mark_some(mailbox: Mailbox, clock: Clock, taken: Lease, marks: Sequence[TaskMark]) -> set[str]:
    if not waiting.may_write(mailbox, clock, taken, clock.now()):
        raise Busy(
            "the right to act on this mailbox was lost: what the earlier way left is carried over later"
        )
    refused = set()
    for mark, outcome in zip(marks, mailbox.mark_tasks(marks), strict=True):
        if isinstance(outcome, Refused) and not outcome.retry:
            log.warning("event=task-unmarked: %s", outcome.reason)
            refused.add(mark.token)
        elif not isinstance(outcome, Done):
            raise Unreachable(f"a task of yours couldn't be marked: {outcome.reason}")
    return refused


# --- looking --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """A task as it was found, and how."""

    item: str
    folder: str
    how: How


def _found(mailbox: Mailbox, wanted: Sequence[Wanted]) -> dict[str, _Task]:
    """The tasks that are there for certain, by token."""
    if not wanted:
        return {}
    seen = sorted(mailbox.tasks([one.token for one in wanted]), key=lambda one: not one.is_deleted)
    found = {one.token: _Task(one.item, one.folder, _how(one, How.MARK)) for one in seen}
    left = {one.token: one for one in wanted if one.token not in found}
    if left:
        items = {one.item for one in left.values() if one.item}
        for token, task in matched(list(left.values()), mailbox.unmarked_tasks(items)).items():
            is_named = bool(task.was) and task.was == left[token].item
            found[token] = _Task(task.item, task.folder, _how(task, How.NAME if is_named else How.WORDS))
    return found


def _how(task: SeenTask | PlainTask, how: How) -> How:
    return How.DELETED if task.is_deleted else how


def _set_aside(one: Judged) -> str:
    """The Message-ID of a mail that the earlier way couldn't read: the new one may."""
    found = (finding for finding in one.verdict.findings if finding.rule == RuleName.FACTS_READ)
    return one.message_id if any(finding.reason.startswith(SET_ASIDE) for finding in found) else ""


class _Look:
    """What ledger and mailbox show."""

    def __init__(
        self, mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime, *, thorough: bool
    ) -> None:
        self._settings, self._now = settings, now
        self._before, self._after = before(ledger, mailbox.kind), mailbox.kind
        mark = ledger.value(ValueKey.WATERMARK)
        self._watermark = datetime.fromisoformat(mark) if mark else None
        open_ones = [promise.question.message_id for promise in ledger.open_promises()]
        tracked = [task.message_id for task in ledger.tracked()]
        self._known = ledger.snapshots([*open_ones, *ledger.unsettled(), *tracked])
        self._open = [self._known[name] for name in open_ones if name in self._known]
        self._followed = {name: one for name, one in self._known.items() if self._is_followed(one)}
        self._alarms = alarms.tasks_made(ledger, settings)
        self._tasks = _found(mailbox, [*map(self._wanted, self._followed.values()), *self._of_alarms()])
        self._mails = mailbox.mails(open_ones) if open_ones else {}
        self._drafts = [
            effect.token
            for one in self._known.values()
            for effect in one.effects
            if effect.state is EffectState.DRAFTED
        ]
        self._places = self._look_for_letters(mailbox, thorough=thorough)
        self._labelled = [update.message_id for update in ledger.category_updates()]
        self._set_aside = tuple(filter(None, map(_set_aside, ledger.judged(now - READ_AGAIN))))

    def _is_followed(self, one: PromiseSnapshot) -> bool:
        """Whether a promise has a task that is followed on."""
        is_old = one.closed is not None and one.closed < self._now - RECENT
        return bool(task_token(one)) and not is_old

    def _wanted(self, one: PromiseSnapshot) -> Wanted:
        question, task, calendar = one.promise.question, one.task, self._settings.calendar
        day = task.due_date if task and task.due_date else calendar.local_date(one.promise.due)
        titles = titles_of(one.promise, calendar)
        category = question.category or self._settings.category
        item = task.item if task else ""
        return Wanted(task_token(one), item, one.name, titles, day, category, question.asker.key)

    def _of_alarms(self) -> Iterator[Wanted]:
        for task in self._alarms:
            category = next(iter(task.categories), "")
            yield Wanted(task.token, "", "", frozenset({task.subject}), task.due_date, category)

    def _look_for_letters(self, mailbox: Mailbox, *, thorough: bool) -> Mapping[str, Place]:
        """Where drafts are, and where it is asked for, letters and calendar entries of open promises."""
        more = [token_of(one.name, kind) for one in self._open for kind in (_LETTER, _ENTRY)]
        wanted = dict.fromkeys([*self._drafts, *(more if thorough else ())])
        return mailbox.find(wanted) if wanted else {}

    # --- deciding ---------------------------------------------------------------------------------

    def decide(self, without: Collection[str] = ()) -> Migration:
        """What is to be done, where the tasks with these tokens count as not found."""
        tasks = {token: task for token, task in self._tasks.items() if token not in without}
        after = {name: carried(one, self._found(one, tasks), self._now) for name, one in self._known.items()}
        items = {**dict.fromkeys(self._labelled, ""), **{m.message_id: m.item for m in self._mails.values()}}
        changes = tuple(changes_of(self._known, after))
        followed = FollowUp(changes=changes, items=items, forgotten=self._set_aside)
        is_of = {task_token(one) for one in self._open}
        return Migration(
            before=self._before,
            after=self._after,
            watermark=self._watermark,
            promises=tuple(self._carried(one, tasks) for one in self._open),
            others=len(tasks.keys() - is_of),
            left=tuple(self._left(after)),
            marks=tuple(self._marks(tasks)),
            page=Page(
                self._now, self._settings.mode, followed=followed, values={ValueKey.BACKEND: self._after}
            ),
        )

    def _found(self, one: PromiseSnapshot, tasks: Mapping[str, _Task]) -> Found:
        missing = [token for token in self._drafts if token not in self._places]
        mail = self._mails.get(one.name)
        task = tasks.get(task_token(one)) if one.name in self._followed else None
        if task is None:
            return Found(mail=mail, missing=missing)
        return Found(task.item, task.folder, task.how is How.DELETED, mail, missing)

    def _carried(self, one: PromiseSnapshot, tasks: Mapping[str, _Task]) -> CarriedPromise:
        token = task_token(one)
        task = tasks.get(token)
        how = How.NONE if not token else How.NOT_FOUND if task is None else task.how
        letter, entry = (self._places.get(token_of(one.name, kind)) for kind in (_LETTER, _ENTRY))
        return CarriedPromise(one.promise, how, letter, entry)

    def _left(self, after: Mapping[str, PromiseSnapshot]) -> Iterator[Pending]:
        """What becomes a case for a person."""
        parked = EffectState.PARKED
        for name, one in after.items():
            for effect in one.effects:
                was = self._known[name].effect(effect.token)
                if effect.state is parked and was is not None and was.state is not parked:
                    yield Pending(effect, one.promise)

    def _marks(self, tasks: Mapping[str, _Task]) -> Iterator[TaskMark]:
        """What the tasks are to carry and to remember."""
        for one in self._followed.values():
            if task := tasks.get(token := task_token(one)):
                promise, asker = one.promise, one.promise.question.asker.key
                moves, told = promise.shown_moves, promise.told
                yield TaskMark(task.item, token, one.name, asker, promise.due, moves, task.folder, told)
        for made in self._alarms:
            if task := tasks.get(made.token):
                yield TaskMark(task.item, made.token, "", "", made.promised, folder=task.folder)
