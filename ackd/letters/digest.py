"""The digest: one mail that a glance is enough for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from ackd.letters.alarms import words as alarm_words
from ackd.letters.dates import day_in_words
from ackd.letters.owner_mail import MOST_SHOWN, Entry, OwnerMail, Part, tied
from ackd.letters.promise_entries import Entries
from ackd.model import Alarm, Command, Judged, Pending, Promise


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to tell, in each part the most pressing first; `previewed` counts what preview mode left
    alone. `config_trouble`, `template_trouble` and `folders` are in the words of whoever met them; `lists`
    are those whose members aren't known any more."""

    following_day: date
    alarms: tuple[Alarm, ...] = ()
    config_trouble: str = ""
    template_trouble: str = ""
    folders: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    overdue: tuple[Promise, ...] = ()
    today: tuple[Promise, ...] = ()
    following: tuple[Promise, ...] = ()
    drafts: tuple[Pending, ...] = ()
    limited: tuple[Judged, ...] = ()
    close: tuple[Judged, ...] = ()
    previewed: int = 0
    acknowledged: tuple[Promise, ...] = ()
    waiting: tuple[Promise, ...] = ()
    dropped: tuple[Promise, ...] = ()
    deleted: tuple[Promise, ...] = ()
    parked: tuple[Pending, ...] = ()
    undelivered: tuple[Pending, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether there is anything that the owner doesn't know, or that is due. What waits for a
        colleague is no news."""
        troubles = (self.alarms, self.config_trouble, self.template_trouble, self.folders, self.lists)
        due = (self.overdue, self.today, self.following, self.drafts, self.parked)
        news = (
            self.limited,
            self.close,
            self.previewed,
            self.acknowledged,
            self.dropped,
            self.deleted,
            self.undelivered,
        )
        return any((*troubles, *due, *news))

    @property
    def questions(self) -> tuple[str, ...]:
        """The Message-IDs of what is shown, each once: what the mailbox is asked for."""
        promises = (
            self.overdue,
            self.today,
            self.following,
            self.acknowledged,
            self.waiting,
            self.dropped,
            self.deleted,
        )
        pending = (self.drafts, self.parked, self.undelivered)
        shown = [
            *(one.question.message_id for part in promises for one in part[:MOST_SHOWN]),
            *(one.promise.question.message_id for part in pending for one in part[:MOST_SHOWN]),
            *(one.message_id for part in (self.limited, self.close) for one in part[:MOST_SHOWN]),
        ]
        return tuple(dict.fromkeys(shown))


def digest_mail(digest: Digest, entries: Entries) -> OwnerMail:
    """What the digest says. Of private mails only who asks."""
    words, calendar, now = entries.words, entries.calendar, entries.now
    parts = [part for part in _parts(digest, entries) if part.entries or part.text]
    return OwnerMail(
        language=words.code,
        subject=f"ackd: {_counts(digest, entries)}",
        title=words.title.format(day=_tied_day(calendar.local(now), entries)),
        parts=tuple(parts),
        closing=words.closing,
        summary=", ".join(_names(parts)),
    )


def _counts(digest: Digest, entries: Entries) -> str:
    words = entries.words
    counts = (
        (_troubles(digest), words.alarms),
        (len(digest.overdue), words.overdue),
        (len(digest.today), words.today),
        (len(digest.following), words.following),
        (len(digest.drafts), words.drafts),
        (len(digest.parked), words.parked),
    )
    return ", ".join(words.counted(what, count) for count, what in counts if count) or words.news


def _troubles(digest: Digest) -> int:
    named = (digest.config_trouble, digest.template_trouble)
    return len(digest.alarms) + len(digest.folders) + len(digest.lists) + sum(map(bool, named))


def _names(parts: Sequence[Part]) -> list[str]:
    """What a list of mails shows beside the subject: the first of whom there is something to tell."""
    names = (entry.who for part in parts for entry in part.entries if entry.who)
    return list(dict.fromkeys(names))[:5]


def _parts(digest: Digest, entries: Entries) -> Iterator[Part]:
    words = entries.words

    def promises(title: str, some: Sequence[Promise], advice: str = "", *, is_pressing: bool = False) -> Part:
        shown = [entries.promise(one) for one in some[:MOST_SHOWN]]
        return entries.part(title, shown, len(some), advice, is_pressing=is_pressing)

    yield _alarms(digest, entries)
    yield promises(words.overdue_title, digest.overdue, words.overdue_advice, is_pressing=True)
    yield promises(words.today_title, digest.today)
    yield promises(words.following_title.format(day=_following(digest, entries)), digest.following)
    drafts = [entries.draft(one) for one in digest.drafts[:MOST_SHOWN]]
    yield entries.part(words.drafts_title, drafts, len(digest.drafts), words.drafts_advice)
    yield from _left(digest, entries)
    yield promises(words.acknowledged_title, digest.acknowledged)
    yield promises(words.waiting_title, digest.waiting, words.waiting_advice)
    yield promises(words.dropped_title, digest.dropped, words.dropped_advice)
    yield promises(words.deleted_title, digest.deleted, words.deleted_advice)
    parked = [
        entries.effect(one, words.reasons.get(one.effect.note, one.effect.note))
        for one in digest.parked[:MOST_SHOWN]
    ]
    yield entries.part(words.parked_title, parked, len(digest.parked), words.parked_advice, is_pressing=True)
    bounced = [entries.effect(one) for one in digest.undelivered[:MOST_SHOWN]]
    yield entries.part(words.bounced_title, bounced, len(digest.undelivered), words.bounced_advice)
    if digest.overdue or digest.today or digest.following:
        yield entries.ways()


def _alarms(digest: Digest, entries: Entries) -> Part:
    words = entries.words
    said = [alarm_words(one, entries.now, entries.calendar.zone, words.code) for one in digest.alarms]
    if digest.config_trouble:
        said.append(words.config_trouble.format(detail=digest.config_trouble))
    if digest.template_trouble:
        said.append(words.template_trouble.format(detail=digest.template_trouble))
    said += [words.folder_trouble.format(detail=one) for one in digest.folders]
    said += [words.list_trouble.format(detail=one) for one in digest.lists]
    shown = [Entry(facts=(one,)) for one in said]
    return entries.part(words.alarms_title, shown, len(shown), is_pressing=True)


def _left(digest: Digest, entries: Entries) -> Iterator[Part]:
    """Mails that were left alone, though they may have been questions."""
    words, name = entries.words, entries.category(Command.ACKNOWLEDGE)
    for title, advice, some in (
        (words.limited_title, words.limited_advice, digest.limited),
        (words.close_title, words.close_advice, digest.close),
    ):
        shown = [entries.judged(one) for one in some[:MOST_SHOWN]]
        yield entries.part(title, shown, len(some), advice.format(category=name) if name else "")
    if digest.previewed:
        yield Part(words.preview_title, text=words.counted(words.preview, digest.previewed))


def _following(digest: Digest, entries: Entries) -> str:
    noon = datetime.combine(digest.following_day, time(12), tzinfo=entries.calendar.zone)
    return _tied_day(noon, entries)


def _tied_day(moment: datetime, entries: Entries) -> str:
    """A day in words, of which number and month stay together."""
    weekday, blank, rest = day_in_words(moment, entries.words.code, entries.now).partition(" ")
    return weekday + blank + tied(rest)
