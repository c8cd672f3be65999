"""The world of the exactly-once property: a mailbox in memory, two ackds on it, colleagues who
write, an owner who answers and deletes, and whatever may go wrong at any call of a port."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ackd.engine.daemon import Daemon
from ackd.engine.limits import Limits
from ackd.engine.outbox import EXCUSE
from ackd.engine.waiting import TOLERATED
from ackd.errors import AckdError, Busy, ClocksApart, LedgerError, Unreachable
from ackd.mailbox.memory.mailbox import LEASE_TIME, MemoryMailbox
from ackd.model import (
    Appointment,
    Changes,
    DigestTimes,
    EffectKind,
    EffectState,
    Letter,
    Mail,
    Outcome,
    Place,
    PromiseState,
    RuleName,
    SentMail,
    Unknown,
    token_of,
)
from ackd.promise.lifecycle import FollowRules
from tests.backends import InMemory
from tests.clock import Skewed, StepClock
from tests.people import MONDAY, PlainLetters, mail, settings
from tests.property.ledgers import InMemory as InMemoryLedger
from tests.property.ledgers import Kept, OnDisk
from tests.steps import Killed

COLLEAGUES = ("bob@corp.example", "carol@corp.example", "dave@corp.example")
HERE, THERE = "here", "there"
WRITES = ("send", "create_tasks", "create_appointments")
SENDING = (*WRITES, "draft")
#: The steps between the last question for the lease and the write: what is stopped here for longer
#: than the lease lasts writes when it wakes (docs/architecture.md, the lease and what it can't do).
BETWEEN = {
    "after holds",
    "before attempting",
    "after attempting",
    "before send",
    "before create_tasks",
    "before create_appointments",
}
MOST = 300  # calls of one kind in a pass
BARELY_COMMANDED = timedelta(days=20)  # a clock so far ahead may take a mail for too old for commands
LONG_AGO = MONDAY - timedelta(days=365)


@dataclass
class Exchange(MemoryMailbox):
    """A mailbox whose copies of sent letters may appear late: `late` is after how many minutes those
    of the next write do. `doubtful` counts, by token, the letters whose outcome was kept back."""

    late: float = 0
    doubtful: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)  # calendar entries that stand, by token
    _hidden: list[tuple[datetime, list[SentMail]]] = field(default_factory=list)

    def is_all_there(self) -> bool:
        """Whether no copy is still to appear."""
        self._appear()
        return not self._hidden

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Send letters; the copies come when they come."""
        before, late, self.late = len(self._log), self.late, 0
        outcomes = super().send(letters)
        doubted = [letter for letter, o in zip(letters, outcomes, strict=True) if isinstance(o, Unknown)]
        self.doubtful.update(letter.token for letter in doubted)
        if late:
            copies = [entry for entry in self._log[before:] if isinstance(entry, SentMail)]
            del self._log[before:]
            self._hidden.append((self.now() + timedelta(minutes=late), copies))
        return outcomes

    def watch_tasks(self, folders: Collection[str]) -> None:
        """Watch lists: those of all the ackds on this mailbox."""
        super().watch_tasks(self.watched_lists | frozenset(folders))

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        """Make calendar entries, and count those that were made, told or not."""
        before = self.fail_next == "before"
        self.entered.update(() if before else (appointment.token for appointment in appointments))
        return super().create_appointments(appointments)

    def remove(
        self, tokens: Collection[str], *, untouched_since: datetime | None = None, for_good: bool = True
    ) -> frozenset[str]:
        """Remove what carries the tokens: of calendar entries each that does."""
        removed = super().remove(tokens, untouched_since=untouched_since, for_good=for_good)
        for token in removed:
            self.entered.pop(token, None)
        return removed

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        """What is new, without the copies that aren't there yet."""
        self._appear()
        return super().changes(sync_state, since)

    def find(self, tokens: Collection[str]) -> dict[str, Place]:
        """Where the tokens are that can be found by now."""
        self._appear()
        hidden = {copy.token for _, copies in self._hidden for copy in copies}
        return {token: place for token, place in super().find(tokens).items() if token not in hidden}

    def _appear(self) -> None:
        due = [copies for when, copies in self._hidden if when <= self.now()]
        self._hidden = [(when, copies) for when, copies in self._hidden if when > self.now()]
        self._log += [copy for copies in due for copy in copies]


#: A step of a pass: before or after the n-th call of a name; a call of a port has both.
Point = tuple[str, int]


@dataclass
class Life:
    """A pass of one process. At a point of it happens what `event` does."""

    world: World
    point: Point | None = None
    event: Callable[[str], None] | None = None
    passed: Counter[str] = field(default_factory=Counter)
    looked: int = 0
    clock: Skewed | None = None
    dead: bool = False
    waited: bool = False  # for another one's lease

    def step(self, label: str) -> None:
        """Take a step; once the process is dead, none of its calls is made any more."""
        if self.dead:
            raise Killed
        self.passed[label] += 1
        assert self.passed[label] < MOST, f"a pass without end: {self.passed.most_common(9)}"
        if self.event is not None and (label, self.passed[label]) == self.point:
            self.event(label)

    def die(self, _label: str) -> None:
        """The event of a crash."""
        self.dead = True
        raise Killed

    def fail(self, label: str) -> None:
        """The event of an error: of the disk before a call of the ledger, of the network around a
        call of the mailbox. A write of the mailbox raises only what refuses it for certain."""
        when, _, call = label.partition(" ")
        if not hasattr(MemoryMailbox, call):
            if when == "before":
                raise LedgerError("disk is full")
        elif call not in WRITES:
            raise Unreachable("no connection")
        elif when == "before":
            raise Busy("slow down")


class Port:
    """A port as one process uses it."""

    def __init__(self, port: Any, life: Life) -> None:
        self._port = port
        self._life = life

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method):
            return method
        life = self._life

        def call(*args: Any, **kwargs: Any) -> Any:
            life.step(f"before {name}")
            if name == "changes":
                life.looked = life.world.moment
            if name in SENDING:
                life.world.check_clock(life.clock)
            if name in ("send", "draft"):
                life.world.check_unanswered(args[0], life.looked)
            result = method(*args, **kwargs)
            life.waited |= name == "take_lease" and result is None
            life.step(f"after {name}")
            return result

        return call


class Machine:
    """A machine with an ackd: its clock and its ledger, which outlive each process."""

    def __init__(self, name: str, world: World, kept: Kept) -> None:
        self.name = name
        self.world = world
        self.clock = Skewed(world.server)
        self.forgotten: set[str] = set()  # questions whose promise must not be open again
        self._kept = kept
        self.ledger = kept.ledger
        self._blank = self.copy()
        how = settings(grace_minutes=0 if name == HERE else 3, holder=name)
        self._settings = self._usual = replace(how, letters=PlainLetters())

    def enter(self, *, entries: bool) -> None:
        """Whether the promised moments stand in the calendar too."""
        rules = replace(self._settings.rules, calendar_entry=entries)
        self._settings = replace(self._settings, rules=rules)

    def limit(self, limits: Limits) -> Limits:
        """How many letters may go out from now on; returns how many might before."""
        before = self._settings.limits
        self._settings = replace(self._settings, limits=limits)
        return before

    def follow(self, rules: FollowRules, digest: DigestTimes | None) -> None:
        """How promises are followed from now on."""
        self._settings = replace(self._settings, follow=rules, digest=digest)

    @property
    def following(self) -> tuple[FollowRules, DigestTimes | None]:
        """How promises are followed."""
        return self._settings.follow, self._settings.digest

    def day(self, moment: datetime) -> date:
        """The owner's date at a moment."""
        return self._settings.calendar.local_date(moment)

    def known_days(self, question: str) -> set[date | None]:
        """The days of a question's promise and of its task, as the ledger has them: apart while the promise
        has another date that isn't written to the task yet."""
        known = self.ledger.snapshots([question]).get(question)
        days = {self.day(known.promise.due)} if known else set()
        return days | ({known.task.due_date} if known and known.task else set())

    def renew(self, world: World) -> None:
        """The same machine in another world, with an empty ledger: opening one is slow. How promises were
        followed in the last one is over."""
        self.follow(self._usual.follow, self._usual.digest)
        self.world = world
        world.machines.append(self)
        self.clock = Skewed(world.server)
        self.forgotten = set()
        self._kept.restore(self._blank)

    def has_met(self, question: str) -> bool:
        """Whether the ledger knows of a task of a question."""
        known = self.ledger.snapshots([question]).get(question)
        return known is not None and known.state_of(EffectKind.TASK) is EffectState.DONE

    def has_made(self, question: str) -> bool:
        """Whether the ledger knows that the task of a question was made."""
        done = self.ledger.in_state(EffectState.DONE)
        return token_of(question, EffectKind.TASK) in {pending.effect.token for pending in done}

    def copy(self) -> Any:
        """A backup of the ledger as it stands."""
        return self._kept.copy()

    def restore(self, backup: Any) -> None:
        """Put a backup in the ledger's place."""
        self.world.meant_alone()
        self.forgotten = set()
        self._kept.restore(backup)

    def close(self) -> None:
        """Release the ledger."""
        self._kept.close()

    def lose(self) -> None:
        """The ledger is deleted. What is in the trash by now is nobody's promise any more."""
        self.restore(self._blank)
        self.forgotten = self.world.trashed()

    def run(self, at: Point | None = None, event: Callable[[Life, str], None] | None = None) -> None:
        """A new process does one pass; errors of ackd's end it, as a crash does."""
        life = Life(self.world, at, clock=self.clock)
        self.world.mailbox.shows_time = False  # a new process knows nothing of it
        if not self.world.mailbox.tells_time and self.clock.wrong_by > BARELY_COMMANDED:
            self.world.overlook_commands()
        if event is not None:
            life.event = lambda label: event(life, label)
        ports: list[Any] = [Port(self.world.mailbox, life), Port(self.ledger, life)]
        calm = event is None and self.world.is_calm()
        try:
            Daemon(*ports, self.clock, self._settings).run_pass()
            self.world.passes[self.name] += 1
        except ClocksApart:
            calm = False
        except (Killed, AckdError):
            self.world.disturbed, calm = True, False
        if calm and not life.waited:
            self.world.check_agreement(self)


@dataclass
class World:
    """Everything there is, and what was seen of it."""

    backend: InMemory = field(default_factory=lambda: InMemory(Exchange))
    asked: dict[str, Mail] = field(default_factory=dict)  # questions that deserve an answer
    followed_up: set[str] = field(default_factory=set)  # of these, those in another's thread
    threads: dict[str, str] = field(default_factory=dict)  # what an asker wrote again, and to which question
    silent: set[str] = field(default_factory=set)  # mails that must never be acknowledged
    answered: dict[str, int] = field(default_factory=dict)  # question → moment
    erased: Counter[str] = field(default_factory=Counter)  # tasks that are nowhere any more
    dealt_with: set[str] = field(default_factory=set)  # questions that may go without a letter
    perhaps: set[str] = field(default_factory=set)  # mails that may be taken for questions
    put_off: set[str] = field(default_factory=set)  # questions whose askers the owner told a date
    revived: dict[str, Counter[str]] = field(
        default_factory=dict
    )  # taken back by the owner, after which passes
    left_alone: set[str] = field(default_factory=set)  # questions that were known to have a task alone
    passes: Counter[str] = field(default_factory=Counter)  # passes that came to their end, by machine
    taken_up: Counter[str] = field(default_factory=Counter)  # how often, after they were closed
    moment: int = 0  # counts what happens, so that before and after can be told
    disturbed: bool = False  # something went wrong, so that a letter may be parked
    machines: list[Machine] = field(default_factory=list)
    is_plain: bool = True  # one machine, one ledger: the tries of a letter can be counted

    def __post_init__(self) -> None:
        self.server: StepClock = self.backend.clock
        self.mailbox: Exchange = self.backend.mailbox

    # --- what people do -----------------------------------------------------------------------

    def arrive(self, name: str, asker: str, **how: str) -> Mail:
        """A mail comes in."""
        self.moment += 1
        return self.mailbox.arrive(mail(name, sender=asker, at=self.server.now(), **how))

    def ask(self, asker: str, *, about: Mail | None = None) -> None:
        """A colleague asks, perhaps in the thread of another question."""
        thread = {"references": about.message_id} if about else {}
        made = self.arrive(f"q{len(self.asked)}", asker, **thread)
        self.asked[made.message_id] = made
        if about:
            self.followed_up.add(made.message_id)
        if about and about.sender == made.sender:
            self.threads[made.message_id] = about.message_id
            self.hear_again(about.message_id)

    def thread(self, question: str) -> list[str]:
        """A question and what its asker wrote before it in the same thread, the last first."""
        names = [question]
        while (before := self.threads.get(names[-1])) is not None:
            names.append(before)
        return names

    def hear_again(self, question: str) -> None:
        """The asker wrote again in the thread of a question."""

    def answer(self, question: Mail) -> None:
        """The owner answers a question."""
        assert question.sender is not None
        self.moment += 1
        self.mailbox.owner_sends(to=[question.sender.email], in_reply_to=question.message_id)
        self.answered.setdefault(question.message_id, self.moment)
        self.dealt_with |= set(self.thread(question.message_id))

    def answer_first(self, asker: str, meanwhile: Callable[[], None]) -> None:
        """The owner answers a mail on another device, before the server shows it."""
        name = f"q{len(self.asked)}"
        made = mail(name, sender=asker, at=self.server.now())
        self.answer(made)
        meanwhile()
        self.asked[made.message_id] = self.mailbox.arrive(made)

    def delete_task(self, question: str, *, for_good: bool) -> None:
        """The owner deletes the task of a question, where there is one."""
        token = token_of(question, EffectKind.TASK)
        self.taken_up[question] += self.is_unmet(question)
        if for_good:
            self.erased[question] += self.tasks()[question]
            self.mailbox.owner_erases_task(token)
        else:
            self.mailbox.owner_trashes_task(token)

    def joined(self) -> None:
        """A second ackd begins: it parks a task of which it finds the letter alone, and makes one once more
        of which it finds nothing at all."""
        self.disturbed |= bool(self.erased)
        for question in set(self.erased) - set(self.letters()):
            del self.erased[question]
        self.passes[THERE] += 0  # it is one of those that are to look, also while it dies in each pass

    def pass_time(self, minutes: float) -> None:
        """Time goes on, everywhere."""
        self.server.move(timedelta(minutes=minutes))

    # --- what stands in the mailbox --------------------------------------------------------------

    def letters(self) -> Counter[str]:
        """Acknowledgements that went out, by question."""
        return Counter(
            letter.in_reply_to
            for letter in self.mailbox.letters
            if letter.token == token_of(letter.in_reply_to, EffectKind.ACKNOWLEDGEMENT)
        )

    def later_letters(self) -> Counter[str]:
        """All other letters that went out, by token."""
        every = Counter(letter.token for letter in self.mailbox.letters)
        first = {token_of(name, EffectKind.ACKNOWLEDGEMENT) for name in self.letters()}
        return Counter({token: count for token, count in every.items() if token not in first})

    def tasks(self) -> Counter[str]:
        """Tasks in the mailbox, in the trash too, by question."""
        return Counter(task.message_id for task, _ in self.mailbox.task_items.values())

    def meant_alone(self) -> set[str]:
        """Questions with a task alone: a limit left them without a letter, since their thread had enough of
        them, or it came too late to say anything but that. A ledger that knew of it may be lost since."""
        every = [machine.ledger.judged(LONG_AGO) for machine in self.machines]
        limited = [
            r for rows in every for r in rows if RuleName.LIMITS in {one.rule for one in r.verdict.findings}
        ]
        names = {*self.asked, *self.perhaps}
        known = [one for machine in self.machines for one in machine.ledger.snapshots(names).values()]
        late = [one.name for one in known for effect in one.effects if effect.note == EXCUSE]
        self.left_alone |= {*(row.message_id for row in limited), *late}
        return self.left_alone

    def is_unmet(self, question: str) -> bool:
        """Whether one ackd, whose letter may be still to go, never met the task that a limit of another one's
        left alone, or the owner, who told the date: it can't know that the owner deletes it, and makes
        it once more (docs/architecture.md)."""
        if self.letters()[question] or question not in self.meant_alone() | self.put_off:
            return False
        return any(machine.name in self.passes and not machine.has_met(question) for machine in self.machines)

    def trashed(self) -> set[str]:
        """Questions whose tasks lie in the trash."""
        return {task.message_id for task, seen in self.mailbox.task_items.values() if seen.is_deleted}

    def made(self) -> Counter[str]:
        """Tasks that were ever made, by question."""
        return self.tasks() + self.erased

    def is_calm(self) -> bool:
        """Whether a pass that begins now meets nothing in its way."""
        mailbox = self.mailbox
        return not mailbox.fail_next and not mailbox.refuse_to and not mailbox.late and mailbox.is_all_there()

    # --- what must hold ----------------------------------------------------------------------------

    def overlook_commands(self) -> None:
        """A pass by a clock that is far ahead begins, and no server tells the time."""

    def check_agreement(self, machine: Machine) -> None:
        """What holds after a pass that nothing disturbed."""

    def check_clock(self, clock: Skewed | None) -> None:
        """Nothing is written by a clock that isn't the server's."""
        assert clock is None or abs(clock.wrong_by) <= TOLERATED, (
            f"written by a clock that is {clock.wrong_by} off"
        )

    def check_unanswered(self, letters: list[Letter], looked: int) -> None:
        """No letter leaves whose question was answered before the last look."""
        for letter in letters:
            answered = self.answered.get(letter.in_reply_to)
            assert answered is None or answered > looked, f"{letter.in_reply_to}: after the owner answered"

    def check(self) -> None:
        """What holds at every moment."""
        letters, made = self.letters(), self.made()
        assert all(number == 1 for number in letters.values()), f"acknowledged twice: {letters}"
        wanted = {name: 1 + self.taken_up[name] for name in made}
        assert all(made[name] <= wanted[name] for name in made), f"tasked twice: {made}"
        assert all(n == 1 for n in self.later_letters().values()), "a later letter went out twice"
        entered = self.mailbox.entered
        assert all(number == 1 for number in entered.values()), f"entered twice: {entered}"
        told = {*letters, *self.put_off}
        acknowledged = {token_of(question, EffectKind.APPOINTMENT) for question in told}
        if not set(entered) <= acknowledged:
            acknowledged |= {token_of(question, EffectKind.APPOINTMENT) for question in self.meant_alone()}
        assert set(entered) <= acknowledged, "a calendar entry without a letter"
        asked = {*self.asked, *self.perhaps}
        assert set(letters) <= asked, f"acknowledged: {set(letters) - asked}"
        tries = self.mailbox.doubtful
        assert not self.is_plain or all(n <= 2 for n in tries.values()), f"tried on and on: {tries}"
        alone = set(made) - told
        assert not alone or alone <= self.meant_alone(), f"tasks without a letter: {alone}"

    def check_settled(self, machines: list[Machine]) -> None:
        """What holds when the dust has settled: nobody who asked is forgotten."""
        parked = {
            (p.effect.message_id, p.effect.kind)
            for machine in machines
            for p in machine.ledger.in_state(EffectState.PARKED)
        }
        assert self.disturbed or not parked, "parked for no reason"
        letters, made = self.letters(), self.made()
        self._check_promises(machines, letters, made, {question for question, _ in parked})
        record = {row.message_id: row for row in machines[0].ledger.judged(LONG_AGO)}
        for name, question in self.asked.items():
            if letters[name] or name in self.dealt_with or (name, EffectKind.ACKNOWLEDGEMENT) in parked:
                continue
            assert name in record, f"{name}: lost without a word"
            row = record[name]
            found = {finding.rule for finding in row.verdict.findings}
            vetoes = found - {RuleName.REQUEST, RuleName.LESSONS}  # which are evidence
            follows_up = name in self.followed_up and RuleName.OPEN_PROMISE in vetoes
            is_taught = not vetoes and RuleName.LESSONS in found  # by what the owner said of other mails
            if row.verdict.acknowledge:
                assert "too late" in row.closed, f"{name}: lost, {row.closed or 'still open'}"
            elif follows_up or is_taught or vetoes == {RuleName.LIMITS}:
                continue
            else:
                assert vetoes == {"age"}, f"{name}: left by {vetoes}"
                assert row.decided - question.received > timedelta(hours=40), f"{name}: too old too soon"

    def _check_promises(
        self, machines: list[Machine], letters: Counter[str], made: Counter[str], parked: set[str]
    ) -> None:
        for machine in machines:
            unsettled = machine.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN)
            assert not unsettled, f"{machine.name}: never settled"
            for promise in machine.ledger.open_promises():
                name = promise.question.message_id
                assert name not in machine.forgotten - self.revived.keys(), (
                    f"{machine.name}: {name} was deleted, and is open again"
                )
                if name not in parked:
                    is_told = letters[name] == 1 or name in self.put_off or name in self.meant_alone()
                    assert is_told, f"{machine.name}: {name} is promised to nobody"
                    assert made[name], f"{machine.name}: {name} has no task"
            self._check_kept(machine, letters.keys() - parked, made)

    def _check_kept(self, machine: Machine, told: Collection[str], made: Counter[str]) -> None:
        """Each promise of which an asker was told is open, unless owner or asker had to do with it since. One
        without a task, which a process that died didn't make, is nothing but its letter to a ledger that is
        lost by then: where the question is too old for one too, it is left for its age, and where its asker
        has another promise open in that thread, it is left for that one."""
        judged = machine.ledger.judged(LONG_AGO)
        vetoes = {r.message_id: {one.rule for one in r.verdict.findings} for r in judged}
        left_alone = {name for name, rules in vetoes.items() if "age" in rules and not made[name]}
        askers = {promise.question.asker.key for promise in machine.ledger.open_promises()}
        left_alone |= {
            r.message_id
            for r in judged
            if RuleName.OPEN_PROMISE in vetoes[r.message_id] and r.sender in askers and not made[r.message_id]
        }
        names = set(told) - self.dealt_with - self.trashed() - self.erased.keys() - left_alone
        known = machine.ledger.snapshots(names)
        lost = {
            name for name in names if name not in known or known[name].promise.state is not PromiseState.OPEN
        }
        assert not lost, f"{machine.name}: promised, and not known any more: {lost}"


def while_other_works(other: Machine, *, after: float) -> Callable[[Life, str], None]:
    """The event of a process that is stopped while the other one does a pass `after` minutes."""

    def event(life: Life, label: str) -> None:
        if timedelta(minutes=after) > LEASE_TIME and label in BETWEEN:
            return
        life.world.pass_time(after)
        other.run()

    return event


class Machines:
    """The two machines, made once: their ledgers are emptied for each example. They lie on disk, or
    `in_memory`."""

    def __init__(self, *, in_memory: bool = False) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - without fsync's wait, where there is such a place
        self._folder = Path(tempfile.mkdtemp(prefix="ackd-", dir=memory if memory.is_dir() else None))
        world = World()
        self.all = [
            Machine(name, world, InMemoryLedger() if in_memory else OnDisk(self._folder / f"{name}.sqlite"))
            for name in (HERE, THERE)
        ]

    def close(self) -> None:
        """Release the ledgers and their folder."""
        for machine in self.all:
            machine.close()
        shutil.rmtree(self._folder)
