"""Tasks of ours in To Do: which they are, and what they remember.

Tasks have no extended properties there: the token stands in a linked resource, the rest in an open extension.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ackd.errors import Unreachable
from ackd.mailbox.graph import reading
from ackd.mailbox.graph.answers import Answer, checked, entries, text
from ackd.mailbox.graph.wire import Wire, get
from ackd.model import SeenTask, Task

APPLICATION = "ackd"
EXTENSION = "example.ackd"
_MARK = "mark"  # in the extension, where a new task isn't linked at once
LINKED = {"$expand": "linkedResources"}
PAGE_SIZE = 100
PAGE = f"odata.maxpagesize={PAGE_SIZE}"


class TaskLists:
    """The lists of the owner's tasks; of a guest's sign-in the guest's own, since To Do lets nobody into
    another's. There tasks of another ackd's may lie, for the guest's own mailbox: `application` tells them
    apart."""

    def __init__(self, wire: Wire, guest_of: str = "") -> None:
        """`guest_of`: the address of the mailbox, where a guest signed in."""
        self._wire = wire
        self._desk = "/me" if guest_of else wire.owner
        self.application = f"{APPLICATION} {guest_of}".strip()
        self._usual = ""

    def usual(self) -> str:
        """The id of the list that tasks go into; one request, once."""
        if not self._usual:
            self.all()
        if not self._usual:
            raise Unreachable("To Do shows no default list: the owner opens it once, and it is made")
        return self._usual

    def forget(self) -> None:
        """The usual list may be another one by now."""
        self._usual = ""

    def all(self) -> list[str]:
        """The ids of all lists; one request."""
        lists = list(self._wire.all(get(f"{self._desk}/todo/lists")))
        for one in lists:
            if text(one, "wellknownListName").lower() == "defaultlist":
                self._usual = text(one, "id")
        return [text(one, "id") for one in lists]

    def path(self, folder: str, item: str = "") -> str:
        """Where a list's tasks are, or one of them; "" is the usual list."""
        path = f"{self._desk}/todo/lists/{folder or self.usual()}/tasks"
        return f"{path}/{item}" if item else path

    def ours(
        self,
        folder: str,
        things: Sequence[Mapping[str, Any]],
        zone: ZoneInfo,
        wanted: Collection[str] | None = None,
    ) -> list[SeenTask]:
        """Of these tasks in a list those that are ours, or have one of the wanted tokens. Where Graph left
        out what they are linked with, and for what they remember, they are asked for: twenty a request."""
        tokens = self._tokens(folder, things)
        tokens = {item: token for item, token in tokens.items() if wanted is None or token in wanted}
        mine = [one for one in things if tokens.get(text(one, "id"))]
        parts = [get(self.path(folder, f"{text(one, 'id')}/extensions/{EXTENSION}")) for one in mine]
        found = []
        for thing, answer in zip(mine, self._wire.reads(parts), strict=True):
            remembered = {} if answer.status == 404 else checked(answer)
            token = tokens[text(thing, "id")]
            found.append(reading.seen_task(thing, token, remembered, zone, folder))
        return found

    def _tokens(self, folder: str, things: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Tokens by the ids of tasks."""
        untold = [text(one, "id") for one in things if not isinstance(one.get("linkedResources"), list)]
        parts = [get(self.path(folder, f"{item}/linkedResources")) for item in untold]
        answers: dict[str, Answer] = dict(zip(untold, self._wire.reads(parts), strict=True))
        found = {text(one, "id"): self.token_in(entries(one, "linkedResources")) for one in things}
        for item, answer in answers.items():
            found[item] = "" if answer.status == 404 else self.token_in(entries(checked(answer)))
        if self._wire.ways.links_apart:
            found |= self._marks(folder, [item for item, token in found.items() if not token])
        return found

    def _marks(self, folder: str, items: Sequence[str]) -> dict[str, str]:
        """The tokens that tasks remember whose link isn't there yet."""
        parts = [get(self.path(folder, f"{item}/extensions/{EXTENSION}")) for item in items]
        read = dict(zip(items, self._wire.reads(parts), strict=True))
        known = ((item, text(answer.value, _MARK)) for item, answer in read.items() if answer.ok)
        prefix = f"{self.application}:"
        return {item: mark.removeprefix(prefix) for item, mark in known if mark.startswith(prefix)}

    def link(self, token: str, title: str, url: str = "") -> dict[str, str]:
        """The resource that a task of ours is linked with; To Do offers its address as a link."""
        found = {"applicationName": self.application, "externalId": token, "displayName": title[:255]}
        return found | ({"webUrl": url} if url else {})

    def link_of(self, task: Task) -> dict[str, str]:
        """The same of a new task: it leads to the question."""
        return self.link(task.token, task.subject, task.link)

    def memory_of(self, task: Task) -> dict[str, Any]:
        """What a new task remembers; its token, too, where it is linked only later."""
        known = remembered(task.message_id, task.asker, task.promised, task.told)
        mark = {_MARK: f"{self.application}:{task.token}"} if self._wire.ways.links_apart else {}
        moves = {"moves": task.moves} if task.moves else {}
        return extension({**known, **moves, **mark})

    def token_in(self, linked: Sequence[Mapping[str, Any]]) -> str:
        """The token among the resources that a task is linked with, "" where none is ours."""
        ours = (one for one in linked if text(one, "applicationName") == self.application)
        return next((text(one, "externalId") for one in ours), "")

    def walk(self, zone: ZoneInfo, tokens: Collection[str] | None) -> Iterator[SeenTask]:
        """Tasks of ours in all lists, or those with these tokens. No filter by a linked resource is
        documented: the lists are gone through."""
        usual, given = self.usual(), set[str]()
        for own_id in self.all():
            folder = "" if own_id == usual else own_id
            for task in self.ours(folder, list(self._listed(folder)), zone, tokens):
                if task.item not in given:
                    given.add(task.item)
                    yield task

    def unmarked(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every task that isn't linked with us, with its list ("" for the usual one), page by page."""
        usual = self.usual()
        for own_id in self.all():
            folder = "" if own_id == usual else own_id
            things = list(self._listed(folder))
            tokens = self._tokens(folder, things)
            yield from ((folder, one) for one in things if not tokens[text(one, "id")])

    def _listed(self, folder: str) -> Iterator[dict[str, Any]]:
        yield from self._wire.all(get(self.path(folder), {**LINKED, "$top": "100"}))


def remembered(question: str, asker: str, promised: datetime, told: datetime | None) -> dict[str, Any]:
    """What a task of ours remembers, but for the number of its moves."""
    known = {"question": question, "asker": asker, "promised": promised.isoformat(timespec="seconds")}
    return known | ({"told": told.isoformat(timespec="seconds")} if told else {})


def extension(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a task remembers, as an open extension."""
    kind = "microsoft.graph.openTypeExtension"
    return {"@odata.type": kind, "extensionName": EXTENSION, **values}
