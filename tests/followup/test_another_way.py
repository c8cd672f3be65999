"""From EWS to Graph and back, in one mailbox over real HTTP: what was promised goes on, and on the server
there is one letter and one task for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ackd.errors import Unreachable
from ackd.model import TASK_UNKNOWN, EffectKind, EffectState, Mode, PromiseState, ValueKey, token_of
from exchange_sandbox import Quirks
from tests.backends import ALL_QUIRKS, OverEither
from tests.scenario import FOLLOWING, Q, Scenario, message_id

DAY, LATER = date(2026, 11, 30), date(2026, 12, 2)
Make = Callable[..., Scenario]
NAMES = ("moved", "ticked", "answered", "filed", "deleted", "still")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Scenario] = []

    def opened(kind: str = "ews", quirks: Quirks | None = None, **changes: Any) -> Scenario:
        backend = OverEither(tmp_path, kind, quirks=quirks)
        made.append(Scenario(tmp_path, backend, follow=FOLLOWING, **changes).begin())
        return made[-1]

    yield opened
    for one in made:
        one.close()


def turn(office: Scenario, kind: str = "", **changes: Any) -> None:
    """From now on the mailbox is reached in the other way."""
    office.backend.kind = kind or {"ews": "graph", "graph": "ews"}[office.backend.kind]
    office.start(**changes)


def letters(office: Scenario) -> Counter[str]:
    """Letters of ours that Bob got, by the questions that they answer."""
    return Counter(mail.in_reply_to for mail in office.bob.received() if mail.author.name != "Bob")


def settled(office: Scenario) -> bool:
    return not office.ledger.in_state(EffectState.PARKED, EffectState.UNKNOWN, EffectState.ATTEMPTING)


long = pytest.mark.long


@pytest.mark.parametrize(
    ("first", "quirks", "moved"),
    [
        pytest.param("ews", ALL_QUIRKS, True, id="from EWS, moved, with every quirk"),
        pytest.param("graph", Quirks(), False, id="from Graph"),
        pytest.param("ews", Quirks(), False, id="from EWS", marks=long),
        pytest.param("graph", ALL_QUIRKS, True, id="from Graph, moved, with every quirk", marks=long),
    ],
)
def test_there_and_back(make: Make, first: str, quirks: Quirks, moved: bool) -> None:
    office = make(first, quirks)
    for name in NAMES:
        office.deliver(name)
    office.work()
    office.later(60)
    owner = office.owner
    owner.move(message_id("moved"), DAY)
    owner.tick(message_id("ticked"))
    owner.answer(message_id("answered"))
    owner.file(message_id("filed"), owner.new_list("Chores"))
    owner.trash(message_id("deleted"))
    office.deliver("new")
    if moved:
        office.backend.move_mailboxes()
    turn(office)
    for _ in range(3):
        office.work(10)
    sees_deleted = office.mailbox.sees_deleted_tasks
    states = {name: office.state(message_id(name)) for name in (*NAMES, "new")}
    assert states == {
        "moved": PromiseState.OPEN,
        "ticked": PromiseState.DROPPED,
        "answered": PromiseState.KEPT,
        "filed": PromiseState.OPEN,
        "deleted": PromiseState.WITHDRAWN if sees_deleted else PromiseState.OPEN,
        "still": PromiseState.OPEN,
        "new": PromiseState.OPEN,
    }
    parked = [case.effect.note for case in office.ledger.in_state(EffectState.PARKED)]
    assert parked == ([] if sees_deleted else [TASK_UNKNOWN])
    assert office.local_day(office.promise(message_id("moved")).due) == DAY
    turn(office)
    office.owner.move(message_id("still"), LATER)
    for _ in range(3):
        office.work(10)
    assert office.local_day(office.promise(message_id("still")).due) == LATER
    assert letters(office) == {
        **dict.fromkeys(map(message_id, (*NAMES, "new")), 1),
        message_id("moved"): 2,
        message_id("still"): 2,
        message_id("answered"): 2,
    }
    tokens = Counter(task.token for task in office.mailbox.tasks())
    assert set(tokens.values()) == {1}
    for name in ("moved", "ticked", "answered", "still", "new"):
        assert len(office.owner.tasks(message_id(name))) == 1, name
    assert office.owner.task(message_id("answered")).is_complete
    assert office.ledger.value(ValueKey.BACKEND) == first


@pytest.mark.parametrize("first", ["ews", pytest.param("graph", marks=long)])
def test_the_calendar_entry_is_moved_and_removed(make: Make, first: str) -> None:
    """By its token, whoever made it; and the category goes from a question that has another name by now."""
    office = make(first, rules={"calendar_entry": True})
    office.ask()
    office.work()
    office.owner.move(Q, DAY)
    turn(office)
    for _ in range(3):
        office.work(10)
    (entry,) = office.owner.account.calendar.all()
    assert entry.start.date() == DAY
    assert office.owner.categories(Q) == ["Promised"]
    office.owner.answer(Q)
    turn(office)
    for _ in range(2):
        office.work(10)
    assert not office.owner.account.calendar.all().exists()
    assert office.owner.task(Q).is_complete
    assert office.owner.categories(Q) == []


@pytest.mark.parametrize("first", ["graph", pytest.param("ews", marks=long)])
def test_drafts_wait_on_and_are_sent_or_thrown_away(make: Make, first: str) -> None:
    office = make(first, mode=Mode.DRAFT)
    for name in ("sent", "thrown", "waits"):
        office.deliver(name)
    office.work()
    turn(office)
    office.work(20)
    token = {name: token_of(message_id(name), EffectKind.ACKNOWLEDGEMENT) for name in ("sent", "thrown")}
    office.backend.send_draft(token["sent"])
    office.backend.trash_draft(token["thrown"])
    for _ in range(3):
        office.work(20)
    assert office.promise(message_id("sent")).told is not None
    assert office.state(message_id("thrown")) is PromiseState.WITHDRAWN
    assert office.state(message_id("waits")) is PromiseState.OPEN
    assert len(office.owner.drafts()) == 1
    assert letters(office) == {message_id("sent"): 1}
    assert [len(office.owner.tasks(message_id(name))) for name in ("sent", "thrown", "waits")] == [1, 0, 1]
    assert settled(office)


def test_letters_in_doubt_are_settled_by_their_tokens(make: Make) -> None:
    """One that Graph made and didn't send is sent as it is, one that went out isn't sent again."""
    office = make("graph", ALL_QUIRKS)
    office.backend.fail("messages.send", "503", times=1)
    office.ask("unsent")
    office.backend.fail("messages.send", "503-after-commit", times=1)
    office.ask("sent")
    turn(office)
    for _ in range(4):
        office.work(20)
    assert letters(office) == dict.fromkeys(map(message_id, ("unsent", "sent")), 1)
    assert [len(office.owner.tasks(message_id(name))) for name in ("unsent", "sent")] == [1, 1]
    assert settled(office)
    assert not office.owner.drafts()
    assert office.owner.account.sent.all().count() == 2


@pytest.mark.parametrize("kind", ["ews", pytest.param("graph", marks=long)])
def test_a_mailbox_that_moved_is_followed_by_the_same_way_too(make: Make, kind: str) -> None:
    """Every name is another one there, every sync state is worth nothing: the marks tell. The process runs
    on, and tries again in a minute."""
    office = make(kind)
    for name in ("answered", "filed", "still"):
        office.deliver(name)
    office.work()
    office.owner.answer(message_id("answered"))
    lists = office.owner.new_list("Chores")
    office.owner.file(message_id("filed"), lists)
    office.work(20)
    office.backend.move_mailboxes()
    office.deliver("new")
    office.owner.move(message_id("still"), DAY)
    for _ in range(4):
        with suppress(Unreachable):
            office.work(10)
    assert letters(office) == {
        message_id("answered"): 2,
        message_id("filed"): 1,
        message_id("still"): 2,
        message_id("new"): 1,
    }
    assert office.state(message_id("answered")) is PromiseState.KEPT
    (moved,) = [one for one in office.owner.account.tasks.children if one.name == "Chores"]
    office.owner.tick(message_id("filed"), moved)
    office.work()
    assert office.state(message_id("filed")) is PromiseState.DROPPED
    assert office.local_day(office.promise(message_id("still")).due) == DAY
    assert settled(office)
