"""What Graph answered, and what that means. Pure.

By the status first and then by the code, without case: codes may be empty (json-batching).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ackd.errors import AccessBlocked, AckdError, Busy, Failed, NoConnection, SignInRefused, Unreachable
from ackd.model import Done, Outcome, Refusal, Refused, Unknown

#: Statuses of a complete answer that say for certain that nothing was done. 408 and every 5xx leave it open:
#: a 503 may stand for throttling, and what was answered 504 was seen to be done.
REFUSED = frozenset((400, 401, 403, 404, 405, 409, 412, 413, 415, 424, 429))
#: Of these, those after which the same write may succeed.
_LATER = frozenset((401, 412, 424, 429))
_CAUSES = {
    "errorquotaexceeded": Refusal.FULL,
    "errormessagesizeexceededquota": Refusal.FULL,
    "errorsubmissionquotaexceeded": Refusal.NOT_ALLOWED,
    "errorsendasdenied": Refusal.NOT_ALLOWED,
    "erroraccessdenied": Refusal.NOT_ALLOWED,
}
_FOR_GOOD = ("errorsendasdenied", "erroraccessdenied")
_LONGEST_WAIT = timedelta(days=1)

GATEWAY = frozenset((502, 503, 504))
DEPENDED = 424  # of a part of a batch: one that it depends on failed, and it wasn't done
SLOWED = 429  # too much at once, or in all; of a part of a batch, or of it all
GONE = 410  # of a delta: the link is worth nothing any more


class LinkGone(Unreachable):
    """410: what a link of a delta stands for is forgotten."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `status` 0: none came, or none that can be read, and why says `trouble`. `value` is its
    JSON, {} where it has none; `headers` are by names in lower case; `lost` is the error where no answer
    came."""

    status: int
    value: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    lost: NoConnection | None = None

    @property
    def no_answer(self) -> Unreachable:
        """The error for `status` 0."""
        return self.lost or Unreachable(self.trouble)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The error's code, "" where it has none."""
        error = self.value.get("error")
        code = str(error.get("code") or "") if isinstance(error, dict) else ""
        return code if re.fullmatch(r"[\w.:-]{1,80}", code, re.ASCII) else ""

    @property
    def is_refusal(self) -> bool:
        """Whether it says for certain that nothing was done."""
        return self.status in REFUSED and isinstance(self.value.get("error"), dict)

    @property
    def is_failure(self) -> bool:
        """Whether it says in full that the mailbox's server failed. A 502, 503 or 504 is a gateway's word,
        which doesn't know what the server behind it did: what was answered so was seen to be delivered."""
        return self.status >= 500 and self.status not in GATEWAY and isinstance(self.value.get("error"), dict)

    @property
    def wait(self) -> timedelta | None:
        """How long the server asks us to wait; seconds, which may have a fraction."""
        text = self.headers.get("retry-after", "").strip()
        if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
            return None
        return min(timedelta(seconds=float(text)), _LONGEST_WAIT)

    @property
    def words(self) -> str:
        """For the record: only status and code, since the text beside them may repeat parts of the mail."""
        if not self.status:
            return self.trouble or "the answer can't be read"
        return f"the server answered {self.status}" + (f" ({self.code})" if self.code else "")


def error_of(answer: Answer) -> AckdError:
    """What a read raises for an answer that isn't what was asked for."""
    status = answer.status
    if status == 401:
        return SignInRefused(f"the server refused a new token, too: {answer.words}")
    if status == 403:
        return AccessBlocked(
            f"the server doesn't let ackd in: {answer.words}: an administrator can see which permissions the "
            "registration has, whether a policy keeps it from this mailbox, and whether another's mailbox is "
            "opened to whoever signed in"
        )
    if status == SLOWED:
        return Busy(f"the server asked ackd to slow down: {answer.words}", wait=answer.wait)
    if status == GONE:
        return LinkGone(f"the server doesn't know how far it was read: {answer.words}")
    kind = Failed if status >= 500 else Unreachable
    return kind(answer.words, wait=answer.wait)


def checked(answer: Answer) -> Mapping[str, Any]:
    """The JSON of an answer. Raises AckdError for one that isn't what was asked for."""
    if not answer.ok:
        raise error_of(answer)
    return answer.value


def outcome(answer: Answer) -> Outcome:
    """What became of a write that makes or changes something. Believed are only answers that are complete:
    done is what the server names."""
    if answer.ok:
        found = text(answer.value, "id")
        if not found:
            return Unknown("the server's answer doesn't name what it made or changed")
        return Done(found, text(answer.value, "@odata.etag"))
    if not answer.is_refusal:
        return Unknown(answer.words)
    code = answer.code.lower()
    cause = _CAUSES.get(code)
    return Refused(
        f"the server refused it: {answer.words}",
        retry=answer.status in _LATER or (cause is not None and code not in _FOR_GOOD),
        is_gone=answer.status == 404,
        cause=cause,
    )


def text(value: Mapping[str, Any], *path: str) -> str:
    """The text at a path, "" where there is none."""
    found: Any = value
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def entries(value: Mapping[str, Any], name: str = "value") -> list[dict[str, Any]]:
    """The objects of a list; nothing where there is none."""
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def strings(value: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a list."""
    found = value.get(name)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
