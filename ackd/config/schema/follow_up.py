"""The sections `follow_up` and `letters`: what happens after the acknowledgement, in what words."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ackd.config import field_types, hours
from ackd.config.hours import Digest
from ackd.config.schema.base import Language, Section, Span, Text
from ackd.model import Duration, OnMove, OnOverdue, Unit

#: Of letters: in the language of the mail that they answer.
ASKER: Literal["asker"] = "asker"


class Categories(Section):
    """The categories by which the owner talks to ackd in Outlook."""

    acknowledge: Text = Field(default="ackd: acknowledge", description="Acknowledge this mail after all.")
    not_a_question: Text = Field(default="ackd: not a question", description="This was no question.")
    cannot_help: Text = Field(
        default="ackd: can't help", description="Tell the colleague that the owner can't help."
    )
    need_more: Text = Field(default="ackd: need more", description="Ask the colleague for more information.")


class FollowUp(Section):
    """How ackd stays with a promise until it is kept."""

    moved: OnMove = Field(
        default=OnMove.ASK,
        description="When the owner moves the task to another day: tell the colleague the new date, ask the "
        "owner first (a draft waits in Drafts), or ignore it.",
    )
    settle: Span = Field(
        default=Duration(5, Unit.MINUTES),
        description="Wait so long after the last move, so that two moves tell once.",
    )
    overdue: OnOverdue = Field(
        default=OnOverdue.REMIND,
        description="When the promised moment has passed: remind the owner, draft an apology, or ignore it.",
    )
    digest: Annotated[Digest | Literal["never"], hours.DIGEST] = Field(
        default=Digest((0, 1, 2, 3, 4), time(8, 30)),
        description="When a mail tells the owner what is open.",
        examples=["Mon-Fri 08:30"],
    )
    language: Literal["mailbox", Language] = Field(
        default=hours.MAILBOX,
        description="The language of ackd's mails to you, the digest among them: your mailbox's own, by the "
        "name of its inbox, or always the same.",
    )
    categories: Categories = Field(
        default=Categories(),
        description="The names of the categories by which the owner talks to ackd in Outlook.",
    )


class Letters(Section):
    """The letters that colleagues get."""

    directory: Annotated[Path, field_types.FOLDER] | None = Field(
        default=None,
        description="A directory with the owner's own templates; they go before the packaged ones.",
    )
    language: Literal["asker", Language] = Field(
        default=ASKER,
        description="The language of letters: that of the mail, or always the same.",
    )
    name: Text | None = Field(
        default=None,
        description="How the owner signs.",
        examples=["Alice Smith"],
        json_schema_extra={"x-default": "the mailbox's display name"},
    )
