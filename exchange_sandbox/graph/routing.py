"""From a request's method and path to the function that answers it.

A route's pattern is written as Graph's reference writes it: ``mailFolders/{folder}/messages/{message}/send``
below a user (``/me`` or ``/users/{id or address}``), or with a leading ``/`` from the top. Names are compared
without case. Clients write keys as segments or in brackets (``mailFolders('inbox')``), functions with
brackets or without and with their namespace or without (``delta``, ``delta()``, ``microsoft.graph.delta()``),
and slashes twice: all lead to the same place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from exchange_sandbox.graph.errors import GraphError, no_resource

if TYPE_CHECKING:
    from exchange_sandbox.graph.call import Call
    from exchange_sandbox.graph.reply import Reply

Handler = Callable[["Call"], "Reply"]

_IN_BRACKETS = re.compile(r"([A-Za-z]+)\('((?:[^']|'')*)'\)")
_FUNCTION = re.compile(r"(?:microsoft\.graph\.)?([A-Za-z]+)\(\)")
_NAMESPACE = "microsoft.graph."
_QUALIFIED = re.compile(r"microsoft\.graph\.[A-Za-z]+")  # an extension's id has another name behind its type
#: Casts to a type, which stay as they are: without their namespace they would be names of members.
_CASTS = frozenset(("microsoft.graph.user", "microsoft.graph.group"))


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: ``name`` as faults and the request log have it, ``scope`` the permission it needs,
    without the ending (``Mail`` stands for Mail.Read and Mail.ReadWrite); "" needs none."""

    method: str
    pattern: str
    name: str
    handler: Handler
    scope: str
    parts: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(part for part in self.pattern.split("/") if part))

    @property
    def of_user(self) -> bool:
        """Whether the path begins with a user."""
        return not self.pattern.startswith("/")


@dataclass(frozen=True, slots=True)
class Match:
    """A route with what stands in its place holders; ``user`` is what names the user, "me" for oneself."""

    route: Route
    params: dict[str, str]
    user: str = ""


def segments(path: str) -> list[str]:
    """The decoded segments of a path behind the version, keys in brackets as segments of their own."""
    found: list[str] = []
    for raw in path.split("/"):
        text = unquote(raw).strip()
        keyed = _IN_BRACKETS.fullmatch(text)
        called = _FUNCTION.fullmatch(text)
        if keyed:
            found += [keyed[1], keyed[2].replace("''", "'")]
        elif called:
            found.append(called[1])
        elif _QUALIFIED.fullmatch(text) and text.lower() not in _CASTS:
            found.append(text.removeprefix(_NAMESPACE))
        elif text:
            found.append(text)
    return found


class Router:
    """All routes. One whose names are given comes before one with a place holder there."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = sorted(routes, key=lambda one: [part.startswith("{") for part in one.parts])
        self.names = tuple(dict.fromkeys(one.name for one in self._routes))

    def match(self, method: str, path: str) -> Match:
        """The route of a request; raises GraphError: 400 for a path that leads nowhere, 405 for one that
        takes other methods."""
        found = segments(path)
        user, below = _user_of(found)
        below = _innermost(below)
        taken = [
            (one, params)
            for one in self._routes
            if (params := _params(one.parts, below if one.of_user else found)) is not None
            and one.of_user == bool(user)
        ]
        if not taken:
            raise no_resource(found[-1] if found else "")
        for route, params in taken:
            if route.method == method:
                return Match(route, params, user if route.of_user else "")
        allowed = ", ".join(sorted({one.method for one, _ in taken}))
        raise GraphError(
            405,
            "Request_BadRequest",
            f"Specified HTTP method is not allowed for the request target. Allowed: {allowed}.",
            {"Allow": allowed},
        )


def _user_of(found: list[str]) -> tuple[str, list[str]]:
    """Who is named at the beginning of a path, and what comes behind it."""
    if found and found[0].lower() == "me":
        return "me", found[1:]
    if len(found) > 1 and found[0].lower() == "users":
        return found[1], found[2:]
    return "", found


def _innermost(below: list[str]) -> list[str]:
    """A path down a tree of folders as one to the last of them: ``mailFolders/a/childFolders/b`` is
    ``mailFolders/b``."""
    while (
        len(below) > 3
        and below[0].lower() == "mailfolders"
        and below[2].lower() == "childfolders"
        and not below[3].startswith("$")
        and below[3].lower() != "delta"
    ):
        below = [below[0], *below[3:]]
    return below


def _params(parts: tuple[str, ...], found: list[str]) -> dict[str, str] | None:
    if len(parts) != len(found):
        return None
    params = {}
    for part, text in zip(parts, found, strict=True):
        if part.startswith("{"):
            params[part[1:-1]] = text
        elif part.lower() != text.lower():
            return None
    return params
