"""What is recorded of a letter is what truly lies in the mailbox: whatever modes the owner switches
between, in whatever state a letter is then, whatever the owner does with drafts and tasks, and whenever a
sync shows it. What lies in Drafts is "drafted", and is never sent by itself; what is "done" was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ackd.engine import digest, hold
from ackd.judge.owner_rules import OwnerRule, Then, When
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import (
    Effect,
    EffectKind,
    EffectState,
    Letter,
    Mode,
    OnMove,
    OnOverdue,
    Outcome,
    Place,
    token_of,
)
from ackd.model.log import LogFilter
from ackd.promise.lifecycle import FollowRules
from ackd.views.log import entry_of
from ackd.views.status import status
from tests.people import MONDAY, PlainLetters
from tests.people import settings as alices
from tests.plays import many
from tests.scenario import COMMANDS, InMemory, Scenario

#: What says that a letter is on its way to a state, or that nobody can know: not "done", not "drafted".
OPEN = (EffectState.ATTEMPTING, EffectState.UNKNOWN, EffectState.PARKED)
SWITCHES = ("preview", "draft", "send", "pause", "resume", "restart", "loses its ledger")
TIMES = ("later", "much later", "a day later")
OWNER = (
    "sends a draft",
    "throws a draft away",
    "erases a draft",
    "edits a draft",
    "erases a sent copy",
    "touches a task",
    "moves a task",
    "ticks a task off",
    "deletes a task",
    "answers",
    "puts off",
    *COMMANDS,
)
TROUBLE = ("the next write is lost", "the next answer is lost")
QUESTIONS = ("mail", "a task alone", "a letter alone")
MOVES = (*QUESTIONS, *SWITCHES, *TIMES, *OWNER, *TROUBLE)


class Has:
    """A matcher: the text holds these words."""

    def __init__(self, words: str) -> None:
        self.words = words

    def matches(self, text: str) -> bool:
        return self.words in text


RULES = (
    OwnerRule("alone", When(subject=(Has("taskonly"),)), Then(acknowledge=False, task=True)),
    OwnerRule("letter", When(subject=(Has("letteronly"),)), Then(task=False)),
)


@dataclass
class Exchange(MemoryMailbox):
    """Counts what ackd itself sent and drafted, by token. `erased` are sent copies that the owner erased,
    `lost` drafts that were never sent and are nowhere."""

    by_itself: Counter[str] = field(default_factory=Counter)
    ever_drafted: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        if self.fail_next != "before":
            self.by_itself.update(letter.token for letter in letters if letter.in_reply_to)
        return super().send(letters)

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        if self.fail_next != "before":
            for letter in letters:
                assert letter.token not in self.waiting(), "two drafts"
                assert letter.token not in self.sent_tokens(), "a draft of what was sent"
            self.ever_drafted |= {letter.token for letter in letters}
        return super().draft(letters)

    def waiting(self) -> list[str]:
        """What lies in Drafts."""
        return sorted(set(self.drafts) - self.trashed)

    def sent_tokens(self) -> Counter[str]:
        """What went out, by whomever."""
        return Counter(letter.token for letter in self.letters) + Counter(self.erased)


@dataclass
class Letters:
    """Alice, her ackd and what she does with its letters."""

    overdue: OnOverdue
    moved: OnMove
    mode: Mode = Mode.PREVIEW
    questions: list[str] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)  # questions of which a ledger was lost
    commanded: set[str] = field(default_factory=set)  # questions with the owner's word
    acted: bool = False  # the owner did something with a draft since the last full look

    def __post_init__(self) -> None:
        follow = FollowRules(overdue=self.overdue, moved=self.moved, commands=COMMANDS)
        self.office = Scenario(
            backend=InMemory(Exchange),
            base=alices(grace_minutes=5, mode=self.mode),
            follow=follow,
            letters=PlainLetters(),
            owner_rules=RULES,
        ).begin()
        self.mailbox = self.office.mailbox

    # --- moves --------------------------------------------------------------------------------

    def do(self, move: str, which: int) -> None:
        if move in QUESTIONS:
            self._ask({"a task alone": "taskonly", "a letter alone": "letteronly"}.get(move, "q"))
        elif move in TIMES:
            self.office.clock.move(
                timedelta(minutes={"later": 7, "much later": 75, "a day later": 26 * 60}[move])
            )
        elif move in ("preview", "draft", "send"):
            self.mode = Mode(move)
            self.office.use(mode=self.mode)
        elif move == "pause":
            hold.pause(self.office.ledger, self.office.clock.now())
        elif move == "resume":
            hold.resume(self.office.ledger, self.office.clock.now())
        elif move in ("restart", "loses its ledger"):
            if move == "loses its ledger":
                self.office.here.lose_ledger()
                self.forgotten |= set(self.questions)
            self.office.start()
        elif move in TROUBLE:
            self.mailbox.fail_next = "before" if move == TROUBLE[0] else "after"
        elif "draft" in move or move == "erases a sent copy":
            self._with_letter(move, which)
        elif "task" in move:
            self._with_task(move, which)
        elif self.questions:
            self._with_question(move, self.questions[which % len(self.questions)])
        self._pass()

    def _ask(self, kind: str) -> None:
        name = f"{kind}{len(self.questions)}"
        self.questions.append(self.office.deliver(name, sender=f"{name}@corp.example"))

    def _with_letter(self, move: str, which: int) -> None:
        box = self.mailbox
        if move == "erases a sent copy":
            kept = [letter for letter in box.letters if letter.in_reply_to]
            if kept:
                letter = kept[which % len(kept)]
                box.letters.remove(letter)
                box.erased.add(letter.token)
            return
        if not box.waiting():
            return
        token = box.waiting()[which % len(box.waiting())]
        self.acted = True
        if move == "sends a draft":
            box.owner_sends_draft(token)
        elif move == "throws a draft away":
            box.owner_trashes_draft(token)
        elif move == "erases a draft":
            del box.drafts[token]
            box.lost.add(token)
        else:
            letter, made = box.drafts[token]
            box.drafts[token] = (letter, made + timedelta(minutes=30))
            self.acted = False

    def _with_task(self, move: str, which: int) -> None:
        live = [seen for _, seen in self.mailbox.task_items.values() if not seen.is_deleted]
        if not live:
            return
        seen = live[which % len(live)]
        if move == "touches a task":
            self.mailbox.owner_changes_task(seen.token, categories=(*seen.categories, "Mine"))
        elif move == "moves a task":
            day = (seen.due_date or self.office.clock.now().date()) + timedelta(days=1 + which % 3)
            self.mailbox.owner_changes_task(seen.token, due_date=day)
        elif move == "ticks a task off":
            self.mailbox.owner_changes_task(seen.token, is_complete=True)
        else:
            self.mailbox.owner_trashes_task(seen.token)

    def _with_question(self, move: str, question: str) -> None:
        asker = question.strip("<>")
        if move == "answers":
            self.mailbox.owner_sends(to=[asker], in_reply_to=question)
        elif move == "puts off":
            words = "I will get back to you next week."
            self.mailbox.owner_sends(to=[asker], in_reply_to=question, text=words)
        else:
            self.mailbox.owner_categorizes(question, move)
            self.commanded.add(question)

    # --- what must hold -----------------------------------------------------------------------

    def _pass(self) -> None:
        before = self.mailbox.by_itself.copy()
        self.office.run()
        sent_now = self.mailbox.by_itself - before
        is_held = hold.current(self.office.ledger) is not None
        assert not sent_now or (self.mode is Mode.SEND and not is_held), f"sent in {self.mode}: {sent_now}"
        by_command = {token_of(question, EffectKind.ACKNOWLEDGEMENT) for question in self.commanded}
        wrong = set(sent_now) & self.mailbox.ever_drafted - by_command
        assert not wrong, f"a draft was sent by itself: {wrong}"
        self.check()

    def check(self) -> None:
        """The record and the mailbox agree."""
        box = self.mailbox
        twice = [token for token, count in box.sent_tokens().items() if count > 1]
        assert not [t for t in twice if not self._is_notice(t)], "twice"
        known = self._letters()
        for effect in known.values():
            self._check(effect)
        lying = [token for token in box.waiting() if token in known]
        if not self.acted:
            drafted = [effect.token for effect in known.values() if effect.state is EffectState.DRAFTED]
            doubtful = [effect.token for effect in known.values() if effect.state in OPEN]
            assert set(drafted) <= set(lying), "drafted, and not in Drafts"
            assert set(lying) <= {*drafted, *doubtful}, "in Drafts, and not drafted"
        for question in self.questions:
            letter = known.get(token_of(question, EffectKind.ACKNOWLEDGEMENT))
            if "Promised" in box.categories_of(question) and question not in self.forgotten:
                assert letter is not None
                assert box.sent_tokens()[letter.token], "shown as promised, and nobody was told"

    def _check(self, effect: Effect) -> None:
        box, token = self.mailbox, effect.token
        where = f"{effect.kind} of {effect.message_id} is {effect.state} ({effect.note})"
        if effect.state is EffectState.DONE and effect.message_id not in self.forgotten:
            assert box.sent_tokens()[token], f"{where}, and was never sent"
        if effect.state is EffectState.DONE:
            assert token not in box.waiting(), f"{where}, and lies in Drafts"
        if token in box.waiting() and effect.state is not EffectState.DRAFTED:
            # only where the outcome of the write was lost, and nothing was looked for since
            assert effect.state in OPEN, f"{where}, and lies in Drafts"

    def check_what_is_told(self) -> None:
        """The owner reads what is so: in the summary, `ackd status`, the log and the digest."""
        known, sent = self._letters(), self.mailbox.sent_tokens()
        drafted = sorted(token for token, e in known.items() if e.state is EffectState.DRAFTED)
        assert self.office.daemon.summary().drafts == len(drafted)
        assert status(self.office.ledger, self.office.clock, is_alive=False).drafts_waiting == len(drafted)
        told = digest.compose(
            self.office.ledger, self.office.daemon.settings, MONDAY, self.office.clock.now()
        )
        assert sorted(pending.effect.token for pending in told.drafts) == drafted
        for promise in told.acknowledged:
            question = promise.question.message_id
            assert question in self.forgotten or sent[token_of(question, EffectKind.ACKNOWLEDGEMENT)]
        for entry in self.office.ledger.log(LogFilter()):
            became = entry_of(entry, self.office.daemon.settings.calendar.local).became
            for effect in entry.effects:
                assert f"{effect.kind.value} {effect.state.value}" in became

    def _letters(self) -> dict[str, Effect]:
        """Letters to colleagues that the ledger knows, by token."""
        return {
            effect.token: effect
            for snapshot in self.office.ledger.snapshots(self.questions).values()
            for effect in snapshot.effects
            if effect.kind.is_letter and effect.kind is not EffectKind.OVERDUE_NOTICE
        }

    def _is_notice(self, token: str) -> bool:
        return any(letter.token == token and not letter.in_reply_to for letter in self.mailbox.letters)

    def settle(self) -> None:
        """Two quiet looks later everything is known, in a mode that may look."""
        if self.mode is Mode.PREVIEW:
            self.mode = Mode.DRAFT
            self.office.use(mode=self.mode)
        self.mailbox.fail_next = ""
        for _ in range(4):
            self.office.clock.move(timedelta(minutes=11))
            self._pass()
        self.acted = False
        self.check()
        places = self.mailbox.find([effect.token for effect in self._letters().values()])
        for effect in self._letters().values():
            drafted = effect.state is EffectState.DRAFTED
            assert drafted == (places.get(effect.token) is Place.DRAFTS), f"{effect} in {places}"
        self.check_what_is_told()


PATHS = {
    "renewed, then send": ["draft", "mail", "much later", "a day later", "send", "touches a task", "later"],
    "stale in send mode": ["draft", "mail", "much later", "send", "a day later", "later", "a day later"],
    "stale in preview": ["draft", "mail", "much later", "preview", "a day later", "touches a task", "send"],
    "task first seen in send": ["draft", "mail", "later", "send", "touches a task"],
    "seen in preview": ["draft", "mail", "later", "preview", "touches a task", "draft", "later"],
    "lost ledger": ["draft", "mail", "later", "loses its ledger", "much later", "send", "later"],
    "put off": ["send", "mail", "puts off", "later", "touches a task"],
    "thrown away, wanted": [
        "draft", "mail", "later", "throws a draft away", "much later", "send", "ackd: acknowledge", "later",
    ],
    "held": ["draft", "mail", "later", "pause", "a day later", "resume", "later", "send", "later"],
    "by hand": ["draft", "mail", "later", "send", "sends a draft", "touches a task", "erases a sent copy"],
    "task alone": ["send", "a task alone", "later", "touches a task", "ackd: acknowledge", "later"],
}  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 5)), max_size=25),
    st.sampled_from(list(OnOverdue)),
    st.sampled_from([OnMove.ASK, OnMove.TELL, OnMove.IGNORE]),
)
@settings(max_examples=many(25))
@pytest.mark.timeout(300)
def test_the_record_says_where_each_letter_lies(
    moves: list[tuple[str, int]], overdue: OnOverdue, moved: OnMove
) -> None:
    letters = Letters(overdue, moved)
    for move, which in moves:
        letters.do(move, which)
    letters.settle()
    letters.office.close()


for _path in PATHS.values():
    _moves = [(move, 0) for move in _path]
    test_the_record_says_where_each_letter_lies = example(_moves, OnOverdue.DRAFT, OnMove.TELL)(
        test_the_record_says_where_each_letter_lies
    )
