"""`ackd demo --graph` plays the demo's story by the other way; `.ci/run` plays both from the wheel."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from ackd.cli.demo import NEXT, WIDTH, show, teller
from ackd.demo import story
from ackd.demo.stage import Outcome, Stage
from ackd.model import Address, Judged, Promise, Question, Verdict
from tests.people import mail, settings
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


def test_what_is_shown_holds_eighty_columns_and_says_how_to_go_on() -> None:
    """Whatever is shown of an outcome is told in full."""
    told = io.StringIO()
    console = Console(file=told, width=WIDTH)
    bob, at = Address("bob@corp.example"), story.MONDAY
    question = Question("<q@corp.example>", bob, "Refund for order 4711", at, "en")
    promise = Promise(question, due=at + timedelta(days=2), reminder=at)
    rules = settings().rules
    rows = tuple(
        (Judged(f"<{one.what}>", one.sender, at, at, "send", Verdict(True, ())), one.subject)
        for one in story.MORNING
    )
    letters = {"bob@corp.example": (mail("letter", "Hello Bob. " * 40),)}
    show(console, Outcome(rows, (story.date_explained(promise, rules),), letters, (), ()))
    for words in ("word " * 40, "ackd [reads] and judges them."):
        teller(console)(words)
    console.print(NEXT)
    said, words = told.getvalue(), " ".join(told.getvalue().split())
    assert max(map(len, said.splitlines())) <= WIDTH
    for scene in story.MORNING:
        assert story.asked(scene.subject) in words
    assert f"Bob Brown: not urgent, so {rules.within} from Mon 09:00: Wed 25 Nov 09:00" in words
    assert "ackd [reads] and" in said
    assert said.rstrip().endswith("writes nothing into it")


def test_help_says_both_ways() -> None:
    assert "--graph" in in_process("demo", "--help", check=True).stdout
