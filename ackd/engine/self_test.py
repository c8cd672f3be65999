"""`ackd check --send-to-self`: what ackd relies on, tried on the owner's own server, and remembered in
the ledger so that the adapter goes by it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from ackd.model import Address, Importance, Letter, SelfTestResult, Task, ValueKey
from ackd.ports import Clock, Ledger, Mailbox


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What was tried, when, on which version of the server."""

    at: datetime
    version: str
    results: tuple[SelfTestResult, ...]

    @property
    def refuted(self) -> frozenset[str]:
        """What was tried and doesn't hold: the mailbox doesn't go by it."""
        return frozenset(result.what for result in self.results if result.holds is False)


def run(
    mailbox: Mailbox, ledger: Ledger, address: str, clock: Clock, wait: Callable[[float], None]
) -> Iterator[SelfTestResult]:
    """Try everything, one by one, and remember it. Raises AckdError where nothing can be."""
    version, now, code = mailbox.report().version, clock.now(), secrets.token_hex(8)
    results = []
    for result in mailbox.self_test(_letter(address, code), _task(address, code, now), wait):
        results.append(result)
        yield result
    ledger.remember(ValueKey.SELF_TEST, dump(SelfTest(now, version, tuple(results))))


def known(ledger: Ledger) -> SelfTest | None:
    """The last self-test; None where there was none, or another version wrote it."""
    try:
        found = json.loads(ledger.value(ValueKey.SELF_TEST) or "null")
        if found is None:
            return None
        results = tuple(SelfTestResult(**result) for result in found["proofs"])
        return SelfTest(datetime.fromisoformat(found["at"]), found["version"], results)
    except (ValueError, TypeError, KeyError):
        return None


def dump(done: SelfTest) -> str:
    """As JSON."""
    results = [asdict(result) for result in done.results]
    return json.dumps({"at": done.at.isoformat(), "version": done.version, "proofs": results})


def _letter(address: str, code: str) -> Letter:
    text = "A test of ackd's on your own mailbox. It is removed again within a minute."
    return Letter(
        token=f"proof-{code}-letter",
        to=Address(address),
        subject=f"ackd test {code}",
        text=text,
        html=f"<p>{text}</p>",
        in_reply_to=f"<proof-{code}@ackd.invalid>",
    )


def _task(address: str, code: str, now: datetime) -> Task:
    later = now + timedelta(days=3)
    return Task(
        token=f"proof-{code}-task",
        message_id=f"<proof-{code}@ackd.invalid>",
        asker=address,
        promised=later,
        subject=f"ackd test {code}",
        body="A test of ackd's. It is removed again within a minute.",
        due_date=later.date(),
        reminder=later,
        categories=(),
        importance=Importance.LOW,
    )
