"""How to greet the asker: by the given name that the directory tells, else by the one that the display name
and the address surely tell, else by none."""

from __future__ import annotations

from functools import lru_cache

from ackd.letters.sanitize import one_line
from ackd.model import Address
from ackd.text.names import given
from ackd.text.names.display import LONGEST, bare, folded, has_vowel, is_latin, local_parts, read
from ackd.text.names.words import EMPTY, FAMILY_FIRST, PARTICLES, TITLES, is_none

_LONGEST_WORD = 24
_MOST_WORDS = 5
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@lru_cache(maxsize=256)  # who asks, asks again
def first_name(address: Address, told: str | None = None) -> str:
    """The name to greet with; "" where it is in doubt: no name is better than a wrong one.

    `told` is the given name that the mailbox's directory has for the address: "" where it has none, as for
    a shared mailbox, None where nobody asked it or it doesn't know the address. Without one a name is
    greeted that is known as a given name, or (not where the directory has none) that the address puts
    first ("gwenael.legoff@…"). Left without a name: teams, places and programs, initials, scripts in
    which the order of names varies, and names that the address contradicts.
    """
    if name := _told(one_line(told or "", LONGEST)):
        return name
    local = local_parts(address.email)
    shown = one_line(address.name, LONGEST)
    if not shown or "@" in shown:
        return _from_address(local_parts(shown) if shown else local)
    written = read(shown)
    words = list(written.words)
    if not words or len(words) > _MOST_WORDS or not all(map(_may_be_name, words)):
        return ""
    if written.is_ordered:
        return _spelled(words[0]) if _is_known(words[0]) or _fits(words[0], local) else ""
    return _spelled(_given_of(words, local, by_order=told is None))


@lru_cache(maxsize=256)
def is_doubtful(address: Address) -> bool:
    """Whether the directory is worth asking: a name may be greeted, and neither it nor its place is sure."""
    shown = one_line(address.name, LONGEST)
    if "@" in shown or not shown:
        return not any(map(is_none, local_parts(address.email)))
    words = list(read(shown).words)
    if not words or len(words) > _MOST_WORDS:
        return False
    if not all(map(_may_be_name, words)):
        return not any(is_none(bare(word)) for word in words)  # initials, other scripts
    if not _is_known(words[0]) or (len(words) == 1):
        return True
    is_sure = (
        read(shown).is_ordered or not _is_known(words[-1]) or _order(words, local_parts(address.email)) > 0
    )
    return not is_sure


def _told(name: str) -> str:
    """The directory's given name as one greets: without a second one, unless it is written as one."""
    words = [word for word in name.split() if bare(word) not in TITLES]
    return _spelled(words[0]) if words and all(map(_may_be_name, words)) else ""


def _may_be_name(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "").rstrip(".")
    return bool(letters) and not is_none(bare(word)) and is_latin(letters)


def _is_known(word: str) -> bool:
    """Whether it is a given name that is known, or several joined by hyphens."""
    return all(part in given.GIVEN for part in folded(word).split("-"))


def _fits(word: str, local: list[str]) -> bool:
    """Whether a given name that the display name tells may be that of the address: it stands there, or its
    initial does first, or the address is a number."""
    joined = "".join(local)
    return folded(word) in local or joined[:1] == folded(word)[:1] or any(map(str.isdigit, joined))


def _given_of(words: list[str], local: list[str], *, by_order: bool) -> str:
    """Which of the words, in whatever order, is surely the given name; "" where none is. `by_order`: a word
    that isn't known as a name counts where the address puts it first."""
    first, last = words[0], words[-1]
    if _is_family(first):
        return ""
    if len(words) == 1:
        return first if _is_known(first) and len(local) > 1 and local[0] == folded(first) else ""
    order = _order(words, local)
    if order < 0:
        return words[1] if _is_known(words[1]) and not _is_family(words[1]) else ""
    if _is_known(first) or _is_family(last) or not _is_known(last):
        return first if _is_known(first) or (order > 0 and by_order) else ""
    return last if order == 0 and len(words) == 2 else ""  # Weber Anna, or a rare name before Simon


def _is_family(word: str) -> bool:
    return folded(word) in PARTICLES or folded(word) in FAMILY_FIRST


def _order(words: list[str], local: list[str]) -> int:
    """What the address says of the order: 1 as it is written, -1 the other way round, 0 nothing."""
    first, last, joined = folded(words[0]), folded(words[-1]), "".join(local)
    if len(local) > 1 and last in local:
        return -1 if local.index(last) == 0 else 1 if _begins(joined, first) else 0
    if _ends_with(joined, words[0]):
        return -1  # Jones Bob <bjones@…>
    if _ends_with(joined, words[-1]):
        return 1 if _begins(joined, first) else 0
    if joined in (first[0] + last[0], first[0]) and first[0] != last[0]:
        return 1
    return -1 if joined == last[0] + first[0] and first[0] != last[0] else 0


def _begins(joined: str, first: str) -> bool:
    return joined.startswith(first) or joined[:1] == first[:1]


def _ends_with(joined: str, word: str) -> bool:
    """Whether the address has something before the word, as before a family name."""
    spellings = (folded(word), folded(word.lower().translate(_UMLAUTS)))
    return any(joined.endswith(spelling) and joined != spelling for spelling in spellings)


def _from_address(parts: list[str]) -> str:
    """first.last@…, where first is known as a given name."""
    names = len(parts) == 2 and all(len(p) > 1 and is_latin(p.replace("-", "")) for p in parts)
    is_one = names and not any(map(is_none, parts)) and parts[0] not in EMPTY | PARTICLES | TITLES
    return _spelled(parts[0]) if is_one and _is_known(parts[0]) and not _is_family(parts[0]) else ""


def _spelled(word: str) -> str:
    """The name as it is greeted; "" for an initial, an abbreviation or a name too long."""
    if "." in word or not 1 < len(word) <= _LONGEST_WORD or not has_vowel(word):
        return ""
    if word.isupper() and len(word) < 4:
        return ""
    mixed = not (word.isupper() or word.islower())
    return word if mixed else "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
