"""What is answered to meetings: accept, tentatively accept, decline, cancel, remove (``AcceptItem``, …)."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.calendar import appointments, arrival, series
from exchange_sandbox.calendar.settle import CANCELED, RECEIVED
from exchange_sandbox.clock import iso
from exchange_sandbox.ews import replies
from exchange_sandbox.ews.calendar import meetings, message
from exchange_sandbox.ews.calendar.message import Caller, Letter
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import choices, compound, kinds, meeting
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.replies import Request
from exchange_sandbox.ews.xml import Element, children, local
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BusyStatus, Key, RequestType, Response, Stream

ANSWERS = {
    "AcceptItem": Response.ACCEPTED,
    "TentativelyAcceptItem": Response.TENTATIVE,
    "DeclineItem": Response.DECLINED,
}
NAMES = (*ANSWERS, "CancelCalendarItem", "RemoveItem")
_REFUSALS = {"AcceptItem": "Accept", "TentativelyAcceptItem": "Tentative", "DeclineItem": "Decline"}
_WRONG = {"AcceptItem": "AcceptItem", "TentativelyAcceptItem": "Tentative", "DeclineItem": "DeclineItem"}
_PARTS: dict[str, kinds.Kind] = {
    "ItemClass": kinds.Text(),
    "Subject": kinds.Text(),
    "Sensitivity": choices.SENSITIVITY,
    "Body": compound.Body(),
    "Attachments": kinds.Unknown(),
    "InternetMessageHeaders": compound.InternetHeaders(),
    "Sender": compound.Recipient(),
    "ToRecipients": compound.Recipients(),
    "CcRecipients": compound.Recipients(),
    "BccRecipients": compound.Recipients(),
    "IsReadReceiptRequested": kinds.Boolean(),
    "IsDeliveryReceiptRequested": kinds.Boolean(),
    "From": compound.Recipient(),
    "ReferenceItemId": kinds.Text(),
    "ReceivedBy": compound.Recipient(),
    "ReceivedRepresenting": compound.Recipient(),
    "ProposedStart": kinds.Moment(),
    "ProposedEnd": kinds.Moment(),
}
_KEPT = (
    Key.SENSITIVITY,
    Key.WANTS_READ_RECEIPT,
    Key.WANTS_DELIVERY_RECEIPT,
    Key.PROPOSED_START,
    Key.PROPOSED_END,
)
_COPIES = (Key.TO, Key.CC, Key.BCC)


def parse(call: Call, element: Element) -> Request:
    """Read a response object; raises SchemaViolation, ErrorMissingInformationReferenceItemId."""
    if local(element) == "CancelCalendarItem":
        return replies.parse(element, "CancelCalendarItem")
    found = children(element, *(f"t:{name}?" for name in _PARTS))
    if len(found.get("Attachments", ())) or len(found.get("InternetMessageHeaders", ())):
        raise EwsError("ErrorInvalidPropertySet", "A response has neither attachments nor headers here.")
    values = {
        KEYS.get(name, name): _PARTS[name].parse(child, call.zone)
        for name, child in found.items()
        if name != "ReferenceItemId"
    }
    if "ReferenceItemId" not in found:
        raise EwsError("ErrorMissingInformationReferenceItemId", "The item to respond to is missing.")
    return Request(local(element), values, found["ReferenceItemId"])


def perform(
    call: Call, db: sqlite3.Connection, response: Request, disposition: str | None, target: int | None
) -> list[Item]:
    """Do what was asked; what came of it: the appointment, the message that was responded to where it is
    then, and the copy of the response."""
    assert response.reference is not None
    original, _ = call.item(db, response.reference)
    if response.kind == "RemoveItem":
        return _remove(call, db, original)
    if disposition is None:
        raise EwsError("ErrorMessageDispositionRequired")
    if response.kind == "CancelCalendarItem":
        return cancel(call, db, original, response, disposition)
    return respond(call, db, original, response, (disposition, target))


def respond(
    call: Caller, db: sqlite3.Connection, original: Item, response: Request, how: tuple[str, int | None]
) -> list[Item]:
    """Accept or decline, by an appointment or by a request for one; ``how`` are EWS's disposition, "" for no
    message at all, and the folder of the copy. What came of it: see :func:`perform`."""
    appointment = _appointment(db, call, original, response.kind)
    answer = ANSWERS[response.kind]
    bag = appointment.bag
    bag |= {Key.MY_RESPONSE: answer, Key.REPLIED: iso(call.now)}
    intended = bag.get(Key.INTENDED_BUSY_STATUS, BusyStatus.BUSY)
    in_doubt = answer is Response.TENTATIVE and intended != BusyStatus.FREE
    bag[Key.BUSY_STATUS] = BusyStatus.TENTATIVE if in_doubt else intended
    more: dict[str, Any] = {key: response.values[key] for key in _KEPT if key in response.values}
    organizer = bag.get(Key.ORGANIZER)
    to: message.People = {key: list(response.values[key]) for key in _COPIES if response.values.get(key)}
    if organizer:
        to[Key.TO] = [organizer, *to.get(Key.TO, [])]
    letter = Letter(answer, to, response.values.get(Stream.BODY), more)
    saved = _save_response(call, db, appointment, letter, how)
    done = [_put_away(call, db, appointment) if answer is Response.DECLINED else _kept(call, db, appointment)]
    if original.cls == arrival.REQUEST:
        original.bag |= {Key.RESPONSE: answer, Key.IS_PROCESSED: True, Key.IS_READ: True}
        done.append(_put_away(call, db, original))
    return [one for one in (*done, saved) if one is not None]


def _save_response(
    call: Caller, db: sqlite3.Connection, appointment: Item, letter: Letter, how: tuple[str, int | None]
) -> Item | None:
    disposition, target = how
    if not disposition:
        return None
    if disposition != "SaveOnly":
        if not letter.to:
            return None
        sent = message.send(call, db, appointment, letter, keep=disposition != "SendOnly", target=target)
        return sent if sent.id else None
    draft = message.build(call, db, appointment, letter)
    draft.folder = target or folders.distinguished(db, call.user.id, "drafts").id
    return items.insert(db, draft, call.now)


def _appointment(db: sqlite3.Connection, call: Caller, original: Item, kind: str) -> Item:
    """The appointment to which a response is given; raises EwsError where none can be."""
    if original.cls == arrival.REQUEST:
        if original.bag.get(Key.REQUEST_TYPE) == RequestType.OUTDATED or meeting.is_old(db, original):
            raise EwsError("ErrorCalendarMeetingRequestIsOutOfDate")
        if Key.START not in original.bag or Key.UID not in original.bag:
            raise EwsError(f"ErrorInvalidItemForOperation{_WRONG[kind]}")
        known = appointments.associated(db, original)
        found = arrival.at(db, original, known) if known else arrival.enter(db, original, call.now)
        if found is None:
            raise EwsError("ErrorItemNotFound")
    else:
        found = original
    state = found.bag.get(Key.MEETING_STATE, 0)
    if Key.START not in found.bag or Key.IS_READ in found.bag:
        raise EwsError(f"ErrorInvalidItemForOperation{_WRONG[kind]}")
    if not state & RECEIVED:
        raise EwsError(f"ErrorCalendarIsOrganizerFor{_REFUSALS[kind]}")
    if state & CANCELED:
        raise EwsError(f"ErrorCalendarIsCancelledFor{_REFUSALS[kind]}")
    return found


def _kept(call: Caller, db: sqlite3.Connection, item: Item) -> Item:
    series.update(db, item, call.now)
    return item


def _put_away(call: Caller, db: sqlite3.Connection, item: Item) -> Item | None:
    """Move an item to Deleted Items; an occurrence leaves its series and is no more."""
    if item.occurrence:
        series.delete(db, item, call.now)
        return None
    items.update(db, item, call.now)
    target = folders.distinguished(db, item.mailbox, "deleteditems").id
    return item if item.folder == target else items.move(db, item, target, call.now)


def cancel(call: Caller, db: sqlite3.Connection, original: Item, response: Request, how: str) -> list[Item]:
    """Cancel a meeting of the owner's own; what came of it: see :func:`perform`."""
    if Key.START not in original.bag or Key.IS_READ in original.bag:
        raise EwsError("ErrorInvalidItemForOperationCancelItem")
    if original.bag.get(Key.MEETING_STATE, 0) & RECEIVED:
        raise EwsError("ErrorCalendarIsNotOrganizer")
    values = response.values
    to: message.People = {key: list(values[key]) for key in _COPIES if values.get(key)}
    letter = Letter("CANCEL", to, values.get(Stream.BODY) or values.get("NewBodyContent"))
    if how == "SaveOnly":
        raise EwsError("ErrorInvalidRequest", "A cancellation can't be saved without being sent.")
    sent = meetings.cancel(call, db, original, how, letter)
    gone = _put_away(call, db, original)
    told = sent or gone  # where nobody was to be told there is no message to speak of
    return [told] if told is not None and told.id and how == "SendAndSaveCopy" else []


def _remove(call: Caller, db: sqlite3.Connection, original: Item) -> list[Item]:
    """Remove a cancelled meeting from the calendar, by the cancellation or by the appointment itself."""
    is_message = original.cls == arrival.CANCELLATION
    known = appointments.associated(db, original) if is_message else original
    found = arrival.at(db, original, known) if known is not None and is_message else known
    if not is_message and (Key.START not in original.bag or Key.IS_READ in original.bag):
        raise EwsError("ErrorInvalidItemForOperationRemoveItem")
    if found is not None:
        state = found.bag.get(Key.MEETING_STATE, 0)
        if not state & RECEIVED:
            raise EwsError("ErrorCalendarIsOrganizerForRemove")
        if not state & CANCELED:
            raise EwsError("ErrorInvalidItemForOperationRemoveItem")
    gone = [_put_away(call, db, one) for one in (found, original if is_message else None) if one is not None]
    return [one for one in gone if one is not None]
