"""Mail of an invented office: half of it asks the owner for something, half doesn't."""

from __future__ import annotations

from collections.abc import Sequence

OWNER = "alice@corp.example"
#: Names that leave no doubt how to greet: of others the directory is asked, once a month.
NAMES = {
    "bob@corp.example": "Bob Jones",
    "carol@corp.example": "Carol Reed",
    "dave@corp.example": "Dave Miller",
    "erin@corp.example": "Erin Cooper",
}
COLLEAGUES = tuple(NAMES)

#: What the plain scripts answer.
REPLY = "Thank you for your mail. I have received it; expect an answer by {day}."

_QUESTIONS = (
    "Could you please send me the figures for {n}?",
    "Can you tell me when the delivery for customer {n} will leave the house?",
    "Could you please have a look at the draft of contract {n} and send me your comments?",
    "Would you please confirm the appointment with supplier {n}?",
)
_NEWS = (
    "Thanks, the documents for {n} arrived this morning and everything is complete.",
    "For your information: the maintenance of server {n} is finished.",
    "The minutes of meeting {n} are on the shared drive. There is nothing left to do.",
    "I have booked the room for workshop {n}. See you there.",
)
_FRAME = (
    "Hi Alice,\n\n{text}\n\nBest regards\n{name}\n\n-- \n{name}\nDepartment of Invented Affairs, Corp Ltd.\n"
    "Phone 555-0100, room {n}\n"
)


def question(number: int, to: str = OWNER) -> bytes:
    """A colleague asks the owner for something."""
    return _mail("q", number, to, _QUESTIONS)


def news(number: int, to: str = OWNER) -> bytes:
    """A colleague writes, and no answer is owed."""
    return _mail("n", number, to, _NEWS)


def mixed(count: int, first: int = 0, to: str = OWNER) -> list[tuple[str, bytes]]:
    """So many mails for the owner, every other one a question; each with its recipient."""
    return [
        (to, (question if number % 2 == 0 else news)(number, to)) for number in range(first, first + count)
    ]


def questions(count: int, first: int = 0, to: str = OWNER) -> list[tuple[str, bytes]]:
    """So many questions."""
    return [(to, question(number, to)) for number in range(first, first + count)]


def _mail(kind: str, number: int, to: str, texts: Sequence[str]) -> bytes:
    """As transport hands it over from a colleague who signed in."""
    sender = COLLEAGUES[number % len(COLLEAGUES)]
    name = NAMES[sender]
    text = texts[number // 2 % len(texts)].format(n=1000 + number)
    body = _FRAME.format(text=text, name=name, n=1000 + number)
    head = (
        f"Message-ID: <{kind}{number}.{to.partition('@')[0]}@corp.example>\n"
        f"From: {name} <{sender}>\nTo: {to}\nSubject: Number {1000 + number}\n"
        "X-MS-Exchange-Organization-AuthAs: Internal\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    return (head + body).replace("\n", "\r\n").encode()
