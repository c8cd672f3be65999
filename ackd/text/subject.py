"""What mail programs put before a subject when a mail is answered or forwarded: the one list of it.

Most write "Re:"; by language also AW (German), Antw (Dutch), SV (Scandinavian), R or RIF (Italian), RES
(Portuguese), ODP (Polish), 回复 (Chinese) and others. A number may count the answers: "RE[2]:", "Re^2:".
Before all that a gateway may put a mark of its own: "[EXTERN] RE: …", "EXT: RE: …".
"""

from __future__ import annotations

import re

_REPLY = """
    re aw antw antwort sv rif r ref vs odp res vá va ynt răsp rasp ats atb απ σχετ отв на ha 回复 回覆 答复
    答覆
"""
_FORWARD = "fw fwd wg tr rv i enc doorst vl vb pd ilt πρθ 转发 轉寄"
#: A gateway's word that a mail came from outside.
_OUTSIDE = """
    external-sender external-email external-mail extern-mail ext extern externe external externo externa
    esterno esterna
"""

_COUNT = r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|_\d{1,3})?\s*[:：]"


def _any_of(words: str) -> str:
    """Any of the words; a hyphen in one may be a blank."""
    parts = ("[ -]".join(map(re.escape, word.split("-"))) for word in words.split())
    return f"(?:{'|'.join(parts)})"


_TAG = r"\s*(?:\[[^\[\]]{0,40}\]\s*){0,3}"
_MARK = rf"\s*(?:[\[({{*]{{1,3}}{_any_of(_OUTSIDE)}[\])}}*]{{1,3}}\s*:?|{_any_of(_OUTSIDE)}\s*[:：])\s*"
_IS_REPLY = re.compile(rf"(?:{_MARK})?{_TAG}{_any_of(_REPLY)}{_COUNT}", re.IGNORECASE)
_IS_FORWARD = re.compile(rf"(?:{_MARK})?{_TAG}{_any_of(_FORWARD)}{_COUNT}", re.IGNORECASE)
_REPLY_PREFIX = re.compile(rf"(?:{_MARK})?\s*{_any_of(_REPLY)}{_COUNT}|\s+", re.IGNORECASE)


def is_reply(subject: str) -> bool:
    """Whether a mail says that it answers another."""
    return _IS_REPLY.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Whether a mail says that it forwards another."""
    return _IS_FORWARD.match(subject) is not None


def is_of_another(subject: str) -> bool:
    """Whether a subject was written for another mail, which this one answers or forwards."""
    return is_reply(subject) or is_forward(subject)


def without_reply(subject: str) -> str:
    """A subject without the prefixes that answers put before it, and a gateway's mark before those; those
    of forwards stay."""
    at = 0
    while prefix := _REPLY_PREFIX.match(subject, at):
        at = prefix.end()
    return subject[at:]
