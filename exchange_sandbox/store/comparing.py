"""How texts are compared in searches: folded, and held against what is wanted in one of some modes."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable
from typing import Any

MODES = ("FullString", "Prefixed", "Substring", "PrefixOnWords", "ExactPhrase")
COMPARISONS = (
    "Exact",
    "IgnoreCase",
    "IgnoreNonSpacingCharacters",
    "Loose",
    "IgnoreCaseAndNonSpacingCharacters",
    "LooseAndIgnoreCase",
    "LooseAndIgnoreNonSpace",
    "LooseAndIgnoreCaseAndIgnoreNonSpace",
)


def fold(comparison: str) -> Callable[[str], str]:
    """How texts are made comparable: without case, without accents, or as they are."""
    no_case = "IgnoreCase" in comparison or comparison == "Loose"
    no_accents = "NonSpac" in comparison or comparison == "Loose"

    def folded(text: str) -> str:
        if no_accents:
            text = "".join(
                char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
            )
        return text.casefold() if no_case else text

    return folded


def _prefix_on_words(text: str, wanted: str) -> bool:
    return text.startswith(wanted) or f" {wanted}" in text


CONTAINS: dict[str, Callable[[str, str], bool]] = {
    "FullString": lambda text, wanted: text == wanted,
    "Prefixed": lambda text, wanted: text.startswith(wanted),
    "Substring": lambda text, wanted: wanted in text,
    "PrefixOnWords": _prefix_on_words,
    "ExactPhrase": lambda text, wanted: wanted in text,
}
_FOLDS = {name: fold(name) for name in COMPARISONS}


def plain(value: Any) -> Any:
    """A value as it is compared: texts without case."""
    return value.casefold() if isinstance(value, str) else value


def _contains(value: Any, wanted: str, mode: str, comparison: str) -> bool:
    return isinstance(value, str) and CONTAINS[mode](_FOLDS[comparison](value), wanted)


def teach(db: sqlite3.Connection) -> None:
    """Let SQL compare as searches do: ``plain(value)``, ``contains(value, folded, mode, comparison)``."""
    db.create_function("plain", 1, plain, deterministic=True)
    db.create_function("contains", 4, _contains, deterministic=True)
