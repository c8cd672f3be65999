"""A promise whose mailbox is reached by another kind of backend from now on: which names things otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from ackd.model import (
    DRAFT_UNKNOWN,
    TASK_UNKNOWN,
    Effect,
    EffectKind,
    EffectState,
    Mail,
    PromiseSnapshot,
    PromiseState,
    TrackedTask,
)
from ackd.model.followup import DELETED
from ackd.promise.effects import NO_MORE_TRIES, given_up
from ackd.promise.snapshots import closed

_IN_DOUBT = (EffectState.ATTEMPTING, EffectState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Found:
    """What the mailbox shows of a promise: its task by name and list (`item` "": it isn't there, or not for
    certain), the question's mail (None: it lies in no watched folder), and which of its letters lie nowhere
    though they lay in Drafts."""

    item: str = ""
    folder: str = ""
    is_deleted: bool = False
    mail: Mail | None = None
    missing: Collection[str] = field(default_factory=frozenset)


def task_token(snapshot: PromiseSnapshot) -> str:
    """The token of a promise's task: of that which is followed, else of one that was made, or may have been,
    and that nobody saw since; "" where there is none."""
    if snapshot.task is not None:
        return snapshot.task.token
    made = (EffectState.DONE, *_IN_DOUBT)
    is_open = snapshot.promise.state is PromiseState.OPEN
    tasks = [one for one in snapshot.effects if one.kind is EffectKind.TASK]
    unseen = [one.token for one in tasks if is_open and one.state in made and not one.seen]
    return unseen[-1] if unseen else ""


def carried(snapshot: PromiseSnapshot, found: Found, now: datetime) -> PromiseSnapshot:
    """The promise with what was found of it. What isn't there for certain is neither guessed nor made anew: a
    person sees to it. What the other kind left in doubt gets no further try."""
    token = task_token(snapshot)
    is_open = snapshot.promise.state is PromiseState.OPEN
    after = replace(_without_names(snapshot, found.mail), task=_task(snapshot, token, found))
    if token and found.is_deleted:
        return closed(after, PromiseState.WITHDRAWN, now, DELETED)
    is_lost = is_open and bool(token) and not found.item
    effects = [_effect(one, found, lost=token if is_lost else "") for one in after.effects]
    return replace(after, effects=tuple(effects))


def _without_names(snapshot: PromiseSnapshot, mail: Mail | None) -> PromiseSnapshot:
    """The question with its names of now, or with none."""
    question = snapshot.promise.question
    if mail is None:
        question = replace(question, item="")
    else:
        conversation, link = mail.conversation, mail.web_link or question.web_link
        question = replace(question, item=mail.item, conversation=conversation, web_link=link)
    return replace(snapshot, promise=replace(snapshot.promise, question=question))


def _task(snapshot: PromiseSnapshot, token: str, found: Found) -> TrackedTask | None:
    if not found.item or found.is_deleted:
        return None
    task = snapshot.task or TrackedTask(token, snapshot.name, found.item)
    return replace(task, item=found.item, folder=found.folder, key="")


def _effect(effect: Effect, found: Found, *, lost: str) -> Effect:
    if effect.token == lost and effect.state in (EffectState.DONE, *_IN_DOUBT):
        return given_up(effect, TASK_UNKNOWN)
    if effect.state is EffectState.DRAFTED and effect.token in found.missing:
        return given_up(effect, DRAFT_UNKNOWN)
    return replace(effect, tries=NO_MORE_TRIES) if effect.state in _IN_DOUBT else effect
