"""The published metadata of Graph (CSDL): which addresses and methods there are, whose bodies and answers."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

_DEEP = 4  # navigations behind each other
_FRESH = 12  # of what was given so many of the latest are used: older ones are often gone
_WELL_KNOWN = ("inbox", "drafts", "sentitems", "deleteditems", "junkemail", "msgfolderroot", "outbox")
_TAKES_AWAY = ("permanentDelete", "move", "send", "cancel", "decline")
#: Which of several types is meant where the metadata names their common one.
CONCRETE = {
    "attachment": ("fileAttachment", "itemAttachment", "fileAttachment"),
    "attachmentBase": ("taskFileAttachment",),
    "extension": ("openTypeExtension",),
    "outlookItem": ("message",),
    "directoryObject": ("user",),
    "timeZoneBase": ("timeZoneBase",),
}


@dataclass(frozen=True)
class Operation:
    """A method at an address, whose keys stand as ``{type}``; ``answer`` is the definition that a good answer
    belongs to ("" if it has no body), ``body`` the type or the parameters that a request may bring."""

    method: str
    template: tuple[str, ...]
    answer: str = ""
    body: str | tuple[tuple[str, str], ...] = ""

    @property
    def name(self) -> str:
        return f"{self.method} /{'/'.join(self.template)}"


@dataclass
class Known:
    """What the server gave so far: ids by type, addresses by template, links that go on, versions."""

    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    links: list[tuple[str, str]] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    def learn(self, operation: Operation, address: str, value: dict[str, Any]) -> None:
        """Remember what the answer to a request names."""
        kind = operation.answer.partition(".")[0]
        template = operation.template
        below = template[:-1] if template[-1] == "delta" else template
        place = address.rpartition("/")[0] if template[-1] == "delta" else address
        is_many = below[-1] not in (f"{{{kind}}}", "me") and operation.body in (kind, "")
        for one in value.get("value", [value]):
            if isinstance(one, dict) and isinstance(one.get("id"), str) and "@removed" not in one:
                self.ids[kind].append(one["id"])
                self.versions.append(str(one.get("@odata.etag", "*")))
                if is_many:
                    self.places[(*below, f"{{{kind}}}")].append(f"{place}/{one['id']}")
        for name in ("@odata.nextLink", "@odata.deltaLink"):
            if name in value:
                self.links.append((value[name], operation.answer))


class Model:
    """The metadata and the schema; ``random`` decides where there is a choice."""

    def __init__(self, folder: Path, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.known = Known()
        self.definitions: dict[str, Any] = json.loads(
            (folder / "graph-mail.schema.json").read_text(encoding="utf-8")
        )["$defs"]
        root = etree.parse(folder / "graph-mail.csdl.xml").getroot()
        self._types = {one.get("Name", ""): one for one in root.iter("{*}EntityType")}
        self._bound = [one for one in root.iter("{*}Action", "{*}Function") if one.get("IsBound") == "true"]

    # addresses

    @cached_property
    def operations(self) -> list[Operation]:
        """All that there is below a user, and what the groups have."""
        found = list(self._of_one(("me",), "user", 0))
        found += self._of_many(("groups",), "group", _DEEP)
        found += [Operation("GET", ("users",), "user.page"), Operation("GET", ("users", "{user}"), "user")]
        found += [Operation("GET", ("me", "messages", "{message}", "$value"))]
        once = {one.name: one for one in found}.values()
        return sorted(once, key=lambda one: one.method == "DELETE" or one.template[-1] in _TAKES_AWAY)

    def _of_many(self, path: tuple[str, ...], kind: str, depth: int) -> Iterator[Operation]:
        yield Operation("GET", path, f"{kind}.page")
        yield Operation("POST", path, kind, kind)
        yield from self._calls(path, f"Collection(graph.{kind})")
        yield from self._of_one((*path, f"{{{kind}}}"), kind, depth)

    def _of_one(self, path: tuple[str, ...], kind: str, depth: int) -> Iterator[Operation]:
        yield Operation("GET", path, kind)
        if path != ("me",):
            yield Operation("PATCH", path, kind, kind)
            if path[-1].startswith("{"):
                yield Operation("DELETE", path)
        for base in self._lineage(kind):
            yield from self._calls(path, f"graph.{base}")
        if depth < _DEEP:
            for name, target, many in self.navigations(kind):
                if name in path or "ExtendedProperties" in name:
                    continue
                go_on = self._of_many if many else self._of_one
                yield from go_on((*path, name), target, depth + 1)
        if kind == "user" and path == ("me",):
            yield from self._of_one(("me", "mailboxSettings"), "mailboxSettings", _DEEP)

    def _lineage(self, kind: str) -> Iterator[str]:
        while kind in self._types:
            yield kind
            kind = self._types[kind].get("BaseType", "").removeprefix("graph.")

    def navigations(self, kind: str) -> Iterator[tuple[str, str, bool]]:
        for base in self._lineage(kind):
            for one in self._types[base].findall("{*}NavigationProperty"):
                target = one.get("Type", "")
                many = target.startswith("Collection(")
                yield one.get("Name", ""), plain_name(target), many

    def _calls(self, path: tuple[str, ...], bound: str) -> Iterator[Operation]:
        for one in self._bound:
            parameters = [(p.get("Name", ""), p.get("Type", "")) for p in one.findall("{*}Parameter")]
            if parameters[0][1] != bound:
                continue
            returned = one.find("{*}ReturnType")
            kind = returned.get("Type", "") if returned is not None else ""
            name = one.get("Name", "")
            many = kind.startswith("Collection(")
            answer = plain_name(kind) + (f".{'delta' if name == 'delta' else 'page'}" if many else "")
            if etree.QName(one).localname == "Action":
                yield Operation("POST", (*path, name), answer, tuple(parameters[1:]))
            elif len(parameters) == 1:
                yield Operation("GET", (*path, name), answer)

    def address(self, operation: Operation) -> str:
        """An address with keys, that exist mostly."""
        template = operation.template
        ends = [end for end in range(len(template), 0, -1) if self.known.places.get(template[:end])]
        known = self.random.choice(self.known.places[template[: ends[0]]][-_FRESH:]) if ends else ""
        rest = template[ends[0] :] if ends and self.chosen(0.9) else template
        begun = known.strip("/").split("/") if rest is not template else []
        segments = [*begun, *(self.key(one) if one.startswith("{") else one for one in rest)]
        if segments[0] == "me" and self.random.random() < 0.15:
            segments[:1] = ["users", self.random.choice(("alice@corp.example", "alice%40corp.example"))]
        if segments[-1] == "delta":
            segments[-1] = self.random.choice(("delta", "delta()", "microsoft.graph.delta()"))
        return "/" + "/".join(segments)

    def key(self, place: str) -> str:
        kind = place.strip("{}")
        known = [one for base in (kind, *CONCRETE.get(kind, ())) for one in self.known.ids.get(base, ())][
            -_FRESH:
        ]
        if kind == "mailFolder" and self.random.random() < 0.5:
            return self.random.choice(_WELL_KNOWN)
        if kind in ("extension", "openTypeExtension"):
            known = ["example.one", "example.two"]
        if kind == "user":
            known = ["alice@corp.example", "bob@corp.example"]
        return self.random.choice(known) if known and self.random.random() < 0.93 else "AAMkAGI="

    # members

    def properties(self, kind: str) -> dict[str, Any]:
        """The members of a type, by the schema."""
        found = self.definitions.get(kind, {})
        return dict((found.get("else") or found).get("properties", {}))

    def plain(self, kind: str) -> list[str]:
        """The members of a type that are no resources of their own."""
        resources = {name for name, _, _ in self.navigations(kind)}
        return [one for one in self.properties(kind) if not one.startswith("@") and one not in resources]

    def chosen(self, chance: float) -> bool:
        return self.random.random() < chance


def plain_name(kind: str) -> str:
    """A type's name alone."""
    return kind.removeprefix("Collection(").removesuffix(")").rpartition(".")[2]
