"""What lies in a mailbox already: searches, and listings of its past. Nothing is written, and no sync state
is kept."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ackd.errors import Unreachable
from ackd.mailbox.graph import items, reading
from ackd.mailbox.graph.answers import Answer, checked, entries, text
from ackd.mailbox.graph.properties import quoted
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.item_reads import Gone, Got, Later
from ackd.mailbox.values import moment, one_message_id
from ackd.model import Mail, MailHead, SentMail

_LISTED = "internetMessageId,receivedDateTime,sentDateTime,parentFolderId,subject"
_PAGE, _SEARCHED = 200, 5_000  # results of a search in a page, and in all, that are looked at
_HEADS = 100  # mails with their header fields on a page


@dataclass(frozen=True, slots=True)
class _Listed:
    """A mail as a listing shows it; `folder` is the watched folder's name."""

    at: datetime
    item: str
    folder: str = ""
    message_id: str = ""


def search(
    wire: Wire, watched: Mapping[str, str], now: datetime, *, message_id: str, subject: str, limit: int
) -> tuple[Mail, ...]:
    """See ports.Mailbox: a request for all folders, and one for twenty mails that are shown. In which order a
    search gives what it found nobody promises: all is looked at."""
    conditions = [f"contains(subject,'{quoted(word)}')" for word in subject.split()]
    if message_id:
        conditions.append(f"internetMessageId eq '{quoted(message_id)}'")
    options = {"$select": _LISTED, "$top": str(_PAGE)}
    if conditions:
        options["$filter"] = " and ".join(conditions)
    parts = [get(f"{wire.owner}/mailFolders/{folder}/messages", options) for folder in watched.values()]
    found = [
        one
        for name, answer in zip(watched, wire.reads(parts), strict=True)
        for one in ([] if answer.status == 404 else _listed(_found(wire, answer), name))
    ]
    return tuple(_mails(wire, heapq.nlargest(limit, found, key=_at), now))


def _found(wire: Wire, answer: Answer) -> Iterator[Mapping[str, Any]]:
    """The entries of a search's first page, and of those behind it."""
    yield from entries(checked(answer))
    if link := text(answer.value, "@odata.nextLink"):
        yield from wire.all(Part("GET", link), most=_SEARCHED - _PAGE)


def mails(
    wire: Wire, places: Mapping[str, str], now: datetime, message_ids: Collection[str]
) -> dict[str, Mail]:
    """See ports.Mailbox: one part of a batch for a mail, and one for each that is there. `places` are the
    watched folders' names by their ids."""
    ordered = sorted(message_ids)
    found: dict[str, _Listed] = {}
    for own_id, things in zip(ordered, named(wire, ordered, _LISTED), strict=True):
        for thing in things:
            name = places.get(text(thing, "parentFolderId"))
            for one in () if name is None else _listed([thing], name):
                if own_id not in found or found[own_id].at < one.at:
                    found[own_id] = one
    read = items.read(wire, [one.item for one in found.values()], reading.mail_options(wire.ways))
    given = {item: one.element for item, one in read if isinstance(one, Got)}
    return {
        own_id: reading.mail(given[one.item], one.folder, now)
        for own_id, one in found.items()
        if one.item in given
    }


def named(wire: Wire, message_ids: Sequence[str], shown: str, expand: str = "") -> list[list[dict[str, Any]]]:
    """For each Message-ID the mails that bear it, wherever in the mailbox."""
    parts = []
    for own_id in message_ids:
        options = {"$filter": f"internetMessageId eq '{quoted(own_id)}'", "$select": shown}
        parts.append(get(f"{wire.owner}/messages", options | ({"$expand": expand} if expand else {})))
    return [entries(checked(answer)) for answer in wire.reads(parts)]


def heads(wire: Wire, watched: Iterable[str], most: int) -> tuple[MailHead, ...]:
    """See ports.Mailbox: a request for a hundred of each folder's mails."""
    options = {"$orderby": "receivedDateTime desc", "$top": str(min(_HEADS, most)), **reading.HEAD}
    found: list[tuple[datetime, MailHead]] = []
    for folder in watched:
        first = wire.ask(get(f"{wire.owner}/mailFolders/{folder}/messages", options))
        if first.status == 404:
            continue  # the folder is gone meanwhile
        things = entries(checked(first))
        if (link := text(first.value, "@odata.nextLink")) and len(things) < most:
            things += wire.all(Part("GET", link), most=most - len(things))
        for thing in things:
            if (at := moment(text(thing, "receivedDateTime"))) is not None:
                found.append((at, reading.head(thing)))
    return tuple(head for _, head in heapq.nlargest(most, found, key=lambda one: one[0]))


def past(
    wire: Wire,
    watched: Mapping[str, str],
    since: datetime,
    most: int | None,
    now: datetime,
    *,
    answered: bool = False,
) -> Iterator[Mail | SentMail]:
    """See ports.Mailbox. Ids and times are listed first; then the mails are read batch by batch, while they
    are asked for; with `answered` all sent ones before the first mail."""
    listings = [_since(wire, name, folder, "receivedDateTime", since) for name, folder in watched.items()]
    arrived = sorted((one for listing in listings for one in listing), key=_at)
    if most is not None and len(arrived) > most:
        arrived = arrived[-most:] if most else []
        since = arrived[0].at if arrived else now
    replies: Iterable[SentMail] = _sent(wire, _since(wire, "", "sentitems", "sentDateTime", since), now)
    if answered:
        replies = list(replies)
        own = (reply for reply in replies if not reply.token and not reply.is_automatic)
        targets = {target for reply in own for target in reply.targets}
        arrived = [listed for listed in arrived if listed.message_id in targets]
    # of a mail and an answer in the same second the mail comes first: merge keeps this order
    both: tuple[Iterable[Mail | SentMail], ...] = (_mails(wire, arrived, now), replies)
    yield from heapq.merge(*both, key=lambda one: one.received if isinstance(one, Mail) else one.at)


def _since(wire: Wire, name: str, folder: str, by: str, since: datetime) -> list[_Listed]:
    """The mails of a folder since a moment, the oldest first."""
    options = {
        "$filter": f"{by} ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "$orderby": by,
        "$select": _LISTED,
        "$top": "500",
    }
    path = f"{wire.owner}/mailFolders/{folder}/messages"
    first = wire.ask(get(path, options))
    if name and first.status == 404:
        return []  # the folder is gone meanwhile
    things = entries(checked(first))
    if link := text(first.value, "@odata.nextLink"):
        things += wire.all(Part("GET", link))
    found = {one.item: one for one in _listed(things, name, by)}
    return sorted((one for one in found.values() if one.at >= since), key=_at)


def _listed(things: Iterable[Mapping[str, Any]], name: str, by: str = "receivedDateTime") -> list[_Listed]:
    found = []
    for one in things:
        at = moment(text(one, by))
        if at is not None:
            found.append(_Listed(at, text(one, "id"), name, one_message_id(text(one, "internetMessageId"))))
    return found


def _at(listed: _Listed) -> datetime:
    return listed.at


def _mails(wire: Wire, listed: Sequence[_Listed], now: datetime) -> Iterator[Mail]:
    for one, element in _read(wire, listed, reading.mail_options(wire.ways)):
        if element is None:
            yield reading.unknown(one.item, one.folder, one.message_id, one.at)
        else:
            yield reading.mail(element, one.folder, now)


def _sent(wire: Wire, listed: Sequence[_Listed], now: datetime) -> Iterator[SentMail]:
    for _, element in _read(wire, listed, reading.sent_options(wire.ways)):
        if element is not None:
            yield reading.sent_mail(element, now)


def _read(
    wire: Wire, listed: Sequence[_Listed], options: Mapping[str, str]
) -> Iterator[tuple[_Listed, Mapping[str, Any] | None]]:
    """Mails in full, None for one that the server can't give; what is gone meanwhile is passed over."""
    by_item = {one.item: one for one in listed}
    for item, read in items.read(wire, list(by_item), options):
        if isinstance(read, Later) and read.wait:
            raise Unreachable(read.why, wait=read.wait)
        if not isinstance(read, Gone):
            yield by_item[item], read.element if isinstance(read, Got) else None
