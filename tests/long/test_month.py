"""A month of an owner's life, seeded: 300 questions, answered, put off, forgotten, ticked off, deleted,
steered by categories, with a week's holiday. The simulation keeps its own count, and the report's
figures equal it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from statistics import median

import pytest

from ackd.engine.daemon import Daemon
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Command, DigestTimes, EffectKind, OnMove, SeenTask, token_of
from ackd.promise import calendar
from ackd.promise.lifecycle import FollowRules
from ackd.views.report import Figures, report
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, PlainLetters, mail, settings
from tests.plays import seeds

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

QUESTIONS = 300
DAYS = 35
ASKERS = tuple(f"{name}@corp.example" for name in ("bob", "carol", "dave", "erin", "frank"))
#: The owner is away in the third week.
AWAY = (MONDAY + timedelta(days=14), MONDAY + timedelta(days=21))
NOT_A_QUESTION, CANNOT_HELP, NEED_MORE = "ackd: not a question", "ackd: can't help", "ackd: need more"
COMMANDS = {
    NOT_A_QUESTION: Command.NOT_A_QUESTION,
    CANNOT_HELP: Command.CANNOT_HELP,
    NEED_MORE: Command.NEED_MORE,
}
_OFFICE = settings()
SETTINGS = replace(
    _OFFICE,
    letters=PlainLetters(),
    calendar=calendar.make(_OFFICE.calendar.zone, _OFFICE.calendar.hours, "DE", "BY", absences=[AWAY]),
    follow=FollowRules(moved=OnMove.TELL, commands=COMMANDS),
    digest=DigestTimes((0, 1, 2, 3, 4), time(8, 30)),
)
ZONE = _OFFICE.calendar.zone

#: What becomes of a question: what is done, each so many hours after what was done before.
FATES: tuple[tuple[tuple[str, int], ...], ...] = (
    (("answer", 3),),
    (("answer", 9),),
    (("answer", 20),),
    (("answer", 26),),
    (("answer", 100),),
    (("answer", 200),),
    (("move", 4), ("answer", 30)),
    (("move", 4), ("move", 20), ("answer", 240)),
    (("move", 2),),
    (("put off", 5), ("answer", 20)),
    (("put off", 5),),
    (),
    (),
    (("tick", 6),),
    (("tick", 6), ("answer", 24)),
    (("tick", 6), ("untick", 3), ("answer", 5)),
    (("delete", 8),),
    (("delete", 8), ("restore", 4), ("answer", 30)),
    (("file", 2), ("move", 3), ("answer", 90)),
    (("not a question", 5),),
    (("can't help", 7),),
    (("need more", 4), ("give more", 30), ("answer", 10)),
    (("need more", 4),),
    (("never mind", 10),),
    (("urgent", 5), ("answer", 2)),
    (("no rush", 5), ("answer", 50)),
    (("more", 5), ("answer", 10)),
)
BY_ASKER = {
    "never mind": "Never mind, I found it.",
    "urgent": "It has become urgent, I need it today!",
    "no rush": "By the way, there is no rush.",
    "more": "I forgot to say that it is about the blue ones.",
    "give more": "It is about the figures of the northern region, in euros.",
}
PUT_OFF = "I'll get back to you by Friday next week."
#: Doings that leave a promise's task with the date that it remembers.
REDATES = {"urgent", "no rush", "put off", "give more"}


@dataclass
class Case:
    """A question as the simulation knows it."""

    name: str
    asker: str
    received: datetime
    plan: list[tuple[str, int]]
    next_at: datetime | None = None
    due: datetime | None = None
    state: str = "open"
    answered: datetime | None = None
    moved: bool = False
    waits: bool = False

    @property
    def message_id(self) -> str:
        return f"<{self.name}@corp.example>"

    @property
    def task(self) -> str:
        return token_of(self.message_id, EffectKind.TASK)


@dataclass
class Month:
    """The office, its people, and their own book of what happened."""

    chance: random.Random
    clock: StepClock = field(default_factory=lambda: StepClock(MONDAY))
    cases: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mailbox = MemoryMailbox(self.clock.now)
        self.ledger = SqlLedger("sqlite://", ALICE.address)
        self.daemon = Daemon(self.mailbox, self.ledger, self.clock, SETTINGS)
        self.daemon.run_pass()
        self.redated: list[Case] = []
        self.done: Counter[str] = Counter()

    # --- time -----------------------------------------------------------------------------------

    def live(self) -> None:
        """The month, hour by hour while people work, and every few hours else."""
        end = MONDAY + timedelta(days=DAYS)
        while self.clock.now() < end:
            self.clock.move(timedelta(hours=1 if self.is_day() else 4))
            self.hour()
        self.clock.move(timedelta(hours=1))
        self.daemon.run_pass()

    def is_day(self) -> bool:
        return 6 <= self.local().hour < 19 and self.local().weekday() < 5

    def local(self) -> datetime:
        return self.clock.now().astimezone(ZONE)

    def hour(self) -> None:
        """People do what they do, then the service works."""
        if self.is_day() and self.clock.now() < MONDAY + timedelta(days=28):
            for _ in range(self.chance.choice((0, 1, 1, 1, 2, 3))):
                self.ask()
        new = [case for case in self.cases if case.due is None]
        for case in self.cases:
            if case.next_at is not None and case.next_at <= self.clock.now() and case.due is not None:
                self.act(case)
        self.daemon.run_pass()
        for case in (*new, *self.redated):
            seen = self.seen(case)
            case.due = seen.promised if seen else None
        self.redated.clear()

    def ask(self) -> None:
        if len(self.cases) == QUESTIONS:
            return
        asker = self.chance.choice(ASKERS)
        now = self.clock.now()
        case = Case(f"q{len(self.cases)}", asker, now, list(self.chance.choice(FATES)))
        self.mailbox.arrive(mail(case.name, sender=asker, at=now))
        self.cases.append(case)
        self.plan(case)

    def plan(self, case: Case) -> None:
        hours = case.plan[0][1] if case.plan else 0
        case.next_at = self.clock.now() + timedelta(hours=hours) if case.plan else None

    # --- people ---------------------------------------------------------------------------------

    def act(self, case: Case) -> None:
        """The next thing that is done; the owner works by day, and not on holiday."""
        what = case.plan[0][0]
        is_away = AWAY[0] <= self.clock.now() < AWAY[1]
        if not self.is_day() or (what not in BY_ASKER and is_away):
            return
        case.plan.pop(0)
        self.done[what] += 1
        if what in BY_ASKER:
            self.write_again(case, what)
        else:
            DOINGS[what](self, case)
        if what in REDATES:
            self.redated.append(case)
        self.plan(case)

    def write_again(self, case: Case, what: str) -> None:
        self.mailbox.arrive(
            mail(
                f"{case.name}-{what.replace(' ', '-')}",
                BY_ASKER[what],
                sender=case.asker,
                references=case.message_id,
                at=self.clock.now(),
            )
        )
        case.moved |= what in ("urgent", "no rush")
        case.waits = False
        if what == "never mind":
            case.state = "withdrawn"

    def answer(self, case: Case) -> None:
        self.mailbox.owner_sends(to=[case.asker], in_reply_to=case.message_id)
        case.state, case.answered = "kept", self.clock.now()

    def put_off(self, case: Case) -> None:
        self.mailbox.owner_sends(to=[case.asker], in_reply_to=case.message_id, text=PUT_OFF)
        case.moved = True

    def move(self, case: Case) -> None:
        """Some days on from the promised one; the promise keeps its hour."""
        assert case.due is not None
        local = case.due.astimezone(ZONE)
        day = local.date() + timedelta(days=self.chance.choice((1, 2, 7)))
        self.mailbox.owner_changes_task(case.task, due_date=day)
        case.due, case.moved = datetime.combine(day, local.time(), tzinfo=ZONE), True

    def tick(self, case: Case) -> None:
        self.mailbox.owner_changes_task(case.task, is_complete=True)
        case.state = "dropped"

    def untick(self, case: Case) -> None:
        self.mailbox.owner_changes_task(case.task, is_complete=False)
        case.state = "open"

    def delete(self, case: Case) -> None:
        self.mailbox.owner_trashes_task(case.task)
        case.state = "withdrawn"

    def restore(self, case: Case) -> None:
        self.mailbox.owner_restores_task(case.task)
        case.state = "open"

    def file(self, case: Case) -> None:
        self.mailbox.owner_files_task(case.task, "mine")

    def command(self, case: Case, name: str) -> None:
        """By a category, on the question or on its task."""
        seen = self.seen(case)
        if seen and self.chance.random() < 0.5:
            self.mailbox.owner_changes_task(case.task, categories=(*seen.categories, name))
        else:
            shown = self.mailbox.categories_of(case.message_id)
            self.mailbox.owner_categorizes(case.message_id, *shown, name)
        case.waits = name == NEED_MORE
        if name != NEED_MORE:
            case.state = "withdrawn"

    def seen(self, case: Case) -> SeenTask | None:
        """The task of a question, as it stands in the mailbox."""
        return next((s for _, s in self.mailbox.task_items.values() if s.token == case.task), None)


DOINGS: dict[str, Callable[[Month, Case], None]] = {
    "answer": Month.answer,
    "put off": Month.put_off,
    "move": Month.move,
    "tick": Month.tick,
    "untick": Month.untick,
    "delete": Month.delete,
    "restore": Month.restore,
    "file": Month.file,
    NOT_A_QUESTION.removeprefix("ackd: "): lambda month, case: month.command(case, NOT_A_QUESTION),
    CANNOT_HELP.removeprefix("ackd: "): lambda month, case: month.command(case, CANNOT_HELP),
    NEED_MORE.removeprefix("ackd: "): lambda month, case: month.command(case, NEED_MORE),
}


# --- the simulation's own count -----------------------------------------------------------------------


def figures_of(cases: list[Case], now: datetime) -> Figures:
    """Counted from what people did, not from the ledger."""
    states = Counter(case.state for case in cases)
    kept = [(case, case.answered) for case in cases if case.state == "kept" and case.answered]
    late = sum(case.due is not None and answered > case.due for case, answered in kept)
    spans = [worked(case.received, answered) for case, answered in kept]
    return Figures(
        made=len(cases),
        kept_in_time=states["kept"] - late,
        kept_late=late,
        open=states["open"],
        dropped=states["dropped"],
        withdrawn=states["withdrawn"],
        moved=sum(case.moved for case in cases),
        overdue=sum(case.state == "open" and not case.waits and _is_over(case, now) for case in cases),
        median_answer=median(spans) if spans else None,
    )


def _is_over(case: Case, now: datetime) -> bool:
    return case.due is not None and case.due <= now


def worked(begin: datetime, end: datetime) -> timedelta:
    """Nine to five on weekdays, and nothing while the owner is away; minute by minute. There is no
    public holiday before Christmas."""
    first, last = begin.astimezone(ZONE), end.astimezone(ZONE)
    total, day = timedelta(), first.date()
    holiday = [moment.astimezone(ZONE) for moment in AWAY]
    while day <= last.date():
        opens, closes = (datetime.combine(day, time(hour), tzinfo=ZONE) for hour in (9, 17))
        if day.weekday() < 5 and day not in FEASTS:
            pieces = [(opens, min(closes, holiday[0])), (max(opens, holiday[1]), closes)]
            total += sum((max(min(e, last) - max(s, first), timedelta()) for s, e in pieces), timedelta())
        day += timedelta(days=1)
    return total


#: Of Bavaria, in the time of the simulation.
FEASTS = {datetime(2026, 12, 25, tzinfo=ZONE).date()}


def grouped(cases: list[Case], key: Callable[[Case], str], now: datetime) -> dict[str, Figures]:
    names = sorted({key(case) for case in cases})
    return {name: figures_of([case for case in cases if key(case) == name], now) for name in names}


def week_of(case: Case) -> str:
    year, week, _ = case.received.astimezone(ZONE).isocalendar()
    return f"{year}-W{week:02}"


@pytest.mark.parametrize("seed", seeds(7))
def test_a_month(seed: int) -> None:
    month = Month(random.Random(seed))
    month.live()
    now, mailbox = month.clock.now(), month.mailbox
    assert len(month.cases) == QUESTIONS
    assert set(month.done) == {*DOINGS, *BY_ASKER}, "everything happened"
    made = month.ledger.courses(MONDAY, now)
    found = report(made, SETTINGS.calendar, MONDAY, now, now, by_colleague=True)
    assert found.total == figures_of(month.cases, now)
    assert min(found.total.kept_late, found.total.overdue, found.total.dropped) > 5
    assert dict(found.by_colleague or ()) == grouped(month.cases, lambda case: case.asker, now)
    assert dict(found.by_week) == grouped(month.cases, week_of, now)
    tokens = Counter(letter.token for letter in mailbox.letters)
    assert max(tokens.values()) == 1, "a letter went out twice"
    digests = {letter.token for letter in mailbox.letters if letter.subject.startswith("ackd: ")}
    slots = Counter(sent.at.astimezone(ZONE).date() for sent in mailbox.sent() if sent.token in digests)
    assert len(slots) > 15
    assert max(slots.values()) == 1, "more than one digest in a slot"
    for case in month.cases:
        seen = month.seen(case)
        if seen is not None and case.state == "open":
            assert case.due is not None
            assert seen.due_date == case.due.astimezone(ZONE).date(), case.name
        assert seen is None or case.state == "open" or seen.is_complete or seen.is_deleted, case.name
