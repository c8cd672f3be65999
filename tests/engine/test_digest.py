"""The digest: once a slot, with what the owner should know; nothing to say, nothing sent."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ackd.engine import digest, hold, notices
from ackd.engine.limits import Limits
from ackd.judge import facts
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import DigestTimes, EffectKind, Letter, OnMove, OnOverdue, Sensitivity, ValueKey, token_of
from tests.people import ALICE, BOB, mail
from tests.scenario import FOLLOWING, TASK, Scenario

WEEKDAYS = DigestTimes((0, 1, 2, 3, 4), time(8, 30))
NIGHT = 60 * 23  # minutes, from nine in the morning (Berlin) to eight the next day


@pytest.fixture
def office() -> Scenario:
    made = Scenario(follow=FOLLOWING).begin()
    made.use(digest=WEEKDAYS)
    made.work()
    return made


def digests(mailbox: MemoryMailbox) -> list[Letter]:
    return [letter for letter in mailbox.letters if letter.subject.startswith("ackd: ")]


def part(letter: Letter, title: str) -> str:
    """The text under a title, to the next one."""
    _, found, rest = letter.text.partition(f"{title}\n{'-' * len(title)}\n")
    assert found, letter.text
    lines = rest.strip().split("\n")
    ends = [n - 1 for n, line in enumerate(lines) if n and line and set(line) == {"-"}]
    return "\n".join(lines[: ends[0]] if ends else lines)


def next_morning(office: Scenario) -> Letter | None:
    """What the next slot brings."""
    before = len(digests(office.mailbox))
    local = office.daemon.settings.calendar.local(office.clock.now())
    slot = local.replace(hour=8, minute=31) + timedelta(days=local.time() >= time(8, 31))
    while slot.weekday() > 4:
        slot += timedelta(days=1)
    office.work((slot - local).total_seconds() / 60)
    office.work(5)
    new = digests(office.mailbox)[before:]
    assert len(new) <= 1, "one digest a slot"
    return new[0] if new else None


def test_nothing_to_say_sends_nothing(office: Scenario) -> None:
    assert next_morning(office) is None
    office.work(60)
    assert digests(office.mailbox) == []


def test_no_digest_comes_for_the_time_before_ackd(office: Scenario) -> None:
    office.ask()
    office.work(60)
    assert digests(office.mailbox) == []


def test_it_tells_what_is_due_next_and_what_was_acknowledged(office: Scenario) -> None:
    office.ask()
    found = next_morning(office)
    assert found is not None
    assert found.to.email == ALICE.address
    assert found.subject == "ackd: 1 due next"
    assert part(found, "Acknowledged since the last digest").startswith("- Bob")
    assert "Bob: About q" in found.text
    found = next_morning(office)
    assert found is not None
    assert found.subject == "ackd: 1 due today"
    assert "Acknowledged" not in found.text


def test_it_tells_what_was_ticked_off(office: Scenario) -> None:
    office.ask()
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "- Bob" in part(found, "You ticked it off, the colleague got no answer")


def test_an_overdue_promise_is_told_every_morning(office: Scenario) -> None:
    office.ask()
    office.work(60 * 24 * 3)
    for _ in range(2):
        found = next_morning(office)
        assert found is not None
        assert found.subject.startswith("ackd: 1 overdue")
    office.mailbox.owner_sends(to=[BOB], in_reply_to="<q@corp.example>")
    office.work()
    assert next_morning(office) is None


def test_what_was_nearly_a_question_is_shown_with_the_command(office: Scenario) -> None:
    near = facts.read(mail("near"), ALICE).request.probability
    threshold = 1 / (1 + (1 / near - 1) * math.exp(-0.5))  # half a unit above, in logits
    policy = replace(office.daemon.settings.policy, threshold=threshold)
    office.daemon.use(replace(office.daemon.settings, policy=policy))
    office.ask("near")
    office.ask("far", "Thanks!")
    found = next_morning(office)
    assert found is not None
    assert "- Bob: About near" in part(found, "Left alone, though it was close: was this a question?")
    assert "ackd: acknowledge" in found.text
    assert "About far" not in found.text


def test_a_confidential_question_shows_only_who_asks(office: Scenario) -> None:
    secret = mail("q", at=office.clock.now())
    office.mailbox.arrive(replace(secret, sensitivity=Sensitivity.CONFIDENTIAL))
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "Bob" in found.text
    assert "About q" not in found.text + found.html


def test_hostile_names_and_subjects_are_escaped(office: Scenario) -> None:
    hostile = mail("q", at=office.clock.now())
    office.mailbox.arrive(replace(hostile, subject="<script>x</script>\r\nBcc: eve@evil.example"))
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "<script>" not in found.html
    assert "\nBcc" not in found.text


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_doubtful_digest_goes_out_once(office: Scenario, when: str) -> None:
    office.ask()
    office.work(60 * 20)
    office.mailbox.fail_next = when
    next_morning(office)
    for _ in range(4):
        office.work(11)
    assert len(digests(office.mailbox)) == 1


def test_a_digest_that_the_server_failed_to_send_is_told_by_the_next(office: Scenario) -> None:
    office.ask()
    office.work(60 * 20)
    office.mailbox.fail_next = "told"
    assert next_morning(office) is None
    found = next_morning(office)
    assert found is not None
    assert part(found, "Acknowledged since the last digest").startswith("- Bob")


def test_a_letter_whose_copy_proves_nothing_is_told(office: Scenario) -> None:
    office.mailbox.fail_next = "told"
    office.ask()
    found = next_morning(office)
    assert found is not None
    assert "- Bob: About q\n  acknowledgement" in part(found, "To decide")
    assert "there is a copy in Sent Items" in found.text


def test_a_letter_that_could_not_be_delivered_is_told(office: Scenario) -> None:
    office.ask()
    (letter,) = office.mailbox.letters
    assert letter.token == token_of("<q@corp.example>", EffectKind.ACKNOWLEDGEMENT)
    sent_as = next(m.message_id for m in office.mailbox.sent() if m.token == letter.token)
    report = replace(mail("ndr", at=office.clock.now(), references=sent_as), item_class="REPORT.IPM.Note.NDR")
    office.mailbox.arrive(report)
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "- Bob: About q\n  acknowledgement" in part(found, "Our letter couldn’t be delivered")


def test_a_pause_holds_the_digest_too(office: Scenario) -> None:
    office.ask()
    hold.pause(office.daemon.ledger, office.clock.now())
    assert next_morning(office) is None
    hold.resume(office.daemon.ledger, office.clock.now())
    office.work()
    assert len(digests(office.mailbox)) == 1


def test_a_digest_counts_the_weekend_as_one_night(office: Scenario) -> None:
    office.work(60 * 24 * 4)  # Friday
    assert office.daemon.settings.calendar.local_date(office.clock.now()) == date(2026, 11, 27)
    office.ask()
    office.work(60 * 24)
    office.work(60 * 24)
    assert digests(office.mailbox) == []
    assert next_morning(office) is not None


# --- a digest that missed its slot ----------------------------------------------------------------


def slot_of(office: Scenario, days: int) -> None:
    """The clock goes to a minute after a slot, that many days on; ackd didn't run meanwhile."""
    local = office.daemon.settings.calendar.local(office.clock.now())
    slot = local.replace(hour=8, minute=31) + timedelta(days=days)
    office.clock.move(slot - local)


def all_day(office: Scenario) -> list[Letter]:
    """The digests that come within some hours."""
    before = len(digests(office.mailbox))
    for _ in range(6):
        office.work(11)
    return digests(office.mailbox)[before:]


@pytest.mark.parametrize("asked", ["refused", "lost", "made alone", "paused"])
def test_a_digest_that_missed_its_slot_gives_way_to_the_next(office: Scenario, asked: str) -> None:
    office.ask()
    slot_of(office, 1)
    mailbox, ledger = office.mailbox, office.daemon.ledger
    mailbox.is_busy = asked == "refused"
    mailbox.fail_next = {"lost": "before", "made alone": "unsent"}.get(asked, "")
    if asked == "paused":  # between its planning and its writing
        notices.plan(mailbox, ledger, office.daemon.settings, office.clock.now())
        hold.pause(ledger, office.clock.now())
    office.daemon.run_pass()
    assert digests(mailbox) == []
    slot_of(office, 1)
    mailbox.is_busy = False
    hold.resume(ledger, office.clock.now())
    (found,) = all_day(office)
    last = digest.last_of(ledger)
    assert last is not None
    assert found.token == last.token, "the newest"
    assert part(found, "Acknowledged since the last digest").startswith("- Bob"), (
        "what the missed one had to tell"
    )
    assert mailbox.unsent == {}
    assert next_morning(office) is not None


def test_a_digest_that_went_out_unseen_is_found_before_the_next(office: Scenario) -> None:
    office.ask()
    slot_of(office, 1)
    office.mailbox.fail_next = "after"
    office.daemon.run_pass()
    slot_of(office, 1)
    (found,) = all_day(office)
    assert "Acknowledged since" not in found.text, "the first one told it"
    assert len(digests(office.mailbox)) == 2


def test_a_digest_in_doubt_stays_in_doubt_until_it_is_looked_for(office: Scenario) -> None:
    office.ask()
    slot_of(office, 1)
    office.daemon.use(replace(office.daemon.settings, recheck_after=timedelta(days=2)))
    office.mailbox.fail_next = "before"
    office.daemon.run_pass()
    slot_of(office, 1)
    assert all_day(office) == []
    slot_of(office, 2)
    assert len(all_day(office)) == 1


def test_three_missed_slots_bring_one_digest(office: Scenario) -> None:
    office.ask()
    office.mailbox.is_busy = True
    for _ in range(3):
        slot_of(office, 1)
        office.daemon.run_pass()
    office.mailbox.is_busy = False
    (found,) = all_day(office)
    assert part(found, "Acknowledged since the last digest").startswith("- Bob")


@pytest.mark.parametrize("failing", ["", "unsent"])
def test_a_digest_that_waits_is_dropped_where_the_owner_wants_none_any_more(
    office: Scenario, failing: str
) -> None:
    office.ask()
    slot_of(office, 1)
    office.mailbox.is_busy, office.mailbox.fail_next = not failing, failing
    office.daemon.run_pass()
    office.mailbox.is_busy = False
    office.daemon.use(replace(office.daemon.settings, digest=None))
    assert all_day(office) == []
    assert office.mailbox.unsent == {}


def test_a_digest_that_lies_in_drafts_gives_way_too(office: Scenario) -> None:
    """Made by the server, not sent, and seen in Drafts: the owner isn't asked to send a digest."""
    office.ask()
    slot_of(office, 1)
    office.mailbox.fail_next = "unsent"
    office.daemon.run_pass()
    ((token, letter),) = office.mailbox.unsent.items()
    office.mailbox.unsent.clear()
    office.mailbox.drafts[token] = (letter, office.clock.now())
    for _ in range(3):
        office.work(11)
    assert digests(office.mailbox) == []
    slot_of(office, 1)
    assert len(all_day(office)) == 1
    assert office.mailbox.drafts == {}


def test_a_day_brings_one_digest_whatever_its_hour_and_zone_become(office: Scenario) -> None:
    office.ask()
    slot_of(office, 1)
    office.daemon.run_pass()
    assert len(digests(office.mailbox)) == 1
    later = DigestTimes(WEEKDAYS.days, time(9, 0))
    office.daemon.use(replace(office.daemon.settings, digest=later))
    office.work(40)
    calendar = office.daemon.settings.calendar
    west = replace(calendar, zone=ZoneInfo("America/New_York"))
    office.daemon.use(replace(office.daemon.settings, calendar=west, digest=WEEKDAYS))
    office.work(60 * 6)
    assert len(digests(office.mailbox)) == 1
    office.work(60 * 24)
    assert len(digests(office.mailbox)) == 2


def test_another_hour_counts_at_once_where_nothing_was_told_yet(office: Scenario) -> None:
    office.ask()
    later = office.daemon.settings.calendar.local(office.clock.now()) + timedelta(minutes=30)
    hour = DigestTimes(WEEKDAYS.days, later.time())
    office.daemon.use(replace(office.daemon.settings, digest=hour))
    office.work(31)
    assert len(digests(office.mailbox)) == 1


# --- other mails to the owner that wait -----------------------------------------------------------


def overdue_notices(office: Scenario) -> list[Letter]:
    return [letter for letter in office.mailbox.letters if letter.subject.startswith("Overdue: ")]


@pytest.mark.parametrize("asked", ["refused", "lost"])
def test_an_overdue_notice_that_waits_gives_way_to_a_new_date(office: Scenario, asked: str) -> None:
    office.follows(overdue=OnOverdue.REMIND, moved=OnMove.IGNORE)
    office.ask()
    office.mailbox.is_busy = asked == "refused"
    office.mailbox.fail_next = "before" if asked == "lost" else ""
    office.until_due()
    day = office.daemon.settings.calendar.local_date(office.promise().due) + timedelta(days=2)
    office.mailbox.is_busy = False
    office.mailbox.owner_changes_task(TASK, due_date=day)
    office.work(20)
    office.work(20)
    assert overdue_notices(office) == [], "it isn't overdue any more"
    office.until_due()
    office.work(20)
    assert len(overdue_notices(office)) == 1


def test_an_apology_that_waits_gives_way_to_a_new_date(office: Scenario) -> None:
    office.follows(overdue=OnOverdue.DRAFT, moved=OnMove.IGNORE)
    office.ask()
    office.mailbox.is_busy = True
    office.until_due()
    day = office.daemon.settings.calendar.local_date(office.promise().due) + timedelta(days=7)
    office.mailbox.owner_changes_task(TASK, due_date=day)
    office.mailbox.is_busy = False
    office.work(20)
    assert office.mailbox.drafts == {}


def test_a_notice_of_a_hold_gives_way_to_that_of_the_next(office: Scenario) -> None:
    ledger = office.daemon.ledger
    office.mailbox.is_busy = True
    limits = Limits(per_hour=21, per_day=101)
    office.use(limits=limits)
    for cap in limits.caps:
        hold.resume(ledger, office.clock.now())
        ledger.swap(ValueKey.HOLD, None, hold.tripped(cap, office.clock.now()).dump())
        office.work(20)
    office.mailbox.is_busy = False
    office.work(20)
    (told,) = office.notices()
    assert "101 acknowledgements within a day" in told.text
