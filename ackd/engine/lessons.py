"""What the owner says of the judge's word: how it becomes lessons, and how these are read again.

What counts, of each mail the last word: a letter that the owner orders for a mail that was left; the command
that a mail is no question; a draft that the owner deletes, or sends; and what the owner says of a mail
(`say`). Only the owner's acts do: nothing that a colleague writes is a lesson.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ackd.engine import frames
from ackd.engine.triage import Settings
from ackd.errors import UsageError
from ackd.judge.lessons import MOST, learned
from ackd.model import (
    Act,
    Change,
    EffectKind,
    EffectState,
    Lesson,
    PromiseSnapshot,
    PromiseState,
    Traits,
    ValueKey,
)
from ackd.model.followup import DRAFT_DELETED, NO_QUESTION
from ackd.ports import Ledger

log = logging.getLogger(__name__)

KEPT = 1000  # more than any ledger keeps
_DENIED = {NO_QUESTION: Act.NO_QUESTION, DRAFT_DELETED: Act.DRAFT_DELETED}


# --- the owner says so ------------------------------------------------------------------------------


def say(ledger: Ledger, message_id: str, *, asks: bool) -> None:
    """The owner says of a mail that it is a question for them, or that it is none: the one way in for whoever
    has the owner's word. The next pass makes a lesson of it. Of a mail that has an open promise "none" does
    what the command by category does. Of several words on a mail the last one counts."""
    while True:
        value = ledger.value(ValueKey.SAID)
        if ledger.swap(ValueKey.SAID, value, json.dumps(read(value) | {message_id: asks})):
            return


def read(value: str | None) -> dict[str, bool]:
    """What was said since the last pass, as the ledger keeps it: by Message-ID whether the mail asks."""
    return dict(json.loads(value)) if value else {}


def forget(ledger: Ledger, numbers: Collection[int] | None) -> int:
    """Take lessons back by their numbers; None for all, with what the owner said and no pass took in. Returns
    how many. Raises UsageError, and takes none back, for a number that no lesson has."""
    if numbers is None:
        ledger.remember(ValueKey.SAID, None)
        return ledger.forget_lessons()
    known = {one.number for one in ledger.lessons(KEPT)}
    if strange := sorted({*numbers} - known):
        raise UsageError(f"there is no lesson {strange[0]}: `ackd lessons` lists them")
    return ledger.forget_lessons({*numbers})


def switch(ledger: Ledger, now: datetime, *, on: bool) -> None:
    """Whether lessons are kept and count, from now on."""
    ledger.remember(ValueKey.LESSONS_OFF, None if on else now.isoformat())


# --- what was said ----------------------------------------------------------------------------------


def of_changes(changes: Iterable[Change], at: datetime, threshold: float = 1.0) -> tuple[Lesson, ...]:
    """What the owner says of mails by these changes of their promises. An order for a letter says nothing of
    a mail whose probability reached the threshold: it was left for another reason."""
    return tuple(_lessons(changes, at, threshold))


def _lessons(changes: Iterable[Change], at: datetime, threshold: float) -> Iterator[Lesson]:
    for change in changes:
        traits = change.after.promise.question.traits
        if traits is not None:
            asked = min(traits.chance, traits.taught) >= threshold
            act = _act(change.before, change.after, asked=asked)
            if act is not None:
                yield Lesson(change.after.name, at, act, traits)


def _act(before: PromiseSnapshot | None, after: PromiseSnapshot, *, asked: bool) -> Act | None:
    """What of the owner's is a word on the mail, if anything is; `asked`: it was judged to ask before."""
    was, now = before.promise if before else None, after.promise
    is_open = was is None or was.state is PromiseState.OPEN
    if now.state is PromiseState.WITHDRAWN and is_open:
        return _DENIED.get(now.why)
    if now.state is not PromiseState.OPEN:
        return None
    if was is not None and was.state is PromiseState.WITHDRAWN and was.why in _DENIED:
        return Act.ORDERED
    if now.question.commanded:
        return None if asked or (was is not None and was.question.commanded) else Act.ORDERED
    return Act.DRAFT_SENT if before and _draft_is_sent(before, after) else None


def _draft_is_sent(before: PromiseSnapshot, after: PromiseSnapshot) -> bool:
    return any(
        effect.was_drafted
        and effect.state is EffectState.DONE
        and (earlier := before.effect(effect.token)) is not None
        and earlier.state is EffectState.DRAFTED
        for effect in after.effects
        if effect.kind is EffectKind.ACKNOWLEDGEMENT
    )


def of_words(
    said: Mapping[str, bool], traits: Mapping[str, Traits | None], at: datetime
) -> tuple[Lesson, ...]:
    """What the owner said of mails, each with what is known of it; what isn't known is missing."""
    acts = {True: Act.SAID_YES, False: Act.SAID_NO}
    return tuple(
        Lesson(name, at, acts[asks], found)
        for name, asks in said.items()
        if (found := traits.get(name)) is not None
    )


# --- what is taught ---------------------------------------------------------------------------------


def taught(settings: Settings, ledger: Ledger, now: datetime, values: Mapping[ValueKey, str]) -> Settings:
    """The settings with what the ledger's lessons teach by now; `values` are those of its single values that
    were read just now."""
    key = frames.salt(ledger, values.get(ValueKey.FRAMES_SALT))
    is_on = ValueKey.LESSONS_OFF not in values
    return replace(settings, learned=learned(ledger.lessons(MOST), key, now, is_on=is_on))


def last_known(settings: Settings, ledger: Ledger | None, now: datetime) -> Settings:
    """The same for whoever only looks: nothing is written."""
    values = ledger.values(ValueKey.FRAMES_SALT, ValueKey.LESSONS_OFF) if ledger else {}
    if ledger is None or ValueKey.FRAMES_SALT not in values:
        return settings
    return taught(settings, ledger, now, values)
