"""Golden mails: a plain question of a colleague's, and what a case changes in it."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from ackd.judge import facts
from ackd.judge.classifier.model import THRESHOLDS
from ackd.judge.decide import decide
from ackd.judge.lessons import NOTHING, Learned, learned
from ackd.judge.policy import Policy
from ackd.model import Act, Address, Facts, Lesson, Mail, Owner, Suppressed, Thread, Verdict
from ackd.text import eml

FOLDER = Path(__file__).resolve().parent.parent / "golden"
OWNER = Owner("alice@corp.example", "Alice Smith", ("a.smith@corp.example",))
HEADERS: dict[str, Any] = {
    "Received": "from a by b; Mon, 2 Mar 2026 09:00:00 +0000",
    "Message-ID": "<1@corp.example>",
    "Date": "Mon, 2 Mar 2026 09:00:00 +0000",
    "From": "Bob Brown <bob@corp.example>",
    "To": "Alice Smith <alice@corp.example>",
    "Subject": "Figures",
    "X-MS-Exchange-Organization-AuthAs": "Internal",
    "X-MS-Exchange-Organization-AuthSource": "ex1.corp.example",
}
TEXT = "Hi Alice,\n\ncould you please send me the figures for March by Friday?\n\nThanks\nBob"


def load(path: Path) -> Any:
    """What a golden file holds."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def raw(case: dict[str, Any]) -> bytes:
    """The case as a file."""
    lines = []
    changes = case.get("headers", {})
    given = {name.lower() for name in changes}
    for name, value in [*((n, v) for n, v in HEADERS.items() if n.lower() not in given), *changes.items()]:
        values = [] if value is None else value if isinstance(value, list) else [value]
        lines += [f"{name}: {one}" for one in values]
    text: str = case.get("text", TEXT)
    return ("\n".join(lines) + "\n\n" + text).encode()


def mail(case: dict[str, Any]) -> Mail:
    """The case as a mailbox would show it."""
    changes = dict(case.get("mail", {}))
    if "sender" in changes:
        changes["sender"] = Address(changes["sender"])
    if "suppressed" in changes:
        changes["suppressed"] = Suppressed.of(changes["suppressed"])
    return dataclasses.replace(eml.read(raw(case)), **changes)


def read(case: dict[str, Any]) -> Facts:
    """The facts of the case."""
    zone = ZoneInfo("Europe/Berlin")
    return facts.read(mail(case), OWNER, Thread(**case.get("thread", {})), zone, learned=taught(case))


def taught(case: dict[str, Any]) -> Learned:
    """What the owner said before of other mails: each lesson of the case is an act and changes in the plain
    question, of so many mails."""
    key, now, found = b"golden", eml.read(raw({})).sent or eml.EPOCH, []
    for said in case.get("lessons", ()):
        traits = facts.read(mail(said), OWNER, learned=Learned(key)).traits
        assert traits is not None
        act = Act(said["act"])
        found += [Lesson(f"<{len(found) + n}>", now, act, traits) for n in range(said.get("times", 1))]
    return learned(found, key, now) if found else NOTHING


def policy(case: dict[str, Any]) -> Policy:
    """The policy of the case: one internal domain, balanced, and what the case says."""
    changes = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in case.get("policy", {}).items()
    }
    for moment in ("oldest", "watermark"):
        assert isinstance(changes.get(moment), datetime | None)
    if "group_members" in changes:
        changes["group_members"] = frozenset(changes["group_members"])
    base = {"owner": OWNER, "domains": ("corp.example",), "threshold": THRESHOLDS["balanced"]}
    return Policy(**base | changes)


def decided(known: Facts) -> Verdict:
    """The verdict on the facts of a plain case."""
    return decide(known, policy({}))
