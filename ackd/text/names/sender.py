"""Whose an address is, by its display name and its local part: a person's, an office's, a program's."""

from __future__ import annotations

import enum
import re
from functools import lru_cache

from ackd.model import Address
from ackd.text.languages import ROBOT, languages
from ackd.text.names import given
from ackd.text.names.display import LONGEST, bare, folded, is_latin, local_parts, read
from ackd.text.names.words import is_none, is_role, is_system

_PIECE = re.compile(r"[^\W\d_]+")
_SHORTEST_CODE = 4  # letters of an address that are an abbreviation at most


class Kind(enum.Enum):
    """What an address looks like."""

    PERSON = "a person's"
    NAMED = "a name's"  # perhaps a person's: nobody is known to be called so
    WORD = "no name's that is known"
    UNKNOWN = "nobody's that can be told"
    ROLE = "an office's"
    SYSTEM = "a program's"
    BORROWED = "a person's name over an address that isn't that person's"


@lru_cache(maxsize=1024)
def kind_of(address: Address) -> Kind:
    """What an address looks like. Who is a person can't be told for certain; a program's address sometimes
    can."""
    shown = " ".join(address.name.split())[:LONGEST]
    local = [piece for part in local_parts(address.email) for piece in part.split("-")]
    words = _person(shown)
    if words:
        return _named(words, local, shown)
    pieces = [*_pieces(shown), *local, "".join(local)]
    if any(map(is_system, pieces)):
        return Kind.SYSTEM
    if any(map(is_role, pieces)):
        return Kind.ROLE
    if shown and "@" not in shown:
        return Kind.WORD
    return Kind.NAMED if len(local) > 1 else Kind.UNKNOWN


def _person(shown: str) -> tuple[str, ...]:
    """The words of a display name that may be a person's, in plain form: two or more, or a known given
    name."""
    words = read(shown).words if "@" not in shown else ()
    letters = [word.replace("-", "").replace("'", "").replace("’", "").rstrip(".") for word in words]
    plain = tuple(map(bare, words))
    if not all(letters) or not all(map(is_latin, letters)) or any(map(is_none, plain)):
        return ()
    return plain if len(plain) > 1 or (plain and plain[0] in given.GIVEN) else ()


def _named(words: tuple[str, ...], local: list[str], shown: str) -> Kind:
    """Of a person's name: whether the address goes with it."""
    is_known = any(part in given.GIVEN for word in words for part in word.split("-"))
    rest = [piece for piece in local if piece not in words]
    behind = [piece for piece in _pieces(shown) if piece not in words]  # Bob Jones (Jira), Bob Jones via Sign
    if any(map(is_system, [*rest, "".join(rest), *behind])):
        return Kind.BORROWED if is_known else Kind.SYSTEM
    if _fits(words, local):
        return Kind.PERSON if is_known else Kind.WORD if words[0] in _ordinary() else Kind.NAMED
    if any(map(is_role, local)):
        return Kind.ROLE
    return Kind.BORROWED if is_known else Kind.WORD


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """Words that people write in their sentences: who has one for a first name is probably nobody."""
    lines = (line for language in languages().values() for kind in ROBOT for line in language.lines(kind))
    return frozenset(word for line in lines for word in _pieces(line) if len(word) > 3) - given.GIVEN


def _fits(words: tuple[str, ...], local: list[str]) -> bool:
    """Whether an address may be that of a name: it has a part of it, or begins with an initial of it, or is a
    number or an abbreviation."""
    joined = "".join(local)
    if any(map(str.isdigit, joined)) or (
        0 < len(joined) <= _SHORTEST_CODE and joined[0] in {w[0] for w in words}
    ):
        return True
    known = given.forms(words)
    return (
        any(len(name) > 1 and name in joined for name in known)
        or any(piece in joined for word in words for piece in re.split(r"\W", word) if len(piece) > 2)
        or (len(local) > 1 and len(local[0]) == 1 and local[0] in {word[0] for word in words})
    )


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(folded(text))
