"""What of the self-test is tried with a task."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from ackd.errors import AckdError, Unreachable
from ackd.mailbox.graph import changing, reading, writing
from ackd.mailbox.graph.answers import entries, strings, text
from ackd.mailbox.graph.leftovers import BIN, Left
from ackd.mailbox.graph.task_lists import EXTENSION, TaskLists
from ackd.mailbox.graph.trial_mail import CATEGORY, Found, went
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.values import moment
from ackd.model import Done, Refused, Task, TaskChange

_NOTE = "A note of ackd's test."


class TaskTrial:
    """Tried one after the other; each step says whether it holds, and what was seen."""

    def __init__(self, wire: Wire, lists: TaskLists, task: Task, zone: ZoneInfo) -> None:
        self._wire, self._lists, self._task, self._zone = wire, lists, task, zone
        self._item = ""
        self._is_doubtful = False

    def date(self) -> Found:
        """Whether a task comes back with its day."""
        (outcome,) = writing.create_tasks(self._wire, self._lists, [self._task], self._zone)
        if not isinstance(outcome, Done):
            self._is_doubtful = not isinstance(outcome, Refused)
            return went(outcome)
        self._item = outcome.item
        day = reading.due_date(self._wire.read(get(self._path())), self._zone)
        return day == self._task.due_date, f"{self._task.due_date} came back as {day}"

    def linked(self) -> Found:
        """Whether a new task may come with its link; else it is linked by a request of its own."""
        found = entries(self._wire.read(get(f"{self._path()}/linkedResources")))
        holds = self._lists.token_in(found) == self._task.token
        return holds, "linked" if holds else "its link was left out"

    def memory(self) -> Found:
        """Whether a new task may come with what it is to remember; else that is written by a request of its
        own."""
        answer = self._wire.ask(get(f"{self._path()}/extensions/{EXTENSION}"))
        holds = answer.ok and text(answer.value, "asker") == self._task.asker
        return holds, "remembered" if holds else "what it was to remember was left out"

    def match(self) -> Found:
        """Whether a task that changed meanwhile refuses a change; else only a comparison before it guards."""
        key = text(self._wire.read(get(self._path())), "@odata.etag")
        first = self._wire.write(Part("PATCH", self._path(), {"categories": [CATEGORY]}, match=key))
        again = self._wire.write(Part("PATCH", self._path(), {"categories": []}, match=key))
        told = "a late change is refused" if again.status == 412 else f"a late change: {again.words}"
        return first.ok and again.status == 412, told

    def kept(self) -> Found:
        """Whether a task keeps what it is given later: another reminder, a note, a day, a category."""
        if not self._item:
            raise Unreachable("not tried: there is no task")
        at, day = self._task.reminder + timedelta(days=1), self._task.due_date + timedelta(days=1)
        change = TaskChange("", self._item, due_date=day, reminder=at, notes=_NOTE, add=(CATEGORY,))
        (outcome,) = changing.change_tasks(self._wire, self._lists, [change], self._zone)
        if not isinstance(outcome, Done):
            return went(outcome)
        shown = self._wire.read(get(self._path()))
        seen = moment(text(shown, "reminderDateTime", "dateTime"))
        known = {
            "reminder": seen is not None and abs(seen - at) <= timedelta(minutes=1),
            "note": _NOTE in reading.words(shown),
            "day": reading.due_date(shown, self._zone) == day,
            "category": CATEGORY in strings(shown, "categories"),
        }
        lost = [what for what, is_kept in known.items() if not is_kept]
        return not lost, f"not kept: {', '.join(lost)}" if lost else f"kept: {', '.join(known)}"

    def clean_up(self) -> Left:
        """Throw the task away: To Do does no more. One of which it isn't known whether it was made is looked
        for."""
        try:
            paths = [self._path()] if self._item else self._doubtful()
            answers = [self._wire.write(Part("DELETE", path)) for path in paths]
        except AckdError:
            return Left(standing="a task")
        if not answers or all(answer.status == 404 for answer in answers):
            return Left()
        is_done = all(answer.ok or answer.status == 404 for answer in answers)
        return Left(lying=f"a task in {BIN}") if is_done else Left(standing="a task")

    def _doubtful(self) -> list[str]:
        if not self._is_doubtful:
            return []
        found = self._lists.walk(self._zone, [self._task.token])
        return [self._lists.path("", one.item) for one in found]

    def _path(self) -> str:
        if not self._item:
            raise Unreachable("not tried: there is no task")
        return self._lists.path("", self._item)
