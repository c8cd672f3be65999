"""What one page of changes brings, decided: recorded whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ackd.model.followup import Change
from ackd.model.lesson import Lesson
from ackd.model.record import Decision
from ackd.model.settings import Mode
from ackd.model.value_key import ValueKey

#: What stands in place of a mode with mails whose promise was read back from the mailbox's tasks.
REBUILT = "rebuilt"


@dataclass(frozen=True, slots=True)
class Answer:
    """The owner wrote in answer to a mail (its Message-ID), to an address."""

    target: str
    recipient: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a page of changes makes of promises.

    `changes` are all promises that it touches, made ones and adopted ones too. `anew` are mails on which
    the owner's command decided, `rebuilt` those whose promise was read back from a task. `obeyed` are
    commands to take away, by the question; `items` mails as they are named now; `failed` the Message-IDs
    of letters that couldn't be delivered; `sent_as` under which Message-IDs letters of ours went out, by
    token; `threads` what askers wrote later, each with the question that it is of; `forgotten` mails whose
    decision doesn't count: they are judged when they come again.
    """

    changes: tuple[Change, ...] = ()
    anew: tuple[Decision, ...] = ()
    rebuilt: tuple[Decision, ...] = ()
    answers: tuple[Answer, ...] = ()
    obeyed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    sent_as: Mapping[str, str] = field(default_factory=dict)
    threads: Mapping[str, str] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of changes as it is recorded. `decisions` are the mails that were judged on it, `tokens` of
    ours stood in the mailbox. `sync_state` is the place behind the page, None where that stays as it is.
    `values` are remembered with it; `swapped` are values as they were seen and as they are to be (None is no
    value), and stay where they have changed meanwhile: a hold that the owner began, one more order.
    `frames` are those of the mails that were judged (`engine.frames`), `lessons` what the owner said of
    mails."""

    now: datetime
    mode: Mode
    sync_state: str | None = None
    decisions: tuple[Decision, ...] = ()
    tokens: tuple[str, ...] = ()
    followed: FollowUp = field(default_factory=FollowUp)
    values: Mapping[ValueKey, str] = field(default_factory=dict)
    swapped: Mapping[ValueKey, tuple[str | None, str | None]] = field(default_factory=dict)
    frames: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()
