"""The demo's story: who writes what to Alice on a Monday morning, and what ackd should do.

Every mail says whether it should be acknowledged: the demo fails if anything else happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ackd.model import Promise, Urgency
from ackd.promise.plan import PromiseRules

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
ALICE = "alice@corp.example"
COLLEAGUES = {
    "bob@corp.example": "Bob Brown",
    "carol@corp.example": "Carol Chen",
    "dave@corp.example": "Dave Dupont",
    "erin@corp.example": "Erin Evans",
}
OTHERS = {
    "news@corp.example": "Corp News",
    "frank@corp.example": "Frank Fischer",
    "boss@corp.example": "Grace Green",
}
PASSWORD = "sandbox"  # noqa: S105 - of mailboxes that live for seconds, on this machine only

APP = "00000000-0000-4000-8000-00000000ac4d"  # ackd's registration, where Alice's mailbox is reached by Graph

BY_EWS = """\
mailbox:
  address: {alice}
  endpoint: {endpoint}
  username: {alice}
  password: {{file: {password}}}
"""
BY_GRAPH = """\
mailbox:
  kind: graph
  address: {alice}
  endpoint: {endpoint}
  authority: {authority}
  client_id: {app}
  sign_in: secret
  password: {{file: {password}}}
  ca_bundle: {ca_bundle}
"""
CONFIG = """\
state: {state}
mode: send
poll: 1 s
internal:
  domains: [corp.example]
promise:
  within: 2 business days
  working_hours: {{mon-fri: "09:00-12:30, 13:15-17:30"}}
  time_zone: Europe/Berlin
  holidays: {{country: DE, subdivision: BY}}
  grace: 2 business hours
  grace_urgent: 15 min
letters:
  name: Alice Smith
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A mail of the story. `sender` in COLLEAGUES writes through the server; others come as
    raw files by transport, `outside` through the edge."""

    what: str
    sender: str
    subject: str
    text: str
    acknowledged: bool = False
    answered_by_alice: str = ""
    importance: str = "Normal"
    headers: str = ""
    outside: bool = False


OLD = Scene("a question from last week", "bob@corp.example", "Old question", "Could you send me the plan?")

MORNING = (
    Scene(
        "a real question",
        "bob@corp.example",
        "Refund for order 4711",
        "Hi Alice,\n\ncan you tell me whether the refund for order 4711 has been processed?\n\nThanks, Bob",
        acknowledged=True,
    ),
    Scene(
        "a polite, indirect request",
        "carol@corp.example",
        "Draft of the release notes",
        "Hello Alice,\n\nI would be grateful if you could have a look at the draft and send me your "
        "comments.\n\nBest regards\nCarol",
        acknowledged=True,
    ),
    Scene(
        "an urgent one",
        "dave@corp.example",
        "Server access",
        "Alice, this is urgent: could you please approve the access request for the audit today?\n\nDave",
        acknowledged=True,
        importance="High",
    ),
    Scene(
        "one with no rush",
        "erin@corp.example",
        "Training budget",
        "Hi Alice,\n\nno rush at all, but could you let me know which trainings you want next year?\n\nErin",
        acknowledged=True,
    ),
    Scene("thanks", "bob@corp.example", "Re: Slides", "Thanks, that was exactly what I needed!\n\nBob"),
    Scene(
        "an FYI",
        "carol@corp.example",
        "FYI: office closed on 24 December",
        "For your information: the office will be closed on 24 December. Let me know if you have any "
        "questions.\n\nCarol",
    ),
    Scene(
        "a newsletter",
        "news@corp.example",
        "What's new this week?",
        "Want to save 20 %? Register now! Could you use a break?",
        headers="List-Unsubscribe: <mailto:leave@corp.example>\nPrecedence: bulk\n",
    ),
    Scene(
        "an out-of-office reply",
        "frank@corp.example",
        "Automatic reply: Invoice",
        "I am out of the office. Could you please contact Grace in urgent cases?",
        headers="Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n",
    ),
    Scene(
        "a forged outsider with an inside From",
        "boss@corp.example",
        "Are you at your desk?",
        "Could you buy gift cards for a client and send me the codes?",
        outside=True,
        headers="X-MS-Exchange-Organization-AuthAs: Internal\n",
    ),
    Scene(
        "one that Alice answers at once",
        "dave@corp.example",
        "Room for Tuesday",
        "Could you tell me which room we have on Tuesday?\n\nDave",
        answered_by_alice="Room 3.12, see you there!",
    ),
)

#: What the afternoon makes of the promises, by the question's subject.
BECAME = {
    "Server access": "kept: Alice answered from her phone, and the task is ticked off",
    "Draft of the release notes": "moved to Friday: a letter with the new date waits in Alice's Drafts",
    "Refund for order 4711": "withdrawn: Bob wrote that he needs no answer any more",
    "Training budget": "open, as promised",
}


#: How urgent a question may be, for the demo's readers.
_URGENCY = {Urgency.URGENT: "urgent", Urgency.NORMAL: "not urgent", Urgency.NO_RUSH: "no rush"}


def asked(subject: str) -> str:
    """What the mail with this subject says, without greeting and name: its longest paragraph."""
    texts = {scene.subject: scene.text for scene in MORNING}
    return " ".join(max(texts.get(subject, "").split("\n\n"), key=len).split())


def date_explained(promise: Promise, rules: PromiseRules) -> str:
    """How the date of a promise comes about."""
    question = promise.question
    span = rules.span(question.urgency)
    begin, due = question.received.astimezone(ZONE), promise.due.astimezone(ZONE)
    words = f"{name_of(question.asker.email)}: {_URGENCY[question.urgency]}, so {span}"
    return f"{words} from {begin:%a %H:%M}: {due:%a %d %b %H:%M}"


def name_of(address: str) -> str:
    """What somebody of the story is called."""
    return {**COLLEAGUES, **OTHERS, ALICE: "Alice Smith"}.get(address, address)


def raw(scene: Scene, number: int, at: datetime) -> bytes:
    """The scene's mail as a file that transport hands over."""
    internal = "" if scene.outside else "X-MS-Exchange-Organization-AuthAs: Internal\n"
    name = name_of(scene.sender)
    text = (
        f"Message-ID: <demo-{number}@{scene.sender.partition('@')[2]}>\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S %z}\nFrom: {name} <{scene.sender}>\nTo: Alice Smith <{ALICE}>\n"
        f"Subject: {scene.subject}\n{internal}{scene.headers}"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{scene.text}\n"
    )
    return text.replace("\n", "\r\n").encode()
