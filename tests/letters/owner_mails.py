"""Every mail to the owner in every language, for each of the cases that its words depend on.

`python -m tests.letters.owner_mails` writes the texts anew, after a change that is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from ackd.letters import notices
from ackd.letters.alarms import alarm_mail
from ackd.letters.digest import Digest, digest_mail
from ackd.letters.owner_mail import OwnerMail, letter
from ackd.letters.owner_words import owner_words
from ackd.letters.promise_entries import Asked, Entries
from ackd.model import (
    DOUBTFUL,
    Address,
    Alarm,
    AlarmKind,
    Cap,
    CapPeriod,
    Command,
    Effect,
    EffectKind,
    EffectState,
    Evidence,
    Judged,
    Letter,
    Pending,
    Promise,
    Question,
    Sensitivity,
    Urgency,
    Verdict,
    Veto,
)
from ackd.promise.lifecycle import FollowRules
from ackd.text.languages import LANGUAGES
from tests.letters.values import CALENDAR, NOW, OWNER

FOLDER = Path(__file__).parent / "golden" / "owner"
LINK = "https://mail.corp.example/owa/?ItemID={}&exvsurl=1&viewmodel=ReadMessageItem"
COMMANDS = {
    "ackd: acknowledge": Command.ACKNOWLEDGE,
    "ackd: not a question": Command.NOT_A_QUESTION,
    "ackd: can't help": Command.CANNOT_HELP,
    "ackd: need more": Command.NEED_MORE,
}
#: Who asked, about what, with which words.
ASKED = {
    "bob": ("Jones, Bob (Sales)", "Budget 2027", "Could you send me the latest figures?"),
    "carol": ("Carol Miller", "Re: Room for the workshop", "Can we have the large room on the 3rd?"),
    "jörg": (
        "Jörg Müller-Lüdenscheidt",
        "AW: Datenschutzgrundverordnungsbeauftragtenbestellungsformular",
        (
            "Kannst du mir bis Freitag sagen, wer das Donaudampfschifffahrtsgesellschaftskapitänsformular "
            "unterschreibt und wohin ich es schicken soll?"
        ),
    ),
    "dan": ("Dan Cole", "Server down since this morning", "Can you look at it right away?"),
    "eve": ("", "", "Would you have a minute for the contract?"),
    "held": ("Gus Hill", "Projector", "Could you lend us the projector?"),
    "doubt": ("Ida Holm", "Parking", "Who has the key to the garage?"),
    "secret": ("Fay Grant", "Salary", "May I talk to you about my salary?"),
}


def asked_ago(
    name: str, hours: float, due: float, urgency: Urgency = Urgency.NORMAL, **changes: object
) -> Promise:
    """A promise to one of them: asked so many hours ago, due in so many."""
    who, subject, _ = ASKED[name]
    address = Address(f"{name.replace('ö', 'oe')}@corp.example", who)
    question = Question(
        message_id=f"<{name}@corp.example>",
        asker=address,
        subject=subject,
        received=NOW - timedelta(hours=hours),
        language="en",
        urgency=urgency,
        sensitivity=Sensitivity.CONFIDENTIAL if name == "secret" else Sensitivity.NORMAL,
    )
    at = NOW + timedelta(hours=due)
    return Promise(replace(question, **changes), at, at, told=at)  # type: ignore[arg-type]


def pending(of: Promise, kind: EffectKind, state: EffectState, note: str = "") -> Pending:
    """Something that is to be done for a promise."""
    return Pending(Effect(kind, of.question.message_id, NOW, state, note=note), of)


def left(name: str, hours: float, *findings: Veto | Evidence, mode: str = "send") -> Judged:
    """A mail that was left alone."""
    at = NOW - timedelta(hours=hours)
    verdict = Verdict(acknowledge=False, findings=findings)
    return Judged(f"<{name}@corp.example>", f"{name}@corp.example", at, at, mode, verdict)


def shown() -> Mapping[str, Asked]:
    """What the mailbox shows of the questions."""
    found = {}
    for name, (who, subject, line) in ASKED.items():
        address = Address(f"{name.replace('ö', 'oe')}@corp.example", who)
        text = f"Hi Alice,\n\n{line}\n\nThanks\n{who}"
        known = Asked(address, subject, line, text, LINK.format(name.replace("ö", "oe")))
        found[f"<{name}@corp.example>"] = known
    secret = found["<secret@corp.example>"]
    found["<secret@corp.example>"] = replace(secret, subject="", line="", text="", is_secret=True)
    return found


BOB, CAROL, JOERG = asked_ago("bob", 75, -3), asked_ago("carol", 26, 5), asked_ago("jörg", 50, 7)
DAN = asked_ago("dan", 0.6, 3, Urgency.URGENT)
EVE, SECRET = asked_ago("eve", 20, 28), asked_ago("secret", 30, 27)
#: A limit held its letter, and of the other it isn't known whether it went out.
HELD, IN_DOUBT = (replace(asked_ago(name, 30, -2), told=None) for name in ("held", "doubt"))
DRAFT = pending(DAN, EffectKind.ACKNOWLEDGEMENT, EffectState.DRAFTED)
DRAFTS = (DRAFT, pending(CAROL, EffectKind.NEW_DATE, EffectState.DRAFTED))
MANY = tuple(
    replace(one, question=replace(one.question, message_id=f"<many{n}@corp.example>"))
    for n in range(300)
    if (one := asked_ago("bob", 400 - n, -320 + n))
)


ALARMS = (
    Alarm(AlarmKind.MAILBOX_FULL, NOW - timedelta(hours=5)),
    Alarm(AlarmKind.PASSWORD_ENDS, NOW - timedelta(minutes=9), ends=NOW + timedelta(days=40)),
    Alarm(AlarmKind.SIGNED_OUT, NOW - timedelta(hours=30), over=NOW - timedelta(hours=2)),
)


def entries(language: str) -> Entries:
    """What makes entries in a language."""
    return Entries(
        words=owner_words(language),
        calendar=CALENDAR,
        now=NOW,
        follow=FollowRules(commands=COMMANDS),
        asked=shown(),
        drafts={one.effect.token: LINK.format(f"draft{n}") for n, one in enumerate(DRAFTS)},
        unwritten=(HELD.question.message_id,),
    )


def full() -> Digest:
    """A digest with something in every part."""
    return Digest(
        following_day=date(2026, 11, 25),
        config_trouble="config.yaml, line 7: mode: 'snd' is none of preview, draft, send",
        template_trouble="en/received.txt.j2: line 3: it is nested too deeply",
        lists=("sales@corp.example",),
        folders=("there is no folder 'Clients': its mail isn't read",),
        overdue=(BOB,),
        today=(CAROL, JOERG),
        following=(EVE, SECRET),
        drafts=DRAFTS,
        limited=(left("carol", 3, Veto("limits", "this sender got 3 acknowledgements within a day")),),
        close=(left("jörg", 22, Evidence("request", -0.4, "it sounds like a request: 0.48")),),
        previewed=12,
        acknowledged=(JOERG, SECRET),
        waiting=(replace(CAROL, waits=True),),
        dropped=(EVE,),
        deleted=(BOB,),
        parked=(pending(DAN, EffectKind.ACKNOWLEDGEMENT, EffectState.PARKED, DOUBTFUL),),
        undelivered=(pending(EVE, EffectKind.ACKNOWLEDGEMENT, EffectState.DONE),),
    )


def morning() -> Digest:
    """A digest as it comes on most days."""
    return Digest(
        following_day=date(2026, 11, 25),
        overdue=(BOB,),
        today=(CAROL,),
        following=(SECRET,),
        drafts=(DRAFT,),
        close=(left("eve", 19, Evidence("request", -0.4, "it sounds like a request: 0.48")),),
        acknowledged=(CAROL,),
    )


def mails(language: str) -> Mapping[str, OwnerMail]:
    """The mails to the owner, by the case."""
    made = entries(language)
    begun = datetime.fromisoformat("2026-11-24T09:41:00+01:00")
    return {
        "digest": digest_mail(full(), made),
        "digest of a morning": digest_mail(morning(), made),
        "digest of one": digest_mail(Digest(date(2026, 11, 25), today=(CAROL,), previewed=1), made),
        "digest of 300 overdue": digest_mail(Digest(date(2026, 11, 25), overdue=MANY), made),
        "digest of untold ones": digest_mail(
            Digest(date(2026, 11, 25), overdue=(BOB, HELD, IN_DOUBT), dropped=(HELD,)), made
        ),
        "digest of news": digest_mail(Digest(date(2026, 11, 25), acknowledged=(CAROL,)), made),
        "overdue": notices.overdue_notice(BOB, made),
        "overdue, confidential": notices.overdue_notice(SECRET, made),
        "overdue, held": notices.overdue_notice(HELD, made),
        "overdue, several": notices.overdue_list(MANY, made),
        "overdue, some of them held": notices.overdue_list([BOB, HELD, IN_DOUBT], made),
        "urgent draft": notices.urgent_drafts([DRAFT], made),
        "urgent drafts": notices.urgent_drafts([DRAFT, DRAFT], made),
        "hold by hour": notices.hold_notice(Cap(20, CapPeriod.HOUR), "", begun, made),
        "hold by day": notices.hold_notice(Cap(1, CapPeriod.DAY), "", begun, made),
        "alarm": alarm_mail(ALARMS[:1], NOW, CALENDAR.zone, language),
        "alarms, one of them over": alarm_mail(ALARMS, NOW, CALENDAR.zone, language),
    }


def letters(language: str) -> Mapping[str, Letter]:
    """The same as they go out."""
    return {case: letter(f"token of {case}", mail, OWNER) for case, mail in mails(language).items()}


def written(language: str) -> str:
    """All mails of a language as they are stored."""
    return "\n".join(
        f"=== {case}\nSubject: {made.subject}\n\n{made.text}" for case, made in letters(language).items()
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for code in LANGUAGES:
        (FOLDER / f"{code}.txt").write_text(written(code), encoding="utf-8")
