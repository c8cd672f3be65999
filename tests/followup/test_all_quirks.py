"""ackd's daily work against a server that does everything wrong which real ones were seen to do, at once and
for good: every quirk, and answers to its writes that never say whether the work was done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ackd.model import EffectKind, EffectState
from exchange_sandbox.faults import ALWAYS
from tests.backends import ALL_QUIRKS
from tests.followup.conftest import opened

NAMES = [f"q{number}" for number in range(12)]
ALL = len(NAMES)


@pytest.mark.parametrize(
    ("operation", "kind", "value", "heard", "copies"),
    [
        ("CreateItem", "empty-response-code", None, ALL, ALL),
        ("CreateItem", "malformed-xml", None, ALL, ALL),
        ("CreateItem", "cut-after-commit", None, ALL, ALL),
        ("UpdateItem", "empty-response-code", None, ALL, ALL),
        # two tries of each letter; where the server failed, its copy proves nothing: a person decides
        ("CreateItem", "refused-in-batch", 3, 4, 6),
    ],
)
def test_each_asker_hears_once_or_the_owner_is_shown_why_not(
    tmp_path: Path, operation: str, kind: str, value: float | None, heard: int, copies: int
) -> None:
    office = opened(tmp_path, quirks=ALL_QUIRKS)
    office.work()  # the first pass sets the watermark
    office.sandbox.faults.add(operation, kind, value, times=ALWAYS)
    for name in NAMES:
        office.deliver(name)
    for _ in range(12):  # long enough for what was left in doubt to be looked for again
        office.work(15)
    account = office.owner.account
    letters = Counter(one.in_reply_to for one in office.bob.received())
    sent = Counter(one.in_reply_to for one in account.sent.all().only("in_reply_to"))
    tasks = Counter(one.ackd_token for one in account.tasks.all().only("ackd_token"))
    assert [(len(one), max(one.values())) for one in (letters, sent, tasks)] == [
        (heard, 1),
        (copies, 1),
        (heard, 1),
    ]
    parked = office.daemon.ledger.in_state(EffectState.PARKED)
    assert sum(one.effect.kind is EffectKind.ACKNOWLEDGEMENT for one in parked) == ALL - heard
    office.close()
