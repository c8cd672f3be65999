"""The demo's stage: a sandbox, the colleagues at their mail programs, and ackd itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from ackd.clock import FileClock
from ackd.demo import story
from ackd.demo.story import Scene
from ackd.mailbox import mail_program
from ackd.mailbox.program import MailProgram, ShownTask
from ackd.model import Judged, Mail, PromiseState
from ackd.model.access import Access
from ackd.runtime.app import App
from exchange_sandbox import Sandbox

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the morning brought: the decisions with the mails' subjects, how the promised dates come about,
    the letters that colleagues got, Alice's tasks, and in words whatever wasn't as it should be."""

    judged: tuple[tuple[Judged, str], ...]
    dates: tuple[str, ...]
    letters: dict[str, tuple[Mail, ...]]
    tasks: tuple[ShownTask, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Afternoon:
    """What became of the promises: their tasks, each with what should have happened, and in words
    whatever wasn't as it should be."""

    tasks: tuple[tuple[ShownTask, str], ...]
    wrong: tuple[str, ...]


class Stage:
    """Everything in one folder, on one clock that the demo moves; with `graph` ackd reaches Alice's mailbox
    by Microsoft Graph, over TLS. A context manager."""

    def __init__(self, folder: Path, *, graph: bool = False) -> None:
        self.folder, self.is_graph = folder, graph
        self.clock_file = folder / "clock"
        self.config_file = folder / "config.yaml"
        self._move_to(story.MONDAY)
        clock = FileClock(self.clock_file)
        people = [story.ALICE, *story.COLLEAGUES]
        self.sandbox = Sandbox(
            folder / "sandbox",
            dict.fromkeys(people, story.PASSWORD),
            clock=clock.now,
            tls=graph,
            apps={story.APP: story.PASSWORD} if graph else None,
        )
        self._programs: dict[str, MailProgram] = {}

    def __enter__(self) -> Self:
        self.sandbox.start()
        for address, name in story.COLLEAGUES.items():
            self.sandbox.name_person(address, name, *name.split())
        password = self.folder / "password"
        password.touch(mode=0o600)
        password.write_text(story.PASSWORD, encoding="ascii")
        text = (story.BY_GRAPH if self.is_graph else story.BY_EWS) + story.CONFIG
        found = text.format(
            alice=story.ALICE,
            endpoint=self.sandbox.graph_url if self.is_graph else self.sandbox.url,
            authority=self.sandbox.sign_in_url,
            app=story.APP,
            password=password,
            ca_bundle=self.sandbox.authority,
            state=self.folder / "state",
        )
        self.config_file.write_text(found, encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program in self._programs.values():
            program.close()
        self.sandbox.stop()

    def go_on(self, tell: Tell) -> Afternoon:
        """The afternoon: Alice works in Outlook, Bob writes again."""
        alice = self._program(story.ALICE)
        with App(self.config_file, self.clock_file) as app:
            self._move_to(story.MONDAY.replace(hour=13, minute=40))
            tell('13:40  Alice answers "Server access" from her phone.')
            self._answer("Server access", "dave@corp.example", "Approved, you are in.")
            tell("       She drags the task of Carol's question to Friday.")
            task = next(t for t in alice.tasks() if "release notes" in t.subject)
            alice.move_task(task, (story.MONDAY + timedelta(days=4)).date())
            tell('       Bob writes again: "Never mind, the refund has arrived."')
            self._answer(
                "Refund for order 4711", story.ALICE, "Never mind, the refund has arrived.", by="bob"
            )
            for minute in (41, 50):
                self._move_to(story.MONDAY.replace(hour=13, minute=minute))
                app.run_pass()
            tell("13:50  ackd follows: nobody typed a word into it.")
            states = {p.question.subject: p.state for p in app.ledger.open_promises()}
        tasks = tuple(
            (t, next((w for s, w in story.BECAME.items() if s in t.subject), "")) for t in alice.tasks()
        )
        return Afternoon(tasks, self._not_followed(tasks, states))

    def _not_followed(
        self, tasks: Sequence[tuple[ShownTask, str]], states: dict[str, PromiseState]
    ) -> tuple[str, ...]:
        drafts = [m.subject for m in self._program(story.ALICE).drafts(FileClock(self.clock_file).now())]
        wrong = [
            f"the task isn't as it should be: {task.subject}"
            for task, words in tasks
            if task.is_complete != words.startswith(("kept", "withdrawn"))
        ]
        if drafts != ["Re: Draft of the release notes"]:
            wrong.append(f"in Drafts: {drafts}")
        if set(states) != {"Draft of the release notes", "Training budget"}:
            wrong.append(f"open promises: {sorted(states)}")
        return tuple(wrong)

    def play(self, tell: Tell) -> Outcome:
        """The whole morning."""
        self._write(story.OLD, 0)
        with App(self.config_file, self.clock_file) as app:
            tell("09:00  ackd starts for the first time: what is in the inbox already is history.")
            app.run_pass()
            self._move_to(story.MONDAY + timedelta(minutes=5))
            tell("09:05  Colleagues write to Alice.")
            for number, scene in enumerate(story.MORNING, start=1):
                self._write(scene, number)
            app.run_pass()
            tell("       ackd reads and judges them. It waits for a while: Alice may answer herself.")
            self._move_to(story.MONDAY + timedelta(minutes=15))
            self._answer_some(tell)
            for hour, minute, words in (
                (9, 25, "The urgent question gets its acknowledgement first."),
                (11, 30, "Two working hours later the others are acknowledged."),
            ):
                self._move_to(story.MONDAY.replace(hour=hour, minute=minute))
                app.run_pass()
                tell(f"{hour:02}:{minute:02}  {words}")
            rules, made = app.context().settings.rules, app.ledger.open_promises()
            dates = tuple(story.date_explained(promise, rules) for promise in made)
            return self._look(app.ledger.judged(since=story.MONDAY), dates)

    def _move_to(self, moment: datetime) -> None:
        temporary = self.clock_file.with_suffix(".new")
        temporary.write_text(moment.isoformat(), encoding="ascii")
        temporary.replace(self.clock_file)  # a reader never sees half a line

    def _program(self, address: str) -> MailProgram:
        if address not in self._programs:
            trusted = str(self.sandbox.authority) if self.is_graph else None
            access = Access(address, self.sandbox.url, address, story.PASSWORD, ca_bundle=trusted)
            self._programs[address] = mail_program(access, story.ZONE)
        return self._programs[address]

    def _write(self, scene: Scene, number: int) -> None:
        if scene.sender in story.COLLEAGUES and not scene.headers:
            program = self._program(scene.sender)
            program.send(story.ALICE, scene.subject, scene.text, importance=scene.importance)
        else:
            now = FileClock(self.clock_file).now()
            self.sandbox.deliver(story.raw(scene, number, now), story.ALICE, from_outside=scene.outside)

    def _answer_some(self, tell: Tell) -> None:
        for scene in story.MORNING:
            if not scene.answered_by_alice:
                continue
            self._answer(scene.subject, scene.sender, scene.answered_by_alice)
            tell(f'09:15  Alice answers "{scene.subject}" herself: that acknowledgement is cancelled.')

    def _answer(self, subject: str, to: str, text: str, *, by: str = "alice") -> None:
        """Alice answers a question in her inbox, or its asker writes again."""
        inbox = self._program(story.ALICE).inbox(FileClock(self.clock_file).now())
        question = next(mail for mail in inbox if mail.subject == subject)
        program = self._program(f"{by}@corp.example")
        program.send(to, f"Re: {subject}", text, in_reply_to=question.message_id)

    def _look(self, judged: Sequence[Judged], dates: tuple[str, ...]) -> Outcome:
        now = FileClock(self.clock_file).now()
        letters = {
            address: tuple(m for m in self._program(address).inbox(now) if _is_ours(m))
            for address in story.COLLEAGUES
        }
        tasks = self._program(story.ALICE).tasks()
        subjects = {mail.message_id: mail.subject for mail in self._program(story.ALICE).inbox(now)}
        order = {scene.subject: number for number, scene in enumerate(story.MORNING)}
        rows = [(row, subjects.get(row.message_id, "")) for row in judged]
        shown = tuple(sorted(rows, key=lambda pair: order.get(pair[1], len(order))))
        return Outcome(shown, dates, letters, tasks, _wrong(letters, tasks))


def _is_ours(mail: Mail) -> bool:
    return any(name.lower() == "x-ackd" for name, _ in mail.headers or ())


def _wrong(letters: dict[str, tuple[Mail, ...]], tasks: Sequence[ShownTask]) -> tuple[str, ...]:
    """What should have been acknowledged and wasn't, and what was and shouldn't have been."""
    wanted = sorted((s.sender, f"Re: {s.subject}") for s in story.MORNING if s.acknowledged)
    got = sorted((address, mail.subject) for address, mails in letters.items() for mail in mails)
    wrong = [f"not acknowledged: {subject} of {who}" for who, subject in wanted if (who, subject) not in got]
    wrong += [f"acknowledged: {subject} of {who}" for who, subject in got if (who, subject) not in wanted]
    if len(got) != len(set(got)):
        wrong.append("acknowledged twice")
    if len(tasks) != len(wanted):
        wrong.append(f"{len(tasks)} tasks instead of {len(wanted)}")
    return tuple(wrong)
