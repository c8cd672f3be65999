"""The heartbeat: a web address that is called at each pass, in the manner of healthchecks (`/start`, the
address itself, `/fail`). Whoever is behind it notices when the calls end."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from ackd.config.alarm_urls import AlarmUrl, is_web_url
from ackd.config.secrets import Secret
from ackd.errors import ConfigError, KeyringShut
from ackd.mailbox.no_connection import without_place
from ackd.runtime.alarm_ways import WayFailed, limited, resolved

log = logging.getLogger(__name__)

EVERY = 60.0  # seconds at least between two calls that say the same
TIMES_OUT = 10.0  # seconds
LAST = 1.0  # seconds that the last call has when ackd ends
START, FAIL = "/start", "/fail"


class Heartbeat:
    """Calls from a thread of its own: a pass never waits for one, and what can't be called now isn't
    called later."""

    def __init__(self, url: AlarmUrl | Secret | None, account: str, ticks: Callable[[], float]) -> None:
        self.url, self._account, self._ticks = url, account, ticks
        self._queue: queue.Queue[str | None] = queue.Queue(maxsize=3)
        self._thread: threading.Thread | None = None
        self._said: dict[str, float] = {}
        self._last: str | None = None

    def begun(self) -> None:
        """A pass begins."""
        self._say(START)

    def ended(self, *, well: bool) -> None:
        """A pass ended."""
        what = "" if well else FAIL
        self._say(what, anew=self._last != what)
        self._last = what

    def try_out(self) -> None:
        """Call it once, here and now. Raises WayFailed."""
        limited(lambda: self._call(""))

    def let_go(self) -> None:
        """End after the call at hand, and wait for nothing."""
        self.url = None
        with suppress(queue.Full):
            self._queue.put_nowait(None)

    def close(self) -> None:
        """Wait for the last call, for a while."""
        if self._thread is None:
            return
        try:
            self._queue.put(None, timeout=LAST)
        except queue.Full:
            return
        self._thread.join(LAST)
        self._thread = None

    def drain(self) -> None:
        """Wait until all that was to be called is called."""
        self._queue.join()

    def _say(self, what: str, *, anew: bool = False) -> None:
        now, said = self._ticks(), self._said.get(what)
        if self.url is None or (said is not None and not anew and 0 <= now - said < EVERY):
            return
        self._said[what] = now
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="ackd heartbeat", daemon=True)
            self._thread.start()
        try:
            self._queue.put_nowait(what)
        except queue.Full:
            log.debug("event=heartbeat-late")

    def _run(self) -> None:
        while True:
            what = self._queue.get()
            try:
                if what is None or self.url is None:
                    return
                self._call(what)
            except WayFailed as error:
                log.log(logging.DEBUG if what == START else logging.INFO, "event=heartbeat-failed: %s", error)
            finally:
                self._queue.task_done()

    def _call(self, what: str) -> None:
        import requests

        if self.url is None:
            return
        try:
            url = urlsplit(resolved(self.url, self._account))
        except (ConfigError, KeyringShut) as error:
            raise WayFailed(str(error)) from None
        if not is_web_url(url.geturl()):
            raise WayFailed("alarms.heartbeat isn't an address of http or https")
        address = urlunsplit(url._replace(path=url.path.rstrip("/") + what if what else url.path))
        try:
            with requests.get(address, timeout=TIMES_OUT, stream=True) as answer:
                status = answer.status_code
        except (requests.RequestException, ValueError) as error:  # its words hold the address
            raise WayFailed(f"{without_place(error)}: check the network and alarms.heartbeat") from None
        if status >= 400:
            raise WayFailed(f"it answered {status}: check alarms.heartbeat")
