"""The desk of the follow-through property: what the owner does in Outlook with a promise, what the
asker writes again, and what must hold then."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from ackd.model import (
    Command,
    DigestTimes,
    EffectKind,
    EffectState,
    Letter,
    Mail,
    OnMove,
    OnOverdue,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    task_number,
)
from ackd.promise.lifecycle import FollowRules
from tests.property.world import Machine, World
from tests.scenario import COMMANDS

NAME_OF = {command: name for name, command in COMMANDS.items()}
MORNINGS = DigestTimes((0, 1, 2, 3, 4), time(8, 30))
PUT_OFF = ("I'll get back to you tomorrow.", "I'll get back to you by Friday next week.")
NEVER_MIND = "Never mind, I found it."
MORE = "I forgot to say that it is about the blue ones."
WRITTEN_AGAIN = (
    NEVER_MIND,
    "It has become urgent, I need it today!",
    "By the way, there is no rush.",
    "I need it by Friday.",
    MORE,
)
#: Letters that name a date.
DATED = ("received", "new-date", "overdue")
#: Commands that order a letter of their own.
ORDERS = {Command.NEED_MORE: "more-information", Command.CANNOT_HELP: "cannot-help"}


def rules(moved: OnMove, overdue: OnOverdue) -> FollowRules:
    """How promises are followed."""
    return FollowRules(moved=moved, overdue=overdue, commands=COMMANDS)


def is_earlier(task: SeenTask, snapshot: PromiseSnapshot) -> bool:
    """Whether a task is from before the owner took the question up again: another one was made, or may be."""
    tasks = [effect for effect in snapshot.effects if effect.kind is EffectKind.TASK]
    made = [effect.token for effect in tasks if effect.state is not EffectState.CANCELLED]
    last = max((task_number(snapshot.name, token) for token in made), default=0)
    return task_number(snapshot.name, task.token) < last


@dataclass
class Desk(World):
    """The world, with an owner who steers promises and askers who write again.

    `closed` are questions with which owner or asker are done, by the moment when. `wanted` is the
    day to which the owner moved a task last, as long as nothing else has changed it. `gone` are
    tasks that the owner deleted and left deleted."""

    closed: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, date] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)  # the task that was moved last, by question
    told_by_owner: Counter[str] = field(default_factory=Counter)  # letters that stood before the owner's own
    own: set[str] = field(default_factory=set)  # questions with a category of the owner's own
    orders: dict[tuple[str, str], int] = field(default_factory=dict)  # of letters: the moment, by question
    overlooked: set[str] = field(default_factory=set)  # questions whose command a clock far ahead may hide
    out_of_sight: set[str] = field(default_factory=set)  # tasks that were taken back into an unwatched list
    redated: dict[str, Counter[str]] = field(default_factory=dict)  # another date came: after which passes

    # --- the owner ----------------------------------------------------------------------------------

    def answer(self, question: Mail) -> None:
        """The owner answers a question."""
        super().answer(question)
        self._close(question.message_id)

    def put_off_with(self, question: Mail, words: str) -> None:
        """The owner writes when the answer comes."""
        assert question.sender is not None
        self.moment += 1
        name = question.message_id
        self.mailbox.owner_sends(to=[question.sender.email], in_reply_to=name, text=words)
        for before in self.thread(name):
            self.put_off.add(before)
            self.dealt_with.add(before)
            self._redate(before)
            self.told_by_owner[before] = len(self.mailbox.letters)

    def move(self, question: str, days: int) -> None:
        """The owner gives the task another day, counted from today."""
        self.moment += 1
        day = (self.server.now() + timedelta(days=days)).date()
        token = self.task_of(question)
        (before,) = [s.due_date for _, s in self.mailbox.task_items.values() if s.token == token]
        self.mailbox.owner_changes_task(token, due_date=day)
        if day != before:
            self.wanted[question], self.moved[question] = day, token
        if self._is_back_unseen(question, day) or self._cannot_be_told(question, day):
            self.wanted.pop(question, None)

    def tick(self, question: str) -> None:
        """The owner ticks the task off."""
        self.mailbox.owner_changes_task(self.task_of(question), is_complete=True)
        self._close(question)

    def untick(self, question: str) -> None:
        """The owner takes the tick back."""
        self.mailbox.owner_changes_task(self.task_of(question), is_complete=False)
        self._reopen(question)

    def delete_task(self, question: str, *, for_good: bool) -> None:
        """The owner deletes the task."""
        token, is_unmet = self.task_of(question), self.is_unmet(question)
        if for_good:
            self.erased[question] += 1
            self.mailbox.owner_erases_task(token)
        else:
            self.mailbox.owner_trashes_task(token)
        self._close(question)
        if is_unmet:
            self.taken_up[question] += 1
            self._reopen(question)
        if question not in self.revived:  # else a command waits, which weighs more
            self.gone.add(question)
        self.wanted.pop(question, None)

    def joined(self) -> None:
        """What the owner erased for good before the second ackd came is unknown to it."""
        for question in self.erased:
            self.closed.pop(question, None)
        self.gone -= self.erased.keys() - self.letters().keys()
        super().joined()

    def restore_task(self, question: str) -> None:
        """The owner takes the task back out of Deleted Items, perhaps into a list where no ackd met it."""
        token = self.trashed_task_of(question)
        self.mailbox.owner_restores_task(token)
        back = [seen.folder for _, seen in self.mailbox.task_items.values() if seen.token == token]
        if not self.mailbox.watched_lists.issuperset(filter(None, back)):
            self.out_of_sight.add(token)
        self._reopen(question)

    def file_task(self, question: str, folder: str) -> None:
        """The owner moves the task into another list."""
        self.moment += 1
        self.mailbox.owner_files_task(self.task_of(question), folder)

    def command(self, question: str, command: Command, *, on_task: bool) -> None:
        """The owner sets a category that tells ackd what to do."""
        self.overlooked.discard(question)
        name = NAME_OF[command]
        if on_task:
            token = self.task_of(question)
            (seen,) = [seen for _, seen in self.mailbox.task_items.values() if seen.token == token]
            self.mailbox.owner_changes_task(token, categories=(*seen.categories, name))
        else:
            shown = self.mailbox.categories_of(question)
            self.mailbox.owner_categorizes(question, *dict.fromkeys((*shown, "Mine", name)))
            self.own.add(question)
        self.dealt_with.add(question)
        if command is Command.NOT_A_QUESTION:
            self.moment += 1
            if question in self.tasks():  # without a task only the ledger that obeyed knows of it
                self._close(question)
            else:
                self.perhaps.add(question)
        elif command is Command.ACKNOWLEDGE:
            self.taken_up[question] += 1
            self.wanted.pop(question, None)
            self.perhaps.add(question)
            self._reopen(question)
        else:
            self.perhaps.add(question)
            self.moment += 1
            self.orders[question, ORDERS[command]] = self.moment
            if not self.letters()[question]:
                if self.made()[question] and self._is_over(question):
                    self.taken_up[question] += (
                        1  # it gets another task beside the one that is ticked off or gone
                    )
                self._reopen(question)

    def send_draft(self, token: str) -> None:
        """The owner sends one of ackd's drafts."""
        self.moment += 1
        letter, _ = self.mailbox.drafts[token]
        self.mailbox.owner_sends_draft(token)
        if letter.text.startswith("overdue"):
            self._redate(letter.in_reply_to)

    def trash_draft(self, token: str) -> None:
        """The owner deletes one of ackd's drafts."""
        self.moment += 1
        self.mailbox.owner_trashes_draft(token)

    # --- the asker ------------------------------------------------------------------------------------

    def write_again(self, question: Mail, words: str) -> None:
        """The asker writes again in the thread."""
        assert question.sender is not None
        name = question.message_id
        made = self.arrive(
            f"again{self.moment}", question.sender.email, text=words, references=question.message_id
        )
        self.perhaps.add(made.message_id)
        self.hear_again(name)
        self.dealt_with |= set(self.thread(name))
        if words == NEVER_MIND:
            self._close(name)

    def hear_again(self, question: str) -> None:
        """What the asker writes again may give this promise another day, or the one before in the thread."""
        for before in self.thread(question):
            self._redate(before)

    # --- what stands in the mailbox ----------------------------------------------------------------

    def on_desk(self) -> list[str]:
        """Questions with a task that isn't deleted."""
        seen = {t.message_id for t, s in self.mailbox.task_items.values() if not s.is_deleted}
        return sorted(seen)

    def task_of(self, question: str) -> str:
        """The token of the task that a question has, the last made."""
        made = [s for t, s in self.mailbox.task_items.values() if t.message_id == question]
        return [s.token for s in sorted(made, key=lambda s: not s.is_deleted)][-1]

    def trashed_task_of(self, question: str) -> str:
        """The token of a deleted task."""
        pairs = self.mailbox.task_items.values()
        return [s.token for t, s in pairs if t.message_id == question and s.is_deleted][-1]

    def is_ticked(self, question: str) -> bool:
        """Whether the task of a question is complete."""
        token = self.task_of(question)
        return any(s.is_complete for _, s in self.mailbox.task_items.values() if s.token == token)

    def restorable(self) -> list[str]:
        """Questions whose tasks are all deleted."""
        return sorted(self.trashed() - set(self.on_desk()))

    def waiting_drafts(self) -> list[str]:
        """Drafts that the owner may send."""
        return sorted(set(self.mailbox.drafts) - self.mailbox.trashed)

    def old(self) -> set[str]:
        """Questions that are too old for commands."""
        oldest = self.server.now() - timedelta(days=29)
        return {name for name, question in self.asked.items() if question.received < oldest}

    # --- what must hold ---------------------------------------------------------------------------------

    def check_unanswered(self, letters: list[Letter], looked: int) -> None:
        """No letter leaves, and none is put into Drafts, whose promise was closed before the last look;
        unless the owner ordered it before that and one page told of both: the order weighs more. A letter
        that was ordered by its name after the end is sent by an ackd that doesn't know of the end."""
        for letter in letters:
            closed = self.closed.get(letter.in_reply_to)
            order = self.orders.get((letter.in_reply_to, letter.text.partition(" ")[0]), 0)
            is_ordered = letter.in_reply_to in self.revived or (closed is not None and order > closed)
            assert closed is None or closed > looked or is_ordered, (
                f"{letter.in_reply_to}: {letter.text} after its end"
            )

    def check(self) -> None:
        """What holds at every moment."""
        super().check()
        self._check_dates()
        for name in self.own:
            assert "Mine" in self.mailbox.categories_of(name), f"{name}: the owner's category is lost"
        live = Counter(t.message_id for t, s in self.mailbox.task_items.values() if not s.is_deleted)
        pairs = self.mailbox.task_items.values()
        waiting = {t.message_id for t, s in pairs if not s.is_deleted and not s.is_complete}
        back = self.gone & waiting  # of one that was taken up again, the task before it stays ticked
        assert not back, f"deleted, and there again: {back}"
        most = {name: 1 + self.taken_up[name] for name in live}
        assert all(live[name] <= most[name] for name in live), f"two tasks: {live}"

    def _check_dates(self) -> None:
        """No letter names the date that the last one named."""
        last: defaultdict[str, str] = defaultdict(str)
        for number, letter in enumerate(self.mailbox.letters):
            name, (what, _, day) = letter.in_reply_to, letter.text.partition(" ")
            if what not in DATED:
                continue
            if self.told_by_owner[name] and number >= self.told_by_owner[name]:
                self.told_by_owner[name], last[name] = 0, ""
            assert last[name] != day, f"{name}: told {day} twice"
            last[name] = day

    def overlook_commands(self) -> None:
        """What stands there now may never be obeyed: it is read once, and taken for too old."""
        shown = {name for name in self.asked if set(self.mailbox.categories_of(name)) & set(COMMANDS)}
        self.overlooked |= shown

    def check_agreement(self, machine: Machine) -> None:
        """Each task shows how its promise stands."""
        snapshots = machine.ledger.snapshots([*self.asked, *self.perhaps])
        for name, snapshot in snapshots.items():
            every = [s for t, s in self.mailbox.task_items.values() if t.message_id == name]
            live = [seen for seen in every if not seen.is_deleted]
            promise = snapshot.promise
            is_open = promise.state is PromiseState.OPEN
            where = f"{machine.name}: {name} is {promise.state} ({promise.why})"
            if every and not live and snapshot.state_of(EffectKind.TASK) is EffectState.DONE:
                assert not is_open, f"{where}, and its task deleted"
            for seen in live if len(live) == 1 else ():
                if is_earlier(seen, snapshot) or (seen.token in self.out_of_sight and not is_open):
                    continue  # another one stands for the promise, or will; or nobody sees this one
                assert seen.is_complete != is_open, f"{where}, and its task complete: {seen.is_complete}"
                day = machine.day(promise.due)
                assert not is_open or seen.due_date == day, f"{where} for {day}, its task {seen.due_date}"
                wanted = self.wanted.get(name) if self.moved.get(name) == seen.token else None
                wanted = wanted or seen.due_date
                assert seen.is_complete or seen.due_date == wanted, f"{name}: {wanted} was corrected"
                assert not set(seen.categories) & set(COMMANDS), f"{where}: {seen.categories}"
            shown = set(self.mailbox.categories_of(name))
            may_stay = name in self.old() or name in self.overlooked
            assert may_stay or not shown & set(COMMANDS), f"{where}: not obeyed"

    # --- small parts ------------------------------------------------------------------------------------

    def _redate(self, question: str) -> None:
        """Something else than the owner's move gives the promise a date."""
        self.wanted.pop(question, None)
        self.redated[question] = self.passes.copy()

    def _is_back_unseen(self, question: str, day: date) -> bool:
        """Whether an ackd that hasn't looked since another date came meets the task at the day that it knows:
        it can't tell that it was away and came back, and goes by the other date."""
        since = self.redated.get(question)
        return since is not None and any(
            day in machine.known_days(question) and self.passes[machine.name] == since[machine.name]
            for machine in self.machines
        )

    def _cannot_be_told(self, question: str, day: date) -> bool:
        """Whether the owner had a question acknowledged after all, and its letter, which isn't out yet, can't
        name this day any more: it names one that can be kept, and the task shows that."""
        is_to_come = question in self.revived and not self.letters()[question]
        return is_to_come and day <= self.server.now().date()

    def _is_over(self, question: str) -> bool:
        """Whether a question that had its task is done with: an order begins it anew, since no letter of ours
        is out."""
        is_closed = question in self.closed or question not in self.on_desk()
        return is_closed or self.is_ticked(question)

    def _close(self, question: str) -> None:
        self.moment += 1
        self.closed[question] = self.moment
        back = self.revived.get(question)
        if back is not None and all(self.passes[name] > back[name] for name in self.passes):
            del self.revived[question]  # else one page tells of both, and the command weighs more
        self.dealt_with.add(question)

    def _reopen(self, question: str) -> None:
        self.moment += 1
        self.closed.pop(question, None)
        self.gone.discard(question)
        self.revived[question] = self.passes.copy()
        self.dealt_with.add(question)
