"""What stays the same in mails that a program fills in: their sentences without what varies."""

from __future__ import annotations

import re

from ackd.text.sentences import sentences

_LONGEST = 6_000  # characters that are looked at
_MOST = 12  # sentences of a mail that are told
_FEWEST = 4  # words: a greeting tells nothing
_VARYING = re.compile(r"https?://\S+|\S+@\S+|[\"“„«][^\"“”„«»\n]{1,200}[\"“”»]")


def frames(text: str) -> tuple[str, ...]:
    """The sentences of a text, in plain form, with a mark for each number, address and quotation."""
    found = sentences(_VARYING.sub(" # ", text[:_LONGEST]), most=_MOST)
    every = (" ".join("#" if any(map(str.isdigit, word)) else word for word in s.words) for s in found)
    return tuple(dict.fromkeys(frame for frame in every if frame.count(" ") >= _FEWEST - 1))
