"""`ackd check --form`: what a pilot tells, and that it names nobody. Words that are planted wherever
something private stands must not come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ackd.cli import app
from ackd.engine.self_test import SelfTest
from ackd.model import Finding as Said
from ackd.model import ForeignRule, Judged, RuleName, SelfTestResult, Verdict, Veto
from ackd.views import pilot
from ackd.views.doctor import Finding
from exchange_sandbox import Sandbox
from tests.clock import StepClock
from tests.people import MONDAY, raw
from tests.scenario import Scenario, message_id
from tests.system.commands import APP, APP_SECRET, set_clock

OWNER, ASKER = "canary-owner@corp.example", "canary-asker@corp.example"
PLANTED = ("canary", "corp.example", "127.0.0.1", "localhost", APP, "errorname")
CONFIG = """\
mailbox:
  address: {owner}
  {section}
  folders: [Inbox{more}]
state: {folder}/canary-state
mode: send
internal: {{domains: [corp.example], except: ["canary-nobody@*"]}}
promise: {{time_zone: Europe/Berlin, grace: 0 min, grace_urgent: 0 min}}
letters: {{name: Canary Owner}}
rules:
  - name: canary rule
    when: {{subject: canary-left}}
    then: {{acknowledge: never}}
"""
BY_EWS = "endpoint: {url}\n  password: {{env: ACKD_PASSWORD}}\n  ca_bundle: {trusted}"
BY_GRAPH = (
    "kind: graph\n  endpoint: {graph}\n  authority: {authority}\n  client_id: {app}\n  sign_in: secret\n"
    "  password: {{env: ACKD_PASSWORD}}\n  ca_bundle: {trusted}"
)


class Pilot:
    """A sandbox and an ackd on it, with a word planted at each private place."""

    def __init__(self, folder: Path, section: str, secret: str) -> None:
        self.clock, self.folder, self.secret = StepClock(MONDAY), folder / "canary-path", secret
        self.folder.mkdir()
        self.tick()
        people = {OWNER: "canary-password", ASKER: "secret"}
        made = Sandbox(folder / "x", people, clock=self.clock.now, tls=True, apps={APP: APP_SECRET})
        self.sandbox = made.start()
        self.config, self.section = self.folder / "canary.yaml", section
        self.write(section)

    def tick(self, minutes: float = 0) -> None:
        self.clock.move(timedelta(minutes=minutes))
        set_clock(self.folder / "clock", self.clock.now())

    def write(self, section: str, endpoint: str = "", more: str = "") -> None:
        filled = section.format(
            url=endpoint or self.sandbox.url,
            graph=endpoint or self.sandbox.graph_url,
            authority=self.sandbox.sign_in_url,
            app=APP,
            trusted=self.sandbox.authority,
        )
        self.config.write_text(CONFIG.format(owner=OWNER, section=filled, folder=self.folder, more=more))
        self.config.chmod(0o600)

    def __call__(self, *words: str) -> tuple[int, str]:
        where = ["--config", str(self.config), "--clock", str(self.folder / "clock")]
        done = CliRunner().invoke(app, [*words, *where], env={"ACKD_PASSWORD": self.secret})
        return done.exit_code, done.stdout

    def deliver(self, name: str, **how: str) -> None:
        text = raw(name, sender=ASKER, at=self.clock.now(), **how).replace(
            b"alice@corp.example", OWNER.encode()
        )
        self.sandbox.deliver(text, OWNER)


@pytest.fixture(params=["ews", "graph"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pilot]:
    is_graph = request.param == "graph"
    pilot = Pilot(tmp_path, BY_GRAPH if is_graph else BY_EWS, APP_SECRET if is_graph else "canary-password")
    yield pilot
    pilot.sandbox.stop()


def held(form: str) -> list[str]:
    return [word for word in PLANTED if word in form.lower()]


def test_a_form_tells_what_was_found_and_names_nobody(made: Pilot) -> None:
    made("once")
    made.tick(1)
    for name in ("canary-question", "canary-left"):
        made.deliver(name)
    made("once")
    made.tick(1)
    status, form = made("check", "--send-to-self", "--form")
    assert (status, held(form)) == (0, [])
    assert "mails judged 2, acknowledged 1" in form
    assert "left by: rules of the owner's 1" in form
    assert "promises: open 1" in form
    assert "ok   stamps: 2 mails looked at, 2 in a colleague's name, on these, Internal 2" in form
    assert "ok   folder: 2 items" in form
    assert "ok   letter\n" in form
    assert "task's date: 2026-11-26" in form
    assert ("kind graph, sign-in secret" in form) == ("Microsoft Graph v1.0" in form)
    assert form.count("\n    …") == 11 + 4 * ("kind graph" in form)
    made.write(made.section, more=", ErrorNameCanary, Canary Folder")
    status, form = made("check", "--form")
    assert (status, held(form), form.count("FAIL folder\n")) == (78, [], 2)


def test_a_form_of_a_failure_names_nobody_either(made: Pilot) -> None:
    made("once")
    made.sandbox.faults.add("*", "403", times=-1)
    assert (made("check", "--form")[0], held(made("check", "--form")[1])) == (77, [])
    made.sandbox.faults.clear()
    section = made.section
    made.write(
        section, "https://canary.corp.example/v1.0" if section is BY_GRAPH else "https://127.0.0.1:1/EWS"
    )
    status, form = made("check", "--form")
    assert (status, held(form)) == (75, [])
    assert "FAIL mailbox" in form
    assert made("check", "--form", "--json")[0] == 2


def test_servers_codes_are_told_and_nothing_beside_them() -> None:
    found = Finding("mailbox", False, "refused: invalid_client, AADSTS7000215: Canary of ErrorAccessDenied")
    results = (
        SelfTestResult("letter", False, "the server refused it: the server answered 403 (ErrorSendAsDenied)"),
        SelfTestResult("marks of a letter", True, "arrive: x-ackd; lost: canary"),
        SelfTestResult("task's date", None, "not tried: Canary didn't answer"),
    )
    counted = pilot.count([], [], {}, [])
    known = SelfTest(MONDAY, "canary 15.1.2507.39", results)
    form = pilot.form({}, {}, [found], known, counted, is_graph=False)
    assert "canary" not in form.lower()
    for line in (
        "FAIL mailbox: AADSTS7000215, ErrorAccessDenied",
        "FAIL letter: answered 403, ErrorSendAsDenied",
        "ok   marks of a letter: arrive, x-ackd, lost",
        "  ?  task's date",
        "on 2026-11-23, 15.1.2507.39",
    ):
        assert f"{line}\n" in form
    never = pilot.form({}, {}, [replace(found, well=True)], None, counted, is_graph=False)
    assert "\nnever\n" in never


def test_a_cloud_is_known_by_its_host() -> None:
    assert pilot.cloud("https://graph.microsoft.com/v1.0") == "the global one"
    assert pilot.cloud("https://canary.corp.example/v1.0") == "another"


def test_the_mails_of_the_page_are_judged_as_it_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "pilot.md").read_text(encoding="utf-8")
    mails = re.findall(r'^\d\. \*(.+?)\*: "(.+?)"(.*)$', page, re.MULTILINE)
    assert len(mails) == 4
    wanted = re.findall(r"\d", page.partition("It should want to acknowledge ")[2].partition(".")[0])
    with Scenario().begin() as office:
        for number, (subject, text, more) in enumerate(mails, start=1):
            high = "Importance: high\r\n" if "high importance" in more else ""
            mail = raw(str(number), text, at=office.clock.now(), headers=high)
            office.backend.deliver(mail.replace(f"About {number}".encode(), subject.encode()))
        office.work()
        assert office.told() == [message_id(number) for number in wanted]


def test_mails_that_were_left_are_counted_by_whose_rule_it_was() -> None:
    """By ackd's own names, limits too; never by the owner's, or by those of an ackd that isn't this one."""

    def left(*findings: Said) -> Judged:
        return Judged("q", "canary", MONDAY, MONDAY, "send", Verdict(acknowledge=False, findings=findings))

    judged = (
        left(Veto(RuleName.LIMITS, "canary")),
        left(Veto(RuleName.OWN_RULES, "your rule 'canary' says: never"), Veto(RuleName.AGE, "canary")),
        left(Veto(ForeignRule("canary phase"), "canary")),
        left(),
    )
    assert pilot.count(judged, [], {}, []).left == (
        ("age", 1),
        ("limits", 1),
        ("rules of an earlier ackd", 1),
        ("rules of the owner's", 1),
        ("no request seen", 1),
    )
