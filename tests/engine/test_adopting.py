"""What a lost ledger takes over from the tasks that stand in the mailbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ackd.engine import promises
from ackd.ledger.memory import MemoryLedger
from ackd.model import EffectKind, Mode, PromiseState, SeenTask, token_of
from tests.people import MONDAY

NAME = "<q0@corp.example>"
TICKED, OPEN = (
    SeenTask(
        item=f"task-{occasion}",
        token=token_of(NAME, EffectKind.TASK, occasion),
        message_id=NAME,
        asker="bob@corp.example",
        promised=MONDAY + timedelta(days=2),
        due_date=(MONDAY + timedelta(days=2)).date(),
        is_complete=not occasion,
    )
    for occasion in ("", "1")
)


@pytest.mark.parametrize("tasks", [(TICKED, OPEN), (OPEN, TICKED)])
def test_of_a_question_that_was_taken_up_again_the_last_task_tells_how_it_stands(
    tasks: tuple[SeenTask, ...],
) -> None:
    ledger = MemoryLedger()
    promises.adopt(ledger, tasks, MONDAY, Mode.SEND, (), ())
    known = ledger.snapshots([NAME])[NAME]
    assert known.promise.state is PromiseState.OPEN
    assert known.task is not None
    assert known.task.token == OPEN.token
    assert [one.token for one in known.effects if one.kind is EffectKind.TASK] == [TICKED.token, OPEN.token]
