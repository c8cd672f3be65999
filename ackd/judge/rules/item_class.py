"""Only ordinary mails are answered: no reports, meetings, templates, encrypted mails …"""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "item class"
_ALLOWED = frozenset(("ipm.note", "ipm.note.smime.multipartsigned"))
_WORDS = (  # MS-OXCMSG, MS-OXCICAL, MS-OXOMSG: message classes by their beginning
    ("report.", "a delivery report or a receipt"),
    ("ipm.schedule.meeting", "a meeting request or an answer to one"),
    ("ipm.appointment", "a calendar item"),
    ("ipm.taskrequest", "a task request"),
    ("ipm.note.rules", "an out-of-office reply or another one made by a rule"),
    ("ipm.outlook.recall", "a recall of a mail"),
    ("ipm.note.smime", "an encrypted or opaquely signed mail"),
    ("ipm.note.microsoft.voicemail", "a voice mail"),
    ("ipm.note.microsoft.missed", "a missed call"),
    ("ipm.note.microsoft.fax", "a fax"),
    ("ipm.sharing", "a sharing invitation"),
    ("ipm.post", "a post"),
)


def check(facts: Facts, policy: Policy) -> Finding | None:
    found = facts.mail.item_class
    if found is None:
        return Veto(NAME, "what kind of item it is can't be told")
    lowered = found.strip().lower()
    if lowered in _ALLOWED:
        return None
    said = next((words for start, words in _WORDS if lowered.startswith(start)), "not an ordinary mail")
    return Veto(NAME, f"{said}: item class {found[:100]}")
