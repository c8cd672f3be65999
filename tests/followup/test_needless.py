"""A question that is gone, taken back or thrown away before its acknowledgement is due; and one that only
was filed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from exchangelib import Folder

from ackd.engine import reply_check
from ackd.model import Duration, PromiseState, Unit
from tests.people import ALICE, BOB, CAROL, raw
from tests.scenario import Scenario

OTHER = "<other@corp.example>"


@pytest.fixture
def asked(office: Scenario) -> Scenario:
    """An office with another question, to be acknowledged in an hour."""
    grace = Duration(60, Unit.MINUTES)
    rules = replace(office.settings.rules, grace=grace, grace_urgent=grace)
    office.daemon.use(replace(office.settings, rules=rules))
    office.ask("other")
    office.later(10)
    return office


def folder(office: Scenario, name: str, parent: str = "msg_folder_root") -> Folder:
    made = Folder(parent=getattr(office.owner.account, parent), name=name)
    made.save()
    return made


def recall(
    office: Scenario, subject: str, *, sender: str = BOB, references: str = "", headers: str = ""
) -> None:
    mail = raw("recall", "...", sender=sender, at=office.clock.now(), references=references, headers=headers)
    mail = mail.replace(b"Subject: About recall", f"Subject: {subject}".encode())
    office.sandbox.deliver(b"X-Sandbox-Item-Class: IPM.Outlook.Recall\r\n" + mail, ALICE.address)


def junk(office: Scenario) -> None:
    office.owner.mail(OTHER).move(office.owner.account.junk)


def once_more(office: Scenario, name: str = "again") -> None:
    """The mail comes with the same words."""
    again = raw(name, at=office.clock.now()).replace(f"About {name}".encode(), b"About other")
    office.sandbox.deliver(again, ALICE.address)


def all_deleted(office: Scenario) -> None:
    once_more(office)
    office.work(5)
    for name in (OTHER, "<again@corp.example>"):
        office.owner.mail(name).delete()


def answer_begun(office: Scenario) -> None:
    once_more(office)
    office.work(5)
    office.owner.mail(OTHER).create_reply("Re: About other", "Half of").save(office.owner.account.drafts)


NEEDLESS: dict[str, tuple[str, Callable[[Scenario], object]]] = {
    "deleted for good": (reply_check.GONE, lambda office: office.owner.mail(OTHER).delete()),
    "recoverable": (reply_check.GONE, lambda office: office.owner.mail(OTHER).soft_delete()),
    "thrown away": (reply_check.THROWN, lambda office: office.owner.mail(OTHER).move_to_trash()),
    "thrown away in a folder": (
        reply_check.THROWN,
        lambda office: office.owner.mail(OTHER).move(folder(office, "Old", "trash")),
    ),
    "junk": (reply_check.THROWN, junk),
    "recalled by subject": (reply_check.RECALLED, lambda office: recall(office, "Recall: About other")),
    "recalled in German": (reply_check.RECALLED, lambda office: recall(office, "Rückruf: AW: About other")),
    "recalled in Chinese": (reply_check.RECALLED, lambda office: recall(office, "撤回：About other")),
    "deleted with its copies": (reply_check.GONE, all_deleted),
    "answered, and its copy left": (reply_check.ANSWERED, answer_begun),
    "recalled by its name": (reply_check.RECALLED, lambda office: recall(office, "?", references=OTHER)),
}


@pytest.mark.graph(long=True)
@pytest.mark.parametrize("how", NEEDLESS)
def test_what_is_not_wanted_any_more_is_not_acknowledged(asked: Scenario, how: str) -> None:
    why, act = NEEDLESS[how]
    act(asked)
    for _ in range(3):
        asked.work(30)
    assert [mail.subject for mail in asked.letters()] == ["Re: About q"]
    assert asked.owner.tasks(OTHER) == []
    promise = asked.promise(OTHER)
    assert (promise.state, promise.why) == (PromiseState.WITHDRAWN, why)


def sent_anew(office: Scenario) -> None:
    """The usual reason of a recall: the mail comes once more, as it was meant."""
    recall(office, "Recall: About other")
    office.owner.mail(OTHER).delete()
    office.later(1)
    once_more(office)


def sent_anew_and_read(office: Scenario) -> None:
    """The copy was left long before the first one goes."""
    once_more(office)
    office.work(5)
    once_more(office, "third")
    office.work(5)


def first_recalled(office: Scenario) -> None:
    sent_anew_and_read(office)
    recall(office, "?", references=OTHER)


def first_thrown_away(office: Scenario) -> None:
    sent_anew_and_read(office)
    office.owner.mail(OTHER).move_to_trash()


def first_and_second_deleted(office: Scenario) -> None:
    sent_anew_and_read(office)
    office.owner.mail(OTHER).delete()
    office.owner.mail("<again@corp.example>").delete()


def first_in_junk(office: Scenario) -> None:
    junk(office)
    once_more(office)


WANTED: dict[str, Callable[[Scenario], object]] = {
    "filed": lambda office: office.owner.mail(OTHER).move(folder(office, "Projects")),
    "filed below the inbox": lambda office: office.owner.mail(OTHER).move(folder(office, "Bob", "inbox")),
    "a copy thrown away": lambda office: office.owner.mail(OTHER).copy(office.owner.account.trash),
    "another mail recalled": lambda office: recall(office, "Recall: About something else"),
    "recalled by somebody else": lambda office: recall(office, "Recall: About other", sender=CAROL),
    "recalled and sent anew": sent_anew,
    "sent anew and recalled": first_recalled,
    "the first of three thrown away": first_thrown_away,
    "two of three deleted": first_and_second_deleted,
    "the first in junk": first_in_junk,
}


@pytest.mark.parametrize("how", WANTED)
def test_what_is_still_wanted_is_acknowledged(asked: Scenario, how: str) -> None:
    WANTED[how](asked)
    for _ in range(4):
        asked.work(30)
    assert [mail.subject for mail in asked.letters()] == ["Re: About q", "Re: About other"]


def test_a_filed_question_shows_its_promise_where_it_lies(asked: Scenario) -> None:
    projects = folder(asked, "Projects")
    asked.owner.mail(OTHER).move(projects)
    for _ in range(3):
        asked.work(30)
    (found,) = projects.all()
    assert found.categories == ["Promised"]


@pytest.mark.parametrize("how", ["deleted for good", "thrown away", "recalled by subject"])
def test_a_sign_closes_no_promise_whose_letter_is_out(asked: Scenario, how: str) -> None:
    asked.work(60)
    assert len(asked.letters()) == 2
    NEEDLESS[how][1](asked)
    for _ in range(3):
        asked.work(30)
    assert asked.promise(OTHER).state is PromiseState.OPEN


def test_an_answer_that_waits_in_the_outbox_counts(asked: Scenario) -> None:
    account = asked.owner.account
    asked.owner.wire.create(
        "<t:Message><t:Subject>Re: About other</t:Subject>"
        "<t:InReplyTo>&lt;other@corp.example&gt;</t:InReplyTo></t:Message>",
        folder="outbox",
    )
    assert account.outbox.total_count is not None
    for _ in range(3):
        asked.work(30)
    assert len(asked.letters()) == 1
    assert asked.promise(OTHER).why == reply_check.WAITING


@pytest.mark.ews_only
def test_a_last_look_is_one_request_where_all_is_as_it_was(asked: Scenario) -> None:
    asked.later(60)
    asked.sandbox.requests.clear()
    asked.daemon.run_pass()
    assert asked.sandbox.requests.operations().count("FindItem") == 1
    assert asked.sandbox.requests.operations().count("FindFolder") == 1, "ackd's own, for the lease"
