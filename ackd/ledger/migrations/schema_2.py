"""Schema 2, as it was for good: one mailbox's tables, made by ackds that knew no migrations.

Some of the tables came later than others: an ackd made those that it missed.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

Table(
    "mails",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("received", String(32), nullable=False),
    Column("decided", String(32), nullable=False),
    Column("sender", String(320), nullable=False),
    Column("conversation", String(512)),
    Column("acknowledge", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("findings", Text, nullable=False),
    Column("item", Text, nullable=False),
    Index("mails_decided", "decided"),
    Index("mails_conversation", "conversation"),
)

Table(
    "forecasts",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("due", String(32), nullable=False),
    Column("letter", String(32), nullable=False),
)

Table(
    "promises",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("asker", String(320), nullable=False),
    Column("conversation", String(512)),
    Column("question", Text, nullable=False),
    Column("due", String(32), nullable=False),
    Column("reminder", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("made", String(32), nullable=False),
    Column("first_due", String(32), nullable=False),
    Column("told", String(32)),
    Column("moves", Integer, nullable=False),
    Column("waits", Integer, nullable=False),
    Column("overdue", String(32)),
    Column("answered", String(32)),
    Column("closed", String(32)),
    Column("why", Text, nullable=False),
    Index("promises_state", "state", "due"),
    Index("promises_conversation", "conversation"),
)

Table(
    "effects",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("message_id", String(998), nullable=False),
    Column("asker", String(320), nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", String(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("attempted", String(32)),
    Column("note", Text, nullable=False),
    Column("look", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("occasion", String(64), nullable=False),
    Column("moment", String(32)),
    Column("sent_as", String(998)),
    Column("failed", String(32)),
    Index("effects_due", "state", "not_before"),
    Index("effects_question", "message_id"),
    Index("effects_attempted", "kind", "attempted"),
)

Table(
    "stamps",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("stamp", Text, nullable=False),
)

Table(
    "desk",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("message_id", String(998), nullable=False),
    Column("item", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("due_date", String(10)),
    Column("complete", Integer, nullable=False),
    Column("folder", Text, nullable=False),
    Column("chore", Text),
    Index("desk_item", "item"),
    Index("desk_question", "message_id"),
)

Table(
    "labels",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("promised", Integer),
    Column("obeyed", Text, nullable=False),
)

Table(
    "history",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("message_id", String(998), nullable=False),
    Column("at", String(32), nullable=False),
    Column("what", String(16), nullable=False),
    Column("due", String(32), nullable=False),
    Column("words", Text, nullable=False),
    Index("history_at", "at"),
    Index("history_question", "message_id"),
)

Table(
    "tokens",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("at", String(32), nullable=False),
)

Table(
    "failures",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("batch", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("copied", Integer, nullable=False),
    Index("failures_batch", "batch"),
)

Table(
    "threads",
    metadata,
    Column("message_id", String(998), primary_key=True),
    Column("question", String(998), nullable=False),
    Index("threads_question", "question"),
)

Table(
    "answers",
    metadata,
    Column("target", String(998), primary_key=True),
    Column("recipient", String(320), primary_key=True),
    Column("at", String(32), nullable=False),
    Index("answers_at", "at"),
)

Table(
    "frames",
    metadata,
    Column("mailbox", String(320), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("mails", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Index("frames_at", "mailbox", "at"),
)

Table(
    "alarms",
    metadata,
    Column("mailbox", String(320), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("since", String(32), nullable=False),
    Column("over", String(32)),
    Column("ends", String(32)),
    Column("stage", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("observed", Float, nullable=False),
    Column("quiet", Float, nullable=False),
    Column("told", String(32)),
    Column("rings", Integer, nullable=False),
)

Table(
    "tellings",
    metadata,
    Column("mailbox", String(320), primary_key=True),
    Column("way", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("since", String(32), nullable=False),
    Column("over", String(32)),
    Column("ends", String(32)),
    Column("stage", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("not_before", String(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("knows", Integer, nullable=False),
    Column("by", String(32), nullable=False),
)
