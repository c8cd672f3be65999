"""A mailbox with days behind it: a sandbox in this process, colleagues who write, and ackd that worked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from ackd.clock import FileClock
from ackd.runtime.app import App
from exchange_sandbox import Sandbox
from tests.system.commands import set_clock

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
ALICE = "alice@corp.example"
#: Who has a mailbox, so that letters come to somebody.
PEOPLE = (ALICE, *(f"{name}@corp.example" for name in ("bob", "carol", "dave", "erin", "mallory")))
CONFIG = """\
# whose mailbox it is
mailbox:
  address: alice@corp.example
  endpoint: {url}
  password: {{file: {folder}/password}}
state: {folder}/state
mode: {mode}
poll: 1 s
internal: {{domains: [corp.example]}}  # colleagues
promise:
  within: 2 business days
  time_zone: Europe/Berlin
  grace: {grace}
  grace_urgent: 15 min
letters: {{name: Alice Smith}}
{more}
"""


@dataclass(frozen=True)
class Written:
    """A mail to Alice."""

    sender: str
    name: str
    subject: str
    text: str
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def message_id(self) -> str:
        words = re.findall("[a-z0-9]+", self.subject.lower())
        return f"<{'-'.join(words)}/1@corp.example>"  # a slash is a sign as any other


class Office:
    """Everything in a folder, on a clock that stands until it is moved. A context manager."""

    def __init__(
        self, folder: Path, *, mode: str = "send", grace: str = "0 min", more: str = "", text: str = CONFIG
    ) -> None:
        self.folder, self.clock, self.config = folder, folder / "clock", folder / "config.yaml"
        self.now = MONDAY
        self.move(MONDAY)
        self.sandbox = Sandbox(
            folder / "sandbox", dict.fromkeys(PEOPLE, "secret"), clock=FileClock(self.clock).now
        )
        self._text = text
        self._values = {"mode": mode, "grace": grace, "more": more}

    def __enter__(self) -> Self:
        self.sandbox.start()
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text("secret", encoding="ascii")
        self.config.touch(mode=0o600)
        self.configure()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.stop()

    def configure(self, **values: str) -> None:
        """Write the configuration, with other values from now on."""
        self._values |= values
        text = self._text.format(url=self.sandbox.url, folder=self.folder, **self._values)
        self.config.write_text(text, encoding="utf-8")

    def move(self, moment: datetime) -> None:
        self.now = moment
        set_clock(self.clock, moment)

    def later(self, **span: float) -> None:
        self.move(self.now + timedelta(**span))

    def write(self, *mails: Written) -> None:
        """Let these mails arrive now."""
        for one in mails:
            mail = EmailMessage()
            mail["Message-ID"], mail["Date"] = one.message_id, format_datetime(self.now)
            mail["From"], mail["To"] = Address(one.name, addr_spec=one.sender), f"Alice Smith <{ALICE}>"
            mail["Subject"] = one.subject
            for name, value in (("X-MS-Exchange-Organization-AuthAs", "Internal"), *one.headers):
                mail[name] = value
            mail.set_content(one.text)
            if one.html:
                mail.add_alternative(one.html, subtype="html")
            self.sandbox.deliver(mail.as_bytes(), ALICE)

    def work(self, **span: float) -> None:
        """A pass of ackd, after some time."""
        self.later(**span)
        with App(self.config, self.clock) as app:
            app.run_pass()


REFUND = Written(
    "bob@corp.example",
    "Bob Brown",
    "Refund for order 4711",
    "Hi Alice,\n\nthe customer wrote again.\nCan you tell me whether the refund for order 4711 has been "
    "processed?\n\nThanks, Bob",
    '<p>Hi Alice,</p><p onclick="evil()">Can you tell me whether the <b>refund</b> for order 4711 has '
    "been processed?</p>"
    '<script>parent.document.title="stolen"</script><img src="https://elsewhere.example/x.png">'
    '<form action="https://elsewhere.example/"><button>Go</button></form>',
)
NEWS = Written(
    "news@corp.example",
    "Corp News",
    "What's new",
    "Want to save 20 %? Register now! Could you use a break?",
    headers=(("List-Unsubscribe", "<mailto:leave@corp.example>"), ("Precedence", "bulk")),
)
THANKS = Written(
    "carol@corp.example", "Carol Chen", "Slides", "Thanks, that was exactly what I needed!\n\nCarol"
)
HOSTILE = Written(
    "mallory@corp.example",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>/../../settings",
    "Could you please send me the <b>report</b> </div><script>alert(1)</script>?\n\nMallory",
)
