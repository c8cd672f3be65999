"""Which signs a text that is looked for may have."""

from __future__ import annotations

import re

#: Controls, halves of characters and noncharacters (Unicode, 23.1, 23.6, 23.7). XML 1.0 can tell few
#: of them, and no database keeps a half.
_NONE_WRITES = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def are_written(text: str) -> bool:
    """Whether people write all its signs. They do write spaces of every width, and what joins letters
    (Persian), joins pictures, parts syllables and turns the direction of writing, all of which
    `str.isprintable` denies."""
    return _NONE_WRITES.search(text) is None


def written(text: str) -> str:
    """The text with a space for each sign that nobody writes."""
    return _NONE_WRITES.sub(" ", text)
