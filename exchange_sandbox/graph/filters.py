"""``$filter``: its grammar (OData 4.01, part 2, 5.1.1) as far as Graph's mail clients use it.

::

    or        and { "or" and }
    and       not { "and" not }
    not       [ "not" ] compared
    compared  operand [ sign operand | "in" "(" literal { "," literal } ")" ]
    sign      "eq" | "ne" | "gt" | "ge" | "lt" | "le"
    operand   literal | function "(" operand { "," operand } ")" | "cast" "(" path "," type ")" | path
              | path "/" ("any" | "all") "(" [ name ":" or ] ")" | "(" or ")"
    path      name { "/" name }

Functions are ``contains``, ``startswith``, ``endswith``, ``tolower``, ``toupper``, ``trim``, ``length``,
``concat``. Texts are compared without case, as Exchange does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from exchange_sandbox.graph.errors import GraphError, bad_request
from exchange_sandbox.graph.filter_nodes import Among, Both, Called, Compare, Literal, Node, Not, Path, Some

_DEEPEST = 60  # brackets and nots inside each other
_LONGEST = 8_000  # characters
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d))?)
    | (?P<guid>[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})
    | (?P<number>[+-]?\d{1,40}(?:\.\d{1,40})?)
    | (?P<text>(?:[A-Za-z.]+)?'(?:[^']|'')*')
    | (?P<name>[A-Za-z_@][\w.@]*)
    | (?P<mark>[(),/:])
    )""",
    re.VERBOSE,
)
_COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "contains": (2, lambda text, part: part in text),
    "startswith": (2, lambda text, part: text.startswith(part)),
    "endswith": (2, lambda text, part: text.endswith(part)),
    "tolower": (1, lambda text: text),  # texts are compared without case anyway
    "toupper": (1, lambda text: text),
    "trim": (1, lambda text: text.strip()),
    "length": (1, len),
    "concat": (2, lambda first, second: first + second),
}


#: Gives what stands under a member's name.
Lookup = Callable[[str], Any]


def parse(text: str) -> Node:
    """Read a filter; raises GraphError that names the place."""
    if len(text) > _LONGEST:
        raise GraphError(400, "ErrorRestrictionTooComplex", "The restriction is too complex.")
    reader = _Reader(text)
    node = reader.either(0)
    if reader.kind:
        raise reader.wrong()
    return node


class _Reader:
    """Reads tokens one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.kind, self.word = "", ""
        self._step()

    def _step(self) -> None:
        self._begun = self._at
        rest = self._text[self._at :]
        if not rest.strip():
            self.kind, self.word = "", ""
            return
        found = _TOKEN.match(self._text, self._at)
        if found is None or found.lastgroup is None:
            raise self.wrong()
        self._at = found.end()
        self.kind, self.word = found.lastgroup, found[found.lastgroup]

    def wrong(self) -> GraphError:
        return bad_request(
            f"Invalid filter clause: Syntax error at position {self._begun} in '{self._text[:200]}'."
        )

    def _take(self, mark: str) -> None:
        if self.kind != "mark" or self.word != mark:
            raise self.wrong()
        self._step()

    def _is(self, *words: str) -> bool:
        return self.kind == "name" and self.word.lower() in words

    def either(self, depth: int) -> Node:
        return self._joined("or", self._both, depth)

    def _both(self, depth: int) -> Node:
        return self._joined("and", self._negated, depth)

    def _joined(self, word: str, inner: Callable[[int], Node], depth: int) -> Node:
        if depth > _DEEPEST:
            raise GraphError(400, "ErrorRestrictionTooComplex", "The restriction is too complex.")
        parts = [inner(depth)]
        while self._is(word):
            self._step()
            parts.append(inner(depth))
        return parts[0] if len(parts) == 1 else Both(word, tuple(parts))

    def _negated(self, depth: int) -> Node:
        if self._is("not"):
            self._step()
            if depth > _DEEPEST:
                raise GraphError(400, "ErrorRestrictionTooComplex", "The restriction is too complex.")
            return Not(self._negated(depth + 1))
        return self._compared(depth)

    def _compared(self, depth: int) -> Node:
        left = self._operand(depth)
        if self._is(*_COMPARISONS):
            how = self.word.lower()
            self._step()
            return Compare(how, left, self._operand(depth))
        if self._is("in"):
            self._step()
            return Among(left, tuple(self._list()))
        return left

    def _list(self) -> Iterator[Any]:
        self._take("(")
        while True:
            one = self._operand(0)
            if not isinstance(one, Literal):
                raise self.wrong()
            yield one.value
            if self.kind == "mark" and self.word == ",":
                self._step()
                continue
            self._take(")")
            return

    def _operand(self, depth: int) -> Node:
        kind, word = self.kind, self.word
        if kind == "mark" and word == "(":
            self._step()
            inner = self.either(depth + 1)
            self._take(")")
            return inner
        if kind in ("moment", "guid", "number", "text"):
            self._step()
            return Literal(_value(kind, word))
        if kind != "name":
            raise self.wrong()
        self._step()
        if word.lower() in ("true", "false", "null"):
            return Literal({"true": True, "false": False, "null": None}[word.lower()])
        if self.kind == "mark" and self.word == "(":
            return self._function(word.lower(), depth)
        return self._path(word, depth)

    def _function(self, name: str, depth: int) -> Node:
        self._take("(")
        operands = [self.either(depth + 1)]
        while self.kind == "mark" and self.word == ",":
            self._step()
            operands.append(self.either(depth + 1))
        self._take(")")
        if name == "cast":
            if len(operands) != 2 or not all(isinstance(one, Path) for one in operands):
                raise self.wrong()
            path, kind = operands
            assert isinstance(path, Path)
            assert isinstance(kind, Path)
            return Path(path.names, kind.names[-1])
        if name not in _FUNCTIONS:
            raise bad_request(
                f"Invalid filter clause: An unknown function with name '{name[:40]}' was found."
            )
        if len(operands) != _FUNCTIONS[name][0]:
            raise self.wrong()
        return Called(name, tuple(operands))

    def _path(self, first: str, depth: int) -> Node:
        names = [first]
        while self.kind == "mark" and self.word == "/":
            self._step()
            if self.kind != "name":
                raise self.wrong()
            name = self.word
            self._step()
            if name.lower() in ("any", "all") and self.kind == "mark" and self.word == "(":
                return self._some(Path(tuple(names)), name.lower(), depth)
            names.append(name)
        return Path(tuple(names))

    def _some(self, path: Path, how: str, depth: int) -> Node:
        self._take("(")
        if self.kind == "mark" and self.word == ")":
            self._step()
            return Some(path, how, "", None)
        if self.kind != "name":
            raise self.wrong()
        name = self.word
        self._step()
        self._take(":")
        part = self.either(depth + 1)
        self._take(")")
        return Some(path, how, name, part)


def _value(kind: str, token: str) -> Any:
    if kind == "text":
        return token[token.index("'") + 1 : -1].replace("''", "'")
    if kind == "number":
        return float(token) if "." in token else int(token)
    return token


# evaluation


def holds(node: Node, lookup: Lookup) -> bool:
    """Whether a filter holds for what ``lookup`` gives."""
    return _evaluate(node, lookup) is True


def _evaluate(node: Node, lookup: Lookup) -> Any:  # noqa: PLR0911 - one for each kind of node
    match node:
        case Literal(value):
            return value
        case Path():
            return _read(node, lookup)
        case Compare(how, left, right):
            return _compare(how, _evaluate(left, lookup), _evaluate(right, lookup))
        case Among(left, values):
            value = _evaluate(left, lookup)
            return any(_compare("eq", value, one) for one in values)
        case Both(how, parts):
            return (all if how == "and" else any)(holds(part, lookup) for part in parts)
        case Not(part):
            return not holds(part, lookup)
        case Called(name, operands):
            return _call(name, [_evaluate(one, lookup) for one in operands])
        case Some(path, how, name, part):
            entries = _entries(path, lookup)
            if part is None:
                return bool(entries)
            return (any if how == "any" else all)(
                holds(part, _inside(name, entry, lookup)) for entry in entries
            )


def _entries(path: Path, lookup: Lookup) -> list[Any]:
    found = _read(path, lookup)
    if found is not None and not isinstance(found, list):
        raise bad_request(
            f"Invalid filter clause: '{path.names[-1][:60]}' is no collection: any and all need one."
        )
    return found or []


def _inside(name: str, entry: Any, outer: Lookup) -> Lookup:
    return lambda wanted: entry if wanted == name else outer(wanted)


def _read(path: Path, lookup: Lookup) -> Any:
    value = lookup(path.names[0])
    for name in path.names[1:]:
        if not isinstance(value, dict):
            return None
        value = value.get(name) if name in value else _without_case(value, name)
    return _cast(value, path.kind) if path.kind else value


def _without_case(value: dict[str, Any], name: str) -> Any:
    return next((inner for key, inner in value.items() if key.lower() == name.lower()), None)


def _cast(value: Any, kind: str) -> Any:
    try:
        if kind in ("Edm.Int32", "Edm.Int64", "Edm.Int16"):
            return int(value)
        if kind in ("Edm.Double", "Edm.Single", "Edm.Decimal"):
            return float(value)
        if kind == "Edm.Boolean":
            return {"true": True, "false": False}.get(str(value).lower())
    except (TypeError, ValueError):
        return None
    return value


def _call(name: str, values: list[Any]) -> Any:
    if any(value is None for value in values):
        return None
    if not all(isinstance(value, str) for value in values):
        raise bad_request(f"Invalid filter clause: '{name}' takes texts.")
    return _FUNCTIONS[name][1](*(value.casefold() for value in values))


def _compare(how: str, left: Any, right: Any) -> bool:
    left, right = _comparable(left, right)
    if how in ("eq", "ne"):
        return bool(left == right) is (how == "eq")
    if left is None or right is None:
        return False
    try:
        return bool(
            left > right if how == "gt" else left >= right if how == "ge" else left < right
            if how == "lt" else left <= right
        )  # fmt: skip
    except TypeError:
        raise bad_request("Invalid filter clause: the types of the two sides can't be compared.") from None


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, str) and isinstance(right, str):
        moments = moment(left), moment(right)
        if moments[0] is not None and moments[1] is not None:
            return moments
        return left.casefold(), right.casefold()
    return left, right


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")


def moment(text: str) -> datetime | None:
    """A text as a moment, UTC where it says no offset; None if it is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
