"""A morning of alice's with O365, unchanged; what it saw goes to the standard output as JSON.

Argument: a folder for its token. The addresses are O365's own, see stand_in.py.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import sys
from typing import Any
from zoneinfo import ZoneInfo

import requests
from O365 import Account, FileSystemTokenBackend
from O365.mailbox import ExternalAudience
from O365.utils import ImportanceLevel

UTC = ZoneInfo("UTC")  # O365 takes no others


def agreed(address: str) -> str:
    """What the address bar of a person's browser shows who signed in there and agreed."""
    with requests.Session() as browser:
        page = browser.get(address).text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
        said = {name: html.unescape(value) for name, value in fields.items()}
        said |= {"login": "alice@corp.example", "passwd": "secret", "decision": "agree"}
        return browser.post(address, data=said, allow_redirects=False).headers["Location"]


def mail(account: Account, seen: dict[str, Any]) -> None:
    box = account.mailbox()
    inbox = box.inbox_folder()
    query = box.new_query().contains("subject", "Figures")
    found = list(inbox.get_messages(query=query))
    seen["found"] = [one.subject for one in found]
    message = inbox.get_message(object_id=found[0].object_id)
    seen["from"], seen["body"] = message.sender.address, message.get_body_text().strip()
    seen["unread"] = not message.is_read
    message.mark_as_read()
    message.add_category("Seen by O365")
    message.flag.set_flagged(due_date=dt.datetime(2026, 12, 1, 9, tzinfo=UTC))
    message.save_message()
    again = inbox.get_message(object_id=message.object_id)
    seen["read"], seen["categories"] = again.is_read, again.categories
    seen["flag"] = [again.flag.is_flagged, again.flag.due_date.astimezone(UTC).isoformat()]
    seen["mime"] = b"Subject: Figures" in again.get_mime_content()

    draft = account.new_message()
    draft.to.add("bob@corp.example")
    draft.subject, draft.body, draft.importance = "From O365: grüße", "<p>Hello Bob</p>", ImportanceLevel.High
    draft.save_draft()
    draft.subject = "From O365: grüße!"
    draft.save_draft()
    seen["draft"] = [one.subject for one in box.drafts_folder().get_messages()]
    draft.send()
    reply = message.reply(to_all=False)
    reply.body = "Here it is"
    reply.send()
    once = account.new_message()
    once.to.add("bob@corp.example")
    once.subject, once.body = "In one step", "Hello"
    once.send()
    forward = message.forward()
    forward.to.add("bob@corp.example")
    forward.send()
    seen["sent"] = sorted(one.subject for one in box.sent_folder().get_messages())
    seen["drafts"] = len(list(box.drafts_folder().get_messages()))


def folders(account: Account, seen: dict[str, Any]) -> None:
    box = account.mailbox()
    made = box.inbox_folder().create_child_folder("Projects")
    seen["folder"] = box.inbox_folder().get_folder(folder_name="Projects").name
    made.update_folder_name("Projects 2")
    message = next(iter(box.inbox_folder().get_messages(limit=1)))
    copy = message.copy(made)
    seen["copied"] = [one.subject for one in made.get_messages()]
    copy.move(box.deleted_folder())
    seen["moved"] = [len(list(made.get_messages())), len(list(box.deleted_folder().get_messages()))]
    seen["folders"] = sorted(one.name for one in box.get_folders())[:3]
    made.delete()
    # more than a page
    batch = list(box.inbox_folder().get_messages(limit=None, batch=2, order_by="receivedDateTime desc"))
    seen["pages"] = len(batch)


def tasks(account: Account, seen: dict[str, Any]) -> None:
    todo = account.tasks()
    made = todo.new_folder("Promises")
    seen["lists"] = sorted(one.name for one in todo.list_folders())
    task = made.new_task(subject="Answer Bob")
    task.due = dt.datetime(2026, 12, 1, tzinfo=UTC)
    task.reminder = dt.datetime(2026, 11, 30, 9, tzinfo=UTC)
    task.body = "Figures"
    task.save()
    item = task.new_checklist_item("Look them up")
    item.save()
    kept = made.get_task(task.task_id)
    seen["task"] = [kept.subject, kept.due.date().isoformat(), kept.reminder.astimezone(UTC).isoformat()]
    seen["checklist"] = [one.displayname for one in kept.get_checklist_items()]
    kept.mark_completed()
    kept.save()
    seen["completed"] = made.get_task(task.task_id).is_completed
    seen["default"] = todo.get_default_folder().is_default
    made.delete()


def calendar(account: Account, seen: dict[str, Any]) -> None:
    schedule = account.schedule()
    default = schedule.get_default_calendar()
    event = default.new_event("Round")
    event.start, event.end = (
        dt.datetime(2026, 11, 30, 9, tzinfo=UTC),
        dt.datetime(2026, 11, 30, 10, tzinfo=UTC),
    )
    event.attendees.add("bob@corp.example")
    event.remind_before_minutes = 15
    event.save()
    month = {
        "start_recurring": dt.datetime(2026, 11, 1, tzinfo=UTC),
        "end_recurring": dt.datetime(2027, 1, 1, tzinfo=UTC),
    }
    seen["view"] = [one.subject for one in default.get_events(include_recurring=True, **month)]
    event.subject = "Other round"
    event.save()
    seen["event"] = default.get_event(event.object_id).subject
    event.delete()
    seen["view_after"] = [one.subject for one in default.get_events(include_recurring=True, **month)]


def settings(account: Account, seen: dict[str, Any]) -> None:
    categories = account.outlook_categories()
    made = categories.create_category("Promised", "red")
    made.update_color("green")
    seen["category"] = [one.name for one in categories.get_categories() if one.object_id == made.object_id]
    made.delete()
    box = account.mailbox()
    begin = dt.datetime(2026, 12, 24, tzinfo=UTC)
    box.set_automatic_reply("Away", "Away!", begin, begin + dt.timedelta(days=2), ExternalAudience.ALL)
    kept = box.get_settings().automaticrepliessettings
    seen["away"] = [
        kept.status.value,
        kept.internal_reply_message,
        kept.scheduled_startdatetime.astimezone(UTC).isoformat(),
    ]
    box.set_disable_reply()
    seen["here"] = box.get_settings().automaticrepliessettings.status.value


def main(folder: str) -> None:
    backend = FileSystemTokenBackend(token_path=folder)
    account = Account(
        "22222222-0000-4000-8000-000000000002",
        auth_flow_type="public",
        token_backend=backend,
        requests_delay=0,
        timezone="UTC",
    )
    wanted = ["basic", "message_all", "tasks_all", "calendar_all", "settings_all"]
    assert account.authenticate(requested_scopes=wanted, handle_consent=agreed), "nobody signed in"
    seen: dict[str, Any] = {"me": account.get_current_user_data().mail}
    for part in (mail, folders, tasks, calendar, settings):
        part(account, seen)
    account.con.refresh_token()
    seen["after_refresh"] = account.get_current_user_data().mail
    sys.stdout.write("\n" + json.dumps(seen))


main(sys.argv[1])
