"""Every fault of the sandbox in every operation of a pass: at most one acknowledgement a question,
and none is lost: in the end it is acknowledged and tasked, or parked for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from ackd.errors import AckdError, Retry
from ackd.model import EffectState
from exchange_sandbox import Fault
from exchange_sandbox.faults import ALWAYS
from tests.crash.office import UNFINISHED, PromiseSnapshot, ask, message_id, snapshot
from tests.scenario import OverHttp, Scenario

#: Fault → its value: `slow` in seconds of the machine, `late-sent-copy` in seconds of the sandbox's clock.
ANYWHERE: dict[str, float | None] = {
    "401": None,
    "403": None,
    "429": 3,
    "503": 3,
    "busy": 1000,
    "cut-before-commit": None,
    "cut-after-commit": None,
    "cut-in-answer": None,
    "slow": 0.01,
    "malformed-xml": None,
    "empty-response-code": None,
    "store-unavailable": 1,
    "refused-in-batch": 1,
    "wrong-date": -3600,
}
OF_SYNC: dict[str, float | None] = {"stale-sync-state": None, "full-resync": None}
OF_CREATION: dict[str, float | None] = {"lost-draft": None, "late-sent-copy": 300, "refused-with-copy": 1}
VALUES = ANYWHERE | OF_SYNC | OF_CREATION

#: An operation and how often it is passed over before the fault.
PLACES = {
    "GetFolder": ("GetFolder", 0),
    "GetFolder for the lease": ("GetFolder", 2),
    "FindFolder": ("FindFolder", 0),
    "CreateFolder": ("CreateFolder", 0),
    "DeleteFolder": ("DeleteFolder", 0),
    "SyncFolderItems": ("SyncFolderItems", 0),
    "GetItem": ("GetItem", 0),
    "FindItem": ("FindItem", 0),
    "CreateItem of letters": ("CreateItem", 0),
    "CreateItem of tasks": ("CreateItem", 1),
}
BY_DEFAULT = ("CreateItem of letters",)
#: What may be repeated as often as need be has no place here: it sets what is wanted.
REPEATED = {"UpdateItem"}
OPERATIONS = {operation for operation, _ in PLACES.values()} | REPEATED
#: A fault that lasts is met again by the passes of the next half hour; then it ends.
ONCE, LASTING = 1, ALWAYS
PASSES = 3

#: The outcomes of a case. All but the first are listed in UNUSUAL, with their reason.
DONE, PARKED, NO_TASK = "done", "parked", "no task"
UNUSUAL = {
    # twice the outcome was unknown, and nothing was found: a person decides
    **{
        (place, kind, LASTING): PARKED
        for place in ("CreateItem of letters", "CreateItem of tasks")
        for kind in ("503", "busy", "cut-before-commit")
    },
    # the server said that it saved the tasks, and lost them: they aren't made again, a person is told
    ("CreateItem of letters", "lost-draft", LASTING): PARKED,
    ("CreateItem of tasks", "lost-draft", ONCE): PARKED,
    ("CreateItem of tasks", "lost-draft", LASTING): PARKED,
    # the server kept a copy of a letter that it said it didn't send: a person decides
    **{
        ("CreateItem of letters", kind, times): PARKED
        for kind in ("refused-in-batch", "refused-with-copy")
        for times in (ONCE, LASTING)
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one place."""

    place: str
    kind: str
    times: int

    @property
    def fault(self) -> Fault:
        """The fault as the sandbox knows it."""
        operation, skip = PLACES[self.place]
        return Fault(operation, self.kind, VALUES[self.kind], self.times, skip)


def cases(place: str) -> list[Case]:
    """All that may go wrong at a place."""
    operation, _ = PLACES[place]
    kinds = [*ANYWHERE]
    kinds += OF_SYNC if operation == "SyncFolderItems" else ()
    kinds += OF_CREATION if operation == "CreateItem" else ()
    times = (ONCE, LASTING) if operation == "CreateItem" else (ONCE,)
    return [Case(place, kind, number) for number in times for kind in kinds]


#: The names of the questions of one place, of which each case has its own.
NUMBERS = count()


def two_asked(office: Scenario) -> list[str]:
    """Two questions; ackd comes 20 minutes late, and so it looks for them before it acts."""
    names = [f"q{next(NUMBERS)}" for _ in range(2)]
    ask(office.sandbox, *names, f"thanks-for-{names[0]}", at=office.clock.now())
    office.later(20)
    return [message_id(name) for name in names]


def go_on(office: Scenario) -> list[AckdError]:
    """Passes of one new process, half an hour long; what must not be tried again ends it."""
    errors: list[AckdError] = []
    daemon = office.start()
    for _ in range(PASSES):
        try:
            daemon.run_pass()
        except AckdError as error:
            errors.append(error)
        else:
            if not daemon.unfinished():
                break
        office.later(11)
        if errors and errors[-1].retry is Retry.NEVER:
            break
    return errors


def play(office: Scenario, fault: Fault) -> str:
    """What became of two questions whose passes meet a fault, when it is over."""
    questions = two_asked(office)
    office.sandbox.requests.clear()
    office.sandbox.faults.extend([fault])
    go_on(office)
    assert any(one.fault == fault.kind for one in office.sandbox.requests), "the fault was not met"
    office.sandbox.faults.clear()
    for _ in range(2):  # half an hour more shows what a daemon believed and didn't hold
        assert go_on(office) == [], "the fault is over"
        office.later(11)
    return outcome_of(office, questions, snapshot(office.backend.data, questions))


def outcome_of(office: Scenario, questions: list[str], found: PromiseSnapshot) -> str:
    for question in questions:
        for counted in (found.letters, found.copies, found.tasks):
            assert counted[question] <= 1, f"twice: {found}"
    left = [p.effect for p in office.ledger.in_state(*UNFINISHED) if p.effect.message_id in questions]
    parked = [effect for effect in left if effect.state is EffectState.PARKED]
    assert all(effect.note for effect in parked), "parked without a word"
    waiting = {effect.message_id for effect in left} - {effect.message_id for effect in parked}
    assert not waiting, "neither done nor shown to a person"
    if parked:
        return PARKED
    assert all(found.letters[question] for question in questions), "lost"
    return DONE if all(found.tasks[question] for question in questions) else NO_TASK


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Scenario]:
    """One sandbox and one ledger for many cases, each with questions of its own."""
    with Scenario(tmp_path, OverHttp(tmp_path)).begin() as made:
        two_asked(made)  # the hidden folder is made: from here on all passes are alike
        go_on(made)
        yield made


def test_a_pass_has_all_the_operations(office: Scenario) -> None:
    two_asked(office)
    office.sandbox.requests.clear()
    assert go_on(office) == []
    assert set(office.sandbox.requests.operations()) == OPERATIONS


@pytest.mark.long
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(one, marks=[] if one in BY_DEFAULT or at % 3 == 0 else [pytest.mark.more])
        for at, one in enumerate(PLACES)
    ],
)
def test_nothing_is_done_twice_and_nothing_is_lost(office: Scenario, place: str) -> None:
    found = {(case.place, case.kind, case.times): play(office, case.fault) for case in cases(place)}
    unusual = {case: outcome for case, outcome in found.items() if outcome != DONE}
    assert unusual == {case: outcome for case, outcome in UNUSUAL.items() if case[0] == place}
