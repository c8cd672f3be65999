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
from ackd.model import Summary
from tests.people import ALICE, mail, settings
from tests.scenario import Scenario

LINK = "https://mail.corp.example/owa/?ItemID=AQ%3D"


def work(place: Scenario, minutes: float = 1, **more: Any) -> Summary:
    """A pass with a context, a ledger's connection and settings of its own."""
    place.later(minutes)
    ledger = SqlLedger(f"sqlite:///{place.here.file}", ALICE.address)
    try:
        return run_pass(PassContext(place.mailbox, ledger, place.clock, **{"settings": settings(), **more}))
    finally:
        ledger.close()


@pytest.fixture
def place(tmp_path: Path) -> Scenario:
    return Scenario(tmp_path)


def test_each_pass_goes_on_where_the_last_one_was(place: Scenario) -> None:
    work(place)
    for number in range(3):
        place.mailbox.arrive(mail(f"q{number}"))
        assert work(place).acknowledged == 1
    assert len(place.told()) == len(place.mailbox.task_items) == 3
    assert work(place) == Summary(open_promises=3)


def test_the_task_leads_to_the_mail_in_a_browser(place: Scenario) -> None:
    work(place)
    place.mailbox.arrive(replace(mail("q"), web_link=LINK))
    place.mailbox.arrive(mail("other", sender="carol@corp.example"))
    work(place)
    bodies = {task.message_id: task.body for task, _ in place.mailbox.task_items.values()}
    assert f"Open it: {LINK}\n" in bodies["<q@corp.example>"]
    assert "Open it" not in bodies["<other@corp.example>"]


def test_it_stops_when_it_is_told_to(place: Scenario) -> None:
    work(place)
    place.mailbox.arrive(mail("q"))
    assert work(place, should_stop=lambda: True) == Summary()
    assert work(place).acknowledged == 1


def test_what_an_error_cut_short_is_counted(place: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    work(place)
    place.mailbox.arrive(mail("q"))

    def busy(_: Any) -> Any:
        raise Busy("slow down")

    monkeypatch.setattr(place.mailbox, "create_tasks", busy)
    ledger = SqlLedger(f"sqlite:///{place.here.file}", ALICE.address)
    context = PassContext(place.mailbox, ledger, place.clock, settings())
    place.clock.move(timedelta(minutes=1))
    with pytest.raises(Busy):
        run_pass(context)
    summary = Daemon.of(context).summary()
    assert (summary.seen, summary.acknowledged, summary.open_promises) == (1, 1, 1)
    ledger.close()


def test_settings_are_renewed_before_mail_is_judged_and_only_then(place: Scenario) -> None:
    asked: list[bool] = []

    def renewed() -> Settings:
        asked.append(True)
        return settings(grace_minutes=60)

    work(place, renewed=renewed)
    work(place, renewed=renewed)
    assert asked == []
    place.mailbox.arrive(mail("q"))
    assert work(place, renewed=renewed).acknowledged == 0
    assert asked
    assert work(place, 61).acknowledged == 1


def test_passes_over_many_mailboxes_at_once(tmp_path: Path) -> None:
    places = [Scenario(tmp_path / str(number)) for number in range(4)]

    def live(place: Scenario) -> None:
        work(place)
        for number in range(5):
            place.mailbox.arrive(mail(f"q{number}"))
            work(place)

    with ThreadPoolExecutor(len(places)) as threads:
        for done in [threads.submit(live, place) for place in places]:
            done.result()
    for place in places:
        assert sorted(place.told()) == [f"<q{number}@corp.example>" for number in range(5)]
        assert len(place.mailbox.task_items) == 5
