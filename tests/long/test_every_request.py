"""Every fault at every single request of a pass, whichever operation it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ackd.sandbox import Fault
from tests.crash.test_faults import COPY_ALONE, DONE, ONCE, PARKED, VALUES, Office

pytestmark = [pytest.mark.long, pytest.mark.timeout(280)]

#: What may be met without being met: these wait for a sync that carries a state, or for a creation.
PARTICULAR = {"stale-sync-state", "full-resync"}
#: What may become of a fault, beside that all is done.
ELSE = {"lost-draft": {PARKED}, "refused-in-batch": {COPY_ALONE}}


def test_every_fault_at_every_request(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.ask()
    office.sandbox.requests.clear()
    office.go_on()
    length = office.sandbox.requests.count()
    assert length > 12
    found: Counter[str] = Counter()
    for kind, value in VALUES.items():
        if kind in PARTICULAR:
            continue
        for skip in range(length):
            outcome = office.play(Fault("*", kind, value, ONCE, skip))
            assert outcome in {DONE, *ELSE.get(kind, ())}, (kind, skip, outcome)
            found[outcome] += 1
    print(f"{length} requests, {found.total()} cases: {dict(found)}")
    office.sandbox.stop()
    office.ledger.close()
