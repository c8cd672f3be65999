"""What the owner taught: each lesson with what it is from and what it does, and whether they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ackd.engine import lessons as kept
from ackd.judge.lessons import MOST, gain, helps, learned, moved_by
from ackd.model import Act, Lesson, MailKind, ValueKey
from ackd.ports import Ledger
from ackd.views.log import Local


@dataclass(frozen=True, slots=True)
class LessonShown:
    """One lesson. `asks` is what the owner said by the act; `chance` how probable it was by the classifier
    alone that the mail asks, `now` how probable it would be by all lessons together."""

    number: int
    message_id: str
    at: datetime
    act: Act
    asks: bool
    kind: MailKind
    chance: float
    now: float


@dataclass(frozen=True, slots=True)
class LessonsShown:
    """All lessons, the oldest first. `off_since`: from when on the owner wants none; `helps`: whether they
    foretell the owner's latest words better than the classifier alone, None while that can't be told, and by
    how much (`gain`, in nats); `waiting` is how many words of the owner's the next pass takes in."""

    off_since: datetime | None
    helps: bool | None
    gain: float
    waiting: int
    lessons: tuple[LessonShown, ...]

    @property
    def count(self) -> bool:
        """Whether mails are judged by them."""
        return self.off_since is None and self.helps is not False


def find(ledger: Ledger, now: datetime, local: Local) -> LessonsShown:
    """What the ledger knows, by the owner's clock. Reads only."""
    values = ledger.values(ValueKey.SAID, ValueKey.LESSONS_OFF)
    known, off = ledger.lessons(MOST), values.get(ValueKey.LESSONS_OFF)
    taught = learned(known, b"", now)

    def shown(one: Lesson) -> LessonShown:
        chance = one.traits.chance
        by_all = moved_by(chance, taught.shift(one.traits))
        return LessonShown(
            one.number, one.message_id, local(one.at), one.act, one.act.asks, one.traits.kind, chance, by_all
        )

    return LessonsShown(
        off_since=local(datetime.fromisoformat(off)) if off else None,
        helps=helps(known),
        gain=gain(known),
        waiting=len(kept.read(values.get(ValueKey.SAID))),
        lessons=tuple(map(shown, known)),
    )
