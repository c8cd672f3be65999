"""Reading messages by id, so that one that can't be given doesn't hide the others, and a server that is down
isn't taken for bad mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from ackd.errors import AccessBlocked, Busy, SignInRefused, Unreachable
from ackd.mailbox.graph.answers import SLOWED, Answer
from ackd.mailbox.graph.pace import PARTS
from ackd.mailbox.graph.reading import UNCUT
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.item_reads import CORRUPT, Bad, Gone, Got, Later, Read

_CORRUPT = frozenset(code.lower() for code in CORRUPT)


def message(wire: Wire, item: str, options: Mapping[str, str]) -> Part:
    """The read of one."""
    return get(f"{wire.owner}/messages/{item}", options, UNCUT)


def read(
    wire: Wire, items: Sequence[str], options: Mapping[str, str], *, now: bool = True
) -> Iterator[tuple[str, Read]]:
    """All of them, in order, twenty a request. Raises where the server is down or refuses; where it is too
    much for it all at once, too, unless some may come later (`now` is False)."""
    slowed: Later | None = None
    for start in range(0, len(items), PARTS):
        some = items[start : start + PARTS]
        if slowed is not None:
            yield from ((one, slowed) for one in some)
            continue
        parts = [message(wire, one, options) for one in some]
        answers = _answers(wire, parts, wire.reads if now else wire.answers)
        found = [_read(answer) for answer in answers]
        if all(isinstance(one, Bad) for one in found):
            prove_alive(wire)  # not one could be had: that may be the server's trouble
        slowed = next((_later(answer) for answer in answers if answer.status == SLOWED), None)
        yield from zip(some, found, strict=True)


def prove_alive(wire: Wire) -> None:
    """Something trivial. Raises what the server says to it."""
    wire.read(get(f"{wire.owner}/mailFolders/inbox", {"$select": "id"}))


def _answers(
    wire: Wire, parts: Sequence[Part], ask: Callable[[Sequence[Part]], list[Answer]]
) -> list[Answer]:
    """One for each; where they can't be had together, by themselves."""
    try:
        return ask(parts)
    except (SignInRefused, AccessBlocked, Busy):
        raise
    except Unreachable:
        prove_alive(wire)
        return [_alone(wire, part) for part in parts]


def _alone(wire: Wire, part: Part) -> Answer:
    try:
        return wire.ask(part)
    except Unreachable as error:
        return Answer(0, trouble=str(error))


def _read(answer: Answer) -> Read:
    if answer.ok:
        return Got(answer.value)
    if answer.status == 404:
        return Gone()
    if answer.wait or answer.status in (SLOWED, 503):
        return _later(answer)
    return Bad(answer.words, for_good=answer.code.lower() in _CORRUPT)


def _later(answer: Answer) -> Later:
    return Later(answer.words, answer.wait or timedelta(0))
