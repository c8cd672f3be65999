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


def with_extra(name: str) -> str:
    """How to get what comes with one of the package's extras, in words."""
    return f"install ackd anew with its extra, in its clone: pipx install --force '.[{name}]'"


class ExitStatus(enum.IntEnum):
    """With what a command ends, and what that says (numbers from 64 on as in sysexits.h)."""

    DONE = 0
    FAILED = 1
    MISUSED = 2
    STOPPED = 3
    UNAVAILABLE = 64
    NO_QUESTION = 65
    NO_INPUT = 66
    FAULT = 70
    LOST = 74
    TRY_AGAIN = 75
    REFUSED = 77
    WRONG = 78

    @property
    def meaning(self) -> str:
        """What it says, in words."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitStatus.DONE: "all was done",
    ExitStatus.FAILED: "what was to be shown or done isn't so",
    ExitStatus.MISUSED: "the command line is wrong: an unknown option, a value that can't be read",
    ExitStatus.STOPPED: "the service doesn't run",
    ExitStatus.UNAVAILABLE: "what was asked for isn't there, or can't be done here",
    ExitStatus.NO_QUESTION: "the file is a mail that no letter could answer: it has no sender",
    ExitStatus.NO_INPUT: "a file can't be read, or no mail is found",
    ExitStatus.FAULT: "a fault of ackd's: please report it",
    ExitStatus.LOST: "what the command says can't be written where it goes; what it did before stands",
    ExitStatus.TRY_AGAIN: "the server couldn't be reached, or work was cut short: try again",
    ExitStatus.REFUSED: "the sign-in or the access was refused",
    ExitStatus.WRONG: "the configuration is wrong, or others may change ackd's files",
}


class AckdError(Exception):
    """Base of ackd's errors: a message for a person, its reach, whether to retry, and the
    process's exit status."""

    reach = Reach.MAILBOX
    retry = Retry.NEVER
    exit_code = ExitStatus.FAULT

    def __init__(self, message: str, *, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait  # how long the server asked us to wait, where it said so


class ConfigError(AckdError):
    """The configuration can't be used; the message names every place and remedy."""

    reach = Reach.CONFIG
    exit_code = ExitStatus.WRONG


class UsageError(AckdError):
    """The command line asks for something that isn't there."""

    reach = Reach.CONFIG
    exit_code = ExitStatus.UNAVAILABLE


class SignInRefused(AckdError):
    """401: the server refused the sign-in. When the same secret is tried again, the guard of
    `ackd.runtime.sign_in_guard` says (`wait`; None: not by itself). `remedy` is a command or words, "" where
    the message says all."""

    retry = Retry.AFTER
    exit_code = ExitStatus.REFUSED

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
    exit_code = ExitStatus.REFUSED


class Unreachable(AckdError):
    """No usable answer: no connection, a time-out, a 5xx, nonsense."""

    retry = Retry.AFTER
    exit_code = ExitStatus.TRY_AGAIN


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
    exit_code = ExitStatus.TRY_AGAIN


class Busy(Unreachable):
    """429, 503 or ErrorServerBusy: the server asked us to wait."""


class LedgerError(AckdError):
    """The ledger can't be read or written (disk full, locked, corrupt)."""

    retry = Retry.AFTER
    exit_code = ExitStatus.TRY_AGAIN


class Superseded(AckdError):
    """Another worker took up the mailbox meanwhile: this one writes nothing more, and what it was about to
    write wasn't done."""

    retry = Retry.AFTER
    exit_code = ExitStatus.TRY_AGAIN


class LedgerDamaged(LedgerError):
    """The ledger's file can't be read, and waiting won't mend it."""

    exit_code = ExitStatus.WRONG


class MailboxMismatch(AckdError):
    """The ledger belongs to another mailbox."""

    reach = Reach.CONFIG
    exit_code = ExitStatus.WRONG


class SchemaMismatch(AckdError):
    """The ledger was written by another ackd than this one: a newer one, or an earlier one whose ledger isn't
    to be upgraded now."""

    reach = Reach.CONFIG
    exit_code = ExitStatus.WRONG
