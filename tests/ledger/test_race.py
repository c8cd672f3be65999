"""Two ackds at one ledger at once: of what both write one wins, and the other is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from ackd.engine import promises
from ackd.ledger import SqlLedger
from ackd.model import Change, EffectState, FollowUp, Mode, Page, PromiseState
from ackd.promise import snapshots
from tests.ledger.contract import LETTER, LedgerContract, name_of, put, rung, token
from tests.people import ALICE, MONDAY

ROUNDS = 8
SUITE = LedgerContract()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    made: str = request.getfixturevalue("server").database(f"race_{uuid4().hex}")
    return made


@pytest.fixture
def two(url: str) -> Iterator[list[SqlLedger]]:
    ledgers = [SqlLedger(url, ALICE.address) for _ in range(2)]
    yield ledgers
    for ledger in ledgers:
        ledger.close()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What threads get that begin at the same moment."""
    ready = Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        ready.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_a_promise_is_changed_by_one_alone(two: list[SqlLedger]) -> None:
    SUITE.make(two[0])
    for number in range(ROUNDS):
        before = SUITE.one(two[0])
        words = [f"{number} {which}" for which in range(2)]
        after = [replace(before, promise=replace(before.promise, why=why)) for why in words]
        said = at_once(*(partial(two[n].write, [Change(before, after[n])]) for n in (0, 1)))
        assert sorted(map(len, said)) == [0, 1], "one wins, and the other one knows"
        assert SUITE.one(two[0]).promise.why == words[said.index(frozenset())]


def test_a_promise_is_made_by_one_alone(two: list[SqlLedger]) -> None:
    SUITE.make(two[0], "first")
    for number in range(ROUNDS):
        question = replace(SUITE.one(two[0], "first").promise.question, message_id=f"<{number}>")
        made = snapshots.made(replace(SUITE.one(two[0], "first").promise, question=question), (), MONDAY)
        page = Page(MONDAY, Mode.SEND, str(number), followed=FollowUp(changes=(Change(None, made),)))
        said = at_once(*(partial(one.record, page) for one in two))
        assert sorted(said, key=len) == [frozenset(), {f"<{number}>"}]


def test_a_letter_is_begun_by_one_alone(two: list[SqlLedger]) -> None:
    for number in range(ROUNDS):
        SUITE.make(two[0], str(number))
        begun = at_once(*(partial(SUITE.attempt, one, token(str(number))) for one in two))
        assert sorted(map(len, begun)) == [0, 1]
        (effect,) = (one for one in SUITE.one(two[0], str(number)).effects if one.kind is LETTER)
        assert (effect.state, effect.tries) == (EffectState.ATTEMPTING, 1)


def test_nothing_of_what_both_add_is_lost(two: list[SqlLedger]) -> None:
    """A list that is read, added to and written back: commands on a question, notes on its task."""
    SUITE.make(two[0])
    for number in range(ROUNDS):
        obeyed = [FollowUp(obeyed={name_of("q"): (f"{number} {which}",)}) for which in range(2)]
        pages = [Page(MONDAY, Mode.SEND, followed=one) for one in obeyed]
        at_once(*(partial(two[n].record, pages[n]) for n in (0, 1)))
    (update,) = two[0].category_updates()
    assert sorted(update.obeyed) == sorted(
        f"{number} {which}" for number in range(ROUNDS) for which in range(2)
    )


def test_a_single_value_is_written_by_one_alone(two: list[SqlLedger]) -> None:
    seen = None
    for number in range(ROUNDS):
        said = at_once(*(partial(two[n].swap, "hold", seen, f"{number} {n}") for n in (0, 1)))
        assert sorted(said) == [False, True]
        seen = f"{number} {said.index(True)}"
        assert two[0].value("hold") == seen
        at_once(*(partial(one.remember, "new", None) for one in two))
        at_once(*(partial(two[n].remember, "new", str(n)) for n in (0, 1)))
        assert two[0].value("new") in {"0", "1"}


def test_what_is_counted_twice_at_once_counts_twice(two: list[SqlLedger]) -> None:
    page = Page(MONDAY, Mode.SEND, frames=("a", "b"), tokens=("t",))
    for _ in range(ROUNDS):
        at_once(*(partial(one.record, page) for one in two))
    assert two[0].frames(["a", "b"]) == {"a": 2 * ROUNDS, "b": 2 * ROUNDS}


def test_an_alarm_is_told_by_one_alone(two: list[SqlLedger]) -> None:
    for number in range(ROUNDS):
        alarms = [[put(None, replace(rung(str(number)), rings=which))] for which in range(2)]
        said = at_once(*(partial(two[n].record_alarms, alarms[n]) for n in (0, 1)))
        assert sorted(said) == [False, True]


def test_pruning_meanwhile_harms_nothing(two: list[SqlLedger]) -> None:
    for number in range(ROUNDS):
        SUITE.make(two[0], "q")
        closing_it = partial(promises.close, two[0], name_of("q"), PromiseState.WITHDRAWN, MONDAY, "no")
        at_once(closing_it, partial(two[1].prune, MONDAY.replace(year=2030 + number)))
        two[0].prune(MONDAY.replace(year=2040))
        assert two[0].snapshots([name_of("q")]) == {}


def test_two_that_come_to_a_new_ledger_make_one(url: str) -> None:
    ledgers = at_once(*[partial(SqlLedger, url, ALICE.address)] * 2)
    assert ledgers[0]._mine == ledgers[1]._mine
    for ledger in ledgers:
        ledger.close()


def test_two_mailboxes_that_come_at_once_stand_apart(url: str) -> None:
    ledgers = at_once(*(partial(SqlLedger, url, f"{n}@corp.example", many=True) for n in (0, 1)))
    at_once(*(partial(SUITE.make, one) for one in ledgers))
    SUITE.close(ledgers[1])
    assert [one.count_open() for one in ledgers] == [1, 0]
    for ledger in ledgers:
        ledger.close()
