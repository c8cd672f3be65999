"""A server that keeps the copy of a letter, fails to hand it over, and says so: the copy proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ackd.engine import parked as cases
from ackd.errors import Unreachable
from ackd.model import EffectKind, EffectState, PromiseState
from ackd.promise.effects import DOUBTFUL
from ackd.views import status as views
from exchange_sandbox import Quirks
from tests.backends import OverGraph
from tests.crash.office import snapshot
from tests.followup.conftest import opened
from tests.scenario import Q, Scenario

NAMES = ["<a@corp.example>", "<b@corp.example>", "<c@corp.example>"]


def ask(office: Scenario, fault: str, value: float | None) -> None:
    """Three questions, whose letters meet a fault."""
    for name in NAMES:
        office.deliver(name.strip("<>").partition("@")[0])
    fail(office, fault, value)
    office.work()


def fail(office: Scenario, fault: str, number: float | None) -> None:
    """The letter of this number meets a fault: by Graph each is sent by a request of its own."""
    if isinstance(office.backend, OverGraph):
        office.backend.fail("send", fault, skip=int(number or 1) - 1)
    else:
        office.backend.fail("send", fault, number)


def parked(office: Scenario) -> list[str]:
    found = office.daemon.ledger.in_state(EffectState.PARKED)
    assert all(one.effect.kind is EffectKind.ACKNOWLEDGEMENT for one in found)
    assert all(one.effect.note == DOUBTFUL for one in found)
    return [one.effect.message_id for one in found]


def got(office: Scenario) -> list[str]:
    """The questions whose askers got something."""
    return [name for name in (mail.in_reply_to for mail in office.letters()) if name != Q]


def copies(office: Scenario) -> list[str]:
    found = snapshot(office.backend.data, NAMES).copies
    return [name for name in NAMES for _ in range(found[name])]


def status(office: Scenario) -> views.Status:
    return views.status(office.daemon.ledger, office.clock, is_alive=True)


def resolve(office: Scenario, number: int, *, send: bool) -> None:
    cases.resolve(office.daemon.ledger, office.clock, number, send=send)


@pytest.mark.graph
@pytest.mark.parametrize(("fault", "number"), [("refused-in-batch", 2), ("refused-with-copy", 2)])
def test_the_letter_at_which_the_server_failed_is_shown_to_a_person(
    office: Scenario, fault: str, number: int
) -> None:
    ask(office, fault, number)
    for _ in range(3):
        office.work(11)
    (doubtful,) = parked(office)
    assert sorted(copies(office)) == NAMES, "the copy was kept"
    assert sorted([*got(office), doubtful]) == NAMES, "the others got theirs, once"
    assert office.owner.tasks(doubtful) == []
    assert status(office).parked == 1
    assert views.parked(office.daemon.ledger)[0].why == DOUBTFUL


def test_what_a_cut_connection_leaves_is_done(office: Scenario) -> None:
    ask(office, "cut-after-commit", None)
    office.work(11)
    assert parked(office) == []
    assert sorted(got(office)) == NAMES


def test_a_single_letter_that_failed(tmp_path: Path) -> None:
    office = opened(tmp_path, quirks=Quirks.of(["unknown_recipient_breaks_batch"]))
    office.work()
    office.ask(sender="dora@corp.example")
    office.work(11)
    assert parked(office) == [Q]
    assert len(list(office.owner.account.sent.all())) == 1
    office.close()


def by_another_process(office: Scenario) -> None:
    office.here.restart()


def by_the_same(office: Scenario) -> None:
    """It goes on."""


@pytest.mark.parametrize("goes_on", [by_the_same, by_another_process])
def test_the_doubt_outlives_a_crash_and_a_sync_before_the_look(
    office: Scenario, goes_on: Callable[[Scenario], None]
) -> None:
    mailbox = office.daemon.mailbox

    def dies(tokens: object) -> object:
        raise Unreachable("the process died before the look")

    mailbox.find = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(Unreachable):
        ask(office, "refused-in-batch", 3)
    assert copies(office) == NAMES
    del mailbox.find  # type: ignore[attr-defined]
    goes_on(office)
    office.work(1)  # its sync shows the copies before any look
    (doubtful,) = parked(office)
    assert sorted([*got(office), doubtful]) == NAMES


def test_the_owner_says_that_it_did_not_go_out(office: Scenario) -> None:
    ask(office, "refused-in-batch", 3)
    (doubtful,) = parked(office)
    (number,) = (case.number for case in views.parked(office.daemon.ledger))
    resolve(office, number, send=True)
    for _ in range(3):
        office.work(11)
    assert sorted(got(office)) == NAMES
    assert parked(office) == []
    assert len(office.owner.tasks(doubtful)) == 1
    office.daemon.mailbox.changes(None, None)
    office.work(11)
    assert sorted(got(office)) == NAMES, "once"


def test_it_fails_again_and_is_shown_again(office: Scenario) -> None:
    ask(office, "refused-in-batch", 3)
    (doubtful,) = parked(office)
    for _ in range(2):
        (number,) = (case.number for case in views.parked(office.daemon.ledger))
        resolve(office, number, send=True)
        fail(office, "refused-in-batch", 1)
        office.work(11)
        assert parked(office) == [doubtful]
    resolve(office, number, send=True)
    office.work(11)
    assert sorted(got(office)) == NAMES


@pytest.mark.graph(long=True)
def test_a_second_try_whose_answer_is_lost_is_not_taken_for_the_first(office: Scenario) -> None:
    ask(office, "refused-in-batch", 3)
    (number,) = (case.number for case in views.parked(office.daemon.ledger))
    resolve(office, number, send=True)
    office.backend.fail("send", "cut-before-commit")
    office.work(1)
    assert len(got(office)) == 2
    office.work(11)
    office.work(11)
    assert sorted(got(office)) == NAMES, "the earlier copy says nothing about it"


def test_the_owner_says_that_it_went_out(office: Scenario) -> None:
    ask(office, "refused-in-batch", 3)
    (doubtful,) = parked(office)
    (number,) = (case.number for case in views.parked(office.daemon.ledger))
    resolve(office, number, send=False)
    office.work(11)
    assert doubtful not in got(office)
    assert len(office.owner.tasks(doubtful)) == 1


def test_an_answer_of_the_owners_settles_it(office: Scenario) -> None:
    ask(office, "refused-in-batch", 3)
    (doubtful,) = parked(office)
    office.owner.answer(doubtful)
    office.work(11)
    assert parked(office) == []
    assert office.promise(doubtful).state is PromiseState.KEPT
    assert got(office).count(doubtful) == 1, "the answer"
