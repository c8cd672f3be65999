"""Large loads at a hundredth of their size: each question gets one letter and one task, counted there."""

from __future__ import annotations

import pytest

from bench.loads.loads import LOADS, Play


@pytest.mark.more
@pytest.mark.timeout(600)
@pytest.mark.parametrize("backend", ["ews", "graph"])
@pytest.mark.parametrize("name", sorted(set(LOADS) - {"readonly"}))
def test_a_load_leaves_one_letter_and_one_task_for_each_question(name: str, backend: str) -> None:
    play = Play(backend, 0.01)
    LOADS[name](play)
    assert play.seen
    assert max(step.peak for step in play.seen) < 250
