"""The sandbox is quick enough to stand under every other test. Bounds are wide: machines differ."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from exchange_sandbox import Sandbox, deliver

from .conftest import ALICE
from .test_find import compare, contains
from .test_folders import COMMIT_TIME, get, named
from .wire import Got, Wire

MAIL = b"From: Bob <bob@corp.example>\r\nTo: alice@corp.example\r\nSubject: Mail %d\r\n\r\nHello\r\n"


def best(look: Callable[[], Got]) -> float:
    """The shortest of some looks, client and server together, in seconds of this process alone."""
    spans = []
    for _ in range(15):
        begun = time.process_time()
        look()
        spans.append(time.process_time() - begun)
    return min(spans)


@pytest.fixture
def full(sandbox: Sandbox) -> Wire:
    deliver(sandbox.data, [MAIL % number for number in range(2000)], ALICE)
    return Wire(sandbox.url, ALICE)


@pytest.mark.long
def test_a_folder_of_two_thousand(full: Wire) -> None:
    begun, state, found = time.process_time(), "", 0
    while True:
        got = full.sync("inbox", state, 512, "item:Subject", "message:InternetMessageId", "message:IsRead")
        state, found = got.text("m:SyncState"), found + len(got.ids)
        if got.text("m:IncludesLastItemInRange") == "true":
            break
    assert found == 2000
    assert time.process_time() - begun < 4
    assert best(lambda: full.sync("inbox", state)) < 0.02
    assert best(lambda: get(full, named("inbox") + named("sentitems"), COMMIT_TIME)) < 0.02
    for restriction in (
        compare("IsEqualTo", "item:Subject", "mail 1234"),
        contains("item:Subject", "1234"),
        compare("IsLessThan", "item:DateTimeReceived", "2026-01-01T00:00:00Z"),
        compare("IsEqualTo", "item:Importance", "High"),
        compare("IsEqualTo", "item:Categories", "red"),
        compare("IsEqualTo", "message:From", "carol@corp.example"),
    ):
        assert best(lambda restriction=restriction: full.find("inbox", restriction=restriction)) < 0.05  # type: ignore[misc]


@pytest.mark.long
def test_fifty_mailboxes_polled_at_once(make: Callable[..., Sandbox]) -> None:
    """Each by a thread and a connection of its own, while mail comes: nobody is refused or misses any."""
    people = tuple(f"user{number}@corp.example" for number in range(50))
    sandbox = make(mailboxes=people)
    begin, seen = threading.Barrier(len(people)), {}

    def poll(user: str) -> None:
        wire = Wire(sandbox.url, user)
        state = wire.sync("inbox").text("m:SyncState")
        begin.wait()
        found = 0
        for number in range(2):
            assert wire.send(f"from {user}", people[(people.index(user) + number) % len(people)]).codes == [
                "NoError"
            ]
            assert get(wire, named("inbox"), COMMIT_TIME).codes == ["NoError"]
        begin.wait()
        while len(got := wire.sync("inbox", state).ids):
            state, found = wire.sync("inbox", state).text("m:SyncState"), found + len(got)
        seen[user] = found

    threads = [threading.Thread(target=poll, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == dict.fromkeys(people, 2)
    assert {one.status for one in sandbox.requests} == {200}
