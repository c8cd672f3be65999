"""What of the self-test is tried with mail: a letter to the owner, and a draft that nobody gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ackd.errors import AckdError, Unreachable
from ackd.mailbox.graph import changing, letter_ids, past, properties, token_search, writing
from ackd.mailbox.graph.answers import checked, entries, text
from ackd.mailbox.graph.leftovers import RECOVERABLE, Left, wiped
from ackd.mailbox.graph.mail_folders import MailFolders
from ackd.mailbox.graph.task_lists import TaskLists
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.model import CategoryChange, Done, Letter, Mail, Outcome, Place, Refused
from ackd.text.headers import INSIDE_STAMP

TRIES = 20  # looks for what is on its way, a second apart
CATEGORY = "ackd: test"
LONG = "figures " * 10_000  # a text of 80,000 characters

Wait = Callable[[float], None]
Found = tuple[bool, str]


class MailTrial:
    """Tried one after the other; each step says whether it holds, and what was seen."""

    def __init__(
        self,
        wire: Wire,
        folders: MailFolders,
        lists: TaskLists,
        letter: Letter,
        zone: ZoneInfo,
        now: datetime,
        wait: Wait,
    ) -> None:
        self._wire, self._folders, self._lists = wire, folders, lists
        self._letter, self._zone, self._now, self._wait = letter, zone, now, wait
        self._own_id = letter_ids.made(letter.token, wire.ways.domain, is_on_its_way=True)
        self._arrived: Mail | None = None
        self._may_come = False  # whether the letter went out, or may have
        self._long = ""  # the draft's item
        self._messages = f"{wire.owner}/messages"

    def send(self) -> Found:
        """With a Message-ID of our own, unless that is refused."""
        plain = self._wire.ways
        self._wire.ways = replace(plain, by_message_id=True)
        (outcome,) = writing.send(self._wire, [self._letter])
        self._wire.ways = plain
        if isinstance(outcome, Refused):
            self._own_id = ""
            (outcome,) = writing.send(self._wire, [self._letter])
        self._may_come = not isinstance(outcome, Refused)
        return went(outcome)

    def found_again(self) -> Found:
        found = self._until(lambda: self._place() is Place.SENT)
        return bool(
            found
        ), "it was sent" if found else "the copy in Sent Items lost its token, or isn't there"

    def own_id(self) -> Found:
        """Whether a letter keeps the Message-ID that it was made with: then it is known by it, too."""
        if not self._own_id:
            return False, "refused"
        condition = {"$filter": letter_ids.condition(self._letter.token, self._wire.ways.domain)}

        def look() -> list[dict[str, Any]]:
            there = entries(self._wire.read(get(self._messages, {**condition, "$select": "isDraft"})))
            return [one for one in there if one.get("isDraft") is False]

        return (True, "kept") if self._until(look) else (False, "replaced on the way")

    def marks(self) -> Found:
        """Which marks arrive; one is enough for our own loop guard."""
        self._arrived = self._until(self._look)
        return self._having("x-ackd", "x-auto-response-suppress")

    def reply_headers(self) -> Found:
        """Whether the asker's mail program sees what a letter answers."""
        if self._arrived is not None and not self._letter.in_reply_to:
            return True, "not tried: the letter answers nothing"
        return self._having("in-reply-to")

    def inside(self) -> Found:
        """Whether a mail shows that its sender is a member of the house: else every mail is left."""
        return self._having(INSIDE_STAMP.lower())

    def _having(self, *wanted: str) -> Found:
        names = {name.lower() for name, _ in self._mail().headers or ()}
        lost = [name for name in wanted if name not in names]
        told = f"arrive: {', '.join(name for name in wanted if name in names) or 'none'}"
        return wanted[0] in names, told + (f"; lost: {', '.join(lost)}" if lost else "")

    def categories(self) -> Found:
        words = self._categorize(CATEGORY)
        again = self._look()
        return bool(again and CATEGORY in again.categories), words

    def old_marks(self) -> Found:
        """Whether a delta tells that a mail changed which its filter leaves out: a command on an old one."""
        mail = self._mail()
        later = self._now + timedelta(days=2)
        options = {
            "$select": "categories",
            "$filter": f"receivedDateTime ge {later.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        link = self._to_the_end(get(f"{self._wire.owner}/mailFolders/inbox/messages/delta", options))[1]
        self._categorize(f"{CATEGORY} 2")

        def look() -> bool:
            nonlocal link
            told, link = self._to_the_end(Part("GET", link))
            return mail.item in told

        return (True, "told") if self._until(look, tries=5) else (False, "not told")

    def long_text(self) -> Found:
        """Whether the plain text of a long mail is given whole, or not at all: then its HTML is read."""
        body = {"subject": self._letter.subject, "body": {"contentType": "html", "content": f"<p>{LONG}</p>"}}
        made = checked(self._wire.write(Part("POST", self._messages, body)))
        self._long = text(made, "id")
        shown = {"$select": "subject", "$expand": properties.expand((properties.PLAIN_BODY,))}
        thing = self._wire.read(get(f"{self._messages}/{self._long}", shown))
        plain = properties.of(thing, properties.PLAIN_BODY)
        if plain is None:
            return True, "left out: the HTML is read"
        return len(plain) >= len(LONG) - 1, f"{len(plain)} characters of {len(LONG)}"

    def for_good(self) -> Found:
        """Whether there is a way to delete for good."""
        if not self._long:
            raise Unreachable("not tried: there is no draft")
        path = f"{self._messages}/{self._long}"
        answer = self._wire.write(Part("POST", f"{path}/permanentDelete"))
        if not answer.ok:
            return False, answer.words
        is_gone = self._wire.ask(get(path, {"$select": "id"})).status == 404
        self._long = "" if is_gone else self._long
        return is_gone, "gone" if is_gone else "still there"

    # --- afterwards -------------------------------------------------------------------------

    def clean_up(self) -> Left:
        """Remove what was made."""
        try:
            mail = self._arrived or self._look()
            gone = {self._long, mail.item if mail else ""} | set(self._copies())
            paths = [f"{self._messages}/{item}" for item in sorted(gone) if item]
            left = wiped(self._wire, paths, "mails", beyond=RECOVERABLE)
        except AckdError:
            return Left(standing="a mail")
        is_late = self._may_come and mail is None
        return replace(left, standing=left.standing or "a mail that may still come") if is_late else left

    def _copies(self) -> list[str]:
        """The letter's draft and its copy, by whichever mark they have."""
        conditions = [properties.has(properties.TOKEN, self._letter.token)]
        conditions.append(letter_ids.condition(self._letter.token, self._wire.ways.domain))
        parts = [get(self._messages, {"$filter": one, "$select": "id"}) for one in conditions]
        return [text(one, "id") for answer in self._wire.reads(parts) for one in entries(checked(answer))]

    # --- small parts ------------------------------------------------------------------------

    def _mail(self) -> Mail:
        if self._arrived is None:
            raise Unreachable("not tried: the mail didn't arrive within a minute")
        return self._arrived

    def _categorize(self, name: str) -> str:
        mail = self._mail()
        change = CategoryChange(mail.message_id, mail.item, add=(name,))
        (outcome,) = changing.categorize(self._wire, [change], lambda _: {})
        return went(outcome)[1]

    def _to_the_end(self, part: Part) -> tuple[set[str], str]:
        """The items of which the pages of a delta tell, and the link behind the last."""
        told: set[str] = set()
        for _ in range(50):
            page = self._wire.read(part)
            told |= {text(one, "id") for one in entries(page)}
            if link := text(page, "@odata.deltaLink"):
                return told, link
            part = Part("GET", text(page, "@odata.nextLink"))
        raise Unreachable("a delta has no end")

    def _place(self) -> Place | None:
        token = self._letter.token
        found = token_search.find(self._wire, self._folders, self._lists, self._zone, [token])
        return found.get(token)

    def _look(self) -> Mail | None:
        subject = self._letter.subject
        found = past.search(
            self._wire, {"Inbox": "inbox"}, self._now, message_id="", subject=subject, limit=1
        )
        return found[0] if found else None

    def _until(self, look: Callable[[], Any], tries: int = TRIES) -> Any:
        """What a look finds, tried again while it finds nothing."""
        for _ in range(tries):
            if found := look():
                return found
            self._wait(1)
        return look()


def went(outcome: Outcome) -> Found:
    """Whether a write was done."""
    return (True, "written") if isinstance(outcome, Done) else (False, outcome.reason)
