"""Reading items by id, so that one bad item neither hides the others nor fills the memory.

Batches are measured in bytes. Where a whole answer fails, the server is asked something trivial:
if it fails at that too, it is down, and nothing is said of any item. If it answers, the batch is
halved until the items that spoil it are known. All this is bounded: after so many failures or so
much time the rest is left for another time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exchangelib.services import GetFolder, GetItem

from ackd.errors import Busy, Unreachable
from ackd.mailbox.ews import requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.wire import Answer, Declined, Faulted, Wire, back_off
from ackd.mailbox.item_reads import CORRUPT, LONGEST_TEXT, Bad, Gone, Got, Later, Read, Reads, Wanted, batches
from ackd.mailbox.transport import TooLarge

FEW_SECONDS = 240.0  # for taking failing batches apart, in one go
MOST_FAILURES = 40  # failing requests, in one go

GONE = "ErrorItemNotFound"


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
        if wire.ways.limits_bodies is not False:
            try:
                answers = wire.post(GetItem, requests.get_item(ids, fields, longest=LONGEST_TEXT))
            except (Declined, Faulted):
                if wire.ways.limits_bodies:
                    raise
            else:
                self.bytes_read += wire.answer_bytes
                wire.ways.limits_bodies = True
                return answers
        answers = wire.post(GetItem, requests.get_item(ids, fields))
        self.bytes_read += wire.answer_bytes
        wire.ways.limits_bodies = False
        return answers


def _read(answer: Answer) -> Read:
    element = next(iter(answer.find_all("m:Items/*")), None)
    if answer.ok and element is not None:
        return Got(element)
    if answer.code == GONE:
        return Gone()
    why = f"the server says {answer.code}" if answer.code else "the server gives no reason"
    return Bad(why, for_good=answer.code in CORRUPT)
