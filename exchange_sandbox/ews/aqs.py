"""Query strings: the common part of Advanced Query Syntax that FindItem takes, such as
``subject:report AND (from:bob OR to:carol) received:>2026-11-01 -hasattachment:yes``.

Words match the beginning of words, quoted phrases match whole ones; neither minds case or accents. What
stands side by side must all match. AND, OR and NOT are operators when they are in capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from exchange_sandbox.ews.aqs_values import moments, sizes, yes
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, FlagStatus, Key, Stream

Test = Callable[[Item, Reader], bool]

_DEEPEST = 50
_WORD = re.compile(r"\w+")
_TO, _CC, _BCC = Key.TO, Key.CC, Key.BCC
_TEXTS = {
    "subject": (Key.SUBJECT,),
    "title": (Key.SUBJECT,),
    "body": (Stream.BODY,),
    "content": (Stream.BODY,),
    "from": (Key.FROM, Key.SENDER),
    "sender": (Key.FROM, Key.SENDER),
    "to": (_TO,),
    "cc": (_CC,),
    "bcc": (_BCC,),
    "recipients": (_TO, _CC, _BCC),
    "participants": (Key.FROM, Key.SENDER, _TO, _CC, _BCC),
    "category": (Key.CATEGORIES,),
    "categories": (Key.CATEGORIES,),
    "attachment": (Key.ATTACHMENTS,),
    "attachments": (Key.ATTACHMENTS,),
    "attachmentnames": (Key.ATTACHMENTS,),
    "location": (Key.LOCATION,),
}
_ALL = (Key.SUBJECT, Key.FROM, Key.SENDER, _TO, _CC, _BCC, Key.CATEGORIES, Key.ATTACHMENTS, Key.LOCATION,
        Key.DISPLAY_NAME, Key.COMPANY, Key.EMAILS, Stream.BODY)  # fmt: skip
_MOMENTS = {"received": Key.RECEIVED, "sent": Key.SENT, "created": Key.CREATED,
            "modified": Key.MODIFIED, "start": Key.START, "due": Key.DUE_DATE}  # fmt: skip
_FLAGS: dict[str, Callable[[Item], bool]] = {
    "hasattachment": lambda item: any(not one.get("is_inline") for one in item.bag.get(Key.ATTACHMENTS, ())),
    "read": lambda item: bool(item.bag.get(Key.IS_READ, True)),
    "isflagged": lambda item: item.bag.get(Key.FLAG, {}).get("status") == FlagStatus.FLAGGED,
    "isdraft": lambda item: bool(item.bag.get(Key.IS_DRAFT)),
}
_FLAGS |= {
    "hasattachments": _FLAGS["hasattachment"],
    "isread": _FLAGS["read"],
    "hasflag": _FLAGS["isflagged"],
}
_WORDS = {"importance": Key.IMPORTANCE, "sensitivity": Key.SENSITIVITY}
_KINDS = {
    "email": ("Message",),
    "meetings": (
        "CalendarItem",
        "MeetingMessage",
        "MeetingRequest",
        "MeetingResponse",
        "MeetingCancellation",
    ),
    "contacts": ("Contact", "DistributionList"),
    "tasks": ("Task",),
    "posts": ("PostItem",),
}
_CLASSES = {"notes": "ipm.stickynote", "journals": "ipm.activity", "docs": "ipm.document"}
_KEYS = "|".join(sorted({*_TEXTS, *_MOMENTS, *_FLAGS, *_WORDS, "size", "kind"}, key=lambda key: -len(key)))
_TOKEN = re.compile(
    rf'\s*(?:(?P<mark>[()])|(?P<minus>-)(?=[\w"(])|(?P<quoted>"[^"]*"?)'
    rf'|(?P<key>(?i:{_KEYS}))\s*:\s*(?=[^\s)])|(?P<word>[^\s()"]+))'
)


def parse(text: str, zone: tzinfo, now: datetime) -> Test:
    """Read a query string. Raises ErrorRestrictionTooComplex for one that is nested too deep."""
    tokens = [(str(one.lastgroup), one[str(one.lastgroup)]) for one in _TOKEN.finditer(text)]
    parser = _Parser(tokens, zone, now)
    tests = []
    while parser.at < len(tokens):
        tests.append(parser.either("", 0))
        parser.at += 1  # a bracket that closes nothing
    return _every(tests)


@dataclass(slots=True)
class _Parser:
    tokens: list[tuple[str, str]]
    zone: tzinfo
    now: datetime
    at: int = field(default=0)

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self.at += 1
        return token

    def either(self, key: str, depth: int) -> Test:
        """Parts joined by OR."""
        if depth > _DEEPEST:
            raise EwsError("ErrorRestrictionTooComplex")
        groups = [self._both(key, depth)]
        while self._peek() == ("word", "OR"):
            self.at += 1
            groups.append(self._both(key, depth))
        parts = [_every(group) for group in groups if group]  # nothing on a side of OR is no side
        return lambda item, reader: not parts or any(one(item, reader) for one in parts)

    def _both(self, key: str, depth: int) -> list[Test]:
        parts = []
        while self._peek() not in (("end", ""), ("mark", ")"), ("word", "OR")):
            if self._peek() == ("word", "AND"):
                self.at += 1
            else:
                parts.append(self._one(key, depth))
        return parts

    def _one(self, key: str, depth: int) -> Test:
        negated = False
        while self._peek() in (("word", "NOT"), ("minus", "-")):
            self.at += 1
            negated = not negated
        test = self._term(key, depth)
        return (lambda item, reader: not test(item, reader)) if negated else test

    def _term(self, key: str, depth: int) -> Test:
        kind, text = self._next()
        if kind == "key":
            key = text.lower()
            kind, text = self._next()
        if (kind, text) == ("mark", "("):
            inner = self.either(key, depth + 1)
            self.at += self._peek() == ("mark", ")")
            return inner
        if kind not in ("word", "quoted"):
            self.at -= 1
            return _every([])
        return self._value(key, text.strip('"'), whole=kind == "quoted")

    def _value(self, key: str, text: str, *, whole: bool) -> Test:
        if key in _MOMENTS:
            name, within = _MOMENTS[key], moments(text, self.zone, self.now)
            return lambda item, reader: within(item.bag.get(name))
        if key == "size":
            fits = sizes(text)
            return lambda item, reader: fits(item.bag.get(Key.SIZE))
        if key in _FLAGS:
            flag, wanted = _FLAGS[key], yes(text)
            return lambda item, reader: flag(item) is wanted
        if key in _WORDS:
            name, word = _WORDS[key], {"medium": "normal"}.get(text.lower(), text.lower())
            return lambda item, reader: item.bag.get(name, "normal") == word
        if key == "kind":
            return _of_kind(text.lower())
        return _holding(_TEXTS.get(key, _ALL), _folded_words(text), whole=whole)


def _every(tests: list[Test]) -> Test:
    return lambda item, reader: all(one(item, reader) for one in tests)


def _of_kind(text: str) -> Test:
    elements, cls = _KINDS.get(text, _KINDS.get(f"{text}s", ())), _CLASSES.get(text, _CLASSES.get(f"{text}s"))

    def test(item: Item, reader: Reader) -> bool:
        lower = item.cls.lower()
        return lower.startswith(cls) if cls else type_of(item.cls).element in elements

    return test


def _holding(names: tuple[str, ...], wanted: list[str], *, whole: bool) -> Test:
    """Whether one of some properties has these words side by side."""

    def test(item: Item, reader: Reader) -> bool:
        return any(
            _has(_folded_words(text), wanted, whole) for name in names for text in _texts(item, reader, name)
        )

    return test


def _has(words: list[str], wanted: list[str], whole: bool) -> bool:
    if not wanted:
        return False
    *firsts, last = wanted
    for at in range(len(words) - len(firsts)):
        found = words[at + len(firsts)]
        if (found == last if whole else found.startswith(last)) and words[at : at + len(firsts)] == firsts:
            return True
    return False


def _texts(item: Item, reader: Reader, name: str) -> list[str]:
    """The texts in a property: of a mailbox name and address, of an attachment its name."""
    if name == Stream.BODY:
        return [reader.body(item, BodyType.TEXT)["text"]]
    return _flat(item.bag.get(name))


def _flat(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _flat(one)]
    if isinstance(value, dict):
        kept = {"name": value["name"]} if "name" in value and "part" in value else value
        return [text for one in kept.values() for text in _flat(one)]
    return [value] if isinstance(value, str) else []


def _folded_words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text)
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)).casefold())
