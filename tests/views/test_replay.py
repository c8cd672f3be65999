"""The past, judged again: as the service would have lived through it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ackd.engine.daemon import Daemon
from ackd.engine.limits import Limits
from ackd.engine.triage import Settings
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Address, EffectState, Mail, SentMail
from ackd.promise.absence import Absence
from ackd.views.replay import Outcome, Replay, Report
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, mail, settings
from tests.plays import many

BOB, CAROL = "bob@corp.example", "carol@corp.example"


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def came(name: str, minutes: float, text: str | None = None, **how: object) -> Mail:
    words = () if text is None else (text,)
    return replace(mail(name, *words, at=at(minutes), **how), received=at(minutes))


def answer(name: str, minutes: float, *, to: str = BOB, **how: object) -> SentMail:
    sent = SentMail(
        f"sent {name}", f"<re-{name}@corp.example>", at(minutes), (Address(to),), f"<{name}@corp.example>"
    )
    return replace(sent, **how)  # type: ignore[arg-type]


def replay(*past: Mail | SentMail, by: Settings | None = None, until: float = 600) -> Report:
    ledger = SqlLedger("sqlite://", ALICE.address)
    try:
        rehearsal = Replay(ledger, by or settings(grace_minutes=30), MONDAY)
        for one in past:
            rehearsal.take(one)
        return rehearsal.report(at(until))
    finally:
        ledger.close()


def outcomes(report: Report) -> dict[str, str]:
    return {r.mail.message_id.strip("<>").partition("@")[0]: r.outcome.value for r in report.mails}


def test_a_question_is_acknowledged_unless_the_owner_answered_within_the_grace_period() -> None:
    report = replay(
        came("quick", 0),
        came("late", 1, sender=CAROL),
        came("never", 2, sender="dave@corp.example"),
        answer("quick", 29),
        answer("late", 45, to=CAROL),
        came("thanks", 50, "Thanks, great!"),
    )
    assert outcomes(report) == {
        "quick": "answered in time",
        "late": "acknowledge",
        "never": "acknowledge",
        "thanks": "leave",
    }
    quick, late, never, thanks = report.mails
    assert (quick.answered, late.answered, never.answered) == (at(29), at(45), None)
    assert (late.leaves, late.due) == (at(31), late.due)
    assert late.due is not None
    assert late.due > at(31)
    assert thanks.rules == ("request",) or "request" not in thanks.rules
    assert report.by_rule()
    assert sum(len(report.of(outcome)) for outcome in Outcome) == 4


@pytest.mark.parametrize(
    "sent",
    [
        answer("q", 5, token="a" * 32),
        answer("q", 5, is_automatic=True),
        answer("q", 5, to=CAROL),
        answer("other", 5),
        answer("q", 31),
    ],
    ids=["ackd's own letter", "an out-of-office reply", "to somebody else", "to another mail", "too late"],
)
def test_what_is_no_answer_in_time_cancels_nothing(sent: SentMail) -> None:
    assert outcomes(replay(came("q", 0), sent)) == {"q": "acknowledge"}


def test_each_mail_is_judged_as_at_its_own_arrival() -> None:
    """What the mailbox shows today (the mark of an answer) isn't held against it, and it isn't old."""
    marked = replace(came("q", 0), is_marked_answered=True)
    report = replay(marked, until=60 * 24 * 20)
    assert outcomes(report) == {"q": "acknowledge"}
    assert report.mails[0].is_marked_answered
    assert report.mails[0].mail.text == ""


def test_one_acknowledgement_a_conversation_until_the_owner_answers() -> None:
    def follow_up(name: str, minutes: float) -> Mail:
        return came(name, minutes, references="<first@corp.example>")

    report = replay(
        came("first", 0),
        follow_up("second", 60),
        answer("first", 120),
        follow_up("third", 180),
    )
    assert outcomes(report) == {"first": "acknowledge", "second": "leave", "third": "acknowledge"}
    assert report.mails[1].rules == ("open promise",)


def test_caps_hold_what_they_would_have_and_later_questions_are_acknowledged() -> None:
    few = replace(settings(grace_minutes=0), limits=Limits(per_sender_per_day=2, per_hour=3, per_day=100))
    past = [came(f"b{n}", n) for n in range(3)]
    past += [came(f"c{n}", 10 + n, sender=f"c{n}@corp.example") for n in range(3)]
    past.append(came("next", 90, sender="next@corp.example"))
    report = replay(*past, by=few, until=2 * 24 * 60)
    assert outcomes(report) == {
        "b0": "acknowledge",
        "b1": "acknowledge",
        "b2": "leave",
        "c0": "acknowledge",
        "c1": "leave",
        "c2": "leave",
        "next": "acknowledge",
    }
    assert report.by_rule() == [("limits", 3)]
    ((when, why),) = report.holds
    assert (when, why) == (at(11), "circuit breaker: 3 acknowledgements within an hour are the limit")
    assert report.mails[5].why == "3 acknowledgements within an hour are the limit"


def test_what_waits_below_the_cap_goes() -> None:
    few = replace(settings(grace_minutes=30), limits=Limits(per_hour=2))
    past = [came(f"m{n}", n, sender=f"m{n}@corp.example") for n in range(3)]
    report = replay(*past, by=few, until=48 * 60)
    assert outcomes(report) == {"m0": "acknowledge", "m1": "acknowledge", "m2": "leave"}


def test_while_the_mailbox_answers_by_itself_no_letter_is_told_of() -> None:
    away = replace(settings(), absence=Absence(replies=((at(-60), at(600)),)))
    report = replay(came("q", 0), by=away)
    assert outcomes(report) == {"q": "leave"}
    assert "out-of-office" in report.mails[0].why
    assert report.by_rule() == [("not sent", 1)]


def test_mails_without_a_message_id_or_seen_twice_do_no_harm() -> None:
    twice = came("q", 0)
    nameless = replace(came("x", 1), message_id="", item="1")
    report = replay(twice, nameless, replace(nameless, item="2"), replace(twice, received=at(3), item="3"))
    assert [r.outcome.value for r in report.mails] == ["acknowledge", "leave", "leave"]


# --- the service itself, living through the same days ---------------------------------------------

_EVENTS = st.lists(
    st.tuples(
        st.integers(1, 400),  # minutes since the event before
        st.sampled_from(("ask", "thanks", "answer")),
        st.integers(0, 3),  # of whom, or of which mail
        st.booleans(),  # in the thread of an earlier mail
    ),
    max_size=14,
)


@given(events=_EVENTS)
@hypothesis_settings(max_examples=many(12))
def test_a_replay_tells_what_the_service_did(events: list[tuple[int, str, int, bool]]) -> None:
    """The daemon lives through some days, with a pass at every event and at the end of every grace period;
    then its past is replayed: it tells of exactly those letters that the daemon sent."""
    rules = settings(grace_minutes=30)
    clock = StepClock(MONDAY)
    box = MemoryMailbox(clock.now)
    ledger = SqlLedger("sqlite://", ALICE.address)
    daemon = Daemon(box, ledger, clock, rules)
    daemon.run_pass()
    clock.move(timedelta(minutes=1))
    begin, names = clock.now(), list[str]()
    for number, (minutes, what, who, in_thread) in enumerate(events):
        end = clock.now() + timedelta(minutes=minutes)
        waiting = {p.effect.not_before for p in ledger.in_state(EffectState.PLANNED)}
        for moment in (*sorted(m for m in waiting if m < end), end):
            clock.move(moment - clock.now())
            daemon.run_pass()
        if what == "answer":
            if names:
                name = names[who % len(names)]
                box.owner_sends(
                    to=[f"p{names.index(name) % 4}@corp.example"], in_reply_to=f"<{name}@corp.example>"
                )
        else:
            words = ("Thanks, great!",) if what == "thanks" else ()
            references = f"<{names[who % len(names)]}@corp.example>" if in_thread and names else ""
            sender = f"p{len(names) % 4}@corp.example"
            names.append(f"n{number}")
            box.arrive(mail(names[-1], *words, sender=sender, at=clock.now(), references=references))
        daemon.run_pass()
    clock.move(timedelta(days=1))
    daemon.run_pass()
    ledger.close()

    scratch = SqlLedger("sqlite://", ALICE.address)
    rehearsal = Replay(scratch, rules, begin)
    for one in box.past(begin):
        rehearsal.take(one)
    told = [r.mail.message_id for r in rehearsal.report(clock.now()).of(Outcome.ACKNOWLEDGED)]
    scratch.close()
    # notices to the owner of what is overdue answer nothing
    assert sorted(told) == sorted(letter.in_reply_to for letter in box.letters if letter.in_reply_to)
