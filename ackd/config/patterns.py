"""What a rule's condition compares with: a text, a glob, or a regular expression.

All of them run on the regular expressions of the Rust crate `regex`, which pydantic-core
carries: its time is linear in the text, whatever the expression and the text are.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

from ackd.config.field_types import Kind, read_one_or_each, read_text
from ackd.config.value_error import Wrong

_ANYTHING = re.compile(r"([\\.+*?()|\[\]{}^$#&~-])")


class PatternKind(enum.Enum):
    """How a pattern compares."""

    CONTAINS = "contains"
    EQUALS = "equals"
    GLOB = "glob"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing to compare with; upper and lower case are alike.

    `text` is what the file holds, without the slashes of a regular expression. In a glob `*`
    is any text; `?` is one character if `one` is set, else itself (subjects end with it).
    """

    kind: PatternKind
    text: str
    one: bool = False

    def __str__(self) -> str:
        return f"/{self.text}/" if self.kind is PatternKind.REGEX else self.text

    def matches(self, text: str) -> bool:
        """Whether the text is like this. Linear time; texts with lone surrogates too."""
        return _compiled(self.expression).isinstance_python(text.encode("utf-8", "replace").decode())

    @property
    def expression(self) -> str:
        """The pattern in the syntax of the Rust crate `regex`."""
        if self.kind is PatternKind.REGEX:
            return f"(?i){self.text}"
        literal = _ANYTHING.sub(r"\\\1", self.text)
        if self.kind is PatternKind.CONTAINS:
            return f"(?is){literal}"
        if self.kind is PatternKind.GLOB:
            literal = literal.replace(r"\*", ".*")
            literal = literal.replace(r"\?", ".") if self.one else literal
        return f"(?is)^{literal}$"


def _compile(expression: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=expression, regex_engine="rust-regex"))


_compiled = lru_cache(maxsize=256)(_compile)


def read_words(value: object) -> tuple[Pattern, ...]:
    """Patterns for subjects and texts: a plain one is contained in it."""
    return _read_all(value, PatternKind.CONTAINS)


def read_addresses(value: object) -> tuple[Pattern, ...]:
    """Patterns for addresses: a plain one is the whole address."""
    return _read_all(value, PatternKind.EQUALS)


def _read_all(value: object, plain: PatternKind) -> tuple[Pattern, ...]:
    return read_one_or_each(value, lambda item: item if isinstance(item, Pattern) else _read(item, plain))


def _read(item: object, plain: PatternKind) -> Pattern:
    text = read_text(item)
    of_address = plain is PatternKind.EQUALS
    if text.startswith("/"):
        return _regex(text)
    if "*" in text or (of_address and "?" in text):
        return Pattern(PatternKind.GLOB, text, one=of_address)
    if of_address and "@" not in text:
        near = f"*@{text}" if "." in text else f"{text}@*"
        raise Wrong("it has neither `@` nor `*`, so no address is like it", near=near)
    return Pattern(plain, text)


def _regex(text: str) -> Pattern:
    if len(text) < 3 or not text.endswith("/"):
        raise Wrong("a regular expression stands between two slashes: /release|go.live/")
    pattern = Pattern(PatternKind.REGEX, text[1:-1])
    try:
        _compile(pattern.expression)
    except SchemaError as error:
        raise Wrong(_place(str(error))) from None
    return pattern


def _place(error: str) -> str:
    """The engine's words on a broken expression, with the place: its last lines are the
    expression, a line with carets below the place, and `error: …`."""
    lines = error.splitlines()
    carets = next((line for line in lines if line.strip() and not line.strip().strip("^ ")), "")
    what = next(
        (line.removeprefix("error: ") for line in lines if line.startswith("error: ")), "it is too large"
    )
    what = re.sub(r"look-around.*", "look-around isn't supported, for it could take for ever", what)
    what = what.replace(
        "backreferences are not supported", "backreferences aren't supported, for they could take for ever"
    )
    at = carets.index("^") - len("    (?i)") + len("/") + 1 if carets else 0
    place = f" at character {at}" if at > 0 else ""
    return f"the regular expression is broken{place}: {what}"


_JSON = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
    ]
}
WORDS = Kind(read_words, "a text, a glob with *, /a regular expression/, or a list of them", _JSON)
ADDRESSES = Kind(
    read_addresses, "an address, a glob with *, /a regular expression/, or a list of them", _JSON
)
