"""What inbox rules do with mail that arrives: which rule takes which mail, and what becomes of it.

A rule is kept as a dict: its ``id``, ``name``, ``priority``, ``enabled``, and by their names ``conditions``,
``exceptions`` and ``actions``. The ends of a range are ``least`` and ``most``.

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
from exchange_sandbox.store.folders import Deletion
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import BodyType, Importance, Key, Sensitivity

#: The actions that name a folder.
FOLDERS = ("copy_to_folder", "move_to_folder")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in the inbox that rules look at."""

    db: sqlite3.Connection
    item: Item
    owner: Mailbox

    def addresses(self, *keys: Key) -> list[dict[str, str]]:
        """The mailboxes in properties, of one mailbox or a list."""
        found: list[dict[str, str]] = []
        for key in keys:
            value = self.item.bag.get(key) or []
            found += value if isinstance(value, list) else [value]
        return found

    def has_me(self, *keys: Key) -> bool:
        """Whether the owner is among the recipients."""
        return any(one["address"].lower() == self.owner.address for one in self.addresses(*keys))

    def text(self) -> str:
        """The body as text."""
        stored = {
            "type": self.item.bag.get(Key.BODY_TYPE, BodyType.TEXT),
            "text": export.body_text(self.db, self.item),
        }
        return bodies.converted(stored, BodyType.TEXT)["text"]

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
    sender = (bag.get(Key.FROM) or {}).get("address", "")
    return "junkemail" if kept.is_blocked(db, owner.id, sender) else "inbox"


def apply(db: sqlite3.Connection, owner: Mailbox, item: Item, now: datetime) -> None:
    """Do with a mail that has just arrived what the owner's rules say, in their order."""
    mail = Mail(db, item, owner)
    for rule in every(db, owner.id):
        if not rule["enabled"] or is_in_error(db, rule) or not _takes(rule, mail):
            continue
        actions = rule["actions"]
        if not _act(mail, actions, now) or actions.get("stop_processing_rules"):
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


def _between(value: Any, ends: dict[str, Any]) -> bool:
    return bool(ends.get("least", value) <= value <= ends.get("most", value))


def _class_is(mail: Mail, *beginnings: str) -> bool:
    return mail.item.cls.lower().startswith(beginnings)


_SENDERS, _TO, _ALL = (Key.FROM, Key.SENDER), (Key.TO,), (Key.TO, Key.CC)
_TESTS: dict[str, Callable[[Mail, Any], bool]] = {
    "categories": lambda mail, value: bool(set(value) & set(mail.item.bag.get(Key.CATEGORIES, ()))),
    "contains_body_strings": lambda mail, value: _contains(mail.text(), value),
    "contains_header_strings": lambda mail, value: _contains(mail.headers(), value),
    "contains_recipient_strings": lambda mail, value: _contains(_names(mail.addresses(*_ALL)), value),
    "contains_sender_strings": lambda mail, value: _contains(_names(mail.addresses(*_SENDERS)), value),
    "contains_subject_strings": lambda mail, value: _contains(mail.item.bag.get(Key.SUBJECT, ""), value),
    "contains_subject_or_body_strings": lambda mail, value: _contains(
        f"{mail.item.bag.get(Key.SUBJECT, '')}\n{mail.text()}", value
    ),
    "from_addresses": lambda mail, value: _are(mail.addresses(*_SENDERS), value),
    "has_attachments": lambda mail, value: any(
        not one.get("is_inline") for one in mail.item.bag.get(Key.ATTACHMENTS, ())
    ),
    "importance": lambda mail, value: mail.item.bag.get(Key.IMPORTANCE, Importance.NORMAL) == value,
    "is_automatic_reply": lambda mail, value: _class_is(mail, "ipm.note.rules.oof", "ipm.note.rules.reply"),
    "is_meeting_request": lambda mail, value: _class_is(mail, "ipm.schedule.meeting.request"),
    "is_meeting_response": lambda mail, value: _class_is(mail, "ipm.schedule.meeting.resp"),
    "is_ndr": lambda mail, value: _class_is(mail, "report.") and mail.item.cls.lower().endswith(".ndr"),
    "is_read_receipt": lambda mail, value: mail.item.cls.lower().endswith((".ipnrn", ".ipnnrn")),
    "item_classes": lambda mail, value: mail.item.cls.lower() in {one.lower() for one in value},
    "not_sent_to_me": lambda mail, value: not mail.has_me(*_TO),
    "sent_cc_me": lambda mail, value: mail.has_me(Key.CC),
    "sent_only_to_me": lambda mail, value: mail.has_me(*_TO) and len(mail.addresses(*_ALL)) == 1,
    "sent_to_addresses": lambda mail, value: _are(mail.addresses(*_ALL), value),
    "sent_to_me": lambda mail, value: mail.has_me(*_TO),
    "sent_to_or_cc_me": lambda mail, value: mail.has_me(*_ALL),
    "sensitivity": lambda mail, value: mail.item.bag.get(Key.SENSITIVITY, Sensitivity.NORMAL) == value,
    "within_date_range": lambda mail, value: _between(mail.item.bag[Key.RECEIVED], value),
    "within_size_range": lambda mail, value: _between(mail.item.bag[Key.SIZE] // 1024, value),
}


def _act(mail: Mail, actions: dict[str, Any], now: datetime) -> bool:
    """Do the actions; whether the mail is still in the inbox."""
    item, changed = mail.item, set()
    if actions.get("assign_categories"):
        item.bag[Key.CATEGORIES] = list(
            dict.fromkeys([*item.bag.get(Key.CATEGORIES, ()), *actions["assign_categories"]])
        )
        changed.add(Key.CATEGORIES)
    if actions.get("mark_importance"):
        item.bag[Key.IMPORTANCE] = actions["mark_importance"]
        changed.add(Key.IMPORTANCE)
    if actions.get("mark_as_read"):
        item.bag[Key.IS_READ] = True
        changed.add(Key.IS_READ)
    if changed:
        items.update(mail.db, item, now, touched=changed, read_flag_only=changed == {Key.IS_READ})
    if "copy_to_folder" in actions:
        items.copy(mail.db, item, actions["copy_to_folder"]["number"], now)
    if actions.get("permanent_delete"):
        items.delete(mail.db, item, now)
    elif actions.get("delete"):
        trees.discard(mail.db, item, Deletion.TO_BIN, now)
    elif "move_to_folder" in actions and actions["move_to_folder"]["number"] != item.folder:
        items.move(mail.db, item, actions["move_to_folder"]["number"], now)
    else:
        return True
    return False
