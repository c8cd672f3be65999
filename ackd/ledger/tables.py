"""The ledger's tables, in SQLAlchemy Core so that another database can follow.

Moments are stored as UTC text of fixed width, which sorts as time does on every database.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Dialect, Float, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = "2"


class Moment(TypeDecorator[datetime]):
    """An aware datetime as UTC text: `2026-11-21T08:30:00.000000+00:00`."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

#: The sync state (`cursor`), the watermark (`start_mark`) and other single values.
meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

#: Every mail that was judged. No text of it, and no subject: only who, when and why.
mails = Table(
    "mails",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("received", Moment, nullable=False),
    Column("decided", Moment, nullable=False),
    Column("sender", String(320), nullable=False),
    Column("conversation", String(512)),
    Column("acknowledge", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("findings", Text, nullable=False),
    Column("item", Text, nullable=False, default=""),  # the backend's own name of it, as it was seen last
    Index("mails_decided", "decided"),
    Index("mails_conversation", "conversation"),
)

#: What preview mode would have promised: the date, and the letter's name ("": the task alone).
forecasts = Table(
    "forecasts",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("due", Moment, nullable=False),
    Column("letter", String(32), nullable=False),
)

promises = Table(
    "promises",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("asker", String(320), nullable=False),
    Column("conversation", String(512)),
    Column("question", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("reminder", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made", Moment, nullable=False),
    Column("first_due", Moment, nullable=False),  # as it was promised at first
    Column("told", Moment),
    Column("moves", Integer, nullable=False, default=0),
    Column("waits", Integer, nullable=False, default=0),
    Column("overdue", Moment),  # the due moment that passed without an answer, once that is known
    Column("answered", Moment),  # when the owner's answer was sent
    Column("closed", Moment),
    Column("why", Text, nullable=False, default=""),
    Index("promises_state", "state", "due"),
    Index("promises_conversation", "conversation"),
)

effects = Table(
    "effects",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),  # for people to name it
    Column("token", String(32), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("message_id", String(998), nullable=False),
    Column("asker", String(320), nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("attempted", Moment),
    Column("note", Text, nullable=False, default=""),
    Column("look", Integer, nullable=False, default=0),
    Column("seen", Integer, nullable=False, default=0),  # its token stood in the mailbox
    Column("occasion", String(64), nullable=False, default=""),
    Column("moment", Moment),  # the date that a letter names
    Column("sent_as", String(998)),  # the Message-ID under which a letter went out
    Column("failed", Moment),  # when the server told that it couldn't be delivered
    Index("effects_due", "state", "not_before"),
    Index("effects_question", "message_id"),
    Index("effects_attempted", "kind", "attempted"),
)

#: When effects were attempted, by clocks that nobody sets (`model.stamp`).
stamps = Table(
    "stamps",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("stamp", Text, nullable=False),
)

#: Tasks of ours as they were seen or written last; `chore`: what is to be done to them.
tracked = Table(
    "desk",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("message_id", String(998), nullable=False),
    Column("item", Text, nullable=False),
    Column("key", Text, nullable=False, default=""),
    Column("due_date", String(10)),
    Column("complete", Integer, nullable=False, default=0),
    Column("folder", Text, nullable=False, default=""),
    Column("chore", Text),  # JSON; null: nothing to do
    Index("desk_item", "item"),
    Index("desk_question", "message_id"),
)

#: Questions whose categories are to change: whether the one that shows a promise is wanted (null:
#: it stays as it is), and commands of the owner's that were obeyed (a JSON list).
labels = Table(
    "labels",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("promised", Integer),
    Column("obeyed", Text, nullable=False, default="[]"),
)

#: What happened to promises, in order: what `ackd report` and the digest count.
history = Table(
    "history",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("message_id", String(998), nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String(16), nullable=False),
    Column("due", Moment, nullable=False),
    Column("words", Text, nullable=False, default=""),
    Index("history_at", "at"),
    Index("history_question", "message_id"),
)

#: Tokens of ours that stood in the mailbox, also of questions that this ledger hasn't read yet.
tokens = Table(
    "tokens",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
)

#: Letters of which the server said that sending them failed: by requests (`batch`), in the order in which
#: they were written; `copied`: a copy stood in Sent Items all the same.
failures = Table(
    "failures",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("batch", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("copied", Integer, nullable=False, default=0),
    Index("failures_batch", "batch"),
)

#: What belongs to the thread of a question: mails that its asker wrote later.
threads = Table(
    "threads",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("question", String(998), nullable=False),
    Index("threads_question", "question"),
)

#: What the owner answered to whom, also of questions that ackd hasn't read yet.
answers = Table(
    "answers",
    metadata,
    Column("target", String(998), primary_key=True),
    Column("recipient", String(320), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("answers_at", "at"),
)

#: What programs write again and again: salted hashes of sentences, in how many mails each stood, and when
#: last.
frames = Table(
    "frames",
    metadata,
    Column("mailbox", String(320), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("mails", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("frames_at", "mailbox", "at"),
)

#: Alarms, by mailbox: cases before they ring, while they ring, and some time after they are over.
alarms = Table(
    "alarms",
    metadata,
    Column("mailbox", String(320), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),  # of the case: a token, or ""
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
    Column("mailbox", String(320), primary_key=True),
    Column("way", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("over", Moment),
    Column("ends", Moment),
    Column("stage", Integer, nullable=False, default=0),
    Column("state", String(16), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("knows", Integer, nullable=False, default=0),
    Column("by", String(32), nullable=False, default=""),  # the token of the mail or task that tells it
)
