"""What of the self-test is tried with folders: ackd's lease is one."""

from __future__ import annotations

from ackd.errors import AckdError, Unreachable
from ackd.mailbox.graph import properties
from ackd.mailbox.graph.answers import entries, text
from ackd.mailbox.graph.leftovers import Left, wiped
from ackd.mailbox.graph.trial_mail import Found
from ackd.mailbox.graph.wire import Part, Wire, get

AT_ONCE = 4


class FolderTrial:
    """Tried one after the other; each step says whether it holds, and what was seen. `name` is a name that no
    folder has."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire, self._name = wire, name
        self._root = f"{wire.owner}/mailFolders"
        self._made: list[str] = []

    def exclusive(self) -> Found:
        """Of some folders of one name, made at once, one alone must be: the lease hangs on it."""
        body = {"displayName": self._name, "isHidden": True}
        answers = self._wire.at_once([Part("POST", self._root, body)] * AT_ONCE)
        self._made = [text(one.value, "id") for one in answers if one.ok]
        refused = sum(one.status == 409 for one in answers)
        holds = len(self._made) == 1 and refused == AT_ONCE - 1
        told = ", ".join(sorted({one.words for one in answers if not one.ok and one.status != 409}))
        return holds, f"{len(self._made)} of {AT_ONCE} made at once" + (f"; {told}" if told else "")

    def marks(self) -> Found:
        """Whether a folder below another may come with properties; else they are set by a request of their
        own."""
        if not self._made:
            raise Unreachable("not tried: there is no folder")
        marks = {properties.NAME: properties.given({properties.HOLDER: "test"})}
        body = {"displayName": "lease", "isHidden": True, **marks}
        below = f"{self._root}/{self._made[0]}/childFolders"
        made = self._wire.write(Part("POST", below, body))
        if not made.ok:
            return False, made.words
        shown = {
            "includeHiddenFolders": "true",
            "$expand": properties.expand((properties.HOLDER, properties.CREATED)),
        }
        found = next(iter(entries(self._wire.read(get(below, shown)))), {})
        when = "" if properties.of(found, properties.CREATED) else "; when it was made isn't told"
        holds = properties.of(found, properties.HOLDER) == "test"
        return holds, ("marked" if holds else "its mark was left out") + when

    def clean_up(self) -> Left:
        """Remove what was made."""
        shown = {"includeHiddenFolders": "true", "$top": "200", "$select": "displayName"}
        try:
            there = [one for one in self._wire.all(get(self._root, shown)) if self._is_ours(one)]
            return wiped(self._wire, [f"{self._root}/{text(one, 'id')}" for one in there], "a folder")
        except AckdError:
            return Left(standing="a folder")

    def _is_ours(self, folder: dict[str, object]) -> bool:
        return text(folder, "displayName") == self._name
