"""What ackd's hidden folder needs of Graph's folders (user-post-mailfolders, mailfolder-permanentdelete)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ackd.errors import AckdError, MailboxFull, Unreachable
from ackd.mailbox.graph import properties
from ackd.mailbox.graph.answers import Answer, error_of, outcome, text
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.hidden_folder import SeenFolder
from ackd.mailbox.values import moment
from ackd.model import Lease, Refusal, Refused

_TAKEN = "errorfolderexists"
_SHOWN = {
    "includeHiddenFolders": "true",
    "$top": "200",
    "$select": "displayName,parentFolderId",
    "$expand": properties.expand((properties.START_MARK, properties.HOLDER, properties.CREATED)),
}


class Folders:
    """See mailbox.hidden_folder.Folders."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.now = wire.server.now

    def below(self, parent: str) -> list[SeenFolder]:
        return [_seen(one) for one in self._wire.all(get(self._path(parent), _SHOWN))]

    def create(self, parent: str, name: str, *, watermark: str = "", holder: str = "") -> str | None:
        marks = {properties.START_MARK: watermark, properties.HOLDER: holder}
        given = properties.given({key: value for key, value in marks.items() if value})
        body = {"displayName": name, "isHidden": True, properties.NAME: given}
        answer = self._wire.write(Part("POST", self._path(parent), body))
        if answer.ok and text(answer.value, "id"):
            return self._made(text(answer.value, "id"), parent, name, given)
        if answer.ok:
            raise Unreachable("the server didn't name the folder that it created")
        if answer.status == 409 or answer.code.lower() == _TAKEN:
            return None
        raise _error(f"the folder {name!r} can't be created", answer)

    def _made(self, key: str, parent: str, name: str, given: list[dict[str, str]]) -> str | None:
        """Where a name keeps nobody away, what was made stays only if it is the oldest of that name: of two
        that come together, at least one gives way."""
        if self._wire.ways.marks_apart:
            self._wire.write(Part("PATCH", f"{self._path('')}/{key}", {properties.NAME: given}))
        if not self._wire.ways.contends:
            return key
        named = [one for one in self.below(parent) if one.name.lower() == name.lower()]
        own = next((one.made for one in named if one.key == key), None)
        others = [one.made for one in named if one.key != key]
        if own is not None and all(made is not None and own < made for made in others):
            return key
        if not others:
            return key
        self.delete(key)
        return None

    def delete(self, key: str) -> None:
        (answer,) = self._wire.wipe([f"{self._path('')}/{key}"])
        if not answer.ok and answer.status != 404:
            raise Unreachable(f"ackd's folder can't be deleted: {answer.words}")

    def stands_below(self, parent: str, lease: Lease) -> bool:
        answer = self._wire.ask(get(f"{self._path('')}/{lease.key}"))
        if not answer.ok and answer.status != 404:
            raise error_of(answer)
        return answer.ok and text(answer.value, "parentFolderId") == parent

    def _path(self, parent: str) -> str:
        path = f"{self._wire.owner}/mailFolders"
        return f"{path}/{parent}/childFolders" if parent else path


def _seen(folder: Mapping[str, Any]) -> SeenFolder:
    return SeenFolder(
        text(folder, "id"),
        text(folder, "displayName"),
        moment(properties.of(folder, properties.START_MARK)),
        properties.of(folder, properties.HOLDER) or "",
        moment(properties.of(folder, properties.CREATED)),
    )


def _error(what: str, answer: Answer) -> AckdError:
    """Of a write that didn't succeed: it may have been done where it isn't a refusal."""
    if not answer.is_refusal:
        return error_of(answer) if answer.status else answer.no_answer
    found = outcome(answer)
    if isinstance(found, Refused) and found.cause is Refusal.FULL:
        return MailboxFull(f"{what}, the mailbox is full: {answer.words}")
    return error_of(answer) if answer.status in (401, 403, 429) else Unreachable(f"{what}: {answer.words}")
