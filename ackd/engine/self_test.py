"""`ackd check --send-to-self`: what ackd relies on, proved on the owner's own server, and remembered in
the ledger so that the adapter goes by it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from ackd.model import Address, Importance, Letter, Proof, Task
from ackd.ports import Clock, Ledger, Mailbox

KEY = "proof"


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved, when, on which version of the server."""

    at: datetime
    version: str
    proofs: tuple[Proof, ...]

    @property
    def disproved(self) -> frozenset[str]:
        """What was tried and doesn't hold: the mailbox doesn't go by it."""
        return frozenset(proof.what for proof in self.proofs if proof.holds is False)


def prove(
    mailbox: Mailbox, ledger: Ledger, address: str, clock: Clock, wait: Callable[[float], None]
) -> Iterator[Proof]:
    """Try everything, one by one, and remember it. Raises AckdError where nothing can be."""
    version, now, code = mailbox.report().version, clock.now(), secrets.token_hex(8)
    proofs = []
    for proof in mailbox.prove(_letter(address, code), _task(address, code, now), wait):
        proofs.append(proof)
        yield proof
    ledger.remember(KEY, dump(Proved(now, version, tuple(proofs))))


def known(ledger: Ledger) -> Proved | None:
    """What was proved last; None where nothing was, or another version wrote it."""
    try:
        found = json.loads(ledger.value(KEY) or "null")
        if found is None:
            return None
        proofs = tuple(Proof(**proof) for proof in found["proofs"])
        return Proved(datetime.fromisoformat(found["at"]), found["version"], proofs)
    except (ValueError, TypeError, KeyError):
        return None


def dump(proved: Proved) -> str:
    """As JSON."""
    proofs = [asdict(proof) for proof in proved.proofs]
    return json.dumps({"at": proved.at.isoformat(), "version": proved.version, "proofs": proofs})


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
