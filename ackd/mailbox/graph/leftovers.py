"""What a self-test leaves in the mailbox, and where: Graph deletes for good only where there is
permanentDelete (https://learn.microsoft.com/graph/api/message-permanentdelete), and never a task of To Do
(https://learn.microsoft.com/graph/api/todotask-delete), which lies in Deleted Items afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ackd.mailbox.graph.answers import Answer
from ackd.mailbox.graph.wire import Wire

BIN = "Deleted Items"
RECOVERABLE = "Recoverable Items"


@dataclass(frozen=True, slots=True)
class Left:
    """In words: what stands in the mailbox and should not (`standing`), and what was deleted and still lies
    somewhere (`lying`)."""

    standing: str = ""
    lying: str = ""


def wiped(wire: Wire, paths: Sequence[str], what: str, *, beyond: str = "") -> Left:
    """Delete things as far as it can be done; `beyond` is where they lie once they are deleted from Deleted
    Items, "" where they are gone then. Raises as `Wire.wipe`."""
    if not paths:
        return Left()
    if not wire.ways.deletes_twice:
        answers = wire.wipe(paths)
        return Left() if all(map(_is_gone, answers)) else Left(standing=what)
    answers, again = wire.delete_twice(paths)
    if not all(map(_is_gone, answers)):
        return Left(standing=what)
    is_through = all(map(_is_gone, again)) and len(again) == sum(answer.ok for answer in answers)
    place = beyond if is_through else BIN
    return Left(lying=f"{what} in {place}") if place else Left()


def told(lefts: Iterable[Left], subject: str) -> tuple[bool, str]:
    """Whether nothing stands in the mailbox any more, and what is left, in words."""
    lefts = list(lefts)
    standing = ", ".join(one.standing for one in lefts if one.standing)
    lying = ", ".join(one.lying for one in lefts if one.lying)
    also = f"deleted, and not for good, since Graph can't: {lying}" if lying else ""
    if standing:
        return False, "; ".join(filter(None, (f"left in the mailbox: {standing} ({subject})", also)))
    return True, f"{also} ({subject})" if also else "nothing is left"


def _is_gone(answer: Answer) -> bool:
    return answer.ok or answer.status == 404
