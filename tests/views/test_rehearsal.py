"""A changed configuration beside today's: which mails change, and nothing is done by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ackd.config import loads
from ackd.engine.triage import Settings
from ackd.ledger import SqlLedger
from ackd.model import Address, Duration, LetterName, Mail, SentMail, Unit
from ackd.runtime.settings import settings_of
from ackd.views.rehearsal import Change, Comparison, compare, rehearse
from ackd.views.replay import Outcome, Replayed
from tests.config.minimal import ENV, FILE, MAILBOX
from tests.people import ALICE, MONDAY, mail, settings
from tests.system.commands import in_process

BOB, CAROL, DAVE, EVE = (f"{name}@corp.example" for name in ("bob", "carol", "dave", "eve"))


class Past:
    """A mailbox that holds these mails and counts how often it is read; whatever else is asked of it,
    fails."""

    def __init__(self, *past: Mail | SentMail) -> None:
        self.mails, self.reads = past, 0

    def past(self, since: object, most: int | None = None) -> Iterator[Mail | SentMail]:
        self.reads += 1
        yield from self.mails


def came(name: str, minutes: float, *words: str, sender: str = BOB) -> Mail:
    at = MONDAY + timedelta(minutes=minutes)
    return replace(mail(name, *words, at=at, sender=sender), received=at)


def with_rules(rules: str) -> Settings:
    """Today's settings with rules as the configuration writes them."""
    config = loads(f"{MAILBOX}rules:\n{rules}".encode(), FILE, ENV).config
    return replace(settings(), owner_rules=settings_of(config)[0].owner_rules)


def rehearsed(past: Past, then: Settings, today: Settings | None = None) -> Comparison:
    with (
        closing(SqlLedger("sqlite://", ALICE.address)) as one,
        closing(SqlLedger("sqlite://", ALICE.address)) as two,
    ):
        span = (MONDAY - timedelta(days=1), MONDAY + timedelta(days=3))
        box: Any = past
        return rehearse(box, (one, two), (today or settings(), then), span)


def changes(found: Comparison) -> dict[str, tuple[str, ...]]:
    return {
        changed.today.mail.message_id.strip("<>").partition("@")[0]: tuple(c.value for c in changed.changes)
        for changed in found.mails
    }


OFFICE = (
    came("bob", 0),
    came("thanks", 1, "Thanks, great!", sender=CAROL),
    came("note", 2, "We still need the numbers for the board.", sender=DAVE),
    came("eve", 3, sender=EVE),
)


def test_the_same_configuration_changes_nothing_and_reads_once() -> None:
    past = Past(*OFFICE)
    found = rehearsed(past, settings())
    assert (found.mails, found.seen, past.reads) == ((), 4, 1)
    assert found.today == found.then


def test_what_changes_is_told_by_mail_with_both_sides() -> None:
    found = rehearsed(
        Past(*OFFICE),
        with_rules(
            f"  - {{name: quiet, when: {{from: {BOB}}}, then: {{acknowledge: never}}}}\n"
            f"  - {{name: thanks too, when: {{from: {CAROL}}}, then: {{acknowledge: always}}}}\n"
            f"  - {{when: {{from: {EVE}}}, then: {{letter: redirect, contact: hr@corp.example}}}}\n"
        ),
    )
    assert changes(found) == {
        "bob": ("no_longer_acknowledged",),
        "thanks": ("newly_acknowledged",),
        "eve": ("other_letter", "other_date"),
    }
    bob, thanks, eve = found.mails
    assert (bob.today.outcome, bob.then.outcome) == (Outcome.ACKNOWLEDGED, Outcome.LEFT)
    assert "quiet" in bob.then.why
    assert (thanks.then.letter, thanks.today.letter) == (LetterName.RECEIVED, None)
    assert (eve.today.letter, eve.then.letter, eve.then.due) == (
        LetterName.RECEIVED,
        LetterName.REDIRECT,
        None,
    )
    assert (eve.today.has_task, eve.then.has_task) == (True, True)
    assert [found.count(change) for change in Change] == [1, 1, 1, 1, 0, 0, 0]


def test_another_span_is_another_date_and_another_grace_another_time() -> None:
    today = settings()
    rules = replace(today.rules, within=Duration(5, Unit.BUSINESS_DAYS))
    assert set(changes(rehearsed(Past(*OFFICE), replace(today, rules=rules))).values()) == {("other_date",)}
    later = replace(today.rules, grace=Duration(30, Unit.MINUTES))
    assert {"other_time"} <= {
        one
        for some in changes(rehearsed(Past(*OFFICE), replace(today, rules=later))).values()
        for one in some
    }


def test_an_answer_within_a_longer_grace_period_makes_a_letter_needless() -> None:
    answer = SentMail(
        "re", "<re@corp.example>", MONDAY + timedelta(minutes=20), (Address(BOB),), "<bob@corp.example>"
    )
    found = rehearsed(Past(*OFFICE, answer), settings(grace_minutes=30))
    assert changes(found)["bob"] == ("no_longer_acknowledged",)
    assert found.mails[0].then.outcome is Outcome.IN_TIME


def test_a_task_without_a_letter_is_a_change_too() -> None:
    silent = "  - {name: x, when: {from: bob@corp.example}, then: {acknowledge: never, task: false}}\n"
    with_task = silent.replace("task: false", "task: true")
    found = rehearsed(Past(*OFFICE), with_rules(with_task), with_rules(silent))
    assert changes(found) == {"bob": ("other_task",)}
    assert [(one.today.has_task, one.then.has_task) for one in found.mails] == [(False, True)]


def test_a_limit_of_the_one_side_touches_not_the_other() -> None:
    past = Past(*(came(f"n{n}", n, sender=f"p{n}@corp.example") for n in range(4)))
    tight = settings()
    tight = replace(tight, limits=replace(tight.limits, per_hour=2))
    found = rehearsed(past, tight)
    assert changes(found) == {"n2": ("no_longer_acknowledged",), "n3": ("no_longer_acknowledged",)}
    assert (found.today.holds, len(found.then.holds)) == ((), 1)
    back = rehearsed(past, settings(), tight)
    assert set(changes(back).values()) == {("newly_acknowledged",)}


@pytest.mark.parametrize("field", [*Change])
def test_compare_knows_each_change_by_itself(field: Change) -> None:
    """Pure: of two lists of decisions."""
    (one,) = rehearsed(Past(OFFICE[0]), settings()).today.mails
    left = replace(one, outcome=Outcome.LEFT, letter=None, due=None, leaves=None, has_task=False)
    others: dict[Change, tuple[Replayed, Replayed]] = {
        Change.NEWLY: (left, one),
        Change.NO_LONGER: (one, left),
        Change.LETTER: (one, replace(one, letter=LetterName.ABSENT)),
        Change.DATE: (one, replace(one, due=None)),
        Change.TIME: (one, replace(one, leaves=None)),
        Change.TASK: (left, replace(left, has_task=True)),
        Change.VERDICT: (left, replace(left, outcome=Outcome.IN_TIME)),
    }
    today, then = others[field]
    (found,) = compare([today], [then])
    assert found.changes == (field,)
    assert field.words
    assert compare([today], [today]) == compare([today], []) == compare([], [then]) == ()


def replayed(tmp_path: Path, other: str) -> tuple[int, str, str]:
    """`ackd replay --compare`, where no server is ever asked."""
    for name, text in (("config.yaml", MAILBOX), ("other.yaml", other)):
        (tmp_path / name).write_text(f"{text}state: {tmp_path / 'state'}\n")
    words = ("replay", "--compare", str(tmp_path / "other.yaml"), "--config", str(tmp_path / "config.yaml"))
    done = in_process(*words)
    return done.returncode, done.stdout, done.stderr.replace(str(tmp_path), "")


def test_a_configuration_that_cannot_be_used_is_told_as_config_check_does(tmp_path: Path) -> None:
    code, out, told = replayed(tmp_path, MAILBOX + "mode: sned\n")
    assert (code, out) == (78, "")
    assert (
        told == "/other.yaml:5:7: mode: found `sned`; allowed: preview, draft or send; did you mean `send`?\n"
    )
    assert replayed(tmp_path, "mailbox: [\n")[2].startswith("/other.yaml:")


def test_anothers_configuration_is_refused(tmp_path: Path) -> None:
    code, out, told = replayed(tmp_path, MAILBOX.replace("alice@", "bob@"))
    assert (code, out) == (64, "")
    assert "another mailbox (bob@corp.example)" in told
