"""Who people are, and who belongs to a list, by the tenant's directory. That needs permissions which an
administrator gives; without them nobody is told to be inside."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.mailbox.graph.answers import entries, strings, text
from ackd.mailbox.graph.properties import quoted
from ackd.mailbox.graph.wire import Wire, get
from ackd.model import Address

_GROUP = "#microsoft.graph.group"
_PERSON = "id,mail,userPrincipalName,proxyAddresses"


def expand(wire: Wire, groups: Collection[str]) -> frozenset[str]:
    """See ports.Mailbox: two requests a list."""
    return expansion.expand(groups, lambda address: _level(wire, address))


def _level(wire: Wire, address: str) -> Level | None:
    found = wire.read(get("/groups", {"$filter": f"mail eq '{quoted(address)}'", "$select": "id,mail"}))
    group = next(iter(entries(found)), None)
    if group is None:
        return None
    people: list[str] = []
    lists: list[str] = []
    for one in wire.all(get(f"/groups/{text(group, 'id')}/members", {"$top": "999"})):
        is_list = text(one, "@odata.type").lower() == _GROUP
        (lists if is_list else people).append(text(one, "mail"))
    return Level(tuple(filter(None, people)), tuple(filter(None, lists)))


def same_person(wire: Wire, address: str, others: Collection[Address]) -> bool:
    """See ports.Mailbox. By the addresses of the directory's entry alone."""
    return not {other.key for other in others}.isdisjoint(_addresses(wire, address))


def _addresses(wire: Wire, address: str) -> frozenset[str]:
    """All addresses of the one person whom an address means; none where the directory knows nobody."""
    key = address.strip().lower()
    condition = f"proxyAddresses/any(p:p eq 'smtp:{quoted(key)}') or mail eq '{quoted(key)}'"
    options = {"$filter": condition, "$select": _PERSON, "$count": "true"}
    answer = wire.ask(get("/users", options, ConsistencyLevel="eventual"))
    found: list[dict[str, Any]] = entries(answer.value) if answer.ok else []
    if len(found) != 1:
        return frozenset()
    proxies = {one.partition(":")[2].lower() for one in strings(found[0], "proxyAddresses")}
    return frozenset((proxies | {text(found[0], "mail").lower(), key}) - {""})
