"""What the schema says about its keys, in words: for messages, the example and the reference."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from ackd.config.field_types import Kind
from ackd.config.schema import Config, Section
from ackd.config.value_error import Location, choices


def fields_of(section: type[Section]) -> dict[str, FieldInfo]:
    """A section's fields by the names of their keys."""
    return {info.alias or name: info for name, info in section.model_fields.items()}


def section_of(info: FieldInfo) -> type[Section] | None:
    """The section that a field holds, or holds a list of; None for a plain value."""
    return _section(info.annotation)


def _section(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    found = (_section(part) for part in get_args(annotation) if part is not ...)
    return next((section for section in found if section is not None), None)


def field_at(where: Location, root: type[Section] = Config) -> FieldInfo | None:
    """The field at a place in a file, whose whole is `root`; an index stands for the list's field itself."""
    section: type[Section] | None = root
    info: FieldInfo | None = None
    for step in where:
        if isinstance(step, int):
            continue
        info = fields_of(section).get(step) if section is not None else None
        if info is None:
            return None
        section = section_of(info)
    return info


def help_of(info: FieldInfo) -> str:
    """What a key means."""
    section = section_of(info)
    paragraph = (inspect.getdoc(section) or "").split("\n\n")[0] if section else ""
    return info.description or " ".join(paragraph.split())


def allowed(info: FieldInfo, *, item: bool = False) -> str:
    """What a key may be set to, in words; with `item` one entry of its list."""
    annotation = info.annotation
    if item:
        annotation = next((part for part in get_args(annotation) if part is not ...), annotation)
    kinds = [kind for kind in info.metadata if isinstance(kind, Kind)]
    return kinds[0].allowed if kinds else _words(annotation)


def names(info: FieldInfo) -> list[str]:
    """The names among the allowed values of a key."""
    return list(_names(info.annotation))


def _names(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (str(name) for name in get_args(annotation))
    elif isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        yield from (str(member.value) for member in annotation)
    else:
        for part in get_args(annotation):
            yield from _names(part)


def _words(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        kinds = [kind for kind in parts[1:] if isinstance(kind, Kind)]
        return kinds[0].allowed if kinds else _words(parts[0])
    if origin in (Union, UnionType):
        words = [_words(part) for part in parts if part is not NoneType]
        return "; or ".join([*words, "null"] if NoneType in parts else words)
    if origin is tuple:
        return f"a list; each entry: {_words(parts[0])}"
    listed = list(_names(annotation))
    if listed:
        return choices(listed)
    section = _section(annotation)
    return f"a map with the keys {', '.join(fields_of(section))}" if section else "a text"


@cache
def homes() -> dict[str, tuple[str, ...]]:
    """For each key the dotted names under which the schema has it."""
    found: dict[str, tuple[str, ...]] = {}
    for key, dotted in _all_keys(Config, ""):
        found[key] = (*found.get(key, ()), dotted)
    return found


def _all_keys(section: type[Section], before: str) -> Iterator[tuple[str, str]]:
    for key, info in fields_of(section).items():
        yield key, f"{before}{key}"
        below = section_of(info)
        if below is not None and get_origin(info.annotation) is not tuple:
            yield from _all_keys(below, f"{before}{key}.")
