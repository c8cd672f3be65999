"""What ackd relies on, tried on this very server: a mail to the owner, a task, a folder. All of it is
removed again, for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import CreateFolder, DeleteFolder, DeleteItem, GetFolder

from ackd.errors import AccessBlocked, AckdError, SignInRefused, Unreachable
from ackd.mailbox.ews import changing, fields, folders, past, requests, token_search, writing
from ackd.mailbox.ews.wire import Wire, extended
from ackd.model import CategoryChange, Done, Letter, Mail, Outcome, SelfTestResult, Task

TRIES = 20  # looks for a mail on its way, a second apart
CATEGORY = "ackd: test"
COMMIT_TIMES, FOLDERS = "commit time", "exclusive folders"

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
            ("task's date", trial.task_date),
            (FOLDERS, trial.exclusive_folder),
        ):
            try:
                holds, found = step()
            except (SignInRefused, AccessBlocked):
                raise
            except AckdError as error:
                holds, found = None, str(error)
            is_needed = what != COMMIT_TIMES  # only requests hang on them
            yield SelfTestResult(what, holds, found, needed=is_needed)
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
        self._arrived: Mail | None = None

    def send(self) -> tuple[bool, str]:
        self._before = self._commit_time()
        (outcome,) = writing.send(self._wire, [self._letter])
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
        went, words = _went(outcome)
        if not went:
            return False, words
        found = [
            task
            for task in token_search.tasks(self._wire, self._zone, [self._task.token])
            if not task.is_deleted
        ]
        if not found:
            return False, "the task isn't found by its token"
        day = found[0].due_date
        return day == self._task.due_date, f"{self._task.due_date} came back as {day}"

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

    def _remove_task(self) -> None:
        token_search.remove(self._wire, [self._task.token], None, for_good=True)

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
