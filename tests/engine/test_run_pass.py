"""A pass by its context alone: nothing of it stays in the process, and passes over mailboxes don't meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.engine.context import PassContext
from ackd.engine.daemon import Daemon, run_pass
from ackd.engine.triage import Settings
from ackd.errors import Busy
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Summary
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, mail, settings

LINK = "https://mail.corp.example/owa/?ItemID=AQ%3D"


class Place:
    """A mailbox and its ledger. Each pass has a context, a ledger's connection and settings of its own."""

    def __init__(self, folder: Path, name: str = "ledger") -> None:
        self.url = f"sqlite:///{folder / name}.sqlite"
        self.clock = StepClock(MONDAY)
        self.mailbox = MemoryMailbox(self.clock.now)

    def work(self, minutes: float = 1, **more: Any) -> Summary:
        self.clock.move(timedelta(minutes=minutes))
        ledger = SqlLedger(self.url, ALICE.address)
        try:
            return run_pass(PassContext(self.mailbox, ledger, self.clock, **{"settings": settings(), **more}))
        finally:
            ledger.close()

    def letters(self) -> list[str]:
        return [letter.in_reply_to for letter in self.mailbox.letters]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_each_pass_goes_on_where_the_last_one_was(place: Place) -> None:
    place.work()
    for number in range(3):
        place.mailbox.arrive(mail(f"q{number}"))
        assert place.work().acknowledged == 1
    assert len(place.letters()) == len(place.mailbox.task_items) == 3
    assert place.work() == Summary(open_promises=3)


def test_the_task_leads_to_the_mail_in_a_browser(place: Place) -> None:
    place.work()
    place.mailbox.arrive(replace(mail("q"), web_link=LINK))
    place.mailbox.arrive(mail("other", sender="carol@corp.example"))
    place.work()
    bodies = {task.message_id: task.body for task, _ in place.mailbox.task_items.values()}
    assert f"Open it: {LINK}\n" in bodies["<q@corp.example>"]
    assert "Open it" not in bodies["<other@corp.example>"]


def test_it_stops_when_it_is_told_to(place: Place) -> None:
    place.work()
    place.mailbox.arrive(mail("q"))
    assert place.work(should_stop=lambda: True) == Summary()
    assert place.work().acknowledged == 1


def test_what_an_error_cut_short_is_counted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.work()
    place.mailbox.arrive(mail("q"))

    def busy(_: Any) -> Any:
        raise Busy("slow down")

    monkeypatch.setattr(place.mailbox, "create_tasks", busy)
    ledger = SqlLedger(place.url, ALICE.address)
    context = PassContext(place.mailbox, ledger, place.clock, settings())
    place.clock.move(timedelta(minutes=1))
    with pytest.raises(Busy):
        run_pass(context)
    summary = Daemon.of(context).summary()
    assert (summary.seen, summary.acknowledged, summary.open_promises) == (1, 1, 1)
    ledger.close()


def test_settings_are_renewed_before_mail_is_judged_and_only_then(place: Place) -> None:
    asked: list[bool] = []

    def renewed() -> Settings:
        asked.append(True)
        return settings(grace_minutes=60)

    place.work(renewed=renewed)
    place.work(renewed=renewed)
    assert asked == []
    place.mailbox.arrive(mail("q"))
    assert place.work(renewed=renewed).acknowledged == 0
    assert asked
    assert place.work(61).acknowledged == 1


def test_passes_over_many_mailboxes_at_once(tmp_path: Path) -> None:
    places = [Place(tmp_path, f"ledger-{number}") for number in range(4)]

    def live(place: Place) -> None:
        place.work()
        for number in range(5):
            place.mailbox.arrive(mail(f"q{number}"))
            place.work()

    with ThreadPoolExecutor(len(places)) as threads:
        for done in [threads.submit(live, place) for place in places]:
            done.result()
    for place in places:
        assert sorted(place.letters()) == [f"<q{number}@corp.example>" for number in range(5)]
        assert len(place.mailbox.task_items) == 5
