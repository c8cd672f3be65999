"""The story of a mail, readable from top to bottom: take in, deliver.

Every step is a plain method that does one batch and says whether there is more to do, so a
test calls steps and never sleeps. What is decided is decided in judge/ and promise/; what is
written to a mailbox is written by `Delivery`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ackd import drafts, hold, palette
from ackd.delivery import Delivery
from ackd.errors import AckdError
from ackd.following import Following
from ackd.groups import Groups
from ackd.intake import Page
from ackd.judgement import Settings
from ackd.model import (
    Changes,
    Decision,
    EffectState,
    Followed,
    Lease,
    Mode,
    SeenTask,
    SentMail,
    Summary,
)
from ackd.ports import Clock, Ledger, Mailbox

log = logging.getLogger(__name__)

#: How far back a listing reads mail, however old the start mark is.
READ_BACK = timedelta(days=30)


class Daemon:
    """Works through a mailbox. One instance, one thread."""

    def __init__(self, mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings) -> None:
        self.mailbox = mailbox
        self.ledger = ledger
        self.clock = clock
        self.settings = settings
        self._delivery = Delivery(mailbox, ledger, clock, settings)
        self._groups = Groups()
        self.before_judging: Callable[[], None] = lambda: None
        self._started = self._shown = False
        self._seen = self._left = 0

    # --- the whole way ----------------------------------------------------------------------

    def run_pass(self, should_stop: Callable[[], bool] = lambda: False) -> Summary:
        """Everything that can be done now: from arrival to task. Raises AckdError where the
        mailbox or the ledger stops it; what was done by then is recorded."""
        self._seen = self._left = self._delivery.acknowledged = 0
        self.start()
        self._know_groups()
        self._prune()
        while not should_stop() and self.take_in():
            pass
        if self.settings.mode is not Mode.PREVIEW:
            self._ensure_marked()
            self._show_categories()
        while not should_stop() and self.deliver():
            pass
        return self.summary()

    def start(self) -> None:
        """Once a process: notice a new mode, rebuild a lost ledger from the mailbox."""
        if self._started:
            return
        self._notice_mode()
        if self.ledger.value("start_mark") is None:
            mark = self.mailbox.start_mark()
            if mark is not None:
                tasks = self.mailbox.tasks()
                _, waiting = drafts.met(self.mailbox, self.ledger, tasks)
                self.ledger.adopt(tasks, self.clock.now(), waiting)
                self.ledger.remember("start_mark", mark.isoformat())
                log.info("event=rebuilt: a new ledger, rebuilt from the mailbox")
        self.mailbox.watch_tasks(self.ledger.task_folders())
        self._started = True

    def take_in(self) -> bool:
        """Read one page of changes, judge its mails and record all in one transaction.
        Returns whether more pages wait."""
        now, mark = self.clock.now(), self._start_mark()
        since = max(mark, now - READ_BACK) if mark else None
        changes = self.mailbox.changes(self.ledger.value("cursor"), since)
        values, begun = {"last_poll": now.isoformat()}, dict[str, str]()
        decisions: list[Decision] = []
        followed, answers = Followed(), _answers(changes.sent)
        refiled: tuple[SeenTask, ...] = ()
        page: Page | None = None
        if mark is None:  # nothing that was there before ackd is ever acknowledged
            values["start_mark"] = (changes.server_time or now).replace(microsecond=0).isoformat()
        else:
            if changes.mails:
                self.before_judging()
                self._know_groups()
            page = Page(self.ledger, self.settings, now, mark, look=changes.relisted)
            decisions = page.decide(changes.mails)
        out, waiting = drafts.met(self.mailbox, self.ledger, changes.tasks, decisions)
        tokens = [*_tokens(changes), *out]
        if page is not None:
            following = Following(self.mailbox, self.ledger, self.settings, page, now)
            followed = following.take(changes, decisions, tokens, waiting)
            answers, refiled = following.answers, tuple(following.refiled)
            if page.tripped:
                begun[hold.KEY] = page.tripped.dump()
        self.ledger.record(
            cursor=changes.cursor,
            decisions=decisions,
            sent=answers,
            tasks=(*changes.tasks, *refiled),
            tokens=tokens,
            drafted=waiting,
            now=now,
            mode=self.settings.mode,
            values=values,
            begun=begun,
            followed=followed,
        )
        if refiled or changes.lists_gone:
            self.mailbox.watch_tasks(self.ledger.task_folders())
        self._tell([*decisions, *followed.anew])
        return not changes.complete

    def deliver(self) -> bool:
        """Do one batch of what is due. Returns whether anything was done. Only one ackd acts on
        a mailbox at a time, and right before it acts it takes in once more: the owner may have
        answered meanwhile, another ackd may have been faster. While it is open what became of a
        write, the lease isn't given back: we take it anew at once, others only when its time is
        over and the mailbox shows what happened."""
        if self.settings.mode is Mode.PREVIEW or not self._delivery.has_work():
            return False
        lease = self.mailbox.take_lease(self.settings.holder)
        if lease is None:
            log.info("event=lease-busy: another ackd acts on this mailbox")
            return False
        try:
            while self.take_in():
                pass
        except AckdError:
            self._release(lease)
            raise
        did = self._delivery.act(lease)
        if not self.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN):
            self._release(lease)
        return did

    # --- how things stand ---------------------------------------------------------------------

    def summary(self) -> Summary:
        """What the pass did so far, and how things stand."""
        return Summary(
            seen=self._seen,
            acknowledged=self._delivery.acknowledged,
            left=self._left,
            parked=self.ledger.count_effects(EffectState.PARKED),
            open_promises=self.ledger.count_open(),
            drafts=self.ledger.count_effects(EffectState.DRAFTED),
        )

    def unfinished(self) -> str:
        """In words, what is due and wasn't done; "" if nothing."""
        return "" if self.settings.mode is Mode.PREVIEW else self._delivery.unfinished()

    def use(self, settings: Settings, mailbox: Mailbox | None = None) -> None:
        """Go on with other settings, and perhaps another connection, from the next pass on."""
        self.settings = self._delivery.settings = settings
        self.mailbox = self._delivery.mailbox = mailbox or self.mailbox
        self._started = self._shown = False

    # --- small parts ------------------------------------------------------------------------

    def _start_mark(self) -> datetime | None:
        value = self.ledger.value("start_mark")
        return datetime.fromisoformat(value) if value else None

    def _know_groups(self) -> None:
        """Once a day, ask the server who belongs to the lists that the owner names."""
        now = self.clock.now()
        settings = self._groups.refresh(self.settings, self.mailbox, self.ledger, now)
        self.settings = self._delivery.settings = settings

    def _prune(self) -> None:
        """Once a day, let closed records that are older than the owner keeps them go."""
        now, last = self.clock.now(), self.ledger.value("pruned")
        if last is None or abs(now - datetime.fromisoformat(last)) >= timedelta(days=1):
            self.ledger.prune(now - self.settings.keep)
            self.ledger.remember("pruned", now.isoformat())

    def _ensure_marked(self) -> None:
        """Let the mailbox remember the start mark, so that a lost ledger loses no question."""
        if self.ledger.value("marked") is None:
            self.mailbox.set_start_mark(self._start_mark() or self.clock.now())
            self.ledger.remember("marked", "yes")

    def _show_categories(self) -> None:
        """Once a start, let the owner's mail program offer the categories that are commands."""
        if not self._shown:
            palette.show(self.mailbox, self.ledger, self.settings)
            self._shown = True

    def _notice_mode(self) -> None:
        """A change of mode never sends what an earlier mode left unsent (SAFETY.md E)."""
        mode, earlier = self.settings.mode.value, self.ledger.value("mode")
        if earlier not in (None, mode):
            count = self.ledger.withdraw_unsent(self.clock.now(), f"left unsent by mode {earlier}")
            log.info("event=mode: mode changed to %s, %d unsent acknowledgements withdrawn", mode, count)
        if earlier != mode:
            self.ledger.remember("mode", mode)

    def _release(self, lease: Lease) -> None:
        try:
            self.mailbox.release(lease)
        except AckdError as error:  # it ends by itself, or we take it anew
            log.warning("event=lease-kept: the lease could not be given back: %s", error)

    def _tell(self, decisions: Sequence[Decision]) -> None:
        self._seen += len(decisions)
        self._left += sum(not decision.verdict.acknowledge for decision in decisions)
        for decision in decisions:
            word = "acknowledge" if decision.verdict.acknowledge else "leave"
            rules = ",".join(sorted({finding.rule for finding in decision.verdict.findings}))
            log.info("event=judged verdict=%s rules=%s", word, rules)


def _answers(sent: Sequence[SentMail]) -> list[SentMail]:
    """What the owner wrote; our own letters and automatic mails answer nothing."""
    return [mail for mail in sent if not mail.token and not mail.is_automatic]


def _tokens(changes: Changes) -> list[str]:
    """Tokens that stand in the mailbox: their effects are done."""
    seen = [mail.token for mail in changes.sent] + [task.token for task in changes.tasks]
    return [token for token in dict.fromkeys(seen) if token]
