"""Kinds of property values: how each is read from XML, kept as JSON, written to XML and compared.

A moment is an ISO text in UTC (see :func:`exchange_sandbox.clock.iso`). Every ``parse`` raises
SchemaViolation for what the schema forbids.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Protocol, Self

from exchange_sandbox.clock import iso
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.xml import Element, SchemaViolation, listed, sub, text_of

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_LANGUAGE = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Style:
    """How values are written: ``fractions`` of seconds (a quirk), ``names_only`` for senders in FindItem."""

    fractions: bool = False
    names_only: bool = False


class Kind(Protocol):
    """One kind of value."""

    def parse(self, element: Element, zone: tzinfo) -> Any:
        """The value of an element; moments without an offset are in ``zone``."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        """Append the element ``name`` with the value."""

    def constant(self, text: str, zone: tzinfo) -> Any:
        """The value of a Constant in a restriction; raises EwsError if the kind cannot be compared."""


class Incomparable:
    """What cannot stand in a restriction."""

    def constant(self, text: str, zone: tzinfo) -> Any:
        raise EwsError("ErrorUnsupportedPathForQuery")


class ReadOnly(Incomparable):
    """What only the server says; subclasses write it."""

    def parse(self, element: Element, zone: tzinfo) -> Any:
        """Present, whatever it says; that it cannot be set is found by its access."""
        return True

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        """Written by subclasses."""
        raise NotImplementedError


class Text:
    """A string."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return text_of(element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, value)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


class Language(Text):
    """The name of a language, such as en-US (xs:language)."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        text = text_of(element).strip()
        if not _LANGUAGE.fullmatch(text):
            raise SchemaViolation(f"'{text[:40]}' is not a valid language.", element)
        return text


class Boolean:
    """true, false, 1 or 0."""

    def parse(self, element: Element, zone: tzinfo) -> bool:
        return _boolean(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, "true" if value else "false")

    def constant(self, text: str, zone: tzinfo) -> bool:
        return _boolean(text, None)


def _boolean(text: str, element: Element | None) -> bool:
    value = {"true": True, "1": True, "false": False, "0": False}.get(text.strip())
    if value is None:
        raise SchemaViolation(f"'{text[:40]}' is not a valid boolean value.", element)
    return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds; by default of 32 bits."""

    least: int = -(2**31)
    most: int = 2**31 - 1

    def parse(self, element: Element, zone: tzinfo) -> int:
        return self._read(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, str(value))

    def constant(self, text: str, zone: tzinfo) -> int:
        return self._read(text, None)

    def _read(self, text: str, element: Element | None) -> int:
        if not _INTEGER.fullmatch(text.strip()) or not self.least <= int(text) <= self.most:
            raise SchemaViolation(f"'{text[:40]}' is not a valid integer here.", element)
        return int(text)


class Bounded(Integer):
    """A whole number that the schema does not bound, but what it counts does."""

    __slots__ = ()

    def _read(self, text: str, element: Element | None) -> int:
        number = Integer()._read(text, element)
        if not self.least <= number <= self.most:
            raise EwsError(
                "ErrorInvalidValueForProperty", f"{number} is not between {self.least} and {self.most}."
            )
        return number


class Double:
    """A number."""

    def parse(self, element: Element, zone: tzinfo) -> float:
        return _double(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, shown_number(value))

    def constant(self, text: str, zone: tzinfo) -> float:
        return _double(text, None)


def shown_number(value: float) -> str:
    """A number as it is sent: with all its digits, whole ones without a point."""
    return repr(float(value)).removesuffix(".0")


def _double(text: str, element: Element | None) -> float:
    if text.strip() in ("NaN", "INF", "-INF"):  # numbers to the schema, not to a property
        raise EwsError("ErrorInvalidValueForProperty", f"{text.strip()} is no value for a property.")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise SchemaViolation(f"'{text[:40]}' is not a valid number.", element)
    return value


class Moment:
    """A date with a time; fractions and offsets are read, whole seconds in UTC are written."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return parse_moment(text_of(element), zone, element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, shown_moment(value, style))

    def constant(self, text: str, zone: tzinfo) -> str:
        """In a search a date alone is its first moment, as to all readers of XSD's dates (XmlConvert)."""
        day = _DAY.fullmatch(text.strip())
        return parse_moment(f"{day[0]}T00:00:00" if day else text, zone, None)


def parse_moment(text: str, zone: tzinfo, element: Element | None) -> str:
    """An xs:dateTime as the store keeps it; raises SchemaViolation."""
    match = _MOMENT.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        micro = int((match[7] or "0")[:6].ljust(6, "0"))
        moment = datetime(year, month, day, hour % 24, minute, second, micro, tzinfo=_offset(match[8], zone))
        if hour == 24 and not (minute or second or micro):  # xs:dateTime's other midnight
            moment += timedelta(days=1)
        elif hour >= 24:
            raise ValueError
        return iso(moment)
    except (ValueError, OverflowError) as error:
        raise SchemaViolation(f"'{text[:40]}' is not a valid dateTime value.", element) from error


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))


def shown_moment(value: str, style: Style) -> str:
    """A moment as it is sent: whole seconds, or with milliseconds where a quirk wants fractions."""
    return value[:23] + "Z" if style.fractions else value[:19] + "Z"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words; ``kept`` is how the store says each, if not in the same way."""

    words: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "kept", self.kept or self.words)

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> Self:
        """The choice of the words for which there is one of the store's."""
        return cls(tuple(kept), tuple(kept.values()))

    def parse(self, element: Element, zone: tzinfo) -> str:
        return self._read(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, self.shown(value))

    def constant(self, text: str, zone: tzinfo) -> str:
        return self._read(text, None)

    def shown(self, value: str) -> str:
        """The word for what the store keeps."""
        return self.words[self.kept.index(value)] if value in self.kept else value

    def rank(self, value: str) -> int:
        """The place of what the store keeps among all, -1 of what is none."""
        return self.kept.index(value) if value in self.kept else -1

    def _read(self, text: str, element: Element | None) -> str:
        if text.strip() not in self.words:
            raise SchemaViolation(f"'{text[:40]}' is not one of {', '.join(self.words)}.", element)
        return self.kept[self.words.index(text.strip())]


class Word(Choice):
    """A choice that only the server makes: any text may be compared with it."""

    __slots__ = ()

    def _read(self, text: str, element: Element | None) -> str:
        return self.kept[self.words.index(text)] if text in self.words else text


class Strings:
    """A list of strings; in a restriction any of them may match."""

    def parse(self, element: Element, zone: tzinfo) -> list[str]:
        return [text_of(child) for child in listed(element, "t:String", least=0)]

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        if value:
            box = sub(parent, name)
            for one in value:
                sub(box, "t:String", one)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


class Binary(Incomparable):
    """Bytes, kept as base64."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return parse_base64(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, value)


def parse_base64(text: str, element: Element | None) -> str:
    """Base64 in its one canonical form; raises SchemaViolation."""
    try:
        return base64.b64encode(base64.b64decode("".join(text.split()), validate=True)).decode()
    except (binascii.Error, ValueError) as error:
        raise SchemaViolation("The value is not valid base64.", element) from error


class Unknown(ReadOnly):
    """A property that the schema has and the sandbox has not: never written, refused when set."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        return
