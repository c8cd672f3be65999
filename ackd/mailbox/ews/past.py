"""What lies in a mailbox already: searches, and listings of its past. Nothing is written, and no
sync state is kept.

Listings go newest first by the server's order and are cut here: some servers refuse a restriction
by time, and Exchange gives at most 250 results of a restricted search.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from typing import Any

from exchangelib.services import FindItem

from ackd.errors import Unreachable
from ackd.mailbox import values
from ackd.mailbox.ews import fields, reading, requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.folders import NO_FOLDER
from ackd.mailbox.ews.items import ItemReader
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire
from ackd.mailbox.item_reads import Gone, Got, Later, Wanted
from ackd.model import Mail, MailHead, SentMail

log = logging.getLogger(__name__)

LISTING = 512  # items that one request lists
NAMED = 50  # mails that one request searches for
MOST_GONE_THROUGH = 4 * LISTING  # mails of a folder, where the server refuses to search for some
FOLDERS, MOST_SEARCHED = 50, 1000  # that one request searches, and one search
HEAD_BYTES = 9_000  # that the header fields of a mail usually take: a hundred go into one answer
MOST_PAGES = 4000  # of one listing: two million items

RECEIVED, SENT_AT = Field(uri="item:DateTimeReceived"), Field(uri="item:DateTimeSent")
SUBJECT, MESSAGE_ID = Field(uri="item:Subject"), Field(uri="message:InternetMessageId")
MESSAGE_ID_TAG = Field(tag="0x1035")  # PidTagInternetMessageId (MS-OXPROPS)
LISTED = (RECEIVED, SENT_AT, Field(uri="item:DateTimeCreated"), SUBJECT, MESSAGE_ID, Field(uri="item:Size"))


@dataclass(frozen=True, slots=True)
class _Listed:
    """An item as a listing shows it; `folder` is the watched folder's name."""

    at: datetime
    item: str
    folder: str = ""
    message_id: str = ""
    subject: str = ""
    size: int = 0


def search(
    wire: Wire, watched: Mapping[str, Any], now: datetime, *, message_id: str, subject: str, limit: int
) -> tuple[Mail, ...]:
    """See ports.Mailbox: two requests; where the server refuses the restriction, as many as it
    takes to go through the folders."""
    words = subject.casefold().split()
    found = _restricted(wire, watched, message_id, words, limit)
    if found is None:
        found = [
            listed
            for name, folder in watched.items()
            for listed in islice(_meant(wire, name, folder, message_id, words), limit)
        ]
    return tuple(_mails(wire, heapq.nlargest(limit, found, key=_at), now))


def mails(
    wire: Wire, watched: Mapping[str, Any], now: datetime, message_ids: Collection[str]
) -> dict[str, Mail]:
    """See ports.Mailbox. Where the server refuses the restriction, the newest mails are gone through."""
    wanted = {name for name in message_ids if requests.can_say(name)}
    ordered = sorted(wanted)
    listed: list[_Listed] = []
    for start in range(0, len(ordered) if watched else 0, NAMED):
        by_id = requests.any_of(MESSAGE_ID_TAG, ordered[start : start + NAMED])
        payload = requests.find_item(watched.values(), LISTED, by_id, newest_by=RECEIVED, most=LISTING)
        answers = wire.read(FindItem, payload, len(watched))
        if not all(answer.ok or answer.code in NO_FOLDER for answer in answers):
            listed = [
                one
                for name, folder in watched.items()
                for one in islice(_newest_first(wire, name, folder, RECEIVED), MOST_GONE_THROUGH)
            ]
            break
        for name, answer in zip(watched, answers, strict=False):
            listed += _listed(answer, name, RECEIVED)
    newest = {one.message_id: one for one in sorted(listed, key=_at) if one.message_id in wanted}
    read = _read(wire, list(newest.values()), fields.MAIL)
    given = (_mail(wire, one, element, now) for one, element in read if element is not None)
    return {mail.message_id: mail for mail in given}


def filed(wire: Wire, folders: Sequence[str], message_id: str) -> str:
    """The item of a mail that was filed into one of these folders, "" where it isn't there or the server
    refuses such a search: one request for 50 folders."""
    by_id = requests.any_of(MESSAGE_ID_TAG, [message_id])
    for start in range(0, min(len(folders), MOST_SEARCHED), FOLDERS):
        where = [requests.folder_id(own_id) for own_id in folders[start : start + FOLDERS]]
        for answer in wire.ask(FindItem, requests.find_item(where, (), by_id, most=1)):
            for element in answer.find_all("m:RootFolder/t:Items/*"):
                return reading.item_id(element)
    return ""


def heads(wire: Wire, watched: Mapping[str, Any], most: int) -> tuple[MailHead, ...]:
    """See ports.Mailbox. A mail that the server can't give is one of which nothing is known."""
    listed = [
        one
        for name, folder in watched.items()
        for one in islice(_newest_first(wire, name, folder, RECEIVED), most)
    ]
    wanted = [Wanted(one.item, HEAD_BYTES) for one in heapq.nlargest(most, listed, key=_at)]
    found = []
    for _, read in ItemReader(wire).read(wanted, fields.HEAD):
        if isinstance(read, Later) and read.wait:
            raise Unreachable(read.why, wait=read.wait)
        if not isinstance(read, Gone):
            found.append(reading.head(read.element) if isinstance(read, Got) else MailHead(None, None))
    return tuple(found)


def past(
    wire: Wire,
    watched: Mapping[str, Any],
    sent: Any,
    since: datetime,
    most: int | None,
    now: datetime,
    *,
    answered: bool = False,
) -> Iterator[Mail | SentMail]:
    """See ports.Mailbox. Ids and times are listed first, 512 a request; then the items are read
    batch by batch, while they are asked for; with `answered` all sent ones before the first mail."""
    listings = (_newest_first(wire, name, folder, RECEIVED, since) for name, folder in watched.items())
    arrived = _oldest_first([listed for listing in listings for listed in listing])
    if most is not None and len(arrived) > most:
        arrived = arrived[-most:]
        since = arrived[0].at
    answers = _oldest_first(list(_newest_first(wire, "", sent, SENT_AT, since)))
    replies: Iterable[SentMail] = _sent(wire, answers, now)
    if answered:
        replies = list(replies)
        own = (reply for reply in replies if not reply.token and not reply.is_automatic)
        targets = {target for reply in own for target in reply.targets}
        arrived = [listed for listed in arrived if listed.message_id in targets]
    # of a mail and an answer in the same second the mail comes first: merge keeps this order
    both: tuple[Iterable[Mail | SentMail], ...] = (_mails(wire, arrived, now), replies)
    yield from heapq.merge(*both, key=lambda one: one.received if isinstance(one, Mail) else one.at)


# --- finding ----------------------------------------------------------------------------------


def _restricted(
    wire: Wire, watched: Mapping[str, Any], message_id: str, words: Sequence[str], limit: int
) -> list[_Listed] | None:
    """What the server finds by itself; None where it refuses such a search."""
    if not watched:
        return []
    conditions = [requests.contains(SUBJECT, word) for word in words]
    if message_id:
        conditions.append(requests.any_of(MESSAGE_ID_TAG, [message_id]))
    payload = requests.find_item(
        watched.values(), LISTED, requests.all_of(conditions), newest_by=RECEIVED, most=limit
    )
    answers = wire.read(FindItem, payload, expected=len(watched))
    if not all(answer.ok or answer.code in NO_FOLDER for answer in answers):
        return None
    return [
        listed
        for name, answer in zip(watched, answers, strict=False)
        for listed in _listed(answer, name, RECEIVED)
    ]


def _meant(wire: Wire, name: str, folder: Any, message_id: str, words: Sequence[str]) -> Iterator[_Listed]:
    for listed in _newest_first(wire, name, folder, RECEIVED):
        subject = listed.subject.casefold()
        if message_id in ("", listed.message_id) and all(word in subject for word in words):
            yield listed


def _at(listed: _Listed) -> datetime:
    return listed.at


def _oldest_first(listed: Sequence[_Listed]) -> list[_Listed]:
    """In order of time; what is of the same second stays as the server has it."""
    backwards = listed[::-1]
    return sorted(backwards, key=_at)


# --- listing ----------------------------------------------------------------------------------


def _newest_first(
    wire: Wire, name: str, folder: Any, by: Field, since: datetime | None = None
) -> Iterator[_Listed]:
    """The items of a folder since a moment, the newest first, page by page. Mail that comes in
    meanwhile moves the pages: what was on the page before isn't given again. A page that came before
    is the last, whatever the server says; so is the end of a folder that is gone meanwhile."""
    offset, given, pages = 0, set[str](), set[int]()
    while True:
        payload = requests.find_item([folder], LISTED, offset=offset, newest_by=by, most=LISTING)
        (answer, *_) = wire.read(FindItem, payload)
        if name and answer.code in NO_FOLDER:
            log.warning("event=folder: the folder %r is gone: its mail isn't listed", name)
            return
        if not answer.ok:
            raise Unreachable(f"{name or 'Sent Items'} can't be listed: {answer.code or 'no code'}")
        page = _listed(answer, name, by)
        yield from (one for one in page if one.item not in given and (since is None or one.at >= since))
        given = {one.item for one in page}
        ids = [reading.item_id(element) for element in answer.find_all("m:RootFolder/t:Items/*")]
        offset += len(ids)
        if _is_last(answer) or (since is not None and _is_over(page, since)):
            return
        if hash(tuple(ids)) in pages or len(pages) > MOST_PAGES:
            log.warning("event=listing: the server lists %s without an end", name or "Sent Items")
            return
        pages.add(hash(tuple(ids)))


def _is_last(answer: Answer) -> bool:
    root = answer.xml.find("m:RootFolder", NAMESPACES)
    has_items = bool(answer.find_all("m:RootFolder/t:Items/*"))
    return not has_items or root.get("IncludesLastItemInRange") != "false"


def _is_over(page: Sequence[_Listed], since: datetime) -> bool:
    """Whether everything after this page is older. A server that doesn't keep to the order is
    listed to the end."""
    in_order = all(newer.at >= older.at for newer, older in pairwise(page))
    return bool(page) and in_order and page[-1].at < since


def _listed(answer: Answer, name: str, by: Field) -> list[_Listed]:
    """The items of an answer; one without the time that it is listed by has no place there."""
    found = []
    for element in answer.find_all("m:RootFolder/t:Items/*"):
        received = values.moment(reading.text_at(element, "t:DateTimeReceived"))
        at = reading.sent_at(element) if by is SENT_AT else received
        if at is not None:
            message_id = values.one_message_id(reading.text_at(element, "t:InternetMessageId"))
            subject = reading.text_at(element, "t:Subject")
            size = reading.text_at(element, "t:Size")
            weight = values.count(size) or 0
            found.append(_Listed(at, reading.item_id(element), name, message_id, subject, weight))
    return found


# --- reading ----------------------------------------------------------------------------------


def _mails(wire: Wire, listed: Sequence[_Listed], now: datetime) -> Iterator[Mail]:
    for one, element in _read(wire, listed, fields.MAIL):
        if element is not None:
            yield _mail(wire, one, element, now)
        else:
            yield reading.unknown(one.item, one.folder, one.message_id, one.at)


def _mail(wire: Wire, one: _Listed, element: Any, now: datetime) -> Mail:
    return reading.mail(element, one.folder, now, web_link=wire.web_link(one.item))


def _sent(wire: Wire, listed: Sequence[_Listed], now: datetime) -> Iterator[SentMail]:
    for _, element in _read(wire, listed, (*fields.SENT_ANSWERS, fields.OUR_TOKEN)):
        if element is not None:
            yield reading.sent_mail(element, now)


def _read(wire: Wire, listed: Sequence[_Listed], wanted: Sequence[Field]) -> Iterator[tuple[_Listed, Any]]:
    """Items in full, None for one that the server can't give; what is gone meanwhile is passed
    over. Nothing is done with what is read but to show it: no item is waited for."""
    by_item = {one.item: one for one in listed}
    reader = ItemReader(wire)
    for asked, read in reader.read([Wanted(one.item, one.size) for one in by_item.values()], wanted):
        if isinstance(read, Later) and read.wait:
            raise Unreachable(read.why, wait=read.wait)
        if not isinstance(read, Gone):
            yield by_item[asked.item], read.element if isinstance(read, Got) else None
