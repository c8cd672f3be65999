"""The digest: once a slot, with what the owner should know; nothing to say, nothing sent."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from ackd.engine import hold
from ackd.judge import facts
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import DigestTimes, EffectKind, Letter, Sensitivity, token_of
from tests.people import ALICE, mail
from tests.promise.test_lifecycle import BOB, TASK, Office

WEEKDAYS = DigestTimes((0, 1, 2, 3, 4), time(8, 30))
NIGHT = 60 * 23  # minutes, from nine in the morning (Berlin) to eight the next day


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.daemon.use(replace(made.daemon.settings, digest=WEEKDAYS))
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


def next_morning(office: Office) -> Letter | None:
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


def test_nothing_to_say_sends_nothing(office: Office) -> None:
    assert next_morning(office) is None
    office.work(60)
    assert digests(office.mailbox) == []


def test_no_digest_comes_for_the_time_before_ackd(office: Office) -> None:
    office.ask()
    office.work(60)
    assert digests(office.mailbox) == []


def test_it_tells_what_is_due_next_and_what_was_acknowledged(office: Office) -> None:
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


def test_it_tells_what_was_ticked_off(office: Office) -> None:
    office.ask()
    office.mailbox.owner_changes_task(TASK, is_complete=True)
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "- Bob" in part(found, "You ticked it off, the colleague got no answer")


def test_an_overdue_promise_is_told_every_morning(office: Office) -> None:
    office.ask()
    office.work(60 * 24 * 3)
    for _ in range(2):
        found = next_morning(office)
        assert found is not None
        assert found.subject.startswith("ackd: 1 overdue")
    office.mailbox.owner_sends(to=[BOB], in_reply_to="<q@corp.example>")
    office.work()
    assert next_morning(office) is None


def test_what_was_nearly_a_question_is_shown_with_the_command(office: Office) -> None:
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


def test_a_confidential_question_shows_only_who_asks(office: Office) -> None:
    secret = mail("q", at=office.clock.now())
    office.mailbox.arrive(replace(secret, sensitivity=Sensitivity.CONFIDENTIAL))
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "Bob" in found.text
    assert "About q" not in found.text + found.html


def test_hostile_names_and_subjects_are_escaped(office: Office) -> None:
    hostile = mail("q", at=office.clock.now())
    office.mailbox.arrive(replace(hostile, subject="<script>x</script>\r\nBcc: eve@evil.example"))
    office.work()
    found = next_morning(office)
    assert found is not None
    assert "<script>" not in found.html
    assert "\nBcc" not in found.text


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_doubtful_digest_goes_out_once(office: Office, when: str) -> None:
    office.ask()
    office.work(60 * 20)
    office.mailbox.fail_next = when
    next_morning(office)
    for _ in range(4):
        office.work(11)
    assert len(digests(office.mailbox)) == 1


def test_a_digest_that_the_server_failed_to_send_is_told_by_the_next(office: Office) -> None:
    office.ask()
    office.work(60 * 20)
    office.mailbox.fail_next = "told"
    assert next_morning(office) is None
    found = next_morning(office)
    assert found is not None
    assert part(found, "Acknowledged since the last digest").startswith("- Bob")


def test_a_letter_whose_copy_proves_nothing_is_told(office: Office) -> None:
    office.mailbox.fail_next = "told"
    office.ask()
    found = next_morning(office)
    assert found is not None
    assert "- Bob: About q\n  acknowledgement" in part(found, "To decide")
    assert "there is a copy in Sent Items" in found.text


def test_a_letter_that_could_not_be_delivered_is_told(office: Office) -> None:
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


def test_a_pause_holds_the_digest_too(office: Office) -> None:
    office.ask()
    hold.pause(office.daemon.ledger, office.clock.now())
    assert next_morning(office) is None
    hold.resume(office.daemon.ledger, office.clock.now())
    office.work()
    assert len(digests(office.mailbox)) == 1


def test_a_digest_counts_the_weekend_as_one_night(office: Office) -> None:
    office.work(60 * 24 * 4)  # Friday
    assert office.daemon.settings.calendar.local_date(office.clock.now()) == date(2026, 11, 27)
    office.ask()
    office.work(60 * 24)
    office.work(60 * 24)
    assert digests(office.mailbox) == []
    assert next_morning(office) is not None
