"""When a mailbox's turn is, and how long it waits after a failure."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.errors import AccessBlocked, Busy, ConfigError, SignInRefused, Unreachable
from ackd.runtime.fleet import spread
from ackd.runtime.fleet.pace import Pace

PEOPLE = [f"person{number}@corp.example" for number in range(500)]
MINUTE = timedelta(minutes=1)


@settings(max_examples=25)
@given(st.integers(1, 400), st.integers(0, 2_000_000_000))
def test_each_has_one_turn_in_each_interval(seconds: int, since: int) -> None:
    poll = timedelta(seconds=seconds)
    width = spread.tick(poll)
    count = Counter[str]()
    steps = -(-seconds // width)
    people = PEOPLE[:4]
    for step in range(steps):
        count.update(spread.whose_turn(people, since + step * width, poll))
    assert set(count) == set(people)
    assert max(count.values()) <= 2  # where the ticks don't divide the interval, a turn may come twice
    if seconds % width == 0:
        assert max(count.values()) == 1


def test_turns_are_spread_over_the_interval() -> None:
    width = spread.tick(MINUTE)
    sizes = [len(spread.whose_turn(PEOPLE, tick, MINUTE)) for tick in range(0, 60, width)]
    assert sum(sizes) == len(PEOPLE)
    assert max(sizes) < 2 * len(PEOPLE) / len(sizes)


def test_the_wait_is_as_long_as_the_error_asks_for() -> None:
    def wait(error: Exception, attempts: int = 0) -> timedelta:
        return spread.wait_after(error, attempts, MINUTE)

    asked = timedelta(minutes=20)
    assert wait(Busy("x", wait=asked)) >= asked
    assert MINUTE <= wait(Unreachable("x")) <= 1.2 * MINUTE
    assert wait(Unreachable("x"), 1) >= 2 * MINUTE
    assert wait(Unreachable("x"), 50) <= 1.2 * spread.LONGEST_WAIT
    assert wait(AccessBlocked("x"), 50) > spread.LONGEST_WAIT
    assert wait(SignInRefused("x")) <= MINUTE
    assert wait(ConfigError("x")) == spread.LONGEST_WAIT
    assert wait(RuntimeError("a bug"), 3) <= 1.2 * spread.LONGEST_WAIT


def test_a_busy_server_gets_fewer_passes_and_a_busy_mailbox_doesnt_slow_the_rest() -> None:
    pace = Pace(8)

    def one(address: str, error: Exception | None = None) -> None:
        try:
            with pace.going(address, lambda: False):
                if error:
                    raise error
        except Busy:
            pass

    for _ in range(20):
        one("a", Busy("x"))
    assert pace.allowed == 8
    one("b", Busy("x"))
    assert pace.allowed == 4
    for _ in range(30):
        one("c")
    assert pace.allowed == 8
