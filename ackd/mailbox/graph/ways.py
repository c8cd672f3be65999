"""What ackd relies on of Graph though nobody promises it, by the names under which the self-test tries it;
and how ackd works where one of them was found not to hold. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

FOUND = "letter found by its token"
MESSAGE_ID = "a letter's own Message-ID"
REPLY_HEADERS = "headers of a reply"
LONG_TEXT = "plain text of long mails"
OLD_MARKS = "categories of old mails"
LINKED = "link of a new task"
MEMORY = "memory of a new task"
TASK_MATCH = "changes of tasks"
EXCLUSIVE = "exclusive folders"
FOLDER_MARKS = "marks of a folder"
FOR_GOOD = "deleting for good"

_NOWHERE = "invalid"


@dataclass(frozen=True, slots=True)
class Ways:
    """How ackd works on a mailbox.

    `domain`: of the owner's address, in which the Message-IDs of its letters are;
    `as_mime`: letters are made as MIME, since properties that say whom they answer become no headers;
    `by_message_id`: letters are made with Message-IDs of their own and found by these too, since a copy in
    Sent Items lost its token;
    `html_alone`: the plain text of a mail isn't read, since that of a long one is cut;
    `lists_back`: a listing reaches a month back, since a delta tells of no mail that its filter leaves out;
    `links_apart`, `remembers_apart`: a new task is linked, and given its memory, by a request of its own;
    `contends`: a folder's name keeps nobody else from making another of it: the oldest counts;
    `marks_apart`: a folder gets its mark by a request of its own;
    `deletes_twice`: to delete for good is to delete, and to delete once more in Deleted Items.
    """

    domain: str = _NOWHERE
    as_mime: bool = False
    by_message_id: bool = False
    html_alone: bool = False
    lists_back: bool = False
    links_apart: bool = False
    remembers_apart: bool = False
    contends: bool = False
    marks_apart: bool = False
    deletes_twice: bool = False

    @property
    def seeks_message_ids(self) -> bool:
        """Whether a letter may be known by its Message-ID alone."""
        return self.as_mime or self.by_message_id

    @classmethod
    def of(cls, refuted: Collection[str], address: str) -> Ways:
        """By what the self-test found not to hold, and the owner's address."""
        domain = address.rpartition("@")[2].lower()
        return cls(
            domain=domain if domain.isascii() and domain else _NOWHERE,
            as_mime=REPLY_HEADERS in refuted,
            by_message_id=FOUND in refuted,
            html_alone=LONG_TEXT in refuted,
            lists_back=OLD_MARKS in refuted,
            links_apart=LINKED in refuted,
            remembers_apart=MEMORY in refuted,
            contends=EXCLUSIVE in refuted,
            marks_apart=FOLDER_MARKS in refuted,
            deletes_twice=FOR_GOOD in refuted,
        )
