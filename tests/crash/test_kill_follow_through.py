"""Killed with SIGKILL in the middle of the follow-through: after every call of a port and after every
HTTP request. Whatever the death leaves behind, in the end each colleague was told once, the tasks show
what is true, and the owner's own categories stand."""

from __future__ import annotations

import json
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.model import Act, EffectKind, PromiseState, token_of
from exchange_sandbox import Sandbox
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.schema import Importance, Key, TaskStatus
from tests.clock import StepClock
from tests.crash.forge import Forge
from tests.crash.office import BOB, UNFINISHED, again, ask, message_id, open_ledger, sandbox, token_in
from tests.crash.shares import Share, shared
from tests.followup.outlook import Outlook
from tests.people import ALICE, MONDAY, raw

MOVED, HELPLESS, HURRIED, NONE, ANSWERED = NAMES = ("moved", "helpless", "hurried", "none", "answered")
DAY = date(2026, 11, 30)
BEGAN = MONDAY + timedelta(minutes=4)
SHARES = 6
WIRE_SHARES = 10
LONGEST = 4  # passes after a kill
#: Letters that Bob got for each question: the acknowledgement, and what followed.
LETTERS = {MOVED: 2, HELPLESS: 2, HURRIED: 1, NONE: 1, ANSWERED: 2}
CATEGORIES = {
    MOVED: {"Promised"},
    HELPLESS: {"Mine"},
    HURRIED: {"Promised"},
    NONE: {"Mine"},
    ANSWERED: set[str](),
}
#: Calls after which a death leaves something behind: each of these is among the steps.
WRITES = [
    "record",
    "take_lease",
    "attempting",
    "send",
    "write",
    "change_tasks",
    "remove",
    "categorize",
    "categories_updated",
    "release",
]
DANGEROUS = {f"after {call}" for call in WRITES}
#: More of them, which a pass may do without.
OTHERS = {f"after {call}" for call in ("remember", "create_tasks")}

_BAGS = """
    SELECT item.bag, (SELECT data FROM stream WHERE stream.item = item.id AND stream.name = 'body')
    FROM item JOIN folder ON item.folder = folder.id JOIN mailbox
    ON folder.mailbox = mailbox.id WHERE folder.distinguished = ? AND mailbox.address = ?"""


@dataclass(frozen=True)
class Found:
    """What stands in a sandbox's store in the end."""

    letters: Counter[str]
    categories: dict[str, set[str]]
    tasks: dict[str, dict[str, Any]]  # by the question's name; each once
    trashed: Counter[str]


def found_in(data: Path) -> Found:
    store = Store(data)

    def bags(folder: str, address: str = ALICE.address) -> list[dict[str, Any]]:
        with store.read() as db:
            rows = db.execute(_BAGS, (folder, address)).fetchall()
        return [json.loads(row[0]) | {"text": (row[1] or b"").decode()} for row in rows]

    names = {token_of(message_id(name), EffectKind.TASK): name for name in NAMES}
    questions = {message_id(name): name for name in NAMES}
    try:
        tasks = [(names[token_in(bag)], bag) for bag in bags("tasks")]
        assert len(dict(tasks)) == len(tasks), "a task was made twice"
        return Found(
            letters=Counter(questions[bag[Key.IN_REPLY_TO]] for bag in bags("inbox", BOB)),
            categories={
                questions[bag[Key.MESSAGE_ID]]: set(bag.get(Key.CATEGORIES, ()))
                for bag in bags("inbox")
                if bag[Key.MESSAGE_ID] in questions
            },
            tasks=dict(tasks),
            trashed=Counter(names[token_in(bag)] for bag in bags("deleteditems")),
        )
    finally:
        store.close()


@dataclass(frozen=True)
class Scene:
    """Five acknowledged questions, and all that the owner and the asker did since the last poll."""

    folder: Path
    forge: Forge

    def play(self, folder: Path, fuse: int, *, wire: bool) -> tuple[str, ...]:
        """Kill a process at its step `fuse` (0: not at all), let others go on, and look."""
        shutil.copytree(self.folder, folder)
        clock, ledger = StepClock(BEGAN), folder / "ledger.sqlite"
        with again(folder / "exchange", clock.now) as place:
            first = self.forge.live(place.url, ledger, clock.now(), fuse=fuse, wire=wire)
            assert (first.signal, first.error) == (signal.SIGKILL if fuse else 0, "")
            for _ in range(LONGEST):
                clock.move(timedelta(minutes=11))
                life = self.forge.live(place.url, ledger, clock.now())
                assert (life.signal, life.error) == (0, "")
                if not life.unfinished:
                    break
        self._check(folder)
        return first.steps

    def _check(self, folder: Path) -> None:
        found = found_in(folder / "exchange")
        assert found.letters == LETTERS
        assert found.categories == CATEGORIES
        assert set(found.tasks) == {MOVED, HELPLESS, HURRIED, ANSWERED}
        assert found.trashed == Counter([NONE])
        complete = {
            name for name, task in found.tasks.items() if task.get(Key.STATUS) == TaskStatus.COMPLETED
        }
        assert complete == {HELPLESS, ANSWERED}
        assert found.tasks[MOVED][Key.DUE_DATE].startswith(DAY.isoformat())
        assert found.tasks[HURRIED][Key.IMPORTANCE] == Importance.HIGH
        assert found.tasks[HURRIED]["text"].count("I need it today") == 1
        ledger = open_ledger(folder / "ledger.sqlite")
        snapshots = ledger.snapshots([message_id(name) for name in NAMES])
        states = {name: snapshots[message_id(name)].promise.state for name in NAMES}
        assert states == {
            MOVED: PromiseState.OPEN,
            HELPLESS: PromiseState.WITHDRAWN,
            HURRIED: PromiseState.OPEN,
            NONE: PromiseState.WITHDRAWN,
            ANSWERED: PromiseState.KEPT,
        }
        lessons = [(one.message_id, one.act) for one in ledger.lessons(9)]
        assert lessons == [(message_id(NONE), Act.NO_QUESTION)], "what the owner said is known once"
        assert ledger.in_state(*UNFINISHED) == ()
        assert not ledger.has_updates()
        ledger.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("follow")
    clock, ledger = StepClock(MONDAY), folder / "ledger.sqlite"
    with Forge() as forge:
        with sandbox(folder / "exchange", clock.now) as place:
            for minute in range(3):
                assert forge.live(place.url, ledger, clock.now()).error == ""
                clock.move(timedelta(minutes=1))
                if minute == 0:
                    ask(place, *NAMES, at=clock.now())
            _act(place, clock)
        yield Scene(folder, forge)


def _act(place: Sandbox, clock: StepClock) -> None:
    outlook = Outlook(place.url, ALICE.address)
    outlook.move(message_id(MOVED), DAY)
    outlook.mark(message_id(HELPLESS), "Promised", "Mine", "ackd: can't help")
    outlook.mark(message_id(NONE), "Mine", "Promised", "ackd: not a question")
    outlook.answer(message_id(ANSWERED))
    again = raw("again", "It's urgent: I need it today!", at=clock.now(), references=message_id(HURRIED))
    place.deliver(again, ALICE.address)
    outlook.close()


def deaths(steps: tuple[str, ...]) -> list[int]:
    """The steps after which a death leaves something of its own behind: a read leaves nothing."""
    told = DANGEROUS | OTHERS | {"after POST Exchange.asmx"}
    return [number for number, step in enumerate(steps, start=1) if step in told]


@shared("share", SHARES)
def test_killed_after_every_call_of_a_port(scene: Scene, tmp_path: Path, share: Share) -> None:
    steps = scene.play(tmp_path / "whole", 0, wire=False)
    assert set(steps) >= DANGEROUS
    for fuse in share.of(deaths(steps)):
        scene.play(tmp_path / str(fuse), fuse, wire=False)


@shared("share", WIRE_SHARES)
def test_killed_after_every_request(scene: Scene, tmp_path: Path, share: Share) -> None:
    steps = scene.play(tmp_path / "whole", 0, wire=True)
    assert len(deaths(steps)) > 10
    for fuse in share.of(deaths(steps)):
        scene.play(tmp_path / str(fuse), fuse, wire=True)
