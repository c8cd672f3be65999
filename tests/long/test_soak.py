"""Many polls of one process over HTTP, by EWS and by Graph, with faults at random: nothing grows, nothing is
lost."""

from __future__ import annotations

import random
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from ackd.model import EffectKind, EffectState
from tests.clock import StepClock
from tests.crash.office import EWS, GRAPH, ask, message_id, open_ledger, sandbox, snapshot
from tests.crash.test_faults import OPERATIONS, VALUES
from tests.long.soaker import Soaker
from tests.people import MONDAY
from tests.plays import seeds

POLLS = {EWS: 1200, GRAPH: 900}
WARM = 300  # by then each kind of fault was met, and what is kept of one is there
MEGABYTE = 2**20
#: Those that end a service, since the same secret is never tried again.
FATAL = ("401", "403")

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),  # against hangs alone
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells how large a process is"),
]


#: What fails by Graph, and how.
GRAPH_OPERATIONS = (
    *("batch", "messages.delta", "messages.get", "messages.create", "messages.send", "messages.update"),
    *("tasks.create", "tasks.delta", "mailFolders.create", "mailFolders.permanentDelete"),
)
GRAPH_KINDS = (
    *("429", "503", "504", "410", "412", "empty-code", "malformed-json", "503-after-commit"),
    *("504-after-commit", "cut-before-commit", "cut-after-commit", "cut-in-answer", "late-sent-copy"),
)


@pytest.mark.parametrize("way", POLLS)
@pytest.mark.parametrize("seed", seeds(1))
def test_polls_without_end(tmp_path: Path, seed: int, way: str) -> None:
    chance = random.Random(seed)
    clock, polls = StepClock(MONDAY), POLLS[way]
    kinds = [kind for kind in VALUES if kind not in FATAL] if way == EWS else GRAPH_KINDS
    operations = sorted(OPERATIONS) if way == EWS else GRAPH_OPERATIONS
    names: list[str] = []
    errors: Counter[str] = Counter()
    with (
        sandbox(tmp_path / "exchange", clock.now) as place,
        Soaker(place.url, tmp_path / "ledger", way) as soaker,
    ):
        begun = {}
        assert soaker.poll(clock.now()) == ""
        for number in range(1, polls + 1):
            clock.move(timedelta(minutes=1))
            if chance.random() < 0.05:
                names.append(f"q{number}")
                ask(place, names[-1], f"thanks{number}", at=clock.now())
            if chance.random() < 0.3:
                kind = chance.choice(kinds)
                place.faults.add(chance.choice(["*", *operations]), kind, VALUES.get(kind))
            errors[soaker.poll(clock.now())] += 1
            if chance.random() < 0.1:
                place.faults.clear()
            if number == WARM:
                begun = soaker.measure()
        place.faults.clear()
        for _ in range(4):
            clock.move(timedelta(minutes=11))
            assert soaker.poll(clock.now()) == ""
        ended = soaker.measure()
        requests = place.requests.count()
    print(f"{len(names)} questions, {requests} requests, errors {dict(errors)}, {begun} -> {ended}")
    assert errors.total() - errors[""] > polls / 20, "too few faults were met"
    grown = {name: ended[name] - value for name, value in begun.items()}
    assert grown["blocks"] < polls - WARM, "an object stays behind with each poll"
    # what grows is SQLite's cache of the ledger's pages, of 2 MB at most by its own default
    assert grown["heap"] < 2 * MEGABYTE
    # answers of many sizes leave the heap in pieces, of which some stay resident
    assert grown["memory"] < 5 * MEGABYTE
    assert ended["threads"] == begun["threads"]
    assert ended["files"] <= begun["files"]
    check(tmp_path, names)


def check(folder: Path, names: list[str]) -> None:
    """Every question has one letter and one task, or a person is told."""
    questions = [message_id(name) for name in names]
    found = snapshot(folder / "exchange", questions)
    ledger = open_ledger(folder / "ledger")
    parked = {
        (pending.effect.message_id, pending.effect.kind) for pending in ledger.in_state(EffectState.PARKED)
    }
    unfinished = ledger.in_state(EffectState.PLANNED, EffectState.ATTEMPTING, EffectState.UNKNOWN)
    ledger.close()
    waiting = {pending.effect.message_id for pending in unfinished}
    for question in questions:
        letters, tasks = found.copies[question], found.tasks[question]
        assert letters == 1 or (question, EffectKind.ACKNOWLEDGEMENT) in parked, question
        assert tasks == 1 or question in {name for name, _ in parked}, question
        assert question not in waiting or (question, EffectKind.ACKNOWLEDGEMENT) in parked, question
    assert all(number == 1 for number in (*found.copies.values(), *found.tasks.values()))
    assert all(number == 1 for number in found.letters.values())
    print(f"{len(parked)} parked")
