"""Makes the data in this folder: two offices on the sandbox, worked on by the ackd of git commit 27bb915.

It runs on that commit's code and test helpers, not on today's: in a worktree of it,

    PYTHONPATH=. python3 …/tests/kept/27bb915/make.py …/tests/kept/27bb915

writes send.sql, draft.sql, expected.json and settings.txt beside config.yaml and letters/.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from ackd.app import App
from ackd.sandbox import Period, Sandbox, WorkHours
from ackd.signin import SignInGuard
from tests.follow.outlook import PASSWORD, Outlook

import ackd
from ackd import config as configuration
from ackd import hold, proving
from ackd.config import show
from ackd.model import Mail, Place, SentMail, Standing
from tests.people import raw

ALICE, BOB, CAROL, HR = "alice@corp.example", "bob@corp.example", "carol@partner.example", "hr@corp.example"
TEAM = "team@corp.example"
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
QUESTION = "Could you please send me the figures for October?"
URGENT = "This is urgent: could you please send me the figures for October?"
LONG_AGO = MONDAY - timedelta(days=30)


class Killed(BaseException):
    """The process is no more."""


class Office:
    """A mailbox on the sandbox, an ackd on it, and its owner; time passes only by `later`."""

    def __init__(self, folder: Path, given: Path, mode: str) -> None:
        self.folder, self.given, self.mode = folder, given, mode
        self.clock, self.now = folder / "clock", MONDAY
        self.questions: list[dict[str, str]] = []
        self.later(0)
        people = dict.fromkeys((ALICE, BOB, CAROL, HR), PASSWORD)
        groups = {TEAM: [BOB, "dora@partner.example"]}
        self.sandbox = Sandbox(folder / "exchange", people, groups=groups, clock=lambda: self.now).start()
        times = WorkHours("W. Europe Standard Time", (Period(time(9), time(17, 30)),))
        self.sandbox.set_work_hours(ALICE, times)
        self.owner = Outlook(self.sandbox.url, ALICE)
        self.configure("tell")
        shutil.copytree(given / "letters", folder / "letters")
        self.app = App(folder / "config.yaml", self.clock)

    def configure(self, moved: str) -> None:
        """The configuration as it is given, for this office."""
        text = (self.given / "config.yaml").read_text(encoding="utf-8")
        text = text.replace("https://mail.corp.example/EWS/Exchange.asmx", self.sandbox.url)
        text = text.replace("moved: ask", f"moved: {moved}").replace("mode: send", f"mode: {self.mode}")
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        self.clock.write_text(self.now.isoformat(), encoding="ascii")

    def work(self, minutes: float = 1) -> None:
        self.later(minutes)
        self.app.run_pass()

    def until(self, moment: datetime) -> None:
        self.work((moment - self.now) / timedelta(minutes=1))

    def ask(self, name: str, text: str = QUESTION, sender: str = BOB, **how: Any) -> None:
        self.questions.append(
            {"name": name, "text": text, "sender": sender, "at": self.now.isoformat(), **how}
        )
        self.sandbox.deliver(raw(name, text, sender=sender, at=self.now, **how), ALICE)

    def fail(self, operation: str, kind: str, *, times: int = 1, skip: int = 0) -> None:
        self.sandbox.faults.add(operation, kind, times=times, skip=skip)

    def killed_while_sending(self) -> None:
        """A minute later the process is killed: the server has done what it was asked to."""
        mailbox = self.app.mailbox
        send = mailbox.send

        def cut_off(letters: Any) -> Any:
            send(letters)
            raise Killed

        mailbox.send = cut_off
        with contextlib.suppress(Killed):
            self.work()
        mailbox.send = send

    def holds(self) -> dict[str, Any]:
        """What the mailbox holds, as the port tells it."""
        mailbox, ledger = self.app.mailbox, self.app.ledger
        with sqlite3.connect(f"{self.app.config.state_directory}/ledger.sqlite") as db:
            tokens = [row[0] for row in db.execute("select token from effects order by number")]
        places = mailbox.find(tokens)
        past = list(mailbox.past(LONG_AGO))
        sent = [one for one in past if isinstance(one, SentMail)]
        mails = {one.message_id: one for one in past if isinstance(one, Mail)}
        for question in self.questions:
            question["categories"] = list(mails[f"<{question['name']}@corp.example>"].categories)
        return {
            "now": self.now.isoformat(),
            "watermark": mailbox.start_mark().isoformat(),
            "start_mark": ledger.value("start_mark"),
            "questions": self.questions,
            "sent": [
                {
                    "token": one.token or "",
                    "to": one.to[0].email,
                    "in_reply_to": one.in_reply_to or "",
                    "at": one.at.isoformat(),
                    "text": one.text if not one.token else "",
                }
                for one in sent
            ],
            "drafts": sorted(t for t, place in places.items() if place is Place.DRAFTS),
            "entries": sorted(t for t, place in places.items() if place is Place.CALENDAR),
            "tasks": [
                {
                    "token": task.token,
                    "message_id": task.message_id,
                    "asker": task.asker,
                    "promised": task.promised.isoformat(),
                    "due_date": task.due_date.isoformat(),
                    "moves": task.moves,
                    "is_complete": task.is_complete,
                    "is_deleted": task.is_deleted,
                    "categories": list(task.categories),
                }
                for task in mailbox.tasks()
            ],
        }

    def knows(self) -> dict[str, Any]:
        """What the ledger says by its port."""
        ledger = self.app.ledger
        standings = ledger.standings([q(one["name"]) for one in self.questions])
        soon, tomorrow = self.now + timedelta(hours=1), self.now + timedelta(days=1)
        return {
            "promises": {mid: told(standing) for mid, standing in sorted(standings.items())},
            "task_updates": sorted(one.promise.question.message_id for one in ledger.chores()),
            "category_updates": sorted(one.message_id for one in ledger.labels()),
            "due_in_an_hour": {
                kind.value: sorted(one.effect.message_id for one in ledger.due(soon, kind, 100))
                for kind in sorted(ledger.due_kinds(soon))
            },
            "overdue_in_a_day": sorted(one.promise.question.message_id for one in ledger.overdue(tomorrow)),
            "history": [
                [one.at.isoformat(), one.promise.question.message_id, one.what.value, one.words]
                for one in ledger.history(LONG_AGO, soon)
            ],
        }

    def says(self) -> dict[str, Any]:
        """What the commands say of the ledger."""
        since = MONDAY.date().isoformat()
        lines = {
            "status": self.run("status"),
            "parked": self.run("parked"),
            "report": self.run("report", "--since", since),
            "log": self.run("log", "--since", since),
        }
        found = {name: [json.loads(line) for line in text.splitlines()] for name, text in lines.items()}
        return {name: each if name == "log" else each[0] for name, each in found.items()}

    def run(self, *command: str) -> str:
        more = ("--config", str(self.folder / "config.yaml"), "--clock", str(self.clock), "--json")
        return subprocess.run(
            [sys.executable, "-m", "ackd", *command, *more], capture_output=True, text=True, check=True
        ).stdout

    def dump(self) -> str:
        """The ledger as SQL."""
        state = self.app.config.state_directory
        self.app.__exit__(None, None, None)
        with sqlite3.connect(f"{state}/ledger.sqlite") as db:
            return "\n".join(db.iterdump()) + "\n"

    def close(self) -> None:
        self.owner.close()
        self.sandbox.stop()


def told(standing: Standing) -> dict[str, Any]:
    """A promise with its effects, for JSON."""
    promise = standing.promise
    return {
        "state": promise.state.value,
        "due": promise.due.isoformat(),
        "reminder": promise.reminder.isoformat(),
        "told": promise.told.isoformat() if promise.told else None,
        "moves": promise.moves,
        "waits": promise.waits,
        "why": promise.why,
        "asker": promise.question.asker.email,
        "effects": {effect.token: [effect.kind.value, effect.state.value] for effect in standing.effects},
        "task": standing.task.token if standing.task else None,
    }


def shown(value: Any, depth: int = 0) -> str:
    """JSON with one thing a line, for those who review it."""
    if not value or depth > 3 or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        rows, ends = [shown(one, 4) for one in value], "[]"
    else:
        rows = [f"{json.dumps(key)}: {shown(one, depth + 1)}" for key, one in value.items()]
        ends = "{}"
    inside = ",\n".join(" " * (depth + 1) + row for row in rows)
    return f"{ends[0]}\n{inside}\n{' ' * depth}{ends[1]}"


def q(name: str) -> str:
    return f"<{name}@corp.example>"


def in_send_mode(office: Office) -> None:
    """Promises in all states, and what can become of letters and tasks."""
    owner = office.owner
    office.work()
    list(
        proving.prove(
            office.app.mailbox, office.app.ledger, ALICE, office.app.clock, lambda s: office.later(s / 60)
        )
    )
    office.work()
    for name in ("told", "moved", "more", "kept", "dropped", "withdrawn", "asked", "tick"):
        office.ask(name)
    office.ask("payroll", "Could you tell me when my salary is paid?")
    office.ask("urgent", URGENT, CAROL)
    office.ask("thanks", "Thank you very much!")
    office.ask("robot", QUESTION, "no-reply@corp.example")
    office.work(2)
    office.work(6)
    office.work(30)
    office.work()
    owner.move(q("moved"), (MONDAY + timedelta(days=4)).date())
    owner.mark(q("more"), "a: more", *owner.categories(q("more")))
    owner.answer(q("kept"))
    owner.tick(q("dropped"))
    owner.trash(q("withdrawn"))
    for minutes in (1, 1, 6, 1):
        office.work(minutes)
    office.until(MONDAY + timedelta(hours=5))
    office.ask("release", "What is the release date? Could you tell me?")
    office.until(MONDAY + timedelta(hours=9))  # the urgent one's moment passes
    office.work()
    office.until(TUESDAY.replace(hour=7, minute=31))  # the digest of the morning
    office.configure("ask")
    office.work()
    owner.move(q("asked"), (MONDAY + timedelta(days=8)).date())
    for minutes in (1, 6, 1):
        office.work(minutes)
    office.ask("lettered")
    office.work()
    office.fail("CreateItem", "cut-before-commit")
    office.work(31)
    office.fail("CreateItem", "cut-before-commit")
    office.work(11)
    office.work(11)
    office.ask("tasked")
    office.work()
    office.fail("CreateItem", "cut-before-commit", skip=1)
    office.work(31)
    office.fail("CreateItem", "cut-before-commit")
    office.work(11)
    office.work(11)
    office.ask("lost")
    office.ask("late")
    office.later(2)
    office.ask("killed")
    office.work(3)
    office.ask("grace")
    office.work(24)
    office.later(2)
    owner.answer(q("tick"))
    office.fail("CreateItem", "cut-before-commit")
    office.fail("UpdateItem", "store-unavailable", times=-1)
    office.app.run_pass()
    office.killed_while_sending()
    SignInGuard(office.app.ledger, "an older password").remember(office.now)


def in_draft_mode(office: Office) -> None:
    """Drafts that wait, a digest in doubt, and sending held by the owner."""
    office.work()
    for name in ("stays", "sends", "thrown"):
        office.ask(name)
    office.work(2)
    office.work(31)
    office.work()
    office.later((TUESDAY.replace(hour=7, minute=31) - office.now) / timedelta(minutes=1))
    office.fail("CreateItem", "cut-before-commit")
    office.app.run_pass()
    office.work()
    office.ask("held")
    office.work()
    hold.pause(office.app.ledger, office.now)
    office.work()
    office.ask("later")
    office.work()


def make(given: Path, mode: str, play: Callable[[Office], None]) -> dict[str, Any]:
    """One office's day and a half; its ledger is written as SQL."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), given, mode)
        play(office)
        made = {"mailbox": office.holds(), "ledger": office.knows()}
        (given / f"{mode}.sql").write_text(office.dump(), encoding="utf-8")
        made |= office.says()
        office.close()
    return made


def main(given: Path) -> None:
    os.environ["ACKD_PASSWORD"] = PASSWORD
    assert importlib.util.find_spec("ackd.following"), f"{ackd.__file__} isn't the ackd of 27bb915"
    settings = show.show(configuration.load(given / "config.yaml"))
    (given / "settings.txt").write_text(settings.replace(str(given.resolve()), "FOLDER"), encoding="utf-8")
    made = {"send": make(given, "send", in_send_mode), "draft": make(given, "draft", in_draft_mode)}
    (given / "expected.json").write_text(shown(made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
