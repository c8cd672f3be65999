"""What ackd relies on, tried on this very mailbox: a mail to the owner, a draft, a task, a folder. All is
removed again, for good but for the task, which To Do only throws away. What doesn't hold is worked around
(`ways`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ackd.errors import AccessBlocked, AckdError, SignInRefused
from ackd.mailbox.graph import leftovers, ways
from ackd.mailbox.graph.mail_folders import MailFolders
from ackd.mailbox.graph.task_lists import TaskLists
from ackd.mailbox.graph.trial_folders import FolderTrial
from ackd.mailbox.graph.trial_mail import MailTrial, Wait
from ackd.mailbox.graph.trial_tasks import TaskTrial
from ackd.mailbox.graph.ways import Ways
from ackd.mailbox.graph.wire import Wire
from ackd.model import Letter, SelfTestResult, Task

INSIDE = "mark of who is inside"
#: Without these ackd does not do its work, or does it with less certainty.
_NEEDED = ("letter", ways.FOUND, "marks of a letter", INSIDE, "categories", "task's date", "removed again")

Step = tuple[str, Callable[[], tuple[bool, str]]]


def run(
    wire: Wire,
    folders: MailFolders,
    lists: TaskLists,
    letter: Letter,
    task: Task,
    zone: ZoneInfo,
    now: datetime,
    wait: Wait,
) -> Iterator[SelfTestResult]:
    """See ports.Mailbox. The letter's subject and the task's token are of this try alone; nothing that an
    earlier one found out is gone by. Raises SignInRefused and AccessBlocked; other trouble makes a result
    that couldn't be had."""
    gone_by, wire.ways = wire.ways, Ways(domain=wire.ways.domain)
    mail = MailTrial(wire, folders, lists, letter, zone, now, wait)
    tasks = TaskTrial(wire, lists, task, zone)
    folder = FolderTrial(wire, task.token)
    refuted: set[str] = set()
    try:
        for what, step in _steps(mail, tasks, folder):
            try:
                holds, found = step()
            except (SignInRefused, AccessBlocked):
                raise
            except AckdError as error:
                refuted |= {what} & {ways.FOR_GOOD}  # untried, it isn't relied on for what is removed here
                yield SelfTestResult(what, None, str(error), needed=what in _NEEDED)
                continue
            refuted |= set() if holds else {what}
            yield SelfTestResult(what, holds, found, needed=what in _NEEDED)
    finally:
        wire.ways = replace(wire.ways, deletes_twice=ways.FOR_GOOD in refuted)
        lefts = [one.clean_up() for one in (mail, tasks, folder)]
        wire.ways = gone_by
    yield SelfTestResult("removed again", *leftovers.told(lefts, letter.subject))


def _steps(mail: MailTrial, tasks: TaskTrial, folder: FolderTrial) -> Iterator[Step]:
    yield "letter", mail.send
    yield ways.FOUND, mail.found_again
    yield ways.MESSAGE_ID, mail.own_id
    yield "marks of a letter", mail.marks
    yield ways.REPLY_HEADERS, mail.reply_headers
    yield INSIDE, mail.inside
    yield "categories", mail.categories
    yield ways.OLD_MARKS, mail.old_marks
    yield ways.LONG_TEXT, mail.long_text
    yield ways.FOR_GOOD, mail.for_good
    yield "task's date", tasks.date
    yield ways.LINKED, tasks.linked
    yield ways.MEMORY, tasks.memory
    yield ways.TASK_MATCH, tasks.match
    yield "task changed", tasks.kept
    yield ways.EXCLUSIVE, folder.exclusive
    yield ways.FOLDER_MARKS, folder.marks
