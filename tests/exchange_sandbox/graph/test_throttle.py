"""Limits of an app in a mailbox: how many requests at once, how many in ten minutes, and tokens that die."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest

from exchange_sandbox import Limits, Quirks, Sandbox

from ..conftest import ALICE, BOB, Time
from .graph_client import Got, Graph, signed_in
from .test_delta import INBOX, deliver

TRIES = 5000  # looks, each some milliseconds, before it is a hang


def until(look: Callable[[], bool]) -> None:
    assert any(look() for _ in range(TRIES)), "it never came"


@pytest.mark.long
def test_the_fifth_at_once_is_refused(make: Callable[..., Sandbox]) -> None:
    """Four writes wait for the store, which somebody else holds: what comes meanwhile is one too many."""
    sandbox = make(limits=Limits(graph_connections=4))
    alice, bob = signed_in(sandbox, ALICE), signed_in(sandbox, BOB)
    with (
        closing(sqlite3.connect(sandbox.data / "sandbox.sqlite", isolation_level=None)) as db,
        ThreadPoolExecutor(4) as pool,
    ):
        db.execute("BEGIN IMMEDIATE")

        def write() -> Future[Got]:
            return pool.submit(alice.post, "/me/messages", {"subject": "x"})

        def is_full() -> bool:
            """Whether a look is refused; a write that was refused because of a look comes again."""
            waiting[:] = [write() if one.done() else one for one in waiting]
            return alice.get("/me/mailFolders/inbox").status == 429

        waiting = [write() for _ in range(4)]
        until(is_full)
        refused = alice.get("/me/mailFolders/inbox")
        assert (refused.status, refused.code) == (429, "ApplicationThrottled")
        assert "MailboxConcurrency" in refused.json["error"]["message"]
        assert "retry-after" not in refused.headers, "nobody knows"
        assert bob.get("/me/mailFolders/inbox").status == 200, "each mailbox for itself"
        db.execute("ROLLBACK")
        assert [one.result().status for one in waiting] == [201] * 4
    assert alice.get("/me/mailFolders/inbox").status == 200
    assert len(alice.all("/me/messages")) == 4


def test_the_budget_comes_back_bit_by_bit(make: Callable[..., Sandbox], time: Time) -> None:
    sandbox = make(limits=Limits(graph_requests=2))
    alice = signed_in(sandbox, ALICE)
    assert alice.get("/me").status == 200
    time.move(299.5)
    assert alice.get("/me").status == 200
    refused = alice.get("/me")
    assert (refused.status, refused.headers["retry-after"]) == (429, "300.5"), "a fraction of a second, too"
    time.move(301)
    assert alice.get("/me").status == 200
    assert alice.get("/me").status == 429


def test_a_token_that_the_server_forgot(sandbox: Sandbox, alice: Graph) -> None:
    """410 on command: whoever starts anew has all, and goes on from there."""
    deliver(sandbox, "one", "two")
    link = alice.get(INBOX).json["@odata.deltaLink"]
    for kind, code in (("410", "SyncStateNotFound"), ("stale-sync-state", "resyncRequired")):
        sandbox.faults.add("messages.delta", kind)
        if kind == "stale-sync-state":
            assert alice.get(INBOX).status == 200, "it waits for a request with a token"
        gone = alice.get(link)
        assert (gone.status, gone.code) == (410, code)
        assert sandbox.faults.waiting() == []
    again = alice.get(INBOX)
    assert len(again.value) == 2
    assert alice.get(again.json["@odata.deltaLink"]).value == []


def test_links_that_die_while_one_walks(make: Callable[..., Sandbox]) -> None:
    sandbox = make(quirks=Quirks(graph_short_lived_links=True))
    alice = signed_in(sandbox, ALICE)
    deliver(sandbox, *map(str, range(6)))
    got, links = alice.get(INBOX, headers={"Prefer": "odata.maxpagesize=1"}), []
    while "@odata.nextLink" in got.json:
        links.append(got.json["@odata.nextLink"])
        got = alice.get(links[-1], headers={"Prefer": "odata.maxpagesize=1"})
        assert got.status == 200
    assert alice.get(links[0]).code == "SyncStateNotFound"
    assert alice.get(got.json["@odata.deltaLink"]).status == 200


def test_a_token_of_another_folder_or_a_spoiled_one(sandbox: Sandbox, alice: Graph) -> None:
    link = alice.get(INBOX).json["@odata.deltaLink"]
    assert alice.get(link.replace("inbox", "drafts")).status == 410
    assert alice.get(f"{link[:-4]}AAAA").status in (400, 410)
