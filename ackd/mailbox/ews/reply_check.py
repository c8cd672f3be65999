"""Signs that a question needs no acknowledgement: its last verb (MS-OXOMSG 2.2.1.84), replies in
Drafts and in the Outbox, a recall, and that it was thrown away or is gone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from exchangelib.services import FindFolder, FindItem, GetFolder, GetItem

from ackd.mailbox import own_properties, values
from ackd.mailbox.ews import fields, folders, reading, requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.wire import NAMESPACES, Answer, Wire, extended
from ackd.mailbox.own_properties import Verb
from ackd.model import Recall, Signs

log = logging.getLogger(__name__)

CHUNK = 50  # questions in one restriction, each named twice
MOST = 500  # items that one folder shows
FOLDERS = 100  # folders in one search
ANSWERS_TAG, ID_TAG = Field(tag="0x1042"), Field(tag="0x1035")  # PidTagInReplyToId, PidTagInternetMessageId
CLASS_TAG = Field(tag="0x001a")  # PidTagMessageClass
RECALL = "IPM.Outlook.Recall"
SHOWN = (
    Field(uri="item:ItemClass"),
    Field(uri="item:Subject"),
    Field(uri="item:InReplyTo"),
    Field(uri="item:DateTimeReceived"),
    Field(uri="item:ConversationId"),
    Field(uri="message:InternetMessageId"),
    Field(uri="message:References"),
    Field(uri="message:From"),
    Field(uri="item:Categories"),
    Field(tag=fields.LAST_VERB, kind="Integer"),
    Field(tag=fields.SENT_REPRESENTING_SMTP),
    fields.OUR_TOKEN,
)
#: Folders that every mailbox has, beside the watched ones.
DRAFTS, OUTBOX, THROWN = "drafts", "outbox", ("deleteditems", "junkemail")
_NO_FOLDER = ("ErrorFolderNotFound", "ErrorItemNotFound")


def signs(wire: Wire, inboxes: Mapping[str, Any], questions: Mapping[str, str]) -> Signs:
    """See ports.Mailbox."""
    ordered = sorted(questions)
    look = _Look(wire, inboxes)
    for start in range(0, len(ordered), CHUNK):
        look.over(ordered[start : start + CHUNK])
    thrown = (look.thrown - look.here) & set(ordered)
    missing = [name for name in ordered if name not in look.here | thrown]
    gone, in_trash = _whereabouts(wire, {name: questions[name] for name in missing if questions[name]})
    return Signs(
        answered=frozenset(look.answered) & questions.keys(),
        waiting=frozenset(look.waiting) & questions.keys(),
        thrown=frozenset(thrown | in_trash),
        gone=frozenset(gone),
        recalls=tuple(look.recalls.values()),
        categories={name: found for name, found in look.categories.items() if found and name in questions},
    )


class _Look:
    """What the folders show of questions, chunk by chunk."""

    def __init__(self, wire: Wire, inboxes: Mapping[str, Any]) -> None:
        self._wire = wire
        self._where = {name: wire.distinguished(name) for name in (DRAFTS, OUTBOX, *THROWN)} | {
            f"watched {name}": folder for name, folder in inboxes.items()
        }
        self.answered: set[str] = set()
        self.waiting: set[str] = set()
        self.here: set[str] = set()
        self.categories: dict[str, tuple[str, ...]] = {}
        self.thrown: set[str] = set()
        self.recalls: dict[str, Recall] = {}

    def over(self, questions: Sequence[str]) -> None:
        for place, answer in zip(self._where, _listed(self._wire, self._where, questions), strict=False):
            for element in answer.find_all("m:RootFolder/t:Items/*"):
                if not extended(element, own_properties.TOKEN):  # a draft of ours answers nothing
                    self._take(place, element)

    def _take(self, place: str, element: Any) -> None:
        answers = values.message_ids(reading.text_at(element, "t:InReplyTo"))
        own = reading.text_at(element, "t:InternetMessageId").strip()
        if place == DRAFTS:
            self.answered |= set(answers)
        elif place == OUTBOX:
            self.waiting |= set(answers)
        elif reading.text_at(element, "t:ItemClass").casefold() == RECALL.casefold():
            self.recalls[reading.item_id(element)] = _recall(element)
        elif place in THROWN:
            self.thrown.add(own)
        else:
            self.here.add(own)
            self.categories[own] = reading.strings(element, "t:Categories")
        if place not in (DRAFTS, OUTBOX) and Verb.is_answer(extended(element, fields.LAST_VERB)):
            self.answered.add(own)


def _recall(element: Any) -> Recall:
    named = reading.text_at(element, "t:InReplyTo") + reading.text_at(element, "t:References")
    node = element.find("t:ConversationId", NAMESPACES)
    return Recall(
        sender=reading.sender(element, None),
        subject=reading.text_at(element, "t:Subject"),
        received=values.moment(reading.text_at(element, "t:DateTimeReceived")),
        answers=values.message_ids(named),
        conversation=None if node is None else node.get("Id"),
    )


def _listed(wire: Wire, where: Mapping[str, Any], questions: Sequence[str]) -> list[Answer]:
    """What has to do with the questions, folder by folder; where the server refuses such a search,
    what changed last in each folder."""
    either = [requests.any_of(field, questions) for field in (ANSWERS_TAG, ID_TAG)]
    wanted = requests.either([*either, requests.any_of(CLASS_TAG, [RECALL])])
    payload = requests.find_item(where.values(), SHOWN, wanted, most=MOST)
    answers = wire.read(FindItem, payload, expected=len(where))
    if all(answer.ok or answer.code in _NO_FOLDER for answer in answers):
        return answers
    (newest,) = fields.CHANGED
    payload = requests.find_item(where.values(), SHOWN, newest_by=newest)
    answers = wire.read(FindItem, payload, expected=len(where))
    refused = ", ".join(sorted({answer.code for answer in answers if not answer.ok}))
    if refused:  # a hint less: the owner's answers still show in Sent Items
        log.warning("event=replies-unread: replies in Drafts can't be seen: %s", refused)
    return answers


# --- what isn't where it was ------------------------------------------------------------------


def _whereabouts(wire: Wire, items: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Of questions that no search in the watched folders found, by Message-ID with their items:
    those that are in no folder any more, and those that lie below the trash. What was filed elsewhere is
    neither, nor is anything where the server doesn't tell."""
    absent = _absent(wire, items)
    if not absent:
        return set(), set()
    found = _everywhere(wire, absent)
    if found is None:
        return set(), set()
    kept = {name for name, is_thrown in found if not is_thrown}
    thrown = {name for name, is_thrown in found if is_thrown} - kept
    return set(absent) - kept - thrown, thrown


def _absent(wire: Wire, items: Mapping[str, str]) -> list[str]:
    """The questions whose items the server says that it doesn't have any more."""
    if not items:
        return []
    answers = wire.read(GetItem, requests.get_item(items.values(), ()), expected=len(items))
    return [
        name
        for name, answer in zip(items, answers, strict=False)
        if not answer.ok and answer.code == "ErrorItemNotFound"
    ]


def _everywhere(wire: Wire, questions: Sequence[str]) -> list[tuple[str, bool]] | None:
    """Mails in all folders of mail, with whether they lie in or below the trash; None where the
    server refuses the search, or doesn't list all folders."""
    found: list[tuple[str, bool]] = []
    places, are_all = _mail_folders(wire)
    if not are_all:
        return None
    for start in range(0, len(places), FOLDERS):
        some = places[start : start + FOLDERS]
        for chunk in range(0, len(questions), CHUNK):
            wanted = requests.any_of(ID_TAG, questions[chunk : chunk + CHUNK])
            where = [requests.folder_id(own_id) for own_id, _ in some]
            payload = requests.find_item(where, SHOWN, wanted, most=MOST)
            answers = wire.read(FindItem, payload, expected=len(some))
            if not all(answer.ok or answer.code in _NO_FOLDER for answer in answers):
                return None
            for (_, is_thrown), answer in zip(some, answers, strict=False):
                for element in answer.find_all("m:RootFolder/t:Items/*"):
                    found.append((reading.text_at(element, "t:InternetMessageId").strip(), is_thrown))
    return found


def _mail_folders(wire: Wire) -> tuple[list[tuple[str, bool]], bool]:
    """The folders of mail but Drafts, Outbox and Sent Items, each with whether it is in the trash; and
    whether these are all."""
    root = wire.distinguished("msgfolderroot")
    (listed,) = wire.read(FindFolder, requests.find_folder(root, fields.PARENT, deep=True))[:1]
    own = (*THROWN, DRAFTS, OUTBOX, "sentitems")
    special = wire.read(GetFolder, requests.get_folder(map(wire.distinguished, own), ()), len(own))
    ids = [_id_of(answer.find_all("m:Folders/*")) for answer in special]
    trash, others = set(ids[: len(THROWN)]) - {""}, set(ids[len(THROWN) :])
    found = listed.find_all("m:RootFolder/t:Folders/t:Folder")
    parents = {folders.folder_id(one): _parent(one) for one in found}
    told = listed.xml.find("m:RootFolder", NAMESPACES)
    are_all = told is not None and told.get("IncludesLastItemInRange") != "false"
    kept = [own_id for own_id in parents if own_id not in others]
    return [(own_id, not trash.isdisjoint(_lineage(own_id, parents))) for own_id in kept], are_all


def _lineage(own_id: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    while own_id and own_id not in seen:
        seen.add(own_id)
        yield own_id
        own_id = parents.get(own_id, "")


def _id_of(found: Iterable[Any]) -> str:
    return next((folders.folder_id(one) for one in found), "")


def _parent(folder: Any) -> str:
    node = folder.find("t:ParentFolderId", NAMESPACES)
    return "" if node is None else node.get("Id", "")
