"""What `--json` prints, key by key: programs read it. After a change that is meant, write the files anew
with `ACKD_REWRITE_GOLDEN=1`, and look at what differs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.engine import promises
from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access
from ackd.mailbox.ews.client import MailProgram
from ackd.model import EffectKind, EffectState, token_of
from exchange_sandbox import FileClock, Sandbox, deliver
from tests.people import MONDAY, raw
from tests.system.commands import CONFIG, in_process

ALICE = "alice@corp.example"
GOLDEN = Path(__file__).parent / "golden"
#: Message-IDs that the server makes.
RANDOM = re.compile("<[0-9a-f]{32}@exchange[.]corp[.]example>")
RULES = "rules: [{name: no budgets, when: {subject: budget}, then: {acknowledge: never}}]"
OTHER_RULES = """\
rules:
  - {name: eve is quiet, when: {from: eve@corp.example}, then: {acknowledge: never}}
  - {name: HR, when: {from: carol@corp.example}, then: {letter: redirect, contact: hr@corp.example}}
"""


@dataclass
class Week:
    """A small office on one clock, in which everything that a command can show has happened: answered,
    overdue and moved promises, drafts of the owner's rules, a parked letter, mail that was left."""

    folder: Path
    sandbox: Sandbox
    now: datetime = MONDAY
    printed: dict[str, Any] = field(default_factory=dict)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        (self.folder / "clock").write_text(self.now.isoformat(), encoding="ascii")

    def deliver(self, *mails: bytes) -> None:
        deliver(self.folder / "sandbox", list(mails), ALICE, clock=FileClock(self.folder / "clock"))

    def answer(self, name: str) -> None:
        access = Access(ALICE, self.sandbox.url, ALICE, "secret")
        program = MailProgram(access, ZoneInfo("Europe/Berlin"))
        program.send("bob@corp.example", "Re: it", "Here it is.", in_reply_to=f"<{name}@corp.example>")
        program.close()

    def ackd(self, *command: str) -> Any:
        """What a command prints: an object, or a list of lines where it prints several."""
        lines = [json.loads(line) for line in self.run(*command, "--json").splitlines()]
        if (
            command[0] == "log"
        ):  # mails of one moment come in the order of Message-IDs, of which some are random
            return sorted(lines, key=json.dumps)
        return lines if command[0] == "explain" else lines[0]

    def run(self, *command: str) -> str:
        where = ("--config", str(self.folder / "config.yaml"), "--clock", str(self.folder / "clock"))
        done = in_process(*command, *where)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return RANDOM.sub("<of the server>", done.stdout.replace(str(self.folder), "FOLDER"))

    def live(self) -> None:
        self.printed["once first"] = self.ackd("once")
        self.later(minutes=1)
        self.deliver(raw("quick"), raw("thanks", "Thanks, great!"), raw("budget", sender="dan@corp.example"))
        self.deliver(
            raw("urgent", "Please send me the report today, it is urgent.", sender="eve@corp.example")
        )
        self.deliver(raw("forged", stamp="Anonymous", sender="mallory@corp.example"))
        self.printed["once"] = self.ackd("once")
        self.printed["check"] = self.ackd("check")
        self.later(hours=1)
        self.answer("quick")
        self.ackd("once")
        self.later(days=1)
        self.deliver(raw("slow", "Could you send me the plan by Friday?", sender="carol@corp.example"))
        self.ackd("once")
        self.later(hours=1)
        self.deliver(raw("doubt", sender="frank@corp.example", at=self.now))
        self.ackd("once")
        self.park("<doubt@corp.example>")
        self.run("pause")
        self.printed["status held"], self.printed["parked"] = self.ackd("status"), self.ackd("parked")
        self.run("resume")
        self.ackd("once")
        self.tell()

    def park(self, message_id: str) -> None:
        """A letter's outcome is one that a person must tell."""
        token = token_of(message_id, EffectKind.ACKNOWLEDGEMENT)
        with closing(SqlLedger(f"sqlite:///{self.folder / 'state' / 'ledger.sqlite'}", ALICE)) as ledger:
            promises.put_all(ledger, [token], EffectState.PARKED, "no answer from the server")

    def tell(self) -> None:
        for command in ("status", "promises", "log", "report", "replay", "calibrate"):
            self.printed[command] = self.ackd(command)
        other = self.folder / "other.yaml"
        other.write_text(
            (self.folder / "config.yaml").read_text(encoding="utf-8").replace(RULES, OTHER_RULES)
        )
        other.chmod(0o600)
        self.printed["replay compare"] = self.ackd("replay", "--compare", str(other))
        self.printed["in words"] = self.run("replay", "--compare", str(other)).splitlines()
        self.printed["explain"] = self.ackd("explain", "--subject", "About")
        file = self.folder / "mail.eml"
        file.write_bytes(raw("file", "Could you tell me by Thursday noon whether the room is free?"))
        self.printed["explain file"] = self.ackd("explain", str(file))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("week")
    clock = folder / "clock"
    clock.write_text(MONDAY.isoformat(), encoding="ascii")
    people = dict.fromkeys((ALICE, *(f"{name}@corp.example" for name in ("bob", "carol", "eve"))), "secret")
    with Sandbox(folder / "sandbox", people, clock=FileClock(clock)) as sandbox:
        text = CONFIG.format(endpoint=sandbox.url, state=folder / "state", mode="send", more=RULES)
        (folder / "config.yaml").write_text(text, encoding="utf-8")
        (folder / "config.yaml").chmod(0o600)
        week = Week(folder, sandbox)
        week.live()
        yield week.printed


@pytest.mark.parametrize("command", ["status", "report", "calibrate"])
def test_nothing_is_told_by_colleague_unasked(printed: dict[str, Any], command: str) -> None:
    """docs/privacy.md."""
    people = ("bob@", "carol@", "dan@", "eve@", "frank@", "mallory@")
    assert not [one for one in people if one in json.dumps(printed[command])]


def test_a_rehearsal_in_words_names_each_mail_with_both_sides(printed: dict[str, Any]) -> None:
    lines = printed["in words"]
    assert lines[1].strip() == "1 would newly be acknowledged"
    place = next(i for i, line in enumerate(lines) if "eve@corp.example" in line)
    assert lines[place - 1] == "would no longer be acknowledged:"
    assert lines[place + 1].startswith(
        "    today:   rule request, letter received on 2026-11-23 09:31: an answer"
    )
    assert lines[place + 2] == (
        "    changed: rule your rule 'eve is quiet': your rule 'eve is quiet' says: never acknowledge"
    )


COMMANDS = (
    *("once first", "once", "check", "status held", "status", "parked", "promises", "log", "report"),
    *("replay", "replay compare", "calibrate", "explain", "explain file"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_json_is_what_it_was(printed: dict[str, Any], command: str) -> None:
    file = GOLDEN / f"{command.replace(' ', '-')}.json"
    if os.environ.get("ACKD_REWRITE_GOLDEN"):
        file.write_text(json.dumps(printed[command], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.dumps(printed[command]) == json.dumps(json.loads(file.read_text(encoding="utf-8")))
