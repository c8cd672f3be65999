"""The contract on EWS, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from exchangelib import EWSDate, Folder, FolderCollection
from exchangelib.errors import TransportError

from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.ews.client import MailProgram
from ackd.ports import Mailbox
from exchange_sandbox import Period, Quirks, Sandbox, WorkHours
from tests.clock import StepClock
from tests.exchange_sandbox.wire import Wire, message
from tests.followup.outlook import Outlook
from tests.mailbox.contract.mailbox_contract import BOB, CAROL, NOW, OWNER, MailboxContract
from tests.mailbox.contract.owner_contract import OwnerContract
from tests.mailbox.contract.past_contract import PastContract
from tests.mailbox.contract.tasks_contract import TasksContract
from tests.mailbox.contract.told_contract import ToldContract

ZONE = ZoneInfo("Europe/Berlin")
PASSWORD = "secret"


class EwsWorld:
    """A sandbox, ackd's view of it, and the owner's own Outlook (raw exchangelib)."""

    mailbox: Mailbox

    def __init__(self, folder: Path, quirks: Quirks, language: str = "en", **options: Any) -> None:
        self.clock = StepClock(NOW)
        people = dict.fromkeys((OWNER, BOB, CAROL), PASSWORD)
        self._quirks = quirks
        self._options: dict[str, Any] = {"quirks": quirks, "language": language, **options}
        self.sandbox = Sandbox(folder, people, clock=self.clock.now, **self._options).start()
        trusted = str(self.sandbox.authority) if self.sandbox.authority else None
        self.access = Access(OWNER, self.sandbox.url, OWNER, PASSWORD, ca_bundle=trusted)
        self._list: Any = None
        self.begin()

    def begin(self) -> None:
        """The sandbox is there."""
        self.mailbox = self.opened("Inbox")
        self.outlook = Outlook(self.sandbox.url, OWNER)

    def opened(self, *folders: str) -> Mailbox:
        """ackd's view."""
        return EwsMailbox(self.access, zone=ZONE, clock=self.clock, watched=folders)

    def tick(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))

    def arrive(self, raw: bytes) -> None:
        self.sandbox.deliver(raw, OWNER)

    def is_called(self, address: str, name: str, given: str) -> None:
        self.sandbox.name_person(address, name, given)

    def watch(self, *folders: str) -> None:
        self.mailbox.close()
        self.mailbox = self.opened(*folders)

    def arrive_in(self, folder: str, raw: bytes) -> None:
        self.arrive(raw)
        if folder == "Inbox":
            return
        newest = self.outlook.account.inbox.all().order_by("-datetime_created").only("message_id")[0]
        newest.move(self._folder(folder))

    def owner_makes_folder(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        Folder(parent=self._folder(parent), name=name).save()

    def owner_renames_folder(self, path: str, new: str) -> None:
        folder = self._folder(path)
        folder.name = new.rpartition("/")[2]
        folder.save(update_fields=["name"])

    def owner_deletes_folder(self, path: str) -> None:
        self._folder(path).delete()

    def never_ends(self) -> None:
        self._restart(replace(self._quirks, endless_sync=frozenset({"inbox", "tasks", "sentitems"})))

    def _restart(self, quirks: Quirks) -> None:
        """To be told before anything else: the server starts anew."""
        self.sandbox.stop()
        port = urlsplit(self.sandbox.url).port or 0
        options = {**self._options, "quirks": quirks}
        self.sandbox = Sandbox(self.sandbox.data, clock=self.clock.now, port=port, **options).start()

    def _folder(self, path: str) -> Any:
        """A folder as the server has it now, by its path from the inbox or the root."""
        account = self.outlook.account
        at = account.msg_folder_root
        for name in path.split("/") if path else ():
            if name == "Inbox":
                at = account.inbox
            else:
                found = FolderCollection(account=account, folders=[at]).find_folders(depth="Shallow")
                at = next(folder for folder in found if folder.name == name)
        return at

    def owner_answers(self, message_id: str, to: str) -> None:
        MailProgram(self.access, ZONE).send(to, "Re: Figures", "Here they are.", in_reply_to=message_id)

    def owner_begins_an_answer(self, message_id: str) -> None:
        extra = f"<t:InReplyTo>{escape(message_id)}</t:InReplyTo>"
        got = Wire(self.sandbox.url, OWNER).create(message("Re: Figures", BOB, extra=extra), folder="drafts")
        assert got.codes == ["NoError"]

    def owner_answers_later(self, message_id: str) -> None:
        extra = f"<t:InReplyTo>{escape(message_id)}</t:InReplyTo>"
        got = Wire(self.sandbox.url, OWNER).create(message("Re: Figures", BOB, extra=extra), folder="outbox")
        assert got.codes == ["NoError"]

    def owner_throws_away(self, message_id: str) -> None:
        self.outlook.account.inbox.get(message_id=message_id).move_to_trash()

    def owner_files(self, message_id: str) -> None:
        folder = Folder(parent=self.outlook.account.msg_folder_root, name="Projects")
        folder.save()
        self.outlook.account.inbox.get(message_id=message_id).move(folder)

    def vanish(self, message_id: str) -> None:
        self.outlook.account.inbox.get(message_id=message_id).delete()

    def recall(self, raw: bytes) -> None:
        self.sandbox.deliver(b"X-Sandbox-Item-Class: IPM.Outlook.Recall\r\n" + raw, OWNER)

    def fail_next_send(self, number: int) -> None:
        self.sandbox.faults.add("CreateItem", "refused-in-batch", number)

    def owner_answers_unseen(self, message_id: str) -> None:
        wire = Wire(self.sandbox.url, OWNER)
        constant = f'<t:FieldURIOrConstant><t:Constant Value="{escape(message_id)}"/></t:FieldURIOrConstant>'
        path = '<t:FieldURI FieldURI="message:InternetMessageId"/>'
        found = wire.find("inbox", restriction=f"<t:IsEqualTo>{path}{constant}</t:IsEqualTo>")
        verb = '<t:ExtendedFieldURI PropertyTag="0x1081" PropertyType="Integer"/>'
        value = f"<t:ExtendedProperty>{verb}<t:Value>102</t:Value></t:ExtendedProperty>"
        change = f"<t:SetItemField>{verb}<t:Message>{value}</t:Message></t:SetItemField>"
        assert wire.update(found.ids[0], change).codes == ["NoError"]

    def owner_sends_draft(self, token: str) -> None:
        account = self.outlook.account
        with suppress(TransportError):  # by a quirk the answer's code is empty although it went out
            account.drafts.get(ackd_token=token).send(copy_to_folder=account.sent)

    def owner_trashes_draft(self, token: str) -> None:
        self.outlook.account.drafts.get(ackd_token=token).move_to_trash()

    def owner_trashes_sent(self, token: str) -> None:
        self.outlook.account.sent.get(ackd_token=token).move_to_trash()

    def owner_trashes_task(self, token: str) -> None:
        self._task(token).move_to_trash()

    def owner_categorizes(self, message_id: str, *categories: str) -> None:
        self.outlook.mark(message_id, *categories)

    def owner_categorizes_task(self, token: str, *categories: str) -> None:
        self.outlook.categorize(self._task(token), *categories)

    def owner_moves_task(self, token: str, day: date) -> None:
        task = self._task(token)
        task.due_date = EWSDate.from_date(day)
        task.save(update_fields=["due_date"])

    def owner_ticks_task(self, token: str) -> None:
        task = self._task(token)
        task.status = task.COMPLETED
        task.save(update_fields=["status"])

    def owner_files_task(self, token: str) -> str:
        self._list = self.outlook.new_list("Chores")
        self._task(token).move(self._list)
        return str(self._list.id)

    def owner_restores_task(self, token: str) -> None:
        account = self.outlook.account
        account.trash.get(ackd_token=token).move(account.tasks)

    def owner_erases_task(self, token: str) -> None:
        self._task(token).delete()

    def categories_of(self, message_id: str) -> tuple[str, ...]:
        return tuple(self.outlook.categories(message_id))

    def task_text(self, token: str) -> str:
        return str(self._task(token).body)

    def break_next_change(self, when: str) -> None:
        self.sandbox.faults.add("UpdateItem", f"cut-{when}-commit")

    def _task(self, token: str) -> Any:
        """A task of ours, in the usual list or in the owner's own."""
        lists = (self.outlook.account.tasks, *([self._list] if self._list else []))
        return next(task for place in lists for task in place.filter(ackd_token=token))

    def break_next_write(self, when: str) -> None:
        self.sandbox.faults.add("CreateItem", f"cut-{when}-commit")

    def refuse(self, address: str) -> None:
        self.sandbox.faults.add("CreateItem", "store-unavailable", 2)

    def group(self, address: str, members: Collection[str]) -> None:
        self.sandbox.put_group(address, members)

    def owner_works(self) -> None:
        evening = Period(time(20), time.max, ("Saturday",))
        hours = WorkHours("W. Europe Standard Time", (Period(time(9), time(17, 30)), evening))
        self.sandbox.set_work_hours(OWNER, hours)

    def owner_leaves(self, start: datetime | None, end: datetime | None) -> None:
        times = (
            ""
            if start is None or end is None
            else (f"<t:StartTime>{start.isoformat()}</t:StartTime><t:EndTime>{end.isoformat()}</t:EndTime>")
        )
        duration = f"<t:Duration>{times}</t:Duration>" if times else ""
        reply = "<t:Message>I am away.</t:Message>"
        got = Wire(self.sandbox.url, OWNER)(
            f"<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>{OWNER}</t:Address></t:Mailbox>"
            f"<t:UserOofSettings><t:OofState>{'Scheduled' if times else 'Enabled'}</t:OofState>"
            f"<t:ExternalAudience>None</t:ExternalAudience>{duration}<t:InternalReply>{reply}</t:InternalReply>"
            f"<t:ExternalReply>{reply}</t:ExternalReply></t:UserOofSettings></m:SetUserOofSettingsRequest>"
        )
        assert got.codes == ["NoError"]

    def owner_enters(self, first: date, last: date, shown_as: str) -> None:
        start, end = (datetime.combine(day, time(), ZONE) for day in (first, last + timedelta(days=1)))
        got = Wire(self.sandbox.url, OWNER).create(
            f"<t:CalendarItem><t:Subject>Away</t:Subject><t:Start>{start.isoformat()}</t:Start>"
            f"<t:End>{end.isoformat()}</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>"
            f"<t:LegacyFreeBusyStatus>{shown_as}</t:LegacyFreeBusyStatus>"
            '<t:StartTimeZone Id="W. Europe Standard Time"/></t:CalendarItem>'
        )
        assert got.codes == ["NoError"]

    def spoil(self, name: str) -> None:
        self.sandbox.faults.add("GetItem", "item-fault", times=-1, word=f"{name}@corp.example")

    def mend(self) -> None:
        self.sandbox.faults.clear()

    def another(self) -> Mailbox:
        return self.opened("Inbox")

    def close(self) -> None:
        self.outlook.close()
        self.mailbox.close()
        self.sandbox.stop()


class TestEws(MailboxContract, PastContract, OwnerContract, TasksContract, ToldContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[EwsWorld]:
        world = EwsWorld(tmp_path, Quirks())
        yield world
        world.close()


@pytest.mark.every(3)
class TestEwsWithEveryQuirk(MailboxContract, PastContract, OwnerContract, TasksContract, ToldContract):
    """The same on a server that leaves out and gets wrong what real ones were seen to."""

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[EwsWorld]:
        world = EwsWorld(tmp_path, Quirks.of(["all"]))
        yield world
        world.close()
