"""What ackd relies on, tried on this very mailbox: a mail to the owner, a task, a folder. All is removed
again, for good but for the task, which To Do only throws away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ackd.errors import AccessBlocked, AckdError, SignInRefused, Unreachable
from ackd.mailbox.graph import changing, past, properties, token_search, writing
from ackd.mailbox.graph.answers import entries, text
from ackd.mailbox.graph.mail_folders import MailFolders
from ackd.mailbox.graph.task_lists import TaskLists
from ackd.mailbox.graph.ways import REPLY_HEADERS, TASK_MATCH
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.model import CategoryChange, Done, Letter, Mail, Outcome, Place, SelfTestResult, Task

TRIES = 20  # looks for a mail on its way, a second apart
CATEGORY = "ackd: test"
INSIDE = "mark of who is inside"
#: Without these ackd does its work all the same, less well.
_CONVENIENT = (REPLY_HEADERS, TASK_MATCH)

Wait = Callable[[float], None]


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
    """See ports.Mailbox. The letter's subject and the task's token are of this try alone. Raises
    SignInRefused and AccessBlocked; other trouble makes a result that couldn't be had."""
    trial = _Trial(wire, folders, lists, letter, task, zone, now, wait)
    try:
        for what, step in (
            ("letter", trial.send),
            ("letter found by its token", trial.found_again),
            ("marks of a letter", trial.marks),
            (REPLY_HEADERS, trial.reply_headers),
            (INSIDE, trial.inside),
            ("categories", trial.categories),
            ("task's date", trial.task_date),
            (TASK_MATCH, trial.task_match),
            ("exclusive folders", trial.exclusive_folder),
        ):
            try:
                holds, found = step()
            except (SignInRefused, AccessBlocked):
                raise
            except AckdError as error:
                holds, found = None, str(error)
            yield SelfTestResult(what, holds, found, needed=what not in _CONVENIENT)
    finally:
        left = trial.clean_up()
    yield SelfTestResult(
        "removed again", not left, f"left in the mailbox: {left}" if left else "nothing is left"
    )


class _Trial:
    def __init__(
        self,
        wire: Wire,
        folders: MailFolders,
        lists: TaskLists,
        letter: Letter,
        task: Task,
        zone: ZoneInfo,
        now: datetime,
        wait: Wait,
    ) -> None:
        self._wire, self._folders, self._lists = wire, folders, lists
        self._letter, self._task = letter, task
        self._zone, self._now, self._wait = zone, now, wait
        self._arrived: Mail | None = None

    def send(self) -> tuple[bool, str]:
        (outcome,) = writing.send(self._wire, [self._letter])
        return _went(outcome)

    def found_again(self) -> tuple[bool, str]:
        found = self._until(lambda: self._place() is Place.SENT)
        return bool(
            found
        ), "it was sent" if found else "the copy in Sent Items lost its token, or isn't there"

    def marks(self) -> tuple[bool, str]:
        """Which marks arrive; one is enough for our own loop guard."""
        self._arrived = self._until(self._look)
        return self._having("x-ackd", "x-auto-response-suppress")

    def reply_headers(self) -> tuple[bool, str]:
        """Whether the asker's mail program sees what a letter answers."""
        mail = self._arrived
        if mail is not None and not self._letter.in_reply_to:
            return True, "not tried: the letter answers nothing"
        return self._having("in-reply-to")

    def inside(self) -> tuple[bool, str]:
        """Whether a mail shows that its sender is a member of the house: else every mail is left."""
        return self._having("x-ms-exchange-organization-authas")

    def _having(self, *wanted: str) -> tuple[bool, str]:
        mail = self._arrived
        if mail is None:
            raise Unreachable("not tried: the mail didn't arrive within a minute")
        names = {name.lower() for name, _ in mail.headers or ()}
        lost = [name for name in wanted if name not in names]
        told = f"arrive: {', '.join(name for name in wanted if name in names) or 'none'}"
        return wanted[0] in names, told + (f"; lost: {', '.join(lost)}" if lost else "")

    def categories(self) -> tuple[bool, str]:
        mail = self._arrived
        if mail is None:
            raise Unreachable("not tried: the mail didn't arrive within a minute")
        change = CategoryChange(mail.message_id, mail.item, add=(CATEGORY,))
        (outcome,) = changing.categorize(self._wire, [change], lambda _: {})
        again = self._look()
        return bool(again and CATEGORY in again.categories), _went(outcome)[1]

    def task_date(self) -> tuple[bool, str]:
        """Whether a task comes back by its token, with its day and what it remembers."""
        (outcome,) = writing.create_tasks(self._wire, self._lists, [self._task], self._zone)
        went, words = _went(outcome)
        if not went:
            return False, words
        found = list(self._lists.walk(self._zone, [self._task.token]))
        if not found:
            return False, "the task isn't found by its token"
        if found[0].asker != self._task.asker:
            return False, "the task forgot whom it is for"
        day = found[0].due_date
        return day == self._task.due_date, f"{self._task.due_date} came back as {day}"

    def task_match(self) -> tuple[bool, str]:
        """Whether a task that changed meanwhile refuses a change; else only a comparison before it guards."""
        found = next(self._lists.walk(self._zone, [self._task.token]), None)
        if found is None:
            raise Unreachable("not tried: there is no task")
        path = self._lists.path(found.folder, found.item)
        first = self._wire.write(Part("PATCH", path, {"categories": [CATEGORY]}, match=found.key))
        again = self._wire.write(Part("PATCH", path, {"categories": []}, match=found.key))
        told = "a late change is refused" if again.status == 412 else f"a late change: {again.words}"
        return first.ok and again.status == 412, told

    def exclusive_folder(self) -> tuple[bool, str]:
        """Of two folders of one name the second must be refused: the lease hangs on it."""
        body = {"displayName": self._task.token, "isHidden": True}
        made = [self._wire.write(Part("POST", self._below_root(), body)) for _ in range(2)]
        holds = made[0].ok and made[1].status == 409
        told = " and ".join(one.words for one in made)
        return holds, "the second of a name is refused" if holds else told

    # --- afterwards -------------------------------------------------------------------------

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
        wanted = {"$filter": properties.has(properties.TOKEN, self._letter.token), "$select": "id"}
        copies = entries(self._wire.read(get(f"{self._wire.owner}/messages", wanted)))
        gone = {text(one, "id") for one in copies} | ({mail.item} if mail else set())
        for item in sorted(gone):
            self._for_good(f"{self._wire.owner}/messages/{item}")

    def _remove_task(self) -> None:
        token_search.remove(
            self._wire, self._folders, self._lists, self._zone, [self._task.token], None, for_good=True
        )

    def _remove_folder(self) -> None:
        shown = {"includeHiddenFolders": "true", "$top": "200", "$select": "displayName"}
        for folder in self._wire.all(get(self._below_root(), shown)):
            if text(folder, "displayName") == self._task.token:
                self._for_good(f"{self._wire.owner}/mailFolders/{text(folder, 'id')}")

    def _for_good(self, path: str) -> None:
        answer = self._wire.write(Part("POST", f"{path}/permanentDelete"))
        if not answer.ok and answer.status != 404:
            raise Unreachable(answer.words)

    def _below_root(self) -> str:
        return f"{self._wire.owner}/mailFolders"

    def _place(self) -> Place | None:
        token = self._letter.token
        found = token_search.find(self._wire, self._folders, self._lists, self._zone, [token])
        return found.get(token)

    def _look(self) -> Mail | None:
        found = past.search(
            self._wire,
            {"Inbox": "inbox"},
            self._now,
            message_id="",
            subject=self._letter.subject,
            limit=1,
        )
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
