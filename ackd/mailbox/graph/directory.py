"""Who people are, and who belongs to a list, by the tenant's directory. That needs permissions which an
administrator gives; without them nobody is told to be inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.mailbox.graph.answers import checked, entries, strings, text
from ackd.mailbox.graph.properties import quoted
from ackd.mailbox.graph.wire import Wire, get
from ackd.mailbox.people import Entry

_GROUP = "#microsoft.graph.group"
_LIST = "displayName,mail,proxyAddresses"
_PERSON = f"{_LIST},userPrincipalName"


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


def people(wire: Wire, wanted: str) -> tuple[Entry, ...]:
    """The `directory` of `mailbox.people`: one request, for people and for lists, which have names and
    addresses too. Raises Unreachable; without the permission nobody is known."""
    prefix, _, key = wanted.partition(":")
    condition = (
        f"proxyAddresses/any(p:p eq 'smtp:{quoted(key)}') or mail eq '{quoted(key)}'"
        if prefix == "smtp"
        else f"displayName eq '{quoted(wanted)}'"
    )
    options = {"$filter": condition, "$count": "true", "$top": "20"}
    kinds = {"/users": _PERSON, "/groups": _LIST}
    parts = [
        get(kind, {**options, "$select": shown}, ConsistencyLevel="eventual") for kind, shown in kinds.items()
    ]
    found = wire.reads(parts)
    if found[0].status == 403:
        return ()
    answers = [answer for answer in found if answer.status != 403]
    return tuple(_entry(one) for answer in answers for one in entries(checked(answer)))


def _entry(person: Mapping[str, Any]) -> Entry:
    primary = (text(person, "mail") or text(person, "userPrincipalName")).strip().lower()
    proxies = (one.partition(":") for one in strings(person, "proxyAddresses"))
    addresses = {address.lower() for kind, _, address in proxies if kind.lower() == "smtp"}
    return Entry(primary, text(person, "displayName"), frozenset(addresses | {primary}) - {""})
