"""The options of a request: what it wants of a resource, in which order, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from exchange_sandbox.graph import filters
from exchange_sandbox.graph.errors import bad_request, bad_uri
from exchange_sandbox.graph.filter_nodes import Node

MOST = 1000  # entries of a page
_KNOWN = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "$select $filter $orderby $top $skip $count $expand $search $skiptoken $deltatoken $format"
    ).split()
)
_DEEPEST = 4  # expansions inside each other


@dataclass(frozen=True, slots=True)
class Query:
    """What the options say. ``expand`` has the options of each member that is to be given too, ``others`` the
    options that aren't OData's, by their names in lower case."""

    select: tuple[str, ...] | None = None
    filter: Node | None = None
    orderby: tuple[tuple[tuple[str, ...], bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    expand: Mapping[str, Query] = field(default_factory=dict)
    search: str = ""
    skiptoken: str = ""
    deltatoken: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def expanded(self, name: str) -> Query | None:
        """The options of a member that is to be given too; None if it isn't."""
        return next((one for key, one in self.expand.items() if key.lower() == name.lower()), None)


def read(text: str) -> Query:
    """Read a query string; raises GraphError."""
    values: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        key = name.lower()
        if key.startswith("$"):
            if key not in _KNOWN:
                raise bad_uri(f"The query parameter '{name[:40]}' is not supported.")
            if key in values:
                raise bad_uri(f"Query option '{name[:40]}' was specified more than once.")
            values[key] = value
        else:
            others[key] = value
    return _read(values, others, 0)


def _read(values: Mapping[str, str], others: Mapping[str, str], depth: int) -> Query:
    if depth > _DEEPEST:
        raise bad_uri("$expand goes too deep.")
    query = Query(
        select=_names(values["$select"]) if "$select" in values else None,
        filter=filters.parse(values["$filter"]) if values.get("$filter", "").strip() else None,
        orderby=tuple(_order(one) for one in _parts(values.get("$orderby", ""), ",")),
        top=_number(values, "$top"),
        skip=_number(values, "$skip") or 0,
        count=_flag(values.get("$count", "false")),
        expand=dict(_expansion(one, depth) for one in _parts(values.get("$expand", ""), ",")),
        search=values.get("$search", "").strip(),
        skiptoken=values.get("$skiptoken", ""),
        deltatoken=values.get("$deltatoken", ""),
        others=others,
    )
    if query.search and query.filter is not None:
        raise bad_request(
            "The query parameter '$filter' is not supported with '$search'.", "SearchWithFilter"
        )
    return query


def _names(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _order(text: str) -> tuple[tuple[str, ...], bool]:
    path, _, way = text.strip().partition(" ")
    if way.strip().lower() not in ("", "asc", "desc") or not path:
        raise bad_uri(f"Syntax error in $orderby: '{text[:100]}'.")
    return tuple(path.split("/")), way.strip().lower() == "desc"


def _number(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name)
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or (name == "$top" and int(text) == 0):
        raise bad_uri(f"Invalid value '{text[:40]}' for {name} query option found.")
    if name == "$top" and int(text) > MOST:
        raise bad_request(f"The limit of '{MOST}' for Top query has been exceeded.", "ErrorInvalidParameter")
    return int(text)


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise bad_uri(f"Invalid value '{text[:40]}' for $count query option found.")
    return word == "true"


def _expansion(text: str, depth: int) -> tuple[str, Query]:
    name, bracket, rest = text.strip().partition("(")
    if not bracket:
        return name.strip(), Query()
    if not rest.endswith(")"):
        raise bad_uri(f"Syntax error in $expand: '{text[:200]}'.")
    values: dict[str, str] = {}
    for part in _parts(rest[:-1], ";"):
        option, equals, value = part.partition("=")
        if not equals or option.strip().lower() not in _KNOWN:
            raise bad_uri(f"Syntax error in $expand: '{text[:200]}'.")
        values[option.strip().lower()] = value
    return name.strip(), _read(values, {}, depth + 1)


def _parts(text: str, mark: str) -> list[str]:
    """A text divided at a mark that stands neither in quotes nor in brackets."""
    found, depth, quoted, begun = [], 0, False, 0
    for at, char in enumerate(text):
        if char == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(char, 0)
            if char == mark and depth == 0:
                found.append(text[begun:at])
                begun = at + 1
    if quoted or depth:
        raise bad_uri(f"Syntax error: brackets or quotes aren't closed in '{text[:200]}'.")
    found.append(text[begun:])
    return [one for one in found if one.strip()]
