"""The story of a mail, readable from top to bottom: take in, deliver.

Every step is a plain method that does one batch and says whether there is more to do, so a
test calls steps and never sleeps. What is decided is decided in judge/ and promise/; what is
written to a mailbox is written by `Outbox`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from ackd.engine import (
    alerts,
    categories,
    colleagues,
    copies,
    digest,
    drafts,
    lease,
    lessons,
    migration,
    observations,
    promises,
    unanswered,
    waiting,
)
from ackd.engine.context import PassContext, Tally
from ackd.engine.followup import FollowThrough
from ackd.engine.groups import Groups
from ackd.engine.intake import IntakeBatch
from ackd.engine.outbox import Outbox
from ackd.engine.page_promises import PagePromises, letters_met
from ackd.engine.triage import Settings
from ackd.errors import AckdError, SignInRefused
from ackd.model import (
    Change,
    Changes,
    Decision,
    EffectState,
    Lease,
    Lesson,
    Mode,
    Page,
    Summary,
    ValueKey,
)
from ackd.ports import Clock, Ledger, Mailbox

log = logging.getLogger(__name__)

#: How far back a listing reads mail, however old the watermark is.
READ_BACK = timedelta(days=30)
#: When the mailbox was read last by a clock that a server's time agreed with.


def run_pass(context: PassContext) -> Summary:
    """One pass over one mailbox: see `Daemon.run_pass`. Nothing of it stays behind in the process."""
    return Daemon.of(context).run_pass(context.should_stop)


class Daemon:
    """Works through a mailbox. One instance, one thread."""

    def __init__(
        self,
        mailbox: Mailbox,
        ledger: Ledger,
        clock: Clock,
        settings: Settings,
        tally: Tally | None = None,
        renewed: Callable[[], Settings | None] = lambda: None,
    ) -> None:
        self._tally, self._renewed = tally or Tally(), renewed
        self.mailbox = mailbox
        self.ledger = ledger
        self.clock = clock
        self.settings = settings
        self._delivery = Outbox(mailbox, ledger, clock, settings, self._tally)
        self._groups = Groups()
        self._started = self._shown = self._asked_time = self._has_digests = False
        self._knows_tasks = True
        self._misses_answers = False  # a mail of the owner's couldn't be read so far

    @classmethod
    def of(cls, context: PassContext) -> Self:
        """For a pass, or for a look at how things stand."""
        c = context
        return cls(c.mailbox, c.ledger, c.clock, c.settings, c.tally, c.renewed)

    # --- the whole way ----------------------------------------------------------------------

    def run_pass(self, should_stop: Callable[[], bool] = lambda: False) -> Summary:
        """Everything that can be done now: from arrival to task. Raises AckdError where the
        mailbox or the ledger stops it; what was done by then is recorded."""
        self._tally.clear()
        self.start()
        while not should_stop() and self.take_in():
            pass
        if not self._has_digests:  # by a clock that is the server's
            digest.begin(self.ledger, self.settings, self.clock.now())
            self._has_digests = True
        self._know_groups()
        self._prune()
        observations.ask_endings(self.mailbox, self.ledger, self.clock)
        if self.settings.mode is not Mode.PREVIEW:
            self._ensure_marked()
            self._show_categories()
        while not should_stop() and self.deliver():
            pass
        return self.summary()

    def start(self) -> None:
        """Once a process: notice a new mode, rebuild a lost ledger from the mailbox, carry over what another
        way to the mailbox left."""
        if self._started:
            return
        known = self.ledger.values(ValueKey.MODE, ValueKey.WATERMARK)
        self._notice_mode(known.get(ValueKey.MODE))
        if ValueKey.WATERMARK not in known:
            mark = self.mailbox.watermark()
            waiting.check(self.mailbox, self.clock.now())
            if mark is not None:
                tasks = self.mailbox.tasks()
                out, drafted = drafts.met(self.mailbox, self.ledger, tasks)
                promises.adopt(self.ledger, tasks, self.clock.now(), self.settings.mode, out, drafted)
                self.ledger.remember(ValueKey.WATERMARK, mark.isoformat())
                self.ledger.remember(ValueKey.MARKED, "yes")
                log.info("event=rebuilt: a new ledger, rebuilt from the mailbox")
        self._knows_tasks = migration.run(self.mailbox, self.ledger, self.clock, self.settings)
        self._watch_tasks()
        self._started = True

    def take_in(self) -> bool:
        """Read one page of changes, judge its mails and record all in one transaction.
        Returns whether more pages wait. Raises ClocksApart, and records nothing, where the machine's
        clock isn't the server's."""
        now = self.clock.now()
        known = self.ledger.values(
            ValueKey.WATERMARK, ValueKey.POLLED_BY_SERVER_TIME, ValueKey.SYNC_STATE, ValueKey.COPIES_LEFT
        )
        mark, sync_state = _moment(known.get(ValueKey.WATERMARK)), known.get(ValueKey.SYNC_STATE)
        since = self._read_from(mark, _moment(known.get(ValueKey.POLLED_BY_SERVER_TIME)), now)
        changes = self._of_known_tasks(self.mailbox.changes(sync_state, since))
        changes = self._with_copies(changes, known.get(ValueKey.COPIES_LEFT))
        if changes.says_something or self.ledger.overdue(now):
            self._ask_time()
        waiting.check(self.mailbox, now, self.clock.now())
        values = {
            ValueKey.LAST_POLL: now.isoformat(),
            ValueKey.UNREAD: str(changes.unread),
            ValueKey.FOLDER_NOTES: alerts.dump(changes.notes),
        }
        self._misses_answers = changes.unread_sent
        if self.mailbox.server_time() is not None:
            values[ValueKey.POLLED_BY_SERVER_TIME] = now.isoformat()
        if changes.complete:
            values[ValueKey.READ_UNTIL] = now.isoformat()
        if mark is None:  # nothing that was there before ackd is ever acknowledged
            values[ValueKey.WATERMARK] = (changes.server_time or now).replace(microsecond=0).isoformat()
        elif changes.mails:
            self.settings = self._delivery.settings = self._renewed() or self.settings
            self._know_groups()
            self.settings = self._delivery.settings = colleagues.looked_up(
                self.settings, changes.mails, self.mailbox, self.ledger, now
            )
        while True:
            page, refiled = self._decide(changes, now, mark)
            page = replace(page, sync_state=changes.sync_state, values={**values, **page.values})
            if not self.ledger.record(page):
                break  # else a command of the owner's changed a promise meanwhile: all is decided again
        if refiled or changes.lists_gone:
            self._watch_tasks()
        self._tell([*page.decisions, *page.followed.anew])
        self._tally.acknowledged += letters_met(page.followed.changes)
        return not changes.complete and changes.sync_state != sync_state

    def _decide(self, changes: Changes, now: datetime, mark: datetime | None) -> tuple[Page, bool]:
        """What a page of changes is recorded as, and whether a task of ours was filed elsewhere."""
        shown = _tokens(changes)
        batch = IntakeBatch(self.ledger, self.settings, now, mark or now, verify_first=changes.relisted)
        batch.tokens = frozenset(shown)
        decisions = batch.decide(changes.mails) if mark else []
        out, drafted = drafts.met(self.mailbox, self.ledger, changes.tasks, decisions)
        tokens = [*shown, *out]
        touched = PagePromises(self.ledger, now, tokens, drafted)
        orders = batch.remembered.get(ValueKey.ORDERED)
        names = unanswered.read(orders)
        said = lessons.read(batch.remembered.get(ValueKey.SAID)) if mark else {}
        following = FollowThrough(self.mailbox, self.ledger, self.settings, batch, now, touched, names)
        following.denied = tuple(name for name, asks in said.items() if not asks)
        followed = following.take(changes, decisions, is_first=mark is None)
        taught = self._taught(followed.changes, said, batch, touched)
        values = copies.noted(self.ledger, batch.remembered.get(ValueKey.COPIES_LEFT), batch.repeated, now)
        swapped = batch.new_hold() if mark else {}
        if orders and following.orders_are_done:
            swapped[ValueKey.ORDERED] = (orders, None)
        if said:
            swapped[ValueKey.SAID] = (batch.remembered[ValueKey.SAID], None)
        page = Page(
            now,
            self.settings.mode,
            decisions=tuple(decisions),
            tokens=tuple(tokens),
            followed=followed,
            values=values,
            swapped=swapped,
            frames=tuple(batch.frames),
            lessons=() if ValueKey.LESSONS_OFF in batch.remembered else taught,
        )
        return page, following.refiled

    def _taught(
        self, changes: Sequence[Change], said: Mapping[str, bool], batch: IntakeBatch, touched: PagePromises
    ) -> tuple[Lesson, ...]:
        """What the owner says of mails, by acts on this page and by words since the last one."""
        by_acts = lessons.of_changes(changes, batch.now, self.settings.policy.threshold)
        told = {one.message_id for one in by_acts}
        wanted = {name: asks for name, asks in said.items() if name not in told}
        touched.know(wanted)
        traits = {name: one.promise.question.traits for name in wanted if (one := touched.get(name))}
        unknown = [name for name in wanted if traits.get(name) is None]
        mails = self.mailbox.mails(unknown) if unknown else {}
        traits |= {name: batch.traits(mail) for name, mail in mails.items()}
        by_words = lessons.of_words(wanted, traits, batch.now)
        if missing := len(wanted) - len(by_words):
            log.warning(
                "event=lesson-refused: %d mails aren't in the watched folders, or say nothing", missing
            )
        return (*by_acts, *by_words)

    def deliver(self) -> bool:
        """Do one batch of what is due. Returns whether anything was done. Only one ackd acts on
        a mailbox at a time, and right before it acts it takes in once more: the owner may have
        answered meanwhile, another ackd may have been faster. While it is open what became of a
        write, the lease isn't given back: we take it anew at once, others only when its time is
        over and the mailbox shows what happened."""
        is_preview = self.settings.mode is Mode.PREVIEW
        if not is_preview:
            self._delivery.count_waits()
        if is_preview or not self._delivery.has_work():
            lease.forget(self.ledger)
            return False
        taken = self._take_lease()
        if taken is None:
            return False
        try:
            while self.take_in():
                pass
        except SignInRefused:
            raise  # the lease ends by itself: giving it back would be one more try
        except AckdError:
            self._release(taken)
            raise
        if self._misses_answers:
            log.info("event=answers-unread: a mail of yours can't be read yet, nothing is sent meanwhile")
            self._release(taken)
            return False
        did = self._delivery.act(taken)
        if not self.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN):
            self._release(taken)
        return did

    # --- how things stand ---------------------------------------------------------------------

    def summary(self) -> Summary:
        """What the pass did so far, and how things stand."""
        return Summary(
            seen=self._tally.seen,
            acknowledged=self._tally.acknowledged,
            left=self._tally.left,
            parked=self.ledger.count_effects(EffectState.PARKED),
            open_promises=self.ledger.count_open(),
            drafts=self.ledger.count_effects(EffectState.DRAFTED),
        )

    def unfinished(self) -> str:
        """In words, what is due and wasn't done; "" if nothing."""
        left = "" if self.settings.mode is Mode.PREVIEW else self._delivery.unfinished()
        foreign = lease.met(self.ledger) if left else None
        return f"{left}; {foreign.words}" if foreign else left

    def use(self, settings: Settings, mailbox: Mailbox | None = None) -> None:
        """Go on with other settings, and perhaps another connection, from the next pass on."""
        self.settings = self._delivery.settings = settings
        self.mailbox = self._delivery.mailbox = mailbox or self.mailbox
        self._started = self._shown = self._has_digests = False
        self._misses_answers = False  # a mail of the owner's couldn't be read so far

    # --- small parts ------------------------------------------------------------------------

    def _watch_tasks(self) -> None:
        self.mailbox.watch_tasks(self.ledger.task_folders() if self._knows_tasks else ())

    def _of_known_tasks(self, changes: Changes) -> Changes:
        """Without what is told of tasks, while the ledger knows them by other names than the mailbox."""
        return changes if self._knows_tasks else replace(changes, tasks=(), gone=(), lists_gone=())

    def _with_copies(self, changes: Changes, left: str | None) -> Changes:
        """With the mails that were left as copies of what is no more: they are judged as if they had just
        come. One that is gone too is missing."""
        bereft = copies.bereft(self.ledger, left)
        if not bereft:
            return changes
        log.info("event=copy: a question was taken back; what was left as its copy is judged anew")
        mails = self.mailbox.mails(bereft)
        again = (replace(mail, reread=True) for name, mail in sorted(mails.items()))
        return replace(changes, mails=(*changes.mails, *again))

    def _take_lease(self) -> Lease | None:
        return lease.take(self.mailbox, self.ledger, self.clock, self.settings.holder)

    def _ask_time(self) -> None:
        """Once a process, before anything is decided by the time: a server that doesn't tell it with its
        answers shows it by the lease that it makes for us."""
        is_told = self.mailbox.server_time() is not None
        if is_told or self._asked_time or self.settings.mode is Mode.PREVIEW:
            return
        if self.ledger.value(ValueKey.MARKED) is not None and (taken := self._take_lease()):
            self._asked_time = True
            self._release(taken)

    def _read_from(self, mark: datetime | None, polled: datetime | None, now: datetime) -> datetime | None:
        """From when on mail is read. While the server's time isn't known, a clock that is ahead, for however
        many polls, mustn't make history of what has just come, nor of all that a rebuilt ledger is to read
        again."""
        if mark and self.mailbox.server_time() is None:
            now = min(now, polled or mark)
        return max(mark, now - READ_BACK) if mark else None

    def _know_groups(self) -> None:
        """Once a day, ask the server who belongs to the lists that the owner names."""
        now = self.clock.now()
        settings = self._groups.refresh(self.settings, self.mailbox, self.ledger, now)
        self.settings = self._delivery.settings = settings

    def _prune(self) -> None:
        """Once a day, let closed records that are older than the owner keeps them go: by a time that the
        server shares, where anything of ours stands in the mailbox."""
        if self.mailbox.server_time() is None and self.settings.mode is not Mode.PREVIEW:
            return
        now, last = self.clock.now(), self.ledger.value(ValueKey.PRUNED)
        if last is None or abs(now - datetime.fromisoformat(last)) >= timedelta(days=1):
            self.ledger.prune(now - self.settings.keep)
            self.ledger.remember(ValueKey.PRUNED, now.isoformat())

    def _ensure_marked(self) -> None:
        """Let the mailbox remember the watermark, so that a lost ledger loses no question."""
        if self.ledger.value(ValueKey.MARKED) is None:
            self.mailbox.set_watermark(_moment(self.ledger.value(ValueKey.WATERMARK)) or self.clock.now())
            self.ledger.remember(ValueKey.MARKED, "yes")

    def _show_categories(self) -> None:
        """Once a start, let the owner's mail program offer the categories that are commands."""
        if not self._shown:
            categories.show(self.mailbox, self.ledger, self.settings)
            self._shown = True

    def _notice_mode(self, earlier: str | None) -> None:
        """A change of mode never sends what an earlier mode left unsent (docs/design.md, silence E)."""
        mode = self.settings.mode.value
        if earlier not in (None, mode):
            now, why = self.clock.now(), f"{promises.UNSENT} by mode {earlier}"
            count = promises.withdraw_unsent(self.ledger, now, why)
            log.info("event=mode: mode changed to %s, %d unsent acknowledgements withdrawn", mode, count)
            if left := len(unanswered.candidates(self.ledger, self.settings, now)):
                log.warning("event=unanswered: %d questions have no letter: ackd unanswered lists them", left)
        if earlier != mode:
            self.ledger.remember(ValueKey.MODE, mode)

    def _release(self, taken: Lease) -> None:
        lease.give_back(self.mailbox, taken)

    def _tell(self, decisions: Sequence[Decision]) -> None:
        self._tally.seen += len(decisions)
        self._tally.left += sum(not decision.verdict.acknowledge for decision in decisions)
        self._tally.judged += [decision.mail.message_id for decision in decisions]
        for decision in decisions:
            word = "acknowledge" if decision.verdict.acknowledge else "leave"
            rules = ",".join(sorted({finding.rule for finding in decision.verdict.findings}))
            log.info("event=judged verdict=%s rules=%s", word, rules)


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _tokens(changes: Changes) -> list[str]:
    """Tokens that stand in the mailbox: their effects are done."""
    seen = [mail.token for mail in changes.sent] + [task.token for task in changes.tasks]
    return [token for token in dict.fromkeys(seen) if token]
