"""Who people are, and who belongs to a list, by the tenant's directory. That needs permissions which an
administrator gives; without them nobody is told to be inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ackd.mailbox import expansion
from ackd.mailbox.expansion import Level
from ackd.mailbox.graph.answers import checked, entries, strings, text
from ackd.mailbox.graph.properties import quoted
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.people import Entry

_GROUP = "#microsoft.graph.group"
_LIST = "displayName,mail,proxyAddresses"
_PERSON = f"{_LIST},userPrincipalName,userType"
_GUEST = "guest"


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
    condition = _addressed(key) if prefix == "smtp" else f"displayName eq '{quoted(wanted)}'"
    found = wire.reads([_listed("/users", _PERSON, condition), _listed("/groups", _LIST, condition)])
    if found[0].status == 403:
        return ()
    answers = [answer for answer in found if answer.status != 403]
    return tuple(_entry(one) for answer in answers for one in entries(checked(answer)))


def members(wire: Wire, addresses: Collection[str]) -> frozenset[str] | None:
    """See ports.Mailbox (`in_directory`): a part of a batch for each."""
    wanted = sorted({address.strip().lower() for address in addresses})
    answers = wire.reads([_listed("/users", _PERSON, _addressed(one)) for one in wanted])
    known = set()
    for address, answer in zip(wanted, answers, strict=True):
        if answer.status == 403:
            return None
        people = (one for one in entries(checked(answer)) if text(one, "userType").lower() != _GUEST)
        if any(address in _entry(one).addresses for one in people):
            known.add(address)
    return frozenset(known)


def given_names(wire: Wire, addresses: Collection[str]) -> dict[str, str]:
    """See ports.Mailbox: a part of a batch for each; without the permission nobody is known."""
    wanted = list(addresses)
    answers = wire.reads([_listed("/users", f"{_LIST},givenName", _addressed(one)) for one in wanted])
    found = {}
    for address, answer in zip(wanted, answers, strict=True):
        people = [] if answer.status == 403 else entries(checked(answer))
        for one in (one for one in people if address in _entry(one).addresses):
            found[address] = text(one, "givenName").strip()
    return found


def _addressed(address: str) -> str:
    return f"proxyAddresses/any(p:p eq 'smtp:{quoted(address)}') or mail eq '{quoted(address)}'"


def _listed(kind: str, shown: str, condition: str) -> Part:
    options = {"$filter": condition, "$select": shown, "$count": "true", "$top": "20"}
    return get(kind, options, ConsistencyLevel="eventual")


def _entry(person: Mapping[str, Any]) -> Entry:
    primary = (text(person, "mail") or text(person, "userPrincipalName")).strip().lower()
    proxies = (one.partition(":") for one in strings(person, "proxyAddresses"))
    addresses = {address.lower() for kind, _, address in proxies if kind.lower() == "smtp"}
    return Entry(primary, text(person, "displayName"), frozenset(addresses | {primary}) - {""})
