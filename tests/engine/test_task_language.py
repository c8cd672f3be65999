"""Tasks are written in the owner's language, whatever the mail's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ackd.errors import Failed
from ackd.letters import TaskStyle
from ackd.model import OwnerCard
from tests.scenario import FOLLOWING, Scenario

GERMAN = "Hallo Alice,\n\nkannst du mir bitte bis Freitag die Zahlen für März schicken?\n\nDanke\nBob"


def titled(office: Scenario) -> str:
    """A German question comes; the title of its task."""
    office.deliver("q", GERMAN)
    office.work()
    ((task, _),) = office.mailbox.task_items.values()
    return str(task.subject)


@pytest.mark.parametrize(
    ("wanted", "of_mailbox", "begins"),
    [("", "en", "Answer "), ("", "fr", "Répondre "), ("", None, "Answer "), ("de", "fr", "Antwort ")],
)
def test_the_mailboxs_language_unless_the_configuration_names_one(
    wanted: str, of_mailbox: str | None, begins: str
) -> None:
    with Scenario(follow=FOLLOWING, task_style=TaskStyle(wanted)).begin() as office:
        office.mailbox.owner_card = OwnerCard("Alice", of_mailbox)
        assert titled(office).startswith(begins)


def test_a_server_that_does_not_tell_keeps_no_task_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with Scenario(follow=FOLLOWING).begin() as office:

        def away() -> str:
            raise Failed("the server doesn't say")

        monkeypatch.setattr(office.mailbox, "language", away)
        assert titled(office).startswith("Answer ")


def test_what_the_asker_adds_is_noted_in_the_same_language() -> None:
    with Scenario(follow=FOLLOWING).begin() as office:
        office.mailbox.owner_card = replace(office.mailbox.owner_card, language="fr")
        titled(office)
        office.later(30)
        office.deliver("more", "Und bitte auch die vom April.", references="<q@corp.example>")
        office.work()
        office.work()
        (notes,) = office.mailbox.notes.values()
        assert "a de nouveau écrit le" in notes[0]
