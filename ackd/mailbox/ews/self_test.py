"""What ackd relies on, tried on this very server: a mail to the owner, a task, a folder. All of it is
removed again, for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import CreateFolder, DeleteFolder, DeleteItem, GetFolder

from ackd.errors import AccessBlocked, AckdError, SignInRefused, Unreachable
from ackd.mailbox.ews import (
    changing,
    fields,
    folders,
    keeping,
    past,
    reading,
    requests,
    token_search,
    writing,
)
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.ways import DRAFTS, NOTE, REMINDER
from ackd.mailbox.ews.wire import Wire, extended
from ackd.model import CategoryChange, Done, Letter, Mail, Outcome, Refused, SelfTestResult, Task, TaskChange

TRIES = 20  # looks for a mail on its way, a second apart
CATEGORY = "ackd: test"
COMMIT_TIMES, FOLDERS, DATES = "commit time", "exclusive folders", "sent copies' dates"
_SENT = ("DateTimeSent", "InternetMessageId")
_NOTE = "A note of ackd's test."

Wait = Callable[[float], None]


def run(
    wire: Wire, letter: Letter, task: Task, zone: ZoneInfo, now: datetime, wait: Wait
) -> Iterator[SelfTestResult]:
    """See ports.Mailbox. The letter's subject and the task's token are of this try alone. Raises
    SignInRefused and AccessBlocked; other trouble makes a result that couldn't be had."""
    trial = _Trial(wire, letter, task, zone, now, wait)
    try:
        for what, step in (
            ("letter", trial.send),
            (COMMIT_TIMES, trial.commit_time),
            ("letter found by its token", trial.found_again),
            ("marks of a letter", trial.marks),
            ("categories", trial.categories),
            (DATES, trial.sent_dates),
            ("task's date", trial.task_date),
            (REMINDER, trial.reminder),
            (NOTE, trial.note),
            ("task moved", trial.moved),
            (DRAFTS, trial.draft),
            (FOLDERS, trial.exclusive_folder),
        ):
            try:
                holds, found = step()
            except (SignInRefused, AccessBlocked):
                raise
            except AckdError as error:
                holds, found = None, str(error)
            yield SelfTestResult(what, holds, found, needed=trial.is_needed(what))
    finally:
        left = trial.clean_up()
    yield SelfTestResult(
        "removed again", not left, f"left in the mailbox: {left}" if left else "nothing is left"
    )


class _Trial:
    def __init__(
        self, wire: Wire, letter: Letter, task: Task, zone: ZoneInfo, now: datetime, wait: Wait
    ) -> None:
        self._wire, self._letter, self._task = wire, letter, task
        self._zone, self._now, self._wait = zone, now, wait
        self._before = ""
        self._may_come = False  # whether the letter went out, or may have
        self._arrived: Mail | None = None
        self._item = ""  # the task's
        self._otherwise: set[str] = set()  # what doesn't hold, and is done in another way

    def is_needed(self, what: str) -> bool:
        """Whether ackd can't do without: not what only costs requests, nor what it does in another way."""
        return what not in (COMMIT_TIMES, DATES) and what not in self._otherwise

    def send(self) -> tuple[bool, str]:
        self._before = self._commit_time()
        (outcome,) = writing.send(self._wire, [self._letter])
        self._may_come = not isinstance(outcome, Refused)
        return _went(outcome)

    def commit_time(self) -> tuple[bool, str]:
        """Whether Sent Items' commit time moved by the copy; compared after a moment, since it may
        be told in whole seconds."""
        if not self._before:
            return False, "not given: every poll looks into all folders"
        for _ in range(3):
            if self._commit_time() != self._before:
                return True, "moves: an idle poll is one request"
            self._wait(1)
        return False, "given, but it doesn't move: ackd doesn't go by it"

    def found_again(self) -> tuple[bool, str]:
        ids = self._until(lambda: token_search.items(self._wire, "sentitems", self._letter.token))
        return bool(
            ids
        ), "in Sent Items" if ids else "the copy in Sent Items lost its token, or there is none"

    def marks(self) -> tuple[bool, str]:
        """Which marks arrive; one is enough for our own loop guard."""
        mail = self._arrived = self._until(self._look)
        if mail is None:
            return False, "the mail didn't arrive within a minute"
        names = {name.lower() for name, _ in mail.headers or ()}
        wanted = ("x-ackd", "auto-submitted", "x-auto-response-suppress", "in-reply-to")
        arrived = [name for name in wanted if name in names]
        lost = [name for name in wanted if name not in names]
        told = f"arrive: {', '.join(arrived) or 'none'}" + (f"; lost: {', '.join(lost)}" if lost else "")
        return bool({"x-ackd", "auto-submitted"} & names), told

    def categories(self) -> tuple[bool, str]:
        mail = self._arrived
        if mail is None:
            raise Unreachable("not tried: the mail didn't arrive")
        change = CategoryChange(mail.message_id, mail.item, add=(CATEGORY,))
        (outcome,) = changing.categorize(self._wire, [change], lambda _: "")
        again = self._look()
        return bool(again and CATEGORY in again.categories), _went(outcome)[1]

    def task_date(self) -> tuple[bool, str]:
        (outcome,) = writing.create_tasks(self._wire, [self._task], self._zone)
        if not isinstance(outcome, Done):
            return _went(outcome)
        self._item = outcome.item
        found = [
            task
            for task in token_search.tasks(self._wire, self._zone, [self._task.token])
            if not task.is_deleted
        ]
        if not found:
            return False, "the task isn't found by its token"
        day = found[0].due_date
        return day == self._task.due_date, f"{self._task.due_date} came back as {day}"

    def sent_dates(self) -> tuple[bool, str]:
        """Whether copies of what was sent say when, and under which Message-ID."""
        ids = token_search.items(self._wire, "sentitems", self._letter.token)
        if not ids:
            raise Unreachable("not tried: there is no copy")
        (copy, *_) = keeping.read(self._wire, ids, fields.SENT_ANSWERS) or [None]
        if copy is None:
            raise Unreachable("the copy can't be read")
        missing = [path for path in _SENT if not reading.text_at(copy, f"t:{path}")]
        told = f"not given: {', '.join(missing)}; ackd goes by when the copy was kept, and by its token"
        return not missing, told if missing else "given"

    def reminder(self) -> tuple[bool, str]:
        """Whether the task kept its reminder; else whether it keeps the properties behind it."""
        if keeping.reminds(self._shown(fields.REMINDERS), self._task.reminder):
            return True, "kept"
        self._wire.ways.keeps_reminders = False
        self._change(TaskChange("", self._item, reminder=self._task.reminder))
        if not keeping.reminds(self._shown(fields.REMINDERS), self._task.reminder):
            return False, "kept in no way: tasks remind of nothing"
        self._otherwise.add(REMINDER)
        return False, "ReminderDueBy isn't kept, the properties behind it are: these are written"

    def note(self) -> tuple[bool, str]:
        """Whether something can be added to the task's text; else whether the whole text can be set."""
        change = TaskChange("", self._item, notes=_NOTE)
        for appends in (True, False):
            self._wire.ways.appends = appends
            self._change(change)
            if changing.is_in(_NOTE, reading.text_at(self._shown(fields.BODY), "t:Body")):
                break
        else:
            return False, "kept in no way: tasks tell nothing of what came later"
        if appends:
            return True, "added to the text"
        self._otherwise.add(NOTE)
        return False, "AppendToItemField adds nothing: the whole text is set"

    def moved(self) -> tuple[bool, str]:
        """Whether another day and a category are kept."""
        day = self._task.due_date + timedelta(days=1)
        self._change(TaskChange("", self._item, due_date=day, add=(CATEGORY,)))
        shown = self._shown(fields.TASK)
        seen = reading.seen_task(shown, self._zone)
        found, names = (seen.due_date, seen.categories) if seen else (None, ())
        told = f"{day} and a category came back as {found}, {', '.join(names) or 'none'}"
        return (found, names) == (day, (CATEGORY,)), told

    def draft(self) -> tuple[bool, str]:
        """Whether a draft says that it is one."""
        (outcome,) = writing.draft(self._wire, [replace(self._letter, token=self._draft_token)])
        if not isinstance(outcome, Done):
            return _went(outcome)
        found = keeping.read(self._wire, [outcome.item], fields.UNSENT)
        if found and reading.is_draft(found[0]):
            return True, "drafts say that they are"
        self._otherwise.add(DRAFTS)
        return (
            False,
            "drafts don't say that they are: of one in Deleted Items you are asked whether it was sent",
        )

    def _change(self, change: TaskChange) -> None:
        (outcome,) = changing.change_tasks(self._wire, [change])
        if not isinstance(outcome, Done):
            raise Unreachable(outcome.reason)

    def _shown(self, wanted: Sequence[Field]) -> Any:
        """The task as it is now. Raises Unreachable."""
        found = keeping.read(self._wire, [self._item], wanted) if self._item else []
        if not found:
            raise Unreachable("not tried: there is no task that can be read")
        return found[0]

    @property
    def _draft_token(self) -> str:
        return f"{self._letter.token}-draft"

    def exclusive_folder(self) -> tuple[bool, str]:
        """Of two folders of one name the second must be refused: the lease hangs on it."""
        payload = requests.create_folder(
            self._wire.distinguished("msgfolderroot"), self._task.token, [(fields.IS_HIDDEN, "true")]
        )
        codes = [self._wire.read(CreateFolder, payload)[0].code for _ in range(2)]
        holds = codes == ["NoError", "ErrorFolderExists"]
        return holds, "the second of a name is refused" if holds else f"answered {' and '.join(codes)}"

    def clean_up(self) -> str:
        """Remove what was made; in words what couldn't be."""
        left = []
        for what, remove in (("the mail", self._remove_mails), ("the task", self._remove_task),
                             ("a folder", self._remove_folder)):  # fmt: skip
            try:
                remove()
            except AckdError:
                left.append(f"{what} ({self._letter.subject})")
        return ", ".join(left)

    def _remove_mails(self) -> None:
        mail = self._arrived or self._look()
        ids = [
            *token_search.items(self._wire, "sentitems", self._letter.token),
            *([mail.item] if mail else []),
        ]
        if ids:
            self._wire.read(DeleteItem, requests.delete_item(ids), expected=len(ids))
        if mail is None and self._may_come:
            raise Unreachable("the mail may still come")

    def _remove_task(self) -> None:
        token_search.remove(self._wire, [self._task.token, self._draft_token], None, for_good=True)

    def _remove_folder(self) -> None:
        for folder in folders.children(self._wire, self._wire.distinguished("msgfolderroot")):
            if folders.name_of(folder) == self._task.token:
                own = requests.element(
                    "m:FolderIds", children=[requests.folder_id(folders.folder_id(folder))]
                )
                payload = requests.element("m:DeleteFolder", children=[own], DeleteType="HardDelete")
                self._wire.read(DeleteFolder, payload)

    def _commit_time(self) -> str:
        payload = requests.get_folder([self._wire.distinguished("sentitems")], fields.FOLDER_STATE)
        (answer, *_) = self._wire.read(GetFolder, payload)
        folder = next(iter(answer.find_all("m:Folders/*")), None)
        return (extended(folder, fields.COMMIT_TIME) or "") if folder is not None else ""

    def _look(self) -> Mail | None:
        inbox = {"Inbox": self._wire.distinguished("inbox")}
        subject = self._letter.subject
        found = past.search(self._wire, inbox, self._now, message_id="", subject=subject, limit=1)
        return found[0] if found else None

    def _until(self, look: Callable[[], Any]) -> Any:
        """What a look finds, tried again while it finds nothing."""
        for _ in range(TRIES):
            if found := look():
                return found
            self._wait(1)
        return look()


def _went(outcome: Outcome) -> tuple[bool, str]:
    return (True, "written") if isinstance(outcome, Done) else (False, outcome.reason)
