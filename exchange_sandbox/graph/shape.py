"""How a thing of the store looks as JSON: its members, each with how it is read and, perhaps, set.

A family of resources declares a :class:`Shape`; from it follow what ``$select`` may name, what ``$filter``
and ``$orderby`` look at, what a body may say and how an answer is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exchange_sandbox.ews.properties.kinds import Style
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.graph import filters
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import bad_body, bad_uri
from exchange_sandbox.graph.filter_nodes import paths
from exchange_sandbox.graph.query import Query


@dataclass(frozen=True, slots=True)
class View:
    """What reading needs: the transaction, the request that it is for, and the options at this level. What is
    dear to find out may be remembered in ``known`` while the answer is written."""

    db: sqlite3.Connection
    call: Call
    query: Query
    known: dict[Any, Any] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """A reader of MAPI properties."""
        return Reader(self.db, self.call.store.guid, Style())


@dataclass(frozen=True, slots=True)
class Member:
    """A member. ``read`` gives its value as JSON, and None writes null; ``set`` puts a client's value into a
    change (see the family); without it a client's value is refused or, if ``ignored``, passed over, as Graph
    does with what only the server says. ``shown``: it is given unless ``$select`` says otherwise."""

    name: str
    read: Callable[[View, Any], Any]
    set: Callable[[Any, Any], None] | None = None
    shown: bool = True
    ignored: bool = True


@dataclass(frozen=True, slots=True)
class Navigation:
    """What ``$expand`` gives: the value, from the view with the expansion's own options. ``seen`` is what
    ``$filter`` sees of it, where that differs."""

    name: str
    read: Callable[[View, Any], Any]
    seen: Callable[[View, Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A type of resource: ``type`` as the metadata calls it, ``etag`` gives a thing's version, if it has one,
    ``kind`` the ``@odata.type`` where it isn't the one that the place lets expect. ``bare``: members without
    a value are left out, and not written as null."""

    type: str
    members: tuple[Member, ...]
    expansions: tuple[Navigation, ...] = ()
    etag: Callable[[Any], str] | None = None
    kind: Callable[[Any], str | None] = lambda thing: None
    bare: bool = False
    by_name: dict[str, Member] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name.lower(): one for one in self.members})

    def member(self, name: str) -> Member:
        """The member of this name, in any case; raises GraphError (400)."""
        found = self.by_name.get(name.lower())
        if found is None:
            raise bad_uri(
                f"Could not find a property named '{name[:60]}' on type 'microsoft.graph.{self.type}'."
            )
        return found

    def check(self, query: Query) -> None:
        """Whether the options name what there is; raises GraphError (400)."""
        for name in query.select or ():
            if name != "*" and not self._expands(name):
                self.member(name)
        for path in paths(query.filter) if query.filter is not None else ():
            if not self._expands(path.names[0]):
                self.member(path.names[0])
        for names, _ in query.orderby:
            self.member(names[0])
        for name in query.expand:
            if not self._expands(name):
                raise bad_uri(
                    f"Could not find a navigation property named '{name[:60]}' on type"
                    f" 'microsoft.graph.{self.type}'."
                )

    def _expands(self, name: str) -> Navigation | None:
        return next((one for one in self.expansions if one.name.lower() == name.lower()), None)

    def write(self, view: View, thing: Any, *, names: Iterable[str] | None = None) -> dict[str, Any]:
        """A thing as JSON, by the view's options; with ``names`` these members alone, where the options want
        them too."""
        out: dict[str, Any] = {}
        kind = self.kind(thing)
        if kind is not None:
            out["@odata.type"] = f"#microsoft.graph.{kind}"
        if self.etag is not None:
            out["@odata.etag"] = self.etag(thing)
        wanted = None if view.query.select is None else {one.lower() for one in view.query.select}
        given = None if names is None else {"id", *(one.lower() for one in names)}
        for member in self.members:
            key = member.name.lower()
            chosen = member.shown if wanted is None or "*" in wanted else key in wanted or key == "id"
            if chosen and (given is None or key in given):
                value = member.read(view, thing)
                if value is not None or not self.bare:
                    out[member.name] = value
        for name, options in view.query.expand.items():
            expansion = self._expands(name)
            if expansion is not None:
                value = expansion.read(View(view.db, view.call, options), thing)
                if value is not None:
                    out[expansion.name] = value
        return out

    def lookup(self, view: View, thing: Any) -> filters.Lookup:
        """What ``$filter`` sees of a thing. Each member is read once at most."""
        seen: dict[str, Any] = {}

        def look(name: str) -> Any:
            key = name.lower()
            if key not in seen:
                expansion = self._expands(name)
                if expansion is not None:
                    options = Query(filter=view.query.filter)
                    read = expansion.seen or expansion.read
                    seen[key] = read(View(view.db, view.call, options), thing)
                else:
                    seen[key] = self.member(name).read(view, thing)
            return seen[key]

        return look

    def put(self, change: Any, values: dict[str, Any], *, beside: Iterable[str] = ()) -> None:
        """Set what a body says, in the order in which it says it; raises GraphError for what it can't say.
        ``beside`` are members that the caller sees to. Annotations (``@odata…``) are passed over, and so is
        null of what is being made."""
        apart = {one.lower() for one in beside}
        creating = getattr(change, "creating", False)
        for name, value in values.items():
            if "@" in name or name.lower() in apart:
                continue
            member = self.by_name.get(name.lower())
            if member is None:
                raise bad_body(
                    f"The property '{name[:60]}' does not exist on type 'microsoft.graph.{self.type}'. Make"
                    " sure to only use property names that are defined by the type."
                )
            if member.set is not None and not (creating and value is None):
                member.set(change, value)
            elif member.set is None and not member.ignored:
                raise bad_body(f"The property '{member.name}' is read-only and cannot be set.")


def moment(text: str | None) -> str | None:
    """A moment of the store's as ``Edm.DateTimeOffset``: UTC, whole seconds."""
    return f"{text[:19]}Z" if text else None


def parsed_moment(value: Any, name: str) -> datetime:
    """A client's ``Edm.DateTimeOffset``; raises GraphError."""
    found = filters.moment(value) if isinstance(value, str) else None
    if found is None:
        raise bad_body(f"Cannot convert the literal '{str(value)[:40]}' of '{name}' to Edm.DateTimeOffset.")
    return found


def text_of(value: Any, name: str) -> str:
    """A client's text; raises GraphError for anything else, null among it."""
    if not isinstance(value, str):
        raise bad_body(f"A text is expected as the value of '{name}'.")
    return value


def flag_of(value: Any, name: str) -> bool:
    """A client's true or false; raises GraphError."""
    if not isinstance(value, bool):
        raise bad_body(f"true or false is expected as the value of '{name}'.")
    return value


def word_of(value: Any, name: str, words: dict[str, Any]) -> Any:
    """What a client's word of an enumeration stands for, in any case; raises GraphError."""
    for word, meaning in words.items():
        if isinstance(value, str) and value.lower() == word.lower():
            return meaning
    raise bad_body(f"Requested value '{str(value)[:40]}' of '{name}' was not found.")


def list_of(value: Any, name: str) -> list[Any]:
    """A client's array; raises GraphError. null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_body(f"An array is expected as the value of '{name}'.")
    return value


def dict_of(value: Any, name: str) -> dict[str, Any]:
    """A client's object; raises GraphError."""
    if not isinstance(value, dict):
        raise bad_body(f"An object is expected as the value of '{name}'.")
    return value


def inner(value: dict[str, Any], name: str) -> Any:
    """A member of a client's object, its name in any case; None if it isn't there."""
    return next((one for key, one in value.items() if key.lower() == name.lower()), None)
