"""What `ackd check --send-to-self` finds out of a mailbox on Graph, and that what stays of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ackd.mailbox.graph import ways
from ackd.mailbox.graph.leftovers import Left, told
from ackd.model import SelfTestResult
from exchange_sandbox import Quirks
from tests.backends import REFUTED, refuted_by
from tests.mailbox.contract.mailbox_contract import OWNER, letter, task
from tests.mailbox.contract.test_graph import GraphWorld


@pytest.fixture
def results(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, SelfTestResult]]:
    world = GraphWorld(tmp_path, Quirks.of([request.param] if request.param else []), monkeypatch)
    mine = replace(letter(to=OWNER), subject="ackd tries itself 1234")
    found = {one.what: one for one in world.mailbox.self_test(mine, task(), world.tick)}
    yield found
    account = world.outlook.account
    assert [place.all().count() for place in (account.inbox, account.sent, account.drafts)] == [0, 0, 0]
    assert world.mailbox.tasks() == ()
    assert ("a task in Deleted Items" in found["removed again"].found) is (account.trash.all().count() == 1)
    assert "a folder" not in found["removed again"].found
    is_hidden = account.recoverable_items_deletions.all().count() > 0
    assert ("mails in Recoverable Items" in found["removed again"].found) is is_hidden
    assert is_hidden is ("graph_no_permanent_delete" in request.param or request.param == "all")
    world.close()


@pytest.mark.parametrize("results", [""], indirect=True)
def test_all_holds_on_a_server_as_it_is_documented(results: dict[str, SelfTestResult]) -> None:
    assert {what for what, one in results.items() if not one.holds} == set(), results
    assert results["task changed"].found == "kept: reminder, note, day, category"


@pytest.mark.parametrize(
    ("results", "what"), [*REFUTED.items(), ("all", "")], indirect=["results"], ids=[*REFUTED, "all"]
)
def test_what_a_server_does_otherwise_is_found_out(results: dict[str, SelfTestResult], what: str) -> None:
    """And nothing else, whatever else is tried in its company."""
    everything = set(refuted_by(Quirks.of(["all"])))
    assert {name for name, one in results.items() if not one.holds} == ({what} if what else everything)
    assert {name for name, one in results.items() if not one.holds and one.needed} <= {ways.FOUND}


def test_what_is_left_is_told_with_its_place() -> None:
    assert told([Left(), Left()], "ackd test 1") == (True, "nothing is left")
    lying = Left(lying="a task in Deleted Items")
    is_clean, words = told([Left(), lying], "ackd test 1")
    assert is_clean
    assert "a task in Deleted Items (ackd test 1)" in words
    is_clean, words = told([Left(standing="a mail that may still come"), lying], "ackd test 1")
    assert not is_clean
    assert words.startswith("left in the mailbox: a mail that may still come (ackd test 1); deleted, and not")
