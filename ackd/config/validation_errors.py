"""pydantic's errors as problems with a place, the path in words, and the remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from ackd.config.problems import Problem
from ackd.config.schema import Config, Section
from ackd.config.schema_help import allowed, field_at, fields_of, homes, names, section_of
from ackd.config.value_error import Location, Wrong, WrongParts, nearest, printable, shown
from ackd.config.yaml_document import Data, Document, Place

_WORD_LIKE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
_PLAIN = re.compile(r"[A-Za-z0-9][\w.@*+/-]*")
_SECRETS = ("mailbox", "password")
_MISSING = "this key is missing"
_MOST = 500  # finding the nearest names takes a while; nobody reads so many


def problems_of(
    document: Document, error: ValidationError, root: type[Section] = Config
) -> Iterator[Problem]:
    """Every mistake that validation found in a file, whose whole is `root`."""
    mistakes = error.errors(include_url=False, include_input=False)
    for mistake in mistakes[:_MOST]:
        where = tuple(mistake["loc"])
        reason = mistake.get("ctx", {}).get("error")
        if isinstance(reason, WrongParts):
            parts = (((*where, *below), wrong) for below, wrong in reason.parts)
            yield from (_wrong(document, *part, root) for part in parts if part[0] not in document.spoilt)
        elif where in document.spoilt:
            continue
        elif isinstance(reason, Wrong):
            yield _wrong(document, where, reason, root)
        elif mistake["type"] == "extra_forbidden":
            yield _unknown(document, where, root)
        elif not _follows(mistake, mistakes):
            wrong = as_wrong(where, _value(document.data, where), mistake, root)
            yield _wrong(document, where, wrong, root)


def _follows(mistake: Any, mistakes: Sequence[Any]) -> bool:
    """Whether a mistake is only there because of another one: a list is too short when wrong entries don't
    count."""
    where = mistake["loc"]
    below = (other for other in mistakes if other is not mistake and other["loc"][: len(where)] == where)
    is_short = mistake["type"] == "too_short" and any(below)
    return is_short or mistake["type"] == "default_factory_not_called"


def as_wrong(where: Location, value: object, mistake: Any, root: type[Section] = Config) -> Wrong:
    """One of pydantic's own errors, of a value at a place."""
    info = field_at(where, root)
    words = allowed_at(where, root)
    if mistake["type"] == "missing":
        return Wrong(_MISSING, allowed=words)
    if mistake["type"] == "tuple_type" and isinstance(value, str) and info and not section_of(info):
        return Wrong(allowed=words, near=f"[{_in_yaml(value)}]")
    near = nearest(value, names(info)) if info and isinstance(value, str) else None
    return Wrong(allowed=words, near=near, hide=mistake["type"] == "model_type")


def allowed_at(where: Location, root: type[Section] = Config) -> str:
    """What a value at a place may be, in words."""
    info = field_at(where, root)
    in_list = bool(where) and isinstance(where[-1], int)
    return allowed(info, item=in_list) if info else _keys(root)


def _keys(section: type[Section]) -> str:
    return f"a map with the keys {', '.join(fields_of(section))}"


def _wrong(document: Document, where: Location, wrong: Wrong, root: type[Section]) -> Problem:
    hide = wrong.hide or where[-1:] == _SECRETS[-1:] or where[:2] == _SECRETS
    missing = where not in document.places
    found = (
        ""
        if missing
        else f"found {_hidden(document, where) if hide else shown(_value(document.data, where))}"
    )
    detail = wrong.detail or (_MISSING if missing else "")
    parts = [found, detail, f"allowed: {wrong.allowed or allowed_at(where, root)}"]
    parts.append(f"did you mean `{printable(wrong.near)}`?" if wrong.near else "")
    return _problem(document, where, "; ".join(part for part in parts if part))


def _hidden(document: Document, where: Location) -> str:
    value = _value(document.data, where)
    return "a text (not shown)" if isinstance(value, str) and value.strip() else shown(value)


def _unknown(document: Document, where: Location, root: type[Section]) -> Problem:
    """A key that the schema doesn't have, with the one that was probably meant."""
    key = str(where[-1])
    above = field_at(where[:-1], root)
    section = section_of(above) if above is not None else root
    known = list(fields_of(section)) if section is not None else []
    elsewhere = homes().get(key, ()) if root is Config else ()
    near = nearest(key.strip(), known) or (elsewhere[0] if elsewhere else None)
    name = (
        f"`{printable(key)}`"
        if key in homes() or _may_show(document, where, near)
        else "like this (not shown)"
    )
    hint = f"; did you mean `{near}`?" if near else ""
    what = f"there is no key {name}; allowed: {', '.join(known)}{hint}"
    return _problem(document, where[:-1], what, at=_place(document, where).key)


def _may_show(document: Document, where: Location, near: str | None) -> bool:
    """Whether an unknown key is surely no secret that slipped into the next line: it looks like
    a key, and is like a known one or has a value."""
    key = str(where[-1])
    value = _value(document.data, where)
    has_value = isinstance(value, list) or (isinstance(value, str) and bool(value.strip()))
    return (
        bool(key) and _WORD_LIKE.issuperset(key) and where[:2] != _SECRETS and (near is not None or has_value)
    )


def _problem(document: Document, where: Location, what: str, *, at: tuple[int, int] | None = None) -> Problem:
    place = _place(document, where)
    there = _value(document.data, where) is not None
    line, column = at or (place.value if there else place.key)
    names = [name for new, name in document.renamed.items() if where[: len(new)] == new]
    old = f"; it stands here by its old name `{names[0]}`" if names else ""
    return Problem(line, column, f"{path_words(document.data, where)}: {what}{old}")


def _place(document: Document, where: Location) -> Place:
    """The place of a value, or of the nearest part of the file that would hold it."""
    while where not in document.places:
        where = where[:-1]
    return document.places[where]


def _value(data: Data, where: Location) -> Data:
    for step in where:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def path_words(data: Data, where: Location) -> str:
    """A place in words: "rules, entry 2 (the board), when, from"."""
    words: list[str] = []
    for depth, step in enumerate(where):
        if isinstance(step, str):
            words.append(printable(step) or "(empty)")
            continue
        entry = _value(data, where[: depth + 1])
        name = entry.get("name") if isinstance(entry, dict) else None
        words.append(f"entry {step + 1}" + (f" ({printable(name)})" if isinstance(name, str) else ""))
    return ", ".join(words) or "the configuration"


def _in_yaml(value: object) -> str:
    """A value as an entry of a list in YAML: in quotes where it would mean something else without them."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
