"""Answers of any size in little memory: texts are cut while they come in, and an answer that is
still too large is given up.

A mail's text stands in one XML element. What of it is beyond the limit never is in memory, whether
or not the server knows `MaximumBodySize`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ackd.mailbox import transport
from ackd.mailbox.item_reads import LONGEST_TEXT

LIMITS = transport.Limits()
LARGEST_ANSWER = 5_000_000  # bytes, after its texts were cut
LARGEST_REFUSAL = 1 << 20  # of a sign-in
_LONGEST_ENTITY = 12  # bytes, such as &#x0010FFFF;
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


class Cutter:
    """Shortens the texts in XML that comes in pieces; markup stays as it is, so that what was
    well-formed still is. Texts in CDATA sections aren't cut."""

    def __init__(self, longest: int = LONGEST_TEXT) -> None:
        self._longest = longest
        self._begun = self._is_other = False  # in UTF-16 nothing is cut
        self._in_text = True
        self._length = 0  # of the text so far
        self._is_over = False
        self._tail = b""  # the last bytes of the text so far

    def feed(self, piece: bytes) -> bytes:
        """What remains of the next piece."""
        if not self._begun and piece:
            self._begun, self._is_other = True, piece.startswith(_UTF_16)
        if self._is_other:
            return piece
        if not self._is_over and self._length + len(piece) <= self._longest:  # no text in it is too long
            _, begins, last = piece.rpartition(b"<")
            if begins:
                self._in_text, self._length, self._tail = False, 0, b""
            self._run(last)
            return piece
        first, *others = piece.split(b"<")
        kept = [self._run(first)]
        for other in others:
            self._in_text, self._length, self._is_over, self._tail = False, 0, False, b""
            kept += (b"<", self._run(other))
        return b"".join(kept)

    def _run(self, run: bytes) -> bytes:
        """A stretch without a "<": the rest of a tag, then text."""
        if self._is_over:
            return b""
        start = 0
        if not self._in_text:
            start = run.find(b">") + 1
            if not start:
                return run
            self._in_text = not run.startswith(b"![CDATA[")
        size = len(run) - start
        if not self._in_text or self._length + size <= self._longest:
            self._length += size
            self._tail = (self._tail + run[-_LONGEST_ENTITY:])[-_LONGEST_ENTITY:] if size else self._tail
            return run
        end = start + max(0, self._longest - self._length)
        for _ in range(3 * _LONGEST_ENTITY):
            if end >= len(run) or self._is_between(run, start, end):
                break
            end += 1
        self._length += end - start
        self._tail = (self._tail + run[start:end])[-_LONGEST_ENTITY:]
        self._is_over = end < len(run)
        return run[:end]

    def _is_between(self, run: bytes, start: int, end: int) -> bool:
        """Whether the text may end before this byte: in no character and in no entity."""
        before = (self._tail + run[max(start, end - _LONGEST_ENTITY) : end])[-_LONGEST_ENTITY:]
        open_entity = before.rfind(b"&") > before.rfind(b";")
        return not 0x80 <= run[end] < 0xC0 and not open_entity


def bounded(response: Any) -> Any:
    """Read the body of a response (of requests') in bounds. Raises TooLarge and TooSlow."""
    response._content = transport.body(response, replace(LIMITS, kept=LARGEST_ANSWER), Cutter().feed)
    response._content_consumed = True
    return response


def unread(response: Any) -> Any:
    """A refused sign-in, whose body is read in bounds once somebody wants it: a handshake needs the
    connection that it came by, which a body that was read lets go."""
    pieces = response.iter_content

    def few(*size: int, **_: Any) -> Iterator[bytes]:
        left = LARGEST_REFUSAL
        for piece in pieces(*size):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                response.close()
                return

    response.iter_content = few
    return response
