"""How to greet the asker: by the first name if the display name surely tells it, else by none."""

from __future__ import annotations

import re
import unicodedata

from ackd.letters.clean import one_line
from ackd.letters.name_words import AFTER, FAMILY_FIRST, PARTICLES, ROLES, TITLES
from ackd.model import Address

_LOOKED_AT = 120  # characters of a display name; a longer one isn't a person's
_LONGEST = 24
_MOST_WORDS = 5
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\}")
_TAIL = re.compile(
    r"\s+[-–—|•·]\s.*|[/|@].*|\s+(?:via|c/o|on behalf of|im auftrag von|i\. ?a\.|de la part de)\s.*", re.I
)
_QUOTED = re.compile(r"^([\"'“”„‘’«»])(.*)[\"'“”„‘’«»]$")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NICKNAME = re.compile(r"[\"“”„«»][^\"“”„«»]*[\"“”„«»]")


def first_name(address: Address) -> str:
    """The first name to greet with; "" where it is in doubt: no name is better than a wrong one.

    Understood: "Alice Smith", "Smith, Alice (HR)", "Dr. Alice Smith, PhD", "SMITH Alice",
    "Alice Smith/HR/CORP", "alice.smith@…". Left without a name: initials, roles and teams,
    scripts in which the order of names varies, and names that the address contradicts.
    """
    local = _local_parts(address.email)
    shown = one_line(address.name, _LOOKED_AT)
    if not shown or "@" in shown:
        return _from_address(_local_parts(shown) if shown else local)
    words, given_known = _ordered(_stripped(shown))
    if not words or not all(_may_be_name(word) for word in words) or len(words) > _MOST_WORDS:
        return ""
    if not given_known and _order_in_doubt(words, local):
        return ""
    return _spelled(words[0])


def _stripped(shown: str) -> str:
    """Without brackets, quotes and what follows a name."""
    for _ in range(3):  # brackets within brackets
        shown = _BRACKETS.sub(" ", shown)
    shown = _TAIL.sub("", f" {shown}").strip()
    if quoted := _QUOTED.match(shown):
        shown = quoted[2]
    return " ".join(_NICKNAME.sub(" ", shown).split())


def _ordered(shown: str) -> tuple[list[str], bool]:
    """The words of a name with the first name first, and whether their order is certain."""
    parts = [part for part in (_words(part) for part in shown.split(",")) if part]
    if len(parts) > 2 or (len(parts) == 2 and not parts[1]):
        return [], False
    if len(parts) == 2:
        in_two = len(parts[1]) > 1 and _plain(parts[0][0]) in FAMILY_FIRST  # Ng, Mei Ling
        return ([], False) if in_two else (parts[1] + parts[0], True)
    words = parts[0] if parts else []
    capitals = [word for word in words if len(word) > 2 and word.isupper() and _has_vowel(word)]
    if capitals and len(capitals) < len(words):
        return [w for w in words if w not in capitals] + capitals, True  # SMITH Alice, Alice SMITH
    return words, False


def _words(part: str) -> list[str]:
    words = part.split()
    while words and _bare(words[0]) in TITLES:
        words = words[1:]
    while words and _bare(words[-1]) in AFTER:
        words = words[:-1]
    return words


def _bare(word: str) -> str:
    return word.lower().strip(".,")


def _may_be_name(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "")
    return bool(letters.rstrip(".")) and _bare(word) not in ROLES and _is_latin(letters.rstrip("."))


def _is_latin(letters: str) -> bool:
    return letters.isalpha() and all(unicodedata.name(c, "").startswith("LATIN ") for c in letters)


def _order_in_doubt(words: list[str], local: list[str]) -> bool:
    """Whether the first word may be the family name."""
    first, last = _plain(words[0]), _plain(words[-1])
    if first in PARTICLES or first in FAMILY_FIRST:
        return True
    if len(words) == 1:
        return first not in local[:1] or len(local) < 2
    if _ends_with(local, words[0]):
        return True  # Jones Bob <bjones@…>
    return last in local and local.index(last) == 0 and len(local) > 1


def _ends_with(local: list[str], word: str) -> bool:
    """Whether the address has something before the word, as before a family name."""
    address = "".join(local)
    spellings = (_plain(word), _plain(word.lower().translate(_UMLAUTS)))
    return any(address.endswith(spelling) and address != spelling for spelling in spellings)


def _local_parts(email: str) -> list[str]:
    local = email.strip().lower().split("@")[0].split("+")[0]
    return [_plain(part) for part in re.split(r"[._]", local[:_LOOKED_AT]) if part]


def _from_address(parts: list[str]) -> str:
    """first.last@…: two or three whole words, none of them a role's."""
    names = all(len(p) > 1 and _is_latin(p.replace("-", "")) and p not in ROLES for p in parts)
    known = len(parts) == 2 and names and parts[0] not in PARTICLES | TITLES
    return _spelled(parts[0]) if known and parts[0] not in FAMILY_FIRST else ""


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in folded if not unicodedata.combining(c))


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouyæøœ" for letter in _plain(word))


def _spelled(word: str) -> str:
    """The name as it is greeted; "" for an initial, an abbreviation or a name too long."""
    if "." in word or not 1 < len(word) <= _LONGEST or not _has_vowel(word):
        return ""
    if word.isupper() and len(word) < 4:
        return ""
    mixed = not (word.isupper() or word.islower())
    return word if mixed else "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
