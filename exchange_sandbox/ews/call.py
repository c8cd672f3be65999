"""One call of an operation: who calls, when, and the things that its ids mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol

from lxml import etree

from exchange_sandbox.clock import Clock
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.calendar import lookup
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import compound, folder_properties, folder_shape, kinds, shape
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.properties.types import any_prop
from exchange_sandbox.ews.subscriptions import Subscriptions
from exchange_sandbox.ews.xml import NSMAP, Element, SchemaViolation, attributes, children, local, sub, tag
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store import folders, items, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.transport.transport import Transport

_DISTINGUISHED = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks msgfolderroot "
        "publicfoldersroot root junkemail searchfolders voicemail recoverableitemsroot "
        "recoverableitemsdeletions recoverableitemsversions recoverableitemspurges archiveroot "
        "archivemsgfolderroot archivedeleteditems archiveinbox archiverecoverableitemsroot "
        "archiverecoverableitemsdeletions archiverecoverableitemsversions archiverecoverableitemspurges "
        "syncissues conflicts localfailures serverfailures recipientcache quickcontacts "
        "conversationhistory adminauditlogs todosearch mycontacts directory imcontactlist peopleconnect "
        "favorites "
        # those that later schemas have, and clients ask for: nobody has them here
        "allcategorizeditems allcontacts allitems allpersonmetadata companycontacts dlppolicyevaluation "
        "fromfavoritesenders inference mycontactsextended onenotepagepreviews "
        "peoplecentricconversationbuddies qedcdefaultretention qedclongretention qedcmediumretention "
        "qedcshortretention quarantinedemail quarantinedemaildefaultcategory "
        "recoverableitemssubstrateholds relevantcontacts sharepointnotifications shortnotes temporarysaves "
        "usercuratedcontacts"
    ).split()
)


_TARGETS = "t:FolderId|t:DistinguishedFolderId|t:AddressListId"


class Hook(Protocol):
    """What may go wrong on purpose in the middle of a call (see :mod:`exchange_sandbox.faults`)."""

    def before_item(self, number: int) -> None:
        """Called before each item of a batch, from 1; may raise EwsError or end the whole call."""

    def after_act(self, number: int) -> None:
        """Called after each item was done and before its answer is written: may raise EwsError."""

    def after_item(self, number: int) -> None:
        """Called after each item was done; may end the whole call."""

    def break_off(self) -> None:
        """Let the mail that is being sent reach nobody, and the call end with HTTP 500 after this item."""

    def reaches_nobody(self) -> bool:
        """Whether the mail that is being sent is delivered to nobody."""

    def on_sync(self, state: str) -> bool:
        """Called with a sync state: may raise EwsError; True means that it is to be taken for lost."""

    def keeps_copy(self) -> float | None:
        """For how many seconds the copy of a sent mail stays away from its folder; None: not at all."""

    def stays_on_page(self) -> bool:
        """Whether a search gives its first page whatever is asked for, and says that there are more."""

    def loses_draft(self) -> bool:
        """Whether the item that is being saved gets lost although the answer says that it was saved."""


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation needs to know. ``user`` owns the mailbox that it is about, ``person`` signed in."""

    operation: str
    store: Store
    user: Mailbox
    person: Mailbox
    now: datetime
    zone: tzinfo
    quirks: Quirks
    hook: Hook
    subscriptions: Subscriptions
    clock: Clock
    version: str | None
    fractions: bool

    @property
    def style(self) -> kinds.Style:
        """How values are written."""
        return kinds.Style(self.fractions or self.quirks.fractional_seconds)

    def reader(self, db: sqlite3.Connection, *, names_only: bool = False, **options: Any) -> Reader:
        """A reader of properties, with the quirks of this sandbox."""
        style = replace(self.style, names_only=names_only)
        quirks = self.quirks
        if options.get("longest_body") and quirks.body_limit_refused:
            raise SchemaViolation("The element 'MaximumBodySize' is not known here.")
        if quirks.body_limit_ignored:
            options.pop("longest_body", None)
        return Reader(
            db,
            self.store.guid,
            style,
            quirks=quirks,
            **options,
        )

    def shape_reader(self, db: sqlite3.Connection, wanted: shape.Shape) -> Reader:
        """A reader for the items of this shape."""
        return self.reader(db, names_only=wanted.finding, **wanted.options)

    def transport(self, db: sqlite3.Connection) -> Transport:
        """The transport that takes this call's mail."""

        def resolve(number: str) -> Item | None:
            one = ids.decode(self.store.guid, number)
            return items.get(db, one.number) if one.kind == ids.ITEM and one.mailbox == self.user.id else None

        return Transport(db, self.now, self.quirks, self.hook.reaches_nobody(), resolve)

    # what ids mean

    def folder(self, db: sqlite3.Connection, element: Element) -> Folder:
        """The folder that a FolderId or DistinguishedFolderId means; raises EwsError."""
        if local(element) == "FolderId":
            check_id(element)
            return self._folder_by_id(db, element.get("Id", ""))
        if local(element) != "DistinguishedFolderId":
            raise EwsError("ErrorFolderNotFound")
        name = attributes(element, ("Id",), ("ChangeKey",), {"Id": _DISTINGUISHED})["Id"]
        found = children(element, "t:Mailbox?")
        if "Mailbox" in found:
            self.own_mailbox(db, compound.parse_mailbox(found["Mailbox"])["address"])
        return folders.distinguished(db, self.user.id, name)

    def _folder_by_id(self, db: sqlite3.Connection, text: str) -> Folder:
        try:
            one = ids.decode(self.store.guid, text)
        except Refused as failure:
            error = in_ews(failure)
            if error.code == "ErrorItemNotFound":
                raise EwsError("ErrorFolderNotFound") from error
            raise
        if one.kind in (ids.ITEM, ids.OCCURRENCE):
            raise EwsError("ErrorCannotUseItemIdForFolderId")
        if one.kind != ids.FOLDER:
            raise EwsError("ErrorInvalidId", "The id is not that of a folder.")
        self._own(one)
        return folders.get(db, one.number)

    def _own(self, one: ids.ObjectId) -> None:
        if one.mailbox != self.user.id:
            raise EwsError("ErrorAccessDenied")

    def own_mailbox(self, db: sqlite3.Connection, address: str) -> Mailbox:
        """The mailbox, which must be the caller's; raises ErrorNonExistentMailbox, ErrorAccessDenied."""
        mailbox = mailboxes.find(db, address)
        if mailbox is None:
            raise EwsError("ErrorNonExistentMailbox")
        if mailbox.id != self.user.id:
            raise EwsError("ErrorAccessDenied")
        return mailbox

    def target(
        self, db: sqlite3.Connection, element: Element, missing: str = "ErrorFolderNotFound"
    ) -> Folder:
        """The folder in a SavedItemFolderId and the like; raises EwsError, for a search folder too.

        ``missing`` is the code by which the operation says that there is no such folder.
        """
        found = children(element, _TARGETS)
        try:
            folder = self.folder(db, next(iter(found.values())))
        except Refused as failure:
            error = in_ews(failure)
            if error.code == "ErrorFolderNotFound":
                raise EwsError(missing) from error
            raise
        if folder.is_search:
            raise EwsError("ErrorInvalidOperation", "A search folder holds nothing of its own.")
        return folder

    def item(
        self, db: sqlite3.Connection, element: Element, *, ranges: bool = False
    ) -> tuple[Item, int | None]:
        """The item that an ItemId means, and the change number of its change key; raises EwsError, without
        ``ranges`` also for a series and some of its occurrences at once."""
        values = lookup.read(element)
        if local(element) == "RecurringMasterItemIdRanges" and not ranges:
            raise EwsError("ErrorInvalidOperation", "Ranges of occurrences can be read, and nothing else.")
        try:
            one = ids.decode(self.store.guid, values[lookup.ELEMENTS.get(local(element), "Id")])
        except EwsError as error:
            if error.code == "ErrorInvalidIdMalformed" and self.quirks.ids_invalid:
                raise EwsError("ErrorInvalidId", "The id is invalid.") from error
            raise
        if one.kind == ids.FOLDER:
            raise EwsError("ErrorCannotUseFolderIdForItemId")
        if one.kind not in (ids.ITEM, ids.OCCURRENCE):
            raise EwsError("ErrorInvalidId", "The id is not that of an item.")
        self._own(one)
        key = values.get("ChangeKey")
        return lookup.follow(db, element, one), ids.change_number(key) if key else None

    def attachment(self, db: sqlite3.Connection, element: Element) -> tuple[Item, tuple[int, ...]]:
        """The item that an AttachmentId belongs to, and the way from there inwards; raises EwsError."""
        mailbox, (number, *way) = ids.decode_attachment(self.store.guid, element.get("Id", ""))
        if mailbox != self.user.id:
            raise EwsError("ErrorAccessDenied")
        return items.get(db, number), tuple(way)

    # shapes

    def folder_shape(self, element: Element) -> Callable[[], folder_shape.FolderShape]:
        """Read a FolderShape."""
        return folder_shape.parse(element, commit_times=not self.quirks.no_commit_time)

    # answers

    def each(
        self,
        elements: Iterable[Element],
        act: Callable[[Element], Sequence[Element]],
        *,
        empty: Mapping[str, str | None] | None = None,
        check: Callable[[Element], object] | None = None,
    ) -> Element:
        """The answer to a batch: ``act`` does one after the other, each on its own.

        ``empty`` are the elements (name: text) that an error's message has instead of content. ``check``
        looks for what breaks the schema, which Exchange refuses before it does anything of the batch.
        """
        batch = list(elements)
        for element in batch:
            with suppress(Refused):  # what is wrong with one item alone is told in its turn
                (check or check_id)(element)
        response = Messages(self.operation)
        for number, element in enumerate(batch, 1):
            try:
                self.hook.before_item(number)
                content = act(element)
                self.hook.after_act(number)
            except Refused as failure:
                error = in_ews(failure)
                response.error(error, empty)
            else:
                response.success(content)
                self.hook.after_item(number)
        return response.element


@dataclass(slots=True)
class Messages:
    """The response messages of an operation."""

    operation: str
    element: Element = field(init=False)
    _list: Element = field(init=False)

    def __post_init__(self) -> None:
        self.element = etree.Element(tag(f"m:{self.operation}Response"), nsmap=NSMAP)
        self._list = sub(self.element, "m:ResponseMessages")

    def success(self, content: Iterable[Element]) -> None:
        """A message that says NoError and holds ``content``."""
        message = sub(self._list, f"m:{self.operation}ResponseMessage", ResponseClass="Success")
        sub(message, "m:ResponseCode", "NoError")
        for one in content:
            message.append(one)

    def error(
        self,
        error: EwsError,
        empty: Mapping[str, str | None] | None = None,
        *,
        kind: str = "Error",
        content: Element | None = None,
    ) -> None:
        """A message with an error's code, text and property."""
        message = sub(self._list, f"m:{self.operation}ResponseMessage", ResponseClass=kind)
        sub(message, "m:MessageText", str(error))
        sub(message, "m:ResponseCode", error.code)
        sub(message, "m:DescriptiveLinkKey", "0")
        if error.path is not None and error.index is not None:
            place = sub(message, "m:MessageXml")
            sub(place, "t:IndexedFieldURI", FieldURI=error.path, FieldIndex=error.index)
        elif error.path is not None and (error.path in folder_properties.URIS or any_prop(error.path)):
            sub(sub(message, "m:MessageXml"), "t:FieldURI", FieldURI=error.path)
        for name, text in (empty or {}).items():
            sub(message, name, text)
        if content is not None:
            message.append(content)


def check_id(element: Element) -> None:
    """Check the element of an id by the schema."""
    if local(element) == "FolderId":
        attributes(element, ("Id",), ("ChangeKey",))
        children(element)
    elif local(element) in lookup.ELEMENTS:
        lookup.read(element)
    elif local(element) == "DistinguishedFolderId":
        attributes(element, ("Id",), ("ChangeKey",), {"Id": _DISTINGUISHED})
        children(element, "t:Mailbox?")


def check_target(element: Element | None) -> None:
    """Check a SavedItemFolderId and the like by the schema."""
    if element is not None:
        check_id(next(iter(children(element, _TARGETS).values())))


def box(name: str) -> Element:
    """An element to be filled and put into a message."""
    return etree.Element(tag(name), nsmap=NSMAP)


def flag(values: dict[str, str], name: str, *, default: bool = False) -> bool:
    """A boolean attribute; raises SchemaViolation."""
    text = values.get(name)
    if text is None:
        return default
    try:
        return kinds.Boolean().constant(text, UTC)
    except SchemaViolation as error:
        raise SchemaViolation(f"The '{name}' attribute is invalid - {error}") from error
