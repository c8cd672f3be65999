"""Questions that got no letter are listed, and get one only by the owner's word on each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ackd.engine import hold, unanswered
from ackd.engine.limits import Limits
from ackd.ledger import MemoryLedger
from ackd.model import Mode, PromiseState
from ackd.views.unanswered import Unanswered, find
from tests.people import CAROL, PlainLetters
from tests.scenario import Scenario, grace

OTHER = "<other@corp.example>"


def found(office: Scenario) -> tuple[Unanswered, ...]:
    return find(office.mailbox, office.ledger, office.settings, office.clock.now())


def names(office: Scenario) -> list[str]:
    return [one.message_id for one in found(office)]


def order(office: Scenario, *wanted: str) -> None:
    unanswered.order(office.ledger, wanted)
    office.work()


def previewed() -> Scenario:
    office = Scenario(mode=Mode.PREVIEW, letters=PlainLetters()).begin()
    office.deliver("q")
    office.later(1)
    office.deliver("other", sender=CAROL)
    office.work()
    office.start(mode=Mode.SEND)
    office.work()
    return office


def paused() -> Scenario:
    office = Scenario(letters=PlainLetters(), rules=grace(60)).begin()
    office.deliver("q")
    office.later(1)
    office.work()
    hold.pause(office.ledger, office.clock.now())
    office.deliver("other", sender=CAROL)
    office.work()
    hold.resume(office.ledger, office.clock.now())
    office.work()
    return office


def broken() -> Scenario:
    limits = Limits(per_hour=1)
    office = Scenario(letters=PlainLetters(), limits=limits).begin()
    office.deliver("first", sender="dave@corp.example")
    office.work()
    office.deliver("q")
    office.later(1)
    office.deliver("other", sender=CAROL)
    office.work()
    hold.resume(office.ledger, office.clock.now())
    office.work()
    office.mailbox.letters.clear()
    return office


BEGINNINGS = [previewed, paused, broken]


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_what_got_no_letter_is_listed_and_nothing_goes_by_itself(begin: Callable[[], Scenario]) -> None:
    office = begin()
    office.work(30)
    assert names(office) == ["<q@corp.example>", OTHER]
    assert office.mailbox.letters == []
    (one, _) = found(office)
    assert one.asker == "bob@corp.example"
    assert one.subject == "About q"
    assert f"{one.promised:%d}".lstrip("0") in one.letter


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_an_ordered_letter_goes_once_with_its_task(begin: Callable[[], Scenario]) -> None:
    office = begin()
    order(office, OTHER)
    office.work(30)
    assert [letter.in_reply_to for letter in office.mailbox.letters] == [OTHER]
    assert office.tasked().count(OTHER) == 1
    assert names(office) == ["<q@corp.example>"]
    assert unanswered.ordered(office.ledger) == (None, ())
    order(office, OTHER)
    assert [letter.in_reply_to for letter in office.mailbox.letters] == [OTHER]


def answer(office: Scenario) -> None:
    office.answer(OTHER, to=CAROL)


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_what_was_answered_is_not_listed_and_an_order_for_it_does_nothing(
    begin: Callable[[], Scenario],
) -> None:
    office = begin()
    answer(office)
    office.work()
    assert names(office) == ["<q@corp.example>"]
    order(office, OTHER)
    assert office.mailbox.letters == []
    assert unanswered.ordered(office.ledger) == (None, ())


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_an_answer_in_the_minute_of_the_order_is_heard(begin: Callable[[], Scenario]) -> None:
    office = begin()
    answer(office)
    order(office, OTHER)
    assert office.mailbox.letters == []


def test_what_is_older_than_max_age_is_not_listed() -> None:
    office = previewed()
    office.later(days=9)
    assert names(office) == []


def test_preview_lists_and_carries_nothing_out() -> None:
    office = Scenario(mode=Mode.PREVIEW, letters=PlainLetters()).begin()
    office.deliver("q")
    office.later(1)
    office.work()
    assert names(office) == ["<q@corp.example>"]
    order(office, "<q@corp.example>")
    assert office.mailbox.letters == []
    assert unanswered.ordered(office.ledger)[1] == ("<q@corp.example>",)


def test_a_thanks_that_was_left_is_not_listed() -> None:
    office = Scenario(mode=Mode.PREVIEW, letters=PlainLetters()).begin()
    office.deliver("t", text="Thanks a lot, that helped!")
    office.work()
    assert names(office) == []


def test_an_order_that_comes_meanwhile_is_not_lost() -> None:
    """Two commands at once, and one that comes while the service carries another out."""
    ledger = MemoryLedger()
    unanswered.order(ledger, ["<a@corp.example>"])
    unanswered.order(ledger, ["<b@corp.example>", "<a@corp.example>"])
    assert unanswered.ordered(ledger)[1] == ("<a@corp.example>", "<b@corp.example>")


def test_an_order_for_a_mail_that_is_gone_ends() -> None:
    office = previewed()
    order(office, "<gone@corp.example>")
    assert unanswered.ordered(office.ledger) == (None, ())
    assert office.ledger.snapshots(["<gone@corp.example>"]) == {}


def test_the_state_after_an_order_is_an_open_promise() -> None:
    office = paused()
    order(office, OTHER)
    assert office.ledger.snapshots([OTHER])[OTHER].promise.state is PromiseState.OPEN
