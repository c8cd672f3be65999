"""The decisions that somebody looks for, the newest first, and one mail with what it says. Reads only."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ackd.judge.rules import question
from ackd.letters.sanitize import paragraphs
from ackd.model import Evidence, Finding, RuleName, Veto
from ackd.model.log import LogFilter
from ackd.ports import Ledger
from ackd.views.log import Entry, Local, log

#: As near as this to the threshold (in the logarithm of the odds) a mail might as well have gone the other
#: way.
NEAR = 1.0
#: Decisions that are looked through for what the ledger can't look for by itself.
_LOOKED_THROUGH = 5_000
_LONGEST_TEXT = 20_000


class Show(enum.StrEnum):
    """Which decisions are meant."""

    ALL = "all"
    ACKNOWLEDGED = "acknowledged"
    LEFT = "left"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions, as a person asks: `words` are of the sender's address, or of the subject (then the
    mailbox was asked who has them: `named`); `rule` is a rule that had its say, `day` that of the decision by
    the owner's clock; those `before` a moment are meant, at most `limit` of them."""

    show: Show = Show.ALL
    words: str = ""
    named: frozenset[str] = frozenset()
    rule: str = ""
    day: date | None = None
    before: datetime | None = None
    limit: int = 40


@dataclass(frozen=True, slots=True)
class Found:
    """The decisions, the newest first, and whether there are earlier ones."""

    entries: tuple[Entry, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a mail's text, and whether it is the sentence that asks."""

    text: str
    is_marked: bool = False


def find(ledger: Ledger, wanted: Wanted, zone: ZoneInfo, local: Local) -> Found:
    """Look for decisions on mails; ackd's own mails to the owner aren't among them."""
    since = datetime.combine(wanted.day, time(), zone) if wanted.day else None
    ends = [wanted.before] if wanted.before else []
    if wanted.day:
        ends.append(datetime.combine(wanted.day + timedelta(days=1), time(), zone))
    is_plain = wanted.show is not Show.NEAR and not wanted.words
    acknowledged = {Show.ACKNOWLEDGED: True, Show.LEFT: False}.get(wanted.show)
    entries = log(
        ledger,
        LogFilter(
            since=since,
            until=min(ends, default=None),
            acknowledged=acknowledged,
            rules=(wanted.rule,) if wanted.rule else (),
            own=False,
            limit=wanted.limit + 1 if is_plain else _LOOKED_THROUGH,
        ),
        local,
    )
    meant = tuple(entry for entry in reversed(entries) if _is_meant(entry, wanted))
    return Found(meant[: wanted.limit], len(meant) > wanted.limit)


def _is_meant(entry: Entry, wanted: Wanted) -> bool:
    if wanted.show is Show.NEAR and not is_near(entry.findings):
        return False
    words = wanted.words.casefold()
    return not words or words in entry.sender.casefold() or entry.message_id in wanted.named


def probability(findings: Collection[Finding]) -> float | None:
    """How probably the mail asks something of the owner, as the decision tells it."""
    told = next(filter(None, map(question.told, findings)), None)
    return told[0] if told else None


def is_near(findings: Collection[Finding]) -> bool:
    """Whether nothing but the classifier decided, and narrowly."""
    weighed = [f.weight for f in findings if isinstance(f, Evidence) and f.rule == RuleName.REQUEST]
    is_free = not any(isinstance(f, Veto) for f in findings)
    return is_free and any(abs(weight) <= NEAR for weight in weighed)


def sentence(findings: Collection[Finding]) -> str:
    """The sentence that asks, of a mail that was just read: the ledger keeps none. "" where none does."""
    asks = (f for f in findings if isinstance(f, Evidence) and f.rule == RuleName.REQUEST and f.weight > 0)
    return next((finding.quote for finding in asks if finding.quote), "")


def pieces(text: str, marked: str) -> tuple[Piece, ...]:
    """A mail's text, with the marked sentence apart where it stands in it."""
    return tuple(_pieces(paragraphs(text, _LONGEST_TEXT), marked))


def _pieces(text: str, marked: str) -> Iterator[Piece]:
    words = paragraphs(marked, _LONGEST_TEXT).split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if found is None:
        yield Piece(text)
        return
    yield Piece(text[: found.start()])
    yield Piece(found[0], is_marked=True)
    yield Piece(text[found.end() :])
