"""Collections: filtered, ordered, and a page of them with a link to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from exchange_sandbox.graph import filters
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_request
from exchange_sandbox.graph.query import Query
from exchange_sandbox.graph.shape import Shape, View

PAGE = 10  # entries, where nobody says how many


@dataclass(frozen=True, slots=True)
class Found:
    """A page of things, how many there are in all (None: nobody counted) and whether more follow."""

    page: Sequence[Any]
    total: int | None
    more: bool


def size(call: Call, usual: int = PAGE) -> int:
    """How many entries a page has."""
    return call.query.top or call.prefer.page_size or usual


def chosen(shape: Shape, view: View, things: Iterable[Any], *, usual: int = PAGE) -> Found:
    """The page that the options want of things that come in the collection's own order."""
    query = view.query
    shape.check(query)
    kept = list(things)
    if query.filter is not None:
        node = query.filter
        kept = [one for one in kept if filters.holds(node, shape.lookup(view, one))]
    for names, downwards in reversed(query.orderby):
        kept.sort(key=_key(shape, view, names), reverse=downwards)
    most = query.top or view.call.prefer.page_size or usual
    page = kept[query.skip : query.skip + most]
    return Found(page, len(kept), query.skip + most < len(kept))


def _key(shape: Shape, view: View, names: tuple[str, ...]) -> Callable[[Any], tuple[int, Any]]:
    def key(thing: Any) -> tuple[int, Any]:
        value = shape.lookup(view, thing)(names[0])
        for name in names[1:]:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, dict | list):
            raise bad_request("The property can't be used for sorting.", "ErrorInvalidProperty")
        return (0, 0) if value is None else (1, value.casefold() if isinstance(value, str) else value)

    return key


def page(
    call: Call, shape: Shape, view: View, found: Found, context: str, *, usual: int = PAGE
) -> dict[str, Any]:
    """A page as JSON."""
    out: dict[str, Any] = {"@odata.context": f"{context}{selected(view.query)}"}
    if view.query.count and found.total is not None:
        out["@odata.count"] = found.total
    out["value"] = [shape.write(view, one) for one in found.page]
    if found.more:
        out["@odata.nextLink"] = link(call, {"$skip": view.query.skip + size(call, usual)})
    return out


def entity(shape: Shape, view: View, thing: Any, context: str) -> dict[str, Any]:
    """A single thing as JSON."""
    shape.check(view.query)
    about = f"{context}{selected(view.query)}/$entity"
    return {"@odata.context": about, **shape.write(view, thing)}


def selected(query: Query) -> str:
    """What a context says of the members that were chosen."""
    return f"({','.join(query.select)})" if query.select else ""


def link(call: Call, changed: dict[str, Any], dropped: Iterable[str] = ()) -> str:
    """The address of this request with some of its options changed, and without some."""
    gone = {*(one.lower() for one in dropped), *(one.lower() for one in changed)}
    kept = [
        (name, value)
        for name, value in parse_qsl(call.request.query, keep_blank_values=True)
        if name.lower() not in gone
    ]
    options = urlencode([*kept, *changed.items()], quote_via=quote, safe="$,()'/:=")
    return f"{call.request.origin}{call.request.path}?{options}"
