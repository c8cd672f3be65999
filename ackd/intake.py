"""A page of new mails to decisions: judged one by one, within the owner's limits."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ackd import hold
from ackd.judgement import Settings, judge
from ackd.limits import RULE
from ackd.model import Decision, Mail, Mode, Thread, Verdict, Veto
from ackd.ports import Ledger

#: A mail that is judged so long after it came may have been dealt with by another ackd, or by
#: this one before it lost its ledger: its tokens are looked for before anything is done.
LATE = timedelta(minutes=15)


@dataclass(slots=True)
class Page:
    """The decisions on a page so far, the hold in force after them, and how many open promises
    fall on each of the owner's dates."""

    decisions: list[Decision]
    hold: hold.Hold | None
    load: Counter[date]


def decide_page(
    mails: Iterable[Mail], ledger: Ledger, settings: Settings, now: datetime, *, mark: datetime, look: bool
) -> Page:
    """Judge the mails of a page that weren't judged before, each in the light of those before
    it on the page. `mark` is the start mark; `look` says that a folder was listed anew. Sets
    `Page.hold` when a cap trips the circuit breaker."""
    named: dict[str, Mail] = {}
    for mail in mails:
        named.setdefault(_name(mail), mail)
    known = ledger.known(named)
    fresh = {name: mail for name, mail in named.items() if name not in known}
    promised = ledger.open_promises() if fresh else ()
    load = Counter(settings.calendar.local_date(promise.due) for promise in promised)
    page = Page([], hold.current(ledger), load)
    for name, mail in fresh.items():
        decision = _decide(mail, ledger, settings, now, page=page, mark=mark, look=look)
        page.decisions.append(replace(decision, mail=replace(mail, message_id=name)))
    return page


def _name(mail: Mail) -> str:
    """The Message-ID; for a mail without one (which is always left) a name for the record."""
    return mail.message_id or f"no-message-id:{hashlib.sha256(mail.item.encode()).hexdigest()[:32]}"


def _decide(
    mail: Mail,
    ledger: Ledger,
    settings: Settings,
    now: datetime,
    *,
    page: Page,
    mark: datetime,
    look: bool,
) -> Decision:
    thread = _within_page(ledger.thread(mail), mail, page.decisions)
    judged = judge(mail, settings, now, thread=thread, start_mark=mark, load=page.load)
    verdict = judged.verdict
    if verdict.acknowledge:
        verdict = _within_limits(verdict, mail, ledger, settings, now, page=page)
    planned = judged.planned
    is_held_back = judged.verdict.acknowledge and not verdict.acknowledge
    if planned is None or not planned.effects or is_held_back or settings.mode is Mode.PREVIEW:
        return Decision(mail, verdict)
    page.load[settings.calendar.local_date(planned.promise.due)] += 1
    look |= now - mail.received > LATE
    effects = tuple(replace(effect, look=look) for effect in planned.effects)
    return Decision(mail, verdict, planned.promise, effects)


def _within_limits(
    verdict: Verdict,
    mail: Mail,
    ledger: Ledger,
    settings: Settings,
    now: datetime,
    *,
    page: Page,
) -> Verdict:
    """The verdict, turned to "leave" where one more acknowledgement would be too many, or
    while sending is held."""
    here = [d.mail.sender.key for d in page.decisions if d.verdict.acknowledge and d.mail.sender]

    def count(since: datetime, asker: str | None) -> int:
        on_page = len(here) if asker is None else here.count(asker)
        return on_page + ledger.acknowledged_since(hold.counted_from(ledger, since), asker)

    veto = settings.limits.veto(mail.sender.key if mail.sender else "", now, count)
    if veto is None and page.hold is None and (why := settings.limits.trip(now, count)):
        veto = Veto(RULE, why)
        if settings.mode is not Mode.PREVIEW:  # a preview sends nothing that could be stopped
            page.hold = hold.tripped(why, now)
    elif veto is None and page.hold is not None:
        veto = Veto(RULE, f"sending is held since {page.hold.since}: {page.hold.why}")
    return replace(verdict, acknowledge=False, findings=(*verdict.findings, veto)) if veto else verdict


def _within_page(thread: Thread, mail: Mail, before: Sequence[Decision]) -> Thread:
    """What the ledger knows of the thread, and what was decided on the same page."""
    earlier = {*mail.references, mail.in_reply_to}
    for decision in before:
        other = decision.mail
        same = other.message_id in earlier or (
            mail.conversation is not None and other.conversation == mail.conversation
        )
        if same and decision.promise is not None:
            return replace(thread, open_promise=True)
    return thread
