"""Promises as the mails to the owner show them: whose, about what, how old, and where to click."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ackd.babel_dates import format_timedelta
from ackd.letters.dates import at_a_glance
from ackd.letters.owner_mail import MOST_SHOWN, Entry, Link, Part, tied
from ackd.letters.owner_words import OwnerWords
from ackd.letters.sanitize import bare_subject, one_line
from ackd.model import Address, Command, EffectKind, Judged, OnMove, Pending, Promise
from ackd.promise.calendar import Calendar
from ackd.promise.lifecycle import FollowRules

_MINUTE = timedelta(minutes=1)
#: Letters that tell the asker a date.
_DATED = (EffectKind.ACKNOWLEDGEMENT, EffectKind.NEW_DATE, EffectKind.APOLOGY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the mailbox shows of a question as the mail to the owner is written. `line` is the sentence
    that asks, `link` where the mail opens in a browser. Of a private or confidential mail neither subject
    nor words are known here."""

    sender: Address | None = None
    subject: str = ""
    line: str = ""
    text: str = ""
    link: str = ""
    is_secret: bool = False
    is_answered: bool = False


NOTHING_KNOWN = Asked()


@dataclass(frozen=True, slots=True)
class Entries:
    """Makes entries, by the owner's clock and language. `asked` is what the mailbox showed of questions, by
    Message-ID; `drafts` where drafts open in a browser, by token; `unwritten` are questions whose
    askers surely got no letter."""

    words: OwnerWords
    calendar: Calendar
    now: datetime
    follow: FollowRules = field(default_factory=FollowRules)
    asked: Mapping[str, Asked] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)
    unwritten: Collection[str] = ()

    def promise(self, promise: Promise) -> Entry:
        """A promise: promised by when, and asked how long ago. What its asker isn't known to have been told
        isn't called promised."""
        phrase = self.words.planned if promise.told is None else self.words.promised
        said = [self._promised(phrase, promise, promise.due)]
        if promise.told is None and promise.question.message_id in self.unwritten:
            said.append(self.words.no_letter)
        return self._question(promise, *said, self._age(promise.question.received))

    def draft(self, pending: Pending) -> Entry:
        """A letter that waits in Drafts: what it promises once it is sent."""
        effect, promise = pending.effect, pending.promise
        said = [self.words.kinds[effect.kind]]
        if effect.kind in _DATED:
            said.append(self._promised(self.words.would_promise, promise, effect.moment or promise.due))
        made = self._question(promise, *said, self._age(promise.question.received))
        own = Link(self.words.open_draft, self.drafts.get(effect.token, ""))
        return Entry(made.who, made.about, made.facts, made.quote, (own, *made.links))

    def effect(self, pending: Pending, *said: str) -> Entry:
        """Something that was to be done for a promise, and what is to be said of it."""
        kind = self.words.kinds.get(pending.effect.kind, pending.effect.kind.value)
        return self._question(pending.promise, kind, *said)

    def judged(self, one: Judged) -> Entry:
        """A mail that was left alone. Of those the ledger keeps no subject."""
        asked = self.asked.get(one.message_id, NOTHING_KNOWN)
        who = who_of(asked.sender) if asked.sender else one.sender
        return Entry(who, bare_subject(asked.subject, 120), (self._age(one.received),), *self._seen(asked))

    def part(
        self, title: str, entries: Sequence[Entry], total: int, advice: str = "", *, is_pressing: bool = False
    ) -> Part:
        """A part with the first entries of so many."""
        left = total - len(entries[:MOST_SHOWN])
        more = self.words.counted(self.words.more, left) if left > 0 else ""
        return Part(title, tuple(entries[:MOST_SHOWN]), advice, more, is_pressing=is_pressing)

    def ways(self) -> Part:
        """What can be done with promises: by tasks and by categories."""
        words = self.words
        moved = {
            OnMove.TELL: words.move_tell,
            OnMove.ASK: words.move_ask,
            OnMove.IGNORE: words.move_ignore,
        }
        said = [words.answer, moved[self.follow.moved], words.tick]
        names = {command: name for name, command in self.follow.commands.items()}
        if len(names) == len(Command):
            said.append(words.categories.format(**{c.value: one_line(n, 80) for c, n in names.items()}))
        return Part(words.ways_title, text="\n\n".join(said))

    def category(self, command: Command) -> str:
        """The name of a command's category; "" where it has none."""
        return next((name for name, one in self.follow.commands.items() if one is command), "")

    def _promised(self, phrase: str, promise: Promise, due: datetime) -> str:
        if not promise.is_of_answer:
            return self.words.nothing_promised
        return phrase.format(when=self._glance(due))

    def _question(self, promise: Promise, *facts: str) -> Entry:
        question = promise.question
        asked = self.asked.get(question.message_id, NOTHING_KNOWN)
        is_secret = question.sensitivity.is_secret or asked.is_secret
        about = (
            f"({self.words.private})" if is_secret else bare_subject(question.subject or asked.subject, 120)
        )
        return Entry(who_of(question.asker), about, (" · ".join(filter(None, facts)),), *self._seen(asked))

    def _seen(self, asked: Asked) -> tuple[str, tuple[Link, ...]]:
        line = one_line(asked.line, 180)
        quote = self.words.quote.format(line=line) if line else ""
        return quote, (Link(self.words.open_mail, asked.link),)

    def _age(self, moment: datetime) -> str:
        gone = max(self.now - moment, _MINUTE)
        age = format_timedelta(-gone, add_direction=True, locale=self.words.code)
        return tied(self.words.asked.format(age=age))

    def _glance(self, moment: datetime) -> str:
        return tied(at_a_glance(self.calendar.local(moment), self.words.code))


def who_of(address: Address) -> str:
    """The asker as the mail names them."""
    return one_line(address.name, 60) or one_line(address.email, 60)
