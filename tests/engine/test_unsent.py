"""Letters that were made and surely not sent, and a mailbox whose deleted tasks can't be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ackd.engine import hold
from ackd.engine.unsent import MADE
from ackd.errors import Busy
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import EffectKind, EffectState, Mode, Place, PromiseState, token_of
from tests.people import mail
from tests.scenario import Q, Scenario

TOKEN = token_of(Q, EffectKind.ACKNOWLEDGEMENT)


@pytest.fixture
def office() -> Scenario:
    return Scenario()


class Made:
    """An acknowledgement stands made in the mailbox, and its outcome isn't known."""

    def __init__(self, office: Scenario) -> None:
        self.office, self.daemon = office, office.fresh()
        self.daemon.run_pass()
        office.later(1)
        office.mailbox.arrive(mail("q"))
        office.mailbox.fail_next = "unsent"
        # the look that follows the doubt at once finds nothing: the server is slow to show it
        self.hide(until_next_pass=True)

    def hide(self, *, until_next_pass: bool) -> None:
        assert until_next_pass
        mailbox, find = self.office.mailbox, MemoryMailbox.find
        mailbox.find = lambda tokens: {}  # type: ignore[method-assign]
        self.daemon.run_pass()
        mailbox.find = find.__get__(mailbox)  # type: ignore[method-assign]
        assert mailbox.find([TOKEN]) == {TOKEN: Place.UNSENT}
        assert self.office.told() == []

    def state(self) -> EffectState:
        snapshot = self.daemon.ledger.snapshots([Q])[Q]
        return next(effect.state for effect in snapshot.effects if effect.token == TOKEN)

    def later(self, minutes: float = 11) -> None:
        self.office.later(minutes)
        self.daemon.run_pass()


@pytest.fixture
def made(office: Scenario) -> Made:
    return Made(office)


def sends(office: Scenario, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The letters that are made anew from now on."""
    anew: list[str] = []
    send = office.mailbox.send

    def watched(letters: Any) -> Any:
        anew.extend(letter.token for letter in letters)
        return send(letters)

    monkeypatch.setattr(office.mailbox, "send", watched)
    return anew


def test_the_same_letter_is_sent_and_the_task_follows(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = sends(made.office, monkeypatch)
    made.later()
    assert made.office.told() == made.office.tasked() == [Q]
    assert anew == []
    assert made.state() is EffectState.DONE
    assert made.office.mailbox.unsent == {}
    made.later()
    assert made.office.told() == [Q]


def test_a_lost_ledger_sends_the_same_letter(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = sends(made.office, monkeypatch)
    made.office.later(20)
    made.office.start_on("second").run_pass()
    assert made.office.told() == made.office.tasked() == [Q]
    assert anew == []


@pytest.mark.parametrize("crash", ["send_unsent", "after send_unsent"])
def test_a_crash_on_the_way_sends_it_once(made: Made, crash: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox, send = made.office.mailbox, made.office.mailbox.send_unsent

    def dies(tokens: Any) -> Any:
        if crash.startswith("after"):
            send(tokens)
        raise KeyboardInterrupt

    monkeypatch.setattr(mailbox, "send_unsent", dies)
    made.office.later(11)
    with pytest.raises(KeyboardInterrupt):
        made.daemon.run_pass()
    monkeypatch.setattr(mailbox, "send_unsent", send)
    made.daemon = made.office.fresh()
    for _ in range(3):
        made.later()
    assert made.office.told() == made.office.tasked() == [Q]
    assert mailbox.unsent == {}


def test_a_crash_right_before_it_is_sent_looks_again(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look is in the ledger, the process dies, and another one, that knows only that, goes on."""
    attempting = made.daemon.ledger.attempting

    def dies(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(made.daemon.ledger, "attempting", dies)
    made.office.later(11)
    with pytest.raises(KeyboardInterrupt):
        made.daemon.run_pass()
    monkeypatch.setattr(made.daemon.ledger, "attempting", attempting)
    anew = sends(made.office, monkeypatch)
    made.daemon = made.office.fresh()
    made.later()
    assert (made.office.told(), anew) == ([Q], [])


def test_a_server_that_is_busy_gets_the_same_one_later(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox, send = made.office.mailbox, made.office.mailbox.send_unsent

    def busy(tokens: Any) -> Any:
        raise Busy("slow down")

    monkeypatch.setattr(mailbox, "send_unsent", busy)
    made.office.later(11)
    with pytest.raises(Busy):
        made.daemon.run_pass()
    snapshot = made.daemon.ledger.snapshots([Q])[Q]
    assert MADE in [effect.note for effect in snapshot.effects]
    monkeypatch.setattr(mailbox, "send_unsent", send)
    made.daemon = made.office.fresh()
    made.later(1)
    assert made.office.told() == [Q]
    assert mailbox.unsent == {}


def test_one_whose_date_has_passed_is_made_anew(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    anew = sends(made.office, monkeypatch)
    before = made.daemon.ledger.snapshots([Q])[Q].promise.due
    made.office.clock.move(timedelta(hours=14))  # the next morning: the date that it names can't be kept
    made.daemon.run_pass()
    after = made.daemon.ledger.snapshots([Q])[Q].promise.due
    assert made.office.told() == [Q]
    assert (anew == []) == (before == after)
    assert made.office.mailbox.unsent == {}


def test_one_that_the_owner_answered_goes(made: Made) -> None:
    made.office.mailbox.owner_sends(to=["bob@corp.example"], in_reply_to=Q)
    for _ in range(2):
        made.later()
    assert made.office.told() == made.office.tasked() == []
    assert made.office.mailbox.unsent == {}
    assert made.daemon.ledger.snapshots([Q])[Q].promise.state is not PromiseState.OPEN


def test_while_sending_is_held_it_waits(made: Made) -> None:
    hold.pause(made.daemon.ledger, made.office.clock.now())
    made.later()
    assert made.office.told() == []
    assert TOKEN in made.office.mailbox.unsent


def test_in_draft_mode_a_draft_takes_its_place(made: Made) -> None:
    made.daemon.use(replace(made.daemon.settings, mode=Mode.DRAFT))
    for _ in range(3):
        made.later()
    assert made.office.told() == []
    assert made.office.mailbox.unsent == {}


@pytest.mark.parametrize("sees", [True, False])
def test_a_lost_ledger_takes_up_no_task_that_the_owner_deleted(office: Scenario, sees: bool) -> None:
    """Where deleted tasks can't be read, a letter in Sent Items without a task was withdrawn."""
    office.mailbox.sees_deleted_tasks = sees
    daemon = office.fresh()
    daemon.run_pass()
    office.later(1)
    for name in ("kept", "trashed"):
        office.mailbox.arrive(mail(name))
    daemon.run_pass()
    trashed = next(s.token for t, s in office.mailbox.task_items.values() if "trashed" in t.message_id)
    office.mailbox.owner_trashes_task(trashed)
    office.later(1)
    anew = office.start_on("second")
    summary = anew.run_pass()
    assert summary.parked == 0
    assert len(office.told()) == 2
    assert len([seen for _, seen in office.mailbox.task_items.values() if not seen.is_deleted]) == 1
    assert [p.question.message_id for p in anew.ledger.open_promises()] == ["<kept@corp.example>"]
    office.mailbox.arrive(mail("new"))
    assert anew.run_pass().acknowledged == 1


def test_a_letter_of_which_it_is_unclear_whether_it_went_out_is_shown_and_never_sent(made: Made) -> None:
    """Not what is doubtful, nor what was planned anew and is looked for first."""
    mailbox = made.office.mailbox
    mailbox.find = lambda tokens: dict.fromkeys(tokens, Place.UNCLEAR)
    for _ in range(4):
        made.later()
    assert (made.state(), made.office.told()) == (EffectState.PARKED, [])


def test_a_draft_in_the_trash_of_which_it_is_unclear_whether_it_was_sent_is_shown() -> None:
    office = Scenario(mode=Mode.DRAFT).begin()
    office.ask()
    assert [one.effect.state for one in office.ledger.in_state(EffectState.DRAFTED)]
    office.mailbox.find = lambda tokens: dict.fromkeys(tokens, Place.UNCLEAR)
    office.work(30)
    (parked,) = office.ledger.in_state(EffectState.PARKED)
    assert parked.effect.kind is EffectKind.ACKNOWLEDGEMENT
    assert office.state() is PromiseState.OPEN


def test_a_letter_that_is_found_sent_counts_as_acknowledged() -> None:
    """By a sync that shows its copy, or a draft that the owner sent; once each."""
    office = Scenario().begin()
    office.mailbox.arrive(mail("q"))
    office.mailbox.fail_next = "after"
    mailbox, find = office.mailbox, MemoryMailbox.find
    mailbox.find = lambda tokens: {}
    assert office.work().acknowledged == 0
    mailbox.find = find.__get__(mailbox)
    assert [office.work().acknowledged for _ in range(3)] == [1, 0, 0]
    drafting = Scenario(mode=Mode.DRAFT).begin()
    drafting.ask()
    assert drafting.work().acknowledged == 0
    drafting.backend.send_draft(TOKEN)
    assert sum(drafting.work(11).acknowledged for _ in range(3)) == 1
