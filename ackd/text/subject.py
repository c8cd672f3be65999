"""What mail programs put before a subject when a mail is answered or forwarded: the one list of it.

Most write "Re:"; by language also AW (German), Antw (Dutch), SV (Scandinavian), R or RIF (Italian), RES
(Portuguese), ODP (Polish), 回复 (Chinese) and others. A number may count the answers: "RE[2]:", "Re^2:".
Before all that a gateway may put a mark of its own: "[EXTERN] RE: …", "EXT: RE: …".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ackd.text.languages import every_word

#: Those of languages that ackd doesn't read; of the others their `mail.txt` tells them.
_REPLIES = "sv vs odp vá va ynt răsp rasp ats atb απ σχετ отв на ha 回复 回覆 答复 答覆"
_FORWARDS = "vl vb pd ilt πρθ 转发 轉寄"
_COUNT = r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|_\d{1,3})?\s*[:：]"


def _any_of(words: Iterable[str]) -> str:
    """Any of the words; a hyphen in one may be a blank."""
    parts = (
        "[ -]".join(map(re.escape, word.split("-")))
        for word in sorted(words, key=lambda one: (-len(one), one))
    )
    return f"(?:{'|'.join(parts)})"


_TAG = r"\s*(?:\[[^\[\]]{0,40}\]\s*){0,3}"


@dataclass(frozen=True, slots=True)
class _Prefixes:
    reply: re.Pattern[str]
    forward: re.Pattern[str]
    any_reply: re.Pattern[str]  # one of several, or blanks between them


@cache
def _prefixes() -> _Prefixes:
    outside = _any_of(every_word("from_outside", "mail"))
    mark = rf"\s*(?:[\[({{*]{{1,3}}{outside}[\])}}*]{{1,3}}\s*:?|{outside}\s*[:：])\s*"
    replies = _any_of({*every_word("replies", "mail"), *_REPLIES.split()})
    forwards = _any_of({*every_word("forwards", "mail"), *_FORWARDS.split()})
    return _Prefixes(
        re.compile(rf"(?:{mark})?{_TAG}{replies}{_COUNT}", re.IGNORECASE),
        re.compile(rf"(?:{mark})?{_TAG}{forwards}{_COUNT}", re.IGNORECASE),
        re.compile(rf"(?:{mark})?\s*{replies}{_COUNT}|\s+", re.IGNORECASE),
    )


def is_reply(subject: str) -> bool:
    """Whether a mail says that it answers another."""
    return _prefixes().reply.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Whether a mail says that it forwards another."""
    return _prefixes().forward.match(subject) is not None


def is_of_another(subject: str) -> bool:
    """Whether a subject was written for another mail, which this one answers or forwards."""
    return is_reply(subject) or is_forward(subject)


def without_reply(subject: str) -> str:
    """A subject without the prefixes that answers put before it, and a gateway's mark before those; those
    of forwards stay."""
    at = 0
    while prefix := _prefixes().any_reply.match(subject, at):
        at = prefix.end()
    return subject[at:]
