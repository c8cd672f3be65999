"""A display name to its words, the given name first where the way of writing tells the order.

Understood: "Alice Smith", "Smith, Alice (HR)", "Dr. Alice Smith, PhD", "SMITH Alice", "Alice Smith/HR/CORP".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ackd.text.languages import every_line
from ackd.text.names.words import AFTER, FAMILY_FIRST, TITLES
from ackd.text.tokens import plain

LONGEST = 120  # characters that are looked at; a longer one isn't a person's
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\}")
_BEHALF = "|".join(map(re.escape, every_line("on_behalf", "names")))
_TAIL = re.compile(rf"\s+[-–—|•·]\s.*|[/|@].*|\s+(?:{_BEHALF})\s.*", re.I)
_QUOTED = re.compile(r"^([\"'“”„‘’«»])(.*)[\"'“”„‘’«»]$")
_NICKNAME = re.compile(r"[\"“”„«»][^\"“”„«»]*[\"“”„«»]")


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a name, as they are written. `is_ordered`: the first is surely the given name, for a comma
    or capitals tell the family name."""

    words: tuple[str, ...] = ()
    is_ordered: bool = False


def read(shown: str) -> Written:
    """The words of a display name that stands on one line; none where it can't be a person's."""
    parts = [part for part in (_words(part) for part in _stripped(shown[:LONGEST]).split(",")) if part]
    if len(parts) > 2 or (len(parts) == 2 and not parts[1]):
        return Written()
    if len(parts) == 2:
        in_two = len(parts[1]) > 1 and folded(parts[0][0]) in FAMILY_FIRST  # Ng, Mei Ling
        return Written() if in_two else Written((*parts[1], *parts[0]), is_ordered=True)
    words = parts[0] if parts else []
    capitals = [word for word in words if len(word) > 2 and word.isupper() and has_vowel(word)]
    if capitals and len(capitals) < len(words):  # SMITH Alice, Alice SMITH
        return Written((*(w for w in words if w not in capitals), *capitals), is_ordered=True)
    return Written(tuple(words))


def _stripped(shown: str) -> str:
    """Without brackets, quotes and what follows a name."""
    for _ in range(3):  # brackets within brackets
        shown = _BRACKETS.sub(" ", shown)
    shown = _TAIL.sub("", f" {shown}").strip()
    if quoted := _QUOTED.match(shown):
        shown = quoted[2]
    return " ".join(_NICKNAME.sub(" ", shown).split())


def _words(part: str) -> list[str]:
    words = part.split()
    while words and bare(words[0]) in TITLES:
        words = words[1:]
    while words and bare(words[-1]) in AFTER:
        words = words[:-1]
    return words


def bare(word: str) -> str:
    """A word in plain form without the full stops and commas around it."""
    return folded(word).strip(".,")


def folded(word: str) -> str:
    """A word in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", plain(word))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def has_vowel(word: str) -> bool:
    """Whether it can be spoken: an abbreviation of consonants is no name."""
    return any(letter in "aeiouyæøœ" for letter in folded(word))


def is_latin(word: str) -> bool:
    """Whether a word is all Latin letters: in other scripts the order of names varies."""
    return word.isalpha() and all(unicodedata.name(c, "").startswith("LATIN ") for c in word)


def local_parts(email: str) -> list[str]:
    """The pieces of an address's local part, in plain form."""
    local = email.strip().lower().split("@")[0].split("+")[0]
    return [folded(part) for part in re.split(r"[._]", local[:LONGEST]) if part]
