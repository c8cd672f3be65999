"""A page of changes → what it makes of the promises that are open.

Reads the ledger, and the mailbox only where a change alone doesn't tell (a task that left its
list, a mail that the owner's command is about). What follows is decided in promise/.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ackd.engine import colleagues, promises, vanished
from ackd.engine.intake import LATE, Heard, IntakeBatch, saved_copies
from ackd.engine.page_promises import PagePromises
from ackd.engine.questions import known_task_style
from ackd.engine.triage import Settings
from ackd.letters.task import more_note, note
from ackd.model import (
    Answer,
    Changes,
    Command,
    Decision,
    FollowUp,
    Marked,
    Mode,
    PromiseSnapshot,
    PromiseState,
    Question,
    SeenTask,
    SentMail,
    ValueKey,
    task_number,
)
from ackd.ports import Ledger, Mailbox
from ackd.promise import asker_reply, lifecycle, snapshots, task_signs
from ackd.promise.asker_reply import Said
from ackd.promise.holding_reply import holding
from ackd.text.reply_text import new_text

log = logging.getLogger(__name__)

ADDRESS = 320  # characters of an address that are kept
#: How old a mail may be on which the owner gives a command.
COMMANDED = timedelta(days=30)


@dataclass(slots=True)
class FollowThrough:
    """What one page makes of promises. `batch` holds the mails of the page as they were decided, `orders` are
    the questions for which the owner ordered letters."""

    mailbox: Mailbox
    ledger: Ledger
    settings: Settings
    batch: IntakeBatch
    now: datetime
    page: PagePromises
    orders: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()  # mails of which the owner said that they are no questions
    answers: list[Answer] = field(default_factory=list)
    obeyed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    anew: list[Decision] = field(default_factory=list)
    rebuilt: list[Decision] = field(default_factory=list)
    orders_are_done: bool = False
    refiled: bool = False  # whether a task was found in another list
    _adopted: set[str] = field(default_factory=set)  # questions whose promise a task told of
    _others: set[str] = field(default_factory=set)  # questions to whose tasks another ackd wrote
    _fresh: set[str] = field(default_factory=set)  # questions that this page brought
    _letters: dict[str, str] = field(default_factory=dict)  # of ours, by token: their Message-IDs
    _threads: dict[str, str] = field(default_factory=dict)  # what askers wrote later, by its question

    def take(self, changes: Changes, decisions: Sequence[Decision], *, is_first: bool = False) -> FollowUp:
        """All of a page, in the order in which it weighs: the owner's answers first. Before ackd began
        (`is_first`) nothing else followed."""
        self._begin(changes, decisions)
        sent = (*changes.sent, *saved_copies(changes.mails, self.settings.owner))
        self._answered([mail for mail in sent if not mail.token and not mail.is_automatic])
        self.page.see_orders(self.answers)
        if not is_first:
            for heard in self.batch.heard:
                self._wrote_again(heard)
            for task in task_signs.last_made(changes.tasks):
                self._task(task)
            self._gone(changes)
            if self.settings.mode is not Mode.PREVIEW:
                self._marked(changes.marked)
                self._ordered()
                self._overdue()
            self._rebuild_questions()
        return FollowUp(
            changes=self.page.changes(),
            anew=tuple(self.anew),
            rebuilt=tuple(self.rebuilt),
            answers=tuple(self.answers),
            obeyed=self.obeyed,
            items=_items(changes),
            failed=tuple(self.batch.failed),
            sent_as=self._letters,
            threads=self._threads,
        )

    def _begin(self, changes: Changes, decisions: Sequence[Decision]) -> None:
        """The promises that the page is about, with what it decided, adopts and saw of letters."""
        tasked = [task.message_id for task in changes.tasks if task.message_id]
        made = [decision for decision in decisions if decision.promise is not None]
        heard = [heard.question for heard in self.batch.heard]
        self.page.know([*tasked, *heard, *(decision.mail.message_id for decision in made)])
        self.page.know_letters(changes.sent)
        self.page.make(made)
        self._fresh = {decision.mail.message_id for decision in made}
        self._adopt([task for task in changes.tasks if task.message_id not in self.page])
        self.page.see_letters()
        self.page.see_tasks(changes.tasks)
        self._others = {
            task.message_id
            for task in changes.tasks
            if (known := self.page.get(task.message_id))
            and task_signs.is_anothers(known, task, self.settings.calendar)
        }
        self._letters = {mail.token: mail.message_id for mail in changes.sent if mail.token}
        self._threads = {
            heard.mail.message_id: heard.question for heard in self.batch.heard if self._is_the_askers(heard)
        } | self.batch.repeated

    # --- the owner's answers ------------------------------------------------------------------

    def _answered(self, sent: Sequence[SentMail]) -> None:
        """What the owner wrote answers questions; what only puts them off gives a new date."""
        targets = [target for mail in sent for target in mail.targets]
        self.page.know(targets)
        strange = [target for target in targets if target not in self.page]
        behind = {**self.ledger.behind(strange, self._letters), **self._threads} if strange else {}
        self.page.know(behind.values())
        alone = {mail.conversation for mail in sent if not mail.targets and mail.conversation}
        by_conversation = self.ledger.in_conversations(alone) if alone else {}
        self.page.take_over(by_conversation)
        for mail in sent:
            meant = self._meant(mail, by_conversation, behind)
            if meant and self._put_off(mail, meant):
                continue
            self.answers += answers_of(mail, meant)
            for snapshot in meant:
                self.page.put(snapshots.answered(snapshot, mail.at, self.now))

    def _meant(
        self, mail: SentMail, by_conversation: Collection[str], behind: Mapping[str, str]
    ) -> list[PromiseSnapshot]:
        """The promises that a mail of the owner's may keep: it went to the asker, and belongs to
        the question by its references (to what is `behind` them, where they name a letter of ours or
        what the asker wrote later), or by the conversation where it has none."""
        names = dict.fromkeys(behind.get(target, target) for target in mail.targets)
        found = [self.page[name] for name in names if name in self.page]
        if not mail.targets and mail.conversation:
            found = [
                snapshot
                for snapshot in map(self.page.__getitem__, by_conversation)
                if snapshot.promise.question.conversation == mail.conversation
                and snapshot.promise.question.received <= mail.at
            ]
        return [
            snapshot
            for snapshot in found
            if snapshot.promise.state.can_be_kept and self._went_to_the_asker(mail, snapshot.promise.question)
        ]

    def _went_to_the_asker(self, mail: SentMail, question: Question) -> bool:
        """Whether a mail went to the asker: to the address that asked, to where the asker wants
        answers, or to another address of the same person by the server's word."""
        owner, policy = self.settings.owner, self.settings.policy
        others = [address for address in mail.to if address.key not in owner.keys]
        if any(address.key in (question.asker.key, *question.reply_to) for address in others):
            return True
        inside = [one for one in others if "@" not in one.email or policy.is_internal(one.email)]
        return bool(mail.targets and inside) and self.mailbox.same_person(question.asker.email, inside)

    def _put_off(self, mail: SentMail, meant: Sequence[PromiseSnapshot]) -> bool:
        """Whether a mail is no answer: it gives new dates, which hold from now on."""
        calendar = self.settings.calendar
        text = new_text(mail.text, mail.html)
        said = holding(text, None, mail.at, calendar.zone, calendar.hours) if text.strip() else None
        if said is None:
            return False
        new = [snapshot for snapshot in meant if not self._is_told_by_its_task(snapshot, mail.at)]
        for snapshot in new:
            self.page.do(lifecycle.postponed(snapshot, said.moment, self._by()))
        return True

    # --- the asker ------------------------------------------------------------------------------

    def _is_the_askers(self, heard: Heard) -> bool:
        snapshot, sender = self.page.get(heard.question), heard.mail.sender
        if snapshot is None or sender is None or not heard.mail.message_id:
            return False
        return sender.key == snapshot.promise.question.asker.key

    def _wrote_again(self, heard: Heard) -> None:
        snapshot, mail, facts = self.page.get(heard.question), heard.mail, heard.facts
        if snapshot is None or mail.sender is None or mail.sender.key != snapshot.promise.question.asker.key:
            return
        calendar, by = self.settings.calendar, self._by()
        sent = mail.sent or mail.received
        said = asker_reply.read(facts.new_text, facts.language, sent, facts.zone, calendar.hours)
        language = known_task_style(self.ledger, self.settings).spoken
        words = note(mail, facts.new_text, calendar, self.now, language)
        if said.kind is not Said.WITHDRAWN and self._is_told_by_its_task(snapshot, mail.received):
            return
        if said.kind is Said.WITHDRAWN:
            self.page.do(lifecycle.solved(snapshot, words))
        elif said.kind in (Said.URGENT, Said.DEADLINE):
            self.page.do(lifecycle.hurried(snapshot, said.wanted, words, by))
        elif said.kind is Said.NO_RUSH:
            self.page.do(lifecycle.relaxed(snapshot, words, by))
        elif said.kind is Said.MORE:
            self.page.do(lifecycle.more(snapshot, words, by))

    # --- tasks ----------------------------------------------------------------------------------

    def _adopt(self, tasks: Sequence[SeenTask]) -> None:
        """Promises that this ledger didn't make: they are recorded with the page."""
        named = {task.message_id: task for task in task_signs.last_made(tasks) if task.message_id}
        judged = self.ledger.known(named) if named else frozenset()
        for name, task in named.items():
            decision = promises.adopted(task, self.now, self.page.tokens, self.page.drafted)
            self.rebuilt += [decision] if name not in judged else []
            self.page.make([decision])
            self.page.put(snapshots.with_task_seen(self.page[name], task, is_adopted=True))
        self._adopted = set(named)

    def _task(self, task: SeenTask) -> None:
        snapshot = self.page.get(task.message_id)
        if snapshot is None or not self._is_its_task(task):
            return
        self.page.put(snapshots.with_task_seen(snapshot, task))
        self.page.do(lifecycle.seen(snapshot, task, self._by()))
        command = self.settings.follow.command(task.categories)
        if command is not None and self.settings.mode is not Mode.PREVIEW:
            self._command(task.message_id, command)
            names = self.settings.follow.names(task.categories)
            self.page.do(lifecycle.obeyed(self.page[task.message_id], names))

    def _is_its_task(self, task: SeenTask) -> bool:
        """Whether it is the task that ackd made last, not one before it, nor a copy that the owner
        made of it."""
        snapshot = self.page[task.message_id]
        before, last = snapshot.task, snapshot.last_task
        number = task_number(task.message_id, task.token)
        known = [one.token for one in (before, last) if one]
        if number < max((task_number(task.message_id, token) for token in known), default=-1):
            return False
        return before is None or before.item == task.item or task.token == before.token or number > 0

    def _gone(self, changes: Changes) -> None:
        """Tasks that left their list: deleted, or filed elsewhere, which only a look tells."""
        here = {task.token for task in changes.tasks}
        gone = [t for t in self.ledger.tasks_gone(changes.gone, changes.lists_gone) if t.token not in here]
        if not gone:
            return
        self.page.know(task.message_id for task in gone)
        found = {task.token: task for task in self.mailbox.tasks([task.token for task in gone])}
        for task in gone:
            self._left(task.message_id, task.token, found.get(task.token))

    def _left(self, name: str, token: str, where: SeenTask | None) -> None:
        snapshot = self.page.get(name)
        if where is not None and not where.is_deleted:
            self.refiled = True
            self._task(where)
        elif snapshot is not None and (snapshot.task is None or snapshot.task.token == token):
            self.page.put(snapshots.without_task(snapshot, token))
            self.page.do(lifecycle.deleted(snapshot))

    # --- the owner's commands -------------------------------------------------------------------

    def _marked(self, marked: Iterable[Marked]) -> None:
        commands = self.settings.follow
        told = [(mark, commands.command(mark.categories)) for mark in marked]
        given = [(mark, command) for mark, command in told if command is not None]
        self.page.know(mark.message_id for mark, _ in given)
        for mark, command in given:
            if mark.message_id and mark.received >= self.now - COMMANDED:
                self._command(mark.message_id, command)
                self.obeyed[mark.message_id] = commands.names(mark.categories)

    def _ordered(self) -> None:
        """Letters that the owner ordered: those for questions that are still there and unanswered."""
        self.page.know(self.denied)
        for name in self.denied:
            self._command(name, Command.NOT_A_QUESTION)
        mails = self.mailbox.mails(self.orders) if self.orders else {}
        if missing := len(set(self.orders) - mails.keys()):
            log.warning("event=order-refused: %d questions are in none of the watched folders", missing)
        self.page.know(mails)
        for mail, thread in zip(mails.values(), self.ledger.threads([*mails.values()]), strict=True):
            if not mail.is_marked_answered and not thread.answered:
                self._command(mail.message_id)
        self.orders_are_done = True

    def _command(self, message_id: str, given: Command | None = None) -> None:
        """Do what the owner said; None is an order for the letter that a mail would have got."""
        snapshot, command = self.page.get(message_id), given or Command.ACKNOWLEDGE
        log.info("event=command what=%s", command.value)
        asker = snapshot.promise.question.asker.key if snapshot else ""
        if command is not Command.NOT_A_QUESTION and self._is_just_answered(message_id, asker):
            return
        if snapshot is not None and snapshot.promise.state is PromiseState.OPEN:
            words = more_note(snapshot.promise.question, known_task_style(self.ledger, self.settings).spoken)
            self.page.do(lifecycle.command(snapshot, command, words, self._by()))
        elif snapshot is not None and snapshot.is_told:
            if command is Command.ACKNOWLEDGE:
                self.page.put(after := vanished.with_deleted(self.mailbox, snapshot))
                self.page.do(lifecycle.taken_up(after, self._by()))
        elif command is not Command.NOT_A_QUESTION:
            self._decide_anew(message_id, given)

    def _decide_anew(self, message_id: str, command: Command | None) -> None:
        """A mail that was left, or whose promise was closed in silence: by the owner's word it is
        answered. What keeps ackd from answering robots and strangers holds against that word too."""
        found = self.mailbox.search(message_id=message_id, limit=1)
        if not found or (found[0].sender and self._is_just_answered(message_id, found[0].sender.key)):
            return
        self.batch.settings = colleagues.looked_up(
            self.batch.settings, found, self.mailbox, self.ledger, self.now
        )
        decision = self.batch.decide_commanded(found[0], command)
        if vetoes := decision.verdict.vetoes:
            log.warning("event=command-refused rules=%s", ",".join(veto.rule for veto in vetoes))
        self.anew.append(decision)
        self.page.make([decision])

    def _is_just_answered(self, message_id: str, asker: str) -> bool:
        """Whether this page brought the owner's answer too. A category has no time: what came last can't
        be told, and an acknowledgement of what is answered would embarrass the owner."""
        one = (message_id, asker[:ADDRESS])
        is_answered = any((answer.target, answer.recipient) == one for answer in self.answers)
        if is_answered:
            log.warning("event=command-refused: you answered in the same minute")
        return is_answered

    # --- time -----------------------------------------------------------------------------------

    def _overdue(self) -> None:
        late = {snapshot.name: snapshot for snapshot in self.ledger.overdue(self.now)}
        self.page.take_over(late)
        for name, task in vanished.met(self.mailbox, late.values()).items():
            self._left(name, task.token, task)
        for current in map(self.page.__getitem__, late):
            promise = current.promise
            if promise.state is PromiseState.OPEN and promise.due <= self.now and not current.will_wait:
                self.page.do(lifecycle.overdue(current, self._by()))

    # --- small parts ----------------------------------------------------------------------------

    def _rebuild_questions(self) -> None:
        """What a rebuilt ledger learns of its questions, whose mails have come again with a new listing."""
        self.page.know(mail.message_id for mail in self.batch.known)
        for mail in self.batch.known:
            snapshot = self.page.get(mail.message_id)
            if snapshot is not None and not snapshot.promise.question.subject:
                question = self.batch.question_of(mail)
                self.page.put(snapshots.with_question(snapshot, question) if question else snapshot)

    def _is_told_by_its_task(self, snapshot: PromiseSnapshot, at: datetime) -> bool:
        """Whether what was written at a moment is in the task already: a rebuilt ledger reads old
        mails again, another ackd read them first, and what the owner did since then would be undone. A new
        listing also brings what came since this ledger read the mailbox to its end, which nobody read. What
        stood there before a letter of ours told the task's day was read by then."""
        mid, is_anothers = snapshot.name, snapshot.name in self._others
        due = self.settings.calendar.local_date(snapshot.promise.due)
        if mid in self._fresh or not (self.batch.verify_first or is_anothers or mid in self._adopted):
            return False
        if self.page.is_told_since(mid, due, at):
            return True
        until = self.now if is_anothers else self._read_until()
        return (self.batch.verify_first or is_anothers) and until - at > LATE

    def _read_until(self) -> datetime:
        """Until when the mailbox was read; where that isn't known, all of it was."""
        known = self.ledger.value(ValueKey.READ_UNTIL)
        return datetime.fromisoformat(known) if known else self.now

    def _by(self) -> lifecycle.Reckoning:
        s = self.settings
        return lifecycle.Reckoning(s.calendar, s.rules, s.follow, self.now)


def answers_of(mail: SentMail, kept: Iterable[PromiseSnapshot]) -> list[Answer]:
    """What a mail of the owner's answers: also mails that ackd hasn't read yet, and promises that it
    keeps though it went to another address."""
    recipients = list(dict.fromkeys(address.key[:ADDRESS] for address in mail.to))[:100]
    targets = [(target, one) for target in mail.targets[:50] for one in recipients]
    questions = [(snapshot.name, snapshot.promise.question.asker.key) for snapshot in kept]
    return [Answer(target, one, mail.at) for target, one in dict.fromkeys([*targets, *questions])]


def _items(changes: Changes) -> dict[str, str]:
    """How the mails of a page are named now."""
    arrived = {mail.message_id: mail.item for mail in changes.mails if mail.item}
    return arrived | {mark.message_id: mark.item for mark in changes.marked if mark.item}
