"""From text to plain data with the place of everything in it.

YAML's own guesses (no → false, 09:00 → 540, 2026-12-24 → a date) are left out: every scalar
stays the text that the file holds, and the schema reads it as the type that belongs there.
Anchors, aliases and tags are refused: a configuration needs none, and they are how a small
file grows huge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from ackd.config.problems import Broken, Problem
from ackd.config.value_error import Location, shown
from ackd.config.yaml_errors import explain

Data = dict[str, "Data"] | list["Data"] | str | None

_DEEPEST = 20
_LONGEST = 2000
_NULLS = ("", "~", "null", "Null", "NULL")
_ALIAS = (
    "anchors and aliases (`&`, `*`) aren't supported; a text that begins with one of these signs needs quotes"
)
_TAG = "tags (`!`) aren't supported; a text that begins with `!` needs quotes"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, and its key; (line, column), from 1."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(slots=True)
class Document:
    """The file's data, the place of each part, and what is wrong with its form.

    `spoilt` values are None because of a problem that is told already. `renamed` are values that stand in the
    file under old names of their keys (`config.renamed`), by where they belong.
    """

    data: Data = None
    places: dict[Location, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    spoilt: set[Location] = field(default_factory=set)
    renamed: dict[Location, str] = field(default_factory=dict)


class _Composer(yaml.BaseLoader):
    """PyYAML's composer without aliases, tags and endless depth."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line, column = _mark(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Broken(Problem(line, column, _ALIAS))
        if getattr(event, "tag", None) is not None:
            raise Broken(Problem(line, column, _TAG))
        if self.depth >= _DEEPEST:
            raise Broken(Problem(line, column, f"maps and lists are nested deeper than {_DEEPEST} levels"))
        self.depth += 1
        try:
            node: yaml.Node | None = super().compose_node(parent, index)
        finally:
            self.depth -= 1
        return node


def parse(text: str) -> Document:
    """The document in a text. Raises Broken where it is no YAML."""
    root = compose(text)
    if root is None or (isinstance(root, yaml.ScalarNode) and _scalar(root) is None):
        raise Broken(Problem(1, 1, "the file is empty: begin with `ackd config example`"))
    if not isinstance(root, yaml.MappingNode):
        line, column = _mark(root.start_mark)
        raise Broken(
            Problem(line, column, "a configuration is a map of `key: value` lines, and this is none")
        )
    document = Document()
    document.data = _convert(document, root, ())
    document.places[()] = Place((1, 1), _mark(root.start_mark))
    return document


def compose(text: str) -> yaml.Node | None:
    """The tree of a text's nodes, whose marks tell where each stands in it. Raises Broken."""
    loader = None
    try:
        loader = _Composer(text)
        return loader.get_single_node()
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML lets ValueError and OverflowError slip from numbers in escapes and directives
        mark = loader.get_mark() if loader is not None else None
        raise Broken(explain(error, text, mark)) from None


def _convert(document: Document, node: yaml.Node, where: Location) -> Data:
    """A node as data. The depth is limited by the composer."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Data] = {}
        for key, key_node, value in _pairs(document, node, where):
            below = (*where, key)
            document.places[below] = Place(_mark(key_node.start_mark), _mark(value.start_mark))
            found[key] = _convert(document, value, below)
        return found
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            document.places[(*where, index)] = Place(_mark(item.start_mark), _mark(item.start_mark))
        return [_convert(document, item, (*where, index)) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)  # there is no fourth kind of node
    text = _text(document, node)
    if text is None and _scalar(node) is not None:
        document.spoilt.add(where)
    return text


def _text(document: Document, node: yaml.ScalarNode) -> str | None:
    """The scalar's text; None for a plain null, and for a text that is a problem."""
    scalar = _scalar(node)
    if scalar is None:
        return None
    if len(scalar) > _LONGEST:
        _complain(document, node, f"this text is longer than {_LONGEST} characters")
    elif not scalar.isascii() and any("\ud800" <= c <= "\udfff" for c in scalar):
        _complain(document, node, "half a character (a lone surrogate) stands in this text")
    else:
        return scalar
    return None


def _pairs(
    document: Document, node: yaml.MappingNode, where: Location
) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """The map's keys and values without double and nameless ones, which are problems."""
    seen: dict[str, int] = {}
    for key_node, value in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            _complain(
                document,
                key_node,
                "a list or a map can't be a key; a text that begins with `[` or `{` needs quotes",
            )
            continue
        key = _text(document, key_node) or str(key_node.value)[:_LONGEST]
        if key in seen:
            known = shown(key) if where[-1:] != ("password",) else "this key"
            _complain(document, key_node, f"{known} is set twice, first in line {seen[key]}")
            continue
        seen[key] = _mark(key_node.start_mark)[0]
        yield key, key_node, value


def _complain(document: Document, node: yaml.Node, what: str) -> None:
    document.problems.append(Problem(*_mark(node.start_mark), what))


def _scalar(node: yaml.ScalarNode) -> str | None:
    """The scalar's text; None for a plain null. A plain text over several lines keeps a line
    break, for it is nearly always a mistake in indentation."""
    plain = node.style is None
    if plain and node.value in _NULLS:
        return None
    text = str(node.value)
    return text + "\n" if plain and node.start_mark.line != node.end_mark.line else text


def _mark(mark: yaml.Mark) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1
