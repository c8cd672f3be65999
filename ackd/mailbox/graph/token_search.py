"""Things of ours in a mailbox, found by their tokens. A search for one token is one part of a batch: long
chains of conditions were refused as too complex."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ackd.mailbox.graph import letter_ids, mime_draft, properties, writing
from ackd.mailbox.graph.answers import checked, entries, error_of, text
from ackd.mailbox.graph.mail_folders import MailFolders
from ackd.mailbox.graph.task_lists import TaskLists
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.own_properties import Stage
from ackd.mailbox.values import moment
from ackd.model import Outcome, Place, Unknown

TRASH, OUTBOX = "deleteditems", "outbox"
_SHOWN = "isDraft,parentFolderId,lastModifiedDateTime,webLink,internetMessageId"


@dataclass(frozen=True, slots=True)
class _Ours:
    """A thing of ours: where it stands, its address, and when it was changed last."""

    token: str
    place: Place
    path: str
    changed: datetime | None
    item: str = ""
    link: str = ""
    is_marked: bool = True  # else only its Message-ID tells whose it is


def find(
    wire: Wire, folders: MailFolders, lists: TaskLists, zone: ZoneInfo, tokens: Collection[str]
) -> dict[str, Place]:
    """See ports.Mailbox: two parts of a batch for a token, and a walk through the lists of tasks for those
    that are no mails."""
    found: dict[str, Place] = {}
    for one in (*_mails(wire, folders, tokens), *_events(wire, tokens)):
        known = found.get(one.token)
        if known is None or _SURE.index(one.place) < _SURE.index(known):
            found[one.token] = one.place
    left = [token for token in tokens if token not in found]
    if left:
        found |= {task.token: Place.TASKS for task in lists.walk(zone, left)}
    return {token: found[token] for token in tokens if token in found}


#: A copy of what was sent is surer than a draft.
_SURE = (
    *(Place.SENT, Place.TRASH, Place.UNSENT, Place.DRAFTS),
    *(Place.TASKS, Place.CALENDAR, Place.UNCLEAR, Place.THROWN_AWAY),
)


def send_unsent(wire: Wire, folders: MailFolders, tokens: Sequence[str]) -> list[Outcome]:
    """See ports.Mailbox. Only where the draft is there and no copy of anything that was sent. One that got no
    token yet gets it first."""
    there: dict[str, list[_Ours]] = {}
    for one in _mails(wire, folders, tokens):
        there.setdefault(one.token, []).append(one)
    found = {token: there[token][0] for token in tokens if _is_alone(there.get(token, ()))}
    bare = {token: one.item for token, one in found.items() if not one.is_marked}
    marks = [mime_draft.marks(wire, item, token, Stage.SENDING) for token, item in bare.items()]
    answers = zip(bare, wire.writes(marks) if marks else (), strict=True)
    unmarked = {token for token, answer in answers if not answer.ok}
    ready = {token: one.item for token, one in found.items() if token not in unmarked}
    sent = dict(zip(ready, writing.send_drafts(wire, list(ready.values())), strict=True))
    missing = Unknown("the letter isn't in Drafts any more: it may be out")
    return [sent.get(token, missing) for token in tokens]


def _is_alone(there: Sequence[_Ours]) -> bool:
    return [one.place for one in there] == [Place.UNSENT]


def draft_links(wire: Wire, folders: MailFolders, tokens: Collection[str]) -> dict[str, str]:
    """See ports.Mailbox."""
    drafts = (one for one in _mails(wire, folders, tokens) if one.place is Place.DRAFTS)
    return {one.token: one.link for one in drafts if one.link.startswith("https://")}


def remove(
    wire: Wire,
    folders: MailFolders,
    lists: TaskLists,
    zone: ZoneInfo,
    tokens: Collection[str],
    untouched_since: datetime | None,
    *,
    for_good: bool,
) -> frozenset[str]:
    """See ports.Mailbox. To Do has no other way than to delete a task as its owner does. Raises where it
    isn't known of one whether it is gone: deleting it once more does no harm."""
    drafts = (one for one in _mails(wire, folders, tokens) if one.place in (Place.DRAFTS, Place.UNSENT))
    found = [*drafts, *_events(wire, tokens)]
    left = set(tokens) - {one.token for one in found}
    if left:
        tasks = [(task, lists.path(task.folder, task.item)) for task in lists.walk(zone, left)]
        read = wire.reads([get(path) for _, path in tasks])
        for (task, path), answer in zip(tasks, read, strict=True):
            if answer.ok:
                changed = moment(text(answer.value, "lastModifiedDateTime"))
                found.append(_Ours(task.token, Place.TASKS, path, changed))
    gone = [one for one in found if untouched_since is None or _is_untouched(one, untouched_since)]
    wiped = [one for one in gone if for_good and one.place is not Place.TASKS]
    thrown = [one for one in gone if one not in wiped]
    answers = wire.wipe([one.path for one in wiped])
    answers += wire.writes([Part("DELETE", one.path) for one in thrown]) if thrown else []
    for answer in answers:
        if not answer.ok and not answer.is_refusal:
            raise error_of(answer) if answer.status else answer.no_answer
    return frozenset(one.token for one, answer in zip((*wiped, *thrown), answers, strict=True) if answer.ok)


def _is_untouched(one: _Ours, since: datetime) -> bool:
    return one.changed is not None and one.changed <= since


def _mails(wire: Wire, folders: MailFolders, tokens: Iterable[str]) -> list[_Ours]:
    """Letters of ours, wherever in the mailbox they are."""
    wanted, standard = list(dict.fromkeys(tokens)), folders.standard()
    options = {"$select": _SHOWN, "$expand": properties.expand((properties.TOKEN, properties.STAGE))}
    found = [
        (token, thing)
        for token, thing in _search(wire, "messages", wanted, options)
        if properties.of(thing, properties.TOKEN) in (None, token)
    ]
    if wire.ways.seeks_message_ids:
        known = {text(thing, "id") for _, thing in found}
        ids = [
            (token, thing)
            for token, thing in _by_message_id(wire, wanted, options)
            if text(thing, "id") not in known
        ]
        return [_letter(wire, token, thing, standard) for token, thing in (*found, *ids)]
    return [_letter(wire, token, thing, standard) for token, thing in found]


def _letter(wire: Wire, token: str, thing: Mapping[str, Any], standard: Mapping[str, str]) -> _Ours:
    item = text(thing, "id")
    return _Ours(
        token,
        _place(thing, standard),
        f"{wire.owner}/messages/{item}",
        moment(text(thing, "lastModifiedDateTime")),
        item,
        text(thing, "webLink"),
        is_marked=properties.of(thing, properties.TOKEN) is not None,
    )


def _place(thing: Mapping[str, Any], standard: Mapping[str, str]) -> Place:
    """Where a letter stands. What is no draft was sent, wherever its copy lies."""
    parent = text(thing, "parentFolderId")
    is_thrown = bool(parent) and parent == standard.get(TRASH)
    if thing.get("isDraft") is not True:
        return Place.TRASH if is_thrown else Place.SENT
    if is_thrown:
        return Place.THROWN_AWAY
    if parent and parent == standard.get(OUTBOX):
        return Place.SENT
    stage = properties.of(thing, properties.STAGE)
    if stage == Stage.TRIED:  # by EWS, where a draft that is still there proves nothing
        return Place.UNCLEAR
    is_on_its_way = stage == Stage.SENDING
    if properties.of(thing, properties.TOKEN) is None:
        is_on_its_way |= letter_ids.is_on_its_way(text(thing, "internetMessageId"))
    return Place.UNSENT if is_on_its_way else Place.DRAFTS


def _events(wire: Wire, tokens: Iterable[str]) -> list[_Ours]:
    options = {"$select": "lastModifiedDateTime", "$expand": properties.expand((properties.TOKEN,))}
    return [
        _Ours(
            token,
            Place.CALENDAR,
            f"{wire.owner}/events/{text(thing, 'id')}",
            moment(text(thing, "lastModifiedDateTime")),
        )
        for token, thing in _search(wire, "events", list(dict.fromkeys(tokens)), options)
    ]


def _search(
    wire: Wire, what: str, tokens: Sequence[str], options: Mapping[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    conditions = {token: properties.has(properties.TOKEN, token) for token in tokens}
    return _with(wire, what, conditions, options)


def _by_message_id(
    wire: Wire, tokens: Sequence[str], options: Mapping[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    conditions = {token: letter_ids.condition(token, wire.ways.domain) for token in tokens}
    return _with(wire, "messages", conditions, options)


def _with(
    wire: Wire, what: str, conditions: Mapping[str, str], options: Mapping[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    """Things that meet a condition, with what it stands for."""
    parts = [get(f"{wire.owner}/{what}", {"$filter": one, **options}) for one in conditions.values()]
    return [
        (token, thing)
        for token, answer in zip(conditions, wire.reads(parts), strict=True)
        for thing in entries(checked(answer))
    ]
