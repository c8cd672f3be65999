"""What inbox rules do with mail that arrives: which rule takes which mail, and what becomes of it.

Conditions that the sandbox cannot know (voice mail, classifications, encryption, connected accounts, …) hold
for no mail. Of the actions those are done that stay within the mailbox: a rule never sends anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exchange_sandbox.mime import bodies, export
from exchange_sandbox.store import items, kept, trees
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox

#: The actions that name a folder.
FOLDERS = ("CopyToFolder", "MoveToFolder")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in the inbox that rules look at."""

    db: sqlite3.Connection
    item: Item
    owner: Mailbox

    def addresses(self, *names: str) -> list[dict[str, str]]:
        """The mailboxes in properties, of one mailbox or a list."""
        found: list[dict[str, str]] = []
        for name in names:
            value = self.item.bag.get(name) or []
            found += value if isinstance(value, list) else [value]
        return found

    def has_me(self, *names: str) -> bool:
        """Whether the owner is among the recipients."""
        return any(one["address"].lower() == self.owner.address for one in self.addresses(*names))

    def text(self) -> str:
        """The body as text."""
        stored = {"type": self.item.bag.get("BodyType", "Text"), "text": export.body_text(self.db, self.item)}
        return bodies.converted(stored, "Text")["text"]

    def headers(self) -> str:
        """The headers of the mail, line by line."""
        return "\n".join(f"{name}: {value}" for name, value in export.headers_of(self.db, self.item))


def every(db: sqlite3.Connection, mailbox: int) -> list[dict[str, Any]]:
    """The rules of a mailbox in the order in which they are applied."""
    return sorted(kept.read(db, mailbox, kept.RULES) or (), key=lambda rule: rule["priority"])


def is_in_error(db: sqlite3.Connection, rule: dict[str, Any]) -> bool:
    """Whether a folder that a rule needs is gone."""
    targets = [rule["actions"][name]["number"] for name in FOLDERS if name in rule["actions"]]
    return any(db.execute("SELECT 1 FROM folder WHERE id = ?", (one,)).fetchone() is None for one in targets)


def place(db: sqlite3.Connection, owner: Mailbox, bag: dict[str, Any]) -> str:
    """In which standard folder a mail arrives: the inbox, from a blocked sender Junk Email."""
    sender = (bag.get("From") or {}).get("address", "")
    return "junkemail" if kept.is_blocked(db, owner.id, sender) else "inbox"


def apply(db: sqlite3.Connection, owner: Mailbox, item: Item, now: datetime) -> None:
    """Do with a mail that has just arrived what the owner's rules say, in their order."""
    mail = Mail(db, item, owner)
    for rule in every(db, owner.id):
        if not rule["enabled"] or is_in_error(db, rule) or not _takes(rule, mail):
            continue
        actions = rule["actions"]
        if not _act(mail, actions, now) or actions.get("StopProcessingRules"):
            return


def _takes(rule: dict[str, Any], mail: Mail) -> bool:
    conditions = rule["conditions"].items()
    return all(_holds(name, value, mail) for name, value in conditions) and not any(
        _holds(name, value, mail) for name, value in rule["exceptions"].items()
    )


def _holds(name: str, value: Any, mail: Mail) -> bool:
    test = _TESTS.get(name)
    if test is None:
        return False
    found = test(mail, value)
    return found is value if isinstance(value, bool) else found


def _contains(text: str, wanted: list[str]) -> bool:
    folded = text.casefold()
    return any(one.casefold() in folded for one in wanted)


def _names(mailboxes: list[dict[str, str]]) -> str:
    return "\n".join(f"{one['name']} {one['address']}" for one in mailboxes)


def _are(mailboxes: list[dict[str, str]], wanted: list[dict[str, str]]) -> bool:
    return bool({one["address"].lower() for one in mailboxes} & {one["address"].lower() for one in wanted})


def _between(value: Any, ends: dict[str, Any], low: str, high: str) -> bool:
    return bool(ends.get(low, value) <= value <= ends.get(high, value))


def _class_is(mail: Mail, *beginnings: str) -> bool:
    return mail.item.cls.lower().startswith(beginnings)


_SENDERS, _TO, _ALL = ("From", "Sender"), ("ToRecipients",), ("ToRecipients", "CcRecipients")
_TESTS: dict[str, Callable[[Mail, Any], bool]] = {
    "Categories": lambda mail, value: bool(set(value) & set(mail.item.bag.get("Categories", ()))),
    "ContainsBodyStrings": lambda mail, value: _contains(mail.text(), value),
    "ContainsHeaderStrings": lambda mail, value: _contains(mail.headers(), value),
    "ContainsRecipientStrings": lambda mail, value: _contains(_names(mail.addresses(*_ALL)), value),
    "ContainsSenderStrings": lambda mail, value: _contains(_names(mail.addresses(*_SENDERS)), value),
    "ContainsSubjectStrings": lambda mail, value: _contains(mail.item.bag.get("Subject", ""), value),
    "ContainsSubjectOrBodyStrings": lambda mail, value: _contains(
        f"{mail.item.bag.get('Subject', '')}\n{mail.text()}", value
    ),
    "FromAddresses": lambda mail, value: _are(mail.addresses(*_SENDERS), value),
    "HasAttachments": lambda mail, value: any(
        not one.get("IsInline") for one in mail.item.bag.get("Attachments", ())
    ),
    "Importance": lambda mail, value: mail.item.bag.get("Importance", "Normal") == value,
    "IsAutomaticReply": lambda mail, value: _class_is(mail, "ipm.note.rules.oof", "ipm.note.rules.reply"),
    "IsMeetingRequest": lambda mail, value: _class_is(mail, "ipm.schedule.meeting.request"),
    "IsMeetingResponse": lambda mail, value: _class_is(mail, "ipm.schedule.meeting.resp"),
    "IsNDR": lambda mail, value: _class_is(mail, "report.") and mail.item.cls.lower().endswith(".ndr"),
    "IsReadReceipt": lambda mail, value: mail.item.cls.lower().endswith((".ipnrn", ".ipnnrn")),
    "ItemClasses": lambda mail, value: mail.item.cls.lower() in {one.lower() for one in value},
    "NotSentToMe": lambda mail, value: not mail.has_me(*_TO),
    "SentCcMe": lambda mail, value: mail.has_me("CcRecipients"),
    "SentOnlyToMe": lambda mail, value: mail.has_me(*_TO) and len(mail.addresses(*_ALL)) == 1,
    "SentToAddresses": lambda mail, value: _are(mail.addresses(*_ALL), value),
    "SentToMe": lambda mail, value: mail.has_me(*_TO),
    "SentToOrCcMe": lambda mail, value: mail.has_me(*_ALL),
    "Sensitivity": lambda mail, value: mail.item.bag.get("Sensitivity", "Normal") == value,
    "WithinDateRange": lambda mail, value: _between(
        mail.item.bag["DateTimeReceived"], value, "StartDateTime", "EndDateTime"
    ),
    "WithinSizeRange": lambda mail, value: _between(
        mail.item.bag["Size"] // 1024, value, "MinimumSize", "MaximumSize"
    ),
}


def _act(mail: Mail, actions: dict[str, Any], now: datetime) -> bool:
    """Do the actions; whether the mail is still in the inbox."""
    item, changed = mail.item, set()
    if actions.get("AssignCategories"):
        item.bag["Categories"] = list(
            dict.fromkeys([*item.bag.get("Categories", ()), *actions["AssignCategories"]])
        )
        changed.add("Categories")
    if actions.get("MarkImportance"):
        item.bag["Importance"] = actions["MarkImportance"]
        changed.add("Importance")
    if actions.get("MarkAsRead"):
        item.bag["IsRead"] = True
        changed.add("IsRead")
    if changed:
        items.update(mail.db, item, now, touched=changed, read_flag_only=changed == {"IsRead"})
    if "CopyToFolder" in actions:
        items.copy(mail.db, item, actions["CopyToFolder"]["number"], now)
    if actions.get("PermanentDelete"):
        items.delete(mail.db, item, now)
    elif actions.get("Delete"):
        trees.discard(mail.db, item, "MoveToDeletedItems", now)
    elif "MoveToFolder" in actions and actions["MoveToFolder"]["number"] != item.folder:
        items.move(mail.db, item, actions["MoveToFolder"]["number"], now)
    else:
        return True
    return False
