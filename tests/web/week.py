"""A week of mail to Alice, for pictures: what colleagues ask, what machines send, what she answers."""

from __future__ import annotations

from datetime import timedelta

from ackd.mailbox import mail_program
from ackd.model.access import Access
from tests.web.office import ALICE, MONDAY, ZONE, Office, Written

_BOB, _CAROL = ("bob@corp.example", "Bob Brown"), ("carol@corp.example", "Carol Chen")
_DAVE, _ERIN = ("dave@corp.example", "Dave Dupont"), ("erin@corp.example", "Erin Evans")
_NEWS = ("news@corp.example", "Corp News")
_BULK = (("List-Unsubscribe", "<mailto:leave@corp.example>"), ("Precedence", "bulk"))
#: Days after Monday, hour, mail.
WEEK: tuple[tuple[int, int, Written], ...] = (
    (
        0,
        9,
        Written(
            *_BOB,
            "Refund for order 4711",
            "Hi Alice,\n\nthe customer called again this morning.\nCan you tell me whether the "
            "refund for order "
            "4711 has been processed? I'd like to call back with an answer.\n\nThanks, Bob",
        ),
    ),
    (
        0,
        10,
        Written(
            *_CAROL,
            "Draft of the release notes",
            "Hello Alice,\n\nI would be grateful if you could have a look at the draft and send me "
            "your comments."
            "\n\nBest regards\nCarol",
        ),
    ),
    (0, 11, Written(*_NEWS, "What's new this week?", "Want to save 20 %? Register now!", headers=_BULK)),
    (
        1,
        9,
        Written(
            *_DAVE,
            "Server access for the audit",
            "Alice, could you please approve the access request for the auditors?\n\nDave",
        ),
    ),
    (
        1,
        10,
        Written(
            *_ERIN,
            "Training budget",
            "Hi Alice,\n\nno rush at all, but could you let me know which trainings you want next "
            "year?\n\nErin",
        ),
    ),
    (1, 15, Written(*_BOB, "Slides", "Thanks, that was exactly what I needed!\n\nBob")),
    (
        2,
        9,
        Written(
            *_CAROL,
            "Angebot Müller",
            "Hallo Alice,\n\nkannst du mir bitte sagen, welchen Rabatt wir Müller geben "
            "können?\n\nViele Grüße\nCarol",
        ),
    ),
    (
        2,
        11,
        Written(
            *_DAVE,
            "FYI: office closed on 24 December",
            "For your information: the office will be closed on 24 December.\n\nDave",
        ),
    ),
    (
        2,
        14,
        Written(
            *_ERIN,
            "Room for the workshop",
            "Alice, did you find a room for the workshop on 9 December? We are twelve.\n\nErin",
        ),
    ),
    (
        3,
        9,
        Written(
            *_BOB,
            "Contract with Fabrikam",
            "Hi Alice,\n\nlegal has sent the new version. Could you check section 4 and tell me if "
            "we can sign?"
            "\n\nBob",
        ),
    ),
    (
        3,
        10,
        Written(
            *_CAROL,
            "Numbers for the board",
            "Alice, could you please send me the forecast for December? I need it for the board's slides."
            "\n\nCarol",
        ),
    ),
)
_ANSWERED = {"Server access for the audit": (1, 14), "Training budget": (2, 12)}


def play(office: Office) -> None:
    """Let the week pass, until Thursday noon; two of the questions are answered, one is overdue."""
    office.work()
    happenings = [(day, hour, mail) for day, hour, mail in WEEK]
    for day in range(4):
        for hour in range(9, 18):
            if (day, hour) > (3, 11):
                return
            office.move(MONDAY + timedelta(days=day, hours=hour - 9))
            office.write(*(mail for when, at, mail in happenings if (when, at) == (day, hour)))
            for subject, moment in _ANSWERED.items():
                if moment == (day, hour):
                    _answer(office, subject)
            office.work(minutes=2)


def _answer(office: Office, subject: str) -> None:
    mail = next(mail for _, _, mail in WEEK if mail.subject == subject)
    program = mail_program(Access(ALICE, office.sandbox.url, ALICE, "secret"), ZONE)
    try:
        program.send(mail.sender, f"Re: {subject}", "Done.\n\nAlice", in_reply_to=mail.message_id)
    finally:
        program.close()
