"""What can be wrong with one value, in words for the person who wrote it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

Location = tuple[str | int, ...]
"""The way to a value: keys of maps and indexes of lists."""

_LONGEST_WORD = 64  # longer ones are no typing mistakes, and comparing takes quadratic time
_LONGEST_SHOWN = 60
_SECRET = re.compile(r"pass(word|wort|wd|phrase)|secret|kennwort|contrase|mot de passe", re.IGNORECASE)


class Wrong(ValueError):
    """A value that can't be used.

    `detail` says what is wrong with it, `allowed` what would be right, `near` the right name
    that is most like it. With `hide` the value is never shown, for it may be a secret.
    """

    def __init__(self, detail: str = "", *, allowed: str = "", near: str | None = None, hide: bool = False):
        super().__init__(detail or allowed)
        self.detail = detail
        self.allowed = allowed
        self.near = near
        self.hide = hide


class WrongParts(ValueError):
    """Several things are wrong within one value; each with the way to it from there."""

    def __init__(self, parts: Sequence[tuple[Location, Wrong]]):
        super().__init__("; ".join(str(wrong) for _, wrong in parts))
        self.parts = tuple(parts)


def mistyped(word: str, names: Iterable[str], *, likeness: float) -> str | None:
    """The name of which `word` is a typing mistake: as like it as that, at least (difflib's ratio)."""
    by_folded = {name.casefold(): name for name in names} if len(word) <= _LONGEST_WORD else {}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that was most probably meant by `word`, None where nothing is like it."""
    if len(word) > _LONGEST_WORD:
        return None
    folded, by_folded = word.casefold(), {name.casefold(): name for name in names}
    found = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    found = found or [name for name in by_folded if len(name) > 2 and folded.startswith(name)]
    return by_folded[found[0]] if found else None


def shown(value: object) -> str:
    """A value as a message shows it: short, on one line, and nothing that may be a secret."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a map" if value else "an empty map"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = str(value)
    if not text.strip():
        return "an empty text"
    if "\n" in text or _SECRET.search(text[:4096]):
        return "a text (not shown)"
    return f"`{printable(text)}`"


def printable(text: str) -> str:
    """The beginning of a text without anything that a terminal could obey."""
    short = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


def choices(names: Iterable[str]) -> str:
    """Names as a sentence lists them: "a, b or c"."""
    listed = list(names)
    return f"{', '.join(listed[:-1])} or {listed[-1]}" if len(listed) > 1 else "".join(listed)
