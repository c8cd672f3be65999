"""How much memory ackd takes while it waits, beside what its largest dependency takes alone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.parts.host import PASSWORD
from bench.parts.mails import OWNER
from bench.parts.office import Office, office
from bench.parts.resident import resident
from bench.parts.rows import Broken, Row

NAME = "memory"

LIBRARY, SCRIPT = "import exchangelib", "plain exchangelib script after a poll"

BUDGET = 130.0  # MB that the service may hold at rest
FLAT = 2.0  # MB by which it may grow in POLLS idle polls, a second apart
POLLS = 40

_PATIENCE = 30.0  # seconds for the service's first poll
_SHOW = "\nfrom bench.parts.resident import resident\nprint(resident())"
_PLAIN = (
    "from bench.parts.plain import PlainScript\n"
    "script = PlainScript({url!r}, {owner!r}, {password!r})\nscript.poll()\nscript.poll()"
)
_ACKD = (
    "from pathlib import Path\nfrom ackd.runtime.app import App\n"
    "app = App(Path({config!r}), Path({clock!r}))\napp.run_pass()\napp.run_pass()"
)


def run() -> list[Row]:
    """Resident memory, in megabytes."""
    if not Path("/proc/self/statm").exists():
        raise Broken("resident memory is read from /proc, which this system doesn't have")
    nothing, library, imported = after("pass"), after(LIBRARY), after("import ackd.runtime.app")
    with office() as place:
        script = after(_PLAIN.format(url=place.host.url(), owner=OWNER, password=PASSWORD))
        config = place.config(state="waiting")
        waiting = after(_ACKD.format(config=str(config), clock=str(place.clock)))
        with _service(place) as (process, polled):
            service = resident(str(process))
            polled(POLLS)
            later = resident(str(process))
    return [
        Row("import ackd.runtime.app", imported, "MB", nothing, "python -c pass"),
        Row("import ackd.runtime.app", imported, "MB", library, LIBRARY),
        Row("ackd with an EWS mailbox at rest", waiting, "MB", library, LIBRARY),
        Row("ackd with an EWS mailbox at rest", waiting, "MB", script, SCRIPT),
        Row("ackd run at rest", service, "MB", script, SCRIPT, at_most=BUDGET),
        Row(f"ackd run, growth in {POLLS} idle polls", max(later - service, 0.0), "MB", at_most=FLAT),
    ]


def after(code: str) -> float:
    """What a fresh Python holds after some code."""
    done = subprocess.run([sys.executable, "-c", code + _SHOW], check=True, capture_output=True, text=True)
    return float(done.stdout)


@contextmanager
def _service(place: Office) -> Iterator[tuple[int, Callable[[int], None]]]:
    """The service as systemd starts it, after its first poll; its process id, and what waits for more
    polls, a second apart."""
    listener = str(place.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(listener)
        ear.settimeout(_PATIENCE)
        config = place.config(state="service")
        config.write_text(config.read_text(encoding="utf-8") + "poll: 1 s\n", encoding="utf-8")
        command = [sys.executable, "-m", "ackd", "run", "--config", str(config)]
        command += ["--clock", str(place.clock)]
        environment = {**os.environ, "NOTIFY_SOCKET": listener}
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:

            def polled(times: int) -> None:
                for _ in range(times):
                    while b"STATUS=polled" not in ear.recv(4096):
                        pass

            try:
                polled(1)
                yield process.pid, polled
            except TimeoutError as error:
                raise Broken(f"ackd run made no poll within {_PATIENCE:g} s") from error
            finally:
                process.terminate()
