"""ackd's daily work against a server that does everything wrong which real ones were seen to do, at once and
for good: every quirk, and answers to its writes that never say whether the work was done."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import Unreachable
from ackd.mailbox.ews import Access
from ackd.mailbox.ews.client import MailProgram
from ackd.model import EffectKind, EffectState, PromiseState
from exchange_sandbox import Quirks
from exchange_sandbox.faults import ALWAYS
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import opened
from tests.followup.outlook import PASSWORD
from tests.people import ALICE
from tests.scenario import Q, message_id

NAMES = [f"q{number}" for number in range(12)]
ALL = len(NAMES)


#: What an act of ackd meets for good: by which protocol, the act, the fault and its value; how many askers
#: hear, and how many copies there are.
FOR_GOOD = [
    ("ews", "send", "empty-response-code", None, ALL, ALL),
    ("ews", "send", "malformed-xml", None, ALL, ALL),
    ("ews", "send", "cut-after-commit", None, ALL, ALL),
    ("ews", "change", "empty-response-code", None, ALL, ALL),
    # two tries of each letter; where the server failed, its copy proves nothing: a person decides
    ("ews", "send", "refused-in-batch", 3, 4, 6),
    ("graph", "messages.create", "cut-after-commit", None, ALL, ALL),
    ("graph", "send", "504-after-commit", None, ALL, ALL),
    ("graph", "send", "refused-with-copy", None, 0, ALL),
]
#: The same in the middle of a batch, and where it isn't known what was made.
LONG = [
    ("graph", "messages.create", "malformed-json", None, ALL, ALL),
    ("graph", "tasks.create", "503-after-commit", None, ALL, ALL),
    ("graph", "change", "cut-after-commit", None, ALL, ALL),
]


@pytest.mark.every(4)
@pytest.mark.parametrize(
    ("by", "act", "kind", "value", "heard", "copies"),
    [*FOR_GOOD, *(pytest.param(*one, marks=pytest.mark.long) for one in LONG)],
)
def test_each_asker_hears_once_or_the_owner_is_shown_why_not(
    tmp_path: Path, by: str, act: str, kind: str, value: float | None, heard: int, copies: int
) -> None:
    play(tmp_path, by, act, kind, value, ALWAYS, heard, copies)


@pytest.mark.parametrize(
    ("act", "kind", "times"),
    [
        ("send", "cut-before-commit", 5),
        pytest.param("batch", "cut-after-commit", 2, marks=pytest.mark.long),
        pytest.param("batch", "429", 4, marks=pytest.mark.long),
    ],
)
def test_each_asker_hears_once_when_the_trouble_is_over(
    tmp_path: Path, act: str, kind: str, times: int
) -> None:
    play(tmp_path, "graph", act, kind, None, times, ALL, ALL)


def play(
    folder: Path,
    protocol: str,
    act: str,
    kind: str,
    value: float | None,
    times: int,
    heard: int,
    copies: int,
) -> None:
    """A dozen questions, and three hours in which an act of ackd meets a fault."""
    office = opened(folder, protocol=protocol, quirks=ALL_QUIRKS)
    office.work()  # the first pass sets the watermark
    office.backend.fail(act, kind, value, times=times)
    for name in NAMES:
        office.deliver(name)
    for _ in range(12):  # long enough for what was left in doubt to be looked for again
        with suppress(Unreachable):  # the service would try again in a minute
            office.work(15)
    account = office.owner.account
    letters = Counter(one.in_reply_to for one in office.bob.received())
    sent = Counter(one.in_reply_to for one in account.sent.all().only("in_reply_to"))
    tasks = Counter(task.id for name in NAMES for task in office.owner.tasks(message_id(name)))
    assert [(len(one), max(one.values(), default=0)) for one in (letters, sent, tasks)] == [
        (number, min(number, 1)) for number in (heard, copies, heard)
    ]
    assert not office.owner.drafts()
    parked = office.daemon.ledger.in_state(EffectState.PARKED)
    assert sum(one.effect.kind is EffectKind.ACKNOWLEDGEMENT for one in parked) == ALL - heard
    office.close()


@pytest.mark.long
def test_a_promise_is_kept_where_servers_leave_out_what_they_can(tmp_path: Path) -> None:
    """All of it together, also what isn't among `all`: moved, told, answered, each once."""
    office = opened(tmp_path, quirks=Quirks.of(["all", "drafts_unmarked", "sent_drafts_stay"]))
    with office:
        office.begin()
        office.ask()
        for _ in range(3):
            office.work(11)
        access = Access(ALICE.address, office.backend.url, ALICE.address, PASSWORD)
        with closing(MailProgram(access, ZoneInfo("Europe/Berlin"))) as program:
            assert [task.reminder for task in program.tasks()] == [office.promise().reminder]
        office.owner.move(Q, date(2026, 12, 3))
        for _ in range(3):
            office.work(11)
        assert len(office.letters()) == 2, "the acknowledgement, and the new date"
        office.answer()
        for _ in range(2):
            office.work(11)
        assert office.state() is PromiseState.KEPT
        assert len(office.letters()) == 3
        assert len(office.owner.tasks(Q)) == 1
        assert office.ledger.in_state(EffectState.PARKED) == ()
