"""``user`` and ``group``: people with a mailbox here, distribution lists, and who belongs to them.

Members of lists that have no mailbox here are guests. Whether real directories have them as guests, who are
users, or as contacts, who aren't, depends on how an administrator entered them: a quirk decides.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from exchange_sandbox.graph import filters, listing, settings
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError, bad_uri
from exchange_sandbox.graph.filter_nodes import Both, Called, Compare, Node, Not, Some
from exchange_sandbox.graph.query import Query
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.shape import Member, Navigation, Shape, View
from exchange_sandbox.store import groups, mailboxes
from exchange_sandbox.store.groups import Group
from exchange_sandbox.store.mailboxes import Mailbox

PAGE = 100
_CLAUSE = re.compile(r'\s*"(\w+):([^"]*)"\s*(OR|AND|$)', re.IGNORECASE)
_WORDS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody from elsewhere."""

    address: str

    @property
    def name(self) -> str:
        """What they are called: nothing else is known of them."""
        return self.address


Entry = Mailbox | Group | Guest


def entry_id(call: Call, one: Entry) -> str:
    """An entry's id."""
    return mailboxes.directory_id(call.store.organisation, one.address)


# who belongs to what


def _entry(db: sqlite3.Connection, address: str) -> Entry:
    return mailboxes.find(db, address) or groups.find(db, address) or Guest(address)


def members(db: sqlite3.Connection, group: Group) -> list[Entry]:
    """Those who stand in a list."""
    return [_entry(db, address) for address in group.members]


def all_members(db: sqlite3.Connection, group: Group) -> list[Entry]:
    """Those who stand in a list or in lists in it, each once, these lists too; not the list itself."""
    return _closure(group, lambda one: members(db, one) if isinstance(one, Group) else ())


def lists_of(db: sqlite3.Connection, one: Entry) -> list[Entry]:
    """The lists in which somebody, or a list, stands."""
    return [group for group in groups.everyone(db) if one.address in group.members]


def all_lists_of(db: sqlite3.Connection, one: Entry) -> list[Entry]:
    """The lists that somebody belongs to, by others too."""
    return _closure(one, lambda each: lists_of(db, each))


def _closure(begin: Entry, following: Callable[[Entry], Iterable[Entry]]) -> list[Entry]:
    found: dict[str, Entry] = {}
    todo = list(following(begin))
    while todo:
        one = todo.pop(0)
        if one.address not in found and one.address != begin.address:
            found[one.address] = one
            todo += following(one)
    return list(found.values())


def group_named(call: Call, db: sqlite3.Connection) -> Group:
    """The list that the path names by its id; raises GraphError."""
    wanted = call.params["group"].lower()
    found = next((one for one in groups.everyone(db) if entry_id(call, one) == wanted), None)
    if found is None:
        raise GraphError(
            404,
            "Request_ResourceNotFound",
            f"Resource '{call.params['group'][:80]}' does not exist or one of its queried reference-property"
            " objects are not present.",
        )
    return found


# how they look


def _principal_name(view: View, one: Entry) -> str:
    if not isinstance(one, Guest):
        return one.address
    domain = view.call.who.mailbox.domain if view.call.who.mailbox else "corp.example"
    return f"{one.address.replace('@', '_')}#EXT#@{domain}"


def _person(view: View, one: Entry) -> tuple[str, str]:
    return mailboxes.person(view.db, one) if isinstance(one, Mailbox) else ("", "")


def _expanded(find: Callable[[sqlite3.Connection, Any], list[Entry]]) -> Callable[[View, Any], Any]:
    return lambda view, one: [_written(view, each, is_mixed=True) for each in find(view.db, one)]


def _settings(view: View, one: Any) -> dict[str, Any] | None:
    """The settings of the person that the path names; nobody sees those of others, but an app does."""
    call = view.call
    if call.owner is None or not isinstance(one, Mailbox) or one.id != call.owner.id:
        return None
    if call.who.mailbox is not None and call.who.mailbox.id != one.id:
        return None
    return settings.shape(call).write(View(view.db, call, Query()), settings.read(call, view.db))


USER = Shape(
    "user",
    (
        Member("businessPhones", lambda view, one: []),
        Member("displayName", lambda view, one: one.name),
        Member("givenName", lambda view, one: _person(view, one)[0] or None),
        Member("jobTitle", lambda view, one: None),
        Member("mail", lambda view, one: one.address),
        Member("mobilePhone", lambda view, one: None),
        Member("officeLocation", lambda view, one: None),
        Member("preferredLanguage", lambda view, one: None),
        Member("surname", lambda view, one: _person(view, one)[1] or None),
        Member("userPrincipalName", _principal_name),
        Member("id", lambda view, one: entry_id(view.call, one)),
        Member("accountEnabled", lambda view, one: True, shown=False),
        Member("deletedDateTime", lambda view, one: None, shown=False),
        Member("mailboxSettings", _settings, shown=False),
        Member("mailNickname", lambda view, one: one.address.partition("@")[0], shown=False),
        Member("otherMails", lambda view, one: [], shown=False),
        Member("proxyAddresses", lambda view, one: [f"SMTP:{one.address}"], shown=False),
        Member("userType", lambda view, one: "Guest" if isinstance(one, Guest) else "Member", shown=False),
    ),
    (
        Navigation("memberOf", _expanded(lists_of)),
        Navigation("transitiveMemberOf", _expanded(all_lists_of)),
    ),
)

GROUP = Shape(
    "group",
    (
        Member("id", lambda view, one: entry_id(view.call, one)),
        Member("deletedDateTime", lambda view, one: None),
        Member("description", lambda view, one: None),
        Member("displayName", lambda view, one: one.name),
        Member("groupTypes", lambda view, one: []),
        Member("mail", lambda view, one: one.address),
        Member("mailEnabled", lambda view, one: True),
        Member("mailNickname", lambda view, one: one.address.partition("@")[0]),
        Member("proxyAddresses", lambda view, one: [f"SMTP:{one.address}"]),
        Member("securityEnabled", lambda view, one: False),
        Member("visibility", lambda view, one: None),
    ),
    (
        Navigation("members", _expanded(members)),
        Navigation("transitiveMembers", _expanded(all_members)),
    ),
)
_SHAPES = {"user": USER, "group": GROUP, "orgContact": USER}


def kind_of(view: View, one: Entry) -> str:
    """Which type an entry is of."""
    if isinstance(one, Group):
        return "group"
    return "orgContact" if isinstance(one, Guest) and view.call.quirks.graph_guests_are_contacts else "user"


def _either(name: str) -> Member:
    """A member of whichever type has it."""

    def read(view: View, one: Entry) -> Any:
        member = _SHAPES[kind_of(view, one)].by_name.get(name.lower())
        return member.read(view, one) if member else None

    return Member(name, read)


_ANY = Shape("directoryObject", tuple(_either(one.name) for one in {
    member.name.lower(): member for member in (*USER.members, *GROUP.members)
}.values()))  # fmt: skip


def _written(view: View, one: Entry, *, is_mixed: bool) -> dict[str, Any]:
    """An entry as JSON: where several types are mixed with its type, and without what its type lacks."""
    kind = kind_of(view, one)
    shape = _SHAPES[kind]
    chosen = view.query.select
    if chosen is not None:
        known = tuple(name for name in chosen if name.lower() in shape.by_name)
        view = replace(view, query=replace(view.query, select=known))
    out = shape.write(view, one)
    return {"@odata.type": f"#microsoft.graph.{kind}", **out} if is_mixed else out


# lists of them


def answer(
    call: Call, db: sqlite3.Connection, entries: Sequence[Entry], context: str, only: str = ""
) -> Reply:
    """A page of entries, of all types or of one; raises GraphError."""
    is_advanced = call.request.header("ConsistencyLevel").strip().lower() == "eventual"
    _check_advanced(call, is_advanced=is_advanced)
    view = View(db, call, call.query)
    shape = _SHAPES[only] if only else _ANY
    kept = [one for one in entries if not only or kind_of(view, one) == only]
    if call.query.search:
        test = _search(call.query.search)
        kept = [one for one in kept if test(shape.lookup(view, one))]
    found = listing.chosen(shape, view, kept, usual=PAGE)
    query = call.query if is_advanced else replace(call.query, count=False)
    page = listing.page(call, shape, replace(view, query=query), found, context, usual=PAGE)
    page["value"] = [_written(view, one, is_mixed=not only) for one in found.page]
    return ok(page)


def count(call: Call, db: sqlite3.Connection, entries: Sequence[Entry], only: str = "") -> Reply:
    """How many there are, as text; raises GraphError."""
    if call.request.header("ConsistencyLevel").strip().lower() != "eventual":
        raise _unsupported("$count is not currently supported.")
    view = View(db, call, call.query)
    total = sum(not only or kind_of(view, one) == only for one in entries)
    return Reply(200, raw=str(total).encode(), kind="text/plain")


def _check_advanced(call: Call, *, is_advanced: bool) -> None:
    """What needs the header ConsistencyLevel, and but for a search $count too (aad-advanced-queries)."""
    query = call.query
    if query.search and not is_advanced:
        raise _unsupported(
            "Request with $search query parameter only works through MSGraph with a special request header:"
            " 'ConsistencyLevel: eventual'"
        )
    needs = (query.filter is not None and _is_advanced(query.filter)) or (query.filter and query.orderby)
    if needs and not (is_advanced and query.count):
        raise _unsupported("Unsupported or invalid query filter clause specified.")


def _is_advanced(node: Node) -> bool:
    match node:
        case Compare(how, left, right):
            return how == "ne" or _is_advanced(left) or _is_advanced(right)
        case Not():
            return True
        case Called(name, _):
            return name != "startswith"
        case Both(_, parts):
            return any(map(_is_advanced, parts))
        case Some(_, _, _, part):
            return part is not None and _is_advanced(part)
        case _:
            return False


def _unsupported(text: str) -> GraphError:
    return GraphError(400, "Request_UnsupportedQuery", text)


def _search(text: str) -> Callable[[filters.Lookup], bool]:
    """What a $search looks for: words of members that begin so. Raises GraphError."""
    clauses, joints, at = [], set(), 0
    while at < len(text):
        found = _CLAUSE.match(text, at)
        if found is None:
            raise bad_uri(f"Syntax error: '$search' can't be read at position {at}.")
        clauses.append((found[1], found[2].strip().casefold()))
        joints.add(found[3].upper())
        at = found.end()
    joints.discard("")
    if not clauses or len(joints) > 1:
        raise bad_uri(
            "Syntax error: '$search' is made of clauses such as \"displayName:x\", all by one word."
        )
    every = all if joints == {"AND"} else any
    return lambda lookup: every(_begins(lookup(name), word) for name, word in clauses)


def _begins(value: Any, word: str) -> bool:
    if isinstance(value, list):
        return any(_begins(one, word) for one in value)
    text = str(value or "").casefold()
    return text.startswith(word) or any(part.startswith(word) for part in _WORDS.split(text))
