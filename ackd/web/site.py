"""What every page has: the configuration it is about, and how it is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ackd import __version__
from ackd.config.problems import Broken
from ackd.engine.questions import known_language
from ackd.errors import AckdError, ConfigError, Reach, UsageError
from ackd.letters.sanitize import one_line
from ackd.runtime.config_store import ConfigStore
from ackd.runtime.ledgers import clock_of
from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.views.report_page import style
from ackd.web.entrance import Entrance
from ackd.web.guard import form_of
from ackd.web.mail_reader import MailReader
from ackd.web.rehearsals import Rehearsals
from ackd.web.times import Times

_LONGEST = 400  # characters of one thing that is shown on a line
#: Mails that a page lists: their subjects may be long, and a page is to be light.
A_PAGE = 25
#: The parts of the page, as its menu names them.
MENU = (
    ("/", "Today"),
    ("/decisions", "Decisions"),
    ("/lessons", "Lessons"),
    ("/letters", "Letters"),
    ("/settings", "Rules & settings"),
    ("/report", "Report"),
)


@dataclass
class Site:
    """One page by one configuration. Each request reads the configuration and the ledger anew, so that what
    is shown is what holds."""

    config: Path
    clock: Path | None
    entrance: Entrance
    reader: MailReader = field(init=False)
    rehearsals: Rehearsals = field(init=False)

    def __post_init__(self) -> None:
        self.reader = MailReader(self.look)
        self.rehearsals = Rehearsals(self.look, self.config)

    def look(self) -> ReadOnlyApp:
        """What the commands that only look see. Raises ConfigError."""
        return ReadOnlyApp(self.config, self.clock)

    def times(self, look: ReadOnlyApp) -> Times:
        """How moments are written for this owner."""
        language = known_language(look.ledger, look.settings) if look.ledger else look.settings.owner_language
        return Times(look.clock.now(), look.settings.calendar.zone, language or "en")

    def times_anyway(self) -> Times:
        """The same, also where the configuration can't be used."""
        try:
            with self.look() as look:
                return self.times(look)
        except AckdError:
            now = clock_of(self.clock).now()
            return Times(now, now.astimezone().tzinfo or UTC)

    def page(
        self, request: Request, template: str, *, code: HTTPStatus = HTTPStatus.OK, **values: Any
    ) -> Response:
        """A page; what it says of the last act comes with the address (`?did=`)."""
        known = {
            "csrf": self.entrance.csrf,
            "path": request.url.path,
            "menu": MENU,
            "version": __version__,
            "did": DID.get(request.query_params.get("did", ""), ""),
            "trouble": "",
        }
        drawn = _environment().get_template(template).render({**known, **values})
        return HTMLResponse(drawn.encode("utf-8", "replace"), code)  # mails have halves of characters

    def problem(self, request: Request, error: AckdError) -> Response:
        """A page that says why there is nothing to see; of a wrong text of the configuration it leads to the
        editor."""
        is_config = isinstance(error, ConfigError) and error.reach is Reach.CONFIG and self._can_be_edited()
        code = HTTPStatus.NOT_FOUND if isinstance(error, UsageError) else HTTPStatus.SERVICE_UNAVAILABLE
        words = str(error)
        return self.page(request, "problem.html", code=code, words=words, is_config=is_config)

    def _can_be_edited(self) -> bool:
        try:
            _ = ConfigStore(self.config).read().text
        except (AckdError, Broken):
            return False
        return True


#: What an act leads to, in words; the address names it, so that a reload doesn't act again.
DID = {
    "paused": "Nothing is sent from now on. Mail is still judged and recorded.",
    "resumed": "Sending again. What was left unsent meanwhile stays unsent until you order it.",
    "done": "It counts as done.",
    "again": "It goes out at the next pass.",
    "ordered": "Its letter goes out at the next pass.",
    "saved": "Saved. The service takes it up with its next pass; what was there before is kept below.",
    "same": "Nothing differs: this is what is saved.",
    "restored": "Restored. What was there before is kept as a version too.",
    "said-question": "Noted: it was a question. The next pass makes a lesson of it; no letter goes by it.",
    "said-none": "Noted: it was none. The next pass makes a lesson of it, and withdraws its promise.",
    "forgotten": "That lesson is taken back: it counts no more from the next mail on.",
    "lessons-on": "Lessons are on.",
    "lessons-off": "Lessons are off: none is kept, and none counts.",
    "rule": "The rule is written, before your others: see the settings. It counts from the next pass on.",
    "rule-known": "A rule of yours says so already.",
}

Page = Callable[[Site, Request], Response]
Item = TypeVar("Item")


def did(request: Request, what: str, default: str = "/") -> Response:
    """Back to where a form was sent from, with what it did."""
    back = form_of(request).get("back", default)
    if not back.startswith("/") or back.startswith(("//", "/\\")):
        back = default
    return RedirectResponse(f"{back}{'&' if '?' in back else '?'}did={what}", HTTPStatus.SEE_OTHER)


def whole_number(text: str, words: str) -> int:
    """A number of a form. Raises UsageError with these words for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError(words)
    return int(text)


def paged(request: Request, items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """A page's worth of them, as its address asks, and how many the next page skips: 0 where it is the last.
    Raises UsageError."""
    skipped = whole_number(request.query_params.get("skip", "0"), "say how many to skip")
    after = skipped + A_PAGE
    return items[skipped:after], after if len(items) > after else 0


def decision_path(message_id: str) -> str:
    """Where a decision is shown."""
    return _place("/decisions/", message_id)


def mail_path(message_id: str) -> str:
    """Where what a mail looks like is shown."""
    return _place("/mail/", message_id)


def message_id_of(request: Request) -> str:
    """Which mail one of these places is about."""
    return str(request.path_params["name"]) or request.query_params.get("id", "")


def _place(folder: str, message_id: str) -> str:
    """A mail's place in a folder of places. Dots alone would mean the folder above, however they are written
    (WHATWG URL, 4.4: "%2e%2e" too)."""
    quoted = quote(message_id, safe="")
    return f"{folder}?id={quoted}" if message_id in (".", "..") else folder + quoted


@cache
def static_files() -> dict[str, bytes]:
    """The style, the script and the icon, by name."""
    folder = files("ackd.web") / "static"
    own = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return own | {"report.css": style().encode()}


def _static(name: str) -> str:
    """A file's address, another one for other content: browsers may keep it."""
    return f"/static/{name}?{hashlib.sha256(static_files()[name]).hexdigest()[:8]}"


def _line(text: object) -> str:
    return one_line(str(text), _LONGEST)


def _percent(share: float) -> str:
    """A probability that is told in two digits."""
    whole = round(share * 100)
    return "> 99 %" if whole >= 100 else "< 1 %" if whole <= 0 else f"{whole} %"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("ackd.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(line=_line, percent=_percent)
    made.globals.update(static=_static, decision_path=decision_path, mail_path=mail_path)
    return made
