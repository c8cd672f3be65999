"""Every error says how far it reaches and whether to try again."""

from __future__ import annotations

import enum
from datetime import timedelta


class Reach(enum.Enum):
    """What an error spoils: one item, the whole mailbox, or the configuration."""

    ITEM = "item"
    MAILBOX = "mailbox"
    CONFIG = "config"


class Retry(enum.Enum):
    """Whether the same thing may be tried again."""

    AFTER = "after"
    NEVER = "never"


class AckdError(Exception):
    """Base of ackd's errors: a message for a person, its reach, whether to retry, and the
    process's exit status (sysexits.h)."""

    reach = Reach.MAILBOX
    retry = Retry.NEVER
    exit_code = 70  # EX_SOFTWARE

    def __init__(self, message: str, *, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait  # how long the server asked us to wait, where it said so


class ConfigError(AckdError):
    """The configuration can't be used; the message names every place and remedy."""

    reach = Reach.CONFIG
    exit_code = 78  # EX_CONFIG


class UsageError(AckdError):
    """The command line asks for something that isn't there."""

    reach = Reach.CONFIG
    exit_code = 64  # EX_USAGE


class SignInRefused(AckdError):
    """401: the server refused the sign-in. When the same secret is tried again, the guard of
    `ackd.runtime.sign_in_guard` says (`wait`; None: not by itself). `remedy` is a command or words, "" where
    the message says all."""

    retry = Retry.AFTER
    exit_code = 77  # EX_NOPERM

    def __init__(self, message: str, *, wait: timedelta | None = None, remedy: str = "") -> None:
        super().__init__(message, wait=wait)
        self.remedy = remedy


class SignInOver(SignInRefused):
    """The authority gives no more tokens by this sign-in: asking again changes nothing until somebody has
    done what `remedy` says. `words` are the message without it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}: {remedy}", remedy=remedy)
        self.words = message


class AccessBlocked(AckdError):
    """403: the server, or something in front of it, doesn't let ackd in; the backend says what to do."""

    retry = Retry.AFTER
    exit_code = 77


class Unreachable(AckdError):
    """No usable answer: no connection, a time-out, a 5xx, nonsense."""

    retry = Retry.AFTER
    exit_code = 75  # EX_TEMPFAIL


class KeyringShut(Unreachable):
    """The keyring gives nothing now, and may later: it is locked, or its service isn't there yet."""


class NoConnection(Unreachable):
    """No answer came, and why is known: `words` say what happened, `remedy` what to do."""

    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(f"{words}: {remedy}")
        self.words, self.remedy = words, remedy


class Untrusted(NoConnection):
    """A certificate on the way isn't trusted on this machine; `url` is where it is shown."""

    def __init__(self, words: str, remedy: str, url: str) -> None:
        super().__init__(words, remedy)
        self.url = url


class Failed(Unreachable):
    """The server answered in full that the request failed. What it did by then is another matter."""


class MailboxFull(Unreachable):
    """A quota of the mailbox's refuses what ackd needs to write there before it acts."""


class ClocksApart(AckdError):
    """The machine's clock isn't the server's: nothing is decided or sent by it."""

    retry = Retry.AFTER
    exit_code = 75


class Busy(Unreachable):
    """429, 503 or ErrorServerBusy: the server asked us to wait."""


class LedgerError(AckdError):
    """The ledger can't be read or written (disk full, locked, corrupt)."""

    retry = Retry.AFTER
    exit_code = 75


class MailboxMismatch(AckdError):
    """The ledger belongs to another mailbox."""

    reach = Reach.CONFIG
    exit_code = 78


class SchemaMismatch(AckdError):
    """The ledger was written by another ackd than this one: a newer one, or an earlier one whose ledger isn't
    to be upgraded now."""

    reach = Reach.CONFIG
    exit_code = 78
