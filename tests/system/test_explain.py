"""A record that explains itself: `explain` on the mailbox, `log` and `replay`, as real processes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ackd.cli import terminal
from ackd.mailbox.ews import Access
from ackd.mailbox.ews.client import MailProgram
from ackd.runtime.app import App
from exchange_sandbox import FileClock, deliver
from tests.people import MONDAY, raw
from tests.system.commands import ACKD, SECRETS, Site, ackd, in_process

NASTY = "\x1b]0;owned\x07\u202e\x1b[31mred"


class Monday:
    """A site after a Monday's work: ackd began at 8:30 (UTC), with a grace period of 30 minutes."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.deliver(raw("before"))
        site.later(minutes=1)
        self.config = site.config()
        words = self.config.read_text(encoding="utf-8").replace("grace: 0 min", "grace: 30 min")
        rule = "rules: [{name: no budgets, when: {subject: budget}, then: {acknowledge: never}}]\n"
        self.config.write_text(words + rule, encoding="utf-8")
        self.work()
        site.later(minutes=1)
        nasty = raw("nasty", stamp="Anonymous").replace(b"About nasty", b"Budget " + NASTY.encode())
        self.deliver(raw("quick"), raw("slow"), raw("thanks", "Thanks, great!"), nasty, raw("budget"))
        self.work()
        site.later(minutes=10)
        self.answer("quick")
        site.later(minutes=25)
        assert self.work() == 1
        site.later(minutes=5)
        self.answer("slow")
        self.work()

    def deliver(self, *mails: bytes) -> None:
        deliver(self.site.data, list(mails), "alice@corp.example", clock=FileClock(self.site.clock))

    def work(self) -> int:
        """A pass of ackd; returns how many letters went out."""
        with App(self.config, self.site.clock) as app:
            return app.run_pass().acknowledged

    def answer(self, name: str) -> None:
        access = Access("alice@corp.example", self.site.url, "alice@corp.example", "secret")
        program = MailProgram(access, ZoneInfo("Europe/Berlin"))
        program.send("bob@corp.example", "Re: it", "Here it is.", in_reply_to=f"<{name}@corp.example>")
        program.close()

    def process(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a process."""
        return ackd(*words, "--config", str(self.config), "--clock", str(self.site.clock), **env)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this process."""
        config = () if "--config" in words else ("--config", str(self.config))
        return in_process(*words, *config, "--clock", str(self.site.clock))

    def rows(self, *words: str) -> list[dict[str, Any]]:
        done = self.run(*words, "--json")
        assert done.returncode == 0, (done.stdout, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def everything(self) -> tuple[list[str], list[str]]:
        """All that the server and the ledger hold."""
        return dump(self.site.data / "sandbox.sqlite"), dump(self.site.folder / "state" / "ledger.sqlite")


def dump(file: Path) -> list[str]:
    with sqlite3.connect(file) as database:
        return list(database.iterdump())


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["message_id"].strip("<>").partition("@")[0] for row in rows]


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monday]:
    with Site(tmp_path_factory.mktemp("monday"), MONDAY) as site, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACKD_PASSWORD", "secret")
        yield Monday(site)


# --- log ----------------------------------------------------------------------------------------


def test_the_log_tells_every_decision_and_what_became_of_it(monday: Monday) -> None:
    rows = monday.rows("log")
    assert sorted(names(rows)) == ["budget", "nasty", "quick", "slow", "thanks"]
    keys = (
        "message_id sender received decided mode verdict rules letter findings promise would_promise effects"
    )
    assert set(rows[0]) == set(keys.split())
    by_name = dict(zip(names(rows), rows, strict=True))
    slow, quick, thanks = by_name["slow"], by_name["quick"], by_name["thanks"]
    assert (slow["sender"], slow["mode"], slow["verdict"]) == ("bob@corp.example", "send", "acknowledge")
    assert slow["received"].endswith("+01:00")
    assert slow["promise"]["state"] == "kept"
    assert slow["effects"] == [
        {"kind": "acknowledgement", "state": "done"},
        {"kind": "task", "state": "done"},
    ]
    assert {effect["state"] for effect in quick["effects"]} == {"cancelled"}
    assert (thanks["promise"], thanks["effects"]) == (None, [])
    assert {"rule", "says", "reason"} == set(thanks["findings"][0])


@pytest.mark.long
def test_the_log_is_filtered(monday: Monday) -> None:
    assert sorted(names(monday.rows("log", "--acknowledged"))) == ["quick", "slow"]
    assert sorted(names(monday.rows("log", "--left", "--since", "2026-11-23"))) == [
        "budget",
        "nasty",
        "thanks",
    ]
    assert names(monday.rows("log", "--rule", "authenticated")) == ["nasty"]
    assert names(monday.rows("log", "--rule", "no budgets", "--left", "--limit", "1")) in (
        ["budget"],
        ["nasty"],
    )
    assert len(monday.rows("log", "--rule", "authenticated", "--rule", "no budgets")) == 2
    assert len(monday.rows("log", "--limit", "2")) == 2
    assert len(monday.rows("log", "--sender", "BOB@*")) == 5
    assert monday.rows("log", "--sender", "b_b@*") == []
    assert monday.rows("log", "--until", "2026-11-22") == []
    assert len(monday.rows("log", "--until", "2026-11-23")) == 5
    assert monday.rows("log", "--since", "10min") == []


def test_the_log_is_readable_and_nothing_in_a_mail_reaches_the_terminal(monday: Monday) -> None:
    shown = monday.process("log").stdout
    assert len(shown.splitlines()) == 5
    assert "no budgets" in shown
    assert "answer by 2026-11-25" in shown
    assert "kept (the owner answered); acknowledgement done, task done" in shown
    (slow,) = (line for line in shown.splitlines() if "<slow@" in line)
    assert "  rule request  letter received  answer by 2026-11-25 09:45: kept" in slow
    (budget,) = (line for line in shown.splitlines() if "<budget@" in line)
    assert "  rule your rule 'no budgets'  " in budget
    for text in (shown, monday.run("explain", "--subject", "budget").stdout, monday.run("replay").stdout):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "no such decision" in monday.run("log", "--until", "2026-01-01").stdout


def test_subjects_come_from_the_mailbox_and_what_cant_be_read_is_told(monday: Monday) -> None:
    rows = {row["message_id"].strip("<>").partition("@")[0]: row for row in monday.rows("log", "--subjects")}
    assert {name: row["subject"] for name, row in rows.items() if name != "nasty"} == {
        name: f"About {name}" for name in ("budget", "quick", "slow", "thanks")
    }
    assert "subject" not in monday.rows("log")[0]
    shown = monday.run("log", "--subjects").stdout
    assert '  "About thanks"  ' in shown
    assert "\x1b" not in shown
    wrong = monday.process("log", "--subjects", ACKD_PASSWORD="wrong")
    assert wrong.returncode == 77
    assert "the subjects can't be read from the mailbox" in wrong.stderr
    assert len(wrong.stdout.splitlines()) == 5, "the record is shown all the same"


@pytest.mark.parametrize("styled", [True, False])
def test_a_terminal_shows_a_decision_on_lines_of_its_own(
    monday: Monday, monkeypatch: pytest.MonkeyPatch, *, styled: bool
) -> None:
    monkeypatch.setattr(terminal, "is_terminal", lambda: True)
    for name, value in (("PAGER", ""), ("TERM", "xterm"), ("NO_COLOR", "" if styled else "1")):
        monkeypatch.setenv(name, value)
    shown = monday.run("log", "--acknowledged").stdout
    assert ("\x1b[1;32macknowledge\x1b[0m" in shown) is styled
    assert ("\x1b" in shown) is styled
    lines = [line.strip() for line in shown.splitlines()]
    assert "rule request  letter received" in lines
    assert any(line.startswith("answer by 2026-11-25 09:45: kept") for line in lines)


def hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.long
def test_the_log_goes_on(monday: Monday) -> None:
    """Each decision is shown once, when it is taken; Ctrl-C ends it well."""
    log = subprocess.Popen(
        [*ACKD, "log", "--follow", "--since", "1d", "--json", "--config", monday.config, "--clock",
         monday.site.clock],
        stdout=subprocess.PIPE, text=True, env={**os.environ, **SECRETS},
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - the tests may run in a background that ignores it
    )  # fmt: skip
    assert log.stdout is not None
    told = [json.loads(log.stdout.readline()) for _ in range(5)]
    assert sorted(names(told)) == ["budget", "nasty", "quick", "slow", "thanks"]
    with sqlite3.connect(monday.site.folder / "state" / "ledger.sqlite") as database:
        add = (
            "INSERT INTO mails SELECT mailbox_id, '<late@corp.example>', received, "
            "'2026-11-23T23:00:00.000000+00:00', sender, conversation, acknowledge, mode, findings, item "
            "FROM mails WHERE message_id = '<thanks@corp.example>'"
        )
        database.execute(add)
    assert names([json.loads(log.stdout.readline())]) == ["late"]
    with sqlite3.connect(monday.site.folder / "state" / "ledger.sqlite") as database:
        database.execute("DELETE FROM mails WHERE message_id = '<late@corp.example>'")
    log.send_signal(signal.SIGINT)
    assert (log.wait(60), log.stdout.read()) == (0, "")
    log.stdout.close()


# --- explain ------------------------------------------------------------------------------------


def test_a_mail_in_the_mailbox_is_explained_beside_what_was_decided(monday: Monday) -> None:
    (slow,) = monday.rows("explain", "--message-id", "<slow@corp.example>")
    assert slow["recorded"]["verdict"] == "acknowledge"
    assert slow["recorded"]["promise"]["state"] == "kept"
    assert {"verdict", "request", "language", "urgency", "deadline", "findings", "promise"} < set(slow)
    (before,) = monday.rows("explain", "--message-id", "before@corp.example")
    assert (before["verdict"], before["recorded"]) == ("acknowledge", None)
    nasty, budget = sorted(
        monday.rows("explain", "--subject", "BUDGET"), key=lambda r: r["mail"]["message_id"]
    )[::-1]
    assert {finding["rule"] for finding in nasty["findings"]} >= {"authenticated", "rules"}
    assert budget["recorded"]["findings"] == budget["findings"]
    shown = monday.run("explain", "--message-id", "<slow@corp.example>").stdout
    assert "recorded: ACKNOWLEDGE, decided 2026-11-23 09:32" in shown


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("explain",), 2, "say which mails"),
        (("explain", "--subject", "x", "--message-id", "y"), 2, "say which mails"),
        (("explain", "--subject", " "), 2, "nothing to look for"),
        (("explain", "--subject", "a\x01b"), 2, "nothing to look for"),
        (("explain", "--subject", "\udcff"), 2, "nothing to look for"),
        (("explain", "--subject", "هیچ\u200cکدام 予算\u3000質問"), 66, "watched folders (Inbox)"),
        (("log", "--sender", "\udcff*"), 2, "signs that none has"),
        (("log", "--rule", "\udcff"), 2, "signs that none has"),
        (("explain", "--message-id", "<none@corp.example>"), 66, "no mail with the Message-ID"),
        (("explain", "--subject", "no such words"), 66, "watched folders (Inbox)"),
        (("log", "--since", "lately"), 2, "is no moment"),
        (("log", "--since", "999999999w"), 2, "is no moment"),
        (("log", "--since", "2026-13-01"), 2, "is no moment"),
        (("log", "--since", "2026-11-23", "--until", "2026-11-01"), 2, "nothing lies between"),
        (("log", "--acknowledged", "--left"), 2, "no mail is both"),
        (("log", "--follow", "--until", "2026-11-23"), 2, "what goes on has no end"),
        (("log", "--rule", "authentcated"), 2, "did you mean 'authenticated'?"),
        (("log", "--limit", "0"), 2, "--limit"),
        (("replay", "--since", "2027-01-01"), 2, "isn't over yet"),
        (("replay", "--since", "0000-00-00"), 2, "is no moment"),
        (("replay", "--limit", "-1"), 2, "--limit"),
        (("report", "--since", "yesterday-ish"), 2, "is no moment"),
        (("report", "--since", "2027-01-01"), 2, "it ends before it begins"),
    ],
)
def test_bad_input_is_told(monday: Monday, words: tuple[str, ...], status: int, said: str) -> None:
    done = monday.run(*words)
    assert done.returncode == status, (done.stdout, done.stderr)
    assert said in " ".join(done.stderr.replace("│", " ").split())


def test_the_report_counts_what_the_ledger_knows(monday: Monday) -> None:
    before = monday.everything()
    (report,) = monday.rows("report", "--by-colleague")
    ends = [report[name] for name in ("kept_in_time", "kept_late", "open", "dropped", "withdrawn")]
    assert report["made"] == sum(ends) > 0
    assert sum(figures["made"] for figures in report["by_colleague"].values()) == report["made"]
    assert "By colleague" in monday.run("report", "--by-colleague").stdout
    shown = monday.run("report").stdout
    assert "2026-W48" in shown
    assert monday.everything() == before


# --- replay -------------------------------------------------------------------------------------


def test_a_replay_tells_what_would_have_been_and_changes_nothing(monday: Monday) -> None:
    before = monday.everything()
    (report,) = monday.rows("replay", "--since", "1d")
    assert {name: report[name] for name in ("seen", "acknowledged", "answered_in_time", "left")} == {
        "seen": 6,
        "acknowledged": 2,
        "answered_in_time": 1,
        "left": 3,
    }
    found = dict(zip(names(report["mails"]), report["mails"], strict=True))
    assert {name for name, row in found.items() if row["outcome"] == "acknowledge"} == {"before", "slow"}
    assert found["quick"]["outcome"] == "answered in time"
    assert found["slow"]["acknowledged_at"] == "2026-11-23T10:02:00+01:00"
    assert found["slow"]["answered"] == "2026-11-23T10:12:00+01:00"
    assert found["slow"]["promise"]["due"] == "2026-11-25T09:45:00+01:00"
    assert report["by_rule"] == {"your rule 'no budgets'": 2, "authenticated": 1, "request": 1}
    shown = monday.process("replay", "--since", "2026-11-23").stdout
    assert "2 would have been acknowledged" in shown
    assert "you answered on 2026-11-23 09:42" in shown
    assert "nothing was sent, changed or recorded" in shown
    (few,) = monday.rows("replay", "--limit", "2")
    assert few["seen"] == 2
    assert monday.everything() == before


@pytest.mark.long
def test_another_configuration_is_tried_without_a_ledger_or_a_trace(monday: Monday, tmp_path: Path) -> None:
    words = monday.config.read_text(encoding="utf-8").partition("rules:")[0]
    elsewhere = tmp_path / "state"
    other = tmp_path / "other.yaml"
    other.write_text(words.replace(str(monday.site.folder / "state"), str(elsewhere)), encoding="utf-8")
    where = ("--config", str(other))
    (report,) = monday.rows("replay", *where)
    assert report["acknowledged"] == 3  # the budget's question, too
    (slow,) = monday.rows("explain", "--subject", "slow", *where)
    assert slow["recorded"] is None
    assert monday.run("log", *where).stdout.strip() == "nothing is recorded yet"
    assert not elsewhere.exists()


@pytest.mark.long
def test_a_refused_password_is_remembered_and_no_server_is_told(monday: Monday, tmp_path: Path) -> None:
    for _ in range(2):
        done = monday.process("replay", ACKD_PASSWORD="wrong")
        assert done.returncode == 77
    assert "doesn't try it again" in done.stderr
    assert monday.run("explain", "--subject", "slow").returncode == 0
    nowhere = tmp_path / "nowhere.yaml"
    words = monday.config.read_text(encoding="utf-8")
    nowhere.write_text(
        words.replace(monday.site.url, "http://127.0.0.1:9/EWS/Exchange.asmx"), encoding="utf-8"
    )
    for command in (("replay",), ("explain", "--subject", "slow")):
        done = monday.run(*command, "--config", str(nowhere))
        assert (done.returncode, "nothing listens at 127.0.0.1:9" in done.stderr) == (75, True), done.stderr
    nowhere.write_text(words.replace("mode:", "mod:"), encoding="utf-8")
    for command in (("replay",), ("log",), ("explain", "--subject", "slow")):
        assert monday.run(*command, "--config", str(nowhere)).returncode == 78
