"""The words of letters that a language's `letters.txt` tells, as values with a field for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, get_type_hints

from ackd.text.languages import ENGLISH, languages

_Words = TypeVar("_Words")


def spoken(code: str) -> str:
    """The language in which letters, tasks and dates are written: English where that has no words for
    them."""
    known = languages().get(code)
    return code if known is not None and known.file("letters") else ENGLISH


def texts(code: str, section: str) -> tuple[str, dict[str, str]]:
    """The language that is spoken, and the texts of a section by their names."""
    code = spoken(code)
    return code, languages()[code].texts(section)


def filled(words: type[_Words], said: Mapping[str, str], **given: object) -> _Words:
    """A value with a text in each field; `given` are the fields that aren't texts. Raises ValueError for a
    text that is missing, or that no field is for."""
    types = get_type_hints(words)
    wanted = types.keys() - given.keys()
    if wrong := sorted(wanted ^ said.keys()):
        raise ValueError(f"letters.txt of {given.get('code')}: missing, or not known: {', '.join(wrong)}")
    values = {name: text if types[name] is str else _forms(text) for name, text in said.items()}
    return words(**values, **given)


def _forms(text: str) -> tuple[str, ...]:
    """The forms of a counted phrase: "one | several", or "one | few | many"."""
    return tuple(form.strip() for form in text.split("|"))
