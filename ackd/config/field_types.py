"""How a type of the configuration is read and described: one declaration for both.

A `Kind` stands in an annotation, as `Annotated[Duration, Kind(...)]`. From it come the
validation (pydantic), the words for messages and documentation, and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from ackd.config.value_error import Location, Wrong, WrongParts

T = TypeVar("T")

_MOST_DIGITS = 9
_MOST_WRONG = 100  # of one list: whoever has more mends these first


@dataclass(frozen=True, slots=True)
class Base:
    """What relative paths start from: the configuration's folder, and the user's home."""

    folder: Path
    home: Path


@dataclass(frozen=True)
class Kind:
    """One type of value: how it is read, what is allowed (in words), its JSON Schema.

    `read` takes what the file holds (text, list, map or None) or a value that is ready, and
    raises Wrong or WrongParts. With `based` it also takes the `Base`, None where there is none.
    """

    read: Callable[..., Any]
    allowed: str
    json: dict[str, Any] = field(hash=False)
    based: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.json)

    def _validate(self, value: Any, info: ValidationInfo) -> Any:
        return self.read(value, info.context) if self.based else self.read(value)


def read_flag(value: object) -> bool:
    """True or false, in any of YAML's spellings."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        folded = value.casefold()
        if folded in ("true", "yes", "on"):
            return True
        if folded in ("false", "no", "off"):
            return False
    raise Wrong


def read_count(value: object) -> int:
    """A whole number from 1."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise Wrong


def read_text(value: object) -> str:
    """One line of text."""
    if not isinstance(value, str):
        raise Wrong
    text = value.strip()
    if not text:
        raise Wrong
    if len(text) > 1000:
        raise Wrong("it is longer than 1,000 characters")
    if not text.isprintable():
        raise Wrong('it has a line break or a control character in it (in "…" a backslash begins one)')
    return text


def read_category(value: object) -> str:
    """The name of a category: Outlook takes a comma or a semicolon for the end of one."""
    text = read_text(value)
    if "," in text or ";" in text:
        raise Wrong("a comma or a semicolon would make two categories of it in Outlook")
    return text


def read_path(value: object, base: Base | None) -> Path:
    """A path; a relative one counts from the configuration's folder, `~` is the home."""
    text = read_text(value if not isinstance(value, Path) else str(value))
    if base is None:
        return Path(text)
    if text == "~" or text.startswith("~/"):
        return base.home / text[2:]
    return base.folder / text


def read_file(value: object, base: Base | None) -> Path:
    """The path of a file that is there."""
    path = read_path(value, base)
    try:
        there = path.is_file()
    except OSError:
        there = False
    if not there:
        raise Wrong("there is no such file")
    return path


def read_folder(value: object, base: Base | None) -> Path:
    """The path of a directory, which may be made later."""
    path = read_path(value, base)
    try:
        taken = path.exists() and not path.is_dir()
    except OSError:
        taken = True
    if taken:
        raise Wrong("this is no directory")
    return path


def read_each(values: list[Any] | tuple[Any, ...], read: Callable[[Any], T]) -> tuple[T, ...]:
    """Every entry of a list, read. Raises WrongParts with all that are wrong (up to a limit)."""
    found: list[T] = []
    parts: list[tuple[Location, Wrong]] = []
    for index, value in enumerate(values):
        try:
            found.append(read(value))
        except Wrong as wrong:
            parts.append(((index,), wrong))
        if len(parts) >= _MOST_WRONG:
            break
    if parts:
        raise WrongParts(parts)
    return tuple(found)


def read_one_or_each(value: object, read: Callable[[Any], T]) -> tuple[T, ...]:
    """A single value, or every entry of a list, read."""
    if isinstance(value, list | tuple):
        if not value:
            raise Wrong
        return read_each(value, read)
    return (read(value),)


FLAG = Kind(read_flag, "true or false", {"type": "boolean"})
COUNT = Kind(read_count, "a whole number from 1", {"type": "integer", "minimum": 1})
TEXT = Kind(read_text, "a text of one line", {"type": "string", "minLength": 1})
CATEGORY = Kind(
    read_category,
    "a text of one line, without commas and semicolons",
    {"type": "string", "minLength": 1, "pattern": "^[^,;]*$"},
)
FILE = Kind(read_file, "the path of a file", {"type": "string"}, based=True)
PATH = Kind(read_path, "the path of a file", {"type": "string"}, based=True)
FOLDER = Kind(read_folder, "the path of a directory", {"type": "string"}, based=True)
