"""Signs that the owner has answered a question, or is about to: the last verb of the question
(MS-OXOMSG 2.2.1.84) and replies in Drafts."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from exchangelib.services import FindItem

from ackd.mailbox.ews import fields, reading, requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.wire import Answer, Wire, extended

log = logging.getLogger(__name__)

CHUNK = 50  # questions in one restriction, each named twice
ANSWERS_TAG, ID_TAG = Field(tag="0x1042"), Field(tag="0x1035")  # PidTagInReplyToId, PidTagInternetMessageId
SHOWN = (
    Field(uri="item:InReplyTo"),
    Field(uri="message:InternetMessageId"),
    Field(tag=fields.LAST_VERB, kind="Integer"),
    fields.OUR_TOKEN,
)
REPLIED = ("102", "103")


def being_answered(wire: Wire, inboxes: Mapping[str, Any], questions: Collection[str]) -> frozenset[str]:
    """See ports.Mailbox: one request for 50 questions."""
    ordered = sorted(questions)
    found: set[str] = set()
    for start in range(0, len(ordered), CHUNK):
        found |= _of(wire, inboxes, ordered[start : start + CHUNK])
    return frozenset(found)


def _of(wire: Wire, inboxes: Mapping[str, Any], questions: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for number, answer in enumerate(_listed(wire, inboxes, questions)):
        for element in answer.find_all("m:RootFolder/t:Items/*"):
            if extended(element, fields.TOKEN):
                continue  # a draft of ours
            if number == 0:
                found |= set(reading.message_ids(reading.text_at(element, "t:InReplyTo")))
            elif extended(element, fields.LAST_VERB) in REPLIED:
                found.add(reading.text_at(element, "t:InternetMessageId").strip())
    return found & set(questions)


def _listed(wire: Wire, inboxes: Mapping[str, Any], questions: Sequence[str]) -> list[Answer]:
    """The drafts that answer the questions, then the questions themselves, folder by folder; where
    the server refuses such a search, what changed last in each folder."""
    where = [wire.distinguished("drafts"), *inboxes.values()]
    wanted = requests.any_of_either((ANSWERS_TAG, ID_TAG), questions)
    answers = wire.read(FindItem, requests.find_item(where, SHOWN, wanted), expected=len(where))
    if all(answer.ok for answer in answers):
        return answers
    (newest,) = fields.CHANGED
    answers = wire.read(FindItem, requests.find_item(where, SHOWN, newest_by=newest), expected=len(where))
    refused = ", ".join(sorted({answer.code for answer in answers if not answer.ok}))
    if refused:  # a hint less: the owner's answers still show in Sent Items
        log.warning("event=hints-unread: replies in Drafts can't be seen: %s", refused)
    return answers
