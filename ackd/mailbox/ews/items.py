"""Reading items by id, so that one bad item neither hides the others nor fills the memory.

Batches are measured in bytes. Where a whole answer fails, the server is asked something trivial:
if it fails at that too, it is down, and nothing is said of any item. If it answers, the batch is
halved until the items that spoil it are known. All this is bounded: after so many failures or so
much time the rest is left for another time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from exchangelib.services import GetFolder, GetItem

from ackd.errors import Busy, Unreachable
from ackd.mailbox.ews import requests
from ackd.mailbox.ews.answers import LONGEST_TEXT, TooLarge
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.wire import Answer, Declined, Faulted, Wire, back_off

MOST = 100  # items in one request
BATCH_BYTES = 2_000_000  # that the items of one request may weigh
UNKNOWN_SIZE = 30_000  # bytes that an item counts whose size the server doesn't tell
FEW_SECONDS = 240.0  # for taking failing batches apart, in one go
MOST_FAILURES = 40  # failing requests, in one go

#: Codes that say that an item itself can't be given, now or ever.
_CORRUPT = """ErrorContentConversionFailed ErrorCorruptData ErrorInvalidIdMalformed ErrorItemCorrupt
    ErrorMessageSizeExceeded ErrorMimeContentConversionFailed ErrorMimeContentInvalid
    ErrorPropertyUpdate"""
CORRUPT = frozenset(_CORRUPT.split())
GONE = "ErrorItemNotFound"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item to read. `size` is what the server says it has, 0 where that isn't known; `alone`: it
    is known to spoil a batch; `again`: it was asked for before, and what the server asked to be
    waited for has passed."""

    item: str
    size: int = 0
    alone: bool = False
    again: bool = False

    @property
    def weight(self) -> int:
        """How many bytes of an answer it may take: with its text as it is and as HTML."""
        return min(2 * (self.size or UNKNOWN_SIZE), 2 * LONGEST_TEXT) + 2_000


@dataclass(frozen=True, slots=True)
class Got:
    """The item's element."""

    element: Any


@dataclass(frozen=True, slots=True)
class Gone:
    """The item isn't there any more."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The server works and can't give this item. `for_good`: its code says that it never will;
    `spoils`: with it in a batch the others can't be had either."""

    why: str
    for_good: bool = False
    spoils: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is known of the item yet: ask again, after `wait` where the server said so."""

    why: str
    wait: timedelta = timedelta(0)


Read = Got | Gone | Bad | Later
Reads = Iterator[tuple[Wanted, Read]]


class ItemReader:
    """Reads items in one go: the bounds hold for each instance. `bytes_read` counts the answers."""

    def __init__(self, wire: Wire, ticks: Callable[[], float] = lambda: 0.0) -> None:
        """Without `ticks` failures are counted, and not their time."""
        self._wire = wire
        self._ticks = ticks
        self._failures = 0
        self._lost = 0.0  # seconds that failing requests took
        self.bytes_read = 0

    def read(self, wanted: Sequence[Wanted], fields: Sequence[Field]) -> Reads:
        """All of them, in order, batch by batch. Raises where the server is down or refuses."""
        for batch in batches(wanted):
            yield from self.batch(batch, fields)

    def batch(self, batch: Sequence[Wanted], fields: Sequence[Field]) -> Reads:
        """One batch; more requests only where it fails."""
        found = self._try(batch, fields)
        if isinstance(found, list):
            yield from zip(batch, found, strict=True)
            return
        wait = found.wait
        if wait and not all(one.again for one in batch):
            yield from ((one, Later(str(found), wait)) for one in batch)
            return
        self._prove_alive(found)
        was_any_read = False
        for one, read in self._apart(batch, fields, found):
            was_any_read |= isinstance(read, Got | Gone)
            yield one, read
        if not was_any_read and len(batch) > 1:
            self._prove_alive(found)

    def _apart(self, batch: Sequence[Wanted], fields: Sequence[Field], error: Unreachable) -> Reads:
        """Items of a batch that failed, with the others apart from those that spoil it."""
        if len(batch) == 1:
            yield batch[0], Bad(str(error), for_good=isinstance(error, TooLarge), spoils=True)
            return
        middle = len(batch) // 2
        for half in (batch[:middle], batch[middle:]):
            if self._failures >= MOST_FAILURES or self._lost > FEW_SECONDS:
                yield from ((one, Later(str(error))) for one in half)
                continue
            found = self._try(half, fields)
            if isinstance(found, list):
                yield from zip(half, found, strict=True)
            else:
                yield from self._apart(half, fields, found)

    def _try(self, batch: Sequence[Wanted], fields: Sequence[Field]) -> list[Read] | Unreachable:
        """One answer for each item, or why there are none. Raises what concerns the sign-in, and
        Busy where the server refuses all requests (429)."""
        begun = self._ticks()
        try:
            answers = self._ask([one.item for one in batch], fields)
        except Busy:
            raise
        except Unreachable as error:
            self._failures += 1
            self._lost += self._ticks() - begun
            return error
        if len(answers) < len(batch):
            self._failures += 1
            return Unreachable(f"the server gave {len(answers)} answers to {len(batch)} questions")
        found = [_read(answer) for answer in answers[: len(batch)]]
        if all(isinstance(read, Bad) and not read.for_good for read in found):
            waits = [wait for wait in map(back_off, answers) if wait]
            refused = Unreachable(
                f"a mail can't be read: {answers[0].code or 'no code'}", wait=max(waits, default=None)
            )
            if refused.wait and not all(one.again for one in batch):
                return refused
            self._prove_alive(refused)  # not one could be had: that may be the server's trouble
        return found

    def _prove_alive(self, error: Unreachable) -> None:
        """Something trivial. Raises what the server says to it, or `error` where it fails."""
        payload = requests.get_folder([self._wire.distinguished("inbox")], ())
        (answer, *_) = self._wire.read(GetFolder, payload)
        if not answer.ok:
            raise error

    def _ask(self, ids: Sequence[str], fields: Sequence[Field]) -> list[Answer]:
        """GetItem, with texts of limited length where the server knows how. A server that refuses
        the limit is asked without it, once to find out and then for good."""
        wire = self._wire
        if wire.limits_bodies is not False:
            try:
                answers = wire.post(GetItem, requests.get_item(ids, fields, longest=LONGEST_TEXT))
            except (Declined, Faulted):
                if wire.limits_bodies:
                    raise
            else:
                self.bytes_read += wire.answer_bytes
                wire.limits_bodies = True
                return answers
        answers = wire.post(GetItem, requests.get_item(ids, fields))
        self.bytes_read += wire.answer_bytes
        wire.limits_bodies = False
        return answers


def batches(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """In order, at most MOST items and BATCH_BYTES each; what spoils a batch is alone."""
    batch: list[Wanted] = []
    weight = 0
    for one in wanted:
        is_full = len(batch) >= MOST or weight + one.weight > BATCH_BYTES
        if batch and (is_full or one.alone or batch[-1].alone):
            yield batch
            batch, weight = [], 0
        batch.append(one)
        weight += one.weight
    if batch:
        yield batch


def _read(answer: Answer) -> Read:
    element = next(iter(answer.find_all("m:Items/*")), None)
    if answer.ok and element is not None:
        return Got(element)
    if answer.code == GONE:
        return Gone()
    why = f"the server says {answer.code}" if answer.code else "the server gives no reason"
    return Bad(why, for_good=answer.code in CORRUPT)
