"""How texts are compared in searches: folded, and held against what is wanted in one of some modes."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """Where in a text another one must stand."""

    WHOLE = "whole"
    PREFIX = "prefix"
    SUBSTRING = "substring"
    WORD_PREFIX = "word_prefix"


class Ignoring(StrEnum):
    """What doesn't count when texts are compared."""

    NOTHING = "nothing"
    CASE = "case"
    ACCENTS = "accents"
    BOTH = "both"


def fold(ignoring: Ignoring) -> Callable[[str], str]:
    """How texts are made comparable: without case, without accents, or as they are."""
    no_case = ignoring in (Ignoring.CASE, Ignoring.BOTH)
    no_accents = ignoring in (Ignoring.ACCENTS, Ignoring.BOTH)

    def folded(text: str) -> str:
        if no_accents:
            text = "".join(
                char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
            )
        return text.casefold() if no_case else text

    return folded


def _starts_a_word(text: str, wanted: str) -> bool:
    return text.startswith(wanted) or f" {wanted}" in text


CONTAINS: dict[str, Callable[[str, str], bool]] = {
    Mode.WHOLE: lambda text, wanted: text == wanted,
    Mode.PREFIX: lambda text, wanted: text.startswith(wanted),
    Mode.SUBSTRING: lambda text, wanted: wanted in text,
    Mode.WORD_PREFIX: _starts_a_word,
}
_FOLDS: dict[str, Callable[[str], str]] = {one: fold(one) for one in Ignoring}


def plain(value: Any) -> Any:
    """A value as it is compared: texts without case."""
    return value.casefold() if isinstance(value, str) else value


def _contains(value: Any, wanted: str, mode: str, ignoring: str) -> bool:
    return isinstance(value, str) and CONTAINS[mode](_FOLDS[ignoring](value), wanted)


def teach(db: sqlite3.Connection) -> None:
    """Let SQL compare as searches do: ``plain(value)``, ``contains(value, folded, mode, ignoring)``."""
    db.create_function("plain", 1, plain, deterministic=True)
    db.create_function("contains", 4, _contains, deterministic=True)
