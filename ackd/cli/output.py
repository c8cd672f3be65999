"""What a command says, and whether it could be said: a full disk or a closed pipe is told, not thrown."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ackd.errors import ExitStatus


class _Watched:
    """A stream that remembers why it couldn't be written."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.lost: OSError | None = None

    def write(self, text: str) -> Any:
        return self._tried(self.stream.write, text)

    def flush(self) -> Any:
        return self._tried(self.stream.flush)

    def _tried(self, act: Any, *words: str) -> Any:
        try:
            return act(*words)
        except OSError as error:
            self.lost = error
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def watched() -> Iterator[None]:
    """Where what a command says couldn't be brought out, it ends by SystemExit: LOST, with a sentence, or
    FAILED where whoever read it wants no more."""
    before = sys.stdout, sys.stderr
    streams = [_Watched(stream) for stream in before]
    sys.stdout, sys.stderr = streams
    try:
        yield
    except (SystemExit, OSError) as ended:
        if (status := _ended(streams)) is None:
            raise
        is_told = isinstance(ended, SystemExit) and streams[0].lost is None  # only why it failed is lost
        raise ended if is_told else SystemExit(status) from None
    finally:
        sys.stdout, sys.stderr = before


def _ended(streams: list[_Watched]) -> ExitStatus | None:
    for one in streams:
        with suppress(OSError, ValueError):  # ValueError: it is closed
            one.flush()
    lost = [one for one in streams if one.lost is not None]
    for one in lost:
        _let_go(one.stream)
    numbers = [one.lost.errno for one in lost if one.lost is not None]
    if not numbers:
        return None
    if errno.EPIPE in numbers:
        return ExitStatus.FAILED
    reason = os.strerror(numbers[0]) if numbers[0] else "nothing takes it"
    with suppress(OSError, ValueError):
        streams[-1].stream.write(
            f"ackd: the output can't be written ({reason}): make room, or let it go elsewhere; what the "
            "command did before stands\n"
        )
        streams[-1].stream.flush()
    return ExitStatus.LOST


def _let_go(stream: Any) -> None:
    """What couldn't be written isn't tried again at the end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
