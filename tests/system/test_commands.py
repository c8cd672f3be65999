"""What users and scripts rely on, with real processes where it is about them."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.people import MONDAY, raw
from tests.system.commands import ACKD, Site, ackd, in_process


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path, MONDAY) as site:
        yield site


@pytest.mark.long
def test_the_whole_line_and_the_restart_of_both_sides(site: Site) -> None:
    config = site.config()
    site.deliver(raw("old"))
    nothing = {"seen": 0, "acknowledged": 0, "left": 0, "parked": 0, "open_promises": 0, "drafts": 0}
    assert site.once(config) == nothing
    site.later(seconds=30)
    site.deliver(raw("q1"), raw("thanks", "Thanks, great!"), raw("forged", stamp="Anonymous"))
    site.deliver(raw("outside"), outside=True)
    assert site.once(config) == {**nothing, "seen": 4, "acknowledged": 1, "left": 3, "open_promises": 1}
    port = int(site.url.partition("127.0.0.1:")[2].partition("/")[0])
    assert site.stop_server() == 0
    assert site.once(config, status=75)["open_promises"] == 1
    site.serve(port)
    site.later(seconds=30)
    assert site.once(config) == {**nothing, "open_promises": 1}
    files = [p for p in (site.folder / "state").iterdir() if p.is_file()]
    assert files
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert all(b"secret" not in file.read_bytes() for file in files)


@pytest.mark.long
def test_once_tells_in_words_what_each_mode_did(site: Site) -> None:
    def once(mode: str) -> list[str]:
        config = site.config(mode=mode)
        done = in_process("once", "--config", str(config), "--clock", str(site.clock), check=True)
        site.later(seconds=30)
        return done.stdout.splitlines()

    first, _ = once("preview")
    assert first == "the first pass: what was there before now is never acknowledged"
    site.deliver(raw("q1"), raw("thanks", "Thanks, great!"))
    words, asked, thanks = once("preview")
    assert (
        words
        == "2 new mails: 1 left, 1 would be acknowledged (mode preview: nothing is written to the mailbox)"
    )
    assert "  acknowledge (preview)  bob@corp.example  rule request  letter received  would be: " in asked
    assert "  leave (preview)  bob@corp.example  rule request  asks nothing" in thanks
    site.deliver(raw("q2", sender="carol@corp.example"))
    words, asked, left, hint = once("draft")
    assert left.startswith("  no letter, since the mode was preview: bob@corp.example, ")
    assert hint.endswith("ackd unanswered --send")
    assert "rule request  letter received  answer by " in asked
    assert words.endswith("; 0 letters went out, 1 draft waiting for you, 0 parked, 1 promise open")
    site.deliver(raw("q3", sender="dan@corp.example"))
    words, _ = once("send")
    assert words.startswith(
        "1 new mail: 0 left, 1 to be acknowledged in time; 1 letter went out, 1 draft waiting"
    )


def test_exit_statuses(site: Site) -> None:
    assert in_process("once", "--config", str(site.folder / "none.yaml")).returncode == 78
    broken = site.config(state="broken", more="mod: send")
    done = in_process("once", "--config", str(broken))
    assert done.returncode == 78
    assert "broken.yaml:" in done.stderr
    assert "did you mean" in done.stderr
    assert "Traceback" not in done.stderr
    config = site.config(state="refused")
    done = ackd("once", "--config", str(config), ACKD_PASSWORD="wrong")
    assert done.returncode == 77
    assert "401" in done.stderr
    assert "wrong" not in done.stderr
    nowhere = site.config(state="nowhere", endpoint="http://127.0.0.1:9/EWS/Exchange.asmx")
    assert in_process("once", "--config", str(nowhere)).returncode == 75


@pytest.mark.long
def test_a_clock_that_is_not_the_servers_is_told_everywhere(site: Site) -> None:
    config = site.config()
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q1"))
    wrong = site.folder / "wrong"
    wrong.write_text((site.now + timedelta(days=365)).isoformat())
    where = ("--config", str(config), "--clock", str(wrong))
    done = in_process("once", *where)
    assert done.returncode == 75
    assert "clock is 365 days, 0:00:00 ahead of the server's" in done.stderr
    status = json.loads(in_process("status", *where, "--json").stdout)
    assert "nothing is judged or sent until they agree" in status["trouble"]
    found = {one["what"]: one for one in json.loads(in_process("check", *where, "--json").stdout)}
    assert found["clock"]["exit_code"] == 78
    assert "nothing is judged or sent" in found["clock"]["found"]
    assert site.once(config)["acknowledged"] == 1
    assert json.loads(in_process("status", *where, "--json").stdout)["trouble"] is None


def test_the_service_works_and_ends_with_0_on_sigterm(site: Site) -> None:
    config = site.config()
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("q1"))
    service = subprocess.Popen(
        [*ACKD, "run", "--config", str(config), "--clock", str(site.clock)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ACKD_PASSWORD": "secret"},
    )
    assert service.stderr is not None
    lines = []
    for line in service.stderr:
        lines.append(line)
        if "event=task outcome=done" in line:
            break
    service.send_signal(signal.SIGTERM)
    rest = service.stderr.read()
    service.stderr.close()
    assert service.wait(100) == 0
    log = "".join(lines) + rest
    assert "event=stopped" in log
    assert "figures for October" not in log
    assert "About q1" not in log
    assert site.once(config)["open_promises"] == 1


@pytest.mark.long
def test_one_process_a_state_directory(site: Site) -> None:
    config = site.config()
    service = subprocess.Popen(
        [*ACKD, "run", "--config", str(config), "--clock", str(site.clock)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ACKD_PASSWORD": "secret"},
    )
    assert service.stderr is not None
    assert "event=started" in service.stderr.readline()
    done = ackd("once", "--config", str(config))
    service.send_signal(signal.SIGTERM)
    service.stderr.read()
    service.stderr.close()
    assert service.wait(100) == 0
    assert done.returncode == 75
    assert "another ackd" in done.stderr


def test_explain_reads_files_without_a_server(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "mailbox: {address: alice@corp.example, endpoint: 'https://nowhere.corp.example/EWS/Exchange.asmx',"
        " password: {env: NOT_SET}}\ninternal: {domains: [corp.example]}\n"
        "promise: {time_zone: Europe/Berlin}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(raw("q1"))
    (folder / "b.eml").write_bytes(raw("q2", stamp="Anonymous"))
    (tmp_path / "broken.eml").write_bytes(b"\x00\xff\n\n" * 50)
    done = in_process("explain", str(tmp_path / "broken.eml"), str(folder), "--config", str(config), "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["broken.eml", "a.eml", "b.eml"]
    assert [row["verdict"] for row in rows] == ["leave", "acknowledge", "leave"]
    question = rows[1]
    assert question["promise"]["due"] == "2026-11-25T09:30:00+01:00"
    assert question["request"] > 0.8
    assert (question["language"], question["urgency"], question["deadline"]) == ("en", "normal", None)
    assert {"rule", "says", "reason"} == set(question["findings"][0])
    assert rows[2]["request"] > 0.8
    assert rows[2]["promise"] is None
    assert "assumed" in done.stderr
    shown = in_process("explain", str(folder), "--config", str(config), "--now", "2026-11-30T09:00:00+01:00")
    assert "leave" in shown.stdout
    missing = in_process("explain", str(tmp_path / "none.eml"), "--config", str(config))
    assert missing.returncode == 66
    assert "Traceback" not in missing.stderr


def test_help_and_version() -> None:
    assert ackd("--version").stdout.startswith("ackd ")
    assert "once" in ackd("--help").stdout


@pytest.mark.long
def test_a_refused_password_is_not_tried_again_until_check_allows_it(site: Site) -> None:
    config = site.config()
    site.once(config)
    for _ in range(2):
        done = in_process("once", "--config", str(config), ACKD_PASSWORD="wrong")
        assert done.returncode == 77
    assert "doesn't try it again" in done.stderr
    ledger = (site.folder / "state" / "ledger.sqlite").read_bytes()
    assert b"wrong" not in ledger
    assert site.once(config)["seen"] == 0  # another password gets its chance
    assert in_process("check", "--config", str(config), ACKD_PASSWORD="wrong").returncode == 77


def test_check_looks_at_everything(site: Site) -> None:
    config = site.config()
    done = in_process("check", "--config", str(config), "--clock", str(site.clock))
    assert done.returncode == 0, done.stdout
    for words in ("is valid", "knows alice@corp.example", "EWS 15.", "Inbox: 0 items"):
        assert words in done.stdout
    nowhere = site.config(state="nowhere", endpoint="http://127.0.0.1:9/EWS/Exchange.asmx")
    done = in_process("check", "--config", str(nowhere), "--json")
    assert done.returncode == 75
    (bad,) = (row for row in json.loads(done.stdout) if not row["well"])
    assert bad["remedy"]


@pytest.mark.long
def test_a_parked_case_is_shown_and_settled(site: Site) -> None:
    config = site.config()
    site.once(config)
    site.later(seconds=30)
    site.deliver(raw("lost"), raw("other"))
    faults = site.data / "FAULTS"
    faults.write_text("CreateItem:cut-before-commit:2\n", encoding="ascii")
    for _ in range(2):
        site.once(config, status=75)
        site.later(minutes=11)
    found = site.once(config)
    assert (found["acknowledged"], found["parked"]) == (0, 2)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return in_process(*words, "--config", str(config), "--clock", str(site.clock))

    rows = json.loads(run("parked", "--json").stdout)
    assert {row["asker"] for row in rows} == {"bob@corp.example"}
    assert "About lost" in run("parked").stdout
    first, second = (row["number"] for row in rows)
    assert run("parked", "resolve", str(first), "--sent").returncode == 0
    assert run("parked", "resolve", str(second), "--send").returncode == 0
    assert run("parked", "resolve", "99", "--sent").returncode == 64
    assert run("parked", "resolve", "1").returncode == 2
    found = site.once(config)
    assert (found["acknowledged"], found["parked"], found["open_promises"]) == (1, 0, 2)
    assert run("parked").stdout.strip() == "nothing is parked"


def test_status_pause_and_resume(site: Site) -> None:
    config = site.config()
    site.once(config)

    def run(*words: str) -> str:
        return in_process(*words, "--config", str(config), "--clock", str(site.clock)).stdout

    run("pause")
    status = json.loads(run("status", "--json"))
    assert status["sending_held"].startswith("paused by you")
    assert status["service_alive"] is False
    site.later(seconds=30)
    site.deliver(raw("q"))
    assert site.once(config)["left"] == 1
    for told in (run("status"), run("log")):
        assert "+00:00" not in told  # the owner's clock, not the record's
    assert "sending is held since 2026-11-23 " in " ".join(run("log").split())
    assert "sending again" in run("resume")
    assert json.loads(run("status", "--json"))["sending_held"] is None
    site.stop_server()
    site.once(config, status=75)
    assert "nothing listens at 127.0.0.1" in json.loads(run("status", "--json"))["trouble"]
    site.serve()


def test_what_got_no_letter_is_shown_and_sent_by_the_owners_word(site: Site) -> None:
    config = site.config(mode="preview")
    site.once(config)

    def run(*words: str, status: int = 0) -> str:
        done = in_process(*words, "--config", str(config), "--clock", str(site.clock))
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    site.later(seconds=30)
    site.deliver(raw("q"))
    assert site.once(config)["left"] == 0
    assert "set mode to draft or send" in run("unanswered", "--send", "--yes", status=78)
    config = site.config(mode="send")
    told = run("once")
    assert "no letter, since the mode was preview: bob@corp.example" in told
    assert "ackd unanswered --send" in told
    (listed,) = run("unanswered", "--json").splitlines()
    assert json.loads(listed)["subject"] == "About q"
    assert "1 question has no letter" in run("unanswered")
    run("pause")
    assert "ackd resume --send" in run("unanswered", "--send", "--yes", status=78)
    told = run("resume", "--send", "--yes")
    assert "1 of 1: Bob <bob@corp.example>" in told
    assert "1 letter goes out at the next pass" in told
    assert site.once(config)["acknowledged"] == 1
    assert "no question is without a letter" in run("unanswered")
    site.once(site.config(mode="preview"))
    site.deliver(raw("q2", sender="carol@corp.example"))
    site.once(config)
    site.once(site.config(mode="draft"))
    assert "1 letter goes to your Drafts at the next pass" in run("unanswered", "--send", "--yes")
    done = site.once(config)
    assert (done["acknowledged"], done["drafts"]) == (0, 1)


def test_a_rebuilt_record_says_from_when_it_judges_anew(site: Site) -> None:
    config = site.config(mode="send")
    place = ("--config", str(config), "--clock", str(site.clock))
    assert "what was there before now is never acknowledged" in in_process("once", *place).stdout
    site.later(hours=2)
    shutil.rmtree(site.folder / "state")
    said = in_process("once", *place).stdout
    assert "rebuilt from the mailbox: what came since Mon 23 Nov" in said
    assert "never acknowledged" not in said


def test_what_was_ordered_before_a_break_is_ordered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.once(site.config(mode="preview"))
    site.later(seconds=30)
    site.deliver(raw("q"), raw("q2", sender="carol@corp.example"))
    site.once(site.config(mode="preview"))
    config = site.config(mode="send")
    place = ("--config", str(config), "--clock", str(site.clock))
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    broken = in_process("unanswered", "--send", *place)
    assert broken.returncode == 1
    assert (
        "1 letter goes out at the next pass: by the service, or now by `ackd once`; 1 left" in broken.stdout
    )
    assert site.once(config)["acknowledged"] == 1


@pytest.mark.long
def test_a_changed_configuration_is_taken_up_and_a_broken_one_is_not(site: Site) -> None:
    config = site.config(mode="preview")
    service = subprocess.Popen(
        [*ACKD, "run", "--config", str(config), "--clock", str(site.clock)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "ACKD_PASSWORD": "secret"},
    )
    assert service.stderr is not None

    def read_until(words: str) -> str:
        assert service.stderr is not None
        return next(line for line in service.stderr if words in line)

    read_until("event=started")
    good = config.read_text(encoding="utf-8")
    config.write_text(good.replace("mode: preview", "mode: sned"), encoding="utf-8")
    assert "sned" in read_until("event=config-refused")
    other = config.with_name("other.yaml")
    other.write_text(good, encoding="utf-8")
    status = json.loads(ackd("status", "--config", str(other), "--json").stdout)
    assert "sned" in status["config_trouble"]
    assert status["service_alive"]
    config.write_text(good.replace("mode: preview", "mode: send"), encoding="utf-8")
    service.send_signal(signal.SIGHUP)
    assert "mode send" in read_until("event=config-taken-up: mode send")
    service.send_signal(signal.SIGTERM)
    service.stderr.read()
    service.stderr.close()
    assert service.wait(100) == 0
