"""A page of new mails to decisions: judged one by one, within the owner's limits."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from ackd.engine import copies, frames, hold, lessons
from ackd.engine.copies import Copies
from ackd.engine.frames import Frames
from ackd.engine.limits import RULE, Counts, too_many_in_thread
from ackd.engine.triage import Settings, Triage, commanded, has_letter, judge, ordered, policy_at, task_alone
from ackd.judge.policy import Policy
from ackd.model import (
    Command,
    Decision,
    EffectKind,
    Facts,
    Forecast,
    Mail,
    Mode,
    Owner,
    Question,
    Rule,
    RuleName,
    SentMail,
    Thread,
    Traits,
    ValueKey,
    Verdict,
    Veto,
    token_of,
)
from ackd.model.mailbox import ANSWER_CLASSES
from ackd.ports import Ledger
from ackd.promise.plan import Plan
from ackd.text.reply_text import Written, written

log = logging.getLogger(__name__)

#: A mail that is judged so long after it came may have been dealt with by another ackd, or by
#: this one before it lost its ledger: its tokens are looked for before anything is done.
LATE = timedelta(minutes=15)

NO_THREAD = Thread()
_REMEMBERED = (
    *(ValueKey.HOLD, ValueKey.RESUMED, ValueKey.FRAMES_SALT, ValueKey.COPIES_LEFT),
    *(ValueKey.ORDERED, ValueKey.SAID, ValueKey.LESSONS_OFF),
)

COMMAND = Rule(
    RuleName.COMMAND,
    "What you ordered for this very mail, by a category or by `ackd unanswered --send`. It goes before the "
    "rules that say so.",
    forbids=False,
)
UNJUDGED = Rule(
    RuleName.UNJUDGED,
    "ackd made a mistake while it judged the mail: nothing is done, and the log says where.",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A mail in a conversation whose promise is open; `question` is the Message-ID that it is of."""

    mail: Mail
    facts: Facts
    question: str


@dataclass(slots=True)
class IntakeBatch:
    """A page of mails being decided, each in the light of those before it.

    `mark` is the watermark; `verify_first` says that a folder was listed anew. `held` is the hold as it is
    after the mails so far, `load` how many open promises fall on each of the owner's dates. Of the ledger
    as it was before: single values that are `remembered`, `threads` and the `letters` of today in them, by
    the mail, what is `counted` against the limits, and when sending was `resumed`. `heard` are mails of open
    conversations, `known` those of a new listing that were judged before, `failed` the Message-IDs of what
    couldn't be delivered, `frames` those of the mails that were judged, `repeated` the
    questions that mails only repeat. `tokens` stand in the mailbox, `told` are the mails whose letter does.
    """

    ledger: Ledger
    settings: Settings
    now: datetime
    mark: datetime
    verify_first: bool
    held: hold.Hold | None = None
    seen_hold: str | None = None  # as the ledger had it when the page began
    policy: Policy | None = None  # by which all of them are judged
    tokens: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    today: datetime = field(init=False)
    remembered: Mapping[ValueKey, str] = field(default_factory=dict)
    resumed: datetime | None = None
    threads: Mapping[str, Thread] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)
    counted: Counts = field(default_factory=Counts)
    load: Counter[date] = field(default_factory=Counter)
    counted_here: Counter[str] = field(default_factory=Counter)
    decisions: list[Decision] = field(default_factory=list)
    places: defaultdict[tuple[str, str | None], list[int]] = field(default_factory=lambda: defaultdict(list))
    heard: list[Heard] = field(default_factory=list)
    known: list[Mail] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    known_frames: Frames = field(default_factory=Frames)
    known_copies: Copies = field(default_factory=Copies)
    repeated: dict[str, str] = field(default_factory=dict)

    def decide(self, mails: Iterable[Mail]) -> list[Decision]:
        """Decide on the mails that weren't judged before."""
        named: dict[str, Mail] = {}
        for mail in mails:
            named.setdefault(_name(mail), mail)
        known = self.ledger.known(named) - self._readable_now(named)
        fresh = {name: mail for name, mail in named.items() if name not in known}
        self.known = [mail for name, mail in named.items() if name in known and self.verify_first]
        self.remembered = self.ledger.values(*_REMEMBERED)
        self.seen_hold = self.remembered.get(ValueKey.HOLD)
        self.held = hold.read(self.seen_hold)
        if self.held and self.held.is_over(self.settings.limits.caps, self.now):
            self.held = None
        if fresh:
            self._count_load()
            self._learn()
            self._read_before(fresh)
            salt = self.remembered.get(ValueKey.FRAMES_SALT)
            self.known_frames = frames.read(self.ledger, fresh.values(), salt)
            self.known_copies = copies.read(self.ledger, fresh.values(), salt)
            self.told = self._told(fresh)
        for name, mail in sorted(fresh.items(), key=lambda one: one[0] not in self.told):
            decision = self._decide_safely(mail)
            if mail.message_id != name:
                decision = replace(decision, mail=replace(mail, message_id=name))
            self._add(decision)
        return self.decisions

    def _told(self, fresh: Iterable[str]) -> frozenset[str]:
        """Of these mails those that were acknowledged, by another ackd or by this one before its ledger was
        lost: each has its promise, beside any other in its conversation, and is decided before the others."""
        if not self.tokens and not self.verify_first:
            return frozenset()
        letters = {token_of(name, EffectKind.ACKNOWLEDGEMENT): name for name in fresh}
        out = self.tokens & letters.keys()
        if self.verify_first:
            out |= self.ledger.stood(letters)
        return frozenset(letters[token] for token in out)

    def _add(self, decision: Decision) -> None:
        """One more decision of the page, which those after it hear of."""
        mail, at = decision.mail, len(self.decisions)
        self.decisions.append(decision)
        self.places["", mail.message_id].append(at)
        if mail.conversation is not None:
            self.places["in", mail.conversation].append(at)
        if mail.sender and self._is_counted(decision):
            self.counted_here[mail.sender.key] += 1

    def _read_before(self, fresh: Mapping[str, Mail]) -> None:
        """What the ledger knows of the conversations of these mails, and of the letters that count."""
        mails, limits = tuple(fresh.values()), self.settings.limits
        self.today = self.settings.calendar.day_began(self.now)
        letters = self.ledger.letters_in_threads(mails, self.today)
        self.threads = dict(zip(fresh, self.ledger.threads(mails), strict=True))
        self.letters = dict(zip(fresh, letters, strict=True))
        since = limits.counted_from(self.now, self.today)
        self.resumed = hold.counted_from(self.remembered.get(ValueKey.RESUMED))
        is_preview = self.settings.mode is Mode.PREVIEW
        self.counted = Counts(self.ledger.counted_since(since, previewed=is_preview))

    def new_hold(self) -> dict[ValueKey, tuple[str | None, str | None]]:
        """What the page makes of the hold: as the ledger had it, and as it is to be."""
        new = self.held.dump() if self.held else None
        return {ValueKey.HOLD: (self.seen_hold, new)} if self.held != hold.read(self.seen_hold) else {}

    def _readable_now(self, named: Mapping[str, Mail]) -> set[str]:
        """Mails that were left because they couldn't be read, and can be now: they are judged as if
        they had just come, unless something was promised of them since."""
        again = [name for name, mail in named.items() if mail.reread]
        return set(again) - set(self.ledger.snapshots(again)) if again else set()

    def decide_commanded(self, mail: Mail, command: Command | None) -> Decision:
        """Decide on a mail as the owner's command says, whatever the judge made of it; only what
        keeps ackd from answering robots and strangers holds against it. None is an order for the letter that
        the mail would have got."""
        self._count_load()
        self._learn()
        judged = judge(
            mail, self.settings, self.now, thread=NO_THREAD, watermark=None, load=self.load, thorough=True
        )
        kept = [f for f in judged.verdict.findings if not (isinstance(f, Veto) and f.overridable)]
        vetoed = any(isinstance(finding, Veto) for finding in kept)
        by = f"by a category: {command.value.replace('_', ' ')}" if command else "to send it a letter"
        asked = COMMAND.evidence(10.0, f"you told ackd {by}")
        verdict = Verdict(acknowledge=not vetoed, findings=(*kept, asked))
        if vetoed or judged.planned is None:
            return Decision(mail, verdict)
        make = ordered if command is None else partial(commanded, command=command)
        planned = make(judged.planned, now=self.now)
        effects = tuple(replace(effect, verify_first=True) for effect in planned.effects)
        return Decision(mail, verdict, planned.promise, effects)

    def question_of(self, mail: Mail) -> Question | None:
        """What a promise needs to know of the mail that asked."""
        self._learn()
        judged = judge(
            mail, self.settings, self.now, thread=NO_THREAD, watermark=self.mark, load={}, thorough=True
        )
        return judged.planned.promise.question if judged.planned else None

    def traits(self, mail: Mail) -> Traits | None:
        """What of a mail the owner's word is a lesson of; None where there is nothing."""
        self._learn()
        judged = judge(mail, self.settings, self.now, thread=NO_THREAD, watermark=self.mark)
        return judged.facts.traits

    def _learn(self) -> None:
        """From here on mails are judged by what the owner's lessons teach, too."""
        if not self.settings.learned.key:
            self.settings = lessons.taught(self.settings, self.ledger, self.now, self.remembered)

    def _count_load(self) -> None:
        local_date = self.settings.calendar.local_date
        self.load = Counter(map(local_date, self.ledger.open_moments()))

    def _decide_safely(self, mail: Mail) -> Decision:
        """One mail that we can't judge must not stop all others for ever: it is left, with that
        reason, and the log says where the mistake is."""
        try:
            return self._decide(mail)
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            log.exception("event=bug: a mail could not be judged", exc_info=_without_text(error))
            reason = "ackd made a mistake while judging it: the log says where; please report it"
            return Decision(mail, Verdict(acknowledge=False, findings=(UNJUDGED.veto(reason),)))

    def _decide(self, mail: Mail) -> Decision:
        text = written(mail.text, mail.html)
        thread = self._thread(mail, text)
        policy = self.policy = self.policy or policy_at(self.settings, self.now, self.mark)
        judged = judge(
            mail,
            self.settings,
            self.now,
            thread=thread,
            watermark=self.mark,
            load=self.load,
            policy=policy,
            text=text,
        )
        verdict, planned = judged.verdict, judged.planned
        self.frames += self.known_frames.note(mail)
        self._listen(mail, judged, thread)
        if planned is not None and has_letter(planned) and (veto := self._beyond_limits(mail)):
            verdict = replace(verdict, acknowledge=False, findings=(*verdict.findings, veto))
            planned = self._without_letter(planned)
        is_preview = self.settings.mode is Mode.PREVIEW
        if planned is None or not planned.effects:
            return Decision(mail, verdict)
        if is_preview:
            return Decision(mail, verdict, forecast=_forecast(planned))
        self.load[self.settings.calendar.local_date(planned.promise.due)] += planned.promise.is_of_answer
        verify_first = self.verify_first or mail.reread or self.now - mail.received > LATE
        effects = tuple(replace(effect, verify_first=verify_first) for effect in planned.effects)
        said = replace(planned.promise.question, said=self.known_copies.key(mail, text))
        self.known_copies.add(said)
        return Decision(mail, verdict, replace(planned.promise, question=said), effects)

    def _listen(self, mail: Mail, judged: Triage, thread: Thread) -> None:
        """Keep what a person wrote in an open conversation, and what a delivery report names."""
        is_muted = any(veto.mutes_follow_ups for veto in judged.verdict.vetoes)
        if thread.copy_of:
            self.repeated[mail.message_id] = thread.copy_of
        elif thread.question and not is_muted:
            self.heard.append(Heard(mail, judged.facts, thread.question))
        item_class = (mail.item_class or "").lower()
        if item_class.startswith("report.") and item_class.endswith(".ndr"):
            self.failed += [mid for mid in (mail.in_reply_to, *mail.references) if mid]

    def _beyond_limits(self, mail: Mail) -> Veto | None:
        """Why one more acknowledgement would be too many, or sending is held; None where it may go."""
        is_preview = self.settings.mode is Mode.PREVIEW

        def count(since: datetime, asker: str | None) -> int:
            on_page = self.counted_here.total() if asker is None else self.counted_here[asker]
            since = max(since, self.resumed) if self.resumed else since
            return on_page + self.counted.since(since, asker)

        limits, held, today = self.settings.limits, self.held, self.today
        veto = limits.veto(mail.sender.key if mail.sender else "", self.now, today, count)
        veto = veto or too_many_in_thread(self._letters_around(mail))
        if veto is None and held is not None and held.stops_all:
            veto = RULE.veto(f"sending is held since {held.since}: {held.why}")
        elif veto is None and (cap := limits.trip(self.now, today, count)):
            veto = RULE.veto(cap.words)
            if not is_preview:  # a preview sends nothing to be held
                self.held = hold.tripped(cap, self.now, held)
        return veto

    def _letters_around(self, mail: Mail) -> int:
        """How many letters this day brought to the conversation of a mail, or will."""
        return self.letters[_name(mail)] + sum(map(self._is_counted, self._around(mail)))

    def _without_letter(self, planned: Plan) -> Plan | None:
        """What a question gets that a limit leaves without a letter. What the owner holds gets nothing:
        that is no limit."""
        is_paused = self.held is not None and self.held.is_owners
        if is_paused or not self.settings.limits.leaves_task:
            return None
        alone = task_alone(planned)
        question = replace(alone.promise.question, is_held=True)
        return replace(alone, promise=replace(alone.promise, question=question))

    def _is_counted(self, decision: Decision) -> bool:
        """Whether a decision of this page counts against the limits: a letter goes out for it, or
        would (a task alone is none)."""
        if self.settings.mode is Mode.PREVIEW:
            return decision.forecast is not None and decision.forecast.letter is not None
        return any(effect.kind is EffectKind.ACKNOWLEDGEMENT for effect in decision.effects)

    def _thread(self, mail: Mail, text: Written) -> Thread:
        """What the ledger knows of the thread, and what was decided on this page."""
        thread = self.threads[_name(mail)]
        repeats, copy_of = self.known_frames.repeats(mail), self.known_copies.original(mail, text)
        thread = replace(thread, repeats=repeats, copy_of=copy_of)
        if mail.message_id in self.told:
            return replace(thread, open_promise=False, question="")
        for decision in self._around(mail):
            other = decision.mail
            if decision.promise is not None and _are_of_one(mail, other):
                return replace(thread, open_promise=True, question=other.message_id)
        return thread

    def _around(self, mail: Mail) -> list[Decision]:
        """What was decided on this page in the conversation of a mail."""
        named = [("", name) for name in (*mail.references, mail.in_reply_to)]
        found = {at for key in (*named, ("in", mail.conversation)) for at in self.places.get(key, ())}
        return [self.decisions[at] for at in sorted(found)]


def saved_copies(mails: Iterable[Mail], owner: Owner) -> Iterator[SentMail]:
    """Answers of the owner's that a mail program saved beside the questions, in a watched folder: no
    transport brought them, so that nobody else wrote them."""
    for mail in mails:
        is_own = mail.sender is not None and mail.sender.key in owner.keys
        if is_own and not mail.was_carried and not mail.is_draft:
            yield SentMail(
                item=mail.item,
                message_id=mail.message_id,
                at=mail.sent or mail.received,
                to=(*mail.to, *mail.cc),
                in_reply_to=mail.in_reply_to,
                references=mail.references,
                token=mail.token,
                text=mail.text,
                html=mail.html,
                conversation=mail.conversation,
                is_automatic=mail.item_class not in ANSWER_CLASSES,
            )


def _forecast(planned: Plan) -> Forecast:
    """What a plan would bring to the asker."""
    letter = planned.promise.question.letter if has_letter(planned) else None
    return Forecast(planned.promise.due, letter)


def _are_of_one(mail: Mail, other: Mail) -> bool:
    """Whether one person wrote both."""
    return mail.sender is not None and other.sender is not None and mail.sender.key == other.sender.key


def _name(mail: Mail) -> str:
    """The Message-ID; for a mail without one (which is always left) a name for the record."""
    return mail.message_id or f"no-message-id:{hashlib.sha256(mail.item.encode()).hexdigest()[:32]}"


def _without_text(error: Exception) -> Exception:
    """The error's place without its text, which may hold parts of a mail."""
    return Exception(type(error).__name__).with_traceback(error.__traceback__)
