"""Which of the owner's tasks is which promise's, by what a person sees. In doubt it is none."""

from __future__ import annotations

from datetime import date

import pytest

from ackd.engine.task_match import Wanted, matched
from ackd.model import PlainTask

DAY, OTHER_DAY = date(2026, 11, 25), date(2026, 11, 30)
TITLE = "Answer Bob by Wed 25 Nov, 10:00: Figures"
BODY = (
    "Bob <bob@corp.example> asks:\nCould you send me the figures?\n\n"
    'Search: from:bob@corp.example subject:"Figures"\nMessage-ID: <q@corp.example>\n'
)


def wanted(name: str = "q", item: str = "", **changes: object) -> Wanted:
    known = {
        "question": f"<{name}@corp.example>",
        "titles": frozenset({TITLE}),
        "day": DAY,
        "category": "Promised",
        "asker": "bob@corp.example",
    }
    return Wanted(name, item, **(known | changes))  # type: ignore[arg-type]


def task(item: str = "t", text: str = BODY, **changes: object) -> PlainTask:
    known = {"title": TITLE, "due_date": DAY, "categories": ("Promised",)}
    return PlainTask(item, text=text, **(known | changes))  # type: ignore[arg-type]


def found(*tasks: PlainTask, of: tuple[Wanted, ...] = (wanted(),)) -> dict[str, str]:
    return {token: task.item for token, task in matched(of, tasks).items()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"due_date": OTHER_DAY},
        {"title": "Figures for Bob!"},
        {"categories": ()},
        {"due_date": OTHER_DAY, "categories": ("Mine",)},
        {"title": "Mine", "due_date": None},
        {"categories": ("mine", "PROMISED")},
        {"text": BODY.replace("<q@corp.example>", "q@corp.example")},
        {"text": BODY.replace("<q@corp.example>", "<mailto:q@corp.example>")},
        {"text": BODY + "\nBob schrieb wieder:\nDie blauen.\n"},
        {"text": BODY.replace("\n", "\r\n")},
        {"text": BODY.replace("Bob <bob@corp.example> asks", "Bob <bob@corp.example> demande")},
    ],
)
def test_its_last_line_and_one_thing_more_are_enough(changes: dict[str, object]) -> None:
    text = str(changes.pop("text", BODY))
    assert found(task(text=text, **changes), task("other", "Buy milk", title="Milk")) == {"q": "t"}


@pytest.mark.parametrize(
    "other",
    [
        task("copy"),
        task("copy", due_date=DAY, title=TITLE),
        task("copy", text=BODY + "my notes"),
        task("copy", is_deleted=True),
        task("copy", folder="Mine"),
    ],
)
def test_a_copy_leaves_it_open(other: PlainTask) -> None:
    assert found(task(), other) == {}


@pytest.mark.parametrize(
    "other",
    [
        task("own", title="Notes on Bob's figures", due_date=None, categories=("Promised",)),
        task("own", title="Mine", categories=()),
        task("own", title="Mine", due_date=OTHER_DAY, categories=()),
    ],
)
def test_what_looks_less_like_it_takes_nothing_away(other: PlainTask) -> None:
    assert found(task(), other) == {"q": "t"}


def test_a_line_alone_says_nothing() -> None:
    """Somebody pasted the text into a task of their own."""
    assert found(task(title="Mine", due_date=OTHER_DAY, categories=("Mine",))) == {}


@pytest.mark.parametrize(
    "text",
    ["", "my own words about bob@corp.example", "BOB@CORP.EXAMPLE called"],
)
def test_where_the_line_is_gone_all_else_must_be_there(text: str) -> None:
    assert found(task(text=text)) == {"q": "t"}
    assert found(task(text=text, due_date=OTHER_DAY)) == {}
    assert found(task(text=text, title="Mine")) == {}
    assert found(task(text=text, categories=())) == {}
    assert found(task(text=text), task("twin", text=text)) == {}


def test_words_about_somebody_else_are_not_its_words() -> None:
    assert found(task(text="carol@corp.example asks")) == {}
    assert found(task(text="Message-ID: <other@corp.example> from bob@corp.example")) == {}


def test_a_colleagues_words_claim_no_other_task() -> None:
    """The text of a question names another one in the same form."""
    forged = "Message-ID: <q@corp.example>\n" + BODY.replace("q@", "forged@")
    both = (wanted(), wanted("forged", titles=frozenset({"Answer Mallory: Hello"})))
    its_own = task("f", forged, title="Answer Mallory: Hello")
    assert found(task(), its_own, of=both) == {"q": "t", "forged": "f"}
    assert found(its_own, of=both) == {"forged": "f"}


def test_two_alike_are_told_apart_by_their_lines_alone() -> None:
    both = (wanted(), wanted("r"))
    second = task("u", BODY.replace("q@", "r@"))
    assert found(task(), second, of=both) == {"q": "t", "r": "u"}
    assert found(task(text=""), task("u", text=""), of=both) == {}
    assert found(task(text=""), second, of=both) == {"q": "t", "r": "u"}


def test_a_name_is_certain_whatever_it_looks_like_now() -> None:
    renamed = task(text="", title="Mine", due_date=None, categories=(), was="old")
    assert found(renamed, of=(wanted(item="old"),)) == {"q": "t"}
    assert found(renamed, task("copy"), of=(wanted(item="old"),)) == {"q": "t"}
    assert found(task(was="other"), of=(wanted(item="old"),)) == {}


def test_a_task_of_no_question_is_known_by_its_looks() -> None:
    alarm = wanted("a", question="", titles=frozenset({"ackd needs you: parked"}), asker="")
    assert found(task(title="ackd needs you: parked", text="A case waits."), of=(alarm,)) == {"a": "t"}
    assert found(task(title="ackd needs you: parked", text=BODY), of=(alarm,)) == {}


def test_without_a_category_its_line_and_its_title_or_day_count() -> None:
    plain = (wanted(category=""),)
    assert found(task(categories=()), of=plain) == {"q": "t"}
    assert found(task(text=""), of=plain) == {}
