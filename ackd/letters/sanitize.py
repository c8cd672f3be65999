"""Text of a mail made harmless before it goes into a letter or a task: one line, no control
characters, no marks that turn the direction of writing, of bounded length."""

from __future__ import annotations

import re
import unicodedata

from ackd.text.subject import without_reply

SUBJECT_LIMIT = 255  # of Exchange, in UTF-16 code units

_LOOKED_AT = 4_000  # characters: more than any limit here, so that huge input costs nothing
# Marks and isolates of the bidirectional algorithm (UAX 9), the invisible fillers, surrogates.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")  # of ASCII, but for line ends
_NO_TEXT = ("Cc", "Cn", "Co", "Cs")


def one_line(text: str, limit: int) -> str:
    """The text on one line, cut to `limit` UTF-16 code units with an ellipsis."""
    if len(text) <= min(limit, _LOOKED_AT) and text.isascii() and text.isprintable():  # as nearly every one
        return " ".join(text.split())
    shown = _INVISIBLE.sub("", text[:_LOOKED_AT])
    shown = "".join(
        " " if unicodedata.category(c)[0] in "CZ" and c not in "\u200c\u200d" else c for c in shown
    )
    return cut(" ".join(shown.split()), limit, more=len(text) > _LOOKED_AT)


def paragraphs(text: str, limit: int) -> str:
    """Text of several lines without control characters, cut to `limit` UTF-16 code units."""
    shown = (
        _INVISIBLE.sub("", text[: 2 * limit]).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    )
    if shown.isascii():
        shown = _CONTROL.sub("", shown)
    else:
        shown = "".join(c for c in shown if c == "\n" or unicodedata.category(c) not in _NO_TEXT)
    return cut(re.sub(r"\n{3,}", "\n\n", shown).strip(), limit, more=len(text) > 2 * limit)


def cut(text: str, limit: int, *, more: bool = False) -> str:
    """At most `limit` UTF-16 code units, with an ellipsis for what is missing."""
    if _units(text) + more <= limit:
        return text + "…" * more
    kept, room = [], limit - 1
    for character in text:
        room -= _units(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _units(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def bare_subject(subject: str, limit: int = SUBJECT_LIMIT) -> str:
    """A subject without the prefixes that answers put before it; forwards keep theirs."""
    return one_line(without_reply(one_line(subject, _LOOKED_AT)), limit)


def tidy_subject(subject: str) -> str:
    """A subject fit for a header and for Exchange, with "Re: " at most once (RFC 5322 3.6.5)."""
    shown = one_line(subject, _LOOKED_AT)
    if without_reply(shown) == shown:
        return cut(shown, SUBJECT_LIMIT)
    return f"Re: {bare_subject(shown, SUBJECT_LIMIT - 4)}".rstrip()
