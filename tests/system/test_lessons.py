"""`ackd lessons`, as an owner uses it beside the service's passes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.people import MONDAY, raw
from tests.system.commands import Site, in_process

Run = Callable[..., str]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path, MONDAY) as made:
        yield made


@pytest.fixture
def run(site: Site) -> Run:
    """A command's words; with `status` those that it ends with."""
    config = site.config(mode="send")

    def command(*words: str, status: int = 0) -> str:
        place = ("--config", str(config), "--clock", str(site.clock))
        done = in_process(*words, *place)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr if status else done.stdout

    return command


def test_lessons_are_said_seen_and_taken_back(site: Site, run: Run) -> None:
    config = site.config(mode="send")
    assert run("lessons") == "no lessons yet\n"
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q"), raw("left", "The figures are on the share now.", sender="carol@corp.example"))
    assert site.once(config)["left"] == 1
    said = run("lessons", "say", "q@corp.example", "--no-question")
    assert said == "the next pass takes it in: that of the service, or now by `ackd once`\n"
    run("lessons", "say", "<left@corp.example>", "--question")
    assert "the next pass takes in what you said of 2 more" in run("lessons")
    assert site.once(config)["open_promises"] == 0, "no question, so nothing is promised"

    shown = run("lessons")
    assert "you said that it is no question (asks nothing): <q@corp.example>" in shown
    assert "you said that it was a question (asks): <left@corp.example>" in shown
    assert "2 lessons; to take some back: ackd lessons undo NUMBER" in shown
    assert "bob" not in shown.lower()
    told = json.loads(run("lessons", "--json"))
    assert (told["count"], told["off_since"], told["helps"], told["waiting"]) == (True, None, None, 0)
    first, second = told["lessons"]
    assert first["act"] == "no_question"
    assert first["now"] < first["chance"]
    assert second["asks"] is True

    run("lessons", "off")
    assert "2 lessons; they are off since 2026-11-2" in run("lessons")
    assert json.loads(run("lessons", "--json"))["count"] is False
    assert run("lessons", "on") == "lessons are on\n"
    assert run("lessons", "undo", str(first["number"])) == "1 lesson is taken back\n"
    assert [one["message_id"] for one in json.loads(run("lessons", "--json"))["lessons"]] == [
        "<left@corp.example>"
    ]
    assert run("lessons", "undo", "--all") == "1 lesson is taken back\n"
    assert run("lessons") == "no lessons yet\n"


def test_wrong_words_get_a_sentence(run: Run) -> None:
    assert "there is no lesson 7: `ackd lessons` lists them" in run("lessons", "undo", "7", status=64)
    assert "say either which, by number, or --all" in run("lessons", "undo", status=2)
    assert "say either which, by number, or --all" in run("lessons", "undo", "7", "--all", status=2)
    assert "say which it is" in run("lessons", "say", "<q@corp.example>", status=2)
    for name in ("<>", "two words", "a\tb"):
        assert "is no Message-ID" in run("lessons", "say", name, "--question", status=2)
    unknown = "no mail <q@corp.example> was judged: `ackd log --json` shows those that were"
    assert unknown in run("lessons", "say", "q@corp.example", "--question", status=64)


@pytest.mark.long
def test_explain_judges_as_the_service_does(site: Site, run: Run) -> None:
    config = site.config(mode="send")
    site.once(config)
    site.later(seconds=30)
    status = "Here is my status. Let me know what you think."
    names = [f"s{number}" for number in range(4)]
    site.deliver(*(raw(name, status, subject=f"Status {name}") for name in names))
    site.once(config)
    for name in names:
        run("lessons", "say", f"{name}@corp.example", "--no-question")
    site.once(config)
    explained = run("explain", "--message-id", "s0@corp.example")
    assert "lessons: you said 4 times that Bob's status mails ask nothing" in explained
