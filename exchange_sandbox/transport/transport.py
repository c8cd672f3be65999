"""Mail on its way: submission by a mailbox's owner or by who may send for them, delivery into inboxes, and
what arrives from elsewhere.

Transport trusts nobody's word about who wrote a mail: the stamp ``X-MS-Exchange-Organization-AuthAs`` is put
on by it alone, Internal for authenticated submission and Anonymous at the edge, and forged ones are stripped.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange_sandbox.calendar import arrival
from exchange_sandbox.clock import iso
from exchange_sandbox.errors import Problem, Refused
from exchange_sandbox.mime import embedded, export, report, write
from exchange_sandbox.mime import headers as h
from exchange_sandbox.mime import read as mime_read
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store import events, folders, groups, items, mailboxes, sharing
from exchange_sandbox.store.database import organisation_of
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import SUPPRESS, Key, Stream
from exchange_sandbox.store.sharing import Right
from exchange_sandbox.transport import autoreply, personal, rulework

Attached = Sequence[tuple[dict[str, Any], bytes]]  # of each what is known about it, and its bytes
_TO = (Key.TO, Key.CC, Key.BCC)
FORGEABLE = ("x-ms-exchange-organization-*", "x-ms-exchange-forest-*", "x-ms-exchange-crosstenant-*")
ITEM_CLASS_HEADER = "X-Sandbox-Item-Class"
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\]+@[^@\s<>,;:\"\\]+")
_INDEX_LENGTH = 22
_NDR_SUPPRESSED = mime_read.SUPPRESS_NAMES["NDR"]


@dataclass(frozen=True, slots=True)
class Transport:
    """Transport within one transaction, at one moment. ``broken``: it takes mail and delivers nothing."""

    db: sqlite3.Connection
    now: datetime
    quirks: Quirks
    broken: bool = False
    resolve: personal.Resolve = lambda number: None

    def submit(self, person: Mailbox, item: Item) -> None:
        """Send an item as ``person``, or for the one that it is from if they may; it becomes the sender's
        copy (sent, read, no draft), not yet saved.

        Raises Problem.SEND_AS_DENIED, Problem.RECIPIENTS_MISSING, Problem.RECIPIENT_INVALID; then nothing was
        sent.
        """
        bag = item.bag
        for key in _TO:
            if any("item" in one for one in bag.get(key, ())):
                bag[key] = personal.addressed(self.resolve, bag[key])
                export.make_stale(self.db, item)
        recipients = _recipients(bag)
        self._name(bag)
        author = self._sign(person, bag)
        moment = iso(self.now)
        bag |= {Key.SENT: moment, Key.RECEIVED: moment, Key.IS_DRAFT: False, Key.IS_READ: True}
        if self.quirks.own_message_ids or not bag.get(Key.MESSAGE_ID):
            bag[Key.MESSAGE_ID] = new_message_id(author.domain)
        if self.broken:
            return
        outgoing = self._outgoing(item)
        stamped = h.rewritten(
            outgoing, above=[self._received(author.domain)], below=[*self._stamps("Internal", author.domain),
            ("Return-Path", author.address)]
        )  # fmt: skip
        failed = []
        attached = export.attached(self.db, item)
        for address, by_list in groups.expanded(self.db, recipients).items():
            reached = mailboxes.find(self.db, address)
            if reached is None:
                failed.append(address)
            else:
                self._into_inbox(
                    reached, stamped, from_me=reached.id == author.id, by_list=by_list, attached=attached
                )
        if failed and not bag.get(SUPPRESS, 0) & _NDR_SUPPRESSED:
            self._report(author, h.split(outgoing)[0], failed)

    def _name(self, bag: dict[str, Any]) -> None:
        """Give the recipients who are of this sandbox, and were given by their address alone, their names."""
        for key in _TO:
            for one in bag.get(key, ()):
                if one["name"] in ("", one["address"]):
                    known = mailboxes.find(self.db, one["address"]) or groups.find(self.db, one["address"])
                    one["name"] = known.name if known else one["name"]

    def _sign(self, person: Mailbox, bag: dict[str, Any]) -> Mailbox:
        """Write down who a mail is from and who sends it; returns the former."""
        given = {key: (bag.get(key) or {}).get("address", "").lower() for key in (Key.FROM, Key.SENDER)}
        author = mailboxes.find(self.db, given[Key.FROM]) if given[Key.FROM] else person
        if author is None or given[Key.SENDER] not in ("", person.address, author.address):
            raise Refused(Problem.SEND_AS_DENIED)
        sender = person if author.id == person.id else self._sender_for(author, person)
        bag[Key.FROM], bag[Key.SENDER] = _named(author), _named(sender)
        return author

    def _sender_for(self, author: Mailbox, person: Mailbox) -> Mailbox:
        """Whom a mail names as its sender that somebody sends for another."""
        given = sharing.rights(self.db, author.id, person.id)
        if Right.SEND_AS in given:
            return author
        if Right.SEND_ON_BEHALF not in given:
            raise Refused(Problem.SEND_AS_DENIED)
        return person

    def _outgoing(self, item: Item) -> bytes:
        """The mail as it leaves the sender: without Bcc, and without anything that only transport may say."""
        mime = items.stream(self.db, item, Stream.MIME)
        if mime is None:
            mime = export.mime_of(self.db, item)
        bag = item.bag
        made = [one for one in write.made_headers(bag, for_owner=False) if one[0].lower() in _ALWAYS_MADE]
        added = write.property_headers(bag)
        drop = {"bcc", "keywords", "received", "return-path", *FORGEABLE, *_ALWAYS_MADE}
        drop |= {name for name, _ in added}
        if self.quirks.no_auto_submitted:
            drop.add("auto-submitted")
            added = h.without(added, "auto-submitted")
        return h.rewritten(mime, drop=drop, above=made, below=h.without(added, *FORGEABLE))

    def _received(self, domain: str) -> tuple[str, str]:
        host = f"exchange.{domain}"
        return (
            "Received",
            f"from {host} (127.0.0.1) by {host} with mapi id {uuid.uuid4().hex[:8]}; {h.date(self.now)}",
        )

    def _report(self, author: Mailbox, original: h.Headers, failed: list[str]) -> None:
        to = {"name": author.name, "address": author.address}
        mail = report.undeliverable(original, failed, to, author.domain, self.now)
        below = [*self._stamps("Internal", author.domain), ("Return-Path", "<>")]
        self._into_inbox(author, h.rewritten(mail, above=[self._received(author.domain)], below=below))

    def notify(self, author: Mailbox, to: str, mail: bytes) -> None:
        """Deliver what the server writes for a mailbox's owner, such as a receipt; to somebody unknown it is
        dropped."""
        reached = mailboxes.find(self.db, to)
        if reached is not None:
            below = [*self._stamps("Internal", author.domain), ("Return-Path", "<>")]
            self._into_inbox(reached, h.rewritten(mail, above=[self._received(author.domain)], below=below))

    def arrive(self, to: str, raw: bytes, *, from_outside: bool, signed_in: bool = False) -> None:
        """Deliver a mail as it stands on the wire, to a mailbox or to the members of a list; raises
        Problem.MAILBOX_NOT_FOUND.

        From outside it passes the edge, which strips all stamps and adds its own. ``signed_in``: whoever has
        an address of the organisation's is taken to have handed it in there, and it gets the stamp of that
        unless it has one. ``Received``, ``Return-Path`` and ``Message-ID`` are added where they are missing.
        """
        reached = [
            (mailbox, by_list)
            for address, by_list in groups.expanded(self.db, [to]).items()
            if (mailbox := mailboxes.find(self.db, address)) is not None
        ]
        if not reached:
            raise Refused(Problem.MAILBOX_NOT_FOUND, f"{to}: no such mailbox in this sandbox.")
        found, _ = h.split(raw)
        own = signed_in and not from_outside and self._is_inside(found)
        mail = self._at_the_edge(raw, found, reached[0][0], from_outside=from_outside, stamped=own)
        for mailbox, by_list in reached:
            self._into_inbox(mailbox, mail, item_class=h.first(found, ITEM_CLASS_HEADER), by_list=by_list)

    def _is_inside(self, found: h.Headers) -> bool:
        """Whether a mail without a stamp comes from an address in a domain of the sandbox's mailboxes."""
        author = h.addresses(h.every(found, "From"))
        domain = (author[0]["address"] or "").rpartition("@")[2].lower() if len(author) == 1 else ""
        is_stamped = any(name.lower().endswith("-authas") for name, _ in found)
        return not is_stamped and domain in {one.domain.lower() for one in mailboxes.everyone(self.db)}

    def _at_the_edge(
        self, raw: bytes, found: h.Headers, mailbox: Mailbox, *, from_outside: bool, stamped: bool
    ) -> bytes:
        above, below = [], []
        if h.first(found, "Received") is None:
            host = f"exchange.{mailbox.domain}"
            above.append(
                ("Received", f"from relay.{mailbox.domain} by {host} with ESMTP; {h.date(self.now)}")
            )
        if h.first(found, "Return-Path") is None:
            author = h.addresses(h.every(found, "From"))
            above.append(("Return-Path", author[0]["address"] if author and author[0]["address"] else "<>"))
        if h.first(found, "Message-ID") is None:
            below.append(("Message-ID", new_message_id(mailbox.domain)))
        if from_outside:
            below += self._stamps("Anonymous", mailbox.domain)
        elif stamped:
            below += self._stamps("Internal", mailbox.domain)
        forged = FORGEABLE[:-1] if self.quirks.cross_tenant_marks_kept else FORGEABLE
        drop = [ITEM_CLASS_HEADER.lower(), *(forged if from_outside else ())]
        return h.rewritten(raw, drop=drop, above=above, below=below)

    def _stamps(self, who: str, domain: str) -> h.Headers:
        """What transport says of the sender: Internal, or Anonymous at the edge."""
        host, is_inside = f"exchange.{domain}", who == "Internal"
        if self.quirks.no_auth_as:
            tenant = mailboxes.tenant_id(organisation_of(self.db))
            return [
                ("X-MS-Exchange-CrossTenant-AuthSource", host),
                ("X-MS-Exchange-CrossTenant-AuthAs", who),
                ("X-MS-Exchange-CrossTenant-FromEntityHeader", "Hosted" if is_inside else "Internet"),
                ("X-MS-Exchange-CrossTenant-Id", tenant),
                *([] if is_inside else [("X-MS-Exchange-Transport-CrossTenantHeadersStripped", host)]),
            ]
        return [
            ("X-MS-Exchange-Organization-AuthSource", host),
            ("X-MS-Exchange-Organization-AuthAs", who),
            *([("X-MS-Exchange-Organization-AuthMechanism", "04")] if is_inside else []),
        ]

    def _into_inbox(
        self,
        mailbox: Mailbox,
        raw: bytes,
        *,
        from_me: bool = False,
        by_list: bool = False,
        item_class: str | None = None,
        attached: Attached = (),
    ) -> None:
        bag, streams = mime_read.read(raw, keep_categories=False)
        embedded.restore(bag, streams, embedded.packed(attached), len(attached))
        owner = {"name": mailbox.name, "address": mailbox.address}
        bag |= {
            Key.IS_READ: False, Key.IS_DRAFT: False, Key.IS_FROM_ME: from_me, Key.RECEIVED_BY: owner,
            Key.RECEIVED_REPRESENTING: owner, Key.RECEIVED: iso(self.now), Key.MODIFIED_BY: mailbox.name,
        }  # fmt: skip
        bag.setdefault(Key.SENT, iso(self.now))
        if item_class:
            bag[Key.ITEM_CLASS] = item_class.strip()
        inbox = folders.distinguished(self.db, mailbox.id, rulework.place(self.db, mailbox, bag))
        item = Item(mailbox.id, inbox.id, bag, streams=streams)
        thread(self.db, item)
        arrival.process(self.db, item, self.now)
        items.insert(self.db, item, self.now)
        events.arrived(self.db, item, self.now)
        if not by_list:  # Exchange answers for a list only where its administrator asks for it
            self._reply_automatically(mailbox, item, raw)
        if inbox.distinguished == "inbox":
            rulework.apply(self.db, mailbox, item, self.now)

    def _reply_automatically(self, owner: Mailbox, item: Item, raw: bytes) -> None:
        """Send what the owner's out-of-office settings want sent; what can't be delivered is dropped."""
        own_id = new_message_id(owner.domain)
        reply = autoreply.reply_to(self.db, owner, item, raw, self.now, own_id)
        reached = mailboxes.find(self.db, reply.to) if reply else None
        if reply is None or reached is None:
            return
        drop = ["auto-submitted"] if self.quirks.no_auto_submitted else []
        below = [*self._stamps("Internal", owner.domain), ("Return-Path", "<>")]
        mail = h.rewritten(reply.raw, drop=drop, above=[self._received(owner.domain)], below=below)
        self._into_inbox(reached, mail, item_class=autoreply.ITEM_CLASS)


# these follow from the properties whatever a MIME says; the rest of a MIME's headers stays as it is
_ALWAYS_MADE = frozenset(("from", "sender", "date", "message-id", "x-auto-response-suppress"))


def _named(mailbox: Mailbox) -> dict[str, str]:
    return {"name": mailbox.name, "address": mailbox.address}


def _recipients(bag: dict[str, Any]) -> list[str]:
    """The addresses to which a mail goes, each once."""
    given = [one["address"] for key in _TO for one in bag.get(key, ())]
    if not given:
        raise Refused(Problem.RECIPIENTS_MISSING)
    if not all(_ADDRESS.fullmatch(address) for address in given):
        raise Refused(Problem.RECIPIENT_INVALID)
    return list({address.lower(): None for address in given})


def new_message_id(domain: str) -> str:
    """A Message-ID of the server's."""
    return f"<{uuid.uuid4().hex}@exchange.{domain}>"


def thread(db: sqlite3.Connection, item: Item) -> None:
    """Find the conversation that a mail belongs to: by its index, by the mail that it answers, or its own."""
    bag = item.bag
    index = base64.b64decode(bag.get(Key.CONVERSATION_INDEX, ""))
    if len(index) >= _INDEX_LENGTH:
        bag[Key.CONVERSATION] = index[6:22].hex()
        return
    parent = answered(db, item)
    named = h.message_ids(bag.get(Key.REFERENCES)) + h.message_ids(bag.get(Key.IN_REPLY_TO))
    if parent is not None and Key.CONVERSATION in parent.bag:
        bag[Key.CONVERSATION] = parent.bag[Key.CONVERSATION]
    else:
        root = named[0] if named else bag.get(Key.MESSAGE_ID) or uuid.uuid4().hex
        bag[Key.CONVERSATION] = hashlib.md5(root.encode(), usedforsecurity=False).hexdigest()


def answered(db: sqlite3.Connection, item: Item) -> Item | None:
    """The mail in the same mailbox that this one answers, if it is there."""
    references = h.message_ids(item.bag.get(Key.REFERENCES))
    for one in h.message_ids(item.bag.get(Key.IN_REPLY_TO))[:1] + references[-20:][::-1]:
        found = items.having(db, item.mailbox, Key.MESSAGE_ID, one)
        if found is not None:
            return found
    return None


def index_after(parent: str | None, now: datetime) -> str:
    """A conversation index (MS-OXOMSG 2.2.1.3): of a new conversation, or that of a reply to ``parent``."""
    ticks = int((now - datetime(1601, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) * 10
    if parent is None or len(base64.b64decode(parent)) < _INDEX_LENGTH:
        return base64.b64encode(b"\x01" + (ticks >> 24).to_bytes(5, "big") + uuid.uuid4().bytes).decode()
    return base64.b64encode(
        base64.b64decode(parent) + ((ticks >> 18) & 0xFFFFFFFFFF).to_bytes(5, "big")
    ).decode()


def is_sendable(item: Item) -> bool:
    """Whether an item is a message, which alone can be sent."""
    return Key.IS_READ in item.bag and not item.associated
