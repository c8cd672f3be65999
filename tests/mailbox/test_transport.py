"""Every answer has an end, by every way on which ackd asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import NoConnection, Unreachable
from ackd.mailbox import transport
from ackd.mailbox.ews import Access, EwsMailbox, answers
from ackd.mailbox.ews.sign_in_offers import knock
from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.sign_in.answers import asked
from ackd.mailbox.sign_in.asking import Asking
from ackd.mailbox.transport import Adapter, Endless, Limits
from tests.clock import StepClock
from tests.hostile import WAYS, Hostile
from tests.mailbox.contract.mailbox_contract import NOW
from tests.mailbox.graph.test_one_post import Tokens

SECONDS = 0.4
SMALL = Limits(head=50_000, wire=1_000_000, unpacked=1_000_000, kept=100_000)
ZONE = ZoneInfo("Europe/Berlin")


def by_ews(url: str) -> Any:
    access = Access("a@corp.example", url, "a", "secret")
    return EwsMailbox(access, zone=ZONE, clock=StepClock(NOW)).changes(None, None)


def by_graph(url: str) -> Any:
    base = url.partition("/EWS")[0] + "/v1.0"
    box = GraphMailbox("a@corp.example", base, Tokens(), zone=ZONE, clock=StepClock(NOW))
    return box.changes(None, None)


def by_authority(url: str) -> Any:
    return asked(lambda: Asking(HttpSession(None, None)).post(url, data=b"x"))


#: Who asks, and what they make of an answer without an end.
ASKERS: dict[str, Callable[[str], Any]] = {"ews": by_ews, "graph": by_graph, "authority": by_authority}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small sizes and short times."""
    for name in ("BRIEF", "PAGE"):
        monkeypatch.setattr(transport, name, SECONDS)
    monkeypatch.setattr("ackd.mailbox.sign_in.asking.SECONDS", SECONDS)
    monkeypatch.setattr(answers, "LARGEST_ANSWER", SMALL.kept)
    monkeypatch.setattr(Adapter.__init__, "__kwdefaults__", {"limits": SMALL, "named": False})
    monkeypatch.setattr(answers, "LIMITS", SMALL)


@pytest.mark.every(3)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("asker", ASKERS)
def test_an_answer_without_an_end_is_given_up(way: str, asker: str) -> None:
    with Hostile(way) as server:
        began = time.monotonic()
        with pytest.raises(Unreachable):
            ASKERS[asker](server.url)
        assert time.monotonic() - began < 60


@pytest.mark.every(3)
@pytest.mark.parametrize("way", [way for way in WAYS if "head" in way or "100" in way])
def test_so_it_is_where_a_server_is_looked_for(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an answer to a question without a sign-in the body isn't read at all."""
    monkeypatch.setattr("ackd.mailbox.ews.sign_in_offers.SECONDS", SECONDS)
    with Hostile(way) as server, pytest.raises(NoConnection):
        knock(Access("a@corp.example", server.url, "a", ""), server.url, b"")


def test_a_wide_limit_in_a_narrow_one_is_narrow() -> None:
    with Hostile("a byte of the body now and then") as server, HttpSession(None, None) as session:
        began = time.monotonic()
        with transport.within(0.2), pytest.raises(Endless, match=r"longer than 0\.2 s"):
            session.get(server.url, timeout=30)
        assert time.monotonic() - began < 60
        with transport.within(30), pytest.raises(Endless, match=r"longer than 0\.3 s"):
            session.get(server.url, timeout=0.3)


def test_a_server_that_takes_nothing_is_given_up_too() -> None:
    with Hostile("nothing") as server, pytest.raises((Endless, OSError)):
        HttpSession(None, None).post(server.url, data=b"x" * 50_000_000, timeout=SECONDS)


def test_answers_that_came_whole_are_counted() -> None:
    before = transport.answered()
    with Hostile("a bomb by gzip", 1_000_000) as server, HttpSession(None, None) as session:
        session.mount("http://", Adapter(limits=replace(SMALL, unpacked=2_000_000, kept=2_000_000)))
        assert len(session.get(server.url, timeout=5).content) == 1_000_000
        assert transport.answered() == before + 1
    with Hostile("nothing") as server, HttpSession(None, None) as session, pytest.raises(Endless):
        session.get(server.url, timeout=0.1)
    assert transport.answered() == before + 1
