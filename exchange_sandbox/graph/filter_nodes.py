"""What a ``$filter`` says, as a tree; and what it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the filter itself gives."""

    value: Any


@dataclass(frozen=True, slots=True)
class Path:
    """A member, or one inside it; ``kind`` if it is to be read as another type."""

    names: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two operands."""

    how: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Among:
    """Whether an operand is one of some values."""

    left: Node
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """``and`` or ``or`` of several."""

    how: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: Node


@dataclass(frozen=True, slots=True)
class Called:
    """A function of operands."""

    name: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Whether a condition holds for any (or all) of a collection's entries, each named by ``name``."""

    path: Path
    how: str
    name: str
    part: Node | None


Node = Literal | Path | Compare | Among | Both | Not | Called | Some


def paths(node: Node) -> Iterator[Path]:
    """The members that a filter looks at, in the order in which they stand in it."""
    match node:
        case Path():
            yield node
        case Compare(_, left, right):
            yield from paths(left)
            yield from paths(right)
        case Among(left, _):
            yield from paths(left)
        case Both(_, parts):
            for part in parts:
                yield from paths(part)
        case Not(part):
            yield from paths(part)
        case Called(_, operands):
            for part in operands:
                yield from paths(part)
        case Some(path, _, _, _):
            yield path
        case _:
            return


def conjuncts(node: Node | None) -> Iterator[Node]:
    """The conditions that must all hold."""
    if isinstance(node, Both) and node.how == "and":
        for part in node.parts:
            yield from conjuncts(part)
    elif node is not None:
        yield node
