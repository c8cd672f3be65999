"""Restrictions: which items (or folders) a search wants, and which of them the index can name at once.

(EWS ``SearchExpression``; comparisons of texts are without case, as in MAPI, unless Contains says Exact.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import prefilter
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.prefilter import Where
from exchange_sandbox.ews.properties import extended, kinds
from exchange_sandbox.ews.properties.aliases import ALIASES
from exchange_sandbox.ews.properties.folder_properties import FolderPath
from exchange_sandbox.ews.properties.paths import Path
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, children, listed, local
from exchange_sandbox.store import items
from exchange_sandbox.store.comparing import CONTAINS, Ignoring, Mode, fold, plain
from exchange_sandbox.store.schema import Key

Value = Callable[[Path | FolderPath], Any]
Predicate = Callable[[Value], bool]

_EXPRESSIONS = {
    "IsEqualTo",
    "IsNotEqualTo",
    "IsGreaterThan",
    "IsGreaterThanOrEqualTo",
    "IsLessThan",
    "IsLessThanOrEqualTo",
}
_PATH = "t:FieldURI|t:IndexedFieldURI|t:ExtendedFieldURI"
_DEEPEST = 50
_NO_TEXTS = (kinds.Boolean, kinds.Integer, kinds.Double, kinds.Moment)
# what the store can compare by itself
_COLUMNS: dict[str, str] = {Key.RECEIVED: "received", Key.IS_READ: "is_read"}
_MODES = {
    "FullString": Mode.WHOLE,
    "Prefixed": Mode.PREFIX,
    "Substring": Mode.SUBSTRING,
    "PrefixOnWords": Mode.WORD_PREFIX,
    "ExactPhrase": Mode.SUBSTRING,
}
_COMPARISONS = {
    "Exact": Ignoring.NOTHING,
    "IgnoreCase": Ignoring.CASE,
    "IgnoreNonSpacingCharacters": Ignoring.ACCENTS,
    "Loose": Ignoring.BOTH,
    "IgnoreCaseAndNonSpacingCharacters": Ignoring.BOTH,
    "LooseAndIgnoreCase": Ignoring.CASE,
    "LooseAndIgnoreNonSpace": Ignoring.ACCENTS,
    "LooseAndIgnoreCaseAndIgnoreNonSpace": Ignoring.BOTH,
}
_OPERATORS = {
    "IsEqualTo": "=",
    "IsGreaterThan": ">",
    "IsGreaterThanOrEqualTo": ">=",
    "IsLessThan": "<",
    "IsLessThanOrEqualTo": "<=",
}


@dataclass(frozen=True, slots=True)
class Restriction:
    """A condition. ``lookups`` are pairs of a findable property and its value: whatever the condition holds
    for has one of them. ``where`` says the same of what the store can compare by itself. None: not known."""

    holds: Predicate
    lookups: frozenset[tuple[str, str]] | None = None
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Compiler:
    """Reads restrictions; ``path`` reads the paths in them."""

    path: Callable[[Element], Path | FolderPath]
    zone: tzinfo

    def read(self, element: Element) -> Restriction:
        """Read a Restriction element; raises SchemaViolation and EwsError."""
        return self._read(next(iter(listed(element, *_all()))), 0)

    def _read(self, element: Element, depth: int) -> Restriction:
        if depth > _DEEPEST:
            raise EwsError("ErrorRestrictionTooComplex")
        name = local(element)
        if name in ("And", "Or"):
            parts = [self._read(one, depth + 1) for one in listed(element, *_all(), least=1)]
            return both(parts) if name == "And" else _or(parts)
        if name == "Not":
            inner = self._read(next(iter(listed(element, *_all()))), depth + 1)
            where = inner.where
            negated = Where(f"NOT ({where.sql})", where.values, True) if where and where.exact else None
            return Restriction(lambda value: not inner.holds(value), where=negated)
        if name in _EXPRESSIONS:
            return self._comparison(name, element)
        if len(element) and local(element[0]) == "FieldURI":
            _check_comparable(self.path(element[0]), self.zone)
        return {"Contains": self._contains, "Exists": self._exists, "Excludes": self._excludes}[name](element)

    def _comparison(self, name: str, element: Element) -> Restriction:
        found = list(children(element, _PATH, "t:FieldURIOrConstant").values())
        path = self.path(found[0])
        other = next(iter(children(found[1], f"{_PATH}|t:Constant").values()))
        compare = _ordering(path, name)
        if local(other) != "Constant":
            second = self.path(other)
            return Restriction(lambda value: _any(compare, value(path), value(second)))
        constant = _constant(path, attributes(other, ("Value",))["Value"], self.zone)
        lookups = None
        if name == "IsEqualTo" and isinstance(path, Path) and _is_findable(path, constant):
            lookups = frozenset({(path.key, items.findable(constant))})
        where = None
        if isinstance(path, Path) and path.key in _COLUMNS and name in _OPERATORS:
            where = Where(f"{_COLUMNS[path.key]} {_OPERATORS[name]} ?", (constant,), True)
        elif isinstance(path, Path) and lookups is None:
            where = prefilter.comparison(path, name, constant)
        return Restriction(lambda value: _any(compare, value(path), constant), lookups, where)

    def _contains(self, element: Element) -> Restriction:
        values = attributes(
            element,
            (),
            ("ContainmentMode", "ContainmentComparison"),
            {"ContainmentMode": tuple(_MODES), "ContainmentComparison": tuple(_COMPARISONS)},
        )
        path_element, constant = children(element, _PATH, "t:Constant").values()
        path = self.path(path_element)
        if isinstance(path, Path) and path.prop and isinstance(path.prop.kind, _NO_TEXTS):
            raise EwsError("ErrorContainsFilterWrongType", path=path.uri)
        mode = _MODES[values.get("ContainmentMode", "Substring")]
        ignoring = _COMPARISONS[values.get("ContainmentComparison", "Exact")]
        folded, holds = fold(ignoring), CONTAINS[mode]
        wanted = folded(attributes(constant, ("Value",))["Value"])

        choice = path.choice if isinstance(path, Path) else None

        def test(value: Value) -> bool:
            texts = [one for one in _each(value(path)) if isinstance(one, str)]
            texts = [choice.shown(text) for text in texts] if choice else texts
            return any(holds(folded(text), wanted) for text in texts)

        where = prefilter.contains(path, wanted, mode, ignoring) if isinstance(path, Path) else None
        return Restriction(test, where=where)

    def _exists(self, element: Element) -> Restriction:
        path = self.path(next(iter(children(element, _PATH).values())))
        where = prefilter.exists(path) if isinstance(path, Path) else None
        return Restriction(lambda value: value(path) not in (None, [], ""), where=where)

    def _excludes(self, element: Element) -> Restriction:
        path_element, mask = children(element, _PATH, "t:Bitmask").values()
        path = self.path(path_element)
        text = attributes(mask, ("Value",))["Value"]
        try:
            bits = int(text, 16 if text.lower().startswith("0x") else 10)
        except ValueError as error:
            raise SchemaViolation(f"'{text[:20]}' is not a bit mask.", mask) from error

        def test(value: Value) -> bool:
            number = value(path)
            return not (isinstance(number, int) and number & bits)

        return Restriction(test)


def _all() -> tuple[str, ...]:
    return tuple(
        f"t:{name}" for name in (*sorted(_EXPRESSIONS), "Contains", "Exists", "Excludes", "And", "Or", "Not")
    )


def both(parts: list[Restriction]) -> Restriction:
    """What all of some conditions hold for."""
    known = [part.lookups for part in parts if part.lookups is not None]
    where = _joined(" AND ", [part.where for part in parts if part.where is not None], len(parts))
    return Restriction(
        lambda value: all(part.holds(value) for part in parts),
        min(known, key=len) if known else None,
        where,
    )


def _or(parts: list[Restriction]) -> Restriction:
    known = [part.lookups for part in parts if part.lookups is not None]
    lookups = frozenset().union(*known) if len(known) == len(parts) else None
    wheres = [part.where for part in parts if part.where is not None]
    where = _joined(" OR ", wheres, len(parts)) if len(wheres) == len(parts) else None
    return Restriction(lambda value: any(part.holds(value) for part in parts), lookups, where)


def _joined(word: str, wheres: list[Where], parts: int) -> Where | None:
    if not wheres:
        return None
    sql = word.join(f"({one.sql})" for one in wheres)
    values = tuple(value for one in wheres for value in one.values)
    return Where(sql, values, len(wheres) == parts and all(one.exact for one in wheres))


def _is_findable(path: Path, constant: Any) -> bool:
    if path.field is not None:
        # what is set as such is indexed; other names of EWS properties and headers of received mail are not
        plain = path.field.header is None and path.key not in ALIASES
        return plain and not path.field.type.endswith("Array") and isinstance(constant, (str, int))
    return path.index is None and path.key in items.FINDABLE


def _constant(path: Path | FolderPath, text: str, zone: tzinfo) -> Any:
    if path.field is not None:
        return extended.parse_value(path.field.type.removesuffix("Array"), text, zone)
    if isinstance(path, FolderPath):
        return int(text) if path.name.endswith("Count") and text.lstrip("-").isdigit() else text
    if path.prop is None:
        raise EwsError("ErrorUnsupportedPathForQuery", path=path.uri)
    if path.index is not None:
        return text
    try:
        return path.prop.kind.constant(text, zone)
    except Refused as failure:
        error = in_ews(failure)
        raise EwsError(error.code, path=path.uri) from error
    except SchemaViolation as error:
        raise EwsError("ErrorInvalidValueForProperty", str(error), path=path.uri) from error


def _check_comparable(path: Path | FolderPath, zone: tzinfo) -> None:
    """Whether a property can stand in a restriction at all; raises ErrorUnsupportedPathForQuery."""
    if isinstance(path, Path) and path.field is None:
        try:
            _constant(path, "", zone)
        except Refused as failure:
            error = in_ews(failure)
            if error.code == "ErrorUnsupportedPathForQuery":
                raise


def _ordering(path: Path | FolderPath, name: str) -> Callable[[Any, Any], bool]:
    """How values of a property are compared: choices by what they stand for, not by their words."""
    compare, choice = _COMPARE[name], path.choice if isinstance(path, Path) else None
    if choice is None or name in ("IsEqualTo", "IsNotEqualTo"):
        return compare
    return lambda one, other: compare(choice.rank(one), choice.rank(other))


def _each(value: Any) -> list[Any]:
    """The values to compare: of a list each, of a mailbox its name and its address."""
    if isinstance(value, list):
        return [part for one in value for part in _each(one)]
    if isinstance(value, dict) and "address" in value:
        return [part for part in (value.get("name"), value["address"]) if part is not None]
    if isinstance(value, dict):
        if value.keys() == {"type", "text"}:
            return [value["text"]]  # a body
        return [part for one in value.values() for part in _each(one) if isinstance(part, str)]
    return [value]


def _any(compare: Callable[[Any, Any], bool], value: Any, constant: Any) -> bool:
    found = [one for one in _each(value) if one is not None]
    if not found:
        return compare is _COMPARE["IsNotEqualTo"]
    constants = _each(constant)
    test = all if compare is _COMPARE["IsNotEqualTo"] else any
    return test(
        compare(plain(one), plain(other)) for one in found for other in constants if _same_kind(one, other)
    )


def _same_kind(one: Any, other: Any) -> bool:
    return isinstance(one, str) == isinstance(other, str) and other is not None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "IsEqualTo": lambda one, other: bool(one == other),
    "IsNotEqualTo": lambda one, other: bool(one != other),
    "IsGreaterThan": lambda one, other: bool(one > other),
    "IsGreaterThanOrEqualTo": lambda one, other: bool(one >= other),
    "IsLessThan": lambda one, other: bool(one < other),
    "IsLessThanOrEqualTo": lambda one, other: bool(one <= other),
}
