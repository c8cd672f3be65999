"""A refused sign-in isn't tried again and again, across restarts too: servers lock accounts after a few
wrong passwords. But one 401 isn't the end either: servers under load answer it to good passwords.

So a secret that was refused is tried once more after some minutes; one that the server took before,
also once at once. Then it counts as wrong, until it changes or `ackd check` succeeds with it.

An authority's word that a sign-in has ended is believed at once: it isn't asked again by the same one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from ackd.errors import SignInOver, SignInRefused
from ackd.model import ValueKey
from ackd.ports import Clock, Ledger

SOON = timedelta(seconds=20)  # until the second try of a secret that the server took before
LATER = timedelta(minutes=5)  # until the last try, long enough for a server to come to itself
BY_HAND = 4  # tries in all after which the owner's own `ackd check` waits, too
WINDOW = timedelta(minutes=30)  # for so long; servers count wrong passwords about as long
_KEPT = 8  # how many refused secrets are remembered


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is known of one refused secret: how often, when last, and whether the server took it before; of a
    sign-in that has ended, in what words, and what its owner has to do."""

    hash: str
    times: int
    at: datetime
    worked: bool = False
    over: str = ""
    remedy: str = ""


def next_try(refusal: Refusal, now: datetime, *, by_hand: bool = False) -> datetime | None:
    """The moment from which the secret may be tried again; None: not by itself any more."""
    if refusal.over:  # an authority locks nobody out for asking, but there is nothing to be had
        return now if by_hand else None
    last = refusal.at if refusal.at <= now + WINDOW else now - WINDOW  # written by a clock that ran ahead
    if by_hand:
        return last if refusal.times < BY_HAND else last + WINDOW
    pauses = (SOON, LATER) if refusal.worked else (LATER,)
    return last + pauses[refusal.times - 1] if refusal.times <= len(pauses) else None


class SignInGuard:
    """Remembers in the ledger which secret was refused, as a salted, slow hash of all that makes
    the sign-in: another name, another way or another server is another sign-in."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        secret: str,
        sign_in: tuple[str, ...] = (),
        *,
        is_password: bool = True,
    ) -> None:
        """`is_password`: what is refused is a password, which an account may be locked for."""
        self._ledger = ledger
        self._clock = clock
        self._secret = "\0".join((*sign_in, secret))
        self._worked = False
        self._is_password = is_password
        self._remedy = "" if is_password else "ackd check, or, for a new sign-in: ackd sign-in"
        self._hashed: tuple[str, str] = ("", "")

    @contextmanager
    def trying(self, *, by_hand: bool = False) -> Iterator[None]:
        """A try with this secret: not made where it isn't time, counted where it is refused. What
        ends without an error was a sign-in that is well. Raises SignInRefused."""
        self.check(by_hand=by_hand)
        try:
            yield
        except SignInRefused as error:
            raise self.refused(error) from error
        self.accepted()

    def check(self, *, by_hand: bool = False) -> None:
        """Raises SignInRefused where this very secret was refused and it isn't time to try again."""
        known = self._known()
        if known is None:
            return
        now = self._clock.now()
        moment = next_try(known, now, by_hand=by_hand)
        if known.over and moment is None:
            raise SignInOver(known.over, known.remedy)
        if moment is None or now < moment:
            words = _words(known, moment) if self._is_password else _token_words(known, moment)
            wait = None if moment is None else moment - now
            raise SignInRefused(words, wait=wait, remedy=self._remedy)

    def is_refused(self) -> bool:
        """Whether the server's last word on this secret was no."""
        return self._known() is not None

    def refused(self, error: SignInRefused) -> SignInRefused:
        """Count a refusal. Returns the error with what follows from it."""
        now = self._clock.now()
        known = self._known() or Refusal("", 0, now, self._worked)
        known = replace(known, times=known.times + 1, at=now, over="", remedy="")
        if isinstance(error, SignInOver):
            self._keep(replace(known, over=error.words, remedy=error.remedy))
            return error
        self._keep(known)
        moment = next_try(known, now)
        what = "it counts as wrong now" if moment is None else f"ackd tries again at {_shown(moment)}"
        wait = None if moment is None else moment - now
        return SignInRefused(f"{error}; {what}", wait=wait, remedy=self._remedy)

    def accepted(self) -> None:
        """The server took the secret."""
        self._worked = True
        if self._known() is not None:
            self._keep(None)

    def _known(self) -> Refusal | None:
        salt, refusals = _loaded(self._ledger.value(ValueKey.REFUSED_SIGN_IN))
        if not refusals:
            return None
        own = self._hash(salt)
        return next((refusal for refusal in refusals if refusal.hash == own), None)

    def _keep(self, own: Refusal | None) -> None:
        """Write down what is known of this secret, beside what is known of others."""
        while True:
            stored = self._ledger.value(ValueKey.REFUSED_SIGN_IN)
            salt, refusals = _loaded(stored)
            salt = salt or secrets.token_hex(16)
            mine = self._hash(salt)
            kept = [refusal for refusal in refusals if refusal.hash != mine][-(_KEPT - 1) :]
            if own is not None:
                kept.append(replace(own, hash=mine))
            entries = [{**asdict(one), "at": one.at.isoformat(timespec="seconds")} for one in kept]
            record = json.dumps({"salt": salt, "refused": entries}) if entries else None
            if self._ledger.swap(ValueKey.REFUSED_SIGN_IN, stored, record):
                return  # else a command beside the service wrote just now: what it wrote counts, too

    def _hash(self, salt: str) -> str:
        if self._hashed[0] != salt:
            made = hashlib.scrypt(self._secret.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1)
            self._hashed = salt, made.hex()
        return self._hashed[1]


def _words(known: Refusal, moment: datetime | None) -> str:
    times = "" if known.times == 1 else f" {known.times} times, last"
    refused = f"the server refused this password (401){times} at {_shown(known.at)}, so ackd"
    if moment is not None:
        rest = f"doesn't try it again before {_shown(moment)}: more tries could lock the account"
        return f"{refused} {rest}. Another one is tried at once"
    return (
        f"{refused} doesn't try it again: that could lock the account. Set the right one where it is kept, "
        "and the service goes on by itself (a variable or credential: start it anew); or run `ackd check` "
        "to try this one once more"
    )


def _token_words(known: Refusal, moment: datetime | None) -> str:
    refused = f"the server refused ackd's sign-in (401), last at {_shown(known.at)}, so ackd"
    if moment is not None:
        return f"{refused} doesn't try it again before {_shown(moment)}. A new one is tried at once"
    return f"{refused} doesn't try it again: `ackd check` does, `ackd sign-in` makes a new one"


def _shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _loaded(stored: str | None) -> tuple[str, list[Refusal]]:
    """What the ledger knows. A mark of an earlier ackd came from a single 401: it proves little."""
    try:
        found = json.loads(stored or "{}")
        entries = [
            Refusal(
                one["hash"],
                int(one["times"]),
                datetime.fromisoformat(one["at"]),
                bool(one["worked"]),
                str(one.get("over", "")),
                str(one.get("remedy", "")),
            )
            for one in found.get("refused", ())
        ]
        return (str(found["salt"]), entries) if entries else ("", [])
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", []
