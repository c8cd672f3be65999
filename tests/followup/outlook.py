"""Outlook as people use it: a second EWS client beside ackd's, written on exchangelib alone. What
exchangelib can't say (a due date at an hour of another client's making) is said by hand."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

import exchangelib
from exchangelib import EWSDate, ExtendedProperty, HTMLBody, Mailbox, Message, Task
from exchangelib.folders import Tasks
from exchangelib.protocol import FailFast
from exchangelib.version import EXCHANGE_2016, Version

import tests.exchangelib_items  # noqa: F401  ackd's properties are registered
from ackd.model import EffectKind, token_of
from exchange_sandbox.graph.kept_lists import LINKED
from tests.exchange_sandbox.wire import Wire, mailbox, set_field

PASSWORD = "secret"


#: What these clients look at: everything else would only cost time.
MAIL = ("subject", "author", "to_recipients", "categories", "is_read", "in_reply_to", "message_id",
        "datetime_received", "body", "text_body", "ackd_token")  # fmt: skip
TASK = ("subject", "body", "due_date", "status", "is_complete", "categories", "importance")


class Outlook:
    """One person signed in to one mailbox."""

    def __init__(self, url: str, address: str, zone: str = "Europe/Berlin") -> None:
        # under a name of its own: exchangelib shares connections by endpoint and name
        user = f"CORP\\{address.partition('@')[0]}"
        configuration = exchangelib.Configuration(
            service_endpoint=url,
            credentials=exchangelib.Credentials(user, PASSWORD),
            auth_type=exchangelib.BASIC,
            version=Version(build=EXCHANGE_2016, api_version="Exchange2016"),
            retry_policy=FailFast(),
        )
        self.account = exchangelib.Account(
            address,
            config=configuration,
            autodiscover=False,
            access_type=exchangelib.DELEGATE,
            default_timezone=exchangelib.EWSTimeZone(zone),
        )
        self.wire = Wire(url, address)

    def close(self) -> None:
        self.account.protocol.close()
        self.wire.connection.close()

    # --- mails ------------------------------------------------------------------------------

    def mail(self, message_id: str) -> Any:
        """A mail in the inbox."""
        return self.account.inbox.all().only(*MAIL[:7]).get(message_id=message_id)

    def answer(self, message_id: str, text: str = "Here they are.") -> None:
        """Reply by the button: the client names the mail, the server threads it."""
        found = self.mail(message_id)
        found.reply(f"RE: {found.subject}", HTMLBody(f"<p>{text}</p>"), [found.author])

    def forward(self, message_id: str, to: str) -> None:
        """Forward by the button."""
        found = self.mail(message_id)
        found.forward(f"FW: {found.subject}", "Can you take this?", [Mailbox(email_address=to)])

    def write(self, to: str, subject: str, text: str, **more: Any) -> None:
        """A mail by hand, with headers or properties of the client's own."""
        recipients = [Mailbox(email_address=to)]
        message = Message(
            account=self.account,
            folder=self.account.sent,
            subject=subject,
            body=text,
            to_recipients=recipients,
            **more,
        )
        message.send_and_save()

    def write_as(self, item_class: str, to: str, *, in_reply_to: str) -> None:
        """A mail of another class, as rules and calendars send them."""
        item = (
            f"<t:Message><t:ItemClass>{item_class}</t:ItemClass><t:Subject>Automatic</t:Subject>"
            f"<t:InReplyTo>{escape(in_reply_to)}</t:InReplyTo>"
            f"<t:ToRecipients>{mailbox(to)}</t:ToRecipients></t:Message>"
        )
        assert self.wire.create(item, "SendAndSaveCopy").codes == ["NoError"]

    def received(self) -> list[Any]:
        """What lies in the inbox, the oldest first."""
        return list(self.account.inbox.all().only(*MAIL).order_by("datetime_received"))

    def drafts(self) -> list[Any]:
        """What lies in Drafts."""
        return list(self.account.drafts.all().only(*MAIL))

    def sends(self, draft: Any) -> None:
        """Send a draft that lies there; an answer without a code (a quirk) says nothing against it."""
        try:
            draft.send()
        except exchangelib.errors.TransportError as error:
            if "Empty ResponseCode" not in str(error):
                raise

    # --- categories -------------------------------------------------------------------------

    def categorize(self, thing: Any, *categories: str) -> None:
        """Give a mail or a task exactly these categories."""
        thing.categories = list(categories) or None
        thing.save(update_fields=["categories"])

    def mark(self, message_id: str, *categories: str) -> None:
        self.categorize(self.mail(message_id), *categories)

    def categories(self, message_id: str) -> list[str]:
        return sorted(self.mail(message_id).categories or [])

    # --- tasks ------------------------------------------------------------------------------

    def task(self, message_id: str, folder: Any = None) -> Any:
        """The task for a question."""
        (found,) = self.tasks(message_id, folder)
        return found

    def tasks(self, message_id: str, folder: Any = None) -> list[Any]:
        token = token_of(message_id, EffectKind.TASK)
        return list((folder or self.account.tasks).filter(ackd_token=token).only(*TASK))

    def due(self, message_id: str) -> str:
        """The day of a task as the server gives it, which exchangelib reads only in whole seconds."""
        return self.wire.get(self.task(message_id).id, "task:DueDate").text("t:DueDate")[:10]

    def move(self, message_id: str, day: date, folder: Any = None) -> None:
        """Give a task another day, as exchangelib does: at midnight UTC."""
        task = self.task(message_id, folder)
        task.due_date = EWSDate(day.year, day.month, day.day)
        task.save(update_fields=["due_date"])

    def move_to(self, message_id: str, moment: str) -> None:
        """Give a task a due date as another client writes it: an xs:dateTime."""
        task = self.task(message_id)
        change = set_field("task:DueDate", f"<t:DueDate>{moment}</t:DueDate>", "Task")
        assert self.wire.update((task.id, task.changekey), change).codes == ["NoError"]

    def tick(self, message_id: str, folder: Any = None, *, done: bool = True) -> None:
        task = self.task(message_id, folder)
        task.status = Task.COMPLETED if done else Task.NOT_STARTED
        task.save(update_fields=["status"])

    def trash(self, message_id: str) -> None:
        self.task(message_id).move_to_trash()

    def erase(self, message_id: str, folder: Any = None) -> None:
        self.task(message_id, folder).delete()

    def restore(self, message_id: str) -> None:
        """Take a task out of Deleted Items."""
        self.task(message_id, self.account.trash).move(self.account.tasks)

    def new_list(self, name: str) -> Any:
        """A task list of the owner's own."""
        made = Tasks(parent=self.account.tasks, name=name)
        made.save()
        return made

    def file(self, message_id: str, folder: Any) -> None:
        """Move a task to another list."""
        self.task(message_id).move(folder)


class Linked(ExtendedProperty):  # type: ignore[misc]
    """Where the sandbox keeps what a task is linked with."""

    property_set_id, _, property_name, property_type = LINKED.split("/")


class OutlookBesideGraph(Outlook):
    """The same where ackd makes tasks by Graph: they have no property of ours, but a link with the token."""

    def __init__(self, url: str, address: str, zone: str = "Europe/Berlin") -> None:
        super().__init__(url, address, zone)
        if "linked" not in {field.name for field in Task.FIELDS}:
            Task.register("linked", Linked)

    def tasks(self, message_id: str, folder: Any = None) -> list[Any]:
        token = token_of(message_id, EffectKind.TASK)
        return list((folder or self.account.tasks).filter(linked__contains=token).only(*TASK))

    def due(self, message_id: str) -> str:
        """The day at the owner's place: by Graph a day begins at the midnight of the zone that wrote it."""
        return self.day_of(self.task(message_id)).isoformat()

    def day_of(self, task: Any) -> date:
        """The day of a task at the owner's place."""
        at = datetime.fromisoformat(self.wire.get(task.id, "task:DueDate").text("t:DueDate"))
        return at.astimezone(self.account.default_timezone).date()


class OutlookBesideBoth(OutlookBesideGraph):
    """The same where tasks are made by either: what a person can tell them by is their last line."""

    def tasks(self, message_id: str, folder: Any = None) -> list[Any]:
        found = (folder or self.account.tasks).all().only(*TASK)
        return [task for task in found if f"Message-ID: {message_id}" in str(task.body)]


def bodies(mails: Sequence[Any]) -> Iterator[str]:
    """The texts of mails, as they came."""
    for mail in mails:
        yield html.unescape(str(mail.text_body or mail.body or ""))
