"""What of a search SQL can say as exactly as the search itself, so that no item need be read for it.

That is what stands in the bag as it is: plain values, mailboxes and lists of texts, not what is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.properties.aliases import ALIASES
from exchange_sandbox.ews.properties.paths import Path
from exchange_sandbox.ews.properties.types import TYPES
from exchange_sandbox.store.comparing import Ignoring, Mode, plain

_SCALARS = (kinds.Text, kinds.Boolean, kinds.Integer, kinds.Double, kinds.Moment, kinds.Choice)
_EXTENDED = {"String", "CLSID", "SystemTime", "Boolean", "Integer", "Short", "Long", "Double", "Float"}
_OPERATORS = {
    "IsEqualTo": "=",
    "IsNotEqualTo": "IS NOT",
    "IsGreaterThan": ">",
    "IsGreaterThanOrEqualTo": ">=",
    "IsLessThan": "<",
    "IsLessThanOrEqualTo": "<=",
}
_EQUALITIES = ("IsEqualTo", "IsNotEqualTo")


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on the table of items; ``exact`` if it holds for no other items than the restriction."""

    sql: str
    values: tuple[Any, ...]
    exact: bool


def comparison(path: Path, name: str, constant: Any) -> Where | None:
    """A comparison of a property with a constant."""
    if isinstance(constant, (list, dict)) or constant is None:
        return None
    parts = _parts(path)
    if parts is not None and isinstance(constant, str):
        # a list differs from a text if none of it is that text
        negated, operator = ("NOT ", "=") if name == "IsNotEqualTo" else ("", _OPERATORS[name])
        return Where(f"{negated}EXISTS ({parts} AND plain(value) {operator} ?)", (plain(constant),), True)
    found = _column(path)
    if found is None:
        return None
    if path.choice is not None and name not in _EQUALITIES:
        return None  # words have an order of their own
    sql, values = found
    # true or false, never NULL: it may be negated
    return Where(f"ifnull(plain({sql}) {_OPERATORS[name]} ?, 0)", (*values, plain(constant)), True)


def exists(path: Path) -> Where | None:
    """Whether a property has a value."""
    found = _column(path)
    if _parts(path) is not None:
        return Where(f"coalesce(json_extract(bag, '$.{path.key}'), '[]') <> '[]'", (), True)
    return None if found is None else Where(f"coalesce({found[0]}, '') <> ''", found[1], True)


def contains(path: Path, folded: str, mode: Mode, ignoring: Ignoring) -> Where | None:
    """Whether the text of a property contains another one."""
    parts = _parts(path)
    if parts is not None:
        return Where(f"EXISTS ({parts} AND contains(value, ?, ?, ?))", (folded, mode, ignoring), True)
    found = _column(path)
    if found is None or path.choice is not None:
        return None
    return Where(f"contains({found[0]}, ?, ?, ?)", (*found[1], folded, mode, ignoring), True)


def order(path: Path) -> str | None:
    """What to sort by; without values to be bound, so of EWS's own properties alone."""
    found = _column(path)
    if found is None or found[1] or path.choice is not None:
        return None
    return f"plain({found[0]})"


def _parts(path: Path) -> str | None:
    """The texts in a value that is a mailbox or a list, as a SELECT to which conditions can be added."""
    if path.index is not None or path.field is not None or path.prop is None:
        return None
    kind = _kind(path.prop.name)
    if not isinstance(kind, (kinds.Strings, compound.Recipient, compound.Recipients)):
        return None
    each = "json_tree" if isinstance(kind, compound.Recipients) else "json_each"
    return f"SELECT 1 FROM {each}(bag, '$.{path.key}') WHERE type = 'text'"  # noqa: S608 - names of ours


@cache
def _kind(name: str) -> kinds.Kind | None:
    """The kind of a property that is kept, in the same way in all types of items that have it."""
    found = [one.by_name[name] for one in TYPES if name in one.by_name]
    first = found[0]
    same = all(
        one.read is None and one.default == first.default and type(one.kind) is type(first.kind)
        for one in found
    )
    return first.kind if same else None


def _column(path: Path) -> tuple[str, tuple[Any, ...]] | None:
    """The value as SQL, and what is bound in it."""
    if path.index is not None:
        return None
    if path.field is not None:
        key = path.field.key
        known = path.field.type in _EXTENDED and path.field.header is None and key not in ALIASES
        # a key that JSON writes in another way than it is isn't found by its path
        is_plain = key.isascii() and key.isprintable() and not {'"', "\\"} & set(key)
        return ("json_extract(bag, ?)", (f'$."{key}"',)) if known and is_plain else None
    return _own(path.prop.name) if path.prop is not None else None


@cache
def _own(name: str) -> tuple[str, tuple[Any, ...]] | None:
    """A property of EWS that is a plain value."""
    if not isinstance(_kind(name), _SCALARS):
        return None
    found = [one.by_name[name] for one in TYPES if name in one.by_name]
    first = found[0]
    if first.key is None:
        return None
    if first.default is None:
        return f"json_extract(bag, '$.{first.key}')", ()
    if len(found) < len(TYPES):
        return None  # an item of another type has no default
    default = f"'{first.default}'" if isinstance(first.default, str) else str(int(first.default))
    return f"coalesce(json_extract(bag, '$.{first.key}'), {default})", ()
