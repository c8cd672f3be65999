"""A client that was not written for it works with the sandbox unchanged: exchangelib, as its users use it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import exchangelib
import pytest

from exchange_sandbox import Sandbox

from .conftest import ALICE, BOB


class Token(exchangelib.ExtendedProperty):  # type: ignore[misc]
    """A property of our own."""

    property_set_id = "7c1d4a54-0000-4000-8000-61636b640001"
    property_name = "ackd-token"
    property_type = "String"


class Marker(exchangelib.ExtendedProperty):  # type: ignore[misc]
    """An internet header."""

    distinguished_property_set_id = "InternetHeaders"
    property_name = "x-sandbox-test"
    property_type = "String"


@pytest.fixture(scope="module", autouse=True)
def registered() -> Iterator[None]:
    for cls in (exchangelib.Message, exchangelib.Task):
        cls.register("sandbox_token", Token)
    exchangelib.Message.register("sandbox_marker", Marker)
    yield
    exchangelib.Message.deregister("sandbox_marker")
    for cls in (exchangelib.Message, exchangelib.Task):
        cls.deregister("sandbox_token")


def account(sandbox: Sandbox, address: str) -> exchangelib.Account:
    version = exchangelib.Version(build=exchangelib.Build(15, 2), api_version="Exchange2016")
    configuration = exchangelib.Configuration(
        service_endpoint=sandbox.url,
        credentials=exchangelib.Credentials(address, "secret"),
        auth_type=exchangelib.BASIC,
        version=version,
    )
    return exchangelib.Account(
        address,
        config=configuration,
        autodiscover=False,
        access_type=exchangelib.DELEGATE,
        default_timezone=exchangelib.EWSTimeZone("Europe/Berlin"),
    )


@pytest.fixture
def owner(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, ALICE)


@pytest.fixture
def colleague(sandbox: Sandbox) -> exchangelib.Account:
    return account(sandbox, BOB)


def test_messages_with_all_that_belongs_to_them(
    owner: exchangelib.Account, colleague: exchangelib.Account
) -> None:
    exchangelib.Message(
        account=colleague,
        subject="Grüße",
        body=exchangelib.HTMLBody("<p>Could you <b>please</b> help?</p>"),
        to_recipients=[exchangelib.Mailbox(name="Alice A", email_address=ALICE)],
        cc_recipients=[BOB],
        importance="High",
        sensitivity="Private",
        sandbox_token="t-1",
        sandbox_marker="here",
        references="<0@corp.example>",
    ).send_and_save()
    item = owner.inbox.get()
    assert item.subject == "Grüße"
    assert item.importance == "High"
    assert item.sensitivity == "Private"
    assert item.author.email_address == BOB
    assert [one.name for one in item.to_recipients] == ["Alice A"]
    assert "please" in item.body
    assert item.text_body.strip() == "Could you please help?"
    assert item.sandbox_token is None
    assert item.sandbox_marker == "here"
    assert not item.is_read
    assert {one.name: one.value for one in item.headers}["X-MS-Exchange-Organization-AuthAs"] == "Internal"
    (copy,) = colleague.sent.filter(sandbox_token="t-1")
    assert copy.message_id == item.message_id


def test_a_task_from_promise_to_completion(owner: exchangelib.Account) -> None:
    zone = owner.default_timezone
    task = exchangelib.Task(
        account=owner,
        folder=owner.tasks,
        subject="Reply to Bob by Tue 24 Nov, 17:00",
        due_date=exchangelib.EWSDate(2026, 11, 24),
        reminder_is_set=True,
        reminder_due_by=exchangelib.EWSDateTime(2026, 11, 24, 15, 0, tzinfo=zone),
        categories=["Promised"],
        sandbox_token="t-2",
    )
    task.save()
    (found,) = owner.tasks.filter(sandbox_token="t-2")
    assert found.due_date == exchangelib.EWSDate(2026, 11, 24)
    assert found.reminder_due_by == exchangelib.EWSDateTime(2026, 11, 24, 15, 0, tzinfo=zone)
    found.due_date = exchangelib.EWSDate(2026, 11, 27)
    found.save(update_fields=["due_date"])
    found.status, found.percent_complete = "Completed", Decimal(100)
    found.save(update_fields=["status", "percent_complete"])
    found.refresh()
    assert (found.due_date, found.is_complete) == (exchangelib.EWSDate(2026, 11, 27), True)
    found.delete()
    assert not owner.tasks.all().exists()


def test_folders_and_the_tree(owner: exchangelib.Account) -> None:
    made = exchangelib.folders.Messages(parent=owner.inbox, name="ackd")
    made.save()
    assert "ackd" in owner.root.tree()
    owner.root.clear_cache()
    assert (owner.inbox / "ackd").folder_class == "IPF.Note"
    with pytest.raises(exchangelib.errors.ErrorFolderExists):
        exchangelib.folders.Folder(parent=owner.inbox, name="ACKD").save()
    made.name = "renamed"
    made.save()
    made.delete()
    owner.root.clear_cache()
    assert not list(owner.inbox.children)


def test_sync_as_the_library_does_it(owner: exchangelib.Account, colleague: exchangelib.Account) -> None:
    assert list(owner.inbox.sync_items()) == []
    for number in range(5):
        exchangelib.Message(account=colleague, subject=str(number), to_recipients=[ALICE]).send()
    state = owner.inbox.item_sync_state
    changes = list(owner.inbox.sync_items(sync_state=state, max_changes_returned=2))
    assert [what for what, _ in changes] == ["create"] * 5
    item = owner.inbox.get(subject="3")
    item.categories = ["done"]
    item.save(update_fields=["categories"])
    item.move_to_trash()
    ((what, gone),) = owner.inbox.sync_items()
    assert what == "delete"
    assert gone.id in [one.id for _, one in changes]
    with pytest.raises(exchangelib.errors.ErrorInvalidSyncStateData):
        list(owner.inbox.sync_items(sync_state="bm9uc2Vuc2U="))


def test_replies_drafts_and_searches(owner: exchangelib.Account, colleague: exchangelib.Account) -> None:
    exchangelib.Message(
        account=colleague, subject="Refund", body="Where is it?", to_recipients=[ALICE]
    ).send()
    question = owner.inbox.get()
    question.reply("Re: Refund", "On its way.")
    answer = colleague.inbox.get()
    assert answer.in_reply_to == question.message_id
    draft = exchangelib.Message(account=owner, folder=owner.drafts, subject="later", to_recipients=[BOB])
    draft.save()
    draft.send()
    assert colleague.inbox.filter(subject__icontains="LATER").count() == 1
    assert colleague.inbox.all().order_by("-datetime_received").only("subject").count() == 2
    forward = question.create_forward("Fwd", "see", [BOB])
    saved = forward.save(owner.drafts)
    assert saved.id
    assert owner.drafts.all().count() == 1


def test_contacts_and_appointments(owner: exchangelib.Account) -> None:
    contact = exchangelib.Contact(
        account=owner,
        folder=owner.contacts,
        given_name="Ann",
        surname="Lee",
        display_name="Ann Lee",
        email_addresses=[
            exchangelib.indexed_properties.EmailAddress(email="ann@corp.example", label="EmailAddress1")
        ],
        phone_numbers=[exchangelib.indexed_properties.PhoneNumber(label="MobilePhone", phone_number="+49 1")],
    )
    contact.save()
    contact.refresh()
    assert contact.email_addresses[0].email == "ann@corp.example"
    contact.surname = "Low"
    contact.save(update_fields=["surname"])
    zone = owner.default_timezone
    start = exchangelib.EWSDateTime(2026, 11, 24, 9, 0, tzinfo=zone)
    end = exchangelib.EWSDateTime(2026, 11, 24, 10, 0, tzinfo=zone)
    exchangelib.CalendarItem(
        account=owner, folder=owner.calendar, subject="meet", start=start, end=end
    ).save()
    (found,) = owner.calendar.view(start=start, end=end)
    assert (found.subject, found.start) == ("meet", start)


def test_names_are_resolved(owner: exchangelib.Account) -> None:
    (found,) = owner.protocol.resolve_names(["bob"])
    assert found.email_address == BOB
