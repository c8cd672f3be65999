"""A script that answers mail through exchangelib, as its users write it: fetch, reply, save a task, next.

It has no memory but the read flag, doesn't look whether the owner answered, and repeats itself after a
crash. It is the peer for requests and time, not for what ackd promises.
"""

from __future__ import annotations

from datetime import timedelta

from exchangelib import BASIC, DELEGATE, Account, Build, Configuration, Credentials, Task, Version

from bench.parts.mails import REPLY


class PlainScript:
    """One mailbox, one account."""

    def __init__(self, url: str, address: str, password: str) -> None:
        # sign-in and version are given: the script's requests are its work, not a search for these
        configuration = Configuration(
            service_endpoint=url,
            credentials=Credentials(address, password),
            auth_type=BASIC,
            version=Version(Build(15, 1)),
        )
        self.account = Account(address, config=configuration, autodiscover=False, access_type=DELEGATE)

    def poll(self) -> None:
        """Answer what is unread."""
        for item in list(self.account.inbox.filter(is_read=False).order_by("datetime_received")):
            if "?" in (item.text_body or ""):
                day = item.datetime_received.date() + timedelta(days=2)
                item.reply(subject=f"Re: {item.subject}", body=REPLY.format(day=day))
                Task(
                    account=self.account,
                    folder=self.account.tasks,
                    subject=f"Answer {item.sender.name}: {item.subject}",
                    due_date=day,
                ).save()
            item.is_read = True
            item.save(update_fields=["is_read"])
