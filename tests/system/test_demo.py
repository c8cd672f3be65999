"""`ackd demo --graph` plays the demo's story by the other way; `.ci/run` plays both from the wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from ackd.demo.stage import Stage
from tests.system.commands import in_process


@pytest.mark.long
def test_the_story_is_played_by_graph_and_ends_well(tmp_path: Path) -> None:
    told: list[str] = []
    with Stage(tmp_path, graph=True) as stage:
        morning, afternoon = stage.play(told.append), stage.go_on(told.append)
        assert (morning.wrong, afternoon.wrong) == ((), ())
        assert stage.sandbox.requests.count("batch") > 4
        assert stage.sandbox.requests.count("SyncFolderItems") == 0, "only people come by EWS"
    assert [line[:5] for line in told if line[0] != " "][-1] == "13:50"


def test_help_says_both_ways() -> None:
    assert "--graph" in in_process("demo", "--help", check=True).stdout
