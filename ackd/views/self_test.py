"""`ackd check --send-to-self`: what ackd relies on, proved on the owner's own server, and remembered in
the ledger so that the adapter goes by it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ackd.model import Address, Importance, Letter, Proof, Task
from ackd.ports import Clock, Ledger, Mailbox
from ackd.views.doctor import Finding

KEY = "proof"

#: What a thing that doesn't hold means, and what to do.
_REMEDIES = {
    "letter": "look at the server's word; in mode draft nothing is sent",
    "letter found by its token": "stay in mode preview: after a doubt ackd couldn't tell what went out",
    "marks of a letter": "ackd knows its letters in Sent Items anyhow; other robots may answer them",
    "categories": "commands by category don't work here",
    "task's date": "compare the time zones of the mailbox and of promise.time_zone",
    "exclusive folders": "let only one ackd work on this mailbox: two couldn't take turns",
    "removed again": "delete it in Outlook",
}
_GRAVE = ("letter", "letter found by its token", "task's date", "exclusive folders")


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
) -> Iterator[Finding]:
    """Try everything, one finding each, and remember it. Raises AckdError where nothing can be."""
    version, now, code = mailbox.report().version, clock.now(), secrets.token_hex(8)
    proofs = []
    for proof in mailbox.prove(_letter(address, code), _task(address, code, now), wait):
        proofs.append(proof)
        yield finding(proof)
    ledger.remember(KEY, dump(Proved(now, version, tuple(proofs))))


def finding(proof: Proof) -> Finding:
    """A proof as `ackd check` shows it."""
    if proof.holds or not proof.needed:
        return Finding(proof.what, True, proof.found)
    status = 75 if proof.holds is None else 78 if proof.what in _GRAVE else 0
    return Finding(proof.what, False, proof.found, _REMEDIES.get(proof.what, ""), status)


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


def told(proved: Proved | None) -> Finding:
    """One line on it, for a check that sends nothing."""
    if proved is None:
        return Finding("proof", True, "this server was never tried: ackd check --send-to-self does it")
    failed = [proof.what for proof in proved.proofs if not proof.holds]
    words = f"doesn't hold: {', '.join(failed)}" if failed else "all holds"
    return Finding("proof", True, f"tried on {proved.at:%Y-%m-%d} with {proved.version}: {words}")


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


def configured(
    config_path: Path, clock_path: Path | None, wait: Callable[[float], None]
) -> Iterator[Finding]:
    """The same by a configuration, while no service works on its state. Raises AckdError."""
    from ackd import config as configuration
    from ackd.engine.owner_settings import resolve
    from ackd.mailbox import open_mailbox
    from ackd.runtime import app
    from ackd.runtime.settings import wanted_of

    config, clock = configuration.load(config_path).config, app.clock_of(clock_path)
    zone = resolve(wanted_of(config), app.last_known(config)).calendar.zone
    lock = app.lock(config.state_directory)
    try:
        with closing(app.ledger_of(config)) as ledger:
            secret = app.secret_of(config)
            with (
                app.guard_of(config, ledger, clock, secret).trying(by_hand=True),
                closing(open_mailbox(config, secret, zone, clock)) as mailbox,
            ):
                yield from prove(mailbox, ledger, config.mailbox.address, clock, wait)
    finally:
        lock.release()
