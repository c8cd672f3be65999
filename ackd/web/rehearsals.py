"""A changed configuration tried on the last 30 days, in a thread of its own: a page looks how far it is."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ackd.errors import AckdError
from ackd.runtime.config_check import check
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.views.rehearsal import Comparison, rehearse

log = logging.getLogger(__name__)

SPAN = timedelta(days=30)
#: Mails that are judged at most, the newest.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How far it is: up to which moment, with how many mails; then what was `found`, or the `trouble` that
    kept it from an end. `of` stands for the text that it is about, `notes` say what it can't show."""

    of: str
    reached: datetime | None = None
    count: int = 0
    found: Comparison | None = None
    notes: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        """Whether there is no more to wait for."""
        return self.found is not None or bool(self.trouble)


class _Superseded(Exception):
    """Another text is tried by now."""


class Rehearsals:
    """One at a time: the next one ends the one before."""

    def __init__(self, look: Callable[[], ReadOnlyApp], path: Path) -> None:
        self._look, self._path = look, path
        self._lock = threading.Lock()
        self._current: Rehearsal | None = None

    @property
    def current(self) -> Rehearsal | None:
        """The one that is under way, or was last."""
        with self._lock:
            return self._current

    def begin(self, data: bytes) -> None:
        """Try this text, unless it is being tried already."""
        name = named(data)
        with self._lock:
            if self._current is not None and self._current.of == name and not self._current.is_over:
                return
            self._current = Rehearsal(name)
        threading.Thread(target=self._run, args=(data, name), name="rehearsal", daemon=True).start()

    def _run(self, data: bytes, name: str) -> None:
        try:
            self._rehearse(data, name)
        except _Superseded:
            return
        except AckdError as error:
            self._note(name, trouble=str(error))
        except Exception:
            log.exception("event=rehearsal: a mistake of ackd's own")
            self._note(name, trouble="a mistake of ackd's own: see what `ackd review` printed")
            raise

    def _rehearse(self, data: bytes, name: str) -> None:
        config = check(data, self._path).usable().config
        with self._look() as look:
            now = look.clock.now()

            def tell(reached: datetime, count: int) -> None:
                self._note(name, reached=reached, count=count)

            with look.beside(config) as both:
                found = rehearse(both.mailbox, both.ledgers, both.settings, (now - SPAN, now), MOST, tell)
        self._note(name, found=found, notes=both.notes)

    def _note(self, name: str, **values: object) -> None:
        with self._lock:
            if self._current is None or self._current.of != name:
                raise _Superseded
            self._current = replace(self._current, **values)  # type: ignore[arg-type]  # by their names


def named(data: bytes) -> str:
    """What stands for a text."""
    return hashlib.sha256(data).hexdigest()
