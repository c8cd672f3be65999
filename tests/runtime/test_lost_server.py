"""When a server counts as lost: after a minute without an answer, then every ten."""

from __future__ import annotations

import pytest

from ackd.errors import ClocksApart, ConfigError, SignInRefused, Unreachable
from ackd.runtime.lost_server import AFTER, AGAIN, LostServer

AUTO = "autodiscover"
AWAY = Unreachable("away")


def test_a_server_is_looked_for_now_and_then_while_it_is_away() -> None:
    lost = LostServer()
    ends = [0.0, 30.0, AFTER, AFTER + 1, AFTER + AGAIN - 1, AFTER + AGAIN]
    assert [lost.ended(AWAY, AUTO, end) for end in ends] == [False, False, True, False, False, True]
    assert lost.look_anew


@pytest.mark.parametrize(
    "other", [None, ClocksApart("x"), SignInRefused("x"), ConfigError("x"), ValueError("x")]
)
def test_what_shows_that_it_answers_begins_anew(other: Exception | None) -> None:
    lost = LostServer()
    assert not lost.ended(AWAY, AUTO, 0)
    assert not lost.ended(other, AUTO, 59)
    assert not lost.ended(AWAY, AUTO, 61)
    assert lost.ended(AWAY, AUTO, 61 + AFTER)


def test_an_address_that_the_owner_wrote_is_never_lost() -> None:
    lost = LostServer()
    assert not any(lost.ended(AWAY, "https://mail.corp.example/EWS/Exchange.asmx", end) for end in (0.0, 1e6))
    assert not lost.look_anew
