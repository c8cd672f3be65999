"""The ledger's tables, in SQLAlchemy Core, for SQLite and PostgreSQL.

Any number of mailboxes stand in one database: each table has `mailbox_id`, which keys and indexes begin with
(`statements` confines what is asked). Moments are stored as UTC text of fixed width, which sorts as time does
on every database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

#: The schema that these tables are, by its revision (`migrations`). It stands in Alembic's table; in `meta`
#: it stands for ackds that know no migrations, which refuse any other than their own in words.
HEAD = "4"


#: PostgreSQL can't hold NUL, which mail may bring: it stands there as two characters, and so does the first
#: of them, one that nobody writes (Unicode: a noncharacter).
_MARK, _NUL, _ITSELF = "\ufdd0", "\ufdd00", "\ufdd01"
#: Octets of a key (two of them in an entry of 2,704: PostgreSQL, B-tree indexes). A Message-ID has 998 at
#: most.
_LONGEST = 1200
_Process = Callable[[Any], Any] | None


def _hidden(value: str | None) -> str | None:
    if value is None or not ("\0" in value or _MARK in value):
        return value
    return value.replace(_MARK, _ITSELF).replace("\0", _NUL)


def _shown(value: str | None) -> str | None:
    return value.replace(_NUL, "\0").replace(_ITSELF, _MARK) if value and _MARK in value else value


def _short(value: str | None) -> str | None:
    hidden = _hidden(value)
    if hidden is None or len(hidden) <= _LONGEST // 4:
        return hidden
    data = hidden.encode(errors="replace")
    if len(data) <= _LONGEST:
        return hidden
    return f"{hidden[: _LONGEST // 8]}…{hashlib.sha256(data).hexdigest()}"


@lru_cache(512)  # as those that are read
def _written(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(512)  # the rows of a page have few moments, and are read again and again
def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _plain(dialect: Dialect) -> TypeEngine[str]:
    """Text of any length, which compares and sorts by its characters' numbers, as Python does."""
    return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else Text())


class Words(TypeDecorator[str]):
    """Text: any that a mail may bring."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return _plain(dialect)

    def bind_processor(self, dialect: Dialect) -> _Process:
        return _hidden if dialect.name == "postgresql" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> _Process:
        return _shown if dialect.name == "postgresql" else None


class Key(Words):
    """Text in an index, where PostgreSQL has limits: what is longer than any name that ackd goes by stands
    there shortened, and is found by itself alone."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> _Process:
        return _short if dialect.name == "postgresql" else None


class Moment(TypeDecorator[datetime]):
    """An aware datetime as UTC text: `2026-11-21T08:30:00.000000+00:00`."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return _plain(dialect)

    def bind_processor(self, dialect: Dialect) -> _Process:
        return _written

    def result_processor(self, dialect: Dialect, coltype: object) -> _Process:
        return _read


metadata = MetaData()

#: Alembic's own table, as it makes it.
version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

#: Whose record it is, by the address in lower case. A mailbox's rows go with its row here.
mailboxes = Table(
    "mailboxes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("address", Words, nullable=False),
    UniqueConstraint("address", name="mailboxes_address"),
)


def _mailbox(*, in_key: bool = True) -> Column[int]:
    """Whose row it is: the first column of a table, and of its keys."""
    whose = ForeignKey("mailboxes.id", ondelete="CASCADE")
    return Column("mailbox_id", Integer, whose, primary_key=in_key, nullable=False)


#: The sync state (`cursor`), the watermark (`start_mark`) and other single values.
meta = Table(
    "meta",
    metadata,
    _mailbox(),
    Column("key", Key, primary_key=True),
    Column("value", Words, nullable=False),
)

#: Every mail that was judged. No text of it, and no subject: only who, when and why.
mails = Table(
    "mails",
    metadata,
    _mailbox(),
    Column("message_id", Key, primary_key=True),
    Column("received", Moment, nullable=False),
    Column("decided", Moment, nullable=False),
    Column("sender", Words, nullable=False),
    Column("conversation", Key),
    Column("acknowledge", Integer, nullable=False),
    Column("mode", Words, nullable=False),
    Column("findings", Words, nullable=False),
    Column("item", Words, nullable=False, default=""),  # the backend's own name of it, as it was seen last
    Index("mails_decided", "mailbox_id", "decided"),
    Index("mails_conversation", "mailbox_id", "conversation"),
)

#: What preview mode would have promised: the date, and the letter's name ("": the task alone).
forecasts = Table(
    "forecasts",
    metadata,
    _mailbox(),
    Column("message_id", Key, primary_key=True),
    Column("due", Moment, nullable=False),
    Column("letter", Words, nullable=False),
)

promises = Table(
    "promises",
    metadata,
    _mailbox(),
    Column("message_id", Key, primary_key=True),
    Column("asker", Words, nullable=False),
    Column("conversation", Key),
    Column("question", Words, nullable=False),
    Column("due", Moment, nullable=False),
    Column("reminder", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("made", Moment, nullable=False),
    Column("first_due", Moment, nullable=False),  # as it was promised at first
    Column("told", Moment),
    Column("moves", Integer, nullable=False, default=0),
    Column("waits", Integer, nullable=False, default=0),
    Column("overdue", Moment),  # the due moment that passed without an answer, once that is known
    Column("answered", Moment),  # when the owner's answer was sent
    Column("closed", Moment),
    Column("why", Words, nullable=False, default=""),
    Index("promises_state", "mailbox_id", "state", "due"),
    Index("promises_conversation", "mailbox_id", "conversation"),
)

effects = Table(
    "effects",
    metadata,
    _mailbox(in_key=False),
    Column("number", Integer, primary_key=True, autoincrement=True),  # for people to name it
    Column("token", Key, nullable=False),
    Column("kind", Words, nullable=False),
    Column("message_id", Key, nullable=False),
    Column("asker", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("attempted", Moment),
    Column("note", Words, nullable=False, default=""),
    Column("look", Integer, nullable=False, default=0),
    Column("seen", Integer, nullable=False, default=0),  # its token stood in the mailbox
    Column("occasion", Words, nullable=False, default=""),
    Column("moment", Moment),  # the date that a letter names
    Column("sent_as", Words),  # the Message-ID under which a letter went out
    Column("failed", Moment),  # when the server told that it couldn't be delivered
    UniqueConstraint("mailbox_id", "token", name="effects_token"),
    Index("effects_due", "mailbox_id", "state", "not_before"),
    Index("effects_question", "mailbox_id", "message_id"),
    Index("effects_attempted", "mailbox_id", "kind", "attempted"),
)

#: When effects were attempted, by clocks that nobody sets (`model.stamp`).
stamps = Table(
    "stamps",
    metadata,
    _mailbox(),
    Column("token", Key, primary_key=True),
    Column("stamp", Words, nullable=False),
)

#: Tasks of ours as they were seen or written last; `chore`: what is to be done to them.
tracked = Table(
    "desk",
    metadata,
    _mailbox(),
    Column("token", Key, primary_key=True),
    Column("message_id", Key, nullable=False),
    Column("item", Key, nullable=False),
    Column("key", Words, nullable=False, default=""),
    Column("due_date", Words),
    Column("complete", Integer, nullable=False, default=0),
    Column("folder", Words, nullable=False, default=""),
    Column("chore", Words),  # JSON; null: nothing to do
    Index("desk_item", "mailbox_id", "item"),
    Index("desk_question", "mailbox_id", "message_id"),
)

#: Questions whose categories are to change: whether the one that shows a promise is wanted (null:
#: it stays as it is), and commands of the owner's that were obeyed (a JSON list).
labels = Table(
    "labels",
    metadata,
    _mailbox(),
    Column("message_id", Key, primary_key=True),
    Column("promised", Integer),
    Column("obeyed", Words, nullable=False, default="[]"),
)

#: What happened to promises, in order: what `ackd report` and the digest count.
history = Table(
    "history",
    metadata,
    _mailbox(in_key=False),
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("message_id", Key, nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", Words, nullable=False),
    Column("due", Moment, nullable=False),
    Column("words", Words, nullable=False, default=""),
    Index("history_at", "mailbox_id", "at"),
    Index("history_question", "mailbox_id", "message_id"),
)

#: Tokens of ours that stood in the mailbox, also of questions that this ledger hasn't read yet.
tokens = Table(
    "tokens",
    metadata,
    _mailbox(),
    Column("token", Key, primary_key=True),
    Column("at", Moment, nullable=False),
)

#: Letters of which the server said that sending them failed: by requests (`batch`), in the order in which
#: they were written; `copied`: a copy stood in Sent Items all the same.
failures = Table(
    "failures",
    metadata,
    _mailbox(),
    Column("token", Key, primary_key=True),
    Column("batch", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("copied", Integer, nullable=False, default=0),
    Index("failures_batch", "mailbox_id", "batch"),
)

#: What belongs to the thread of a question: mails that its asker wrote later.
threads = Table(
    "threads",
    metadata,
    _mailbox(),
    Column("message_id", Key, primary_key=True),
    Column("question", Key, nullable=False),
    Index("threads_question", "mailbox_id", "question"),
)

#: What the owner answered to whom, also of questions that ackd hasn't read yet.
answers = Table(
    "answers",
    metadata,
    _mailbox(),
    Column("target", Key, primary_key=True),
    Column("recipient", Key, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("answers_at", "mailbox_id", "at"),
)

#: What programs write again and again: salted hashes of sentences, in how many mails each stood, and when
#: last.
frames = Table(
    "frames",
    metadata,
    _mailbox(),
    Column("key", Key, primary_key=True),
    Column("mails", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("frames_at", "mailbox_id", "at"),
)

#: What the owner said of mails, by `act`, of each the last word; with hashed traits of the mail (`phrases`: a
#: JSON list). `chance` and `taught`: how probable it was that it asks, without earlier lessons and with them.
lessons = Table(
    "lessons",
    metadata,
    _mailbox(in_key=False),
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("message_id", Key, nullable=False),
    Column("at", Moment, nullable=False),
    Column("act", Words, nullable=False),
    Column("sender", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("phrases", Words, nullable=False),
    Column("chance", Float, nullable=False),
    Column("taught", Float, nullable=False),
    UniqueConstraint("mailbox_id", "message_id", name="lessons_mail"),
    Index("lessons_at", "mailbox_id", "at"),
)

#: Alarms: cases before they ring, while they ring, and some time after they are over.
alarms = Table(
    "alarms",
    metadata,
    _mailbox(),
    Column("kind", Words, primary_key=True),
    Column("name", Key, primary_key=True),  # of the case: a token, or ""
    Column("since", Moment, nullable=False),
    Column("over", Moment),
    Column("ends", Moment),
    Column("stage", Integer, nullable=False, default=0),
    Column("at", Moment, nullable=False),
    Column("observed", Float, nullable=False, default=0),  # seconds
    Column("quiet", Float, nullable=False, default=0),  # seconds
    Column("told", Moment),
    Column("rings", Integer, nullable=False, default=0),
)

#: What the ways of alarms were told, or are to be told: the alarm as it is told.
tellings = Table(
    "tellings",
    metadata,
    _mailbox(),
    Column("way", Key, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("name", Key, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("over", Moment),
    Column("ends", Moment),
    Column("stage", Integer, nullable=False, default=0),
    Column("state", Words, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("knows", Integer, nullable=False, default=0),
    Column("by", Words, nullable=False, default=""),  # the token of the mail or task that tells it
)
