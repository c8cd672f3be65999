"""A change of mode over what is under way: what lies in Drafts stays drafted, what is done was seen done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ackd.engine import digest, hold
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import (
    EffectKind,
    EffectState,
    Mode,
    PromiseState,
    token_of,
)
from ackd.model.log import LogFilter
from tests.people import MONDAY, mail, settings
from tests.scenario import COMMANDS, FOLLOWING, TASK, Q, Scenario, grace

LETTER = token_of(Q, EffectKind.ACKNOWLEDGEMENT)
TWO_DAYS = 36 * 60  # minutes: a promise of two days is stale by then, a question isn't too old


@pytest.fixture
def office() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.start(mode=Mode.DRAFT)
    return made


def switch(office: Scenario, mode: Mode) -> None:
    office.daemon.use(replace(office.daemon.settings, mode=mode))


def letter_state(office: Scenario) -> EffectState:
    (entry,) = office.daemon.ledger.log(LogFilter(message_ids=(Q,)))
    (state,) = (e.state for e in entry.effects if e.kind is EffectKind.ACKNOWLEDGEMENT)
    return state


def in_drafts(office: Scenario) -> list[str]:
    return [letter.in_reply_to for letter, _ in office.mailbox.drafts.values()]


def touch(office: Scenario) -> None:
    """The owner changes something of the task, so that the next sync shows it."""
    office.mailbox.owner_changes_task(TASK, categories=("Mine",))


def is_drafted(office: Scenario) -> bool:
    """Whether the letter lies in Drafts, and everything that the owner reads says so."""
    assert office.mailbox.letters == []
    assert in_drafts(office) == [Q]
    assert office.promise().told is None
    assert office.daemon.summary().drafts == 1
    told = digest.compose(office.daemon.ledger, office.daemon.settings, MONDAY, office.clock.now())
    assert [pending.effect.token for pending in told.drafts] == [LETTER]
    assert told.acknowledged == ()
    return letter_state(office) is EffectState.DRAFTED


@pytest.mark.parametrize("mode", [Mode.SEND, Mode.PREVIEW])
def test_a_task_does_not_prove_a_letter_that_lies_in_drafts(office: Scenario, mode: Mode) -> None:
    office.ask()
    switch(office, mode)
    touch(office)
    office.work()
    assert is_drafted(office)


def test_a_renewed_draft_stays_a_draft_in_send_mode(office: Scenario) -> None:
    office.ask()
    office.work(TWO_DAYS)
    switch(office, Mode.SEND)
    touch(office)
    for _ in range(3):
        office.work(11)
    assert is_drafted(office)


def test_a_draft_that_grows_stale_in_send_mode_is_renewed_and_not_sent(office: Scenario) -> None:
    office.ask()
    before = office.promise().due
    office.work(11)  # the task is seen while the mode is still draft
    switch(office, Mode.SEND)
    office.work(TWO_DAYS)
    assert office.promise().due > before
    assert is_drafted(office)
    ((letter, _),) = office.mailbox.drafts.values()
    office.mailbox.owner_sends_draft(letter.token)
    office.work()
    assert (letter_state(office), office.promise().told) == (EffectState.DONE, office.promise().due)


def test_a_draft_whose_renewal_was_refused_is_no_letter_to_send(office: Scenario) -> None:
    """Its old draft is gone by our hand, and the new one isn't there yet, when the mode changes."""
    office.ask()
    office.clock.move(timedelta(minutes=TWO_DAYS))
    office.mailbox.fail_next = "before"
    office.daemon.run_pass()
    assert (in_drafts(office), letter_state(office)) == ([], EffectState.UNKNOWN)
    office.work(11)
    assert is_drafted(office)
    office.work(11)
    switch(office, Mode.SEND)
    for _ in range(3):
        office.work(11)
    assert is_drafted(office)


def test_a_renewal_that_was_cut_in_the_middle_goes_on(office: Scenario) -> None:
    """The old draft is gone by our hand, and nothing of that is written down yet."""
    office.ask()
    office.clock.move(timedelta(minutes=TWO_DAYS))
    box, remove = office.mailbox, office.mailbox.remove

    class Cut(BaseException):
        """The process is gone."""

    def removed(tokens: list[str], **how: object) -> frozenset[str]:
        remove(tokens, **how)  # type: ignore[arg-type]
        raise Cut

    box.remove = removed  # type: ignore[assignment,method-assign]
    with pytest.raises(Cut):
        office.daemon.run_pass()
    box.remove = remove  # type: ignore[method-assign]
    assert (in_drafts(office), letter_state(office)) == ([], EffectState.DRAFTED)
    office.start(mode=Mode.SEND)
    office.work(11)
    office.work(11)
    assert is_drafted(office)


def test_a_pause_keeps_drafts_as_they_are(office: Scenario) -> None:
    office.ask()
    hold.pause(office.daemon.ledger, office.clock.now())
    office.work(TWO_DAYS)
    assert is_drafted(office)
    assert hold.resume(office.daemon.ledger, office.clock.now()) == 0
    switch(office, Mode.SEND)
    office.work(11)
    assert is_drafted(office)


@pytest.mark.parametrize("mode", [Mode.SEND, Mode.DRAFT])
def test_a_lost_ledger_finds_the_draft_again(office: Scenario, mode: Mode) -> None:
    office.ask()
    office.work()
    office.start_on("second", mode=mode)
    office.work()
    assert is_drafted(office)
    assert office.promise().state is PromiseState.OPEN
    office.mailbox.owner_sends_draft(LETTER)
    office.work()
    assert (letter_state(office), office.promise().told) == (EffectState.DONE, office.promise().due)


def test_another_ackd_in_send_mode_leaves_the_draft(office: Scenario) -> None:
    """Two ackds on one mailbox: one drafts, the other one would send, and sees the first one's task."""
    there = office.add("there", settings(holder="there", grace_minutes=30))
    there.run_pass()
    office.work()
    office.mailbox.arrive(mail("q", at=office.clock.now()))
    there.run_pass()  # both have judged it
    office.work()
    for _ in range(4):
        office.clock.move(timedelta(minutes=11))
        there.run_pass()
    assert is_drafted(office)
    (entry,) = there.ledger.log(LogFilter(message_ids=(Q,)))
    assert [e.state for e in entry.effects] == [EffectState.DRAFTED, EffectState.DONE]


def test_a_letter_that_was_not_wanted_is_not_done_by_its_task(office: Scenario) -> None:
    """The owner told the date without ackd: no letter went out, whatever the task's coming says."""
    switch(office, Mode.SEND)
    office.daemon.use(replace(office.daemon.settings, rules=settings(grace_minutes=30).rules))
    office.ask()
    words = "I will get back to you next week."
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to=Q, text=words)
    for _ in range(3):
        office.work(20)
    touch(office)
    office.work()
    assert office.mailbox.letters == []
    assert letter_state(office) is EffectState.CANCELLED


def test_a_draft_thrown_away_in_doubt_was_not_sent(office: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to its writing is lost, and the owner throws it away before anybody looked."""
    draft = MemoryMailbox.draft

    def lost(box: MemoryMailbox, letters: list[object]) -> object:
        outcomes = draft(box, letters)  # type: ignore[arg-type]
        box.owner_trashes_draft(LETTER)
        return outcomes

    office.mailbox.arrive(mail("q", at=office.clock.now()))
    office.mailbox.fail_next = "after"
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "draft", lost)
        office.work()
    office.work(11)
    office.work(11)
    assert letter_state(office) is EffectState.CANCELLED
    assert office.promise().state is PromiseState.WITHDRAWN


def test_a_sent_draft_whose_copy_was_deleted_was_sent(office: Scenario) -> None:
    office.ask()
    office.mailbox.owner_sends_draft(LETTER)
    office.mailbox.owner_trashes_sent(LETTER)
    office.mailbox._log = [m for m in office.mailbox._log if getattr(m, "token", "") != LETTER]
    office.work(11)
    assert letter_state(office) is EffectState.DONE
    assert office.promise().state is PromiseState.OPEN


def test_a_letter_that_was_thrown_away_goes_out_by_the_owners_word(office: Scenario) -> None:
    office.ask()
    office.mailbox.owner_trashes_draft(LETTER)
    office.work(11)
    assert letter_state(office) is EffectState.CANCELLED
    switch(office, Mode.SEND)
    office.work()
    (name,) = (name for name, command in COMMANDS.items() if command.value == "acknowledge")
    office.mailbox.owner_categorizes(Q, name)
    office.work()
    assert [letter.in_reply_to for letter in office.mailbox.letters] == [Q]
    assert letter_state(office) is EffectState.DONE


def test_a_needless_draft_that_cannot_be_removed_stays_counted(
    office: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.ask()
    office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to=Q)
    with monkeypatch.context() as patch:
        patch.setattr(MemoryMailbox, "remove", lambda *_, **__: frozenset())
        office.work(11)
        assert (in_drafts(office), office.daemon.summary().drafts) == ([Q], 1)
    office.work(11)
    assert (in_drafts(office), office.daemon.summary().drafts) == ([], 0)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(one, two) for one in Mode for two in Mode if one is not two and one is not Mode.PREVIEW],
)
def test_no_mode_sends_what_another_one_left_unsent(earlier: Mode, later: Mode) -> None:
    office = Scenario(rules=grace(60), mode=earlier).begin()
    office.ask()
    assert letter_state(office) is EffectState.PLANNED
    office.start(mode=later).run_pass()
    office.work(120)
    office.work(120)
    assert (office.mailbox.letters, in_drafts(office), office.tasked()) == ([], [], [])
    assert office.state() is PromiseState.WITHDRAWN
    office.start(mode=Mode.SEND).run_pass()
    office.work(120)
    assert office.mailbox.letters == []


@pytest.mark.parametrize(("minutes", "is_late"), [(1, False), (14, False), (16, True), (600, True)])
def test_what_is_judged_late_is_looked_for_before_it_is_done(minutes: float, *, is_late: bool) -> None:
    """Another ackd may have sent it, or this one before it lost its ledger."""
    office = Scenario(rules=grace(1200)).begin()
    office.deliver()
    office.work(minutes)
    assert {effect.verify_first for effect in office.snapshot().effects} == {is_late}
