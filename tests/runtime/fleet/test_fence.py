"""Two workers at one mailbox: who took it up first writes nothing more, in the ledger or in the mailbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.errors import Superseded
from ackd.ledger import SqlLedger
from ackd.model import ValueKey
from ackd.runtime.fleet import passes as passes_of
from ackd.runtime.fleet.passes import Sure
from tests.postgres import Server
from tests.runtime.fleet.stage import LATER, asked, passes, staged


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_ledger_that_was_taken_up_anew_takes_nothing_from_before(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if kind == "postgresql":
        url = request.getfixturevalue("server").database(f"fence_{tmp_path.name}")
    first, second, owner = (SqlLedger(url, "alice@corp.example", many=True) for _ in range(3))
    first.take_up()
    first.remember(ValueKey.MODE, "send")
    second.take_up()
    assert second.value(ValueKey.MODE) == "send"
    for write in (
        lambda: first.remember(ValueKey.MODE, "draft"),
        lambda: first.swap(ValueKey.MODE, "send", "draft"),
        lambda: first.attempting([]),
        first.check_taken_up,
    ):
        with pytest.raises(Superseded):
            write()
    owner.remember(ValueKey.HOLD, "by a command, which took up nothing")
    second.check_taken_up()
    second.remember(ValueKey.MODE, "preview")
    assert (owner.value(ValueKey.MODE), second.value(ValueKey.HOLD)) == (
        "preview",
        owner.value(ValueKey.HOLD),
    )
    for ledger in (first, second, owner):
        ledger.close()


def test_who_slept_asks_before_anything_goes_out() -> None:
    now, asked_at = [0.0], list[float]()
    sure = Sure(lambda: asked_at.append(now[0]), lambda: now[0])
    sure()
    now[0] = passes_of.SURE_FOR - 0.1
    sure()
    assert asked_at == []
    now[0] = 600.0
    sure()
    sure()
    assert asked_at == [600.0]


def test_who_slept_while_it_asked_asks_again() -> None:
    now, times = [passes_of.SURE_FOR], [0]

    def check() -> None:
        times[0] += 1
        if times[0] == 1:
            now[0] += 600  # frozen after the answer came

    Sure(check, lambda: 0.0 if not times else now[0])._at = 0.0
    sure = Sure(check, lambda: now[0])
    sure._at = 0.0
    sure()
    assert times[0] == 2


class Frozen(Sure):
    """Sleeps right before a request goes out that begins a write, as long as another worker takes for its
    whole pass."""

    meanwhile: Callable[[], object] | None = None

    def __call__(self) -> None:
        if Frozen.meanwhile is not None and _is_writing():
            act, Frozen.meanwhile = Frozen.meanwhile, None
            act()
            self._at = float("-inf")
        super().__call__()


def _is_writing() -> bool:
    """Whether the outbox is at its write, by the calls that led here."""
    import sys

    frame: Any = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_write" and frame.f_code.co_filename.endswith("outbox.py"):
            return True
        frame = frame.f_back
    return False


def test_a_worker_that_was_frozen_before_its_write_sends_nothing(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wrote "attempting" down, and sleeps. Another one takes up the mailbox, finds no letter, and waits;
    the first wakes, and sends nothing; ten minutes later the second sends the one letter."""
    monkeypatch.setattr(passes_of, "Sure", Frozen)
    with staged(tmp_path, server) as stage:
        first, second = asked(stage), passes(stage)
        person = stage.people[0]
        Frozen.meanwhile = lambda: second.run(person)
        with pytest.raises(Superseded):
            first.run(person)
        assert stage.count().letters == 0
        for minutes in (11, 12, 13):
            stage.move_to(LATER + timedelta(minutes=minutes))
            for one in stage.people:
                second.run(one)
        outcome = stage.count()
    assert outcome.is_well, str(outcome)


@pytest.mark.long
def test_a_worker_that_died_holds_nobody_up(tmp_path: Path, server: Server) -> None:
    """Its lease in the mailbox is the fleet's: the next worker takes it anew at once."""
    with staged(tmp_path, server) as stage:
        first = asked(stage)
        ledger = stage.database.ledger(stage.people[0])

        class Died(BaseException):
            pass

        def die() -> None:
            raise Died

        Frozen.meanwhile = die
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(passes_of, "Sure", Frozen)
            with pytest.raises(Died):
                first.run(stage.people[0])
        assert ledger.value(ValueKey.TROUBLE) is None
        second = passes(stage)
        second.run(stage.people[0])
        assert ledger.value(ValueKey.FOREIGN_LEASE) is None
        stage.move_to(LATER + timedelta(minutes=11))
        for _ in range(2):
            for one in stage.people:
                second.run(one)
        assert stage.count().is_well
