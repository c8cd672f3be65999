"""Signs that a question needs no acknowledgement: its last verb, replies in Drafts and in the Outbox, a
recall, and that it was thrown away or is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ackd.mailbox.graph import letter_ids, past, properties, reading
from ackd.mailbox.graph.answers import checked, entries, strings, text
from ackd.mailbox.graph.mail_folders import RECOVERABLE, MailFolders
from ackd.mailbox.graph.wire import Wire, get
from ackd.mailbox.own_properties import Verb
from ackd.mailbox.tree import Tree
from ackd.mailbox.values import moment
from ackd.model import Recall, Signs

DRAFTS, OUTBOX, THROWN = "drafts", "outbox", ("deleteditems", "junkemail")
RECALL = "IPM.Outlook.Recall"
MOST = 500  # drafts, and mails in the outbox, that are looked at
_REPLYING = {
    "$select": "internetMessageId",
    "$expand": properties.expand((properties.IN_REPLY_TO, properties.TOKEN)),
    "$top": str(MOST),
}
_RECALLS = {
    "$filter": properties.has(properties.CLASS, RECALL),
    "$select": "subject,receivedDateTime,from,conversationId",
    "$expand": properties.expand((properties.IN_REPLY_TO, properties.REFERENCES, properties.SENDER_SMTP)),
}
_QUESTION = properties.expand((properties.LAST_VERB, properties.CLASS, properties.TOKEN))


def signs(
    wire: Wire, folders: MailFolders, inboxes: Mapping[str, str], questions: Mapping[str, str]
) -> Signs:
    """See ports.Mailbox: a part of a batch for each question, and a few for the folders."""
    if not questions:
        return Signs()
    answered, waiting = (_replying(wire, name) for name in (DRAFTS, OUTBOX))
    whereabouts = _Whereabouts(folders, inboxes)
    here, thrown, known = set[str](), set[str](), set[str]()
    categories: dict[str, tuple[str, ...]] = {}
    ordered = sorted(questions)
    shown = "parentFolderId,internetMessageId,categories"
    found = past.named(wire, ordered, shown, _QUESTION)
    for own_id, things in zip(ordered, found, strict=True):
        for one in things:
            place = whereabouts.of(text(one, "parentFolderId"))
            if properties.of(one, properties.TOKEN) or place in ("own", "gone"):
                continue
            known.add(own_id)
            (here if place == "here" else thrown if place == "thrown" else set[str]()).add(own_id)
            if place == "here" and strings(one, "categories"):
                categories[own_id] = strings(one, "categories")
            if Verb.is_answer(properties.of(one, properties.LAST_VERB)) and place != "elsewhere":
                answered.add(own_id)
    elsewhere = known - here - thrown
    lost = {own_id: questions[own_id] for own_id in ordered if own_id not in known and questions[own_id]}
    return Signs(
        answered=frozenset(answered) & questions.keys(),
        waiting=frozenset(waiting) & questions.keys(),
        thrown=frozenset(thrown - here - elsewhere),
        gone=_gone(wire, whereabouts, lost),
        recalls=_recalls(wire, inboxes),
        categories=categories,
    )


class _Whereabouts:
    """What a folder's id says of the mail in it."""

    def __init__(self, folders: MailFolders, inboxes: Mapping[str, str]) -> None:
        self._folders = folders
        standard = folders.standard()
        self._places = {standard.get(name, ""): "own" for name in (DRAFTS, OUTBOX, "sentitems")}
        self._places |= {standard.get(name, ""): "thrown" for name in THROWN}
        self._places[standard.get(RECOVERABLE, "")] = "gone"
        self._places |= {standard.get(folder, folder): "here" for folder in inboxes.values()}
        self._tree: Tree | None = None

    def of(self, folder: str) -> str:
        """ "here", "thrown", "own", "gone" or "elsewhere"."""
        if folder not in self._places:
            tree = self._tree = self._tree or self._folders.tree()
            is_thrown = tree.is_trashed(folder) or tree.is_junk(folder)
            self._places[folder] = "thrown" if is_thrown else "elsewhere"
        return self._places[folder]


def _replying(wire: Wire, folder: str) -> set[str]:
    """The Message-IDs that mails in a folder answer. A draft of ours answers nothing."""
    found = entries(wire.read(get(f"{wire.owner}/mailFolders/{folder}/messages", _REPLYING)))
    mine = (
        one
        for one in found
        if not properties.of(one, properties.TOKEN)
        and not letter_ids.token_in(text(one, "internetMessageId"))
    )
    return {target for one in mine for target in reading.answers(one)}


def _gone(wire: Wire, whereabouts: _Whereabouts, items: Mapping[str, str]) -> frozenset[str]:
    """The questions whose items the server says that it doesn't have any more, or only for recovery."""
    parts = [get(f"{wire.owner}/messages/{item}", {"$select": "parentFolderId"}) for item in items.values()]
    return frozenset(
        own_id
        for own_id, answer in zip(items, wire.reads(parts), strict=True)
        if answer.status == 404
        or (answer.ok and whereabouts.of(text(answer.value, "parentFolderId")) == "gone")
    )


def _recalls(wire: Wire, inboxes: Mapping[str, str]) -> tuple[Recall, ...]:
    places: Sequence[str] = (*inboxes.values(), THROWN[0])
    parts = [get(f"{wire.owner}/mailFolders/{place}/messages", _RECALLS) for place in places]
    found = [
        one
        for answer in wire.reads(parts)
        if answer.status not in (400, 404)  # a hint less, where such a search is refused
        for one in entries(checked(answer))
    ]
    return tuple(map(_recall, found))


def _recall(thing: Mapping[str, Any]) -> Recall:
    return Recall(
        sender=reading.sender(thing),
        subject=text(thing, "subject"),
        received=moment(text(thing, "receivedDateTime")),
        answers=tuple(dict.fromkeys((*reading.answers(thing), *reading.references(thing)))),
        conversation=text(thing, "conversationId") or None,
    )
